"""What a flow is: templates, steps (one frozen noun a verb, each with its line), and the pages a flow walks over.

A name in a step means a page, or a place of the page the flow is on. Import these from definition.py, which has them all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ValueName:
    """A value's name inside a template: `receiver.name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Template:
    """Text with any number of values: `<receiver.town><receiver.detail>`."""

    parts: tuple[str | ValueName, ...]
    line: int

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(part.name for part in self.parts if isinstance(part, ValueName))

    @property
    def only(self) -> str:
        """The value's name where the whole template is one value, else "": such a value may have several spellings."""
        return self.names[0] if len(self.parts) == 1 and self.names else ""

    @property
    def is_path(self) -> bool:
        """Whether it is values with a / between every two: the levels of a control that asks for one after the other."""
        between = self.parts[1::2]
        return len(self.names) > 1 and len(self.parts) == 2 * len(self.names) - 1 and all(part == "/" for part in between)

    def text(self, values: Mapping[str, str]) -> str:
        """The text with every value put in. Raises KeyError for a value not given."""
        return "".join(values[part.name] if isinstance(part, ValueName) else part for part in self.parts)

    def __str__(self) -> str:
        return "".join(f"<{part.name}>" if isinstance(part, ValueName) else part for part in self.parts)


Items = tuple[tuple[str, Template], ...]  # place or column, and what it is to hold


@dataclass(frozen=True, slots=True)
class Open:
    page: str
    line: int


@dataclass(frozen=True, slots=True)
class Fill:
    """`where` names the one row whose boxes are filled; without it the boxes are the page's own."""

    items: Items
    where: Items
    line: int


@dataclass(frozen=True, slots=True)
class Choose:
    items: Items
    line: int


@dataclass(frozen=True, slots=True)
class Tick:
    place: str
    wanted: bool
    where: Items
    line: int


@dataclass(frozen=True, slots=True)
class Click:
    """`where` names the one row whose columns show these values."""

    place: str
    where: Items
    line: int


@dataclass(frozen=True, slots=True)
class Press:
    key: str
    line: int


@dataclass(frozen=True, slots=True)
class Expect:
    """One of the targets comes: a page is here, a place shows, a list holds the one row that `where` says."""

    targets: tuple[str, ...]
    where: Items
    line: int


@dataclass(frozen=True, slots=True)
class ExpectGone:
    """With `where`: no row of the list shows these values."""

    target: str
    where: Items
    line: int


@dataclass(frozen=True, slots=True)
class Read:
    names: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of one thing on the page, for a person: a code to scan."""

    place: str
    line: int


@dataclass(frozen=True, slots=True)
class Commit:
    """The one click that writes. `browser_asks`: the words of the dialog it raises, "" for none."""

    place: str
    browser_asks: str
    line: int


@dataclass(frozen=True, slots=True)
class Clear:
    """Takes out of a list what an earlier attempt of ours left there: for each of those lines the rows `where` names.

    `browser_asks` as of a commit; `steps` are done after each click on the list's `remove`, where the page itself asks.
    """

    rows: str
    where: Items
    browser_asks: str
    steps: tuple[Step, ...]
    line: int


@dataclass(frozen=True, slots=True)
class ForEachLine:
    steps: tuple[Step, ...]
    line: int


@dataclass(frozen=True, slots=True)
class IfPresent:
    target: str
    steps: tuple[Step, ...]
    line: int


@dataclass(frozen=True, slots=True)
class DoneIf:
    target: str
    line: int


Step = (
    Open | Fill | Choose | Tick | Click | Press | Expect | ExpectGone | Read | Picture | Commit
    | Clear | ForEachLine | IfPresent | DoneIf
)  # fmt: skip

InRow = Fill | Tick | Click | Expect | ExpectGone | Clear  # the steps that may have a `where`


@dataclass(frozen=True, slots=True)
class Flow:
    name: str
    steps: tuple[Step, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Visit:
    """A step and the pages it may stand on when it begins (several after `expect: [a, b]`)."""

    step: Step
    pages: tuple[str, ...]
    in_lines: bool  # inside for_each_line
    nested: bool  # inside for_each_line or if_present


def walk(steps: tuple[Step, ...], start: tuple[str, ...], known: Collection[str]) -> tuple[tuple[Visit, ...], tuple[str, ...]]:
    """Every step in order, nested ones included, with the pages it may stand on; and the pages it all may end on.

    `start`: the pages before the first step. `known`: the names that are pages.
    """
    visits: list[Visit] = []
    pages = _follow(steps, start, known, visits, in_lines=False, nested=False)
    return tuple(visits), pages


def _follow(
    steps: tuple[Step, ...],
    pages: tuple[str, ...],
    known: Collection[str],
    visits: list[Visit],
    *,
    in_lines: bool,
    nested: bool,
) -> tuple[str, ...]:
    for step in steps:
        visits.append(Visit(step, pages, in_lines, nested))
        match step:
            case Open(page=page):
                pages = (page,)
            case Expect(targets=targets):
                there = tuple(target for target in targets if target in known)
                stays = pages if len(there) < len(targets) else ()
                pages = tuple(dict.fromkeys((*there, *stays)))
            case ForEachLine(steps=inner):
                pages = _follow(inner, pages, known, visits, in_lines=True, nested=True)
            case Clear(steps=inner):
                end = _follow(inner, pages, known, visits, in_lines=True, nested=True)
                pages = tuple(dict.fromkeys((*pages, *end)))
            case IfPresent(target=target, steps=inner):
                start = (target,) if target in known else pages
                end = _follow(inner, start, known, visits, in_lines=in_lines, nested=True)
                pages = tuple(dict.fromkeys((*(page for page in pages if page != target), *end)))
            case _:
                pass
    return pages


def targets_in(step: Step) -> tuple[str, ...]:
    """The names a step speaks of that may be pages."""
    match step:
        case Open(page=page):
            return (page,)
        case Expect(targets=targets):
            return targets
        case ExpectGone(target=target) | IfPresent(target=target) | DoneIf(target=target):
            return (target,)
        case _:
            return ()


def names_in(step: Step) -> tuple[str, ...]:
    """The names of places or pages a step speaks of; not the columns of its `where`, nor its nested steps."""
    match step:
        case Fill(items=items) | Choose(items=items):
            return tuple(name for name, _ in items)
        case Tick(place=place) | Commit(place=place) | Click(place=place) | Picture(place=place):
            return (place,)
        case Clear(rows=rows):
            return (rows,)
        case Expect(targets=targets):
            return targets
        case ExpectGone(target=target) | IfPresent(target=target) | DoneIf(target=target):
            return (target,)
        case Read(names=names):
            return names
        case _:
            return ()


def columns_in(step: Step) -> tuple[str, ...]:
    """The columns a step's `where` speaks of."""
    return tuple(name for name, _ in step.where) if isinstance(step, InRow) else ()


def templates_in(step: Step) -> tuple[Template, ...]:
    """The templates of a step, its nested steps' not."""
    match step:
        case Fill(items=items, where=where):
            return tuple(template for _, template in (*items, *where))
        case Choose(items=items):
            return tuple(template for _, template in items)
        case Click(where=where) | Expect(where=where) | ExpectGone(where=where) | Tick(where=where) | Clear(where=where):
            return tuple(template for _, template in where)
        case _:
            return ()
