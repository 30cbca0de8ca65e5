"""What came of chances of attainment 达成概率检验, beside the chances of a region's targets."""

from __future__ import annotations

from typing import Any

from dash import html

import conf
from cockpit import facts, formats
from cockpit.components.cards import status
from cockpit.components.charts import table
from cockpit.components.static import Static
from cockpit.components.view import View
from cockpit.facts_chances import ChanceRecord

SCORE_DECIMALS = 2
_HEAD = ("told", "cases", "targets", "met", "mean", "share")


def chance_record(view: View, region: str) -> list[Any]:
    """Counts by the word that was told, and the scores of all; nothing where nothing can be checked."""
    found = facts.chance_record(view.release, view.scope, region)
    if not found:
        return []
    whole, label = found[0], _t(view, "title")
    rows = [
        [
            _t(view, "all") if one.word == "all" else view.t(f"chance.{one.word}"),
            one.cases,
            one.targets,
            one.met,
            view.share(one.told),
            view.share(one.share),
        ]
        for one in found
    ]
    listed = table([_t(view, name) for name in _HEAD], rows, label, range(1, len(_HEAD)))
    return [
        Static(
            [
                html.H3(label),
                html.P([_scores(view, whole), status(view, whole.status)], className="caption"),
                listed.content,
                html.P(_t(view, "note"), className="caption"),
            ]
        )
    ]


def _scores(view: View, whole: ChanceRecord) -> str:
    span = {"since": view.day(whole.since), "until": view.day(whole.until)}
    if whole.few:
        return _t(view, "few_cases", **span, n=whole.cases, least=conf.load().settings.chance_record_least)
    brier = formats.plain(whole.brier, SCORE_DECIMALS, view.lang)
    if whole.skill is None:
        return _t(view, "alike", **span, brier=brier)
    base, skill = (formats.plain(one, SCORE_DECIMALS, view.lang) for one in (whole.base_brier, whole.skill))
    return _t(view, "scored", **span, brier=brier, base=base, skill=skill)


def _t(view: View, key: str, **values: Any) -> str:
    return view.t(f"pages.chance_record.{key}", **values)
