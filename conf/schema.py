"""What the files of conf may hold. Every model is frozen and refuses unknown keys."""

from datetime import date
from string import Formatter
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Freq = Literal["Y", "Q", "M", "T", "W", "D"]
Light = Literal["red", "orange", "yellow", "blue", "green", "grey"]
WarningLevel = Literal["I", "II", "III", "IV"]
UnitKind = Literal[
    "count", "money", "price", "percent", "percentage_point", "ratio", "index", "quantity", "duration"
]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]

MESSAGE_FIELDS = frozenset({"value", "threshold", "region", "period", "run_length"})


class Frozen(BaseModel):
    """Base of everything read from conf."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Frozen):
    """The same words in Chinese and English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Lake(Frozen):
    """Where the lake lies."""

    path: str = Field(min_length=1)


class Map(Frozen):
    """Whose boundaries the maps show; `review_number` is null until there is one."""

    review_number: str | None
    source: Text


class Cockpit(Frozen):
    """Address the cockpit listens on."""

    host: str = Field(min_length=1)
    port: int = Field(ge=1, le=65535)


class Forecast(Frozen):
    """`horizon` is in periods by freq; a freq that is not named is not forecast."""

    horizon: dict[Freq, Count]
    origins: Count
    levels: tuple[Annotated[int, Field(gt=0, lt=100)], ...]


class TargetLights(Frozen):
    """Smallest pace (attainment over the path's share) of a green and of a yellow target."""

    green: float = Field(gt=0)
    yellow: float = Field(gt=0)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.yellow >= self.green:
            raise ValueError("yellow must lie below green")
        return self


class ChanceWords(Frozen):
    """Least chance that is called likely, and below which one is called unlikely."""

    likely: Share
    unlikely: Share

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.unlikely >= self.likely:
            raise ValueError("unlikely must lie below likely")
        return self

    def of(self, chance: float) -> str:
        """The word that names a chance."""
        if chance >= self.likely:
            return "likely"
        return "even" if chance >= self.unlikely else "unlikely"


class CountSurvival(Frozen):
    """Paths drawn of how a count falls to zero, and their seed."""

    draws: Count
    seed: int


class Simulation(Frozen):
    """Size and last year of the simulated registers."""

    seed: int
    persons: Count
    firms: Count
    end_year: int


class Spark(Frozen):
    """The local Spark session."""

    master: str
    driver_memory: str = Field(pattern=r"^\d+[mg]$")
    shuffle_partitions: Count
    snapshot_partitions: Count
    most_files: Count
    time_zone: str


class Settings(Frozen):
    """conf/settings.yaml; every key is explained there."""

    provinces: tuple[str, ...] = Field(min_length=1)
    home_region: str
    marking: Text
    lake: Lake
    map: Map
    quarantine_limit: Share
    mistyped_limit: Share
    mistyped_least: int = Field(ge=1)
    emptied_chance: Share
    correction_days: Count
    cockpit: Cockpit
    forecast: Forecast
    target_lights: TargetLights
    plan_years: Count
    recent_months: Count
    chance_words: ChanceWords
    chance_record_least: Count
    count_survival: CountSurvival
    simulation: Simulation
    spark: Spark


class Department(Text):
    """A department 部门 of the provincial government."""


class Scale(Frozen):
    """A larger unit to show a value in: value / factor, followed by `symbol`."""

    factor: float = Field(gt=1)
    symbol: str = Field(min_length=1)


class Scales(Frozen):
    """Larger units by language, smallest first."""

    zh: tuple[Scale, ...] = ()
    en: tuple[Scale, ...] = ()


class Unit(Text):
    """A unit of measurement 计量单位; `decimals` are those shown."""

    kind: UnitKind
    decimals: int = Field(ge=0, le=6)
    scales: Scales = Scales()


class Code(Text):
    """One entry of a code list; `aliases` are further spellings that departments use for it.

    Only ages carry bounds (in full years, `age_to` null when open).
    """

    aliases: tuple[str, ...] = ()
    age_from: int | None = Field(default=None, ge=0)
    age_to: int | None = Field(default=None, ge=0)


class Target(Frozen):
    """A plan target 规划目标; `base` and `base_date` are null where the plan does not state them.

    `low` and `high` bound what its value can be, null: no bound.
    """

    target_id: str = Field(pattern=r"^[A-Z]{2}-\d{2}$")
    region: str
    clause: Text
    name: Text
    unit: str
    direction: Literal["up", "down"]
    trajectory: Literal["linear", "s_curve", "milestone"]
    base: float | None
    base_date: date | None
    goal: float
    low: float | None
    high: float | None
    due: date
    department: str
    verified: bool
    note: Text | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.base_date is not None and self.base_date >= self.due:
            raise ValueError("base_date must lie before due")
        if self.base is not None and (self.goal - self.base) * (1 if self.direction == "up" else -1) <= 0:
            raise ValueError(f"goal must lie {'above' if self.direction == 'up' else 'below'} base")
        if (self.low is not None and self.goal < self.low) or (
            self.high is not None and self.goal > self.high
        ):
            raise ValueError("goal must lie within low and high")
        return self


class Band(Frozen):
    """A level and the values that reach it: `low` to `high` (null: open), held for `run` periods on end.

    Values are the indicator itself for `hog_ratio_bands` and its change in percent for `window_change`. The
    threshold is the edge that is crossed first: `high` of a fall, `low` of a rise.
    """

    level: WarningLevel
    light: Light
    low: float | None
    high: float | None
    low_inclusive: bool
    high_inclusive: bool
    run: Count = 1
    action: Text | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low is None and self.high is None:
            raise ValueError("low or high must be given")
        if self.low is not None and self.high is not None and self.high <= self.low:
            raise ValueError("high must lie above low")
        return self

    def holds(self, value: float) -> bool:
        """Whether one value lies in the band, whatever the run."""
        above = self.low is None or value > self.low or (self.low_inclusive and value == self.low)
        below = self.high is None or value < self.high or (self.high_inclusive and value == self.high)
        return above and below


class Parameters(Frozen):
    """What a value is compared with: nothing, the period before, that three before, or the same a year ago."""

    compare: Literal["previous", "three_before", "year_ago"] | None = None


class Rule(Frozen):
    """One dated version of a warning rule 预警规则; `levels` stand from the mildest to the most severe.

    It holds from `valid_from` to the day before `valid_to`, for series of `indicator` of this `breakdown`.
    """

    rule_id: str = Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")
    version: str = Field(min_length=1)
    name: Text
    message: Text
    jurisdiction: str
    scheme: Literal["emergency", "progress", "climate"]
    direction: Literal["rise", "fall"]
    valid_from: date
    valid_to: date | None
    source: Text
    verified: bool
    method: Literal["hog_ratio_bands", "window_change"]
    indicator: str
    breakdown: str = ""
    freq: Freq
    parameters: Parameters = Parameters()
    levels: tuple[Band, ...] = Field(min_length=1)
    note: Text | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError("valid_to must come after valid_from")
        if (self.method == "window_change") != (self.parameters.compare is not None):
            raise ValueError("parameters.compare is needed by window_change, and only there")
        severity = [("IV", "III", "II", "I").index(band.level) for band in self.levels]
        if severity != sorted(set(severity)):
            raise ValueError("levels must stand from the mildest to the most severe")
        for lang, text in (("zh", self.message.zh), ("en", self.message.en)):
            unknown = {name for _, name, _, _ in Formatter().parse(text) if name is not None} - MESSAGE_FIELDS
            if unknown:
                raise ValueError(f"message.{lang} has an unknown field {{{sorted(unknown)[0]}}}")
        return self


class RegionUnit(Frozen):
    """A census region and the comparable unit (同口径单元) it belongs to in that census."""

    unit: str = Field(min_length=1)
    census_year: Literal[2010, 2020]
    region: str
    note: str
