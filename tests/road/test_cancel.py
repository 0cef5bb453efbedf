"""Bought and refunded: cancelled at the supplier once, never what it has sent, judged on what the supplier holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.market.demo_orders import DemoOrder
from tests.road.cancelling import Cancelling, use_it
from tests.road.conftest import MakeRoad
from tests.road.road import KILLED, Road, order

pytestmark = pytest.mark.slow

# The click's dialog is answered and the site has cancelled it; the program knows nothing of that yet.
AT_THE_CLICK = ("tests.road.killer", "--from", "recover", "--at", "clicked:before", "--")
LATER = ("tests.road.later", "--days", "3", "--")


@pytest.fixture
def supplier() -> Iterator[Cancelling]:
    site = Cancelling().start()
    yield site
    site.little.stop()


def refund(road: Road, *orders: DemoOrder) -> None:
    """The buyers have their money back."""
    for one in orders:
        road.market.shop.close_refund(one.number, words="退款成功")


def said(road: Road, one: DemoOrder) -> None:
    ended = road.agent("cancel", one.reference)
    assert ended.code == 0, ended.words


def reasons(road: Road, one: DemoOrder) -> list[str]:
    return [item.reason for item in road.inbox(one.number)]


def state(road: Road, one: DemoOrder) -> str:
    purchase = road.purchase(one)
    return purchase.state if purchase else ""


def owed(road: Road, **more: Any) -> list[tuple[str, int, int]]:
    """(reference, owed, came back) as `agent refunds --all` says."""
    ended = road.agent("refunds", "--all", "--json", **more)
    assert ended.code == 0, ended.words
    return [(row["reference"], row["owed"], row["back"]) for row in json.loads(ended.out)["refunds"]]


def test_refunded_after_buying(make_road: MakeRoad, supplier: Cancelling) -> None:
    road = make_road(93)
    use_it(road, supplier, "ask")
    plain, killed, raced, gone = (order(n) for n in (79, 81, 82, 83))
    twin = DemoOrder(order(84).number, "the same buyer", "shipped", receiver=gone.receiver, lines=order(84).lines)
    road.put_up(plain, killed, raced, gone, twin)
    road.run()
    assert len({supplier.of(one.reference).number for one in (plain, killed, raced, gone)}) == 4, road.told()
    assert supplier.of(twin.reference).number == supplier.of(gone.reference).number
    supplier.pay()

    # asked about, and nothing is sent without a word
    refund(road, plain, killed, raced, gone)
    road.run()
    assert [reasons(road, one) for one in (plain, killed, raced, gone)] == [["unwanted"]] * 4, road.told()
    assert supplier.cancels == []

    # killed right after the click: the next run finds it cancelled and does not click again
    said(road, killed)
    end = road.run("--order", killed.number, through=AT_THE_CLICK)
    assert end.code == KILLED, end.words
    number = supplier.of(killed.reference).number
    assert supplier.cancels == [number]
    road.run("--order", killed.number)
    assert (supplier.cancels, supplier.of(killed.reference).state, state(road, killed)) == ([number], "已取消", "dead")

    # said of one that is sent before the run, of one that shares its order, and of a plain one
    said(road, plain)
    said(road, raced)
    said(road, gone)
    supplier.send(supplier.of(raced.reference), "YT9693083600001")
    road.run()
    assert supplier.cancels == [number, supplier.of(plain.reference).number]
    assert (supplier.of(plain.reference).state, state(road, plain), reasons(road, plain)) == ("已取消", "dead", ["refund_due"])
    assert supplier.of(raced.reference).state == "已发货"
    assert "not_cancelled" in reasons(road, gone) and supplier.of(gone.reference).state == "待发货"
    assert road.agent("cancel", plain.reference).code == 2

    # the money comes later, and is booked once
    back = supplier.total(supplier.of(plain.reference))
    assert (plain.reference, back, 0) in owed(road)
    road.run(through=LATER)
    assert [item.reason for item in road.inbox() if not item.order_number] == ["refunds_owed"]
    supplier.pay_back(supplier.of(plain.reference), back)
    supplier.pay_back(supplier.of(killed.reference), supplier.total(supplier.of(killed.reference)))
    for _run in range(2):
        road.run(through=LATER)
    rows = {reference: (left, came) for reference, left, came in owed(road, through=LATER)}
    assert rows[plain.reference] == (0, back)
    assert "refunds_owed" not in [item.reason for item in road.inbox()]
    assert len(supplier.cancels) == 2


def test_by_rule_it_cancels_by_itself_and_what_is_sent_at_the_click_is_held(make_road: MakeRoad, supplier: Cancelling) -> None:
    road = make_road(94)
    use_it(road, supplier, "refunded")
    plain, raced, asking = (order(n) for n in (85, 87, 88))
    road.put_up(plain, raced, asking)
    road.run()
    assert len(supplier.orders) == 4, road.told()
    supplier.pay()
    refund(road, raced)
    road.market.shop.cancel(plain.number)
    road.market.shop.open_refund(asking.number)
    supplier.at_cancel = lambda one: (
        supplier.send(one, "YT9693083600002") if one.number == supplier.of(raced.reference).number else None
    )
    road.run()
    road.run()
    numbers = {supplier.of(one.reference).number for one in (plain, raced)}
    assert (len(supplier.cancels), set(supplier.cancels)) == (2, numbers), road.told()
    assert [supplier.of(one.reference).state for one in (plain, raced, asking)] == ["已取消", "已发货", "待发货"]
    assert (state(road, plain), "intercept" in reasons(road, raced), reasons(road, asking)) == ("dead", True, ["unwanted"])
