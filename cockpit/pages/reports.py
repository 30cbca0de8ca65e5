"""The reports page: what to report, how far it has come, and what was made before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

import conf
from cockpit import facts, tokens
from cockpit.address import LANGUAGES
from cockpit.components.attributes import attrs
from cockpit.components.charts import table
from cockpit.components.states import Children, empty, panel
from cockpit.components.view import View
from cockpit.reports.desk import KEPT
from cockpit.reports.files import ADDRESS
from cockpit.reports.order import FORMATS
from cockpit.store.reports import PENDING, Report

#: How often the page asks how far its reports have come, in milliseconds.
POLL_MS = 1000
#: Choices of an order, in the order of the form and of the callback's values.
CHOICES = ("theme", "region", "until", "lang", "format")


def build(view: View) -> tuple[str, list[Any]]:
    """Heading and children of the page."""
    entries = view.store.reports.of(view.reader.account, KEPT)
    return view.t("pages.reports.title"), [
        panel(view, view.t("pages.reports.order"), lambda: _form(view), "report-order"),
        panel(
            view,
            view.t("pages.reports.made"),
            lambda: [
                html.Div(report_list(view, entries), id="report-list"),
                dcc.Interval(id="report-poll", interval=POLL_MS, disabled=not is_pending(entries)),
            ],
            "reports",
        ),
    ]


def is_pending(entries: Sequence[Report]) -> bool:
    """Whether any of the reports is still being made."""
    return any(entry.state in PENDING for entry in entries)


def _form(view: View) -> Children:
    years = facts.report_years(view.release, view.scope)
    regions = _regions(view)
    region = view.region if view.region in dict(regions) else regions[0][0]
    themes = [(item.theme, view.say(item.name)) for item in view.themes]
    options: dict[str, tuple[list[tuple[str, str]], str]] = {
        "theme": (themes, themes[0][0]),
        "region": (regions, region),
        "until": ([(str(year), view.period(str(year))) for year in years], str(years[-1])),
        "lang": ([(lang, view.t(f"pages.reports.langs.{lang}")) for lang in LANGUAGES], view.lang),
        "format": ([(name, view.t(f"pages.reports.formats.{name}")) for name in FORMATS], "docx"),
    }
    selects = [
        dmc.Select(
            id=f"report-{name}",
            label=view.t(f"pages.reports.{name}"),
            data=[{"value": value, "label": label} for value, label in options[name][0]],
            value=options[name][1],
            allowDeselect=False,
            searchable=len(options[name][0]) > 12,
            size="sm",
        )
        for name in CHOICES
    ]
    return [
        html.Div(
            [*selects, _button(view)],
            className="filters",
        ),
        html.P("", id="report-answer", className="notice", role="status", hidden=True),
        html.P(view.t("pages.reports.note"), className="muted"),
    ]


def _button(view: View) -> dmc.Button:
    colour = tokens.palette(view.dress).accent
    return dmc.Button(
        view.t("pages.reports.make"), id="report-make", size="sm", color=colour, autoContrast=True
    )


def _regions(view: View) -> list[tuple[str, str]]:
    """Today's regions of the scope with the way down to them, in official order."""
    regions = conf.load().regions
    found = []
    for row in regions.rows():
        if (
            row.level in ("province", "city", "county")
            and row.valid_to is None
            and view.scope.covers(row.code)
        ):
            way = [*reversed(regions.ancestors(row.code)), row.code]
            found.append((row.code, " · ".join(view.region_name(code) for code in way)))
    return found


def report_list(view: View, entries: Sequence[Report]) -> Children:
    """The reader's reports, the newest first."""
    if not entries:
        return [empty(view, "reports")]
    names = ("made_at", "name", "format", "size", "state")
    head = [view.t(f"pages.reports.{name}") for name in names]
    head.append(view.t("pages.column.release"))
    return [table(head, [_row(view, entry) for entry in entries], view.t("pages.reports.made"), (3,))]


def _row(view: View, entry: Report) -> tuple[Any, ...]:
    wanted = entry.parameters
    theme = next(
        (view.say(item.name) for item in view.themes if item.theme == wanted["theme"]), wanted["theme"]
    )
    name = entry.file or f"{view.region_name(wanted['region'])} {theme}"
    link = html.A(name, href=f"{ADDRESS}{entry.id}", download="") if entry.state == "done" else name
    return (
        view.moment(entry.created),
        link,
        entry.kind.upper(),
        f"{entry.bytes / 1024:,.0f} KB" if entry.bytes else view.t("format.missing"),
        _state(view, entry),
        html.Code(wanted["release"]),
    )


def _state(view: View, entry: Report) -> html.Div:
    word = view.t(f"pages.reports.states.{entry.state}")
    if entry.reason is not None:
        return html.Div([word, html.P(entry.reason[view.lang], className="muted")])
    if entry.state == "done":
        return html.Div(word)
    label = view.t("pages.reports.progress", percent=entry.percent)
    bar = html.Progress(value=str(entry.percent), max="100", **attrs(aria_label=label))
    return html.Div([word, " ", bar, " ", html.Span(label, className="num")])
