"""Trials: which orders a campaign plays, each with its own faults, no two alike; everything follows from the seed.

A trial is one write of one order with the faults that meet it. An order makes up to four: it is bought, noted, shipped, and
gets another tracking number.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, count
from types import MappingProxyType
from typing import ClassVar

from tests.campaign.ends import IN_THE_NEXT_RUN, RIGHT, TABLE, TOGETHER, Cell, Value, Where, Write
from tests.market.demo_orders import DemoOrder, line
from tests.road.days import L
from tests.road.road import GOODS, order

TWIN = "a twin of days ago"  # somebody ordered the same for this receiver by hand, three days before
SHAPES = ("one piece", "three pieces", "two lines", "an odd address", TWIN)
WHOLE = 750  # orders of a whole campaign
MOST_KILLS = 6  # an order list: each costs a run of its own
KILLS = ("kill_before", "kill_after")
RARE = (*KILLS, "captcha_before", "captcha_after")  # these end a run, so all others of the list wait for one more
RARELY = 3  # they come in every third round
WRITES: tuple[Write, ...] = ("submit", "note", "ship", "change")
Road = Sequence[tuple[Write, Where, str]]


def road(table: Iterable[Cell]) -> Road:
    """The steps of a table in the order they are taken."""
    return tuple(dict.fromkeys((cell.write, cell.where, cell.step) for cell in table))


ROAD = road(TABLE)


@dataclass(frozen=True)
class Pick:
    """A fault of the table with one of its values."""

    cell: Cell
    value: Value

    def __str__(self) -> str:
        return self.cell.name + ("" if self.value is None else f" ({self.value})")


@dataclass(frozen=True)
class Planned:
    """An order and what will meet it."""

    order: DemoOrder
    shape: str
    picks: tuple[Pick, ...]

    together: ClassVar[Mapping[frozenset[tuple[str, str]], str]] = TOGETHER

    def at(self, write: Write) -> tuple[Pick, ...]:
        return tuple(pick for pick in self.picks if pick.cell.write == write)

    def ends(self, write: Write) -> frozenset[str]:
        """How this write may end: right, or for one of these reasons."""
        met = frozenset((pick.cell.fault, pick.cell.step) for pick in self.at(write))
        if together := [end for faults, end in self.together.items() if faults <= met]:
            return frozenset(together)
        halts = frozenset(pick.cell.end for pick in self.at(write)) - {RIGHT}
        return halts or frozenset({RIGHT})

    def bound(self, pick: Pick) -> tuple[str, str]:
        """The name by which the site knows a request at this step to be about the order, and its own word for the step."""
        return self.order.number if pick.cell.where == "shop" else self.order.reference, pick.cell.step

    @property
    def key(self) -> tuple[str, ...]:
        return (self.shape, *sorted(map(str, self.picks)))

    @property
    def kills(self) -> int:
        return sum(pick.cell.fault in KILLS for pick in self.picks)


def every_pick(write: Write, *, ends_right: bool | None = None, alone: bool = False) -> list[Pick]:
    return [
        Pick(cell, value)
        for cell in TABLE
        if cell.write == write and cell.alone == alone and (ends_right is None or (cell.end == RIGHT) == ends_right)
        for value in cell.values
    ]


def shaped(at: int, shape: str) -> DemoOrder:
    """The `at`-th order of a list, of this shape."""
    if shape == "three pieces":
        return order(at, quantity=3)
    if shape == TWIN:
        return order(at, goods=L)
    one = order(at)
    if shape == "two lines":
        other = GOODS[(at + 2) % len(GOODS)] if GOODS[(at + 2) % len(GOODS)] != GOODS[at % len(GOODS)] else GOODS[(at + 1) % 5]
        return replace(one, lines=(*one.lines, line(*other, 2)))
    if shape == "an odd address":
        detail = f"滨江·花园<{at}>期 #3-2，A座&B座{at}室"
        return replace(one, receiver={**one.receiver, "detail": detail})
    return one


def lists(seed: int, orders: int, per_list: int) -> list[list[Planned]]:
    """So many orders in lists, one list a market. Every fault of the table comes, then every pair of them.

    From `WHOLE` orders on every pair does: what chance left out is made at the end.
    """
    chance = random.Random(seed)
    made = list(_planned(chance, orders))
    if orders >= WHOLE:
        made += [_of_two(pair) for pair in sorted(never_together(made), key=sorted)]
    out: list[list[Planned]] = [[]]
    for one in made:
        if len(out[-1]) >= per_list or one.kills + sum(each.kills for each in out[-1]) > MOST_KILLS:
            out.append([])
        out[-1].append(replace(one, order=shaped(len(out[-1]) + 1, one.shape)))
    return [*out, *_alone()]


def _alone() -> Iterator[list[Planned]]:
    """Each fault that strikes a whole site, with a refusal that is none: nothing else makes an absence matter as much."""
    refused = Pick(next(cell for cell in TABLE if cell.fault == "write_done_error_shown"), None)
    for cell in TABLE:
        if cell.alone:
            yield [Planned(shaped(1, SHAPES[0]), SHAPES[0], (refused, Pick(cell, value))) for value in cell.values[:1]]


def _planned(chance: random.Random, orders: int) -> Iterator[Planned]:
    seen: set[tuple[str, ...]] = set()
    left = set(_pairs())
    cycles = {write: _again_and_again(chance, every_pick(write)) for write in WRITES}
    made = 0
    while made < orders:
        one = _one(chance, cycles, left)
        if one.key in seen:
            continue
        seen.add(one.key)
        left -= set(_together(one.picks))
        made += 1
        yield one


def _of_two(pair: frozenset[str]) -> Planned:
    """An order of two lines that both faults of a pair meet, at the first steps where they can."""
    first, second = next(told for told in combinations(TABLE, 2) if {one.fault for one in told} == pair and can_meet(*told))
    return Planned(order(0), "two lines", tuple(Pick(cell, cell.values[0]) for cell in (first, second)))


def _one(chance: random.Random, cycles: dict[Write, Iterator[Pick]], left: set[frozenset[str]]) -> Planned:
    picks = [next(cycles["submit"])]
    if chance.random() < 0.6:
        picks += _best(chance, picks[0], every_pick("submit", ends_right=True), left)
    if Planned(order(0), "", tuple(picks)).ends("submit") == {RIGHT}:
        picks.append(next(cycles["note"]))
        picks.append(next(cycles["ship"]))
    if picks[-1].cell.write == "ship" and picks[-1].cell.end == RIGHT:
        picks.append(next(cycles["change"]))
    shape = "two lines" if any(pick.cell.fault == "order_splits" or pick.value == "line" for pick in picks) else ""
    return Planned(order(0), shape or chance.choice(SHAPES), tuple(picks))


def _best(chance: random.Random, first: Pick, offered: list[Pick], left: set[frozenset[str]]) -> list[Pick]:
    """One more fault that can meet the same order, best of all with one that it never was together with."""
    others = [pick for pick in offered if can_meet(first.cell, pick.cell)]
    chance.shuffle(others)
    return [max(others, key=lambda pick: frozenset({first.cell.fault, pick.cell.fault}) in left)] if others else []


def _again_and_again(chance: random.Random, picks: list[Pick]) -> Iterator[Pick]:
    for time in count():
        chance.shuffle(picks)
        yield from (pick for pick in picks if pick.cell.fault not in RARE or time % RARELY == 0)


def _pairs() -> Iterator[frozenset[str]]:
    """Every two kinds of faults that can meet one order."""
    for one, other in combinations(TABLE, 2):
        if one.fault != other.fault and can_meet(one, other):
            yield frozenset({one.fault, other.fault})


def can_meet(one: Cell, other: Cell, on: Road = ROAD) -> bool:
    """Two faults of one step never do, nor one that strikes behind a step where the order has halted."""
    steps = [(cell.write, cell.where, cell.step) for cell in (one, other)]
    if steps[0] == steps[1]:
        return False
    first, last = sorted((one, other), key=lambda cell: on.index((cell.write, cell.where, cell.step)))
    sent = first.step == "submit" and last.write == "submit"  # it may stand there, so it is looked for
    return not (one.alone or other.alone) and (first.end == RIGHT or sent or first.write == "note")


def _together(picks: Iterable[Pick]) -> Iterator[frozenset[str]]:
    for one, other in combinations(picks, 2):
        if one.cell.fault != other.cell.fault:
            yield frozenset({one.cell.fault, other.cell.fault})


def never_together(made: Iterable[Planned]) -> set[frozenset[str]]:
    """Pairs of faults that no order of these had."""
    left = set(_pairs())
    for one in made:
        left -= set(_together(one.picks))
    return left


# What --quick plays: every guard once, and what comes of it right beside it. By name, as the mutants call them.
Told = tuple[str, str, Value]
LONGER = 2.0  # runs that a list lags: one more than in the table, so that a look before another click does not see it either
BY_NAME_ONLY = (
    "never sent, each time",
    "paused meanwhile",
    "the day is full",
    "sent on leaving",
    "refused, though done, and no list",
    "a cut phone",
    "behind a filter",
)  # for time's sake
QUICK: Mapping[str, tuple[Told, ...]] = MappingProxyType(
    {
        "a success that is none": (("submit", "success_shown_write_rejected", None),),
        "a late one": (("submit", "lands_later", None), ("ship", "drop_after", None), ("change", "drop_after", None)),
        "another total": (
            *(("confirm", "rerender_total", 9_900.0), ("note", "drop_after", None)),
            ("ship", "success_shown_write_rejected", None),
        ),
        "two of one click": (("submit", "twice", None),),
        "too dear": (("confirm", "price_changes", 5_900.0),),
        "behind a filter": (("submit", "drop_after", None), ("list", "stray_filter", None)),
        "sent on leaving": (("confirm", "leaving_post", None), ("submit", "slow", 4.0), ("list", "list_lags", LONGER)),
        "never sent": (("confirm", "late_post", 8.0),),
        "a cut phone": (("submit", "partial", "phone:8"),),
        "a cut reference": (("check", "reference_cut", 8.0),),
        "killed in the click": (("submit", "kill_before", None), ("list", "list_lags", LONGER)),
        "refused, though done": (("submit", "write_done_error_shown", None), ("list", "list_lags", None)),
        "refused, though done, and no list": (("submit", "write_done_error_shown", None), ("list", "list_empty", 2.0)),
        "a second run": (("submit", "second_run", None),),
        "lands in the next run": (("submit", "lands_later", IN_THE_NEXT_RUN),),
        "cancelled meanwhile": (("confirm", "buyer_cancels", None),),
        "paused meanwhile": (("confirm", "paused", None),),
        "the day is full": (("detail", "day_full", None),),
        "never sent, each time": (("confirm", "late_post", 9.0),),
    }
)


def quick(names: Sequence[str] = ()) -> list[list[Planned]]:
    """Short lists: all but the longest, or only these; what strikes a whole site alone. Raises KeyError for a name that is none."""
    picks = {
        (pick.cell.step, pick.cell.fault, pick.value): pick
        for write in WRITES
        for alone in (False, True)
        for pick in every_pick(write, alone=alone)
    }
    lag = picks["list", "list_lags", None]
    picks["list", "list_lags", LONGER] = Pick(lag.cell, LONGER)
    lists: dict[str, list[Planned]] = {}
    for at, name in enumerate(names or [each for each in QUICK if each not in BY_NAME_ONLY], 1):
        shape = TWIN if name == "a success that is none" else SHAPES[at % (len(SHAPES) - 1)]
        made = Planned(shaped(at, shape), shape, tuple(picks[told] for told in QUICK[name]))
        sent = "sent" if made.at("ship") or made.at("change") else f"not sent {at % 2}"
        lists.setdefault(name if any(pick.cell.alone for pick in made.picks) else sent, []).append(made)
    return list(lists.values())
