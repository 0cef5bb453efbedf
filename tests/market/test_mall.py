"""The small PHP mall: its pages fit the shipped site file, it orders as such malls do, and each fault does what it says.

Played by hand with a real browser, without the agent. What happened is counted in the mall's books.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Page, expect

from tests.market.core import Market
from tests.market.mall.hand import REFERENCE, SHIRT, Hand, hits, misfits
from tests.market.mall.site import MallState
from tests.market.mall.state import PHONE_WITHOUT_EXTENSION

SITE_FILE = Path(__file__).parents[2] / "selectors" / "mall.yaml"
MUG = "MK-20"


@pytest.fixture
def market() -> Iterator[Market]:
    market = Market(seed=7, latency=(0.0, 0.05))
    market.mall.add_product(SHIRT, "纯棉圆领短袖T恤", {"黑色/L": (1800, 50), "黑色/XL": (1900, 50)})
    market.mall.add_product(MUG, "马克杯 350ml", {"白色": (1250, 3)})
    with market:
        yield market


@pytest.fixture
def hand(market: Market, page: Page) -> Hand:
    hand = Hand(market, page)
    hand.sign_in()
    hand.sees("会员中心")
    return hand


@pytest.fixture
def mall(market: Market) -> MallState:
    return market.mall


def ordered(mall: MallState, reference: str = REFERENCE) -> int:
    return len(mall.orders_with(reference))


# The site file fits


def test_every_place_of_the_site_file_is_there_once(market: Market, page: Page) -> None:
    pages = yaml.safe_load(SITE_FILE.read_text(encoding="utf-8"))["pages"]
    hand, wrong = Hand(market, page), {}
    hand.go("/user.php?act=login")
    wrong["login"] = misfits(page, pages["login"])
    hand.sign_in()
    hand.sees("会员中心")
    wrong["account"] = misfits(page, pages["account"])
    hand.fill()
    empty_basket = hits(page, pages["order_form"]["basket"]["nothing_found"])
    hand.add(SHIRT, "黑色/L", 2)
    page.get_by_label("货号").fill(SHIRT)
    page.keyboard.press("Tab")
    expect(page.locator("#goods_attr label")).to_have_count(2)
    wrong["order_form"] = misfits(page, pages["order_form"])
    hand.next()
    hand.sees("确认订单")
    wrong["confirm"] = misfits(page, pages["confirm"])
    hand.place()
    hand.sees("下单成功")
    wrong["thank_you"] = misfits(page, pages["thank_you"])
    hand.go("/user.php?act=order_list")
    wrong["my_orders"] = misfits(page, pages["my_orders"])
    page.get_by_role("row", name=REFERENCE).get_by_role("link", name="查看").click()
    hand.sees("订单详情")
    no_parcels = hits(page, pages["order_detail"]["shipments"]["nothing_found"])
    market.mall.ship(market.mall.orders_with(REFERENCE)[0].number, "中通快递", "75123456789012")
    page.reload()
    wrong["order_detail"] = misfits(page, pages["order_detail"])
    hand.go("/user.php?act=order_list&outer_sn=NOBODYS")
    no_orders = hits(page, pages["my_orders"]["orders"]["nothing_found"])
    assert wrong == {name: [] for name in pages}
    assert (empty_basket, no_parcels, no_orders) == (1, 1, 1)


# It orders as such malls do


def test_an_order_is_kept_as_it_was_typed(hand: Hand, mall: MallState) -> None:
    hand.fill()
    hand.add(SHIRT, "黑色/L", 2)
    hand.add(MUG, "白色", 1)
    hand.next()
    hand.place()
    hand.sees("下单成功")
    (order,) = mall.orders_with(REFERENCE)
    truth = order.truth()
    assert hand.page.get_by_text(order.number, exact=True).count() == 1
    assert truth["region"] == ["浙江", "杭州", "临平区"]
    assert (truth["name"], truth["phone"]) == ("张三", "18400913965-7576")
    assert (truth["address"], truth["note"]) == ("南苑街道迎宾路1号2幢301", "请勿放价格单")
    assert [(line["product"], line["spec"], line["quantity"]) for line in truth["lines"]] == [
        (SHIRT, "黑色/L", 2),
        (MUG, "白色", 1),
    ]
    assert (truth["goods_total"], truth["freight"], truth["total"]) == (4850, 250 + 2 * 80, 5260)
    assert (mall.products[SHIRT].specs["黑色/L"].stock, mall.products[MUG].specs["白色"].stock) == (48, 2)
    assert hand.asked == ["确定提交吗"]


def test_a_dismissed_question_sends_nothing(hand: Hand, mall: MallState) -> None:
    hand.to_confirm()
    hand.page.remove_listener("dialog", hand._yes)
    hand.page.once("dialog", lambda dialog: dialog.dismiss())
    hand.place()
    hand.sees("确认订单")
    assert mall.submits == []


def test_reloading_the_result_orders_again(hand: Hand, mall: MallState) -> None:
    hand.to_confirm()
    hand.place()
    hand.sees("下单成功")
    hand.page.reload()
    hand.sees("下单成功")
    assert ordered(mall) == 2


def test_a_wrong_password_signs_nobody_in(market: Market, page: Page) -> None:
    hand = Hand(market, page)
    hand.sign_in("not-it")
    expect(page.get_by_text("用户名或密码错误")).to_be_visible()
    hand.go("/user.php?act=order_list")
    hand.sees("会员登录")


def test_the_notice_covers_the_page_once_a_session(market: Market, page: Page) -> None:
    hand = Hand(market, page)
    page.remove_locator_handler(page.locator("#notice .close"))
    hand.sign_in()
    close = page.locator("#notice .close")
    expect(close).to_be_visible()
    at_menu = "document.elementFromPoint(200, 220).closest('#notice') !== null"
    assert page.evaluate(at_menu)
    close.click()
    hand.go("/user.php")
    hand.sees("会员中心")
    assert page.locator("#notice").count() == 0


def test_latency_and_notice_come_from_the_seed(market: Market) -> None:
    assert Market(seed=7).mall.rng.random() == Market(seed=7).mall.rng.random() != Market(seed=8).mall.rng.random()


@pytest.mark.parametrize(
    ("told", "region", "words"),
    [
        ({"phone_pattern": PHONE_WITHOUT_EXTENSION}, "浙江 杭州 临平区", "手机号码格式"),
        ({}, "西藏 拉萨 城关区", "不在配送范围"),
        ({"credit_limit": 2000}, "浙江 杭州 临平区", "账期额度不足"),
    ],
)
def test_the_form_is_refused_with_an_alert(hand: Hand, mall: MallState, told: dict[str, Any], region: str, words: str) -> None:
    for name, value in told.items():
        setattr(mall, name, value)
    hand.fill(region=region)
    hand.add(SHIRT, "黑色/L", 2)
    hand.next()
    hand.sees("代发下单")
    assert words in hand.asked[-1]


def test_stock_is_looked_at_when_adding_and_again_when_submitting(hand: Hand, mall: MallState) -> None:
    hand.fill()
    hand.add(MUG, "白色", 4)
    assert hand.asked == ["库存不足，仅剩3件"]
    hand.page.get_by_label("数量").fill("3")
    hand.page.get_by_role("button", name="添 加").click()
    hand.next()
    hand.sees("确认订单")
    mall.set_stock(MUG, "白色", 1)
    hand.place()
    expect(hand.page.get_by_text("库存不足")).to_be_visible()
    assert ordered(mall) == 0


def test_the_list_has_pages_filters_and_a_memory(hand: Hand, mall: MallState) -> None:
    added = [person_buys(mall, reference=f"W{n:02}").number for n in range(12)]
    listed = hand.numbers_listed()
    assert listed == added[:1:-1]
    expect(hand.page.locator("#pager")).to_have_text("总计 13 个记录")
    hand.page.get_by_role("link", name="下一页").click()
    expect(hand.page.locator("#orders tbody tr")).to_have_count(3)
    assert hand.page.get_by_role("link", name="下一页").count() == 0
    hand.page.get_by_label("外部单号").fill("W05")
    hand.page.get_by_role("button", name="搜 索").click()
    expect(hand.page.locator("#orders tbody tr")).to_have_count(1)
    assert hand.numbers_listed("/user.php?act=order_list") == [added[5]]
    hand.page.get_by_role("link", name="全部订单").click()
    expect(hand.page.locator("#orders tbody tr")).to_have_count(10)
    hand.page.get_by_label("订单号：", exact=True).fill(added[7])
    hand.page.get_by_role("button", name="搜 索").click()
    expect(hand.page.locator("#orders tbody tr")).to_have_count(1)
    assert hand.numbers_listed("/user.php?act=order_list") == [added[7]]


def person_buys(mall: MallState, reference: str = "") -> Any:
    return mall.add_order(
        [(SHIRT, "黑色/L", 2)],
        name="张三",
        phone="18400913965-7576",
        region=("浙江", "杭州", "临平区"),
        address="路1号",
        reference=reference,
    )


def test_parcels_and_states_as_the_supplier_goes_on(hand: Hand, mall: MallState) -> None:
    order = person_buys(mall)
    mall.ship(order.number, "中通快递", "75123456789012")
    mall.ship(order.number, "圆通速递", "YT9693083639795")
    hand.go(f"/user.php?act=order_detail&order_id={order.key}")
    expect(hand.page.locator("#parcels tbody tr")).to_have_count(2)
    expect(hand.page.get_by_text("已发货", exact=True)).to_be_visible()
    mall.pick_up(order.number)
    hand.page.reload()
    expect(hand.page.get_by_text("已揽收", exact=True)).to_be_visible()
    used = mall.credit_used
    mall.cancel(order.number)
    assert used - mall.credit_used == order.total


def test_one_older_order_is_known_from_the_start(hand: Hand, mall: MallState) -> None:
    assert hand.numbers_listed() == [mall.known_order.number]


# The faults, on the truth


def test_lost_connection_before_the_write(hand: Hand, market: Market) -> None:
    market.faults.add("drop_before", REFERENCE, "submit")
    hand.to_confirm()
    with hand.page.expect_event("requestfailed"):
        hand.place()
    assert (ordered(market.mall), len(market.mall.submits)) == (0, 1)


def test_lost_connection_after_the_write(hand: Hand, market: Market) -> None:
    market.faults.add("drop_after", REFERENCE, "submit")
    hand.to_confirm()
    with hand.page.expect_event("requestfailed"):
        hand.place()
    assert (ordered(market.mall), len(market.mall.submits)) == (1, 1)


@pytest.mark.parametrize(("kind", "written"), [("drop_before", 1), ("drop_after", 2)])
def test_chromium_itself_sends_again_after_a_cut(hand: Hand, market: Market, kind: str, written: int) -> None:
    market.mall.takes_repeats = True
    market.faults.add(kind, REFERENCE, "submit")
    hand.to_confirm()
    sent: list[str] = []
    hand.page.on("request", lambda request: sent.append(request.method))
    hand.place()
    hand.sees("下单成功")
    assert (ordered(market.mall), len(market.mall.submits)) == (written, 2)
    assert sent.count("POST") == 1


def test_500_before_the_write(hand: Hand, market: Market) -> None:
    market.faults.add("error_500", REFERENCE, "submit")
    hand.to_confirm()
    hand.place()
    hand.sees("500 Internal Server Error")
    assert ordered(market.mall) == 0


def test_slow_answers_late_and_writes_once(hand: Hand, market: Market) -> None:
    market.faults.add("slow", REFERENCE, "submit", value=0.5)
    hand.to_confirm()
    began = market.clock()
    hand.place()
    hand.sees("下单成功")
    assert (market.clock() - began).total_seconds() >= 0.5
    assert ordered(market.mall) == 1


def test_success_shown_and_nothing_written(hand: Hand, market: Market) -> None:
    market.faults.add("success_shown_write_rejected", REFERENCE, "submit")
    hand.to_confirm()
    hand.place()
    hand.sees("下单成功")
    assert ordered(market.mall) == 0
    assert hand.numbers_listed() == [market.mall.known_order.number]


@pytest.mark.parametrize(("told", "shown"), [(None, "库存不足"), ("系统维护中", "系统维护中")])
def test_written_and_an_error_shown(hand: Hand, market: Market, told: str | None, shown: str) -> None:
    market.faults.add("write_done_error_shown", REFERENCE, "submit", value=told)
    hand.to_confirm()
    hand.place()
    expect(hand.page.locator("p.error")).to_contain_text(shown)
    assert ordered(market.mall) == 1


def test_a_write_that_lands_when_told(hand: Hand, market: Market) -> None:
    market.faults.add("lands_later", REFERENCE, "submit")
    hand.to_confirm()
    hand.place()
    hand.sees("下单成功")
    shown = hand.page.locator("dd.red").inner_text()
    assert ordered(market.mall) == 0
    assert market.faults.land(REFERENCE) == 1
    assert [order.number for order in market.mall.orders_with(REFERENCE)] == [shown]


def test_the_server_writes_twice(hand: Hand, market: Market) -> None:
    market.faults.add("twice", REFERENCE, "submit")
    hand.to_confirm()
    hand.place()
    hand.sees("下单成功")
    first, second = market.mall.orders_with(REFERENCE)
    assert first.number != second.number
    assert len(market.mall.submits) == 1


@pytest.mark.parametrize(
    ("what", "field", "kept"),
    [
        ("note", "note", ""),
        ("address:4", "address", "南苑街道"),
        ("phone:11", "phone", "18400913965"),
        ("reference:8", "reference", REFERENCE[:8]),
        ("quantity", "lines", [1]),
    ],
)
def test_a_partial_write(hand: Hand, market: Market, what: str, field: str, kept: object) -> None:
    market.faults.add("partial", REFERENCE, "submit", value=what)
    hand.to_confirm()
    hand.place()
    hand.sees("下单成功")
    truth = market.mall.orders[-1].truth()
    assert kept == ([line["quantity"] for line in truth["lines"]] if field == "lines" else truth[field])


def test_a_partial_write_loses_a_line(hand: Hand, market: Market) -> None:
    market.faults.add("partial", REFERENCE, "submit", value="line")
    hand.fill()
    hand.add(SHIRT, "黑色/L", 2)
    hand.add(MUG, "白色", 1)
    hand.next()
    hand.place()
    hand.sees("下单成功")
    (order,) = market.mall.orders_with(REFERENCE)
    assert [line.product for line in order.quote.lines] == [SHIRT]


def test_the_list_lags_until_released(hand: Hand, market: Market) -> None:
    market.faults.add("list_lags", REFERENCE)
    hand.to_confirm()
    hand.place()
    hand.sees("下单成功")
    (order,) = market.mall.orders_with(REFERENCE)
    assert hand.numbers_listed() == [market.mall.known_order.number]
    assert hand.numbers_listed(f"/user.php?act=order_list&outer_sn={REFERENCE}") == []
    market.mall.show_all()
    assert hand.numbers_listed() == [order.number, market.mall.known_order.number]


def test_a_stray_filter_hides_orders_until_all_are_asked_for(hand: Hand, market: Market) -> None:
    order = person_buys(market.mall, REFERENCE)
    market.faults.add("stray_filter", point="list", value="已发货")
    assert hand.numbers_listed("/user.php?act=order_list") == []
    assert hand.numbers_listed(f"/user.php?act=order_list&outer_sn={REFERENCE}") == []
    hand.page.get_by_role("link", name="全部订单").click()
    expect(hand.page.get_by_text(order.number)).to_be_visible()


@pytest.mark.parametrize("point", ["confirm", "submit"])
def test_the_session_expires_at_a_request(hand: Hand, market: Market, point: str) -> None:
    market.faults.add("session_expires", REFERENCE, point)
    hand.fill()
    hand.add(SHIRT, "黑色/L", 2)
    hand.next()
    if point == "submit":
        hand.place()
    hand.sees("会员登录")
    assert ordered(market.mall) == 0
    hand.go("/user.php")
    hand.sees("会员登录")


def solve(hand: Hand) -> None:
    hand.page.get_by_label("验证码").fill(hand.market.mall.captcha_code)
    hand.page.get_by_role("button", name="确 定").click()


def test_a_captcha_before_the_click(hand: Hand, market: Market) -> None:
    market.faults.add("captcha_before", REFERENCE, "confirm")
    hand.fill()
    hand.add(SHIRT, "黑色/L", 2)
    hand.next()
    hand.sees("安全验证")
    hand.page.get_by_label("验证码").fill("wrong")
    hand.page.get_by_role("button", name="确 定").click()
    expect(hand.page.get_by_text("验证码错误")).to_be_visible()
    solve(hand)
    hand.sees("确认订单")
    hand.place()
    hand.sees("下单成功")
    assert ordered(market.mall) == 1


def test_a_captcha_instead_of_the_write(hand: Hand, market: Market) -> None:
    market.faults.add("captcha_after", REFERENCE, "submit")
    hand.to_confirm()
    hand.place()
    hand.sees("安全验证")
    assert ordered(market.mall) == 0
    solve(hand)
    hand.sees("下单成功")
    assert ordered(market.mall) == 1


@pytest.mark.parametrize(("point", "shown"), [("confirm", "¥103.30"), ("submit", "¥39.30")])
def test_the_price_changes(hand: Hand, market: Market, point: str, shown: str) -> None:
    market.faults.add("price_changes", REFERENCE, point, value=5000)
    hand.to_confirm()
    expect(hand.page.locator("dd.total")).to_have_text(shown)
    hand.place()
    hand.sees("下单成功")
    (order,) = market.mall.orders_with(REFERENCE)
    assert order.total == 10330


def test_another_total_under_the_finger(hand: Hand, market: Market) -> None:
    market.faults.add("rerender_total", REFERENCE, "confirm", value=9900)
    hand.to_confirm()
    expect(hand.page.locator("dd.total")).to_have_text("¥39.30")
    hand.page.get_by_role("button", name="提交订单").click(trial=True)
    expect(hand.page.locator("dd.total")).to_have_text("¥39.30")
    hand.place()
    hand.sees("下单成功")
    (order,) = market.mall.orders_with(REFERENCE)
    assert order.total == 9900


@pytest.mark.parametrize("bound", [REFERENCE, ""])
def test_the_reference_field_cuts(hand: Hand, market: Market, bound: str) -> None:
    market.faults.add("reference_cut", bound, value=8)
    hand.to_confirm()
    hand.place()
    hand.sees("下单成功")
    assert (ordered(market.mall), ordered(market.mall, REFERENCE[:8])) == (0, 1)


def test_a_label_is_renamed(hand: Hand, market: Market) -> None:
    market.faults.add("renamed_label", point="form", value="外部单号=客户单号")
    hand.go("/daifa.php?act=new")
    expect(hand.page.get_by_label("客户单号")).to_be_visible()
    assert hits(hand.page, "label=外部单号") == 0


def test_a_button_is_renamed(hand: Hand, market: Market) -> None:
    market.faults.add("renamed_label", REFERENCE, "confirm", value="提交订单=立即付款")
    hand.to_confirm()
    assert (hits(hand.page, "button=提交订单"), hits(hand.page, "button=立即付款")) == (0, 1)


@pytest.mark.parametrize(("kind", "visible", "there"), [("second_button", 2, 2), ("hidden_twin", 1, 2)])
def test_two_buttons_with_the_same_words(hand: Hand, market: Market, kind: str, visible: int, there: int) -> None:
    market.faults.add(kind, REFERENCE, "confirm")
    hand.to_confirm()
    assert hits(hand.page, "button=提交订单") == visible
    assert hand.page.locator("button", has_text="提交订单").count() == there


def test_a_notice_over_the_button(hand: Hand, market: Market) -> None:
    market.faults.add("popup", REFERENCE, "confirm")
    hand.page.remove_locator_handler(hand.page.locator("#notice .close"))
    hand.to_confirm()
    expect(hand.page.locator("#notice .close")).to_be_visible()
    covered = "document.elementFromPoint(innerWidth - 5, 5).closest('#notice') !== null"
    assert hand.page.evaluate(covered)


def test_the_page_sends_a_second_time_by_itself(hand: Hand, market: Market) -> None:
    market.faults.add("double_click", REFERENCE, "confirm")
    hand.to_confirm()
    hand.place()
    hand.sees("下单成功")
    assert market.mall.wait_for(2, REFERENCE)
    assert (ordered(market.mall), len(market.mall.submits)) == (2, 2)


def test_the_page_sends_until_it_is_answered(hand: Hand, market: Market) -> None:
    market.faults.add("page_retry", REFERENCE, "confirm", value=5)
    market.faults.add("drop_after", REFERENCE, "submit", times=3)
    hand.to_confirm()
    hand.place()
    hand.sees("下单成功")
    assert (ordered(market.mall), len(market.mall.submits)) == (4, 4)


def test_the_page_sends_late(hand: Hand, market: Market) -> None:
    market.faults.add("late_post", REFERENCE, "confirm", value=0.5)
    hand.to_confirm()
    hand.place()
    expect(hand.page.get_by_role("button", name="正在提交…")).to_be_visible()
    assert market.mall.submits == []
    hand.sees("下单成功")
    assert ordered(market.mall) == 1


def test_a_page_left_in_time_never_sends(hand: Hand, market: Market) -> None:
    market.faults.add("late_post", REFERENCE, "confirm", value=60)
    hand.to_confirm()
    hand.place()
    hand.go("/user.php")
    hand.sees("会员中心")
    assert market.mall.submits == []


def test_an_unexpected_question(hand: Hand, market: Market) -> None:
    market.faults.add("browser_asks", REFERENCE, "confirm", value="加购运费险？")
    hand.to_confirm()
    hand.place()
    hand.sees("下单成功")
    assert hand.asked == ["加购运费险？", "确定提交吗"]


@pytest.mark.parametrize(("kind", "written"), [("kill_before", 0), ("kill_after", 1)])
def test_a_kill_comes_before_or_after_the_write(hand: Hand, market: Market, kind: str, written: int) -> None:
    seen: list[int] = []
    market.faults.add(kind, REFERENCE, "submit", call=lambda: seen.append(ordered(market.mall)))
    hand.to_confirm()
    hand.place()
    hand.sees("下单成功")
    assert seen == [written]


def test_a_fault_of_one_order_leaves_the_others_alone(hand: Hand, market: Market) -> None:
    market.faults.add("twice", REFERENCE, "submit")
    hand.to_confirm("OTHER0000001")
    hand.place()
    hand.sees("下单成功")
    assert ordered(market.mall, "OTHER0000001") == 1


def test_an_alert_on_success(hand: Hand, market: Market) -> None:
    market.mall.alert_on_success = True
    hand.to_confirm()
    hand.place()
    hand.sees("下单成功")
    assert hand.asked[-1] == "下单成功"
