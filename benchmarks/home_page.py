"""Cold load of the running cockpit's home page in Chromium: medians of several loads.

    .venv/bin/python benchmarks/home_page.py [--url URL] [--runs N]

The cockpit must run with --demo: the demo account of the first role signs in once, through the form. Each load
has a fresh browser context with that session and nothing cached. The times are the page's own clock, from the
start of the navigation to the moment an element marked `data-ready="figures"` or `data-ready="map"` appears.
"""

import argparse
import shutil
import statistics
import sys
from typing import NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Cookie, sync_playwright

MARKS = ("figures", "map")
WATCH = """
window.readyAt = {};
new MutationObserver(() => {
  for (const mark of ['figures', 'map']) {
    if (!(mark in window.readyAt) && document.querySelector(`[data-ready="${mark}"]`)) {
      window.readyAt[mark] = performance.now();
    }
  }
}).observe(document, {subtree: true, childList: true, attributes: true, attributeFilter: ['data-ready']});
"""


class Load(NamedTuple):
    """One load: milliseconds to each mark, bytes of JavaScript on the wire, requests to other hosts."""

    figures: float
    map: float
    script_bytes: int
    external: int


def sign_in(browser: Browser, url: str) -> list[Cookie]:
    """The cookies of a demo account that has signed in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(url)
    if page.locator("button[name=demo]").count() == 0:
        sys.exit(f"{url} offers no demo account: start it with `python -m cockpit --demo`")
    page.locator("button[name=demo]").first.click()
    page.wait_for_selector("main h1[tabindex]")
    cookies = context.cookies()
    context.close()
    return cookies


def load(browser: Browser, url: str, session: list[Cookie]) -> Load:
    """Load the page once in a fresh context; raises Playwright's TimeoutError when a mark does not appear."""
    context = browser.new_context(bypass_csp=True, viewport={"width": 1920, "height": 1080}, locale="zh-CN")
    context.add_cookies(session)  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script(WATCH)
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}
    addresses: list[str] = []
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    wire.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: int(event["encodedDataLength"])}),
    )
    page.on("request", lambda request: addresses.append(request.url))
    page.goto(url)
    page.wait_for_function(f"{list(MARKS)}.every(mark => mark in window.readyAt)", timeout=60_000)
    page.wait_for_load_state("networkidle")
    ready = page.evaluate("window.readyAt")
    context.close()
    own = urlsplit(url).netloc
    parts = [urlsplit(address) for address in addresses]
    external = sum(part.scheme in ("http", "https", "ws", "wss") and part.netloc != own for part in parts)
    scripts = sum(size for request, size in sizes.items() if kinds.get(request) == "Script")
    return Load(ready["figures"], ready["map"], scripts, external)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Time a cold load of the cockpit's home page.")
    parser.add_argument("--url", default="http://127.0.0.1:8050/", help="the running cockpit")
    parser.add_argument("--runs", type=int, default=5, help="loads (default 5)")
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Chromium not found: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        session = sign_in(browser, options.url)
        loads = [load(browser, options.url, session) for _ in range(options.runs)]
        browser.close()
    print(f"median of {len(loads)} cold loads of {options.url}")
    print(f"first figures     {statistics.median(one.figures for one in loads):>8.0f} ms")
    print(f"map drawn         {statistics.median(one.map for one in loads):>8.0f} ms")
    script_kb = statistics.median(one.script_bytes for one in loads) / 1000
    print(f"JavaScript        {script_kb:>8.0f} kB on the wire")
    print(f"external requests {max(one.external for one in loads):>8}")


if __name__ == "__main__":
    main()
