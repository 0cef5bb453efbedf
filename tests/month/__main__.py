"""A month of orders whose suppliers are paid in every way there is: do the books agree to the 分 with what the sites hold?

    python scripts/money_month.py [--orders N] [--days N] [--seed N] [--json FILE] [--keep FOLDER]

Exit 0 only if every order's cost, paid, owed and refunded are in the books as they are in truth, every payment is there once,
and balance, credit and statements agree.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from loguru import logger
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from agent.models import Fen
from agent.work.limits import yuan
from tests.campaign.score import commit
from tests.month.bench import Bench
from tests.month.judge import WORDS, Judged, Money, judged
from tests.month.plan import planned
from tests.month.play import BEGIN, Month


def show(result: Judged, console: Console) -> None:
    """The books, the truth, and how far they are apart: by supplier and together; then account by account."""
    table = Table(title="Books and truth (yuan)", title_justify="left")
    table.add_column("supplier")
    table.add_column("orders", justify="right")
    for word in WORDS:
        for heading in (word, "in truth", "apart"):
            table.add_column(heading, justify="right")
    rows = {name: (count, result.books[name], result.truth[name]) for name, count in result.orders.items()}
    rows["together"] = (
        sum(result.orders.values()),
        sum(result.books.values(), Money()),
        sum(result.truth.values(), Money()),
    )
    for name, (count, books, truth) in rows.items():
        table.add_row(
            name, str(count), *(cell for word in WORDS for cell in _cells(getattr(books, word), getattr(truth, word)))
        )
    console.print(table)
    table = Table(title="Accounts and statements (yuan)", title_justify="left")
    for heading in ("what", "by the ledger", "in truth", "apart"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for what, ours, theirs in result.accounts:
        table.add_row(what, *_cells(ours, theirs))
    console.print(table)


def _cells(ours: int, theirs: int) -> tuple[str, str, str]:
    return _yuan(ours), _yuan(theirs), _yuan(ours - theirs)


def _yuan(amount: int) -> str:
    return ("-" if amount < 0 else "") + yuan(Fen(abs(amount)))


def save(file: Path, told: argparse.Namespace, month: Month, result: Judged) -> None:
    head = {"orders": told.orders, "days": told.days, "seed": told.seed, "on": f"{date.today()} {commit()}"}
    sums = {name: {"books": asdict(result.books[name]), "truth": asdict(result.truth[name])} for name in result.orders}
    more = {"suppliers": sums, "accounts": result.accounts, "wrong": result.wrong, "methods": methods(month)}
    file.write_text(json.dumps(head | more, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def methods(month: Month) -> dict[str, int]:
    """How many orders were paid which way."""
    return dict(sorted(Counter(payment.method for payment in month.bench.ledger.payments()).items()))


def main(words: Sequence[str] | None = None) -> int:
    options = _options(words)
    logger.remove()
    console = Console(width=None if sys.stdout.isatty() else 200)
    plan = planned(options.orders, options.days, options.seed)
    folder = Path(options.keep or tempfile.mkdtemp(prefix="agent-month-"))
    began = time.monotonic()
    with Bench(options.seed, folder, BEGIN) as bench:
        month = Month(bench, plan, options.days)
        month.play(lambda told: console.print(f"{time.monotonic() - began:5.0f} s  {told}", highlight=False))
        result = judged(month)
        fates = Counter(one.fate for one in plan)
        console.print("orders: " + " · ".join(f"{fate} {count}" for fate, count in fates.items()), highlight=False)
        console.print("paid: " + " · ".join(f"{method} {count}" for method, count in methods(month).items()), highlight=False)
        waiting = Counter(item.reason for item in bench.ledger.items())
        console.print("inbox: " + " · ".join(f"{reason} {count}" for reason, count in waiting.items()), highlight=False)
        show(result, console)
        console.print(f"payments held, and told to a person: {', '.join(result.held) or 'none'}", highlight=False)
        if options.json:
            save(Path(options.json), options, month, result)
    for each in result.wrong:
        console.print(escape(each), style="red", highlight=False)
    colour = "red" if result.wrong else "green"
    console.print(f"{time.monotonic() - began:.0f} s · {len(plan)} orders · differences: {len(result.wrong)}", style=colour)
    return 1 if result.wrong else 0


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/money_month.py", description="A month of paying suppliers on stand-in sites, and its books."
    )
    parser.add_argument("--orders", type=int, default=500, metavar="N", help="how many orders, over three suppliers")
    parser.add_argument("--days", type=int, default=30, metavar="N", help="over how many days they come")
    parser.add_argument("--seed", type=int, default=1, help="of what is bought, for how much, and what happens to it")
    parser.add_argument("--json", metavar="FILE", help="the sums, what differs, and what was paid how")
    parser.add_argument("--keep", metavar="FOLDER", help="the data folder of the month; default: a new one")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
