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
        (replace(ORDER, buyer_message="先 不发，等我"), False),
        (replace(ORDER, state="shipped"), False),
        (replace(ORDER, state="partly_shipped"), False),
        (replace(ORDER, state="completed"), False),
        (replace(ORDER, state="cancelled"), False),
        (replace(ORDER, state="unpaid"), True),
        (replace(ORDER, state="under_review"), True),
        (replace(ORDER, address_change="asked"), True),
        (lines("none", "open"), True),
        (lines("refunded", "none"), False),
        (lines("refunded", "open"), True),
        (lines("refunded", "refunded"), False),
        (replace(ORDER, lines=()), True),
    ],
)
def test_not_ours(order: Order, again: bool) -> None:
    decision = decide(order, RULE)
    assert (decision.take, decision.again) == (False, again) and decision.reason


def test_only_a_line_that_was_refunded_leaves_the_rest_to_a_person() -> None:
    assert decide(lines("refunded", "none"), RULE).rest and decide(lines("closed", "refunded"), RULE).rest
    other_reasons = [replace(lines("refunded", "none"), **more) for more in ({"flag": "red"}, {"state": "partly_shipped"})]
    for order in (lines("refunded", "refunded"), lines("none", "open"), *other_reasons):
        assert not decide(order, RULE).rest


def of_kind(kind: str = "ordinary", *, line: str = "ordinary", specification: str = "黑色 XL") -> Order:
    first, second = ORDER.lines
    return replace(ORDER, kind=kind, lines=(first, replace(second, kind=line, specification=specification)))


@pytest.mark.parametrize(
    "order, told",
    [
        (of_kind("presale"), "presale"),
        (of_kind("deposit"), "deposit"),
        (of_kind("sample"), "sample"),
        (of_kind("lottery"), "lottery"),
        (of_kind("custom"), "made to order"),
        (of_kind("virtual"), "virtual"),
        (of_kind("instant"), "hour"),
        (of_kind("拼团"), "拼团"),
        (of_kind(line="gift"), "gift"),
        (of_kind(line="bundle"), "bundle"),
        (of_kind(line="换购"), "换购"),
        (of_kind("sample", line="gift"), "sample, gift"),
        (of_kind("", line=""), "does not show"),
        (of_kind(specification="白/5天内发货"), "白/5天内发货"),
        (of_kind(specification="白 七天 后发货"), "七天"),
        (of_kind(specification="白;72小时内发货"), "72小时"),
        (of_kind(specification="白/１５天内发货"), "１５天"),
        (of_kind(specification="白/12月5日发货"), "12月5日"),
        (of_kind(specification="【预售】白"), "预售"),
    ],
)
def test_a_kind_that_is_not_known_as_ordinary_is_not_taken_and_said(order: Order, told: str) -> None:
    decision = decide(order, RULE)
    assert (decision.take, decision.again) == (False, False)
    assert told in decision.reason and "agent take" in decision.reason


@pytest.mark.parametrize(
    "specification",
    ["白/现货", "白/48小时内发货", "白/24小时发货", "白/2天内发货", "白/次日发货", "3天试用装", "5天", "12月限定"],
)
def test_an_ordinary_promise(specification: str) -> None:
    assert decide(of_kind(specification=specification), RULE).take


def test_a_rule_without_exceptions() -> None:
    assert decide(replace(ORDER, flag="red", remark="已拍"), TakeRule(NOON)).take
