import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.simulate.defects import CHANGES, Cell, spoil
from themes.common.contract import Column

COLUMNS = {
    "place": Column(zh="地区", type="region"),
    "price": Column(zh="价格", type="decimal", max=1000),
}
ROWS = pd.DataFrame(
    {"place": [f"37{i:04d}" for i in range(400)], "price": [f"{i + 1}.50" for i in range(400)]}
)


def plan(kind: str, rate: float, **more: object) -> dict[str, object]:
    column = {} if kind in ("duplicate", "ragged") else {"column": "price"}
    return {"kind": kind, "rate": rate, **column, **more}


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32 - 1))
def test_every_truth_row_names_the_line_that_holds_what_was_given(seed: int) -> None:
    kinds = ["missing", "full_width", "superseded", "duplicate", "ragged", "out_of_range"]

    spoilt = spoil(ROWS, COLUMNS, [plan(kind, 0.05) for kind in kinds], None, np.random.default_rng(seed))

    assert set(spoilt.truth["kind"]) == set(kinds)
    assert spoilt.truth["row"].is_unique
    for told in spoilt.truth.itertuples():
        line = spoilt.lines[told.row - 2]
        given_cell = told.given if not told.column else line.split(",")[1]
        assert given_cell == told.given
        assert told.column or line == told.given


def test_rows_without_truth_are_untouched_and_in_order() -> None:
    planned = [plan("missing", 0.1), plan("superseded", 0.1), plan("duplicate", 0.1)]

    spoilt = spoil(ROWS, COLUMNS, planned, None, np.random.default_rng(1))

    told = set(spoilt.truth["row"])
    clean = [line for number, line in enumerate(spoilt.lines, 2) if number not in told]
    kept = [f"{row.place},{row.price}" for row in ROWS.itertuples()]
    lost = {f"37{i:04d},{i + 1}.50" for i in range(400)} - set(clean)
    assert clean == [line for line in kept if line not in lost]
    assert len(lost) == (spoilt.truth["kind"] == "missing").sum() == 40


def test_a_duplicate_follows_its_original_and_a_superseded_row_stands_before_the_right_one() -> None:
    spoilt = spoil(
        ROWS, COLUMNS, [plan("duplicate", 0.1), plan("superseded", 0.1)], None, np.random.default_rng(2)
    )

    for told in spoilt.truth.itertuples():
        line = spoilt.lines[told.row - 2]
        if told.kind == "duplicate":
            assert spoilt.lines.index(line) < told.row - 2
        else:
            right = f"{line.split(',')[0]},{told.original}"
            assert spoilt.lines.index(right) > told.row - 2


def test_a_corrected_bad_row_leaves_the_right_one() -> None:
    spoilt = spoil(ROWS, COLUMNS, [plan("missing", 0.1, corrected=True)], None, np.random.default_rng(3))

    assert len(spoilt.lines) == len(ROWS) + 40
    assert {f"{row.place},{row.price}" for row in ROWS.itertuples()} <= set(spoilt.lines)


def test_exempt_rows_stay() -> None:
    exempt = np.arange(len(ROWS)) < 390
    planned = [plan("missing", 0.5), plan("ragged", 0.5), plan("duplicate", 0.5)]

    spoilt = spoil(ROWS, COLUMNS, planned, exempt, np.random.default_rng(4))

    assert len(spoilt.truth) == 10
    assert spoilt.lines[:390] == [f"{row.place},{row.price}" for row in ROWS[:390].itertuples()]


@given(st.floats(0.01, 900), st.integers(0, 5))
def test_a_price_out_of_range_lies_outside_its_limits(price: float, nth: int) -> None:
    cell = Cell({}, COLUMNS["price"], [], nth, np.random.default_rng(0))

    value = float(CHANGES["out_of_range"][0](f"{price:.2f}", cell))

    assert value > 1000 or value < 0


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown kind of defect 'odd'"):
        spoil(ROWS, COLUMNS, [plan("odd", 0.1)], None, np.random.default_rng(5))


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown column 'colour'"):
        spoil(ROWS, COLUMNS, [plan("missing", 0.1, column="colour")], None, np.random.default_rng(6))
