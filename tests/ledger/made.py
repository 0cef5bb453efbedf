"""What really was done, kept beside the ledger by the random writes: every click, what anybody learned of it, what may follow.

And the calls with which the program puts down what becomes of a payment, a parcel or a purchase.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple, get_args

from agent.ledger import Ledger, pay_key
from agent.ledger.journal import Because
from agent.models import Fen, RequestNote, WriteState
from tests.ledger.goods import ACCOUNT, LINES, NOW, SHOP, order, parcel, purchase

THERE = "shop-xiaolin"  # the shop's own account
NEW = "YT9900000000009"  # a number that a parcel gets later
OPEN = ("committing", "unknown")
ORDERS = {n: f"692000000000000000{n}" for n in (1, 2)}
PLACED = {n: f"90010{n}" for n in ORDERS}
PARCELS = {n: replace(parcel(), order_number=ORDERS[n], reference=f"R{n}") for n in ORDERS}
KEYS: dict[str, Callable[[int], str]] = {
    "pay": lambda n: pay_key(ACCOUNT, PLACED[n]),
    "cancel": lambda n: f"{ACCOUNT} {PLACED[n]}",
    "ship": lambda n: f"{SHOP}:{ORDERS[n]}:1",
    "change_number": lambda n: f"{SHOP}:{ORDERS[n]}:1:{NEW}",
    "mark_shipped": lambda n: f"{SHOP}:{ORDERS[n]}",
}

Requests = tuple[RequestNote, ...] | None


def account_of(kind: str) -> str:
    return ACCOUNT if kind in ("submit", "pay", "cancel") else THERE


def facts(kind: str, n: int) -> dict[str, str]:
    """What names a write in the journal, beside its kind and key."""
    return {"shop": SHOP, "order_number": ORDERS[n], "reference": f"R{n}", "account": account_of(kind)}


class How(NamedTuple):
    """How an attempt is settled. `asked`: the supplier was asked to cancel, and is to answer."""

    state: WriteState
    left: Requests = None
    because: Because = "nothing_left"
    zero: bool = False
    asked: bool = False


@dataclass(slots=True)
class Made:
    """One attempt. `here`: clicked by the process that runs; `told`: that one said which requests left, and `left`: some did."""

    kind: str
    about: tuple[int, ...]
    method: str
    state: WriteState = "intended"
    clicked_at: datetime | None = None
    zero_at: datetime | None = None
    over: bool = False
    here: bool = False
    told: bool = False
    left: bool = False
    shown: bool = False
    asked: bool = False

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def counts(self) -> bool:
        """Whether it is one of the two clicks that a write may have: a code that came back moved nothing."""
        return self.clicked_at is not None and not (self.method == "qr" and self.state == "intended")

    def learns(self, left: Requests) -> None:
        self.told |= self.here and self.state == "committing" and left is not None
        self.left |= bool(left)

    def may_come_back(self, because: Because, *, in_part: bool) -> bool:
        """Whether its writes may be made again after its click: what was sent only where nothing left, or a repeat does nothing.

        A payment never by itself: its click was stopped, its code was shown to nobody or expired, or a person says so. One that is
        paid `in_part` was made, unless nobody ever saw its code.
        """
        stopped = because == "stopped" and self.here and self.state == "committing"
        if self.kind != "pay":
            return stopped or because == "repeat_refused" or (because == "nothing_left" and self.told and not self.left)
        unseen = because == "not_shown" and self.method == "qr" and not self.shown
        return unseen or (not in_part and (stopped or because == "word" or (because == "expired" and self.method == "qr")))


@dataclass(slots=True)
class Truth:
    """All attempts, and what came of their writes. What the ledger took and must not have taken raises AssertionError."""

    made: dict[int, Made] = field(default_factory=dict)
    writes: dict[tuple[str, int], WriteState] = field(default_factory=dict)
    booked: dict[tuple[str, int], int] = field(default_factory=dict)
    resumed: dict[str, datetime] = field(default_factory=lambda: dict.fromkeys((ACCOUNT, THERE), NOW))

    def of(self, kind: str, about: Iterable[int]) -> list[Made]:
        return [made for made in self.made.values() if made.kind == kind and {*made.about} & {*about}]

    def state(self, kind: str, n: int) -> WriteState:
        return self.writes.get((kind, n), "intended")

    def is_free(self, made: Made, *, by_hand: bool) -> bool:
        """Whether its click repeats nothing: each of its writes is just intended, and the program clicked it once at most."""
        clicks = {n: sum(one.counts for one in self.of(made.kind, [n])) for n in made.about}
        return all(self.state(made.kind, n) == "intended" and (by_hand or clicks[n] < 2) for n in made.about)

    def begun(self, attempt: int, made: Made, *, by_hand: bool) -> None:
        assert self.is_free(made, by_hand=by_hand)
        self.give_up(made.kind, made.about)
        self.made[attempt] = made

    def give_up(self, kind: str, about: Iterable[int]) -> None:
        """What was begun for any of these, and never clicked, is not clicked any more."""
        for made in self.of(kind, about):
            made.over |= made.clicked_at is None

    def clicked(self, made: Made, at: datetime, *, by_hand: bool) -> None:
        assert not made.over and made.clicked_at is None and self.is_free(made, by_hand=by_hand)
        made.clicked_at, made.here, made.state = at, True, "committing"
        self.move(made, "committing")

    def settled(self, made: Made, how: How, at: datetime) -> None:
        made.learns(how.left)
        made.asked, made.zero_at = how.asked, made.zero_at or (at if how.zero else None)
        if made.clicked_at is None:
            assert how.state == "intended" and not made.over
            made.over = True
            return
        assert made.is_open or (made.state == "held" and how.state in ("confirmed", "refused"))
        assert how.state != "intended" or made.may_come_back(how.because, in_part=any(self.paid(made)))
        assert how.state != "confirmed" or made.kind != "pay" or all(self.paid(made))
        made.state = how.state
        self.move(made, how.state)

    def paid(self, made: Made) -> list[bool]:
        """Of each order of a payment whether it is proven to be paid."""
        return [self.state("pay", n) == "confirmed" for n in made.about if made.kind == "pay"]

    def why_back(self, made: Made) -> Because:
        """Why its writes may be made again, if they may."""
        allowed = (why for why in get_args(Because) if made.may_come_back(why, in_part=any(self.paid(made))))
        return next(allowed, "nothing_left")

    def move(self, made: Made, state: WriteState) -> None:
        """Its writes are so from now on; a payment that is proven stays so, whatever becomes of those made with it."""
        for n in made.about:
            if made.kind != "pay" or self.state("pay", n) != "confirmed":
                self.writes[made.kind, n] = state

    def found(self, kind: str, n: int) -> None:
        """The site shows it done, whoever did it; what was refused stays so."""
        if self.state(kind, n) != "refused":
            self.writes[kind, n] = "confirmed"
        for made in self.of(kind, [n]):
            made.state = "confirmed" if made.is_open or made.state == "held" else made.state
        self.give_up(kind, [n])

    def crashed(self) -> None:
        """What the process that clicked has not put down yet, nobody knows any more."""
        for made in self.made.values():
            made.here = False

    def unknown(self, account: str, kinds: Collection[str]) -> int:
        """Clicks since a person last let this account go on of which nobody knows how they ended, and nobody is waited for."""
        there = [made for made in self.made.values() if made.kind in kinds and account_of(made.kind) == account]
        late = [made for made in there if made.clicked_at and made.clicked_at > self.resumed[account]]
        return sum(made.is_open and made.method != "qr" and not made.asked for made in late)

    def spent(self) -> int:
        """What went out by our clicks, or may have."""
        gone = (made for made in self.made.values() if made.is_open or made.state in ("held", "confirmed"))
        return sum(len(made.about) for made in gone if made.kind == "pay")


# ---- the program's calls

WORDS: dict[str, Callable[[Ledger, int, datetime], object]] = {
    "placed": lambda ledger, n, at: ledger.resolved(f"R{n}", (PLACED[n],), Fen(2400), Fen(0), at, on_my_word=False),
    "not placed": lambda ledger, n, at: ledger.buried_by_word(f"R{n}", at),
    "bury": lambda ledger, n, at: ledger.bury(f"R{n}", at),
    "closed": lambda ledger, n, at: ledger.closed_by_supplier(f"R{n}", at, paid=True),
    "shipped": lambda ledger, n, _at: ledger.advance(f"R{n}", "shipped"),
    "done": lambda ledger, n, _at: ledger.advance(f"R{n}", "done"),
    "renumber": lambda ledger, n, _at: ledger.renumber(PARCELS[n], "中通快递", f"ZTO{n}"),
    "fill": lambda ledger, n, _at: ledger.put_in(PARCELS[n], {LINES[1]: 1}, "person"),
}


def put_up(ledger: Ledger) -> None:
    """Two orders, each with a purchase and a parcel; the first purchase is placed."""
    for n, number in ORDERS.items():
        ledger.save_order(order(number=number), NOW, detail=True)
        ledger.plan([replace(purchase(reference=f"R{n}"), order_number=number)], NOW)
        ledger.save_shipment(PARCELS[n], {LINES[0]: 1}, NOW)
    WORDS["placed"](ledger, 1, NOW)


def book(ledger: Ledger, n: int, amount: int, instalment: int, attempt: int | None, at: datetime) -> bool:
    told = {"supplier": "yiwu", "method": "outside", "payee": "", "proof": "order", "paid_at": at, "attempt": attempt}
    return ledger.book_payment(ACCOUNT, PLACED[n], amount=Fen(amount), instalment=instalment, **told)  # type: ignore[arg-type]


def prove(ledger: Ledger, attempt: int, n: int, amount: int, at: datetime) -> None:
    """One order of a payment is paid: its write is proven by itself, and the payment booked."""
    ids = {write.key: write.id for write in ledger.attempt(attempt).writes}
    ledger.write_proven(attempt, ids[KEYS["pay"](n)])
    book(ledger, n, amount, 1, attempt, at)


def put_down(ledger: Ledger, kind: str, n: int, at: datetime) -> None:
    """What is put down together with the proof of a write."""
    purchase = ledger.purchase(f"R{n}")
    if kind == "ship":
        ledger.entered(SHOP, ORDERS[n], 1, at)
    if kind == "change_number":
        ledger.number_changed(PARCELS[n])
    if kind == "cancel" and purchase and purchase.state != "dead":
        ledger.closed_by_supplier(f"R{n}", at, paid=False)


def settle(ledger: Ledger, attempt: int, made: Made, how: How, at: datetime) -> None:
    told = {"requests": how.left, "because": how.because, "zero": how.zero, "at": at}
    ledger.settle(attempt, how.state, words="", pictures=(), **told)  # type: ignore[arg-type]
    if made.kind == "cancel":
        ledger.cancel_asked(attempt, at if how.asked else None)
    for n in made.about if how.state == "confirmed" else ():
        put_down(ledger, made.kind, n, at)
