"""There is one way to a click, past every stop and limit: nothing else in the program makes an attempt committing."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.meta.source import MODULES, ROOT, tree_of

# The note is written with no attempt: it is compared and read back, and twice is as good as once. It asks for itself.
OF_A_NOTE = "lambda _facts: run.ledger.refuse_paused(shop.account)"


def test_one_function_alone_puts_an_attempt_to_committing() -> None:
    """`committing` of anything is asked for in one file, and called there once."""
    named = [
        (path.relative_to(ROOT).as_posix(), ast.unparse(node))
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.Attribute) and node.attr == "committing")
    ]
    assert named == [("agent/work/stops.py", "run.ledger.committing")]


def test_one_click_alone_calls_that_function() -> None:
    used = [
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Name) and node.id == "committing"
    ]
    assert used == ["agent/work/prove.py"]


def test_every_commit_of_a_desk_asks_at_its_last_moment() -> None:
    """A commit is handed over as a function of its `record`, which is that of prove.click."""
    commits = [
        (path, node)
        for path in MODULES
        if path.is_relative_to(ROOT / "agent" / "work")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert {path.name for path, _node in commits} >= {"prove.py", "ship.py"}
    for path, node in commits:
        assert ast.unparse(node.args[-1]) == (OF_A_NOTE if path.name == "note.py" else "record"), _told(path, node)


def test_no_sql_outside_the_journal_moves_an_attempt_there() -> None:
    wrong = [
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        if "state = 'committing'" in path.read_text(encoding="utf-8") and path.name != "journal.py"
    ]
    assert wrong == []


def _told(path: Path, node: ast.Call) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node)}"
