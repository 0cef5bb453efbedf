"""From what was picked to orders: the parts by seller with today's prices, what is looked at, the write. Knows no page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from .goods import WHOLESALE, Address, Picked, Refusal
from .orders import Group, Line, Order

if TYPE_CHECKING:
    from .state import M1688State

SUBMIT = "/order/ajax/submit.json"

# A name of ours for an order, where a message to the seller has one: by it faults are bound to an order.
_REFERENCE = re.compile(r"(?<![0-9A-Za-z])[A-HJKMNP-TV-Z][0-9A-HJKMNP-TV-Z]{11}(?![0-9A-Za-z])")


def references(message: str) -> list[str]:
    return _REFERENCE.findall(message)


def groups(site: M1688State, picked: Iterable[Picked], receiver: Address) -> list[Group]:
    """What was picked by seller, with today's prices and the freight to this receiver. Refusal where an offer is gone."""
    lines: dict[str, list[Line]] = {}
    for one in picked:
        line = site.line(one.offer, one.sku, one.quantity, one.mode)
        lines.setdefault(site.offers[one.offer].seller, []).append(line)
    return [_group(site, seller, tuple(sold), receiver) for seller, sold in lines.items()]


def _group(site: M1688State, seller: str, lines: tuple[Line, ...], receiver: Address) -> Group:
    pieces = sum(line.quantity for line in lines)
    return Group(seller, lines, site.freight[seller].cost(receiver.region[0], pieces))


def check(site: M1688State, picked: Iterable[Picked], receiver: Address) -> None:
    """What the marketplace looks at before it takes an order; Refusal in its own words."""
    picked = list(picked)
    if not picked:
        raise Refusal("请先选择货品")
    for one in picked:
        offer = site.offers[one.offer]
        if not offer.online:
            raise Refusal(f"{offer.title} 已下架")
        together = sum(each.quantity for each in picked if (each.offer, each.sku) == (one.offer, one.sku))
        if together > offer.skus[one.sku].stock:
            raise Refusal(f"{offer.title}（{one.sku}）库存不足")
        check_minimum(site, one)
        if receiver.region[0] in site.freight[offer.seller].refused:
            raise Refusal(f"{receiver.region[0]}不在配送范围")


def check_minimum(site: M1688State, one: Picked) -> None:
    offer = site.offers[one.offer]
    if one.mode == WHOLESALE and one.quantity < offer.minimum:
        raise Refusal(f"{offer.minimum}件起批，请修改数量")


def place(
    site: M1688State,
    picked: list[Picked],
    receiver: Address,
    messages: Mapping[str, str],
    numbers: list[str],
    *,
    extra: int = 0,
) -> list[Order]:
    """Books one order a seller. Nothing protects it from being sent twice. `numbers` are taken from its front, as shown."""
    with site.lock:
        check(site, picked, receiver)
        parts = groups(site, picked, receiver)
        parts[0] = replace(parts[0], adjustment=extra)
        for part in parts:
            take_from_shelf(site, part.lines, 1)
        gone = {one.item for one in picked}
        site.cart = [item for item in site.cart if item.key not in gone]
        return [_book(site, part, receiver, messages.get(part.seller, ""), numbers) for part in parts]


def _book(site: M1688State, part: Group, receiver: Address, message: str, numbers: list[str]) -> Order:
    number = numbers.pop(0) if numbers else site.next_number()
    return site.book_order(part, receiver, message, at=site.clock(), by="page", number=number)


def take_from_shelf(site: M1688State, lines: Iterable[Line], sign: int) -> None:
    for line in lines:
        site.offers[line.offer].skus[line.sku].stock -= sign * line.quantity
