"""Take the pictures of the README from a cockpit started with --demo; maps are left out, since a printed map needs
a review.

.venv/bin/python tools/pictures.py [ADDRESS]
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WITHOUT_MAPS = """
.map-panel, .home-map, .cell:has(> .map-panel) { display: none !important; }
.home-row { grid-template-columns: 1fr 1fr !important; }
.row:has(.map-panel) > * { grid-column: 1 / -1 !important; }
"""
PICTURES = {
    "home-office-zh": ("/", 900),
    "theme-zh": ("/theme/population", 1500),
    "quality-zh": ("/quality", 800),
}


def take(address: str) -> None:
    """Write every picture at 1440 pixels wide."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        context = browser.new_context(locale="zh-CN")
        page = context.new_page()
        page.goto(address)
        page.locator("button[name=demo]").first.click()
        page.wait_for_selector("main h1", timeout=60_000)
        for name, (path, height) in PICTURES.items():
            page.set_viewport_size({"width": 1440, "height": height})
            page.goto(address + path)
            page.wait_for_selector("main h1", timeout=60_000)
            page.add_style_tag(content=WITHOUT_MAPS)
            page.wait_for_timeout(3_000)
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    take(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8050")
