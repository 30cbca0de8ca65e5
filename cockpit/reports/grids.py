"""The tables of a report, made of its facts."""

from __future__ import annotations

from collections.abc import Iterable

from cockpit import figures, formats, texts
from cockpit.facts_types import GroupTable, PyramidFact, ReportSection, TrendFact
from cockpit.figures.base import mark
from cockpit.reports.grid import Cell, Column, Grid
from cockpit.reports.words import measure_of, t
from conf import load

#: Kinds of unit whose values add up over places and groups.
_ADDITIVE = ("count", "money", "quantity")
#: Kinds of unit that already are shares: their changes are differences, in percentage points.
_RATES = ("percent", "percentage_point")
#: Frequencies with seasons.
_SEASONAL = ("M", "Q")
#: Parts of a forecast step and the texts of their columns.
_STEP = {
    "mean": "figure.forecast",
    "lo80": "pages.column.lower80",
    "hi80": "pages.column.upper80",
    "lo95": "pages.column.lower95",
    "hi95": "pages.column.upper95",
}


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)


def adds_up(unit: str) -> bool:
    """Whether values of a unit may be added over places and groups."""
    return load().units[unit].kind in _ADDITIVE


def change_column(trend: TrendFact, of: int, lang: str) -> Column:
    """The change on the period compared with: in percent, or in percentage points for what already is a
    rate."""
    when = t(f"report.column.{'year' if trend.freq in _SEASONAL else 'prior'}", lang)
    if load().units[trend.unit].kind in _RATES:
        title = t("report.column.difference", lang, when=when)
        return Column(title, "difference", "percentage_point", 1, (of,))
    return Column(t("report.column.change", lang, when=when), "change", of=(of,))


def _compared(trend: TrendFact) -> tuple[int | None, ...]:
    """Months and quarters are compared with those of the year before, as seasons would hide the rest."""
    if trend.freq not in _SEASONAL:
        return ()
    rows = {point.period: n for n, point in enumerate(trend.actual)}
    return tuple(rows.get(f"{int(point.period[:4]) - 1}{point.period[4:]}") for point in trend.actual)


def history(trend: TrendFact, lang: str) -> Grid:
    """The known values of a series, oldest first."""
    head = figures.trend_heading(trend, lang, whole=True)
    return Grid(
        t("report.table.history", lang, name=measure_of(trend, lang)),
        trend.unit,
        (
            Column(t("pages.column.period", lang)),
            Column(t("pages.column.value", lang), "number", trend.unit, trend.decimals),
            change_column(trend, 1, lang),
            Column(t("pages.column.status", lang)),
        ),
        tuple(
            (
                formats.period(point.period, lang),
                _float(point.value),
                None,
                formats.status(point.status, lang),
            )
            for point in trend.actual
        ),
        source=head.source,
        mark=head.mark,
        compared=_compared(trend),
    )


def forecast_names(trend: TrendFact) -> list[str]:
    """The parts of a forecast step that some step of the trend has, in the order of the table's columns."""
    return [name for name in _STEP if any(getattr(point, name) is not None for point in trend.forecast)]


def forecast(trend: TrendFact, lang: str) -> Grid | None:
    """The forecast with its intervals; None without one."""
    if not trend.forecast:
        return None
    head = figures.trend_heading(trend, lang, whole=True)
    shown = forecast_names(trend)
    return Grid(
        t("report.table.forecast", lang, name=measure_of(trend, lang)),
        trend.unit,
        (
            Column(t("pages.column.period", lang)),
            *(
                Column(
                    t(_STEP[name], lang),
                    "number",
                    trend.unit,
                    trend.decimals,
                )
                for name in shown
            ),
        ),
        tuple(
            (formats.period(point.period, lang), *(_float(getattr(point, name)) for name in shown))
            for point in trend.forecast
        ),
        source=head.source,
        mark=head.mark,
    )


def backtest(trend: TrendFact, lang: str) -> Grid | None:
    """What the model would have said at earlier origins, beside what came; None without a backtest."""
    known = {point.period: point.value for point in trend.actual}
    rows = tuple(
        (
            formats.period(past.origin, lang),
            formats.period(point.period, lang),
            _float(point.mean),
            _float(known.get(point.period)),
            None,
        )
        for past in trend.past
        for point in past.points
    )
    if not rows:
        return None
    number = ("number", trend.unit, trend.decimals)
    head = figures.trend_heading(trend, lang, whole=True)
    return Grid(
        t("report.table.backtest", lang, name=measure_of(trend, lang)),
        trend.unit,
        (
            Column(t("report.column.origin", lang)),
            Column(t("pages.column.period", lang)),
            Column(t("figure.forecast", lang), *number),
            Column(t("figure.actual", lang), *number),
            Column(t("report.column.error", lang), "error", of=(2, 3)),
        ),
        rows,
        source=head.source,
        mark=head.mark,
    )


def places(section: ReportSection, lang: str) -> Grid | None:
    """The places of a region, highest first, with rank, share of their sum and change of rank; None where
    there are none."""
    ranking = section.page.ranking
    if ranking is None or not ranking.rows:
        return None
    additive = adds_up(ranking.unit)
    moved = any(row.rank_change is not None for row in ranking.rows)
    columns = [
        Column(t("pages.column.rank", lang), "number"),
        Column(t("pages.column.region", lang)),
        Column(t("pages.column.value", lang), "number", ranking.unit, ranking.decimals),
    ]
    if additive:
        columns.append(Column(t("report.column.share", lang), "share", of=(2,)))
    if moved:
        columns.append(Column(t("pages.column.rank_change", lang)))
    head = figures.ranking_heading(ranking, lang)
    return Grid(
        t(
            "report.table.places",
            lang,
            name=measure_of(ranking, lang),
            region=ranking.region_name.get(lang),
            period=formats.period(ranking.period, lang),
        ),
        ranking.unit,
        tuple(columns),
        tuple(
            (
                float(row.rank),
                row.region_name.get(lang),
                float(row.value),
                *([None] if additive else []),
                *([formats.places(row.rank_change, lang) or t("format.missing", lang)] if moved else []),
            )
            for row in ranking.rows
        ),
        base="total" if additive else "",
        source=head.source,
        mark=head.mark,
    )


def ages(fact: PyramidFact, lang: str) -> Grid:
    """Population by age and sex, the youngest first."""
    head = figures.pyramid_heading(fact, lang)
    number = ("number", fact.unit, fact.decimals)
    return Grid(
        t("report.table.ages", lang, name=fact.name.get(lang), period=formats.period(fact.period, lang)),
        fact.unit,
        (
            Column(t("figure.age", lang)),
            Column(t("figure.male", lang), *number),
            Column(t("figure.female", lang), *number),
            Column(t("breakdown.total", lang), "sum", fact.unit, fact.decimals, (1, 2)),
            Column(t("report.column.share", lang), "share", of=(3,)),
        ),
        tuple(
            (band.age_name.get(lang), _float(band.male), _float(band.female), None, None)
            for band in fact.bands
        ),
        base="total",
        source=head.source,
        mark=head.mark,
    )


def groups(table: GroupTable, lang: str) -> Grid:
    """The values of one breakdown, after the total where there is one, with what gold says of their change
    and the last step of their forecast."""
    listed = [*([table.whole] if table.whole else []), *table.rows]
    figure = listed[0].figure
    additive = table.whole is not None and adds_up(figure.unit)
    ahead = next((row.ahead for row in listed if row.ahead is not None), None)
    kinds = [change for row in listed for change in row.figure.changes]
    first = {change.kind: change for change in reversed(kinds)}
    same_unit = all(row.figure.unit == figure.unit for row in listed)
    unit = figure.unit if same_unit else ""
    columns = [
        Column("、".join(_key_name(key, lang) for key in table.key.split("|"))),
        Column(t("pages.column.value", lang), *(("number", unit, figure.decimals) if unit else ("text",))),
    ]
    if additive:
        columns.append(Column(t("report.column.share", lang), "share", of=(1,)))
    for kind, change in first.items():
        columns.append(
            Column(
                f"{t(f'change.{kind}', lang)} ({formats.unit_name(change.unit, lang)})",
                "number",
                "",
                change.decimals,
            )
        )
    if ahead and unit:
        title = t("report.column.ahead", lang, period=formats.period(ahead.period, lang))
        columns.append(Column(title, "number", unit, figure.decimals))
    rows = []
    for row in listed:
        shown, step = row.figure, row.ahead
        value: Cell = _float(shown.value)
        if not unit:
            value = formats.number(shown.value, shown.unit, lang, shown.decimals)
        by_kind = {change.kind: change.value for change in shown.changes}
        rows.append(
            (
                shown.breakdown_name.get(lang),
                value,
                *([None] if additive else []),
                *(_float(by_kind.get(kind)) for kind in first),
                *([_float(step.mean) if step else None] if ahead and unit else []),
            )
        )
    return Grid(
        t(
            "report.table.groups",
            lang,
            name=figure.name.get(lang),
            by="、".join(_key_name(key, lang) for key in table.key.split("|")),
            period=formats.period(figure.period, lang),
        ),
        unit,
        tuple(columns),
        tuple(rows),
        base="first" if additive else "",
        source=t("figure.source", lang, source=figure.source.get(lang)),
        mark=mark(figure.status, lang),
    )


def _key_name(key: str, lang: str) -> str:
    name = f"breakdown.key.{key}"
    return t(name, lang) if texts.has(name) else key


def scores(sections: Iterable[ReportSection], lang: str) -> Grid | None:
    """The record of each forecast's model over its backtest; None where no forecast has one."""
    rows = [
        (
            measure_of(section.trend, lang),
            t(f"model.name.{score.model}", lang) if texts.has(f"model.name.{score.model}") else score.model,
            float(score.n_origins),
            float(score.n_errors),
            _percent(score.mape),
            _float(score.mase),
            _float(score.coverage80),
            _float(score.coverage95),
        )
        for section in sections
        if section.trend.forecast and (score := section.trend.score) is not None
    ]
    if not rows:
        return None
    return Grid(
        t("report.table.scores", lang),
        "",
        (
            Column(t("pages.filter.indicator", lang)),
            Column(t("pages.score.model", lang)),
            Column(t("report.column.origins", lang), "number"),
            Column(t("report.column.errors", lang), "number"),
            Column("MAPE", "fraction"),
            Column("MASE", "number", "", 2),
            Column(t("report.column.held80", lang), "fraction"),
            Column(t("report.column.held95", lang), "fraction"),
        ),
        tuple(rows),
    )


def _percent(value: float | None) -> float | None:
    return None if value is None else value / 100
