"""How things are printed: one console, tables that fit, errors in three lines, JSON with a version."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from agent.errors import AgentError
from agent.sites.document import Problems

JSON_VERSION = 1
LONGEST_NUMBER = 20
NARROWEST_TEXT = 20  # columns of a terminal in which a sentence can still be read
FRAME = 3  # columns that a table's lines and blanks take for each of its own
WIDTH_OF_A_FILE = 160


def consoles_print_anything() -> None:
    """A GBK console asked to print an emoji shows a question mark instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def console(*, err: bool = False) -> Console:
    return Console(stderr=err, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    console().print(escape(text))


def say_progress(text: str) -> None:
    """For a person who waits, where standard output is for a machine."""
    console(err=True).print(escape(text))


def say_error(error: AgentError) -> None:
    """The three lines of an error, on standard error. Several mistakes in files are listed one by one."""
    out = console(err=True)
    if isinstance(error, Problems):
        for problem in error.problems:
            out.print(escape(f"{problem.file}:{problem.line}: {problem.what}"), style="red")
            if problem.suggestion:
                out.print(escape(f"  → {problem.suggestion}"))
        return
    what, where, todo = error.lines()
    out.print(escape(what), style="bold red")
    out.print(escape(f"  {where}"))
    out.print(escape(f"  → {todo}"))


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, title: str = "") -> None:
    """A table without its empty columns; where it would be too narrow to read, one block a row. An empty one is only its title."""
    out = Console(highlight=False)
    if not out.is_terminal:
        out.width = max(out.width, WIDTH_OF_A_FILE)
    kept = [at for at in range(len(headings)) if not rows or any(row[at] for row in rows)]
    whole = {at for at in kept if rows and all(len(row[at]) <= LONGEST_NUMBER and row[at].isascii() for row in rows)}
    wide = sum(max(len(row[at]) for row in rows) for at in whole) + NARROWEST_TEXT * (len(kept) - len(whole))
    if rows and wide + FRAME * len(kept) > out.width:
        _blocks(out, headings, rows, title)
        return
    grid = Table(title=escape(title) or None, title_justify="left", header_style="bold")
    for at in kept:
        grid.add_column(escape(headings[at]), overflow="fold", no_wrap=at in whole)  # an order number is never cut in two
    for row in rows:
        grid.add_row(*(escape(row[at]) for at in kept))
    out.print(grid)


def _blocks(out: Console, headings: Sequence[str], rows: Sequence[Sequence[str]], title: str) -> None:
    if title:
        out.print(escape(title), style="bold")
    for row in rows:
        out.print(escape(f"{headings[0]} {row[0]}"), style="bold")
        for heading, cell in zip(headings[1:], row[1:], strict=True):
            if cell:
                lines = cell.replace("\n", " · ")
                out.print(Padding(escape(f"{heading}: {lines}"), (0, 0, 0, 2)))


def paragraphs(lines: Iterable[tuple[int, str, str]]) -> None:
    """(columns to the right, style, text) each: broken where the terminal ends, and the next line as far to the right."""
    out = Console(highlight=False)
    if not out.is_terminal:
        out.width = max(out.width, WIDTH_OF_A_FILE)
    for right, style, text in lines:
        out.print(Padding(escape(text), (0, 0, 0, right)), style=style or None)


def as_json(kind: str, rows: Sequence[Mapping[str, Any]] | Mapping[str, Any], **beside: Any) -> None:
    """`{"version": 1, kind: …}` on standard output, and what stands `beside` it; money in 分, times ISO 8601."""
    print(json.dumps({"version": JSON_VERSION, kind: rows, **beside}, ensure_ascii=False, indent=2, default=str))
