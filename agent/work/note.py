"""The note for the colleagues: flag and "已拍 …" on the shop order, keeping what stands there. Idempotent: read, compare, write, read."""

from __future__ import annotations

from agent.config import Shop
from agent.errors import Mismatch, Where
from agent.models import Flag, Order
from agent.words import _
from agent.work.read_orders import order_from_detail
from agent.work.rights import may_write_unattended
from agent.work.run import Run
from agent.work.values import note_values, order_values

LONGEST = 60  # 抖店 takes remarks of up to 60 characters (DOMAIN 1.5)


def note_purchase(run: Run, shop: Shop, order: Order, reference: str) -> None:
    """Write the note for a proven purchase and read it back. Raises Mismatch where the shop shows another note afterwards."""
    stored = run.ledger.purchase(reference)
    if stored is None or not stored.supplier_order_number:
        return
    desk = run.desk(shop.account)
    before = order_from_detail(shop.name, desk.play("read_order", order_values(order.order_number)))
    words = shop.note.words.replace("<supplier_order_number>", stored.supplier_order_number).replace("<reference>", reference)
    flag, remark = shop.note.flag or before.flag, joined(before.remark, words)
    if (before.flag, before.remark) == (flag, remark):
        return
    if not run.options.attended:
        may_write_unattended(run.config, shop.account, "write_note")
    desk.commit("write_note", note_values(order.order_number, flag, remark), lambda _facts: None)
    after = order_from_detail(shop.name, desk.play("read_order", order_values(order.order_number), new_page=True))
    _read_back(order, after, flag, remark)
    run.tell(_("Note written: {}").format(words), shop=order.shop, order_number=order.order_number, account=shop.account)


def joined(before: str, words: str) -> str:
    """`words` added once behind what stands there; where both do not fit, what stands there is kept."""
    if words in before:
        return before
    both = f"{before} {words}".strip()
    return both if len(both) <= LONGEST else before


def _read_back(order: Order, after: Order, flag: Flag, remark: str) -> None:
    if (after.flag, after.remark) != (flag, remark):
        raise Mismatch(
            _("The note in the shop reads “{shown}” ({shown_flag}), meant was “{meant}” ({meant_flag})").format(
                shown=after.remark, shown_flag=after.flag, meant=remark, meant_flag=flag
            ),
            where=Where(order=order.order_number, flow="write_note"),
        )
