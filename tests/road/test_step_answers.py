"""Whose yes counts, and for what: not one that was struck before it was asked for, and not for another parcel than was shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.market.demo_orders import line
from tests.road.conftest import MakeRoad
from tests.road.road import order
from tests.road.test_step_mode import ASKS, ENDS, WAITS, go_on, stepping

pytestmark = pytest.mark.slow

NUMBER = "YT9693083600077"


def test_a_yes_struck_before_the_question_is_forgotten(make_road: MakeRoad) -> None:
    road = make_road(74)
    one = order(9)
    road.put_up(one)
    with stepping(road, one) as terminal:
        terminal.until(WAITS)
        terminal.strike("gyes\n")  # on to the commit, and an answer before it is asked
        told = terminal.until(ASKS)
        assert "Place this order?" in told
        terminal.strike("no\n")
        go_on(terminal)
        assert terminal.ended() == 0
    assert (road.submits(one), road.bought(one)) == (0, 0)


def test_a_parcel_that_is_another_after_the_yes_is_asked_about_anew(make_road: MakeRoad) -> None:
    road = make_road(75)
    one = replace(order(10), lines=(line("SNK", "米白/L"), line("BLB", "茶色 350ml", 2)))
    road.put_up(one)
    road.run("--only", "place")
    assert road.bought(one) == 1, road.told()
    road.market.mall.ship(road.market.mall.orders_with(one.reference)[0].number, "圆通", NUMBER)
    held = road.market.shop.orders[one.number]
    with stepping(road, one, "--only", "ship") as terminal:
        while not terminal.until(WAITS, ASKS).endswith(ASKS):
            terminal.strike("g")
        assert held.parcels == []
        road.market.shop.open_refund(one.number, held.lines[1].number, "退款成功")
        terminal.strike("yes\n")
        told = ""
        while not told.endswith((ASKS, ENDS)):
            told += terminal.until(WAITS, ASKS, ENDS)
            if told.endswith(WAITS):
                terminal.strike("g")
        assert told.endswith(ASKS), "what is in the parcel is not what the yes was said to"
        assert held.parcels == []
        terminal.strike("yes\n")
        go_on(terminal)
        assert terminal.ended() == 0
    (parcel,) = held.parcels
    assert (parcel.tracking_number, [each.sent for each in held.lines]) == (NUMBER, [1, 0]), road.told()
