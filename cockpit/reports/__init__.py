"""Reports: the facts of `facts.report` as a Word document or an Excel workbook.

`Order` says which report is wanted, `check` refuses what cannot be made, `make` writes it, whole or not at
all.
"""

from cockpit.address import LANGUAGES
from cockpit.gold import NoReleaseError, Scope
from cockpit.reports.findings import write_findings
from cockpit.reports.order import FORMATS, Order, OrderError, check, check_output, make, open_release

__all__ = [
    "FORMATS",
    "LANGUAGES",
    "NoReleaseError",
    "Order",
    "OrderError",
    "Scope",
    "check",
    "check_output",
    "make",
    "open_release",
    "write_findings",
]
