"""The note for the colleagues: flag and "已拍 …" on the shop order, keeping what stands there. Idempotent: read, compare, write, read."""

from __future__ import annotations

from agent.config import Shop
from agent.errors import Mismatch, Where
from agent.ledger import StoredPurchase
from agent.models import Flag, Order
from agent.terms import FLAGS, plain
from agent.words import _
from agent.work.read_orders import order_from_detail
from agent.work.rights import may_write_unattended
from agent.work.run import Run
from agent.work.values import note_values, order_values

LONGEST = 60  # 抖店 takes remarks of up to 60 characters (DOMAIN 1.5)


def note_purchase(run: Run, shop: Shop, purchase: StoredPurchase) -> None:
    """Write the note for a proven purchase and read it back. Raises Mismatch where the shop shows another note afterwards."""
    number = purchase.order_number
    before = read(run, shop, number)
    words = shop.note.words.replace("<supplier_order_number>", purchase.supplier_order_number)
    words = words.replace("<reference>", purchase.reference)
    flag, remark = shop.note.flag or before.flag, joined(before.remark, words)
    if (before.flag, before.remark) != (flag, remark):
        if not run.options.attended:
            may_write_unattended(run.config, shop.account, "write_note")
        run.desk(shop.account).commit("write_note", note_values(number, flag, remark), lambda _facts: None)
        _read_back(number, read(run, shop, number), flag, remark)
    run.ledger.noted(purchase.reference, run.now())
    run.tell(_("Note written: {}").format(words), shop=shop.name, order_number=number, account=shop.account)


def read(run: Run, shop: Shop, number: str) -> Order:
    """The order as its own page shows it, opened anew."""
    return order_from_detail(shop.name, run.desk(shop.account).play("read_order", order_values(number)))


def joined(before: str, words: str) -> str:
    """`words` added once behind what stands there; where both do not fit, what stands there is kept."""
    if words in before:
        return before
    both = f"{before} {words}".strip()
    return both if len(both) <= LONGEST else before


def _read_back(number: str, after: Order, flag: Flag, remark: str) -> None:
    if (after.flag, after.remark) != (flag, remark):
        raise Mismatch(
            _("The note in the shop reads “{shown}” ({shown_flag}), meant was “{meant}” ({meant_flag})").format(
                shown=after.remark, shown_flag=plain(FLAGS, after.flag), meant=remark, meant_flag=plain(FLAGS, flag)
            ),
            where=Where(order=number, flow="write_note"),
            reason="note",
        )
