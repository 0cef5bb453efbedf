"""What is bought in the month, of whom, for how much, and what happens to it: everything follows from the seed."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Literal

from tests.market.demo_orders import DemoOrder
from tests.market.m1688.hand import HOOK, MUG, SHIRT
from tests.road.road import order

Supplier = Literal["yiwu", "tailor", "potter"]
# What happens to an order, beside that it is paid and sent.
Fate = Literal[
    "sent",
    "cheaper",  # 改价 before it is paid
    "closed",  # the supplier closes it before it is paid
    "cancelled",  # the supplier cancels it after it was paid, and the money comes days later
    "short",  # sent with too little in it, or a part paid back before it is sent
    "unwanted",  # the buyer has the money back after it was paid: it is cancelled by the program
    "unwanted early",  # the same, before it was paid
    "app",  # a person pays it in the app
    "late",  # the payment lands long after the click, or the scan
]
FATES: tuple[Fate, ...] = ("cheaper", "closed", "cancelled", "short", "unwanted", "unwanted early", "app", "late")
# On credit, what is paid back in part before the bill is repaid is off their bill: what it means is asked of a person.
NOT_AT: Mapping[Supplier, tuple[Fate, ...]] = {"yiwu": (), "tailor": (), "potter": ("short",)}
PLAIN = 14  # orders that are only sent, among so many of which each of the fates meets one

# Of each supplier: product, specification, price in 分.
GOODS: Mapping[Supplier, tuple[tuple[str, str, int], ...]] = {
    "yiwu": (("YW2001", "米白/M", 1280), ("YW2001", "米白/L", 1680), ("YW2002", "透明 350ml", 890), ("YW2003", "奶白", 4590)),
    "tailor": ((SHIRT, "黑色;L", 1800), (SHIRT, "白色;M", 1800), (HOOK, "单个", 320)),
    "potter": ((MUG, "白色", 900), (MUG, "青花", 1100)),
}


@dataclass(frozen=True)
class Bought:
    """One line: so many pieces of this, which the buyer paid `price` 分 each for."""

    product: str
    specification: str
    cost: int
    quantity: int
    price: int


@dataclass(frozen=True)
class Planned:
    """One order of the shop and its purchase. `discount` in 分 off at once, `change` by 改价 before it is paid.

    `after` so many days the money of a refund comes; `share` of a shortage, in hundredths of what was paid.
    """

    at: int
    day: int
    supplier: Supplier
    lines: tuple[Bought, ...]
    fate: Fate
    discount: int
    change: int
    after: int
    share: int

    @property
    def order(self) -> DemoOrder:
        return order(self.at)


def planned(orders: int, days: int, seed: int) -> list[Planned]:
    """The month's orders, day by day; the suppliers take turns, and each meets every fate in turn."""
    chance = random.Random(f"month {seed}")
    fates = {supplier: fates_of(chance, orders, NOT_AT[supplier]) for supplier in GOODS}
    suppliers: Iterable[Supplier] = islice(cycle(GOODS), orders)
    return [_one(chance, at, at * days // orders, supplier, next(fates[supplier])) for at, supplier in enumerate(suppliers)]


def fates_of(chance: random.Random, orders: int, never: Collection[Fate]) -> Iterator[Fate]:
    """Each in its turn. Where there are few orders, few are only sent."""
    deck: list[Fate] = []
    plain = PLAIN if orders >= 3 * (PLAIN + len(FATES)) else 1
    while True:
        if not deck:
            deck = [fate for fate in FATES if fate not in never]
            deck += ["sent"] * plain
            chance.shuffle(deck)
        yield deck.pop()


def _one(chance: random.Random, at: int, day: int, supplier: Supplier, fate: Fate) -> Planned:
    goods = chance.sample(GOODS[supplier], chance.choice((1, 1, 2)))
    lines = tuple(
        Bought(product, words, cost, chance.randint(2, 4), cost * 2 + chance.randrange(100)) for product, words, cost in goods
    )
    discount = chance.choice((0, 0, chance.randrange(1, 200)))
    return Planned(
        at, day, supplier, lines, fate, discount, -chance.randrange(1, 300), chance.randint(1, 6), chance.randint(10, 40)
    )
