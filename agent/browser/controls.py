"""What a finger does to a control, and what the control shows afterwards: text boxes, selects of all kinds, option groups, ticks.

A value that does not stand there afterwards as it was meant is a Mismatch: cut, reformatted, refused.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import ElementHandle

from agent.browser.find import waited
from agent.browser.forms import Form
from agent.browser.reach import clear_way
from agent.browser.stage import Stage
from agent.errors import Mismatch, PageChanged
from agent.sites.values import same_words
from agent.words import _

TRIES = 3  # a choice dropped by a late answer of the site is made again, but not for ever
KEY_TIMEOUT = 5_000.0  # milliseconds
LONGEST_LIST = 10_000.0  # milliseconds to go through the options of one list
SHORT = 1.5  # seconds for a spelling that has others behind it
_GROUPS = re.compile(r"\d+(?:[ \u00a0-]\d+)+|\d{1,3}(?:,\d{3})+", re.ASCII)  # 138 0013 8000, 138-0013-8000, 1,200
_NOWHERE: Form = {"scope": [], "place": {"options": None}}


def type_text(stage: Stage, element: ElementHandle, text: str) -> tuple[str, bool]:
    """Type; what stands there then, and whether the box itself holds it. A box for a file is given the file of that name."""
    inner = stage.finder.take(stage.here, "search", element=element)  # of a box with suggestions, drawn around it
    if inner == "file":
        return _give_file(stage, element, text)
    box = inner if isinstance(inner, ElementHandle) else element
    if not box.is_editable():  # some take letters only once a finger was on them
        box.click(timeout=KEY_TIMEOUT)
        opened = stage.finder.take(stage.here, "lettered", element=box, patience=KEY_TIMEOUT)
        box = opened if isinstance(opened, ElementHandle) else box
    box.fill(text, timeout=KEY_TIMEOUT)
    return str(stage.finder.ask(stage.here, "shown", element=box)), True


def _give_file(stage: Stage, element: ElementHandle, name: str) -> tuple[str, bool]:
    """Some pages empty the box at once and write the name beside it; that is as good, where it stood nowhere before."""
    file = stage.files / name
    if Path(name).name != name or not file.is_file():
        raise Mismatch(
            _("There is no file “{}” to be given").format(name),
            todo=_("Put it into {}, and write its name alone.").format(stage.files),
        )
    written = stage.finder.ask(stage.here, "said", messages=[name])
    stage.begin_act()
    element.set_input_files(file, timeout=KEY_TIMEOUT)
    stage.settle()
    shown = str(stage.finder.ask(stage.here, "shown", element=element))
    if shown or written or not stage.finder.ask(stage.here, "said", messages=[name]):
        return shown, True
    return name, False


def same_value(shown: str, typed: str) -> bool:
    """Whether a box shows what was typed: the same signs, blanks at the ends aside. Of a bare number it may make groups."""
    grouped = typed.isdecimal() and _GROUPS.fullmatch(shown.strip()) is not None
    return shown.strip() == typed.strip() or (grouped and "".join(filter(str.isdecimal, shown)) == typed)


def choose(stage: Stage, target: Form, element: ElementHandle | None, spellings: tuple[str, ...]) -> str:
    """Choose the option that says exactly one of the spellings, best first. Returns the words chosen.

    `element` is the select; None where the options themselves lie on the page.
    """
    if element is None:
        return _from_options(stage, target, spellings)
    kind = stage.finder.ask(stage.here, "kind", element=element)
    if kind == "native":
        option = _option(stage, target, element, spellings)
        element.select_option(element=option, timeout=KEY_TIMEOUT)
    else:
        element.click(timeout=KEY_TIMEOUT)
        if kind == "levels" or ("/" in spellings[0] and _opens_levels(stage, element)):
            _level_by_level(stage, spellings)
        else:
            _from_drawn(stage, element, spellings)
    return str(stage.finder.ask(stage.here, "shown", element=element))


def _option(stage: Stage, target: Form, element: ElementHandle | None, spellings: tuple[str, ...]) -> ElementHandle:
    last: dict[str, Any] = {}
    patience = stage.patience.page

    def look(milliseconds: float) -> ElementHandle | None:
        answer = stage.finder.take(
            stage.here, "choose", target=target, element=element, spellings=list(spellings), patience=milliseconds
        )
        if isinstance(answer, ElementHandle):
            return answer
        last.update(answer)
        return None

    found = waited(look, patience, stage.look_around)
    if isinstance(found, ElementHandle):
        return found
    raise _no_option(spellings, last)


def _no_option(spellings: tuple[str, ...], answer: dict[str, Any]) -> PageChanged | Mismatch:
    words = " / ".join(spellings)
    if answer.get("count"):
        return PageChanged(_("{count} options say “{words}”").format(count=answer["count"], words=words))
    offers = ", ".join(answer.get("offers") or [_("nothing")])
    return Mismatch(_("No option says “{words}”; offered are: {offers}").format(words=words, offers=offers))


def _from_options(stage: Stage, target: Form, spellings: tuple[str, ...]) -> str:
    option = _option(stage, target, None, spellings)
    clear_way(stage, option)
    words = str(stage.finder.ask(stage.here, "optionWords", element=option, target=target))
    option.click(timeout=KEY_TIMEOUT)
    return words


def _from_drawn(stage: Stage, element: ElementHandle, spellings: tuple[str, ...]) -> None:
    """A select drawn by a component library, open: its options lie elsewhere in the document, often not all at once."""
    box = stage.finder.take(stage.here, "search", element=element)
    answer: dict[str, Any] = {}
    for narrowed in (True, False) if isinstance(box, ElementHandle) else (False,):
        for spelling in spellings:
            if isinstance(box, ElementHandle):  # it narrows the list; some look for a number that nobody sees, and find nothing
                box.fill(spelling if narrowed else "", timeout=KEY_TIMEOUT)
            last = spelling == spellings[-1] and not narrowed
            option = _drawn_option(stage, spelling, answer, stage.patience.page if last else SHORT)
            if option is not None:
                option.click(timeout=KEY_TIMEOUT)
                return
    raise _no_option(spellings, answer)


def _drawn_option(stage: Stage, spelling: str, last: dict[str, Any], patience: float) -> ElementHandle | None:
    """The one open option that says it, drawn; None where there is none, or several: `last` says which."""

    def look(milliseconds: float) -> ElementHandle | dict[str, Any] | None:
        answer = stage.finder.take(
            stage.here, "seekChoice", spelling=spelling, wait=min(milliseconds, 200), patience=LONGEST_LIST
        )
        if isinstance(answer, ElementHandle):
            return answer
        last.clear()
        last.update(answer)
        return last if answer.get("count") else None

    found = waited(look, patience, stage.look_around)
    return found if isinstance(found, ElementHandle) else None


def _opens_levels(stage: Stage, element: ElementHandle) -> bool:
    """Whether the open select is a cascader. One that takes letters may show nothing before it has some."""
    typed = isinstance(stage.finder.take(stage.here, "search", element=element), ElementHandle)

    def look(milliseconds: float) -> str | None:
        kind = stage.finder.ask(stage.here, "opened", patience=milliseconds)
        return str(kind) if kind else None

    return bool(waited(look, SHORT if typed else stage.patience.page, stage.look_around) == "levels")


def _level_by_level(stage: Stage, spellings: tuple[str, ...]) -> None:
    """A cascader: one column of options a level, each drawn once the one before is chosen. The levels of a spelling are apart by /."""
    paths = [tuple(part.strip() for part in spelling.split("/")) for spelling in spellings]
    for at in range(len(paths[0])):
        wanted = tuple(dict.fromkeys(path[at] for path in paths))
        option = _option_of_level(stage, at, wanted)
        words = str(stage.finder.ask(stage.here, "shown", element=option)).strip()
        option.click(timeout=KEY_TIMEOUT)
        paths = [path for path in paths if same_words(path[at], words)] or paths


def _option_of_level(stage: Stage, at: int, spellings: tuple[str, ...]) -> ElementHandle:
    last: dict[str, Any] = {}

    def look(milliseconds: float) -> ElementHandle | None:
        answer = stage.finder.take(stage.here, "level", at=at, spellings=list(spellings), patience=milliseconds)
        if isinstance(answer, ElementHandle):
            return answer
        last.update(answer)
        return None

    found = waited(look, stage.patience.page, stage.look_around)
    if not isinstance(found, ElementHandle):
        raise _no_option(spellings, last)
    return found


def tick(stage: Stage, target: Form, element: ElementHandle, wanted: bool) -> None:
    """Bring a tick box or switch to `wanted` with one click at most. Some are drawn anew when the site has answered."""
    if bool(stage.finder.ask(stage.here, "ticked", element=element)) == wanted:
        return
    hand = stage.finder.take(stage.here, "hand", target=target, element=element)
    stage.begin_act()
    (hand if isinstance(hand, ElementHandle) else element).click(timeout=KEY_TIMEOUT)
    stage.settle()

    def look(_milliseconds: float) -> bool | None:
        return True if stage.finder.ask(stage.here, "held", held=target) == told(wanted) else None

    if waited(look, stage.patience.page, stage.look_around) is None:
        raise PageChanged(_("The tick box did not change when it was clicked"))


def told(ticked: bool) -> str:
    """A tick as the page tells it of what is held."""
    return "true" if ticked else "false"
