"""A shop that others published, Cartridge 1.3.4, as a supplier: taught by selectors/examples/cartridge.yaml alone, judged by its database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.browser.launch import BrowserChoice
from agent.ledger import Ledger
from tests.market.core import Market
from tests.market.demo_orders import DemoOrder
from tests.market.seller import ROOT, agent, write_products, write_secrets
from tests.road.road import order
from tests.store.conftest import installed, killed
from tests.store.store import CARTRIDGE, Store

pytestmark = pytest.mark.slow
SELLER = {"email": "xiaolin@seller.example", "name": "小林家居", "password": "storefront-1"}
CUP = {"slug": "cup", "title": "北欧玻璃杯", "price": "12.50", "colours": ["透明", "茶色"], "sizes": ["350ml", "500ml"]}
CONFIG = """\
language: zh
browser: {browser}
accounts:
  shop-xiaolin:
    site: doudian
    shows: {shows}
    hosts: {{main: "{shop}"}}
    manners: {{pause: 0-0 s}}
    limits: {{settle: 2 s}}
  store-yiwu:
    site: cartridge
    hosts: {{main: "{supplier}"}}
    limits: {{wait_for_page: 10 s, settle: 3 s}}
    known_order: "{known}"
shops:
  xiaolin:
    account: shop-xiaolin
    products: products.csv
    take: {{paid_after: 2026-01-01 00:00}}
    note: {{flag: 紫, words: 已拍 <supplier_order_number>}}
    ship_when: number_known
suppliers:
  yiwu:
    account: store-yiwu
    autonomy: place
    note: 请勿放价格单
    most_per_order: 300.00
    most_per_day: 3000.00
limits: {{most_orders_per_day: 200, most_money_per_day: 15000.00}}
"""


@dataclass(frozen=True)
class Trade:
    """The stand-in of the shop, the published supplier, and the seller's data folder."""

    market: Market
    supplier: Store
    home: Path

    def put_up(self, one: DemoOrder) -> None:
        """A buyer ordered some hours ago."""
        ordered_at = self.market.clock().replace(microsecond=0) - timedelta(hours=20)
        self.market.shop.add_order(one.number, lines=one.lines, receiver=one.receiver, ordered_at=ordered_at)

    def run(self) -> str:
        ran = agent(self.home, "run", "--once")
        return ran.stdout + ran.stderr

    def bought(self) -> list[dict[str, Any]]:
        """What stands in the supplier's database beside the order that was made by hand."""
        return self.supplier.deed("books")[1:]  # type: ignore[no-any-return]


@pytest.fixture
def trade(choice: BrowserChoice, tmp_path: Path) -> Iterator[Trade]:
    with Market(seed=71) as market, closing(Store(installed(CARTRIDGE), tmp_path / "supplier", "良品仓")) as supplier:
        supplier.deed("open_store", host=supplier.host, people=[SELLER], goods=[CUP])
        known = supplier.deed("order_by_hand", email=SELLER["email"])
        home = tmp_path / "home"
        home.mkdir()
        assert market.addresses is not None
        text = CONFIG.format(
            browser=choice.executable,
            shows=market.shop.sign_in["shows"],
            shop=market.addresses.shop,
            supplier=supplier.address,
            known=known,
        )
        (home / "config.yaml").write_text(text, encoding="utf-8")
        shutil.copytree(ROOT / "selectors" / "examples", home / "selectors")
        write_products(home / "products.csv", [("BLB", "茶色 350ml", "yiwu", "cup", "北欧玻璃杯", "茶色;350ml", 1, 1250, 1400)])
        own = {"user_name": SELLER["email"], "password": SELLER["password"]}
        write_secrets(home, {"shop-xiaolin": market.shop.sign_in, "store-yiwu": own})
        yield Trade(market, supplier, home)


def test_it_is_ordered_there_as_meant_and_read_back(trade: Trade) -> None:
    one = order(4, goods=("BLB", "茶色 350ml"), quantity=2)
    trade.put_up(one)
    told = trade.run()
    assert len(trade.bought()) == 1, told
    (made,) = trade.bought()
    assert made["lines"] == [["北欧玻璃杯 颜色: 茶色, 尺码: 350ml", 2, "12.50"]], told
    address = made["address"]
    assert address["last_name"] == one.receiver["name"] and address["phone"] == one.receiver["phone"][:11]
    assert one.receiver["detail"] in address["street"] and made["note"] == "请勿放价格单"
    with closing(Ledger.open(trade.home / "ledger.db")) as ledger:
        (purchase,) = ledger.purchases()
        assert (purchase.write_state, purchase.supplier_order_number) == ("confirmed", str(made["number"]))
    trade.run()
    assert trade.bought() == [made]


def test_killed_between_click_and_proof_it_is_ordered_once(trade: Trade) -> None:
    one = order(5, goods=("BLB", "茶色 350ml"))
    trade.put_up(one)
    killed(trade.home, "buy", one.number)
    (made,) = trade.bought()
    told = trade.run()
    assert trade.bought() == [made], told
    with closing(Ledger.open(trade.home / "ledger.db")) as ledger:
        (purchase,) = ledger.purchases()
        assert (purchase.write_state, purchase.supplier_order_number) == ("confirmed", str(made["number"])), told
