"""Judge what came of each trial, on the sites' own state; the ledger only as far as it states something about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from agent.ledger import Attempt
from tests.campaign.ends import DROPPED, RIGHT, Write
from tests.campaign.money_ends import WRITES_OF_MONEY
from tests.campaign.play import Played
from tests.campaign.trials import WRITES, Pick, Planned
from tests.market.core import Market
from tests.market.faults import Fired
from tests.market.seller import ordered_as_meant

Outcome = Literal["right", "halted", "duplicate", "wrong", "lost", "silent", "over-halt", "other end", "not met"]
NEVER: tuple[Outcome, ...] = ("duplicate", "wrong", "lost", "silent")
DEVIATIONS: tuple[Outcome, ...] = (*NEVER, "over-halt", "other end")  # from the table of ends
KIND_OF: Mapping[Write, str] = MappingProxyType({"ship": "ship", "change": "change_number"})  # the journal's word
THERE = "submit, marketplace"
OUTCOMES: tuple[Outcome, ...] = ("right", "halted", *DEVIATIONS, "not met")


@dataclass(frozen=True)
class Verdict:
    """What came of one write of one order; `faults` are those that struck. `not met`: none did, so it shows nothing."""

    write: Write
    outcome: Outcome
    order: str
    faults: tuple[str, ...]
    why: str = ""


def judged(played: Played, orders: Sequence[Planned]) -> list[Verdict]:
    """One verdict a write."""
    denied = list(played.supplier.denied())
    return [verdict for one in orders for verdict in _Order(played, one, denied).verdicts()]


def clicks_of(attempts: Iterable[Attempt], kind: str, market: Market) -> Counter[str]:
    """How often each write of this kind was clicked, by its key; what was stopped with nothing sent is no click."""
    clicked = [one for one in attempts if one.committed_at is not None and not was_stopped(one, market)]
    return Counter(write.key for one in clicked for write in one.writes if write.kind == kind)


def was_stopped(attempt: Attempt, market: Market) -> bool:
    """Whether a click was stopped with nothing sent, as the ledger says and no site's log denies."""
    began, ended = attempt.committed_at, attempt.settled_at
    if not began or not ended or attempt.state != "intended" or not attempt.requests_known or attempt.requests:
        return False
    return not any(one.method == "POST" and began <= one.at <= ended for one in market.requests)


class _Order:
    """One order, as it stands at the sites and in the ledger."""

    def __init__(self, played: Played, one: Planned, denied: Sequence[str]) -> None:
        self.played, self.road, self.supplier, self.one = played, played.road, played.supplier, one
        self.number, self.reference = one.order.number, one.order.reference
        self.denied = "; ".join(text for text in denied if text.startswith((self.number, self.reference)))
        self.live = self.supplier.live(one)
        self.asked_bought = played.asked_bought.get(self.number, [])
        self.asked_shipped = played.asked_shipped.get(self.number, [])
        self.asked = played.asked[self.number]
        self.state = self.road.write_state(one.order)

    def verdicts(self) -> Iterator[Verdict]:
        bought, why = self._submit()
        if bought == "halted" and (entered := self._shown()):
            bought, why = "wrong", f"the shop shows {entered} for what is not known to be bought as meant"
        yield self._verdict("submit", bought, why)
        if bought != "right":
            return
        if self.one.at("note"):
            yield self._verdict("note", *self._note())
        if not self.played.sends:
            return
        yield self._verdict("ship", *(("right", "") if self.renamed else self._ship()))  # renamed only where it stood as meant
        if self.renamed:
            yield self._verdict("change", *self._change())

    def _verdict(self, write: Write, outcome: Outcome, why: str) -> Verdict:
        met = tuple(str(pick) for pick in self.one.at(write) if self._struck(pick))
        if outcome in ("right", "halted") and not met:
            outcome = "not met"
        return Verdict(write, outcome, self.number, met or tuple(map(str, self.one.at(write))), why)

    @property
    def renamed(self) -> bool:
        return self.number in self.played.renamed

    def _struck(self, pick: Pick) -> bool:
        if pick.cell.fault == "list_lags":  # it strikes by what is not shown
            return bool(self.live)
        about, point = self.one.bound(pick)
        return Fired(pick.cell.fault, point, about) in self.road.market.faults.fired

    def _ended(self, write: Write, right: bool, reasons: Sequence[str], why: str) -> tuple[Outcome, str]:
        """Nothing that must never be came of it: is it how the table says?"""
        meant = self.one.ends(write)
        if right:
            return ("right", "") if RIGHT in meant else ("other end", f"right instead of {'/'.join(sorted(meant))}")
        if not reasons:
            return "lost", why or "not done, and nobody is asked"
        if RIGHT in meant:
            return "over-halt", f"{'/'.join(reasons)}: {self.road.said(self.one.order)} {why}"
        if not meant & set(reasons):
            return "other end", f"{'/'.join(reasons)} instead of {'/'.join(sorted(meant))}: {self.road.said(self.one.order)}"
        return "halted", ""

    # ---- bought

    def _submit(self) -> tuple[Outcome, str]:
        ordered, stands = self.supplier.ordered(self.one), list(map(self.supplier.standing, self.live))
        meant = _pieces(ordered)
        there = _pieces(goods for made in stands for goods in made.goods)
        said = self.road.said(self.one.order)
        clicks = self._clicks()
        if any(there[goods] > meant[goods] for goods in meant):
            unnamed = [made.number for made in self.live if made.number not in said]
            if clicks > 1 or unnamed:
                return "duplicate", f"{len(self.live)} orders, {clicks} clicks, not named to anybody: {unnamed}"
        note = f"单号 {self.reference} 请勿放价格单"
        differs = list(ordered_as_meant(stands, self.one.order.receiver, ordered, note))
        if self.live and differs and self.state not in ("held", "unknown"):
            return "wrong", f"{self.state}: {'; '.join(differs)}"
        if harm := self.supplier.harm(self.one):
            return "wrong", harm
        if self.denied and not self.denied.startswith(self.number):
            return "silent", self.denied
        if self.supplier.submits(self.one) and not clicks:
            return "silent", "the supplier was asked for it, and no click is on record"
        if any(pick.cell.end == DROPPED and self._struck(pick) for pick in self.one.at("submit")):
            return ("wrong", "bought though somebody called it off") if self.live else ("halted", "")
        right = bool(self.live) and not differs and self.state == "confirmed"
        why = "" if self.live else "no order at the supplier"
        return self._ended("submit", right, self.asked, why)

    def _clicks(self) -> int:
        return sum(self._clicked("submit").values())

    def _clicked(self, kind: str) -> Counter[str]:
        with self.road.ledger() as ledger:
            return clicks_of(ledger.attempts_of(self.reference), kind, self.road.market)

    # ---- noted and shipped

    def _note(self) -> tuple[Outcome, str]:
        held = self.road.market.shop.orders[self.number]
        numbers = [made.number for made in self.live]
        shows = (held.flag, held.remark)
        right = held.flag == "紫" and held.remark.startswith("已拍 ") and all(number in held.remark for number in numbers)
        known = self.road.purchase(self.one.order)
        if not right and known is not None and known.noted_at and not self.asked:
            return "silent", f"the ledger says it is noted, the shop shows {shows}"
        return self._ended("note", right, self.asked, f"the shop shows {shows}")

    def _ship(self) -> tuple[Outcome, str]:
        return self._numbers("ship", [reason for reason in self.asked if reason not in self.asked_bought])

    def _change(self) -> tuple[Outcome, str]:
        return self._numbers("change", [reason for reason in self.asked if reason not in self.asked_shipped])

    def _numbers(self, write: Write, reasons: Sequence[str]) -> tuple[Outcome, str]:
        shows = self._shown()
        meant = [("圆通速递", parcel.tracking_number) for made in self.live for parcel in made.parcels]
        extra = Counter(shows) - Counter(meant)
        if extra and not self.one.ends(write) & set(reasons):
            return ("duplicate" if set(shows) <= set(meant) else "wrong"), f"the shop shows {shows}, sent were {meant}"
        if again := [key for key, clicks in self._clicked(KIND_OF[write]).items() if clicks > 1]:
            return "duplicate", f"entered by more than one click: {again}"
        if self.denied.startswith(self.number):
            return "silent", self.denied
        return self._ended(write, sorted(shows) == sorted(meant), reasons, f"the shop shows {shows}, sent were {meant}")

    def _shown(self) -> list[tuple[str, str]]:
        return [(parcel.carrier, parcel.tracking_number) for parcel in self.road.market.shop.orders[self.number].parcels]


def _pieces(goods: Iterable[tuple[str, str, int]]) -> Counter[tuple[str, str]]:
    pieces: Counter[tuple[str, str]] = Counter()
    for product, specification, quantity in goods:
        pieces[(product, specification)] += quantity
    return pieces


def tally(verdicts: Sequence[Verdict]) -> dict[str, Counter[str]]:
    """Outcome by outcome, for each write; buying at the marketplace by itself."""
    told = [(_row(verdict), verdict.outcome) for verdict in verdicts]
    every = (*WRITES, *WRITES_OF_MONEY, THERE)
    return {row: Counter(outcome for named, outcome in told if named == row) for row in every}


def _row(verdict: Verdict) -> str:
    return THERE if any("the marketplace's" in fault for fault in verdict.faults) else verdict.write
