"""The commands. Each reads its words, calls the room that does the work, prints what came back, and ends with 0, 1 or 2."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

import click

import agent
from agent import words
from agent.cli import answers, listings, report
from agent.cli.backing import backup, restore
from agent.cli.begin import Start
from agent.cli.cancel import cancel
from agent.cli.check import check_sites
from agent.cli.doctor import examine
from agent.cli.guide import guide
from agent.cli.live import check_account
from agent.cli.mapping import map_
from agent.cli.parcels import parcels
from agent.cli.payables import payables
from agent.cli.reconcile import reconcile
from agent.cli.refunds import refunds
from agent.cli.running import run_day
from agent.cli.site import site
from agent.cli.spoken import Group, Option, click_speaks, option
from agent.cli.stepping import step_through
from agent.cli.stops import pause, resume
from agent.cli.tell import as_json, consoles_print_anything, say, say_error
from agent.clock import SystemClock
from agent.config import language_told
from agent.errors import AgentError, ConfigError
from agent.home import home_of
from agent.ledger import Ledger, StoredPurchase
from agent.words import later
from agent.work.day import sign_in
from agent.work.groups import grouped
from agent.work.run import PARTS, Options, Part

PATIENCE_FOR_A_PERSON = 600.0  # seconds to sign in in the window
CONFIG_TEMPLATE = Path(agent.__file__).resolve().parent.parent / "config.yaml"


def _speak(_context: click.Context, _option: click.Parameter, language: str | None) -> str | None:
    """Read before the others, so that `--language zh --help` is Chinese."""
    if language:
        words.use(language)
    return language


@click.group(cls=Group, help=later("Buys paid 抖店 orders again at suppliers that have no API."))
@option(
    "--home",
    "told_home",
    metavar="FOLDER",
    help=later("The data folder. Default: AGENT_HOME, else your system's place for it."),
)
@option(
    "--language",
    is_eager=True,
    callback=_speak,
    type=click.Choice(words.LANGUAGES),
    help=later("zh or en. Default: config.yaml, else your system's."),
)
@click.version_option(agent.__version__, prog_name="agent", cls=Option, help=later("Show the version and exit."))
@click.pass_context
def cli(context: click.Context, told_home: str | None, language: str | None) -> None:
    home = home_of(told_home, dict(os.environ))
    words.use(language or language_told(home) or words.of_the_system())
    context.obj = Start(home)


def main() -> NoReturn:
    """Run the command line; errors of ours print as three lines, exit codes are 0 done, 1 a person is needed, 2 cannot start."""
    consoles_print_anything()
    words.use(words.of_the_system())
    click_speaks()
    try:
        sys.exit(cli.main(standalone_mode=False) or 0)
    except AgentError as error:
        say_error(error)
        sys.exit(error.exit_code)
    except (click.exceptions.Abort, KeyboardInterrupt):
        say(words._("Stopped. What was open is settled by the next run."))
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(2)


@cli.command(help=later("Do the day's work once: read, buy with proof, follow, enter tracking numbers."))
@option("--once", is_flag=True, required=True, help=later("Go through it once and end."))
@option("--dry-run", is_flag=True, help=later("Fill the suppliers' forms and compare, but submit nothing."))
@option("--step", is_flag=True, help=later("Say each step first and wait for Enter; ask again before each commit."))
@option("--headed", is_flag=True, help=later("Show the browsers."))
@option("--order", default="", metavar="NO", help=later("Only this shop order."))
@option("--only", type=click.Choice(PARTS), help=later("Only read, only place, only pay, or only ship."))
@option("--clock-is-right", is_flag=True, help=later("This machine's clock is right now, and was ahead in an earlier run."))
@option("--json", "json_", is_flag=True, help=later("Print the closing table as JSON."))
@click.pass_obj
def run(
    start: Start,
    once: bool,
    dry_run: bool,
    step: bool,
    headed: bool,
    order: str,
    only: Part | None,
    clock_is_right: bool,
    json_: bool,
) -> int:
    if clock_is_right:
        start.ledger().drop_mark("newest_at")
    parts: tuple[Part, ...] = ("read", only) if only else PARTS
    options = Options(dry_run=dry_run, order=order, parts=parts, attended=step)
    return run_day(start, options, headed=headed, json_=json_)


@cli.command(
    help=later("Pay the suppliers what is proven and unpaid, as far as a round is due, and look at payments that are open.")
)
@option("--supplier", default="", metavar="NAME", help=later("Pay only this supplier."))
@option("--dry-run", is_flag=True, help=later("Say what would be paid, and pay nothing."))
@option("--step", is_flag=True, help=later("Say each step first and wait for Enter; ask again before each payment."))
@option("--headed", is_flag=True, help=later("Show the browsers."))
@option("--json", "json_", is_flag=True, help=later("Print the closing table as JSON."))
@click.pass_obj
def pay(start: Start, supplier: str, dry_run: bool, step: bool, headed: bool, json_: bool) -> int:
    if supplier:
        start.config().supplier(supplier)
    options = Options(dry_run=dry_run, parts=("read", "pay"), attended=step, supplier=supplier)
    return run_day(start, options, headed=headed, json_=json_)


@cli.command(help=later("Sign in to one account in a visible browser; what a site asks of a person is asked here."))
@click.argument("account")
@option("--headless", is_flag=True, help=later("Without a window: only tries the kept sign-in and the password."))
@click.pass_obj
def login(start: Start, account: str, headless: bool) -> int:
    config = start.config()
    if account not in config.accounts:
        raise ConfigError(words._("There is no account “{}”; known are: {}").format(account, ", ".join(config.accounts)))
    with start.look(config, Options(accounts=(account,)), f"login {account}", say, headed=not headless) as going:
        if config.has_own_chrome(account) and not headless and sys.stdin.isatty():
            say(words._("Sign in to {} in the window, as you always do; this goes on by itself.").format(account))
            going.desk(account).sign_in_by_hand(PATIENCE_FOR_A_PERSON)
        else:
            sign_in(going)
        if error := going.closed_accounts.get(account):
            raise error
        going.ledger.close_item(f"account:{account}", going.now())
    say(words._("Signed in: {}").format(account))
    return 0


@cli.command(help=later("Go through one flow of an account step by step, as far as its commit, which is not done."))
@click.argument("account")
@click.argument("flow")
@option("--order", default="", metavar="NO", help=later("With what is known of this shop order."))
@option("--headless", is_flag=True, help=later("Without a window: each step's picture and words lie in the data folder."))
@click.pass_obj
def step(start: Start, account: str, flow: str, order: str, headless: bool) -> int:
    return step_through(start, account, flow, order, headless=headless)


@cli.command(help=later("Check site files, and config.yaml with its products: every mistake at once, with its line."))
@click.argument("site", required=False, metavar="[SITE or ACCOUNT]")
@option("--live", is_flag=True, help=later("Sign in to this account and say what each locator hits; nothing is written there."))
@option(
    "--skeleton",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help=later("With --live: keep each page's build, every word and number masked."),
)
@option(
    "--guide",
    "guided",
    is_flag=True,
    help=later("With --live: a tour in the window; what is not found is picked with the mouse."),
)
@option("--json", "json_", is_flag=True, help=later("Print it as JSON."))
@click.pass_obj
def check(start: Start, site: str | None, live: bool, skeleton: Path | None, guided: bool, json_: bool) -> int:
    if guided:
        return guide(start, site)
    if live or skeleton:
        return check_account(start, site, skeleton, json_)
    return check_sites(start.home, site, json_)


@cli.command(help=later("Hand orders over that the take rule left alone."))
@click.argument("numbers", nargs=-1, metavar="NO...", required=True)
@click.pass_obj
def take(start: Start, numbers: tuple[str, ...]) -> int:
    ledger = start.ledger()
    for number in numbers:
        found = ledger.find_order(number)
        if not found:
            raise ConfigError(
                words._("No order {} was ever read").format(number), todo=words._("Run `agent run --once --only read` first.")
            )
        for order in found:
            ledger.answer_order(order.shop, number, "take", SystemClock().now())
            say(words._("Order {} is handed over; the next run buys it.").format(number))
    return 0


@cli.command(help=later("List the orders read so far and where they stand."))
@option("--json", "json_", is_flag=True, help=later("Print it as JSON."))
@click.pass_obj
def orders(start: Start, json_: bool) -> int:
    rows = listings.order_rows(start.ledger())
    if json_:
        as_json("orders", [asdict(row) for row in rows])
    else:
        listings.print_orders(rows)
    return 0


@cli.command(help=later("Tell the story of one order, with its pictures."))
@click.argument("number", metavar="NO")
@option("--json", "json_", is_flag=True, help=later("Print it as JSON."))
@click.pass_obj
def show(start: Start, number: str, json_: bool) -> int:
    ledger = start.ledger()
    if not ledger.find_order(number):
        raise ConfigError(
            words._("No order {} was ever read").format(number), todo=words._("`agent orders` lists what is known.")
        )
    listings.tell_story(ledger, number, start.known_config(), json_=json_)
    return 0


@cli.command(help=later("List what only a person can decide, by reason: how much is at stake, until when, what to answer."))
@option("--all", "whole", is_flag=True, help=later("Every item with its own answers."))
@option("--json", "json_", is_flag=True, help=later("Print it as JSON."))
@click.pass_obj
def inbox(start: Start, whole: bool, json_: bool) -> int:
    ledger = start.ledger()
    items, groups = ledger.items(), grouped(ledger)
    if json_:
        as_json("inbox", listings.items_json(groups), groups=listings.groups_json(groups))
    else:
        listings.print_inbox(groups, SystemClock().now(), whole=whole)
    return 1 if items else 0


for answer in (answers.review, answers.approve, answers.reject, answers.hold, map_, parcels, reconcile, pause, resume):
    cli.add_command(answer)
for command in (report.report, backup, restore, site, payables, refunds, cancel):
    cli.add_command(command)


@cli.command(help=later("Say how a purchase with an unknown outcome ended. The next run checks it at the site."))
@click.argument("reference")
@option(
    "--number",
    "numbers",
    multiple=True,
    metavar="NO",
    help=later("The supplier's number of the order that it is; once for each where the supplier split it."),
)
@option("--not-placed", is_flag=True, help=later("The supplier has no such order."))
@option("--paid", is_flag=True, help=later("Of a payment: it was made."))
@option("--not-paid", is_flag=True, help=later("Of a payment: it was not made."))
@option("--on-my-word", is_flag=True, help=later("Take it even where the site cannot show it; recorded as yours."))
@click.pass_obj
def resolve(
    start: Start, reference: str, numbers: tuple[str, ...], not_placed: bool, paid: bool, not_paid: bool, on_my_word: bool
) -> int:
    if [bool(numbers), not_placed, paid, not_paid].count(True) != 1:
        raise ConfigError(
            words._("Say either --number NO or --not-placed; of a payment --paid or --not-paid"),
            todo=words._("`agent resolve --help` shows how."),
        )
    for number in numbers:
        _refuse_no_number(number)
    ledger = start.ledger()
    purchase = ledger.purchase(reference)
    if purchase is None:
        raise ConfigError(
            words._("There is no purchase order {}").format(reference), todo=words._("`agent orders` lists them.")
        )
    if paid or not_paid:
        _refuse_settled_payment(ledger, purchase)
    else:
        _refuse_settled(purchase)
    _refuse_number_of_another(start, ledger, purchase, numbers)
    said = "paid" if paid else "not-paid" if not_paid else "not-placed" if not_placed else " ".join(numbers)
    told = f"resolve{'!' if on_my_word else ''} {said}"
    ledger.answer_purchase(purchase.shop, purchase.order_number, reference, told, SystemClock().now())
    say(words._("Noted. The next run checks it at the site."))
    return 0


def _refuse_no_number(number: str) -> None:
    """Raise ConfigError where what stands for a supplier's order number cannot be one: it holds a blank or no digit at all."""
    if number.split() != [number] or not any(letter.isdigit() for letter in number):
        raise ConfigError(
            words._("“{}” is no order number of a supplier").format(number),
            todo=words._("Copy it from the supplier's order list; `--number NO` once for each."),
        )


def _refuse_settled_payment(ledger: Ledger, purchase: StoredPurchase) -> None:
    """Raise ConfigError unless a payment of this purchase was sent and nothing has settled how it ended."""
    if purchase.pay_state in ("committing", "unknown", "held"):
        return
    made = [ledger.payment_of(purchase.account, number) for number in purchase.supplier_order_numbers]
    paid = words._("it is paid") if any(made) else words._("no payment of it was sent")
    raise ConfigError(
        words._("Nothing about the payment of {reference} is open: {why}").format(reference=purchase.reference, why=paid),
        todo=words._("`agent show {}` tells its story.").format(purchase.order_number),
    )


def _refuse_settled(purchase: StoredPurchase) -> None:
    """Raise ConfigError where it is known already how this purchase ended."""
    if purchase.supplier_order_number:
        raise ConfigError(
            words._("Purchase order {reference} is settled already: supplier order {number}").format(
                reference=purchase.reference, number=purchase.supplier_order_number
            )
        )
    if purchase.state == "dead":
        raise ConfigError(
            words._("Purchase order {} is settled already: it was given up, nothing was bought with it").format(
                purchase.reference
            ),
            todo=words._("`agent show {}` shows what was planned in its place.").format(purchase.order_number),
        )


def _refuse_number_of_another(start: Start, ledger: Ledger, purchase: StoredPurchase, numbers: tuple[str, ...]) -> None:
    """Raise ConfigError where the supplier's number stands for another purchase, unless its site puts several into one order."""
    others = [one for one in ledger.purchases_in(purchase.account, *numbers) if one.reference != purchase.reference]
    if not others or start.config().site_of(purchase.account).merges_orders:
        return
    raise ConfigError(
        words._("Supplier order {number} is another purchase's already: {reference}, for order {order}").format(
            number=" ".join(number for number in others[0].supplier_order_numbers if number in numbers),
            reference=others[0].reference,
            order=others[0].order_number,
        ),
        todo=words._("Look at the supplier's order list for the number of {}.").format(purchase.reference),
    )


@cli.command(help=later("Say what this machine has and lacks: browser, fonts, data folder, ledger, secrets."))
@option("--write-config", is_flag=True, help=later("Put a config.yaml to edit into the data folder, if there is none."))
@option("--json", "json_", is_flag=True, help=later("Print it as JSON."))
@click.pass_obj
def doctor(start: Start, write_config: bool, json_: bool) -> int:
    home = start.home.make()
    if write_config and not home.config.exists():
        shutil.copyfile(CONFIG_TEMPLATE, home.config)
        say(words._("Written: {}").format(home.config))
    return examine(home, start.secrets(), json_)


def option_types() -> dict[str, Any]:
    """Every command by name, for the test that each stands in the README."""
    return dict(cli.commands)
