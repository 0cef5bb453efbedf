"""The buyer's address changes after the receiver was revealed and before anything is ordered: whole runs, judged by the mall's books."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.market.demo_orders import DemoOrder
from tests.road.conftest import MakeRoad
from tests.road.road import Road, order

MOVED, ASKED = order(61, trap="let through by the platform"), order(63, trap="asked for, and granted within one town")
TO_BEIJING = {
    "province": "北京市",
    "city": "北京市",
    "district": "朝阳区",
    "town": "望京街道",
    "detail": "阜通东大街6号院2-601",
}
NEXT_DOOR = {"detail": "珞喻路9号1幢"}  # the page shows stars, before and after


@pytest.mark.slow
def test_the_new_address_is_bought_for_and_never_the_one_revealed_before(make_road: MakeRoad) -> None:
    road = make_road(98, autonomy="fill")
    road.put_up(MOVED, ASKED)
    road.run()
    assert [road.kinds(one) for one in (MOVED, ASKED)] == [["review"]] * 2, road.told()
    assert [road.market.shop.reveals(one.number) for one in (MOVED, ASKED)] == [1, 1]

    road.market.shop.change_address(MOVED.number, asked=False, **TO_BEIJING)
    road.market.shop.change_address(ASKED.number, **NEXT_DOOR)
    approve(road, MOVED)
    road.run()
    assert road.submits(ASKED) == 0 and "地址" in road.said(ASKED), road.told()
    assert goes_to(road, MOVED) == [where({**MOVED.receiver, **TO_BEIJING})], road.told()

    road.market.shop.change_address(ASKED.number, asked=False, **NEXT_DOOR)
    approve(road, ASKED)
    road.run()
    assert goes_to(road, ASKED) == [where({**ASKED.receiver, **NEXT_DOOR})], road.told()

    now = [replace(one, receiver={**one.receiver, **to}) for one, to in ((MOVED, TO_BEIJING), (ASKED, NEXT_DOOR))]
    assert [(road.submits(one), road.write_state(one)) for one in now] == [(1, "confirmed")] * 2, road.told()
    assert [road.market.shop.reveals(one.number) for one in now] == [2, 2]
    assert road.wrong(now) == {}


def approve(road: Road, one: DemoOrder) -> None:
    """The seller says yes to all that was asked about an order."""
    assert road.agent("approve", *(str(item.id) for item in road.inbox(one.number))).code == 0


def goes_to(road: Road, one: DemoOrder) -> list[str]:
    """Where the mall sends what stands in its books for an order, without the levels that it writes in its own way."""
    return [
        f"{each.draft.name} {each.draft.phone} {each.draft.address}" for each in road.market.mall.orders_with(one.reference)
    ]


def where(receiver: dict[str, Any]) -> str:
    return f"{receiver['name']} {receiver['phone']} {receiver['town']}{receiver['detail']}"
