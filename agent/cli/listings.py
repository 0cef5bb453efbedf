"""The listings: orders, the story of one, the inbox, the paths; for people or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from agent.cli.tell import as_json, paragraphs, say, table
from agent.clock import told
from agent.home import Home
from agent.ledger import Event, InboxItem, Ledger
from agent.models import SHANGHAI
from agent.words import _
from agent.work.groups import Group, Stake, answers_to, left
from agent.work.limits import yuan
from agent.work.reasons import reason_of
from agent.work.states import OrderRow, rows_of

MOST_SHOWN = 5  # items of one group, unless all are asked for


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


def print_inbox(groups: Sequence[Group], now: datetime, *, whole: bool = False) -> None:
    """By reason, the most urgent first; of each the first items, or `whole`, each with its own answers."""
    if not groups:
        say(_("Nothing waits for you."))
        return
    count = sum(len(group.items) for group in groups)
    paragraphs([(0, "bold", _("Waits for you: {items}, by reason {groups}").format(items=count, groups=len(groups)))])
    for group in groups:
        paragraphs([(0, "bold", f"■ {facts_of(group.title, group.whole, now, items=len(group.items))}")])
        shown = len(group.items) if whole else MOST_SHOWN
        for item, stake in list(zip(group.items, group.stakes, strict=True))[:shown]:
            paragraphs([(2, "", facts_of(_item(item), stake, now))])
            if whole:
                paragraphs([(4, "", f"→ {typed}  {does}") for typed, does in answers_to(reason_of(item.reason), [item])])
        if len(group.items) > shown:
            paragraphs([(2, "", _("and {} more: `agent inbox --all`").format(len(group.items) - shown))])
        if not whole:
            paragraphs([(2, "", f"→ {typed}  {does}") for typed, does in group.answers])


def _item(item: InboxItem) -> str:
    where = item.order_number or item.account
    return " ".join(word for word in (f"[{item.id}]", where if where not in item.what else "", item.what) if word)


def facts_of(first: str, stake: Stake, now: datetime, *, items: int = 1) -> str:
    """`first`, and what hangs on it: how many, how much, how long."""
    facts = [
        first,
        _("{} items").format(items) if items > 1 else "",
        _("{} orders wait").format(len(stake.orders)) if len(stake.orders) > 1 else "",
        _("{} yuan").format(yuan(stake.money)) if stake.money else "",
        _("ship by {time}, {left}").format(time=told(stake.ship_by), left=left(stake.ship_by - now)) if stake.ship_by else "",
    ]
    return " · ".join(word for word in facts if word)


def groups_json(groups: Sequence[Group]) -> list[dict[str, Any]]:
    return [
        {
            "reason": group.reason,
            "title": group.title,
            "items": [item.id for item in group.items],
            "orders": [order.order_number for order in group.whole.orders],
            "money": group.whole.money,
            "ship_by": group.whole.ship_by.isoformat() if group.whole.ship_by else None,
            "answers": [{"command": command, "does": does} for command, does in group.answers],
        }
        for group in groups
    ]


def items_json(groups: Sequence[Group]) -> list[dict[str, Any]]:
    """Every item, oldest first. `orders` are those that wait for it, its own among them."""
    rows = [(item, stake) for group in groups for item, stake in zip(group.items, group.stakes, strict=True)]
    return [
        {
            "id": item.id,
            "kind": item.kind,
            "reason": item.reason,
            "shop": item.shop,
            "order_number": item.order_number,
            "orders": [order.order_number for order in stake.orders],
            "reference": item.reference,
            "account": item.account,
            "what": item.what,
            "todo": item.todo,
            "opened_at": item.opened_at.isoformat(),
        }
        for item, stake in sorted(rows, key=lambda row: row[0].id)
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
