"""What waits for a person, by reason: how many, for how much money, until when, and what to type. Asks the ledger, changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from agent.clock import told
from agent.ledger import InboxItem, Ledger, StoredOrder, StoredPurchase
from agent.models import SHANGHAI, Fen
from agent.words import _
from agent.work.reasons import PLACES, Answer, Reason, readable, reason_of

_OVER = ("shipped", "completed", "cancelled")  # states of a shop order of which nothing is to be shipped any more
MOST_IDS = 40  # named in one command; what is more waits until these are answered


@dataclass(frozen=True, slots=True)
class Stake:
    """What hangs on an answer: shop orders, the money of their purchases or of the buyers (in 分), the nearest ship-by time.

    That is the time of an order of which something has still to be shipped.
    """

    orders: tuple[StoredOrder, ...]
    money: Fen
    ship_by: datetime | None


@dataclass(frozen=True, slots=True)
class Group:
    """Items of one reason that go together. `answers` are (what to type, what comes of it), filled in."""

    reason: str
    title: str
    items: tuple[InboxItem, ...]
    stakes: tuple[Stake, ...]  # one an item
    whole: Stake
    answers: tuple[tuple[str, str], ...]


def grouped(ledger: Ledger) -> list[Group]:
    """Everything that waits, in groups, the nearest ship-by time first."""
    together: dict[tuple[str, ...], list[InboxItem]] = {}
    for item in ledger.items():
        key = (item.reason, *(str(getattr(item, word)) for word in reason_of(item.reason).by))
        together.setdefault(key, []).append(item)
    groups = [_group(ledger, items) for items in together.values()]
    return sorted(groups, key=lambda g: (g.whole.ship_by is None, g.whole.ship_by, g.items[0].id))


def _group(ledger: Ledger, items: Sequence[InboxItem]) -> Group:
    reason = reason_of(items[0].reason)
    by_item = {item: stake_of(ledger, item) for item in items}
    urgent = sorted(items, key=lambda item: (by_item[item].ship_by is None, by_item[item].ship_by, item.id))
    stakes = tuple(by_item[item] for item in urgent)
    return Group(
        reason=items[0].reason,
        title=_(reason.title),
        items=tuple(urgent),
        stakes=stakes,
        whole=_stake(ledger, urgent),
        answers=answers_to(reason, urgent),
    )


def stake_of(ledger: Ledger, item: InboxItem) -> Stake:
    """What hangs on one item: its orders, or those that wait for it and are still to be shipped."""
    return _stake(ledger, [item])


def _stake(ledger: Ledger, items: Sequence[InboxItem]) -> Stake:
    """What hangs on these items together, each order and each purchase counted once."""
    orders: dict[tuple[str, str], StoredOrder] = {}
    references: dict[tuple[str, str], set[str]] = {}
    for item in items:
        for order in _orders_of(ledger, item):
            key = (order.shop, order.order_number)
            orders[key] = order
            own = key == (item.shop, item.order_number)
            references.setdefault(key, set()).add(item.reference if own else "")
    times = [time for order in orders.values() if (time := to_ship_by(ledger, order))]
    filled_in = {item.reference: total for item in items if (total := total_of_form(item)) is not None}
    money = sum(_money(ledger, order, references[key], filled_in) for key, order in orders.items())
    return Stake(tuple(orders.values()), Fen(money), min(times, default=None))


def to_ship_by(ledger: Ledger, order: StoredOrder) -> datetime | None:
    """The ship-by time of an order while something of it has still to be shipped, as far as the ledger knows; else None.

    Its state alone does not tell: the shop lists only what is to be shipped, so what was shipped since may still read so.
    """
    if order.state in _OVER:
        return None
    wanted = {line.line_number for line in order.lines if line.after_sales != "refunded"}
    return order.ship_by if order.ship_by and wanted and _has_to_be_sent(ledger, order, wanted) else None


def _has_to_be_sent(ledger: Ledger, order: StoredOrder, wanted: Collection[str]) -> bool:
    """Whether a number of these lines is not in the shop yet. One that nobody bought of an order of ours may still be."""
    made = ledger.purchases_of_order(order.shop, order.order_number)
    if order.disposition == "not_ours" and all(purchase.state in ("done", "dead") for purchase in made):
        return False
    entered = {line.line_number for purchase in made if purchase.state == "done" for line in purchase.lines}
    mark = ledger.write("mark_shipped", f"{order.shop}:{order.order_number}")  # where a number alone does not ship it
    return not entered.issuperset(wanted) or (mark is not None and mark.state != "confirmed")


def _orders_of(ledger: Ledger, item: InboxItem) -> list[StoredOrder]:
    if item.order_number:
        return [order for key in ledger.orders_of(item) if (order := ledger.order(*key))]
    waiting = [ledger.order(*key) for key in ledger.waiting_orders(item.id)]
    return [order for order in waiting if order and order.state == "to_ship" and order.disposition == "ours"]


def total_of_form(item: InboxItem) -> Fen | None:
    """What the form showed that waits filled for a yes; None where nothing is filled yet."""
    return Fen(int(item.cause.rpartition(":")[2])) if item.cause.startswith("filled:") else None


def _money(ledger: Ledger, order: StoredOrder, references: Collection[str], filled_in: Mapping[str, Fen]) -> int:
    """What these purchases cost, or all of the order's where one is not named; as long as there are none, what the buyer paid."""
    named = [purchase for reference in references if (purchase := ledger.purchase(reference))]
    made = named if len(named) == len(references) else ledger.purchase_of(order.shop, order.order_number)
    if not made:
        return sum((line.price or 0) * line.quantity for line in order.lines)
    return sum(filled_in.get(purchase.reference) or _cost(purchase) for purchase in made)


def _cost(purchase: StoredPurchase) -> int:
    last = sum(line.product.cost * line.quantity for line in purchase.lines)
    return last if purchase.total is None else purchase.total


def answers_to(reason: Reason, items: Sequence[InboxItem]) -> tuple[tuple[str, str], ...]:
    """The answers of a reason, filled in for these items; those that are about an order only where all of them are."""
    about_orders = all(item.order_number for item in items)
    return tuple(
        (filled(answer.command, items, apart=reason.apart), _does(answer, items, reason.apart))
        for answer in reason.answers
        if about_orders or not answer.order
    )


def _does(answer: Answer, items: Sequence[InboxItem], apart: bool) -> str:
    """What comes of it, and of how many where the command does not name them all."""
    more = len(items) > MOST_IDS and "ID" in answer.command.split() and not apart
    return _("{does} (the first {count})").format(does=_(answer.does), count=MOST_IDS) if more else _(answer.does)


def filled(command: str, items: Sequence[InboxItem], *, apart: bool) -> str:
    """The command for these items. What differs between them stays a word: it is another one for each."""
    words = [_filled(word, items, apart) if word in PLACES else word for word in command.split(" ")]
    return readable(" ".join(words))


def _filled(word: str, items: Sequence[InboxItem], apart: bool) -> str:
    if word == "ID" and (not apart or len(items) == 1):
        return " ".join(str(item.id) for item in items[:MOST_IDS])
    told = {attrgetter(_ATTRIBUTES[word])(item) for item in items}
    return str(told.pop()) if len(told) == 1 and "" not in told else word


_ATTRIBUTES = {"ID": "id", "REFERENCE": "reference", "ORDER": "order_number", "ACCOUNT": "account"}


def left(time: timedelta) -> str:
    """How much time is left, in the coarsest unit that still says enough."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 0:
        return _("overdue")
    if minutes < 60:
        return _("{} min left").format(minutes)
    if minutes < 48 * 60:
        return _("{} h left").format(minutes // 60)
    return _("{} days left").format(minutes // (24 * 60))


def when(at: datetime, now: datetime) -> str:
    """A time as a person says it now: today and tomorrow by their names."""
    at, today = at.astimezone(SHANGHAI), now.astimezone(SHANGHAI).date()
    days = {today: _("today {}"), today + timedelta(days=1): _("tomorrow {}")}
    return days[at.date()].format(f"{at:%H:%M}") if at.date() in days else told(at)
