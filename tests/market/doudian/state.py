"""What the shop really holds: orders with their true receivers, sessions, the day's reveals, every note and parcel written.

The pages show less than this (masked receivers, twenty orders a page) and the faults show it wrongly. Tests and the demo
act here as buyer and platform, in-process or through the truth port; times may be given as ISO 8601 there.
"""

from __future__ import annotations

import random
import re
import secrets
import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from agent.models import SHANGHAI
from tests.market.doudian.carriers import CARRIERS
from tests.market.regions import REGIONS

if TYPE_CHECKING:
    from tests.market.core import Market, RequestRecord

FLAGS = ("灰", "紫", "青", "绿", "橙", "红")
TO_SHIP = ("待发货", "备货中", "部分发货")
TABS: Mapping[str, tuple[str, ...]] = {
    "待支付": ("待支付", "待确认"),
    "已发货": ("已发货",),
    "已完成": ("已完成",),
    "已关闭": ("已关闭", "已取消"),
}
NO_AFTER_SALES = ("-", "无售后", "售后关闭")
LONGEST_REMARK = 200
MOST_CHANGES = 2  # of a parcel's number
GOODS: tuple[Mapping[str, Any], ...] = (
    {"title": "日式棉麻收纳筐 桌面杂物整理盒", "specification": "米白/大号", "merchant_code": "SNK-01-L", "price": 2990},
    {"title": "ins风高硼硅玻璃杯 家用水杯", "specification": "透明 500ml", "merchant_code": "BLB-500", "price": 1990},
    {"title": "加厚硅藻泥浴室防滑地垫", "specification": "灰色/40×60cm", "merchant_code": "DD-4060", "price": 3900},
    {"title": "不锈钢保温饭盒 学生带饭", "specification": "雾蓝/双层", "merchant_code": "FH-2-BL", "price": 5900},
)


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

    def tab(self) -> str:
        """Under which tab it stands; under review, and states nobody knows, stand among those to ship."""
        return next((tab for tab, states in TABS.items() if self.state in states), "备货中")


@dataclass
class Session:
    """A browser signed in. `shop` is "" until one is picked; `tab_kept` a filter that outlives the page (a fault)."""

    shop: str = ""
    tab_kept: str = ""
    notice_due: bool = True
    guide_due: bool = True


class ShopState:
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
        for one in self.orders[order].lines:
            if line in ("", one.number):
                one.after_sales = words

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

    def mergeable(self, order: ShopOrder) -> list[ShopOrder]:
        """The orders of the same receiver that may go into one parcel with this one; it comes first."""
        others = [
            one
            for one in self.orders.values()
            if one is not order and one.shop == order.shop and one.receiver == order.receiver and one.state in TO_SHIP
        ]
        return [order, *others]

    def check_pack(self, pack: Mapping[str, Mapping[str, int]], carrier: str, tracking_number: str) -> None:
        """What the real shop checks of a parcel: order → line → pieces."""
        orders = [self.orders[number] for number in pack]
        if len({order.receiver for order in orders}) > 1:
            raise Refused("收货人信息不一致，无法合并发货")
        for order in orders:
            self.check_ship(order, carrier, tracking_number, list(pack[order.number]), together=set(pack))
            rest = {line.number: line.rest for line in order.lines}
            if any(not 0 < pieces <= rest[line] for line, pieces in pack[order.number].items()):
                raise Refused("发货数量超过可发数量")

    def write_pack(self, pack: Mapping[str, Mapping[str, int]], carrier: str, tracking_number: str) -> list[Parcel]:
        return [self.write_parcel(self.orders[number], carrier, tracking_number, lines) for number, lines in pack.items()]

    def check_change(self, order: ShopOrder, ordinal: int, carrier: str, tracking_number: str) -> None:
        parcel = order.parcels[ordinal - 1]
        if parcel.changed >= MOST_CHANGES:
            raise Refused("运单号修改次数已达上限")
        if carrier not in CARRIERS or not re.fullmatch(r"[A-Za-z0-9-]{8,30}", tracking_number):
            raise Refused("运单号格式错误，请检查后重新输入")
        if any(one.tracking_number == tracking_number and one.order != order.number for one in self.shipments):
            raise Refused("该运单号已被其他订单使用")

    def write_change(self, order: ShopOrder, ordinal: int, carrier: str, tracking_number: str) -> None:
        old = order.parcels[ordinal - 1]
        new = replace(old, carrier=carrier, tracking_number=tracking_number, changed=old.changed + 1)
        order.parcels[ordinal - 1] = new
        self.shipments[self.shipments.index(old)] = new

    def check_ship(
        self, order: ShopOrder, carrier: str, tracking_number: str, lines: Sequence[str], *, together: Collection[str] = ()
    ) -> None:
        """What the real shop checks before it takes a tracking number. `together`: the orders that share the parcel."""
        if order.state not in TO_SHIP:
            raise Refused("订单已关闭，无法发货" if order.tab() == "已关闭" else "订单状态已变更，请刷新后重试")
        if carrier not in CARRIERS:
            raise Refused("请选择快递公司")
        if not re.fullmatch(r"[A-Za-z0-9-]{8,30}", tracking_number):
            raise Refused("运单号格式错误，请检查后重新输入")
        if any(one.tracking_number == tracking_number and one.order not in {order.number, *together} for one in self.shipments):
            raise Refused("该运单号已被其他订单使用")
        if not lines or not {line.number for line in order.lines if line.ships()}.issuperset(lines):
            raise Refused("所选商品存在进行中的售后，无法发货")

    def write_parcel(
        self, order: ShopOrder, carrier: str, tracking_number: str, lines: Sequence[str] | Mapping[str, int]
    ) -> Parcel:
        """A parcel with so many pieces of these lines; without a number all that is left of each."""
        held = {line.number: line for line in order.lines}
        told = lines if isinstance(lines, Mapping) else {number: held[number].rest or held[number].quantity for number in lines}
        facts = (order.number, len(order.parcels) + 1, carrier, tracking_number, tuple(told), self.market.clock())
        parcel = Parcel(*facts, pieces=tuple(told.items()))
        order.parcels.append(parcel)
        self.shipments.append(parcel)
        for number, pieces in told.items():
            held[number].sent += pieces
            held[number].parcel = held[number].parcel if held[number].rest else parcel.ordinal
        order.state = "部分发货" if any(line.ships() for line in order.lines) else "已发货"
        return parcel

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
