"""An order that is left alone from here on: nothing planned for it stays, and nothing is parked."""

from __future__ import annotations

from agent.ledger import StoredOrder
from agent.work.run import Run


def leave(run: Run, order: StoredOrder, why: str) -> None:
    """Not ours any more; what was planned for it and never sent is given up."""
    for purchase in run.ledger.purchase_of(order.shop, order.order_number):
        if purchase.state == "planned" and run.ledger.clicks(purchase.reference) == 0:
            run.ledger.bury(purchase.reference, run.now())
    run.ledger.dispose(order.shop, order.order_number, "not_ours", why)
    run.ledger.release(order.shop, order.order_number)
