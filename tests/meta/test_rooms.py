"""Imports run one way, and each room alone touches its one thing."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.meta.source import MODULES, imports, imports_of, name_of, tree_of

# What a part of the program may import of ours; longest name first. What stands at the base knows only the base.
MAY = {
    "agent.words": (),
    "agent.models": (),
    "agent.errors": ("agent.words", "agent.terms"),
    "agent.terms": ("agent.words", "agent.models"),
    "agent.provinces": (),
    "agent.clock": ("agent.models",),
    "agent.log": ("agent.words",),
    "agent.home": ("agent.errors", "agent.words"),
    "agent.secrets": ("agent.errors", "agent.words"),
    "agent.config_checks": ("agent.config", "agent.sites", "agent.words", "agent.provinces"),  # of agent.config its type alone
    "agent.config_rates": ("agent.sites", "agent.models", "agent.words"),
    "agent.config": (
        *("agent.config_checks", "agent.config_rates", "agent.home", "agent.sites"),
        *("agent.models", "agent.errors", "agent.words"),
    ),
    "agent.sites": ("agent.sites", "agent.models", "agent.errors", "agent.words", "agent.terms"),
    "agent.ledger": ("agent.ledger", "agent.models", "agent.errors", "agent.words", "agent.terms"),
    "agent.browser": (
        *("agent.browser", "agent.sites", "agent.config"),
        *("agent.models", "agent.errors", "agent.words", "agent.terms", "agent.clock", "agent.log"),
    ),
    "agent.work": (
        *("agent.work", "agent.browser", "agent.ledger", "agent.sites", "agent.config", "agent.home", "agent.secrets"),
        *("agent.models", "agent.errors", "agent.words", "agent.terms", "agent.clock", "agent.log"),
        "agent.provinces",
    ),
    "agent.cli": ("agent",),
    "agent.__main__": ("agent.cli",),
    "agent": (),
}

ONLY = {
    "playwright": ("agent.browser",),
    "sqlite3": ("agent.ledger",),
    "sqlite_utils": ("agent.ledger",),
    "yaml": ("agent.sites", "agent.secrets"),
    "keyring": ("agent.secrets",),
    "polib": ("agent.words",),
    "click": ("agent.cli",),
    "rich": ("agent.cli",),
    "jinja2": ("agent.cli",),
    "openpyxl": ("agent.work", "agent.sites"),
    "apprise": ("agent.work",),
}

THE_PROGRAM = pytest.mark.parametrize("path", MODULES, ids=name_of)


def within(name: str, parts: tuple[str, ...]) -> bool:
    return any(name == part or name.startswith(part + ".") for part in parts)


@THE_PROGRAM
def test_imports_run_one_way(path: Path) -> None:
    room = max((part for part in MAY if within(name_of(path), (part,))), key=len)
    # `from agent.words import _` is known as agent.words and as agent.words._; the first is enough to judge it.
    ours = {name for name in imports_of(path) if within(name, ("agent",))} - {"agent"}
    assert not {name for name in ours if not within(name, MAY[room])}, f"{room} may not import these"


@THE_PROGRAM
def test_nothing_is_imported_by_a_relative_name(path: Path) -> None:
    assert not [name for name in imports_of(path) if name.startswith(".")]


@THE_PROGRAM
def test_each_room_alone_touches_its_one_thing(path: Path) -> None:
    touched = [package for package, rooms in ONLY.items() if imports(path, package) and not within(name_of(path), rooms)]
    assert not touched


@pytest.mark.parametrize("package", ONLY)
def test_what_is_kept_to_a_room_is_used_there(package: str) -> None:
    assert any(imports(path, package) for path in MODULES), f"nothing imports {package} any more: drop it from the table"


@THE_PROGRAM
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree_of(path)), "no docstring"
