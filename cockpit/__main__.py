"""Serve the cockpit: ``python -m cockpit [--demo] [--lake DIR] [--host HOST] [--port N]``.

``python -m cockpit user …`` and ``python -m cockpit audit …`` look after accounts and the audit trail.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path
from socket import AF_INET, AF_INET6, create_server
from threading import Thread
from typing import Any

from gunicorn.app.base import BaseApplication

import conf
from cockpit.access import commands, demo
from cockpit.store import StoreError, open_store, sqlite_url, store_url
from conf.access import LOOPBACK
from conf.errors import ConfError
from conf.options import Parser

ROOT = Path(__file__).resolve().parents[1]
BAD_INPUT = 2


class Server(BaseApplication):
    """gunicorn with one process of several threads, which share the tables they have read."""

    def __init__(self, lake: Path, web: Path, store: str, is_demo: bool, host: str, port: int) -> None:
        self.lake, self.web, self.host, self.port = lake, web, host, port
        self.store, self.is_demo = store, is_demo
        super().__init__()

    def load_config(self) -> None:
        """Settings that a reader of this cockpit cannot change."""
        shown = f"[{self.host}]" if ":" in self.host else self.host

        def ready(_worker: Any) -> None:
            print(f"http://{shown}:{self.port}/", flush=True)
            Thread(target=self.warm, name="warm", daemon=True).start()

        for name, value in {
            "bind": f"{shown}:{self.port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": 8,
            "keepalive": 30,
            "loglevel": "warning",
            "post_worker_init": ready,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The WSGI application, made in the worker: the readers' own threads do not outlive a fork."""
        from cockpit.app import create_app
        from cockpit.gold import open_lake

        self.opened, store = open_lake(self.lake), open_store(self.store)
        accounts = demo.accounts(store) if self.is_demo else ()
        return create_app(self.opened, self.web, store, accounts).server

    def warm(self) -> None:
        """Read what the first page needs once, before the first reader asks for it."""
        from cockpit import facts
        from cockpit.gold import Scope

        settings = conf.load().settings
        scope = Scope(settings.provinces, "internal")
        facts.home(self.opened.release(), scope, settings.home_region)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text} is no port (1 to 65535)")
    return int(text)


def main(argv: list[str] | None = None) -> int:
    """Check what is asked for, then serve until stopped; 2 for bad input."""
    argv = sys.argv[1:] if argv is None else argv
    if argv and argv[0] in ("user", "audit"):
        return commands.main(argv)
    parser = Parser(
        prog="python -m cockpit",
        description="Serve the decision cockpit 领导驾驶舱 over a lake. `user` and `audit` as the first word"
        " look after accounts and the audit trail.",
        epilog="example: python -m cockpit --demo --lake out/lake --port 8050",
    )
    parser.add_argument("--demo", action="store_true", help="one account a role, no password, loopback only")
    settings = conf.load().settings
    for name, kind, default, meaning in (
        ("--lake", Path, Path(settings.lake.path), "the lake's folder"),
        ("--host", str, settings.cockpit.host, "name or address to listen on"),
        ("--port", _port, settings.cockpit.port, "port"),
    ):
        parser.add_argument(name, type=kind, default=default, help=f"{meaning} (default {default})")
    args = parser.parse_args(argv)
    url = sqlite_url(args.lake / "ops" / demo.FILE) if args.demo else store_url(args.lake)
    problem = why_not_served(args.lake, args.host, args.demo, url) or port_taken(args.host, args.port)
    if problem is not None:
        print(problem, file=sys.stderr)
        return BAD_INPUT
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    Server(args.lake, ROOT / "out" / "web", url, args.demo, args.host, args.port).run()
    return 0


def why_not_served(lake: Path, host: str, is_demo: bool, url: str) -> str | None:
    """Why this may not be served, in one line, or None."""
    from cockpit.app import check_pages

    if host not in LOOPBACK and is_demo:
        return f"--host {host}: refused, demo accounts have no password, so --demo serves loopback only"
    if is_demo and conf.load().access.public_origin is not None:
        return (
            "--demo: refused, its accounts have no password, and the proxy of the public_origin in conf/access.yaml"
            " serves loopback to others"
        )
    if host not in LOOPBACK and conf.load().access.public_origin is None:
        return (
            f"--host {host}: refused, only loopback is served until conf/access.yaml names the public_origin of a"
            " reverse proxy with TLS"
        )
    if not (lake / "gold" / "release" / "_delta_log").is_dir():
        return f"--lake {lake}: no release there yet, run `make daily` first"
    try:
        check_pages()
        store = open_store(url)
    except (ConfError, StoreError) as error:
        return str(error)
    somebody = store.accounts.any()
    # The server forks, and opens connections of its own.
    store.engine.dispose()
    if not is_demo and not somebody:
        return f"nobody can sign in yet: {commands.FIRST_ADMINISTRATOR} makes the first account, --demo needs none"
    return None


def port_taken(host: str, port: int) -> str | None:
    """Why nothing can listen there, in one line, or None."""
    try:
        with create_server((host, port), family=AF_INET6 if ":" in host else AF_INET):
            return None
    except OSError as error:
        return f"--port {port}: {os.strerror(error.errno or 0)} ({host}): choose another, or stop what listens there"


if __name__ == "__main__":
    sys.exit(main())
