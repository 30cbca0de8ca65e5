"""The report job: its options, its exit codes, and the file it writes."""

from pathlib import Path

import pytest

from cockpit.gold import Lake
from jobs import report


def options(home: Lake, output: Path, **given: str) -> list[str]:
    chosen = {"theme": "economic", "region": "440000", "format": output.suffix[1:], "lake": str(home.root)}
    chosen |= {"output": str(output), **given}
    return [word for name, value in chosen.items() for word in (f"--{name}", value)]


@pytest.mark.parametrize("name", ["a.docx", "报告.xlsx"])
def test_report_is_written_and_replaces_an_older_one(lake: Lake, tmp_path: Path, name: str) -> None:
    output = tmp_path / name
    output.write_text("old")

    assert report.run(options(lake, output, until="2026", lang="en")) == 0
    assert output.read_bytes()[:2] == b"PK"
    assert list(tmp_path.iterdir()) == [output]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"theme": "weather"}, "none of population"),
        ({"region": "000001"}, "within 440000"),
        ({"until": "2090"}, "within 2026 to 2028"),
        ({"release": "R0"}, "no release R0"),
        ({"region": "440106"}, "no figures"),
        ({"format": "docx"}, "does not end in .docx"),
        ({"lake": "nowhere"}, "no release in nowhere"),
    ],
)
def test_wrong_option_is_one_line_and_exit_2(
    lake: Lake, tmp_path: Path, capsys: pytest.CaptureFixture[str], given: dict[str, str], said: str
) -> None:
    assert report.run(options(lake, tmp_path / "a.xlsx", **given)) == 2
    complaint = capsys.readouterr().err
    assert said in complaint
    assert complaint.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "value"), [("until", "20x0"), ("format", "pdf"), ("lang", "fr")])
def test_option_of_the_wrong_kind_is_one_line_and_exit_2(
    lake: Lake, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        report.run(options(lake, tmp_path / "a.xlsx", **{name: value}))

    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_missing_folder_is_refused_before_any_work(
    lake: Lake, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report.run(options(lake, tmp_path / "no" / "a.xlsx")) == 2
    assert "no folder" in capsys.readouterr().err
