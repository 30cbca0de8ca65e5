// Everything the browser does by itself: navigation without a reload, keys, the trace request, pages of a list.
(() => {
  "use strict";

  // An element as the server describes it: a text, or type and properties.
  function drawn(node) {
    if (node === null || typeof node !== "object") return node;
    const { children, ...props } = node.props;
    const type = node.namespace === "dingpan" ? window.dingpan[node.type] : node.type.toLowerCase();
    return window.React.createElement(type, props, ...[children].flat().map(drawn));
  }

  window.dingpan = {
    Static: (props) =>
      window.React.createElement(window.React.Fragment, null, ...[props.content].flat().map(drawn)),
    Svg: (props) =>
      window.React.createElement("span", {
        className: props.className,
        role: props.label ? "img" : undefined,
        "aria-label": props.label,
        "aria-hidden": props.label ? undefined : true,
        dangerouslySetInnerHTML: { __html: props.markup },
      }),
  };

  // The server has matched the words already, in either language.
  window.dashMantineFunctions = Object.assign(window.dashMantineFunctions || {}, {
    keepAll: ({ options }) => options,
  });

  const setProps = (id, props) => window.dash_clientside.set_props(id, props);
  const here = () => window.location.pathname + window.location.search;
  // Where the focus goes on the page that comes. It holds until the reader does something else: of two quick
  // steps both pages come, and the second one takes away what the first one gave the focus to.
  let focusNext = null;
  ["keydown", "pointerdown"].forEach((kind) => {
    document.addEventListener(kind, () => (focusNext = null), true);
  });

  function navigate(href) {
    if (href && href !== here()) setProps("url", { href });
  }

  // ---- clicks -------------------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const traced = event.target.closest("[data-trace]");
    if (traced) {
      setProps("trace-request", { data: { key: traced.dataset.trace, at: Date.now() } });
      return;
    }
    const toggle = event.target.closest("[data-toggle]");
    if (toggle) {
      const open = document.getElementById(toggle.dataset.toggle).classList.toggle("is-open");
      toggle.setAttribute("aria-expanded", String(open));
      window.dispatchEvent(new Event("resize"));
      return;
    }
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      navigator.clipboard.writeText(new URL(copy.dataset.copy, window.location.href).href).then(() => {
        copy.classList.add("is-done");
        window.setTimeout(() => copy.classList.remove("is-done"), 2000);
      });
      return;
    }
    const link = event.target.closest("a[data-nav]");
    if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey && event.button === 0) {
      event.preventDefault();
      focusNext = link.dataset.nav;
      navigate(link.getAttribute("href"));
      if (link.dataset.nav === "page") window.scrollTo(0, 0);
    }
  });

  // ---- keys ---------------------------------------------------------------------------------------------
  const typing = (node) => /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName) || node.isContentEditable;
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !typing(event.target)) {
      const search = document.getElementById("search");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    } else if (event.key === "Escape" && !typing(event.target) && !document.querySelector("[role=dialog]")) {
      const up = document.querySelector("a[data-up]");
      if (up) up.click();
    }
  });

  // ---- pages of a list (wall): so many items as it says or as fit, the next ones every 15 s, still while the
  // pointer or the focus is on it
  const PERIOD = 15000;
  const held = (list) => list.matches(":hover") || list.contains(document.activeElement);
  function showFrom(list, start) {
    const items = [...list.children];
    const box = list.closest(".panel");
    const size = Number(list.dataset.size || Infinity);
    items.forEach((item) => (item.hidden = true));
    let end = start;
    while (end < items.length && end - start < size) {
      items[end].hidden = false;
      if (box && end > start && box.scrollHeight > box.clientHeight) {
        items[end].hidden = true;
        break;
      }
      end += 1;
    }
    list.dataset.next = String(end % Math.max(items.length, 1));
    const note = document.getElementById(list.dataset.paged);
    if (note) note.textContent = end - start < items.length ? `${start + 1}–${end} / ${items.length}` : "";
  }
  const paged = () => document.querySelectorAll("[data-paged]");
  window.setInterval(() => {
    paged().forEach((list) => {
      if (!held(list)) showFrom(list, Number(list.dataset.next || 0));
    });
  }, PERIOD);
  // How many fit is known once the panel has its final height: web font, charts and window change it.
  const sized = new ResizeObserver(() => paged().forEach((list) => showFrom(list, 0)));

  // ---- after each change of the page --------------------------------------------------------------------
  function settle() {
    // Where the way down to the region is longer than its place, its end matters more than its start.
    document.querySelectorAll(".breadcrumb").forEach((way) => (way.scrollLeft = way.scrollWidth));
    sized.disconnect();
    paged().forEach((list) => {
      showFrom(list, 0);
      sized.observe(list.closest(".panel") || list);
    });
    if (focusNext === "drill") {
      const target = document.querySelector(".region-list a") || document.querySelector("a[data-up]");
      if (target) target.focus({ preventScroll: true });
    } else if (focusNext === "page") {
      const title = document.querySelector("main h1");
      if (title) title.focus({ preventScroll: true });
    }
  }

  // The map is ready when plotly has drawn the areas; tests and benchmarks wait for the mark.
  new MutationObserver(() => {
    document.querySelectorAll(".map-panel:not([data-ready])").forEach((panel) => {
      if (panel.querySelector(".choroplethlayer path")) panel.dataset.ready = "map";
    });
  }).observe(document.documentElement, { childList: true, subtree: true });

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    cockpit: {
      // What the server said about the page goes to the parts of the document that Dash does not draw.
      meta: (meta) => {
        if (meta) {
          document.documentElement.lang = meta.lang;
          document.documentElement.dataset.dress = meta.dress;
          document.title = meta.title;
          window.requestAnimationFrame(settle);
        }
      },
      // A filter's value, and a hit of the search, is the address to go to.
      choose: (...groups) => {
        const chosen = window.dash_clientside.callback_context.triggered[0];
        if (chosen && chosen.value && !chosen.prop_id.startsWith(".")) navigate(chosen.value);
      },
      // An area of the map carries its region; the list beside the map carries the address.
      drill: (clicks) => {
        const click = clicks.find((item) => item && item.points && item.points.length);
        if (click) {
          const link = document.querySelector(`.region-list a[data-region="${click.points[0].location}"]`);
          if (link) link.click();
        }
      },
      menu: (opened, navbar) => ({ ...navbar, collapsed: { ...navbar.collapsed, mobile: !opened } }),
    },
  });
})();
