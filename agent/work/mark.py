"""Mark an order as shipped, where a number entered in the shop does not do so: a click of its own, once, and read back.

It follows the last parcel of an order: all that was bought for it stands in the shop with its number.
"""

from __future__ import annotations

from agent.config import Shop
from agent.errors import Mismatch, OutcomeUnknown, SiteUnavailable, Where
from agent.ledger import Attempt, StoredOrder
from agent.models import CommitFacts, CommitOutcome, WriteState
from agent.terms import SUPPLIER_STATES, WRITES, plain
from agent.words import _
from agent.work import note, watched
from agent.work.drift import look_before
from agent.work.prove import click, counts_before, state_of_zero
from agent.work.rights import may_write_unattended
from agent.work.run import Run, order_failures
from agent.work.values import order_values

FLOW = KIND = "mark_shipped"
MARKED = ("shipped", "completed")


def mark_all(run: Run, shop: Shop) -> None:
    """Mark every order of the shop whose numbers all stand there, and which the shop still shows as waiting."""
    if FLOW not in run.config.site_of(shop.account).flows:
        return
    for order in run.ledger.orders("ours"):
        if shop.account in run.closed_accounts:
            return
        if order.shop == shop.name and run.wants(order.order_number) and _waits(run, order):
            with order_failures(run, order, stays=lambda _error: False):
                _mark(run, shop, order)


def _waits(run: Run, order: StoredOrder) -> bool:
    made = [each for each in run.ledger.purchase_of(order.shop, order.order_number) if each.state != "dead"]
    bought = {line.line_number for each in made for line in each.lines}
    whole = all(line.line_number in bought or line.after_sales == "refunded" for line in order.lines)
    write = run.ledger.write(KIND, _key(order))
    marked = write is not None and write.state != "intended"
    waits = order.state in ("to_ship", "partly_shipped") and not marked
    return waits and whole and bool(made) and all(each.state == "done" for each in made)


def _key(order: StoredOrder) -> str:
    return f"{order.shop}:{order.order_number}"


def _mark(run: Run, shop: Shop, order: StoredOrder, *, agreed: bool = False) -> None:
    """Mark one order, unless it is marked by now. Raises unless confirmed."""
    made = run.ledger.purchase_of(order.shop, order.order_number)
    facts = {"shop": shop.name, "order_number": order.order_number, "reference": made[-1].reference, "account": shop.account}
    if shown_state(run, shop, order.order_number) in MARKED:
        run.ledger.found_done(KIND, _key(order), at=run.now(), **facts)
        _marked(run, shop, order.order_number)
        return
    if not run.options.attended:
        may_write_unattended(run.config, run.ledger, shop.account, FLOW)
    look_before(run, shop.account, FLOW, order_values(order.order_number))
    if run.options.attended and not agreed:
        watched.ask(run, shop.account, FLOW, order_values(order.order_number), _("Mark this order as shipped?"))
        _mark(run, shop, order, agreed=True)
        return
    write = run.ledger.intend(KIND, _key(order), at=run.now(), **facts)
    attempt = run.ledger.begin_attempt([write], account=shop.account, flow=FLOW, baseline=[], meant={}, at=run.now())
    outcome = click(
        run,
        attempt,
        lambda record: run.desk(shop.account).commit(FLOW, order_values(order.order_number), record),
        lambda facts: _as_meant(order.order_number, facts),
    )
    settle_mark(run, shop, run.ledger.attempt(attempt), outcome)


def _as_meant(order_number: str, facts: CommitFacts) -> None:
    shown = facts.shown.get("order_number", "")
    if shown != order_number:
        raise Mismatch(
            _("The shop opened order {shown} instead of {meant}").format(shown=shown, meant=order_number),
            where=Where(order=order_number, flow=FLOW),
        )


def shown_state(run: Run, shop: Shop, order_number: str) -> str:
    """How far the shop's own page, opened anew, says that the order came."""
    reading = run.desk(shop.account).play("read_shipment", order_values(order_number))
    if reading.values["order_number"] != order_number:
        raise Mismatch(_("The shop opened another order than the one asked for"), where=Where(order=order_number))
    return str(reading.values["state"])


def settle_mark(run: Run, shop: Shop, attempt: Attempt, outcome: CommitOutcome | None) -> None:
    """Settle an attempt by what the shop's own page shows. Raises unless confirmed."""
    shown = shown_state(run, shop, attempt.order_number)
    waits = shown in ("to_ship", "partly_shipped")
    proven: WriteState | None = "confirmed" if shown in MARKED else None if waits else "held"
    state = proven or state_of_zero(attempt, outcome, counts_before(run, shop.account))
    run.ledger.settle(
        attempt.id,
        state,
        words=outcome.words if outcome else attempt.words,
        requests=outcome.requests if outcome else attempt.told_requests,
        pictures=outcome.pictures if outcome else attempt.pictures,
        at=run.now(),
        zero=proven is None,
    )
    if state == "confirmed":
        _marked(run, shop, attempt.order_number)
        return
    where = Where(account=shop.account, order=attempt.order_number, flow=FLOW)
    if state == "intended":
        raise SiteUnavailable(_("The click sent nothing; the order was not marked as shipped"), where=where)
    if state == "unknown":
        raise OutcomeUnknown(_("Nobody knows whether the shop marked the order as shipped"), where=where, reason="ship_unknown")
    raise Mismatch(
        _("The order was not marked as shipped ({state}); its state in the shop: {shown}").format(
            state=plain(WRITES, state), shown=plain(SUPPLIER_STATES, shown)
        ),
        where=where,
        reason="tracking",
    )


def _marked(run: Run, shop: Shop, order_number: str) -> None:
    run.ledger.save_order(note.read(run, shop, order_number), run.now(), detail=True)
    run.tell(_("Marked as shipped in the shop and read back"), shop=shop.name, order_number=order_number, account=shop.account)
