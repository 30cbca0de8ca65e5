"""Market integration 市场整合: which markets' prices lead which."""

from __future__ import annotations

import numpy as np
import pandas as pd

from jobs.methods.base import Found, Given, Parameters, method
from jobs.methods.runs import at, unbroken
from models.agriculture.integration import price_leads
from models.checks import LackingError


class LeadParameters(Parameters):
    """Past changes in the test, false discovery rate (0-1), and the newest periods that are looked at."""

    lags: int
    discovery_rate: float
    window: int


@method("lead_matrix", "1.0", "prices", parameters=LeadParameters)
def leads(given: Given) -> Found:
    """Figure: share of pairs of markets of a province, in percent, of which one's past helps to foretell the
    other, at the newest period. Details: `p_value` and `lead` (1 or 0) of each pair A>B."""
    found, p = Found(), given.parameters
    rows = given.rows("prices")
    rows = rows[rows["breakdown"] == rows["breakdown"].iloc[0]]
    reasons: list[ValueError] = []
    for province, part in rows.groupby([_parent(given, code) for code in rows["region"]], sort=True):
        table = part.pivot(index="period", columns="region", values="value").dropna()
        if table.empty:
            told = LackingError("incomplete", "no period has prices of all markets")
            reasons.append(at(str(province), told))
            continue
        table = table.loc[unbroken(table.iloc[:, 0]).index[-p.window :]]
        try:
            made = price_leads(table, p.lags, discovery_rate=p.discovery_rate)
        except ValueError as reason:
            reasons.append(at(str(province), reason))
            continue
        source, target = np.nonzero(~np.eye(table.shape[1], dtype=bool))
        last, names = str(table.index[-1]), table.columns.to_numpy(str)
        found.add(str(province), pd.Series([100 * made.holds[source, target].mean()], [last]))
        for measure, matrix in {"p_value": made.p_value, "lead": made.holds}.items():
            pairs = {"item": [f"{a}>{b}" for a, b in zip(names[source], names[target], strict=True)]}
            values = pd.DataFrame(pairs).assign(value=matrix[source, target].astype(float), measure=measure)
            found.details.append(values.assign(region=str(province), breakdown="", period=last, text=""))
    if not found.figures:
        raise reasons[0]
    return found


def _parent(given: Given, code: str) -> str:
    regions = given.around.regions
    return next((up for up in regions.ancestors(code) if regions.get(up).level == "province"), code)
