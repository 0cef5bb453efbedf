"""Limits: reached is allowed, passed by one 分 is not, and all that are passed are told with their numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import LimitReached
from agent.models import SHANGHAI, Fen
from agent.work.limits import DayTotals, Limits, check_limits, free_again, yuan

LIMITS = Limits(Fen(30000), Fen(300000), 200, Fen(1500000))
NOTHING = DayTotals(0, Fen(0), Fen(0))


def test_reached_exactly() -> None:
    check_limits(Fen(30000), LIMITS, NOTHING)
    check_limits(Fen(100), LIMITS, DayTotals(199, Fen(1499900), Fen(299900)))


@pytest.mark.parametrize(
    "total, day, numbers",
    [
        (30001, NOTHING, ("300.01", "300.00")),
        (100, DayTotals(0, Fen(0), Fen(299901)), ("3000.01", "3000.00")),
        (100, DayTotals(0, Fen(1499901), Fen(0)), ("15000.01", "15000.00")),
        (100, DayTotals(200, Fen(0), Fen(0)), ("201", "200")),
        (30001, DayTotals(200, Fen(1499901), Fen(299901)), ("300.01", "3299.02", "15299.02", "201")),
    ],
)
def test_passed(total: int, day: DayTotals, numbers: tuple[str, ...]) -> None:
    with pytest.raises(LimitReached) as told:
        check_limits(Fen(total), LIMITS, day)
    assert all(number in told.value.what for number in numbers)


def test_a_total_below_zero_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError):
        check_limits(Fen(-1), LIMITS, NOTHING)


def test_a_limit_of_nothing_lets_nothing_pass() -> None:
    with pytest.raises(LimitReached):
        check_limits(Fen(1), replace(LIMITS, most_per_order=Fen(0)), NOTHING)


@given(st.integers(0, 10**9))
def test_yuan(amount: int) -> None:
    text = yuan(amount)
    assert int(text.replace(".", "")) == amount and text[-3] == "."


def test_yuan_below_zero() -> None:
    assert (yuan(-5), yuan(-12345), yuan(7)) == ("-0.05", "-123.45", "0.07")


def test_a_supplier_s_own_number_of_orders() -> None:
    own = replace(LIMITS, most_orders_here=3)
    check_limits(Fen(1), own, replace(NOTHING, supplier_orders=2))
    with pytest.raises(LimitReached, match="orders at this supplier today: 4, limit 3"):
        check_limits(Fen(1), own, replace(NOTHING, supplier_orders=3))
    check_limits(Fen(1), LIMITS, replace(NOTHING, supplier_orders=199))


AT = datetime(2026, 11, 22, 18, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("minutes", "most", "again"),
    [
        ([], 1, None),
        ([60], 1, None),  # an hour ago is over
        ([59], 1, 1),
        ([59, 10], 3, None),
        ([59, 10], 2, 1),
        ([59, 10], 1, 50),  # more than may be: the newest has to be over
        ([10, 59, 30], 2, 30),
    ],
)
def test_an_hour_slides(minutes: list[int], most: int, again: int | None) -> None:
    bought = [AT - timedelta(minutes=each) for each in minutes]
    assert free_again(bought, most, AT) == (None if again is None else AT + timedelta(minutes=again))
