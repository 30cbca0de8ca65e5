"""What every step of a run is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from conf import Conf
from conf.source_files import Source
from jobs.lake import decisions
from jobs.lake.decisions import Decision
from jobs.lake.paths import Lake
from themes.common.contract import Table, Theme
from themes.common.types import half_width

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True)
class Context:
    """One run: its session, settings, sources, lake and day."""

    spark: SparkSession
    conf: Conf
    themes: tuple[Theme, ...]
    sources: dict[str, Source]
    lake: Lake
    run_id: str
    as_of: date

    @cached_property
    def tables(self) -> dict[str, tuple[Theme, Table]]:
        """Every contract table that some source fills."""
        filled = {source.table for source in self.sources.values()}
        return {
            name: (theme, table)
            for theme in self.themes
            for name, table in theme.contract.tables.items()
            if name in filled
        }

    @cached_property
    def codes(self) -> dict[str, dict[str, str]]:
        """Code list → {what a department may write, as `clean` makes it of a cell: code}."""
        return {
            name: {
                half_width(text).strip(): code
                for code, entry in entries.items()
                for text in (code, entry.zh, entry.en, *entry.aliases)
            }
            for name, entries in self.conf.codes.items()
        }

    @cached_property
    def _decisions(self) -> list[Decision]:
        contracts = {name: table for name, (_, table) in self.tables.items()}
        return decisions.load(self.lake.landing, self.as_of, contracts)[0]

    def decisions(self, table: str) -> list[Decision]:
        """The human decisions on rows of a table, the newest last."""
        return [decision for decision in self._decisions if decision.table == table]

    def stamped(self, rows: DataFrame) -> DataFrame:
        """The rows with the run that made them."""
        from pyspark.sql import functions as F

        return rows.withColumn("run_id", F.lit(self.run_id))
