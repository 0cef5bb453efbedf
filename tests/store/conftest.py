"""Two stores and a seller between them: buyers order in the one, everything is bought in the other."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agent.browser.launch import BrowserChoice
from agent.ledger import Ledger
from agent.work.reference import reference
from tests.market.seller import ROOT, agent, write_products, write_secrets
from tests.road.road import KILLED
from tests.store.store import OSCAR, NoStore, Software, Store, install

BOSS = {"email": "boss@shop.example", "name": "小林家居店长", "password": "dashboard-1", "staff": True}
BUYER = {"email": "buyer@shop.example", "name": "买家", "password": "buyer-1", "staff": False}
SELLER = {"email": "xiaolin@seller.example", "name": "小林家居", "password": "storefront-1", "staff": False}
SOMEBODY = {"last_name": "赵铁柱", "line1": "人民路1号", "line2": "玄武区", "line4": "南京市", "state": "江苏省"}

CONFIG = """\
language: zh
browser: {browser}
accounts:
  shop-xiaolin:
    site: oscar-dashboard
    shows: 小林家居店长
    hosts: {{main: "{shop}"}}
    limits: {{wait_for_page: 10 s, settle: 3 s}}
  store-yiwu:
    site: oscar-store
    shows: 小林家居
    hosts: {{main: "{supplier}"}}
    limits: {{wait_for_page: 10 s, settle: 3 s}}
    known_order: "{known}"
shops:
  xiaolin:
    account: shop-xiaolin
    products: products.csv
    take: {{paid_after: 2026-01-01 00:00, ignore_remarks: ["-"]}}
    ship_when: number_known
suppliers:
  yiwu:
    account: store-yiwu
    autonomy: place_and_pay
    note: 单号 <reference> 请勿放价格单
    most_per_order: 300.00
    most_per_day: 3000.00
limits: {{most_orders_per_day: 200, most_money_per_day: 15000.00}}
"""


@dataclass(frozen=True)
class Trade:
    """The two stores and the seller's data folder."""

    shop: Store
    supplier: Store
    home: Path

    def order(self, lines: list[tuple[str, int]], **address: str) -> str:
        """A buyer orders in the shop, and the seller hands the order over to the program."""
        return str(self.shop.deed("order", email=BUYER["email"], lines=lines, address=address, hours_ago=3))

    def hand_over(self, number: str) -> None:
        """The order is read, is not taken by rule, and the seller gives it to the program."""
        self.agent("run", "--once", "--only", "read")
        assert self.agent("take", number).returncode == 0

    def agent(self, *words: str) -> subprocess.CompletedProcess[str]:
        return agent(self.home, *words)

    def run(self) -> None:
        ran = self.agent("run", "--once")
        assert ran.returncode in (0, 1), ran.stdout + ran.stderr

    def killed(self, beginning: str, number: str) -> None:
        killed(self.home, beginning, number)

    def inbox(self) -> list[dict[str, Any]]:
        """What waits for a person."""
        with closing(Ledger.open(self.home / "ledger.db")) as ledger:
            return [{"reason": item.reason, "what": item.what} for item in ledger.items()]

    def reference(self, number: str) -> str:
        return reference("xiaolin", number, 1)

    def at_shop(self, number: str) -> dict[str, Any]:
        """The order as the shop's database has it."""
        return next(one for one in self.shop.deed("books") if one["number"] == number)

    def bought(self) -> list[dict[str, Any]]:
        """What the program ordered: all that stands in the supplier's database but the order made by hand."""
        return [one for one in self.supplier.deed("books") if one["address"]["last_name"] != SOMEBODY["last_name"]]


def bought_for(trade: Trade, name: str) -> dict[str, Any]:
    """The one order at the supplier for this person."""
    (found,) = (one for one in trade.bought() if one["address"]["last_name"] == name)
    return found


def killed(home: Path, beginning: str, number: str) -> None:
    """A run for one order, killed when the click that buys, or ships, has done its work and before anything of it is proven."""
    only = "place" if beginning == "buy" else "ship"
    command = [sys.executable, "-m", "tests.road.killer", "--from", beginning, "--at", "clicked:before", "--"]
    command += ["--home", str(home), "run", "--once", "--only", only, "--order", number]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=quiet())
    assert ended.returncode == KILLED, ended.stdout + ended.stderr


def quiet() -> dict[str, str]:
    return {**os.environ, "PYTHONUTF8": "1", "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}


def installed(software: Software) -> Software:
    """The software, ready to be started; without it the test is skipped with a sentence that says why."""
    try:
        install(software)
    except NoStore as why:
        pytest.skip(str(why))
    return software


@pytest.fixture(scope="module")
def trade(choice: BrowserChoice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trade]:
    folder = tmp_path_factory.mktemp("stores")
    oscar = installed(OSCAR)
    with (
        closing(Store(oscar, folder / "shop", "小林家居")) as shop,
        closing(Store(oscar, folder / "supplier", "良品仓")) as supplier,
    ):
        yield opened(shop, supplier, folder / "home", str(choice.executable))


def opened(shop: Store, supplier: Store, home: Path, browser: str) -> Trade:
    """Goods on both shelves, an order made by hand at the supplier, and the seller's data folder."""
    shop.deed(
        "open_store",
        host=shop.host,
        people=[BOSS, BUYER],
        goods=[
            {"sku": "XL-T", "title": "加厚玻璃杯 透明", "price": "29.90", "stock": 99},
            {"sku": "XL-C", "title": "加厚玻璃杯 茶色", "price": "29.90", "stock": 99},
        ],
    )
    goods = supplier.deed(
        "open_store",
        host=supplier.host,
        people=[SELLER],
        goods=[
            {"sku": "CUP-1", "title": "北欧玻璃杯 透明 350ml", "price": "12.50", "stock": 99},
            {"sku": "CUP-2", "title": "北欧玻璃杯 茶色 350ml", "price": "13.20", "stock": 99},
        ],
    )
    by_hand = {**SOMEBODY, "phone_number": "+8613912345678", "notes": "亲自下的单"}
    known = supplier.deed("order", email=SELLER["email"], lines=[("CUP-1", 1)], address=by_hand, hours_ago=200)
    home.mkdir()
    text = CONFIG.format(browser=browser, shop=shop.address, supplier=supplier.address, known=known)
    (home / "config.yaml").write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "selectors" / "examples", home / "selectors")
    write_products(
        home / "products.csv",
        [
            ("XL-T", "", "yiwu", str(goods["CUP-1"]), "北欧玻璃杯 透明 350ml", "", 1, 1250, 1400),
            ("XL-C", "", "yiwu", str(goods["CUP-2"]), "北欧玻璃杯 茶色 350ml", "", 1, 1320, 1400),
        ],
    )
    sign_ins = {"shop-xiaolin": BOSS, "store-yiwu": SELLER}
    write_secrets(home, {name: {"user_name": one["email"], "password": one["password"]} for name, one in sign_ins.items()})
    return Trade(shop, supplier, home)
