"""How a value is written into a YAML file of ours: as typed where that reads back as it was meant, else in quotes.

What needs quotes is asked of YAML itself and of slips.py, in a line like the one the value is for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Literal

import yaml

from agent.errors import ConfigError
from agent.sites import slips
from agent.words import _

Room = Literal["line", "item", "brackets", "braces", "name", "name_in_braces"]  # where a value stands

# A line like the one it is for, and what a reader must make of that.
_LINES: Mapping[Room, tuple[str, Callable[[str], object]]] = MappingProxyType(
    {
        "line": ("a: {}  # b", lambda value: {"a": value}),
        "item": ("- {}  # b", lambda value: [value]),
        "brackets": ("a: [{}, b]", lambda value: {"a": [value, "b"]}),
        "braces": ("a: {{b: {}, c: d}}", lambda value: {"a": {"b": value, "c": "d"}}),
        "name": ("{}: b", lambda value: {value: "b"}),
        "name_in_braces": ("a: {{{}: b}}", lambda value: {"a": {value: "b"}}),
    }
)


def spelled(value: str, room: Room, *, quoted: bool = False) -> str:
    """The value as it is written there; `quoted`: in quotes even where it needs none. Raises ConfigError where no line can hold it."""
    line, meant = _LINES[room]
    for text in _spellings(value, quoted or not value):
        if _read(line.format(text)) == meant(value):
            return text
    raise ConfigError(
        _("“{}” cannot be written into one line of a site file").format(ascii(value)[1:-1]),
        todo=_("Leave out line ends, tabs, full-width blanks and invisible characters."),
    )


def _spellings(value: str, quoted: bool) -> Iterator[str]:
    if not quoted:
        yield value
    if '"' not in value and "\\" not in value:
        yield f'"{value}"'
    yield "'" + value.replace("'", "''") + "'"


def _read(line: str) -> object:
    """What a reader makes of the line; None where it stumbles."""
    mended, found = slips.mend(line)
    if found or slips.scan(mended).slips:
        return None
    try:
        return yaml.load(line, Loader=yaml.BaseLoader)  # makes texts, lists and mappings only
    except yaml.YAMLError:
        return None
