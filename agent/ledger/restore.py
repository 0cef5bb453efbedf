"""Put a backup in the ledger's place. It knows less than the truth, so it is marked: nothing is committed out of it for now."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from agent.errors import MachineFailed, Where
from agent.ledger import backups
from agent.ledger.ledger import Ledger
from agent.words import _


def put_back(file: Path, ledger: Path, at: datetime) -> Path | None:
    """Put this backup in the ledger's place and return where the present one is kept; None if there was none.

    The backup itself stays as it is. Raises ConfigError for a file that is no whole ledger of this program, MachineFailed where
    the folder cannot be written. Nobody else may have the ledger open.
    """
    backups.refuse_unfit(file)
    with _written(ledger):
        new = _marked(file, ledger, at)
        aside = _set_aside(ledger, at)
        os.replace(new, ledger)
    return aside


def _marked(file: Path, ledger: Path, at: datetime) -> Path:
    """A copy beside the ledger, brought to the newest shape, with the marks of where it comes from."""
    new = ledger.with_name(f"{ledger.name}.new")
    backups.remove(new)
    with closing(sqlite3.connect(file)) as source:
        backups.write(source, new)
    with Ledger.open(new) as made, made.atomic():
        made.put_mark("restored_at", at)
        made.drop_mark("reconciled_at")  # what was compared was another ledger: the next whole run compares anew
        made.put_mark("restored_from", file.name)
    with closing(sqlite3.connect(new)) as whole:
        whole.execute("PRAGMA journal_mode = DELETE")  # nothing of it in a log of its own, which would stay behind
    return new


def _set_aside(ledger: Path, at: datetime) -> Path | None:
    """The present file goes first: a log that is left alone beside a new file would be played into it."""
    aside = ledger.with_name(f"{ledger.name}.before-restore-{at:%Y%m%d-%H%M%S}")
    there = ledger.exists()
    for rest in backups.BESIDE:
        if (old := Path(f"{ledger}{rest}")).exists():
            os.replace(old, f"{aside}{rest}")
    return aside if there else None


@contextmanager
def _written(ledger: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise MachineFailed(
            _("The data folder cannot be written: {}").format(error.strerror),
            where=Where(file=ledger),
            todo=_("Free space on its disk, or make it writable again; then restore once more."),
        ) from error
