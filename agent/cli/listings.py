"""The listings: orders, the story of one, the inbox, the paths; for people or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from agent.cli.tell import answers, as_json, paragraphs, say, table
from agent.config import Config
from agent.home import Home
from agent.ledger import Event, InboxItem, Ledger
from agent.models import SHANGHAI
from agent.words import _
from agent.work.groups import Group, Stake, answers_to, left, when
from agent.work.limits import yuan
from agent.work.margin import margin_in_words
from agent.work.reasons import reason_of
from agent.work.states import OrderRow, rows_of
from agent.work.worth import expected_margin

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
    head = _("Waits for you: {items}, by reason {groups}; the number of each stands in [ ]")
    paragraphs([(0, "bold", head.format(items=count, groups=len(groups)))])
    for group in groups:
        paragraphs([(0, "bold", f"■ {facts_of(group.title, group.whole, now, items=len(group.items))}")])
        _print_items(group, now, whole=whole)
        if not whole:
            answers(group.answers, right=2)
    if not whole and any(len(group.items) > 1 for group in groups):
        answers([("agent inbox --all", _("every item with its own commands, filled in"))])


def _print_items(group: Group, now: datetime, *, whole: bool) -> None:
    alone = len(group.items) == 1  # its title has said what is at stake
    reason = reason_of(group.reason)
    shown = len(group.items) if whole else MOST_SHOWN
    for item, stake in list(zip(group.items, group.stakes, strict=True))[:shown]:
        paragraphs([(2, "", _item(item) if alone else facts_of(_item(item), stake, now))])
        if item.todo and reason.advises:
            paragraphs([(4, "", item.todo)])
        if whole:
            answers(answers_to(reason, [item]), right=4)
    if len(group.items) > shown:
        paragraphs([(2, "", _("and {} more: `agent inbox --all`").format(len(group.items) - shown))])


def _item(item: InboxItem) -> str:
    where = item.order_number or item.account
    return " ".join(word for word in (f"[{item.id}]", where if where not in item.what else "", item.what) if word)


def facts_of(first: str, stake: Stake, now: datetime, *, items: int = 1) -> str:
    """`first`, and what hangs on it: how many, how much, how long."""
    facts = [
        first,
        _("{} items").format(items) if items > 1 else "",
        _("{} orders wait").format(len(stake.orders)) if len(stake.orders) not in (0, items) else "",
        _("{} yuan").format(yuan(stake.money)) if stake.money else "",
        due(stake, now),
    ]
    return " · ".join(word for word in facts if word)


def due(stake: Stake, now: datetime) -> str:
    """Until when, of several orders the first."""
    if stake.ship_by is None:
        return ""
    words = _("the first: ship by {time}, {left}") if len(stake.orders) > 1 else _("ship by {time}, {left}")
    return words.format(time=when(stake.ship_by, now), left=left(stake.ship_by - now))


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


def tell_story(ledger: Ledger, number: str, config: Config | None = None, *, json_: bool) -> None:
    """Everything that happened to the orders of this number (of each shop that has one), and with the config what they leave."""
    for order in ledger.find_order(number):
        events = ledger.story(order.shop, number)
        shop = config.shops.get(order.shop) if config else None
        margin = expected_margin(ledger, shop, order) if shop else None
        if json_:
            as_json("story", [_event_json(event) for event in events], margin=asdict(margin) if margin else None)
            continue
        say(_("Order {number} of {shop}").format(number=number, shop=order.shop))
        for line in order.lines:
            say(f"  {line.title} · {line.specification} × {line.quantity}")
        if order.source:
            say("  " + _("source: {}").format(order.source))
        if margin:
            say(f"  {margin_in_words(margin)}")
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
