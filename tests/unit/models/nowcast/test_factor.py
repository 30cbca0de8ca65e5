import numpy as np
import pandas as pd
import pytest

from models.nowcast.factor import news, nowcast, regular, replay

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
    late = nowcast(*known(3), QUARTER, outlier=10, coverage=0.8, iterations=30)
    early = nowcast(*known(0), QUARTER, outlier=10, coverage=0.8, iterations=30)
    assert abs(late.mean - truth) < 0.4 < simulated()[1].std()
    assert late.lower < truth < late.upper
    assert early.upper - early.lower > 1.3 * (late.upper - late.lower)


def test_news_add_up() -> None:
    before, after = known(1), known(2)
    after[0].iloc[-3, 0] += 3  # a revision of an old figure
    found = news(before, after, QUARTER, outlier=10, iterations=20)
    assert len(found.releases) == 3 and set(found.releases["series"]) == {"a", "b", "c"}
    assert (found.releases["period"].astype(str) == "2020-11").all()
    moved = found.revisions + found.releases["impact"].sum()
    assert found.before + moved == pytest.approx(found.after, abs=1e-6)
    surprise = found.releases["observed"] - found.releases["forecast"]
    assert (found.releases["weight"] * surprise).tolist() == pytest.approx(found.releases["impact"].tolist())
    assert found.releases.set_index("series")["weight"]["c"] < 0 < abs(found.revisions)
    before_alone = nowcast(*before, QUARTER, outlier=10, coverage=0.8, iterations=20)
    assert found.before == pytest.approx(before_alone.mean, abs=1e-6)


def test_without_revisions_there_are_none() -> None:
    found = news(known(1), known(2), QUARTER, outlier=10, iterations=5)
    assert found.revisions == pytest.approx(0, abs=1e-9)
    assert found.before + found.releases["impact"].sum() == pytest.approx(found.after, abs=1e-6)


def test_bad_input_is_refused() -> None:
    monthly, target = known(2)

    def refused(said: str, monthly: pd.DataFrame, target: pd.Series) -> None:
        with pytest.raises(ValueError, match=said):
            nowcast(monthly, target, QUARTER, outlier=10, coverage=0.8, iterations=5)

    refused("lacks 2015-03", monthly.drop(pd.Period("2015-03", "M")), target)
    refused("2015-01 twice", pd.concat([monthly[:1], monthly]), target)
    refused("target lacks 2015Q2", monthly, target.drop(pd.Period("2015Q2", "Q")))
    refused("at least 12", monthly, target[:11])
    refused("already known", *simulated())
    refused("b is infinite at 2015-01", monthly.assign(b=np.inf), target)
    refused("b needs 36 months", monthly.assign(b=1.0), target)
    refused("2 monthly series", monthly[["a"]], target)
    with pytest.raises(ValueError, match="same series"):
        news((monthly, target), (monthly[["a", "b"]], target), QUARTER, outlier=10, iterations=5)
    with pytest.raises(ValueError, match="coverage"):
        nowcast(monthly, target, QUARTER, outlier=10, coverage=80, iterations=5)


def test_past_quarters_are_told_by_a_model_that_is_estimated_anew_on_the_way() -> None:
    monthly, target = simulated()
    quarters = list(target.index[-4:])
    anew = replay(monthly, target, quarters, refit=1, outlier=10, iterations=20)
    once = replay(monthly, target, quarters, refit=4, outlier=10, iterations=20)
    alone = [
        nowcast(
            monthly[: q.asfreq("M", how="end")], target[: q - 1], q, outlier=10, coverage=0.8, iterations=20
        ).mean
        for q in quarters
    ]
    assert anew.tolist() == pytest.approx(alone, abs=1e-6)
    assert once.iloc[0] == pytest.approx(alone[0], abs=1e-6) and abs(once.iloc[3] - alone[3]) > 1e-6
    with pytest.raises(ValueError, match="refit"):
        replay(monthly, target, quarters, refit=0, outlier=10, iterations=5)


def test_a_shock_that_the_months_do_not_explain_is_not_carried_on() -> None:
    monthly, target = known(3)
    truth = simulated()[1].iloc[-1]
    shocked = target.copy()
    shocked.iloc[-1] -= 40 * target.std()
    plain, kept_out, shown = (
        nowcast(monthly, series, QUARTER, outlier=limit, coverage=0.8, iterations=30).mean
        for series, limit in ((target, 10.0), (shocked, 10.0), (shocked, 1e9))
    )
    assert abs(kept_out - plain) < 0.2 and abs(kept_out - truth) < 0.6
    assert abs(shown - truth) > 1.5
    frame = shocked.to_frame()
    assert regular(frame, 10)[:-1].all(axis=None) and not regular(frame, 10).iloc[-1, 0]
    assert regular(frame * 0, 10).all(axis=None)
    with pytest.raises(ValueError, match="outlier"):
        regular(frame, 0)


def test_news_add_up_beside_a_shock() -> None:
    before, after = known(1), known(2)
    for _, target in (before, after):
        target.iloc[-2] -= 40
    after[1].iloc[-3] += 0.2  # a revision of an old quarter
    found = news(before, after, QUARTER, outlier=10, iterations=20)
    moved = found.revisions + found.releases["impact"].sum()
    assert found.before + moved == pytest.approx(found.after, abs=1e-6)
    assert abs(found.revisions) > 0
