"""What options take: one line tells what is wrong."""

from __future__ import annotations

from datetime import date

import pytest

from conf.options import Parser, as_count, as_day


@pytest.fixture
def parser() -> Parser:
    made = Parser(prog="job")
    made.add_argument("--day", type=as_day)
    made.add_argument("--count", type=as_count)
    return made


def test_a_day_and_a_count_are_read(parser: Parser) -> None:
    given = parser.parse_args(["--day", "2026-01-31", "--count", "7"])
    assert (given.day, given.count) == (date(2026, 1, 31), 7)


@pytest.mark.parametrize("text", ["2026-1-31", "20260131", "2026-W05-6", "2026-02-30", "yesterday", ""])
def test_what_is_no_day_is_told_in_one_line(
    parser: Parser, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    with pytest.raises(SystemExit, match="2"):
        parser.parse_args(["--day", text])
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"job: argument --day: {text!r} is no day, YYYY-MM-DD is wanted")


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "七", ""])
def test_what_is_no_count_is_told_in_one_line(
    parser: Parser, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    with pytest.raises(SystemExit, match="2"):
        parser.parse_args([f"--count={text}"])
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"job: argument --count: {text!r} is no number of 1 or more")
