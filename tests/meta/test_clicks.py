"""There is one way to a click, past every stop and limit: nothing else in the program makes an attempt committing."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.meta.source import MODULES, ROOT, tree_of

# The note is written with no attempt: it is compared and read back, and twice is as good as once. It asks for itself.
OF_A_NOTE = "lambda _facts: run.ledger.refuse_paused(shop.account)"


def test_two_functions_alone_put_an_attempt_to_committing() -> None:
    """Before a click of ours, past every stop and limit; and where a person's hand has sent it already."""
    named = [
        (path.relative_to(ROOT).as_posix(), function.name)
        for path in MODULES
        for function in ast.walk(tree_of(path))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if (isinstance(node, ast.Attribute) and node.attr == "committing")
    ]
    assert named == [("agent/work/stops.py", "committing"), ("agent/work/stops.py", "sent_by_hand")]


def test_what_was_sent_by_hand_is_put_down_where_no_click_follows() -> None:
    used = [
        (path.relative_to(ROOT).as_posix(), function.name)
        for path in MODULES
        for function in ast.walk(tree_of(path))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and node.id == "sent_by_hand"
    ]
    assert used == [("agent/work/prove.py", "_as_clicked")]


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
