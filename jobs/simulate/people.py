"""Person register 人口登记, births 出生 and deaths 死亡: one simulated population, three feeds.

The register is a sample of the 2020 census by county, age and sex. Births after the census enter it, deaths
after the census mark it, so that the feeds of the two departments agree with each other.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jobs.simulate.delivery import Days, Delivery, Params, days_by_month, proportional, stream, texts
from jobs.simulate.identifiers import citizen_check

PERSON = ["person_id", "name", "sex", "birth_date", "region", "mobile", "state"]
BIRTH = ["certificate", "sex", "birth_date", "region"]
DEATH = ["certificate", "person_id", "sex", "death_date", "age_at_death", "region"]


def simulate_population(census: pd.DataFrame, n: int, params: Params, seed: int) -> pd.DataFrame:
    """Everybody who occurs in any feed; the register counts n persons on the day of the first delivery.

    `census`: region, sex (f, m), age (band), population (persons), one row a cell, counties together.
    Columns of the result: person_id, name, mobile, sex, born, died (NaT: alive), region, origin (census;
    birth and earlier_birth: after and before the census; past: dead before the census; arrival).
    """
    census = census.reset_index(drop=True)
    census_on = np.datetime64(params["census_on"], "D")
    full_on = np.datetime64(params["full_on"], "D")
    share = census.groupby(census["region"].str[:2])["population"].sum() / census["population"].sum()
    sizes = {code: n * float(share.get(code[:2], 0.0)) for code in params["birth_rate"]}

    births = _births(census, sizes, params, stream(seed, "births"))
    born_later = births["born"] > census_on
    newborn = int((births["born"].between(census_on, full_on, inclusive="right")).sum())
    counted = _sample(
        census, census["population"].to_numpy(float), n - newborn, params, stream(seed, "census")
    )
    counted = counted.assign(origin="census")
    died, past = _deaths(counted, sizes, params, census_on, stream(seed, "deaths"))
    counted = counted.assign(died=died)
    working = census["age"].isin(params["arrival_ages"]).to_numpy()
    arrivals = _sample(
        census, census["population"].to_numpy(float) * working, round(n * params["arrived"]), params,
        stream(seed, "arrivals"),
    ).assign(origin="arrival")  # fmt: skip

    people = pd.concat(
        [counted, births.assign(origin=np.where(born_later, "birth", "earlier_birth")), past, arrivals],
        ignore_index=True,
    )
    rng = stream(seed, "names")
    people["person_id"] = _identity_numbers(people, params["region_prefix"], rng)
    people["name"] = _names(len(people), params, rng)
    people["mobile"] = _mobiles(people, full_on, params, rng)
    return people


def person_deliveries(people: pd.DataFrame, params: Params, seed: int) -> list[Delivery]:
    """The full register on the first date, and on the second only the rows that changed since."""
    rng = stream(seed, "changes")
    full_on = np.datetime64(params["full_on"], "D")
    changes_on = np.datetime64(params["changes_on"], "D")
    dead = (people["died"] <= full_on).to_numpy()
    known = (
        people["origin"].eq("census") | (people["origin"].eq("birth") & (people["born"] <= full_on))
    ).to_numpy()
    full = people[known].assign(state=np.where(dead[known], "died", "normal"))

    alive = np.flatnonzero(known & people["died"].isna().to_numpy())
    n_moved, n_out = round(params["moved"] * known.sum()), round(params["moved_out"] * known.sum())
    drawn = rng.choice(alive, size=n_moved + n_out, replace=False)
    moved = people.loc[drawn[:n_moved]].assign(state="normal")
    moved["region"] = _destinations(
        moved["region"].to_numpy(str), people["region"].to_numpy(str), params, rng
    )
    died = people[known & people["died"].between(full_on, changes_on, inclusive="right")].assign(state="died")
    born = people[
        people["origin"].eq("birth") & people["born"].between(full_on, changes_on, inclusive="right")
    ]
    changes = pd.concat(
        [
            moved,
            people.loc[drawn[n_moved:]].assign(state="moved_out"),
            died,
            born.assign(state="normal"),
            people[people["origin"].eq("arrival")].assign(state="normal"),
        ]
    ).sort_values(["region", "person_id"], kind="stable")
    return [
        Delivery("public_security_person", date, f"person_{kind}_{date}_模拟.csv", _register_rows(rows))
        for kind, date, rows in (
            ("full", params["full_on"], full),
            ("changes", params["changes_on"], changes),
        )
    ]


def birth_deliveries(people: pd.DataFrame, params: Params) -> list[Delivery]:
    """Births by year, one file each, handed in at the start of the next year."""
    births = people[people["origin"].isin(["birth", "earlier_birth"])]
    return _yearly("health_birth", "birth", births, "born", BIRTH, params)


def death_deliveries(people: pd.DataFrame, params: Params) -> list[Delivery]:
    """Deaths by year, one file each, handed in at the start of the next year."""
    deaths = people[people["died"].notna()]
    return _yearly("health_death", "death", deaths, "died", DEATH, params)


def _births(
    census: pd.DataFrame, sizes: dict[str, float], params: Params, rng: np.random.Generator
) -> pd.DataFrame:
    mothers = (census["sex"].eq("f") & census["age"].isin(params["mother_ages"])).to_numpy()
    by_region = census["population"].where(mothers, 0).groupby(census["region"]).sum()
    parts = []
    for province, rates in params["birth_rate"].items():
        local = by_region[by_region.index.str[:2] == province[:2]]
        for year, rate in rates.items():
            n = round(sizes[province] * rate / 1000) if len(local) else 0
            chosen = (
                local.index.to_numpy(str)[proportional(local.to_numpy(), n, rng)] if n else np.array([], str)
            )
            sex = np.where(rng.random(n) < params["boys"] / 100, "m", "f")
            born = days_by_month(year, n, params["birth_months"], rng)
            parts.append(pd.DataFrame({"region": chosen, "sex": sex, "born": born}))
    births = pd.concat(parts, ignore_index=True)
    return births.assign(born=births["born"].astype("datetime64[s]"))


def _sample(
    census: pd.DataFrame, weights: NDArray[np.float64], n: int, params: Params, rng: np.random.Generator
) -> pd.DataFrame:
    """n persons drawn from the cells: region, sex, born."""
    cells = census.iloc[proportional(weights, n, rng)]
    bands = cells["age"].to_numpy(str)
    low = np.array([int(band.split("-")[0].rstrip("+")) for band in bands], dtype=float)
    width = np.array([_width(band) for band in bands], dtype=float)
    age = low + rng.random(n) * width
    is_open = np.char.endswith(bands, "+") if n else np.zeros(0, bool)
    tail = np.minimum(85 + rng.exponential(params["open_band_mean"], n), params["oldest"] + rng.random(n))
    age = np.where(is_open, tail, age)
    # ages are in years before midnight of the census day: at least one day, so that nobody is born on it
    back = np.floor(age * 365.2425).astype(int) + 1
    born = np.datetime64(params["census_on"], "D") - back
    return pd.DataFrame(
        {
            "region": cells["region"].to_numpy(str),
            "sex": cells["sex"].to_numpy(str),
            "born": born.astype("datetime64[s]"),
        }
    )


def _width(band: str) -> int:
    low, _, high = band.partition("-")
    return int(high) - int(low) + 1 if high else 1


def _deaths(
    counted: pd.DataFrame,
    sizes: dict[str, float],
    params: Params,
    census_on: np.datetime64,
    rng: np.random.Generator,
) -> tuple[Days, pd.DataFrame]:
    """Day of death of every counted person (NaT: none), and the persons who died before the census.

    The dead of a year are drawn from those alive with Gompertz weights, as many as the crude rate says.
    """
    died = np.full(len(counted), np.datetime64("NaT", "D"))
    age = (census_on - counted["born"].to_numpy("datetime64[D]")).astype(float) / 365.2425
    risk = np.exp(params["mortality_growth"] * age)
    past = []
    for province, rates in params["death_rate"].items():
        local = counted["region"].str.startswith(province[:2]).to_numpy()
        for year, rate in rates.items():
            days = np.sort(
                days_by_month(year, round(sizes[province] * rate / 1000), params["death_months"], rng)
            )
            before = days[days <= census_on]
            pool = np.flatnonzero(local & np.isnat(died))
            size = min(len(days), len(pool))
            drawn = (
                rng.choice(pool, size=size, replace=False, p=risk[pool] / risk[pool].sum())
                if size
                else pool[:0]
            )
            # one drawn for a day before the census stands for somebody alike who was never counted
            n_past = min(len(before), size)
            alike = counted.iloc[drawn[:n_past]]
            gap = (census_on - before[:n_past]).astype("timedelta64[D]")
            born = alike["born"].to_numpy("datetime64[D]") - gap
            past.append(
                alike.assign(born=born.astype("datetime64[s]"), died=before[:n_past].astype("datetime64[s]"))
            )
            died[drawn[n_past:]] = days[n_past:size]
    return died.astype("datetime64[s]"), pd.concat(past, ignore_index=True).assign(origin="past")


def _identity_numbers(people: pd.DataFrame, prefix: str, rng: np.random.Generator) -> NDArray[np.str_]:
    """Unique numbers: reserved prefix, last four digits of the region, birth date, sequence, check."""
    place = np.char.add(prefix, people["region"].str[2:].to_numpy(str))
    date = np.char.replace(texts(people["born"].to_numpy()), "-", "")
    male = people["sex"].eq("m").to_numpy()
    group = pd.Series(np.char.add(np.char.add(place, date), np.where(male, "m", "f")))
    nth = group.groupby(group).cumcount().to_numpy()
    # 500 numbers a place, day and sex: the start is random, the next ones follow
    start = group.map(
        dict(zip(group.unique(), rng.integers(0, 500, group.nunique()), strict=True))
    ).to_numpy()
    if nth.max(initial=0) >= 500:
        raise ValueError("more than 500 persons of one sex and birth date in one place: use fewer persons")
    sequence = (start + nth) % 500 * 2 + male
    body = np.char.add(np.char.add(place, date), np.char.zfill(sequence.astype(str), 3))
    return np.char.add(body, citizen_check(body))


def _names(n: int, params: Params, rng: np.random.Generator) -> NDArray[np.str_]:
    surnames = np.array(list(params["surnames"]))
    # earlier surnames are more common
    weights = 1 / (np.arange(len(surnames)) + 3)
    name = rng.choice(surnames, n, p=weights / weights.sum())
    for key in ("given_first", "given_second"):
        name = np.char.add(name, rng.choice(np.array(list(params[key])), n))
    return name


def _mobiles(
    people: pd.DataFrame, on: np.datetime64, params: Params, rng: np.random.Generator
) -> NDArray[np.str_]:
    digits = 11 - len(params["mobile_prefix"])
    numbers = np.char.zfill(rng.integers(0, 10**digits, len(people)).astype(str), digits)
    age = (on - people["born"].to_numpy("datetime64[D]")).astype(float) / 365.2425
    has = (age >= params["mobile_from_age"]) & (rng.random(len(people)) < params["mobile_share"])
    return np.where(has, np.char.add(params["mobile_prefix"], numbers), "")


def _destinations(
    origin: NDArray[np.str_], everywhere: NDArray[np.str_], params: Params, rng: np.random.Generator
) -> NDArray[np.str_]:
    """A new region for each mover, other than the old one, by population, mostly in the same province."""
    target = origin.copy()
    stays = rng.random(len(origin)) < params["moved_within"]
    todo = np.ones(len(origin), dtype=bool)
    for _ in range(200):
        target[todo] = rng.choice(everywhere, int(todo.sum()))
        same_province = target.astype("<U2") == origin.astype("<U2")
        todo = (target == origin) | (stays & ~same_province)
        if not todo.any():
            break
    return target


def _register_rows(people: pd.DataFrame) -> pd.DataFrame:
    return people.assign(birth_date=texts(people["born"].to_numpy()))[PERSON].reset_index(drop=True)


def _yearly(
    table: str, name: str, people: pd.DataFrame, day: str, columns: list[str], params: Params
) -> list[Delivery]:
    """One delivery a year of the events on `day`, in order of time, with certificate numbers."""
    deliveries = []
    for year, rows in people.sort_values([day, "person_id"]).groupby(people[day].dt.year):
        serial = pd.Series(np.arange(1, len(rows) + 1), index=rows.index).astype(str).str.zfill(7)
        happened = rows[day].to_numpy("datetime64[D]")
        rows = rows.assign(
            certificate=f"{name[0].upper()}{year}" + serial,
            birth_date=texts(rows["born"].to_numpy()),
            death_date=texts(rows["died"].to_numpy()),
            age_at_death=_full_years(rows["born"].to_numpy("datetime64[D]"), happened).astype(str),
        )
        date = f"{year + 1}-{params['vital_day']}"
        deliveries.append(
            Delivery(table, date, f"{name}_{year}_模拟.csv", rows[columns].reset_index(drop=True))
        )
    return deliveries


def _full_years(born: Days, on: Days) -> NDArray[np.int64]:
    """Completed years of age."""
    years = on.astype("datetime64[Y]").astype(int) - born.astype("datetime64[Y]").astype(int)
    months = on.astype("datetime64[M]").astype(int) % 12 - born.astype("datetime64[M]").astype(int) % 12
    days = (on - on.astype("datetime64[M]")).astype(int) - (born - born.astype("datetime64[M]")).astype(int)
    return years - ((months < 0) | ((months == 0) & (days < 0)))
