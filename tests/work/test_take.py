"""What is ours to buy: every "no" has a reason, and says whether it may turn into a yes by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from agent.models import Order
from agent.work.take import TakeRule, decide, still_wanted
from tests.work.given import NOON, ORDER

RULE = TakeRule(paid_after=NOON, except_flags=("red",), except_remarks=("已拍", "不发"))


def lines(*states: str) -> Order:
    return replace(ORDER, lines=tuple(replace(ORDER.lines[0], after_sales=state) for state in states))


@pytest.mark.parametrize(
    "order",
    [
        ORDER,
        replace(ORDER, flag="green"),
        replace(ORDER, remark="送礼盒"),
        replace(ORDER, ordered_at=NOON + timedelta(days=1)),
        lines("none", "closed"),
    ],
)
def test_ours(order: Order) -> None:
    assert decide(order, RULE).take and decide(order, RULE).reason
    assert still_wanted(order) is None


@pytest.mark.parametrize(
    "order, again",
    [
        (replace(ORDER, ordered_at=NOON - timedelta(seconds=1)), False),
        (replace(ORDER, flag="red"), False),
        (replace(ORDER, remark="客服:已拍 1688"), False),
        (replace(ORDER, state="shipped"), False),
        (replace(ORDER, state="partly_shipped"), False),
        (replace(ORDER, state="completed"), False),
        (replace(ORDER, state="cancelled"), False),
        (replace(ORDER, state="unpaid"), True),
        (replace(ORDER, state="under_review"), True),
        (replace(ORDER, address_change="asked"), True),
        (lines("none", "open"), True),
        (lines("refunded", "none"), False),
        (replace(ORDER, lines=()), True),
    ],
)
def test_not_ours(order: Order, again: bool) -> None:
    decision = decide(order, RULE)
    assert (decision.take, decision.again) == (False, again) and decision.reason


def test_a_rule_without_exceptions() -> None:
    assert decide(replace(ORDER, flag="red", remark="已拍"), TakeRule(NOON)).take
