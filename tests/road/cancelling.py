"""A small supplier that can cancel, send and pay back, with the site file for it: what it holds is the truth of a test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.browser.little import Answer, Asked, goto
from tests.road.road import Road
from tests.road.small_supplier import FREIGHT, KNOWN, PASSWORD, SHOWS, USER, SmallSupplier, Sold, _told, _yuan

SITE = """\
site_version: 1
site: small
name: 小批发
kind: supplier
hosts: {main: https://small.example}
money_moves_at: pay
merges_orders: yes
signed_in_as: css=#who
limits: {wait_for_page: 20 s, settle: 2 s}

words:
  order_states:
    unpaid: 待付款
    placed: 待发货
    partly_shipped: 部分发货
    shipped: 已发货
    picked_up: 配送中
    completed: 已完成
    cancelled: 已取消
  refund_states:
    none: 无
    open: 退款中
    refunded: 已退款
    refused: 拒绝退款

messages:
  不能取消: SiteRefused

pages:
  login:
    open_at: /signin
    before_sign_in: yes
    here_if: button=登录
    user_name: label=登录名
    password: label=密码
    log_in: button=登录
  account:
    open_at: /
    here_if: heading=采购中心
  order_form:
    open_at: /daifa
    here_if: heading=代发下单
    reference: label=外部单号
    receiver_name: label=收件人
    phone: label=手机号
    address: label=收货地址
    product: label=货号
    specification: label=规格
    quantity: label=数量
    next: button=下一步
  confirm:
    here_if: heading=核对订单
    reference: beside=外部单号
    receiver_name: beside=收件人
    phone: beside=手机号
    region: beside=所在地区
    address: beside=详细地址
    lines:
      rows: css=table#goods tbody tr
      title: column=商品
      specification: column=规格
      unit_price: column=单价
      quantity: column=数量
    freight: beside=运费
    total: beside=应付金额
    place_order: button=确认提交
  done:
    here_if: heading=下单成功
    supplier_order_number: beside=订单号
  list:
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
  one:
    open_at: /one?no=<purchase_order.supplier_order_number>
    here_if: heading=订单详情
    supplier_order_number: beside=订单号
    state:
      find: beside=状态
      words: order_states
    refund:
      find: beside=退款
      words: refund_states
    refunded: beside=已退金额
    reference: beside=外部单号
    receiver_name: beside=收件人
    phone: beside=手机号
    region: beside=所在地区
    address: beside=详细地址
    lines:
      rows: css=table#goods tbody tr
      title: column=商品
      specification: column=规格
      unit_price: column=单价
      quantity: column=数量
    freight: beside=运费
    total: beside=应付金额
    shipments:
      rows: css=table#parcels tbody tr
      nothing_found: text=暂无包裹
      carrier: column=快递公司
      tracking_number: column=快递单号
    cancel: button=取消订单
  gone:
    here_if: heading=取消成功

flows:
  log_in:
    - open: login
    - done_if: account
    - fill: {user_name: <secret.user_name>, password: <secret.password>}
    - click: log_in
    - expect: account
  fill_order:
    - open: order_form
    - fill:
        reference: <purchase_order.reference>
        receiver_name: <receiver.name>
        phone: <receiver.phone>
        address: <receiver.address>
    - for_each_line:
        - fill: {product: <line.product>}
        - choose: {specification: <line.specification>}
        - fill: {quantity: <line.quantity>}
    - click: next
    - expect: confirm
    - read: [reference, receiver_name, phone, region, address, lines, freight, total]
  submit_order:
    - commit: place_order
    - expect: done
    - read: [supplier_order_number]
  list_orders:
    - open: list
    - read: [orders]
  read_order:
    - open: one
    - read: [supplier_order_number, state, refund, refunded, reference, receiver_name, phone, region, address, lines, freight, total, shipments]
  cancel_order:
    - open: one
    - read: [supplier_order_number, state]
    - commit: cancel
      browser_asks: 确定取消这个订单吗
    - expect: gone
"""

# The same without a way to cancel.
UNABLE = SITE.partition("  cancel_order:")[0]
for _words in ("    cancel: button=取消订单\n", "  gone:\n    here_if: heading=取消成功\n"):
    UNABLE = UNABLE.replace(_words, "")


@dataclass
class Kept:
    """What became of an order: its other purchases, its parcels, the money that goes back."""

    beside: list[Sold] = field(default_factory=list)
    parcels: list[tuple[str, str]] = field(default_factory=list)
    refund: str = "无"
    refunded: int = 0


@dataclass
class Cancelling(SmallSupplier):
    """`cancels` is every request to cancel that came, by order number; `at_cancel` happens before one is answered."""

    cancels: list[str] = field(default_factory=list)
    at_cancel: Callable[[Sold], None] = lambda _one: None
    kept: dict[str, Kept] = field(default_factory=dict)

    def start(self) -> Cancelling:
        super().start()
        self.little.pages["/cancel"] = self._inside(self._cancel)
        self.little.pages["/gone"] = self._inside(lambda _asked: "<h1>取消成功</h1>")
        return self

    def of(self, reference: str) -> Sold:
        """The order that a purchase stands in."""
        (one,) = (
            each
            for each in self.orders
            if reference in (each.reference, *(other.reference for other in self._kept(each).beside))
        )
        return one

    def pay(self) -> None:
        """A person has paid everything."""
        for one in self.orders:
            one.state = "待发货" if one.state == "待付款" else one.state

    def send(self, one: Sold, number: str) -> None:
        one.state = "已发货"
        self._kept(one).parcels.append(("圆通速递", number))

    def pay_back(self, one: Sold, amount: int) -> None:
        kept = self._kept(one)
        kept.refund, kept.refunded = "已退款", amount

    def total(self, one: Sold) -> int:
        return sum(each.price * each.quantity for each in (one, *self._kept(one).beside)) + FREIGHT

    def _kept(self, one: Sold) -> Kept:
        return self.kept.setdefault(one.number, Kept())

    def _place(self, asked: Asked) -> Answer:
        """One more for a receiver whose order was not sent yet goes into that order."""
        one = next(each for each in self.drafts if each.number == asked.fields["no"])
        one.state = "待付款"
        open_ones = [
            each
            for each in self.orders
            if (each.receiver, each.phone, each.address) == (one.receiver, one.phone, one.address) and each.state == "待付款"
        ]
        if not open_ones:
            self.orders.append(one)
            return goto(f"/daifa/done?no={one.number}")
        self._kept(open_ones[0]).beside.append(one)
        return goto(f"/daifa/done?no={open_ones[0].number}")

    def _list(self) -> str:
        page = super()._list()
        for one in self.orders:
            page = page.replace(f"<td>{one.number}<td>{one.reference}<", f"<td>{one.number}<td>{self._references(one)}<")
            page = page.replace(
                f"{self._references(one)}<td>2026-11-20 10:00<td>{_yuan(one.total)}",
                f"{self._references(one)}<td>2026-11-20 10:00<td>{_yuan(self.total(one))}",
            )
        return page

    def _references(self, one: Sold) -> str:
        return " ".join(each.reference for each in (one, *self._kept(one).beside))

    def _one(self, asked: Asked) -> str:
        one, kept = next(each for each in self.orders if each.number == asked.fields["no"]), Kept()
        kept = self._kept(one)
        told = _told(one).replace(f"<dd>{one.reference}<", f"<dd>{self._references(one)}<", 1)
        told = told.replace(f"<dd>{_yuan(one.total)}<", f"<dd>{_yuan(self.total(one))}<")
        for other in kept.beside:
            row = _told(other).partition("<tbody>")[2].partition("</tbody>")[0]
            told = told.replace("</tbody>", f"{row}</tbody>")
        parcels = "".join(f"<tr><td>{carrier}<td>{number}" for carrier, number in kept.parcels)
        table = f"<table id=parcels><thead><tr><th>快递公司<th>快递单号</thead><tbody>{parcels}</tbody></table>"
        pairs = (("订单号", one.number), ("状态", one.state), ("退款", kept.refund), ("已退金额", _yuan(kept.refunded)))
        button = (
            f"<form method=post action=/cancel onsubmit=\"return confirm('确定取消这个订单吗')\">"
            f"<input type=hidden name=no value={one.number}><button>取消订单</button></form>"
        )
        return (
            f"<h1>订单详情</h1><dl>{''.join(f'<dt>{name}<dd>{value}' for name, value in pairs)}</dl>{told}"
            f"{table if kept.parcels else '<p>暂无包裹</p>'}{button}"
        )

    def _cancel(self, asked: Asked) -> str | Answer:
        one = next(each for each in self.orders if each.number == asked.fields["no"])
        self.cancels.append(one.number)
        self.at_cancel(one)
        if one.state not in ("待付款", "待发货"):
            return "<h1>订单详情</h1><p>订单已发货，不能取消</p>"
        if one.state == "待发货":
            self._kept(one).refund = "退款中"
        one.state = "已取消"
        return goto("/gone")


def use_it(road: Road, supplier: Cancelling, rule: str) -> None:
    """The seller's supplier is this one from now on, with this `cancel:`."""
    account = {
        "shows": SHOWS,
        "hosts": f'{{main: "{supplier.address}"}}',
        "limits": "{settle: 2 s}",
        "known_order": f'"{KNOWN}"',
    }
    road.buys_at("small", SITE, account, {"user_name": USER, "password": PASSWORD})
    road.config("    autonomy: place\n", f"    autonomy: place\n    cancel: {rule}\n")
