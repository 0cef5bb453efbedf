"""The nouns of what was bought: lines, the part of one seller, orders, parcels. Nothing here knows a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from .goods import Address

# What the pages call the states an order goes through.
STATE_WORDS: Mapping[str, str] = {
    "unpaid": "等待买家付款",
    "placed": "等待卖家发货",
    "partly_shipped": "部分发货",
    "shipped": "卖家已发货",
    "picked_up": "等待买家确认收货",
    "completed": "交易成功",
    "closed": "交易关闭",
}
REFUND_WORDS: Mapping[str, str] = {"open": "退款中", "done": "退款成功"}


@dataclass(frozen=True)
class Line:
    """One specification as it was sold."""

    offer: str
    title: str
    sku: str
    price: int
    quantity: int

    @property
    def amount(self) -> int:
        return self.price * self.quantity


@dataclass(frozen=True)
class Group:
    """What is bought of one seller in one go, at today's prices."""

    seller: str
    lines: tuple[Line, ...]
    freight: int
    adjustment: int = 0

    @property
    def goods_total(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def total(self) -> int:
        return self.goods_total + self.freight + self.adjustment

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)


@dataclass
class Parcel:
    """A parcel as the seller typed it. `lines` are the positions in the order that are in it."""

    carrier: str
    tracking_number: str
    lines: tuple[int, ...]
    sent_at: datetime
    picked_up: bool = False


@dataclass
class Order:
    """One order of one seller. `by` is "page" or "person"; `refund` is "", "open" or "done"."""

    number: str
    group: Group
    receiver: Address
    message: str
    state: str
    placed_at: datetime
    by: str
    paid_at: datetime | None = None
    refund: str = ""
    parcels: list[Parcel] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.group.total

    @property
    def state_word(self) -> str:
        """A refund stands before everything else, as in the list of the real one."""
        return REFUND_WORDS.get(self.refund, STATE_WORDS[self.state])

    def truth(self) -> dict[str, Any]:
        """The order as the truth port tells it: flat, JSON-able, every field."""
        group = self.group
        own = {name: getattr(self, name) for name in ("number", "message", "state", "by", "refund")}
        amounts = {name: getattr(group, name) for name in ("goods_total", "freight", "adjustment", "total")}
        receiver = self.receiver
        to = {"name": receiver.name, "phone": receiver.phone, "region": list(receiver.region), "address": receiver.detail}
        return {
            **own,
            **amounts,
            **to,
            "seller": group.seller,
            "placed_at": self.placed_at.isoformat(),
            "paid_at": self.paid_at.isoformat() if self.paid_at else None,
            "lines": [asdict(line) for line in group.lines],
            "parcels": [asdict(parcel) | {"sent_at": parcel.sent_at.isoformat()} for parcel in self.parcels],
        }
