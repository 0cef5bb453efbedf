"""Find exactly one thing on a page, or stop and say what the page offers instead.

Everything is looked for inside the page by the scripts of the folder `page`, in one call each; waiting happens there too, in
slices, so that between two slices the caller can see that the sign-in was lost or the site said no.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, cast
from weakref import WeakKeyDictionary

from playwright.sync_api import ElementHandle, JSHandle
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page as Tab
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from agent.browser.forms import Form, locator_forms
from agent.errors import PageChanged, SiteUnavailable
from agent.sites.definition import Locators, Site
from agent.words import _

# The parts of what is asked of a page, in the order in which one uses the other.
PARTS = (
    *("words", "sight", "scopes", "tables", "ways", "reading", "looking"),
    *("controls", "layers", "survey", "guard", "hands", "over", "panel", "hooks", "rows", "pick", "verbs"),
)
SLICE = 0.6  # seconds the page looks by itself before the caller looks around
GRACE = 3_000  # milliseconds an answer may take beyond the patience it was asked with
_MOVED = (
    "Execution context was destroyed",
    "Cannot find context",
    "can be evaluated only in the context",
    "Frame was detached",
    "frame got detached",
    "Element is not attached to the DOM",  # drawn anew between finding it and using it
    "because of a navigation",
    "interrupted by another navigation",
)


class Stalled(SiteUnavailable):
    """The page does not answer: it is just going elsewhere, or it hangs."""


_ELSEWHERE = ("can be evaluated only in the context", "JSHandle is disposed")  # the document is another one by now
_ANSWER = "({ page, told, element }) => page(JSON.parse(told), element)"


@cache
def _script() -> str:
    """One expression, `async (request, element) => answer`: it leaves nothing behind in the page but the guard of a commit click,
    and what is drawn over it while a person looks on. That stands in `kept`, which the page cannot see and which goes with it.

    `request.verb` is one of verbs.js, `element` the one it is about, if any; places, scopes and lists are the forms of forms.py.
    """
    parts = (Path(__file__).with_name("page").joinpath(f"{part}.js").read_text(encoding="utf-8") for part in PARTS)
    whole = "\n".join(parts)
    return f'() => {{ const kept = {{}};\nreturn async (request, element) => {{\n"use strict";\n{whole}\nreturn answered();\n}}; }}'


@dataclass(frozen=True)
class Finder:
    """Asks pages of one site.

    A page whose next page is under way does not answer at all until that has come (Chromium 156), and a plain `evaluate`
    would wait for it for ever; so everything is asked with an end. Plain data goes and comes as one text: it needs no second
    question, and Playwright looks at every part of anything else. The script itself goes to each document once and is kept by
    its handle, which the page cannot see.
    """

    site: Site
    pages: WeakKeyDictionary[Tab, JSHandle] = field(default_factory=WeakKeyDictionary)  # the script in the document of each tab

    def ask(self, tab: Tab, verb: str, **request: Any) -> Any:
        """What the script answers, as plain data. Raises Stalled when the page does not answer."""
        return _data(self.hold(tab, verb, **request))

    def take(self, tab: Tab, verb: str, **request: Any) -> ElementHandle | Any:
        """The element the script answers with; plain data where it is none."""
        handle = self.hold(tab, verb, **request)
        element = handle.as_element()
        return _at_home(tab, element) if element is not None else _data(handle)

    def hold(self, tab: Tab, verb: str, **request: Any) -> JSHandle:
        """A handle on what the script answers with."""
        element = request.pop("element", None)
        whole = {"verb": verb, "patience": 0, "busy": locator_forms(self.site.busy), **request}
        told = {"told": json.dumps(whole), "element": element}
        try:
            return asked(tab, _ANSWER, {"page": self._page(tab), **told}, whole["patience"])
        except PlaywrightError as error:
            if not any(words in error.message for words in _ELSEWHERE):
                raise
            del self.pages[tab]
            return asked(tab, _ANSWER, {"page": self._page(tab), **told}, whole["patience"])

    def _page(self, tab: Tab) -> JSHandle:
        if tab not in self.pages:
            self.pages[tab] = asked(tab, _script(), None)
        return self.pages[tab]


def _at_home(tab: Tab, element: ElementHandle) -> ElementHandle:
    """The handle as made in the element's own frame: from outside it Playwright takes the page around a frame to lie over it."""
    frame = element.owner_frame()
    if frame is None or frame == tab.main_frame:
        return element
    return frame.evaluate_handle("element => element", element).as_element() or element


def asked(tab: Tab, script: str, request: Any, patience: float = 0) -> JSHandle:
    """Ask the page once, with an end: `patience` milliseconds and what a busy computer may need on top."""
    try:
        return tab.wait_for_function(script, arg=request, timeout=patience + GRACE, polling=50)
    except PlaywrightTimeout as error:
        raise Stalled(_("The page does not answer")) from error


def _data(handle: JSHandle) -> Any:
    return json.loads(str(handle.json_value()))["answer"]


def waited(look: Callable[[float], Any], patience: float, between: Callable[[], None]) -> Any:
    """Ask `look` (with milliseconds to spend) until it answers something or `patience` seconds are over.

    `between` is called after each vain look and may raise what is to be told instead. A look that meets a page on the
    move is vain. Returns None in the end.
    """
    end = time.monotonic() + patience
    while True:
        left = end - time.monotonic()
        answer = still(look, max(0.0, min(left, SLICE)) * 1000)
        if answer is not None:
            return answer
        between()
        if time.monotonic() >= end:
            return None


def still(look: Callable[[float], Any], milliseconds: float) -> Any:
    """The answer of one look, None where the page was just being replaced by another."""
    try:
        return look(milliseconds)
    except Stalled:
        return None
    except PlaywrightError as error:
        if not moved(error):
            raise
        return None


def moved(error: PlaywrightError) -> bool:
    """Whether a call failed only because the page was just being replaced."""
    return any(words in error.message for words in _MOVED)


def not_found(words: str, answer: dict[str, Any]) -> PageChanged:
    """The error for 0, 2 or more matches, or for one that cannot be used."""
    count = cast(int, answer.get("count", 0))
    offers = cast(Sequence[str], answer.get("offers") or ())
    if odd := cast(Sequence[str], answer.get("odd") or ()):
        return PageChanged(different(*odd))
    if answer.get("off"):
        what = _("{} is greyed out").format(words)
    elif answer.get("busy"):
        what = _("The page does not come to rest; {} could not be used").format(words)
    elif count == 0:
        what = _("Nothing on the page fits {}").format(words)
    else:
        what = _("{count} things on the page fit {words}; one is wanted").format(count=count, words=words)
    return PageChanged(what + offering(offers))


def different(one: str, other: str) -> str:
    """Two spellings of one place that both find something, and not the same thing."""
    return _("{one} and {other} both find something, and not the same thing").format(one=one, other=other)


def offering(offers: Sequence[str]) -> str:
    """What the page offers instead, to be put behind what it lacks."""
    return _("; the page offers: {}").format(", ".join(offers)) if offers else ""


def said(name: str, locators: Locators) -> str:
    """A place in words: its name and how it is found."""
    return f"{name} ({' / '.join(str(one) for one in locators)})" if locators else name


def one_element(
    finder: Finder, tab: Tab, target: Form, words: str, patience: float, between: Callable[[], None]
) -> ElementHandle:
    """The one usable element of `target`. Raises PageChanged when there is none or several to the end."""
    last: dict[str, Any] = {}

    def look(milliseconds: float) -> ElementHandle | None:
        answer = finder.take(tab, "one", target=target, patience=milliseconds)
        if isinstance(answer, ElementHandle):
            return answer
        last.clear()
        last.update(answer)
        return None

    found = waited(look, patience, between)
    if found is None:
        raise not_found(words, last)
    return cast(ElementHandle, found)
