"""The demo: the real program, as a process of its own, against the stand-in sites; judged on the sites' own state.

    python scripts/demo.py [--headed] [--orders N] [--keep] [--home FOLDER] [--day]

It makes a data folder, runs the program three times (buy, and pay from the balance · the supplier ships · enter the numbers ·
change nothing), and compares every order with the hand-written table of demo_orders.py. Exit 0 only if all is as the table
says. `--day` plays a seller's whole day instead (day.py).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from agent.home import SHIPPED_SITES
from agent.models import Fen
from agent.work.limits import yuan
from tests.market.core import Addresses, Market
from tests.market.day import whole_day
from tests.market.demo_orders import ORDERS, SHOP, TABLE, DemoOrder, put_up
from tests.market.mall.orders import MallOrder
from tests.market.seller import (
    PACE,
    Verdict,
    closing_table,
    ordered_as_meant,
    shown_run,
    standing_at_mall,
    whole_state,
    write_products,
    write_secrets,
)

BALANCE = 500_000  # 分, at the mall before the first run


def write_home(
    home: Path, market: Market, addresses: Addresses, *, ship_when: str = "number_known", settle: str = "3 s"
) -> None:
    """A seller's data folder for the stand-ins: config, products, and secrets in the private file."""
    home.mkdir(parents=True, exist_ok=True)
    known = market.mall.known_order.number
    (home / "config.yaml").write_text(
        f"""\
language: zh
accounts:
  shop-xiaolin:
    site: doudian
    shows: {market.shop.sign_in["shows"]}
    hosts: {{main: "{addresses.shop}"}}
    manners: {PACE}
    limits: {{settle: {settle}}}
  mall-yiwu:
    site: mall
    shows: {market.mall.sign_in["shows"]}
    hosts: {{main: "{addresses.mall}"}}
    manners: {PACE}
    limits: {{settle: {settle}}}
    known_order: "{known}"
shops:
  {SHOP}:
    account: shop-xiaolin
    products: products.csv
    take: {{paid_after: 2026-01-01 00:00, except_flags: [红], except_remarks: [不发]}}
    note: {{flag: 紫, words: 已拍 <supplier_order_number>}}
    ship_when: {ship_when}
    most_reveals_per_day: 100
suppliers:
  yiwu:
    account: mall-yiwu
    autonomy: place
    regions_refused: []
    note: 单号 <reference> 请勿放价格单
    most_per_order: 300.00
    most_per_day: 3000.00
    most_per_product_per_hour: 9999
limits: {{most_orders_per_day: 200, most_money_per_day: 15000.00, stop_after_unknown: 99, stop_after_page_changed: 99}}
""",
        encoding="utf-8",
    )
    write_products(
        home / "products.csv",
        [
            (code, shop_words, "yiwu", product, market.mall.products[product].title, words, 1, cost, ceiling)
            for code, shop_words, product, words, cost, ceiling in TABLE
        ],
    )
    write_secrets(home, {"shop-xiaolin": market.shop.sign_in, "mall-yiwu": market.mall.sign_in})


def let_it_pay(home: Path, market: Market, balance: int) -> None:
    """The mall is one with a prepaid balance, in 分, and the seller lets the program pay from it."""
    market.mall.balance.settle_prepaid(balance)
    write_prepaid_mall(home)
    config = home / "config.yaml"
    pays = f"autonomy: place_and_pay\n    payee: {market.mall.balance.payee}\n    pay: [balance]"
    config.write_text(config.read_text(encoding="utf-8").replace("autonomy: place", pays), encoding="utf-8")


def write_prepaid_mall(home: Path) -> None:
    """The seller's own site file of the mall, at which each order is paid by itself and not at the month's end."""
    shipped = (SHIPPED_SITES / "mall.yaml").read_text(encoding="utf-8")
    (home / "selectors").mkdir(exist_ok=True)
    own = shipped.replace("money_moves_at: month_end", "money_moves_at: pay")
    (home / "selectors" / "mall.yaml").write_text(own, encoding="utf-8")


def ship_everything(market: Market) -> None:
    """The supplier sends every order that the program placed, each with a number of its own."""
    for at, order in enumerate(placed_by_page(market)):
        if order.state == "placed":
            market.mall.ship(order.number, "圆通", f"YT96930836{order.key:05d}{at:02d}"[:15])


def placed_by_page(market: Market) -> list[MallOrder]:
    return [order for order in market.mall.orders if order.by == "page"]


def judge(
    market: Market,
    orders: Sequence[DemoOrder],
    inbox: Sequence[dict[str, Any]],
    *,
    sent: bool = False,
    beside: Collection[str] = (),
) -> Iterator[Verdict]:
    """Compare the sites' own state with the table, order by order, and then that there is nothing else.

    `sent`: the supplier sent all. `beside`: references of purchases that somebody else judges.
    """
    for order in orders:
        why = "; ".join([*_differences(market, order, inbox, sent), *_paid_amiss(market, order)])
        yield Verdict(order, why)
    extra = {o.reference for o in placed_by_page(market)} - {o.reference for o in orders} - set(beside)
    if extra:
        yield Verdict(orders[0], f"orders at the supplier that nobody meant: {sorted(extra)}")


def _differences(market: Market, order: DemoOrder, inbox: Sequence[dict[str, Any]], sent: bool) -> Iterator[str]:
    bought = market.mall.orders_with(order.reference)
    held = market.shop.orders[order.number]
    if market.shop.reveals(order.number) != order.reveals:
        yield f"{market.shop.reveals(order.number)} reveals instead of {order.reveals}"
    if order.end == "shipped":
        yield from _bought_as_meant(order, bought)
        yield from _shipped_as_meant(held, bought)
        if sent and not held.parcels:
            yield "no tracking number in the shop"
        return
    if bought:
        yield f"{len(bought)} orders at the supplier instead of none"
    if held.parcels:
        yield "a tracking number in the shop"
    kinds = [item["kind"] for item in inbox if order.number in (item["order_number"], *item["orders"])]
    if order.end == "parked" and order.says not in kinds:
        yield f"the inbox says {kinds or 'nothing'} instead of {order.says}"
    if order.end == "left" and kinds:
        yield f"an order that is not ours is in the inbox: {kinds}"


def _bought_as_meant(order: DemoOrder, bought: Sequence[MallOrder]) -> Iterator[str]:
    if len(bought) != 1:
        yield f"{len(bought)} orders at the supplier instead of one"
        return
    wanted = {(code, words): (product, theirs) for code, words, product, theirs, _cost, _ceiling in TABLE}
    lines = [(*wanted[(x["merchant_code"], x["specification"])], x["quantity"]) for x in order.lines]
    yield from ordered_as_meant([standing_at_mall(bought[0])], order.receiver, lines, f"单号 {order.reference} 请勿放价格单")


def _paid_amiss(market: Market, order: DemoOrder) -> Iterator[str]:
    """At a mall with a balance each order of the program's is paid once, with just what it costs; elsewhere nothing is."""
    bought = {one.number: one.total for one in market.mall.orders_with(order.reference) if one.by == "page"}
    owed = list(bought.items()) if market.mall.balance.prepaid else []
    payments = market.mall.balance.payments
    paid = [(number, amount) for one in payments for number, amount in one.amounts.items() if number in bought]
    if paid != owed:
        yield f"paid at the supplier: {paid}, to pay: {owed}"


def _shipped_as_meant(held: Any, bought: Sequence[MallOrder]) -> Iterator[str]:
    numbers = [parcel.tracking_number for order in bought for parcel in order.parcels]
    in_shop = [(parcel.carrier, parcel.tracking_number) for parcel in held.parcels]
    if in_shop != [("圆通速递", one) for one in numbers]:
        yield f"the shop shows {in_shop}, the supplier sent {numbers}"
    note = f"已拍 {bought[0].number}" if bought else ""
    if (held.flag, held.remark) != ("紫", note):
        yield f"the note is {held.flag} {held.remark!r}, meant 紫 {note!r}"


def main(told: Sequence[str] | None = None) -> int:
    options = _options(told)
    console = Console(width=None if sys.stdout.isatty() else 220)
    home = Path(options.home or tempfile.mkdtemp(prefix="agent-demo-"))
    words = ["--headed"] if options.headed else []
    if options.day:
        return 0 if whole_day(home, options.seed, console, words=words) else 1
    with Market(seed=options.seed) as market:
        assert market.addresses is not None
        orders = put_up(market, options.orders)
        write_home(home, market, market.addresses)
        let_it_pay(home, market, BALANCE)
        console.print(f"抖店 stand-in {market.addresses.shop} · supplier stand-in {market.addresses.mall}")
        began = time.monotonic()
        console.print(f"1/3 buying and paying {len(orders)} orders")
        _code, first = shown_run(home, words, console)
        seconds = time.monotonic() - began
        ship_everything(market)
        console.print("2/3 the supplier has shipped; entering the tracking numbers")
        shown_run(home, words, console)
        before = whole_state(market)
        console.print("3/3 once more: nothing may change")
        _code, last = shown_run(home, words, console)
        verdicts = list(judge(market, orders, last.get("inbox", []), sent=True))
        changed = whole_state(market) != before
        closing_table(console, last, verdicts)
        _closing_lines(console, home, first, seconds, len(placed_by_page(market)))
        paid = [amount for payment in market.mall.balance.payments for amount in payment.amounts.values()]
        console.print(f"{len(paid)} paid from the balance: {yuan(Fen(sum(paid)))} yuan, one statement line each")
        good = not changed and all(not verdict.why for verdict in verdicts)
        if changed:
            console.print("[red]the third run changed something at the sites[/red]")
        console.print("[green]All as the table says.[/green]" if good else "[red]Not as the table says.[/red]")
        if options.keep:
            _keep(console, market)
    return 0 if good else 1


def _closing_lines(console: Console, home: Path, first: dict[str, Any], seconds: float, bought: int) -> None:
    trips = sum(counters["pages"] + counters["steps"] for counters in first.get("counters", {}).values())
    if bought:
        console.print(
            f"{bought} bought; {seconds / bought:.1f} s and {trips / bought:.0f} pages and steps an order bought, all reading included"
        )
    for name, path in (
        ("ledger", "ledger.db"),
        ("placed orders", "placed_orders.csv"),
        ("log", "logs"),
        ("evidence", "evidence"),
    ):
        console.print(f"{name}: {home / path}")
    console.print(f"the story of one order: agent --home {home} show {ORDERS[0].number}")


def _keep(console: Console, market: Market) -> None:
    for site, sign_in in market.accounts().items():
        console.print(f"{site}: {dict(sign_in)}")
    console.print("The sites go on until you press Enter.")
    sys.stdin.readline()


def _options(told: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/demo.py", description="The whole job, watched, on two stand-in sites on this machine."
    )
    parser.add_argument("--headed", action="store_true", help="show the browsers")
    parser.add_argument("--orders", type=int, default=len(ORDERS), metavar="N", help=f"the first N of {len(ORDERS)} orders")
    parser.add_argument("--day", action="store_true", help="a whole day instead: two shops, several suppliers, four runs")
    parser.add_argument("--keep", action="store_true", help="leave the sites running and print addresses and accounts")
    parser.add_argument("--home", help="the data folder; default: a new one")
    parser.add_argument("--seed", type=int, default=1, help="of latency, popups, class names, and of a day's arrivals")
    return parser.parse_args(told)


if __name__ == "__main__":
    sys.exit(main())
