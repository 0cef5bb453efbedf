"""`agent run`: the day's work once, and what is said of it."""

from __future__ import annotations

from dataclasses import asdict

from agent.cli import listings, report
from agent.cli.begin import Start
from agent.cli.tell import as_json, say, say_progress
from agent.clock import SystemClock
from agent.config import Config
from agent.words import _
from agent.work.day import close_run, run_once
from agent.work.groups import grouped
from agent.work.notify import notify
from agent.work.run import Options, Run
from agent.work.start import changed_since, products_of


def run_day(start: Start, options: Options, *, headed: bool, json_: bool) -> int:
    """Go through the day's work once, and print how the orders stand; 0, or 1 where a person is needed."""
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
    if json_:
        counters = {name: desk.counters() for name, desk in run.desks.items()}
        inbox = {"inbox": listings.items_json(groups), "groups": listings.groups_json(groups)}
        as_json("run", {"orders": [asdict(row) for row in rows], **inbox, "counters": counters})
        return bool(items)
    listings.print_orders(rows)
    listings.print_inbox(groups, SystemClock().now())
    for words in unsent:
        say(words)
    listings.print_paths(start.home)
    if page:
        say(_("Report: {}").format(page))
    else:
        say(_("The report page could not be written; `agent report` writes it once there is room for it."))
    return bool(items)
