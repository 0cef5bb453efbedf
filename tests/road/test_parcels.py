"""Parcels on the road: what was bought comes in several of them, or several orders in one, and the shop holds exactly what is in each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from agent.ledger import StoredShipment
from agent.models import Fen, Phone, PurchaseLine, PurchaseOrder, Receiver, SupplierProduct
from tests.market.demo_orders import SHOP, TABLE, DemoOrder, line
from tests.market.mall.state import MallOrder
from tests.road.conftest import MakeRoad
from tests.road.road import KILLED, Road, ended, order

TWO_LINES = (line("SNK", "米白/L"), line("BLB", "茶色 350ml", 2))
BASKET, CUP = ("YW2001", "米白/L"), ("YW2002", "茶色 350ml")

TOLD = replace(order(1), trap="its two parcels say what is in them", lines=TWO_LINES)
UNTOLD = replace(order(2), trap="its two parcels say nothing", lines=TWO_LINES)
ASKED_BACK = replace(order(3), trap="a refund is asked for one of its lines", lines=TWO_LINES)
ONE, OTHER = order(4, trap="shares a parcel"), order(5, trap="shares a parcel")
OTHER = replace(OTHER, receiver=ONE.receiver)
MINE, YOURS = order(6, trap="one number at two buyers"), order(7, trap="one number at two buyers")
CHANGED = order(8, trap="its number changes afterwards")
STRANGE = order(9, trap="a carrier nobody knows")
ALL = (TOLD, UNTOLD, ASKED_BACK, ONE, OTHER, MINE, YOURS, CHANGED, STRANGE)


def number(at: int) -> str:
    return f"YT96930836{at:05d}"


def test_each_number_is_entered_once_with_what_is_in_its_parcel(make_road: MakeRoad) -> None:
    road = make_road(71)
    _bought(road, ALL)
    mall = road.market.mall
    _send(road, TOLD, number(1), BASKET, 1)
    _send(road, TOLD, number(2), CUP, 2)
    for at in (3, 4):
        mall.ship(_at_the_mall(road, UNTOLD).number, "圆通", number(at))
    _send(road, ASKED_BACK, number(5), BASKET, 1)
    _send(road, ASKED_BACK, number(6), CUP, 2)
    road.market.shop.open_refund(ASKED_BACK.number, road.market.shop.orders[ASKED_BACK.number].lines[1].number)
    for one, at in ((ONE, 7), (OTHER, 7), (MINE, 8), (YOURS, 8), (CHANGED, 9)):
        mall.ship(_at_the_mall(road, one).number, "圆通", number(at))
    mall.ship(_at_the_mall(road, STRANGE).number, "飞马快递", number(10))

    going = road.begin("run", "--once", "--only", "ship")
    road.market.faults.add("kill_after", ONE.number, "ship", call=going.kill)
    assert ended(going).code == KILLED
    assert _shown(road, ONE) == _shown(road, OTHER) == [(number(7), (1,))], "the merged form had come there"
    road.run("--only", "ship")
    assert _shown(road, TOLD) == [(number(1), (1, 0)), (number(2), (0, 2))], road.told()
    assert _shown(road, UNTOLD) == [] and _reasons(road, UNTOLD) == ["parcels"]
    assert _shown(road, ASKED_BACK) == [(number(5), (1, 0))] and _reasons(road, ASKED_BACK) == ["changed"]
    assert _shown(road, ONE) == _shown(road, OTHER) == [(number(7), (1,))], road.told()
    assert _shown(road, MINE) == _shown(road, YOURS) == []
    assert _reasons(road, MINE) == _reasons(road, YOURS) == ["foreign_number"]
    assert _shown(road, CHANGED) == [(number(9), (1,))]
    assert (_shown(road, STRANGE), _reasons(road, STRANGE)) == ([], ["tracking"])

    _untold_is_told(road)
    road.market.shop.close_refund(ASKED_BACK.number, road.market.shop.orders[ASKED_BACK.number].lines[1].number)
    _gets_another_number(road, CHANGED, number(11))
    _gets_another_number(road, YOURS, number(12))
    road.run("--only", "ship")
    assert _shown(road, UNTOLD) == [(number(3), (1, 0)), (number(4), (0, 2))], road.told()
    assert _shown(road, ASKED_BACK) == [(number(5), (1, 0)), (number(6), (0, 2))], road.told()
    assert (_shown(road, MINE), _shown(road, YOURS)) == ([(number(8), (1,))], [(number(12), (1,))]), road.told()
    assert _shown(road, CHANGED) == [(number(9), (1,))] and _reasons(road, CHANGED) == ["number_changed"]

    for verb, one in (("approve", CHANGED), ("reject", STRANGE)):
        (item,) = road.inbox(one.number)
        assert road.agent(verb, str(item.id)).code == 0
    assert road.run("--only", "ship").code == 0, road.told()
    assert (_shown(road, CHANGED), _shown(road, STRANGE)) == ([(number(11), (1,))], [])
    assert len(road.market.shop.shipments) == 11 and _denied(road) == []


def _untold_is_told(road: Road) -> None:
    """A person reads what the terminal shows, says it wrongly first, then rightly."""
    (item,) = road.inbox(UNTOLD.number)
    shown = road.agent("parcels", str(item.id)).words
    assert number(3) in shown and "茶色 350ml" in shown
    assert road.agent("parcels", str(item.id), "--in", f"{number(3)}=1,3").code == 2
    assert road.agent("parcels", str(item.id), "--in", f"{number(3)}=1", "--in", f"{number(4)}=2").code == 0
    assert _reasons(road, UNTOLD) == []


# ---- what was bought before


def _bought(road: Road, orders: Iterable[DemoOrder]) -> None:
    """The orders stand in the shop, at the supplier and in the ledger as if a run had bought them."""
    bought = list(orders)
    road.put_up(*bought)
    ran = road.run("--only", "read")
    assert ran.code == 0, ran.words[-2000:]
    with road.ledger() as ledger:
        for one in bought:
            known = ledger.order(SHOP, one.number)
            assert known is not None
            lines = tuple(_line(road, each.line_number, told) for each, told in zip(known.lines, one.lines, strict=True))
            purchase = PurchaseOrder(one.reference, SHOP, one.number, 1, "yiwu", "mall-yiwu", lines)
            there = _book(road, one, lines)
            now = road.market.clock()
            ledger.plan([purchase], now)
            ledger.save_receiver(SHOP, one.number, _receiver(one), now)
            facts = {"shop": SHOP, "order_number": one.number, "reference": one.reference, "account": "mall-yiwu"}
            ledger.found_done("submit", one.reference, **facts, at=now)
            ledger.placed(one.reference, (there.number,), Fen(there.total), Fen(there.quote.freight), now)
            ledger.noted(one.reference, now)


def _line(road: Road, line_number: str, told: dict[str, object]) -> PurchaseLine:
    key = (told["merchant_code"], told["specification"])
    product, words, cost, ceiling = next(row[2:] for row in TABLE if row[:2] == key)
    title = road.market.mall.products[product].title
    return PurchaseLine(
        line_number, SupplierProduct("yiwu", product, title, words, 1, Fen(cost), Fen(ceiling)), int(str(told["quantity"]))
    )


def _book(road: Road, one: DemoOrder, lines: tuple[PurchaseLine, ...]) -> MallOrder:
    goods = [(each.product.product, each.product.specification, each.quantity) for each in lines]
    receiver = one.receiver
    region = (receiver["province"], receiver["city"], receiver["district"])
    address = receiver["town"] + receiver["detail"]
    facts = {"name": receiver["name"], "phone": receiver["phone"], "region": region, "address": address}
    there = road.market.mall.add_order(goods, **facts, reference=one.reference)  # type: ignore[arg-type]
    there.by, there.state = "page", "placed"
    return there


def _receiver(one: DemoOrder) -> Receiver:
    told = dict(one.receiver)
    return Receiver(told.pop("name"), Phone(told.pop("phone")), **told)


# ---- what the supplier does, and what is true


def _at_the_mall(road: Road, one: DemoOrder) -> MallOrder:
    (there,) = road.market.mall.orders_with(one.reference)
    return there


def _send(road: Road, one: DemoOrder, tracking_number: str, goods: tuple[str, str], pieces: int) -> None:
    road.market.mall.ship(_at_the_mall(road, one).number, "圆通", tracking_number, lines=[(*goods, pieces)])


def _gets_another_number(road: Road, one: DemoOrder, tracking_number: str) -> None:
    there = _at_the_mall(road, one)
    (sent,) = there.parcels
    there.parcels[:] = [replace(sent, tracking_number=tracking_number)]


def _shown(road: Road, one: DemoOrder) -> list[tuple[str, tuple[int, ...]]]:
    """The parcels in the shop: number, and the pieces of each line in it."""
    held = road.market.shop.orders[one.number]
    return [
        (parcel.tracking_number, tuple(dict(parcel.pieces).get(each.number, 0) for each in held.lines))
        for parcel in held.parcels
    ]


def _reasons(road: Road, one: DemoOrder) -> list[str]:
    return [item.reason for item in road.inbox(one.number)]


def _denied(road: Road) -> list[StoredShipment]:
    """What the ledger says stands in the shop and does not, or otherwise."""
    with road.ledger() as ledger:
        entered = ledger.shipments(entered=True)
    pieces = {(parcel.order, parcel.tracking_number): dict(parcel.pieces) for parcel in road.market.shop.shipments}
    return [one for one in entered if pieces.get((one.order_number, one.tracking_number)) != dict(one.lines)]
