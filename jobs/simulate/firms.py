"""Enterprise register 企业登记: a stock of firms with entries and exits, and one delivery of changes."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jobs.simulate.delivery import Days, Delivery, Params, proportional, stream, texts
from jobs.simulate.identifiers import USCC_ALPHABET, organisation_check, uscc_check

ENTERPRISE = [
    "uscc",
    "name",
    "region",
    "section",
    "registered_on",
    "state",
    "exited_on",
    "capital",
    "mobile",
]


def enterprise_deliveries(
    counties: pd.DataFrame, n: int, people: Params, params: Params, seed: int
) -> list[Delivery]:
    """The full register of n firms (also those gone), and later only the firms that changed.

    `counties`: region, city_name (short, zh), population; `people` gives the reserved prefixes.
    """
    rng = stream(seed, "firms")
    full_on = np.datetime64(params["full_on"], "D")
    changes_on = np.datetime64(params["changes_on"], "D")
    n_new = round(n * params["entered"])
    first = np.datetime64(f"{params['first_year']}-01-01", "D")
    registered = np.concatenate(
        [
            np.sort(_registered(first, full_on, n, params["entry_growth"], rng)),
            np.sort(_registered(full_on + 1, changes_on, n_new, 0.0, rng)),
        ]
    )
    firms = _firms(counties, registered, people, params, rng)
    exits = _exit_days(registered, params["exit_hazard"], rng)
    revoked = rng.random(len(firms)) < params["revoked"]

    known = np.arange(len(firms)) < n
    full = _as_of(firms, exits, revoked, full_on)[known]
    raised = known & (rng.random(len(firms)) < params["capital_changed"]) & ~(exits <= changes_on)
    raised &= (firms["capital"] != "").to_numpy()
    gone = known & (exits > full_on) & (exits <= changes_on)
    later = _as_of(firms, exits, revoked, changes_on)
    factor = rng.choice([1.5, 2.0, 3.0, 5.0], len(firms))
    capital = pd.to_numeric(later["capital"]).to_numpy() * factor
    later["capital"] = np.where(raised, _amounts(capital), later["capital"])
    changes = later[~known | raised | gone].sort_values("uscc")
    return [
        Delivery(
            "market_regulation_enterprise",
            date,
            f"enterprise_{kind}_{date}_模拟.csv",
            rows.reset_index(drop=True),
        )
        for kind, date, rows in (
            ("full", params["full_on"], full),
            ("changes", params["changes_on"], changes),
        )
    ]


def _registered(
    first: np.datetime64, last: np.datetime64, n: int, growth: float, rng: np.random.Generator
) -> Days:
    """n days between first and last (inclusive), their density growing by `growth` a year."""
    days = int((last - first).astype(int)) + 1
    weights = np.exp(np.log1p(growth) / 365.2425 * np.arange(days))
    return first + rng.choice(days, n, p=weights / weights.sum())


def _firms(
    counties: pd.DataFrame, registered: Days, people: Params, params: Params, rng: np.random.Generator
) -> pd.DataFrame:
    n = len(registered)
    city = counties["region"].str[:4]
    in_city = counties.groupby(city)["population"].transform("sum").to_numpy(float)
    weight = counties["population"].to_numpy(float) / in_city * in_city ** params["concentration"]
    place = counties.iloc[rng.permutation(proportional(weight, n, rng))]
    region = place["region"].to_numpy(str)

    sections = params["sections"]
    weights = np.array([entry["weight"] for entry in sections.values()], dtype=float)
    section = np.array(list(sections))[rng.choice(len(sections), n, p=weights / weights.sum())]
    trades = {code: np.array(entry["trades"]) for code, entry in sections.items()}
    draws = rng.integers(0, 60, n)
    trade = np.array([trades[code][i % len(trades[code])] for code, i in zip(section, draws, strict=True)])
    name = np.char.add(place["city_name"].to_numpy(str), "模拟")
    for part in (*_two(params["syllables"], n, rng), trade):
        name = np.char.add(name, part)
    median = np.array([sections[code]["capital"] for code in section], dtype=float)
    capital = _amounts(median * np.exp(params["capital_spread"] * rng.standard_normal(n)))
    digits = 11 - len(people["mobile_prefix"])
    mobile = np.char.add(
        people["mobile_prefix"], np.char.zfill(rng.integers(0, 10**digits, n).astype(str), digits)
    )
    return pd.DataFrame(
        {
            "uscc": _credit_codes(region, people["region_prefix"], rng),
            "name": np.char.add(name, "有限公司"),
            "region": region,
            "section": np.where(rng.random(n) < params["without_section"], "", section),
            "registered_on": texts(registered),
            "capital": np.where(rng.random(n) < params["without_capital"], "", capital),
            "mobile": np.where(rng.random(n) < params["without_mobile"], "", mobile),
        }
    )


def _two(characters: str, n: int, rng: np.random.Generator) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    pool = np.array(list(characters))
    return rng.choice(pool, n), rng.choice(pool, n)


def _amounts(values: NDArray[np.float64]) -> NDArray[np.str_]:
    """Amounts in 10,000 yuan as firms register them: two significant digits, at least 1; empty if unknown."""
    known = np.isfinite(values)
    safe = np.maximum(np.where(known, values, 1.0), 1.0)
    unit = 10.0 ** np.maximum(np.floor(np.log10(safe)) - 1, 0)
    return np.where(known, (np.round(safe / unit) * unit).astype(np.int64).astype(str), "")


def _credit_codes(region: NDArray[np.str_], prefix: str, rng: np.random.Generator) -> NDArray[np.str_]:
    """Unique codes: 9 1, reserved prefix and last four digits of the region, organisation code, check."""
    n, letters = len(region), np.array(list(USCC_ALPHABET))
    # distinct numbers: one draw from each of n equal slices, then shuffled
    slice_size = len(letters) ** 6 // n
    numbers = rng.permutation(np.arange(n) * slice_size + rng.integers(0, slice_size, n))
    body = np.full(n, "MX")
    for power in range(5, -1, -1):
        body = np.char.add(body, letters[numbers // len(letters) ** power % len(letters)])
    code = np.char.add("91" + prefix, np.array([one[2:] for one in region], dtype=str))
    code = np.char.add(np.char.add(code, body), organisation_check(body))
    return np.char.add(code, uscc_check(code))


def _exit_days(registered: Days, hazard: list[float], rng: np.random.Generator) -> Days:
    """Day of leaving of each firm: within each year of age it leaves with that age's risk."""
    cumulative = np.cumsum(-np.log1p(-np.array(hazard)))
    draw = rng.exponential(1.0, len(registered))
    whole = np.searchsorted(cumulative, draw)
    last = len(hazard) - 1
    capped = np.minimum(whole, last)
    before = np.where(capped > 0, cumulative[capped - 1], 0.0)
    rate = -np.log1p(-np.array(hazard))[capped]
    years = capped + (draw - before) / rate
    return registered + np.maximum(1, np.minimum(years, 500) * 365.2425).astype(int)


def _as_of(firms: pd.DataFrame, exits: Days, revoked: NDArray[np.bool_], on: np.datetime64) -> pd.DataFrame:
    """The register as it stands on a day."""
    gone = exits <= on
    state = np.where(gone, np.where(revoked, "revoked", "deregistered"), "active")
    exited_on = np.where(gone, texts(exits), "")
    return firms.assign(state=state, exited_on=exited_on)[ENTERPRISE]
