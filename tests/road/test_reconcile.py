"""The books on the road: what was bought and shipped is changed behind the program's back, and `agent reconcile` names exactly that."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.market.demo_orders import SHOP, DemoOrder
from tests.market.mall.state import MallOrder
from tests.road.conftest import MakeRoad
from tests.road.road import Ended, Road, order

SAME, HAND, GONE, FOREIGN = ALL = tuple(order(at) for at in range(1, 5))
STRANGE = "YT9999999999999"


@pytest.mark.slow
def test_each_difference_is_named_and_closes_when_both_sides_agree_again(make_road: MakeRoad) -> None:
    road = make_road(83)
    road.put_up(*ALL)
    assert road.run().code == 0, road.told()
    assert _last(road) is not None, "the day's comparison went through"
    road.ship()
    assert road.run().code == 0, road.told()
    assert _compare(road).code == 0, road.told()
    assert (_books(road), road.inbox()) == ([], [])

    second, by_hand = _again(road, SAME, SAME.reference), _again(road, HAND, "")
    _another_buyers(road)
    lost = _at_the_mall(road, GONE)
    road.market.mall.orders.remove(lost)
    sent = road.market.shop.orders[FOREIGN.number].parcels
    (ours,) = sent
    sent[:] = [replace(ours, tracking_number=STRANGE)]
    before = _truth(road)
    found = _compare(road)
    told = json.loads(found.out)
    assert found.code == 1 and told["left_out"] == [] and told["orders"] == len(ALL), found.words
    assert {(row["order_number"], row["reason"]) for row in told["reconcile"]} == {
        (SAME.number, "bought_twice"),
        (HAND.number, "bought_twice"),
        (GONE.number, "not_at_supplier"),
        (FOREIGN.number, "strange_number"),
    }
    said = {row["order_number"]: row["what"] for row in told["reconcile"]}
    assert second.number in said[SAME.number] and by_hand.number in said[HAND.number]
    assert lost.number in said[GONE.number] and STRANGE in said[FOREIGN.number]
    assert _truth(road) == before, "it only reads"
    items = _books(road)
    assert len(items) == 4 and _compare(road).code == 1 and _books(road) == items, "the same again is the same item"

    road.market.mall.cancel(second.number)
    road.market.mall.cancel(by_hand.number)
    road.market.mall.orders.append(lost)
    sent[:] = [ours]
    assert _compare(road).code == 0, road.told()
    assert _books(road) == []


@pytest.mark.long
def test_the_days_comparison_names_what_the_lists_show_and_a_person_may_say_that_it_is_right(make_road: MakeRoad) -> None:
    road = make_road(84)
    road.put_up(SAME, GONE)
    assert road.run().code == 0, road.told()
    second = _again(road, SAME, SAME.reference)
    road.run()
    assert _books(road) == [], "it was compared this day already"
    _new_day(road)
    assert road.run().code == 1
    ((item, number, reason),) = _books(road)
    assert (number, reason) == (SAME.number, "bought_twice") and road.parked() == []
    assert road.agent("approve", str(item)).code == 0
    _new_day(road)
    assert road.run().code == 0, road.told()
    assert _books(road) == [] and not second.parcels
    assert road.bought(SAME) == 2 and road.submits(SAME) == 1, "it was bought by us once"


# ---- what is done behind the program's back


def _again(road: Road, one: DemoOrder, reference: str) -> MallOrder:
    """Somebody orders the same once more, for the same receiver."""
    draft = _at_the_mall(road, one).draft
    return road.market.mall.add_order(
        [(each.product, each.spec, each.quantity) for each in draft.lines],
        name=draft.name,
        phone=draft.phone,
        region=(draft.province, draft.city, draft.district),
        address=draft.address,
        reference=reference,
    )


def _another_buyers(road: Road) -> None:
    """The seller orders the same goods by hand, for somebody who never ordered in the shop."""
    draft = _at_the_mall(road, HAND).draft
    goods = [(each.product, each.spec, each.quantity) for each in draft.lines]
    road.market.mall.add_order(
        goods, name="林晓", phone="13705791234", region=("浙江", "金华", "义乌市"), address="福田街道银海路88号3楼"
    )


def _at_the_mall(road: Road, one: DemoOrder) -> MallOrder:
    return next(each for each in road.market.mall.orders_with(one.reference) if each.by == "page")


def _truth(road: Road) -> dict[str, Any]:
    """All that stands at both sites, but for who is signed in."""
    told = json.loads(json.dumps(road.market.truth(), default=str))
    return {site: {word: value for word, value in told[site].items() if word != "sessions"} for site in ("shop", "mall")}


# ---- what the program says


def _compare(road: Road) -> Ended:
    return road.agent("reconcile", "--json")


def _books(road: Road) -> list[tuple[int, str, str]]:
    return [(item.id, item.order_number, item.reason) for item in road.inbox() if item.kind == "books"]


def _last(road: Road) -> str | None:
    with road.ledger() as ledger:
        assert all(known.shop == SHOP for known in ledger.orders())
        return ledger.mark("reconciled_at")


def _new_day(road: Road) -> None:
    """As after midnight: nothing was compared yet."""
    with road.ledger() as ledger:
        ledger.drop_mark("reconciled_at")
