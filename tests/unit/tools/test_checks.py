"""`make test` tells each part's time, and a skipped browser test fails where browsers are required."""

import pytest

from tools.checks import NO_BROWSER, PARTS, REQUIRE_BROWSER, Outcome, refused, report, run


@pytest.mark.parametrize(
    ("required", "summary", "refuses"),
    [
        ("1", "=== 3 passed, 2 skipped in 4.0s ===", True),
        ("1", "=== 5 passed in 4.0s ===", False),
        ("", "=== 3 passed, 2 skipped in 4.0s ===", False),
    ],
)
def test_skips_are_refused_only_where_a_browser_is_required(
    monkeypatch: pytest.MonkeyPatch, required: str, summary: str, refuses: bool
) -> None:
    monkeypatch.setenv(REQUIRE_BROWSER, required)
    assert refused(summary) is refuses


@pytest.mark.parametrize(("required", "passes"), [("1", False), ("", True)])
def test_without_chromium_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], required: str, passes: bool
) -> None:
    monkeypatch.setattr("tools.checks.CHROMIUM", ())
    monkeypatch.setenv(REQUIRE_BROWSER, required)
    assert run("browser", ["pytest"]).passed is passes
    assert capsys.readouterr().out.splitlines()[2:] == [NO_BROWSER]


def test_the_report_ends_with_pytests_summaries() -> None:
    outcomes = [
        Outcome("ruff", 0.5, True, "All checks passed!"),
        Outcome("unit", 2.0, False, "1 failed in 2s"),
    ]
    lines = report(outcomes).splitlines()
    assert lines[1:4] == ["ruff           0.5 s  ok", "unit           2.0 s  FAILED", "total          2.5 s"]
    assert lines[-1] == "1 failed in 2s"


def test_every_test_belongs_to_one_part() -> None:
    expressions = [command[command.index("-m") + 1] for command in PARTS.values() if command[0] == "pytest"]
    marks = [{"spark": s, "browser": b, "verify": False} for s in (True, False) for b in (True, False)]
    assert [sum(eval(text, {}, mark) for text in expressions) for mark in marks] == [1, 1, 1, 1]
