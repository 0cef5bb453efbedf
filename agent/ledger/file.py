"""The ledger's file: opened so that what is committed survives a power cut, and written in whole transactions only.

One thread writes it (SQLite's own thread check stands guard); another process may answer the inbox meanwhile and waits
its turn. Knows no table.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlite_utils import Database

from agent.errors import ConfigError, LedgerUnusable, Where
from agent.ledger import backups, schema
from agent.models import SHANGHAI
from agent.words import _

BUSY_SECONDS = 5.0

# secure_delete: a forgotten receiver is overwritten, not only unlinked. fullfsync: what FULL means on macOS.
_PRAGMAS = {"synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "fullfsync": 1}


class LedgerFile:
    """An open ledger: rows in, rows out, all writes in `with ledger.atomic():`."""

    def __init__(self, db: Database, path: Path) -> None:
        self.db = db
        self.path = path

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the ledger at `path`, made private (0600) when new. Raises ConfigError where it cannot be trusted or opened.

        Where backups of it exist it cannot be new. An older one is backed up before its tables change.
        """
        backups.refuse_lost(path)
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            db = Database(sqlite3.connect(path, timeout=BUSY_SECONDS))
        except (OSError, sqlite3.Error) as error:
            raise unusable(path, error) from error
        ledger = cls(db, path)
        try:
            with ledger._usable():
                _prepare(db, path)
                found = schema.version(db)
            if found != len(schema.MIGRATIONS):
                if 0 < found < len(schema.MIGRATIONS):
                    ledger.back_up(backups.name_at(datetime.now(SHANGHAI), before_version=len(schema.MIGRATIONS)))
                with ledger.atomic():
                    schema.migrate(db, path)
        except BaseException:
            db.conn.close()
            raise
        return ledger

    def close(self) -> None:
        self.db.conn.close()

    def back_up(self, name: str | Path) -> Path:
        """Copy the ledger as it is now to this file, in the folder of backups unless the name says another one.

        Raises LedgerUnusable for a damaged ledger, MachineFailed where the copy cannot be kept.
        """
        self.refuse_damaged()
        path = backups.folder_of(self.path) / name
        backups.write(self.db.conn, path)
        return path

    def refuse_damaged(self) -> None:
        """Raise LedgerUnusable unless every page of the file is whole, and every index says what its table says.

        quick_check would leave out the latter: an index that lacks a row lets the same line be planned twice.
        """
        told = str(self._value("PRAGMA integrity_check(1)"))
        if told != "ok":
            raise LedgerUnusable(
                _("The ledger is damaged: {}").format(told), where=Where(file=self.path), todo=backups.way_back(self.path)
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """All writes inside or none. Waits for another writer up to `BUSY_SECONDS`; nested blocks are savepoints.

        Raises LedgerUnusable where the file cannot be written: nothing of the block is on disk then.
        """
        with self._usable():
            if self.db.conn.in_transaction:
                with self.db.atomic():
                    yield
                return
            # A plain BEGIN would find out only at its first write that another one was faster.
            self.db.conn.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.db.conn.execute("COMMIT")
            except BaseException:  # Ctrl-C too must not leave half of it behind; nothing is swallowed
                self.db.conn.rollback()
                raise

    @contextmanager
    def _usable(self) -> Iterator[None]:
        """What SQLite says of the disk or the file, as LedgerUnusable. What it says of our own statements stays a fault."""
        try:
            yield
        except sqlite3.Error as error:
            if _code(error) in _OUR_FAULT:
                raise
            raise unusable(self.path, error) from error

    def _do(self, sql: str, *values: object) -> int:
        """Run one write and return the id of the row it made."""
        with self.atomic():
            return int(self.db.execute(sql, values).lastrowid or 0)

    def _rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        with self._usable():
            return list(self.db.query(sql, values))

    def _row(self, sql: str, *values: object) -> dict[str, Any] | None:
        found = self._rows(sql, *values)
        return found[0] if found else None

    def _value(self, sql: str, *values: object) -> Any:
        """The one value of a question that always has exactly one row (a count, a maximum)."""
        with self._usable():
            return self.db.execute(sql, values).fetchone()[0]


def _prepare(db: Database, path: Path) -> None:
    """Set how the file is written, and believe only what SQLite says back: a network drive refuses WAL silently."""
    mode = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    for name, wanted in _PRAGMAS.items():
        db.execute(f"PRAGMA {name} = {wanted}")
    found = {name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in _PRAGMAS}
    if mode != "wal" or found != _PRAGMAS:
        raise ConfigError(
            _("The ledger cannot be written safely in this folder (SQLite says {})").format({"journal_mode": mode, **found}),
            where=Where(file=path),
            todo=_("Choose a folder on a disk of this computer with `--home FOLDER`."),
        )


# What only a statement of ours can bring about: no disk or file says it.
_OUR_FAULT = (None, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_RANGE)


def _code(error: BaseException) -> int | None:
    """SQLite's own code, without what it adds in the higher bits; None where it was not SQLite that spoke."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def unusable(path: Path, error: Exception) -> LedgerUnusable:
    """Why the ledger cannot be read or written, and what to do about it."""
    what, todo = _why(_code(error))
    todo = todo or backups.way_back(path)
    return LedgerUnusable(what.format(error), where=Where(file=path), todo=todo)


def _why(code: int | None) -> tuple[str, str]:
    """What is wrong, and what to do; "" where only another file helps."""
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        held = _("The ledger is held by another program for more than {:.0f} seconds").format(BUSY_SECONDS)
        return held, _("Close the program that has the file open, then run again.")
    if code == sqlite3.SQLITE_FULL:
        return _("The ledger cannot be written: the disk is full"), _(
            "Free space on the disk of the data folder, then run again: what was open is settled first."
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return _("The ledger cannot be written: its file or folder is read-only"), _(
            "Make the data folder writable again, then run again: what was open is settled first."
        )
    if code == sqlite3.SQLITE_IOERR:
        return _("The ledger cannot be read or written: its disk reports an error ({})"), _(
            "See whether the disk is still there and well, then run again: what was open is settled first."
        )
    return _("The ledger cannot be opened or read: {}"), ""


def text_of(at: datetime | None) -> str | None:
    """A time as the tables keep it: Asia/Shanghai, always 32 characters, so that text order is time order."""
    if at is None:
        return None
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone: {at}")
    return at.astimezone(SHANGHAI).isoformat(timespec="microseconds")


def time_of(text: str | None) -> datetime | None:
    return None if text is None else known_time_of(text)


def known_time_of(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(SHANGHAI)


def path_of(text: str | None) -> Path | None:
    return None if text is None else Path(text)


def text_of_path(path: Path | None) -> str | None:
    return None if path is None else str(path)
