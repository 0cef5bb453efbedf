"""Marks: what is known of the ledger as a whole, one value a name; times as `text_of` writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from agent.ledger.file import LedgerFile, text_of, time_of

# reconciled_at: the last whole comparison of shop and suppliers · newest_at: the latest time a run has seen ·
# restored_at, restored_from: when this ledger was put back from a backup, and from which.
Name = Literal["reconciled_at", "newest_at", "restored_at", "restored_from"]


class Marks(LedgerFile):
    def mark(self, name: Name) -> str | None:
        row = self._row("SELECT value FROM marks WHERE name = ?", name)
        return None if row is None else str(row["value"])

    def time_mark(self, name: Name) -> datetime | None:
        return time_of(self.mark(name))

    def put_mark(self, name: Name, value: str | datetime) -> None:
        text = text_of(value) if isinstance(value, datetime) else value
        self._do("INSERT INTO marks VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, text)

    def drop_mark(self, name: Name) -> None:
        self._do("DELETE FROM marks WHERE name = ?", name)
