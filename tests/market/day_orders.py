"""The orders of the day: a table, one row a trap, and with each its end at the shops and the suppliers, written by hand.

An end is what really stands there when everything has come to rest: what was bought where (`bought`), which parcels the
shop shows (`parcels`), whether the colleagues' note stands (`noted`), how often the receiver was revealed (`reveals`),
and for what reason a person is asked (`asks`, the words of agent/work/reasons.py). What is not named did not happen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from agent.work.reference import reference
from tests.market.demo_orders import PRODUCTS, line, number, to

if TYPE_CHECKING:
    from tests.market.day import Day

# Our name of each shop → the name its pages show.
SHOPS: Mapping[str, str] = {"xiaolin": "小林家居馆", "shuma": "小林数码专营店"}

# By mall: product → title, specification → (price in 分, stock).
SHELVES: Mapping[str, Mapping[str, tuple[str, Mapping[str, tuple[int, int]]]]] = {
    "yiwu": PRODUCTS,
    "hangzhou": {
        "HZ3001": ("香薰蜡烛 礼盒装", {"茉莉": (1590, 200), "白茶": (1590, 200)}),
        "HZ3002": ("加厚纯棉毛巾", {"灰色": (690, 300), "米色": (690, 300)}),
    },
}

# Our name of each seller at 1688 → the name the marketplace shows, and what is sold there: offer → title, axes, price and stock.
SELLERS: Mapping[str, tuple[str, Mapping[str, tuple[str, tuple[str, ...], Mapping[str, tuple[int, int]]]]]] = {
    "cloth": (
        "杭州织里服饰厂",
        {"610002000001": ("纯棉圆领短袖T恤", ("颜色", "尺码"), {"黑色;L": (1800, 90), "黑色;XL": (1900, 90)})},
    ),
    "hooks": ("永康五金小铺", {"610002000002": ("无痕粘钩", (), {"单个": (320, 500)})}),
}

# merchant code, specification in the shop → supplier, product, its specification, pieces for one of ours, cost, ceiling in 分
TABLE: tuple[tuple[str, str, str, str, str, int, int, int], ...] = (
    ("SNK", "米白/M", "yiwu", "YW2001", "米白/M", 1, 1280, 1500),
    ("SNK", "米白/L", "yiwu", "YW2001", "米白/L", 1, 1680, 1900),
    ("SNK", "米白/XL", "yiwu", "YW2001", "米白/XL", 1, 1980, 2200),
    ("SNK", "藏青/L", "yiwu", "YW2001", "藏青/L", 1, 1690, 1900),
    ("BLB", "透明 350ml", "yiwu", "YW2002", "透明 350ml", 1, 890, 1000),
    ("BLB", "茶色 350ml", "yiwu", "YW2002", "茶色 350ml", 1, 890, 1000),
    ("BLB", "透明 500ml", "yiwu", "YW2002", "透明 500ml", 1, 1090, 1200),
    ("BLB", "透明 350ml 两只装", "yiwu", "YW2002", "透明 350ml", 2, 890, 1000),
    ("BWB", "奶白", "yiwu", "YW2003", "奶白", 1, 3600, 3900),
    ("XZP", "茉莉", "hangzhou", "HZ3001", "茉莉", 1, 1590, 1800),
    ("MJ", "灰色 三条装", "hangzhou", "HZ3002", "灰色", 3, 690, 800),
    ("MJ", "米色 单条", "hangzhou", "HZ3002", "米色", 1, 690, 800),
    ("TX", "黑色/L", "cloth", "610002000001", "黑色;L", 1, 1800, 2000),
    ("ZG", "单个", "hooks", "610002000002", "单个", 1, 320, 400),
)

Goods = tuple[str, str, int]  # the supplier's product, its specification, pieces
Happening = Callable[["Day", "DayOrder"], object]

SNK_L = line("SNK", "米白/L")
BLB_T = line("BLB", "茶色 350ml")
CANDLE = line("XZP", "茉莉")
TOWEL = {"title": "加厚纯棉毛巾 家用", "specification": "米色 单条", "merchant_code": "MJ", "quantity": 1}
TOWELS = {**TOWEL, "specification": "灰色 三条装"}
SHIRT = {"title": "男士纯棉T恤 圆领", "specification": "黑色/L", "merchant_code": "TX", "quantity": 1}
HOOKS = {"title": "免打孔强力挂钩", "specification": "单个", "merchant_code": "ZG", "quantity": 5}
UNKNOWN = {"title": "桌面手机支架", "specification": "白色", "merchant_code": "ZJ", "quantity": 1}


@dataclass(frozen=True)
class Bought:
    """A purchase as it must stand at a supplier in the end, once. `lines` are the ordinals of the order's lines in it, () all.

    `orders` is how many orders the supplier made of it.
    """

    supplier: str
    goods: tuple[Goods, ...]
    counter: int = 1
    state: str = "shipped"
    lines: tuple[int, ...] = ()
    orders: int = 1


@dataclass(frozen=True)
class In:
    """A parcel as the shop must show it in the end: `lines` are the ordinals of the order's lines in it, whole.

    `pieces`: how many of a line, where not all.
    """

    carrier: str
    tracking_number: str
    lines: tuple[int, ...] = (1,)
    pieces: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class DayOrder:
    """One row: what the buyer ordered, with which run it comes, what happens before which run, and how it must end."""

    at: int
    trap: str
    bought: tuple[Bought, ...] = ()
    lines: tuple[Mapping[str, Any], ...] = (SNK_L,)
    receiver: Mapping[str, str] = field(default_factory=dict)
    parcels: tuple[In, ...] | None = None  # None: one from each purchase, sent when the suppliers send
    asks: tuple[str, ...] = ()
    noted: bool = True
    reveals: int = 1
    shop: str = "xiaolin"
    comes: int = 1
    happens: Mapping[int, Happening] = field(default_factory=dict)
    says: Literal["yes", "no", "later"] = "yes"  # what a person answers when the purchase is laid out for a yes
    more: Mapping[str, Any] = field(default_factory=dict)  # of ShopState.add_order
    age: timedelta | None = None  # ordered so long before the day began; None: some time of the last thirty hours
    ship_in: timedelta | None = None  # to be shipped so long after the day began; None: as the shop says
    short: bool = False  # one of the shortened day

    @property
    def number(self) -> str:
        return number(self.at + 100)

    @property
    def sent(self) -> bool:
        """Whether the suppliers send its purchases in the ordinary way."""
        return self.parcels is None

    def reference(self, counter: int = 1) -> str:
        return reference(self.shop, self.number, counter)

    def tracking_number(self, counter: int = 1) -> str:
        """The number under which the purchase is sent, where nothing else is said."""
        return f"YT{69_308_300 + self.at}{counter:05d}"

    def expected_parcels(self) -> tuple[In, ...]:
        if self.parcels is not None:
            return self.parcels
        everything = tuple(range(1, len(self.lines) + 1))
        sent = [each for each in self.bought if each.state == "shipped"]
        return tuple(In("圆通速递", self.tracking_number(each.counter), each.lines or everything) for each in sent)


def someone(at: int) -> dict[str, str]:
    """A receiver like no other."""
    streets = (
        ("浙江省", "杭州市", "临平区", "南苑街道"),
        ("江苏省", "苏州市", "昆山市", "花桥镇"),
        ("湖北省", "武汉市", "洪山区", "关山街道"),
        ("四川省", "成都市", "武侯区", "桂溪街道"),
        ("山东省", "青岛市", "市南区", "八大湖街道"),
        ("湖南省", "长沙市", "岳麓区", "麓谷街道"),
    )
    names = ("周雨桐", "李敏", "王建国", "陈秀英", "孙子涵", "吴伟", "郑小雅")
    phone = f"139{20_000_000 + at * 7_919:08d}"
    return to(names[at % len(names)], phone, *streets[at % len(streets)], f"解放路{at}号{at % 30 + 1}幢")
