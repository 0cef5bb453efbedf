"""The program's own source, as the tests of this folder look at it: files, trees, imports, the texts a person reads."""

from __future__ import annotations

import ast
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
from babel.messages.extract import extract

from agent.cli.main import cli

ROOT = Path(__file__).resolve().parents[2]
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
MODULES = sorted((ROOT / "agent").rglob("*.py"))


def name_of(path: Path) -> str:
    """`agent/work/buy.py` → agent.work.buy; a room's `__init__.py` → agent.work."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports_of(path: Path) -> frozenset[str]:
    """The modules that a file imports, wherever in it; `from agent.work import prove` is both agent.work and agent.work.prove."""
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            found.add(module)
            found.update(f"{module}.{alias.name}" for alias in node.names)
    return frozenset(found)


def imports(path: Path, package: str) -> bool:
    return any(name == package or name.startswith(package + ".") for name in imports_of(path))


@cache
def texts() -> dict[str, str]:
    """Every text marked for the catalogue, and the file that says it first."""
    found: dict[str, str] = {}
    for path in MODULES:
        with path.open("rb") as file:
            for _line, message, _comments, _context in extract("python", file, keywords={"_": None, "later": None}):
                found.setdefault(str(message), name_of(path))
    return found


def wrong_with(command_line: str) -> Iterator[str]:
    """What is not true of a command line that somebody is told to type, as `agent resolve {} --not-placed`."""
    words = shlex.split(command_line.replace("…", ""))
    if not words or words[0] != "agent":
        return
    options = {option for param in cli.params for option in param.opts}
    command: click.Command | None = None
    for word in words[1:]:
        if word.startswith("-"):
            if word not in options | {"--help"}:
                yield f"{command_line}: no option {word}"
        elif isinstance(command, click.Group) and word in command.commands:
            command = command.commands[word]
            options = {option for param in command.params for option in param.opts}
        elif command is None and word.islower() and word.isascii():
            command = cli.commands.get(word)
            if command is None:
                yield f"{command_line}: no command {word}"
                return
            options = {option for param in command.params for option in param.opts}
