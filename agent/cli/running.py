"""`agent run`: the day's work once, and what is said of it."""

from __future__ import annotations

from dataclasses import asdict

import click
from loguru import logger

from agent import log
from agent.cli import listings, report
from agent.cli.begin import Start
from agent.cli.tell import as_json, say, say_progress
from agent.clock import SystemClock
from agent.config import Config, notify_told
from agent.errors import AgentError, AtWork
from agent.home import Home
from agent.words import _
from agent.work.day import close_run, run_once
from agent.work.groups import grouped
from agent.work.notify import lasts_long, notify, notify_failure
from agent.work.run import Options, Run
from agent.work.start import changed_since, folder_written, products_of


def run_day(start: Start, options: Options, *, headed: bool, json_: bool) -> int:
    """Go through the day's work once, and print how the orders stand; 0, or 1 where a person is needed.

    What keeps it from going through is in the log and, where nobody looks on, in a message: a scheduler shows nobody anything.
    """
    home = start.home.make()
    try:
        _start_log(home)
        return _go_through(start, options, headed=headed, json_=json_)
    except click.exceptions.Abort:  # a person's own
        raise
    except Exception as error:
        if isinstance(error, AtWork) and not lasts_long(error, SystemClock().now()):
            logger.info("{}", error.what)  # the scheduler's next run came before this one's end
            raise
        _log_failure(error)
        if not options.attended:
            _tell_failure(start, error)
        raise


def _start_log(home: Home) -> None:
    """Before anything is read that may have a mistake."""
    with folder_written(home):
        log.start(home.logs, screen=False)


def _log_failure(error: Exception) -> None:
    if not isinstance(error, AgentError):
        logger.exception("a programming error ended the run")
        return
    place = f" ({error.where.file})" if error.where.file else ""
    logger.error("the run did not go through: {}{}", error.lines()[0], place)


def _tell_failure(start: Start, error: Exception) -> None:
    """Send the message, also where config.yaml has mistakes; whatever is in the way, the failure itself is what is raised."""
    try:
        config = start.known_config()
        addresses, shops = (config.notify, _shops(config)) if config else (notify_told(start.home), [])
        state = start.home.folder / "failures-told.txt"
        for words in notify_failure(addresses, shops, error, state, SystemClock().now()):
            logger.warning("{}", words)
            say_progress(words)
    except Exception as wrong:  # its words may hold an address
        logger.error("no message could be sent: {}", type(wrong).__name__)


def _go_through(start: Start, options: Options, *, headed: bool, json_: bool) -> int:
    config = start.config()
    products = products_of(config)
    progress = say_progress if json_ else say
    if not json_:
        say(_("Data folder: {}").format(start.home.folder))
        say(_("Shops: {}").format(", ".join(_shops(config))))
    with start.run(config, options, progress, headed=headed) as going:
        run_once(going, products)
        needed = _tell(start, going, json_=json_)
    for words in changed_since(config, products):
        progress(words)
    return 1 if needed else 0


def _shops(config: Config) -> list[str]:
    return [config.accounts[shop.account].shows or name for name, shop in config.shops.items()]


def _tell(start: Start, run: Run, *, json_: bool) -> bool:
    """End the run and say what came of it; whether a person is needed."""
    rows = close_run(run)
    page = report.page_of_run(start.home, run.ledger, run.id, run.config)
    items = run.ledger.items()
    groups = grouped(run.ledger)
    unsent = notify(run.config.notify, _shops(run.config), run.ledger, SystemClock().now())
    for words in unsent:
        logger.warning("{}", words)
        if json_:
            say_progress(words)
    if json_:
        counters = {name: desk.counters() for name, desk in run.desks.items()}
        inbox = {"inbox": listings.items_json(groups), "groups": listings.groups_json(groups)}
        as_json("run", {"orders": [asdict(row) for row in rows], **inbox, "counters": counters})
        return bool(items)
    moved = run.ledger.moved_in(run.id)
    now = [row for row in rows if row.needs or (row.shop, row.order_number) in moved]
    if now or not rows:
        listings.print_orders(now)
    if len(rows) > len(now):
        say(_("{count} more orders are as they were: `agent orders`").format(count=len(rows) - len(now)))
    listings.print_inbox(groups, SystemClock().now())
    for words in unsent:
        say(words)
    listings.print_paths(start.home)
    if page:
        say(_("Report: {}").format(page))
    else:
        say(_("The report page could not be written; `agent report` writes it once there is room for it."))
    return bool(items)
