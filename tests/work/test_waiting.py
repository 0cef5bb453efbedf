"""How long an order waits before it is bought."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.ledger import StoredOrder
from agent.models import SHANGHAI
from agent.work.waiting import Hours, buy_from, latest, leaves, soonest

HALF_AN_HOUR = timedelta(minutes=30)


def at(text: str) -> datetime:
    """A time of November 2026, as "day hour:minute"; the 22nd is a Sunday."""
    return datetime.strptime(f"2026-11-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


FOUR = Hours(cut_off=time(16))
NO_SUNDAY = Hours(cut_off=time(16), closed_weekdays=(6,))


@pytest.mark.parametrize(
    ("ordered", "ship_by", "hours", "expected"),
    [
        ("20 20:00", "22 20:00", Hours(), "20 20:30"),
        ("20 20:00", None, Hours(), "20 20:30"),
        ("20 20:00", "20 20:20", Hours(), "20 20:10"),  # the ship-by time comes before the wait is over
        ("20 20:00", "20 20:05", Hours(), "20 20:00"),
        ("20 15:45", "21 15:45", FOUR, "20 15:50"),  # at 16:15 it would leave tomorrow at 16:00, too late
        ("20 15:45", "21 16:00", FOUR, "20 16:15"),
        ("20 17:00", "21 15:00", FOUR, "20 17:00"),  # too late whatever is done: at once
        ("21 15:45", "23 15:00", NO_SUNDAY, "21 15:50"),  # Sunday nothing leaves, Monday's cut-off is too late
        ("21 15:45", "23 17:00", NO_SUNDAY, "21 16:15"),
        ("21 23:50", "22 23:00", Hours(closed_dates=(date(2026, 11, 22),)), "21 23:50"),
    ],
)
def test_an_order_waits_but_not_past_its_ship_by_time(ordered: str, ship_by: str | None, hours: Hours, expected: str) -> None:
    assert buy_from(at(ordered), at(ship_by) if ship_by else None, HALF_AN_HOUR, hours) == at(expected)


TIMES = st.integers(0, 14 * 24 * 60).map(lambda minutes: at("02 00:00") + timedelta(minutes=minutes))
HOURS = st.builds(
    Hours, cut_off=st.none() | st.times().map(lambda t: t.replace(microsecond=0)), closed_weekdays=st.sets(st.integers(0, 5))
)


@given(TIMES, TIMES, st.integers(0, 600).map(lambda minutes: timedelta(minutes=minutes)), HOURS)
def test_never_before_the_order_never_after_the_wait_and_in_time_where_that_can_be(
    ordered: datetime, ship_by: datetime, wait: timedelta, hours: Hours
) -> None:
    start = buy_from(ordered, ship_by, wait, hours)
    assert ordered <= start <= ordered + wait
    if leaves(ordered, hours) <= ship_by:
        assert leaves(start, hours) <= ship_by


@given(TIMES, HOURS)
def test_what_is_bought_at_the_latest_time_still_leaves_in_time(ship_by: datetime, hours: Hours) -> None:
    last = latest(ship_by, hours)
    assert last <= ship_by
    assert leaves(last, hours) <= ship_by


def test_the_soonest_ship_by_time_comes_first_also_of_an_order_whose_page_was_not_read_yet() -> None:
    def order(number: str, ordered: str, ship_by: str = "") -> StoredOrder:
        end = at(ship_by) if ship_by else None
        return StoredOrder("s", number, at(ordered), end, "to_ship", "ordinary", "grey", "", "", "none", "ours", "", "", "", ())

    orders = [order("new", "20 12:00"), order("late", "19 12:00", "25 12:00"), order("soon", "20 10:00", "21 10:00")]
    assert [each.order_number for each in soonest(orders)] == ["soon", "new", "late"]
