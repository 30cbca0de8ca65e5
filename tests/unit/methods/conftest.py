"""Inputs of methods from plain series, without a lake."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

import conf
from conf import periods
from jobs.methods.base import Given, Surroundings, label, methods
from themes.common.contract import discover

PROVINCE = "440000"
# role → item → region → values by period (a Series by PeriodIndex, or a mapping of labels)
Inputs = Mapping[str, Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True)
class Lab:
    """Runs methods with the parameters that indicators.yaml gives an analysis, some of them changed."""

    loaded: conf.Conf

    def given(self, analysis: str, inputs: Inputs, **changed: Any) -> Given:
        """`analysis` is an id of the economic theme."""
        theme = next(theme for theme in discover() if theme.id == "economic")
        declared = theme.analyses[f"economic.{analysis}"]
        parameters = methods()[declared.method].parameters.model_validate({**declared.parameters, **changed})
        around = Surroundings(
            self.loaded.regions, self.loaded.neighbours, self.loaded.festivals, date(2026, 1, 31)
        )
        return Given({role: rows(items) for role, items in inputs.items()}, parameters, around)

    def run(self, analysis: str, inputs: Inputs, **changed: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
        theme = next(theme for theme in discover() if theme.id == "economic")
        name = theme.analyses[f"economic.{analysis}"].method
        return methods()[name].work(self.given(analysis, inputs, **changed)).frames()


def rows(items: Mapping[str, Mapping[str, Any]], published_at: date = date(2026, 1, 15)) -> pd.DataFrame:
    """Rows of a role as the step gives them; values that are not finite are not there."""
    found = []
    for item, regions in items.items():
        indicator, _, breakdown = item.partition("|")
        for region, values in regions.items():
            for period, value in dict(values).items():
                text = label(period) if isinstance(period, pd.Period) else str(period)
                if np.isfinite(value):
                    found.append(
                        {
                            "item": item, "indicator": indicator, "region": region, "breakdown": breakdown,
                            "period": text, "period_end": periods.end(text), "value": float(value),
                            "unit": "percent", "published_at": published_at,
                        }
                    )  # fmt: skip
    frame = pd.DataFrame(found)
    return frame.sort_values(["region", "item", "period_end", "published_at"], ignore_index=True)


def months(values: Any, start: str = "2011-01") -> pd.Series:
    array = np.asarray(values, dtype=float)
    return pd.Series(array, index=pd.period_range(start, periods=len(array), freq="M"))


@pytest.fixture(scope="package")
def lab() -> Lab:
    return Lab(conf.load())


@pytest.fixture(scope="package")
def wave() -> Callable[[int], pd.Series]:
    """Growth with a cycle of 40 months, `lead` months ahead, and a little noise."""

    def make(lead: int, noise: float = 0.1) -> pd.Series:
        at = np.arange(180) + lead
        rng = np.random.default_rng(abs(lead) + 5)
        return months(6 + 3 * np.cos(2 * np.pi * at / 40) + noise * rng.standard_normal(180))

    return make
