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
from tests.market.demo_orders import HANGZHOU, PRODUCTS, line, number, to

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
)

Goods = tuple[str, str, int]  # the supplier's product, its specification, pieces
Happening = Callable[["Day", "DayOrder"], object]

SNK_L = line("SNK", "米白/L")
BLB_T = line("BLB", "茶色 350ml")
CANDLE = line("XZP", "茉莉")
TOWEL = {"title": "加厚纯棉毛巾 家用", "specification": "米色 单条", "merchant_code": "MJ", "quantity": 1}
TOWELS = {**TOWEL, "specification": "灰色 三条装"}


@dataclass(frozen=True)
class Bought:
    """A purchase as it must stand at a supplier in the end, once."""

    supplier: str
    goods: tuple[Goods, ...]
    counter: int = 1
    state: str = "shipped"


@dataclass(frozen=True)
class In:
    """A parcel as the shop must show it in the end: `lines` are the ordinals of the order's lines in it."""

    carrier: str
    tracking_number: str
    lines: tuple[int, ...] = (1,)


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
        return tuple(In("圆通速递", self.tracking_number(each.counter), everything) for each in self.bought)


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


# ---- what happens


def at_supplier(kind: str, point: str, **told: Any) -> Happening:
    """A fault at the supplier, bound to the order's first purchase."""
    return lambda day, one: day.market.faults.add(kind, one.reference(), point, **told)


def at_shop(kind: str, point: str, **told: Any) -> Happening:
    return lambda day, one: day.market.faults.add(kind, one.number, point, **told)


def while_filling(happening: Happening) -> Happening:
    """It happens when the program has filled the form and asks for the confirm page."""
    return lambda day, one: day.market.faults.add("kill_before", one.reference(), "confirm", call=lambda: happening(day, one))


def cancelled(day: Day, one: DayOrder) -> None:
    day.market.shop.cancel(one.number)


def refund_opened(day: Day, one: DayOrder) -> None:
    day.market.shop.open_refund(one.number)


def another_address(day: Day, one: DayOrder) -> None:
    day.market.shop.change_address(one.number, detail="新家路1号")


def bought_by_hand(day: Day, one: DayOrder) -> None:
    told = one.receiver or someone(one.at)
    region = (told["province"].rstrip("省市"), told["city"].rstrip("市"), told["district"])
    day.market.mall.add_order(
        [("YW2001", "米白/L", 1)], name=told["name"], phone=told["phone"], region=region, address=told["town"] + told["detail"]
    )


def cancelled_by_the_supplier(day: Day, one: DayOrder) -> None:
    (made,) = day.market.mall.orders_with(one.reference())
    day.market.mall.cancel(made.number)


def sends(carrier: str, *numbers: str) -> Happening:
    """The supplier of the first purchase sends it, a parcel a number."""

    def sent(day: Day, one: DayOrder) -> None:
        mall = day.market.malls[one.bought[0].supplier]
        (made,) = mall.orders_with(one.reference())
        for each in numbers:
            mall.ship(made.number, carrier, each)

    return sent


def both(first: Happening, then: Happening) -> Happening:
    return lambda day, one: (first(day, one), then(day, one))


def sent_as_usual(day: Day, one: DayOrder) -> None:
    """Every purchase of the order leaves, each under a number of its own."""
    for each in one.bought:
        for made in day.made(one, each):
            day.market.malls[each.supplier].ship(made.number, "圆通", one.tracking_number(each.counter))


def reveals_used_up(day: Day, one: DayOrder) -> None:
    """With the order of this order, the platform's quota of the day is gone."""
    day.market.faults.add("kill_before", one.reference(), "submit", call=lambda: day.market.shop.set_quota(0))


def reveals_raised(day: Day, one: DayOrder) -> None:
    day.market.shop.set_quota(1000)


# ---- the table

L1 = (("YW2001", "米白/L", 1),)
ONE_L = (Bought("yiwu", L1),)
TWIN = someone(71)
JUST_NOW = timedelta(seconds=40)

ORDERS: tuple[DayOrder, ...] = (
    # what ends well
    DayOrder(1, "nothing special", ONE_L, short=True),
    DayOrder(2, "nothing special", (Bought("yiwu", (("YW2002", "茶色 350ml", 1),)),), (BLB_T,)),
    DayOrder(3, "quantity 3", (Bought("yiwu", (("YW2002", "透明 350ml", 3),)),), (line("BLB", "透明 350ml", 3),)),
    DayOrder(4, "L beside XL", (Bought("yiwu", (("YW2001", "藏青/L", 1),)),), (line("SNK", "藏青/L"),)),
    DayOrder(
        5,
        "virtual number with an extension",
        ONE_L,
        receiver=to("李敏", "18400913965-7576", "江苏省", "苏州市", "昆山市", "花桥镇", "光明路1号"),
    ),
    DayOrder(
        6,
        "a municipality",
        ONE_L,
        receiver=to("王建国", "13900001111", "北京市", "北京市", "朝阳区", "望京街道", "阜通东大街6号院3号楼"),
    ),
    DayOrder(
        7,
        "a county straight under its province",
        ONE_L,
        receiver=to("陈秀英", "13700002222", "湖北省", "省直辖县级行政区划", "仙桃市", "沙嘴街道", "何李路15号"),
    ),
    DayOrder(
        8,
        "emoji, full-width digits, # and blanks in the address",
        ONE_L,
        receiver=to(
            "小林🌸", "13600003333", "四川省", "成都市", "武侯区", "桂溪街道", "天府大道１２８８号 5#楼，2单元【蜂巢】"
        ),
    ),
    DayOrder(
        9,
        "two products of one mall",
        (Bought("yiwu", (("YW2001", "米白/XL", 1), ("YW2002", "茶色 350ml", 2))),),
        (line("SNK", "米白/XL"), line("BLB", "茶色 350ml", 2)),
        short=True,
    ),
    DayOrder(
        10,
        "two of a product sold by two",
        (Bought("yiwu", (("YW2002", "透明 350ml", 4),)),),
        (line("BLB", "透明 350ml 两只装", 2),),
        short=True,
    ),
    DayOrder(11, "the answer is lost, the order stands", ONE_L, happens={1: at_supplier("drop_after", "submit")}, short=True),
    DayOrder(
        12, "the order is written, an error is shown", ONE_L, happens={1: at_supplier("write_done_error_shown", "submit")}
    ),
    DayOrder(13, "one buyer orders the same twice", ONE_L, receiver=TWIN),
    DayOrder(14, "the second of the same", ONE_L, receiver=TWIN),
    DayOrder(15, "comes between the runs", ONE_L, comes=2, short=True),
    DayOrder(16, "the shop's answer to the tracking number is lost", ONE_L, happens={2: at_shop("drop_after", "ship")}),
    DayOrder(17, "comes at last, not sent yet", (Bought("yiwu", L1, state="placed"),), comes=3, parcels=()),
    # the other mall, where a person says yes to each purchase
    DayOrder(20, "waits for a yes", (Bought("hangzhou", (("HZ3001", "茉莉", 1),)),), (CANDLE,), short=True),
    DayOrder(
        21, "two of a product sold by three", (Bought("hangzhou", (("HZ3002", "灰色", 6),)),), ({**TOWELS, "quantity": 2},)
    ),
    DayOrder(22, "a person says no", lines=(CANDLE,), says="no", noted=False, reveals=0, short=True),
    DayOrder(23, "a person says not now", lines=(CANDLE,), says="later", asks=("review",), noted=False, reveals=0),
    DayOrder(
        24,
        "one product each of two suppliers",
        (Bought("yiwu", L1, 1), Bought("hangzhou", (("HZ3001", "茉莉", 1),), 2)),
        (SNK_L, CANDLE),
        parcels=(),
        asks=("parcels",),
        happens={3: sent_as_usual},
        short=True,
    ),
    DayOrder(
        25,
        "ordered just now; the cut-off comes first and the next day is closed",
        (Bought("hangzhou", (("HZ3002", "米色", 1),)),),
        (TOWEL,),
        age=JUST_NOW,
        ship_in=timedelta(hours=30),
    ),
    # waiting, and what buyers do meanwhile
    DayOrder(30, "ordered just now, waits in case the buyer cancels", age=JUST_NOW, noted=False, reveals=0),
    DayOrder(
        31, "ordered just now, cancelled meanwhile", age=JUST_NOW, noted=False, reveals=0, happens={2: cancelled}, short=True
    ),
    DayOrder(32, "a refund is open", noted=False, reveals=0, happens={1: refund_opened}),
    DayOrder(
        33,
        "a refund is opened while the form is filled",
        asks=("changed",),
        noted=False,
        happens={1: while_filling(refund_opened)},
    ),
    DayOrder(34, "cancelled while the form is filled", asks=("changed",), noted=False, happens={1: while_filling(cancelled)}),
    DayOrder(
        35,
        "a refund is opened between buying and shipping",
        ONE_L,
        parcels=(),
        asks=("changed",),
        happens={2: both(sent_as_usual, refund_opened)},
        short=True,
    ),
    DayOrder(36, "another address is asked for", asks=("changed",), noted=False, reveals=0, happens={1: another_address}),
    # what the shop says of an order
    DayOrder(40, "a colleague's word against it", noted=False, reveals=0, more={"remark": "客服：不发，等买家回复"}),
    DayOrder(41, "flagged red by a colleague", noted=False, reveals=0, more={"flag": "红", "remark": "先别发"}),
    DayOrder(42, "under review by the platform", noted=False, reveals=0, more={"state": "风控审核中"}),
    DayOrder(43, "a state that nobody knows", asks=("unreadable",), noted=False, reveals=0, more={"state": "待拼团"}),
    # what stops before the click
    DayOrder(50, "dearer than the ceiling", lines=(line("BWB", "奶白"),), asks=("ceiling",), noted=False),
    DayOrder(51, "more than there are in stock", lines=(line("BLB", "透明 500ml", 5),), asks=("SiteRefused",), noted=False),
    DayOrder(52, "bought by hand already", asks=("alike",), noted=False, happens={1: bought_by_hand}, short=True),
    DayOrder(
        53,
        "a phone number that is none",
        asks=("receiver",),
        noted=False,
        receiver={**HANGZHOU, "name": "何敏", "phone": "12345"},
    ),
    # what the supplier does
    DayOrder(
        60,
        "says done and writes nothing",
        asks=("OutcomeUnknown",),
        noted=False,
        happens={1: at_supplier("success_shown_write_rejected", "submit")},
    ),
    DayOrder(
        61,
        "another price after the confirm page",
        (Bought("yiwu", (("YW2001", "米白/M", 1),), state="placed"),),
        (line("SNK", "米白/M"),),
        parcels=(),
        asks=("held",),
        noted=False,
        happens={1: at_supplier("price_changes", "submit", value=1340)},
    ),
    DayOrder(
        62,
        "cancelled by the supplier after buying",
        (Bought("yiwu", L1, state="cancelled"),),
        parcels=(),
        asks=("cancelled",),
        happens={2: cancelled_by_the_supplier},
    ),
    DayOrder(
        63, "a carrier nobody knows", ONE_L, parcels=(), asks=("tracking",), happens={2: sends("火箭速达", "HJ20261125001")}
    ),
    # the other shop
    DayOrder(80, "of the other shop", ONE_L, shop="shuma", short=True),
    DayOrder(
        81,
        "of the other shop",
        (Bought("yiwu", (("YW2002", "茶色 350ml", 2),)),),
        (line("BLB", "茶色 350ml", 2),),
        shop="shuma",
    ),
    DayOrder(
        82,
        "of the other shop, with a yes",
        (Bought("hangzhou", (("HZ3001", "茉莉", 2),)),),
        ({**CANDLE, "quantity": 2},),
        shop="shuma",
    ),
    DayOrder(
        83,
        "the last before the day's reveals are used up",
        ONE_L,
        shop="shuma",
        ship_in=timedelta(hours=60),
        happens={1: reveals_used_up},
        short=True,
    ),
    DayOrder(
        84,
        "the day's reveals are used up; more are granted",
        ONE_L,
        shop="shuma",
        ship_in=timedelta(hours=61),
        happens={2: reveals_raised},
        short=True,
    ),
)
