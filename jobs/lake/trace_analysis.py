"""Walking a figure that a method made back to its input figures, and making it once more from them. No JVM."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from conf import Conf
from jobs.lake.trace_figures import Figure, Release
from jobs.methods.base import Surroundings
from jobs.steps import analyses, doubts
from themes.common.contract import Analysis, Theme


@dataclass(frozen=True)
class MadeOf:
    """A figure, its value made again from the release's input figures (None: they give none), and the input
    figures nearest behind it, one a series."""

    figure: Figure
    recomputed: float | None
    inputs: tuple[Figure, ...]

    @property
    def agrees(self) -> bool:
        """Whether both values are the same to nine digits."""
        value = self.figure["value"]
        return self.recomputed is not None and math.isclose(
            self.recomputed, value, rel_tol=1e-9, abs_tol=1e-9
        )


def made_of(release: Release, loaded: Conf, theme: Theme, figure: Figure) -> MadeOf:
    """The figure (a row of gold.indicator) of an analysis of the theme, walked back and made again."""
    name = figure["indicator"]
    only = theme.model_copy(update={"analyses": {name: theme.analyses[name]}})
    rows = pd.DataFrame(release.rows("indicator", indicator=analyses.wanted([only])))
    open_ones = pd.DataFrame(release.rows("doubt", theme=[theme.id]))
    around = Surroundings(loaded.regions, loaded.neighbours, loaded.festivals, release.as_of)
    kept = doubts.trusted(analyses.with_levels(rows, loaded.regions), open_ones)
    made = analyses.results([only], kept, around).figures
    same = made[
        (made["region"] == figure["region"])
        & (made["breakdown"] == figure["breakdown"])
        & (made["period"] == figure["period"])
    ]
    value = float(same["value"].iloc[0]) if len(same) else None
    return MadeOf(figure, value, tuple(_inputs(only.analyses[name], theme.id, kept, loaded, figure)))


def _inputs(analysis: Analysis, theme: str, rows: pd.DataFrame, loaded: Conf, figure: Figure) -> list[Figure]:
    given = pd.concat(
        [analyses.chosen(theme, one, rows) for inputs in analysis.inputs.values() for one in inputs]
    )
    up = {figure["region"], *loaded.regions.ancestors(figure["region"])}
    near = given["region"].map(lambda r: r in up or figure["region"] in loaded.regions.ancestors(r))
    behind = given[near & (given["period_end"] <= figure["period_end"])]
    newest = behind.drop_duplicates(["region", "item"], keep="last")
    return [{str(k): v for k, v in row.items()} for row in newest.to_dict("records")]
