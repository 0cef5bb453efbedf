"""The pages of paying at the marketplace, driven by hand with a real browser: what they show, and what they do by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.market.core import Market
from tests.market.m1688.hand import DETAIL, LIST, MUG, POTTER, REFERENCE, SHIRT, TAILOR, Hand, with_offers
from tests.market.m1688.orders import Order
from tests.market.m1688.picture import svg
from tests.market.m1688.site import M1688State

pytestmark = pytest.mark.slow


@pytest.fixture
def market() -> Iterator[Market]:
    with with_offers(Market(seed=7, latency=(0.0, 0.03))) as market:
        yield market


@pytest.fixture
def site(market: Market) -> M1688State:
    return market.m1688


@pytest.fixture
def hand(market: Market, page: Page) -> Hand:
    hand = Hand(market, page)
    key, session = market.m1688.open_session()
    session.user = market.m1688.user_name
    page.context.add_cookies([{"name": "cookie2", "value": key, "url": market.m1688.addresses["air"]}])
    return hand


def bought(site: M1688State, offer: str = SHIRT, sku: str = "黑色;L") -> Order:
    to: dict[str, Any] = {
        "name": "张三",
        "phone": "18400913965",
        "region": ("浙江省", "杭州市", "临平区"),
        "address": "迎宾路1号",
    }
    return site.add_order([(offer, sku, 1)], message=REFERENCE if offer == SHIRT else "", **to)


def test_orders_ticked_in_the_list_are_paid_with_one_code(hand: Hand, site: M1688State) -> None:
    shirt, mug, left = bought(site), bought(site, MUG, "白色"), bought(site, MUG, "白色")
    hand.go("air", LIST)
    boxes = hand.page.locator(".order-check input")
    expect(boxes).to_have_count(3)
    hand.page.get_by_role("button", name="合并付款").click()
    expect(hand.page.locator(".ant-message-notice")).to_contain_text("请先选择要付款的订单")
    for order in (shirt, mug):
        hand.page.locator(f'order-item[data-tracker-args*="{order.number}"] .order-check input').check()
    hand.page.get_by_role("button", name="合并付款").click()
    expect(hand.page.locator(".order-amount")).to_have_text("33.00")
    expect(hand.page.locator(".payee")).to_contain_text(TAILOR)
    assert set(hand.numbers_shown()) == {shirt.number, mug.number}
    hand.pay("微信扫码")
    expect(hand.page.get_by_role("heading", name="微信扫码支付")).to_be_visible()
    expect(hand.page.locator(".qr-amount")).to_have_text("33.00")
    image = hand.page.locator("#J_qrCode img")
    expect(image).to_be_visible()
    (code,) = site.truth()["codes"]
    assert hand.page.evaluate("(image) => image.naturalWidth", image.element_handle()) == 220
    assert hand.page.request.get(f"{site.addresses['air']}/pay/picture.svg?paymentId={code['id']}").text() == svg(code["id"])
    assert svg(code["id"]) != svg("another")
    expect(hand.page.locator(".qr-state")).to_have_text("等待付款")
    site.payments.scan(code["id"])
    expect(hand.page.locator(".qr-state")).to_have_text("已支付")
    assert (shirt.state, mug.state, left.state) == ("placed", "placed", "unpaid")


def test_the_page_of_a_code_says_when_it_is_over(hand: Hand, site: M1688State) -> None:
    order = bought(site)
    hand.go("air", f"{DETAIL}?orderId={order.number}")
    hand.page.locator(".pay-action").click()
    expect(hand.page.locator(".payee")).to_have_text(TAILOR)
    hand.pay("支付宝扫码")
    expect(hand.page.locator(".qr-state")).to_have_text("等待付款")
    site.payments.expire_code(order.number)
    expect(hand.page.locator(".qr-state")).to_have_text("二维码已过期")
    hand.go("air", f"/cashier/state?orderId={order.number}")
    expect(hand.page.locator("dd.state")).to_have_text("二维码已过期")


def test_a_code_that_comes_late(hand: Hand, market: Market, site: M1688State) -> None:
    order = bought(site)
    market.faults.add("lands_later", order.number, "pay")
    hand.cashier(order.number)
    hand.pay("支付宝扫码")
    expect(hand.page.locator(".qr-waiting")).to_have_text("二维码生成中…")
    assert site.truth()["codes"] == []
    market.faults.land(order.number)
    expect(hand.page.locator("#J_qrCode img")).to_be_visible()


@pytest.mark.parametrize(
    ("kind", "payments", "shown"),
    [
        ("drop_after", 1, "网络异常"),
        ("write_done_error_shown", 1, "系统繁忙"),
        ("success_shown_write_rejected", 0, "付款成功"),
    ],
)
def test_what_the_cashier_says_of_a_payment(
    hand: Hand, market: Market, site: M1688State, kind: str, payments: int, shown: str
) -> None:
    site.payments.enable_auto_debit()
    order = bought(site)
    market.faults.add(kind, REFERENCE, "pay")
    hand.cashier(order.number)
    hand.pay("免密支付")
    expect(hand.page.get_by_text(shown)).to_be_visible()
    assert len(site.truth()["payments"]) == payments


def test_a_click_sent_twice_pays_once(hand: Hand, market: Market, site: M1688State) -> None:
    site.payments.enable_auto_debit()
    order = bought(site)
    market.faults.add("double_click", REFERENCE, "pay")
    hand.cashier(order.number)
    hand.pay("免密支付")
    expect(hand.page.locator(".pay-success, .pay-error:has-text('请勿重复付款')")).to_be_visible()
    assert len(site.truth()["payments"]) == 1


def test_the_sum_changes_under_the_finger(hand: Hand, market: Market, site: M1688State) -> None:
    site.payments.credit.open_credit(100_000)
    order = bought(site)
    market.faults.add("rerender_total", REFERENCE, "pay", value=9_900)
    market.faults.add("second_button", REFERENCE, "pay")
    market.faults.add("hidden_twin", REFERENCE, "pay")
    hand.cashier(order.number)
    expect(hand.page.locator(".pay-submit")).to_have_count(3)
    expect(hand.page.locator(".order-amount")).to_have_text("21.00")
    hand.pay("诚e赊")
    expect(hand.page.get_by_role("heading", name="付款成功")).to_be_visible()
    assert [one["amount"] for one in site.truth()["payments"]] == [9_900]


def test_the_amount_changes_on_the_page_of_the_code(hand: Hand, market: Market, site: M1688State) -> None:
    order = bought(site)
    market.faults.add("rerender_total", REFERENCE, "code", value=9_900)
    hand.cashier(order.number)
    hand.pay("支付宝扫码")
    expect(hand.page.locator(".qr-amount")).to_have_text("99.00")
    assert [code["amount"] for code in site.truth()["codes"]] == [2_100]


@pytest.mark.parametrize("kind", ["captcha_after", "sms_after"])
def test_a_slider_or_a_text_message_stands_before_the_money(hand: Hand, market: Market, site: M1688State, kind: str) -> None:
    site.payments.enable_auto_debit()
    order = bought(site)
    market.faults.add(kind, REFERENCE, "pay")
    hand.cashier(order.number)
    hand.pay("免密支付")
    frame = hand.page.frame_locator("#baxia-dialog-content")
    expect(frame.locator(".warnning-text")).to_be_visible()
    assert site.truth()["payments"] == []
    if kind == "sms_after":
        frame.locator("#sms-code").fill("000000")
        frame.get_by_role("button", name="确定").click()
        expect(frame.locator(".sms-error")).to_have_text("验证码错误，请重新输入")
        frame.locator("#sms-code").fill(site.message_code)
        frame.get_by_role("button", name="确定").click()
    else:
        hand.slide()
    expect(hand.page.get_by_role("heading", name="付款成功")).to_be_visible()
    assert len(site.truth()["payments"]) == 1


def test_a_text_message_is_asked_for_before_the_cashier(hand: Hand, market: Market, site: M1688State) -> None:
    order = bought(site)
    market.faults.add("sms_before", order.number, "cashier")
    hand.go("air", f"/app/ctf-page/payment-cashier-pc-air/cashier.html?orderId={order.number}")
    hand.page.locator("#sms-code").fill(site.message_code)
    hand.page.get_by_role("button", name="确定").click()
    expect(hand.page.locator(".order-amount")).to_have_text("21.00")


def test_the_bill_is_read_and_downloaded(hand: Hand, site: M1688State, tmp_path: Path) -> None:
    site.payments.credit.open_credit(100_000)
    order = bought(site, MUG, "白色")
    hand.cashier(order.number)
    expect(hand.page.locator(".payee")).to_have_text(POTTER)
    hand.pay("诚e赊")
    expect(hand.page.get_by_role("heading", name="付款成功")).to_be_visible()
    hand.go("air", "/app/ctf-page/credit-bill/index.html")
    expect(hand.page.locator(".bill-list tbody tr")).to_have_count(1)
    with hand.page.expect_download() as coming:
        hand.page.get_by_text("下载账单").click()
    rows = list(load_workbook(BytesIO(Path(coming.value.path()).read_bytes())).active.values)
    assert [row[:2] for row in rows[1:]] == [(order.number, order.total / 100)]
    site.payments.credit.repay()
    hand.page.get_by_text("待还款账单").click()
    expect(hand.page.locator(".bill-empty")).to_have_text("暂无账单")
    hand.page.get_by_text("全部账单").click()
    expect(hand.page.locator(".bill-list tbody tr")).to_contain_text("已还款")


def test_an_order_is_cancelled_after_a_question(hand: Hand, site: M1688State) -> None:
    order = bought(site)
    hand.go("air", f"{DETAIL}?orderId={order.number}")
    hand.page.get_by_role("button", name="取消订单").click()
    hand.page.get_by_role("dialog").get_by_role("button", name="再想想").click()
    assert site.truth()["cancellations"] == []
    site.pay(order.number)
    hand.page.reload()
    hand.page.get_by_role("button", name="取消订单").click()
    expect(hand.page.get_by_role("dialog")).to_contain_text("取消后将为您申请退款")
    hand.page.get_by_role("button", name="确定取消").click()
    expect(hand.page.locator(".cancel-done")).to_have_text("退款申请已提交")
    expect(hand.page.get_by_role("button", name="取消订单")).to_have_count(0)
    site.payments.refund(order.number, done=True)
    hand.page.reload()
    expect(hand.page.locator(".order-status")).to_have_text("交易关闭")
    assert [one["amount"] for one in site.truth()["refunds"]] == [2_100]


def test_a_cancelling_sent_twice(hand: Hand, market: Market, site: M1688State) -> None:
    order = bought(site)
    market.faults.add("double_click", REFERENCE, "cancel")
    hand.go("air", f"{DETAIL}?orderId={order.number}")
    hand.page.get_by_role("button", name="取消订单").click()
    with hand.page.expect_response(lambda answer: "cancel.json" in answer.url):
        hand.page.get_by_role("button", name="确定取消").click()
    expect(hand.page.locator(".cancel-done, .cancel-error:not(:empty)")).to_be_visible()
    assert (order.state, len(site.truth()["cancellations"])) == ("closed", 1)


def test_an_order_shipped_meanwhile_is_not_cancelled(hand: Hand, site: M1688State) -> None:
    order = bought(site)
    site.pay(order.number)
    hand.go("air", f"{DETAIL}?orderId={order.number}")
    hand.page.get_by_role("button", name="取消订单").click()
    site.ship(order.number, "中通快递", "75123456789012")
    hand.page.get_by_role("button", name="确定取消").click()
    expect(hand.page.locator(".cancel-error")).to_have_text("卖家已发货，无法取消订单")
    assert site.truth()["cancellations"] == []
