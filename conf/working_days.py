"""Chinese working days 工作日: public holidays and the days worked to make up for them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import chinese_calendar


@cache
def knows(year: int) -> bool:
    """Whether the holidays 节假日安排 of a year are known; the State Council tells them each November."""
    try:
        chinese_calendar.is_workday(date(year, 6, 1))
    # The package's word for a year that it does not hold.
    except NotImplementedError:
        return False
    return True


def is_working_day(day: date) -> bool:
    """By the State Council's yearly notice; a year whose notice is not known has weekends only."""
    return bool(chinese_calendar.is_workday(day)) if knows(day.year) else day.weekday() < 5


def after(day: date, working_days: int) -> date:
    """The day that is so many working days later."""
    while working_days > 0:
        day += timedelta(days=1)
        working_days -= is_working_day(day)
    return day
