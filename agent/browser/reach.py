"""Reach the one element of a place: found, usable, nothing lying over it, framed if somebody looks on."""

from __future__ import annotations

from playwright.sync_api import ElementHandle
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from agent.browser.find import one_element, said
from agent.browser.forms import Form, locator_forms
from agent.browser.stage import Stage
from agent.errors import PageChanged
from agent.sites.definition import Place
from agent.words import _

CLICK_TIMEOUT = 5_000.0  # milliseconds for a click on what was just found free
PRESSED = "performing click action"  # in Playwright's log of a click, once the mouse comes down
CAUGHT = "intercepts pointer events"  # the same, where something else took it
LAYERS = 5  # popups on top of one another that are closed for one click


def take(stage: Stage, target: Form, name: str, place: Place) -> ElementHandle:
    """The one element of a place. Raises PageChanged when there is none, or several."""
    words = said(name, place.find)
    element = one_element(stage.finder, stage.here, target, words, stage.patience.page, stage.look_around)
    if clear_way(stage, element):
        element = one_element(stage.finder, stage.here, target, words, stage.patience.page, stage.look_around)
    return element


def click_on(stage: Stage, target: Form, place: Place) -> None:
    """A click that writes nothing, and what it sets off waited out.

    One that is not acknowledged in time is made again only where the mouse never came down on it: a page may be busy with
    what came of it.
    """
    for last in (False, True):
        stage.begin_act()
        element = take(stage, target, place.name, place)
        stage.traffic.unanswered.clear()
        try:
            element.click(no_wait_after=True, timeout=CLICK_TIMEOUT)
            break
        except PlaywrightTimeout as error:  # what came over it meanwhile is shut by taking it again
            if _was_made(error):
                break
            if last:
                raise PageChanged(_("{} is there but could not be clicked").format(said(place.name, place.find))) from error
    stage.settle()


def _was_made(error: PlaywrightTimeout) -> bool:
    """Whether a click that was not acknowledged was made all the same; what left meanwhile may be a poll, or a notice's picture."""
    _before, pressed, after = error.message.rpartition(PRESSED)
    return bool(pressed) and CAUGHT not in after


def clear_way(stage: Stage, element: ElementHandle) -> bool:
    """Close what the site file names as in the way, or what a box has opened, layer by layer, only while something covers the element.

    Returns whether anything was closed. What stays covered is told by the click that fails on it.
    """
    closed = False
    for _layer in range(LAYERS):
        if not stage.finder.ask(stage.here, "covered", element=element):
            break
        out = stage.finder.take(stage.here, "wayOut", in_the_way=locator_forms(stage.site.in_the_way))
        if isinstance(out, ElementHandle):
            out.click(no_wait_after=True, timeout=CLICK_TIMEOUT)
        elif not stage.finder.ask(stage.here, "shut"):
            break
        stage.settle()
        closed = True
    return closed
