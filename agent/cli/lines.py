"""Where a line may end: between two Chinese letters or at a blank, never inside a number, an English word or a `command`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len

# A `command` or a run of letters and digits with the signs that belong to it, or any other letter, with its brackets and stops.
_PIECE = re.compile(r"[（「《“(\[]*(?:`[^`\n]+`|[!-~]+|.)[，。；：、！？）」》”,.;:!?)\]]*")
_FACT = re.compile(r"(?: · )?(?:(?! · ).)+")
_WORD = re.compile(r"[0-9A-Za-z]+")


def wrapped(text: str, width: int) -> list[str]:
    """The lines of a text, none wider than so many columns (a Chinese letter takes two), but for one piece that is wider alone."""
    lines, line = [], ""
    for piece in _pieces(text, width):
        if line and cell_len(line) + cell_len(piece.rstrip()) > width:
            lines.append(line.rstrip())
            line, piece = "", piece.lstrip()
        line += piece
    return [*lines, line.rstrip()] if line.rstrip() or not lines else lines


def keys_wrapped(text: str, width: int) -> list[str]:
    """The lines of `key what it does · key what it does`: broken between two of them, and inside one only where it has no room alone."""
    lines: list[str] = []
    for fact in text.split(" · "):
        if lines and cell_len(lines[-1]) + cell_len(f" · {fact}") <= width:
            lines[-1] += f" · {fact}"
        else:
            lines += wrapped(fact, width)
    return lines


def _pieces(text: str, width: int) -> Iterator[str]:
    """What a line may not break: a short fact between two dots stays whole."""
    for fact in _FACT.findall(text):
        if cell_len(fact) * 2 <= width:
            yield fact
        else:
            yield from _PIECE.findall(fact)


def answer(typed: str, does: str, width: int) -> Iterator[str]:
    """A command to type, and what comes of it: on its own line where both have no room on one. The command is never broken."""
    whole = f"→ {typed}  {does}"
    if cell_len(whole) <= width:
        yield whole
        return
    yield f"→ {typed}"
    yield from (f"  {line}" for line in wrapped(does, width - 2))


def widest_word(text: str) -> int:
    """How many columns its longest number or English word takes."""
    return max((len(word) for word in _WORD.findall(text)), default=0)
