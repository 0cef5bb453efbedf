"""`agent payables`: what is owed to suppliers on credit terms (账期), and a person's word that it was repaid."""

from __future__ import annotations

import getpass
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from agent.cli.begin import Start
from agent.cli.bill import compare
from agent.cli.spoken import Command, Group, option
from agent.cli.tell import as_json, say, table
from agent.cli.typed import day_typed
from agent.clock import SystemClock
from agent.errors import ConfigError
from agent.ledger import Ledger, StoredPayable
from agent.models import Fen
from agent.sites.values import NotUnderstood, money_of
from agent.words import _, later
from agent.work.credit import in_days, limits_used
from agent.work.kept_evidence import content_of, keep
from agent.work.limits import yuan
from agent.work.owed import Owed, due_on, numbered, owed_again, refuse_other_sum, refuse_unknown, remarks, repaid, write_owed
from agent.work.owed import owed as all_owed
from agent.work.payables import total_of


@click.group(cls=Group, invoke_without_command=True, help=later("List what is owed to suppliers on credit terms (账期)."))
@option("--due", "due_", default="", metavar="7d", help=later("Only what is due in so many days, and what is overdue."))
@option("--supplier", default="", metavar="NAME", help=later("Only this supplier."))
@option("--orders", is_flag=True, help=later("One row an order."))
@option("--json", "json_", is_flag=True, help=later("Print it as JSON."))
@option(
    "--csv",
    "csv_",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help=later("Write it to a file that Excel opens, one row an order."),
)
@click.pass_context
def payables(context: click.Context, due_: str, supplier: str, orders: bool, json_: bool, csv_: Path | None) -> int:
    if context.invoked_subcommand:
        return 0
    start: Start = context.obj
    ledger, now, config = start.ledger(), SystemClock().now(), start.known_config()
    refuse_unknown(config, ledger, supplier)
    rows = all_owed(ledger, now, supplier=supplier, within=_days(due_) if due_ else None)
    if csv_:
        write_owed(csv_, rows)
    if json_:
        as_json("payables", [_json(row) for row in rows])
    else:
        _print(rows, orders=orders)
        for words in limits_used(config, ledger, supplier) if config else ():
            say(words)
    if csv_ and not json_:
        say(_("Written: {}").format(csv_))
    return 0


def _days(words: str) -> int:
    found = re.fullmatch(r"([0-9]{1,4})d", words)
    if found is None:
        raise ConfigError(_("`{}` is no number of days").format(words), todo=_("Write it as `agent payables --due 7d`."))
    return int(found[1])


def _print(rows: Sequence[Owed], *, orders: bool) -> None:
    if not rows:
        say(_("Nothing is owed."))
        return
    first = (_("due"), _("left"), _("supplier"))
    if orders:
        headings = (*first, _("supplier order"), _("shop order"), _("amount (yuan)"), _("remark"))
        cells = [_order_cells(row, payable) for row in rows for payable in row.payables]
        table(headings, cells, title=_("Owed on credit terms"))
    else:
        table((*first, _("orders"), _("amount (yuan)")), [_cells(row) for row in rows], title=_("Owed on credit terms"))
    say(_("Together: {} yuan").format(yuan(sum(row.amount for row in rows))))


def _when(row: Owed) -> tuple[str, str]:
    return str(row.due), _("after receipt, not before") if row.expected else in_days(row.days)


def _cells(row: Owed) -> tuple[str, ...]:
    return (*_when(row), row.supplier, str(len(row.payables)), yuan(row.amount))


def _order_cells(row: Owed, payable: StoredPayable) -> tuple[str, ...]:
    names = (payable.supplier, payable.supplier_order_number, payable.order_number)
    return (*_when(row), *names, yuan(payable.amount), " · ".join(remarks(row, payable)))


def _json(row: Owed) -> dict[str, Any]:
    return {
        "supplier": row.supplier,
        "account": row.account,
        "due": row.due,
        "expected": row.expected,
        "days": row.days,
        "amount": row.amount,
        "orders": [_order_json(payable) for payable in row.payables],
    }


def _order_json(payable: StoredPayable) -> dict[str, Any]:
    return {
        "reference": payable.reference,
        "supplier_order_numbers": list(payable.supplier_order_numbers),
        "shop": payable.shop,
        "order_number": payable.order_number,
        "amount": payable.amount,
        "proven": payable.proven,
        "back": payable.back,
        "estimated": payable.estimated,
        "rule": payable.rule,
        "ordered_at": payable.ordered_at.isoformat(),
        "received_at": payable.received_at.isoformat() if payable.received_at else None,
    }


@payables.command(cls=Command, help=later("Say that you repaid a supplier outside of this program; recorded as your word."))
@click.argument("supplier", metavar="SUPPLIER")
@option("--due", "due_", default="", metavar="DATE", help=later("All that was due on this day, as 2026-12-25."))
@option(
    "--number",
    "numbers",
    multiple=True,
    metavar="NO",
    help=later("Only the supplier's order of this number; may stand there several times."),
)
@option("--amount", default="", metavar="YUAN", help=later("What you paid; refused where the orders are not that together."))
@option("--how", default="", metavar="WORDS", help=later("How it was paid, for whoever reads it later."))
@option(
    "--evidence",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=later("A picture or PDF of the transfer; a copy is kept in the data folder."),
)
@option("--on-my-word", is_flag=True, help=later("Do not ask: it was paid. The supplier's bill is not read."))
@click.pass_obj
def paid(
    start: Start,
    supplier: str,
    due_: str,
    numbers: tuple[str, ...],
    amount: str,
    how: str,
    evidence: Path | None,
    on_my_word: bool,
) -> int:
    if bool(due_) == bool(numbers):
        raise ConfigError(_("Say either --due DATE or --number NO"), todo=_("`agent payables --orders` lists both."))
    ledger, who = start.ledger(), _who()
    chosen = numbered(ledger, supplier, numbers) if numbers else due_on(ledger, supplier, day_typed(due_))
    for words in _chosen_words(supplier, chosen):
        say(words)
    if amount:
        refuse_other_sum(chosen, _yuan(amount))
    shown = content_of(evidence) if evidence else None
    if not on_my_word and not _asked():
        say(_("Nothing was recorded."))
        return 1
    _record(start, ledger, chosen, how or _("paid outside"), who, shown)
    say(_("Recorded on the word of {}.").format(who))
    return 0


def _record(
    start: Start, ledger: Ledger, chosen: Sequence[StoredPayable], how: str, who: str, shown: tuple[bytes, str] | None
) -> None:
    """The evidence first: without it nothing is recorded, and without a record there is none."""
    now = SystemClock().now()
    kept = keep(*shown, start.home.evidence, f"{chosen[0].supplier}-{yuan(total_of(chosen))}", now) if shown else None
    try:
        repaid(ledger, chosen, how=how, who=who, at=now, evidence=kept)
    except BaseException:
        if kept:
            kept.unlink(missing_ok=True)
        raise
    if kept:
        say(_("Evidence: {}").format(kept))


def _yuan(words: str) -> Fen:
    try:
        return money_of(words)
    except NotUnderstood as why:
        raise ConfigError(_("`--amount`: {}").format(why), todo=_("Write it in yuan, as 1234.50.")) from why


def _chosen_words(supplier: str, chosen: Sequence[StoredPayable]) -> Iterator[str]:
    for payable in chosen:
        yield f"{payable.supplier_order_number}  {yuan(payable.amount)}"
    yield _("{amount} yuan to {supplier}, {count} orders").format(
        amount=yuan(total_of(chosen)), supplier=supplier, count=len(chosen)
    )


def _asked() -> bool:
    """A person's yes at the screen. Raises ConfigError where nobody can be asked: silence is no."""
    if not sys.stdin.isatty():
        raise ConfigError(
            _("The supplier's bill is not read, so nothing but your word says that it was paid"),
            todo=_("Look at the bill, then add --on-my-word."),
        )
    said = click.prompt(_("Type yes if all of this was paid; anything else leaves it"), default="", show_default=False)
    return str(said).strip().lower() in ("yes", _("yes"))


def _who() -> str:
    """Who sits at this computer, as it knows them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return _("the user of this computer")


@payables.command(
    cls=Command, help=later("Take back that an order was repaid: it is owed again; both words stay in its story.")
)
@click.argument("supplier", metavar="SUPPLIER")
@option(
    "--number",
    "numbers",
    multiple=True,
    required=True,
    metavar="NO",
    help=later("The supplier's order of this number; may stand there several times."),
)
@option("--why", required=True, metavar="WORDS", help=later("Why it is owed after all, for whoever reads it later."))
@click.pass_obj
def owed(start: Start, supplier: str, numbers: tuple[str, ...], why: str) -> int:
    who = _who()
    chosen = owed_again(start.ledger(), supplier, numbers, why=why, who=who, at=SystemClock().now())
    for words in _chosen_words(supplier, chosen):
        say(words)
    say(_("Owed again on the word of {}.").format(who))
    return 0


payables.add_command(compare)
