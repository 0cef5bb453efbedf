"""What belongs to one run: the ledger keeps times, so a run is what stands between its beginning and its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent.ledger.file import LedgerFile, known_time_of, text_of, time_of
from agent.models import Shipment

# The commands that begin as a run does, and do nothing of a day's work; each tells the ledger its own name as the first word.
LOOKS = ("login", "map", "reconcile", "check", "step", "payables")


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One run. `ended_at` None: it was broken off, or is still at work. `next_at`: when the one after it began."""

    number: int
    started_at: datetime
    ended_at: datetime | None
    next_at: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class EnteredParcel:
    """A parcel whose number is proven to stand in the shop since `at`. `sent`: a click of ours brought it there."""

    shipment: Shipment
    at: datetime
    sent: bool


@dataclass(frozen=True, slots=True)
class Failure:
    """What a run could not do, as it told it; `order_number` is "" where it was about a whole account."""

    at: datetime
    shop: str
    order_number: str
    account: str
    what: str


class Runs(LedgerFile):
    def run(self, number: int | None = None) -> StoredRun | None:
        """The run of that number, or the newest one; a sign-in is none, nor any other of LOOKS."""
        row = self._row(
            f"""
            SELECT id AS number, started_at, ended_at, words,
                (SELECT min(started_at) FROM runs later WHERE later.id > r.id) AS next_at
            FROM runs r
            WHERE coalesce(id = ?, 1) AND substr(words, 1, instr(words || ' ', ' ') - 1) NOT IN ({", ".join("?" * len(LOOKS))})
            ORDER BY id DESC LIMIT 1
            """,
            *(number, *LOOKS),
        )
        times = {} if row is None else {k: time_of(row[k]) for k in ("ended_at", "next_at")}
        return None if row is None else StoredRun(**row | times | {"started_at": known_time_of(row["started_at"])})

    def shops_until(self, at: datetime) -> tuple[str, ...]:
        """The shops that were worked for by then."""
        return tuple(
            row["shop"] for row in self._rows("SELECT shop FROM shops WHERE activated_at <= ? ORDER BY 1", text_of(at))
        )

    def placed_between(self, first: datetime, last: datetime) -> tuple[str, ...]:
        """References of the purchases that were proven to stand at their supplier between these times, in that order."""
        rows = self._rows(
            "SELECT reference FROM purchases WHERE state <> 'dead' AND placed_at BETWEEN ? AND ? ORDER BY placed_at, rowid",
            *(text_of(first), text_of(last)),
        )
        return tuple(row["reference"] for row in rows)

    def entered_between(self, first: datetime, last: datetime) -> tuple[EnteredParcel, ...]:
        """The parcels whose numbers were proven to stand in the shop between these times, in that order."""
        rows = self._rows(
            """
            SELECT s.*, EXISTS (
                SELECT 1 FROM writes w JOIN attempt_writes aw ON aw.write = w.id JOIN attempts a ON a.id = aw.attempt
                WHERE w.kind = 'ship' AND w.reference = s.reference AND a.committed_at IS NOT NULL
            ) AS sent
            FROM shipments s WHERE entered_at BETWEEN ? AND ? ORDER BY entered_at, rowid
            """,
            *(text_of(first), text_of(last)),
        )
        return tuple(EnteredParcel(_shipment(row), known_time_of(row["entered_at"]), bool(row["sent"])) for row in rows)

    def items_open_at(self, at: datetime) -> tuple[int, ...]:
        """The inbox items that waited for a person at that time; oldest first."""
        rows = self._rows(
            "SELECT id FROM inbox WHERE opened_at <= ? AND coalesce(closed_at, '9') > ? ORDER BY id", text_of(at), text_of(at)
        )
        return tuple(row["id"] for row in rows)

    def moved_in(self, run: int) -> set[tuple[str, str]]:
        """(shop, order number) of the orders of which this run told something."""
        rows = self._rows("SELECT DISTINCT shop, order_number FROM events WHERE run = ? AND order_number <> ''", run)
        return {(row["shop"], row["order_number"]) for row in rows}

    def failures(self, run: int) -> tuple[Failure, ...]:
        """What this run could not do: the facts it told together with a place (the second line of an error)."""
        rows = self._rows(
            "SELECT at, shop, order_number, account, what FROM events WHERE run = ? AND detail <> '' ORDER BY id", run
        )
        return tuple(Failure(**row | {"at": known_time_of(row["at"])}) for row in rows)


def _shipment(row: dict[str, Any]) -> Shipment:
    words = ("shop", "order_number", "ordinal", "reference", "carrier", "tracking_number")
    return Shipment(**{word: row[word] for word in words})
