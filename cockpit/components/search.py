"""Search over indicators and regions: each hit is the address it leads to."""

from __future__ import annotations

from typing import Any

from cockpit import facts
from cockpit.components.view import View
from cockpit.facts_types import SearchHit


def options(view: View, words: str) -> list[dict[str, Any]]:
    """Grouped choices for what was typed; empty groups are left out."""
    hits = facts.search(view.release, view.scope, words)
    groups = {
        kind: [_option(view, hit) for hit in hits if hit.kind == kind] for kind in ("indicator", "region")
    }
    return [
        {"group": view.t(f"pages.search.{kind}"), "items": items} for kind, items in groups.items() if items
    ]


def _option(view: View, hit: SearchHit) -> dict[str, str]:
    here = view.address
    if hit.kind == "indicator":
        goal = here.to(path=f"/theme/{hit.theme}", indicator=hit.indicator or "", breakdown="", period="")
    else:
        goal = here.to(region=hit.region or "")
    detail = view.say(hit.detail)
    return {"label": f"{view.say(hit.name)} · {detail}" if detail else view.say(hit.name), "value": goal.href}
