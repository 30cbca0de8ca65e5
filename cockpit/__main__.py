"""Serve the cockpit: ``python -m cockpit [--lake DIR] [--host HOST] [--port N]``."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path
from threading import Thread
from typing import Any

from gunicorn.app.base import BaseApplication

import conf
from cockpit.server import LOOPBACK
from conf.options import Parser

ROOT = Path(__file__).resolve().parents[1]
BAD_INPUT = 2


class Server(BaseApplication):
    """gunicorn with one process of several threads, which share the tables they have read."""

    def __init__(self, lake: Path, web: Path, host: str, port: int) -> None:
        self.lake, self.web, self.host, self.port = lake, web, host, port
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

        self.opened = open_lake(self.lake)
        return create_app(self.opened, self.web).server

    def warm(self) -> None:
        """Make the first page once, so that its tables are read before the first reader asks."""
        from cockpit.callbacks import render

        render(self.opened, "/", "")


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text} is no port (1 to 65535)")
    return int(text)


def main(argv: list[str] | None = None) -> int:
    """Check what is asked for, then serve until stopped; 2 for bad input."""
    parser = Parser(
        prog="python -m cockpit",
        description="Serve the decision cockpit 领导驾驶舱 over a lake.",
        epilog="example: python -m cockpit --lake out/lake --port 8050",
    )
    settings = conf.load().settings
    for name, kind, default, meaning in (
        ("--lake", Path, Path(settings.lake.path), "the lake's folder"),
        ("--host", str, settings.cockpit.host, "loopback name or address"),
        ("--port", _port, settings.cockpit.port, "port"),
    ):
        parser.add_argument(name, type=kind, default=default, help=f"{meaning} (default {default})")
    args = parser.parse_args(argv)
    if args.host not in LOOPBACK:
        print(
            f"--host {args.host}: refused, sign-in does not exist yet, so only loopback is served",
            file=sys.stderr,
        )
        return BAD_INPUT
    if not (args.lake / "gold" / "release" / "_delta_log").is_dir():
        print(f"--lake {args.lake}: no release there yet, run `make daily` first", file=sys.stderr)
        return BAD_INPUT
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    Server(args.lake, ROOT / "out" / "web", args.host, args.port).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
