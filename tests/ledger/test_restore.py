"""A backup put back: whole, the former ledger kept aside, and nothing committed out of it until a person lets it go on."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from agent.errors import AgentError, ConfigError, LedgerUnusable, MachineFailed
from agent.ledger import Ledger, backups
from agent.ledger.restore import put_back
from agent.ledger.schema import MIGRATIONS
from tests.ledger.goods import FACTS, LATER, NOW, NUMBER, REFERENCE, SHOP, begin, clicked, intend, purchase, settle, write_state


def names(path: Path) -> set[str]:
    return {each.name for each in path.parent.iterdir()} - {"backups"}


def test_there_and_back_again(ledger: Ledger, path: Path) -> None:
    ledger.tell(NOW, "before")
    ledger.put_mark("reconciled_at", NOW)
    backup = ledger.back_up(backups.name_at(NOW))
    attempt = clicked(ledger)
    settle(ledger, attempt, "unknown")
    ledger.close()

    aside = put_back(backup, path, LATER)

    assert aside == path.with_name("ledger.db.before-restore-20261122-180500")
    assert names(path) == {"ledger.db", aside.name}, "no log is left that would be played into the other file"
    with Ledger.open(path) as again, Ledger.open(aside) as former:
        assert [event.what for event in again.story("", "")] == ["before"] and again.order(SHOP, NUMBER) is not None
        assert (again.time_mark("restored_at"), again.mark("restored_from")) == (LATER, backup.name)
        assert again.time_mark("reconciled_at") is None, "what was compared that day was another ledger"
        assert (write_state(again), write_state(former), former.mark("restored_at")) == ("", "unknown", None)
        again.refuse_damaged()
    assert backups.wrong_with(backup) == "" and [path.name for path in backup.parent.iterdir()] == [backup.name]


def test_a_log_left_beside_a_lost_ledger_is_not_played_into_the_backup(ledger: Ledger, path: Path) -> None:
    backup = ledger.back_up(backups.name_at(NOW))
    ledger.tell(NOW, "in the log alone")
    log = Path(f"{path}-wal").read_bytes()
    ledger.close()
    path.unlink()
    Path(f"{path}-wal").write_bytes(log)
    assert put_back(backup, path, LATER) is None
    with Ledger.open(path) as again:
        again.refuse_damaged()
        assert again.story("", "") == []


def test_nothing_is_committed_out_of_it_until_a_person_lets_it_go_on(ledger: Ledger, path: Path) -> None:
    backup = ledger.back_up(backups.name_at(NOW))
    ledger.close()
    put_back(backup, path, LATER)
    with Ledger.open(path) as again:
        again.plan([purchase()], NOW)
        attempt = begin(again, intend(again))
        with pytest.raises(AgentError, match="put back from") as refused:
            again.committing(attempt, FACTS, LATER)
        assert (refused.value.reason, write_state(again), again.clicks(REFERENCE)) == ("restored", "intended", 0)
        ship = begin(again, intend(again, "ship", f"{SHOP}:{NUMBER}:1", ""))
        with pytest.raises(AgentError, match="put back from"):
            again.committing(ship, FACTS, LATER)
        again.drop_mark("restored_at")
        again.drop_mark("restored_from")
        again.committing(attempt, FACTS, LATER)
        assert write_state(again) == "committing"


def test_a_damaged_ledger_is_kept_aside_as_it_is(ledger: Ledger, path: Path) -> None:
    backup = ledger.back_up(backups.name_at(NOW))
    ledger.close()
    path.write_bytes(b"\xa5" * 9000)
    with pytest.raises(LedgerUnusable):
        Ledger.open(path)
    aside = put_back(backup, path, LATER)
    assert aside is not None and aside.read_bytes() == b"\xa5" * 9000
    Ledger.open(path).close()


def test_an_older_backup_is_brought_to_the_newest_shape(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.ledger.schema.MIGRATIONS", MIGRATIONS[:3])
    with Ledger.open(path) as old:
        backup = old.back_up(backups.name_at(NOW))
    monkeypatch.undo()
    Ledger.open(path).close()
    put_back(backup, path, LATER)
    with Ledger.open(path) as again:
        assert again.mark("restored_from") == backup.name
    raw = sqlite3.connect(backup)
    assert raw.execute("PRAGMA user_version").fetchone() == (3,), "the backup itself stays as it is"
    raw.close()


def test_what_cannot_be_put_back_leaves_the_ledger_in_its_place(ledger: Ledger, path: Path, tmp_path: Path) -> None:
    ledger.tell(NOW, "here")
    ledger.close()
    (tmp_path / "half.sqlite").write_bytes(path.read_bytes()[:5000])
    with pytest.raises(ConfigError, match="cannot be put back"):
        put_back(tmp_path / "half.sqlite", path, LATER)
    with Ledger.open(path) as same:
        assert [event.what for event in same.story("", "")] == ["here"] and same.mark("restored_at") is None


def test_a_full_disk_leaves_the_ledger_in_its_place(ledger: Ledger, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backup = ledger.back_up(backups.name_at(NOW))
    ledger.tell(NOW, "here")
    ledger.close()

    def full(*_paths: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(MachineFailed, match="No space left"):
        put_back(backup, path, LATER)
    monkeypatch.undo()
    with Ledger.open(path) as same:
        assert [event.what for event in same.story("", "")] == ["here"]
    assert put_back(backup, path, LATER + timedelta(minutes=1)) is not None
