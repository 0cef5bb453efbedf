"""When an order is bought: evening orders are often refunded within half an hour, so it waits a while, but never too long. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from agent.ledger import StoredOrder

LAST_CALL = timedelta(minutes=10)  # so long before a supplier's cut-off a purchase has to begin
ORDINARY_PROMISE = timedelta(hours=48)  # 抖店's own where a product promises nothing else (DOMAIN 1.5)
A_LONG_HOLIDAY = 30  # days after which a supplier that never opens is taken as always open


@dataclass(frozen=True, slots=True)
class Hours:
    """When a supplier sends: what is ordered before `cut_off` goes the same day, except on closed days.

    `cut_off` None: at once, on every day that is not closed. In `closed_weekdays` 0 is Monday.
    """

    cut_off: time | None = None
    closed_weekdays: Collection[int] = ()
    closed_dates: Collection[date] = ()

    @property
    def sends_at_times(self) -> bool:
        """Whether what is ordered later may leave a day later."""
        return bool(self.cut_off or self.closed_weekdays or self.closed_dates)

    def open_on(self, day: date) -> bool:
        return day.weekday() not in self.closed_weekdays and day not in self.closed_dates


def soonest(orders: Iterable[StoredOrder]) -> list[StoredOrder]:
    """The orders by their ship-by time; one whose own page was not read yet by the ordinary promise."""
    return sorted(orders, key=lambda order: (order.ship_by or order.ordered_at + ORDINARY_PROMISE, order.order_number))


def buy_from(ordered_at: datetime, ship_by: datetime | None, wait: timedelta, hours: Hours) -> datetime:
    """From when on the order is bought: `wait` after it was made, sooner where the parcel would leave after the ship-by time."""
    end = ordered_at + wait
    if ship_by is None or leaves(end, hours) <= ship_by:
        return end
    return max(ordered_at, min(end, latest(ship_by, hours) - LAST_CALL))


def leaves(at: datetime, hours: Hours) -> datetime:
    """When the parcel of a purchase made at `at` leaves: at the next cut-off of an open day; without a cut-off, at once on an open day."""
    if hours.cut_off is None and hours.open_on(at.date()):
        return at
    for days in range(A_LONG_HOLIDAY):
        day = at.date() + timedelta(days=days)
        gone = datetime.combine(day, hours.cut_off or time(), at.tzinfo)
        if hours.open_on(day) and gone >= at:
            return gone
    return at


def latest(ship_by: datetime, hours: Hours) -> datetime:
    """The latest time of a purchase whose parcel still leaves by `ship_by`."""
    if hours.cut_off is None and hours.open_on(ship_by.date()):
        return ship_by
    for days in range(A_LONG_HOLIDAY):
        day = ship_by.date() - timedelta(days=days)
        end = datetime.combine(day, hours.cut_off or time.max, ship_by.tzinfo)
        if hours.open_on(day) and end <= ship_by:
            return end
    return ship_by
