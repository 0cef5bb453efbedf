"""A small shop's back office, made by its server alone, that no site file describes: what it holds is the truth of a test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.browser.little import Answer, Asked, Little, goto
from tests.market.demo_orders import DemoOrder
from tests.market.doudian.carriers import CARRIERS
from tests.market.doudian.orders import ShopReceiver

USER, PASSWORD, SHOWS = "xiaolin", "let-me-in-9", "小林的小店"
FLAGS = ("灰", "紫", "青", "绿", "橙", "红")
STYLE = "<style>a{margin:4px}</style>"


@dataclass
class Held:
    """One order as the shop holds it."""

    number: str
    receiver: ShopReceiver
    title: str
    specification: str
    code: str
    quantity: int
    ordered_at: datetime
    state: str = "待发货"
    flag: str = "灰"
    remark: str = ""
    parcels: list[tuple[str, str]] = field(default_factory=list)
    reveals: int = 0


@dataclass
class SmallShop:
    """The site; `orders` is what its buyers have ordered."""

    little: Little = field(default_factory=Little)
    orders: dict[str, Held] = field(default_factory=dict)

    def start(self) -> SmallShop:
        self.little.pages = {
            "/signin": _sign_in,
            "/": _inside(lambda _asked: "<h1>卖家中心</h1>"),
            "/dd": _inside(self._list),
            "/dd/one": _inside(self._one),
            "/dd/reveal": _inside(self._reveal),
            "/dd/note": _inside(self._note),
            "/dd/ship": _inside(self._ship),
            "/dd/ok": _inside(lambda _asked: "<h1>发货成功</h1>"),
        }
        self.little.start()
        return self

    @property
    def address(self) -> str:
        return self.little.address

    def put_up(self, one: DemoOrder, now: datetime) -> None:
        (told,) = one.lines
        self.orders[one.number] = Held(
            one.number,
            ShopReceiver(**one.receiver),
            told["title"],
            told["specification"],
            told["merchant_code"],
            told["quantity"],
            now - timedelta(hours=3),
        )

    def _list(self, asked: Asked) -> str:
        told = asked.fields
        found = [one for one in self.orders.values() if told.get("no", one.number) in ("", one.number)]
        found = [one for one in found if "wait" not in told or one.state == "待发货"]
        rows = "".join(
            f"<tr><td>{one.number}<td>{_time(one.ordered_at)}<td>{one.state}"
            f"<td><a href=/dd/one?no={one.number}>详情</a><a href=/dd/ship?no={one.number}>发货</a>"
            for one in found
        )
        heads = "".join(f"<th>{words}" for words in ("单号", "下单时间", "订单状态", "操作"))
        search = "<form><label>单号 <input name=no></label><button>查询</button></form><a href=/dd?wait=1>只看待发货</a>"
        table = f"<table id=dd><thead><tr>{heads}</thead><tbody>{rows}</tbody></table>"
        return f"{STYLE}<h1>全部订单</h1>{search}{table if found else '<p>没有订单</p>'}"

    def _one(self, asked: Asked) -> str:
        one = self.orders[asked.fields["no"]]
        shown = "seen" in asked.fields
        name, phone, address = one.receiver.shown(masked=not shown)
        pairs = (
            *(("订单编号", one.number), ("订单类型", "普通订单"), ("订单来源", "商品卡")),
            ("下单时间", _time(one.ordered_at)),
            *(("最晚发货时间", _time(one.ordered_at + timedelta(hours=48))), ("订单状态", one.state), ("地址变更", "无")),
            *(("买家留言", ""), ("收件人", name), ("手机号", phone), ("收货地址", address)),
            *(("旗标", one.flag), ("商家备注", one.remark)),
        )
        cells = (f"{one.number}1", "商品", one.title, one.specification, "P1", one.code, "¥29.90", str(one.quantity), "-")
        heads = ("子订单编号", "类型", "商品", "规格", "商品ID", "商家编码", "单价", "数量", "售后")
        parcels = "".join(f"<tr><td>{carrier}<td>{number}" for carrier, number in one.parcels)
        reveal = f"<form method=post action=/dd/reveal?no={one.number}><button>查看收件信息</button></form>"
        return (
            f"<h1>订单详情</h1><dl>{''.join(f'<dt>{what}<dd>{words}' for what, words in pairs)}</dl>"
            f"{'' if shown else reveal}<a href=/dd/note?no={one.number}>备注</a>"
            f"<table id=lines><thead><tr>{''.join(f'<th>{words}' for words in heads)}</thead>"
            f"<tbody><tr>{''.join(f'<td>{cell}' for cell in cells)}</tbody></table>"
            f"<table id=parcels><thead><tr><th>快递公司<th>快递单号</thead><tbody>{parcels}</tbody></table>"
            f"{'' if parcels else '<p>暂无物流信息</p>'}"
        )

    def _reveal(self, asked: Asked) -> Answer:
        number = asked.path.split("no=")[1]
        self.orders[number].reveals += 1
        return goto(f"/dd/one?no={number}&seen=1")

    def _note(self, asked: Asked) -> str | Answer:
        one = self.orders[asked.path.split("no=")[1]]
        if asked.method == "POST":
            one.flag, one.remark = asked.fields["flag"], asked.fields["words"]
            return goto(f"/dd/one?no={one.number}")
        options = "".join(f"<option{' selected' * (flag == one.flag)}>{flag}" for flag in FLAGS)
        return (
            f"<h1>修改备注</h1><form method=post><label for=flag>旗标颜色</label><select id=flag name=flag>{options}</select>"
            f"<label>备注内容 <input name=words value='{one.remark}'></label><button>保存</button></form>"
        )

    def _ship(self, asked: Asked) -> str | Answer:
        one = self.orders[asked.path.split("no=")[1]]
        if asked.method == "POST":
            one.parcels.append((asked.fields["carrier"], asked.fields["number"]))
            one.state = "已发货"
            return goto("/dd/ok")
        options = "".join(f"<option>{carrier}" for carrier in CARRIERS)
        return (
            f"<h1>订单发货</h1><dl><dt>订单编号<dd>{one.number}</dl><form method=post>"
            f"<label for=by>快递公司</label><select id=by name=carrier><option>请选择{options}</select>"
            "<label>快递单号 <input name=number></label><button>确认发货</button></form>"
        )


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")


def _inside(page: Callable[[Asked], str | Answer]) -> Callable[[Asked], str | Answer]:
    """Only for who is signed in, under the shop's name."""

    def shown(asked: Asked) -> str | Answer:
        if "in=yes" not in asked.cookie:
            return goto("/signin")
        told = page(asked)
        return told if isinstance(told, Answer) else f"<div id=shopname>{SHOWS}</div>{told}"

    return shown


def _sign_in(asked: Asked) -> str | Answer:
    if asked.method == "POST" and (asked.fields["u"], asked.fields["p"]) == (USER, PASSWORD):
        return Answer(status=303, headers=(("Location", "/"), ("Set-Cookie", "in=yes; Path=/")))
    return (
        "<form method=post><label>用户 <input name=u></label><label>密码 <input type=password name=p></label>"
        "<button>登录</button></form>"
    )
