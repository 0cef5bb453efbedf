"""Reveal a receiver: once, only for what is about to be bought, within the day's quota."""

from __future__ import annotations

from agent.config import Shop
from agent.errors import AgentError, LimitReached, Mismatch, SiteUnavailable, Where
from agent.models import Order, Receiver
from agent.words import _
from agent.work.phones import parse_phone
from agent.work.regions import split_address
from agent.work.run import Run
from agent.work.values import order_values


def known_receiver(run: Run, shop: Shop, order: Order) -> Receiver:
    """The receiver of the order: the one kept, else revealed now. Raises SiteUnavailable when the day's are used up."""
    kept = run.ledger.receiver(order.shop, order.order_number)
    if kept is not None:
        return kept
    spent = run.ledger.reveals_on(shop.name, run.now().date())
    if spent >= shop.most_reveals_per_day:
        raise _used_up(run, shop, order, _("{spent} of {most}").format(spent=spent, most=shop.most_reveals_per_day))
    reveal = run.ledger.reveal_begun(order.shop, order.order_number, run.now())
    try:
        receiver = _reveal(run, shop, order)
    except AgentError as error:
        run.ledger.reveal_ended(reveal, type(error).__name__)
        if isinstance(error, LimitReached):
            raise _used_up(run, shop, order, error.what) from error
        raise
    with run.ledger.atomic():
        run.ledger.reveal_ended(reveal, "revealed")
        run.ledger.save_receiver(order.shop, order.order_number, receiver, run.now())
        run.ledger.close_item(_cause(shop), run.now())
    run.tell(_("Receiver revealed"), shop=order.shop, order_number=order.order_number, account=shop.account)
    return receiver


def _used_up(run: Run, shop: Shop, order: Order, words: str) -> AgentError:
    """One inbox item for the shop, however many orders wait; the order itself is not parked, a later run goes on."""
    what = _("The day's reveals are used up: {}").format(words)
    todo = _("It goes on by itself after midnight; more can be applied for in the shop.")
    run.ledger.ask(
        "LimitReached",
        _cause(shop),
        what=what,
        todo=todo,
        reason="reveals",
        shop=shop.name,
        account=shop.account,
        at=run.now(),
    )
    return SiteUnavailable(what, where=Where(order=order.order_number), todo=todo)


def _cause(shop: Shop) -> str:
    return f"reveals:{shop.name}"


def _reveal(run: Run, shop: Shop, order: Order) -> Receiver:
    reading = run.desk(shop.account).play("reveal_receiver", order_values(order.order_number))
    if reading.values["order_number"] != order.order_number:
        raise Mismatch(_("The shop revealed another order than the one asked for"), where=Where(order=order.order_number))
    name, phone, address = (str(reading.raw[word]) for word in ("receiver_name", "phone", "address"))
    return split_address(order.receiver.address, address, name, parse_phone(phone))
