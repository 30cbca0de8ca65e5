"""What came of chances of attainment 达成概率检验, beside the chances of a region's targets."""

from __future__ import annotations

from typing import Any

from dash import html

from cockpit import facts
from cockpit.components.cards import status
from cockpit.components.charts import table
from cockpit.components.static import Static
from cockpit.components.view import View
from cockpit.outlook import chance_scores, chance_word

_HEAD = ("told", "cases", "targets", "met", "mean", "share")


def chance_record(view: View, region: str) -> list[Any]:
    """Counts by the word that was told, and the scores of all; nothing where nothing can be checked."""
    found = facts.chance_record(view.release, view.scope, region)
    if not found:
        return []
    whole, label = found[0], _t(view, "title")
    rows = [
        [
            chance_word(one, view.lang),
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
                html.P([chance_scores(whole, view.lang), status(view, whole.status)], className="caption"),
                listed.content,
                html.P(_t(view, "note"), className="caption"),
            ]
        )
    ]


def _t(view: View, key: str) -> str:
    return view.t(f"pages.chance_record.{key}")
