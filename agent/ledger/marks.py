"""Marks: what is known of the ledger as a whole, one value a name; times as `text_of` writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from agent.errors import ClockBehind, Where
from agent.ledger.file import LedgerFile, text_of, time_of
from agent.models import SHANGHAI
from agent.words import _

MAY_LAG = timedelta(minutes=10)  # a clock that is set by the network goes back by seconds

# reconciled_at: the last whole comparison of shop and suppliers · newest_at: the latest time a run has seen ·
# restored_at, restored_from: when this ledger was put back from a backup, and from which · billed_at: the last day on which
# all bills of suppliers were compared.
Name = Literal["reconciled_at", "newest_at", "restored_at", "restored_from", "billed_at"]


class Marks(LedgerFile):
    def last_round(self, supplier: str) -> datetime | None:
        """When the last round of payments to a supplier was made."""
        return time_of(self._mark(f"paid_round:{supplier}"))

    def round_made(self, supplier: str, at: datetime) -> None:
        self._put(f"paid_round:{supplier}", at)

    def is_away(self, account: str, at: datetime) -> tuple[datetime, int]:
        """A run could not use the account: since when that is so, and how many runs in a row could not."""
        with self.atomic():
            told, _sep, count = (self._mark(f"away:{account}") or "").partition(" ")
            since, runs = time_of(told or None) or at, int(count or 0) + 1
            self._put(f"away:{account}", f"{text_of(since)} {runs}")
            return since, runs

    def away(self) -> list[str]:
        """The accounts that could not be used by the last run that tried."""
        return [row["account"] for row in self._rows("SELECT substr(name, 6) AS account FROM marks WHERE name LIKE 'away:%'")]

    def is_back(self, account: str) -> None:
        self._do("DELETE FROM marks WHERE name = ?", f"away:{account}")

    def changed_pages(self, account: str) -> dict[str, int]:
        """How often in a row each flow there met another page than its site file says, when a run last told."""
        return {flow: int(count) for flow, count in json.loads(self._mark(f"changed:{account}") or "{}").items()}

    def keep_changed_pages(self, account: str, counts: Mapping[str, int]) -> None:
        met = {flow: count for flow, count in counts.items() if count}
        if met != self.changed_pages(account):
            self._put(f"changed:{account}", json.dumps(met))

    def mark(self, name: Name) -> str | None:
        return self._mark(name)

    def time_mark(self, name: Name) -> datetime | None:
        return time_of(self.mark(name))

    def put_mark(self, name: Name, value: str | datetime) -> None:
        self._put(name, value)

    def _mark(self, name: str) -> str | None:
        row = self._row("SELECT value FROM marks WHERE name = ?", name)
        return None if row is None else str(row["value"])

    def _put(self, name: str, value: str | datetime) -> None:
        text = text_of(value) if isinstance(value, datetime) else value
        self._do("INSERT INTO marks VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, text)

    def seen(self, at: datetime) -> None:
        """A run sees this time. Raises ClockBehind where one has seen a much later one before; a clock that went on is fine."""
        with self.atomic():
            newest = self.time_mark("newest_at")
            if newest is not None and newest - at > MAY_LAG:
                raise ClockBehind(
                    _("This machine's clock says {now}, but an earlier run has seen {newest}").format(
                        now=_to_the_minute(at), newest=_to_the_minute(newest)
                    ),
                    where=Where(file=self.path),
                )
            if newest is None or at > newest:
                self.put_mark("newest_at", at)

    def drop_mark(self, name: Name) -> None:
        self._do("DELETE FROM marks WHERE name = ?", name)


def _to_the_minute(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
