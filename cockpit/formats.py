"""The one place where numbers, units, changes, periods and dates become text, in `zh` and `en`.

Large values are shown in the larger units of conf/units.yaml (万 亿 in Chinese, thousand million in English);
a missing value is a dash, never 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import conf
from cockpit import texts
from cockpit.facts_types import Change, Light
from conf import periods
from conf.schema import Scale

#: Digits that a scaled value keeps, so that 1.2684 亿 and 3 456.8 万 are equally exact.
_SCALED_DECIMALS = 2
#: Units whose name says nothing beside a number.
_BARE = ("ratio", "index", "none")


def parts(value: float | None, unit: str, lang: str, decimals: int | None = None) -> tuple[str, str]:
    """A value as (digits, unit): (`1.27`, `亿人`). `decimals` overrides the unit's own where nothing is
    scaled.

    Raises KeyError for a unit that conf/units.yaml lacks.
    """
    spec = conf.load().units[unit]
    scale = scale_of(abs(value) if value is not None else 0.0, unit, lang)
    if value is None or not math.isfinite(value):
        return texts.get("format.missing", lang), unit_name(unit, lang)
    if scale is None:
        return _digits(value, spec.decimals if decimals is None else decimals), unit_name(unit, lang)
    return _digits(value / scale.factor, _SCALED_DECIMALS), unit_name(unit, lang, scale)


def number(value: float | None, unit: str, lang: str, decimals: int | None = None) -> str:
    """A value with its unit: `1.27亿人`, `4.5%`, `15.20元/公斤`, `127.01 million persons`."""
    digits, name = parts(value, unit, lang, decimals)
    if value is None or not name:
        return digits
    return f"{digits}{name}" if lang == "zh" or name in "%‰" else f"{digits} {name}"


def plain(value: float | None, decimals: int, lang: str) -> str:
    """A value without unit or scaling."""
    return texts.get("format.missing", lang) if value is None else _digits(value, decimals)


def bare(value: float | None, lang: str) -> str:
    """A limit as it was set, without idle zeros: `6`, `5.5`."""
    return texts.get("format.missing", lang) if value is None else f"{value:g}".replace("-", "−")


def brief(value: float, lang: str) -> str:
    """A number that has no unit to say how many decimals it needs, with four digits: `0.8505`, `1,094`, `24.97`."""
    places = 0 if value == 0 else max(0, 3 - math.floor(math.log10(abs(value))))
    shown = plain(value, places, lang)
    return shown.rstrip("0").rstrip(".") if places else shown


def spelt_unit(unit: str, lang: str) -> str:
    """A unit's name, also of an index or a ratio, which numbers go without."""
    spec = conf.load().units[unit]
    return spec.zh if lang == "zh" else spec.en


def unit_name(unit: str, lang: str, scale: Scale | None = None) -> str:
    """A unit's name at a scale: `万人`, `万亿元`, `million persons`; empty for a bare ratio."""
    spec = conf.load().units[unit]
    if unit in _BARE:
        return ""
    name = spec.zh if lang == "zh" else spec.en
    if scale is None:
        return name
    # A scale's symbol either goes before the unit (万 + 人) or already names it (万亿元, million tonnes).
    whole = scale.symbol.endswith(name) or any(
        scale.symbol.endswith(word) for word in (name[-1], name.split()[-1])
    )
    return scale.symbol if whole else f"{scale.symbol}{'' if lang == 'zh' else ' '}{name}"


def scale_of(size: float, unit: str, lang: str) -> Scale | None:
    """The largest scale of a unit that a value of that size fills; None when the unit itself is right."""
    spec = conf.load().units[unit]
    scales = spec.scales.zh if lang == "zh" else spec.scales.en
    return next((scale for scale in reversed(scales) if size >= scale.factor), None)


def percent(share: float | None, lang: str, decimals: int = 0) -> str:
    """A share as percent: 0.62 → `62%`."""
    return texts.get("format.missing", lang) if share is None else f"{_digits(share * 100, decimals)}%"


def change(fact: Change, lang: str) -> str:
    """A change with its kind and arrow: `同比 ▲4.2%`, `环比 ▼0.3个百分点`."""
    kind = texts.get(f"change.{fact.kind}", lang)
    if fact.value is None:
        return f"{kind} {texts.get('format.missing', lang)}"
    shown = number(abs(fact.value), fact.unit, lang, fact.decimals)
    if round(fact.value, fact.decimals) == 0:
        return f"{kind} {texts.get('format.flat', lang)}"
    sign = texts.get("format.up" if fact.value > 0 else "format.down", lang)
    return texts.get("format.change", lang, kind=kind, sign=sign, value=shown)


def places(rank_change: int | None, lang: str) -> str:
    """A change of rank: `升2位`, `降1位`."""
    if rank_change is None:
        return ""
    if rank_change == 0:
        return texts.get("format.places_same", lang)
    return texts.get(
        "format.places_up" if rank_change > 0 else "format.places_down", lang, n=abs(rank_change)
    )


def period(label: str | None, lang: str) -> str:
    """A period label in words: `2026年3月`, `2026年一季度`, `2026年第7周`, `2026年3月上旬`."""
    return _period(label, lang, "format")


def tick(label: str, lang: str) -> str:
    """A period label under an axis, in at most two lines parted by `<br>`."""
    return _period(label, lang, "format.short")


def _period(label: str | None, lang: str, stem: str) -> str:
    if not label:
        return texts.get("format.missing", lang)
    freq, year = periods.freq_of(label), int(label[:4])
    if freq == "Y":
        return texts.get(f"{stem}.year", lang, year=year)
    if freq == "Q":
        return texts.get(
            f"{stem}.quarter", lang, year=year, quarter=texts.get(f"format.quarters.{label[6]}", lang)
        )
    if freq == "W":
        return texts.get(f"{stem}.week", lang, year=year, week=int(label[6:]))
    month = int(label[5:7])
    if freq == "M":
        return texts.get(f"{stem}.month", lang, year=year, month=month)
    if freq == "D":
        return texts.get(f"{stem}.day", lang, year=year, month=month, day=int(label[8:]))
    third = texts.get(f"format.thirds.{label[9]}", lang)
    first = 10 * int(label[9]) - 9
    return texts.get(f"{stem}.third", lang, year=year, month=month, third=third, day=first)


def day(value: date | None, lang: str) -> str:
    """A date: `2026年3月8日`, `2026-03-08`."""
    if value is None:
        return texts.get("format.missing", lang)
    return texts.get("format.day", lang, year=value.year, month=value.month, day=value.day)


def moment(value: datetime, lang: str) -> str:
    """A moment in the settings' time zone, to the minute."""
    local = value.astimezone(ZoneInfo(conf.load().settings.spark.time_zone))
    return texts.get("format.moment", lang, day=day(local.date(), lang), time=f"{local:%H:%M}")


def status(code: str, lang: str) -> str:
    """A status in words: `模拟`."""
    return texts.get(f"status.{code}", lang)


def light(fact: Light, lang: str) -> str:
    """A light in words, with its level: `红 Ⅰ级`."""
    word = texts.get(f"light.{fact.light}", lang)
    return f"{word} {texts.get(f'warning_level.{fact.level}', lang)}" if fact.level else word


def ticks(low: float, high: float, unit: str, lang: str) -> tuple[list[float], list[str], str]:
    """Round axis ticks over a span: (positions in the unit, their texts, the unit they are in: `万人`)."""
    scale = scale_of(max(abs(low), abs(high)), unit, lang)
    factor = scale.factor if scale else 1.0
    step = nice_step((high - low) / factor / 4)
    first, last = math.floor(low / factor / step + 1e-9), math.ceil(high / factor / step - 1e-9)
    decimals = next(n for n in range(13) if n == 12 or abs(round(step, n) - step) <= step * 1e-9)
    positions = [n * step * factor for n in range(first, last + 1)]
    return positions, [_digits(p / factor, decimals) for p in positions], unit_name(unit, lang, scale)


def column(values: Sequence[float], unit: str, lang: str, decimals: int) -> tuple[list[str], str]:
    """Values of one column in one common scale, without unit, and the unit they are in."""
    scale = scale_of(max((abs(value) for value in values), default=0.0), unit, lang)
    shown = [value / (scale.factor if scale else 1.0) for value in values]
    places = _SCALED_DECIMALS if scale else decimals
    return [_digits(value, places) for value in shown], unit_name(unit, lang, scale)


def limits(values: Sequence[float], unit: str, lang: str) -> tuple[list[str], str]:
    """Class limits with as few decimals as tell them apart, and the unit they are in."""
    scale = scale_of(max((abs(value) for value in values), default=0.0), unit, lang)
    shown = [value / (scale.factor if scale else 1.0) for value in values]
    for places in range(7):
        labels = [_digits(value, places) for value in shown]
        if all(abs(round(value, places) - value) <= 1e-9 * max(1.0, abs(value)) for value in shown):
            break
        if len(set(labels)) == len(labels) and places >= 2:
            break
    return labels, unit_name(unit, lang, scale)


def nice_step(width: float) -> float:
    """The smallest of 1, 2, 2.5, 5 × a power of ten that is not less than `width`; 1 for no width."""
    if width <= 0 or not math.isfinite(width):
        return 1.0
    power = 10.0 ** math.floor(math.log10(width))
    return next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= width * (1 - 1e-9))


def _digits(value: float, decimals: int) -> str:
    text = f"{value:,.{decimals}f}"
    return text.removeprefix("-") if float(text.replace(",", "")) == 0 else text.replace("-", "−")
