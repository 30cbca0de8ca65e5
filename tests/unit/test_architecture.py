"""The house's own laws: imports point one way, and nothing of one machine is in the tree."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[2]
MADE = {".git", ".venv", ".jars", "out", "node_modules", "__pycache__", "spark-warehouse", ".hypothesis"}
MADE |= {".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache"}

# Written with brackets, so that this file does not match itself.
MACHINE_PATH = re.compile(r"(?<![\w.])/(work|root|tmp|home|Users)[/]\w")
REGISTRY = re.compile(
    r"pypi[.]org|pythonhosted[.]org|registry[.]npmjs|registry[.]yarnpkg|repo1?[.]maven|maven[.]apache[.]org"
    r"|repos[.]spark-packages|deb[.]debian|archive[.]ubuntu|crates[.]io|proxy[.]golang"
)


def committed_texts() -> Iterator[tuple[str, str]]:
    """Name and text of each file of the tree that a run did not make."""
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in MADE]
        for file in files:
            path = Path(folder, file)
            try:
                yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def found(pattern: re.Pattern[str], texts: Iterator[tuple[str, str]]) -> list[str]:
    """Places, as ``file:line text``, where a pattern is found."""
    return [
        f"{name}:{number} {match[0]}"
        for name, text in texts
        for number, line in enumerate(text.splitlines(), start=1)
        if (match := pattern.search(line))
    ]


def test_imports_point_one_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(str(ROOT))
    assert lint_imports(config_filename=str(ROOT / "setup.cfg"), no_cache=True) == 0


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY], ids=["machine paths", "registry hosts"])
def test_the_tree_names_neither_machine_nor_registry(pattern: re.Pattern[str]) -> None:
    assert found(pattern, committed_texts()) == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (MACHINE_PATH, "open('/" + "tmp/x')"),
        (MACHINE_PATH, "cd /" + "home/someone"),
        (REGISTRY, "https://" + "pypi" + ".org/simple"),
    ],
)
def test_what_is_forbidden_is_found(pattern: re.Pattern[str], line: str) -> None:
    assert found(pattern, iter([("file", "fine\n" + line)])) == [f"file:2 {pattern.search(line)[0]}"]
