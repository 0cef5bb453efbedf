"""The nouns of money that moved, alike at every supplier: payments, refunds, cancellations. Amounts in 分; knows no page and no site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from tests.market.faults import Faults


@dataclass(frozen=True)
class Payment:
    """Money that really moved, once: what was paid for each order. `who` is "page", "scan" or "app"."""

    key: str
    amounts: Mapping[str, int]
    method: str
    payee: str
    at: datetime
    who: str

    @property
    def amount(self) -> int:
        return sum(self.amounts.values())

    def truth(self) -> dict[str, Any]:
        own = {"id": self.key, "orders": list(self.amounts), "amounts": dict(self.amounts), "amount": self.amount}
        return own | {"method": self.method, "payee": self.payee, "at": self.at.isoformat(), "who": self.who}


@dataclass
class Refund:
    """Money the supplier owes for an order since `opened_at`; `done_at` is when it came. `how`: cancel, shortage, after_sales."""

    number: str
    amount: int
    how: str
    opened_at: datetime
    done_at: datetime | None = None

    def truth(self) -> dict[str, Any]:
        done = self.done_at.isoformat() if self.done_at else None
        return asdict(self) | {"opened_at": self.opened_at.isoformat(), "done_at": done}


@dataclass(frozen=True)
class Cancellation:
    """An order that was cancelled: by the buyer on its page ("page"), or by the supplier ("supplier")."""

    number: str
    at: datetime
    who: str

    def truth(self) -> dict[str, Any]:
        return asdict(self) | {"at": self.at.isoformat()}


def paid_for(number: str, payments: Iterable[Payment]) -> int:
    return sum(payment.amounts.get(number, 0) for payment in payments)


def refunded_for(number: str, refunds: Iterable[Refund]) -> int:
    return sum(refund.amount for refund in refunds if refund.number == number and refund.done_at)


def bound(faults: Faults, names: Iterable[str], point: str) -> str:
    """Of the names of what a request is about the one that a fault is bound to, else the first of them."""
    names = list(dict.fromkeys(name for name in names if name))
    standing = [fault for fault in faults.standing if fault.times != 0 and fault.point in ("", point)]
    return next((name for name in names if any(fault.order == name for fault in standing)), names[0] if names else "")
