"""The steps of a flow in plain words, each with its line, those inside others further to the right. Prints nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from agent.sites.definition import (
    Choose,
    Clear,
    Click,
    Commit,
    DoneIf,
    Expect,
    ExpectGone,
    Fill,
    ForEachLine,
    IfPresent,
    Items,
    Open,
    Picture,
    Press,
    Read,
    Step,
    Tick,
)
from agent.words import _


def told(steps: tuple[Step, ...], right: int = 0) -> Iterator[tuple[int, int, str]]:
    """(columns to the right, line of the file, words) each."""
    for step in steps:
        yield right, step.line, said(step)
        if isinstance(step, ForEachLine | IfPresent | Clear):
            yield from told(step.steps, right + 4)


def plain_steps(steps: tuple[Step, ...]) -> list[dict[str, Any]]:
    """As `--json` has them."""
    return [
        {"line": step.line, "says": said(step)}
        | ({"steps": plain_steps(step.steps)} if isinstance(step, ForEachLine | IfPresent | Clear) else {})
        for step in steps
    ]


def said(step: Step) -> str:
    """One step as a person says it."""
    match step:
        case Open(page=page):
            return _("open the page {}").format(page)
        case Fill(items=items, where=where):
            return _in_row(where) + _listed(
                _("fill {place} with {text}").format(place=place, text=text) for place, text in items
            )
        case Choose(items=items):
            return _listed(_("choose {text} at {place}").format(place=place, text=text) for place, text in items)
        case Tick(place=place, wanted=wanted, where=where):
            return _in_row(where) + (_("tick {}") if wanted else _("take the tick off {}")).format(place)
        case Click(place=place, where=where):
            return _in_row(where) + _("click {}").format(place)
        case Press(key=key):
            return _("press {}").format(key)
        case Read(names=names):
            return _("read {}").format(", ".join(names))
        case Picture(place=place):
            return _("take a picture of {}, for a person").format(place)
        case Commit(place=place, browser_asks=asks):
            return _("click {}, the one click that writes").format(place) + _asked(asks)
        case _:
            return _said_of_what_is_there(step)


def _said_of_what_is_there(step: Step) -> str:
    match step:
        case Expect(targets=targets, where=()):
            return _("wait until {} is there").format(_(" or ").join(targets))
        case Expect(targets=targets, where=where):
            return _("wait until {list} has exactly one row where {where}").format(list=", ".join(targets), where=_pairs(where))
        case ExpectGone(target=target, where=()):
            return _("wait until {} is gone").format(target)
        case ExpectGone(target=target, where=where):
            return _("wait until {list} has no row where {where}").format(list=target, where=_pairs(where))
        case Clear(rows=rows, where=where, browser_asks=asks):
            words = _("take out of {list} what an earlier attempt left: each row where {where}")
            return words.format(list=rows, where=_pairs(where)) + _asked(asks)
        case ForEachLine():
            return _("for each product:")
        case IfPresent(target=target):
            return _("if {} is there:").format(target)
        case DoneIf(target=target):
            return _("done, if {} is there already").format(target)
        case _:
            raise TypeError(step)


def _listed(parts: Iterable[str]) -> str:
    return _("; ").join(parts)


def _in_row(where: Items) -> str:
    return _("in the row where {}: ").format(_pairs(where)) if where else ""


def _pairs(where: Items) -> str:
    return _(" and ").join(_("{column} is {text}").format(column=column, text=text) for column, text in where)


def _asked(words: str) -> str:
    return _("; the browser asks “{}”, answered with OK").format(words) if words else ""
