"""The listings: orders, the story of one, the inbox, the paths; for people or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agent.cli.tell import as_json, say, table
from agent.home import Home
from agent.ledger import Event, InboxItem, Ledger
from agent.models import SHANGHAI
from agent.words import _
from agent.work.limits import yuan
from agent.work.states import OrderRow, rows_of


def order_rows(ledger: Ledger) -> list[OrderRow]:
    return rows_of(ledger)


def print_orders(rows: Sequence[OrderRow]) -> None:
    headings = (
        _("shop order"),
        _("supplier order"),
        _("amount (yuan)"),
        _("carrier"),
        _("tracking number"),
        _("state"),
        _("needs you"),
    )
    table(headings, [_cells(row) for row in rows], title=_("Orders"))


def _cells(row: OrderRow) -> tuple[str, ...]:
    amount = "" if row.total is None else yuan(row.total)
    return (row.order_number, row.supplier_order_number, amount, row.carrier, row.tracking_number, row.state, row.needs)


def print_inbox(items: Sequence[InboxItem]) -> None:
    if not items:
        say(_("Nothing waits for you."))
        return
    rows = [(str(item.id), item.order_number or item.account, item.what, item.todo) for item in items]
    table((_("id"), _("order or account"), _("what"), _("what to do")), rows, title=_("Waits for you"))


def items_json(items: Sequence[InboxItem]) -> list[dict[str, Any]]:
    return [
        {
            "id": item.id,
            "kind": item.kind,
            "shop": item.shop,
            "order_number": item.order_number,
            "reference": item.reference,
            "account": item.account,
            "what": item.what,
            "todo": item.todo,
            "opened_at": item.opened_at.isoformat(),
        }
        for item in items
    ]


def print_paths(home: Home) -> None:
    say(_("Ledger: {}").format(home.ledger))
    say(_("Placed orders: {}").format(home.placed_orders))
    say(_("Log: {}").format(home.logs))
    say(_("Evidence: {}").format(home.evidence))


def tell_story(ledger: Ledger, number: str, *, json_: bool) -> None:
    """Everything that happened to the orders of this number (of each shop that has one)."""
    for order in ledger.find_order(number):
        events = ledger.story(order.shop, number)
        if json_:
            as_json("story", [_event_json(event) for event in events])
            continue
        say(_("Order {number} of {shop}").format(number=number, shop=order.shop))
        for line in order.lines:
            say(f"  {line.title} · {line.specification} × {line.quantity}")
        table((_("time"), _("what happened"), _("where"), _("picture")), [_event_cells(event) for event in events])


def _event_cells(event: Event) -> tuple[str, ...]:
    at = event.at.astimezone(SHANGHAI).strftime("%m-%d %H:%M:%S")
    return (at, event.what, " ".join(x for x in (event.account, event.reference) if x), str(event.picture or ""))


def _event_json(event: Event) -> dict[str, Any]:
    return {
        "at": event.at.isoformat(),
        "what": event.what,
        "detail": event.detail,
        "account": event.account,
        "reference": event.reference,
        "picture": str(event.picture or ""),
    }
