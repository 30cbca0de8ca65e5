"""Lists of warnings and plan targets."""

from __future__ import annotations

from dash import html

from cockpit.components.attributes import attrs
from cockpit.components.cards import bar, light, source_button, status
from cockpit.components.states import empty
from cockpit.components.view import View
from cockpit.facts_groups import WarningGroup, groups
from cockpit.facts_types import Light, TargetFact, WarningFact

#: Colours of a scheme that has fewer than all; a colour of the scheme is shown even where it counts 0.
SCHEME_LIGHTS = {"progress": ("red", "yellow", "green", "grey")}


def lights_row(view: View, counts: tuple[tuple[str, int], ...], scheme: str, name: str) -> html.Ul:
    """How many lights of each colour of a scheme."""
    shown = [(colour, n) for colour, n in counts if colour in SCHEME_LIGHTS.get(scheme, (colour,))]
    return html.Ul(
        [
            html.Li(
                [light(view, Light(colour, None, scheme)), html.Span(str(n), className="num count")],
                className="" if n else "none",
            )
            for colour, n in shown
        ],
        className="lights",
        **attrs(aria_label=view.t(f"pages.{name}.counts")),
    )


def _paged(view: View, items: list[html.Li], name: str, label: str) -> list[html.Ul | html.Div]:
    if view.address.dress != "wall":
        return [html.Ul(items, className=name, **attrs(aria_label=label))]
    note = f"page-of-{name}"
    return [
        html.Ul(
            items,
            className=name,
            tabIndex=0,
            **attrs(aria_label=label, data_paged=note),
        ),
        html.Div(id=note, className="muted page-note"),
    ]


def warning_list(view: View, warnings: tuple[WarningFact, ...]) -> list[html.Ul | html.Div]:
    """Warnings by rule and level: what, in how many places, the one that speaks for them, and all places."""
    if not warnings:
        return [empty(view, "warnings")]
    items = [
        _warning(view, group.first) if len(group.places) == 1 else _group(view, group)
        for group in groups(warnings)
    ]
    return _paged(view, items, "warnings", view.t("pages.warning.title"))


def _group(view: View, group: WarningGroup) -> html.Li:
    fact = group.first
    if group.whole:
        where = view.t("pages.warning.places_and_whole", n=group.n_below, region=view.say(fact.region_name))
    else:
        where = view.t("pages.warning.places", n=group.n_below)
    places = html.Ul([_place(view, place) for place in group.places], className="places")
    return html.Li(
        [
            html.Div(
                [light(view, group.light), html.Span(view.say(group.rule_name), className="item-name")],
                className="item-head",
            ),
            html.Div(html.Span(where, className="item-where")),
            html.Div(view.say(fact.message), className="message"),
            _foot(view, fact),
            html.Details([html.Summary(view.t("pages.warning.all_places", n=len(group.places))), places])
            if view.dress != "wall"
            else None,
        ],
        className=f"item edge-{group.light.light}",
    )


def _place(view: View, fact: WarningFact) -> html.Li:
    value = view.amount_text(fact.value, fact.unit, fact.decimals)
    since = view.t("pages.warning.since", period=view.period(fact.since), n=fact.run_length)
    return html.Li(
        [
            html.A(view.say(fact.region_name), href=_theme_link(view, fact), **attrs(data_nav="page")),
            html.Span(value, className="num"),
            html.Span(since, className="muted"),
        ]
    )


def _theme_link(view: View, fact: WarningFact) -> str:
    return view.address.to(
        path=f"/theme/{fact.theme}", indicator=fact.indicator, region=fact.region, breakdown="", period=""
    ).href


def _warning(view: View, fact: WarningFact) -> html.Li:
    what = view.say(fact.indicator_name)
    where = view.say(fact.region_name)
    since = view.t("pages.warning.since", period=view.period(fact.since), n=fact.run_length)
    value = view.amount_text(fact.value, fact.unit, fact.decimals)
    # A rule may hold a change, not the value, against its threshold; then only the rule's message tells both.
    against = view.amount_text(fact.threshold, fact.unit, fact.decimals) if fact.compared is None else None
    held = view.t("pages.warning.held", value=value, threshold=against) if against else value
    return html.Li(
        [
            html.Div(
                [
                    light(view, fact.light),
                    html.A(
                        [where, " · ", what],
                        href=_theme_link(view, fact),
                        title=view.say(fact.message),
                        **attrs(data_nav="page"),
                    ),
                ],
                className="item-head",
            ),
            html.Div(view.say(fact.message), className="message"),
            html.Div([html.Span(held, className="num"), html.Span(since, className="muted")]),
            _foot(view, fact),
        ],
        className=f"item edge-{fact.light.light}",
    )


def _foot(view: View, fact: WarningFact) -> html.Button:
    named = f"{view.say(fact.region_name)} {view.say(fact.indicator_name)}"
    return source_button(
        view,
        fact.trace,
        f"{named} {view.amount_text(fact.value, fact.unit, fact.decimals)}",
        [
            html.Span(view.t("pages.warning.duty", department=view.say(fact.department))),
            status(view, fact.status),
            None if fact.verified else html.Span(view.t("pages.warning.unverified"), className="mark"),
        ],
    )


def target_list(view: View, targets: tuple[TargetFact, ...]) -> list[html.Ul | html.Div]:
    """Plan targets: goal, actual, attainment beside time elapsed 序时进度, light, whose duty."""
    if not targets:
        return [empty(view, "targets")]
    return _paged(view, [_target(view, fact) for fact in targets], "targets", view.t("pages.target.title"))


def _target(view: View, fact: TargetFact) -> html.Li:
    actual = view.amount_text(fact.value, fact.unit, fact.decimals)
    goal = view.amount_text(fact.goal, fact.unit, fact.decimals)
    duty = [
        html.Span(view.t("pages.target.duty", department=view.say(fact.department))),
        status(view, fact.status),
        html.Span(view.t(f"evidence.{fact.evidence}"), className="mark")
        if fact.evidence != "measured"
        else None,
    ]
    foot = (
        source_button(view, fact.trace, f"{view.say(fact.name)} {actual}", duty)
        if fact.trace
        else html.Div(duty, className="foot")
    )
    return html.Li(
        [
            html.Div(
                [
                    html.Span(view.say(fact.name), className="item-name", title=view.say(fact.clause)),
                    _target_light(view, fact),
                ],
                className="item-head",
            ),
            html.Div(
                [
                    html.Span(
                        view.t("pages.target.values", actual=actual, goal=goal, due=view.day(fact.due)),
                        className="num",
                    ),
                    html.Span(_progress(view, fact), className="muted num"),
                ]
            ),
            bar(view, fact) if fact.attainment is not None else None,
            foot,
        ],
        className=f"item edge-{fact.light.light}",
    )


def _progress(view: View, fact: TargetFact) -> str:
    """Attainment beside time elapsed; without a base the way gone is not known, only the time."""
    elapsed = view.elapsed(fact.time_elapsed)
    if fact.attainment is None:
        return view.t("pages.target.elapsed", elapsed=elapsed)
    return view.t("pages.target.progress", attainment=view.share(fact.attainment), elapsed=elapsed)


def _target_light(view: View, fact: TargetFact) -> html.Span:
    """The light; a grey one says whether the value or only the base to measure from is missing."""
    if fact.light.light != "grey" or fact.value is None:
        return light(view, fact.light)
    return html.Span(["— ", view.t("pages.target.no_base")], className="light light-grey")
