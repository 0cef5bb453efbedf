"""Trials of buying at a marketplace: each row of its table, two in one order where they can meet; everything follows from the seed.

Each order has offers of its own, of a seller of its own: by them its requests are known until there is a message.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import ClassVar

from tests.campaign.ends import HELD, RIGHT, Cell, Value
from tests.campaign.marketplace_ends import MARKETPLACE_TABLE, STRANGERS, TOGETHER_THERE, point, says_the_order
from tests.campaign.trials import KILLS, MOST_KILLS, SHAPES, TWIN, Pick, Planned, can_meet, road, shaped
from tests.road.road import order

MARKETPLACE_PER_LIST = 16
SHAPES_THERE = tuple(shape for shape in SHAPES if shape != TWIN)
ROAD_THERE = road(MARKETPLACE_TABLE)
PAGE = ("detail", "detail_data")
PROOF = ("list", "list_data", *PAGE)
SIGNED_OUT = (*KILLS, "session_expires")  # a new session has made no order yet, so its list is about none


@dataclass(frozen=True)
class Goods:
    """A line of an order, as the shop and as the marketplace names it."""

    code: str
    offer: str
    quantity: int


@dataclass(frozen=True)
class Ordered(Planned):
    """An order that is bought at the marketplace; the `place`-th of its list."""

    place: int

    together: ClassVar[Mapping[frozenset[tuple[str, str]], str]] = TOGETHER_THERE

    @property
    def seller(self) -> str:
        return f"衣尚服饰{self.place}号店"

    @property
    def goods(self) -> tuple[Goods, ...]:
        return tuple(
            Goods(line["merchant_code"], f"6123{self.place:04d}{at:04d}", line["quantity"])
            for at, line in enumerate(self.order.lines, 1)
        )

    @property
    def strangers_offer(self) -> str:
        """What somebody else puts beside its goods."""
        return f"6124{self.place:04d}0001"

    def bound(self, pick: Pick) -> tuple[str, str]:
        return self.order.reference if says_the_order(pick.cell) else self.goods[0].offer, point(pick.cell)


def every_there() -> list[Pick]:
    """Each row with each of its values; what strikes every order there comes last."""
    return [Pick(cell, value) for cell in sorted(MARKETPLACE_TABLE, key=lambda cell: cell.alone) for value in cell.values]


def marketplace_lists(seed: int) -> list[list[Ordered]]:
    """Every row once at least, in lists, one a market; what strikes every order there by itself."""
    chance = random.Random(f"marketplace {seed}")
    made = [_one(chance, picks) for picks in _pairs(chance)]
    alone = [Ordered(order(0), SHAPES_THERE[0], (pick,), 0) for pick in every_there() if pick.cell.alone]
    chance.shuffle(made)
    lists: list[list[Ordered]] = [[]]
    for one in made:
        if len(lists[-1]) >= MARKETPLACE_PER_LIST or one.kills + sum(each.kills for each in lists[-1]) > MOST_KILLS:
            lists.append([])
        lists[-1].append(numbered(one, len(lists[-1])))
    return [*lists, *([numbered(one, 0)] for one in alone)]


def _pairs(chance: random.Random) -> Iterator[tuple[Pick, ...]]:
    """Each row with another that the order gets over, one that has not come yet where there is one; what halts chooses first."""
    told = [pick for pick in every_there() if not pick.cell.alone]
    chance.shuffle(told)
    left = sorted(told, key=lambda pick: pick.cell.end == RIGHT)
    while left:
        first = left.pop(0)
        offered = _seconds(first, left) or _seconds(first, told)
        second = offered[:1]
        left = [pick for pick in left if pick not in second]
        yield (first, *second)


def _seconds(first: Pick, offered: Iterable[Pick]) -> list[Pick]:
    return [pick for pick in offered if pick.cell.end == RIGHT and _can_meet(first.cell, pick.cell)]


def _can_meet(one: Cell, other: Cell) -> bool:
    """As anywhere; but what never stood there has no page of its own."""
    sent, proof = (next((cell for cell in (one, other) if cell.step in steps), None) for steps in (("submit",), PROOF))
    if sent and proof and proof.step in PAGE:
        return can_meet(one, other, ROAD_THERE) and sent.end in (RIGHT, HELD)
    if sent and proof:
        return can_meet(one, other, ROAD_THERE) and sent.fault not in SIGNED_OUT
    return can_meet(one, other, ROAD_THERE)


def _one(chance: random.Random, picks: tuple[Pick, ...]) -> Ordered:
    shape = chance.choice(SHAPES_THERE)
    if any(pick.cell.fault == "order_splits" or pick.value == "line" for pick in picks):
        shape = "two lines"
    if any(pick.value == "quantity" for pick in picks):
        shape = "three pieces"
    return Ordered(order(0), shape, picks, 0)


def numbered(one: Ordered, place: int) -> Ordered:
    """The `place`-th of a list: with an order of its own, and goods that no other has."""
    made = shaped(place + 1, one.shape)
    lines = tuple({**line, "merchant_code": f"YS{place:02d}{at}"} for at, line in enumerate(made.lines, 1))
    return replace(one, order=replace(made, lines=lines), place=place)


# What --quick plays of them, by name only: for time's sake.
Told = tuple[str, str, Value]
QUICK_MARKETPLACE: Mapping[str, tuple[Told, ...]] = MappingProxyType(
    {
        "bought at the marketplace, and an error is shown": (("submit", "write_done_error_shown", None),),
        "goods of somebody else in the cart": (("cart", "foreign_goods", STRANGERS), ("submit", "drop_after", None)),
        "another buyer's address": (("address", "success_shown_write_rejected", None),),
        "no answer from the cart": (("add", "drop_after", None),),
        "two of one click at the marketplace": (("submit", "twice", None),),
    }
)


def quick_marketplace(names: Sequence[str]) -> list[list[Ordered]]:
    """These, at one market. Raises KeyError for a name that is none."""
    picks = {(pick.cell.step, pick.cell.fault, pick.value): pick for pick in every_there()}
    made = [tuple(picks[told] for told in QUICK_MARKETPLACE[name]) for name in names]
    listed = [numbered(Ordered(order(0), SHAPES_THERE[0], each, place), place) for place, each in enumerate(made)]
    return [listed] if listed else []
