"""Reveal a receiver: once, only for what is about to be bought, within the day's quota."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from agent.clock import told
from agent.config import Shop
from agent.errors import AgentError, LimitReached, MachineFailed, Mismatch, Where
from agent.models import SHANGHAI, Order, Receiver
from agent.words import _
from agent.work.phones import parse_phone
from agent.work.read_orders import shown_address
from agent.work.regions import split_address, whole_receiver
from agent.work.review import Waiting
from agent.work.run import Run, raise_unless_passed
from agent.work.values import order_values


def known_receiver(run: Run, shop: Shop, order: Order) -> Receiver | Waiting:
    """The receiver of the order: the one kept, else revealed now; or that the order waits, the day's reveals being used up."""
    kept = run.ledger.receiver(order.shop, order.order_number)
    if shows_whole(run, shop):
        return _shown_whole(run, shop, order, kept)
    if kept is not None:
        return kept
    spent = run.ledger.reveals_on(shop.name, run.now().date())
    if spent >= shop.most_reveals_per_day:
        return _used_up(run, shop, order, _("{spent} of {most}").format(spent=spent, most=shop.most_reveals_per_day))
    if cause_of_reveals(shop.name) in run.held_up:  # the shop said so a moment ago: it is asked once a run
        return _used_up(run, shop, order, _("the shop says so"))
    run.ledger.refuse_paused(shop.account)
    reveal = run.ledger.reveal_begun(order.shop, order.order_number, run.now())
    try:
        receiver = _reveal(run, shop, order)
    except MachineFailed:
        raise
    except AgentError as error:
        run.ledger.reveal_ended(reveal, type(error).__name__)
        if isinstance(error, LimitReached):
            return _used_up(run, shop, order, error.what)
        raise
    with run.ledger.atomic():
        run.ledger.reveal_ended(reveal, "revealed")
        run.ledger.save_receiver(order.shop, order.order_number, receiver, run.now())
        run.ledger.close_item(cause_of_reveals(shop.name), run.now())
    run.tell(_("Receiver revealed"), shop=order.shop, order_number=order.order_number, account=shop.account)
    return receiver


def shows_whole(run: Run, shop: Shop) -> bool:
    """Whether the shop hides nothing of a receiver, so that there is nothing to reveal."""
    return "mask" in run.config.site_of(shop.account).lacks


def receiver_in(order: Order) -> Receiver:
    """The receiver that the page of a shop which hides nothing shows. Raises Mismatch where part of it is hidden all the same."""
    return whole_receiver(order.receiver.address, order.receiver.name, parse_phone(order.receiver.phone))


def refuse_other_receiver(run: Run, shop: Shop, order: Order) -> None:
    """Raise Mismatch where the shop shows another receiver than the one for whom something was sent to a supplier already."""
    kept = run.ledger.receiver(order.shop, order.order_number)
    sent = {each.write_state for each in run.ledger.purchases_of_order(order.shop, order.order_number)}
    if shows_whole(run, shop) and kept and sent - {"", "intended", "refused"} and receiver_in(order) != kept:
        error = Mismatch(
            _("The receiver changed in the shop after something was bought for the order"),
            where=Where(order=order.order_number, account=shop.account),
            todo=_("Tell the supplier, or settle it with the buyer; then `agent approve` the item."),
            reason="changed",
        )
        raise_unless_passed(run, order.shop, order.order_number, error)


def _shown_whole(run: Run, shop: Shop, order: Order, kept: Receiver | None) -> Receiver:
    receiver = receiver_in(order)
    if receiver != kept:
        run.ledger.save_receiver(order.shop, order.order_number, receiver, run.now())
    return receiver


def _used_up(run: Run, shop: Shop, order: Order, words: str) -> Waiting:
    """One inbox item for the shop, however many orders wait; none of them is parked, a later run goes on."""
    what = _("The day's reveals are used up ({words}); {count} orders wait until midnight").format(words=words, count="{count}")
    todo = _("More can be applied for in the shop's back office; else it goes on by itself after midnight.")
    run.hold_up(cause_of_reveals(shop.name), order, what, todo, reason="reveals", account=shop.account)
    return Waiting(_("no reveals left, goes on after {}").format(told(midnight_after(run.now()))))


def cause_of_reveals(shop: str) -> str:
    return f"reveals:{shop}"


def midnight_after(now: datetime) -> datetime:
    """When the shop and our own count begin anew: at the next midnight in Shanghai."""
    day = now.astimezone(SHANGHAI).date() + timedelta(days=1)
    return datetime.combine(day, time(), SHANGHAI)


def scarce(run: Run, shop: Shop, orders: int) -> bool:
    """Whether so many orders may need more reveals than the day has left: then the most urgent must come first."""
    left = shop.most_reveals_per_day - run.ledger.reveals_on(shop.name, run.now().date())
    return left < orders or any(item.cause == cause_of_reveals(shop.name) for item in run.ledger.items())


def _reveal(run: Run, shop: Shop, order: Order) -> Receiver:
    reading = run.desk(shop.account).play("reveal_receiver", order_values(order.order_number))
    if reading.values["order_number"] != order.order_number:
        raise Mismatch(_("The shop revealed another order than the one asked for"), where=Where(order=order.order_number))
    name, phone = (str(reading.raw[word]) for word in ("receiver_name", "phone"))
    return split_address(order.receiver.address, shown_address(reading), name, parse_phone(phone))
