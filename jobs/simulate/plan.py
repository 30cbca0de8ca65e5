"""Reported progress on plan targets 规划目标进展填报: some ahead of the path, some behind, some silent."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from conf.schema import Target
from jobs.simulate.delivery import Delivery, Params, stream, texts

PROGRESS = ["target_id", "region", "as_of", "value", "evidence"]


def plan_deliveries(
    targets: Sequence[Target], decimals: Mapping[str, int], params: Params, seed: int
) -> list[Delivery]:
    """One file a province and year with the month-end reports of its targets.

    `decimals`: unit → decimals in which values of the unit are reported.
    """
    reports = [
        _reports(target, decimals[target.unit], params, stream(seed, "plan", target.target_id))
        for target in _reported(targets, params, seed)
    ]
    if not reports:
        return []
    frame = pd.concat(reports, ignore_index=True)
    frame["province"] = frame["target_id"].str[:2]
    frame["year"] = frame["as_of"].str[:4].astype(int)
    frame = frame.sort_values(["as_of", "target_id"])
    return [
        Delivery(
            "development_plan_progress",
            f"{year + 1}-{params['delivery_day']}",
            f"plan_progress_{province}_{year}_模拟.csv",
            rows[PROGRESS].reset_index(drop=True),
        )
        for province in params["span"]
        for year in frame["year"][frame["province"] == province].unique()
        for rows in [frame[(frame["province"] == province) & (frame["year"] == year)]]
    ]


def _reported(targets: Sequence[Target], params: Params, seed: int) -> list[Target]:
    """The targets that are reported at all, drawn in each province, in the plan's order."""
    chosen = []
    for code in params["span"]:
        local = [target for target in targets if target.target_id.startswith(f"{code}-")]
        size = round(params["reported"] * len(local))
        drawn = stream(seed, "plan", code).choice(len(local), size=size, replace=False) if size else []
        chosen += [local[i] for i in sorted(drawn)]
    return chosen


def _reports(target: Target, decimals: int, params: Params, rng: np.random.Generator) -> pd.DataFrame:
    """Month-end values on the way from base to goal at a pace of the target's own."""
    first, last = params["span"][target.target_id[:2]]
    months = np.arange(np.datetime64(first, "M"), np.datetime64(last, "M") + 1)
    ends = (months + 1).astype("datetime64[D]") - 1
    start = months[0].astype("datetime64[D]")
    time = (ends - start).astype(float) / (np.datetime64(target.due, "D") - start).astype(float)
    if target.trajectory == "s_curve":
        time = (np.tanh(4 * (time - 0.5)) / np.tanh(2) + 1) / 2
    pace = rng.uniform(*params["pace"])
    # reports of a cumulative target hardly ever go back: the running maximum of the noisy path
    noisy = np.maximum.accumulate(pace * time + params["noise"] * rng.standard_normal(len(months)))
    # a count stops at its goal, a share may go beyond
    done = np.clip(noisy, 0, max(pace, 1.0) if decimals else 1.0)
    if target.trajectory == "milestone":
        done = np.floor(done)
    gap = params["assumed_base_gap"] * abs(target.goal) * (1 if target.direction == "up" else -1)
    base = target.goal - gap if target.base is None else target.base
    value = base + (target.goal - base) * done
    kept = len(months)
    if rng.random() < params["silent_after"]:
        kept = int(rng.integers(len(months) // 3, len(months) * 2 // 3))
    evidence = "measured" if rng.random() < params["measured"] else "self_reported"
    return pd.DataFrame(
        {
            "target_id": target.target_id,
            "region": target.region,
            "as_of": texts(ends),
            "value": np.char.mod(f"%.{decimals}f", value),
            "evidence": evidence,
        }
    )[:kept]
