"""`agent backup` and `agent restore`, typed in a terminal."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agent.clock import SystemClock
from agent.errors import ConfigError
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


def findings(agent_: Terminal) -> dict[str, dict[str, Any]]:
    return {finding["what"]: finding for finding in agent_("doctor", "--json").data("doctor")}


def test_doctor_says_how_the_ledger_is_kept(agent_: Terminal) -> None:
    assert "last backup" not in findings(agent_) and findings(agent_)["disk"]["told"].endswith("GB free")
    agent_.asked()
    assert findings(agent_)["last backup"]["well"]
    agent_("backup")
    (backup,) = backups.all_in(agent_.home / "backups")
    assert findings(agent_)["last backup"] == {"what": "last backup", "well": True, "told": str(backup)}
    agent_("restore", str(backup))
    put_back = findings(agent_)["ledger put back"]
    assert not put_back["well"] and backup.name in put_back["told"]
    newer = backup.with_name("ledger-29991231-000000.sqlite")
    newer.write_bytes(backup.read_bytes()[:5000])
    last = findings(agent_)["last backup"]
    assert not last["well"] and str(backup) in last["told"] and str(newer) in last["told"]


def test_doctor_finds_what_is_lost_damaged_or_full(agent_: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    agent_.asked()
    agent_("backup")
    (backup,) = backups.all_in(agent_.home / "backups")
    path = agent_.home / "ledger.db"
    path.unlink()
    lost = findings(agent_)["ledger"]
    assert not lost["well"] and f"agent restore {backup}" in lost["told"] and not path.exists()
    path.write_bytes(b"\xa5" * 9000)
    assert not findings(agent_)["ledger"]["well"]

    def full(**_how: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: SimpleNamespace(free=1_000_000))
    found = findings(agent_)
    assert "No space left" in found["data folder"]["told"]
    assert (found["data folder"]["well"], found["disk"]["well"]) == (False, False)


def test_a_clock_that_went_back_starts_no_run(agent_: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    agent_("doctor", "--write-config")
    table = (
        "商家编码,店铺规格,供应商,货号,商品标题,规格,每份件数,进价,限价\nSNK,米白/L,mall,YW2001,收纳筐,米白/L,1,16.80,19.00\n"
    )
    (agent_.home / "products.csv").write_text(table, encoding="utf-8-sig")
    ledger = agent_.ledger()
    ledger.seen(SystemClock().now() + timedelta(days=365))
    ledger.close()
    refused = agent_("run", "--once")
    assert refused.code == 2 and "an earlier run has seen" in three_lines(refused)[0]
    begun: list[bool] = []

    def no_browser(*_facts: object, **_more: object) -> dict[str, object]:
        begun.append(True)
        raise ConfigError("no browser here")

    monkeypatch.setattr("agent.work.start._desks", no_browser)
    assert "no browser here" in three_lines(agent_("run", "--once", "--clock-is-right"))[0] and begun == [True]


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
