"""A ledger that was put back from a backup knows less than the truth.

Until a person lets it go on, a run only reads, settles what is open, and takes over what stands at the suppliers under our
references; nothing is bought, noted or entered (the journal refuses each click by itself).
"""

from __future__ import annotations

from agent.clock import told
from agent.ledger import InboxItem
from agent.models import Order, PurchaseOrder
from agent.words import _
from agent.work.look import list_supplier, with_references
from agent.work.review import Waiting
from agent.work.run import Run

RESTORED = "restored"


def is_restored(run: Run) -> bool:
    return run.ledger.mark("restored_from") is not None


def waits_for_a_yes() -> Waiting:
    return Waiting(_("waits: the ledger was put back from a backup"))


def stands(run: Run, order: Order, purchase: PurchaseOrder) -> bool:
    """Whether the supplier's list shows our reference: it was bought after the backup was made."""
    listed = with_references(run, purchase.account, list_supplier(run, purchase.account), order.ordered_at)
    return any(row.reference == purchase.reference for row in listed)


def ask_to_go_on(run: Run) -> None:
    """After a run that went through all orders: what was found, what could not be looked at, and whether it may go on."""
    restored_at = run.ledger.time_mark("restored_at")
    if restored_at is None or run.options.order or "place" not in run.options.parts:
        return
    found = len(run.ledger.placed_between(restored_at, run.now()))
    what = _(
        "The ledger was put back from {file} on {time}; {count} purchases made since that backup were found at the suppliers"
    ).format(file=run.ledger.mark("restored_from"), time=told(restored_at), count=found)
    if closed := ", ".join(run.closed_accounts):
        what = _("{what}. Not looked at: {accounts}").format(what=what, accounts=closed)
    todo = _("Compare `agent orders` with the suppliers' order lists. Nothing is bought, noted or entered before your yes.")
    run.ledger.ask(RESTORED, RESTORED, what=what, todo=todo, at=run.now())


def let_go_on(run: Run, item: InboxItem) -> None:
    """A person's answer: with a yes to what stands there since this ledger was put back, it may commit again."""
    restored_at = run.ledger.time_mark("restored_at")
    if restored_at is None or item.answer != "approve" or item.opened_at < restored_at:
        return
    with run.ledger.atomic():
        run.ledger.drop_mark("restored_at")
        run.ledger.drop_mark("restored_from")
        run.tell(_("A person let it go on with the ledger put back from a backup"))
