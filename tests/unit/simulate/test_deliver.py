import csv
import hashlib
import io
import unicodedata
from pathlib import Path

import pandas as pd
import pytest

import conf
from jobs import deliver
from jobs.simulate.delivery import Params
from jobs.simulate.identifiers import valid_citizen_id, valid_uscc
from themes.common.contract import Column, find_table

from .conftest import FIRMS, PERSONS, SEED

ARGS = ["--persons", str(PERSONS), "--firms", str(FIRMS), "--seed", str(SEED)]


def lines(file: deliver.LandingFile, params: Params) -> list[list[str]]:
    """Cells of every line, the header first."""
    encoding = "gb18030" if Path(file.path).name in params["gb18030"] else "utf-8"
    return list(csv.reader(io.StringIO(file.content.decode(encoding))))


def snapshot(folder: Path) -> dict[str, tuple[str, int]]:
    return {
        str(path.relative_to(folder)): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime_ns,
        )
        for path in folder.rglob("*.csv")
    }


def test_same_seed_same_bytes(files: list[deliver.LandingFile], loaded: conf.Conf, params: Params) -> None:
    again = deliver.landing_files(loaded, params, PERSONS, FIRMS, SEED)

    assert {file.path: file.content for file in again} == {file.path: file.content for file in files}


def test_another_seed_gives_other_bytes_in_every_simulated_file(
    files: list[deliver.LandingFile], loaded: conf.Conf, params: Params
) -> None:
    other = {
        file.path: file.content for file in deliver.landing_files(loaded, params, PERSONS, FIRMS, SEED + 1)
    }

    common = [file for file in files if "模拟" in file.path and file.path in other]
    assert len(common) >= 35
    assert all(other[file.path] != file.content for file in common)


def test_simulated_files_say_so_and_real_ones_do_not(files: list[deliver.LandingFile]) -> None:
    for file in files:
        assert file.path.endswith("_模拟.csv") == (file.table != deliver.CENSUS)


def test_headers_are_those_of_the_contract(files: list[deliver.LandingFile], params: Params) -> None:
    for file in files:
        columns = find_table(file.table)[1].columns.values()
        assert lines(file, params)[0] == [column.zh for column in columns]


def test_census_files_hold_the_reference_figures(
    files: list[deliver.LandingFile], census: pd.DataFrame
) -> None:
    real = [file for file in files if file.table == deliver.CENSUS]

    assert [Path(file.path).name for file in real] == ["census_2010.csv", "census_2020.csv"]
    for file, year in zip(real, (2010, 2020), strict=True):
        handed_in = pd.read_csv(io.BytesIO(file.content), dtype={"行政区划代码": str})
        reference = census[census["census_year"] == year]
        assert list(handed_in["人口数"]) == list(reference["population"])
        assert list(handed_in["行政区划代码"]) == list(reference["region"])
        assert list(handed_in["性别"]) == list(reference["sex"].map({"f": "女", "m": "男"}))


def test_truth_names_the_line_and_cell_that_carries_the_defect(
    files: list[deliver.LandingFile], params: Params
) -> None:
    for file in files:
        cells = lines(file, params)
        for told in file.truth.itertuples():
            if told.kind == "repeated_file":
                continue
            line = cells[told.row - 1]
            if told.column:
                place = list(find_table(file.table)[1].columns).index(told.column)
                assert line[place] == told.given
                assert told.given != told.original
            else:
                assert ",".join(line) == told.given


def test_ragged_rows_are_exactly_those_told(files: list[deliver.LandingFile], params: Params) -> None:
    seen = 0
    for file in files:
        cells = lines(file, params)
        short = {number for number, line in enumerate(cells, 1) if len(line) != len(cells[0])}
        assert short == set(file.truth["row"][file.truth["kind"] == "ragged"])
        seen += len(short)
    assert seen > 0


def breaks(column: Column, text: str, loaded: conf.Conf) -> bool:
    """Whether a cell alone breaks its contract column, judged without the platform's own rules."""
    if not text:
        return column.required
    match column.type:
        case "date":
            return pd.isna(pd.to_datetime(text, format="%Y-%m-%d", errors="coerce"))
        case "region":
            return not loaded.regions.has(text)
        case "code":
            known = loaded.codes[column.codes or ""]
            return text not in known and text not in {entry.zh for entry in known.values()}
        case "citizen_id":
            return not valid_citizen_id([text])[0]
        case "uscc":
            return not valid_uscc([text])[0]
        case "decimal" | "integer":
            low, high = column.min, column.max
            return (low is not None and float(text) < low) or (high is not None and float(text) > high)
    return False


def test_what_is_to_be_quarantined_breaks_the_contract_and_what_is_mended_is_only_written_oddly(
    files: list[deliver.LandingFile], loaded: conf.Conf
) -> None:
    between_columns = {"birth_mismatch", "sex_mismatch", "exit_before_entry", "ragged"}
    kinds = set()
    for file in files:
        columns = find_table(file.table)[1].columns
        for told in file.truth.itertuples():
            if told.expected == "quarantined" and told.kind not in between_columns:
                assert breaks(columns[told.column], told.given, loaded), (file.path, told)
            elif told.expected == "mended":
                assert unicodedata.normalize("NFKC", told.given).strip() == told.original
            elif told.kind in between_columns - {"ragged"}:
                assert not breaks(columns[told.column], told.given, loaded)
            kinds.add(told.kind)
    assert between_columns <= kinds


def test_defects_come_at_their_rates(files: list[deliver.LandingFile], params: Params) -> None:
    price_files = [file for file in files if file.table == "agriculture_market_price"]
    extra = {"duplicate", "superseded"}
    for file in price_files:
        n = file.rows - file.truth["kind"].isin(extra).sum()
        for plan in params["defects"]["agriculture_market_price"]:
            count = (file.truth["kind"] == plan["kind"]).sum()
            assert abs(count - plan["rate"] * n) < 1, (file.path, plan["kind"])


def test_every_planned_kind_occurs(files: list[deliver.LandingFile], params: Params) -> None:
    found = {(file.table, kind) for file in files for kind in file.truth["kind"]}
    planned = {
        (table, plan["kind"])
        for table in ("public_security_person", "market_regulation_enterprise", "agriculture_market_price")
        for plan in params["defects"][table]
    }
    assert planned <= found


def test_bad_rows_stay_below_the_limit_in_every_file(
    files: list[deliver.LandingFile], loaded: conf.Conf, params: Params
) -> None:
    for file in files:
        bad = file.truth["expected"].isin(["quarantined", "duplicate", "superseded"]).sum()
        assert bad < loaded.settings.quarantine_limit * file.rows, file.path
    for table, planned in params["defects"].items():
        bad_rate = sum(plan["rate"] for plan in planned if plan["kind"] not in ("full_width", "stray_blank"))
        assert 0.005 < bad_rate < 0.03, table


def test_identifiers_are_wrong_only_where_told(files: list[deliver.LandingFile], params: Params) -> None:
    valid = {"citizen_id": valid_citizen_id, "uscc": valid_uscc}
    checked = 0
    for file in files:
        cells = lines(file, params)
        told = {
            row: kind
            for row, kind in zip(file.truth["row"], file.truth["kind"], strict=True)
            if kind != "duplicate"
        }
        for place, (name, column) in enumerate(find_table(file.table)[1].columns.items()):
            if column.type in valid:
                for row, line in enumerate(cells[1:], 2):
                    if row not in told:
                        checked += 1
                        assert valid[column.type]([line[place]])[0], (file.path, row, name)
                    elif told[row] == "bad_check_digit":
                        assert not valid[column.type]([line[place]])[0]
    assert checked > PERSONS


def test_one_file_is_gb18030_and_the_others_utf8(files: list[deliver.LandingFile]) -> None:
    odd = []
    for file in files:
        try:
            file.content.decode("utf-8")
        except UnicodeDecodeError:
            file.content.decode("gb18030")
            odd.append(file)
    assert len(odd) == 1
    assert odd[0].rows < 1000


def test_one_file_is_handed_in_twice(files: list[deliver.LandingFile]) -> None:
    contents = [file.content for file in files]
    twice = [file for file in files if contents.count(file.content) == 2]

    assert len(twice) == 2
    assert twice[0].date < twice[1].date
    assert twice[1].truth["expected"].tolist() == ["repeated"]


def test_nothing_is_told_in_landing_and_truth_lies_in_ops(
    lake: Path, files: list[deliver.LandingFile]
) -> None:
    in_landing = {
        str(path.relative_to(lake / "landing")) for path in (lake / "landing").rglob("*") if path.is_file()
    }
    assert in_landing == {file.path for file in files}

    names = {path.name for path in (lake / "ops" / "truth").iterdir()}
    assert names == {
        "person.csv", "birth.csv", "death.csv", "enterprise.csv", "market_price.csv", "gdp_quarterly.csv",
        "plan_progress.csv", "economy_monthly.csv", "industry_yearly.csv", "sow_stock.csv", "trace_batch.csv",
    }  # fmt: skip
    told = pd.read_csv(lake / "ops" / "truth" / "market_price.csv", dtype=str)
    assert set(told["file"]) <= in_landing
    assert (told["file"].str.rpartition("/")[0] == told["delivery"]).all()


def test_a_second_run_touches_nothing(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = snapshot(lake)

    assert deliver.run(["--lake", str(lake), *ARGS]) == 0
    assert snapshot(lake) == before
    assert "public_security_person" in capsys.readouterr().out


def test_a_later_year_only_adds_files(tmp_path: Path) -> None:
    assert deliver.run(["--lake", str(tmp_path), "--until", "2024", *ARGS]) == 0
    early = snapshot(tmp_path / "landing")
    assert max(path.split("/")[2] for path in early) < "2025-02-01"

    assert deliver.run(["--lake", str(tmp_path), *ARGS]) == 0
    late = snapshot(tmp_path / "landing")
    assert early.items() < late.items()


def test_a_missing_file_is_put_back(lake: Path) -> None:
    victim = next((lake / "landing" / "health" / "death").rglob("*.csv"))
    content = victim.read_bytes()
    victim.unlink()

    assert deliver.run(["--lake", str(lake), *ARGS]) == 0
    assert victim.read_bytes() == content
    assert not list((lake / "ops" / "incoming").iterdir())


def test_other_content_in_landing_is_refused_and_left_alone(
    lake: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = snapshot(lake)

    assert deliver.run(["--lake", str(lake), *ARGS[:-1], str(SEED + 1)]) == 2
    assert snapshot(lake) == before
    message = capsys.readouterr().err.strip().splitlines()[-1]
    assert "exists with other content" in message


@pytest.mark.parametrize("arguments", [["--persons", "0"], ["--firms", "few"], ["--seed", "x"]])
def test_wrong_arguments_exit_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        deliver.run(arguments)
    assert stop.value.code == 2
