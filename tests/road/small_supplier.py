"""A small supplier of few pages, made by its server alone, that no site file describes: what it holds is the truth of a test."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.browser.little import Answer, Asked, Little, goto
from tests.market.demo_orders import PRODUCTS

USER, PASSWORD, SHOWS = "yiwu88", "let-me-in-8", "义乌小批发"
KNOWN = "S100001"
FREIGHT = 600
_REGION = re.compile(r"(.+?省)(.+?市)(.+?[区县市])(.*)")


@dataclass
class Sold:
    """One order as the supplier took it; amounts in 分."""

    number: str
    reference: str
    receiver: str
    phone: str
    address: str
    product: str
    specification: str
    quantity: int
    state: str = "待发货"

    @property
    def price(self) -> int:
        return PRODUCTS[self.product][1][self.specification][0]

    @property
    def total(self) -> int:
        return self.price * self.quantity + FREIGHT

    @property
    def region(self) -> tuple[str, str]:
        """The region as this site reads it out of the address, and the rest."""
        found = _REGION.fullmatch(self.address)
        return (" ".join(found.groups()[:3]), found[4]) if found else ("", self.address)


@dataclass
class SmallSupplier:
    """The site; `orders` is what it has sold."""

    little: Little = field(default_factory=Little)
    orders: list[Sold] = field(default_factory=list)
    drafts: list[Sold] = field(default_factory=list)

    def start(self) -> SmallSupplier:
        self.orders.append(
            Sold(KNOWN, "", "老客户", "13900000001", "浙江省金华市义乌市稠城街道1号", "YW2001", "米白/M", 1, "配送中")
        )
        self.little.pages = {
            "/signin": self._sign_in,
            "/": self._inside(lambda _asked: f"<h1>采购中心</h1><p>你好，{SHOWS}</p><a href=/list>采购记录</a>"),
            "/daifa": self._inside(lambda _asked: _form()),
            "/daifa/confirm": self._inside(self._confirm),
            "/daifa/place": self._inside(self._place),
            "/daifa/done": self._inside(lambda asked: f"<h1>下单成功</h1><dl><dt>订单号<dd>{asked.fields['no']}</dl>"),
            "/list": self._inside(lambda _asked: self._list()),
            "/one": self._inside(self._one),
        }
        self.little.start()
        return self

    @property
    def address(self) -> str:
        return self.little.address

    def bought(self, reference: str) -> list[Sold]:
        return [one for one in self.orders if one.reference == reference]

    def _inside(self, page):  # type: ignore[no-untyped-def]
        """Only for who is signed in, under their name."""

        def shown(asked: Asked) -> str | Answer:
            if "in=yes" not in asked.cookie:
                return goto("/signin")
            told = page(asked)
            return told if isinstance(told, Answer) else f"<div id=who>{SHOWS}</div>{told}"

        return shown

    def _sign_in(self, asked: Asked) -> str | Answer:
        if asked.method == "POST" and (asked.fields["u"], asked.fields["p"]) == (USER, PASSWORD):
            return Answer(status=303, headers=(("Location", "/"), ("Set-Cookie", "in=yes; Path=/")))
        return (
            "<form method=post><label>登录名 <input name=u></label><label>密码 <input type=password name=p></label>"
            "<button>登录</button></form>"
        )

    def _confirm(self, asked: Asked) -> str:
        told = asked.fields
        one = Sold(
            f"S2000{len(self.drafts):02d}",
            *(told[name] for name in ("ref", "name", "tel", "addr", "code", "spec")),
            int(told["count"]),
        )
        self.drafts.append(one)
        button = f"<form method=post action=/daifa/place><input type=hidden name=no value={one.number}><button>确认提交</button></form>"
        return f"<h1>核对订单</h1>{_told(one)}{button}"

    def _place(self, asked: Asked) -> Answer:
        one = next(each for each in self.drafts if each.number == asked.fields["no"])
        self.orders.append(one)
        return goto(f"/daifa/done?no={one.number}")

    def _list(self) -> str:
        rows = "".join(
            f"<tr><td>{one.number}<td>{one.reference}<td>2026-11-20 10:00<td>{_yuan(one.total)}<td>{one.state}"
            f"<td><a href=/one?no={one.number}>查看</a>"
            for one in reversed(self.orders)
        )
        heads = "".join(f"<th>{words}" for words in ("订单号", "外部单号", "下单时间", "金额", "状态", ""))
        return f"<h1>我的采购单</h1><table id=sold><thead><tr>{heads}</thead><tbody>{rows}</tbody></table>"

    def _one(self, asked: Asked) -> str:
        one = next(each for each in self.orders if each.number == asked.fields["no"])
        return f"<h1>订单详情</h1><dl><dt>订单号<dd>{one.number}<dt>状态<dd>{one.state}</dl>{_told(one)}"


def _yuan(fen: int) -> str:
    return f"¥{fen / 100:.2f}"


def _form() -> str:
    specs = "".join(f"<option>{words}" for _title, known in PRODUCTS.values() for words in known)
    boxes = "".join(
        f"<p><label>{words} <input name={name}></label>"
        for words, name in (("外部单号", "ref"), ("收件人", "name"), ("手机号", "tel"), ("收货地址", "addr"), ("货号", "code"))
    )
    return (
        f"<h1>代发下单</h1><form method=post action=/daifa/confirm>{boxes}"
        f"<p><label for=spec>规格</label><select id=spec name=spec><option>请选择{specs}</select>"
        "<p><label>数量 <input name=count></label><button>下一步</button></form>"
    )


def _told(one: Sold) -> str:
    region, rest = one.region
    pairs = (
        ("外部单号", one.reference),
        ("收件人", one.receiver),
        ("手机号", one.phone),
        ("所在地区", region),
        ("详细地址", rest),
        ("运费", _yuan(FREIGHT)),
        ("应付金额", _yuan(one.total)),
    )
    cells = (PRODUCTS[one.product][0], one.specification, _yuan(one.price), str(one.quantity))
    heads = "".join(f"<th>{words}" for words in ("商品", "规格", "单价", "数量"))
    return (
        f"<dl>{''.join(f'<dt>{name}<dd>{value}' for name, value in pairs)}</dl>"
        f"<table id=goods><thead><tr>{heads}</thead><tbody><tr>{''.join(f'<td>{cell}' for cell in cells)}</tbody></table>"
    )
