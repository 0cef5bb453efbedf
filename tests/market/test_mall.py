"""The small PHP mall: its pages fit the shipped site file, and it orders as such malls do.

Played by hand with a real browser, without the agent. What happened is counted in the mall's books.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Page, expect

from tests.market.core import Market
from tests.market.mall.hand import MUG, REFERENCE, SHIRT, Hand, hits, misfits, ordered, person_buys
from tests.market.mall.site import MallState
from tests.market.mall.state import PHONE_WITHOUT_EXTENSION

pytestmark = pytest.mark.slow

SITE_FILE = Path(__file__).parents[2] / "selectors" / "mall.yaml"


# The site file fits


def test_every_place_of_the_site_file_is_there_once(market: Market, page: Page) -> None:
    pages = yaml.safe_load(SITE_FILE.read_text(encoding="utf-8"))["pages"]
    hand, wrong = Hand(market, page), {}
    hand.go("/user.php?act=login")
    wrong["login"] = misfits(page, pages["login"])
    hand.sign_in()
    hand.sees("会员中心")
    wrong["account"] = misfits(page, pages["account"])
    hand.go(f"/goods.php?act=show&id={SHIRT}")
    hand.sees("商品详情")
    wrong["goods"] = misfits(page, pages["goods"])
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
    market.mall.balance.settle_prepaid(10_000)
    hand.go("/user.php?act=order_list")
    wrong["my_orders"] = misfits(page, pages["my_orders"])
    page.get_by_role("row", name=REFERENCE).get_by_role("link", name="查看").click()
    hand.sees("订单详情")
    no_parcels = hits(page, pages["order_detail"]["shipments"]["nothing_found"])
    market.mall.ship(market.mall.orders_with(REFERENCE)[0].number, "中通快递", "75123456789012")
    page.reload()
    wrong["order_detail"] = misfits(page, {name: place for name, place in pages["order_detail"].items() if name != "cancel_it"})
    wrong |= _paying_misfits(market, hand, pages)
    hand.go("/user.php?act=order_list&outer_sn=NOBODYS")
    no_orders = hits(page, pages["my_orders"]["orders"]["nothing_found"])
    assert wrong == {name: [] for name in (*pages, "cancel_it")}
    assert (empty_basket, no_parcels, no_orders) == (1, 1, 1)


def _paying_misfits(market: Market, hand: Hand, pages: dict[str, Any]) -> dict[str, list[str]]:
    """The same for the pages of a customer with a prepaid balance."""
    order, found = market.mall.set_state(person_buys(market.mall).number, "unpaid"), {}
    hand.go(f"/pay.php?act=checkout&sn={order.number}")
    found["pay_page"] = misfits(hand.page, pages["pay_page"])
    hand.page.get_by_role("button", name="确认支付").click()
    hand.sees("支付成功")
    found["paid_page"] = misfits(hand.page, pages["paid_page"])
    hand.go("/user.php?act=account_deposit")
    found["balance_page"] = misfits(hand.page, pages["balance_page"])
    hand.go("/user.php?act=account_detail")
    found["statement_page"] = misfits(hand.page, pages["statement_page"])
    hand.go(f"/user.php?act=order_detail&order_id={order.key}")
    found["cancel_it"] = [] if hits(hand.page, pages["order_detail"]["cancel_it"]) == 1 else ["cancel_it"]
    hand.page.get_by_role("button", name="取消订单").click()
    hand.sees("订单取消成功")
    found["cancelled"] = misfits(hand.page, pages["cancelled"])
    return found


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
