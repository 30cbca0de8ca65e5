"""Monthly statistics of provinces and cities 分省分市月度统计, with a planted cycle.

Growth on a year earlier is made first (trend, cycle ahead or behind, noise), levels follow from it, and what
is published is computed from the levels: year-to-date sums without January, growth on a comparable base.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jobs.simulate.cycle import Months, planted_cycle
from jobs.simulate.delivery import Delivery, Params, stream
from models.series.festival import festival_regressors

TABLE = "statistics_economy_monthly"
MONTHLY = ["region", "month", "series", "kind", "price", "unit", "value", "growth"]
Matrix = NDArray[np.float64]

FESTIVAL_DAYS = {"before": 20, "during": 7, "after": 20}


def monthly_deliveries(
    cities: pd.DataFrame, festivals: Sequence[date], economy: Params, params: Params, seed: int
) -> list[Delivery]:
    """One delivery a year, from `monthly_from` on two a month: what is early, and the rest with revisions.

    `cities`: region, population. `economy` has the shocks that the quarterly product is hit by.
    """
    frames = []
    for province in sorted({f"{code[:2]}0000" for code in cities["region"]}):
        members = cities[cities["region"].str[:2] == province[:2]]
        for name in params["series"]:
            rng = stream(seed, "monthly", province, name)
            frames.append(_series(province, members, name, festivals, economy, params, rng))
    rows = pd.concat([*frames, *_answers(frames, params, seed)], ignore_index=True)
    return _deliveries(rows, params, seed)


def _series(
    province: str, members: pd.DataFrame, name: str, festivals: Sequence[date], economy: Params, params: Params,
    rng: np.random.Generator,
) -> pd.DataFrame:  # fmt: skip
    """All rows of one series in a province and, where the series has them, in its cities."""
    spec = params["series"][name]
    # a year more than is told, so that the first year told has growth
    first = params["first_year"]
    months = np.arange(np.datetime64(f"{first['province'] - 1}-01"), np.datetime64(params["last"]) + 1)
    told = months >= np.datetime64(f"{first['province']}-01")
    since = months >= np.datetime64(f"{first['city']}-01")
    growth = _growth(months, spec, economy, params, rng)
    shape = spec["shape"]
    if shape == "index":
        return _rows(province, months, name, "month", spec, params["neutral"] + growth, None)[told]
    codes = members["region"].to_numpy(str)
    own = _city_deviations(len(months), len(codes), params, rng) if spec.get("cities") else None
    if shape == "rate":
        found = [_rate_rows(province, months, name, spec, growth, told)]
        if own is not None:
            change = growth[:, None] + 100 * (own - _year_before(own))
            found += [
                _rate_rows(code, months, name, spec, change[:, i], since) for i, code in enumerate(codes)
            ]
        return pd.concat(found)
    level = _levels(months, growth, festivals, spec, members["population"].sum(), rng)
    found = [_level_rows(province, months, name, spec, level, params, told)]
    if own is not None:
        weight = members["population"].to_numpy(float) ** params["concentration"] * np.exp(own)
        local = level[:, None] * weight / weight.sum(axis=1, keepdims=True)
        found += [
            _level_rows(code, months, name, spec, local[:, i], params, since) for i, code in enumerate(codes)
        ]
    return pd.concat(found)


def _growth(
    months: Months, spec: Params, economy: Params, params: Params, rng: np.random.Generator
) -> NDArray[np.float64]:
    """(n,) growth on a year earlier in percent, or deviation from neutral in points."""
    years = (months - months[0]).astype(float) / 12
    cycle = planted_cycle(months + spec.get("lead", 0), params["turns"])
    noise = np.zeros(len(months))
    for t, draw in enumerate(rng.standard_normal(len(months))):
        noise[t] = params["persistence"] * (noise[t - 1] if t else 0.0) + spec["noise"] * draw
    hit = np.array([_shock(month, economy) for month in months]) * spec.get("shock", 0.0)
    return np.asarray(
        spec.get("start", 0.0) + spec.get("change", 0.0) * years + spec["loading"] * cycle + hit + noise
    )


def _shock(month: np.datetime64, economy: Params) -> float:
    year, number = str(month).split("-")
    return float(economy["shocks"].get(int(year), [0.0] * 4)[(int(number) - 1) // 3])


def _levels(
    months: Months, growth: NDArray[np.float64], festivals: Sequence[date], spec: Params, population: float,
    rng: np.random.Generator,
) -> NDArray[np.float64]:  # fmt: skip
    """(n,) monthly flows or stocks that grow as told, with a season and the festival's effect."""
    season = np.exp(spec.get("season", 0.0) * rng.standard_normal(12))
    level = np.empty(len(months))
    for t in range(len(months)):
        before = season[t] if t < 12 else level[t - 12]
        level[t] = before * (1 + (growth[t] / 100 if t >= 12 else growth[t] * t / 1200))
    if spec["shape"] == "stock":
        # a stock has no season: month by month it moves at a twelfth of its growth
        level = np.exp(np.cumsum(growth) / 1200)
    effect = festival_regressors(pd.PeriodIndex(months.astype(str), freq="M"), festivals, **FESTIVAL_DAYS)
    return np.asarray(
        spec["per_head"] * spec["factor"] * population * level
        * np.exp(spec.get("festival", 0.0) * effect["during"].to_numpy())
    )  # fmt: skip


def _city_deviations(n: int, cities: int, params: Params, rng: np.random.Generator) -> Matrix:
    """(n, cities) logarithms by which cities drift away from their share of the province."""
    drift = params["city_drift"] / 12 * rng.standard_normal(cities) * np.arange(n)[:, None]
    return np.asarray(drift + params["city_noise"] * rng.standard_normal((n, cities)))


def _year_before(values: Matrix) -> Matrix:
    return np.concatenate([values[:12], values[:-12]])


def _rate_rows(
    region: str, months: Months, name: str, spec: Params, growth: NDArray[np.float64],
    told: NDArray[np.bool_],
) -> pd.DataFrame:  # fmt: skip
    """A published growth rate; with `joint`, January and February are one row of February."""
    if not spec.get("joint"):
        return _rows(region, months, name, "month", spec, growth, growth)[told]
    number = months.astype(int) % 12
    joint = np.where(number == 1, (growth + np.roll(growth, 1)) / 2, growth)
    kind = np.where(number == 1, "ytd", "month")
    return _rows(region, months, name, kind, spec, joint, joint)[told & (number > 0)]


def _level_rows(
    region: str, months: Months, name: str, spec: Params, level: NDArray[np.float64], params: Params,
    told: NDArray[np.bool_],
) -> pd.DataFrame:  # fmt: skip
    """Levels and their growth on a comparable base: from a change of scope on, levels are of the new scope."""
    more = params["overstated"]
    if (region, name) == (more["region"], more["series"]):
        level = np.where(months >= np.datetime64(more["since"]), level * more["factor"], level)
    number, year = months.astype(int) % 12, months.astype("datetime64[Y]").astype(int) + 1970
    kind = "end" if spec["shape"] == "stock" else str(spec["shape"])
    if kind.startswith("ytd"):
        level = np.asarray(pd.Series(level).groupby(year).cumsum(), dtype=float)
    growth = np.full(len(level), np.nan)
    growth[12:] = 100 * (level[12:] / level[:-12] - 1)
    scope = params["scope"].get(name)
    if scope is not None:
        level = np.where(year >= scope["year"], level * scope["factor"], level)
    published = {"ytd": number > 0, "ytd_quarterly": number % 3 == 2}.get(kind, np.True_)
    return _rows(region, months, name, kind, spec, level, growth)[told & published]


def _rows(
    region: str, months: Months, name: str, kind: str | NDArray[np.str_], spec: Params,
    value: NDArray[np.float64], growth: NDArray[np.float64] | None,
) -> pd.DataFrame:  # fmt: skip
    return pd.DataFrame(
        {
            "region": region,
            "month": months,
            "series": name,
            "kind": kind,
            "price": spec.get("price", "none"),
            "unit": spec["unit"],
            "value": value,
            "growth": np.nan if growth is None else growth,
        }
    )


def _answers(frames: list[pd.DataFrame], params: Params, seed: int) -> list[pd.DataFrame]:
    """How many firms of the survey say up, same or down, around the index that they are asked for."""
    found = []
    for frame in frames:
        if frame["series"].iloc[0] != params["survey"]["follows"]:
            continue
        rng = stream(seed, "survey", frame["region"].iloc[0])
        n, same = params["survey"]["firms"], params["survey"]["same"]
        up = np.clip((frame["value"].to_numpy() / 100 - same / 2), 0.02, 0.98 - same)
        drawn = np.array([rng.multinomial(n, [p, same, 1 - same - p]) for p in up])
        for i, name in enumerate(("survey_up", "survey_same", "survey_down")):
            found.append(frame.assign(series=name, unit="enterprise", value=drawn[:, i].astype(float)))
    return found


def _deliveries(rows: pd.DataFrame, params: Params, seed: int) -> list[Delivery]:
    rows = rows.assign(month=rows["month"].astype("datetime64[s]")).sort_values(
        ["month", "region", "series"], kind="stable"
    )
    revised = rows["series"].map(lambda name: params["series"].get(name, {}).get("revised", 0.0))
    first = _first_told(rows, revised.to_numpy(), stream(seed, "monthly", "revisions"))
    rows, first = _printed(rows), _printed(first)
    # What is told again as it was would be a duplicate row, not a revision.
    changed = (first[["value", "growth"]] != rows[["value", "growth"]]).any(axis=1)
    early = rows["series"].isin(params["early"])
    split = pd.Timestamp(f"{params['monthly_from']}-01-01")
    recent = rows["month"] >= split
    found = [
        _delivery(f"{year + 1}-{params['year_day']}", f"{year}", part)
        for year, part in rows[~recent].groupby(rows["month"].dt.year)
    ]
    for month in rows["month"][recent].drop_duplicates():
        after = month + pd.DateOffset(months=1)
        label = f"{month:%Y-%m}"
        now = recent & (rows["month"] == month)
        before = recent & (rows["month"] == month - pd.DateOffset(months=1)) & changed
        flash = rows[now & early]
        if len(flash):
            found.append(_delivery(f"{after:%Y-%m}-{params['early_day']}", f"{label}_flash", flash))
        rest = pd.concat([first[now & ~early], rows[before]])
        found.append(_delivery(f"{after:%Y-%m}-{params['main_day']}", label, rest))
    return found


def _first_told(rows: pd.DataFrame, size: NDArray[np.float64], rng: np.random.Generator) -> pd.DataFrame:
    """What was told first of figures that are revised a month later: off by `size` percent of the level."""
    off = size * rng.standard_normal(len(rows))
    rate = rows["unit"].eq("percent")
    value = np.where(rate, rows["value"] + off, rows["value"] * (1 + off / 100))
    growth = np.where(rate, value, rows["growth"] + off * (1 + rows["growth"] / 100))
    return rows.assign(value=value, growth=growth)


def _printed(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with value and growth as a delivery prints them."""
    growth = rows["growth"].map("{:.2f}".format).where(rows["growth"].notna(), "")
    counts = rows["unit"].eq("enterprise")
    value = rows["value"].map("{:.2f}".format).where(~counts, rows["value"].map("{:.0f}".format))
    return rows.assign(value=value, growth=growth)


def _delivery(day: str, label: str, rows: pd.DataFrame) -> Delivery:
    told = rows.assign(month=rows["month"].dt.strftime("%Y-%m-%d"))
    return Delivery(TABLE, day, f"economy_monthly_{label}_模拟.csv", told[MONTHLY].reset_index(drop=True))
