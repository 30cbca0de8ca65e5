"""Fetch the jars that Spark needs beside its own, and `extract`'s driver, and check each against conf/jars.lock.

    .venv/bin/python tools/fetch_jars.py            fetch what is missing into .jars/
    .venv/bin/python tools/fetch_jars.py --update   resolve anew and rewrite the lock

Spark's own resolver (Ivy) finds them, so a mirror set for Spark (DEFAULT_ARTIFACT_REPOSITORY, or
spark.jars.ivySettings in spark-defaults.conf) is used here too. Starting Spark from local jars halves its
start-up against resolving each time, and works without a network.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "conf" / "jars.lock"
JARS = ROOT / ".jars"
# Reads departments' PostgreSQL (`extract`). Its one dependency holds annotations for its own compilation.
DRIVER = "org.postgresql:postgresql:42.7.14"
_NOT_NEEDED = "org.checkerframework:checker-qual"


class Jar(NamedTuple):
    """One jar of the lock; ``file`` is the name that Ivy gives it: ``group_artifact-version.jar``."""

    coordinate: str
    file: str
    sha256: str


def file_name(coordinate: str) -> str:
    """Name that Ivy gives the jar of ``group:artifact:version``."""
    group, artifact, revision = coordinate.split(":")
    return f"{group}_{artifact}-{revision}.jar"


def root_coordinate() -> str:
    """Coordinate of Delta's jar for the installed pyspark and delta-spark."""
    spark = ".".join(version("pyspark").split(".")[:2])
    return f"io.delta:delta-spark_{spark}_2.13:{version('delta-spark')}"


def read_lock(text: str) -> list[Jar]:
    """Jars of a lock's text; in the form that `write_lock` gives it."""
    sections = json.loads(text)
    return [Jar(**entry) for name in ("jars", "drivers") for entry in sections[name]]


def write_lock(jars: list[Jar]) -> str:
    """Text of a lock, sorted by coordinate; `jars` go into Spark's sessions, `drivers` only into `extract`."""
    sections: dict[str, list[dict[str, str]]] = {"jars": [], "drivers": []}
    for jar in sorted(jars):
        sections["drivers" if jar.coordinate == DRIVER else "jars"].append(jar._asdict())
    return json.dumps(sections, indent=1) + "\n"


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def missing(jars: list[Jar], folder: Path) -> list[Jar]:
    """Jars that are absent from ``folder`` or differ from the lock."""
    return [
        jar for jar in jars if not (folder / jar.file).is_file() or sha256(folder / jar.file) != jar.sha256
    ]


def place(jars: list[Jar], resolved: Path, folder: Path) -> None:
    """Copy ``jars`` from ``resolved`` to ``folder``; raises ValueError at one that is not the locked one."""
    folder.mkdir(exist_ok=True)
    for jar in jars:
        found = resolved / jar.file
        if not found.is_file():
            raise ValueError(f"{jar.coordinate}: not found by the resolver")
        if sha256(found) != jar.sha256:
            raise ValueError(f"{jar.coordinate}: SHA-256 differs from conf/jars.lock")
        shutil.copyfile(found, folder / jar.file)


def resolve(roots: list[str], ivy: Path) -> list[Jar]:
    """Let Spark's resolver fetch jars and all that Spark itself lacks of what they need into ``ivy/jars``.

    Raises RuntimeError with the resolver's last words.
    """
    empty = ivy / "empty.py"
    empty.write_text("")
    home = str(files("pyspark"))
    command = [f"{home}/bin/spark-submit", "--master", "local[1]", "--packages", ",".join(roots)]
    command += ["--exclude-packages", _NOT_NEEDED, "--conf", f"spark.jars.ivy={ivy}", str(empty)]
    environment = {**os.environ, "SPARK_HOME": home, "PYSPARK_PYTHON": sys.executable}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise RuntimeError("\n".join((done.stdout + done.stderr).splitlines()[-15:]))
    own = {re.sub(r"-\d.*", "", path.name) for path in Path(home, "jars").glob("*.jar")}
    needed = [found for found in coordinates(done.stderr) if found.split(":")[1] not in own]
    names = {found: file_name(found) for found in needed}
    return [Jar(found, name, sha256(ivy / "jars" / name)) for found, name in names.items()]


def coordinates(report: str) -> list[str]:
    """Coordinates that Ivy's report says it found, e.g. ``found io.delta#delta-storage;4.4.0 in central``."""
    found = set()
    for line in report.splitlines():
        words = line.split()
        if len(words) == 4 and words[0] == "found" and words[2] == "in":
            found.add(words[1].replace("#", ":").replace(";", ":"))
    return sorted(found)


def main() -> int:
    """Fetch or lock; 0 done, 1 failed, 2 the lock is not for what is installed."""
    parser = argparse.ArgumentParser(description="Fetch the locked jars into .jars/.")
    parser.add_argument("--update", action="store_true", help="resolve anew and rewrite conf/jars.lock")
    update = parser.parse_args().update
    roots = [root_coordinate(), DRIVER]
    locked = [] if update else read_lock(LOCK.read_text())
    lacking = [] if update else sorted({*roots} - {jar.coordinate for jar in locked})
    if lacking:
        print(f"conf/jars.lock has no {lacking[0]}, which is needed here: run `make lock`", file=sys.stderr)
        return 2
    wanted = missing(locked, JARS)
    if not wanted and not update:
        return 0
    print(f"Fetching {', '.join(roots)} and what they need (once) …", flush=True)
    try:
        with tempfile.TemporaryDirectory() as ivy:
            resolved = resolve(roots, Path(ivy))
            if update:
                LOCK.write_text(write_lock(resolved))
                wanted = resolved
            place(wanted, Path(ivy) / "jars", JARS)
    except (RuntimeError, ValueError) as fault:
        print(f"Jars could not be fetched: {fault}", file=sys.stderr)
        return 1
    print(f"{len(wanted)} jars in {JARS.name}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
