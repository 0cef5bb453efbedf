"""When what was bought on credit terms (账期) is due, on the Shanghai calendar, and when a person is reminded. Pure.

月结 is billed by the calendar month of the order: what falls on its last day at 23:59:59 belongs to it. 月结30天 counts 30
days from the month's last day. Days after an order or a receipt begin to count on the day after.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from agent.models import SHANGHAI, DueRule

REMINDED_BEFORE = (0, 1, 3, 7)  # days


@dataclass(frozen=True, slots=True)
class Due:
    """The day on which money is due; where it was not received yet (`expected`), the earliest that it can be."""

    on: date
    expected: bool = False


def due(rule: DueRule, ordered_at: datetime, received_at: datetime | None) -> Due:
    """The due date of one purchase by its rule."""
    ordered, days = day_of(ordered_at), timedelta(days=rule.number)
    match rule.begins:
        case "next_month":
            return Due(_day_of_month(last_of_month(ordered) + timedelta(days=1), rule.number))
        case "month_end":
            return Due(last_of_month(ordered) + days)
        case "order":
            return Due(ordered + days)
        case "receipt":
            return Due(ordered + days, expected=True) if received_at is None else Due(day_of(received_at) + days)


def day_of(at: datetime) -> date:
    """The day in Shanghai. Raises ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone: {at}")
    return at.astimezone(SHANGHAI).date()


def last_of_month(day: date) -> date:
    return _day_of_month(day, 31)


def days_left(on: date, now: datetime) -> int:
    """How many days until it is due: 0 today, below zero once it is overdue."""
    return (on - day_of(now)).days


def reminder(days: int) -> int | None:
    """Which reminder stands while so many days are left: the one of 7, 3, 1 or 0 days before; None before the first and overdue."""
    return next((before for before in REMINDED_BEFORE if 0 <= days <= before), None)


def _day_of_month(month: date, number: int) -> date:
    """That day of the month, or its last where it has fewer."""
    return month.replace(day=min(number, calendar.monthrange(month.year, month.month)[1]))
