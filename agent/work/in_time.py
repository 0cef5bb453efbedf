"""What was read in the shop is believed for a click that comes soon after it, and no later; what came too late is begun anew."""

from __future__ import annotations

from datetime import datetime, timedelta

from agent.errors import Mismatch, SiteUnavailable, Where
from agent.models import PurchaseOrder
from agent.words import _
from agent.work.run import Run, cause_of

FRESH = timedelta(seconds=60)  # so long what was read in the shop is believed for a click
STALE = "stale"  # the reason for which a person is asked


def still_fresh(run: Run, until: datetime) -> None:
    """Raise Mismatch where the shop order was read too long ago for a click."""
    if run.now() > until:
        raise Mismatch(
            _("More than 60 seconds passed since the order was read in the shop; nothing was sent"),
            todo=_(
                "Nothing to do if this machine was asleep or busy: the next run tries it again, and this closes by itself once it "
                "has gone through. If it comes again and again, lower the first number of `pause` in the line `manners:` of shop "
                "and supplier: in their site files, or below their accounts in config.yaml where that line stands there."
            ),
            reason="stale",
        )


def came_too_late(run: Run, purchase: PurchaseOrder, error: Mismatch) -> SiteUnavailable:
    """Ask about a purchase that was not sent; what is returned, to be raised, leaves its order to the next run."""
    what, _second, todo = error.at(order=purchase.order_number).lines()
    run.ledger.ask(
        "Mismatch",
        cause_of(purchase.shop, purchase.order_number, error),
        what=what,
        todo=todo,
        reason="stale",
        shop=purchase.shop,
        order_number=purchase.order_number,
        reference=purchase.reference,
        account=purchase.account,
        evidence=error.where.evidence,
        at=run.now(),
    )
    return SiteUnavailable(error.what, where=Where(order=purchase.order_number, evidence=error.where.evidence))


def was_in_time(run: Run, purchase: PurchaseOrder) -> None:
    """It was placed: nobody has to see to it that it came too late before."""
    for item in run.ledger.items():
        if item.reason == STALE and item.reference == purchase.reference:
            run.ledger.close_item(item.cause, run.now())
