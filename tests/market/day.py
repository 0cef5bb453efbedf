"""A whole day at the stand-ins: two shops, several suppliers, the program run five times, and between the runs everybody acts.

Buyers order, cancel and change their minds, suppliers send, the seller answers, always by the command line. A seed
decides latency, popups, when each order was made and which parcel is sent when; what must come of each order does not
depend on it and stands in day_table.py. Judged on the sites' own state, row by row, and that there is nothing else.
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

from tests.market.core import Market
from tests.market.day_deeds import sent_as_usual
from tests.market.day_orders import SHELVES, SHOPS, Bought, DayOrder, someone
from tests.market.day_sites import Made, all_by_page, is_to_be_sent, made_at, open_shelves, standing, write_day_home
from tests.market.day_table import ORDERS
from tests.market.seller import Verdict, agent, closing_table, ordered_as_meant, shown_run, whole_state

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
    runs: int = 5  # all is bought and sent by the third; the fifth may change nothing
    random: random.Random = field(init=False)
    began: datetime = field(init=False)
    last: dict[str, Any] = field(init=False, default_factory=dict)
    settled: bool = field(init=False, default=True)  # the last run changed nothing

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
            self.settled = run < 5 or whole_state(self.market) == before
        return list(judge(self))

    def _open(self) -> None:
        open_shelves(self.market)
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

    def items(self, one: DayOrder) -> list[dict[str, Any]]:
        """What the inbox asks about the order, or about several with it."""
        asked = json.loads(agent(self.home, "inbox", "--json").stdout)["inbox"]
        return [item for item in asked if one.number in (item["order_number"], *item.get("orders", ()))]

    def _tomorrow(self) -> str:
        return f"{self.began + timedelta(days=1):%Y-%m-%d} 23:30"

    # the suppliers

    def _send(self, *, everything: bool) -> None:
        """What was bought and is sent in the ordinary way leaves: some of it first, in the end all."""
        for one in self.orders:
            if not one.sent or not any(is_to_be_sent(made) for each in one.bought for made in self.made(one, each)):
                continue
            if everything or self.random.random() < 0.5:
                sent_as_usual(self, one)

    def made(self, one: DayOrder, bought: Bought) -> list[Made]:
        """What stands at the supplier under the reference of a purchase."""
        return made_at(self.market, bought.supplier, one.reference(bought.counter))


TELLS = {
    1: "the morning's orders",
    2: "answers given, some parcels sent, new orders",
    3: "the rest is sent, a number changes",
    4: "the last answers are given",
    5: "once more: nothing may change",
}


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
        if len(made) != each.orders:
            yield f"{len(made)} orders at {each.supplier}, meant {each.orders}"
            continue
        note = f"单号 {one.reference(each.counter)} 请勿放价格单"
        yield from ordered_as_meant([standing(order) for order in made], receiver, each.goods, note)
        if wrong := [order.state for order in made if order.state != each.state]:
            yield f"the order at {each.supplier} is {wrong}, meant {each.state}"


def _shop_differs(day: Day, one: DayOrder) -> Iterator[str]:
    shop = day.market.shop
    held = shop.orders[one.number]
    ordinals = {line.number: at for at, line in enumerate(held.lines, 1)}
    shown = [
        (parcel.carrier, parcel.tracking_number, {ordinals[line]: pieces for line, pieces in parcel.pieces})
        for parcel in held.parcels
    ]
    whole = {at: line.quantity for at, line in enumerate(held.lines, 1)}
    meant = [
        (parcel.carrier, parcel.tracking_number, {at: whole[at] for at in parcel.lines} | dict(parcel.pieces))
        for parcel in one.expected_parcels()
    ]
    if shown != meant:
        yield f"the shop shows the parcels {shown}, meant {meant}"
    before = (one.more.get("flag", "灰"), one.more.get("remark", ""))
    # of an order that was split the newest part stands first in the supplier's list
    noted = ["已拍 " + " / ".join(made.number for made in reversed(day.made(one, each))) for each in one.bought]
    note = " ".join(noted)
    if (held.flag, held.remark) != (("紫", f"{before[1]} {note}".strip()) if one.noted else before):
        yield f"the note is {held.flag} {held.remark!r}, meant {note!r}"
    if shop.reveals(one.number) != one.reveals:
        yield f"{shop.reveals(one.number)} reveals instead of {one.reveals}"


def beside(day: Day) -> Iterator[str]:
    """What is there that no row names."""
    meant = [one.reference(each.counter) for one in day.orders for each in one.bought]
    for name, references in all_by_page(day.market).items():
        if extra := [words for words in references if not any(reference in words for reference in meant)]:
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
