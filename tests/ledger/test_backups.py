"""Backups: whole, private, checked, the newest kept; and a ledger that is lost or damaged is never begun anew."""

from __future__ import annotations

import os
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from agent.errors import ConfigError, LedgerUnusable, MachineFailed
from agent.ledger import Ledger, backups
from agent.ledger.schema import MIGRATIONS
from tests.ledger.goods import LATER, NOW, NUMBER, SHOP, clicked, purchase, write_state


def test_a_backup_is_whole_in_one_private_file(ledger: Ledger) -> None:
    clicked(ledger)
    made = ledger.back_up(backups.name_at(NOW))
    assert made == ledger.path.parent / "backups" / "ledger-20261122-180000.sqlite"
    assert [path.name for path in made.parent.iterdir()] == [made.name] and backups.wrong_with(made) == ""
    if os.name == "posix":
        assert (made.stat().st_mode & 0o777, made.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    ledger.tell(NOW, "after it")
    with Ledger.open(made) as copy:
        assert (write_state(copy), copy.story("", "")) == ("committing", []) and copy.order(SHOP, NUMBER) is not None


def test_a_backup_is_made_while_somebody_writes_and_reads(ledger: Ledger, path: Path) -> None:
    reader = sqlite3.connect(path)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM events").fetchone()
    ledger.tell(NOW, "meanwhile")
    with Ledger.open(ledger.back_up("ledger-20261122-180000.sqlite")) as copy:
        assert [event.what for event in copy.story("", "")] == ["meanwhile"]
    reader.close()


@pytest.mark.parametrize("in_the_way", ["folder", "file"])
def test_a_backup_that_cannot_be_written_is_said_and_leaves_no_half(ledger: Ledger, in_the_way: str) -> None:
    folder = backups.folder_of(ledger.path)
    if in_the_way == "folder":
        folder.write_text("in the way", encoding="utf-8")
    else:
        (folder / backups.name_at(NOW)).mkdir(parents=True)
    with pytest.raises(MachineFailed, match="backup could not be written") as refused:
        ledger.back_up(backups.name_at(NOW))
    assert not isinstance(refused.value, LedgerUnusable) and refused.value.exit_code == 2
    assert in_the_way == "folder" or [path.name for path in folder.iterdir()] == [backups.name_at(NOW)]


def test_the_newest_days_are_kept_and_all_before_a_migration(ledger: Ledger) -> None:
    folder = backups.folder_of(ledger.path)
    for day in range(backups.KEPT + 3):
        ledger.back_up(backups.name_at(NOW + timedelta(days=day)))
    kept = ledger.back_up(backups.name_at(NOW - timedelta(days=99), before_version=2))
    (folder / "ledger-20261201-000000.sqlite.new").write_text("half", encoding="utf-8")
    (folder / "mine.sqlite").write_text("the seller's own", encoding="utf-8")
    backups.drop_old(folder)
    days = [f"ledger-{NOW + timedelta(days=day):%Y%m%d}-180000.sqlite" for day in range(3, backups.KEPT + 3)]
    assert sorted(path.name for path in folder.iterdir()) == sorted([*days, kept.name, "mine.sqlite"])
    assert backups.of_day(folder, NOW + timedelta(days=4)) and not backups.of_day(folder, NOW)
    assert not backups.of_day(folder, NOW - timedelta(days=99)), "made for a migration, not for the day"


def test_many_of_one_day_push_no_other_day_out(ledger: Ledger) -> None:
    folder = backups.folder_of(ledger.path)
    folder.mkdir()
    days = [NOW - timedelta(days=day) for day in range(backups.KEPT + 2)]
    hours = [timedelta(hours=-hour) for hour in range(13)]
    for at in (day + hour for day in days[:2] for hour in hours):
        (folder / backups.name_at(at)).touch()
    for day in days[2:]:
        (folder / backups.name_at(day)).touch()
    backups.drop_old(folder)
    kept = {backups.name_at(NOW + hour) for hour in hours} | {backups.name_at(day) for day in days[: backups.KEPT]}
    assert {path.name for path in folder.iterdir()} == kept


def test_an_older_ledger_is_backed_up_before_its_tables_change(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.ledger.schema.MIGRATIONS", MIGRATIONS[:-1])
    with Ledger.open(path) as old:
        old.tell(NOW, "before")
    monkeypatch.undo()
    Ledger.open(path).close()
    (made,) = backups.all_in(backups.folder_of(path))
    assert made.name.endswith(f"-before-version-{len(MIGRATIONS)}.sqlite")
    raw = sqlite3.connect(made)
    assert raw.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) - 1,)
    assert raw.execute("SELECT what FROM events").fetchall() == [("before",)]
    raw.close()
    Ledger.open(path).close()
    assert len(backups.all_in(made.parent)) == 1, "nothing changed, so nothing more was copied"


def test_tables_do_not_change_where_no_backup_can_be_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.ledger.schema.MIGRATIONS", MIGRATIONS[:-1])
    Ledger.open(path).close()
    monkeypatch.undo()
    backups.folder_of(path).write_text("in the way", encoding="utf-8")
    with pytest.raises(MachineFailed, match="backup could not be written"):
        Ledger.open(path)
    raw = sqlite3.connect(path)
    assert raw.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) - 1,)
    raw.close()


@pytest.mark.parametrize("left", ["nothing", "empty"])
def test_a_lost_ledger_is_not_begun_anew(ledger: Ledger, path: Path, left: str) -> None:
    older = ledger.back_up(backups.name_at(NOW - timedelta(days=1)))
    damaged = ledger.back_up(backups.name_at(NOW))
    damaged.write_bytes(damaged.read_bytes()[:5000])
    ledger.close()
    path.unlink()
    if left == "empty":
        path.touch()
    with pytest.raises(LedgerUnusable, match="gone") as refused:
        Ledger.open(path)
    assert f"agent restore {older}" in refused.value.lines()[2]
    assert path.exists() == (left == "empty") and (left == "nothing" or path.stat().st_size == 0)
    older.write_bytes(b"")
    with pytest.raises(LedgerUnusable, match="gone") as refused:
        Ledger.open(path)
    assert "agent restore" not in refused.value.lines()[2]


def test_a_new_ledger_needs_no_backup(path: Path) -> None:
    backups.folder_of(path).mkdir()
    with Ledger.open(path):
        assert path.stat().st_size > 0, "a ledger is never so new that it looks lost"


def test_a_damaged_ledger_is_found_and_names_the_way_back(path: Path) -> None:
    with Ledger.open(path) as ledger:
        for number in range(400):
            ledger.tell(NOW, f"{number} " + "x" * 500)
        ledger.refuse_damaged()
        good = ledger.back_up(backups.name_at(NOW))
    raw = path.read_bytes()
    half = len(raw) // 2
    path.write_bytes(raw[:half] + b"\xa5" * (len(raw) - half))
    with Ledger.open(path) as ledger:
        with pytest.raises(LedgerUnusable, match=r"damaged|cannot be opened or read") as refused:
            ledger.refuse_damaged()
        assert f"agent restore {good}" in refused.value.lines()[2]
        with pytest.raises(LedgerUnusable) as refused:
            ledger.story("", "")
        assert f"agent restore {good}" in refused.value.lines()[2]


def test_an_index_that_lacks_a_row_is_damage(ledger: Ledger, path: Path) -> None:
    """It is what keeps a line from being planned twice; every page of such a file is whole."""
    good = ledger.back_up(backups.name_at(NOW))
    ledger.close()
    live = "FROM sqlite_master WHERE name = 'purchase_lines_live'"
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA writable_schema = ON")
    (kept,) = raw.execute(f"SELECT type, name, tbl_name, rootpage, sql {live}").fetchall()
    raw.execute(f"DELETE {live}")
    raw.commit()
    raw.close()
    with Ledger.open(path) as without:
        without.plan([purchase()], NOW)
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA writable_schema = ON")
    raw.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", kept)
    raw.commit()
    raw.close()
    with Ledger.open(path) as lacking:
        for refused_by in (lacking.refuse_damaged, lambda: lacking.back_up(backups.name_at(LATER))):
            with pytest.raises(LedgerUnusable, match="damaged") as refused:
                refused_by()
            assert f"agent restore {good}" in refused.value.lines()[2]


@pytest.mark.parametrize(
    ("made_of", "says"),
    [
        ("nothing", "no such file"),
        ("text", "not a database"),
        ("another program's", "no ledger of this program"),
        ("newer", "newer version"),
        ("half", "malformed|disk image|page"),
    ],
)
def test_what_cannot_be_put_back_is_refused(ledger: Ledger, tmp_path: Path, made_of: str, says: str) -> None:
    file = tmp_path / "some.sqlite"
    if made_of == "text":
        file.write_text("订单号,金额\r\n" * 100, encoding="utf-8")
    elif made_of == "another program's":
        other = sqlite3.connect(file)
        other.execute("CREATE TABLE runs (a)")
        other.close()
    elif made_of != "nothing":
        ledger.back_up(file)
        other = sqlite3.connect(file)
        other.execute(f"PRAGMA user_version = {len(MIGRATIONS) + (made_of == 'newer')}")
        other.close()
        if made_of == "half":
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2 // 4096 * 4096])
    with pytest.raises(ConfigError, match=says):
        backups.refuse_unfit(file)
    assert file.exists() == (made_of != "nothing")
