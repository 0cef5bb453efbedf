"""Point at something on a page with the mouse, and get what a site file may say to find it.

The pointing is done by the browser's own way to inspect a page: nothing is put into the page for it, and a click that picks is seen
by none of its scripts. What is offered is counted by the very search that plays a flow.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4
from weakref import WeakKeyDictionary

from playwright.sync_api import CDPSession, ElementHandle
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page as Tab

from agent.browser.find import still
from agent.browser.forms import list_form, locator_forms, scope_form, target_form
from agent.browser.stage import Stage
from agent.errors import ConfigError, SiteUnavailable
from agent.sites.definition import ListPlace, Locator, Place
from agent.words import _

_LEAVE = "function (key) { Object.defineProperty(this.ownerDocument.defaultView, Symbol.for(key), { value: this, configurable: true }); }"
_COLOUR = {"r": 228, "g": 87, "b": 46}
_SHOWN = {"contentColor": {**_COLOUR, "a": 0.18}, "borderColor": {**_COLOUR, "a": 1}, "showInfo": False}
_BAD = ("is not a valid selector", "is not a valid XPath", "SyntaxError")


@dataclass(frozen=True, slots=True)
class Picked:
    """What was picked: the control, button or link that the click fell into, or else the very element under the mouse."""

    element: ElementHandle


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Nothing was picked: Escape, or a click on what cannot be looked into; `why` says which, "" for Escape."""

    why: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A locator as a site file writes it. `exact`: it finds what was picked and nothing else.

    `rows`: it is looked for in each of these rows, not on the page. `inside`: the page it is on lies in this frame.
    """

    locator: str
    hits: int
    exact: bool
    inside: str = ""
    rows: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """How much was found, how much of it is framed; `rows`: in how many rows it was looked for."""

    hits: int
    framed: int
    rows: int = 0


@dataclass
class _Mode:
    """A tab in which something is being picked, and what has come of it: whose session told of which node; None for Escape."""

    sessions: list[CDPSession] = field(default_factory=list)
    told: list[tuple[CDPSession, int] | None] = field(default_factory=list)

    def listen(self, session: CDPSession) -> None:
        session.on("Overlay.inspectNodeRequested", lambda event: self.told.append((session, event["backendNodeId"])))
        session.on("Overlay.inspectModeCanceled", lambda _event: self.told.append(None))
        session.send("DOM.enable")
        session.send("Overlay.enable")
        session.send("Overlay.setInspectMode", {"mode": "searchForNode", "highlightConfig": _SHOWN})
        self.sessions.append(session)


_modes: WeakKeyDictionary[Tab, _Mode] = WeakKeyDictionary()  # by the tab that is in it, and gone with it


def begin(stage: Stage) -> None:
    """From now on what is under the mouse is framed, and the next click picks it and does nothing else; Escape ends it."""
    end(stage)
    mode = _modes[stage.here] = _Mode()
    mode.listen(stage.context.new_cdp_session(stage.here))
    for frame in stage.here.frames[1:]:
        with suppress(PlaywrightError):  # only a frame of another site has a session of its own
            mode.listen(stage.context.new_cdp_session(frame))
    _ask(stage, "unheard")


def picked(stage: Stage) -> Picked | Cancelled | None:
    """What came of it: None while the person has done nothing yet, or when nothing was begun. To be asked again and again."""
    mode = _modes.get(stage.tab) if stage.tab else None
    if mode is None:
        return None
    _ask(stage, "unheard")  # a page that came meanwhile, too; and what the browser has told comes in with any answer
    if stage.tab is None or stage.tab.is_closed():
        return Cancelled(_("The page is not open any more"))
    if not mode.told:
        return None
    return _found(stage, *mode.told[0]) if mode.told[0] else Cancelled()


def end(stage: Stage) -> None:
    """The page is as before: nothing is picked any more, and what `tried` has framed is framed no more."""
    mode = _modes.pop(stage.tab, None) if stage.tab else None
    for session in mode.sessions if mode else ():
        with suppress(PlaywrightError):  # it went with its page
            session.send("Overlay.disable")
            session.detach()
    _ask(stage, "heardAgain")
    _ask(stage, "unnumbered")


def offers(stage: Stage, element: ElementHandle, *, rows: ListPlace | None = None) -> tuple[Offer, ...]:
    """Locators that find exactly this element, those that a person would write first; without any, the nearest with their hits.

    `rows`: it is to be a place of this list, so it is looked for in its row.
    """
    form = list_form(rows) if rows else None
    found = _ask(stage, "suggested", element=element, scope=scope_form(stage.page), list=form)
    return tuple(Offer(**one) for one in found or ())


def rows_of(stage: Stage, element: ElementHandle) -> Offer | None:
    """A locator for all the rows like the one that the element lies in: lines of a table, cards, items. None where it is in none."""
    found = _ask(stage, "rowsAround", element=element, scope=scope_form(stage.page))
    return Offer(**found) if found else None


def tried(stage: Stage, place: Place, locators: Sequence[Locator], rows: ListPlace | None = None) -> Tried:
    """What these locators would find for this place now, all of it framed with numbers. Raises ConfigError for one that is none."""
    target = target_form(stage.page, place, rows)
    target["place"]["find"] = locator_forms(locators)
    try:
        found = _ask(stage, "trial", target=target)
    except PlaywrightError as error:
        if not any(words in error.message for words in _BAD):
            raise
        raise ConfigError(
            _not_a_locator(locators), todo=_("Write it as the browser understands it, or use other words.")
        ) from error
    return Tried(**found) if found else Tried(0, 0)


def _not_a_locator(locators: Sequence[Locator]) -> str:
    return _("{} is not written as the browser understands it").format(
        " / ".join(str(one) for one in locators if one.way in ("css", "xpath"))
    )


def _found(stage: Stage, session: CDPSession, node: int) -> Picked | Cancelled:
    """The node that the browser has named, as what a step would act on."""
    key = str(uuid4())
    try:
        held = session.send("DOM.resolveNode", {"backendNodeId": node})["object"]["objectId"]
        session.send("Runtime.callFunctionOn", {"objectId": held, "functionDeclaration": _LEAVE, "arguments": [{"value": key}]})
    except PlaywrightError:
        return Cancelled(_("What was clicked is not there any more"))
    element = still(lambda _ms: stage.finder.take(stage.here, "pointed", key=key), 0)
    if isinstance(element, ElementHandle):
        return Picked(element)
    return Cancelled(_("What was clicked lies in a part of the page that cannot be looked into"))


def _ask(stage: Stage, verb: str, **request: Any) -> Any:
    """The answer; None where the page is on the move or closed."""
    try:
        return still(lambda _ms: stage.finder.ask(stage.here, verb, **request), 0)
    except SiteUnavailable:
        return None
