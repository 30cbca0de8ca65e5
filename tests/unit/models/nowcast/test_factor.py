import numpy as np
import pandas as pd
import pytest

from models.nowcast.factor import news, nowcast

MONTHS = 72
QUARTER = pd.Period("2020Q4", "Q")


def simulated() -> tuple[pd.DataFrame, pd.Series]:
    """Three series of one factor, the target its quarterly growth by the weights 1, 2, 3, 2, 1."""
    rng = np.random.default_rng(1)
    factor = np.zeros(MONTHS + 4)
    for t in range(1, factor.size):
        factor[t] = 0.6 * factor[t - 1] + rng.normal()
    index = pd.period_range("2015-01", periods=MONTHS, freq="M")
    noise = rng.normal(0, 0.4, (MONTHS, 3))
    monthly = pd.DataFrame(factor[4:, None] * [1, 0.8, -1] + [0, 5, 1] + noise, index, ["a", "b", "c"])
    growth = np.convolve(factor, [1, 2, 3, 2, 1], "valid") / 3
    target = pd.Series(0.3 * growth + 1.5 + rng.normal(0, 0.2, MONTHS), index)[2::3]
    target.index = target.index.asfreq("Q")
    return monthly, target


def known(months: int) -> tuple[pd.DataFrame, pd.Series]:
    """All but the last quarter, and the first `months` of its months."""
    monthly, target = simulated()
    return monthly[: MONTHS - 3 + months], target[:-1]


def test_a_quarter_is_known_from_its_months() -> None:
    truth = simulated()[1].iloc[-1]
    late = nowcast(*known(3), QUARTER, coverage=0.8, iterations=30)
    early = nowcast(*known(0), QUARTER, coverage=0.8, iterations=30)
    assert abs(late.mean - truth) < 0.4 < simulated()[1].std()
    assert late.lower < truth < late.upper
    assert early.upper - early.lower > 1.3 * (late.upper - late.lower)


def test_news_add_up() -> None:
    before, after = known(1), known(2)
    after[0].iloc[-3, 0] += 3  # a revision of an old figure
    found = news(before, after, QUARTER, iterations=20)
    assert len(found.releases) == 3 and set(found.releases["series"]) == {"a", "b", "c"}
    assert (found.releases["period"].astype(str) == "2020-11").all()
    moved = found.revisions + found.releases["impact"].sum()
    assert found.before + moved == pytest.approx(found.after, abs=1e-6)
    surprise = found.releases["observed"] - found.releases["forecast"]
    assert (found.releases["weight"] * surprise).tolist() == pytest.approx(found.releases["impact"].tolist())
    assert found.releases.set_index("series")["weight"]["c"] < 0 < abs(found.revisions)
    before_alone = nowcast(*before, QUARTER, coverage=0.8, iterations=20)
    assert found.before == pytest.approx(before_alone.mean, abs=1e-6)


def test_without_revisions_there_are_none() -> None:
    found = news(known(1), known(2), QUARTER, iterations=5)
    assert found.revisions == pytest.approx(0, abs=1e-9)
    assert found.before + found.releases["impact"].sum() == pytest.approx(found.after, abs=1e-6)


def test_bad_input_is_refused() -> None:
    monthly, target = known(2)

    def refused(said: str, monthly: pd.DataFrame, target: pd.Series) -> None:
        with pytest.raises(ValueError, match=said):
            nowcast(monthly, target, QUARTER, coverage=0.8, iterations=5)

    refused("lacks 2015-03", monthly.drop(pd.Period("2015-03", "M")), target)
    refused("2015-01 twice", pd.concat([monthly[:1], monthly]), target)
    refused("target lacks 2015Q2", monthly, target.drop(pd.Period("2015Q2", "Q")))
    refused("at least 12", monthly, target[:11])
    refused("already known", *simulated())
    refused("b is infinite at 2015-01", monthly.assign(b=np.inf), target)
    refused("b needs 36 months", monthly.assign(b=1.0), target)
    refused("2 monthly series", monthly[["a"]], target)
    with pytest.raises(ValueError, match="same series"):
        news((monthly, target), (monthly[["a", "b"]], target), QUARTER, iterations=5)
    with pytest.raises(ValueError, match="coverage"):
        nowcast(monthly, target, QUARTER, coverage=80, iterations=5)
