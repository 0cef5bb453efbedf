"""A small supplier with a cashier: a balance with its statement, and a code to scan. The money it took is the truth of a test."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from agent.clock import SystemClock
from tests.browser.little import Answer, Asked, Little, goto

USER, PASSWORD, SHOWS, PAYEE = "yiwu88", "let-me-in-8", "义乌小批发", "义乌小批发（个体）"
SITE = """\
site_version: 1
site: small_cashier
name: 小收银台
kind: supplier
hosts: {main: https://cashier.example}
money_moves_at: pay
signed_in_as: css=#who
lacks: [receiver]
limits: {wait_for_page: 8 s, settle: 10 s}

words:
  order_states: {unpaid: 待付款, placed: 待发货, partly_shipped: [], shipped: 已发货, picked_up: [], completed: 已完成, cancelled: 已关闭}
  payment_states: {waiting: 等待付款, paid: 已付款, expired: 已过期, none: 没有付款码}

messages:
  余额被冻结: SiteRefused

pages:
  login:
    open_at: /signin
    before_sign_in: yes
    here_if: button=登录
    user_name: label=登录名
    password: label=密码
    log_in: button=登录
  home:
    open_at: /
    here_if: heading=采购中心
  form:
    open_at: /new
    here_if: heading=下单
    reference: label=外部单号
    receiver_name: label=收件人
    phone: label=手机号
    address: label=地址
    product: label=货号
    specification: label=规格
    quantity: label=数量
    next: button=下一步
  confirm:
    here_if: heading=核对
    reference: beside=外部单号
    receiver_name: beside=收件人
    phone: beside=手机号
    region: beside=地区
    address: beside=地址
    freight: beside=运费
    total: beside=应付
    lines:
      rows: css=table#goods tbody tr
      title: column=商品
      specification: column=规格
      unit_price: column=单价
      quantity: column=数量
    place: button=确认
  thanks:
    here_if: heading=下单成功
    supplier_order_number: beside=订单号
  orders_page:
    open_at: /list
    here_if: heading=我的采购单
    orders:
      rows: css=table#sold tbody tr
      nothing_found: text=暂无采购单
      supplier_order_number: column=订单号
      reference: column=外部单号
      ordered_at: column=下单时间
      total: column=金额
      state:
        find: column=状态
        words: order_states
  order_page:
    open_at: /one?no=<purchase_order.supplier_order_number>
    here_if: heading=订单详情
    supplier_order_number: beside=订单号
    reference: beside=外部单号
    state:
      find: beside=状态
      words: order_states
    freight: beside=运费
    total: beside=应付
    paid: beside=已付
    lines:
      rows: css=table#goods tbody tr
      title: column=商品
      specification: column=规格
      unit_price: column=单价
      quantity: column=数量
    shipments:
      rows: css=table#parcels tbody tr
      nothing_found: text=暂未发货
      carrier: column=快递
      tracking_number: column=单号
  due:
    open_at: /due
    here_if: heading=待付款的单
    payments:
      rows: css=table#due tbody tr
      nothing_found: text=没有待付款的单
      supplier_order_number: column=订单号
      total: column=金额
      picked: css=input[type=checkbox]
    to_cashier: button=合并付款
  cashier:
    here_if: heading=收银台
    payee: beside=收款方
    total: beside=合计
    payments:
      rows: css=table#pays tbody tr
      supplier_order_number: column=订单号
      total: column=金额
    by_balance: button=余额付款
    by_code: button=扫码付款
  done:
    here_if: heading=付款成功
  code_page:
    here_if: heading=请扫码
    payee: beside=收款方
    total: beside=合计
    expires_at: beside=有效期至
    code: css=#code
  payment:
    open_at: /payment?no=<purchase_order.supplier_order_number>
    here_if: heading=付款码
    payment_state:
      find: beside=付款码状态
      words: payment_states
  money:
    open_at: /money
    here_if: heading=我的余额
    balance: beside=可用余额
    statement:
      rows: css=table#lines tbody tr
      nothing_found: text=暂无明细
      at: column=时间
      amount: column=金额
      supplier_order_number: column=订单号

flows:
  log_in:
    - open: login
    - done_if: home
    - fill: {user_name: <secret.user_name>, password: <secret.password>}
    - click: log_in
    - expect: home
  fill_order:
    - open: form
    - fill: {reference: <purchase_order.reference>, receiver_name: <receiver.name>, phone: <receiver.phone>, address: <receiver.address>}
    - for_each_line:
        - fill: {product: <line.product>, quantity: <line.quantity>}
        - choose: {specification: <line.specification>}
    - click: next
    - expect: confirm
    - read: [reference, receiver_name, phone, region, address, freight, total, lines]
  submit_order:
    - commit: place
    - expect: thanks
    - read: [supplier_order_number]
  list_orders:
    - open: orders_page
    - read: [orders]
  read_order:
    - open: order_page
    - read: [supplier_order_number, reference, state, freight, total, paid, lines, shipments]
  pay_by_balance:
    - open: due
    - for_each_line:
        - tick: picked
          where: {supplier_order_number: <line.supplier_order_number>}
    - click: to_cashier
    - expect: cashier
    - read: [payee, total, payments]
    - commit: by_balance
    - expect: done
  pay_by_qr:
    - open: due
    - for_each_line:
        - tick: picked
          where: {supplier_order_number: <line.supplier_order_number>}
    - click: to_cashier
    - expect: cashier
    - read: [payee, total, payments]
    - commit: by_code
    - expect: code_page
    - read: [payee, total, expires_at]
    - picture: code
  read_payment:
    - open: payment
    - read: [payment_state]
  read_balance:
    - open: money
    - read: [balance]
  read_statement:
    - open: money
    - read: [statement]
"""


@dataclass
class Sold:
    """One order as the supplier has it; amounts in 分. `asks`: what its cashier asks for it, where that is another amount."""

    number: str
    reference: str
    title: str
    specification: str
    quantity: int
    total: int
    state: str = "待付款"
    paid: int = 0
    asks: int | None = None

    @property
    def due(self) -> int:
        return self.total if self.asks is None else self.asks


@dataclass
class Code:
    orders: tuple[Sold, ...]
    state: str = "等待付款"


@dataclass
class SmallCashier:
    """The site; `took` is the money it took, one entry an order: (how, number, amount).

    `payee` is whom its cashier names, `code_payee` whom its code names. `breaks`: it takes the money and shows an error.
    """

    little: Little = field(default_factory=Little)
    orders: list[Sold] = field(default_factory=list)
    took: list[tuple[str, str, int]] = field(default_factory=list)
    clicks: int = 0
    balance: int = 100_000
    lines: list[tuple[str, int, str]] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    payee: str = PAYEE
    code_payee: str = PAYEE
    breaks: bool = False
    takes: int = 1  # how often it takes the money for one click
    refuses: str = ""

    def start(self) -> SmallCashier:
        self.little.pages = {
            "/signin": self._sign_in,
            "/": self._inside(lambda _asked: "<h1>采购中心</h1>"),
            "/list": self._inside(lambda _asked: self._list()),
            "/one": self._inside(self._one),
            "/due": self._inside(lambda _asked: self._due()),
            "/cashier": self._inside(self._cashier),
            "/by_balance": self._inside(self._by_balance),
            "/by_code": self._inside(self._by_code),
            "/done": self._inside(lambda _asked: "<h1>付款成功</h1>"),
            "/payment": self._inside(self._payment),
            "/money": self._inside(lambda _asked: self._money()),
        }
        self.little.start()
        return self

    def sell(self, number: str, reference: str, title: str, specification: str, quantity: int, total: int) -> Sold:
        self.orders.append(Sold(number, reference, title, specification, quantity, total))
        return self.orders[-1]

    def order(self, number: str) -> Sold:
        return next(one for one in self.orders if one.number == number)

    def scan(self, code: Code) -> None:
        """Somebody pays with the code in their app."""
        code.state = "已付款"
        for one in code.orders:
            self._take("code", one)

    def _take(self, how: str, one: Sold) -> None:
        self.took.append((how, one.number, one.due))
        one.state, one.paid = "待发货", one.paid + one.due

    def _inside(self, page):  # type: ignore[no-untyped-def]
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

    def _list(self) -> str:
        rows = [(one.number, one.reference, "2026-11-20 10:00", _yuan(one.total), one.state) for one in self.orders]
        return f"<h1>我的采购单</h1>{_table('sold', ('订单号', '外部单号', '下单时间', '金额', '状态'), rows)}"

    def _one(self, asked: Asked) -> str:
        one = self.order(asked.fields["no"])
        pairs = (
            ("订单号", one.number),
            ("外部单号", one.reference),
            ("状态", one.state),
            ("运费", _yuan(0)),
            ("应付", _yuan(one.total)),
            ("已付", _yuan(one.paid)),
        )
        goods = [(one.title, one.specification, _yuan(one.total // one.quantity), str(one.quantity))]
        return f"<h1>订单详情</h1>{_pairs(pairs)}{_table('goods', ('商品', '规格', '单价', '数量'), goods)}<p>暂未发货</p>"

    def _due(self) -> str:
        rows = [
            (f"<input type=checkbox name=o_{one.number}>", one.number, _yuan(one.due))
            for one in self.orders
            if one.state == "待付款"
        ]
        if not rows:
            return "<h1>待付款的单</h1><p>没有待付款的单</p>"
        return f"<h1>待付款的单</h1><form action=/cashier>{_table('due', ('选', '订单号', '金额'), rows)}<button>合并付款</button></form>"

    def _picked(self, asked: Asked) -> list[Sold]:
        names = [re.sub("^o_", "", name) for name in asked.fields if name.startswith("o_")]
        return [one for one in self.orders if one.number in names]

    def _cashier(self, asked: Asked) -> str:
        picked = self._picked(asked)
        hidden = "".join(f"<input type=hidden name=o_{one.number} value=on>" for one in picked)
        said = f"<p role=alert>{self.refuses}</p>" if "refused" in asked.fields else ""
        rows = [(one.number, _yuan(one.due)) for one in picked]
        return (
            f"<h1>收银台</h1>{said}{_pairs((('收款方', self.payee), ('合计', _yuan(_sum(picked)))))}"
            f"{_table('pays', ('订单号', '金额'), rows)}"
            f"<form method=post action=/by_balance>{hidden}<button>余额付款</button></form>"
            f"<form method=post action=/by_code>{hidden}<button>扫码付款</button></form>"
        )

    def _by_balance(self, asked: Asked) -> Answer:
        self.clicks += 1
        picked = self._picked(asked)
        if self.refuses:
            return goto("/cashier?refused=yes&" + "&".join(f"o_{one.number}=on" for one in picked))
        for one in picked:
            for _time in range(self.takes):
                self._take("balance", one)
                self.balance -= one.due
                self.lines.append((f"{SystemClock().now():%Y-%m-%d %H:%M:%S}", -one.due, one.number))
        return Answer("<h1>系统错误</h1>", 500) if self.breaks else goto("/done")

    def _by_code(self, asked: Asked) -> str:
        self.clicks += 1
        picked = self._picked(asked)
        self.codes.append(Code(tuple(picked)))
        ends = f"{SystemClock().now() + timedelta(minutes=15):%Y-%m-%d %H:%M:%S}"
        pairs = (("收款方", self.code_payee), ("合计", _yuan(_sum(picked))), ("有效期至", ends))
        return f"<h1>请扫码</h1>{_pairs(pairs)}<div id=code style='width:120px;height:120px;background:#123'></div>"

    def _payment(self, asked: Asked) -> str:
        of = [code for code in self.codes if asked.fields["no"] in {one.number for one in code.orders}]
        return f"<h1>付款码</h1>{_pairs((('付款码状态', of[-1].state if of else '没有付款码'),))}"

    def _money(self) -> str:
        rows = [(at, _signed(amount), number) for at, amount, number in reversed(self.lines)]
        table = _table("lines", ("时间", "金额", "订单号"), rows) if rows else "<p>暂无明细</p>"
        return f"<h1>我的余额</h1>{_pairs((('可用余额', _yuan(self.balance)),))}{table}"


def _sum(orders: Sequence[Sold]) -> int:
    return sum(one.due for one in orders)


def _yuan(fen: int) -> str:
    return f"¥{fen / 100:.2f}"


def _signed(fen: int) -> str:
    return f"{'-' if fen < 0 else '+'}{abs(fen) / 100:.2f}"


def _pairs(pairs: Sequence[tuple[str, str]]) -> str:
    return f"<dl>{''.join(f'<dt>{name}<dd>{value}' for name, value in pairs)}</dl>"


def _table(name: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    shown = "".join(f"<tr>{''.join(f'<td>{cell}' for cell in row)}" for row in rows)
    return f"<table id={name}><thead><tr>{''.join(f'<th>{words}' for words in heads)}</thead><tbody>{shown}</tbody></table>"
