// A session that has ended: the next answer is 401, and the reader goes to the sign-in page and back here.
(() => {
  "use strict";

  const ask = window.fetch;
  window.fetch = async (...asked) => {
    const answer = await ask(...asked);
    if (answer.status === 401 && new URL(answer.url).origin === window.location.origin) {
      const query = new URLSearchParams({
        lang: document.documentElement.lang,
        next: window.location.pathname + window.location.search,
      });
      window.location.assign(`/sign-in?${query}`);
    }
    return answer;
  };
})();
