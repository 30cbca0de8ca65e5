"""The pages of the cockpit, in the order of the navigation."""

from __future__ import annotations

import conf
from cockpit.pages import audit, home, quality, reports, runs, theme
from cockpit.pages.spec import Page

_INTERNAL = conf.load().settings.marking

PAGES = (
    Page("/", "pages.home.nav", "home", ("region", "release"), _INTERNAL, home.build),
    Page(
        "/theme/",
        "pages.theme.nav",
        "theme",
        ("region", "indicator", "breakdown", "period", "release"),
        _INTERNAL,
        theme.build,
    ),
    Page("/quality", "pages.quality.nav", "quality", ("release",), _INTERNAL, quality.build),
    Page("/reports", "pages.reports.nav", "report", ("region", "release"), _INTERNAL, reports.build),
    Page("/runs", "pages.runs.nav", "runs", ("release",), _INTERNAL, runs.build),
    Page("/audit", "access.audit.nav", "audit", ("release",), _INTERNAL, audit.build),
)


def find_page(path: str) -> Page | None:
    """The page that answers a path, or None."""
    return next((page for page in PAGES if page.answers(path)), None)
