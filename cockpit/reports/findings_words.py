"""What a findings document says of one analysis: sentences and tables, chosen by its fact and worded by conf."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from statistics import median

from cockpit import formats, texts
from cockpit.facts_types_analysis import AnalysisFact, AnalysisPoint
from cockpit.figures.analyses import Table, finding, level_words
from cockpit.figures.analyses.base import Pen
from conf import load
from conf.periods import year_ago

#: Fives lights by level, from too cold to overheated.
_LIGHTS = (1, 2, 3, 4, 5)
#: Models whose past nowcasts are set beside each other.
_MODELS = ("nowcast", "factor", "bridge", "autoregression")
#: Periods listed in a sentence, the newest.
_LISTED = 6


def sentences(fact: AnalysisFact, lang: str) -> list[str]:
    """What an analysis says in its region: its finding, its newest value and where it came from, its turns, its
    record, its regimes and breaks, and what lay outside its limits."""
    pen = Pen(fact, lang, "office")
    stop = texts.get("format.stop", lang)
    found = finding(fact, lang)
    # a figure is told once: with its change where there is one, else by the finding
    known = _known(pen)
    if known and found == level_words(fact, lang):
        found = ""
    newest = "" if found and len(known) == 1 else _newest(pen)
    parts = [_upper(found) + stop if found else "", newest, _span(pen), _turns(pen), *_record(pen)]
    return [*filter(None, parts), *_regimes(pen), *_outside(pen)]


def tables(fact: AnalysisFact, lang: str) -> list[Table]:
    """Lights a year, past nowcasts, and what was to be seen in known episodes; those there are."""
    pen = Pen(fact, lang, "office")
    return [table for table in (_lights(pen), _told(pen), _episodes(pen)) if table]


def t(key: str, lang: str, **values: object) -> str:
    """A text of the findings document."""
    return texts.get(f"findings.{key}", lang, **values)


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _own(pen: Pen, measure: str) -> list[AnalysisPoint]:
    return [point for point in pen.fact.of(measure) if point.region == pen.fact.shown]


def _known(pen: Pen) -> list[tuple[AnalysisPoint, float]]:
    """The figures of the region and breakdown shown."""
    fact = pen.fact
    return [(p, p.value) for p in fact.own if p.value is not None and p.breakdown == fact.breakdown]


def _newest(pen: Pen) -> str:
    """The newest value, and its change on the period before and on the year."""
    known = _known(pen)
    if not known:
        return ""
    newest, value = known[-1]
    words = t("newest", pen.lang, period=pen.period(newest.period), value=pen.value(value))
    if len(known) > 1:
        before, earlier = known[-2]
        words += _moved(pen, value - earlier, "moved", "same", pen.period(before.period))
    label = year_ago(newest.period)
    past = next((number for point, number in known if point.period == label), None)
    if past is not None and pen.fact.freq != "Y":
        words += _moved(pen, value - past, "year_ago", "same_year_ago", "")
    return _upper(words) + texts.get("format.stop", pen.lang)


def _moved(pen: Pen, change: float, moved: str, same: str, before: str) -> str:
    fact = pen.fact
    if round(change, fact.decimals) == 0:
        return t(same, pen.lang, before=before)
    unit = "percentage_point" if fact.unit == "percent" else fact.unit
    return t(
        moved, pen.lang, before=before, direction=t("up" if change > 0 else "down", pen.lang),
        change=formats.number(abs(change), unit, pen.lang, fact.decimals),
    )  # fmt: skip


def _span(pen: Pen) -> str:
    known = _known(pen)
    if len(known) < 2:
        return ""
    low, high = min(known, key=lambda pair: pair[1]), max(known, key=lambda pair: pair[1])
    return t(
        "span", pen.lang, n=len(known), first=pen.period(known[0][0].period), last=pen.period(known[-1][0].period),
        low=pen.value(low[1]), low_period=pen.period(low[0].period),
        high=pen.value(high[1]), high_period=pen.period(high[0].period),
    )  # fmt: skip


def _turns(pen: Pen) -> str:
    leads = _own(pen, "lead") if pen.fact.chart == "turning_points" else []
    if not leads:
        return ""
    told = [point.value for point in leads if point.value is not None]
    kinds = Counter(point.text for point in leads if point.value is None)
    return t(
        "turns", pen.lang, n=len(told) + kinds["missed"], ahead=sum(lead > 0 for lead in told),
        level=sum(lead == 0 for lead in told), behind=sum(lead < 0 for lead in told),
        middle=formats.bare(median(told), pen.lang) if told else texts.get("format.missing", pen.lang),
        missed=kinds["missed"], extra=kinds["extra"], open=kinds["open"],
    )  # fmt: skip


def _record(pen: Pen) -> list[str]:
    """Errors of past nowcasts beside those of their models and of the benchmark, with and without years apart."""
    if pen.fact.chart != "waterfall":
        return []
    whole, apart = _scores(pen, "record", "rmse"), _scores(pen, "record_apart", "rmse_apart")
    if whole is None:
        return [t("record_none", pen.lang)]
    told, better = whole
    said = [told, *([apart[0]] if apart else [])]
    return [*said, t("record_better" if better else "record_worse", pen.lang), t("record_note", pen.lang)]


def _scores(pen: Pen, key: str, measure: str) -> tuple[str, bool] | None:
    """The errors in a sentence, and whether the nowcast errs less than the autoregression."""
    errors = {point.item: point.value for point in _own(pen, measure) if point.value is not None}
    if not errors.keys() >= set(_MODELS):
        return None
    ratio = errors["nowcast"] / errors["autoregression"] if errors["autoregression"] else float("inf")
    quarters = {point.period for point in _own(pen, "told")}
    shown = {name: pen.bare(errors[name]) for name in _MODELS}
    return t(key, pen.lang, n=len(quarters), ratio=pen.bare(ratio), **shown), ratio < 1


def _regimes(pen: Pen) -> list[str]:
    if pen.fact.chart != "regimes":
        return []
    breaks = [pen.period(point.period) for point in _own(pen, "break")]
    found = [t("breaks", pen.lang, periods=pen.join(breaks)) if breaks else t("no_breaks", pen.lang)]
    spells = [
        t("spell", pen.lang, first=pen.period(run[0].period), last=pen.period(run[-1].period))
        if len(run) > 1
        else pen.period(run[0].period)
        for run in (
            list(points) for low, points in groupby(_own(pen, "signal"), key=lambda p: p.value == 1) if low
        )
    ]
    return [*found, t("low_regime", pen.lang, spells=pen.join(spells))] if spells else found


def _outside(pen: Pen) -> list[str]:
    points = _own(pen, "outside")
    if not points:
        return []
    newest = pen.join(pen.period(point.period) for point in points[-_LISTED:])
    return [t("outside", pen.lang, n=len(points), periods=newest)]


# -- tables ------------------------------------------------------------------------------------------------


def _lights(pen: Pen) -> Table | None:
    """Months of each year in which the composite light stood at each level."""
    years: dict[str, Counter[int]] = {}
    for point in _own(pen, "index_light"):
        if point.value is not None:
            years.setdefault(point.period[:4], Counter())[round(point.value)] += 1
    head = (t("column.year", pen.lang), *(pen.t(f"light.{level}") for level in _LIGHTS))
    rows = tuple(
        (year, *(str(years[year][level]) for level in _LIGHTS)) for year in sorted(years, reverse=True)
    )
    return Table(t("lights_of", pen.lang), head, rows, (1, 2, 3, 4, 5)) if rows else None


def _told(pen: Pen) -> Table | None:
    """Past nowcasts, the benchmarks and what came, by quarter."""
    told = {(point.period, point.item): point.value for point in _own(pen, "told")}
    actual = {point.period: point.value for point in _own(pen, "actual")}
    names = [texts.get(f"analysis.item.{name}", pen.lang) for name in _MODELS]
    head = (t("column.quarter", pen.lang), t("column.actual", pen.lang), *names)
    rows = tuple(
        (pen.period(q), pen.value(actual.get(q)), *(pen.value(told.get((q, name))) for name in _MODELS))
        for q in sorted({period for period, _ in told}, reverse=True)
    )
    return Table(t("record_of", pen.lang), head, rows, tuple(range(1, len(head)))) if rows else None


def _episodes(pen: Pen) -> Table | None:
    """Known episodes within the time of the series: what the analysis showed in them."""
    known = _known(pen)
    rows = []
    for episode in load().episodes:
        within = [(point, value) for point, value in known if episode.meets(point.period)]
        if pen.fact.theme not in episode.themes or not within:
            continue
        values = [value for _, value in within]
        periods = {point.period for point, _ in within}
        name = episode.name.zh if pen.lang == "zh" else episode.name.en
        source = episode.source.zh if pen.lang == "zh" else episode.source.en
        time = t("period", pen.lang, first=pen.period(episode.first), last=pen.period(episode.last))
        low, high = pen.value(min(values)), pen.value(max(values))
        seen = low if low == high else t("seen", pen.lang, low=low, high=high)
        rows.append((name, time, seen, pen.join(_marks(pen, periods)), source))
    columns = ("episode", "span", "range", "marks", "source")
    head = tuple(t(f"column.{name}", pen.lang) for name in columns)
    return Table(t("episodes", pen.lang), head, tuple(rows)) if rows else None


def _marks(pen: Pen, periods: set[str]) -> Iterable[str]:
    """Turns, breaks, values outside limits and lights off the normal in some periods."""
    for point in _within(pen, "turn", periods):
        item = t(f"turn_item.{point.item}", pen.lang) if point.item else pen.name
        kind = t("turn_of", pen.lang, item=item, kind=pen.word("turn", point.text))
        yield t("mark_of", pen.lang, name=_upper(kind), text=pen.period(point.period))
    for measure in ("break", "outside"):
        for point in _within(pen, measure, periods):
            yield t("mark_of", pen.lang, name=_upper(pen.measure(measure)), text=pen.period(point.period))
    levels = Counter(round(point.value) for point in _within(pen, "index_light", periods) if point.value)
    for level, n in sorted(levels.items()):
        times = t("times_one" if n == 1 else "times", pen.lang, n=n)
        yield t("mark_of", pen.lang, name=_upper(pen.t(f"light.{level}")), text=times)


def _within(pen: Pen, measure: str, periods: set[str]) -> Sequence[AnalysisPoint]:
    return [point for point in _own(pen, measure) if point.period in periods]
