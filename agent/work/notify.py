"""One message a run to the seller's own addresses (`notify:`) when something new waits: counts by reason, money, time left.

Nothing of an order and nothing of a buyer is in it, and no address is ever told: it holds a token. An item is told once, and
once more when its ship-by time comes near; that others were settled meanwhile is no news. A run that did not go through asks
nobody in the inbox, so it has a message of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from agent.errors import AgentError, AtWork, ClockBehind, MachineFailed, Paused
from agent.ledger import Ledger
from agent.words import _, later
from agent.work.groups import Group, Stake, grouped, left
from agent.work.limits import yuan
from agent.work.reasons import REASONS, reason_of

NEAR = timedelta(hours=6)
LONG = timedelta(hours=2)  # a run that takes as long hangs, or waits for somebody who looks on

Urgency = Literal["far", "near"]

# What keeps a run from going through and is no reason of the inbox; the first that fits.
FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (AtWork, later("Another run has been at work for hours; if it hangs, end it or restart the computer")),
    (Paused, later("The whole program is paused")),
    (ClockBehind, later("This computer's clock is behind")),
    (MachineFailed, later("The ledger or the data folder cannot be used")),
)


def notify(addresses: Sequence[str], shops: Sequence[str], ledger: Ledger, now: datetime) -> list[str]:
    """Send the message if there is news; what could not be sent, in words. It never stops a run."""
    news = due(grouped(ledger), now) if addresses else {}
    if not news:
        return []
    failed = _send_all(addresses, *message(shops, grouped(ledger), now))
    if len(failed) < len(addresses):
        for item, urgency in news.items():
            ledger.told(item, urgency)
    return failed


def notify_failure(addresses: Sequence[str], shops: Sequence[str], error: Exception, state: Path, now: datetime) -> list[str]:
    """Send one message that a run did not go through, once a day for each cause; what could not be sent, in words.

    Only the title of what failed is in it. `state` is a small file of what was told today: the ledger may be what failed.
    Where it cannot be read or written, the message is sent all the same.
    """
    today, cause = now.date().isoformat(), _cause_of(error)
    known = _told_on(today, state)
    if not addresses or cause in known:
        return []
    title = _("{shops}: a run did not go through").format(shops=", ".join(shops) or _("this computer"))
    body = "\n".join([_(_title_of(error)), _("On the computer: `agent doctor` and `agent check` say more")])
    failed = _send_all(addresses, title, body)
    if len(failed) < len(addresses):
        with suppress(OSError):
            state.write_text("\n".join([today, *known, cause]), encoding="utf-8")
    return failed


def lasts_long(error: AtWork, now: datetime) -> bool:
    """Whether the run that keeps this one from beginning has been at work for so long that somebody should know."""
    return error.since is not None and now - error.since > LONG


def _cause_of(error: Exception) -> str:
    """The same on the next run if nothing was done about it: the words may hold a time or a process."""
    file = error.where.file if isinstance(error, AgentError) else None
    return f"{type(error).__name__} {file.name if file else ''}".strip()


def _title_of(error: Exception) -> str:
    for kind, title in FAILURES:
        if isinstance(error, kind):
            return title
    if not isinstance(error, AgentError):
        return REASONS["fault"].title
    return reason_of("ConfigError" if error.exit_code == 2 else error.reason).title


def _told_on(day: str, state: Path) -> list[str]:
    """The causes of which a message told on this day."""
    try:
        first, *causes = state.read_text(encoding="utf-8").splitlines() or [""]
    except (OSError, ValueError):
        return []
    return causes if first == day else []


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


def _send_all(addresses: Sequence[str], title: str, body: str) -> list[str]:
    """What could not be sent, in words."""
    return [words for at, address in enumerate(addresses, 1) if (words := _send(at, address, title, body))]


def _send(at: int, address: str, title: str, body: str) -> str:
    import apprise  # slow to import, and most sellers have no address

    logging.getLogger("apprise").disabled = True  # it would print the address where it fails
    sender = apprise.Apprise()
    if sender.add(address) and sender.notify(title=title, body=body):
        return ""
    return _("The message could not be sent to address {number} of `notify:` ({kind})").format(
        number=at, kind=address.partition(":")[0]
    )
