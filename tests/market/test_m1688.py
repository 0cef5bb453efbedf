"""The marketplace like 1688: it sells as the real one does, and each fault does what it says.

Played by hand with a real browser, without the agent. What happened is counted in the marketplace's books.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.market.core import Market
from tests.market.m1688 import places
from tests.market.m1688.hand import DETAIL, HOOK, MUG, POTTER, REFERENCE, SHIRT, TAILOR, Hand, with_offers
from tests.market.m1688.site import HOSTS, M1688State

pytestmark = pytest.mark.slow

YUHANG = ("浙江省", "杭州市", "临平区", "南苑街道")


@pytest.fixture
def market() -> Iterator[Market]:
    with with_offers(Market(seed=7, latency=(0.0, 0.03))) as market:
        yield market


@pytest.fixture
def site(market: Market) -> M1688State:
    return market.m1688


@pytest.fixture
def hand(market: Market, page: Page) -> Hand:
    """Signed in as the cookie says, without the pages of signing in."""
    hand = Hand(market, page)
    key, session = market.m1688.open_session()
    session.user = market.m1688.user_name
    page.context.add_cookies([{"name": "cookie2", "value": key, "url": market.m1688.addresses["cart"]}])
    return hand


# It sells as the real one does


def test_one_sign_in_is_valid_on_every_host(market: Market, page: Page, site: M1688State) -> None:
    hand = Hand(market, page)
    hand.go("cart", "/cart.htm")
    hand.sign_in("not-it")
    frame = page.frame_locator("#alibaba-login-iframe")
    expect(frame.locator(".login-error-msg")).to_have_text("账号名或登录密码不正确")
    hand.sign_in()
    expect(page.get_by_role("heading", name="买家工作台")).to_be_visible()
    for host, path in (("detail", f"/offer/{SHIRT}.html"), ("cart", "/cart.htm"), ("air", DETAIL)):
        hand.go(host, path)
        expect(page.locator(".alibar .account-id")).to_have_text(site.user_name)
    assert page.request.get(site.addresses["order"] + "/cart.htm").status == 404
    assert len({site.addresses[host] for host in HOSTS}) == len(HOSTS)


def test_from_the_cart_to_one_order_a_seller(hand: Hand, site: M1688State) -> None:
    site.put_into_cart(HOOK, "单个", 20)
    hand.add(SHIRT, "黑色;L", 1)
    hand.add(SHIRT, "黑色;L", 1)
    hand.add(MUG, "白色", 1, tab="代发")
    hand.cart()
    assert [hand.item(sku).locator(".next-checkbox-input").is_checked() for sku in ("单个", "黑色;L", "白色")] == [
        True,
        False,
        False,
    ]
    hand.tick("黑色;L")
    hand.tick("白色")
    hand.tick("单个")
    hand.settle()
    hand.address("张三", "18400913965-7576", YUHANG, "迎宾路1号2幢301")
    expect(hand.page.locator(".address-place")).to_have_text("浙江省 杭州市 临平区 南苑街道 迎宾路1号2幢301")
    sellers = hand.page.locator(".order-group-container .shop-link").all_inner_texts()
    hand.write(f"{REFERENCE} 中性包装", nth=sellers.index(TAILOR))
    hand.place()
    numbers = hand.numbers_shown()
    assert "batch-cashier" in hand.page.url
    made = {order.group.seller: order for order in site.orders if order.by == "page"}
    assert {made[seller].number for seller in sellers} == set(numbers)
    shirts, mugs = made[TAILOR].truth(), made[POTTER].truth()
    assert (shirts["message"], mugs["message"]) == (f"{REFERENCE} 中性包装", "")
    assert [(line["sku"], line["quantity"], line["price"]) for line in shirts["lines"]] == [("黑色;L", 2, 1800)]
    assert (shirts["goods_total"], shirts["freight"], shirts["total"]) == (3600, 400, 4000)
    assert (mugs["lines"][0]["price"], mugs["region"], mugs["address"]) == (1250, list(YUHANG), "迎宾路1号2幢301")
    assert [(item.sku, item.quantity) for item in site.cart] == [("单个", 20)]


def test_the_list_hides_what_the_detail_shows(hand: Hand, site: M1688State) -> None:
    told = {"name": "张三", "phone": "18400913965", "region": YUHANG, "address": "迎宾路1号"}
    orders = [site.add_order([(SHIRT, "黑色;L", 1), (HOOK, "单个", 2)], message=f"{REFERENCE} n{n}", **told) for n in range(11)]
    order = orders[-1]
    listed = hand.numbers_listed()
    assert listed == [one.number for one in reversed(orders)][:10]
    assert hand.page.get_by_text("张三").count() == hand.page.get_by_text(REFERENCE).count() == 0
    hand.page.locator("button.page-next").click()
    expect(hand.page.locator("order-item")).to_have_count(2)
    expect(hand.page.locator("button.page-next")).to_have_count(0)
    site.pay(order.number)
    site.ship(order.number, "中通快递", "75123456789012", [0])
    hand.go("air", f"{DETAIL}?orderId={order.number}")
    expect(hand.page.locator(".order-status")).to_have_text("部分发货")
    expect(hand.page.locator(".receiver-info")).to_contain_text("张三")
    expect(hand.page.locator(".receiver-info")).to_contain_text(f"{REFERENCE} n10")
    site.ship(order.number, "圆通速递", "YT9693083639795")
    site.pick_up(order.number)
    site.refund(order.number)
    hand.page.reload()
    expect(hand.page.locator(".logistics-item")).to_have_count(2)
    expect(hand.page.locator(".logistics-item").nth(1).locator(".logistics-goods tbody tr")).to_have_count(1)
    expect(hand.page.locator(".order-status")).to_have_text("等待买家确认收货")
    expect(hand.page.locator(".refund-status")).to_have_text("退款中")


def test_what_an_offer_refuses(hand: Hand, site: M1688State) -> None:
    hand.go("detail", f"/offer/{MUG}.html")
    hand.type_quantity("青花", 9)
    hand.page.locator("button[data-click=ADD_CART]").click()
    expect(hand.page.locator(".ant-message-notice")).to_contain_text("10件起批")
    expect(hand.page.locator(".total-quantity strong")).to_have_text("3")  # cut to the stock without a word
    site.take_offline(MUG)
    hand.page.reload()
    expect(hand.page.locator("h3.mod-detail-offline-title")).to_contain_text("已下架")
    hand.go("detail", "/offer/1.html")
    assert hand.page.url.endswith("/wrongpage.html")
    assert site.cart == []


def test_a_row_is_taken_out_of_the_cart_after_a_question(hand: Hand, site: M1688State) -> None:
    site.put_into_cart(HOOK, "单个", 20)
    site.put_into_cart(SHIRT, "白色;M", 1)
    hand.cart()
    hand.item("单个").locator('[class*="item--delete"]').click()
    hand.page.get_by_role("dialog").get_by_role("button", name="取消").click()
    assert len(site.cart) == 2
    hand.item("单个").locator('[class*="item--delete"]').click()
    hand.page.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(hand.page.locator('[class*="item--container"]')).to_have_count(1)
    assert [item.sku for item in site.cart] == ["白色;M"]


@pytest.mark.parametrize(
    ("text", "region", "detail"),
    [
        ("张三 18400913965 浙江省 杭州市 临平区 南苑街道 迎宾路1号", YUHANG, "迎宾路1号"),
        ("张三,18400913965,北京市北京市朝阳区望京街道阜通东大街6号", ("北京", "北京市", "朝阳区", "望京街道"), "阜通东大街6号"),
        ("张三 18400913965 广东省东莞市长安镇振安路2号", ("广东省", "东莞市", "长安镇"), "振安路2号"),
    ],
)
def test_a_pasted_address_is_taken_apart(text: str, region: tuple[str, ...], detail: str) -> None:
    assert places.parsed(text) == ("张三", "18400913965", region, detail)


# What goes wrong


def test_the_pasted_address_comes_out_garbled(hand: Hand, market: Market, site: M1688State) -> None:
    market.faults.add("garbled_address", point="address_data")
    hand.to_confirm()
    hand.page.locator(".address-action").click()
    hand.page.locator(".address-item.selected .ant-btn-text").click()
    hand.page.locator("#addressPaste").fill("张三 18400913965 浙江省杭州市临平区南苑街道迎宾路1号2幢301")
    hand.page.get_by_role("button", name="识 别").click()
    expect(hand.page.locator("textarea#address")).to_have_value("南苑街道迎宾路1号2幢")
    hand.save_address()
    assert (site.receiver.name, site.receiver.region, site.receiver.detail) == ("张三", YUHANG, "南苑街道迎宾路1号2幢")


def test_strangers_on_the_way_to_the_order(hand: Hand, market: Market) -> None:
    market.faults.add("foreign_goods", point="cart", value=HOOK)
    market.faults.add("extra_seller", point="confirm", value=MUG)
    hand.add(SHIRT, "白色;M", 1)
    hand.cart()
    hand.tick("白色;M")
    hand.settle()
    expect(hand.page.locator(".order-group-container")).to_have_count(2)
    assert sorted(hand.page.locator(".cargo-spec").all_inner_texts()) == sorted(["白色;M", "单个", "白色"])


@pytest.mark.parametrize(
    ("kind", "value", "orders", "shown"),
    [
        ("drop_after", None, 1, "网络异常"),
        ("drop_before", None, 0, "网络异常"),
        ("error_500", None, 0, "网络异常"),
        ("write_done_error_shown", None, 1, "系统繁忙"),
        ("stock_gone", 1, 0, "库存不足"),
        ("success_shown_write_rejected", None, 0, ""),
        ("lands_later", None, 0, ""),
        ("twice", None, 2, ""),
        ("double_click", None, 2, ""),
    ],
)
def test_a_write_that_goes_wrong(hand: Hand, market: Market, kind: str, value: float | None, orders: int, shown: str) -> None:
    market.faults.add(kind, REFERENCE, "submit", value=value)
    hand.to_confirm()
    hand.place()
    if shown:
        expect(hand.page.locator(".order-error")).to_contain_text(shown)
    else:
        assert len(hand.numbers_shown()) == 1
    assert len(market.m1688.orders_with(REFERENCE)) == orders
    assert len(market.m1688.submits) == (2 if kind == "double_click" else 1)
    assert market.faults.land(REFERENCE) == (1 if kind == "lands_later" else 0)


def test_the_price_and_what_is_kept_change_behind_the_page(hand: Hand, market: Market) -> None:
    market.faults.add("price_changes", REFERENCE, "submit", value=2500)
    market.faults.add("partial", REFERENCE, "submit", value="address:4")
    hand.to_confirm()
    hand.place()
    hand.numbers_shown()
    (order,) = market.m1688.orders_with(REFERENCE)
    assert (order.truth()["goods_total"], order.receiver.detail) == (5000, "福田街道")


def test_the_total_changes_under_the_finger(hand: Hand, market: Market) -> None:
    market.faults.add("rerender_total", REFERENCE, "submit", value=9900)
    market.faults.add("hidden_twin", REFERENCE, "submit")
    market.faults.add("second_button", REFERENCE, "submit")
    hand.to_confirm()
    expect(hand.page.locator("q-button[type=primary]")).to_have_count(3)
    expect(hand.page.locator("q-button[type=primary]:visible")).to_have_count(2)
    expect(hand.page.locator(".pay-total")).to_have_text("40.00")
    hand.place()
    hand.numbers_shown()
    (order,) = market.m1688.orders_with(REFERENCE)
    assert order.total == 9900


def test_one_sellers_goods_become_two_orders(hand: Hand, market: Market, site: M1688State) -> None:
    market.faults.add("order_splits", REFERENCE, "submit")
    site.put_into_cart(SHIRT, "黑色;L", 1)
    site.put_into_cart(HOOK, "单个", 2)
    hand.cart()
    hand.settle()
    hand.write(REFERENCE)
    hand.place()
    assert len(hand.numbers_shown()) == 1
    assert sorted(order.group.lines[0].sku for order in site.orders_with(REFERENCE)) == sorted(["黑色;L", "单个"])


def test_sliders_before_a_page_and_at_the_write(hand: Hand, market: Market, site: M1688State) -> None:
    market.faults.add("captcha_before", point="cart")
    hand.go("cart", "/cart.htm")
    assert "/_____tmd_____/punish" in hand.page.url
    expect(hand.page.get_by_text("滑块验证")).to_be_visible()
    hand.slide()
    expect(hand.page.get_by_role("heading", name="采购车")).to_be_visible()
    for session in site.sessions.values():
        session.captcha_solved = False
    market.faults.add("captcha_after", REFERENCE, "submit")
    hand.to_confirm()
    hand.place()
    expect(hand.page.frame_locator("#baxia-dialog-content").get_by_text("滑块验证")).to_be_visible()
    assert site.orders_with(REFERENCE) == []
    hand.slide()
    hand.numbers_shown()
    assert len(site.orders_with(REFERENCE)) == 1


@pytest.mark.parametrize("point", ["confirm_data", "submit", "list_data"])
def test_the_session_expires_at_a_request(hand: Hand, market: Market, point: str) -> None:
    market.faults.add("session_expires", point=point)
    if point == "list_data":
        hand.go("air", "/app/ctf-page/trade-order-list/buyer-order-list.html")
    elif point == "submit":
        hand.to_confirm()
        hand.place()
    else:
        hand.go("detail", f"/offer/{SHIRT}.html")
        hand.type_quantity("黑色;L", 1)
        hand.page.locator("#submitOrder").click()
    expect(hand.page.locator("#alibaba-login-iframe")).to_be_visible()
    assert market.m1688.orders_with(REFERENCE) == []
