"""What one run did, gathered from the ledger alone: bought, shipped, what waits for a person, the money, the time saved.

Knows no page and no file. It holds nothing that tells who a buyer is, but the paths of the pictures, which do. A report of
the past is about the end of its run: what was answered since is said, what came later is not in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeVar, cast

from agent.ledger import InboxItem, Ledger, StoredPurchase, StoredRun
from agent.models import Fen, Shipment
from agent.work.groups import to_ship_by
from agent.work.money import FeesOf, no_fees
from agent.work.private import masked
from agent.work.report_money import MoneyDays, money_days


@dataclass(frozen=True, slots=True)
class Minutes:
    """What a person needs for the same by hand, in minutes: nobody measured it."""

    a_purchase: int
    a_shipment: int


BY_HAND = Minutes(a_purchase=4, a_shipment=1)  # an assumption, told wherever the time saved is told

# sent: by a click of ours · found: it stood at the supplier already · told: a person named its number
Origin = Literal["sent", "found", "told"]


@dataclass(frozen=True, slots=True)
class Bought:
    """A purchase that was proven in the run. `amount` None: no page showed it."""

    shop: str
    order_number: str
    goods: tuple[str, ...]
    supplier: str
    reference: str
    supplier_order_number: str
    amount: Fen | None
    parcels: tuple[Shipment, ...]
    at: datetime
    origin: Origin
    picture: Path | None = None


@dataclass(frozen=True, slots=True)
class Shipped:
    """A parcel whose number the run proved to stand in the shop. `sent`: it entered the number itself."""

    shop: str
    order_number: str
    supplier: str
    carrier: str
    tracking_number: str
    at: datetime
    sent: bool


@dataclass(frozen=True, slots=True)
class Waits:
    """An inbox item that was open when the run ended; `answer` is what was said since, "gone" where its cause went by itself.

    `ship_by` is None where nothing of its order has to be shipped any more.
    """

    id: int
    kind: str
    what: str
    todo: str
    shop: str
    order_number: str
    reference: str
    account: str
    goods: tuple[str, ...]
    since: datetime
    ship_by: datetime | None
    answer: str
    picture: Path | None = None


@dataclass(frozen=True, slots=True)
class GoesOn:
    """An order that was not bought yet though nobody has to do anything: it goes on by itself, and why it did not now."""

    shop: str
    order_number: str
    why: str
    ship_by: datetime | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """What the run could not do and the next one tries again."""

    at: datetime
    account: str
    order_number: str
    what: str


@dataclass(frozen=True, slots=True)
class Total:
    """Purchases counted, and their money. `without_amount` of them show none."""

    purchases: int
    money: Fen
    without_amount: int


@dataclass(frozen=True, slots=True)
class SupplierTotal:
    supplier: str
    run: Total
    day: Total


@dataclass(frozen=True, slots=True)
class Saved:
    """The time that a person would have needed; only what the program itself did is counted."""

    purchases: int
    shipments: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Report:
    """One run. `until`: what it is about ends here; the day is that of `until`. `ended` False: broken off, or still at work."""

    run: int
    started_at: datetime
    until: datetime
    ended: bool
    dry_run: bool
    shops: tuple[str, ...]
    bought: tuple[Bought, ...]
    shipped: tuple[Shipped, ...]
    waits: tuple[Waits, ...]
    goes_on: tuple[GoesOn, ...]
    troubles: tuple[Trouble, ...]
    suppliers: tuple[SupplierTotal, ...]
    run_total: Total
    day_total: Total
    not_certain: Total
    saved: Saved
    money: MoneyDays

    @property
    def open(self) -> tuple[Waits, ...]:
        """What still waits for a person."""
        return tuple(item for item in self.waits if not item.answer)


Row = TypeVar("Row", Bought, Waits)


def gather(ledger: Ledger, run: StoredRun, now: datetime, fees_of: FeesOf = no_fees) -> Report:
    """The report of `run`. `now` is where one ends that has no end and no run after it."""
    until = run.ended_at or run.next_at or now
    midnight = until.replace(hour=0, minute=0, second=0, microsecond=0)
    of_run = _purchases(ledger, run.started_at, until)
    of_day = _purchases(ledger, midnight, until)
    waits = _waits(ledger, until)
    bought = tuple(_bought(ledger, purchase, until) for purchase in of_run)
    shipped = _shipped(ledger, run.started_at, until)
    return Report(
        run=run.number,
        started_at=run.started_at,
        until=until,
        ended=run.ended_at is not None,
        dry_run="--dry-run" in run.words.split(),
        shops=ledger.shops_until(until),
        bought=_once(bought, {(item.shop, item.order_number) for item in waits if item.picture}),
        shipped=shipped,
        waits=_once(waits, set()),
        goes_on=_going_on(ledger, waits) if run.next_at is None else (),
        troubles=_troubles(ledger, run.number, waits, {purchase.order_number for purchase in of_run}),
        suppliers=_by_supplier(of_run, of_day),
        run_total=_total(p.total for p in of_run),
        day_total=_total(p.total for p in of_day),
        not_certain=_not_certain(ledger, run.started_at, until),
        saved=_saved(bought, shipped),
        money=money_days(ledger, until, fees_of),
    )


def _purchases(ledger: Ledger, first: datetime, last: datetime) -> list[StoredPurchase]:
    return [cast(StoredPurchase, ledger.purchase(reference)) for reference in ledger.placed_between(first, last)]


def _bought(ledger: Ledger, purchase: StoredPurchase, until: datetime) -> Bought:
    parcels = ledger.shipments(purchase.shop, purchase.order_number)
    goods = [f"{line.product.title} / {line.product.specification} × {line.quantity}" for line in purchase.lines]
    return Bought(
        shop=purchase.shop,
        order_number=purchase.order_number,
        goods=_masked(ledger, purchase.shop, purchase.order_number, goods),
        supplier=purchase.supplier,
        reference=purchase.reference,
        supplier_order_number=purchase.supplier_order_number,
        amount=purchase.total,
        parcels=tuple(parcel.shipment for parcel in parcels if parcel.holds(purchase)),
        at=cast(datetime, purchase.placed_at),
        origin="told" if purchase.on_my_word else "sent" if ledger.clicks(purchase.reference) else "found",
        picture=_picture(ledger, purchase.shop, purchase.order_number, until),
    )


def _masked(ledger: Ledger, shop: str, order_number: str, texts: Iterable[str]) -> tuple[str, ...]:
    receiver = ledger.receiver(shop, order_number)
    return tuple(masked(text, receiver) for text in texts)


def _once(rows: Iterable[Row], seen: set[tuple[str, str]]) -> tuple[Row, ...]:
    """Each order shows its picture once; `seen` are those that show it elsewhere. An account's row has no order."""
    made = []
    for row in rows:
        order = (row.shop, row.order_number)
        made.append(replace(row, picture=None) if row.order_number and order in seen else row)
        seen |= {order} if row.picture else set()
    return tuple(made)


def _picture(ledger: Ledger, shop: str, order_number: str, until: datetime) -> Path | None:
    pictures = [event.picture for event in ledger.story(shop, order_number) if event.picture and event.at <= until]
    return pictures[-1] if pictures else None


def _shipped(ledger: Ledger, first: datetime, last: datetime) -> tuple[Shipped, ...]:
    made = []
    for parcel in ledger.entered_between(first, last):
        shipment = parcel.shipment
        purchase = ledger.purchase(shipment.reference)
        supplier = purchase.supplier if purchase else ""
        facts = (shipment.shop, shipment.order_number, supplier, shipment.carrier, shipment.tracking_number)
        made.append(Shipped(*facts, at=parcel.at, sent=parcel.sent))
    return tuple(made)


def _waits(ledger: Ledger, until: datetime) -> tuple[Waits, ...]:
    """What was open at `until`: what still is before what was answered since, the nearest ship-by time first."""
    items = [cast(InboxItem, ledger.item(item)) for item in ledger.items_open_at(until)]
    made = [_waiting(ledger, item, until) for item in items]
    return tuple(sorted(made, key=lambda w: (bool(w.answer), w.ship_by is None, w.ship_by or w.since, w.since, w.id)))


def _waiting(ledger: Ledger, item: InboxItem, until: datetime) -> Waits:
    order = ledger.order(item.shop, item.order_number) if item.order_number else None
    goods = [f"{line.title} / {line.specification} × {line.quantity}" for line in order.lines] if order else []
    what, todo, *titles = _masked(ledger, item.shop, item.order_number, [item.what, item.todo, *goods])
    return Waits(
        id=item.id,
        kind=item.kind,
        what=what,
        todo=todo,
        shop=item.shop,
        order_number=item.order_number,
        reference=item.reference,
        account=item.account,
        goods=tuple(titles),
        since=item.opened_at,
        ship_by=to_ship_by(ledger, order) if order else None,
        answer=(item.answer or "gone") if item.closed_at else "",
        picture=(_picture(ledger, item.shop, item.order_number, until) if order else None) or item.evidence,
    )


def _going_on(ledger: Ledger, waits: Sequence[Waits]) -> tuple[GoesOn, ...]:
    """The orders that wait for nobody, the nearest ship-by time first. The ledger knows only why they wait now."""
    asked = {(item.shop, item.order_number) for item in waits if not item.answer}
    made = [
        GoesOn(order.shop, order.order_number, order.waits, order.ship_by)
        for order in ledger.orders("ours")
        if order.waits and not order.parked and order.state == "to_ship" and (order.shop, order.order_number) not in asked
    ]
    return tuple(sorted(made, key=lambda row: (row.ship_by is None, row.ship_by, row.order_number)))


def _troubles(ledger: Ledger, run: int, waits: Sequence[Waits], bought: Collection[str]) -> tuple[Trouble, ...]:
    """Failures that are no inbox item and did not end well in the same run; the same words once."""
    settled = {item.order_number for item in waits if item.order_number} | set(bought)
    closed = {item.account for item in waits if not item.order_number}
    made: dict[str, Trouble] = {}
    for failure in ledger.failures(run):
        if failure.order_number in settled or failure.account in closed:
            continue
        (what,) = _masked(ledger, failure.shop, failure.order_number, [failure.what])
        made.setdefault(what, Trouble(failure.at, failure.account, failure.order_number, what))
    return tuple(made.values())


def _by_supplier(of_run: Sequence[StoredPurchase], of_day: Sequence[StoredPurchase]) -> tuple[SupplierTotal, ...]:
    names = sorted({purchase.supplier for purchase in (*of_run, *of_day)})
    return tuple(
        SupplierTotal(
            name, _total(p.total for p in of_run if p.supplier == name), _total(p.total for p in of_day if p.supplier == name)
        )
        for name in names
    )


def _total(amounts: Iterable[int | None]) -> Total:
    told = list(amounts)
    return Total(len(told), Fen(sum(amount or 0 for amount in told)), told.count(None))


def _not_certain(ledger: Ledger, first: datetime, last: datetime) -> Total:
    """Clicks of this run that may have bought something: nothing has proven yet how they ended."""
    sent = [a for a in ledger.open_attempts() if a.kind == "submit" and a.committed_at and first <= a.committed_at <= last]
    return _total(cast(int | None, attempt.meant.get("total")) for attempt in sent)


def _saved(bought: Sequence[Bought], shipped: Sequence[Shipped]) -> Saved:
    purchases = sum(each.origin == "sent" for each in bought)
    shipments = sum(each.sent for each in shipped)
    return Saved(purchases, shipments, purchases * BY_HAND.a_purchase + shipments * BY_HAND.a_shipment)
