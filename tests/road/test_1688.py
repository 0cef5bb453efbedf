"""The road through a marketplace: the shipped file for 1688, the program as a process, judged on the marketplace's own books."""

from __future__ import annotations

import csv
import json
import os
import socket
import stat
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from agent.browser.launch import BrowserChoice
from tests.market.demo_orders import DemoOrder, line
from tests.market.m1688.hand import HOOK, MUG, SHIRT, TAILOR, with_offers
from tests.road.conftest import MakeRoad
from tests.road.road import KILLED, Road, order

HEADER = ["商家编码", "店铺规格", "供应商", "货号", "商品标题", "规格", "每份件数", "进价", "限价"]
ACCOUNT = """\
  all-1688:
    site: "1688"
    shows: {shows}
    hosts: {{main: "{air}", login: "{login}", detail: "{detail}", cart: "{cart}", order: "{order}"}}
    manners: {{pause: 0-0 s}}
    limits: {{wait_for_page: 8 s, settle: 4 s}}
    known_order: "{known}"
shops:
"""
SUPPLIER = """\
suppliers:
  tailor:
    account: all-1688
    seller: {seller}
    autonomy: place
    note: 单号 <reference> 请勿放价格单
    most_per_order: 300.00
    most_per_day: 3000.00
"""
LINES = (("SNK", "米白/M", SHIRT, "黑色;L", 1800), ("BLB", "透明 350ml", HOOK, "单个", 320))


@pytest.fixture
def road(make_road: MakeRoad) -> Road:
    """A shop whose goods all come from one seller at the marketplace; in the cart lie goods of somebody else, ticked."""
    made = make_road(1688)
    with_offers(made.market)
    site = made.market.m1688
    site.put_into_cart(SHIRT, "白色;M", 1)
    site.put_into_cart(MUG, "白色", 10)
    known = site.known_order.number
    made.config("shops:\n", ACCOUNT.format(**site.addresses, shows=site.user_name, known=known))
    made.config("suppliers:\n", SUPPLIER.format(seller=TAILOR))
    with (made.home / "secrets.yaml").open("a", encoding="utf-8") as file:
        file.write(f'all-1688: {{user_name: "{site.user_name}", password: "{site.password}"}}\n')
    _write_products(made.home / "products.csv", made)
    return made


def _write_products(path: Path, road: Road) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEADER)
        for code, words, offer, sku, price in LINES:
            title = road.market.m1688.offers[offer].title
            rows.writerow([code, words, "tailor", offer, title, sku, 1, f"{price / 100:.2f}", f"{price / 100:.2f}"])


def in_cart(road: Road) -> Counter[tuple[str, str]]:
    return Counter({(item.offer, item.sku): item.quantity for item in road.market.m1688.cart})


FOREIGN = Counter({(SHIRT, "白色;M"): 1, (MUG, "白色"): 10})


def killer(point: str) -> tuple[str, ...]:
    return ("tests.road.killer", "--from", "buy", "--at", point, "--")


def two_lines(at: int) -> DemoOrder:
    return order(at, lines=(line("SNK", "米白/M", 2), line("BLB", "透明 350ml", 3)))


@pytest.mark.slow
def test_bought_once_from_a_cart_with_foreign_goods_killed_on_the_way_and_a_slider_calls_a_person(road: Road) -> None:
    """One road, dear in time: three orders of two lines each at one seller, proven by the orders' own pages alone."""
    first, second, third = two_lines(1), two_lines(2), two_lines(3)
    site = road.market.m1688

    # killed when both lines lie in the cart and nothing is sent
    road.put_up(first)
    killed = road.run(through=killer("fill_order 5 open"))
    assert killed.code == KILLED, killed.words
    assert in_cart(road) == FOREIGN + Counter({(SHIRT, "黑色;L"): 2, (HOOK, "单个"): 3}) and not site.submits

    # what that attempt left is taken out, and bought once; the goods of others stay as they were
    road.put_up(second)
    assert road.run().code == 0, road.told()
    for one in (first, second):
        (made,) = site.orders_with(one.reference)
        assert made.group.seller == TAILOR and made.by == "page" and made.receiver.name == one.receiver["name"]
        assert {(sold.offer, sold.sku, sold.quantity) for sold in made.group.lines} == {(SHIRT, "黑色;L", 2), (HOOK, "单个", 3)}
        known = road.purchase(one)
        assert known is not None and (known.write_state, known.supplier_order_number) == ("confirmed", made.number)
        assert known.total == made.total
    assert in_cart(road) == FOREIGN and len(site.submits) == 2

    # a slider stands before the cart: nothing is tried, a person is called, and nothing was sent
    road.put_up(third)
    road.market.faults.add("captcha_before", point="cart")
    assert road.run().code == 1
    assert any("滑块" in item.what for item in road.inbox()), road.told()
    assert len(site.submits) == 2 and in_cart(road) == FOREIGN


@pytest.mark.long
def test_map_lists_every_colour_with_its_sizes_and_writes_the_row_that_is_chosen(road: Road) -> None:
    site = road.market.m1688
    mug = site.offers[MUG]
    wanted = order(4, goods=("XZP", "茉莉"), trap="no supplier product yet")
    road.put_up(wanted)
    assert road.run("--only", "read").code in (0, 1)
    assert road.run("--only", "place").code == 1
    (item,) = [each for each in road.inbox() if each.reason == "unmapped"]

    def listed(product: str) -> dict[str, Any]:
        ended = road.agent("map", str(item.id), "--supplier", "tailor", "--product", product, "--json")
        assert ended.code == 1, ended.words
        return dict(json.loads(ended.out)["map"])

    shirt = listed(SHIRT)
    assert (shirt["product"], shirt["title"]) == (SHIRT, site.offers[SHIRT].title)
    colours = [f"{colour};{size}" for colour in ("黑色", "白色") for size in ("M", "L", "XL")]
    assert [each["specification"] for each in shirt["options"]] == colours
    assert {(each["unit_price"], each["stock"]) for each in shirt["options"]} == {(1800, 50)}
    mug.skus["青花"].stock = 0
    told = [(each["specification"], each["unit_price"], each["stock"]) for each in listed(MUG)["options"]]
    assert told == [("白色", 1250, 40), ("青花", 1480, 0)], "the price for dropshippers, and what is sold out"

    assert road.agent("map", str(item.id), "--supplier", "tailor", "--product", SHIRT, "--specification", "白色;XL").code == 0
    assert f"{SHIRT},{site.offers[SHIRT].title},白色;XL" in (road.home / "products.csv").read_text(encoding="utf-8-sig")
    assert not site.submits and in_cart(road) == FOREIGN


SIGNS_IN = "/newlogin/ajax/login.do"
A_BROWSER = [sys.executable, "-c", "input()", "--user-data-dir=somewhere"]


@pytest.mark.slow
def test_each_account_stays_signed_in_in_a_chrome_of_its_own(road: Road, whole: BrowserChoice) -> None:
    site = road.market.m1688
    road.config("language: zh", "language: en")
    road.config("browser: ", f"browser: {whole.executable}  # ")
    account = ACCOUNT.format(**site.addresses, shows=site.user_name, known=site.known_order.number)
    road.config("shops:\n", account.replace("all-1688", "other-1688"))
    with (road.home / "secrets.yaml").open("a", encoding="utf-8") as file:
        file.write(f'other-1688: {{user_name: "{site.user_name}", password: "{site.password}"}}\n')

    def signed_in() -> int:
        return sum(request.path == SIGNS_IN for request in site.requests)

    def login(account: str) -> int:
        ended = road.agent("login", account, "--headless")
        assert ended.code == 0, ended.words
        return signed_in()

    assert [login("all-1688"), login("all-1688"), login("other-1688"), login("all-1688")] == [1, 1, 2, 2]
    profiles = {folder.name: folder for folder in (road.home / "profiles").iterdir()}
    assert set(profiles) == {"all-1688", "other-1688"}
    told = b"".join(path.read_bytes() for path in (road.home / "logs").rglob("*") if path.is_file())
    assert told and not [key for key in site.sessions if key.encode() in told]
    if os.name != "posix":
        return
    assert all(stat.S_IMODE(folder.stat().st_mode) == 0o700 for folder in profiles.values())

    # while a browser has the profile open the account is left alone; one that died is no hindrance
    with subprocess.Popen(A_BROWSER, stdin=subprocess.PIPE) as going:
        (profiles["all-1688"] / "SingletonLock").symlink_to(f"{socket.gethostname()}-{going.pid}")
        refused = road.agent("login", "all-1688", "--headless")
        assert (refused.code, "open already" in refused.words, "Close that window" in refused.words) == (1, True, True)
        assert [item.reason for item in road.inbox()] == ["window_open"]
        going.kill()
    assert login("all-1688") == 2 and road.inbox() == []
