"""The ledger cannot be written or read: said as what it is, nothing half done, and never a click without its row."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from agent.errors import ConfigError, LedgerUnusable
from agent.ledger import Ledger
from agent.ledger.file import unusable
from agent.models import CommitFacts
from tests.ledger.goods import LATER, NOW, REFERENCE, begin, intend, purchase, write_state

LONG = "x" * 400_000
FAR = CommitFacts(f"https://mall.example/{LONG}", "f" * 64, {})


def no_room(ledger: Ledger) -> None:
    """No page more: what SQLite says then is what it says of a full disk."""
    (pages,) = ledger.db.conn.execute("PRAGMA page_count").fetchone()
    ledger.db.conn.execute(f"PRAGMA max_page_count = {pages}")


def room(ledger: Ledger) -> None:
    ledger.db.conn.execute("PRAGMA max_page_count = 1000000")


def test_a_full_disk_is_said_and_leaves_nothing_of_the_block(ledger: Ledger) -> None:
    no_room(ledger)

    def both() -> None:
        with ledger.atomic():
            ledger.tell(NOW, "first")
            ledger.tell(NOW, LONG)

    with pytest.raises(LedgerUnusable, match="disk is full") as refused:
        both()
    assert refused.value.exit_code == 2 and refused.value.where.file == ledger.path and "Free space" in refused.value.lines()[2]
    assert not ledger.db.conn.in_transaction and ledger.story("", "") == []
    room(ledger)
    ledger.tell(NOW, "again")
    assert [event.what for event in ledger.story("", "")] == ["again"]


def test_a_click_is_never_recorded_by_half(ledger: Ledger, path: Path) -> None:
    ledger.plan([purchase()], NOW)
    attempt = begin(ledger, intend(ledger))
    no_room(ledger)
    with pytest.raises(LedgerUnusable, match="disk is full"):
        ledger.committing(attempt, FAR, LATER)
    with Ledger.open(path) as again:
        assert (write_state(again), again.attempt(attempt).state, again.clicks(REFERENCE)) == ("intended", "intended", 0)


def test_a_writer_that_does_not_let_go(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.ledger.file.BUSY_SECONDS", 0.05)
    other = sqlite3.connect(path)
    with Ledger.open(path) as ledger:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerUnusable, match="held by another program"):
            ledger.tell(NOW, "kept out")
        assert ledger.story("", "") == [], "reading goes on meanwhile"
    other.close()


def test_a_file_that_must_not_be_written(ledger: Ledger) -> None:
    ledger.db.conn.execute("PRAGMA query_only = 1")
    with pytest.raises(LedgerUnusable, match="read-only"):
        ledger.tell(NOW, "kept out")


def test_a_damaged_page_is_found_where_it_is_read(path: Path) -> None:
    with Ledger.open(path) as ledger:
        for number in range(400):
            ledger.tell(NOW, f"{number} " + "x" * 500)
    raw = path.read_bytes()
    half = len(raw) // 2
    path.write_bytes(raw[:half] + b"\xa5" * (len(raw) - half))
    with Ledger.open(path) as ledger, pytest.raises(LedgerUnusable, match="cannot be opened or read"):
        ledger.story("", "")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (sqlite3.SQLITE_FULL, "disk is full"),
        (sqlite3.SQLITE_IOERR | 3 << 8, "disk reports an error"),
        (sqlite3.SQLITE_READONLY, "read-only"),
        (sqlite3.SQLITE_LOCKED, "held by another program"),
        (sqlite3.SQLITE_CANTOPEN, "cannot be opened"),
        (sqlite3.SQLITE_CORRUPT, "cannot be opened or read"),
    ],
)
def test_every_way_has_its_words_and_something_to_do(path: Path, code: int, says: str) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    said = unusable(path, error).lines()
    assert says in said[0] and str(path) in said[1] and said[2]


def test_a_wrong_statement_of_ours_stays_a_fault(ledger: Ledger) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table") as fault:
        ledger._rows("SELECT * FROM no_such")
    assert not isinstance(fault.value, ConfigError)
    with pytest.raises(sqlite3.IntegrityError):
        ledger._do("INSERT INTO inbox (id) VALUES (1)")
