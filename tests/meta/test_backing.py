"""`agent backup` and `agent restore`, typed in a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.home import Home
from agent.ledger import backups
from agent.work.start import locked
from tests.meta.test_cli import NOW, Terminal, agent_, three_lines

__all__ = ["agent_"]


def test_a_backup_is_made_and_put_back(agent_: Terminal, tmp_path: Path) -> None:
    item = agent_.asked()
    made = agent_("backup")
    (backup,) = backups.all_in(agent_.home / "backups")
    assert (made.code, made.out) == (0, f"Backed up: {backup}\n")
    assert agent_("backup", str(tmp_path / "elsewhere.sqlite")).code == 0 and (tmp_path / "elsewhere.sqlite").is_file()
    agent_("approve", str(item))
    restored = agent_("restore", backup.name)
    assert restored.code == 0 and str(backup) in restored.out and "before-restore" in restored.out
    ledger = agent_.ledger()
    assert (len(ledger.items()), ledger.mark("restored_from")) == (1, backup.name)
    ledger.close()


def test_a_lost_ledger_names_the_way_back_whatever_is_asked(agent_: Terminal) -> None:
    agent_.asked()
    agent_("backup")
    for rest in ("", "-wal", "-shm"):
        (agent_.home / f"ledger.db{rest}").unlink(missing_ok=True)
    (backup,) = backups.all_in(agent_.home / "backups")
    for typed in (["inbox"], ["orders"], ["backup"]):
        ended = agent_(*typed)
        assert ended.code == 2 and f"agent restore {backup}" in three_lines(ended)[2], typed
    assert not (agent_.home / "ledger.db").exists()
    assert agent_("restore", str(backup)).code == 0
    assert agent_("inbox").code == 1


@pytest.mark.parametrize("typed", [["backup"], ["restore", "no_such.sqlite"]], ids=" ".join)
def test_without_a_ledger_or_a_file_there_is_nothing_to_do(agent_: Terminal, typed: list[str]) -> None:
    assert agent_(*typed).code == 2
    assert not (agent_.home / "ledger.db").exists()


def test_a_file_that_is_there_is_not_written_over(agent_: Terminal, tmp_path: Path) -> None:
    agent_.asked()
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert "exists already" in three_lines(agent_("backup", str(tmp_path / "mine.txt")))[0]
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_nothing_is_put_back_under_a_run(agent_: Terminal) -> None:
    agent_.asked()
    agent_("backup")
    (backup,) = backups.all_in(agent_.home / "backups")
    with locked(Home(agent_.home)):
        assert "at work on this ledger" in three_lines(agent_("restore", str(backup)))[0]
    ledger = agent_.ledger()
    assert ledger.mark("restored_at") is None and ledger.items()[0].opened_at == NOW
    ledger.close()
