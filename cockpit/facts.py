"""The facts of every page: functions from a release and a scope to frozen records. Nothing is computed here
but choice, order, rank and class limits: values are rows of gold.

Each function raises `OutOfScopeError` for a region outside the scope and `UnknownError` for a theme,
indicator or trace key that the release does not hold.
"""

from cockpit.facts_analysis import analyses, analysis, doubts
from cockpit.facts_chances import chance_record
from cockpit.facts_findings import findings
from cockpit.facts_home import home, navigation, search, targets_page, warnings_page
from cockpit.facts_ops import catalogue_page, quality_page, runs_page, strays
from cockpit.facts_read import OutOfScopeError, UnknownError
from cockpit.facts_report import NoFiguresError, report, report_years
from cockpit.facts_theme import theme_page
from cockpit.facts_trace import trace, trace_key

__all__ = [
    "NoFiguresError",
    "OutOfScopeError",
    "UnknownError",
    "analyses",
    "analysis",
    "catalogue_page",
    "chance_record",
    "doubts",
    "findings",
    "home",
    "navigation",
    "quality_page",
    "report",
    "report_years",
    "runs_page",
    "search",
    "strays",
    "targets_page",
    "theme_page",
    "trace",
    "trace_key",
    "warnings_page",
]
