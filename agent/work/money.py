"""Income, cost, fees, margin, paid, owed and refunded of what was bought: per purchase, shop order, supplier and day. Pure sums.

The day is that of the purchase's proof, in Shanghai. What no page showed is unknown and never counts as 0: a sum tells how
many of its amounts are not in it. A margin is income − cost − fees + refunded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from agent.errors import ConfigError
from agent.ledger import ProvenPayment, PurchaseMoney, SoldLine
from agent.models import Fen
from agent.words import _
from agent.work.due import day_of

# By the shop and the source of an order: what the platform keeps of its income, None where nobody knows.
FeesOf = Callable[[str, str], Callable[[Fen], Fen | None]]


def no_fees(_shop: str, _source: str) -> Callable[[Fen], Fen]:
    """Where nobody has said what the platform keeps."""
    return lambda _income: Fen(0)


@dataclass(frozen=True, slots=True)
class Amount:
    """`fen` is the sum of `known` amounts; `unknown` more belong to it. `estimated`: something in it was never shown as such."""

    fen: int = 0
    known: int = 0
    unknown: int = 0
    estimated: bool = False

    @property
    def told(self) -> int | None:
        """None where nothing of it is known."""
        return None if self.unknown and not self.known else self.fen

    def __add__(self, other: Amount) -> Amount:
        counts = (self.fen + other.fen, self.known + other.known, self.unknown + other.unknown)
        return Amount(*counts, estimated=self.estimated or other.estimated)


UNKNOWN = Amount(unknown=1)


def amount(fen: int | None, *, estimated: bool = False) -> Amount:
    """One amount, or UNKNOWN."""
    return UNKNOWN if fen is None else Amount(fen, known=1, estimated=estimated)


@dataclass(frozen=True, slots=True)
class Sums:
    """`cost` is all that the supplier gets, `goods` and `freight` are its parts where the page showed both."""

    income: Amount = Amount()
    goods: Amount = Amount()
    freight: Amount = Amount()
    cost: Amount = Amount()
    fees: Amount = Amount()
    margin: Amount = Amount()
    paid: Amount = Amount()
    owed: Amount = Amount()
    refunded: Amount = Amount()

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(getattr(self, word) + getattr(other, word) for word in WORDS))


WORDS = tuple(field.name for field in fields(Sums))


@dataclass(frozen=True, slots=True)
class Part:
    """What one payment paid of one purchase."""

    payment: ProvenPayment
    fen: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One proven purchase in the books. `parts`: its payments, each as far as it was for this one."""

    purchase: PurchaseMoney
    day: date
    parts: tuple[Part, ...]
    sums: Sums


@dataclass(frozen=True, slots=True)
class Group:
    """What belongs to one `key`: a day, a supplier, or a shop and its order number."""

    key: Any
    entries: tuple[Entry, ...]

    @property
    def sums(self) -> Sums:
        return together(self.entries)

    @property
    def orders(self) -> int:
        return len({(entry.purchase.shop, entry.purchase.order_number) for entry in self.entries})


def entries_of(purchases: Sequence[PurchaseMoney], fees_of: FeesOf = no_fees) -> list[Entry]:
    """All purchases of the ledger as entries, in their order: fees are an order's, payments may be of several purchases."""
    parts = _parts(purchases)
    income = {each.reference: _income(each) for each in purchases}
    fees = _fees(purchases, income, fees_of)
    return [_entry(each, income[each.reference], fees[each.reference], tuple(parts[each.reference])) for each in purchases]


def chosen(
    entries: Iterable[Entry], first: date | None = None, last: date | None = None, supplier: str = ""
) -> tuple[Entry, ...]:
    """Those from the first day to the last, both included, and of this supplier."""
    return tuple(
        entry
        for entry in entries
        if (first is None or entry.day >= first)
        and (last is None or entry.day <= last)
        and supplier in ("", entry.purchase.supplier)
    )


def refuse_unknown(entries: Iterable[Entry], supplier: str) -> None:
    """Raise ConfigError for a supplier that nothing was ever bought from, with those that there are."""
    known = sorted({entry.purchase.supplier for entry in entries})
    if supplier not in known:
        what = _("Nothing was ever bought from a supplier “{}”").format(supplier)
        raise ConfigError(what, todo=_("Bought from: {}").format(", ".join(known) or _("nobody")))


def paid_for(purchases: Sequence[PurchaseMoney]) -> dict[str, Fen | None]:
    """Of each purchase what was paid for it; None where nobody knows."""
    told = {entry.purchase.reference: entry.sums.paid.told for entry in entries_of(purchases)}
    return {reference: None if fen is None else Fen(fen) for reference, fen in told.items()}


def together(entries: Iterable[Entry]) -> Sums:
    return sum((entry.sums for entry in entries), Sums())


def by_day(entries: Iterable[Entry]) -> list[Group]:
    return _groups(entries, lambda entry: entry.day)


def by_supplier(entries: Iterable[Entry]) -> list[Group]:
    return _groups(entries, lambda entry: entry.purchase.supplier)


def by_order(entries: Iterable[Entry]) -> list[Group]:
    """The oldest first."""
    made = _groups(entries, lambda entry: (entry.purchase.shop, entry.purchase.order_number))
    return sorted(made, key=lambda group: group.entries[0].purchase.proven_at)


def shared(whole: int, weights: Sequence[int]) -> list[int]:
    """`whole` in parts as the weights are, to the 分: what is left over goes to those that lost most by rounding."""
    weights = weights if sum(weights) else [1] * len(weights)
    exact = [divmod(whole * weight, sum(weights)) for weight in weights]
    parts = [part for part, _rest in exact]
    by_loss = sorted(range(len(parts)), key=lambda at: (-exact[at][1], at))
    for at in by_loss[: whole - sum(parts)]:
        parts[at] += 1
    return parts


def _groups(entries: Iterable[Entry], key: Callable[[Entry], Any]) -> list[Group]:
    made: dict[Any, list[Entry]] = {}
    for entry in entries:
        made.setdefault(key(entry), []).append(entry)
    return [Group(each, tuple(made[each])) for each in sorted(made)]


# ---- what came in -------------------------------------------------------------------------------------------------------


def _income(purchase: PurchaseMoney) -> Amount:
    """What its lines sold for and was not refunded to the buyer; a dead purchase sold nothing."""
    if purchase.dead or purchase.order_state == "cancelled":
        return amount(0)
    each = [_sold(line) for line in purchase.lines]
    if any(one.unknown for one in each):
        return UNKNOWN
    return amount(sum(one.fen for one in each), estimated=any(one.estimated for one in each))


def _sold(line: SoldLine) -> Amount:
    if line.after_sales == "refunded":
        return amount(0)
    if line.price is None or line.quantity is None:
        return UNKNOWN
    return amount(line.price * line.quantity, estimated=line.after_sales == "open")


def _fees(purchases: Iterable[PurchaseMoney], income: Mapping[str, Amount], fees_of: FeesOf) -> dict[str, Amount]:
    """Of each purchase the part of its order's fees; unknown where its income or the order's rate is.

    A rule is no bill: fees are estimated.
    """
    made = {purchase.reference: amount(0) for purchase in purchases if purchase.dead}
    orders: dict[tuple[str, str], list[PurchaseMoney]] = {}
    for purchase in purchases:
        if not purchase.dead:
            orders.setdefault((purchase.shop, purchase.order_number), []).append(purchase)
    for (shop, _number), there in orders.items():
        known = [each.reference for each in there if not income[each.reference].unknown]
        weights = [income[reference].fen for reference in known]
        whole = fees_of(shop, there[0].source)(Fen(sum(weights))) if known else None
        made |= {each.reference: UNKNOWN for each in there}
        if whole is None:
            continue
        parts = shared(whole, weights)
        made |= {reference: amount(part, estimated=part > 0) for reference, part in zip(known, parts, strict=True)}
    return made


# ---- what went out ------------------------------------------------------------------------------------------------------


def _parts(purchases: Sequence[PurchaseMoney]) -> dict[str, list[Part]]:
    """Of each purchase its payments; one of an order that holds several purchases is theirs by what each costs."""
    holders: dict[ProvenPayment, list[PurchaseMoney]] = {}
    for purchase in purchases:
        for payment in purchase.payments:
            holders.setdefault(payment, []).append(purchase)
    made: dict[str, list[Part]] = {purchase.reference: [] for purchase in purchases}
    for payment, there in holders.items():
        alive = [each for each in there if not _gone_before(each, payment)] or there
        weights = [each.total or 0 for each in alive]
        for each, fen in zip(alive, shared(payment.amount, weights), strict=True):
            made[each.reference].append(Part(payment, fen))
    return made


def _gone_before(purchase: PurchaseMoney, payment: ProvenPayment) -> bool:
    return purchase.dead and (purchase.cancelled_at is None or purchase.cancelled_at <= payment.paid_at)


def _entry(purchase: PurchaseMoney, income: Amount, fees: Amount, parts: tuple[Part, ...]) -> Entry:
    paid, cost, owed = _spent(purchase, parts)
    refunded = _came_back(purchase)
    sums = Sums(
        income=income,
        goods=_goods(cost, purchase.freight),
        freight=_freight(cost, purchase.freight),
        cost=cost,
        fees=fees,
        margin=_margin(income, cost, fees, refunded, waits=purchase.refund == "open"),
        paid=paid,
        owed=owed,
        refunded=refunded,
    )
    return Entry(purchase, day_of(purchase.proven_at), parts, sums)


def _came_back(purchase: PurchaseMoney) -> Amount:
    """All that the supplier paid back: of what was cancelled, and in part of what goes on. What its bill is less by is no money."""
    payable, back = purchase.payable, purchase.refunded
    if payable is not None and back is not None:
        off = 0 if purchase.refund == "refunded" else payable.proven - payable.shown
        back = Fen(max(0, back - max(payable.back, off)))
    return amount(back, estimated=not purchase.refund_shown)


def _margin(income: Amount, cost: Amount, fees: Amount, refunded: Amount, *, waits: bool) -> Amount:
    """`waits`: money is to come back that is not there yet."""
    each = (income, cost, fees, refunded)
    if any(one.unknown for one in each):
        return UNKNOWN
    sure = not waits and not any(one.estimated for one in each)
    return amount(income.fen - cost.fen - fees.fen + refunded.fen, estimated=not sure)


def _goods(cost: Amount, freight: Fen | None) -> Amount:
    known = _freight(cost, freight)
    return UNKNOWN if known.unknown else amount(cost.fen - known.fen, estimated=cost.estimated)


def _freight(cost: Amount, freight: Fen | None) -> Amount:
    """What was never paid for has none; where it all costs less than the freight once did, nobody knows which part is left."""
    if cost.told == 0:
        return amount(0)
    return UNKNOWN if freight is None or cost.unknown or freight > cost.fen else amount(freight)


def _spent(purchase: PurchaseMoney, parts: Collection[Part]) -> tuple[Amount, Amount, Amount]:
    """What was paid for it, what it costs, and what is owed for it; while a payment is open, nobody knows two of them."""
    if purchase.dead:
        paid = _paid_for_nothing(purchase, parts)
        return paid, paid, amount(0)
    paid, cost, owed = _settled(purchase, parts)
    if purchase.pay_open:
        return paid + UNKNOWN if paid.fen else UNKNOWN, cost, UNKNOWN
    return paid, cost, owed


def _settled(purchase: PurchaseMoney, parts: Collection[Part]) -> tuple[Amount, Amount, Amount]:
    """The same as far as payments are proven."""
    payable = purchase.payable
    if payable is not None and payable.state != "cancelled":
        cost = amount(payable.amount, estimated=payable.estimated)
        paid = amount(payable.amount if payable.state == "paid" else _money(purchase, parts))
        return paid, cost, amount(max(0, cost.fen - paid.fen), estimated=cost.estimated and payable.state == "open")
    if _is_paid(purchase, parts):
        cost = amount(_money(purchase, parts) if parts else purchase.total)
        return cost, cost, amount(0)
    cost, paid = amount(purchase.total), amount(_money(purchase, parts))
    return paid, cost, cost if cost.unknown else amount(max(0, cost.fen - paid.fen))


def _paid_for_nothing(purchase: PurchaseMoney, parts: Collection[Part]) -> Amount:
    """What was paid for a purchase that came to nothing."""
    payable = purchase.payable
    if payable is not None:
        return amount(payable.amount if payable.state == "paid" else _money(purchase, parts))
    if parts:
        return amount(_money(purchase, parts), estimated=purchase.pay_open)
    return amount(purchase.total, estimated=purchase.pay_open) if purchase.refund != "none" else amount(0)


def _is_paid(purchase: PurchaseMoney, parts: Collection[Part]) -> bool:
    """All of it: the supplier's page said so, or a payment of each of its numbers, no less than it cost, is proven."""
    if purchase.paid_at is not None:
        return True
    paid = {part.payment.supplier_order_number for part in parts}
    whole = bool(parts) and paid == set(purchase.numbers)
    return whole and (purchase.total is None or _money(purchase, parts) >= purchase.total)


def _money(purchase: PurchaseMoney, parts: Iterable[Part]) -> int:
    """What left our own pocket: what is paid on credit terms is owed, until its payable is paid."""
    return sum(part.fen for part in parts if purchase.payable is None or part.payment.method != "credit")
