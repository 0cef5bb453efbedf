"""What the shop really holds: orders with their true receivers, sessions, the day's reveals, every note and parcel written.

The pages show less than this (masked receivers, twenty orders a page) and the faults show it wrongly. Tests and the demo
act here as buyer and platform, in-process or through the truth port; times may be given as ISO 8601 there.
"""

from __future__ import annotations

import random
import secrets
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from agent.models import SHANGHAI
from tests.market.doudian.orders import NoteWrite, Parcel, Refused, ShopLine, ShopOrder, ShopReceiver
from tests.market.doudian.shipping import Shipping
from tests.market.regions import REGIONS

if TYPE_CHECKING:
    from tests.market.core import Market, RequestRecord

FLAGS = ("灰", "紫", "青", "绿", "橙", "红")
LONGEST_REMARK = 200
GOODS: tuple[Mapping[str, Any], ...] = (
    {"title": "日式棉麻收纳筐 桌面杂物整理盒", "specification": "米白/大号", "merchant_code": "SNK-01-L", "price": 2990},
    {"title": "ins风高硼硅玻璃杯 家用水杯", "specification": "透明 500ml", "merchant_code": "BLB-500", "price": 1990},
    {"title": "加厚硅藻泥浴室防滑地垫", "specification": "灰色/40×60cm", "merchant_code": "DD-4060", "price": 3900},
    {"title": "不锈钢保温饭盒 学生带饭", "specification": "雾蓝/双层", "merchant_code": "FH-2-BL", "price": 5900},
)


@dataclass
class Session:
    """A browser signed in. `shop` is "" until one is picked; `tab_kept` a filter that outlives the page (a fault)."""

    shop: str = ""
    tab_kept: str = ""
    notice_due: bool = True
    guide_due: bool = True


class ShopState(Shipping):
    """The back office of one seller with two shops; orders, and with them notes, parcels and reveals, belong to one of them."""

    site = "shop"

    def __init__(self, market: Market) -> None:
        self.market = market
        self.random = random.Random(f"shop {market.seed}")
        self.shops = ["小林家居馆", "小林数码专营店"]
        self.sign_in = {"user_name": "xiaolin@example.com", "password": "Xl-2026-ceshi", "shows": self.shops[0]}
        self.orders: dict[str, ShopOrder] = {}
        self.sessions: dict[str, Session] = {}
        self.quota = 200
        self.reveal_log: list[tuple[datetime, str]] = []
        self.notes: list[NoteWrite] = []
        self.shipments: list[Parcel] = []
        self.deeds: Mapping[str, Callable[..., Any]] = {
            deed.__name__: deed
            for deed in (
                *(self.add_order, self.add_ordinary, self.open_refund, self.close_refund, self.change_address),
                *(self.cancel, self.set_state_text, self.set_note, self.set_quota, self.expire_sessions),
            )
        }

    # as the test, the buyer, the platform

    def add_order(
        self,
        number: str = "",
        *,
        lines: Sequence[Mapping[str, Any] | ShopLine] = (),
        receiver: Mapping[str, str] | ShopReceiver | None = None,
        ordered_at: datetime | str | None = None,
        ship_by: datetime | str | None = "default",
        flag: str = "灰",
        remark: str = "",
        buyer_message: str = "",
        state: str = "待发货",
        kind: str = "现货",
        address_change: str = "-",
        shop: str = "",
        source: str = "商品卡",
    ) -> ShopOrder:
        """A new order; what is left out is ordinary: now, to be shipped in 48 hours, one line, some receiver."""
        at = _time(ordered_at) or self.market.clock().replace(microsecond=0)
        due = at + timedelta(hours=48) if ship_by == "default" else _time(ship_by)
        number = number or self._number()
        if number in self.orders or flag not in FLAGS:
            raise ValueError(f"order {number} is there already, or {flag} is no flag of {FLAGS}")
        order = ShopOrder(
            *(number, shop or self.shops[0], at, due, self._lines(lines, number), self._receiver(receiver)),
            *(flag, remark, buyer_message, state, kind, address_change),
            source=source,
        )
        self.orders[number] = order
        return order

    def add_ordinary(self, count: int, *, state: str = "待发货", hours_apart: float = 0.5) -> list[str]:
        """Many plain orders, the newest now."""
        now = self.market.clock().replace(microsecond=0)
        at = [now - timedelta(hours=hours_apart * ago) for ago in range(count, 0, -1)]
        return [self.add_order(ordered_at=one, state=state).number for one in at]

    def open_refund(self, order: str, line: str = "", words: str = "退款中") -> None:
        """The buyer asks for a refund of one line, or of all."""
        held = self.orders[order]
        for one in held.lines:
            if line in ("", one.number):
                one.after_sales = words
        if held.state == "部分发货" and not any(one.is_due() for one in held.lines):
            held.state = "已发货"

    def close_refund(self, order: str, line: str = "", words: str = "售后关闭") -> None:
        self.open_refund(order, line, words)

    def change_address(self, order: str, *, asked: bool = True, **changed: str) -> None:
        """The buyer wants another address: asked for, or (asked=False) already changed by the platform."""
        held = self.orders[order]
        wanted = replace(held.receiver, **changed)
        if asked:
            held.address_change, held.address_wanted = "买家申请修改地址", wanted
            return
        held.address_change, held.address_wanted, held.receiver = "-", None, wanted

    def cancel(self, order: str, words: str = "已关闭") -> None:
        self.orders[order].state = words

    def set_state_text(self, order: str, words: str) -> None:
        self.orders[order].state = words

    def set_note(self, order: str, *, flag: str | None = None, remark: str | None = None) -> None:
        """A colleague writes in the shop by hand."""
        held = self.orders[order]
        held.flag, held.remark = flag or held.flag, held.remark if remark is None else remark

    def set_quota(self, most: int) -> None:
        self.quota = most

    def expire_sessions(self) -> None:
        self.sessions.clear()

    # as the pages

    def sign(self, user_name: str, password: str) -> str:
        """A new session, without a shop where there are several; Refused when the words are wrong."""
        if (user_name, password) != (self.sign_in["user_name"], self.sign_in["password"]):
            raise Refused("邮箱或密码错误，请重新输入")
        key = secrets.token_hex(16)
        popups = self.market.popups
        self.sessions[key] = Session(self.shops[0] if len(self.shops) == 1 else "", notice_due=popups, guide_due=popups)
        return key

    def found(self, shop: str, tab: str, number: str) -> list[ShopOrder]:
        """The orders of a search, newest first."""
        hidden = {n for n in self.orders if self.market.faults.stands("list_lags", "list", n)}
        fits = [
            order
            for order in self.orders.values()
            if order.shop == shop and order.number not in hidden and tab in ("", order.tab()) and number in ("", order.number)
        ]
        return sorted(fits, key=lambda order: (order.ordered_at, order.number), reverse=True)

    def count_reveal(self, order: ShopOrder) -> None:
        """Use up one reveal of the day, or be Refused."""
        today = self.market.clock().date()
        if sum(at.date() == today for at, _ in self.reveal_log) >= self.quota:
            raise Refused("解密额度不足，请明日再试或申请提额")
        if order.tab() == "已关闭":
            raise Refused("订单已关闭，无法查看")
        self.reveal_log.append((self.market.clock(), order.number))

    def write_note(self, order: ShopOrder, flag: str, remark: str) -> None:
        order.flag, order.remark = flag, remark
        self.notes.append(NoteWrite(order.number, flag, remark, self.market.clock()))

    # the truth

    def reveals(self, order: str) -> int:
        """How often the receiver of this order was revealed."""
        return sum(number == order for _, number in self.reveal_log)

    @property
    def requests(self) -> list[RequestRecord]:
        return [record for record in self.market.requests if record.site == "shop"]

    def truth(self) -> dict[str, Any]:
        from tests.market.core import plain

        held = {number: {**asdict(order), "reveals": self.reveals(number)} for number, order in self.orders.items()}
        known = {"shops": self.shops, "orders": held, "notes": self.notes, "shipments": self.shipments}
        known |= {"quota": {"most": self.quota, "used": len(self.reveal_log)}, "sessions": len(self.sessions)}
        return {name: plain(value) for name, value in known.items()}

    # what was left out

    def _number(self) -> str:
        return "69" + "".join(self.random.choices("0123456789", k=17))

    def _lines(self, told: Sequence[Mapping[str, Any] | ShopLine], order: str) -> list[ShopLine]:
        told = told or (self.random.choice(GOODS),)
        return [
            one
            if isinstance(one, ShopLine)
            else ShopLine(**{"number": _line_number(order, at), "product_id": product_id(one["title"]), **one})
            for at, one in enumerate(told, 1)
        ]

    def _receiver(self, told: Mapping[str, str] | ShopReceiver | None) -> ShopReceiver:
        if isinstance(told, ShopReceiver):
            return told
        region = self.random.choice(REGIONS)
        some = {
            "name": self.random.choice("赵钱孙李周吴郑王陈林")
            + self.random.choice(("敏", "建国", "雨桐", "子涵", "秀英", "伟")),
            "phone": "138" + "".join(self.random.choices("0123456789", k=8)),
            **dict(zip(("province", "city", "district"), region.shop, strict=True)),
            "town": region.towns[0],
            "detail": f"{self.random.choice(('人民路', '文一路', '解放街'))}{self.random.randint(1, 200)}号{self.random.randint(1, 30)}幢",
        }
        return ShopReceiver(**{**some, **(told or {})})


def product_id(title: str) -> str:
    """The shop's id of the product sold under this title: nineteen digits, as Excel destroys them."""
    return f"35{zlib.crc32(title.encode()) * 7919:017d}"


def _line_number(order: str, at: int) -> str:
    """A number of its own, like the order's but not the next one: 6920000000000000017 → 6920000000000005018."""
    return f"{order[:-4]}{(int(order[-4:]) + 5000 + at) % 10000:04d}"


def _time(told: datetime | str | None) -> datetime | None:
    if isinstance(told, str):
        told = datetime.fromisoformat(told)
    return told if told is None or told.tzinfo else told.replace(tzinfo=SHANGHAI)
