"""A shop is taught in a terminal, and its orders are then bought, noted and shipped there by the program alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from tests.market.seller import write_secrets
from tests.road.conftest import MakeRoad
from tests.road.road import MALL, Road, order
from tests.road.small_shop import PASSWORD, SHOWS, USER, SmallShop
from tests.road.terminal import Terminal

pytestmark = pytest.mark.slow

WAITS = "› "
MOST = 90
SENT = "6900000000000000001"  # an order that was shipped before: only it shows a parcel
SHANGHAI = timezone(timedelta(hours=8))
# What is answered where Enter does not do, by the words of the question.
ANSWERS: Mapping[str, str] = {
    "Open the page where you sign in": "/signin",
    "Open the page that comes after you have signed in": "g",
    "Open the page with the list of the orders of your shop": "/dd",
    "Open the page of one order of your shop": f"/dd/one?no={SENT}",
    "Open the page where the note for colleagues": "g",
    "Open the page where carrier and tracking number": "g",
    "Open the page that comes after a tracking number": "s",
    "Point at: the box for the user name": "label=用户",
    "Point at: where the page shows who is signed in": "css=#shopname",
    "Point at: what shows the orders that are to be shipped": "link=只看待发货",
    "Point at: the search box for the shop order number": "label=单号",
    "Point at one row of the list: orders": "css=table#dd tbody tr",
    "Point at: what shows the next page": "n",
    "point at: shop order number": "column=单号",
    "Point at: what opens the note": "link=备注",
    "How is it chosen: the flag of the note": "1",
    "Point at one of the choices: the flag": "label=旗标颜色",
    "Point at: the box for the words of the note": "label=备注内容",
}


@pytest.fixture
def shop() -> Iterator[SmallShop]:
    site = SmallShop().start()
    yield site
    site.little.stop()


def answer(told: str) -> str:
    return next((says for words, says in ANSWERS.items() if words in told), "")


def teach(terminal: Terminal) -> str:
    """Answer until it ends; all it printed."""
    whole, empty = "", ["没有订单", "暂无物流信息"]
    for _question in range(MOST):
        told = terminal.until(WAITS, "User name", "Password", "Written:", "Not whole yet")
        assert told.strip() != whole[-len(told) :].strip(), whole[-1500:]  # asked again, so the answer was not taken
        whole += told
        if told.endswith("User name"):
            terminal.strike(f"{USER}\n")
        elif told.endswith("Password"):
            terminal.strike(f"{PASSWORD}\n")
        elif not told.endswith(WAITS):
            return whole
        elif "The words that the list shows while it is empty" in told:
            terminal.strike(empty.pop(0) + "\n")
        else:
            terminal.strike(answer(told) + "\n")
    raise AssertionError(whole[-3000:])


def use_it(road: Road) -> None:
    """The seller's shop is this one from now on."""
    config = road.home / "config.yaml"
    text = config.read_text(encoding="utf-8")
    _head, _shop, rest = text.partition("  shop-xiaolin:")
    _account, mall, more = rest.partition(f"  {MALL}:")
    account = f"  shop-xiaolin:\n    site: tiny\n    shows: {SHOWS}\n    manners: {{pause: 0-0 s}}\n"
    config.write_text(_head + account + mall + more, encoding="utf-8")
    write_secrets(road.home, {"shop-xiaolin": {"user_name": USER, "password": PASSWORD}, MALL: road.market.mall.sign_in})


def test_a_shop_taught_in_a_terminal_is_read_noted_and_shipped_by_itself(make_road: MakeRoad, shop: SmallShop) -> None:
    road = make_road(73)
    one = order(6)
    shop.put_up(replace(order(1), number=SENT), road.market.clock().astimezone(SHANGHAI))
    shop.orders[SENT].state, shop.orders[SENT].parcels = "已发货", [("顺丰速运", "SF1234567890123")]
    shop.put_up(one, road.market.clock().astimezone(SHANGHAI))
    held = shop.orders[one.number]
    words = ("site", "new", "tiny", "--kind", "shop", "--host", shop.address, "--headless")
    terminal = Terminal(road.home, words, columns=200)
    try:
        terminal.until("The site's name")
        terminal.until(WAITS)
        terminal.strike("小林的小店\n")
        told = teach(terminal)
        assert told.endswith("Written:"), told[-3000:]
        terminal.until("Go through it now?")
        terminal.until(WAITS)
        terminal.strike("g\n")
        dry = terminal.until("Nothing was committed.")
        assert terminal.ended() == 0, terminal.text[-3000:]
    finally:
        terminal.close()
    assert "all of it came as it should. Nothing was committed." in dry, dry
    assert (held.remark, held.parcels, held.reveals) == ("", [], 0), "nothing is written or revealed while it is shown"
    assert {asked.path for asked in shop.little.posts} == {"/signin"}
    checked = road.agent("check", "tiny")
    assert checked.code == 0, checked.words

    use_it(road)
    road.run()
    assert road.bought(one) == 1, road.told()
    assert held.reveals == 1
    purchase = road.purchase(one)
    assert purchase is not None and purchase.supplier_order_number in held.remark, held.remark
    sold = road.market.mall.orders_with(one.reference)[0]
    assert (sold.draft.name, sold.draft.phone) == (one.receiver["name"], one.receiver["phone"])
    road.ship(one)
    road.run()
    assert [number for _carrier, number in held.parcels] == [f"YT96930836{sold.key:05d}"[:15]], road.told()
    assert held.parcels[0][0].startswith("圆通")
