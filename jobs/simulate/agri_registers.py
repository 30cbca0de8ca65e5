"""Certificates, programme counties, land transfer and traceability batches 三品一标、示范县、土地流转、追溯批次."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jobs.simulate.agri_files import by_year, monthly
from jobs.simulate.delivery import Delivery, Params, days_by_month, stream, texts


def register_deliveries(counties: pd.DataFrame, params: Params, seed: int) -> list[Delivery]:
    """`counties`: region, city, city_name, population of every county, zone, or city without counties."""
    certificates = _certificates(counties, params["certificates"], seed)
    land = _land(counties, params["land"], seed)
    batches = _batches(counties, params["batches"], seed)
    started = certificates["valid_from"].str[:4].astype(int)
    return [
        *by_year("agriculture_certificate", certificates, started, params["files"]),
        _programme(counties, params["programme"], seed),
        *by_year("agriculture_land_transfer", land, land["year"].astype(int), params["files"]),
        *by_year(
            "agriculture_trace_batch", batches, batches["inspected_on"].str[:4].astype(int), params["files"]
        ),
    ]


def _certificates(counties: pd.DataFrame, params: Params, seed: int) -> pd.DataFrame:
    """Certificates in order of the day from which they hold; one that is renewed starts when the last one ends."""
    rng = stream(seed, "certificates")
    place = rng.choice(np.arange(len(counties)), params["first"], p=_shares(counties))
    kinds = list(params["kinds"])
    weight = np.array([params["kinds"][kind]["weight"] for kind in kinds], dtype=float)
    rows = []
    first, last = np.datetime64(params["from"], "D"), np.datetime64(params["to"], "D")
    span = int((last - first) / np.timedelta64(1, "D"))
    for at in place.tolist():
        kind = kinds[rng.choice(len(kinds), p=weight / weight.sum())]
        start = first + int(rng.integers(0, span))
        product = str(rng.choice(params["products"]))
        name = "".join(rng.choice(list(params["syllables"]), 2))
        firm = f"{counties['city_name'].iloc[at]}模拟{name}农民专业合作社"
        while start <= last:
            end = start + 365 * params["kinds"][kind]["years"]
            rows.append((counties["region"].iloc[at], kind, product, firm, start, end))
            if rng.random() > params["renewed"]:
                break
            start = end
    frame = pd.DataFrame(
        rows, columns=["region", "certificate_kind", "product", "firm", "valid_from", "valid_to"]
    )
    frame = frame.sort_values(["valid_from", "region", "firm", "product"], ignore_index=True)
    number = frame["certificate_kind"].map({kind: params["kinds"][kind]["prefix"] for kind in kinds})
    frame["certificate"] = number + np.char.mod("%010d", np.arange(1, len(frame) + 1))
    for column in ("valid_from", "valid_to"):
        frame[column] = texts(frame[column].to_numpy("datetime64[D]"))
    return frame[["certificate", "region", "certificate_kind", "product", "firm", "valid_from", "valid_to"]]


def _programme(counties: pd.DataFrame, params: Params, seed: int) -> Delivery:
    """Counties of the programme with their milestones; done late by a lognormal factor, or not yet."""
    rng = stream(seed, "programme")
    pool = counties["region"][counties["region"].str[:2] == params["province"][:2]].to_numpy(str)
    chosen = rng.permutation(pool)
    rows, taken = [], 0
    told = np.datetime64(params["delivered_on"], "D")
    for kind, count in params["counties"].items():
        for region in sorted(chosen[taken : taken + count]):
            slow = float(np.exp(params["lateness"] * rng.standard_normal()))
            for milestone, due in params["milestones"].items():
                start, end = np.datetime64(params["start"], "D"), np.datetime64(due, "D")
                done = start + int((end - start) / np.timedelta64(1, "D") * slow)
                rows.append((region, kind, milestone, str(end), str(done) if done < told else ""))
        taken += count
    columns = ["region", "county_programme", "county_milestone", "due", "done"]
    return Delivery(
        "agriculture_county_programme", params["delivered_on"], "county_programme_模拟.csv",
        pd.DataFrame(rows, columns=columns),
    )  # fmt: skip


def _land(counties: pd.DataFrame, params: Params, seed: int) -> pd.DataFrame:
    rng = stream(seed, "land")
    people = counties.groupby("city")["population"].sum()
    quarters = pd.period_range(params["first"], params["last"], freq="Q")
    contracted = (
        people.to_numpy(float) * params["mu_a_head"] / 1e4 * np.exp(0.3 * rng.standard_normal(len(people)))
    )
    start = params["share"] + params["share_spread"] * rng.standard_normal(len(people))
    path = start + params["growth"] * np.arange(len(quarters))[:, None] / 4
    share = np.clip(path + 0.003 * rng.standard_normal(path.shape), 0.02, 0.95)
    return pd.DataFrame(
        {
            "region": np.tile(people.index.to_numpy(str), len(quarters)),
            "year": np.repeat(quarters.year.to_numpy(), len(people)).astype(str),
            "quarter": np.repeat(quarters.quarter.to_numpy(), len(people)).astype(str),
            "contracted": np.tile(np.char.mod("%.2f", contracted), len(quarters)),
            "transferred": np.char.mod("%.2f", (share * contracted).ravel()),
        }
    )


def _batches(counties: pd.DataFrame, params: Params, seed: int) -> pd.DataFrame:
    rng = stream(seed, "batches")
    months = monthly(params["first_month"], params["last_month"])
    frames = []
    for year in sorted(set(months.year)):
        weights = [1.0 if pd.Period(f"{year}-{m:02d}", "M") in months else 0.0 for m in range(1, 13)]
        n = round(params["a_month"] * sum(weights))
        at = rng.choice(len(counties), n, p=_shares(counties))
        progress = (year - months[0].year) / max(months[-1].year - months[0].year, 1)
        low, high = params["traced"]
        days = np.sort(days_by_month(year, n, weights, rng))
        frames.append(
            pd.DataFrame(
                {
                    "batch": np.char.add(
                        np.char.replace(texts(days), "-", ""), np.char.mod("%06d", np.arange(1, n + 1))
                    ),
                    "region": counties["city"].to_numpy(str)[at],
                    "product": rng.choice(params["products"], n),
                    "market": np.char.add(
                        counties["city_name"].to_numpy(str)[rng.choice(len(counties), n)], "农产品批发市场"
                    ),
                    "inspected_on": texts(days),
                    "result": np.where(rng.random(n) < params["failed"], "failed", "passed"),
                    "traced": np.where(rng.random(n) < low + (high - low) * progress, "yes", "no"),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def _shares(counties: pd.DataFrame) -> NDArray[np.float64]:
    people = counties["population"].to_numpy(float)
    return people / people.sum()
