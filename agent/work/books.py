"""The shop's orders, the suppliers' orders, the payments and the tracking numbers, compared both ways. Pure: knows no page.

What was not looked at (None, or not in `absent`) is never a finding: only what a page showed, or provably does not show, is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from agent.errors import Mismatch, Where
from agent.ledger import StoredPurchase, StoredShipment
from agent.models import Fen
from agent.terms import SUPPLIER_STATES, WRITES, plain
from agent.words import _
from agent.work.goods import Goods, is_whole, shown_goods
from agent.work.limits import yuan
from agent.work.merged import bought
from agent.work.world import OPEN_WRITES, RECORDED, Kept, Shown, World

KIND = "books"  # of the inbox items made of findings
SeenOn = Literal["order", "list", "shop"]
EXTRA = "+"  # begins the fact of goods that are too many
# Reasons for which a person is asked already: what they tell of is not told once more.
SETTLED_BY_HELD = frozenset({"held", "OutcomeUnknown", "answer_differs"})
SETTLED_BY_CANCEL = frozenset({"cancelled", "cancelled_late", "refund_due"})
SETTLED_BY_TRACKING = frozenset({"tracking", "ship_unknown", "number_changed"})


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference, as the error that tells it. Another difference has another `cause`, the same one the same.

    `seen_on` is the page that shows it: of a supplier's order, or the supplier's list, or the shop's page of the parcels.
    """

    cause: str
    shop: str
    error: Mismatch
    seen_on: SeenOn
    supplier_order_number: str


def compare(world: World, now: datetime) -> tuple[Finding, ...]:
    """Every difference between what the ledger says, what the suppliers show and what the shop shows."""
    told: list[Finding] = []
    grouped: set[str] = set()
    strange = _unclaimed(world)
    for kept in world.kept:
        told += _strange_orders(world, kept, strange)
        told += _not_there(world, kept)
        told += _paid(world, kept)
        told += _differing(world, kept, grouped)
        told += _numbers(world, kept, now)
    return tuple(told)


# ---- orders at the supplier that the ledger does not have -------------------------------------------------------------


def _unclaimed(world: World) -> Mapping[str, list[Shown]]:
    """Reference → the live supplier orders for it that are recorded under no purchase."""
    claimed = {(purchase.account, number) for purchase in world.recorded for number in purchase.supplier_order_numbers}
    made: dict[str, list[Shown]] = defaultdict(list)
    for account, orders in world.shown.items():
        for shown in orders.values():
            if shown.is_live and (account, shown.number) not in claimed:
                made[shown.fits or shown.reference].append(shown)
    return made


def _strange_orders(world: World, kept: Kept, unclaimed: Mapping[str, list[Shown]]) -> Iterator[Finding]:
    by_reference = {purchase.reference: purchase for purchase in kept.purchases}
    for reference in kept.references:
        strange, purchase = unclaimed.get(reference, []), by_reference.get(reference)
        if strange and not _asked_already(kept, purchase, reference, strange):
            yield _strange(world, kept, purchase, reference, strange)


def _asked_already(kept: Kept, purchase: StoredPurchase | None, reference: str, strange: Iterable[Shown]) -> bool:
    if "alike" in kept.asked and all(shown.reference != reference for shown in strange):
        return True
    if purchase is None or purchase.state != "planned":
        return False
    return purchase.write_state in OPEN_WRITES or bool(kept.asked & SETTLED_BY_HELD)


def _strange(
    world: World,
    kept: Kept,
    purchase: StoredPurchase | None,
    reference: str,
    strange: Sequence[Shown],
) -> Finding:
    first, numbers = strange[0], sorted(shown.number for shown in strange)
    where = Where(account=first.account, order=kept.order.order_number, reference=reference)
    known = _live_numbers(world, kept, purchase)
    if purchase is not None and not known and {*numbers} <= {*purchase.supplier_order_numbers}:
        words = _("Purchase {reference} is dead in the ledger, but supplier order {number} stands there as “{state}”")
        error = Mismatch(
            words.format(reference=reference, number=", ".join(numbers), state=_state(first)),
            where=where,
            todo=_("Ask the supplier to close it and to pay back what was paid, or take the goods and enter them by hand."),
            reason="paid_differs",
        )
        return _finding("dead", reference, numbers, kept, error, number=first.number)
    if known or len(strange) > 1:
        words = _("More than one live supplier order is for purchase {reference}: {numbers}; the ledger knows {known}")
        error = Mismatch(
            words.format(reference=reference, numbers=", ".join([*known, *numbers]), known=", ".join(known) or _("none")),
            where=where,
            todo=_("Look at all of them at the supplier and cancel there what is too much."),
            reason="bought_twice",
        )
        return _finding("twice", reference, numbers, kept, error, number=first.number)
    carries = _("it carries our reference") if first.reference == reference else _("the same receiver and goods")
    error = Mismatch(
        _("The supplier has order {number} for purchase {reference} ({why}), which the ledger does not have as bought").format(
            number=first.number, reference=reference, why=carries
        ),
        where=where,
        todo=_("Do not buy it by hand. The next run takes it over or asks; if it is nobody's, cancel it at the supplier."),
        reason="not_recorded",
    )
    return _finding("unrecorded", reference, numbers, kept, error, number=first.number)


def _live_numbers(world: World, kept: Kept, purchase: StoredPurchase | None) -> list[str]:
    """The live supplier orders under which the same lines are bought already."""
    lines = {line.line_number for line in (purchase.lines if purchase else kept.order.lines)}
    same = [other for other in kept.recorded if purchase and lines & {line.line_number for line in other.lines}]
    if purchase is None and lines <= {line.line_number for other in kept.recorded for line in other.lines}:
        same = kept.recorded
    return [shown.number for other in same for shown in world.shown_of(other) if shown.is_live]


# ---- orders in the ledger that the supplier does not have -------------------------------------------------------------


def _not_there(world: World, kept: Kept) -> Iterator[Finding]:
    for purchase in kept.recorded:
        gone = [number for number in purchase.supplier_order_numbers if (purchase.account, number) in world.absent]
        if gone and not purchase.on_my_word:
            error = Mismatch(
                _("The ledger has purchase {reference} as bought under {numbers}, the supplier's list does not show it").format(
                    reference=purchase.reference, numbers=", ".join(gone)
                ),
                where=_where(purchase),
                todo=_("Ask the supplier what became of it before anything is bought again."),
                reason="not_at_supplier",
            )
            yield _finding("gone", purchase.reference, gone, kept, error, "list")


# ---- money ------------------------------------------------------------------------------------------------------------


def _paid(world: World, kept: Kept) -> Iterator[Finding]:
    for purchase in kept.purchases:
        if purchase.on_my_word or not (told := _money(world, kept, purchase)):
            continue
        fact, words = told
        error = Mismatch(
            words,
            where=_where(purchase),
            todo=_("Look at the order and its payment at the supplier; ask for the money where it was paid for nothing."),
            reason="paid_differs",
        )
        numbers = purchase.supplier_order_numbers
        yield _finding(fact, purchase.reference, numbers, kept, error, number=next(iter(numbers), ""))


def _money(world: World, kept: Kept, purchase: StoredPurchase) -> tuple[str, str] | None:
    """What is wrong with its money: in one word, and in a sentence."""
    facts = {"reference": purchase.reference, "number": purchase.supplier_order_number}
    if purchase.state == "dead" and purchase.paid_at is not None and purchase.refund == "none":
        words = _("Purchase {reference} is dead and was paid, and nobody follows the money of supplier order {number}")
        return "lost", words.format(**facts)
    if purchase.state not in RECORDED:
        return None
    states = [shown.state for shown in world.shown_of(purchase)]
    if "cancelled" in states:
        words = _("Supplier order {number} is closed at the supplier; the ledger has purchase {reference} as “{state}”, {paid}")
        paid = _("paid") if purchase.paid_at else _("not seen paid")
        told = words.format(**facts, state=plain(WRITES, purchase.state), paid=paid)
        return None if kept.asked & SETTLED_BY_CANCEL else ("closed", told)
    if "unpaid" in states and purchase.paid_at:
        words = _("The ledger saw purchase {reference} paid; the supplier shows order {number} as not paid")
        return "unpaid", words.format(**facts)
    return None


# ---- what it holds and costs ------------------------------------------------------------------------------------------


def _differing(world: World, kept: Kept, grouped: set[str]) -> Iterator[Finding]:
    """Purchases that stand in the same supplier orders are judged together, and once."""
    for purchase in kept.recorded:
        if purchase.reference in grouped:
            continue
        together = _together(world.recorded, purchase)
        grouped |= {each.reference for each in together}
        found = _differences(world, together)
        if any(fact.startswith(EXTRA) for fact, _words in found) and _open_at(world, purchase.account):
            continue  # what is too much here may be what the open one is about, and for that a person is asked
        if found and not kept.asked & (SETTLED_BY_HELD | SETTLED_BY_CANCEL):
            error = Mismatch(
                _("Supplier order {number} is not what purchase {reference} recorded: {words}").format(
                    number=purchase.supplier_order_number,
                    reference=purchase.reference,
                    words="; ".join(words for _fact, words in found),
                ),
                where=_where(purchase),
                todo=_("Compare it with `agent show {}` and ask the supplier why it changed.").format(kept.order.order_number),
                reason="paid_differs" if purchase.paid_at else "order_differs",
            )
            facts = [fact for fact, _words in found]
            yield _finding("differs", purchase.reference, facts, kept, error, number=purchase.supplier_order_numbers[0])


def _open_at(world: World, account: str) -> bool:
    """Whether of some purchase at this account nobody knows yet how it ended, or more than was meant came of it."""
    return any(each.account == account and each.write_state in OPEN_WRITES for kept in world.kept for each in kept.purchases)


def _together(recorded: Iterable[StoredPurchase], purchase: StoredPurchase) -> list[StoredPurchase]:
    """The purchases that share supplier orders with this one, itself included."""
    here = [each for each in recorded if each.account == purchase.account]
    numbers, before = set(purchase.supplier_order_numbers), 0
    while len(numbers) > before:
        before = len(numbers)
        numbers |= {n for each in here if numbers & {*each.supplier_order_numbers} for n in each.supplier_order_numbers}
    return [each for each in here if numbers & {*each.supplier_order_numbers}]


def _differences(world: World, together: Sequence[StoredPurchase]) -> list[tuple[str, str]]:
    """What differs, each as a fact and in words."""
    numbers = {number for purchase in together for number in purchase.supplier_order_numbers}
    there = {shown.number: shown for purchase in together for shown in world.shown_of(purchase)}
    if set(there) != numbers or any(purchase.on_my_word for purchase in together):
        return []
    if not all(shown.is_live for shown in there.values()):
        return []
    return [*_totals(together, there.values()), *_goods(together, there.values())]


def _totals(together: Sequence[StoredPurchase], there: Collection[Shown]) -> Iterator[tuple[str, str]]:
    meant, shown = [purchase.total for purchase in together], [each.total for each in there]
    sums = [sum(amount for amount in amounts if amount is not None) for amounts in (meant, shown)]
    if None not in (*meant, *shown) and sums[0] != sums[1]:
        words = _("total {meant} recorded, {shown} shown")
        yield f"{sums[0]}≠{sums[1]}", words.format(meant=yuan(Fen(sums[0])), shown=yuan(Fen(sums[1])))


def _goods(together: Sequence[StoredPurchase], there: Collection[Shown]) -> Iterator[tuple[str, str]]:
    rows = [row for shown in there for row in shown.rows or ()]
    if not all(shown.rows for shown in there) or not all(is_whole(row) for row in rows):
        return
    meant, shown = bought(together, rows), shown_goods(rows)
    if missing := _listed(meant - shown):
        yield f"-{missing}", _("missing: {}").format(missing)
    if extra := _listed(shown - meant):
        yield f"{EXTRA}{extra}", _("too much: {}").format(extra)


def _listed(goods: Counter[Goods]) -> str:
    return ", ".join(f"{each} × {count}" for each, count in goods.items())


# ---- tracking numbers -------------------------------------------------------------------------------------------------


def _numbers(world: World, kept: Kept, now: datetime) -> Iterator[Finding]:
    if kept.in_shop is None or not kept.recorded or any(purchase.on_my_word for purchase in kept.recorded):
        return
    if kept.asked & SETTLED_BY_TRACKING:
        return
    ours = {number for each in kept.shipments for number in (each.tracking_number, each.new_number) if number}
    given = _given(world, kept)
    strange = sorted(kept.in_shop - ours - (given or frozenset()))
    if strange:
        if given is not None:
            yield _strange_number(kept, strange)
        return
    entered = [each for each in kept.shipments if each.entered_at and kept.shop_state != "cancelled"]
    if gone := sorted(each.tracking_number for each in entered if not _stands(each, kept.in_shop)):
        words = _("The ledger says that tracking number {numbers} stands in the shop, the shop does not show it")
        yield _missing(kept, words, gone)
    elif not kept.asked and _is_overdue(kept, now) and (late := sorted(_to_come(kept, given))):
        words = _("The supplier gave tracking number {numbers}, the ship-by time has passed, and it is not in the shop")
        yield _missing(kept, words, late)


def _given(world: World, kept: Kept) -> frozenset[str] | None:
    """The numbers on the supplier's pages of all that was bought; None where one of these pages was not read."""
    made: set[str] = set()
    for purchase in kept.recorded:
        there = world.shown_of(purchase)
        if len(there) != len(purchase.supplier_order_numbers):
            return None
        for shown in there:
            if shown.parcels is None:
                return None
            made |= shown.parcels
    return frozenset(made)


def _stands(shipment: StoredShipment, in_shop: Collection[str]) -> bool:
    return shipment.tracking_number in in_shop or bool(shipment.new_number and shipment.new_number in in_shop)


def _is_overdue(kept: Kept, now: datetime) -> bool:
    due = kept.order.ship_by is not None and now > kept.order.ship_by
    return due and kept.shop_state in ("to_ship", "partly_shipped") and not kept.order.parked


def _to_come(kept: Kept, given: frozenset[str] | None) -> set[str]:
    """The numbers that the supplier gave and the shop does not show, but for parcels with nothing of this order in them."""
    nothing = {each.tracking_number for each in kept.shipments if each.contents == "nothing"}
    known = {each.tracking_number for each in kept.shipments if not each.new_number}
    return (known | (given or frozenset())) - nothing - (kept.in_shop or frozenset())


def _strange_number(kept: Kept, strange: Sequence[str]) -> Finding:
    purchases = ", ".join(purchase.supplier_order_number for purchase in kept.recorded)
    error = Mismatch(
        _("The shop shows tracking number {numbers}, which supplier order {orders} did not give").format(
            numbers=", ".join(strange), orders=purchases
        ),
        where=_where(kept.recorded[0]),
        todo=_("Find out who entered it; put the supplier's number in its place in the shop if it is wrong."),
        reason="strange_number",
    )
    return _finding("number", f"{kept.order.shop}:{kept.order.order_number}", strange, kept, error, "shop")


def _missing(kept: Kept, words: str, numbers: Sequence[str]) -> Finding:
    error = Mismatch(
        words.format(numbers=", ".join(numbers)),
        where=_where(kept.recorded[0]),
        todo=_("Look at the order in the shop; enter the number there by hand if it is missing."),
        reason="number_missing",
    )
    return _finding("missing", f"{kept.order.shop}:{kept.order.order_number}", numbers, kept, error, "shop")


# ---- in words ---------------------------------------------------------------------------------------------------------


def _where(purchase: StoredPurchase) -> Where:
    return Where(account=purchase.account, order=purchase.order_number, reference=purchase.reference)


def _state(shown: Shown) -> str:
    return plain(SUPPLIER_STATES, shown.state or "")


def _finding(
    what: str, whose: str, facts: Iterable[str], kept: Kept, error: Mismatch, seen_on: SeenOn = "order", number: str = ""
) -> Finding:
    return Finding(f"{KIND}:{what}:{whose}:{','.join(facts)}", kept.order.shop, error, seen_on, number)
