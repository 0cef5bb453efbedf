"""Every error class is raised somewhere, gives advice, and prints as three lines; every advice names what exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from agent import errors, words
from agent.errors import MEANINGS, AgentError, Where
from agent.sites.contract import CONTRACTS
from agent.terms import FLOWS, plain
from tests.meta.source import MODULES, name_of, texts, tree_of, wrong_with

ALL = [
    kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, AgentError) and kind is not AgentError
]
ERRORS = pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)


def test_a_sites_message_means_what_its_name_says() -> None:
    assert {name: kind.__name__ for name, kind in MEANINGS.items() if kind.__name__ != name} == {"SiteUnavailable": "PageLost"}
    assert all(issubclass(kind, getattr(errors, name)) for name, kind in MEANINGS.items())


@ERRORS
def test_it_is_raised_somewhere(kind: type[AgentError]) -> None:
    made = {
        node.func.id
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert kind.__name__ in made


@ERRORS
def test_it_has_advice_of_its_own_and_three_lines(kind: type[AgentError]) -> None:
    error = kind("what", where=Where(account="mall-main", flow="read_order", step=2, steps=5, file=Path("mall.yaml"), line=7))
    assert error.lines() == ("what (mall-main · read_order · step 2 of 5)", "mall.yaml, line 7", error.advice)
    assert error.advice and error.advice != AgentError("").advice


def test_what_fails_of_the_machine_is_never_put_down_to_an_order_or_an_account() -> None:
    """Wherever a run catches an AgentError, or everything, the handler before it lets MachineFailed pass."""
    caught = [
        (name_of(path), node.lineno, [ast.unparse(handler.type) for handler in node.handlers if handler.type])
        for path in MODULES
        if name_of(path).startswith("agent.work")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Try)
    ]
    broad = [(name, line, kinds) for name, line, kinds in caught if {"AgentError", "ConfigError"} & set(kinds)]
    assert len(broad) > 5
    assert not [each for each in broad if each[2][0] != "MachineFailed"]


def test_every_flow_has_a_name_that_a_seller_understands() -> None:
    assert set(FLOWS) == {flow for flows in CONTRACTS.values() for flow in flows}
    words.use("zh")
    try:
        error = AgentError("what", where=Where(flow="fill_order"))
        assert [flow for flow in FLOWS if plain(FLOWS, flow) == flow] == [] and "fill_order" not in error.lines()[0]
    finally:
        words.use("en")


def test_texts_name_only_commands_that_exist() -> None:
    lines = [line for text in texts() for line in re.findall(r"`(agent [^`]+)`", text)]
    assert lines
    assert not [wrong for line in lines for wrong in wrong_with(line)]
