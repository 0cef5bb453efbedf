"""What happens in the day: buyers, colleagues, suppliers and the platform, each deed bound to one order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.market.day_orders import DayOrder, Goods, Happening, someone
from tests.market.day_sites import send

if TYPE_CHECKING:
    from tests.market.day import Day


def at_supplier(kind: str, point: str, **told: Any) -> Happening:
    """A fault at the supplier, bound to the order's first purchase."""
    return lambda day, one: day.market.faults.add(kind, one.reference(), point, **told)


def at_shop(kind: str, point: str, **told: Any) -> Happening:
    return lambda day, one: day.market.faults.add(kind, one.number, point, **told)


def while_filling(happening: Happening) -> Happening:
    """It happens when the program has filled the form and asks for the confirm page."""
    return lambda day, one: day.market.faults.add("kill_before", one.reference(), "confirm", call=lambda: happening(day, one))


def cancelled(day: Day, one: DayOrder) -> None:
    day.market.shop.cancel(one.number)


def refund_opened(day: Day, one: DayOrder) -> None:
    day.market.shop.open_refund(one.number)


def another_address(day: Day, one: DayOrder) -> None:
    day.market.shop.change_address(one.number, detail="新家路1号")


def bought_by_hand(day: Day, one: DayOrder) -> None:
    told = one.receiver or someone(one.at)
    region = (told["province"].rstrip("省市"), told["city"].rstrip("市"), told["district"])
    day.market.mall.add_order(
        [("YW2001", "米白/L", 1)], name=told["name"], phone=told["phone"], region=region, address=told["town"] + told["detail"]
    )


def cancelled_by_the_supplier(day: Day, one: DayOrder) -> None:
    (made,) = day.market.mall.orders_with(one.reference())
    day.market.mall.cancel(made.number)


def cancelled_unpaid(day: Day, one: DayOrder) -> None:
    """The seller at the marketplace closes the order before it was paid."""
    (made,) = day.made(one, one.bought[0])
    day.market.m1688.close(made.number)


def sends(carrier: str, *numbers: str) -> Happening:
    """The supplier of the first purchase sends it, a parcel a number, and says nothing of what is in them."""
    return sends_each(carrier, {number: () for number in numbers})


def sends_each(carrier: str, parcels: Mapping[str, tuple[Goods, ...]]) -> Happening:
    """The mall of the first purchase sends it; its page says what is in each parcel."""

    def sent(day: Day, one: DayOrder) -> None:
        mall = day.market.malls[one.bought[0].supplier]
        (made,) = mall.orders_with(one.reference())
        for number, goods in parcels.items():
            mall.ship(made.number, carrier, number, lines=goods)

    return sent


def another_number(tracking_number: str) -> Happening:
    """The supplier changes the number of the parcel it sent."""

    def changed(day: Day, one: DayOrder) -> None:
        for made in day.market.malls[one.bought[0].supplier].orders_with(one.reference()):
            made.parcels[:] = [replace(parcel, tracking_number=tracking_number) for parcel in made.parcels]

    return changed


def says(*words: str) -> Happening:
    """The seller answers what the inbox asks about the order; "ID" stands for the item's number."""

    def told(day: Day, one: DayOrder) -> None:
        (item,) = day.items(one)
        day.tell(*(str(item["id"]) if word == "ID" else word for word in words))

    return told


def both(first: Happening, then: Happening) -> Happening:
    return lambda day, one: (first(day, one), then(day, one))


def sent_as_usual(day: Day, one: DayOrder) -> None:
    """Every purchase of the order leaves, each under a number of its own; what was not paid yet is paid by a person first."""
    for each in one.bought:
        for made in day.made(one, each):
            send(day.market, each.supplier, made, "圆通", one.tracking_number(each.counter))


def reveals_used_up(day: Day, one: DayOrder) -> None:
    """With the order of this order, the platform's quota of the day is gone."""
    day.market.faults.add("kill_before", one.reference(), "submit", call=lambda: day.market.shop.set_quota(0))


def reveals_raised(day: Day, one: DayOrder) -> None:
    day.market.shop.set_quota(1000)
