"""A seller at the stand-ins: the files of a data folder, the program as a process of its own, what it printed and what came of it.

Shared by the demo, the day and the tests of the road; knows no table of orders.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from agent.work.limits import yuan
from tests.market.core import Market
from tests.market.mall.orders import MallOrder

ROOT = Path(__file__).resolve().parent.parent.parent
PACE = "{pause: 0-0 s}"


class Row(Protocol):
    """An order of a hand-written table."""

    @property
    def number(self) -> str: ...

    @property
    def trap(self) -> str: ...


@dataclass(frozen=True)
class Verdict:
    """Whether one order ended as the table says; `why` is empty when it did."""

    order: Row
    why: str


# the data folder


def write_products(path: Path, rows: Iterable[tuple[str, str, str, str, str, str, int, int, int]]) -> None:
    """A products table: code, specification, supplier, product, title, its specification, pack, cost and ceiling in 分."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["商家编码", "店铺规格", "供应商", "货号", "商品标题", "规格", "每份件数", "进价", "限价"])
        writer.writerows([*words, yuan(cost), yuan(ceiling)] for *words, cost, ceiling in rows)


def write_secrets(home: Path, sign_ins: Mapping[str, Mapping[str, str]]) -> None:
    """User name and password of each account in the private file."""
    secrets = home / "secrets.yaml"
    secrets.touch(mode=0o600)
    lines = [
        f'{account}: {{user_name: "{one["user_name"]}", password: "{one["password"]}"}}\n' for account, one in sign_ins.items()
    ]
    secrets.write_text("".join(lines), encoding="utf-8")


# the program


def agent(home: Path, *words: str, check: bool = False) -> subprocess.CompletedProcess[str]:
    """The program as a process of its own."""
    return subprocess.run(**_process(home, words), capture_output=True, check=check)


def shown_run(home: Path, words: Sequence[str], console: Console) -> tuple[int, dict[str, Any]]:
    """Run the program with its progress going to the screen; its exit code, and the closing table as data."""
    told = _process(home, ["run", "--once", *words, "--json"])
    with subprocess.Popen(**told, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as going:
        assert going.stdout is not None and going.stderr is not None
        for line in going.stderr:
            console.print(escape(f"  {line.rstrip()}"), style="dim", highlight=False)
        out = going.stdout.read()
        code = going.wait()
    return code, json.loads(out)["run"] if out.strip() else {}


def _process(home: Path, words: Sequence[str]) -> dict[str, Any]:
    told = {**os.environ, "PYTHONUTF8": "1", "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    command = [sys.executable, "-m", "agent", "--home", str(home), *words]
    return {"args": command, "cwd": ROOT, "env": told, "text": True, "encoding": "utf-8"}


# what came of it


def whole_state(market: Market) -> str:
    """What the sites hold, without the log of mere visits."""
    truth = market.truth()
    held = {site: {name: value for name, value in truth[site].items() if name != "sessions"} for site in market.sites}
    return json.dumps(held, ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True)
class Standing:
    """An order at a supplier, as far as it can be right or wrong. `goods` are (product, specification, pieces)."""

    name: str
    phone: str
    region: str
    address: str
    goods: tuple[tuple[str, str, int], ...]
    note: str
    insurance: int


def standing_at_mall(made: MallOrder) -> Standing:
    draft = made.draft
    region = draft.province + draft.city + draft.district
    goods = tuple((line.product, line.spec, line.quantity) for line in made.quote.lines)
    return Standing(draft.name, draft.phone, region, draft.address, goods, draft.note, draft.insurance)


def ordered_as_meant(
    made: Sequence[Standing], receiver: Mapping[str, str], goods: Iterable[tuple[str, str, int]], note: str
) -> Iterator[str]:
    """What the orders of one purchase are that was not meant: the receiver, the goods together, the note, insurance."""
    together = sorted(each for one in made for each in one.goods)
    if together != sorted(goods):
        yield f"goods is {together}, meant {sorted(goods)}"
    for one in made:
        pairs = {
            "name": (one.name, receiver["name"]),
            "phone": (one.phone, receiver["phone"]),
            "address": (one.address, receiver["town"] + receiver["detail"]),
            "note": (one.note, note),
            "insurance": (one.insurance, 0),
        }
        yield from (f"{word} is {is_!r}, meant {meant!r}" for word, (is_, meant) in pairs.items() if is_ != meant)
        for level in ("province", "district"):
            if receiver[level].rstrip("省市区") not in one.region:
                yield f"region is {one.region}, meant {receiver['province']}{receiver['city']}{receiver['district']}"


HEADINGS = ("抖店 order", "trap", "supplier order", "amount", "carrier", "tracking number", "state", "needs a person", "")


def closing_table(console: Console, last: Mapping[str, Any], verdicts: Sequence[Verdict]) -> None:
    """Each order as the program's last closing table has it, and beside it how it really ended."""
    rows = {row["order_number"]: row for row in last.get("orders", [])}
    table = Table(title="Orders", title_justify="left")
    for heading in HEADINGS:
        table.add_column(heading, overflow="fold")
    for verdict in verdicts:
        row = rows.get(verdict.order.number, {})
        amount = "" if row.get("total") is None else yuan(row["total"])
        cells = [verdict.order.number, verdict.order.trap, row.get("supplier_order_number", ""), amount]
        cells += [row.get(name, "") for name in ("carrier", "tracking_number", "state", "needs")]
        end = "[red]" + escape(verdict.why) if verdict.why else "[green]ok"
        table.add_row(*(escape(str(cell)) for cell in cells), end)
    console.print(table)
