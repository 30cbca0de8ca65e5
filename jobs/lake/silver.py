"""Silver, first floor: rows typed and judged by their contract; nothing is lost on the way.

Every received row gets one fate: accepted, quarantined (it broke a rule), duplicate (the same content
as the row before it under the same key) or superseded (a later row of the same delivery has its key).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import pandas as pd

from conf.regions import Regions
from conf.source_files import Formula, Source
from jobs.lake.decisions import Decision
from themes.common.contract import Table
from themes.common.types import NO_VALUE, Check, cast_sql, clean, column_checks, literal

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

Codes = Mapping[str, Mapping[str, str]]
_ORIGIN = (
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
)


@dataclass(frozen=True)
class RegionLookup:
    """`frame`: key → code, level, leaf, valid_from, valid_to; a key is a code or a name only one region bears.

    The deployment's list holds no cities and counties of other provinces: their codes, known by the
    prefixes in `outside`, are judged by form only and get the level `outside`.
    """

    frame: DataFrame
    outside: tuple[str, ...]


def region_lookup(spark: SparkSession, regions: Regions, provinces: tuple[str, ...]) -> RegionLookup:
    """The lookup for the regions of conf and the provinces of this deployment."""
    names: dict[str, list[str]] = {}
    for region in regions.rows():
        names.setdefault(region.name_zh, []).append(region.code)
    keys = [(r.code, r.code) for r in regions.rows()]
    keys += [(name, codes[0]) for name, codes in names.items() if len(codes) == 1]
    rows = []
    for key, code in keys:
        r = regions.get(code)
        leaf = regions.is_leaf(code) and any(a in provinces for a in regions.ancestors(code))
        rows.append((key, code, r.level, leaf, r.valid_from, r.valid_to))
    schema = "key string, code string, level string, leaf boolean, valid_from date, valid_to date"
    frame = spark.createDataFrame(
        pd.DataFrame(rows, columns=[c.split()[0] for c in schema.split(", ")]), schema
    )
    others = tuple(r.code[:2] for r in regions.rows() if r.level == "province" and r.code not in provinces)
    return RegionLookup(frame, others)


def _unpivoted(cells: DataFrame, source: Source, headers: list[str]) -> DataFrame:
    """One row per matching column of each row; the groups of the pattern become columns."""
    from pyspark.sql import functions as F

    unpivot = source.unpivot
    assert unpivot is not None
    matched = {f"_cell_{h}": m.groupdict() for h in headers if (m := unpivot.matches(h))}
    structs = [
        F.struct(
            *[F.lit(text).alias(f"_unpivot_{n}") for n, text in sorted(groups.items())],
            F.col(_quoted(cell)).alias(f"_unpivot_{unpivot.value}"),
        )
        for cell, groups in matched.items()
    ]
    kept = [F.col(_quoted(c)) for c in cells.columns if c not in matched]
    return cells.select(*kept, F.inline(F.array(*structs)))


def _typed(
    bronze: DataFrame,
    source: Source,
    headers: list[str],
    table: Table,
    codes: Codes,
    regions: RegionLookup,
    decisions: Sequence[Decision],
) -> DataFrame:
    """The rows of one source with `_clean_<column>` and typed columns, decisions applied, still unjudged."""
    from pyspark.sql import functions as F

    fields = ", ".join(f"{_quoted(h)} string" for h in headers)
    cells = bronze.select("*", F.from_json("record", fields).alias("_cells")).select(
        *bronze.columns, *[F.col(f"_cells.{_quoted(h)}").alias(f"_cell_{h}") for h in headers]
    )
    if source.unpivot:
        cells = _unpivoted(cells, source, headers)
    raw = {}
    for name, column in table.columns.items():
        given = source.columns.get(name, column.zh)
        if source.unpivot and name in source.unpivot.fills:
            raw[name] = f"`_unpivot_{name}`"
        elif isinstance(given, Formula):
            raw[name] = re.sub("`([^`]+)`", "`_cell_\\1`", given.sql)
        else:
            # A renamed column stands under its old header in some files; an optional one that no file has is null.
            there = [_quoted(f"_cell_{h}") for h in source.headers_of(name, column.zh) if h in headers]
            raw[name] = f"coalesce({', '.join([*there, 'cast(null as string)'])})"
    cells = cells.select(
        *bronze.columns,
        *[F.expr(clean(f"cast({sql} as string)")).alias(f"_clean_{n}") for n, sql in raw.items()],
    )
    cells = decided(cells, decisions, table, codes)
    typed = cells.select(
        "*", *[F.expr(cast_sql(c, f"`_clean_{n}`", codes)).alias(n) for n, c in table.columns.items()]
    )
    for name in (n for n, c in table.columns.items() if c.type == "region"):
        typed = _with_region(typed, name, regions)
    return typed.withColumn("status", F.lit(source.status))


def decided(cells: DataFrame, decisions: Sequence[Decision], table: Table, codes: Codes) -> DataFrame:
    """The rows with the corrected texts in `_clean_<column>`; `_confirmed` names the columns confirmed, `decision`
    where in landing the decisions stand that a row met (null: none).

    Of two corrections of one value the later holds. Rows are found by their key as handed in.
    """
    from pyspark.sql import functions as F

    if not decisions:
        none = F.array().cast("array<string>")
        return cells.withColumn("_confirmed", none).withColumn("decision", F.lit(None).cast("string"))
    keys = [f"_key_{n}" for n in range(len(table.key))]
    listed = cells.sparkSession.createDataFrame(
        pd.DataFrame(
            [(*d.key, n, d.kind, d.column, d.value, d.decided_on, d.place) for n, d in enumerate(decisions)],
            columns=[*keys, "n", "kind", "column", "value", "until", "place"],
        ),
        ", ".join(f"{k} string" for k in keys)
        + ", n int, kind string, column string, value string, until date, place string",
    )
    by_key = listed.select(
        F.expr(_key_text(table, codes, keys, clean)).alias("_key"), "kind", "column",
        F.expr(f"struct(n, {clean('value')} as value, until, place)").alias("said"),
    )  # fmt: skip
    last = by_key.groupBy("_key", "kind", "column").agg(F.max("said").alias("said"))
    said = last.groupBy("_key").agg(
        F.map_from_entries(F.collect_list(F.struct(F.concat_ws(".", "kind", "column"), "said"))).alias(
            "_said"
        )
    )
    own = [f"`_clean_{name}`" for name in table.key]
    met = cells.withColumn("_key", F.expr(_key_text(table, codes, own, str))).join(
        F.broadcast(said), "_key", "left"
    )
    met = met.withColumn("_said", F.expr("map_filter(_said, (k, s) -> delivered_on <= s.until)"))
    columns = sorted({d.column for d in decisions if d.kind == "correct"})
    corrected = {
        f"_clean_{c}": F.expr(f"coalesce(_said['correct.{c}'].value, `_clean_{c}`)") for c in columns
    }
    confirmed = "filter(map_keys(_said), k -> k like 'confirm.%')"
    return (
        met.withColumns(corrected)
        .withColumn("_confirmed", F.expr(f"coalesce(transform({confirmed}, k -> substring(k, 9)), array())"))
        .withColumn(
            "decision",
            F.expr("nullif(array_join(array_sort(transform(map_values(_said), s -> s.place)), '; '), '')"),
        )
        .drop("_key", "_said")
    )


def _key_text(table: Table, codes: Codes, texts: Sequence[str], normal: Callable[[str], str]) -> str:
    """SQL for a key as one text, from the texts of its columns."""
    clean_texts = [normal(text) for text in texts]
    # A text that is no value of its column stands for itself, or all such rows would have one key.
    parts = [
        f"coalesce(cast({cast_sql(table.columns[name], text, codes)} as string), {text})"
        for name, text in zip(table.key, clean_texts, strict=True)
    ]
    return f"to_json(array({', '.join(parts)}))"


def no_rows(spark: SparkSession, table: Table, codes: Codes) -> DataFrame:
    """The columns of a table on the first floor, without rows."""
    from pyspark.sql import functions as F

    typed = {n: cast_sql(c, "cast(null as string)", codes) for n, c in table.columns.items()}
    for name in (n for n, c in table.columns.items() if c.type == "region"):
        typed |= {f"{name}_level": "cast(null as string)", f"{name}_leaf": "cast(null as boolean)"}
    kinds = {"row": "bigint", "delivered_on": "date", "superseded_on": "date"}
    typed |= {name: f"cast(null as {kinds.get(name, 'string')})" for name in _ORIGIN}
    return spark.range(0).select(*[F.expr(sql).alias(name) for name, sql in typed.items()])


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _with_region(typed: DataFrame, name: str, regions: RegionLookup) -> DataFrame:
    """The column as a code, with its level, whether it is a leaf, and its validity."""
    from pyspark.sql import functions as F

    look = F.broadcast(
        regions.frame.select(
            F.col("key").alias("_key"), F.col("code").alias("_code"),
            F.col("level").alias("_level"), F.col("leaf").alias(f"{name}_leaf"),
            F.col("valid_from").alias(f"_region_{name}_from"), F.col("valid_to").alias(f"_region_{name}_to"),
        )
    )  # fmt: skip
    prefixes = ", ".join(literal(p) for p in regions.outside)
    outside = f"_code is null and `{name}` rlike '^[0-9]{{6}}$' and substring(`{name}`, 1, 2) in ({prefixes})"
    return (
        typed.join(look, typed[name] == look["_key"], "left")
        .withColumn(f"{name}_level", F.expr(f"case when {outside} then 'outside' else _level end"))
        .withColumn(f"{name}_leaf", F.expr(f"coalesce(`{name}_leaf`, false)"))
        .withColumn(name, F.expr(f"case when {outside} then `{name}` else _code end"))
        .drop("_key", "_code", "_level")
    )


def checks_of(table: Table) -> list[Check]:
    """Every check of a table: of its columns, then its own rules."""
    found = [
        check
        for name, column in table.columns.items()
        for check in column_checks(name, column, table.stated_for(name) if column.type == "region" else {})
    ]
    rules = [
        Check(r.code, r.column, r.dimension, r.severity, f"not ({r.sql})", r.zh, r.en) for r in table.rules
    ]
    return found + rules


def _findings(checks: list[Check], severity: str) -> str:
    parts = [
        f"case when {c.broken} then named_struct('code', {literal(c.code)}, 'column', {literal(c.column)},"
        f" 'value', `_clean_{c.column}`) end"
        for c in checks
        if c.severity == severity
    ]
    empty = "cast(array() as array<struct<code: string, column: string, value: string>>)"
    return f"filter(array({', '.join(parts)}), f -> f is not null)" if parts else empty


def judge(
    bronze: DataFrame,
    sources: Sequence[tuple[Source, list[str]]],
    table: Table,
    codes: Codes,
    regions: RegionLookup,
    decisions: Sequence[Decision] = (),
) -> DataFrame:
    """All rows of a table with `fate`, `findings` and `warnings`, typed columns beside them.

    `sources` are the sources of the table, each with the headers found in its files.
    `superseded_on` of an accepted row is the day a later delivery replaced its key, else null.
    """
    from pyspark.sql import functions as F
    from pyspark.sql.window import Window

    typed = reduce(
        lambda a, b: a.unionByName(b),
        [
            _typed(bronze.where(F.col("source") == s.id), s, h, table, codes, regions, decisions)
            for s, h in sources
        ],
    )
    checks = checks_of(table)
    ragged = (
        "array(named_struct('code', problem, 'column', cast(null as string), 'value', cast(null as string)))"
    )
    # A confirmed value stands against every doubt, but not where there is no value.
    waived = f"array_contains(_confirmed, f.column) and f.code not in ({', '.join(map(literal, NO_VALUE))})"
    doubts = f"filter({_findings(checks, 'quarantine')}, f -> not ({waived}))"
    judged = typed.withColumn(
        "findings",
        F.expr(f"case when problem is not null then {ragged} else {doubts} end"),
    ).withColumn("warnings", F.expr(_findings(checks, "warn")))
    # As JSON with its nulls: a plain hash skips them, and a value that moved to the next column looks the same.
    row_values = F.struct(*[F.col(f"`{n}`") for n in table.columns])
    values = F.xxhash64(F.to_json(row_values, {"ignoreNullFields": "false"}))
    order = [F.col("delivered_on"), F.col("delivery"), F.col("file"), F.col("sheet"), F.col("row")]
    good = F.size("findings") == 0
    # Bad rows get a key of their own so that they never stand between two good ones.
    own = F.when(good, F.lit("")).otherwise(
        F.concat_ws("#", "file", "sheet", "row", F.monotonically_increasing_id())
    )
    judged = judged.withColumn("_values", values).withColumn("_own", own)
    by_key = [F.col("_own"), *[F.col(f"`{k}`") for k in table.key]]
    judged = judged.withColumn(
        "_same",
        F.col("_values").eqNullSafe(F.lag("_values").over(Window.partitionBy(*by_key).orderBy(*order))),
    )
    by_fate = [*by_key, F.col("_same")]
    in_delivery = Window.partitionBy(*by_fate, "delivery").orderBy(*order)
    judged = judged.withColumn("_next_in_delivery", F.lead("row").over(in_delivery)).withColumn(
        "fate",
        F.when(~good, "quarantined")
        .when(F.col("_same"), "duplicate")
        .when(F.col("_next_in_delivery").isNotNull(), "superseded")
        .otherwise("accepted"),
    )
    later = Window.partitionBy(*by_key, "fate").orderBy(*order)
    return judged.withColumn("superseded_on", F.lead("delivered_on").over(later)).drop(
        "_values", "_own", "_same", "_next_in_delivery"
    )


def accepted(judged: DataFrame, table: Table) -> DataFrame:
    """The accepted rows with the contract's columns and where they came from."""
    regions = [
        f"{n}_{part}" for n, c in table.columns.items() if c.type == "region" for part in ("level", "leaf")
    ]
    columns = [*table.columns, *regions, *_ORIGIN]
    return judged.where("fate = 'accepted'").select(*[f"`{c}`" for c in columns])


def entity_versions(rows: DataFrame) -> DataFrame:
    """Accepted rows of a register as versions (SCD type 2) of its entities.

    Each row is one version: it holds from its delivery until the delivery that replaced its key.
    """
    from pyspark.sql import functions as F

    versions = rows.withColumnRenamed("superseded_on", "valid_to")
    return versions.withColumn("valid_from", F.col("delivered_on")).withColumn(
        "is_current", F.col("valid_to").isNull()
    )


def set_aside(judged: DataFrame, table: Table) -> DataFrame:
    """The rows that were not accepted, with the reason and, unless that lies in it, their key as texts."""
    from pyspark.sql import functions as F

    named = ", ".join(literal(k) for k in table.key)
    keyed = f"not exists(findings, f -> coalesce(f.column in ({named}), true))"
    parts = ", ".join(f"cast(`{k}` as string)" for k in table.key)
    return judged.where("fate <> 'accepted'").select(
        "delivery", "delivered_on", "source", "file", "sheet", "row", "fate",
        F.expr("transform(findings, f -> f.code)").alias("codes"), "findings",
        F.expr(f"case when {keyed} then array({parts}) end").alias("key"), "record",
    )  # fmt: skip


def tally(judged: DataFrame, table: Table) -> DataFrame:
    """Rows and sum of the measure by file and fate."""
    from pyspark.sql import functions as F

    # As decimals: a sum of fractions would depend on the order of the rows.
    exact = F.sum(F.col(f"`{table.measure}`").cast("decimal(38, 6)")) if table.measure else F.lit(None)
    measure = exact.cast("double")
    return judged.groupBy("delivery", "file", "fate").agg(
        F.count(F.lit(1)).alias("rows"), measure.alias("measure")
    )


def finding_counts(judged: DataFrame) -> DataFrame:
    """Rows by file, rule and column, with the first row and an example value."""
    from pyspark.sql import functions as F

    every = judged.select(
        "delivery", "file", "row", F.explode(F.concat("findings", "warnings")).alias("finding")
    ).select("delivery", "file", "row", "finding.*")
    return every.groupBy("delivery", "file", "code", "column").agg(
        F.count(F.lit(1)).alias("rows"),
        F.min("row").alias("first_row"),
        F.min_by("value", "row").alias("example"),
    )
