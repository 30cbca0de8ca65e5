"""Census figures → population to 2030 and 2040 by county, age and sex (Hamilton–Perry), as forecast rows.

Projected are comparable units (conf/region_groups.csv), territories that both censuses count alike. A unit
of several regions is shared out among them as their people of that age and sex were in the last census.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product

import numpy as np
import pandas as pd
from pyspark.sql import functions as F

from conf import periods
from conf.status import worst
from jobs.context import Context
from jobs.lake import tables
from jobs.lake.schemas import FORECAST, names
from models.projection import hamilton_perry as model
from themes.common.indicators import latest

INDICATOR = "population.census_total"
MODEL, VERSION = "hamilton_perry", "1"
CENSUSES = ("2010", "2020")
STEPS = 2
_NOTE = "80% interval from the spread between areas of like size; no backtest with two censuses"
_GROUPS = {"0-14": slice(0, 3), "15-64": slice(3, 13), "65+": slice(13, 18)}


def rows(context: Context) -> pd.DataFrame:
    """Rows of gold.forecast for every region of each province; none while a census is missing."""
    cells = census_cells(context)
    made = [
        province_rows(context, province, cells)
        for province in context.conf.settings.provinces
        if set(cells.loc[cells["province"] == province, "period"]) == set(CENSUSES)
    ]
    return pd.concat(made, ignore_index=True) if made else pd.DataFrame(columns=names(FORECAST))


def census_cells(context: Context) -> pd.DataFrame:
    """Both censuses of the smallest regions: region, period, sex, age_from (0, 5, …, 85), value, unit, province.

    The censuses count infants apart: ages 0 and 1–4 become one group.
    """
    regions = context.conf.regions
    units = {(g.region, str(g.census_year)): g.unit for g in context.conf.region_groups}
    figures = tables.read(context.spark, context.lake.gold("indicator")).where(
        F.col("indicator") == INDICATOR
    )
    figures = latest(figures.where("breakdown like 'age=%|sex=%'"))
    frame = figures.select(
        "region", "period", "breakdown", "value", "status", "quality", "published_at"
    ).toPandas()
    frame["unit"] = [units.get(key) for key in zip(frame["region"], frame["period"], strict=True)]
    frame = frame.dropna(subset="unit")
    parts = frame["breakdown"].str.extract(r"age=(?P<age>\d+)[^|]*\|sex=(?P<sex>[fm])")
    frame["sex"], frame["age_from"] = parts["sex"], parts["age"].astype(int) // 5 * 5
    frame["province"] = [regions.ancestors(r)[-1] for r in frame["region"]]
    return frame


def province_rows(context: Context, province: str, cells: pd.DataFrame) -> pd.DataFrame:
    """Forecast rows of a province, its cities and its smallest regions, with all breakdowns."""
    own = cells[cells["province"] == province]
    keys = ["unit", "sex", "age_from"]
    by_unit = own.pivot_table(index=keys, columns="period", values="value", aggfunc="sum", fill_value=0.0)
    complete = by_unit.reindex(
        pd.MultiIndex.from_product([sorted(own["unit"].unique()), model.SEXES, model.AGES], names=keys),
        fill_value=0.0,
    ).reset_index()
    frame = complete.rename(columns={CENSUSES[0]: "pop0", CENSUSES[1]: "pop1"})
    made = model.outcomes(frame, STEPS, seed=context.conf.settings.simulation.seed)
    leaves, shares, unit_of = _shares(own[own["period"] == CENSUSES[1]], made.units)
    middle = made.middle[:, unit_of] * shares
    draws = made.draws[:, :, unit_of] * shares
    named = {leaf: [i] for i, leaf in enumerate(leaves)}
    for i, leaf in enumerate(leaves):
        for up in context.conf.regions.ancestors(leaf):
            named.setdefault(up, []).append(i)
    found = [
        (region, breakdown, step, *values)
        for region, members in named.items()
        for breakdown, step, *values in _cells(
            middle[:, members].sum(axis=1), draws[:, :, members].sum(axis=2)
        )
    ]
    table = pd.DataFrame(found, columns=["region", "breakdown", "step", "mean", "lo80", "hi80"])
    last = CENSUSES[1]
    labels = {step: periods.shift(last, step * model.STEP_YEARS) for step in range(1, STEPS + 1)}
    published: date = own["published_at"].max()
    return table.assign(
        theme=INDICATOR.split(".")[0], indicator=INDICATOR, freq="Y", unit="person", origin=last, as_of=published,
        period=table["step"].map(labels), period_end=table["step"].map({k: periods.end(v) for k, v in labels.items()}),
        lo95=np.nan, hi95=np.nan, model=MODEL, model_version=VERSION, champion=True, note=_NOTE,
        status=worst([*own["status"].unique(), "forecast"]), quality=float(own["quality"].min()),
    )[names(FORECAST)]  # fmt: skip


def _shares(last: pd.DataFrame, units: tuple[str, ...]) -> tuple[list[str], np.ndarray, np.ndarray]:
    """(regions, share of each in its unit by sex and age, position of its unit) in the last census.

    Where a unit has nobody of an age and sex, its regions share by their totals.
    """
    leaves = sorted(last["region"].unique())
    shape = (len(leaves), len(model.SEXES), len(model.AGES))
    cells = pd.MultiIndex.from_product([leaves, model.SEXES, model.AGES])
    people = last.groupby(["region", "sex", "age_from"])["value"].sum().reindex(cells, fill_value=0.0)
    counts = people.to_numpy().reshape(shape)
    position = {unit: i for i, unit in enumerate(units)}
    unit_of = last.drop_duplicates("region").set_index("region").loc[leaves, "unit"].map(position).to_numpy()
    member = (unit_of[:, None] == unit_of[None, :]).astype(float)
    whole = np.einsum("ij,jsa->isa", member, counts)
    totals = counts.sum(axis=(1, 2))
    by_total = (totals / (member @ totals))[:, None, None]
    shares = np.where(whole > 0, counts / np.where(whole > 0, whole, 1.0), by_total)
    return leaves, shares, unit_of


def _cells(middle: np.ndarray, draws: np.ndarray) -> Iterator[tuple[str, int, float, float, float]]:
    """(breakdown, step, mean, lo80, hi80) of one region; `middle` (step, sex, age), `draws` (draw, step, sex, age)."""
    bands = [f"{a}-{a + 4}" for a in model.AGES[:-1]] + [f"{model.AGES[-1]}+"]
    cuts: dict[str, tuple[int | slice, int | slice]] = {"": (slice(None), slice(None))}
    cuts |= {f"sex={sex}": (i, slice(None)) for i, sex in enumerate(model.SEXES)}
    cuts |= {f"age={band}": (slice(None), i) for i, band in enumerate(bands)}
    cuts |= {f"age_group={group}": (slice(None), ages) for group, ages in _GROUPS.items()}
    for (i, sex), (j, band) in product(enumerate(model.SEXES), enumerate(bands)):
        cuts[f"age={band}|sex={sex}"] = (i, j)
    for breakdown, (sex_cut, age_cut) in cuts.items():
        mean = middle[:, sex_cut, age_cut].reshape(len(middle), -1).sum(axis=1)
        if len(draws):
            sums = draws[:, :, sex_cut, age_cut].reshape(*draws.shape[:2], -1).sum(axis=2)
            low, high = np.quantile(sums, [0.1, 0.9], axis=0)
        else:
            low = high = np.full(len(mean), np.nan)
        for step in range(len(mean)):
            yield breakdown, step + 1, mean[step], min(low[step], mean[step]), max(high[step], mean[step])
