"""Paying at the marketplace, counted in its books: each way to pay, each thing that goes wrong, and what the truth tells of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from agent.models import SHANGHAI
from tests.market.asking import Asker, Cut
from tests.market.core import Market
from tests.market.m1688.goods import Refusal
from tests.market.m1688.hand import HOOK, MUG, POTTER, REFERENCE, SHIRT, TAILOR, with_offers
from tests.market.m1688.orders import Order
from tests.market.m1688.site import M1688State

PAY = "/cashier/ajax/pay.json"
NOON = datetime(2026, 11, 27, 12, 0, tzinfo=SHANGHAI)


class Clock:
    """The market's time, which a test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def market(clock: Clock) -> Iterator[Market]:
    with with_offers(Market(seed=7, latency=(0.0, 0.0), clock=clock)) as market:
        yield market


@pytest.fixture
def site(market: Market) -> M1688State:
    return market.m1688


@pytest.fixture
def page(site: M1688State) -> Asker:
    key, session = site.open_session()
    session.user = site.user_name
    return Asker(site.addresses["air"], f"cookie2={key}")


def bought(site: M1688State, offer: str = SHIRT, sku: str = "黑色;L", quantity: int = 1, message: str = "") -> Order:
    to: dict[str, Any] = {
        "name": "张三",
        "phone": "18400913965",
        "region": ("浙江省", "杭州市", "临平区"),
        "address": "迎宾路1号",
    }
    return site.add_order([(offer, sku, quantity)], message=message, **to)


def cashier(page: Asker, *orders: Order) -> dict[str, Any]:
    return page.ask(f"/cashier/ajax/data.json?orderId={','.join(order.number for order in orders)}")


def pay(page: Asker, method: str, *orders: Order) -> dict[str, Any]:
    return page.ask(PAY, numbers=[order.number for order in orders], method=method, extra=0)


def state(page: Asker, order: Order) -> str:
    return str(page.ask(f"/cashier/ajax/state.json?orderId={order.number}")["state"])


# Codes


def test_a_code_of_two_sellers_is_scanned_by_a_person(page: Asker, site: M1688State) -> None:
    shirt, mug = bought(site), bought(site, MUG, "白色", 2)
    shown = cashier(page, shirt, mug)
    assert (shown["payee"], shown["total"], shown["refused"]) == (f"{TAILOR}、{POTTER}", 2100 + 2200, "")
    assert [(row["number"], row["total"]) for row in shown["rows"]] == [(shirt.number, 2100), (mug.number, 2200)]
    assert [one["words"] for one in shown["methods"]] == ["支付宝扫码", "微信扫码"]
    assert state(page, shirt) == "暂无付款码"
    assert "qrcode.html" in pay(page, "wechat", shirt, mug)["to"]
    (code,) = site.truth()["codes"]
    assert (code["orders"], code["amount"], code["state"]) == ([shirt.number, mug.number], 4300, "waiting")
    assert site.truth()["payments"] == []
    assert state(page, mug) == page.ask(f"/pay/state?paymentId={code['id']}")["state"] == "等待付款"
    site.payments.scan(mug.number)
    (payment,) = site.truth()["payments"]
    assert payment == {
        "id": code["id"],
        "orders": [shirt.number, mug.number],
        "amounts": {shirt.number: 2100, mug.number: 2200},
        "amount": 4300,
        "method": "wechat",
        "payee": f"{TAILOR}、{POTTER}",
        "at": NOON.isoformat(),
        "who": "scan",
    }
    assert (shirt.state, mug.state, state(page, shirt)) == ("placed", "placed", "已支付")
    assert cashier(page, shirt)["refused"] == pay(page, "alipay", shirt)["message"] == "订单已支付，请勿重复付款"


def test_a_code_is_over_by_the_clock_and_by_a_deed(page: Asker, site: M1688State, clock: Clock) -> None:
    order = bought(site)
    pay(page, "alipay", order)
    clock.now += timedelta(minutes=14)
    assert state(page, order) == "等待付款"
    clock.now += timedelta(minutes=1)
    assert state(page, order) == "二维码已过期"
    with pytest.raises(ValueError, match="expired"):
        site.payments.scan(order.number)
    pay(page, "alipay", order)
    site.payments.expire_code(order.number)
    assert [code["state"] for code in site.truth()["codes"]] == ["expired", "expired"]
    assert site.truth()["payments"] == []


def test_whoever_scans_two_codes_of_an_order_pays_twice(page: Asker, site: M1688State) -> None:
    order = bought(site)
    pay(page, "alipay", order)
    pay(page, "wechat", order)
    for code in site.truth()["codes"]:
        site.payments.scan(code["id"])
    shown = page.ask(f"/detail/ajax/data.json?orderId={order.number}")["order"]
    assert shown["paid"] == 2 * order.total
    assert [one["method"] for one in shown["payments"]] == ["支付宝扫码", "微信扫码"]


@pytest.mark.parametrize(
    ("kind", "payments", "said"),
    [
        ("write_done_error_shown", 1, "等待付款"),
        ("success_shown_write_rejected", 0, "已支付"),
        ("twice", 2, "已支付"),
        ("lands_later", 0, "等待付款"),
    ],
)
def test_a_scan_that_goes_wrong(page: Asker, market: Market, site: M1688State, kind: str, payments: int, said: str) -> None:
    order = bought(site, message=REFERENCE)
    market.faults.add(kind, REFERENCE, "scan")
    pay(page, "alipay", order)
    site.payments.scan(order.number)
    assert (len(site.truth()["payments"]), state(page, order)) == (payments, said)
    assert order.state == ("placed" if payments else "unpaid")
    assert market.faults.land() == (1 if kind == "lands_later" else 0)
    assert len(site.truth()["payments"]) == (1 if kind == "lands_later" else payments)
    assert len({payment["id"] for payment in site.truth()["payments"]}) == len(site.truth()["payments"])


def test_a_scan_lands_by_itself_after_its_seconds(page: Asker, market: Market, site: M1688State) -> None:
    order = bought(site)
    market.faults.add("lands_later", order.number, "scan", value=0.05)
    pay(page, "alipay", order)
    site.payments.scan(order.number)
    with site.lock:
        assert site.lock.wait_for(lambda: order.state == "placed", 10)


# Methods that need nobody


@pytest.mark.parametrize("method", ["credit", "auto_debit", "balance"])
@pytest.mark.parametrize(
    ("kind", "payments", "said"),
    [
        ("", 1, "to"),
        ("drop_before", 0, "cut"),
        ("drop_after", 1, "cut"),
        ("error_500", 0, "cut"),
        ("write_done_error_shown", 1, "系统繁忙，请稍后再试"),
        ("success_shown_write_rejected", 0, "to"),
        ("lands_later", 0, "to"),
        ("twice", 2, "to"),
        ("session_expires", 0, ""),
    ],
)
def test_a_payment_that_goes_wrong(
    page: Asker, market: Market, site: M1688State, method: str, kind: str, payments: int, said: str
) -> None:
    site.payments.credit.open_credit(100_000)
    site.payments.enable_auto_debit()
    site.payments.top_up(100_000)
    order = bought(site, message=f"单号 {REFERENCE}")
    if kind:
        market.faults.add(kind, REFERENCE, "pay")
    try:
        answer = pay(page, method, order)
        shown = "to" if "success.html" in answer.get("to", "") else answer.get("message", "")
    except Cut:
        shown = "cut"
    told = site.truth()["payments"]
    assert (len(told), shown) == (payments, said)
    assert {(one["amount"], one["method"], one["payee"], one["who"]) for one in told} <= {(2100, method, TAILOR, "page")}
    assert len({one["id"] for one in told}) == payments
    assert order.state == ("placed" if payments else "unpaid")
    if kind == "lands_later":
        market.faults.land(REFERENCE)
        assert (len(site.truth()["payments"]), order.state) == (1, "placed")
    if method == "balance":
        assert site.truth()["balance"] == 100_000 - sum(one["amount"] for one in site.truth()["payments"])
    if method == "credit":
        assert site.truth()["credit"]["used"] == sum(one["amount"] for one in site.truth()["payments"])


def test_what_the_methods_refuse(page: Asker, site: M1688State, clock: Clock) -> None:
    payments, first, second, third = site.payments, bought(site), bought(site), bought(site)
    assert pay(page, "credit", first)["message"] == "请选择付款方式"
    payments.top_up(2000)
    assert pay(page, "balance", first)["message"] == "账户余额不足，请充值后再支付"
    payments.enable_auto_debit(per_payment=3000, per_day=4000)
    assert pay(page, "auto_debit", first, second)["message"] == "超出免密支付单笔限额"
    assert "to" in pay(page, "auto_debit", first)
    assert pay(page, "auto_debit", second)["message"] == "超出免密支付单日限额"
    payments.credit.open_credit(3000)
    assert "to" in pay(page, "credit", second)
    assert pay(page, "credit", third)["message"] == "诚e赊可用额度不足"
    payments.credit.open_credit(90_000)
    clock.now += timedelta(days=31)
    assert pay(page, "credit", third)["message"] == "诚e赊账单已逾期，请先还款后再使用"
    assert site.truth()["credit"]["blocked"] == "诚e赊账单已逾期，请先还款后再使用"
    assert payments.credit.repay(second.number) == 2100
    payments.credit.block_credit()
    assert "冻结" in pay(page, "credit", third)["message"]
    payments.credit.block_credit("")
    assert "to" in pay(page, "credit", third)
    assert [one["method"] for one in site.truth()["payments"]] == ["auto_debit", "credit", "credit"]


def test_the_bill_and_its_excel(page: Asker, site: M1688State) -> None:
    site.payments.credit.open_credit(500_000, days=30)
    orders = [bought(site, HOOK, "单个", count) for count in range(1, 13)]
    pay(page, "credit", *orders)
    site.payments.credit.repay(orders[0].number)
    site.payments.credit.set_due(orders[1].number, "2026-11-05")
    told = page.ask("/bill/ajax/data.json")
    assert (told["count"], len(told["bills"]), told["last"], told["words"]) == (11, 10, 2, "诚e赊账单已逾期，请先还款后再使用")
    assert told["bills"][0]["due_on"] == "2026-12-27"
    assert page.ask("/bill/ajax/data.json?tab=all")["count"] == 12
    rows = list(load_workbook(BytesIO(page.file("/bill/export.xlsx"))).active.values)
    assert rows[0] == ("订单编号", "账单金额(元)", "出账日期", "到期还款日", "状态")
    assert rows[-1] == (orders[0].number, 6.2, "2026-11-27", "2026-12-27", "已还款")
    assert rows[-2][0::3] == (orders[1].number, "2026-11-05")


# What changes between the looks


@pytest.mark.parametrize(
    ("kind", "point", "value", "paid"),
    [
        ("repriced", "pay", 500, 2600),
        ("repriced", "pay", -100, 2000),
        ("freight_changes", "pay", 1800, 3600),
        ("code_amount", "pay", 9900, 9900),
    ],
)
def test_the_code_asks_for_another_amount_than_the_cashier(
    page: Asker, market: Market, site: M1688State, kind: str, point: str, value: int, paid: int
) -> None:
    order = bought(site, message=REFERENCE)
    market.faults.add(kind, REFERENCE, point, value=value)
    assert cashier(page, order)["total"] == 2100
    pay(page, "alipay", order)
    (code,) = site.truth()["codes"]
    shown = page.ask(f"/pay/ajax/code.json?paymentId={code['id']}")["code"]
    assert shown["total"] == code["amount"] == paid
    site.payments.scan(code["id"])
    assert [one["amount"] for one in site.truth()["payments"]] == [paid]


@pytest.mark.parametrize(("kind", "value", "total"), [("repriced", 500, 2600), ("freight_changes", 1800, 3600)])
def test_the_cashier_asks_for_more_than_the_order_did(
    page: Asker, market: Market, site: M1688State, kind: str, value: int, total: int
) -> None:
    order, other = bought(site), bought(site)
    market.faults.add(kind, order.number, "cashier_data", value=value)
    shown = cashier(page, other, order)
    assert [row["total"] for row in shown["rows"]] == [2100, total]
    assert order.total == total


def test_another_payee_and_an_order_of_another_seller_at_the_cashier(page: Asker, market: Market, site: M1688State) -> None:
    order, strange = bought(site), bought(site, MUG, "白色")
    market.faults.add("payee_changes", order.number, "cashier_data", value="深圳市某某贸易商行")
    assert cashier(page, order)["payee"] == "深圳市某某贸易商行"
    market.faults.add("extra_payment", order.number, "cashier_data")
    shown = cashier(page, order)
    assert ([row["number"] for row in shown["rows"]], shown["payee"]) == ([order.number, strange.number], f"{TAILOR}、{POTTER}")
    market.faults.add("payee_changes", order.number, "pay", value="深圳市某某贸易商行")
    pay(page, "alipay", order)
    site.payments.scan(order.number)
    assert [one["payee"] for one in site.truth()["payments"]] == ["深圳市某某贸易商行"]


def test_a_person_pays_elsewhere_while_the_code_waits(page: Asker, market: Market, site: M1688State) -> None:
    order = bought(site)
    pay(page, "alipay", order)
    market.do("m1688.pay", order_number=order.number)
    assert [(one["who"], one["amount"]) for one in market.truth()["m1688"]["payments"]] == [("app", 2100)]
    assert (order.state, state(page, order)) == ("placed", "等待付款")


# Taking back


def test_cancelling_unpaid_paid_and_shipped(page: Asker, market: Market, site: M1688State) -> None:
    unpaid, paid, shipped = bought(site), bought(site), bought(site)
    stock = site.offers[SHIRT].skus["黑色;L"].stock
    cancel = "/detail/ajax/cancel.json"
    assert page.ask(cancel, orderId=unpaid.number)["message"] == "订单取消成功"
    assert (unpaid.state, site.offers[SHIRT].skus["黑色;L"].stock) == ("closed", stock + 1)
    assert pay(page, "alipay", unpaid)["message"] == "订单已关闭，无法付款"
    site.pay(paid.number)
    assert page.ask(cancel, orderId=paid.number)["message"] == "退款申请已提交"
    assert page.ask(cancel, orderId=paid.number)["message"] == "退款申请处理中，请勿重复提交"
    assert (paid.state, paid.state_word) == ("placed", "退款中")
    site.pay(shipped.number)
    site.ship(shipped.number, "中通快递", "75123456789012")
    assert page.ask(cancel, orderId=shipped.number)["message"] == "卖家已发货，无法取消订单"
    market.do("m1688.refund", order_number=paid.number, done=True)
    truth = site.truth()
    assert [(one["number"], one["who"]) for one in truth["cancellations"]] == [(unpaid.number, "page"), (paid.number, "page")]
    assert [(one["number"], one["amount"], one["how"], bool(one["done_at"])) for one in truth["refunds"]] == [
        (paid.number, 2100, "cancel", True)
    ]
    assert (paid.state, paid.refund) == ("closed", "done")


@pytest.mark.parametrize(
    ("kind", "cancelled", "said"),
    [
        ("drop_before", 0, "cut"),
        ("drop_after", 1, "cut"),
        ("write_done_error_shown", 1, "系统繁忙"),
        ("lands_later", 0, "成功"),
    ],
)
def test_a_cancelling_that_goes_wrong(
    page: Asker, market: Market, site: M1688State, kind: str, cancelled: int, said: str
) -> None:
    order = bought(site, message=REFERENCE)
    market.faults.add(kind, REFERENCE, "cancel")
    try:
        words = page.ask("/detail/ajax/cancel.json", orderId=order.number)["message"]
    except Cut:
        words = "cut"
    assert said in words
    assert len(site.truth()["cancellations"]) == cancelled
    assert order.state == ("closed" if cancelled else "unpaid")


def test_a_shortage_pays_back_all_or_a_part(page: Asker, site: M1688State) -> None:
    site.payments.credit.open_credit(100_000)
    part, whole = bought(site), bought(site)
    pay(page, "credit", part, whole)
    site.payments.shortage(part.number, 500)
    site.payments.shortage(whole.number)
    shown = page.ask(f"/detail/ajax/data.json?orderId={part.number}")["order"]
    assert (shown["state"], shown["paid"], shown["refunded"], shown["refund"]) == ("等待卖家发货", 2100, 500, "")
    assert (whole.state, whole.refund, site.payments.refunded(whole.number)) == ("closed", "done", 2100)
    assert [(bill["number"], bill["amount"]) for bill in site.truth()["credit"]["bills"]] == [(part.number, 1600)]
    with pytest.raises(Refusal, match="关闭"):
        site.payments.cancel(whole.number)
