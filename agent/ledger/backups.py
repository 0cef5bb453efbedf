"""Copies of the ledger: made by SQLite's own online backup, each whole in one file, private (0600), checked once it is written.

Backups lie in `backups` beside the ledger. Of each of the newest days the newest one is kept, all of the newest day, and all
that were made before a migration. Knows no table but by its name.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import groupby
from pathlib import Path

from agent.errors import ConfigError, LedgerUnusable, MachineFailed, Where
from agent.ledger import schema
from agent.words import _

KEPT = 14  # days
NAME = re.compile(r"ledger-(\d{8}-\d{6})(-before-version-\d+)?\.sqlite")
BESIDE = ("", "-wal", "-shm", "-journal")  # what SQLite keeps a database in
OURS = {"runs", "orders", "purchases", "writes", "attempts", "inbox", "events"}  # tables of every version


def folder_of(ledger: Path) -> Path:
    return ledger.with_name("backups")


def name_at(at: datetime, *, before_version: int = 0) -> str:
    """The name of a backup made at this time, whose second stands in it; `before_version`: because a migration comes next."""
    return f"ledger-{at:%Y%m%d-%H%M%S}{f'-before-version-{before_version}' if before_version else ''}.sqlite"


def all_in(folder: Path) -> list[Path]:
    """Every backup in this folder, newest first."""
    found = [path for path in folder.iterdir() if NAME.fullmatch(path.name) and path.is_file()] if folder.is_dir() else []
    return sorted(found, key=lambda path: path.name, reverse=True)


def newest_good(folder: Path) -> Path | None:
    return next((path for path in all_in(folder) if not wrong_with(path)), None)


def of_day(folder: Path, day: datetime) -> Path | None:
    """A backup made on this day (of the time's own zone) for its own sake."""
    return next((path for path in _daily(folder) if path.name.startswith(f"ledger-{day:%Y%m%d}-")), None)


def _daily(folder: Path) -> list[Path]:
    return [path for path in all_in(folder) if "-before-" not in path.name]


def write(source: sqlite3.Connection, path: Path) -> None:
    """Copy a whole ledger into a new file at `path`. Raises MachineFailed where it cannot be kept."""
    new = path.with_name(f"{path.name}.new")
    with _kept(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        remove(new)
        os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            with closing(sqlite3.connect(new)) as copy:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")  # whole in this one file
            if words := wrong_with(new):
                raise sqlite3.DatabaseError(words)
            os.replace(new, path)
        finally:
            remove(new)


@contextmanager
def _kept(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise MachineFailed(
            _("The backup could not be written: {}").format(error),
            where=Where(file=path),
            todo=_("Free space on its disk, or make the folder writable again; `agent backup` tries it at once."),
        ) from error


def drop_old(folder: Path) -> None:
    """Keep the newest of each of the newest days, and all of the newest day; remove what a write that was broken off left."""
    days = [list(made) for _day, made in groupby(_daily(folder), key=_day_of)]
    ended = [path for made in days[1:KEPT] for path in made[1:]]
    before = [path for made in days[KEPT:] for path in made]
    for old in (*ended, *before, *folder.glob("ledger-*.sqlite.new")):
        remove(old)


def _day_of(path: Path) -> str:
    """The eight digits of its day; the name holds them."""
    return path.name.split("-")[1]


def remove(path: Path) -> None:
    """Remove a database, and what SQLite keeps beside it."""
    for rest in BESIDE:
        Path(f"{path}{rest}").unlink(missing_ok=True)


def wrong_with(path: Path) -> str:
    """Why this file cannot be put back as a ledger, in words; "" if it can."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as db:
            (told,) = db.execute("PRAGMA integrity_check(1)").fetchone()
            (version,) = db.execute("PRAGMA user_version").fetchone()
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error as error:
        return str(error)
    if told != "ok":
        return str(told)
    if version > len(schema.MIGRATIONS):
        return _("it was written by a newer version of this program")
    if not tables >= OURS or not version:
        return _("it is no ledger of this program")
    return ""


def refuse_lost(ledger: Path) -> None:
    """Raise LedgerUnusable where there are backups and no ledger: an empty one would buy everything again."""
    there = ledger.exists() and ledger.stat().st_size > 0
    if not there and all_in(folder_of(ledger)):
        raise LedgerUnusable(
            _("The ledger is gone, though there are backups of it"), where=Where(file=ledger), todo=way_back(ledger)
        )


def way_back(ledger: Path) -> str:
    """What to do about a ledger that is lost or damaged: never to begin with an empty one."""
    good = newest_good(folder_of(ledger))
    if good is None:
        return _("Restore the file from a copy, or choose another folder with `--home FOLDER`; never start with an empty one.")
    return _("Put the newest good backup back with `agent restore {}`; never start with an empty one.").format(good)


def refuse_unfit(path: Path) -> None:
    """Raise ConfigError for a file that cannot be put back as a ledger."""
    words = wrong_with(path) if path.is_file() else _("there is no such file")
    if words:
        raise ConfigError(
            _("{file} cannot be put back as the ledger: {why}").format(file=path, why=words),
            todo=_("`agent doctor` names the newest good backup; nothing was changed."),
        )
