"""`agent reconcile`: shop, suppliers, payments and tracking numbers compared both ways; what does not agree waits in the inbox."""

from __future__ import annotations

from typing import Any

import click

from agent.cli.begin import Start
from agent.cli.spoken import Command, option
from agent.cli.tell import as_json, paragraphs, say, say_progress
from agent.ledger import Ledger
from agent.words import _, later
from agent.work.day import sign_in
from agent.work.manners import note_visits
from agent.work.reconcile import DAYS, Found, Reconciled
from agent.work.reconcile import reconcile as compare_all
from agent.work.run import Options


@click.command(cls=Command, help=later("Compare shop, suppliers, payments and tracking numbers both ways; reads only."))
@option("--days", type=click.IntRange(1, 365), default=DAYS, metavar="N", help=later("Orders of so many days. Default: 30."))
@option("--json", "json_", is_flag=True, help=later("Print it as JSON."))
@click.pass_obj
def reconcile(start: Start, days: int, json_: bool) -> int:
    config = start.config()
    progress = say_progress if json_ else say
    with start.look(config, Options(parts=("read",)), f"reconcile --days {days}", progress) as going:
        sign_in(going)
        note_visits(going)
        made = compare_all(going, days, thorough=True)
        going.ledger.end_run(going.id, going.now())
        rows = [_row(going.ledger, each) for each in made.found]
    if json_:
        as_json("reconcile", rows, compared=list(made.accounts), orders=made.orders, left_out=list(made.left_out))
    else:
        _print(made, rows)
    return 1 if made.found or made.left_out else 0


def _row(ledger: Ledger, found: Found) -> dict[str, Any]:
    item = ledger.item(found.item)
    words = ("id", "reason", "shop", "order_number", "reference", "account", "what", "todo")
    return {word: getattr(item, word) for word in words}


def _print(made: Reconciled, rows: list[dict[str, Any]]) -> None:
    say(
        _("Compared: {orders} orders of yours, accounts {accounts}").format(
            orders=made.orders, accounts=", ".join(made.accounts) or _("none")
        )
    )
    for row in rows:
        paragraphs([(0, "bold", f"[{row['id']}] {row['what']}"), (2, "", f"→ {row['todo']}")])
    for words in made.left_out:
        say(words)
    if not rows and not made.left_out:
        say(_("Everything agrees."))
    if rows:
        say(_("`agent inbox` keeps each until it agrees again."))
