"""Reveal a receiver: only for what is about to be bought, within the day's quota; once, and anew where it may have changed."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, time, timedelta

from agent.clock import told
from agent.config import Shop
from agent.errors import AgentError, LimitReached, MachineFailed, Mismatch, Where
from agent.ledger import StoredPurchase
from agent.models import SHANGHAI, MaskedReceiver, Order, Receiver
from agent.words import _
from agent.work.phones import STARS, parse_phone
from agent.work.read_orders import shown_address
from agent.work.receiver_shown import may_be_shown
from agent.work.regions import split_address, whole_receiver
from agent.work.review import Waiting
from agent.work.run import Run, raise_unless_passed
from agent.work.texts import blank_free
from agent.work.values import order_values

_STARRED = re.compile(f"[{re.escape(STARS)}]+")
_CODE = re.compile(rf"[\[【][0-9{re.escape(STARS)}]+[\]】]$")  # 张*[7576], as the virtual number has it today
UNSENT = ("", "intended", "refused")
OPEN = ("committing", "unknown", "held")


def known_receiver(run: Run, shop: Shop, order: Order) -> Receiver | Waiting:
    """The receiver of the order: the one kept that the page may still be showing, else revealed now.

    Or that the order waits, the day's reveals being used up.
    """
    if shows_whole(run, shop):
        return _shown_whole(run, order)
    if kept := still_kept(run, order):
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


def still_kept(run: Run, order: Order) -> Receiver | None:
    """The receiver kept of an order whose page is masked; one that the page cannot be showing any more is forgotten."""
    kept = run.ledger.receiver(order.shop, order.order_number)
    if kept is None or may_be_shown(order.receiver, kept):
        return kept
    _forget(run, order)
    return None


def forget_asked(run: Run, shop: Shop, order: Order) -> None:
    """Forget the receiver kept where another address is or was asked for: stars hide what came of it.

    To be called while the ledger still says what was asked for before this reading. One to whom all was sent is kept.
    """
    before = run.ledger.order(order.shop, order.order_number)
    asked = any(each.address_change != "none" for each in (before, order) if each)
    if asked and not shows_whole(run, shop) and _is_needed_again(run, order):
        _forget(run, order)


def refuse_other_receiver(run: Run, shop: Shop, order: Order) -> None:
    """Raise Mismatch where the shop shows another receiver than the one for whom something was sent to a supplier already.

    Where nothing was, one that a masked page cannot be showing is forgotten.
    """
    kept, sent = run.ledger.receiver(order.shop, order.order_number), _sent(run, order)
    if not sent and not shows_whole(run, shop):
        still_kept(run, order)
    elif sent and kept is not None and _shows_other(run, shop, order, kept):
        error = Mismatch(
            _("The receiver changed in the shop after something was bought for the order (as shown now: {mark})").format(
                mark=_mark(order.receiver, whole=shows_whole(run, shop))
            ),
            where=Where(order=order.order_number, account=shop.account),
            todo=_("Tell the supplier, or settle it with the buyer; then `agent approve` the item."),
            reason="changed",
        )
        raise_unless_passed(run, order.shop, order.order_number, error)


def _shows_other(run: Run, shop: Shop, order: Order, kept: Receiver) -> bool:
    return receiver_in(order) != kept if shows_whole(run, shop) else not may_be_shown(order.receiver, kept)


def _mark(shown: MaskedReceiver, *, whole: bool) -> str:
    """A short mark of the receiver as the page shows it: a yes to this one is none to another.

    Behind a mask the count of stars says nothing, nor does the phone: a virtual one is another each time.
    """
    parts = (shown.name, shown.phone, shown.address) if whole else (_bare(shown.name), _bare(shown.address))
    return hashlib.sha256("\n".join(blank_free(part) for part in parts).encode()).hexdigest()[:6]


def _bare(masked: str) -> str:
    return _STARRED.sub("*", _CODE.sub("", blank_free(masked)))


def _sent(run: Run, order: Order) -> list[StoredPurchase]:
    """What was sent to a supplier for the order, or may have been, and was not given up since."""
    made = run.ledger.purchase_of(order.shop, order.order_number)
    return [purchase for purchase in made if purchase.state != "planned" or purchase.write_state not in UNSENT]


def _is_needed_again(run: Run, order: Order) -> bool:
    """Whether some of the order is still to be bought, and no click of it is open: its proof needs to whom it was sent."""
    sent = _sent(run, order)
    bought = {line.line_number for purchase in sent for line in purchase.lines}
    is_open = any(purchase.write_state in OPEN for purchase in sent)
    rest = [line for line in order.lines if line.line_number not in bought and line.after_sales != "refunded"]
    return bool(rest) and not is_open


def _forget(run: Run, order: Order) -> None:
    if run.ledger.forget(order.shop, order.order_number):
        run.tell(
            _("The receiver may have changed in the shop; the one revealed before is used no more"),
            shop=order.shop,
            order_number=order.order_number,
        )


def _shown_whole(run: Run, order: Order) -> Receiver:
    receiver = receiver_in(order)
    if receiver != run.ledger.receiver(order.shop, order.order_number):
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
