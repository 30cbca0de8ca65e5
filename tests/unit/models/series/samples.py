"""Honest series 模拟 of the kinds that departments deliver, for counting whom rules accuse wrongly."""

import numpy as np
import pandas as pd


def monthly(rng: np.random.Generator) -> pd.Series:
    """Ten years of a flow: season, Spring Festival, the fall of February 2020 and what came back or stayed away."""
    n, fall = 120, 61
    t = np.arange(n)
    festival = np.zeros(n)
    share = rng.uniform(0, 1, n // 12)
    festival[0::12], festival[1::12] = -0.3 * share, -0.3 * (1 - share)
    shock = np.zeros(n)
    shock[fall:] = -rng.uniform(0.2, 1.2) * np.exp(-np.arange(n - fall) / rng.uniform(0.7, 4))
    shock[fall:] -= rng.choice([0, 0, 0.25])
    level = rng.normal(0.005, 0.003) * t + np.cumsum(rng.normal(0, 0.01, n))
    log = 5 + level + rng.normal(0, 0.15, 12)[t % 12] + festival + shock + rng.normal(0, 0.03, n)
    return pd.Series(np.exp(log), index=pd.period_range("2015-01", periods=n, freq="M"))


def quarterly(rng: np.random.Generator) -> pd.Series:
    """Ten years that rise within every year, as agriculture does."""
    n = 40
    season = np.array([-0.6, -0.15, 0.25, 0.5]) * rng.uniform(0.2, 1)
    log = 8 + 0.018 * np.arange(n) + season[np.arange(n) % 4] + rng.normal(0, 0.02, n)
    return pd.Series(np.exp(log), index=pd.period_range("2014Q1", periods=n, freq="Q"))


def yearly(rng: np.random.Generator) -> pd.Series:
    """Twenty years of growth."""
    log = 8 + np.cumsum(rng.normal(0.1, 0.06, 20))
    return pd.Series(np.exp(log), index=pd.period_range("2005", periods=20, freq="Y"))


def price(rng: np.random.Generator) -> pd.Series:
    """Five years of a vegetable's weekly price, which doubles within a week and stays there for a while."""
    n = 260
    level, shock = np.zeros(n), rng.standard_t(6, n) * 0.1
    for week in range(1, n):
        level[week] = 0.93 * level[week - 1] + shock[week]
    first = int(rng.integers(5, n - 10))
    level[first : first + int(rng.integers(1, 8))] += np.log(2)
    season = 0.4 * np.sin(2 * np.pi * np.arange(n) / 52 + rng.uniform(0, 6))
    return pd.Series(np.exp(1 + season + level), index=pd.period_range("2018-01-01", periods=n, freq="W-SUN"))


def count(rng: np.random.Generator) -> pd.Series:
    """Ten years of small counts with zeros."""
    mean = rng.choice([0.3, 1, 3, 8, 20])
    return pd.Series(
        rng.poisson(mean, 120).astype(float), index=pd.period_range("2015-01", periods=120, freq="M")
    )


def index(rng: np.random.Generator) -> pd.Series:
    """Ten years of an index that starts at 100."""
    log = np.log(100) + np.cumsum(rng.normal(0.002, 0.006, 120))
    return pd.Series(np.exp(log), index=pd.period_range("2015-01", periods=120, freq="M"))


def to_date(flow: pd.Series) -> pd.Series:
    """Year-to-date sums of a flow."""
    return flow.groupby(pd.PeriodIndex(flow.index).year).cumsum()


def rounded(rng: np.random.Generator) -> pd.Series:
    """Twenty years of a small sector's employment in ten thousand persons with two decimals: in one year, or from one
    on, a survey's new scope leaves a few units of the last digit."""
    values = rng.uniform(0.2, 0.9) * np.exp(np.cumsum(rng.normal(-0.02, 0.05, 20)))
    first = int(rng.integers(3, 20))
    last = rng.choice([first + 1, 20])
    values[first:last] *= rng.uniform(0.08, 0.12)
    return pd.Series(values.round(2), index=pd.period_range("2000", periods=20, freq="Y"))


def clustered(rng: np.random.Generator) -> pd.Series:
    """Twenty years of small counts that vary by more than chance."""
    mean = rng.choice([3, 8, 20]) * rng.gamma(3, 1 / 3, 20)
    return pd.Series(rng.poisson(mean).astype(float), index=pd.period_range("2005", periods=20, freq="Y"))


def balance(rng: np.random.Generator) -> pd.Series:
    """Ten years of a monthly surplus that is a deficit now and then."""
    return pd.Series(
        (rng.gamma(4, 1 / 4, 120) * 1e5 - 4e4).round(2),
        index=pd.period_range("2015-01", periods=120, freq="M"),
    )


def growth(rng: np.random.Generator) -> pd.Series:
    """Ten years of a monthly growth in percent: the fall of 2020 and the rise that compares with it."""
    n, fall = 120, 61
    shock = -rng.uniform(5, 40) * np.exp(-np.arange(n - fall) / rng.uniform(0.7, 4))
    values = rng.uniform(4, 9) + np.cumsum(rng.normal(0, 0.1, n)) + rng.normal(0, rng.uniform(0.3, 0.8), n)
    values[fall:] += shock
    values[fall + 12 :] -= shock[:-12] * rng.uniform(0.8, 1.2)
    return pd.Series(values.round(1), index=pd.period_range("2015-01", periods=n, freq="M"))


def part(rng: np.random.Generator) -> pd.Series:
    """Twenty years of quarters of a share in percent that changes slowly and has a season."""
    n = 80
    season = np.tile(rng.normal(0, 0.8, 4), n // 4)
    values = rng.uniform(12, 60) + np.cumsum(rng.normal(0, 0.3, n)) + season
    return pd.Series(values.round(1), index=pd.period_range("2006Q1", periods=n, freq="Q"))


def few(rng: np.random.Generator) -> pd.Series:
    """Thirty years of quarters of small counts, without a row where there was nothing to count."""
    values = pd.Series(
        rng.poisson(rng.choice([1, 2, 3, 5]), 120).astype(float),
        index=pd.period_range("1995Q1", periods=120, freq="Q"),
    )
    return values[values > 0]
