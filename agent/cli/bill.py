"""`agent payables compare`: what a supplier says is owed, by its bill page or its Excel, beside what the ledger has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from agent.cli.begin import Start
from agent.cli.spoken import Command, option
from agent.cli.tell import as_json, paragraphs, say, say_progress
from agent.clock import SystemClock
from agent.config import Config, Supplier
from agent.errors import ConfigError
from agent.words import _, later
from agent.work.bill import Bill, Billed, compare_bill, compare_now, shows_bill
from agent.work.bill_xlsx import read_bill_file
from agent.work.credit import quoted
from agent.work.day import sign_in
from agent.work.limits import yuan
from agent.work.payables import total_of
from agent.work.run import Options


@click.command(cls=Command, help=later("Compare a supplier's bill with what is owed by the ledger; nothing is changed by it."))
@click.argument("supplier", metavar="SUPPLIER")
@option(
    "--file",
    "file_",
    type=click.Path(path_type=Path),
    metavar="FILE.xlsx",
    help=later("The bill as the supplier's Excel, in place of its bill page."),
)
@option("--json", "json_", is_flag=True, help=later("Print it as JSON."))
@click.pass_obj
def compare(start: Start, supplier: str, file_: Path | None, json_: bool) -> int:
    config = start.config()
    told = config.supplier(supplier)
    if file_:
        rows, unread = read_bill_file(file_)
        made = compare_bill(start.ledger(), told, Bill(tuple(rows), tuple(unread)), SystemClock().now())
    else:
        made = _by_page(start, config, told, say_progress if json_ else say)
    if json_:
        _print_json(made)
    else:
        _print(made)
    return 0 if made.agrees else 1


def _by_page(start: Start, config: Config, supplier: Supplier, progress: Callable[[str], None]) -> Billed:
    if not shows_bill(config, supplier):
        words = _("No bill of {} can be read: the file of its site has no flow `read_bill`").format(supplier.name)
        todo = _("Compare its Excel: `agent payables compare {} --file FILE.xlsx`; or add the flow to the site file.")
        raise ConfigError(words, todo=todo.format(quoted(supplier.name)))
    options = Options(parts=("read",), accounts=(supplier.account,))
    with start.look(config, options, f"payables compare {supplier.name}", progress) as going:
        sign_in(going)
        made = compare_now(going, supplier)
        going.ledger.end_run(going.id, going.now())
        return made


def _print(made: Billed) -> None:
    compared = made.compared
    words = _("Bill of {supplier}: {count} lines, {theirs} yuan; owed by the ledger {ours} yuan")
    facts = {"theirs": yuan(compared.theirs), "ours": yuan(compared.ours)}
    paragraphs([(0, "bold", words.format(supplier=made.supplier, count=len(made.bill.rows), **facts))])
    paragraphs((2, "", f"· {difference.words}") for difference in compared.differences)
    for told in made.bill.unread:
        paragraphs([(2, "", _("· not read: {}").format(told))])
    if compared.waiting:
        words = _("Not on it yet, ordered after the newest on it: {count} orders, {amount} yuan")
        say(words.format(count=len(compared.waiting), amount=yuan(total_of(compared.waiting))))
    say(_("{} orders agree.").format(compared.agreed))
    if made.item is not None:
        paragraphs([(0, "", _("In the inbox as [{}] until it agrees; nothing was changed.").format(made.item))])


def _print_json(made: Billed) -> None:
    compared = made.compared
    as_json(
        "bill",
        [_without_numbers(asdict(difference)) for difference in compared.differences],
        supplier=made.supplier,
        theirs=compared.theirs,
        ours=compared.ours,
        agreed=compared.agreed,
        waiting=[payable.reference for payable in compared.waiting],
        unread=list(made.bill.unread),
        item=made.item,
    )


def _without_numbers(row: dict[str, Any]) -> dict[str, Any]:
    return {"supplier_order_numbers" if word == "numbers" else word: value for word, value in row.items()}
