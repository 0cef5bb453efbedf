"""`agent refunds`: what suppliers owe us, since when, and what came back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from agent.cli.begin import Start
from agent.cli.spoken import Command, option
from agent.cli.tell import as_json, say, table
from agent.clock import SystemClock
from agent.ledger import Ledger
from agent.models import SHANGHAI, Fen
from agent.words import _, later
from agent.work.limits import yuan
from agent.work.owed_back import OwedBack, days_since, owed_back, refunds_of, sum_of, why_words, write_owed_back


@click.command(
    cls=Command, help=later("List what suppliers owe you: cancelled orders that were paid, and pieces they did not send.")
)
@option("--all", "whole", is_flag=True, help=later("Also what came back whole, and what came back for orders that go on."))
@option("--json", "json_", is_flag=True, help=later("Print it as JSON."))
@option(
    "--csv",
    "csv_",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help=later("Write it to a file that Excel opens, one row a purchase."),
)
@click.pass_obj
def refunds(start: Start, whole: bool, json_: bool, csv_: Path | None) -> int:
    ledger, now = start.ledger(), SystemClock().now()
    rows = owed_back(ledger, settled=whole)
    if csv_:
        write_owed_back(csv_, rows, now)
    if json_:
        as_json("refunds", [_json(ledger, row, now) for row in rows])
    else:
        _print(rows, now)
    if csv_ and not json_:
        say(_("Written: {}").format(csv_))
    return 0


def _print(rows: Sequence[OwedBack], now: datetime) -> None:
    if not rows:
        say(_("No supplier owes you money."))
        return
    headings = (
        *(_("since"), _("days"), _("supplier"), _("supplier order"), _("shop order"), _("why")),
        *(_("amount (yuan)"), _("came back"), _("still to come")),
    )
    table(headings, [_cells(row, now) for row in rows], title=_("Money to come back from suppliers"))
    say(_("Together: {} yuan").format(yuan(sum_of(rows))))


def _cells(row: OwedBack, now: datetime) -> tuple[str, ...]:
    known = row.purchase
    since = f"{row.since.astimezone(SHANGHAI):%Y-%m-%d}"
    names = (known.supplier, known.supplier_order_number, known.order_number, why_words(row))
    return (since, str(days_since(row, now)), *names, *(_money(each) for each in (row.amount, row.back, row.owed)))


def _money(amount: Fen | None) -> str:
    return "?" if amount is None else yuan(amount)


def _json(ledger: Ledger, row: OwedBack, now: datetime) -> dict[str, Any]:
    known = row.purchase
    return {
        "supplier": known.supplier,
        "account": known.account,
        "supplier_order_numbers": list(known.supplier_order_numbers),
        "reference": known.reference,
        "shop": known.shop,
        "order_number": known.order_number,
        "why": row.why,
        "state": known.refund,
        "since": row.since.isoformat(),
        "days": days_since(row, now),
        "amount": row.amount,
        "back": row.back,
        "owed": row.owed,
        "refunds": [
            {"number": one.supplier_order_number, "amount": one.amount, "at": one.at.isoformat(), "how": one.how}
            for one in refunds_of(ledger, row)
        ],
    }
