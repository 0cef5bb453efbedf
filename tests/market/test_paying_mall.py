"""Paying at the mall from a prepaid balance, counted in its books: what goes wrong, what is refused, what the statement says."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.market.asking import Asker, Cut
from tests.market.core import Market
from tests.market.mall.hand import REFERENCE, Hand, person_buys, with_goods
from tests.market.mall.orders import MallOrder
from tests.market.mall.site import MallState

PAYEE = "义乌小商城电子商务有限公司"
PRICE = 3_930  # of what a person buys: two shirts and their freight


@pytest.fixture
def market() -> Iterator[Market]:
    with with_goods(Market(seed=7, latency=(0.0, 0.0))) as market:
        market.do("mall.settle_prepaid", balance=100_000)
        yield market


@pytest.fixture
def mall(market: Market) -> MallState:
    return market.mall


@pytest.fixture
def asker(market: Market, mall: MallState) -> Asker:
    key, session = mall.open_session()
    session.user = mall.user_name
    assert market.addresses is not None
    return Asker(market.addresses.mall, f"ECS_ID={key}")


def bought(mall: MallState, reference: str = "") -> MallOrder:
    return mall.set_state(person_buys(mall, reference).number, "unpaid")


def checkout(asker: Asker, *orders: MallOrder) -> str:
    return asker.get("/pay.php?act=checkout&" + "&".join(f"sn={order.number}" for order in orders))


def pay(asker: Asker, *orders: MallOrder) -> str:
    return asker.form("/pay.php?act=done", {"sn": [order.number for order in orders], "insured": ""})


def beside(html: str, words: str) -> str:
    found = re.search(rf"{words}：</(?:dt|th)><(?:dd|td)[^>]*>([^<]*)<", html)
    assert found is not None, words
    return found[1]


def test_orders_are_paid_together_a_line_each(asker: Asker, mall: MallState) -> None:
    first, second = bought(mall), bought(mall)
    shown = checkout(asker, first, second)
    assert (beside(shown, "收款方"), beside(shown, "应付总额"), beside(shown, "预存款余额")) == (PAYEE, "¥78.60", "¥1,000.00")
    assert [first.number in shown, second.number in shown] == [True, True]
    assert "支付成功" in pay(asker, first, second)
    truth = mall.truth()
    assert [(one["amounts"], one["payee"], one["who"], one["method"]) for one in truth["payments"]] == [
        ({first.number: PRICE, second.number: PRICE}, PAYEE, "page", "balance")
    ]
    assert [(line["number"], line["amount"], line["balance"]) for line in truth["statement"]] == [
        ("", 100_000, 100_000),
        (first.number, -PRICE, 100_000 - PRICE),
        (second.number, -PRICE, 100_000 - 2 * PRICE),
    ]
    assert (first.state, second.state, truth["balance"]) == ("placed", "placed", 100_000 - 2 * PRICE)
    assert "无需付款" in checkout(asker, first)


def test_a_balance_too_low_is_refused_and_topped_up(asker: Asker, market: Market, mall: MallState) -> None:
    order = bought(mall)
    mall.balance.adjust(-97_000)
    assert "预存款余额不足，请充值后再付款" in pay(asker, order)
    assert (order.state, mall.truth()["payments"], mall.balance.left) == ("unpaid", [], 3_000)
    market.do("mall.top_up", amount=2_000)
    assert "支付成功" in pay(asker, order)
    assert mall.balance.left == 5_000 - PRICE
    assert beside(asker.get("/user.php?act=account_deposit"), "可用余额") == "¥10.70"


def test_the_same_page_pays_twice(asker: Asker, mall: MallState) -> None:
    order = bought(mall)
    pay(asker, order)
    pay(asker, order)
    assert len({one["id"] for one in mall.truth()["payments"]}) == 2
    assert mall.balance.paid(order.number) == 2 * PRICE


@pytest.mark.parametrize(
    ("kind", "payments", "said"),
    [
        ("drop_before", 0, "cut"),
        ("drop_after", 1, "cut"),
        ("error_500", 0, "cut"),
        ("write_done_error_shown", 1, "付款失败"),
        ("success_shown_write_rejected", 0, "支付成功"),
        ("lands_later", 0, "支付成功"),
        ("twice", 2, "支付成功"),
        ("session_expires", 0, "会员登录"),
        ("captcha_after", 0, "请输入验证码后继续"),
        ("sms_after", 0, "短信验证码"),
    ],
)
def test_a_payment_that_goes_wrong(asker: Asker, market: Market, mall: MallState, kind: str, payments: int, said: str) -> None:
    other, order = bought(mall), bought(mall, REFERENCE)
    market.faults.add(kind, REFERENCE, "pay_done")
    try:
        words = pay(asker, other, order)
    except Cut:
        words = "cut"
    assert said in words
    assert [one["amount"] for one in mall.truth()["payments"]] == [2 * PRICE] * payments
    assert order.state == ("placed" if payments else "unpaid")
    assert mall.balance.left == 100_000 - 2 * PRICE * payments
    if kind == "lands_later":
        assert market.faults.land(REFERENCE) == 1
        assert (order.state, len(mall.truth()["payments"])) == ("placed", 1)


def test_a_code_of_a_text_message_lets_the_payment_go_on(asker: Asker, market: Market, mall: MallState) -> None:
    order = bought(mall, REFERENCE)
    market.faults.add("sms_after", REFERENCE, "pay_done")
    pay(asker, order)
    assert "验证码错误" in asker.form("/captcha.php", {"code": "000000", "sms": "1"})
    assert "支付成功" in asker.form("/captcha.php", {"code": mall.message_code, "sms": "1"})
    assert len(mall.truth()["payments"]) == 1


@pytest.mark.parametrize(
    ("kind", "value", "asked"),
    [("repriced", 500, "¥44.30"), ("repriced", -500, "¥34.30"), ("freight_changes", 2_330, "¥59.30")],
)
def test_the_pay_page_asks_for_another_amount_than_the_order_did(
    asker: Asker, market: Market, mall: MallState, kind: str, value: int, asked: str
) -> None:
    order = bought(mall, REFERENCE)
    market.faults.add(kind, REFERENCE, "pay", value=value)
    assert beside(checkout(asker, order), "应付总额") == asked


@pytest.mark.parametrize(("kind", "value", "taken"), [("repriced", 500, 4_430), ("code_amount", 9_900, 9_900)])
def test_more_is_taken_than_the_pay_page_showed(
    asker: Asker, market: Market, mall: MallState, kind: str, value: int, taken: int
) -> None:
    order = bought(mall, REFERENCE)
    market.faults.add(kind, REFERENCE, "pay_done", value=value)
    assert beside(checkout(asker, order), "应付总额") == "¥39.30"
    pay(asker, order)
    assert [one["amount"] for one in mall.truth()["payments"]] == [taken]
    assert mall.balance.left == 100_000 - taken


def test_another_payee_and_a_strange_order_on_the_pay_page(asker: Asker, market: Market, mall: MallState) -> None:
    order, strange = bought(mall, REFERENCE), bought(mall)
    market.faults.add("payee_changes", REFERENCE, "pay", value="杭州某某贸易商行")
    market.faults.add("extra_payment", REFERENCE, "pay")
    shown = checkout(asker, order)
    assert (beside(shown, "收款方"), beside(shown, "应付总额")) == ("杭州某某贸易商行", "¥78.60")
    assert strange.number in shown


def test_cancelling_and_the_refund_that_comes_later(asker: Asker, market: Market, mall: MallState) -> None:
    unpaid, paid, shipped = bought(mall), bought(mall), bought(mall)
    market.do("mall.pay", order_number=paid.number)
    mall.ship(shipped.number, "中通快递", "75123456789012")
    answers = [asker.form("/user.php?act=cancel_order", {"sn": one.number}) for one in (unpaid, paid, shipped)]
    assert ["订单取消成功" in answers[0], "退款将退回预存款账户" in answers[1], "订单已发货，无法取消" in answers[2]] == [
        True
    ] * 3
    assert (unpaid.state, paid.state, shipped.state) == ("cancelled", "cancelled", "shipped")
    assert [(one["number"], one["who"]) for one in mall.truth()["cancellations"]] == [
        (unpaid.number, "page"),
        (paid.number, "page"),
    ]
    assert (mall.balance.left, mall.balance.refund_words(paid.number)) == (100_000 - PRICE, "退款中")
    market.do("mall.refund", order_number=paid.number)
    assert (mall.balance.left, mall.balance.refund_words(paid.number)) == (100_000, "已退款")
    shown = asker.get(f"/user.php?act=order_detail&order_id={paid.key}")
    assert (beside(shown, "已付金额"), beside(shown, "已退金额"), beside(shown, "退款状态")) == ("¥39.30", "¥39.30", "已退款")
    assert [line["words"] for line in mall.truth()["statement"]] == ["预存款充值", "支付订单", "订单退款"]


def test_a_shortage_pays_back_all_or_a_part(asker: Asker, market: Market, mall: MallState) -> None:
    part, whole = bought(mall), bought(mall)
    pay(asker, part, whole)
    market.do("mall.shortage", order_number=part.number, amount=500)
    market.do("mall.shortage", order_number=whole.number)
    assert (part.state, whole.state, mall.balance.left) == ("placed", "cancelled", 100_000 - PRICE + 500)
    assert [(one["number"], one["amount"], one["how"]) for one in mall.truth()["refunds"]] == [
        (part.number, 500, "shortage"),
        (whole.number, PRICE, "shortage"),
    ]


def test_the_statement_has_pages(asker: Asker, mall: MallState) -> None:
    for _ in range(11):
        mall.balance.top_up(100)
    first, second = (asker.get(f"/user.php?act=account_detail&page={number}") for number in (1, 2))
    assert (first.count("预存款充值"), second.count("预存款充值")) == (10, 2)
    assert "共 <b>12</b> 条记录" in first
    assert "+¥1.00" in first


def test_a_customer_who_pays_by_the_month_sees_none_of_it(asker: Asker, mall: MallState) -> None:
    mall.balance.settles = "month_end"
    order = person_buys(mall)
    shown = asker.get(f"/user.php?act=order_detail&order_id={order.key}") + asker.get("/user.php?act=order_list")
    assert not [words for words in ("预存款", "付款信息", "合并付款", "资金明细") if words in shown]
    asker.form("/user.php?act=cancel_order", {"sn": order.number})
    assert (order.state, mall.truth()["refunds"]) == ("cancelled", [])


@pytest.mark.slow
def test_the_pay_page_by_hand_with_its_pranks(market: Market, mall: MallState, page: Page) -> None:
    bought(mall, REFERENCE)
    market.faults.add("rerender_total", REFERENCE, "pay", value=9_900)
    for kind in ("second_button", "hidden_twin", "double_click"):
        market.faults.add(kind, REFERENCE, "pay_done")
    hand = Hand(market, page)
    hand.sign_in()
    hand.go("/user.php?act=order_list")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="合并付款").click()
    hand.sees("订单付款")
    expect(page.get_by_role("button", name="确认支付")).to_have_count(2)
    expect(page.locator("#fees .total")).to_have_text("¥39.30")
    page.locator("#place").click()
    hand.sees("支付成功")
    with mall.lock:
        assert mall.lock.wait_for(lambda: len(mall.balance.payments) == 2, 10)
    assert [one["amount"] for one in mall.truth()["payments"]] == [9_900, 9_900]
    assert hand.asked == []
