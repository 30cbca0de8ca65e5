"""How simulated figures of agriculture are handed in: history first, then year by year."""

import pandas as pd

from jobs.simulate.delivery import Delivery, Params


def by_year(table: str, rows: pd.DataFrame, year: pd.Series, params: Params) -> list[Delivery]:
    """Rows (text, as in the contract) up to `history_to` in one file, later years in one each.

    A year is handed in on `delivery_day` of the next, the last one, still running, on `last_on`.
    """
    history, last = params["history_to"], params["last_year"]
    name = table.partition("_")[2]
    found = []
    for until, part in rows.groupby(year.clip(lower=history).to_numpy(int)):
        date = params["last_on"] if until == last else f"{int(str(until)) + 1}-{params['delivery_day']}"
        found.append(Delivery(table, date, f"{name}_{until}_模拟.csv", part.reset_index(drop=True)))
    return found


def monthly(first: str, last: str) -> pd.PeriodIndex:
    """The months from `first` to `last`."""
    return pd.period_range(first, last, freq="M")
