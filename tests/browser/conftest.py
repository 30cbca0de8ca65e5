"""One tiny lake, one server, one Chromium for all browser tests."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import tiny_gold

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
START_SECONDS = 60
SIZES = {"desk": (1366, 768), "wall": (1920, 1080), "phone": (390, 844)}
WEB = ROOT / "out" / "web"

Opener = Callable[..., Page]


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny lake."""
    return tiny_gold.write(tmp_path_factory.mktemp("gold") / "lake")


def _serve(command: list[str]) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:"), "the server did not start"
    return process, address.rstrip("/")


@pytest.fixture(scope="session")
def server(lake: Path) -> Iterator[str]:
    """Address of a running cockpit over the tiny lake."""
    process, address = _serve(
        [sys.executable, "-m", "cockpit", "--demo", "--lake", str(lake), "--port", str(_free_port())]
    )
    yield address
    process.terminate()
    process.wait(START_SECONDS)


@pytest.fixture(scope="session")
def broken_server(lake: Path) -> Iterator[str]:
    """A cockpit in which no trend can be drawn."""
    script = (
        "import sys; from cockpit import figures, __main__ as main; figures.trend = None; "
        f"sys.exit(main.main(['--demo', '--lake', {str(lake)!r}, '--port', '{_free_port()}']))"
    )
    process, address = _serve([sys.executable, "-c", script])
    yield address
    process.terminate()
    process.wait(START_SECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def contexts(browser: Browser, server: str) -> dict[str, BrowserContext]:
    """A context for each size of screen, signed in as the demo analyst, kept for the whole run so that scripts
    are fetched once. Servers over the same lake share the session."""
    contexts = {}
    for size, (width, height) in SIZES.items():
        contexts[size] = browser.new_context(viewport={"width": width, "height": height})
        sign_in(contexts[size], server, "analyst").close()
    return contexts


def sign_in(context: BrowserContext, server: str, role: str) -> Page:
    """A page on which a role's demo account has just signed in."""
    page = context.new_page()
    # The first page of a run waits for the server's first reading of the lake.
    page.set_default_timeout(START_SECONDS * 1000)
    page.goto(server)
    page.locator(f"button[value={role}]").click()
    page.wait_for_selector("main h1[tabindex]")
    return page


@pytest.fixture
def open_page(contexts: dict[str, BrowserContext], server: str) -> Iterator[Opener]:
    """Opens a page of the cockpit by path and waits until it is there; every page is closed at the end."""
    pages: list[Page] = []

    def opener(
        path: str, size: str = "desk", base: str = server, before: Callable[[Page], None] | None = None
    ) -> Page:
        page = contexts[size].new_page()
        pages.append(page)
        page.set_default_timeout(15_000)
        if before is not None:
            before(page)
        page.goto(base + path)
        page.wait_for_selector("main h1")
        return page

    yield opener
    for page in pages:
        page.close()
