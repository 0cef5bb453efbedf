"""Every reason for which a person is asked is in the table, nothing else is, and its answers are commands that exist."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator

import pytest

from agent import errors
from agent.errors import AgentError, ConfigError
from agent.ledger import InboxItem
from agent.work.reasons import PLACES, REASONS, Reason
from tests.meta.source import MODULES, tree_of, wrong_with

ERRORS = {name: kind for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, AgentError)}
EACH = pytest.mark.parametrize("reason", REASONS.values(), ids=REASONS)


def asked(node: ast.Call) -> Iterator[str]:
    """The reason for which this call asks a person, now or where it is caught."""
    name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
    told = [keyword.value for keyword in node.keywords if keyword.arg == "reason"]
    kind = ERRORS.get(name)
    if name == "ask" and not told and isinstance(node.args[0], ast.Constant) and node.keywords:
        yield str(node.args[0].value)
    elif kind and not told and not kind.may_retry and not issubclass(kind, ConfigError):
        yield name
    elif kind or name in ("ask", "ask_to_buy_again", "hold_up"):
        yield from (each.value for one in told for each in ast.walk(one) if isinstance(each, ast.Constant) and each.value)


def test_the_table_holds_what_is_asked_and_nothing_else() -> None:
    calls = [node for path in MODULES for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]
    by_a_sites_words = {name for name, kind in errors.MEANINGS.items() if not kind.may_retry}
    assert {reason for node in calls for reason in asked(node)} | by_a_sites_words == set(REASONS)


@EACH
def test_it_has_answers_and_each_is_a_command_that_exists(reason: Reason) -> None:
    assert 1 <= len(reason.answers) <= 3
    assert not [wrong for answer in reason.answers for wrong in wrong_with(answer.command)]


@EACH
def test_only_known_places_are_filled_in(reason: Reason) -> None:
    told = {word for answer in reason.answers for word in answer.command.split() if word.isupper()}
    assert told <= {*PLACES, "NO", "NAME"}
    assert set(reason.by) <= set(InboxItem.__slots__)


def test_an_error_without_a_reason_has_the_name_of_its_class() -> None:
    assert errors.Mismatch("three is not four").reason == "Mismatch"
    assert errors.Mismatch("three is not four", reason="alike").reason == "alike"
