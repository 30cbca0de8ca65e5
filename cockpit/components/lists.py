"""Lists of warnings and plan targets."""

from __future__ import annotations

from typing import Any

from dash import html

from cockpit.components.attributes import attrs
from cockpit.components.cards import bar, light, source_button, status
from cockpit.components.states import empty
from cockpit.components.static import Static
from cockpit.components.svg import icon
from cockpit.components.view import View
from cockpit.facts_groups import WarningGroup, groups
from cockpit.facts_types import Light, TargetFact, WarningFact
from cockpit.outlook import target_chance, target_lateness, target_rates

#: Targets that a phone lists before it asks whether to go on.
FIRST_TARGETS = 6


def warning_lights(view: View, counts: tuple[tuple[str, int], ...]) -> html.Ul:
    """How many warning lights of each colour, by place; grey only where a rule lacks its data."""
    shown = [
        (light(view, Light(colour, None, "emergency")), n) for colour, n in counts if n or colour != "grey"
    ]
    return _lights(shown, view.t("pages.warning.counts"))


def target_lights(view: View, targets: tuple[TargetFact, ...]) -> html.Ul:
    """How many targets at each light; a grey one lacks its value, or the base to measure from."""
    colours = [fact.light.light for fact in targets]
    shown = [
        (light(view, Light(colour, None, "progress")), colours.count(colour))
        for colour in ("red", "yellow", "green")
    ]
    no_base = sum(_lacks_base(fact) for fact in targets)
    if no_base:
        shown.append((_no_base(view), no_base))
    no_value = colours.count("grey") - no_base
    return _lights(
        [*shown, (light(view, Light("grey", None, "progress")), no_value)], view.t("pages.target.counts")
    )


def _lights(counts: list[tuple[html.Span, int]], label: str) -> html.Ul:
    rows = [
        html.Li([lamp, html.Span(str(n), className="num count")], className="" if n else "none")
        for lamp, n in counts
    ]
    return html.Ul(rows, className="lights", **attrs(aria_label=label))


def _paged(view: View, items: list[html.Li], name: str, label: str) -> list[Static]:
    if view.address.dress != "wall":
        return [Static(html.Ul(items, className=name, **attrs(aria_label=label)))]
    note = f"page-of-{name}"
    listed = html.Ul(items, className=name, tabIndex=0, **attrs(aria_label=label, data_paged=note))
    return [Static([listed, html.Div(id=note, className="muted page-note")])]


def warning_list(view: View, warnings: tuple[WarningFact, ...]) -> list[Any]:
    """Warnings by rule and level: what, in how many places, the worst of them, and all places."""
    if not warnings:
        return [empty(view, "warnings")]
    items = [
        _group(view, group) if len(group.places) > 1 else _warning(view, group.worst)
        for group in groups(warnings, view.region)
    ]
    return _paged(view, items, "warnings", view.t("pages.warning.title"))


def _group(view: View, group: WarningGroup) -> html.Li:
    worst, whole = group.worst, group.whole
    held = view.t("pages.warning.worst", place=view.say(worst.region_name), held=_held(view, worst))
    if whole is None:
        where = view.t("pages.warning.places", n=group.n_below)
    else:
        name = view.say(whole.region_name)
        where = view.t("pages.warning.places_and_whole", n=group.n_below, region=name)
        if whole is not worst:
            own = f"{name} {_dated(view, group, whole)}"
            held = view.t("pages.warning.pair", first=own, second=held)
    # A wall turns its pages by itself; nobody opens anything there.
    places = None
    if view.dress != "wall":
        rows = html.Ul([_place(view, group, place) for place in group.places], className="places")
        places = html.Details([html.Summary(view.t("pages.warning.all_places", n=len(group.places))), rows])
    link = _theme_link(view, worst, view.region)
    title = html.A([view.say(group.rule_name), " · ", where], href=link, **attrs(data_nav="page"))
    return _item(view, worst, [light(view, group.light), title], held, places)


def _warning(view: View, fact: WarningFact) -> html.Li:
    what, where = view.say(fact.rule_name), view.say(fact.region_name)
    title = view.say(fact.message)
    link = _theme_link(view, fact, fact.region)
    name = html.A([what, " · ", where], href=link, title=title, **attrs(data_nav="page"))
    return _item(view, fact, [light(view, fact.light), name], _held(view, fact), None)


def _item(view: View, fact: WarningFact, head: list[Any], held: str, places: html.Details | None) -> html.Li:
    return html.Li(
        [
            html.Div(head, className="item-head"),
            html.Div([html.Span(held, className="num"), html.Span(_since(view, fact), className="muted")]),
            _foot(view, fact),
            places,
        ],
        className=f"item edge-{fact.light.light}",
    )


def _place(view: View, group: WarningGroup, fact: WarningFact) -> html.Li:
    name, value = view.say(fact.region_name), _dated(view, group, fact)
    return html.Li(
        [
            html.A(name, href=_theme_link(view, fact, fact.region), **attrs(data_nav="page")),
            html.Span(value, className="num"),
            html.Span(_since(view, fact), className="muted"),
            source_button(view, fact.trace, f"{name} {value}", [icon("trace")], "trace-icon"),
        ]
    )


def _value(view: View, fact: WarningFact) -> str:
    return view.amount_text(fact.value, fact.unit, fact.decimals)


def _dated(view: View, group: WarningGroup, fact: WarningFact) -> str:
    """The measure, with its period where that is not the newest of the group."""
    value = _value(view, fact)
    if not group.is_older(fact):
        return value
    return view.t("pages.warning.older", value=value, period=view.period(fact.period))


def _held(view: View, fact: WarningFact) -> str:
    """The measure against its threshold; a rule without one threshold has the measure alone."""
    if fact.threshold is None:
        return _value(view, fact)
    threshold = view.amount_text(fact.threshold, fact.unit, fact.decimals)
    return view.t("pages.warning.held", value=_value(view, fact), threshold=threshold)


def _since(view: View, fact: WarningFact) -> str:
    return view.t("pages.warning.since", period=view.period(fact.since), n=fact.run_length)


def _theme_link(view: View, fact: WarningFact, region: str) -> str:
    return view.address.to(
        path=f"/theme/{fact.theme}", indicator=fact.indicator, region=region, breakdown="", period=""
    ).href


def _foot(view: View, fact: WarningFact) -> html.Button:
    named = f"{view.say(fact.region_name)} {view.say(fact.indicator_name)}"
    return source_button(
        view,
        fact.trace,
        f"{named} {_value(view, fact)}",
        [
            html.Span(view.t("pages.warning.duty", department=view.say(fact.department))),
            status(view, fact.status),
            None if fact.verified else html.Span(view.t("pages.warning.unverified"), className="mark"),
        ],
    )


def target_list(view: View, targets: tuple[TargetFact, ...]) -> list[Any]:
    """Plan targets: goal, actual, attainment beside time elapsed 序时进度, light, whose duty."""
    if not targets:
        return [empty(view, "targets")]
    label = view.t("pages.target.title")
    items = [_target(view, fact) for fact in targets]
    if view.dress == "wall" or len(items) <= FIRST_TARGETS:
        return _paged(view, items, "targets", label)
    more = view.t("pages.target.more", n=len(items) - FIRST_TARGETS)
    first = html.Ul(items[:FIRST_TARGETS], className="targets", **attrs(aria_label=label))
    button = html.Button(
        more,
        className="only-phone",
        **attrs(data_toggle="more-targets", aria_expanded="false", aria_controls="more-targets"),
    )
    others = items[FIRST_TARGETS:]
    rest = html.Ul(others, id="more-targets", className="targets more", **attrs(aria_label=more))
    return [Static([first, button, rest])]


def _target(view: View, fact: TargetFact) -> html.Li:
    actual = view.amount_text(fact.value, fact.unit, fact.decimals)
    goal = view.amount_text(fact.goal, fact.unit, fact.decimals)
    duty = [
        html.Span(view.t("pages.target.duty", department=view.say(fact.department))),
        status(view, fact.status),
        html.Span(view.t(f"evidence.{fact.evidence}"), className="mark"),
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
                    _no_base(view) if _lacks_base(fact) else light(view, fact.light),
                ],
                className="item-head",
            ),
            html.Div(
                [
                    html.Span(view.t("pages.target.values", actual=actual, goal=goal), className="num"),
                    _progress(view, fact),
                ]
            ),
            bar(view, fact) if fact.attainment is not None else None,
            _outlook(view, fact),
            foot,
        ],
        className=f"item edge-{fact.light.light}",
    )


def _progress(view: View, fact: TargetFact) -> html.Span:
    """When it is due, and the way gone beside time elapsed; a target without a base has no way to measure,
    and one past its due date no time left."""
    due, elapsed = view.day(fact.due), view.elapsed(fact.time_elapsed)
    if fact.attainment is not None:
        way = view.share(fact.attainment)
        words = view.t("pages.target.progress", due=due, attainment=way, elapsed=elapsed)
    elif fact.time_elapsed is not None and fact.time_elapsed < 1:
        words = view.t("pages.target.elapsed", due=due, elapsed=elapsed)
    else:
        words = view.t("pages.target.due", due=due)
    return html.Span(words, className="muted num due")


def _outlook(view: View, fact: TargetFact) -> html.Div | None:
    """The chance of attainment in words, or why there is none, the rate it takes beside the recent one, and how late
    the target is or was reached."""
    chance, rates = target_chance(fact, view.lang), target_rates(fact, view.lang)
    odds = view.t("pages.target.odds", chance=chance) if chance else ""
    words = [odds, rates, target_lateness(fact, view.lang)]
    shown = [html.Span(text, className="muted num") for text in words if text]
    return html.Div(shown) if shown else None


def _lacks_base(fact: TargetFact) -> bool:
    """Whether a target has a value, but nothing to measure it from before it is due."""
    return fact.light.light == "grey" and fact.value is not None


def _no_base(view: View) -> html.Span:
    return light(view, Light("grey", None, "progress"), view.t("pages.target.no_base"))
