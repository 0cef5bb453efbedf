"""`agent backup` and `agent restore`: a copy of the ledger now, and one put back in its place."""

from __future__ import annotations

from pathlib import Path

import click

from agent.cli.begin import Start
from agent.cli.spoken import Command
from agent.cli.tell import say
from agent.clock import SystemClock
from agent.errors import ConfigError
from agent.ledger import backups
from agent.ledger.restore import put_back
from agent.words import _, later
from agent.work.start import locked

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(
    cls=Command, help=later("Copy the ledger now, to FILE or into the folder of backups; every day's first run does it too.")
)
@click.argument("file", type=FILE, required=False, metavar="[FILE]")
@click.pass_obj
def backup(start: Start, file: Path | None) -> int:
    if file and file.exists():
        raise ConfigError(_("{} exists already").format(file), todo=_("Name another file; nothing was written over."))
    if not start.home.ledger.exists():
        backups.refuse_lost(start.home.ledger)
        raise ConfigError(_("There is no ledger yet: {}").format(start.home.ledger), todo=_("The first run makes it."))
    made = start.ledger().back_up(file.absolute() if file else backups.name_at(SystemClock().now()))
    say(_("Backed up: {}").format(made))
    return 0


@click.command(
    cls=Command,
    help=later("Put a backup in the ledger's place; the present ledger is kept aside. Nothing is bought until you say so."),
)
@click.argument("file", type=FILE, metavar="FILE")
@click.pass_obj
def restore(start: Start, file: Path) -> int:
    home = start.home.make()
    kept = home.backups / file.name
    source = kept if not file.exists() and file.name == str(file) and kept.exists() else file
    with locked(home):
        aside = put_back(source.absolute(), home.ledger, SystemClock().now())
    say(_("Put back: {}").format(source))
    if aside:
        say(_("The ledger until now is kept: {}").format(aside))
    say(
        _(
            "It does not know what was done since. `agent run --once` reads and looks at the suppliers for our orders, and buys nothing."
        )
    )
    say(_("Then it asks you in `agent inbox`; only after your yes anything is bought, noted or entered again."))
    return 0
