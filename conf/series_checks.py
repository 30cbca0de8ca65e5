"""What is looked for in delivered series: the entries of conf/series_checks.yaml."""

from string import Formatter
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from conf.files import Reader
from conf.schema import Count, Freq, Frozen, Share, Text, UnitKind

FILE = "series_checks.yaml"

Positive = Annotated[float, Field(gt=0)]
Factors = Annotated[tuple[Annotated[float, Field(gt=1)], ...], Field(min_length=1)]


class _FutureDate(Frozen):
    days: int = Field(ge=0)


class _ClosedRevision(Frozen):
    years: Count
    tolerance: Positive


class _Silence(Frozen):
    longest: dict[Freq, Annotated[int, Field(ge=0)]]
    least_count: float = Field(ge=0)

    @model_validator(mode="after")
    def _every_frequency(self) -> Self:
        if missing := sorted(set("YQMTWD") - self.longest.keys()):
            raise ValueError(f"longest lacks frequency {missing[0]}")
        return self


class _MissingPeriods(_Silence):
    coverage: Share
    habit: Share


class _Cumulative(Frozen):
    years: int = Field(ge=2)
    share: Share
    rise: Positive


class _CumulativeFrom(Frozen):
    values: int = Field(ge=3)
    rise: Positive
    apart: Positive
    least_count: float = Field(ge=0)


class _SuddenChange(Frozen):
    pass


class _PercentSlip(Frozen):
    factors: Factors
    tolerance: Positive
    least_steps: float = Field(ge=0)
    reach: int = Field(ge=2)
    sigmas: Positive


class _Level(Frozen):
    reach: int = Field(ge=2)
    sigmas: Positive
    above_zero: Share
    below_zero: Share


class _Factor(_Level):
    factors: Factors
    tolerance: Positive
    least_steps: float = Field(ge=0)


class _NewestBase(_Level):
    least: Positive
    near: Positive


class _NewBase(_NewestBase):
    growth_sigmas: Positive


#: Rule → its parameters, and the numbers that its evidence may name beside period, value and expected.
RULES: dict[str, tuple[type[Frozen], frozenset[str]]] = {
    "future_date": (_FutureDate, frozenset({"days"})),
    "closed_revision": (_ClosedRevision, frozenset({"change"})),
    "missing_periods": (_MissingPeriods, frozenset({"missing"})),
    "stopped": (_Silence, frozenset({"missing"})),
    "cumulative": (_Cumulative, frozenset({"years", "rise"})),
    "cumulative_from": (_CumulativeFrom, frozenset({"years", "rise"})),
    "percent_slip": (_PercentSlip, frozenset({"factor", "middle"})),
    "unit_change": (_Factor, frozenset({"factor", "ratio"})),
    "new_base": (_NewBase, frozenset({"ratio", "growth_before", "growth_after"})),
    "newest_factor": (_Factor, frozenset({"factor", "ratio", "values"})),
    "newest_base": (_NewestBase, frozenset({"ratio", "values"})),
    "decimal_slip": (_Factor, frozenset({"factor", "ratio"})),
    "sudden_change": (_SuddenChange, frozenset({"before", "change"})),
}


class SeriesCheck(Frozen):
    """A rule that looks for a fault: for units of which `kinds`, and what it `withholds` until it is confirmed.

    `parameters` are what the rule's function takes (models/series/faults*.py); `evidence` is a template for
    `str.format`.
    """

    name: Text
    evidence: Text
    kinds: tuple[UnitKind, ...] = Field(min_length=1)
    withholds: Literal["point", "onward", "all", "nothing"]
    parameters: dict[str, Any]
    source: Text


def read(reader: Reader) -> dict[str, SeriesCheck]:
    """Rule → entry. Faults are noted: unknown rules, wrong parameters, evidence that names what is not there."""
    checks = reader.table(FILE, SeriesCheck)
    for rule in sorted(RULES.keys() - checks.keys()):
        reader.note(FILE, rule, "is missing")
    for rule, check in checks.items():
        if rule not in RULES:
            reader.note(FILE, rule, f"unknown rule; known are {', '.join(RULES)}")
            continue
        parameters, numbers = RULES[rule]
        reader.model(FILE, f"{rule}.parameters", parameters, check.parameters)
        for lang, template in (("zh", check.evidence.zh), ("en", check.evidence.en)):
            named = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
            if unknown := sorted(named - numbers - {"period", "value", "expected"}):
                reader.note(FILE, f"{rule}.evidence.{lang}", f"has an unknown field {{{unknown[0]}}}")
    return checks
