"""The two READMEs say the same, and what they point to exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
READMES = ("README.md", "README.zh-CN.md")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_both_languages_have_the_same_jobs_and_folders() -> None:
    first, second = (re.findall(r"^\| `([^`]+)` \|", text(name), flags=re.MULTILINE) for name in READMES)
    assert "daily" in first
    assert "jobs/" in first
    assert first == second


def test_both_languages_show_the_same_pictures_and_sections() -> None:
    first, second = [re.findall(r"\]\((docs[^)]+)\)", text(name)) for name in READMES]
    assert first == second
    assert len(re.findall(r"^## ", text(READMES[0]), re.M)) == len(
        re.findall(r"^## ", text(READMES[1]), re.M)
    )


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md", "benchmarks/README.md"])
def test_links_point_to_files(name: str) -> None:
    links = re.findall(r"(?<!!)\[[^]]*\]\((?!https?:)([^)#]+)", text(name))
    assert [link for link in links if not (ROOT / name).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("name", READMES)
def test_every_make_target_that_is_named_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), flags=re.MULTILINE))
    named = set(re.findall(r"(?<=`|\n)make ([a-z]+)\b", text(name)))
    assert {"run", "test", "real", "help"} <= named <= targets
