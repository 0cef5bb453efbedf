"""The stand-in shop, driven by hand in a real browser: what the site file counts on stands there, and the truth is kept."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from agent.models import SHANGHAI
from tests.market.core import Market

pytestmark = pytest.mark.slow

NUMBER = "6920000000000000017"
RECEIVER = {
    "name": "张三丰",
    "phone": "18400913965-7576",
    "province": "浙江省",
    "city": "杭州市",
    "district": "临平区",
    "town": "南苑街道",
    "detail": "人民大道12号3幢",
}
MASKED = ["张**", "184****3965-****", "浙江省 杭州市 临平区 南苑街道 ****"]
REVEALED = ["张三丰", "18400913965-7576", "浙江省 杭州市 临平区 南苑街道 人民大道12号3幢"]

Enter = Callable[..., Page]


@pytest.fixture
def market() -> Iterator[Market]:
    with Market(3, latency=(0.0, 0.05), popups=False) as market:
        market.shop.add_order(
            NUMBER,
            receiver=RECEIVER,
            remark="老客户",
            buyer_message="请发顺丰",
            ordered_at=datetime(2026, 11, 22, 18, 0, 5, tzinfo=SHANGHAI),
            lines=[
                {"title": "棉麻收纳筐", "specification": "米白/大号", "merchant_code": "SNK-01-L", "quantity": 2},
                {"title": "桌布", "specification": "", "merchant_code": ""},
            ],
        )
        yield market


@pytest.fixture
def enter(market: Market, browser: Browser) -> Iterator[Enter]:
    """Opens an address of the shop, signed in already unless told otherwise."""
    context = browser.new_context(base_url=market.addresses.shop, viewport={"width": 1360, "height": 860})
    context.set_default_timeout(30_000)

    def open_page(path: str = "/ffa/morder/order/list", *, signed_in: bool = True) -> Page:
        if signed_in:
            key = market.shop.sign(market.shop.sign_in["user_name"], market.shop.sign_in["password"])
            market.shop.sessions[key].shop = market.shop.shops[0]
            context.add_cookies([{"name": "sessionid", "value": key, "url": market.addresses.shop}])
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    context.close()


def detail(enter: Enter, number: str = NUMBER) -> Page:
    page = enter(f"/ffa/morder/order/detail?id={number}")
    expect(page.get_by_role("heading", name="订单详情")).to_be_visible()
    return page


def fill_ship(enter: Enter, tracking_number: str, number: str = NUMBER) -> Page:
    page = enter(f"/ffa/morder/logistics/delivery?order_id={number}")
    page.locator(".auxo-select input").press_sequentially("圆通")
    page.locator(".auxo-select-item", has_text="圆通速递").click()
    page.get_by_placeholder("单号").fill(tracking_number)
    expect(page.locator(".auxo-select")).to_have_text("圆通速递")
    return page


def test_login_by_email_then_shop(market: Market, enter: Enter) -> None:
    page = enter(signed_in=False)
    page.wait_for_url("**/login/common")
    page.get_by_text("邮箱登录", exact=True).click()
    page.get_by_placeholder("邮箱", exact=True).fill(market.shop.sign_in["user_name"])
    page.get_by_placeholder("密码", exact=True).fill("wrong")
    page.locator("input[type=checkbox]").check()
    page.locator(".account-center-submit").click()
    expect(page.get_by_text("密码错误")).to_be_visible()
    page.get_by_placeholder("密码", exact=True).fill(market.shop.sign_in["password"])
    page.locator(".account-center-submit").click()
    page.locator("[class*=roleItem]", has_text=market.shop.shops[0]).click()
    expect(page.locator("div.headerShopName")).to_have_text(market.shop.shops[0])
    assert len(market.shop.sessions) == 1


def test_list_row_has_what_the_site_file_names(enter: Enter) -> None:
    page = enter()
    page.locator("[data-kora=备货中]").click()
    head = page.locator(f'tr[data-row-key="{NUMBER}"]')
    expect(head.locator("[class*=orderNumber]")).to_have_text(f"订单编号 {NUMBER}")
    expect(head.locator("[class*=orderTime]")).to_have_text("下单时间 2026-11-22 18:00:05")
    expect(head.locator("[class*=orderKind]")).to_have_text("现货")
    expect(head.locator("[class*=flag]")).to_have_attribute("title", "灰")
    expect(page.locator("tr[class*=remarkRow] [class*=sellerRemark]")).to_have_text("商家备注 老客户")
    row = page.locator("tr[data-row-key^=child]").nth(0)
    expect(row.locator("[class*=productName]")).to_have_text("棉麻收纳筐")
    expect(row.locator("[class*=productSpec]")).to_have_text("规格 米白/大号")
    expect(row.locator("[class*=merchantCode]")).to_have_text("商家编码 SNK-01-L")
    expect(row.locator("[class*=productKind]")).to_have_text("普通商品")
    expect(row.locator("[class*=productId]")).to_have_text(re.compile(r"商品ID 35\d{17}"))
    expect(row.locator("[class*=productPrice]")).to_have_text("¥29.90")
    expect(row.locator("[class*=productCount]")).to_have_text("x2")
    expect(row.locator("[class*=receiverInfo] > div")).to_have_text(MASKED)
    expect(page.locator(".auxo-pagination-total-text")).to_have_text("共1条")


def test_pages_of_twenty_drawn_ten_at_a_time(market: Market, enter: Enter) -> None:
    market.shop.add_ordinary(24)
    page = enter()
    heads = page.locator("tr[data-row-key]:not([data-row-key^=child])")
    expect(heads).to_have_count(10)
    page.locator(".sentinel").scroll_into_view_if_needed()
    expect(heads).to_have_count(20)
    expect(page.locator(".auxo-pagination-total-text")).to_have_text("共25条")
    page.locator("li[title=下一页]").click()
    expect(heads).to_have_count(5)
    expect(page.locator("li[title=下一页]")).to_have_attribute("aria-disabled", "true")


def test_search_finds_one_and_says_so_when_none(enter: Enter) -> None:
    page = enter()
    page.get_by_label("订单编号").fill("6920000000000000099")
    page.get_by_role("button", name="查 询").click()
    expect(page.get_by_text("暂无数据")).to_be_visible()
    page.get_by_label("订单编号").fill(NUMBER)
    page.get_by_role("button", name="查 询").click()
    with page.expect_popup() as popup:
        page.get_by_role("link", name="订单详情").click()
    expect(popup.value.get_by_role("heading", name="订单详情")).to_be_visible()


def test_reveal_is_counted_and_ends_with_the_quota(market: Market, enter: Enter) -> None:
    page = detail(enter)
    lines, eye = page.locator("[class*=receiverInfo] > div"), page.locator("[data-kora=查看敏感信息]")
    expect(lines).to_have_text(MASKED)
    eye.click()
    expect(eye).to_have_count(0)
    expect(lines).to_have_text(REVEALED)
    assert market.shop.reveals(NUMBER) == 1
    market.shop.set_quota(1)
    page.reload()
    eye.click()
    expect(page.get_by_text("解密额度不足")).to_be_visible()
    expect(lines).to_have_text(MASKED)
    assert market.shop.reveals(NUMBER) == 1


def test_note_keeps_what_stands_there_until_saved(market: Market, enter: Enter) -> None:
    page = detail(enter)
    page.get_by_role("button", name="修改备注").click()
    dialog = page.get_by_role("dialog", name="修改备注")
    expect(dialog.get_by_placeholder("备注")).to_have_value("老客户")
    dialog.locator(".auxo-radio-wrapper", has_text="红").click()
    dialog.get_by_placeholder("备注").fill("老客户 已拍 AB12")
    dialog.get_by_role("button", name="确 定").click()
    expect(dialog).to_have_count(0)
    expect(page.locator("#seller_words")).to_have_text("老客户 已拍 AB12")
    expect(page.locator("[class*=sellerFlag]")).to_have_attribute("title", "红")
    assert [(note.flag, note.remark) for note in market.shop.notes] == [("红", "老客户 已拍 AB12")]


def test_ship_whole_order(market: Market, enter: Enter) -> None:
    page = fill_ship(enter, "YT9693083639795")
    page.get_by_role("button", name="确认发货").click()
    expect(page.get_by_text("发货成功")).to_be_visible()
    order = market.shop.orders[NUMBER]
    assert (order.state, [(one.carrier, one.tracking_number) for one in order.parcels]) == (
        "已发货",
        [("圆通速递", "YT9693083639795")],
    )
    expect(detail(enter).locator("[class*=parcelItem] [class*=trackingNumber]")).to_have_text("YT9693083639795")


def test_ship_refuses_a_number_of_another_order(market: Market, enter: Enter) -> None:
    other = market.shop.add_order()
    market.shop.write_parcel(other, "圆通速递", "YT9693083639795", [other.lines[0].number])
    page = fill_ship(enter, "YT9693083639795")
    page.get_by_role("button", name="确认发货").click()
    expect(page.get_by_text("该运单号已被其他订单使用")).to_be_visible()
    assert not market.shop.orders[NUMBER].parcels


@pytest.mark.parametrize(
    ("fault", "words", "parcels"),
    [
        ("write_done_error_shown", "系统繁忙", 1),
        ("success_shown_write_rejected", "发货成功", 0),
        ("error_500", "系统繁忙", 0),
        ("drop_before", "网络异常", 0),
        ("drop_after", "网络异常", 1),
        ("lands_later", "发货成功", 0),
        ("twice", "发货成功", 2),
    ],
)
def test_ship_faults(market: Market, enter: Enter, fault: str, words: str, parcels: int) -> None:
    market.faults.add(fault, NUMBER, "ship")
    page = fill_ship(enter, "YT9693083639795")
    page.get_by_role("button", name="确认发货").click()
    expect(page.get_by_text(words)).to_be_visible()
    assert len(market.shop.orders[NUMBER].parcels) == parcels
    assert market.faults.land() == (fault == "lands_later")
    assert len(market.shop.orders[NUMBER].parcels) == parcels + (fault == "lands_later")


@pytest.mark.parametrize(
    ("fault", "value", "buttons"),
    [("second_button", None, 2), ("hidden_twin", None, 1), ("renamed_label", "确认发货=提交发货", 0)],
)
def test_redesigned_ship_page(market: Market, enter: Enter, fault: str, value: str | None, buttons: int) -> None:
    market.faults.add(fault, NUMBER, "ship", value=value)
    page = enter(f"/ffa/morder/logistics/delivery?order_id={NUMBER}")
    expect(page.get_by_role("heading", name="订单发货")).to_be_visible()
    expect(page.get_by_role("button", name="确认发货")).to_have_count(buttons)


def test_number_swapped_under_the_pointer(market: Market, enter: Enter) -> None:
    market.faults.add("rerender_total", NUMBER, "ship", value="YT0000000000000")
    page = fill_ship(enter, "YT9693083639795")
    page.get_by_role("button", name="确认发货").hover()
    expect(page.get_by_placeholder("单号")).to_have_value("YT0000000000000")


@pytest.mark.parametrize(
    ("fault", "value", "kept"),
    [
        ("partial", "remark:2", ["老客"]),
        ("double_click", None, ["老客户 已拍"] * 2),
        ("write_done_error_shown", None, ["老客户 已拍"]),
    ],
)
def test_note_faults(market: Market, enter: Enter, fault: str, value: str | None, kept: list[str]) -> None:
    market.faults.add(fault, NUMBER, "note", value=value)
    page = detail(enter)
    page.get_by_role("button", name="修改备注").click()
    page.get_by_placeholder("备注").fill("老客户 已拍")
    answered: list[str] = []

    def the_last(response: Response) -> bool:
        answered.extend([response.url] if "/api/order/addremark" in response.url else [])
        return len(answered) == len(kept)

    with page.expect_response(the_last):
        page.get_by_role("button", name="确 定").click()
    expect(page.locator(".auxo-message-success, .auxo-message-error")).to_be_visible()
    assert [note.remark for note in market.shop.notes] == kept


def test_lines_with_a_refund_are_not_shipped(market: Market, enter: Enter) -> None:
    first, second = market.shop.orders[NUMBER].lines
    market.shop.open_refund(NUMBER, second.number)
    page = fill_ship(enter, "YT9693083639795")
    page.get_by_role("button", name="确认发货").click()
    expect(page.get_by_text("发货成功")).to_be_visible()
    assert [one.lines for one in market.shop.shipments] == [(first.number,)]


def test_session_expires_at_a_request(market: Market, enter: Enter) -> None:
    market.faults.add("session_expires", NUMBER, "reveal")
    page = detail(enter)
    page.locator("[data-kora=查看敏感信息]").click()
    page.wait_for_url("**/login/common")
    assert market.shop.reveals(NUMBER) == 0


def test_popups_come_once_a_session(market: Market, enter: Enter) -> None:
    market.popups = True
    page = enter()
    page.get_by_role("button", name="我知道了").click()
    page.goto(f"/ffa/morder/order/detail?id={NUMBER}")
    page.get_by_role("button", name="知道了").click()
    page.reload()
    expect(page.get_by_role("heading", name="订单详情")).to_be_visible()
    expect(page.locator("div.headerShopName")).to_be_visible()
    assert not any(session.notice_due or session.guide_due for session in market.shop.sessions.values())


def test_truth_needs_the_token_and_takes_deeds(market: Market) -> None:
    def ask(path: str, body: dict[str, Any] | None = None, token: str = market.addresses.token) -> Any:
        data = json.dumps(body).encode() if body else None
        request = urllib.request.Request(market.addresses.truth + path, data, {"X-Token": token})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    ask("/do", {"what": "shop.change_address", "order": NUMBER, "detail": "新地址8号"})
    ask("/do", {"what": "shop.open_refund", "order": NUMBER})
    ask("/do", {"what": "faults.add", "kind": "lands_later", "order": NUMBER, "point": "ship"})
    order = ask("/truth")["shop"]["orders"][NUMBER]
    assert order["address_change"] == "买家申请修改地址" and order["receiver"]["detail"] == RECEIVER["detail"]
    assert {line["after_sales"] for line in order["lines"]} == {"退款中"}
    assert market.faults.stands("lands_later", "ship", NUMBER)
    with pytest.raises(urllib.error.HTTPError, match="403") as refused:
        ask("/truth", token="another")
    refused.value.close()


def test_started_as_a_process_until_stdin_closes() -> None:
    command = [sys.executable, "-m", "tests.market", "--seed", "2", "--json", "--no-popups"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        known = json.loads(process.stdout.readline())
        with urllib.request.urlopen(known["shop"] + "/login/common") as answer:
            assert "抖店" in answer.read().decode()
        assert known["accounts"]["shop"]["shows"] == "小林家居馆"
        process.stdin.close()
        assert process.wait(timeout=60) == 0


def pack_page(enter: Enter, *, merge: str = "") -> Page:
    page = enter(f"/ffa/morder/logistics/pack?order_id={NUMBER}&merge={merge}")
    expect(page.get_by_role("heading", name="合并发货" if merge else "多包裹发货")).to_be_visible()
    return page


def put_in(page: Page, line: str, pieces: int) -> None:
    page.get_by_placeholder("本次件数").fill(str(pieces))
    page.locator(f"tr[data-row-key='child{line}']").get_by_role("link", name="加入包裹").click()


def send_off(page: Page, number: str) -> None:
    page.locator(".auxo-select").click()
    page.locator(".auxo-select-item-option", has_text="圆通速递").click()
    page.get_by_placeholder("请输入快递单号").fill(number)
    page.get_by_role("button", name="确认发货").click()


def test_parcels_of_one_order_until_all_is_out(market: Market, enter: Enter) -> None:
    order = market.shop.orders[NUMBER]
    first, second = order.lines
    page = pack_page(enter)
    put_in(page, first.number, 3)
    expect(page.get_by_text("发货数量超过可发数量")).to_be_visible()
    put_in(page, first.number, 1)
    expect(page.locator("tr[data-row-key^=pack] [class*=packCount]")).to_have_text("x1")
    send_off(page, "YT9693083639795")
    expect(page.get_by_text("发货成功")).to_be_visible()
    assert (order.state, order.parcels[0].pieces) == ("部分发货", ((first.number, 1),))
    page = pack_page(enter)
    put_in(page, first.number, 1)
    put_in(page, second.number, 1)
    send_off(page, "YT9693083639796")
    expect(page.get_by_text("发货成功")).to_be_visible()
    assert (order.state, order.parcels[1].pieces) == ("已发货", ((first.number, 1), (second.number, 1)))
    goods = detail(enter).locator("[class*=parcelGoods]")
    expect(goods.locator("[class*=parcelCount]")).to_have_text(["x1", "x1", "x1"])
    expect(goods.locator("[class*=subOrder]")).to_have_text([f"子订单 {one.number}" for one in (first, first, second)])


def test_one_parcel_for_two_orders_of_one_receiver(market: Market, enter: Enter) -> None:
    again = market.shop.add_order(receiver=RECEIVER)
    other = market.shop.add_order()
    page = pack_page(enter, merge="1")
    expect(page.locator("tr[data-row-key^=child]")).to_have_count(3)
    assert not page.get_by_text(other.number).count()
    put_in(page, market.shop.orders[NUMBER].lines[0].number, 2)
    put_in(page, again.lines[0].number, 1)
    send_off(page, "YT9693083639795")
    expect(page.get_by_text("发货成功")).to_be_visible()
    held = market.shop.orders[NUMBER]
    assert [(one.state, len(one.parcels)) for one in (held, again)] == [("部分发货", 1), ("已发货", 1)]


def test_a_number_is_changed_twice_and_no_more(market: Market, enter: Enter) -> None:
    order = market.shop.orders[NUMBER]
    market.shop.write_parcel(order, "圆通速递", "YT9693083639795", [order.lines[0].number])
    for at, words in enumerate(("修改成功", "修改成功", "已达上限")):
        page = detail(enter)
        page.get_by_role("button", name="修改物流").click()
        dialog = page.get_by_role("dialog", name="修改物流")
        dialog.locator(".auxo-select").click()
        page.locator(".auxo-select-item-option", has_text="申通快递").click()
        dialog.get_by_placeholder("新运单号").fill(f"77300000000000{at}")
        dialog.get_by_role("button", name="确 定").click()
        expect(page.get_by_text(words)).to_be_visible()
    assert [(one.carrier, one.tracking_number) for one in market.shop.shipments] == [("申通快递", "773000000000001")]
    assert order.parcels == market.shop.shipments
