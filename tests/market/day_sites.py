"""The suppliers of the day, malls and sellers at 1688 alike: what stands there, and what leaves; and the seller's data folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from agent.models import SHANGHAI
from tests.market.core import Market
from tests.market.day_orders import SELLERS, SHELVES, SHOPS, TABLE
from tests.market.m1688.orders import Order
from tests.market.mall.orders import MallOrder
from tests.market.seller import PACE, Standing, standing_at_mall, write_products, write_secrets

Made = MallOrder | Order


def open_shelves(market: Market) -> None:
    """What the suppliers of the day sell."""
    for name, shelf in SHELVES.items():
        for product, (title, specs) in shelf.items():
            market.malls[name].add_product(product, title, dict(specs))
    for seller, offers in SELLERS.values():
        for offer, (title, axes, skus) in offers.items():
            market.m1688.add_offer(offer, title, seller, axes, skus)


def made_at(market: Market, supplier: str, reference: str) -> list[Made]:
    """What stands at the supplier under the reference of a purchase."""
    if supplier not in SELLERS:
        return list(market.malls[supplier].orders_with(reference))
    return [made for made in market.m1688.orders_with(reference) if made.group.seller == SELLERS[supplier][0]]


def all_by_page(market: Market) -> dict[str, list[str]]:
    """By site, what every order made on its pages carries as its reference or message."""
    made = {name: [order.reference for order in mall.orders if order.by == "page"] for name, mall in market.malls.items()}
    return {**made, "1688": [order.message for order in market.m1688.orders if order.by == "page"]}


def is_to_be_sent(made: Made) -> bool:
    """Whether it stands there bought and has not left; at 1688 a person pays it before."""
    return made.state in ("placed", "unpaid")


def send(market: Market, supplier: str, made: Made, carrier: str, tracking_number: str) -> None:
    """The order leaves in one parcel, paid first where nobody did; a closed one stays."""
    if supplier not in SELLERS:
        market.malls[supplier].ship(made.number, carrier, tracking_number)
        return
    if made.state == "unpaid":
        market.m1688.pay(made.number)
    if made.state == "placed":
        market.m1688.ship(made.number, carrier, tracking_number)


def standing(made: Made) -> Standing:
    """An order at any of the suppliers, as far as it can be right or wrong."""
    if isinstance(made, MallOrder):
        return standing_at_mall(made)
    *region, town = (*made.receiver.region, "", "")[:4]
    goods = tuple((line.offer, line.sku, line.quantity) for line in made.group.lines)
    receiver = made.receiver
    return Standing(receiver.name, receiver.phone, "".join(region), town + receiver.detail, goods, made.message, 0)


def write_day_home(home: Path, market: Market, began: datetime, browser: str | None = None) -> None:
    """The data folder of a seller with two shops, two malls and 1688; one mall buys only after a yes, and closes tomorrow.

    The other is still ordered from by itself after an order whose end nobody knows.
    """
    assert market.addresses is not None
    home.mkdir(parents=True, exist_ok=True)
    cut_off = (began + timedelta(minutes=5)).astimezone(SHANGHAI)
    known = {name: mall.known_order.number for name, mall in market.malls.items()}
    (home / "config.yaml").write_text(
        f"""\
language: zh
browser: {json.dumps(browser or "")}
accounts:
{_account("shop-xiaolin", "doudian", "shop", SHOPS["xiaolin"], market)}
{_account("shop-shuma", "doudian", "shop", SHOPS["shuma"], market)}
{_account("mall-yiwu", "mall", "mall", market.malls["yiwu"].user_name, market)}
    known_order: "{known["yiwu"]}"
{_account("mall-hangzhou", "mall", "hangzhou", market.malls["hangzhou"].user_name, market)}
    known_order: "{known["hangzhou"]}"
{_account("all-1688", '"1688"', "m1688", market.m1688.user_name, market)}
    known_order: "{market.m1688.known_order.number}"
    browser: shared
shops:
{_shop("xiaolin")}
{_shop("shuma")}
suppliers:
{_supplier("yiwu", "mall-yiwu")}
    autonomy: place_and_pay
{_supplier("hangzhou", "mall-hangzhou")}
    autonomy: show
    cut_off: {cut_off:%H:%M}
    closed_days: [{cut_off + timedelta(days=1):%Y-%m-%d}]
{_supplier("cloth", "all-1688")}
    autonomy: place
    seller: {SELLERS["cloth"][0]}
{_supplier("hooks", "all-1688")}
    autonomy: place
    seller: {SELLERS["hooks"][0]}
    buy_again: closed_unpaid
limits: {{most_orders_per_day: 300, most_money_per_day: 30000.00, stop_after_unknown: 99, stop_after_page_changed: 99}}
""",
        encoding="utf-8",
    )
    titles = {product: title for shelf in SHELVES.values() for product, (title, _specs) in shelf.items()}
    titles |= {offer: title for _seller, offers in SELLERS.values() for offer, (title, _axes, _skus) in offers.items()}
    rows = [(*row[:4], titles[row[3]], *row[4:]) for row in TABLE]
    for shop in SHOPS:
        write_products(home / f"products-{shop}.csv", rows)
    write_secrets(home, _sign_ins(market))


def _sign_ins(market: Market) -> dict[str, Mapping[str, str]]:
    malls = {f"mall-{name}": mall.sign_in for name, mall in market.malls.items()}
    return {**{f"shop-{shop}": market.shop.sign_in for shop in SHOPS}, **malls, "all-1688": market.m1688.sign_in}


def _account(name: str, file: str, site: str, shows: str, market: Market) -> str:
    assert market.addresses is not None
    hosts = json.dumps({{"air": "main"}.get(host, host): address for host, address in market.addresses.hosts[site].items()})
    return f"""\
  {name}:
    site: {file}
    shows: {shows}
    hosts: {hosts}
    manners: {PACE}
    limits: {{wait_for_page: 8 s, settle: 3 s}}"""


def _shop(name: str) -> str:
    return f"""\
  {name}:
    account: shop-{name}
    products: products-{name}.csv
    take: {{paid_after: 2026-01-01 00:00, except_flags: [红], except_remarks: [不发]}}
    wait_before_buying: 100 min
    note: {{flag: 紫, words: 已拍 <supplier_order_number>}}
    ship_when: number_known
    most_reveals_per_day: 200"""


def _supplier(name: str, account: str) -> str:
    return f"""\
  {name}:
    account: {account}
    note: 单号 <reference> 请勿放价格单
    most_per_order: 300.00
    most_per_day: 9000.00
    most_per_product_per_hour: 9999"""
