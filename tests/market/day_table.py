"""The orders of the day: a table, one row a trap, and with each its end at the shops and the suppliers, written by hand.

An end is what really stands there when everything has come to rest: what was bought where (`bought`), which parcels the
shop shows (`parcels`), whether the colleagues' note stands (`noted`), how often the receiver was revealed (`reveals`),
and for what reason a person is asked (`asks`, the words of agent/work/reasons.py). What is not named did not happen.
"""

from __future__ import annotations

from datetime import timedelta

from tests.market.day_deeds import (
    another_address,
    another_number,
    at_shop,
    at_supplier,
    both,
    bought_by_hand,
    cancelled,
    cancelled_by_the_supplier,
    cancelled_unpaid,
    refund_opened,
    reveals_raised,
    reveals_used_up,
    says,
    sends,
    sends_each,
    sent_as_usual,
    while_filling,
)
from tests.market.day_orders import BLB_T, CANDLE, HOOKS, SHIRT, SNK_L, TOWEL, TOWELS, UNKNOWN, Bought, DayOrder, In, someone
from tests.market.demo_orders import HANGZHOU, line, to

L1 = (("YW2001", "米白/L", 1),)
ONE_L = (Bought("yiwu", L1),)
TWIN, NEIGHBOUR = someone(171), someone(172)
FOREIGN = "YT6930990068001"
JUST_NOW = timedelta(seconds=40)

ORDERS: tuple[DayOrder, ...] = (
    # what ends well
    DayOrder(1, "nothing special", ONE_L),
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
    ),
    DayOrder(11, "the answer is lost, the order stands", ONE_L, happens={1: at_supplier("drop_after", "submit")}),
    DayOrder(
        12, "the order is written, an error is shown", ONE_L, happens={1: at_supplier("write_done_error_shown", "submit")}
    ),
    DayOrder(13, "one buyer orders the same twice", ONE_L, receiver=TWIN),
    DayOrder(14, "the second of the same", ONE_L, receiver=TWIN),
    DayOrder(15, "comes between the runs", ONE_L, comes=2),
    DayOrder(16, "the shop's answer to the tracking number is lost", ONE_L, happens={2: at_shop("drop_after", "ship")}),
    DayOrder(17, "comes at last, not sent yet", (Bought("yiwu", L1, state="placed"),), comes=3, parcels=()),
    # the other mall, where a person says yes to each purchase
    DayOrder(20, "waits for a yes", (Bought("hangzhou", (("HZ3001", "茉莉", 1),)),), (CANDLE,), short=True),
    DayOrder(
        21, "two of a product sold by three", (Bought("hangzhou", (("HZ3002", "灰色", 6),)),), ({**TOWELS, "quantity": 2},)
    ),
    DayOrder(22, "a person says no", lines=(CANDLE,), says="no", noted=False, reveals=0),
    DayOrder(23, "a person says not now", lines=(CANDLE,), says="later", noted=False, reveals=0),
    DayOrder(
        24,
        "one product each of two suppliers",
        (Bought("yiwu", L1, 1, lines=(1,)), Bought("hangzhou", (("HZ3001", "茉莉", 1),), 2, lines=(2,))),
        (SNK_L, CANDLE),
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
    DayOrder(31, "ordered just now, cancelled meanwhile", age=JUST_NOW, noted=False, reveals=0, happens={2: cancelled}),
    DayOrder(32, "a refund is open", noted=False, reveals=0, happens={1: refund_opened}),
    DayOrder(
        33,
        "a refund is opened while the form is filled",
        asks=("changed",),
        noted=False,
        happens={1: while_filling(refund_opened)},
    ),
    DayOrder(34, "cancelled while the form is filled", noted=False, happens={1: while_filling(cancelled)}),
    DayOrder(
        35,
        "a refund is opened between buying and shipping",
        ONE_L,
        parcels=(),
        asks=("changed",),
        happens={2: both(sent_as_usual, refund_opened)},
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
    DayOrder(52, "bought by hand already", asks=("alike",), noted=False, happens={1: bought_by_hand}),
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
    # parcels
    DayOrder(
        64,
        "two parcels, the page says what is in each",
        (Bought("yiwu", (("YW2001", "米白/L", 1), ("YW2002", "茶色 350ml", 3))),),
        (SNK_L, line("BLB", "茶色 350ml", 3)),
        parcels=(In("圆通速递", "YT6930990064001", (1,), {2: 1}), In("圆通速递", "YT6930990064002", (), {2: 2})),
        happens={
            2: sends_each(
                "圆通(YTO)",
                {
                    "YT6930990064001": (("YW2001", "米白/L", 1), ("YW2002", "茶色 350ml", 1)),
                    "YT6930990064002": (("YW2002", "茶色 350ml", 2),),
                },
            )
        },
        short=True,
    ),
    DayOrder(
        65,
        "two parcels, nobody says what is in which; the seller tells it",
        (Bought("yiwu", (("YW2001", "米白/L", 1), ("YW2002", "茶色 350ml", 1))),),
        (SNK_L, BLB_T),
        parcels=(In("中通快递", "75690000650001", (2,)), In("中通快递", "75690000650002", (1,))),
        happens={
            2: sends("中通快递", "75690000650001、75690000650002"),
            3: says("parcels", "ID", "--in", "75690000650001=2", "--in", "75690000650002=1"),
        },
    ),
    DayOrder(
        66,
        "two orders of one receiver in one parcel",
        ONE_L,
        receiver=NEIGHBOUR,
        parcels=(In("圆通速递", "YT6930990066001"),),
        happens={3: sends("圆通", "YT6930990066001")},
        short=True,
    ),
    DayOrder(
        67,
        "the other one in that parcel",
        (Bought("yiwu", (("YW2002", "茶色 350ml", 1),)),),
        (BLB_T,),
        receiver=NEIGHBOUR,
        parcels=(In("圆通速递", "YT6930990066001"),),
        happens={3: sends("圆通", "YT6930990066001")},
        short=True,
    ),
    DayOrder(68, "one number at two buyers", ONE_L, parcels=(), asks=("foreign_number",), happens={3: sends("圆通", FOREIGN)}),
    DayOrder(69, "the other buyer", ONE_L, parcels=(), asks=("foreign_number",), happens={3: sends("圆通", FOREIGN)}),
    DayOrder(
        70,
        "the number changes after it was entered; the seller says yes",
        ONE_L,
        parcels=(In("申通快递", "773000000070002"),),
        happens={2: sends("申通", "773000000070001"), 3: another_number("773000000070002"), 4: says("approve", "ID")},
    ),
    DayOrder(
        71,
        "the cell says 已发, the number comes later",
        ONE_L,
        parcels=(In("韵达速递", "4312345678901"),),
        happens={2: sends("韵达快递", "已发"), 3: another_number("4312345678901")},
    ),
    DayOrder(
        72,
        "the supplier makes two orders of it",
        (Bought("yiwu", (("YW2001", "米白/XL", 1), ("YW2002", "茶色 350ml", 1)), orders=2),),
        (line("SNK", "米白/XL"), BLB_T),
        happens={1: at_supplier("order_splits", "submit")},
    ),
    # kinds, words and products that are not known
    DayOrder(73, "a presale", noted=False, reveals=0, more={"kind": "全款预售"}),
    DayOrder(74, "a gift beside the product", noted=False, reveals=0, lines=(SNK_L, {**BLB_T, "kind": "赠品"})),
    DayOrder(75, "a remark that no rule knows; the seller says yes", ONE_L, more={"remark": "要送人，包好一点"}),
    DayOrder(
        76,
        "a product without a supplier product; the seller matches it",
        (Bought("yiwu", (("YW2003", "奶白", 1),)),),
        (UNKNOWN,),
        happens={2: says("map", "ID", "--supplier", "yiwu", "--product", "YW2003", "--specification", "奶白")},
    ),
    # 1688: one account, two sellers, paid by a person
    DayOrder(
        90,
        "of a seller at 1688",
        (Bought("cloth", (("610002000001", "黑色;L", 1),)),),
        (SHIRT,),
        short=True,
    ),
    DayOrder(
        91,
        "of two sellers at 1688",
        (
            Bought("cloth", (("610002000001", "黑色;L", 2),), 1, lines=(1,)),
            Bought("hooks", (("610002000002", "单个", 5),), 2, lines=(2,)),
        ),
        ({**SHIRT, "quantity": 2}, HOOKS),
    ),
    DayOrder(
        92,
        "closed by the seller before it was paid; bought once more",
        (
            Bought("hooks", (("610002000002", "单个", 5),), 1, state="closed"),
            Bought("hooks", (("610002000002", "单个", 5),), 2, state="unpaid"),
        ),
        (HOOKS,),
        parcels=(),
        happens={2: cancelled_unpaid},
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
    ),
    DayOrder(
        84,
        "the day's reveals are used up; more are granted",
        ONE_L,
        shop="shuma",
        ship_in=timedelta(hours=61),
        happens={2: reveals_raised},
    ),
)
