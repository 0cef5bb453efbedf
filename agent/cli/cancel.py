"""`agent cancel`: a person's word that a purchase is to be cancelled at its supplier. The next run does it, and proves it."""

from __future__ import annotations

import click

from agent.cli.begin import Start
from agent.cli.spoken import Command
from agent.cli.tell import say
from agent.clock import SystemClock
from agent.errors import ConfigError
from agent.ledger import Ledger, StoredPurchase
from agent.terms import WRITES, plain
from agent.words import _, later
from agent.work.cancelled import ASKS, FLOW, KIND, SAID, key_of


@click.command(cls=Command, help=later("Cancel a purchase at its supplier, if it was not sent yet. The next run does it."))
@click.argument("reference")
@click.pass_obj
def cancel(start: Start, reference: str) -> int:
    ledger = start.ledger()
    purchase = ledger.purchase(reference)
    if purchase is None:
        raise ConfigError(_("There is no purchase order {}").format(reference), todo=_("`agent orders` lists them."))
    _refuse_over(ledger, purchase)
    _refuse_never(start, purchase)
    now = SystemClock().now()
    with ledger.atomic():
        asked = [item for item in ledger.items() if item.reference == reference and item.reason in ASKS]
        for item in asked[:1]:
            ledger.answer(item.id, SAID, now)
        if not asked and not _is_said(ledger, reference):
            ledger.answer_purchase(purchase.shop, purchase.order_number, reference, SAID, now)
    say(
        _("Noted. The next run cancels supplier order {} if it is unwanted in the shop and not sent yet.").format(
            purchase.supplier_order_number
        )
    )
    return 0


def _is_said(ledger: Ledger, reference: str) -> bool:
    return any(item.answer == SAID and item.reference == reference for item in ledger.unapplied_answers())


def _refuse_over(ledger: Ledger, purchase: StoredPurchase) -> None:
    """Raise ConfigError where there is nothing to cancel, or it was sent to the supplier once and may not be sent again."""
    if purchase.state != "placed":
        raise ConfigError(
            _("Purchase order {} is not one that waits for its supplier: there is nothing to cancel").format(
                purchase.reference
            ),
            todo=_("`agent show {}` tells what became of it.").format(purchase.order_number),
        )
    write = ledger.write(KIND, key_of(purchase))
    if write is not None and write.state != "intended":
        raise ConfigError(
            _("{kind} of order {number} is already “{state}”").format(
                kind=plain(WRITES, KIND), number=purchase.supplier_order_number, state=plain(WRITES, write.state)
            ),
            todo=_("It is never sent a second time; cancel it at the supplier by hand."),
        )


def _refuse_never(start: Start, purchase: StoredPurchase) -> None:
    config = start.config()
    supplier = config.suppliers.get(purchase.supplier)
    if supplier is None or supplier.cancel == "never":
        raise ConfigError(
            _("Nothing is cancelled at {} by this program: `cancel: never`").format(purchase.supplier),
            todo=_("Write `cancel: ask` in config.yaml, or cancel it at the supplier by hand."),
        )
    if purchase.account not in config.accounts:
        what = _("There is no account “{}”; known are: {}").format(purchase.account, ", ".join(config.accounts))
        raise ConfigError(what, todo=_("Cancel it at the supplier by hand."))
    site = config.site_of(purchase.account)
    if FLOW not in site.flows:
        raise ConfigError(
            _("`{site}` has no flow `{flow}`").format(site=site.site, flow=FLOW),
            todo=_("Cancel it at the supplier by hand, or add the flow to the site file."),
        )
