"""What is left of an order that is not bought whole any more: a person buys it by hand, and the program never does after that.

One of its products was refunded, or somebody else has sent a part of it. The order rests from the moment that a person is told:
two who buy the same rest would be one too many.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from agent.config import Shop
from agent.ledger import StoredOrder, StoredPurchase
from agent.models import OrderLine
from agent.words import _
from agent.work.run import Run

_WAITS = ("to_ship", "partly_shipped")
_ENDED = ("shipped", "completed", "cancelled")
_NOT_SENT = ("", "intended")  # of a planned purchase: it is certain that nothing was ordered


def ask_for_the_rest(run: Run, order: StoredOrder, sent: Collection[str] = ()) -> None:
    """Tell a person what is to be bought by hand of this order, and close that once nothing is. `sent`: lines the shop shows as sent."""
    left = still_left(run, order, sent)
    if not left:
        return
    asked = run.ledger.newest_item(_cause(order))
    what = _what(run, order, left)
    if asked is None and (order.parked or not what):
        return
    what = what or (asked.what if asked else "")
    run.ledger.park(order.shop, order.order_number, what)
    _ask(run, order, what)


def still_left(run: Run, order: StoredOrder, sent: Collection[str] = ()) -> list[OrderLine]:
    """What the buyer of an order of ours still waits for and nobody is known to have bought. Where nothing is, no question stays."""
    made = run.ledger.purchases_of_order(order.shop, order.order_number)
    if order.disposition != "ours" or order.state not in (*_WAITS, *_ENDED) or _is_open(made):
        return []
    bought = {line.line_number for purchase in made if purchase.state not in ("planned", "dead") for line in purchase.lines}
    wanted = [line for line in order.lines if line.after_sales in ("none", "closed") and order.state in _WAITS]
    left = [line for line in wanted if line.line_number not in {*bought, *sent}]
    if not left:
        _settle(run, order)
    return left


def is_left(run: Run, order: StoredOrder) -> bool:
    """Whether the rest of an order to be shipped is a person's: a line of it was refunded, or they were told of it at some time."""
    refunded = any(line.after_sales == "refunded" for line in order.lines)
    return order.state in _WAITS and (refunded or run.ledger.newest_item(_cause(order)) is not None)


def no_more_listed(run: Run, shop: Shop) -> list[StoredOrder]:
    """The orders that a person is asked about here and that the shop's list does not show any more."""
    orders = [
        order
        for item in run.ledger.items()
        if item.shop == shop.name and (order := run.ledger.order(item.shop, item.order_number)) and item.cause == _cause(order)
    ]
    return [one for one in orders if (one.shop, one.order_number) not in run.listed and run.wants(one.order_number)]


def _cause(order: StoredOrder) -> str:
    return f"order:{order.shop}:{order.order_number}:rest"


def _is_open(made: Sequence[StoredPurchase]) -> bool:
    """Whether a purchase of it was sent and nobody knows yet how that ended: it has a question of its own."""
    return any(purchase.state == "planned" and purchase.write_state not in _NOT_SENT for purchase in made)


def _what(run: Run, order: StoredOrder, left: Sequence[OrderLine]) -> str:
    """What keeps it from being bought by itself, and what is left of it; "" where nothing does."""
    rest = "; ".join(f"{_said(line)} × {line.quantity}" for line in left)
    if gone := [line for line in order.lines if line.after_sales == "refunded"]:
        return _("Refunded or cancelled: {gone}; still to be bought by hand: {rest}").format(
            gone="; ".join(_said(line) for line in gone), rest=rest
        )
    if order.state == "partly_shipped" and not _goes_on(run, order):
        return _("Somebody else has sent a part of it in the shop; not bought by the program: {rest}").format(rest=rest)
    return ""


def _goes_on(run: Run, order: StoredOrder) -> bool:
    """Whether a parcel of ours is in the shop or on its way there: then the rest is bought by itself, or its parcel is asked about."""
    made = run.ledger.purchases_of_order(order.shop, order.order_number)
    entered = run.ledger.shipments(order.shop, order.order_number, entered=True)
    return bool(entered) or any(purchase.state in ("placed", "shipped") for purchase in made)


def _said(line: OrderLine) -> str:
    return " / ".join(word for word in (line.title, line.specification) if word)


def _ask(run: Run, order: StoredOrder, what: str) -> None:
    run.ledger.ask(
        "order",
        _cause(order),
        what=what,
        todo=_todo(run, order),
        reason="left_over",
        shop=order.shop,
        order_number=order.order_number,
        account=run.config.shops[order.shop].account,
        at=run.now(),
    )


def _todo(run: Run, order: StoredOrder) -> str:
    ours = run.ledger.purchases_of_order(order.shop, order.order_number)
    after = _(" What the program bought of it is entered by the program: enter your number after that.")
    return _(
        "Nothing more of it is bought by itself. Look in the shop what is still to be sent and whether somebody has bought it; "
        "if not, buy it by hand and enter its number there. It closes by itself once the shop shows the order as sent."
    ) + (after if any(purchase.state in ("placed", "shipped") for purchase in ours) else "")


def _settle(run: Run, order: StoredOrder) -> None:
    if run.ledger.close_item(_cause(order), run.now()) and (asked := run.ledger.newest_item(_cause(order))):
        words = _("Settled by itself ({why}): {what}").format(why=_("its cause is gone"), what=asked.what)
        run.tell(words, shop=order.shop, order_number=order.order_number)
