"""Money and count limits of the seller: pure decisions. Every exceeded limit is told at once, with its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.errors import LimitReached
from agent.models import Fen
from agent.words import _

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """The most one order at the supplier, the supplier's day and the whole day may cost; all in 分, days of Shanghai.

    `most_orders_here`: the most orders of a day at the supplier; None: as many as the whole day's.
    """

    most_per_order: Fen
    most_per_day: Fen
    most_orders_per_day: int
    most_money_per_day: Fen
    most_orders_here: int | None = None


@dataclass(frozen=True, slots=True)
class DayTotals:
    """What this day already holds, purchases with an unknown outcome counted as bought."""

    orders: int
    money: Fen
    supplier_money: Fen
    supplier_orders: int = 0


def day_is_full(cost: Fen, limits: Limits, day: DayTotals) -> str:
    """Which limits of the day one more order of about `cost` would pass, in words; "" where none."""
    return " · ".join(words for words in _each(cost, limits, day)[1:] if words)


def check_limits(total: Fen, limits: Limits, day: DayTotals) -> None:
    """Raise LimitReached if one more order of `total` would pass any limit; exactly reaching one is allowed."""
    exceeded = [words for words in _each(total, limits, day) if words]
    if exceeded:
        raise LimitReached(" · ".join(exceeded), reason="ceiling" if total > limits.most_per_order else "day_limit")


def free_again(bought: Sequence[datetime], most: int, now: datetime) -> datetime | None:
    """When one more may be bought where `most` may be within an hour; None: now."""
    recent = sorted(at for at in bought if at > now - HOUR)
    return recent[-most] + HOUR if len(recent) >= most else None


def yuan(amount: int) -> str:
    """123450 → "1234.50"."""
    sign, rest = ("-", -amount) if amount < 0 else ("", amount)
    return f"{sign}{rest // 100}.{rest % 100:02d}"


def _each(total: Fen, limits: Limits, day: DayTotals) -> tuple[str, ...]:
    if total < 0:
        raise ValueError(f"a total below zero: {total}")
    return (
        _money(_("this order"), total, limits.most_per_order),
        _money(_("this supplier today"), day.supplier_money + total, limits.most_per_day),
        _money(_("all suppliers today"), day.money + total, limits.most_money_per_day),
        _count(_("orders today"), day.orders + 1, limits.most_orders_per_day),
        _count(_("orders at this supplier today"), day.supplier_orders + 1, limits.most_orders_here),
    )


def _money(what: str, would_be: int, most: int) -> str:
    if would_be <= most:
        return ""
    return _("{what}: {amount} yuan, limit {limit} yuan").format(what=what, amount=yuan(would_be), limit=yuan(most))


def _count(what: str, would_be: int, most: int | None) -> str:
    if most is None or would_be <= most:
        return ""
    return _("{what}: {count}, limit {limit}").format(what=what, count=would_be, limit=most)
