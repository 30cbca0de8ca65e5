"""Which series are forecast together."""

from __future__ import annotations

from datetime import date

import pandas as pd

from conf import periods
from jobs.steps.forecasts import batches


def series(indicator: str, values: list[float], last: str = "2025-12") -> pd.DataFrame:
    labels = [periods.shift(last, n - len(values) + 1) for n in range(len(values))]
    return pd.DataFrame(
        {
            "theme": "toy", "indicator": indicator, "region": "440000", "breakdown": "", "freq": "M",
            "unit": "tonne", "period": labels, "period_end": [periods.end(p) for p in labels], "value": values,
            "status": "real", "quality": 100.0, "published_at": date(2026, 1, 1),
        }
    )  # fmt: skip


def test_series_that_were_below_zero_may_be_forecast_below_it_and_others_not() -> None:
    stock, gap = series("toy.stock", [1.0] * 10), series("toy.gap", [1.0] * 9 + [-1.0])
    found = {never_below: set(members) for _, never_below, members in batches(pd.concat([stock, gap]))}
    assert {flag: len(members) for flag, members in found.items()} == {True: 1, False: 1}
    assert any("toy.gap" in key for key in found[False])


def test_series_that_end_together_share_their_errors() -> None:
    frames = [
        series("toy.a", [1.0] * 10),
        series("toy.b", [2.0] * 12),
        series("toy.c", [2.0] * 12, "2025-11"),
    ]
    assert sorted(len(members) for _, _, members in batches(pd.concat(frames))) == [1, 2]


def test_a_series_that_is_too_short_is_not_forecast() -> None:
    assert list(batches(series("toy.a", [1.0] * 7))) == []
