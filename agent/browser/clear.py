"""The verb `clear`: take out of a list what an earlier attempt of ours left there, and nothing else.

Each row is proven gone before the next is touched, and no other row may show anything else than before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from agent.browser.find import waited
from agent.browser.forms import Form, target_form
from agent.browser.reach import click_on
from agent.browser.stage import Play, Stage
from agent.errors import PageChanged
from agent.sites.contract import WORDS
from agent.sites.definition import Clear, ListPlace, Page, Place, Step
from agent.words import _

Do = Callable[[Stage, Step, Play], None]


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of one list that `where` names: where they stand and what is clicked in one of them."""

    page: Page | None
    name: str
    remove: Place
    target: Form


@dataclass(frozen=True, slots=True)
class _Shown:
    """How many rows fit, and what all the others show, in an order of ours: a cart puts the seller last added to on top."""

    fitting: int
    others: list[str]


def clear_rows(stage: Stage, step: Clear, play: Play, do: Do) -> None:
    """Take out the rows of every line in `left_behind`. Raises PageChanged when one stays, or when another row changes."""
    whole = play.values
    for line in whole.get("left_behind", ()):
        play.values = {**whole, **line}
        rows = _rows(stage, step, play.where(step.where))
        shown = _shown(stage, rows)
        if shown is None:
            raise PageChanged(_("The list {} shows no rows and does not say that it is empty").format(rows.name))
        while shown.fitting:
            _take_out(stage, step, play, rows, do)
            shown = _proven_gone(rows, shown, _shown(stage, rows, fewer_than=shown.fitting))
    play.values = whole


def _rows(stage: Stage, step: Clear, where: Mapping[str, str]) -> _Rows:
    around = stage.place(step.rows)
    if not isinstance(around, ListPlace):
        raise PageChanged(_("{} is no list; a list is wanted here").format(step.rows))
    remove = Place("remove", around.remove, around.line)
    target = {**target_form(stage.page, remove, around, where), "any_row": True}
    # A seller's price by quantity moves when a row is gone: money is no sign that a row was touched.
    read = [cell for cell in target["list"]["read"] if WORDS.get(cell["name"]) != "money"]
    return _Rows(stage.page, step.rows, remove, {**target, "list": {**target["list"], "read": read}})


def _take_out(stage: Stage, step: Clear, play: Play, rows: _Rows, do: Do) -> None:
    stage.pause()
    try:
        stage.traffic.arm(step.browser_asks)
        click_on(stage, rows.target, rows.remove)
        for inner in step.steps:
            stage.traffic.arm(step.browser_asks)
            do(stage, inner, play)
    finally:
        stage.traffic.disarm()
    stage.page = rows.page


def _shown(stage: Stage, rows: _Rows, fewer_than: int | None = None) -> _Shown | None:
    """The list as it stands, all of it drawn; with `fewer_than`, once fewer rows fit. None if that does not come."""
    _draw_all(stage, rows)

    def look(milliseconds: float) -> _Shown | None:
        answer: dict[str, Any] = stage.finder.ask(stage.here, "divide", target=rows.target, patience=milliseconds)
        come = answer["whole"] and (fewer_than is None or answer["fitting"] < fewer_than)
        return _Shown(answer["fitting"], sorted(map(json.dumps, answer["others"]))) if come else None

    found: _Shown | None = waited(look, stage.patience.page, stage.look_around)
    return found


def _draw_all(stage: Stage, rows: _Rows) -> None:
    """Scroll to the end until no more rows are drawn by it."""
    drawn = -1
    while (count := int(stage.finder.ask(stage.here, "toLastRow", target=rows.target))) > drawn:
        drawn = count
        stage.settle()


def _proven_gone(rows: _Rows, before: _Shown, after: _Shown | None) -> _Shown:
    if after is None:
        raise PageChanged(_("A row of {} was taken out and is still there").format(rows.name))
    if after != _Shown(before.fitting - 1, before.others):
        raise PageChanged(_("More changed in {} than the one row that was taken out").format(rows.name))
    return after
