"""Trials of tracking numbers where a parcel is not simply the order: its goods come in two, or two orders come in one.

The rows of the table are those of any number that is entered (ends.py); the shop's forms are others, and the first click is met.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from tests.campaign.trials import MOST_KILLS, Pick, Planned, every_pick, shaped
from tests.market.demo_orders import DemoOrder
from tests.road.road import order

TWO_PARCELS = "in two parcels"
SHARED = "in one parcel with another order"
PARCEL_SHAPES = (TWO_PARCELS, SHARED)
PARCELS_PER_LIST = 16


@dataclass(frozen=True)
class Packed(Planned):
    """An order whose number meets faults as it is entered. `beside`: the order of the same buyer that shares its parcel."""

    beside: DemoOrder | None = None

    @property
    def orders(self) -> tuple[DemoOrder, ...]:
        return (self.order,) if self.beside is None else (self.order, self.beside)


def parcel_lists(seed: int) -> list[list[Packed]]:
    """Each row with each of its values in both shapes, with a fault before the click where one can come; in lists, one a market."""
    chance = random.Random(f"parcels {seed}")
    made = [_one(chance, shape, pick) for shape in PARCEL_SHAPES for pick in every_pick("ship")]
    chance.shuffle(made)
    lists: list[list[Packed]] = [[]]
    for one in made:
        if len(lists[-1]) >= PARCELS_PER_LIST or one.kills + sum(each.kills for each in lists[-1]) > MOST_KILLS:
            lists.append([])
        lists[-1].append(numbered(one, len(lists[-1])))
    return lists


def _one(chance: random.Random, shape: str, pick: Pick) -> Packed:
    before = [each for each in every_pick("ship", ends_right=True) if each.cell.step == "ship_page"]
    second = () if pick.cell.step == "ship_page" else (chance.choice(before),)
    return Packed(order(0), shape, (*second, pick))


def numbered(one: Packed, at: int) -> Packed:
    """The `at`-th of a list: with an order, and where two share a parcel another for the same receiver, of its own."""
    if one.shape == TWO_PARCELS:
        return replace(one, order=shaped(2 * at + 1, "two lines"))
    first = order(2 * at + 1)
    return replace(one, order=first, beside=replace(order(2 * at + 2), receiver=first.receiver))
