"""A whole day at the stand-ins: two shops, several suppliers, the program run four times, and between the runs everybody acts.

Buyers order, cancel and change their minds, suppliers send, the seller answers, always by the command line. A seed
decides latency, popups, when each order was made and which parcel is sent when; what must come of each order does not
depend on it and stands in day_orders.py. Judged on the sites' own state, row by row, and that there is nothing else.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console

from agent.models import SHANGHAI
from tests.market.core import Market
from tests.market.day_orders import ORDERS, SHELVES, SHOPS, TABLE, Bought, DayOrder, sent_as_usual, someone
from tests.market.mall.orders import MallOrder
from tests.market.seller import (
    PACE,
    Verdict,
    agent,
    closing_table,
    ordered_as_meant,
    shown_run,
    whole_state,
    write_products,
    write_secrets,
)

LATENCY = (0.0, 0.3)


@dataclass
class Day:
    """One day: the market, the seller's data folder, the rows played, and what the program said last."""

    market: Market
    home: Path
    console: Console
    orders: Sequence[DayOrder] = ORDERS
    words: Sequence[str] = ()  # more words for each run
    browser: str | None = None
    runs: int = 4  # all is bought and sent by the third; the fourth may change nothing
    random: random.Random = field(init=False)
    began: datetime = field(init=False)
    last: dict[str, Any] = field(init=False, default_factory=dict)
    settled: bool = field(init=False, default=False)  # the last run changed nothing

    def __post_init__(self) -> None:
        self.random = random.Random(f"arrival {self.market.seed}")
        self.began = self.market.clock().replace(microsecond=0)

    # the day

    def play(self) -> list[Verdict]:
        """All of it, and how each row ended."""
        self._open()
        for run in range(1, self.runs + 1):
            before = self._between(run)
            self.console.print(f"{run}/{self.runs} {TELLS[run]}")
            code, self.last = shown_run(self.home, self.words, self.console)
            assert code in (0, 1), f"run {run} ended with {code}"
            self.settled = run < 4 or whole_state(self.market) == before
        return list(judge(self))

    def _open(self) -> None:
        for name, shelf in SHELVES.items():
            for product, (title, specs) in shelf.items():
                self.market.malls[name].add_product(product, title, dict(specs))
        write_day_home(self.home, self.market, self.began, self.browser)

    def _between(self, run: int) -> str:
        """What everybody does before this run; the state that the sites are then in."""
        for one in self._shuffled(order for order in self.orders if order.comes == run):
            self._arrives(one)
        for one in self.orders:
            if run in one.happens:
                one.happens[run](self, one)
        if run in (2, 3):
            self._answer()
            self._send(everything=run == 3)
        return whole_state(self.market)

    def _shuffled(self, orders: Iterator[DayOrder]) -> list[DayOrder]:
        chosen = list(orders)
        self.random.shuffle(chosen)
        return chosen

    def _arrives(self, one: DayOrder) -> None:
        age = one.age or timedelta(minutes=self.random.randint(120, 1800))
        due = {"ship_by": self.began + one.ship_in} if one.ship_in else {}
        self.market.shop.add_order(
            one.number,
            lines=one.lines,
            receiver=one.receiver or someone(one.at),
            ordered_at=self.began - age,
            shop=SHOPS[one.shop],
            **{**due, **one.more},
        )

    # the seller, by the command line only

    def tell(self, *words: str) -> None:
        """The seller types a command; it must be taken."""
        done = agent(self.home, *words)
        assert done.returncode == 0, f"agent {' '.join(words)}: {done.stdout}{done.stderr}"

    def _answer(self) -> None:
        """Yes, no or not now to each purchase that is laid out, as the table says."""
        said = {one.number: one.says for one in self.orders}
        asked = json.loads(agent(self.home, "review", "--json").stdout)["review"]
        for verb, more in (("yes", ["approve"]), ("no", ["reject"]), ("later", ["hold", "--until", self._tomorrow()])):
            if ids := sorted({str(row["item"]) for row in asked if said[row["order_number"]] == verb}):
                self.tell(*more, *ids)

    def _tomorrow(self) -> str:
        return f"{self.began + timedelta(days=1):%Y-%m-%d} 23:30"

    # the suppliers

    def _send(self, *, everything: bool) -> None:
        """What was bought and is sent in the ordinary way leaves: some of it first, in the end all."""
        for one in self.orders:
            if not one.sent or any(made.state != "placed" for each in one.bought for made in self.made(one, each)):
                continue
            if everything or self.random.random() < 0.5:
                sent_as_usual(self, one)

    def made(self, one: DayOrder, bought: Bought) -> list[MallOrder]:
        """What stands at the supplier under the reference of a purchase."""
        return self.market.malls[bought.supplier].orders_with(one.reference(bought.counter))


TELLS = {
    1: "the morning's orders",
    2: "answers given, some parcels sent, new orders",
    3: "the rest is sent",
    4: "once more: nothing may change",
}


def write_day_home(home: Path, market: Market, began: datetime, browser: str | None = None) -> None:
    """The data folder of a seller with two shops and two malls; one of them buys only after a yes, and closes tomorrow."""
    assert market.addresses is not None
    home.mkdir(parents=True, exist_ok=True)
    cut_off = (began + timedelta(minutes=5)).astimezone(SHANGHAI)
    (home / "config.yaml").write_text(
        f"""\
language: zh
browser: {json.dumps(browser or "")}
accounts:
{_account("shop-xiaolin", "doudian", "shop", SHOPS["xiaolin"], market)}
{_account("shop-shuma", "doudian", "shop", SHOPS["shuma"], market)}
{_account("mall-yiwu", "mall", "mall", market.malls["yiwu"].user_name, market)}
    known_order: "{market.malls["yiwu"].known_order.number}"
{_account("mall-hangzhou", "mall", "hangzhou", market.malls["hangzhou"].user_name, market)}
    known_order: "{market.malls["hangzhou"].known_order.number}"
shops:
{_shop("xiaolin")}
{_shop("shuma")}
suppliers:
  yiwu:
    account: mall-yiwu
    autonomy: place
    note: 单号 <reference> 请勿放价格单
    most_per_order: 300.00
    most_per_day: 9000.00
  hangzhou:
    account: mall-hangzhou
    autonomy: show
    cut_off: {cut_off:%H:%M}
    closed_days: [{cut_off + timedelta(days=1):%Y-%m-%d}]
    note: 单号 <reference> 请勿放价格单
    most_per_order: 300.00
    most_per_day: 9000.00
limits: {{most_orders_per_day: 300, most_money_per_day: 30000.00}}
""",
        encoding="utf-8",
    )
    titles = {product: title for shelf in SHELVES.values() for product, (title, _specs) in shelf.items()}
    rows = [(*row[:4], titles[row[3]], *row[4:]) for row in TABLE]
    for shop in SHOPS:
        write_products(home / f"products-{shop}.csv", rows)
    sign_ins = {f"shop-{shop}": market.shop.sign_in for shop in SHOPS}
    sign_ins |= {f"mall-{name}": mall.sign_in for name, mall in market.malls.items()}
    write_secrets(home, sign_ins)


def _account(name: str, file: str, site: str, shows: str, market: Market) -> str:
    assert market.addresses is not None
    hosts = json.dumps(dict(market.addresses.hosts[site]))
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
    wait_before_buying: 30 min
    note: {{flag: 紫, words: 已拍 <supplier_order_number>}}
    ship_when: number_known
    most_reveals_per_day: 200"""


# ---- the judgement


def judge(day: Day) -> Iterator[Verdict]:
    """Compare the sites' own state and the inbox with the table, row by row."""
    for one in day.orders:
        why = [*_suppliers(day, one), *_shop_differs(day, one)]
        asks = sorted(item["reason"] for item in day.last.get("inbox", []) if item["order_number"] == one.number)
        if asks != sorted(one.asks):
            why.append(f"the inbox asks {asks}, meant {sorted(one.asks)}")
        yield Verdict(one, "; ".join(why))


def _suppliers(day: Day, one: DayOrder) -> Iterator[str]:
    receiver = one.receiver or someone(one.at)
    for each in one.bought:
        made = day.made(one, each)
        if len(made) != 1:
            yield f"{len(made)} orders at {each.supplier} instead of one"
            continue
        yield from ordered_as_meant(made[0], receiver, each.goods, f"单号 {one.reference(each.counter)} 请勿放价格单")
        if made[0].state != each.state:
            yield f"the order at {each.supplier} is {made[0].state}, meant {each.state}"


def _shop_differs(day: Day, one: DayOrder) -> Iterator[str]:
    shop = day.market.shop
    held = shop.orders[one.number]
    ordinals = {line.number: at for at, line in enumerate(held.lines, 1)}
    shown = [
        (parcel.carrier, parcel.tracking_number, tuple(ordinals[line] for line in parcel.lines)) for parcel in held.parcels
    ]
    meant = [(parcel.carrier, parcel.tracking_number, parcel.lines) for parcel in one.expected_parcels()]
    if shown != meant:
        yield f"the shop shows the parcels {shown}, meant {meant}"
    before = (one.more.get("flag", "灰"), one.more.get("remark", ""))
    note = " ".join(f"已拍 {made.number}" for each in one.bought for made in day.made(one, each))
    if (held.flag, held.remark) != (("紫", f"{before[1]} {note}".strip()) if one.noted else before):
        yield f"the note is {held.flag} {held.remark!r}, meant {note!r}"
    if shop.reveals(one.number) != one.reveals:
        yield f"{shop.reveals(one.number)} reveals instead of {one.reveals}"


def beside(day: Day) -> Iterator[str]:
    """What is there that no row names."""
    meant = {(each.supplier, one.reference(each.counter)) for one in day.orders for each in one.bought}
    for name, mall in day.market.malls.items():
        extra = [made.number for made in mall.orders if made.by == "page" and (name, made.reference) not in meant]
        if extra:
            yield f"orders at {name} that nobody meant: {', '.join(extra)}"
    numbers = {one.number for one in day.orders}
    if more := {order for order in day.market.shop.orders if order not in numbers}:
        yield f"orders in the shop that nobody made: {', '.join(more)}"
    asked = [f"{item['account']} {item['what']}" for item in day.last.get("inbox", []) if item["order_number"] not in numbers]
    yield from (f"asked besides: {words}" for words in asked)
    if not day.settled:
        yield "the last run changed something at the sites"


def whole_day(home: Path, seed: int, console: Console, *, latency: tuple[float, float] = LATENCY, **told: Any) -> bool:
    """Play a day and print how it ended; whether all is as the table says. `told` is a Day's: orders, words, browser, runs."""
    began = time.monotonic()
    with Market(seed=seed, latency=latency, malls=tuple(SHELVES)) as market:
        assert market.addresses is not None
        for site, hosts in market.addresses.hosts.items():
            console.print(f"{site}: {' '.join(hosts.values())}")
        day = Day(market, home, console, **told)
        verdicts = day.play()
        closing_table(console, day.last, verdicts)
        others = list(beside(day))
    for line in others:
        console.print(f"[red]{line}[/red]", highlight=False)
    wrong = sum(bool(verdict.why) for verdict in verdicts)
    seconds = time.monotonic() - began
    console.print(f"{len(verdicts)} orders, {day.runs} runs, {seconds:.0f} s, seed {seed}; data folder {home}")
    good = not wrong and not others
    console.print("[green]All as the table says.[/green]" if good else f"[red]Not as the table says: {wrong} orders.[/red]")
    return good
