"""Reports: the facts of `facts.report` as a Word document or an Excel workbook.

`Order` says which report is wanted, `check` refuses what cannot be made, `make` writes it, whole or not at
all.
"""

from cockpit.reports.order import FORMATS, LANGUAGES, Order, OrderError, check, make

__all__ = ["FORMATS", "LANGUAGES", "Order", "OrderError", "check", "make"]
