"""A site is taught in a terminal and then orders there by itself: judged on what the supplier holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

import pytest

from tests.market.seller import write_secrets
from tests.road.conftest import MakeRoad
from tests.road.road import MALL, Road, order
from tests.road.small_supplier import KNOWN, PASSWORD, SHOWS, USER, SmallSupplier
from tests.road.terminal import Terminal

pytestmark = pytest.mark.slow

WAITS = "› "
WRONG, RIGHT = "beside=运费啊", "beside=运费"  # shown wrongly, taken as a guess, and mended when it is gone through dry
MOST = 120  # questions; one that is asked again and again fails the test
# What is answered where Enter does not do: the page of the file and the words of the question.
ANSWERS: Mapping[str, str] = {
    "Open the page where you sign in": "/signin",
    "Open the page that comes after you have signed in": "g",
    "Open the page where you fill in a new order": "/daifa",
    "Open the page that shows the whole order": "g",
    "Open the page that comes after an order was placed": "s",
    "Open the page with the list": "/list",
    "Open the page of one order": "g",
    "Point at: the box for the user name": "label=登录名",
    "Point at: where the page shows who is signed in": "css=#who",
    "Point at: the choice of the province": "n",
    "Point at: note for the supplier": "n",
    "How is it chosen: specification": "1",
    "Point at one of the choices: specification": "label=规格",
    "Point at: the button that adds the product": "n",
    "Point at: the button that places the order": "button=确认提交",
    "Point at: what shows all orders again": "n",
    "Point at: the search box for our purchase order number": "n",
    "Point at: the search box for the supplier's order number": "n",
    "Point at: what shows the next page": "n",
    "Point at one row of the list: orders": "css=table#sold tbody tr",
    "Point at one row of the list: parcels": "n",
    "The words that the list shows": "暂无采购单",
    "“配送中” means that the order is": "4",
    "A product's number to try": "YW2001",
    "Its specification": "米白/M",
    "That is not what is wanted": "1",
}
BY_PAGE = {
    "order_form": {"receiver's name": "label=收件人", "address": "label=收货地址"},
    "confirm": {"receiver's name": "beside=收件人", "freight": WRONG},
    "order_detail": {"receiver's name": "beside=收件人", "time of the order": "n"},
}
PAGES = {"fill in a new order": "order_form", "whole order": "confirm", "of one order": "order_detail"}


@pytest.fixture
def supplier() -> Iterator[SmallSupplier]:
    site = SmallSupplier().start()
    yield site
    site.little.stop()


def answer(told: str, page: str) -> str:
    """What is struck at this question; Enter where what it offers is right."""
    question = told.rsplit("\n", 3)[0] if told.count("\n") > 3 else told
    for words, says in BY_PAGE.get(page, {}).items():
        if f"Point at: {words}" in told:
            return says
    return next((says for words, says in ANSWERS.items() if words in question or words in told), "")


def teach(terminal: Terminal, *, stop_at: str = "") -> str:
    """Answer until it ends, or stop at a question; all it printed."""
    page, whole = "", ""
    for _question in range(MOST):
        told = terminal.until(WAITS, "User name", "Password", "Written:", "Not whole yet")
        whole += told
        if told.endswith("User name"):
            terminal.strike(f"{USER}\n")
        elif told.endswith("Password"):
            terminal.strike(f"{PASSWORD}\n")
        elif not told.endswith(WAITS) or (stop_at and stop_at in told):
            return whole
        else:
            page = next((name for words, name in PAGES.items() if "Open the page" in told and words in told), page)
            terminal.strike(answer(told, page) + "\n")
    raise AssertionError(whole[-1500:])


def gone_through(terminal: Terminal) -> str:
    """Have the new site gone through without a stop but where it fails, and mend it there; all that was said of it."""
    told = terminal.until("Go through it now?")
    terminal.until(WAITS)
    terminal.strike("g\n")
    told += terminal.until("Enter tries again")
    terminal.until(WAITS)
    terminal.strike("e")
    terminal.until(WRONG)
    terminal.strike(f"{RIGHT}\n")
    terminal.until("Is it the right one")
    terminal.strike("1\n")
    terminal.until(WAITS)
    terminal.strike("\n")
    return told + terminal.until("Nothing was committed.")


def begin(road: Road, supplier: SmallSupplier) -> Terminal:
    words = ("site", "new", "small", "--kind", "supplier", "--host", supplier.address, "--headless")
    return Terminal(road.home, words, columns=200)


def use_it(road: Road, supplier: SmallSupplier) -> None:
    """The seller's supplier is this one from now on."""
    config = road.home / "config.yaml"
    text = config.read_text(encoding="utf-8")
    head, _mall, rest = text.partition(f"  {MALL}:")
    _account, shops, more = rest.partition("shops:")
    account = f'  {MALL}:\n    site: small\n    shows: {SHOWS}\n    manners: {{pause: 0-0 s}}\n    known_order: "{KNOWN}"\n'
    config.write_text(head + account + shops + more, encoding="utf-8")
    write_secrets(road.home, {"shop-xiaolin": road.market.shop.sign_in, MALL: {"user_name": USER, "password": PASSWORD}})


def test_a_site_taught_in_a_terminal_orders_there_by_itself(make_road: MakeRoad, supplier: SmallSupplier) -> None:
    road = make_road(71)
    terminal = begin(road, supplier)
    try:
        terminal.until("The site's name")
        terminal.until(WAITS)
        terminal.strike("小批发\n")
        terminal.until("When does it take the money")
        terminal.until(WAITS)
        terminal.strike("3\n")
        teach(terminal, stop_at="Open the page where you fill in")
        terminal.interrupt()
        assert terminal.ended() == 1
    finally:
        terminal.close()
    kept = json.loads((road.home / "drafts" / "small.json").read_text(encoding="utf-8"))
    assert kept["answers"]["pages.login.user_name"] == "label=登录名"
    assert not (road.home / "selectors" / "small.yaml").exists()

    terminal = begin(road, supplier)
    try:
        told = teach(terminal)
        assert "Point at: the box for the user name" not in told
        assert told.endswith("Written:"), told
        dry = gone_through(terminal)
        assert terminal.ended() == 0, terminal.text[-3000:]
    finally:
        terminal.close()
    assert "EXAMPLE, not anybody's order and never sent: 测试 · 13800000000" in dry
    assert "all of it came as it should. Nothing was committed." in dry
    assert "agent run --once --step --order NO" in terminal.text[-400:]
    assert [(one.receiver, one.reference) for one in supplier.drafts[-1:]] == [("测试", "TEST0001")], "its form was filled"
    assert len(supplier.drafts) == 2, "once while it was shown, once when it was gone through"
    assert supplier.bought("TEST0001") == [], "nothing is placed while it is shown"
    text = (road.home / "selectors" / "small.yaml").read_text(encoding="utf-8")
    assert WRONG not in text and f"freight: {RIGHT}" in text
    checked = road.agent("check", "small")
    assert checked.code == 0, checked.words

    use_it(road, supplier)
    one = order(0)
    road.put_up(one)
    road.run()
    sold = supplier.bought(one.reference)
    assert len(sold) == 1, road.told()
    assert (sold[0].receiver, sold[0].phone) == (one.receiver["name"], one.receiver["phone"])
    assert sold[0].specification == "米白/M"
    assert road.write_state(one) == "confirmed", road.told()
    purchase = road.purchase(one)
    assert purchase is not None
    assert purchase.supplier_order_number == sold[0].number


def test_a_tour_of_a_live_account_finds_all_but_one_and_that_is_mended(make_road: MakeRoad) -> None:
    road = make_road(72)
    own = road.home / "selectors" / "mall.yaml"
    path = "pages.my_orders.orders.total"
    assert road.agent("site", "set", "mall", path, "column=旧的名字").code == 0
    before = own.read_text(encoding="utf-8")
    terminal = Terminal(road.home, ("check", MALL, "--live", "--guide"), columns=160)
    try:
        told = terminal.until("Enter leaves it", "lets it stand")
        assert "Not found: my_orders · total" in told
        terminal.strike("e\n")
        terminal.until("column=旧的名字")
        terminal.strike("column=订单总金额\n")
        terminal.until("Is it the right one")
        terminal.strike("1\n")
        told = terminal.until("found; may", "Enter leaves it")
        assert told.endswith("found; may"), told
        assert terminal.ended() == 0
        ends = re.search(r"(\d+) of (\d+) found; may read, may write", terminal.text)
        assert ends is not None
        assert ends[1] == ends[2]
    finally:
        terminal.close()
    assert own.read_text(encoding="utf-8") == before.replace("column=旧的名字", "column=订单总金额")
    assert road.market.mall.submits == []
    assert [road.market.shop.reveals(number) for number in road.market.shop.orders] == []
