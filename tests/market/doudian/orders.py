"""The nouns of the shop: receivers, order lines, parcels, notes, orders. `state` and `after_sales` are the page's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

TO_SHIP = ("待发货", "备货中", "部分发货")
TABS: Mapping[str, tuple[str, ...]] = {
    "待支付": ("待支付", "待确认"),
    "已发货": ("已发货",),
    "已完成": ("已完成",),
    "已关闭": ("已关闭", "已取消"),
}
NO_AFTER_SALES = ("-", "无售后", "售后关闭")
REFUNDED = ("已退款", "退款成功")
MOST_CHANGES = 2  # of a parcel's number


class Refused(Exception):
    """The shop says no; the words are what the page shows."""


@dataclass(frozen=True)
class ShopReceiver:
    """The true receiver. `town` may be ""; `phone` may be a virtual number, "18400913965-7576"."""

    name: str
    phone: str
    province: str
    city: str
    district: str
    town: str
    detail: str

    def levels(self) -> str:
        return " ".join(level for level in (self.province, self.city, self.district, self.town) if level)

    def shown(self, *, masked: bool) -> tuple[str, str, str]:
        """The three lines of the receiver block."""
        if not masked:
            return (self.name, self.phone, f"{self.levels()} {self.detail}")
        return (self.name[0] + "*" * max(1, len(self.name) - 1), mask_phone(self.phone), f"{self.levels()} ****")


def mask_phone(phone: str) -> str:
    """138****1234, and 184****3965-**** where there is an extension."""
    main, dash, _ = phone.partition("-")
    masked = main[:3] + "****" + main[-4:]
    return f"{masked}-****" if dash else masked


@dataclass
class ShopLine:
    number: str
    title: str
    specification: str = ""
    merchant_code: str = ""
    quantity: int = 1
    price: int = 2990  # 分, what the buyer paid for one
    after_sales: str = "-"
    parcel: int = 0  # ordinal of the parcel its last pieces went with, 0 = not shipped
    sent: int = 0  # pieces of it in parcels
    kind: str = "普通商品"
    product_id: str = ""

    @property
    def rest(self) -> int:
        return max(0, self.quantity - self.sent)

    def ships(self) -> bool:
        return self.rest > 0 and self.after_sales in NO_AFTER_SALES

    def is_due(self) -> bool:
        """Something of it is still to be sent, be it that a refund is asked for it and not yet granted."""
        return self.rest > 0 and self.after_sales not in REFUNDED


@dataclass(frozen=True)
class Parcel:
    """One tracking number entered; `lines` are the numbers of the order lines in it, `pieces` how many of each."""

    order: str
    ordinal: int
    carrier: str
    tracking_number: str
    lines: tuple[str, ...]
    at: datetime
    pieces: tuple[tuple[str, int], ...] = ()
    changed: int = 0  # how often its number was changed


@dataclass(frozen=True)
class NoteWrite:
    order: str
    flag: str
    remark: str
    at: datetime


@dataclass
class ShopOrder:
    """An order as it is. `state` and the lines' `after_sales` are the page's own words."""

    number: str
    shop: str
    ordered_at: datetime
    ship_by: datetime | None
    lines: list[ShopLine]
    receiver: ShopReceiver
    flag: str = "灰"
    remark: str = ""
    buyer_message: str = ""
    state: str = "待发货"
    kind: str = "现货"
    address_change: str = "-"
    address_wanted: ShopReceiver | None = None
    parcels: list[Parcel] = field(default_factory=list)
    source: str = "商品卡"  # where the buyer came from; "" shows none

    def tab(self) -> str:
        """Under which tab it stands; under review, and states nobody knows, stand among those to ship."""
        return next((tab for tab, states in TABS.items() if self.state in states), "备货中")
