"""Chinese working days 工作日: public holidays and the days worked to make up for them."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar


def is_working_day(day: date) -> bool:
    """By the State Council's yearly notice; a year whose notice is not known has weekends only."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def after(day: date, working_days: int) -> date:
    """The day that is so many working days later."""
    while working_days > 0:
        day += timedelta(days=1)
        working_days -= is_working_day(day)
    return day
