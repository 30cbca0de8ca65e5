"""A PostgreSQL server really started for tests, on a socket and a loopback port of its own; none where its programs
are missing."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MISSING = "PostgreSQL's initdb and postgres were not found (Debian: apt-get install postgresql)"
START_SECONDS = 60


def programs() -> Path | None:
    """The folder of initdb and pg_ctl: on the PATH, or where Debian puts the newest version."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "pg_ctl").exists()), None)


@contextmanager
def started(bin_folder: Path) -> Iterator[str]:
    """A fresh server that ends with the block: its SQLAlchemy URL, with its socket and port."""
    with tempfile.TemporaryDirectory(prefix="pg") as name:
        folder = Path(name)
        # The server refuses to run as root, and so does initdb.
        user = _unprivileged() if os.geteuid() == 0 else None
        if user is not None:
            shutil.chown(folder, user)
        data = folder / "data"
        _run(
            user, bin_folder / "initdb", "-D", data, "-U", "dingpan", "-A", "trust", "-E", "UTF8", "--no-sync"
        )
        port = _free_port()
        options = f"-k {folder} -c listen_addresses=127.0.0.1 -p {port} -c fsync=off"
        _run(user, bin_folder / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
        try:
            yield f"postgresql+psycopg://dingpan@/postgres?host={folder}&port={port}"
        finally:
            _run(user, bin_folder / "pg_ctl", "-D", data, "-m", "immediate", "stop")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


def _unprivileged() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(user: str | None, *command: object) -> None:
    subprocess.run(
        [str(part) for part in command],
        check=True,
        user=user,
        cwd="/",
        stdout=subprocess.DEVNULL,
        timeout=START_SECONDS,
    )
