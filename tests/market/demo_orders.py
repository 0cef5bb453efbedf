"""The orders of the demo: a table, one row a trap, with the expected end written by hand.

`end` is where the order must stand when everything has come to rest: "shipped" (bought once, number in the shop, note
written), "parked" (nothing bought, a person is asked) or "left" (not ours, not yet, or not wanted any more: nobody is
asked). `says` are words that the inbox item or the reason must contain, in the kinds of `agent/errors.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from agent.work.reference import reference
from tests.market.core import Market

SHOP = "xiaolin"
End = Literal["shipped", "parked", "left"]

PRODUCTS: Mapping[str, tuple[str, Mapping[str, tuple[int, int]]]] = {
    "YW2001": (
        "日式棉麻收纳筐",
        {"米白/M": (1280, 200), "米白/L": (1680, 200), "米白/XL": (1980, 200), "藏青/L": (1690, 200)},
    ),
    "YW2002": ("高硼硅玻璃杯", {"透明 350ml": (890, 200), "茶色 350ml": (890, 200), "透明 500ml": (1090, 2)}),
    "YW2003": ("陶瓷保温杯", {"奶白": (4590, 50)}),
}

# merchant code, specification in the shop → product, the supplier's specification, cost and ceiling in 分
TABLE: tuple[tuple[str, str, str, str, int, int], ...] = (
    ("SNK", "米白/M", "YW2001", "米白/M", 1280, 1500),
    ("SNK", "米白/L", "YW2001", "米白/L", 1680, 1900),
    ("SNK", "米白/XL", "YW2001", "米白/XL", 1980, 2200),
    ("SNK", "藏青/L", "YW2001", "藏青/L", 1690, 1900),
    ("BLB", "透明 350ml", "YW2002", "透明 350ml", 890, 1000),
    ("BLB", "茶色 350ml", "YW2002", "茶色 350ml", 890, 1000),
    ("BLB", "透明 500ml", "YW2002", "透明 500ml", 1090, 1200),
    ("BWB", "奶白", "YW2003", "奶白", 3600, 3900),
)

TITLES = {
    "SNK": "日式棉麻收纳筐 桌面杂物整理盒",
    "BLB": "ins风高硼硅玻璃杯 家用水杯",
    "BWB": "陶瓷内胆保温杯",
    "XZP": "香薰蜡烛 礼盒装",
}


def line(code: str, specification: str, quantity: int = 1) -> dict[str, Any]:
    return {"title": TITLES[code], "specification": specification, "merchant_code": code, "quantity": quantity}


def to(name: str, phone: str, province: str, city: str, district: str, town: str, detail: str) -> dict[str, str]:
    return {
        "name": name,
        "phone": phone,
        "province": province,
        "city": city,
        "district": district,
        "town": town,
        "detail": detail,
    }


HANGZHOU = to("周雨桐", "13811112222", "浙江省", "杭州市", "临平区", "南苑街道", "人民大道88号3幢1202室")


@dataclass(frozen=True)
class DemoOrder:
    """One row: what the buyer ordered, what goes wrong, and how it must end."""

    number: str
    trap: str
    end: End
    lines: tuple[dict[str, Any], ...] = (line("SNK", "米白/L"),)
    receiver: Mapping[str, str] = field(default_factory=lambda: HANGZHOU)
    says: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)  # of ShopState.add_order
    happens: Callable[[Market, DemoOrder], None] | None = None
    reveals: int = 1

    @property
    def reference(self) -> str:
        return reference(SHOP, self.number, 1)


def _bought_by_hand(market: Market, order: DemoOrder) -> None:
    market.mall.add_order(
        [("YW2001", "米白/L", 1)],
        name=order.receiver["name"],
        phone=order.receiver["phone"],
        region=("浙江", "杭州", "余杭区"),
        address=order.receiver["town"] + order.receiver["detail"],
    )


def _cancelled_while_filling(market: Market, order: DemoOrder) -> None:
    market.faults.add("kill_before", order.reference, "confirm", call=lambda: market.shop.cancel(order.number))


def _answer_lost(market: Market, order: DemoOrder) -> None:
    market.faults.add("drop_after", order.reference, "submit")


def _says_done_does_nothing(market: Market, order: DemoOrder) -> None:
    market.faults.add("success_shown_write_rejected", order.reference, "submit")


def _written_but_says_error(market: Market, order: DemoOrder) -> None:
    market.faults.add("write_done_error_shown", order.reference, "submit")


def _refund_open(market: Market, order: DemoOrder) -> None:
    market.shop.open_refund(order.number)


def _address_asked(market: Market, order: DemoOrder) -> None:
    market.shop.change_address(order.number, detail="新家路1号")


def number(at: int) -> str:
    return f"69{2026112200000000000 // 100 + at * 7919:017d}"


ORDERS: tuple[DemoOrder, ...] = (
    DemoOrder(number(1), "nothing special", "shipped"),
    DemoOrder(
        number(2),
        "virtual number with an extension",
        "shipped",
        receiver=to("李敏", "18400913965-7576", "江苏省", "苏州市", "昆山市", "花桥镇", "光明路1号"),
    ),
    DemoOrder(
        number(3),
        "a municipality",
        "shipped",
        receiver=to("王建国", "13900001111", "北京市", "北京市", "朝阳区", "望京街道", "阜通东大街6号院3号楼"),
    ),
    DemoOrder(
        number(4),
        "a county straight under its province",
        "shipped",
        receiver=to("陈秀英", "13700002222", "湖北省", "省直辖县级行政区划", "仙桃市", "沙嘴街道", "何李路15号"),
    ),
    DemoOrder(
        number(5),
        "emoji, full-width digits, # and blanks in the address",
        "shipped",
        receiver=to(
            "小林🌸", "13600003333", "四川省", "成都市", "武侯区", "桂溪街道", "天府大道１２８８号 5#楼，2单元【蜂巢】"
        ),
    ),
    DemoOrder(number(6), "quantity 3", "shipped", lines=(line("BLB", "透明 350ml", 3),)),
    DemoOrder(number(7), "L beside XL", "shipped", lines=(line("SNK", "藏青/L"),)),
    DemoOrder(
        number(8),
        "two products in one order",
        "shipped",
        lines=(line("SNK", "米白/XL"), line("BLB", "茶色 350ml", 2)),
        receiver=to("吴伟", "13500004444", "广东省", "深圳市", "南山区", "粤海街道", "科技园路1号"),
    ),
    DemoOrder(
        number(9),
        "the supplier's answer is lost on the way, the order stands",
        "shipped",
        receiver=to("孙子涵", "13400005555", "上海市", "上海市", "浦东新区", "张江镇", "祖冲之路887弄6号"),
        happens=_answer_lost,
    ),
    DemoOrder(
        number(10),
        "the supplier writes the order and shows an error",
        "shipped",
        receiver=to("郑雨桐", "13300006666", "山东省", "青岛市", "市南区", "八大湖街道", "香港中路40号"),
        happens=_written_but_says_error,
    ),
    DemoOrder(
        number(11),
        "the supplier says done and writes nothing",
        "parked",
        receiver=to("冯敏", "13200007777", "湖南省", "长沙市", "岳麓区", "麓谷街道", "尖山路39号"),
        happens=_says_done_does_nothing,
        says="OutcomeUnknown",
    ),
    DemoOrder(
        number(12),
        "cancelled by the buyer while the form is being filled",
        "left",
        receiver=to("钱伟", "13100008888", "天津市", "天津市", "南开区", "学府街道", "卫津路94号"),
        happens=_cancelled_while_filling,
    ),
    DemoOrder(number(13), "a refund is open", "left", happens=_refund_open, reveals=0),
    DemoOrder(
        number(14),
        "a colleague has bought it by hand already",
        "parked",
        receiver=to("赵雨桐", "18800009999", "浙江省", "杭州市", "余杭区", "仓前街道", "文一西路969号"),
        happens=_bought_by_hand,
        says="Mismatch",
    ),
    DemoOrder(
        number(15), "the supplier's price is above the ceiling", "parked", lines=(line("BWB", "奶白"),), says="LimitReached"
    ),
    DemoOrder(number(16), "under review by the platform", "left", more={"state": "风控审核中"}, reveals=0),
    DemoOrder(number(17), "the buyer wants another address", "parked", happens=_address_asked, says="Mismatch", reveals=0),
    DemoOrder(number(18), "flagged red by a colleague", "left", more={"flag": "红", "remark": "客服：先别发"}, reveals=0),
    DemoOrder(number(19), "a state that nobody knows", "parked", more={"state": "待拼团"}, says="Mismatch", reveals=0),
    DemoOrder(
        number(20), "more than the supplier has in stock", "parked", lines=(line("BLB", "透明 500ml", 5),), says="SiteRefused"
    ),
    DemoOrder(number(21), "no supplier product for it", "parked", lines=(line("XZP", "茉莉"),), says="unmapped", reveals=0),
    DemoOrder(
        number(22),
        "a phone number that is none",
        "parked",
        receiver=to("何敏", "12345", "福建省", "福州市", "鼓楼区", "东街街道", "八一七北路1号"),
        says="Mismatch",
    ),
    DemoOrder(
        number(23),
        "a district that the supplier does not offer",
        "parked",
        receiver=to("许伟", "18600001234", "江苏省", "苏州市", "工业园区", "唯亭街道", "星湖街328号"),
        says="Mismatch",
    ),
)


def put_up(market: Market, count: int) -> tuple[DemoOrder, ...]:
    """Fill the shelves and the shop with the first `count` orders, oldest first, and arm their traps."""
    for product, (title, specs) in PRODUCTS.items():
        market.mall.add_product(product, title, dict(specs))
    chosen = ORDERS[:count]
    now = market.clock().replace(microsecond=0)
    for at, order in enumerate(chosen):
        market.shop.add_order(
            order.number,
            lines=order.lines,
            receiver=order.receiver,
            ordered_at=now - timedelta(hours=30) + timedelta(minutes=20 * at),
            **order.more,
        )
        if order.happens:
            order.happens(market, order)
    return chosen
