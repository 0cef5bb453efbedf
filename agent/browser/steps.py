"""How each verb of a flow is done: one function a verb, and the table that says which.

No function here may be used for the click that writes; that is commit.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from agent.browser import asking, controls
from agent.browser.arrive import expect, expect_gone, go_on_from, open_page, target_wish
from agent.browser.choosing import choose_one, held_now
from agent.browser.clear import clear_rows
from agent.browser.forms import Form, target_form
from agent.browser.reach import click_on, take
from agent.browser.reading import read_names
from agent.browser.stage import PRIVATE, Held, Play, Stage
from agent.browser.telling import blamed, log_done
from agent.errors import Mismatch, PageChanged
from agent.sites.definition import (
    Choose,
    Clear,
    Click,
    DoneIf,
    Expect,
    ExpectGone,
    Fill,
    ForEachLine,
    IfPresent,
    ListPlace,
    Open,
    Picture,
    Place,
    Press,
    Read,
    Step,
    Template,
    Tick,
)
from agent.words import _

# ---- acting ----------------------------------------------------------------------------------------------------------


def fill(stage: Stage, step: Fill, play: Play) -> None:
    for name, template in step.items:
        place, target = _target(stage, name, play.where(step.where))
        text = play.text(template)
        element = take(stage, target, name, place)
        shown, holds = controls.type_text(stage, element, text)
        if not controls.same_value(shown, text):
            raise _not_taken(name, template, text, shown)
        if holds:
            _hold(stage, target, shown)


def _not_taken(name: str, template: Template, text: str, shown: str) -> Mismatch:
    if _private(template):
        what = _("{place} does not show what was typed ({typed} signs, {shown} shown)")
        return Mismatch(what.format(place=name, typed=len(text), shown=len(shown)))
    return Mismatch(_("{place} shows “{shown}” after “{text}” was typed").format(place=name, shown=shown, text=text))


def _private(template: Template) -> bool:
    return any(name.startswith(PRIVATE) for name in template.names)


def _hold(stage: Stage, target: Form, shown: str) -> None:
    stage.held[target["name"]] = Held(target, shown, stage.finder.ask(stage.here, "page"))


def choose(stage: Stage, step: Choose, play: Play) -> None:
    for name, template in step.items:
        place = _one_place(stage, name)
        words = choose_one(stage, place, _their_words(stage, place, play.spellings(template)))
        stage.chosen[name] = words
        _hold(stage, target_form(stage.page, place), words)


def _their_words(stage: Stage, place: Place, ours: tuple[str, ...]) -> tuple[str, ...]:
    """Our word turned into the site's, where the place names a table of words."""
    table = stage.site.words.get(place.words, {})
    return tuple(word for one in ours for word in table.get(one, (one,)))


def tick(stage: Stage, step: Tick, play: Play) -> None:
    place, target = _target(stage, step.place, play.where(step.where))
    target["ticks"] = True
    controls.tick(stage, target, take(stage, target, step.place, place), step.wanted)
    _hold(stage, target, controls.told(step.wanted))


def click(stage: Stage, step: Click, play: Play) -> None:
    stage.pause()
    place, target = _target(stage, step.place, play.where(step.where))
    click_on(stage, target, place)


def press(stage: Stage, step: Press, play: Play) -> None:
    stage.begin_act()
    stage.here.keyboard.press(step.key)
    stage.settle()


def clear(stage: Stage, step: Clear, play: Play) -> None:
    clear_rows(stage, step, play, do)


# ---- reading and branching -------------------------------------------------------------------------------------------


def read(stage: Stage, step: Read, play: Play) -> None:
    read_names(stage, step.names, play)


def picture(stage: Stage, step: Picture, play: Play) -> None:
    """A picture of exactly this one thing, as it stands there uncovered; its file is what was read."""
    place, target = _target(stage, step.place, {})
    element = take(stage, target, step.place, place)
    path = stage.evidence.of_element(element, f"{play.flow.name}-{step.place}")
    play.keep({step.place: str(path)}, {step.place: str(path)})
    play.pictures.append(path)


def for_each_line(stage: Stage, step: ForEachLine, play: Play) -> None:
    whole, play.in_lines = play.values, True
    for line in whole.get("lines", ()):
        play.values = {**whole, **line}
        for inner in step.steps:
            do(stage, inner, play)
        _drop_what_was_taken(stage)
    play.values, play.in_lines = whole, False


def _drop_what_was_taken(stage: Stage) -> None:
    """Boxes that a line was typed into and that were emptied by adding it hold nothing of ours any more."""
    for name, held in list(stage.held.items()):
        if held_now(stage, held.form) != held.shown:
            del stage.held[name]


def if_present(stage: Stage, step: IfPresent, play: Play) -> None:
    if not any(stage.met([target_wish(stage, step.target, {})])):
        return
    if step.target in stage.site.pages:
        go_on_from(stage, stage.site.pages[step.target])
    for inner in step.steps:
        do(stage, inner, play)


def done_if(stage: Stage, step: DoneIf, play: Play) -> None:
    if any(stage.met([target_wish(stage, step.target, {})])):
        if step.target in stage.site.pages:
            go_on_from(stage, stage.site.pages[step.target])
        play.done = True


def _target(stage: Stage, name: str, where: Mapping[str, str]) -> tuple[Place, Form]:
    """A place of the page, or of the one row of a list that `where` names, and how the page is asked for it."""
    place = _one_place(stage, name)
    around = stage.page.list_of(name) if stage.page else None
    return place, target_form(stage.page, place, around, where)


def _one_place(stage: Stage, name: str) -> Place:
    place = stage.place(name)
    if isinstance(place, ListPlace):
        raise PageChanged(_("{} is a list; a place is wanted here").format(name))
    return place


VERBS: Mapping[type, Callable[[Stage, Any, Play], None]] = {
    Open: open_page,
    Fill: fill,
    Choose: choose,
    Tick: tick,
    Click: click,
    Press: press,
    Expect: expect,
    ExpectGone: expect_gone,
    Clear: clear,
    Read: read,
    Picture: picture,
    ForEachLine: for_each_line,
    IfPresent: if_present,
    DoneIf: done_if,
}


def do(stage: Stage, step: Step, play: Play) -> None:
    """Do one step by the table, told before and, if it fails, blamed. The verb `commit` is not in it.

    Somebody who looks on may leave it out, or mend it where it failed.
    """
    wanted = asking.wants(stage, play, step)
    while wanted:
        try:
            with blamed(stage, play, step):
                VERBS[type(step)](stage, step, play)
            break
        except PageChanged as error:
            wanted = asking.wants_again(stage, play, step, error)
    log_done(stage, play, step)
