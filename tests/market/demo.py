"""The demo: the real program, as a process of its own, against the stand-in sites; judged on the sites' own state.

    python scripts/demo.py [--headed] [--orders N] [--keep] [--home FOLDER]

It makes a data folder, runs the program three times (buy · the supplier ships · enter the numbers · change nothing), and
compares every order with the hand-written table of demo_orders.py. Exit 0 only if all is as the table says.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from agent.work.limits import yuan
from tests.market.core import Addresses, Market
from tests.market.demo_orders import ORDERS, SHOP, TABLE, DemoOrder, put_up
from tests.market.mall.orders import MallOrder

ROOT = Path(__file__).resolve().parent.parent.parent
PACE = "{pause: 0-0 s}"


@dataclass(frozen=True)
class Verdict:
    """Whether one order ended as the table says; `why` is empty when it did."""

    order: DemoOrder
    why: str


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
limits: {{most_orders_per_day: 200, most_money_per_day: 15000.00}}
""",
        encoding="utf-8",
    )
    _write_products(home / "products.csv", market)
    secrets = home / "secrets.yaml"
    secrets.touch(mode=0o600)
    lines = []
    for account, sign_in in (("shop-xiaolin", market.shop.sign_in), ("mall-yiwu", market.mall.sign_in)):
        lines.append(f'{account}: {{user_name: "{sign_in["user_name"]}", password: "{sign_in["password"]}"}}\n')
    secrets.write_text("".join(lines), encoding="utf-8")


def _write_products(path: Path, market: Market) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["商家编码", "店铺规格", "供应商", "货号", "商品标题", "规格", "每份件数", "进价", "限价"])
        for code, shop_words, product, words, cost, ceiling in TABLE:
            title = market.mall.products[product].title
            writer.writerow([code, shop_words, "yiwu", product, title, words, 1, yuan(cost), yuan(ceiling)])


def agent(home: Path, *words: str, check: bool = False) -> subprocess.CompletedProcess[str]:
    """The program as a process of its own."""
    told = {**os.environ, "PYTHONUTF8": "1", "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    return subprocess.run(
        [sys.executable, "-m", "agent", "--home", str(home), *words],
        cwd=ROOT,
        env=told,
        text=True,
        encoding="utf-8",
        capture_output=True,
        check=check,
    )


def shown_run(home: Path, words: Sequence[str], console: Console) -> tuple[int, dict[str, Any]]:
    """Run the program with its progress going to the screen; its exit code, and the closing table as data."""
    told = {**os.environ, "PYTHONUTF8": "1", "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    going = subprocess.Popen(
        [sys.executable, "-m", "agent", "--home", str(home), "run", "--once", *words, "--json"],
        cwd=ROOT,
        env=told,
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with going:
        assert going.stdout is not None and going.stderr is not None
        for line in going.stderr:
            console.print(escape(f"  {line.rstrip()}"), style="dim", highlight=False)
        out = going.stdout.read()
        code = going.wait()
    return code, json.loads(out)["run"] if out.strip() else {}


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
        why = "; ".join(_differences(market, order, inbox, sent))
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
    draft = bought[0].draft
    told = order.receiver
    wanted = {(code, words): (product, theirs) for code, words, product, theirs, _cost, _ceiling in TABLE}
    lines = sorted((*wanted[(x["merchant_code"], x["specification"])], x["quantity"]) for x in order.lines)
    shown = sorted((x.product, x.spec, x.quantity) for x in bought[0].quote.lines)
    pairs = {
        "name": (draft.name, told["name"]),
        "phone": (draft.phone, told["phone"]),
        "address": (draft.address, told["town"] + told["detail"]),
        "lines": (shown, lines),
        "note": (draft.note, f"单号 {order.reference} 请勿放价格单"),
        "insurance": (draft.insurance, 0),
    }
    yield from (f"{word} is {is_!r}, meant {meant!r}" for word, (is_, meant) in pairs.items() if is_ != meant)
    region = draft.province + draft.city + draft.district
    for level in ("province", "district"):
        if told[level].rstrip("省市区") not in region:
            yield f"region is {region}, meant {told['province']}{told['city']}{told['district']}"


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
    with Market(seed=options.seed) as market:
        assert market.addresses is not None
        orders = put_up(market, options.orders)
        write_home(home, market, market.addresses)
        console.print(f"抖店 stand-in {market.addresses.shop} · supplier stand-in {market.addresses.mall}")
        words = ["--headed"] if options.headed else []
        began = time.monotonic()
        console.print(f"1/3 buying {len(orders)} orders")
        _code, first = shown_run(home, words, console)
        seconds = time.monotonic() - began
        ship_everything(market)
        console.print("2/3 the supplier has shipped; entering the tracking numbers")
        shown_run(home, words, console)
        before = _state(market)
        console.print("3/3 once more: nothing may change")
        _code, last = shown_run(home, words, console)
        verdicts = list(judge(market, orders, last.get("inbox", []), sent=True))
        changed = _state(market) != before
        _closing_table(console, market, orders, last, verdicts)
        _closing_lines(console, home, first, seconds, len(placed_by_page(market)))
        good = not changed and all(not verdict.why for verdict in verdicts)
        if changed:
            console.print("[red]the third run changed something at the sites[/red]")
        console.print("[green]All as the table says.[/green]" if good else "[red]Not as the table says.[/red]")
        if options.keep:
            _keep(console, market)
    return 0 if good else 1


def _state(market: Market) -> str:
    """What the sites hold, without the log of mere visits."""
    truth = market.truth()
    shop = {name: truth["shop"][name] for name in ("orders", "notes", "shipments", "quota")}
    return json.dumps([shop, truth["mall"]["orders"], truth["mall"]["submits"]], ensure_ascii=False, sort_keys=True)


def _closing_table(
    console: Console, market: Market, orders: Sequence[DemoOrder], last: dict[str, Any], verdicts: Sequence[Verdict]
) -> None:
    rows = {row["order_number"]: row for row in last.get("orders", [])}
    table = Table(title="Orders", title_justify="left")
    for heading in (
        "抖店 order",
        "trap",
        "supplier order",
        "amount",
        "carrier",
        "tracking number",
        "state",
        "needs a person",
        "",
    ):
        table.add_column(heading, overflow="fold")
    why = {verdict.order.number: verdict.why for verdict in verdicts if verdict.why}
    for order in orders:
        row = rows.get(order.number, {})
        amount = "" if row.get("total") is None else yuan(row["total"])
        cells = [order.number, order.trap, row.get("supplier_order_number", ""), amount, row.get("carrier", "")]
        cells += [row.get("tracking_number", ""), row.get("state", ""), row.get("needs", "")]
        table.add_row(
            *(escape(str(cell)) for cell in cells), "[red]" + escape(why[order.number]) if order.number in why else "[green]ok"
        )
    console.print(table)


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
    parser.add_argument("--keep", action="store_true", help="leave the sites running and print addresses and accounts")
    parser.add_argument("--home", help="the data folder; default: a new one")
    parser.add_argument("--seed", type=int, default=1, help="of latency, popups and class names")
    return parser.parse_args(told)


if __name__ == "__main__":
    sys.exit(main())
