"""Trials of paying and cancelling: orders that stand at the supplier already, each with a way to pay and faults of its own.

A trial is one order that is paid, or cancelled, by a supplier of its own: nothing of another is ever in its click, unless an
ordinary one is meant to be paid together with it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from tests.campaign.ends import IN_THE_NEXT_RUN, RIGHT, Cell, Value, Write
from tests.campaign.money_ends import METHODS, MONEY, WRITES_OF_MONEY
from tests.campaign.trials import KILLS, MOST_KILLS, Pick
from tests.market.demo_orders import DemoOrder
from tests.road.road import order

MONEY_PER_LIST = 16
ALONE, TOGETHER = "alone", "together with another"
UNPAID, PAID = "not paid", "paid"
SITES = ("balance", "credit")  # of cancelling: at the mall, at the marketplace
# In one order with another fault these would make it nobody's guess which of two people's doings came first.
BY_ITSELF = frozenset(
    {"buyer_cancels", "paid_in_app", "supplier_cancels", "shipped_now", "wanted_again", "code_expires", "repriced"}
    | {"freight_changes", "second_run", "late_post", "leaving_post", "double_click", "too_little", "kill_in_proof"}
)
ROAD = (("shop", "detail"), *(("supplier", step) for step in ("proof", "statement", "cashier", "click", "code", "scan")))


Pair = tuple[Write, frozenset[str]]


@dataclass(frozen=True)
class Charge:
    """An order that stands at its supplier, what is to be done about its money, and what will meet it."""

    order: DemoOrder
    write: Write
    method: str
    shape: str  # of a payment: alone or together; of a cancelling: paid before or not
    picks: tuple[Pick, ...]
    beside: DemoOrder | None = None  # the ordinary one that is paid together with it

    @property
    def ends(self) -> frozenset[str]:
        return frozenset(pick.cell.end for pick in self.picks) - {RIGHT} or frozenset({RIGHT})

    @property
    def key(self) -> tuple[str, ...]:
        return (self.write, self.method, self.shape, *sorted(map(str, self.picks)))

    @property
    def kills(self) -> int:
        return sum(pick.cell.fault in (*KILLS, "kill_in_proof") for pick in self.picks)

    @property
    def orders(self) -> tuple[DemoOrder, ...]:
        return (self.order,) if self.beside is None else (self.order, self.beside)

    @property
    def takes_the_day(self) -> bool:
        """Whether it needs the whole of a run: cancelling, and asking whether to."""
        return self.write == "cancel" or self.has("buyer_cancels")

    def has(self, fault: str, step: str = "") -> bool:
        return any(pick.cell.fault == fault and step in ("", pick.cell.step) for pick in self.picks)


def ways(cell: Cell) -> tuple[str, ...]:
    """The ways to pay at which this row of the table is played."""
    return SITES if cell.write == "cancel" else cell.methods or METHODS


def every_charge() -> list[tuple[str, Pick]]:
    """Each row with each of its values, at each way to pay."""
    return [(method, Pick(cell, value)) for cell in MONEY for value in cell.values for method in ways(cell)]


def money_lists(seed: int) -> list[list[Charge]]:
    """Every row of the table at each way to pay, with another fault that the order gets over where there is one; in lists, one a market.

    Each two kinds of faults that can meet one order do so at least once: what is left in the end comes in orders of its own.
    """
    chance = random.Random(f"money {seed}")
    told = every_charge()
    chance.shuffle(told)
    left = pairs()
    made = [_one(chance, method, pick, left) for method, pick in told]
    made += [_of_two(chance, pair) for pair in sorted(left, key=lambda pair: (pair[0], sorted(pair[1])))]
    parts = (
        [one for one in made if not is_alone(one) and one.takes_the_day == whole] for whole in (False, True)
    )  # a run that only pays is a short one
    shared = [each for part in parts for each in _shared(part)]
    return [*shared, *([numbered(one, 0)] for one in made if is_alone(one))]


def _shared(made: Sequence[Charge]) -> list[list[Charge]]:
    lists: list[list[Charge]] = [[]]
    for one in made:
        if len(lists[-1]) >= MONEY_PER_LIST or one.kills + sum(each.kills for each in lists[-1]) > MOST_KILLS:
            lists.append([])
        lists[-1].append(numbered(one, len(lists[-1])))
    return lists


def is_alone(one: Charge) -> bool:
    """Whether what meets it strikes every order at that supplier."""
    return any(pick.cell.alone for pick in one.picks)


def _one(chance: random.Random, method: str, pick: Pick, left: set[Pair]) -> Charge:
    cell = pick.cell
    together = chance.random() < 0.3 and not cell.alone
    shape = chance.choice((UNPAID, PAID)) if cell.write == "cancel" else (TOGETHER if together else ALONE)
    offered = _seconds(method, cell)
    wanted = [second for second in offered if pair_of(cell, second.cell) in left]
    second = [chance.choice(wanted or offered)] if offered else []
    left -= {pair_of(cell, each.cell) for each in second}
    return Charge(order(0), cell.write, method, shape, (pick, *second))


def _of_two(chance: random.Random, pair: Pair) -> Charge:
    """An order that both faults of a pair meet."""
    told = [(method, pick, second) for method, pick in every_charge() for second in _seconds(method, pick.cell)]
    method, pick, second = chance.choice([one for one in told if pair_of(one[1].cell, one[2].cell) == pair])
    return Charge(order(0), pair[0], method, UNPAID if pair[0] == "cancel" else ALONE, (pick, second))


def _seconds(method: str, first: Cell) -> list[Pick]:
    """The faults that can meet the same order, which it gets over."""
    return [
        Pick(cell, value)
        for cell in MONEY
        for value in cell.values
        if cell.write == first.write and cell.end == RIGHT and method in ways(cell) and _can_meet(first, cell)
    ]


def pair_of(one: Cell, other: Cell) -> Pair:
    return one.write, frozenset({one.fault, other.fault})


def pairs() -> set[Pair]:
    """Every two kinds of faults that can meet one order, at some way to pay."""
    return {
        pair_of(first, second.cell)
        for first in MONEY
        for method in ways(first)
        for second in _seconds(method, first)
        if first.fault != second.cell.fault
    }


def never_paid_together(made: Iterable[Charge]) -> set[Pair]:
    """Pairs of faults that no order of these had."""
    return pairs() - {pair_of(*(pick.cell for pick in one.picks)) for one in made if len(one.picks) > 1}


def _can_meet(first: Cell, second: Cell) -> bool:
    if {first.fault, second.fault} & BY_ITSELF or first.alone or second.alone:
        return False
    if first.fault == second.fault or {first.fault, second.fault} <= {*KILLS}:
        return False
    at = [ROAD.index((cell.where, cell.step)) for cell in (first, second)]
    return at[1] < at[0] or (at[1] > at[0] and first.end == RIGHT)


def numbered(one: Charge, at: int) -> Charge:
    """The `at`-th of a list: with an order, and where two are paid together another, of its own."""
    other = order(2 * at + 2) if one.shape == TOGETHER else None
    return replace(one, order=order(2 * at + 1), beside=other)


# What --quick plays of them.
Told = tuple[Write, str, str, tuple[tuple[str, str, Value], ...]]
QUICK_MONEY: Mapping[str, Told] = MappingProxyType(
    {
        "paid, and an error is shown": ("pay", "balance", TOGETHER, (("click", "write_done_error_shown", None),)),
        "a payment that is none": ("pay", "balance", ALONE, (("click", "success_shown_write_rejected", None),)),
        "a payment that is late": ("pay", "credit", ALONE, (("click", "lands_later", IN_THE_NEXT_RUN),)),
        "taken twice": ("pay", "balance", ALONE, (("click", "twice", None),)),
        "another payee": ("pay", "auto_debit", ALONE, (("cashier", "payee_changes", "别人"),)),
        "dearer at the cashier": ("pay", "credit", ALONE, (("cashier", "repriced", 100),)),
        "a code over another amount": ("pay", "qr", ALONE, (("click", "code_amount", 9_900),)),
        "scanned though it is cancelled": ("pay", "qr", ALONE, (("code", "supplier_cancels", None),)),
        "cancelled before anybody scans": ("pay", "qr", ALONE, (("scan", "supplier_cancels", None),)),
        "a code that nobody scans": ("pay", "qr", ALONE, (("scan", "code_expires", None),)),
        "killed before the proof": ("pay", "auto_debit", ALONE, (("click", "kill_in_proof", None),)),
        "cancelled, and an error is shown": ("cancel", "balance", UNPAID, (("click", "write_done_error_shown", None),)),
        "sent as it is cancelled": ("cancel", "balance", PAID, (("click", "shipped_now", None),)),
    }
)


MONEY_BY_NAME_ONLY = (
    "a payment that is none",
    "dearer at the cashier",
    "a code that nobody scans",
    "scanned though it is cancelled",
    "cancelled before anybody scans",
    "killed before the proof",
    "sent as it is cancelled",
)  # for time's sake


def quick_money(names: Sequence[str] = ()) -> list[list[Charge]]:
    """All but the longest, or only these: what is paid at one market, what is cancelled at another."""
    picks = {
        (write, method, pick.cell.step, pick.cell.fault, pick.value): pick
        for write in WRITES_OF_MONEY
        for method, pick in every_charge()
        if pick.cell.write == write
    }
    made = []
    for name in names or [each for each in QUICK_MONEY if each not in MONEY_BY_NAME_ONLY]:
        write, method, shape, told = QUICK_MONEY[name]
        found = tuple(picks[write, method, *each] for each in told)
        made.append(Charge(order(0), write, method, shape, found))
    parts = ([one for one in made if one.takes_the_day == whole] for whole in (False, True))
    return [[numbered(one, at) for at, one in enumerate(part)] for part in parts if part]


def of(planned: Sequence[Sequence[object]]) -> Iterator[Charge]:
    """The trials of money among these lists."""
    yield from (one for each in planned for one in each if isinstance(one, Charge))
