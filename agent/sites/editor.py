"""One value of a site file changed in place: nothing else in the file moves.

Where a value begins and ends is told by YAML's own marks; the text around it stays as it was typed, with its comments, blanks,
line ends and byte order mark. Knows no data folder: where a file lies and where its old versions go is told.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import yaml

from agent.errors import ConfigError, Where
from agent.sites import slips
from agent.sites.copies import GUESS, guessed
from agent.sites.document import At, Data
from agent.sites.grammar import LIST_LOCATORS, RESERVED
from agent.sites.paths import Found, at, followed, no_value, typed, unknown
from agent.sites.quoting import Room, spelled
from agent.sites.saving import save
from agent.words import _

__all__ = ["Found", "at", "changed", "followed", "lines_changed", "save", "several_changed", "typed"]

_TOP_LOCATORS = ("signed_in_as", "busy", "in_the_way")
_LOCATED = (*LIST_LOCATORS, "here_if", "find", "inside", "options", "row_count")
_NOT_GROWN = ((), ("pages",), ("words",))  # what could be added there is more than one value

Edit = tuple[int, int, str]  # from, to, and what stands there instead


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a value stands: its node, the node around it, and the name it stands behind (None in a list)."""

    keys: At
    node: yaml.Node
    around: yaml.Node
    name: yaml.Node | None

    @property
    def line(self) -> int:
        return int((self.name or self.node).start_mark.line) + 1

    @property
    def room(self) -> Room:
        flow = bool(getattr(self.around, "flow_style", False))
        if self.name is None:
            return "brackets" if flow else "item"
        return "braces" if flow else "line"


def changed(text: str, path: str, value: str | Sequence[str], *, seen: bool = False, file: Path | None = None) -> str:
    """The text with this value at the path, several as a list; a word that its page or list does not have yet is put at the end.

    `seen`: a person has seen what is written, so `# guess` behind it is taken off; else it stays, and what is added gets one.
    Raises ConfigError, which names the `file`, for a path that leads to no single value, and for a value that no line can hold.
    """
    values = (value,) if isinstance(value, str) else tuple(value)
    line = 0
    try:
        root = _composed(text)
        keys, rest = followed(_data(root), path)
        spot = _spot(root, keys)
        line = spot.line
        edits = _added(text, root, spot, rest, values, seen) if rest else _replaced(text, spot, values, seen)
    except ConfigError as error:
        error.at(file=file, line=line)
        raise
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def several_changed(text: str, values: Mapping[str, tuple[str, bool]]) -> str:
    """The text with each of these values, and whether it was seen, at its path; each stands in a line of its own already.

    Raises ConfigError as `changed` does.
    """
    root = _composed(text)
    data = _data(root)
    edits: list[Edit] = []
    for path, (value, seen) in values.items():
        keys, rest = followed(data, path)
        if rest:
            raise unknown(data, keys, rest)
        edits += _replaced(text, _spot(root, keys), (value,), seen)
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def lines_changed(before: str, new: str) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """The lines that one text has and the other has not, each with its number: of the text before, and of the new one."""
    old_lines, new_lines = (text.replace("\r\n", "\n").split("\n") for text in (before, new))
    steps = difflib.SequenceMatcher(a=old_lines, b=new_lines, autojunk=False).get_opcodes()
    other = [step for step in steps if step[0] != "equal"]
    gone = [(at + 1, old_lines[at]) for _tag, first, last, _a, _b in other for at in range(first, last)]
    come = [(at + 1, new_lines[at]) for _tag, _a, _b, first, last in other for at in range(first, last)]
    return gone, come


def _composed(text: str) -> yaml.Node:
    try:
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        slip = slips.explain(error, text)
        raise ConfigError(slip.what, where=Where(line=slip.line), todo=slip.suggestion) from error
    if not isinstance(root, yaml.MappingNode):
        raise ConfigError(_("the file is a list or a single word"), todo=_("Write `name: value` lines."))
    return root


def _data(node: yaml.Node) -> Data:
    if isinstance(node, yaml.MappingNode):
        return {str(name.value): _data(value) for name, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_data(item) for item in node.value]
    return str(node.value).removesuffix("\n") if getattr(node, "style", "") in ("|", ">") else str(node.value)


def _spot(root: yaml.Node, keys: At) -> _Spot:
    spot = _Spot((), root, root, None)
    for key in keys:
        here = spot.node
        if isinstance(key, int):
            spot = _Spot((*spot.keys, key), here.value[key], here, None)
        else:
            name, value = next(pair for pair in here.value if pair[0].value == key)
            spot = _Spot((*spot.keys, key), value, here, name)
    return spot


def _replaced(text: str, spot: _Spot, values: Sequence[str], seen: bool) -> list[Edit]:
    node = spot.node
    if isinstance(node, yaml.SequenceNode) and all(isinstance(item, yaml.ScalarNode) for item in node.value):
        if node.flow_style:
            source = _kept(text, node, values) or _in_brackets(values)
            return [_in_line(text, node, source, seen)]
        return _list_replaced(text, spot, values, seen)
    if not isinstance(node, yaml.ScalarNode):
        raise no_value(spot.keys, _data(node))
    if len(values) == 1:
        source = _kept(text, node, values) or spelled(values[0], spot.room, quoted=_always_quoted(spot.keys))
        return [_in_line(text, node, source, seen)]
    if spot.name is None or (spot.room == "line" and not values and _takes_locators(spot.keys)):
        raise ConfigError(
            _("`{}` takes one value").format(typed(spot.keys)), todo=_("Several are given to the whole list, without a number.")
        )
    if spot.room == "braces" or not _takes_locators(spot.keys):
        return [_in_line(text, node, _in_brackets(values), seen)]
    return [_one_made_several(text, spot, spot.name, values, seen)]


def _kept(text: str, node: yaml.Node, values: Sequence[str]) -> str:
    """What is written there, where it says these values already."""
    said = [_data(item) for item in ([node] if isinstance(node, yaml.ScalarNode) else node.value)]
    return text[node.start_mark.index : _end(text, node)] if said == list(values) else ""


def _in_brackets(values: Iterable[str]) -> str:
    return f"[{', '.join(spelled(value, 'brackets') for value in values)}]"


def _in_line(text: str, node: yaml.Node, source: str, seen: bool) -> Edit:
    """The value in its line; a comment behind it stays in its column where there is room."""
    start, end = node.start_mark.index, _end(text, node)
    stop = _line_end(text, end)
    comment = text[end:stop].lstrip()
    if comment[:1] not in ("", "#"):
        return start, end, source
    told = _unguessed(comment) if seen else comment
    if not comment or (told == comment and source == text[start:end]):
        return start, end, source
    column = _width(text[_line_start(text, end) : stop - len(comment)])
    before = text[_line_start(text, start) : start]
    return start, stop, _with_comment(before + source, told, column).removeprefix(before)


def _list_replaced(text: str, spot: _Spot, values: Sequence[str], seen: bool) -> list[Edit]:
    """The lines of a list: those that stay as they are, changed ones, those gone, and new ones behind the one before them."""
    items = spot.node.value
    if not values:
        raise ConfigError(
            _("`{}` needs at least one value").format(typed(spot.keys)), todo=_("Delete its lines in the file itself.")
        )
    if len(values) == 1 < len(items) and spot.name and not _said_between(text, spot):
        return [_several_made_one(text, spot, spot.name, values[0], seen)]
    indent = spot.node.start_mark.column
    partners = _partners([item.value for item in items], values)
    edits = [_line_gone(text, item) for number, item in enumerate(items) if number not in partners]
    new: dict[int, list[str]] = {}
    last = -1
    for value, partner in zip(values, partners, strict=True):
        if partner is None:
            new.setdefault(last, []).append(_item(indent, value, GUESS if _takes_locators(spot.keys) and not seen else ""))
            continue
        last = partner
        source = _kept(text, items[partner], [value]) or spelled(value, "item")
        edits.append(_in_line(text, items[partner], source, seen))
    for behind, lines in new.items():
        edits.append(
            _lines_put(text, _line_end(text, _end(text, items[behind])), lines)
            if behind >= 0
            else _before(text, items[0], lines)
        )
    return edits


def _one_made_several(text: str, spot: _Spot, name: yaml.Node, values: Sequence[str], seen: bool) -> Edit:
    """`key: value` made a list, one a line after a dash; a `# guess` goes along to what stood there."""
    colon, end = _name_end(text, name), _end(text, spot.node)
    stop = _line_end(text, end)
    comment = text[end:stop].strip()
    told = _unguessed(comment)
    mark = comment.removeprefix("#").strip() if told != comment and not seen else ""
    head = text[_line_start(text, colon) : colon]
    column = _width(text[_line_start(text, end) : stop]) - _width(comment)
    marks = [mark if partner is not None else "" if seen else GUESS for partner in _partners([spot.node.value], values)]
    lines = [_item(name.start_mark.column + 2, value, mark) for value, mark in zip(values, marks, strict=True)]
    first = _with_comment(head, "" if mark else told, column).removeprefix(head)
    return colon, stop, first + "".join(_line_break(text, stop) + line for line in lines)


def _said_between(text: str, spot: _Spot) -> bool:
    """Whether a comment stands behind the name of a list or on a line of its own in it: then it stays a list."""
    start, items = _name_end(text, spot.name), spot.node.value
    gaps = [text[start : items[0].start_mark.index]]
    gaps += [text[_line_end(text, _end(text, one)) : two.start_mark.index] for one, two in pairwise(items)]
    return any("#" in gap for gap in gaps)


def _several_made_one(text: str, spot: _Spot, name: yaml.Node, value: str, seen: bool) -> Edit:
    """A list made `key: value`, with the comment of the line whose place it takes."""
    items, colon = spot.node.value, _name_end(text, name)
    said = [item.value for item in items]
    partner = items[said.index(value) if value in said else 0]
    end = _end(text, partner)
    comment = text[end : _line_end(text, end)].strip()
    column = _width(text[_line_start(text, end) : _line_end(text, end)]) - _width(comment)
    head = text[_line_start(text, colon) : colon]
    source = text[partner.start_mark.index : end] if partner.value == value else spelled(value, "line")
    line = _with_comment(f"{head} {source}", _unguessed(comment) if seen else comment, column)
    return colon, _line_end(text, _end(text, items[-1])), line.removeprefix(head)


def _name_end(text: str, name: yaml.Node | None) -> int:
    """Behind the colon of a name."""
    return text.index(":", name.end_mark.index) + 1 if name else 0


def _partners(old: Sequence[str], new: Sequence[str]) -> list[int | None]:
    """For each new value the number of the old one whose line it takes; None where it needs a line of its own."""
    found: list[int | None] = []
    for _tag, first, last, begin, stop in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        found += [first + number if first + number < last else None for number in range(stop - begin)]
    return found


def _added(text: str, root: yaml.Node, spot: _Spot, rest: str, values: Sequence[str], seen: bool) -> list[Edit]:
    """A word that is not there yet, behind the last one of what is around it."""
    around, keys = spot.node, spot.keys
    several_words = "." in rest and keys != ("messages",)  # there the words of a site are names
    if not isinstance(around, yaml.MappingNode) or keys in _NOT_GROWN or keys[0] == "flows" or several_words:
        raise unknown(_data(root), keys, rest)
    where = (*keys, rest)
    if around.flow_style:
        return [_into_braces(around, rest, values)]
    located = _takes_locators(where)
    mark = GUESS if (located or rest == "open_at") and not seen else ""
    indent = around.value[0][0].start_mark.column
    name = f"{' ' * indent}{spelled(rest, 'name')}:"
    if len(values) > 1 and located:
        lines = [name, *(_item(indent + 2, value, mark) for value in values)]
    else:
        said = spelled(values[0], "line", quoted=_always_quoted(where)) if len(values) == 1 else _in_brackets(values)
        lines = [_marked(f"{name} {said}", mark)]
    return [_lines_put(text, _line_end(text, _end(text, around)), lines)]


def _into_braces(around: yaml.Node, name: str, values: Sequence[str]) -> Edit:
    said = spelled(values[0], "braces") if len(values) == 1 else _in_brackets(values)
    words = f"{spelled(name, 'name_in_braces')}: {said}"
    if not around.value:
        return around.start_mark.index + 1, around.start_mark.index + 1, words
    end = around.value[-1][1].end_mark.index
    return end, end, f", {words}"


def _item(indent: int, value: str, mark: str) -> str:
    return _marked(f"{' ' * indent}- {spelled(value, 'item')}", mark)


def _marked(line: str, mark: str) -> str:
    return guessed(line).removesuffix(GUESS) + mark if mark else line


def _with_comment(line: str, comment: str, column: int) -> str:
    """The comment in this column, or further to the right where the line is too long."""
    return f"{line}{' ' * max(2, column - _width(line))}{comment}" if comment else line


def _unguessed(comment: str) -> str:
    """`# guess` gone, `# guess: where` as `# where`."""
    told = comment.removeprefix("#").strip()
    if not told.lower().startswith(GUESS):
        return comment
    more = told[len(GUESS) :].lstrip(" :：,，;；-–")
    return f"# {more}" if more else ""


def _line_gone(text: str, item: yaml.Node) -> Edit:
    start, stop = _line_start(text, item.start_mark.index), _line_end(text, _end(text, item))
    behind = stop + len(_break_at(text, stop))
    if behind > stop:
        return start, behind, ""
    return _line_end(text, start - 1), stop, ""  # the last line of the file: the break before it goes


def _lines_put(text: str, stop: int, lines: Iterable[str]) -> Edit:
    return stop, stop, "".join(_line_break(text, stop) + line for line in lines)


def _before(text: str, item: yaml.Node, lines: Iterable[str]) -> Edit:
    start = _line_start(text, item.start_mark.index)
    return start, start, "".join(line + _line_break(text, item.start_mark.index) for line in lines)


def _takes_locators(keys: At) -> bool:
    names = [key for key in keys if isinstance(key, str)]
    if names[0] in _TOP_LOCATORS:
        return len(names) == 1 or names[-1] in _LOCATED
    return names[0] == "pages" and len(names) > 2 and (names[-1] in _LOCATED or names[-1] not in RESERVED)


def _always_quoted(keys: At) -> bool:
    return keys[-1] == "part" and keys[0] in ("pages", "signed_in_as")


def _end(text: str, node: yaml.Node) -> int:
    """Behind the last sign of what stands there; YAML itself counts blank lines and comments behind a list to it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    start, end = node.start_mark.index, node.end_mark.index
    return start + len(text[start:end].rstrip()) if getattr(node, "style", "") in ("|", ">") else end


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _line_end(text: str, index: int) -> int:
    """Before the line's own break."""
    stop = text.find("\n", index)
    if stop < 0:
        return len(text)
    return stop - 1 if text[stop - 1 : stop] == "\r" else stop


def _break_at(text: str, stop: int) -> str:
    return next((sign for sign in ("\r\n", "\n") if text.startswith(sign, stop)), "")


def _line_break(text: str, index: int) -> str:
    """How lines end here; at the end of a file as they do in it."""
    return _break_at(text, _line_end(text, index)) or ("\r\n" if "\r\n" in text else "\n")


def _width(text: str) -> int:
    """Columns on a screen: a Chinese letter takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
