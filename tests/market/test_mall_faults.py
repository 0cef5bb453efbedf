"""Each fault of the mall does what it says: played by hand with a real browser, counted in the mall's books."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.market.core import Market
from tests.market.mall.hand import MUG, REFERENCE, SHIRT, Hand, hits, ordered, person_buys

pytestmark = pytest.mark.slow


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
    market.faults.add("late_post", REFERENCE, "confirm", value=3)
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


def test_the_page_sends_as_it_is_left(hand: Hand, market: Market) -> None:
    market.faults.add("leaving_post", REFERENCE, "confirm")
    hand.to_confirm()
    hand.place()
    assert market.mall.submits == []
    hand.go("/user.php")
    assert market.mall.wait_for(1, REFERENCE)


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


def test_an_order_becomes_two_that_cost_the_same(hand: Hand, market: Market) -> None:
    market.faults.add("order_splits", REFERENCE, "submit")
    hand.to_confirm()
    hand.place()
    hand.sees("下单成功")
    first, second = market.mall.orders_with(REFERENCE)
    assert [[(line.spec, line.quantity) for line in each.quote.lines] for each in (first, second)] == [[("黑色/L", 1)]] * 2
    assert first.number != second.number
    assert (first.quote.freight, second.quote.freight) == (market.mall.freight.cost("浙江", 2), 0)


def test_a_second_order_of_the_same_receiver_goes_into_the_first(hand: Hand, market: Market) -> None:
    market.faults.add("order_merges", point="submit", times=None)
    second = "9K2M9QX4TB3D"
    for reference in (REFERENCE, second):
        hand.to_confirm(reference)
        hand.place()
        hand.sees("下单成功")
    (first,) = market.mall.orders_with(REFERENCE)
    assert (ordered(market.mall, second), first.merged, len(market.mall.submits)) == (0, [second], 2)
    assert [(line.spec, line.quantity) for line in first.quote.lines] == [("黑色/L", 4)]
    assert first.quote.freight == market.mall.freight.cost("浙江", 4)
    market.mall.set_state(first.number, "shipped")
    hand.to_confirm("5K2M9QX4TB3D")
    hand.place()
    hand.sees("下单成功")
    assert ordered(market.mall, "5K2M9QX4TB3D") == 1
