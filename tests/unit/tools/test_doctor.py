"""The doctor names what is missing or too old, with the command that installs it."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
GOOD = {
    "python3.11": "case $2 in *version_info*) echo 3.11;; esac",
    "java": "echo 'openjdk version \"17.0.15\" 2025-04-15' >&2",
    "make": "",
    "df": "printf 'Filesystem 1024-blocks Used Available\\n/dev/x 99 9 99999999\\n'",
}


def doctor(folder: Path, programs: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the doctor on a machine that has the shell's own tools and these programs only."""
    for name in ("awk", "dirname", "head", "sed", "sh"):
        (folder / name).symlink_to(str(shutil.which(name)))
    for name, script in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    command = [str(folder / "sh"), str(ROOT / "tools" / "doctor")]
    return subprocess.run(command, env={"PATH": str(folder)}, capture_output=True, text=True)


def test_a_good_machine_passes_in_silence(tmp_path: Path) -> None:
    done = doctor(tmp_path, GOOD)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("program", "script", "words", "package"),
    [
        ("python3.11", None, "Python 3.11: 'python3.11' was not found", "python3.11 python3.11-venv"),
        ("python3.11", "echo 3.9", "'python3.11' is 3.9", "python3.11 python3.11-venv"),
        (
            "python3.11",
            "case $2 in *version_info*) echo 3.11;; *) exit 1;; esac",
            "ensurepip",
            "python3.11-venv",
        ),
        ("java", None, "Java 17 or newer: 'java' was not found", "openjdk-17-jre-headless"),
        ("java", "echo 'openjdk version \"11.0.2\"' >&2", "'java' is 11", "openjdk-17-jre-headless"),
        ("make", None, "- make", "make"),
    ],
)
def test_what_is_missing_is_named(
    tmp_path: Path, program: str, script: str | None, words: str, package: str
) -> None:
    programs = {name: text for name, text in GOOD.items() if name != program}
    done = doctor(tmp_path, programs if script is None else {**programs, program: script})
    assert done.returncode == 1
    assert words in done.stderr
    assert f"apt-get install -y {package}\n" in done.stderr


def test_everything_missing_is_named_at_once(tmp_path: Path) -> None:
    done = doctor(tmp_path, {"df": GOOD["df"]})
    assert "install -y python3.11 python3.11-venv openjdk-17-jre-headless make\n" in done.stderr


def test_a_full_disk_is_named_without_a_package(tmp_path: Path) -> None:
    done = doctor(tmp_path, {**GOOD, "df": "printf 'head\\n/dev/x 99 9 99\\n'"})
    assert done.returncode == 1
    assert "GB free are needed here, 0 GB are" in done.stderr
    assert "apt-get" not in done.stderr


def test_the_door_says_what_to_do_without_an_environment(tmp_path: Path) -> None:
    door = shutil.copy(ROOT / "spark-submit.sh", tmp_path)
    done = subprocess.run([door, "daily"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "make setup" in done.stderr
    assert len(done.stderr.splitlines()) == 1
