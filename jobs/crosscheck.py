"""Whether conf, themes and sources fit each other: what one names, another must have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import get_args

from conf import Conf
from conf.regions import Level
from conf.source_files import PROFILES, Source
from themes.common.contract import Indicator, Measure, Table, Theme


def problems(conf: Conf, themes: tuple[Theme, ...], sources: Mapping[str, Source], profile: str) -> list[str]:
    """One line `FILE: key: problem` for every name that leads nowhere."""
    tables = {name: table for theme in themes for name, table in theme.contract.tables.items()}
    found = [line for theme in themes for line in _theme(conf, theme)]
    found += _doubled(themes, sources, profile)
    for source in sources.values():
        file = f"conf/{PROFILES[profile]}/{source.id}.yaml"
        found += [f"{file}: {line}" for line in _source(source, tables.get(source.table))]
    return found


def _doubled(themes: tuple[Theme, ...], sources: Mapping[str, Source], profile: str) -> Iterator[str]:
    """A table that two themes declare, or files that two sources read, would be counted twice."""
    declared: dict[str, str] = {}
    for theme in themes:
        for name in (*theme.contract.tables, *theme.contract.entities):
            if name in declared:
                yield f"themes/{theme.id}/contract.yaml: {name}: theme {declared[name]} declares it already"
            declared.setdefault(name, theme.id)
    read: dict[tuple[str, str], str] = {}
    for source in sources.values():
        files = (source.landing, source.files)
        if files in read:
            file = f"conf/{PROFILES[profile]}/{source.id}.yaml"
            yield f"{file}: landing: source {read[files]} reads {'/'.join(files)} already"
        read.setdefault(files, source.id)


def waiting_rules(conf: Conf, themes: tuple[Theme, ...]) -> list[str]:
    """Warning rules whose indicator no theme makes: they stay silent until one does."""
    made = {name for theme in themes for name in theme.measures}
    return sorted(
        {f"{rule.rule_id} waits for {rule.indicator}" for rule in conf.rules if rule.indicator not in made}
    )


def _theme(conf: Conf, theme: Theme) -> Iterator[str]:
    file = f"themes/{theme.id}/contract.yaml"
    if theme.contract.theme.department not in conf.departments:
        yield f"{file}: theme.department: no department {theme.contract.theme.department!r}"
    for name, table in theme.contract.tables.items():
        for line in _table(conf, table):
            yield f"{file}: tables.{name}.{line}"
    for name, entity in theme.contract.entities.items():
        register = theme.contract.tables.get(entity.table)
        if register is None:
            yield f"{file}: entities.{name}.table: no table {entity.table!r}"
        elif entity.key not in register.columns:
            yield f"{file}: entities.{name}.key: no column {entity.key!r}"
    for part, measures in (("indicators", theme.indicators), ("analyses", theme.analyses)):
        for name, measure in measures.items():
            for line in _measure(conf, measure):
                yield f"themes/{theme.id}/indicators.yaml: {part}.{name.partition('.')[2]}.{line}"


def _table(conf: Conf, table: Table) -> Iterator[str]:
    if table.department not in conf.departments:
        yield f"department: no department {table.department!r}"
    for name, column in table.columns.items():
        if column.codes is not None and column.codes not in conf.codes:
            yield f"columns.{name}.codes: no code list {column.codes!r}"
        if column.unit is not None and column.unit not in conf.units:
            yield f"columns.{name}.unit: no unit {column.unit!r}"
        if column.valid_in is not None and not _is_period(table, column.valid_in):
            yield f"columns.{name}.valid_in: no year or date column {column.valid_in!r}"
        if column.not_after not in (None, "delivered_on", *table.columns):
            yield f"columns.{name}.not_after: no column {column.not_after!r}"
        if column.pattern is not None and not _is_pattern(column.pattern):
            yield f"columns.{name}.pattern: not a regular expression"


def _is_period(table: Table, name: str) -> bool:
    return name in table.columns and table.columns[name].type in ("year", "date")


def _measure(conf: Conf, measure: Measure) -> Iterator[str]:
    if measure.unit not in conf.units:
        yield f"unit: no unit {measure.unit!r}"
    if measure.department is not None and measure.department not in conf.departments:
        yield f"department: no department {measure.department!r}"
    for level in measure.levels if isinstance(measure, Indicator) else ():
        if level not in get_args(Level):
            yield f"levels: no level {level!r}"


def _source(source: Source, table: Table | None) -> Iterator[str]:
    if table is None:
        yield f"table: no theme declares {source.table!r}"
        return
    for name in source.columns:
        if name not in table.columns:
            yield f"columns.{name}: {source.table} has no such column"
    for old, name in source.drift.renamed.items():
        if name not in table.columns or not source.headers_of(name, table.columns[name].zh):
            yield f"drift.renamed.{old}: {source.table} has no column {name!r} read from a header"
    for name in source.drift.may_be_emptied:
        if name not in table.columns and name not in source.formula_headers:
            yield f"drift.may_be_emptied: {source.table} has no column {name!r}"
    if source.unpivot is not None:
        if not _is_pattern(source.unpivot.pattern):
            yield "unpivot.pattern: not a regular expression"
        else:
            for name in sorted(source.unpivot.fills - set(table.columns)):
                yield f"unpivot: {source.table} has no column {name!r}"


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True
