"""Money that comes back from suppliers: booked once as their pages show it, what they sent too little of, and what is still owed to us.

What a page calls refunded while its refund is still open or refused is what is asked for, no money: it is not booked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from agent.ledger import Back, InboxItem, Ledger, StoredPurchase, StoredShortage
from agent.models import Fen, Reading
from agent.words import _
from agent.work.goods import goods_of_line, goods_of_row, rows_of, unit_price
from agent.work.limits import yuan
from agent.work.parcels import Inside, pieces
from agent.work.run import Run

WHOLLY_SHIPPED = ("shipped", "picked_up", "completed")
SHORTAGE = "shortage"
SETTLED = {"approve": "a person", "reject": "given up"}


def back_of(readings: Sequence[Reading]) -> dict[str, Fen]:
    """Supplier order number → what its page shows as paid back by now."""
    return {
        str(reading.values["supplier_order_number"]): Fen(amount)
        for reading in readings
        if reading.values.get("refund") in (None, "refunded") and isinstance(amount := reading.values.get("refunded"), int)
    }


def book(run: Run, purchase: StoredPurchase, back: Mapping[str, Fen], how: Back) -> Fen:
    """Book what came back for the orders of a purchase by now; what of it is new. Belongs into a transaction with its story."""
    return Fen(
        sum(
            run.ledger.book_refund(purchase.account, number, purchase.reference, amount, how, run.now())
            for number, amount in back.items()
        )
    )


def book_part(run: Run, purchase: StoredPurchase, readings: Sequence[Reading]) -> None:
    """What came back for an order that goes on: booked and told once. In an order of several purchases it is the oldest one's."""
    there = run.ledger.purchases_in(purchase.account, *purchase.supplier_order_numbers)
    if there and there[0].reference != purchase.reference:
        return
    with run.ledger.atomic():
        new = book(run, purchase, back_of(readings), "part")
        if new:
            run.tell(_part_words(run, purchase, new), **_keys(purchase))
        _settle_if_back(run, purchase)


def _part_words(run: Run, purchase: StoredPurchase, new: Fen) -> str:
    facts = {"amount": yuan(new), "number": purchase.supplier_order_number}
    owed = run.ledger.payable(purchase.reference)
    if owed is not None and owed.state == "open" and owed.back:
        words = _(
            "The supplier paid back {amount} yuan of order {number}, which is not repaid yet: {owed} yuan are owed for it"
        )
        return words.format(**facts, owed=yuan(owed.amount))
    return _("The supplier paid back {amount} yuan of order {number}, which goes on").format(**facts)


def never_paid(ledger: Ledger, reference: str) -> Fen:
    """What came back of a purchase before its bill was repaid, and so was never paid for it."""
    payable = ledger.payable(reference)
    return payable.back if payable else Fen(0)


def _settle_if_back(run: Run, purchase: StoredPurchase) -> None:
    """Money that came before it was known that pieces are missing was not for them: their supplier is asked all the same."""
    short = run.ledger.shortages(purchase.reference, open_only=True)
    if short and run.ledger.back_for_short(purchase.reference) >= sum(each.amount for each in short):
        run.ledger.shortage_settled(purchase.reference, "paid back", run.now())
        run.ledger.close_item(cause_of_shortage(purchase.reference), run.now())


# ---- too few pieces -----------------------------------------------------------------------------------------------------


def follow_shortage(run: Run, purchase: StoredPurchase, readings: Sequence[Reading], insides: Sequence[Inside | None]) -> None:
    """Ask about what is missing, where the supplier sent all that it will and its pages say of every parcel what is in it."""
    if not insides or None in insides or any(reading.values["state"] not in WHOLLY_SHIPPED for reading in readings):
        return
    missing = _missing(purchase, cast(Sequence[Inside], insides))
    worth = {line: (count, _worth(purchase, readings, line, count)) for line, count in missing.items()}
    with run.ledger.atomic():
        is_new = run.ledger.short(purchase.reference, worth, run.now())
        _settle_if_back(run, purchase)
        short = run.ledger.shortages(purchase.reference, open_only=True)
        if not short:
            run.ledger.close_item(cause_of_shortage(purchase.reference), run.now())
            return
        if is_new:
            run.tell(_short_words(purchase, short), **_keys(purchase))
        _ask_about_shortage(run, purchase, short)


def _missing(purchase: StoredPurchase, insides: Sequence[Inside]) -> dict[str, int]:
    sent = {line.line_number: sum(inside.get(line.line_number, 0) for inside in insides) for line in purchase.lines}
    left = {line.line_number: pieces(line) - sent[line.line_number] for line in purchase.lines}
    return {number: count for number, count in left.items() if count > 0}


def _worth(purchase: StoredPurchase, readings: Sequence[Reading], line_number: str, count: int) -> Fen:
    """At the price that the supplier's page shows for it, else at what it cost last."""
    rows = [row for reading in readings for row in rows_of(reading)]
    (line,) = (each for each in purchase.lines if each.line_number == line_number)
    prices = {goods_of_row(row): unit_price(row) for row in rows}
    return Fen((prices.get(goods_of_line(line, rows)) or line.product.cost) * count * line.product.pack)


def _short_words(purchase: StoredPurchase, short: Sequence[StoredShortage]) -> str:
    lines = {line.line_number: line.product for line in purchase.lines}
    told = [(lines[each.line_number], each.pieces) for each in short]
    return _("The supplier sent too little of order {number}: {goods} missing, worth {amount} yuan").format(
        number=purchase.supplier_order_number,
        goods="; ".join(f"{product.title} / {product.specification} × {pieces}" for product, pieces in told),
        amount=yuan(Fen(sum(each.amount for each in short))),
    )


def _ask_about_shortage(run: Run, purchase: StoredPurchase, short: Sequence[StoredShortage]) -> None:
    run.ledger.ask(
        "purchase",
        cause_of_shortage(purchase.reference),
        what=_short_words(purchase, short),
        todo=_("Ask the supplier for the pieces or the money; it closes itself when its page shows either."),
        reason="shortage",
        at=run.now(),
        **_keys(purchase),
    )


def cause_of_shortage(reference: str) -> str:
    """By which the inbox knows what is missing of a purchase."""
    return f"shortage:{reference}"


def money_is_settled(run: Run, reference: str) -> None:
    """Nobody has to say any more what became of the money of a cancelled purchase, in whatever words it was asked."""
    for item in run.ledger.items():
        if item.reason == "refund_due" and item.reference == reference:
            run.ledger.close_item(item.cause, run.now())


def cause_of_refund(reference: str) -> str:
    """By which the inbox knows the money that is to come back for a purchase."""
    return f"refund:{reference}"


def shortage_told(run: Run, item: InboxItem) -> None:
    """What a person says of it: settled with the supplier, or it will not come."""
    if item.answer in SETTLED:
        run.ledger.shortage_settled(item.reference, SETTLED[item.answer], run.now())


def _keys(purchase: StoredPurchase) -> dict[str, Any]:
    names = ("shop", "order_number", "reference", "account")
    return {name: getattr(purchase, name) for name in names}
