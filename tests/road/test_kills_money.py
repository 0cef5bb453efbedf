"""Killed all along the other writes: paying from the balance, cancelling at the supplier, changing a number in the shop.

Each order stands at the supplier already, bought and proven. Judged on the money that moved there, the cancellings, the numbers
that the shop shows, and the requests that reached the sites. `--long` only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache

import pytest

from tests.campaign.money_judge import judged_money
from tests.campaign.money_play import Money
from tests.campaign.money_trials import ALONE, PAID, UNPAID, Charge
from tests.campaign.till import RICH, SUPPLIER, Till, put_order, record
from tests.market.demo import write_prepaid_mall
from tests.road.conftest import MakeRoad
from tests.road.road import KILLED, MALL, SHOP, Road, order
from tests.road.test_kills import FROM, PLAIN, Kill, Part, every, killed, killer, plain_run, points_of, pytestmark  # noqa: F401

LANES = 8
PARTS: tuple[Part, ...] = ("pay", "cancel", "said", "change")  # "cancel" is by the seller's rule, "said" on a person's word
SHAPES = {"pay": ALONE, "cancel": UNPAID, "said": PAID, "change": PAID}
RULES = {"cancel": "refunded", "said": "ask"}
# The moves of the journal that must be among the points.
MOVES: dict[Part, frozenset[str]] = {
    "pay": frozenset({"write_proven", "book_payment", "purchase_paid", "save_statement", "round_made"}),
    "cancel": frozenset({"watched", "closed_by_supplier"}),
    "said": frozenset({"watched", "closed_by_supplier", "applied"}),
    "change": frozenset({"number_changed"}),
}
# By which a site knows the request that writes: method, path, and what its query holds.
WRITES: dict[Part, tuple[str, str]] = {
    "pay": ("/pay.php", "act=done"),
    "cancel": ("/user.php", "act=cancel_order"),
    "said": ("/user.php", "act=cancel_order"),
    "change": ("/api/order/logisticsedit", ""),
}

Points = Callable[[Part], list[str]]


@pytest.fixture(scope="module")
def points(make_road: MakeRoad) -> Points:
    """Every point there is in a part, counted once."""
    return cache(lambda part: Stand(make_road(201 + PARTS.index(part)), part, 2).count())


@pytest.mark.long
@pytest.mark.parametrize("lane", range(LANES))
@pytest.mark.parametrize("part", PARTS)
def test_wherever_it_is_killed_it_is_written_once_and_told_as_it_is(
    make_road: MakeRoad, points: Points, part: Part, lane: int
) -> None:
    names = points(part)
    assert {name.split(":")[0] for name in names} >= MOVES[part] | {"intend", "committing", "clicked", "settle"}
    kills = every(part, names)[lane::LANES]
    assert Stand(make_road(211 + 10 * PARTS.index(part) + lane), part, len(kills)).campaign(kills) == []


class Stand:
    """So many orders that stand at the supplier, all to be paid, or to be cancelled, or to have their number changed."""

    def __init__(self, road: Road, part: Part, count: int) -> None:
        self.road, self.part = road, part
        self.charges = [
            Charge(order(at), "cancel" if part == "said" else part, "balance", SHAPES[part], ())  # type: ignore[arg-type]
            for at in range(1, count + 1)
        ]
        road.market.mall.balance.settle_prepaid(RICH)
        write_prepaid_mall(road.home)
        self._write_suppliers()
        self.till = Till(road, {}, {})
        self.former: dict[str, str] = {}  # the number that the shop shows before it is changed, by the order's
        for at, one in enumerate(self.charges):
            self._put_up(one, f"supplier{at}")
        if part == "change":
            self._have_numbers_changed()

    def _write_suppliers(self) -> None:
        """One each, all at the mall: where nobody knows the end of a payment, that supplier is paid no more by itself."""
        payee, rule = self.road.market.mall.balance.payee, RULES.get(self.part, "never")
        told = [
            SUPPLIER.format(name=f"supplier{at}", account=MALL, payee=payee, method="balance", cancel=rule)
            for at in range(len(self.charges))
        ]
        self.road.config("limits: {most_orders", "".join(told) + "limits: {most_orders")

    def _put_up(self, one: Charge, supplier: str) -> None:
        self.road.put_up(one.order)
        put_order(self.till, one, one.order)
        record(self.till, one, one.order, supplier)
        if one.shape == PAID:
            self.till.money(one.method).pay(self.till.numbers[one.order.number])
        if one.write == "cancel":
            self.road.market.shop.close_refund(one.order.number, words="退款成功")

    def _have_numbers_changed(self) -> None:
        """Sent and entered; then the supplier has other numbers, which a run reads that is killed as it does, and a person says yes."""
        self.road.ship()
        self._follow()
        for one in self.charges:
            there = self.till.standing(one, one.order)
            (self.former[one.order.number],) = self._shown(one)
            there.parcels[:] = [replace(there.parcels[0], tracking_number=f"YT9693087{there.key:06d}")]
        for point in ("number_changes:before", "number_changes:after"):
            assert self.road.run("--only", "ship", through=killer("ship", "--at", point)).code == KILLED
        self._follow()
        asked = [str(item.id) for item in self.road.inbox() if item.reason == "number_changed"]
        assert len(asked) == len(self.charges), self.road.told()
        assert self.road.agent("approve", *asked).code == 0

    def _follow(self) -> None:
        ran = self.road.run("--only", "ship")
        assert ran.code in (0, 1), ran.words[-2000:]

    # ---- killed

    def count(self) -> list[str]:
        """The points of the second order, when the first is done."""
        for at, one in enumerate(self.charges):
            self._say(one)
            made = points_of(self.road.agent(*self._words(at, one), through=killer(FROM[self.part], "--count")))
        assert self.rest([Kill(self.part, "", asks=False)] * 2) == []
        return made

    def campaign(self, kills: Sequence[Kill]) -> list[str]:
        """Kill one run an order, then let it come to rest: what is wrong in the end, [] if nothing."""
        for at, (one, kill) in enumerate(zip(self.charges, kills, strict=True)):
            self._say(one)
            killed(self.road, one.order, kill, self._words(at, one))
        return self.rest(kills)

    def _words(self, at: int, one: Charge) -> tuple[str, ...]:
        """How the program is started to see to this order alone."""
        if self.part == "pay":
            return ("pay", "--supplier", f"supplier{at}")
        return ("run", "--once", "--only", "ship", "--order", one.order.number)

    def _say(self, one: Charge) -> None:
        """A person's word that it is to be cancelled, where nothing is cancelled without."""
        if self.part == "said":
            ended = self.road.agent("cancel", one.order.reference)
            assert ended.code == 0, ended.words

    def rest(self, kills: Sequence[Kill]) -> list[str]:
        """Plain runs until nothing is wrong, two at least: what still is after the last. Money that is to come back does so meanwhile."""
        for at in range(PLAIN):
            plain_run(self.road)
            self._pay_back()
            if not (wrong := list(self.wrong(kills))) and at:
                break
        return wrong

    def _pay_back(self) -> None:
        balance = self.road.market.mall.balance
        for owed in [one.number for one in balance.refunds if one.done_at is None]:
            balance.refund(owed)

    # ---- judged

    def wrong(self, kills: Sequence[Kill]) -> Iterator[str]:
        """What must never be, and what is asked or not done although the agent died where everything is known."""
        asked = {one.order.number: [item.reason for item in self.road.inbox(one.order.number)] for one in self.charges}
        yield from self.road.denied()
        for one, kill in zip(self.charges, kills, strict=True):
            if sent := self._sent_again(one):
                yield f"{one.order.number} {kill}: {sent}"
            why = self._changed(one, asked) if self.part == "change" else self._paid_or_cancelled(one, asked)
            if why and not (kill.asks and why.startswith("over-halt")):
                yield f"{one.order.number} {kill}: {why}"

    def _sent_again(self, one: Charge) -> str:
        """The requests that wrote, where more than one reached the site: with this ledger a second is never sent."""
        path, query = WRITES[self.part]
        names = (one.order.number, one.order.reference, self.till.numbers[one.order.number])
        sent = [
            each
            for each in self.road.market.requests
            if (each.method, each.path) == ("POST", path) and query in each.query and each.order in names
        ]
        return f"sent {len(sent)} times" if len(sent) > 1 else ""

    def _paid_or_cancelled(self, one: Charge, asked: dict[str, list[str]]) -> str:
        """What the money's own judge has against it, "" if nothing: of one that met no fault it says "not met" where all is right."""
        (verdict,) = judged_money(Money(self.till, dict(asked)), [one])
        return "" if verdict.outcome == "not met" else f"{verdict.outcome}: {verdict.why} {asked[one.order.number]}"

    def _changed(self, one: Charge, asked: dict[str, list[str]]) -> str:
        """Once in the shop, the new number; or still the former, and somebody is asked."""
        number = one.order.number
        shown, former = self._shown(one), [self.former[number]]
        meant = [parcel.tracking_number for parcel in self.till.standing(one, one.order).parcels]
        if shown not in (meant, former):
            return f"wrong: the shop shows {shown}, meant was {meant} instead of {former}"
        if asked[number]:
            return f"over-halt: {asked[number]}, the shop shows {shown}"
        with self.road.ledger() as ledger:
            known = [each.tracking_number for each in ledger.shipments(SHOP, number, entered=True)]
        return "" if shown == meant == known else f"lost: the shop shows {shown}, meant was {meant}, the ledger says {known}"

    def _shown(self, one: Charge) -> list[str]:
        return [parcel.tracking_number for parcel in self.road.market.shop.orders[one.order.number].parcels]
