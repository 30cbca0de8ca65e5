import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.series.cumulative import cumulate
from models.series.growth import chain, compare_growth, deflate, monthly_growth, rebase, splice


def series(values: list[float], start: str = "2020-01") -> pd.Series:
    return pd.Series(values, index=pd.period_range(start, periods=len(values), freq="M"), dtype=float)


def test_published_growth_beside_the_ratio_of_levels() -> None:
    levels = series([100.0] * 12 + [110.0, 110.0])
    found = compare_growth(levels, series([10.5, 13.0], "2021-01"), limit=2)
    assert found.ratio.tolist() == pytest.approx([10, 10])
    assert found.gap.tolist() == pytest.approx([0.5, 3])
    assert found.revised.tolist() == [False, True]
    assert found.base.tolist() == pytest.approx([110 / 1.105, 110 / 1.13])


def test_monthly_growth_is_not_cumulative_growth() -> None:
    """Base 10 a month, joint January-February 20; now 22, 11 and 9: 10 %, 10 % and -10 %."""
    base = cumulate(series([10.0] * 4))[1:]
    now = cumulate(series([11.0, 11.0, 11.0, 9.0]))[1:]
    cumulative_growth = 100 * (now / base - 1)
    assert monthly_growth(now, cumulative_growth).tolist() == pytest.approx([10, 10, -10])
    assert cumulative_growth.iloc[-1] == pytest.approx(5)


def test_real_growth() -> None:
    assert deflate([10.0, 2.0], [10.0, -2.0]) == pytest.approx([0, 100 * (1.02 / 0.98 - 1)])


@given(growth=st.lists(st.floats(-50, 100), min_size=1, max_size=20))
def test_chaining_keeps_growth(growth: list[float]) -> None:
    index = chain(growth)
    assert 100 * (index[1:] / index[:-1] - 1) == pytest.approx(growth, abs=1e-6)


@given(values=st.lists(st.floats(1, 1000), min_size=3, max_size=20), factor=st.floats(0.1, 10))
def test_splicing_a_rebased_index_gives_it_back(values: list[float], factor: float) -> None:
    new = series(values)
    spliced = splice(new[:2] * factor, new[1:], spread=1e-6)
    assert spliced.to_numpy() == pytest.approx(new.to_numpy())
    assert rebase(new * factor, [new.index[0], new.index[2]]).to_numpy() == pytest.approx(
        rebase(new, [new.index[0], new.index[2]]).to_numpy()
    )


def test_base_periods_average_to_a_hundred() -> None:
    rebased = rebase(series([90.0, 110.0, 150.0]), list(pd.period_range("2020-01", "2020-02", freq="M")))
    assert rebased.tolist() == pytest.approx([90, 110, 150])


def test_bad_growth_is_refused() -> None:
    levels = series([100.0] * 13)
    with pytest.raises(ValueError, match="at least 13 periods"):
        compare_growth(levels[:12], series([1.0]), limit=2)
    with pytest.raises(ValueError, match="levels lacks 2020-04"):
        compare_growth(pd.concat([levels[:3], levels[4:], levels[-1:].shift(1, freq="M")]), levels, limit=2)
    with pytest.raises(ValueError, match="share no period"):
        compare_growth(levels, series([1.0], "2020-02"), limit=2)
    with pytest.raises(ValueError, match="leaves no base"):
        compare_growth(levels, series([-100.0], "2021-01"), limit=2)
    with pytest.raises(ValueError, match="same periods"):
        monthly_growth(levels, levels[:3])
    with pytest.raises(ValueError, match="not finite at position 1"):
        deflate([1.0, np.nan], [1.0, 1.0])
    with pytest.raises(ValueError, match="2019-01 is not"):
        rebase(levels, [pd.Period("2019-01", "M")])
    with pytest.raises(ValueError, match="differ by"):
        splice(series([1.0, 2.0]), series([1.0, 3.0]), spread=1)
    with pytest.raises(ValueError, match="no period to splice"):
        splice(levels[:2], levels[3:], spread=1)
