"""The watcher in the terminal: a commit that nobody said yes to is not done, whatever else was struck."""

from __future__ import annotations

import pytest

from agent.browser.watching import StepInfo
from agent.cli import step
from agent.cli.step import TerminalWatcher
from agent.errors import LeftByPerson

COMMIT = StepInfo("mall", "submit_order", 1, 3, "commit", (), "", 1, commits=True)


def answered(monkeypatch: pytest.MonkeyPatch, word: str, *, dry: bool = False) -> TerminalWatcher:
    monkeypatch.setattr(step, "_asked", lambda *_facts: word)
    watcher = TerminalWatcher(stepping=True, dry=dry)
    watcher.confirm("Place this order?", [("total", "20.00", "19.80")])
    return watcher


def test_a_yes_lets_exactly_one_commit_through(monkeypatch: pytest.MonkeyPatch) -> None:
    watcher = answered(monkeypatch, "yes")
    assert watcher.step(COMMIT) is False, "its yes was given already"
    with pytest.raises(LeftByPerson):
        watcher.step(COMMIT)


@pytest.mark.parametrize(("word", "dry"), [("", False), ("y", False), ("g", False), ("yes", True)])
def test_anything_else_is_no(monkeypatch: pytest.MonkeyPatch, word: str, dry: bool) -> None:
    with pytest.raises(LeftByPerson):
        answered(monkeypatch, word, dry=dry).step(COMMIT)


def test_going_on_by_itself_is_no_yes() -> None:
    with pytest.raises(LeftByPerson):
        TerminalWatcher(stepping=True, free=True).step(COMMIT)
