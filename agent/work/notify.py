"""One message a run to the seller's own addresses (`notify:`) when something new waits: counts by reason, money, time left.

Nothing of an order and nothing of a buyer is in it, and no address is ever told: it holds a token. An item is told once, and
once more when its ship-by time comes near; that others were settled meanwhile is no news.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from agent.ledger import Ledger
from agent.words import _
from agent.work.groups import Group, Stake, grouped, left
from agent.work.limits import yuan

NEAR = timedelta(hours=6)

Urgency = Literal["far", "near"]


def notify(addresses: Sequence[str], shops: Sequence[str], ledger: Ledger, now: datetime) -> list[str]:
    """Send the message if there is news; what could not be sent, in words. It never stops a run."""
    news = due(grouped(ledger), now) if addresses else {}
    if not news:
        return []
    title, body = message(shops, grouped(ledger), now)
    failed = [words for at, address in enumerate(addresses, 1) if (words := _send(at, address, title, body))]
    if len(failed) < len(addresses):
        for item, urgency in news.items():
            ledger.told(item, urgency)
    return failed


def due(groups: Iterable[Group], now: datetime) -> dict[int, Urgency]:
    """The items that are news: never told yet, or nearer to their ship-by time than when they were. Pure."""
    found: dict[int, Urgency] = {}
    for group in groups:
        for item, stake in zip(group.items, group.stakes, strict=True):
            urgency: Urgency = "near" if stake.ship_by and stake.ship_by - now < NEAR else "far"
            if item.told == "" or (item.told, urgency) == ("far", "near"):
                found[item.id] = urgency
    return found


def message(shops: Sequence[str], groups: Sequence[Group], now: datetime) -> tuple[str, str]:
    """Title and text of all that waits. Pure."""
    count = sum(len(group.items) for group in groups)
    title = _("{shops}: {count} things wait for you").format(shops=", ".join(shops), count=count)
    lines = [f"{group.title} · {_('{} items').format(len(group.items))}{_at_stake(group.whole, now)}" for group in groups]
    return title, "\n".join([*lines, _("On the computer: `agent inbox`")])


def _at_stake(stake: Stake, now: datetime) -> str:
    facts = (
        _("{} orders wait").format(len(stake.orders)) if len(stake.orders) > 1 else "",
        _("{} yuan").format(yuan(stake.money)) if stake.money else "",
        left(stake.ship_by - now) if stake.ship_by else "",
    )
    return "".join(f" · {fact}" for fact in facts if fact)


def _send(at: int, address: str, title: str, body: str) -> str:
    import apprise  # slow to import, and most sellers have no address

    logging.getLogger("apprise").disabled = True  # it would print the address where it fails
    sender = apprise.Apprise()
    if sender.add(address) and sender.notify(title=title, body=body):
        return ""
    return _("The message could not be sent to address {number} of `notify:` ({kind})").format(
        number=at, kind=address.partition(":")[0]
    )
