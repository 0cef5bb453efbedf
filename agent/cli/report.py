"""`agent report`, and the page that every run leaves behind: `reports/<run>.html` in the data folder, readable by its owner only."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click
from loguru import logger

from agent.cli.begin import Start
from agent.cli.money import Asked, tell_money
from agent.cli.report_page import page
from agent.cli.report_pictures import shown
from agent.cli.spoken import Command, option
from agent.cli.statement import tell_statement
from agent.cli.tell import as_json, say
from agent.cli.typed import NUMBER
from agent.clock import SystemClock
from agent.config import Config
from agent.errors import ConfigError
from agent.home import Home
from agent.ledger import Ledger
from agent.words import _, later
from agent.work.margin import fees_by
from agent.work.money import FeesOf
from agent.work.report import Report, gather

MOST_PAGES = 60
MOST_BYTES = 8_000_000  # of one page, its pictures among them
OURS = re.compile(r"\d+(-no-pictures)?\.html")


_FILE = click.Path(dir_okay=False, path_type=Path)
_OF_MONEY = ("first", "last", "supplier", "orders", "csv_", "xlsx")
_OF_STATEMENT = ("month", "against")


@click.command(cls=Command, help=later("Write one page about a run, the newest if no RUN is named, and print where it is."))
@click.argument("number", type=NUMBER, required=False, metavar="[RUN]")
@option("--no-pictures", is_flag=True, help=later("A page to pass on: without the pictures, which show buyers' data."))
@option("--money", is_flag=True, help=later("No page: income, cost, fees, margin, paid, owed and refunded."))
@option("--from", "first", default="", metavar="DAY", help=later("With --money: from this day on, as 2026-11-01."))
@option("--to", "last", default="", metavar="DAY", help=later("With --money: until this day, itself too."))
@option("--supplier", default="", metavar="NAME", help=later("With --money: only this supplier."))
@option("--orders", is_flag=True, help=later("With --money: one row a shop order."))
@option("--csv", "csv_", type=_FILE, metavar="FILE", help=later("With --money: write it as CSV too, one row a purchase."))
@option("--xlsx", type=_FILE, metavar="FILE", help=later("With --money: write it as an Excel workbook too."))
@option("--statement", default="", metavar="SUPPLIER", help=later("No page: the supplier's statement of one month (对账单)."))
@option("--month", default="", metavar="MONTH", help=later("With --statement: this month, as 2026-11. Default: the newest."))
@option("--against", type=_FILE, metavar="FILE", help=later("With --statement: compare it with the supplier's own workbook."))
@option("--json", "json_", is_flag=True, help=later("Print it as JSON."))
@click.pass_obj
def report(
    start: Start, /, number: int | None, no_pictures: bool, money: bool, statement: str, json_: bool, **more: Any
) -> int:
    page_words = number is not None or no_pictures
    if (money and statement) or (page_words and (money or statement)):
        raise ConfigError(
            _("A page of a run, the money and a statement are three things"), todo=_("`agent report --help` lists them.")
        )
    _refuse_others(more, allowed=_OF_MONEY if money else _OF_STATEMENT if statement else ())
    if money:
        facts = {word.rstrip("_"): more[word] for word in _OF_MONEY}
        return tell_money(start.ledger(), Asked(**facts, json=json_), _fees(start.known_config()))
    if statement:
        return tell_statement(start.home, start.ledger(), statement, **{w: more[w] for w in _OF_STATEMENT}, json_=json_)
    return _page(start, number, no_pictures=no_pictures, json_=json_)


def _refuse_others(more: Mapping[str, Any], *, allowed: Sequence[str]) -> None:
    """An option that would be left out of account is a slip: it is told."""
    names = {"first": "--from", "last": "--to"}
    wrong = [names.get(word, f"--{word.rstrip('_')}") for word, value in more.items() if value and word not in allowed]
    if wrong:
        raise ConfigError(_("{} does not go with this").format(", ".join(wrong)), todo=_("`agent report --help` lists them."))


def _page(start: Start, number: int | None, *, no_pictures: bool, json_: bool) -> int:
    told = _report(start.ledger(), number, start.known_config())
    path = write_page(start.home, told, pictures=not no_pictures)
    if json_:
        as_json("report", plain_report(told) | {"page": str(path)})
    else:
        say(str(path))
    return 0


def page_of_run(home: Home, ledger: Ledger, number: int, config: Config | None = None) -> Path | None:
    """Write the page of the run that just ended; what goes wrong with it is logged and never stops a run."""
    try:
        return write_page(home, _report(ledger, number, config), pictures=True)
    except Exception as error:
        logger.opt(exception=error).warning("the report of run {} was not written", number)
        return None


def _fees(config: Config | None) -> FeesOf:
    return fees_by(config.shops if config else {})


def _report(ledger: Ledger, number: int | None, config: Config | None) -> Report:
    run = ledger.run(number)
    if run is None:
        raise ConfigError(
            _("There is no run {}").format(number) if number is not None else _("No run is in the ledger yet"),
            todo=_("`agent report` without a number takes the newest; `agent run --once` makes one."),
        )
    return gather(ledger, run, SystemClock().now(), _fees(config))


def write_page(home: Home, told: Report, *, pictures: bool) -> Path:
    """Write it beside the old one first, so that nobody sees half of it, and drop the oldest pages."""
    path = home.reports / f"{told.run}{'' if pictures else '-no-pictures'}.html"
    home.reports.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline="\n") as file:
        file.write(_with_pictures(home, told) if pictures else page(told, None))
    os.replace(new, path)
    _drop_old(home.reports, path)
    return path


def _with_pictures(home: Home, told: Report) -> str:
    wanted = [path for path in (*(w.picture for w in told.waits), *(b.picture for b in told.bought)) if path]
    links = shown(wanted, evidence=home.evidence, beside=home.reports, room=0)
    room = MOST_BYTES - len(page(told, links).encode())
    return page(told, shown(wanted, evidence=home.evidence, beside=home.reports, room=room))


def _drop_old(folder: Path, just_written: Path) -> None:
    pages = [path for path in folder.iterdir() if OURS.fullmatch(path.name) and path != just_written]
    for old in sorted(pages, key=lambda path: path.stat().st_mtime, reverse=True)[MOST_PAGES - 1 :]:
        old.unlink(missing_ok=True)


def plain_report(told: Report) -> dict[str, Any]:
    """The report as JSON holds it: money in 分, times ISO 8601."""
    return asdict(told, dict_factory=_plain)


def _plain(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {word: _value(value) for word, value in pairs}


def _value(value: Any) -> Any:
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    return str(value) if isinstance(value, Path) else value
