"""Contracts and indicator definitions of the themes, read from their folders and validated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from conf.errors import ConfError
from conf.files import Reader

THEMES_ROOT = Path(__file__).resolve().parent.parent

ColumnType = Literal[
    "text", "integer", "decimal", "year", "date", "region", "code", "citizen_id", "uscc", "mobile"
]
Dimension = Literal["normative", "completeness", "accuracy", "consistency", "timeliness", "accessibility"]

# Columns that every silver row carries beside those of its contract.
ORIGIN = frozenset(
    {
        "delivery",
        "delivered_on",
        "source",
        "file",
        "sheet",
        "row",
        "hash",
        "status",
        "superseded_on",
        "decision",
    }
)


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(_Record):
    """A text in both languages."""

    zh: str
    en: str


class ThemeInfo(_Record):
    """Name of a theme, its place in the navigation, and the department that owns it."""

    name: Label
    position: int
    icon: str = "dot"
    department: str


class Column(_Record):
    """One column of a contract table; `zh` is the header departments use.

    A region has to exist when its row is stated for: in the year or month of the key, or else of the year or date
    column `valid_in`.
    """

    zh: str
    type: ColumnType
    unit: str | None = None
    required: bool = False
    codes: str | None = None
    pattern: str | None = None
    min: float | dt.date | None = None
    max: float | dt.date | None = None
    not_after: str | None = None
    valid_in: str | None = None
    grade: int = Field(default=1, ge=1, le=4)

    @model_validator(mode="after")
    def _codes_with_code(self) -> Column:
        if (self.type == "code") != (self.codes is not None):
            raise ValueError("a column of type code names its list in `codes`, and no other column does")
        return self


class Rule(_Record):
    """A check over one row: `sql` must be true for the row to be accepted (or, for `warn`, clean)."""

    code: str
    column: str
    dimension: Dimension
    severity: Literal["quarantine", "warn"] = "quarantine"
    sql: str
    zh: str
    en: str


class Table(_Record):
    """A source table as departments hand it in."""

    department: str
    title: Label
    share: Literal["unconditional", "conditional", "not_shared"]
    freshness_days: int
    key: tuple[str, ...]
    history: bool = False
    measure: str | None = None
    columns: dict[str, Column]
    rules: tuple[Rule, ...] = ()

    def stated_for(self, region: str) -> dict[str, ColumnType]:
        """Columns, with their types, of the period in which a region column's code has to exist.

        That is its `valid_in`, or the first date of the key, or the year of the key with the quarter or month beside
        it. Registers have none.
        """
        named = self.columns[region].valid_in
        typed = {name: self.columns[name].type for name in ([named] if named else self.key)}
        dates = [name for name, kind in typed.items() if kind == "date"]
        years = [name for name, kind in typed.items() if kind == "year"]
        parts = [name for name in ("quarter", "month") if typed.get(name) == "integer"]
        chosen = dates[:1] or years[:1] + (parts[:1] if years else [])
        return {name: typed[name] for name in chosen}

    @model_validator(mode="after")
    def _names_exist(self) -> Table:
        reserved = sorted(ORIGIN & set(self.columns))
        if reserved:
            raise ValueError(f"column {reserved[0]!r}: the name is kept for where a row came from")
        for name in (*self.key, *([self.measure] if self.measure else []), *(r.column for r in self.rules)):
            if name not in self.columns:
                raise ValueError(f"column {name!r} is not declared")
        return self


class Entity(_Record):
    """A second-floor table: versions (SCD type 2) of the rows of one table by one key."""

    table: str
    key: str


class Contract(_Record):
    """A theme with its source tables and entities."""

    theme: ThemeInfo
    tables: dict[str, Table] = {}
    entities: dict[str, Entity] = {}


Freq = Literal["Y", "Q", "M", "T", "W", "D"]


class Measure(_Record):
    """What is published under a name, whichever way its figures come about.

    `opens_with` is the breakdown that a page shows first, such as `series=PMI`, where there is no total.
    """

    name: Label
    unit: str
    definition: Label
    department: str | None = None
    freq: Freq
    breakdowns: tuple[tuple[str, ...], ...] = ((),)
    opens_with: str | None = None
    decimals: int = 1
    direction: Literal["up", "down", "neutral"] = "neutral"
    light_scheme: Literal["emergency", "progress", "climate", "none"] = "none"
    headline: bool = False
    map: bool = True

    @model_validator(mode="after")
    def _opens_with_a_breakdown(self) -> Measure:
        if self.opens_with is not None:
            columns = sorted(pair.partition("=")[0] for pair in self.opens_with.split("|"))
            if columns not in [sorted(group) for group in self.breakdowns]:
                raise ValueError(f"opens_with: {self.opens_with!r} is none of the breakdowns")
        return self


class Indicator(Measure):
    """One indicator: a formula over a silver table or a view made by the theme's transforms.

    `where`, `period`, `value` and `breakdowns` are Spark SQL over that table. `levels` are the
    region levels published; a row counts for its own region and for each ancestor at those levels.
    `tables` names the contract tables that a view reads; a table reads itself. A figure that is `complete`
    is published for a region only when each of its members that exist in the period and ever had rows has
    some. A `snapshot` is taken on a day of its period; other figures wait for a delivery after its end.
    Figures that `accumulate` are stated for the year to date 累计 and are not taken for those of single periods.
    `steady` is the largest change from one period to the next that is believed without being asked after, as a share
    of the earlier figure, of what moves slowly, such as a population.
    """

    unit_column: str | None = None
    source: str = Field(alias="from")
    tables: tuple[str, ...] = ()
    where: str = "true"
    period: str
    region: str = "region"
    value: str
    levels: tuple[str, ...] = ("province", "city", "county", "zone")
    rollup: bool = True
    complete: bool = False
    snapshot: bool = False
    accumulate: bool = False
    steady: float | None = Field(None, gt=0)
    changes: tuple[Literal["yoy", "prev"], ...] = ()
    forecast: bool = False


class Input(_Record):
    """Series that a method is given: one indicator of the theme, of one breakdown or (`*`) of all it has.

    `change` takes the published change of the indicator instead of its level. Regions of `levels` only.
    """

    indicator: str
    breakdown: str = "*"
    change: Literal["yoy", "prev"] | None = None
    levels: tuple[str, ...] = ("country", "province", "city", "county", "zone")


class Analysis(Measure):
    """A measure that a method makes of other indicators of the theme, by role of the method.

    `reference` is where the method is published; `chart` is the drawing of what it found beside its figures.
    A `trial` index is our own trial calculation 试算 and says so wherever it is shown.
    """

    method: str
    reference: Label
    inputs: dict[str, tuple[Input, ...]]
    parameters: dict[str, Any] = {}
    chart: str | None = None
    trial: bool = False


class Theme(_Record):
    """A theme folder: its id, contract, indicators and analyses (keyed by their full id `<theme>.<name>`)."""

    id: str
    contract: Contract
    indicators: dict[str, Indicator]
    analyses: dict[str, Analysis] = {}

    @property
    def measures(self) -> dict[str, Measure]:
        """All that the theme publishes, indicators first."""
        return {**self.indicators, **self.analyses}

    def tables_of(self, measure: Measure) -> tuple[str, ...]:
        """The contract tables behind a measure, each once."""
        if isinstance(measure, Indicator):
            return measure.tables
        assert isinstance(measure, Analysis)
        used = (given.indicator for inputs in measure.inputs.values() for given in inputs)
        tables = (table for name in used for table in self.indicators[f"{self.id}.{name}"].tables)
        return tuple(dict.fromkeys(tables))

    def is_fed(self, measure: Measure, tables: Collection[str]) -> bool:
        """Whether these contract tables suffice: a view does with one of its own, a method wants some input a role."""
        if isinstance(measure, Indicator):
            return not set(measure.tables).isdisjoint(tables)
        assert isinstance(measure, Analysis)
        return all(
            any(self.is_fed(self.indicators[f"{self.id}.{one.indicator}"], tables) for one in given)
            for given in measure.inputs.values()
        )


def load_theme(folder: Path) -> Theme:
    """The theme of one folder; raises ConfError naming file and key."""
    reader = Reader(folder.parent)
    file = f"{folder.name}/contract.yaml"
    contract = reader.model(file, "", Contract, reader.yaml(file))
    file = f"{folder.name}/indicators.yaml"
    body = (reader.yaml(file) if (folder.parent / file).exists() else {"indicators": {}}) or {}
    entries = reader.entries(file, "indicators", body.get("indicators"), Indicator)
    if contract is None or reader.problems:
        raise ConfError(reader.problems)
    indicators = {}
    for name, indicator in entries.items():
        if indicator.source in contract.tables:
            indicator = indicator.model_copy(update={"tables": (indicator.source,)})
        unknown = [table for table in indicator.tables if table not in contract.tables]
        if unknown or not indicator.tables:
            reader.note(
                file, f"indicators.{name}.tables", "must name the contract tables that the view reads"
            )
        indicators[f"{folder.name}.{name}"] = indicator
    analyses = {}
    for name, analysis in reader.entries(file, "analyses", body.get("analyses", {}), Analysis).items():
        for problem in _input_problems(name, analysis, entries):
            reader.note(file, f"analyses.{name}.{problem[0]}", problem[1])
        analyses[f"{folder.name}.{name}"] = analysis
    if reader.problems:
        raise ConfError(reader.problems)
    return Theme(id=folder.name, contract=contract, indicators=indicators, analyses=analyses)


def _input_problems(
    name: str, analysis: Analysis, indicators: Mapping[str, Indicator]
) -> Iterator[tuple[str, str]]:
    if name in indicators:
        yield "", "an indicator has the name already"
    for role, inputs in analysis.inputs.items():
        for given in inputs:
            known = indicators.get(given.indicator)
            if known is None:
                yield f"inputs.{role}", f"no indicator {given.indicator!r} in the theme"
            elif given.change is not None and given.change not in known.changes:
                yield f"inputs.{role}", f"{given.indicator} has no change {given.change!r}"


@lru_cache
def discover(root: Path = THEMES_ROOT) -> tuple[Theme, ...]:
    """Every theme folder (one that has a contract.yaml), by position then name."""
    found = [load_theme(file.parent) for file in sorted(root.glob("*/contract.yaml"))]
    return tuple(sorted(found, key=lambda t: (t.contract.theme.position, t.id)))


def find_table(name: str) -> tuple[Theme, Table]:
    """The theme and contract of a table; raises ConfError when no theme declares it."""
    for theme in discover():
        if name in theme.contract.tables:
            return theme, theme.contract.tables[name]
    raise ConfError([f"{name}: table: no theme's contract.yaml declares it"])
