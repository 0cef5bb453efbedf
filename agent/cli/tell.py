"""How things are printed: one console, tables that fit, errors in three lines, JSON with a version."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from agent.cli.lines import answer, keys_wrapped, widest_word, wrapped
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


def columns() -> int | None:
    """How wide the terminal is now; None where standard output is none."""
    out = console()
    return out.width if out.is_terminal else None


def say_whole(text: str, right: int = 0) -> None:
    """The same, so many columns to the right, and broken between words where the terminal ends."""
    width = columns()
    _lines(console(), right, "", [text] if width is None else wrapped(text, width - right))


def say_keys(text: str, right: int = 0) -> None:
    """`key what it does · key what it does`, broken between two of them where the terminal ends."""
    width = columns()
    _lines(console(), right, "", [text] if width is None else keys_wrapped(text, width - right))


def say_progress(text: str) -> None:
    """For a person who waits, where standard output is for a machine."""
    console(err=True).print(escape(text))


def say_error(error: AgentError) -> None:
    """The three lines of an error, on standard error. Several mistakes in files are listed one by one."""
    out = console(err=True)
    for right, style, text in _error(error):
        _lines(out, right, style, wrapped(text, out.width - right) if out.is_terminal else [text])


def _error(error: AgentError) -> Iterator[tuple[int, str, str]]:
    if isinstance(error, Problems):
        for problem in error.problems:
            yield 0, "red", f"{problem.file}:{problem.line}: {problem.what}"
            if problem.suggestion:
                yield 2, "", f"→ {problem.suggestion}"
        return
    what, where, todo = error.lines()
    yield from ((0, "bold red", what), (2, "", where), (2, "", f"→ {todo}"))


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, title: str = "") -> None:
    """A table without its empty columns; where it would be too narrow to read, one block a row. An empty one is only its title."""
    out = _fitting()
    kept = [at for at in range(len(headings)) if not rows or any(row[at] for row in rows)]
    whole = {at for at in kept if rows and all(len(row[at]) <= LONGEST_NUMBER and row[at].isascii() for row in rows)}
    least = {at: max((_least(row[at], at in whole) for row in rows), default=0) for at in kept}
    wide = sum(max(least[at], min(_widest((headings[at], *(row[at] for row in rows))), NARROWEST_TEXT)) for at in kept)
    if rows and wide + FRAME * len(kept) > out.width:
        _blocks(out, headings, rows, title)
        return
    grid = Table(title=escape(title) or None, title_justify="left", header_style="bold")
    for at in kept:  # an order number is never cut in two
        grid.add_column(escape(headings[at]), overflow="fold", no_wrap=at in whole, min_width=least[at] or None)
    for row in rows:
        grid.add_row(*(escape(row[at]) for at in kept))
    out.print(grid)


def _least(cell: str, whole: bool) -> int:
    """The columns that a cell needs so that no number in it is cut; longer words than a number may be."""
    return len(cell) if whole else min(widest_word(cell), LONGEST_NUMBER)


def _widest(cells: Iterable[str]) -> int:
    return max(cell_len(line) for cell in cells for line in cell.split("\n"))


def _fitting() -> Console:
    """As wide as the terminal, a file wider."""
    out = Console(highlight=False)
    if not out.is_terminal:
        out.width = max(out.width, WIDTH_OF_A_FILE)
    return out


def _blocks(out: Console, headings: Sequence[str], rows: Sequence[Sequence[str]], title: str) -> None:
    if title:
        _lines(out, 0, "bold", [title])
    for row in rows:
        _lines(out, 0, "bold", [f"{headings[0]} {row[0]}"])
        for heading, cell in zip(headings[1:], row[1:], strict=True):
            if cell:
                _lines(out, 2, "", wrapped(f"{heading}: {cell.replace(chr(10), ' · ')}", out.width - 2))


def paragraphs(lines: Iterable[tuple[int, str, str]]) -> None:
    """(columns to the right, style, text) each: broken where the terminal ends, and the next line as far to the right."""
    out = _fitting()
    for right, style, text in lines:
        _lines(out, right, style, wrapped(text, out.width - right))


def answers(commands: Iterable[tuple[str, str]], right: int = 0) -> None:
    """(what to type, what comes of it) each, so many columns to the right. A command can be copied in one piece."""
    out = _fitting()
    for typed, does in commands:
        _lines(out, right, "", answer(typed, does, out.width - right))


def _lines(out: Console, right: int, style: str, lines: Iterable[str]) -> None:
    """What is still too wide for the terminal is left to it, so that it is copied in one piece."""
    for line in lines:
        out.print(" " * right + escape(line), style=style or None, soft_wrap=True)


def as_json(kind: str, rows: Sequence[Mapping[str, Any]] | Mapping[str, Any], **beside: Any) -> None:
    """`{"version": 1, kind: …}` on standard output, and what stands `beside` it; money in 分, times ISO 8601."""
    print(json.dumps({"version": JSON_VERSION, kind: rows, **beside}, ensure_ascii=False, indent=2, default=str))
