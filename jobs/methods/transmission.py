"""Price transmission 价格传导 from one price to another."""

from __future__ import annotations

import numpy as np
import pandas as pd

from jobs.methods.base import Found, Given, Parameters, method
from jobs.methods.runs import at, unbroken
from models.agriculture.transmission import error_correction, transmission, unit_roots
from models.checks import LackingError


class TransmissionParameters(Parameters):
    """`shock` of the upstream price in percent and `steps` after it that are shown; `lags` of past changes;
    `size` (0-1) of the tests; holes of at most `bridge` periods are bridged by a line."""

    shock: float
    steps: int
    lags: int
    size: float
    bridge: int


@method("transmission", "1.0", "upstream", "downstream", parameters=TransmissionParameters, two_sided=True)
def transmitted(given: Given) -> Found:
    """Figure: share of a gap to the long run that is closed in a period, in percent (negative), at the newest period.
    Details: the gap in percent by period; tests, elasticity, correction above and below, symmetry, half-life;
    the response to a rise and to a fall by step."""
    found, p = Found(), given.parameters
    upstream, downstream = (dict(given.by_region(role)) for role in ("upstream", "downstream"))
    reasons: list[ValueError] = [
        at(min(downstream), LackingError("no_input", "no upstream price", role="upstream"))
    ]
    for region in sorted(set(upstream) & set(downstream)):
        pair = pd.concat(
            {
                role: rows.set_index("period")["value"]
                for role, rows in {"upstream": upstream[region], "downstream": downstream[region]}.items()
            },
            axis=1,
            join="inner",
        )
        pair = pair.reindex(unbroken(pair["upstream"], p.bridge).index).interpolate()
        try:
            made = transmission(pair["upstream"], pair["downstream"])
            vector = error_correction(pair["upstream"], pair["downstream"], p.lags)
            roots = {role: unit_roots(pair[role]) for role in pair}
        except ValueError as reason:
            reasons.append(at(region, reason))
            continue
        last = str(pair.index[-1])
        found.add(region, pd.Series([100 * made.common], [last]))
        found.detail(region, "gap", pd.Series(100 * np.expm1(made.gap), pair.index))
        told = {
            "elasticity": made.elasticity,
            "p_cointegration": made.cointegration,
            "cointegrated": float(made.cointegration < p.size),
            "correction_above": made.above,
            "correction_below": made.below,
            "p_asymmetry": made.symmetry,
            "half_life": made.half_life if np.isfinite(made.half_life) else None,
            "vecm_elasticity": vector.elasticity,
            "vecm_upstream": vector.upstream,
            "vecm_downstream": vector.downstream,
        }
        for measure, value in told.items():
            if value is not None:
                found.note(region, last, measure, value=value)
        for role, root in roots.items():
            found.note(region, last, "integrated", value=float(root.integrated(p.size)), item=str(role))
            found.note(region, last, "p_unit_root", value=root.adf_level, item=str(role))
            found.note(region, last, "p_stationary", value=root.kpss_level, item=str(role))
        steps = [f"s{step}" for step in range(1, p.steps + 1)]
        for item, sign in {"up": 1, "down": -1}.items():
            response = made.response(float(np.log1p(sign * p.shock / 100)), p.steps)
            found.detail(region, "impulse", pd.Series(100 * np.expm1(response), steps), item=item)
    if not found.figures:
        raise reasons[-1]
    return found
