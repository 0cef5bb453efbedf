"""Inbox items whose cause is gone close themselves, by rule, and the story tells it. What nobody knows never closes by itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from agent.errors import AgentError, MachineFailed
from agent.ledger import InboxItem, StoredOrder, StoredPurchase
from agent.models import Fen, PurchaseOrder
from agent.words import _
from agent.work import account_statement, books, note
from agent.work.away import cause_of_away
from agent.work.credit import has_room, is_gone
from agent.work.limits import HOUR, day_is_full
from agent.work.rights import may_write_unattended, written_unattended
from agent.work.run import Run, all_followed
from agent.work.to_pay import asked_no_more
from agent.work.used import cause_of_hour, cause_of_limit, hour_is_full, limits_of, used_today
from agent.work.worth import is_another_limit

# How a write ended is not known, what stands there is not what was meant, or money is out: only proof or a person settles it.
NEVER = frozenset(
    {
        *("OutcomeUnknown", "ship_unknown", "cancel_unknown", "pay_unknown", "pay_held", "pay_by_code"),
        *("held", "answer_differs", "refund_due", "shortage", "unwanted", "unwanted_by_hand", "intercept"),
    }
)
OF_A_PARCEL = frozenset({"tracking", "foreign_number", "changed", "PageChanged", "PersonNeeded"})
OF_BUYING = frozenset({"changed", "PageChanged", "PersonNeeded"})  # those of them that are asked before a purchase, too
# What is asked anew in every run that follows the order, as long as it is so (work/follow.py).
ASKED_ANEW = frozenset({"parcels", "ship_now", "late", "number_changed"})

PRICED = frozenset(
    {"ceiling", "price", "freight", "margin"}
)  # a stop at what the supplier asks, which may ask for less tomorrow


def close_gone(run: Run) -> None:
    """At the end of a run: look at every open item once more."""
    _read_unlisted(run)
    for item in run.ledger.items():
        why = _why_gone(run, item)
        if why:
            settle_by_itself(run, item, why)


def let_the_day_go_on(run: Run) -> None:
    """A new day has new limits, and a new hour: an order that stopped at a limit of before goes on by itself.

    What stopped at a supplier's credit is looked at anew in each run: it waits there before it is begun. What stopped at a
    price, a freight or a margin is filled anew once a day, or when its limit was changed.
    """
    for item in run.ledger.items():
        if item.order_number and (why := _why_limit_is_past(run, item)):
            run.ledger.release(item.shop, item.order_number)
            settle_by_itself(run, item, why)
        elif item.reason in PRICED and of_a_day_before(_last_told(run, item), run.now()):
            run.ledger.release(item.shop, item.order_number)


def _last_told(run: Run, item: InboxItem) -> datetime:
    """When its order last stopped for this."""
    told = [event.at for event in run.ledger.story(item.shop, item.order_number) if event.what == item.what]
    return max(told, default=item.opened_at)


def price_is_right(run: Run, purchase: PurchaseOrder) -> None:
    """The form of a purchase was filled, and no limit is in its way: what was asked about its price is settled."""
    for item in run.ledger.items():
        if item.reason in PRICED and item.reference == purchase.reference:
            settle_by_itself(run, item, _("what it costs is within your limits now"))


def _why_limit_is_past(run: Run, item: InboxItem) -> str:
    now = run.now()
    if item.reason in ("freight", "margin"):
        return _("the limit was changed") if is_another_limit(run.config, run.ledger, item) else ""
    if item.reason in ("credit_limit", "overdue"):
        return _("looked at anew")
    if item.reason == "day_limit" and of_a_day_before(item.opened_at, now):
        return _("a new day has begun")
    return _("the limit has room again") if item.reason == "hour_limit" and now - item.opened_at >= HOUR else ""


def parcels_went_on(run: Run, orders: Collection[tuple[str, str]], asked: Collection[str]) -> None:
    """The parcels of these orders were followed: what was in the way before and is not now is gone; `asked` are the causes of now."""
    for item in run.ledger.items():
        key = (item.shop, item.order_number)
        if key not in orders:
            continue
        if item.reason in ASKED_ANEW and item.cause not in asked:
            settle_by_itself(run, item, _("its cause is gone"))
        elif item.reason in OF_A_PARCEL and key not in run.stopped and all_followed(run, *key) and not _parks(run, item):
            settle_by_itself(run, item, _("it went past that step"))


def _parks(run: Run, item: InboxItem) -> bool:
    """Whether it was asked as something was to be bought, and keeps that from being bought; what is in a parcel's way parks nothing."""
    order = run.ledger.order(item.shop, item.order_number)
    return item.reason in OF_BUYING and order is not None and bool(order.parked)


def settle_by_itself(run: Run, item: InboxItem, why: str) -> None:
    """Close an item whose cause is gone, and tell it."""
    with run.ledger.atomic():
        run.ledger.close_item(item.cause, run.now())
        run.tell(
            _("Settled by itself ({why}): {what}").format(why=why, what=item.what),
            shop=item.shop,
            order_number=item.order_number,
            reference=item.reference,
            account=item.account,
        )


def _why_gone(run: Run, item: InboxItem) -> str:
    if item.reason == "OutcomeUnknown" and item.reference:
        purchase = run.ledger.purchase(item.reference)
        return _("it is proven by now that the supplier refused it") if purchase and purchase.write_state == "refused" else ""
    # Only the next comparison, or the statement, can tell (work/reconcile.py, work/account_statement.py).
    if item.reason in NEVER or item.kind in (books.KIND, account_statement.KIND):
        return ""
    if why := asked_no_more(run.config, run.ledger, item):
        return why
    if item.order_number:
        order = run.ledger.order(item.shop, item.order_number)
        if order is None:
            return _not_listed(run, item)
        if item.reason in PRICED and _asked_anew(run, item):
            return _("it is asked anew, with what it costs now")
        return why_order_is_gone(item.reason, order, run.ledger.purchases_of_order(item.shop, item.order_number))
    if item.reason == "reveals":
        return why_reveals_are_back(item.opened_at, run.now(), _still_waiting(run, item)) if not _held_up(run, item) else ""
    if item.reason == "day_limit":
        return "" if _held_up(run, item) else _why_day_has_room(run, item)
    if item.reason == "hour_limit":
        return "" if _held_up(run, item) else _why_hour_has_room(run, item)
    if item.reason == "credit_limit":
        return "" if _held_up(run, item) or not has_room(run.config, run.ledger, item) else _("the limit has room again")
    if item.reason in ("payable_due", "overdue"):
        return _("nothing is owed there any more") if is_gone(run.ledger, item, run.now()) else ""
    return _why_account_is_well(run, item)


def why_order_is_gone(reason: str, order: StoredOrder, purchases: Sequence[StoredPurchase]) -> str:
    """Why nobody has to decide about this order any more, or "". Pure; `purchases` are all ever made for it."""
    if reason in NEVER or any(purchase.write_state in ("committing", "unknown", "held") for purchase in purchases):
        return ""
    ended = order.state in ("shipped", "completed")
    if any(purchase.state in ("placed", "shipped", "done") for purchase in purchases):
        if reason in ("late", "ship_now") and order.state == "cancelled":
            return _("the buyer cancelled")
        return _("the numbers are in the shop") if reason in ("parcels", "late", "ship_now") and ended else ""
    if ended:
        return _("shipped in the shop by hand")
    if order.state == "cancelled":
        return _("the buyer cancelled")
    return _("the order was left to a person") if order.disposition == "not_ours" else ""


def why_reveals_are_back(opened_at: datetime, now: datetime, waiting: Collection[object]) -> str:
    """Why nobody has to apply for more reveals any more, or "". Pure."""
    if not waiting:
        return _("no order waits for one")
    return _("a new day has begun") if of_a_day_before(opened_at, now) else ""


def of_a_day_before(at: datetime, now: datetime) -> bool:
    """Whether midnight in Shanghai lies between them."""
    return at.astimezone(now.tzinfo).date() < now.date()


def _held_up(run: Run, item: InboxItem) -> bool:
    """Whether it was in the way in this very run."""
    return item.cause in run.held_up


def _still_waiting(run: Run, item: InboxItem) -> list[StoredOrder]:
    orders = [run.ledger.order(*key) for key in run.ledger.waiting_orders(item.id)]
    return [
        order
        for order in orders
        if order
        and (order.state, order.disposition) == ("to_ship", "ours")
        and run.ledger.receiver(order.shop, order.order_number) is None
    ]


def _asked_anew(run: Run, item: InboxItem) -> bool:
    """Whether a newer question of this kind is about the same order: it stops at one thing at a time."""
    key = (item.shop, item.order_number)
    return any(
        other.id > item.id and other.reason in PRICED and (other.shop, other.order_number) == key
        for other in run.ledger.items()
    )


def _not_listed(run: Run, item: InboxItem) -> str:
    """An order that could never be read, and that the shop's list does not show any more."""
    read = any(shop == item.shop for shop, _number in run.listed)
    return _("the shop does not list it any more") if read and (item.shop, item.order_number) not in run.listed else ""


def _why_day_has_room(run: Run, item: InboxItem) -> str:
    for supplier in run.config.suppliers.values():
        if item.cause == cause_of_limit(supplier.name):
            full = day_is_full(Fen(0), limits_of(run.config, supplier), used_today(run.ledger, supplier.name, run.now()))
            return "" if full else _("the limit has room again")
    return _("there is no such supplier any more")


def _why_hour_has_room(run: Run, item: InboxItem) -> str:
    for supplier in run.config.suppliers.values():
        beginning = cause_of_hour(supplier.name, "")
        if item.cause.startswith(beginning) and hour_is_full(run, supplier, item.cause.removeprefix(beginning)):
            return ""
    return _("the limit has room again")


def _why_account_is_well(run: Run, item: InboxItem) -> str:
    """The account was signed in and nothing was in its way in this run: what kept it closed before is gone, whatever it was."""
    name = item.account
    if item.cause not in (f"account:{name}", cause_of_away(name)):
        return ""
    if name not in run.config.accounts:
        return _("config.yaml does not have this account any more")
    if name not in run.desks:
        return ""
    if item.reason == "away":
        return "" if name in run.ledger.away() else _("it answers again")
    if name in run.closed_accounts:
        return ""
    if item.reason == "no_control":
        return (
            _("an order is known there by now") if run.ledger.known_order(name) or run.config.accounts[name].known_order else ""
        )
    if item.reason == "unwatched":
        return _("somebody has watched it") if _may_write(run, name) else ""
    return _("signed in again")


def _may_write(run: Run, account: str) -> bool:
    try:
        for flow in written_unattended(run.config, account):
            may_write_unattended(run.config, run.ledger, account, flow)
    except MachineFailed:
        raise
    except AgentError:
        return False
    return True


def _read_unlisted(run: Run) -> None:
    """Parked orders that the shop's list does not show any more: their own pages say what became of them."""
    for key in dict.fromkeys((item.shop, item.order_number) for item in run.ledger.items() if item.order_number):
        order = run.ledger.order(*key)
        shop = run.config.shops.get(key[0])
        read = any(name == key[0] for name, _number in run.listed)
        if not (order and shop and read) or key in run.listed or order.state != "to_ship" or not run.wants(order.order_number):
            continue
        if shop.account in run.closed_accounts:
            continue
        try:
            run.ledger.save_order(note.read(run, shop, order.order_number), run.now(), detail=True)
        except MachineFailed:
            raise
        except AgentError as error:
            run.tell(error.lines()[0], shop=shop.name, order_number=order.order_number, account=shop.account)
