"""How far off past nowcasts of national growth would have been, beside the autoregression.

    .venv/bin/python -m benchmarks.nowcast --sources DIR

DIR holds departments' own files, as for `make real`; no lake and no Spark. Each quarter is told from its own months,
before its product is known, by models and weights estimated on quarters known by then (newest revisions). Spans: all
quarters that are scored, the newest of them, and all without the years of shocks that indicators.yaml sets apart.
"""

import argparse
import time
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

import conf
from conf import periods
from conf.source_files import load_sources
from jobs.methods import nowcast
from jobs.methods.base import Given, Surroundings, label, methods
from themes.common.contract import Input, Theme, discover

ANALYSIS, COUNTRY = "economic.national_gdp_nowcast", "100000"
NEWEST = (20, 12)
MODELS = ("nowcast", "factor", "bridge", "autoregression")


def rows(theme: Theme, found: pd.DataFrame, wanted: Input) -> pd.DataFrame:
    """Rows of one input series, as a method is given them."""
    freq = theme.indicators[f"{theme.id}.{wanted.indicator}"].freq
    _, _, name = wanted.breakdown.partition("=")
    own = found[found["series"] == name]
    if own.empty:
        raise SystemExit(f"no series {name} in the files")
    values = own.groupby(pd.PeriodIndex(own["date"], freq=freq))["value"].mean()
    labels = [label(period) for period in values.index]
    return pd.DataFrame(
        {
            "item": f"{wanted.indicator}|{wanted.breakdown}", "indicator": wanted.indicator, "region": COUNTRY,
            "breakdown": wanted.breakdown, "period": labels, "period_end": [periods.end(one) for one in labels],
            "value": values.to_numpy(), "unit": "percent", "published_at": date.today(),
        }
    )  # fmt: skip


def told(sources: Path) -> tuple[pd.DataFrame, frozenset[int]]:
    """Past nowcasts by quarter and model beside `actual`, and the years set apart."""
    theme = next(theme for theme in discover() if ANALYSIS in theme.analyses)
    files = load_sources("real")["statistics_macro_series"].collect
    found = pd.concat([pd.read_csv(sources / one.file, parse_dates=["date"]) for one in files])
    analysis, loaded = theme.analyses[ANALYSIS], conf.load()
    given = {
        role: pd.concat([rows(theme, found, one) for one in inputs], ignore_index=True)
        for role, inputs in analysis.inputs.items()
    }
    parameters = nowcast.Nowcasting.model_validate(analysis.parameters)
    around = Surroundings(loaded.regions, loaded.neighbours, loaded.festivals, date.today())
    _, details = methods()[analysis.method].work(Given(given, parameters, around)).frames()
    past = details[details["measure"] == "told"].pivot(index="period", columns="item", values="value")
    actual = details[details["measure"] == "actual"].set_index("period")["value"]
    return past.assign(actual=actual), parameters.apart


def main() -> None:
    """Print root mean squared errors (percentage points) of each model over each span."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sources", type=Path, required=True, help="folder of departments' own files")
    began = time.process_time()
    past, apart = told(parser.parse_args().sources)
    calm = ~past.index.str[:4].astype(int).isin(apart)
    spans = {"all": past} | {f"newest {n}": past[-n:] for n in NEWEST}
    spans[f"all without {', '.join(map(str, sorted(apart)))}"] = past[calm]
    print(f"{'span':<24}{'quarters':>9}" + "".join(f"{name:>16}" for name in MODELS))
    for name, span in spans.items():
        errors = [float(np.sqrt(((span[model] - span["actual"]) ** 2).mean())) for model in MODELS]
        print(f"{name:<24}{len(span):>9}" + "".join(f"{error:>16.2f}" for error in errors))
    print(f"{past.index[0]} to {past.index[-1]}; {time.process_time() - began:.0f} processor seconds")


if __name__ == "__main__":
    main()
