"""`agent pause` and `agent resume`: where nothing is sent for now. Both only write the ledger, also while a run is at work."""

from __future__ import annotations

import click

from agent.cli.begin import Start
from agent.cli.spoken import Command, option
from agent.cli.tell import say
from agent.clock import SystemClock
from agent.errors import ConfigError
from agent.ledger import EVERYWHERE, Ledger
from agent.words import _, later
from agent.work.run import cause_of_stop


@click.command(
    cls=Command, help=later("Send nothing more: at one account, or nowhere. A run at work stops before its next click.")
)
@click.argument("account", required=False, default=EVERYWHERE, metavar="[ACCOUNT]")
@option("--why", default="", metavar="WORDS", help=later("Why, for whoever reads it later."))
@click.pass_obj
def pause(start: Start, account: str, why: str) -> int:
    if account and account not in (known := start.config().accounts):
        raise ConfigError(
            _("There is no account “{}”; known are: {}").format(account, ", ".join(known)),
            todo=_("`agent pause` without an account pauses the whole program."),
        )
    ledger = start.ledger()
    ledger.pause(account, "person", why, SystemClock().now())
    say_stops(ledger)
    say(_("`agent resume {}` lets it go on.").format(account) if account else _("`agent resume` lets it go on."))
    return 0


@click.command(cls=Command, help=later("Go on after `agent pause`, or where the program itself put a stop to an account."))
@click.argument("account", required=False, default=EVERYWHERE, metavar="[ACCOUNT]")
@click.pass_obj
def resume(start: Start, account: str) -> int:
    ledger, now = start.ledger(), SystemClock().now()
    with ledger.atomic():
        if not ledger.resume(account, now):
            raise _not_paused(ledger, account)
        ledger.close_item(cause_of_stop(account), now)
    say(_("{} goes on with the next run.").format(account) if account else _("The program goes on with the next run."))
    say_stops(ledger)
    return 0


def say_stops(ledger: Ledger) -> None:
    """Everything that is paused now, a line each."""
    for stop in ledger.stops():
        say(f"{stop.account or _('whole program')}: {stop.words}")


def _not_paused(ledger: Ledger, account: str) -> ConfigError:
    stopped = [stop.account or _("whole program") for stop in ledger.stops()]
    return ConfigError(
        _("{} is not paused").format(account or _("whole program")),
        todo=_("Paused now: {}").format(", ".join(stopped) or _("nothing")),
    )
