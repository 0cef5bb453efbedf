"""The note for the colleagues: flag and "已拍 …" on the shop order, keeping what stands there, and a mark before anything is typed.

Idempotent: read, compare, write, read.
"""

from __future__ import annotations

from dataclasses import replace

from agent.config import Shop
from agent.errors import Mismatch, Where
from agent.ledger import StoredOrder, StoredPurchase
from agent.models import Flag, Order
from agent.terms import FLAGS, plain
from agent.words import _
from agent.work import watched
from agent.work.read_orders import order_from_detail
from agent.work.rights import may_write_unattended
from agent.work.run import Run
from agent.work.values import note_values, order_values

LONGEST = 60  # 抖店 takes remarks of up to 60 characters (DOMAIN 1.5)


def note_purchase(run: Run, shop: Shop, purchase: StoredPurchase) -> None:
    """Write the note for a proven purchase and read it back. Raises Mismatch where the shop shows another note afterwards."""
    number = purchase.order_number
    if not takes_notes(run, shop):
        run.ledger.noted(purchase.reference, run.now())
        return
    before = read(run, shop, number)
    words = note_words(shop, purchase)
    kept = without(before.remark, begun(run, shop, number))
    remark = joined(kept, words)
    _write(run, shop, before, shop.note.flag or before.flag, remark)
    with run.ledger.atomic():
        run.ledger.noted(purchase.reference, run.now())
        run.ledger.begin_note(shop.name, number, "")
    _tell(run, shop, number, _("Note written: {}") if words in remark else _full(), words)
    _settle_asked(run, shop, number)


def begin(run: Run, shop: Shop, order: Order) -> Order:
    """Put the mark of a beginning purchase on the order, for the colleagues; the order as it has to read from then on.

    It is in the ledger before it is in the shop: whatever happens then, it is known as ours. Raises Mismatch where a colleague
    has changed flag or remark since the order was read: that may say that it is not to be bought.
    """
    words = shop.note.begun if takes_notes(run, shop) else ""
    if not words or words in order.remark:
        return order
    remark = joined(order.remark, words)
    if remark == order.remark:
        _tell(run, shop, order.order_number, _full(), words)
        return order
    if not _reads_as(read(run, shop, order.order_number), order):
        raise _changed_meanwhile(order.order_number, reason="changed")
    run.ledger.begin_note(shop.name, order.order_number, words)
    _write(run, shop, order, order.flag, remark)
    return replace(order, remark=remark)


def take_back(run: Run, shop: Shop, order: StoredOrder) -> None:
    """Take the mark of a beginning purchase off again: nothing was sent, and the order rests."""
    before = read(run, shop, order.order_number)
    _write(run, shop, before, before.flag, without(before.remark, order.begun))
    run.ledger.begin_note(shop.name, order.order_number, "")
    _tell(run, shop, order.order_number, _("Taken off the remark again: {}"), order.begun)


def takes_notes(run: Run, shop: Shop) -> bool:
    """Whether the shop has a flag and a remark at all."""
    return "write_note" in run.config.site_of(shop.account).flows


def note_words(shop: Shop, purchase: StoredPurchase) -> str:
    """What the note says about a purchase."""
    words = shop.note.words.replace("<supplier_order_number>", purchase.supplier_order_number)
    return words.replace("<reference>", purchase.reference)


def own_notes(run: Run, shop: Shop, number: str) -> tuple[str, ...]:
    """The notes on an order that are known to be ours: what looks like one and is not in the ledger is a colleague's."""
    bought = [purchase for purchase in run.ledger.purchases_of_order(shop.name, number) if purchase.supplier_order_number]
    return tuple(filter(None, (begun(run, shop, number), *(note_words(shop, purchase) for purchase in bought))))


def begun(run: Run, shop: Shop, number: str) -> str:
    """The mark that we have put, or may have put, on the order."""
    known = run.ledger.order(shop.name, number)
    return known.begun if known else ""


def _full() -> str:
    return _("The shop's remark is full and stays as it is; not added: {}")


def _tell(run: Run, shop: Shop, number: str, what: str, words: str) -> None:
    run.tell(what.format(words), shop=shop.name, order_number=number, account=shop.account)


def _write(run: Run, shop: Shop, before: Order, flag: Flag, remark: str) -> None:
    """Write flag and remark unless they stand there, and read them back."""
    if (before.flag, before.remark) == (flag, remark):
        return
    number = before.order_number
    if not run.options.attended:
        may_write_unattended(run.config, run.ledger, shop.account, "write_note")
    values = note_values(number, flag, remark)
    if run.options.attended:
        read(run, shop, number)  # the flow goes on from the order's page
        watched.ask(run, shop.account, "write_note", values, _("Write this note?"))
        if not _reads_as(read(run, shop, number), before):
            raise _changed_meanwhile(number, reason="note")
    run.desk(shop.account).commit("write_note", values, lambda _facts: run.ledger.refuse_paused(shop.account))
    _read_back(number, read(run, shop, number), flag, remark)


def _reads_as(now: Order, before: Order) -> bool:
    return (now.flag, now.remark) == (before.flag, before.remark)


def _changed_meanwhile(number: str, *, reason: str) -> Mismatch:
    return Mismatch(
        _("The note in the shop changed meanwhile"),
        where=Where(order=number, flow="write_note"),
        todo=_("Look at the order in the shop, then `agent approve` the item."),
        reason=reason,
    )


def _settle_asked(run: Run, shop: Shop, number: str) -> None:
    """A note stands there as it was meant: what was asked because one did not is gone, unless the order rests for just that."""
    stored = run.ledger.order(shop.name, number)
    for item in run.ledger.items():
        asked = item.reason == "note" and (item.shop, item.order_number) == (shop.name, number)
        if asked and (stored is None or stored.parked != item.what):
            run.ledger.close_item(item.cause, run.now())
            words = _("Settled by itself ({why}): {what}").format(why=_("its cause is gone"), what=item.what)
            run.tell(words, shop=shop.name, order_number=number, account=shop.account)


def read(run: Run, shop: Shop, number: str) -> Order:
    """The order as its own page shows it, opened anew."""
    return order_from_detail(shop.name, run.desk(shop.account).play("read_order", order_values(number)))


def joined(before: str, words: str) -> str:
    """`words` added once behind what stands there; where both do not fit, what stands there is kept."""
    if words in before:
        return before
    both = f"{before} {words}".strip()
    return both if len(both) <= LONGEST else before


def without(remark: str, words: str) -> str:
    """The remark without `words` and one blank beside them; what colleagues wrote around them is kept."""
    for form in (f" {words}", f"{words} ", words):
        if words and form in remark:
            before, _found, after = remark.rpartition(form)
            return before + after
    return remark


def _read_back(number: str, after: Order, flag: Flag, remark: str) -> None:
    if (after.flag, after.remark) != (flag, remark):
        raise Mismatch(
            _("The note in the shop reads “{shown}” ({shown_flag}), meant was “{meant}” ({meant_flag})").format(
                shown=after.remark, shown_flag=plain(FLAGS, after.flag), meant=remark, meant_flag=plain(FLAGS, flag)
            ),
            where=Where(order=number, flow="write_note"),
            reason="note",
        )
