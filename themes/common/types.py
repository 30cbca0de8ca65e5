"""Domain types: how the text of a cell becomes a value, and which findings it may cause.

Each type is a pair of Spark SQL texts, so the same engine serves contracts and bare checks. The
text of a cell is normalised first (full-width characters, outer blanks), which is mending, not a
finding.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from themes.common.contract import Column, ColumnType, Dimension

# Full-width digits, Latin letters and punctuation as typed by Chinese input methods.
_FULL = "".join(chr(c) for c in range(0xFF01, 0xFF5F)) + "　"
_HALF = "".join(chr(c) for c in range(0x21, 0x7F)) + " "

_NUMBER = "^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,3})?$"

# Codes of the checks that a value which is not there, or is none of its type, breaks.
NO_VALUE = ("VALUE_MISSING", "NUMBER_INVALID", "DATE_INVALID", "CODE_UNKNOWN", "REGION_UNKNOWN")

_CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Check:
    """A finding that a cell or row may cause; `broken` is Spark SQL, true when the rule is broken."""

    code: str
    column: str
    dimension: Dimension
    severity: str
    broken: str
    zh: str
    en: str


def literal(text: str) -> str:
    """A Spark SQL string literal."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def clean(raw: str) -> str:
    """SQL for the normalised text of a raw cell: half-width, trimmed, empty as null."""
    half = f"translate({raw}, {literal(_FULL)}, {literal(_HALF)})"
    return f"nullif(trim({half}), '')"


def half_width(text: str) -> str:
    """The text as `clean` normalises it, but for outer blanks."""
    return text.translate(str.maketrans(_FULL, _HALF))


def _citizen_id_broken(value: str) -> str:
    """Check character of GB 11643-1999 (ISO 7064 MOD 11-2) and a possible birth date."""
    total = " + ".join(
        f"try_cast(substring({value}, {i}, 1) as int) * {w}" for i, w in enumerate(_CITIZEN_WEIGHTS, 1)
    )
    return (
        f"not ({value} rlike '^[0-9]{{17}}[0-9X]$'"
        f" and try_to_date(substring({value}, 7, 8), 'yyyyMMdd') is not null"
        f" and substring('10X98765432', ({total}) % 11 + 1, 1) = substring({value}, 18, 1))"
    )


def _uscc_broken(value: str) -> str:
    """Check characters of GB 32100-2015 and of the organisation code inside (GB 11714)."""
    outer = " + ".join(
        f"(instr('{_USCC_ALPHABET}', substring({value}, {i}, 1)) - 1) * {pow(3, i - 1, 31)}"
        for i in range(1, 18)
    )
    inner = " + ".join(
        f"(instr('{_ORGANISATION_ALPHABET}', substring({value}, {i}, 1)) - 1) * {w}"
        for i, w in enumerate(_ORGANISATION_WEIGHTS, 9)
    )
    return (
        f"not ({value} rlike '^[{_USCC_ALPHABET}]{{18}}$'"
        f" and substring('{_USCC_ALPHABET}', (31 - ({outer}) % 31) % 31 + 1, 1) = substring({value}, 18, 1)"
        f" and substring('0123456789X', (11 - ({inner}) % 11) % 11 + 1, 1) = substring({value}, 17, 1))"
    )


def cast_sql(column: Column, value: str, codes: Mapping[str, Mapping[str, str]]) -> str:
    """SQL that turns normalised text into the column's value, null where it cannot.

    `codes` maps a list's name to {text a department may write: code}.
    """
    match column.type:
        case "integer" | "year":
            # So many digits that sums of them stay exact.
            bare = f"regexp_replace({value}, '\\\\.0+$', '')"
            return f"case when {bare} rlike '^[+-]?[0-9]{{1,15}}$' then try_cast({bare} as bigint) end"
        case "decimal":
            # Spark's cast would take nan, Infinity and 5d for numbers too.
            bare = f"replace({value}, ',', '')"
            # Sums are made in decimals (38, 6): what does not fit is no number that anybody means.
            fits = f"{bare} rlike '{_NUMBER}' and abs(try_cast({bare} as double)) < 1e24"
            return f"case when {fits} then try_cast({bare} as double) end"
        case "date":
            forms = ("yyyy-M-d", "yyyyMMdd", "yyyy/M/d", "yyyy年M月d日")
            return "coalesce(" + ", ".join(f"try_to_date({value}, '{f}')" for f in forms) + ")"
        case "code":
            pairs = ", ".join(f"{literal(k)}, {literal(v)}" for k, v in codes[column.codes or ""].items())
            return f"try_element_at(map({pairs}), {value})"
        case "citizen_id" | "uscc":
            return f"upper({value})"
        case "text" | "mobile" | "region":
            return value


def _bound(value: float | dt.date) -> str:
    return f"date'{value.isoformat()}'" if isinstance(value, dt.date) else repr(value)


def _months(stated_for: Mapping[str, ColumnType]) -> tuple[str, str]:
    """SQL for the first and last month, counted through, of the period that `Table.stated_for` names.

    Numbers, not dates: nothing that a department may write as a month makes Spark fail.
    """
    first, *part = stated_for
    if stated_for[first] == "date":
        return _month_of(f"`{first}`"), _month_of(f"`{first}`")
    match part:
        case ["quarter"]:
            return f"`{first}` * 12 + `quarter` * 3 - 2", f"`{first}` * 12 + `quarter` * 3"
        case ["month"]:
            return f"`{first}` * 12 + `month`", f"`{first}` * 12 + `month`"
    return f"`{first}` * 12 + 1", f"`{first}` * 12 + 12"


def _month_of(day: str) -> str:
    return f"year({day}) * 12 + month({day})"


def column_checks(
    name: str, column: Column, stated_for: Mapping[str, ColumnType] = MappingProxyType({})
) -> list[Check]:
    """The checks that follow from a column's declaration; `stated_for` are a region's columns of `Table.stated_for`.

    In their SQL `_clean_<name>` is the normalised text and `<name>` the value; a region column also
    has `_region_<name>_from` and `_region_<name>_to`, the validity of its code.
    """

    def check(code: str, dimension: Dimension, broken: str, zh: str, en: str) -> Check:
        return Check(code, name, dimension, "quarantine", broken, f"{column.zh}：{zh}", f"{name}: {en}")

    text, found = f"`_clean_{name}`", []
    if column.required:
        found.append(
            check(
                "VALUE_MISSING",
                "completeness",
                f"{text} is null",
                "必填项为空",
                "a required value is missing",
            )
        )
    match column.type:
        case "integer" | "decimal" | "year":
            broken = f"{text} is not null and `{name}` is null"
            found.append(check("NUMBER_INVALID", "normative", broken, "不是数字", "not a number"))
        case "date":
            broken = f"{text} is not null and `{name}` is null"
            found.append(check("DATE_INVALID", "normative", broken, "不是有效日期", "not a valid date"))
        case "code":
            broken = f"{text} is not null and `{name}` is null"
            found.append(
                check(
                    "CODE_UNKNOWN",
                    "normative",
                    broken,
                    "不在代码表内",
                    "not in the code list " + str(column.codes),
                )
            )
        case "region":
            broken = f"{text} is not null and `{name}` is null"
            found.append(
                check("REGION_UNKNOWN", "normative", broken, "区划代码不存在", "no such region code")
            )
            if stated_for:
                first, last = _months(stated_for)
                since = _month_of(f"`_region_{name}_from`")
                until = _month_of(f"date_sub(`_region_{name}_to`, 1)")
                # In the month of a change both codes are good: departments do not change on the day.
                broken = f"{since} > {last} or {until} < {first}"
                found.append(
                    check(
                        "REGION_NOT_VALID", "consistency", broken,
                        "区划代码在该时期不存在", "the region code did not exist in that period",
                    )
                )  # fmt: skip
        case "citizen_id":
            broken = f"`{name}` is not null and {_citizen_id_broken(f'`{name}`')}"
            found.append(
                check(
                    "ID_CHECK_DIGIT",
                    "accuracy",
                    broken,
                    "公民身份号码校验不通过",
                    "the identity number is not valid",
                )
            )
        case "uscc":
            broken = f"`{name}` is not null and {_uscc_broken(f'`{name}`')}"
            found.append(
                check(
                    "USCC_CHECK_DIGIT",
                    "accuracy",
                    broken,
                    "统一社会信用代码校验不通过",
                    "the credit code is not valid",
                )
            )
        case "mobile":
            broken = f"`{name}` is not null and not `{name}` rlike '^1[0-9]{{10}}$'"
            found.append(check("MOBILE_INVALID", "normative", broken, "不是手机号码", "not a mobile number"))
        case "text":
            if column.pattern:
                broken = f"`{name}` is not null and not `{name}` rlike {literal(column.pattern)}"
                found.append(
                    check(
                        "PATTERN_BROKEN",
                        "normative",
                        broken,
                        f"不符合格式 {column.pattern}",
                        f"not {column.pattern}",
                    )
                )
    low, high = column.min, column.max
    if low is not None:
        broken = f"`{name}` < {_bound(low)}"
        found.append(check("BELOW_MINIMUM", "accuracy", broken, f"小于下限 {low}", f"below {low}"))
    if high is not None:
        broken = f"`{name}` > {_bound(high)}"
        found.append(check("ABOVE_MAXIMUM", "accuracy", broken, f"大于上限 {high}", f"above {high}"))
    if column.not_after:
        broken = f"`{name}` > `{column.not_after}`"
        found.append(
            check("DATE_IN_FUTURE", "timeliness", broken, "晚于交付日期", f"later than {column.not_after}")
        )
    return found
