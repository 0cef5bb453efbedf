"""The file: how it is opened, who waits for whom, and what survives a kill."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.errors import ConfigError
from agent.ledger import Ledger
from agent.ledger.file import text_of, time_of
from agent.ledger.schema import MIGRATIONS
from tests.ledger.goods import NOW, NUMBER, REFERENCE, SHOP, clicked, order, write_state

PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_what_is_committed_survives_a_power_cut(ledger: Ledger) -> None:
    assert {name: ledger.db.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS} == PRAGMAS


def test_pragmas_hold_for_an_old_ledger_too(ledger: Ledger, path: Path) -> None:
    with Ledger.open(path) as again:
        assert {name: again.db.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS} == PRAGMAS


@pytest.mark.skipif(os.name != "posix", reason="modes are a POSIX thing")
def test_the_file_is_private(ledger: Ledger, path: Path) -> None:
    modes = {file.name: oct(file.stat().st_mode & 0o777) for file in path.parent.glob("ledger.db*")}
    assert modes == dict.fromkeys(("ledger.db", "ledger.db-wal", "ledger.db-shm"), "0o600")


def test_a_newer_ledger_is_refused_and_left_alone(path: Path) -> None:
    Ledger.open(path).close()
    with sqlite3.connect(path) as raw:
        raw.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    raw.close()
    with pytest.raises(ConfigError, match="newer version") as refused:
        Ledger.open(path)
    assert refused.value.where.file == path
    assert refused.value.exit_code == 2
    raw = sqlite3.connect(path)
    assert raw.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)
    raw.close()


def test_a_file_that_is_no_ledger_is_refused(path: Path) -> None:
    path.write_bytes("订单号,金额\r\n".encode() * 100)
    with pytest.raises(ConfigError, match="cannot be opened"):
        Ledger.open(path)
    assert path.read_bytes().startswith("订单号".encode())


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be opened"):
        Ledger.open(tmp_path / "nowhere" / "ledger.db")


def test_a_migration_that_fails_leaves_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(db: object) -> None:
        db.execute("CREATE TABLE half (a TEXT) STRICT")  # type: ignore[attr-defined]
        raise RuntimeError("broken migration")

    Ledger.open(path).close()
    monkeypatch.setattr("agent.ledger.schema.MIGRATIONS", (*MIGRATIONS, broken))
    with pytest.raises(RuntimeError, match="broken migration"):
        Ledger.open(path)
    monkeypatch.undo()
    with Ledger.open(path) as ledger:
        assert ledger.db.conn.execute("SELECT count(*) FROM sqlite_master WHERE name = 'half'").fetchone() == (0,)


def test_an_older_ledger_keeps_the_suppliers_numbers(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.ledger.schema.MIGRATIONS", MIGRATIONS[:2])
    with Ledger.open(path) as old:
        told = "INSERT INTO purchases (reference, shop, order_number, counter, supplier, account, state, supplier_order_number,"
        told += " planned_at) VALUES (?, 's', '1', ?, 'yiwu', 'mall', 'placed', ?, '2026')"
        old.db.conn.execute("PRAGMA foreign_keys = 0")
        with old.atomic():
            old.db.conn.execute(told, ("FIRST", 1, "900100"))
            old.db.conn.execute(told, ("SECOND", 2, ""))
    monkeypatch.undo()
    with Ledger.open(path) as ledger:
        assert [p.supplier_order_numbers for p in ledger.purchases()] == [("900100",), ()]
        assert ledger.numbers_claimed("mall") == {"900100"}


def test_the_orders_of_an_older_ledger_have_no_source_until_they_are_read_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.ledger.schema.MIGRATIONS", MIGRATIONS[:12])
    with Ledger.open(path) as old, old.atomic():
        told = "INSERT INTO orders (shop, order_number, ordered_at, state, flag, remark, buyer_message, address_change,"
        told += " first_seen, last_read) VALUES (?, ?, ?, 'to_ship', 'grey', '', '', 'none', ?, ?)"
        old.db.conn.execute(told, (SHOP, NUMBER, *["2026-11-22T18:00:00.000000+08:00"] * 3))
    monkeypatch.undo()
    with Ledger.open(path) as ledger:
        assert [known.source for known in ledger.orders()] == [""]
        ledger.save_order(order(source="达人"), NOW, detail=False)
        assert [known.source for known in ledger.orders()] == ["达人"]


def test_all_or_nothing(ledger: Ledger) -> None:
    def half_done() -> None:
        with ledger.atomic():
            ledger.park(SHOP, order().order_number, "first")
            ledger.tell(NOW, "second")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_done()
    assert ledger.order(SHOP, order().order_number).parked == ""  # type: ignore[union-attr]
    assert ledger.story("", "") == []


def test_a_nested_failure_undoes_its_own_part(ledger: Ledger) -> None:
    with ledger.atomic():
        ledger.tell(NOW, "kept")
        with pytest.raises(RuntimeError), ledger.atomic():
            ledger.tell(NOW, "undone")
            raise RuntimeError
    assert [event.what for event in ledger.story("", "")] == ["kept"]


def test_a_reader_does_not_keep_a_writer_out(ledger: Ledger, path: Path) -> None:
    reader = sqlite3.connect(path)
    reader.execute("BEGIN")
    before = reader.execute("SELECT count(*) FROM events").fetchone()
    ledger.tell(NOW, "written while somebody reads")
    assert reader.execute("SELECT count(*) FROM events").fetchone() == before
    reader.close()
    assert len(ledger.story("", "")) == 1


def test_a_second_writer_waits_for_the_first(ledger: Ledger, path: Path) -> None:
    item = ledger.ask("review", "c", what="w", todo="t", at=NOW)
    begins, done = threading.Event(), threading.Event()

    def approve() -> None:
        with Ledger.open(path) as other:
            begins.set()
            other.answer(item, "approve", NOW)
            done.set()

    person = threading.Thread(target=approve)
    with ledger.atomic():
        ledger.tell(NOW, "the run writes")
        person.start()
        assert begins.wait(10)
        assert not done.wait(0.2)
    person.join(10)
    assert done.is_set()
    assert ledger.answered("c") == "approve"


def test_a_writer_that_never_ends_is_named(ledger: Ledger, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.ledger.file.BUSY_SECONDS", 0.05)
    with Ledger.open(path) as other, ledger.atomic(), pytest.raises(ConfigError, match="held by another program"):
        other.tell(NOW, "kept out")


CHILD = """
import os, signal, sys
from pathlib import Path
from agent.ledger import Ledger
from tests.ledger.goods import NOW, clicked, order

ledger = Ledger.open(Path(sys.argv[1]))
ledger.save_order(order(), NOW, detail=True)
clicked(ledger)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a POSIX thing")
def test_committing_is_on_disk_when_it_returns(path: Path) -> None:
    child = subprocess.run([sys.executable, "-c", CHILD, str(path)], cwd=Path(__file__).parents[2], timeout=60, check=False)
    assert child.returncode == -signal.SIGKILL
    with Ledger.open(path) as ledger:
        assert write_state(ledger) == "committing"
        (left,) = ledger.open_attempts()
        assert (left.state, left.reference, left.requests_known) == ("committing", REFERENCE, False)


def test_committing_inside_a_transaction_is_refused(ledger: Ledger) -> None:
    with pytest.raises(RuntimeError, match="inside a transaction"), ledger.atomic():
        clicked(ledger)


def test_times_sort_as_text_and_come_back_whole() -> None:
    utc = datetime(2026, 11, 22, 16, 0, 0, 5, tzinfo=UTC)
    assert text_of(utc) == "2026-11-23T00:00:00.000005+08:00"
    assert time_of(text_of(utc)) == utc
    assert len({len(text_of(t) or "") for t in (utc, NOW)}) == 1
    assert time_of(text_of(None)) is None
    with pytest.raises(ValueError, match="without a zone"):
        text_of(datetime(2026, 11, 22))
