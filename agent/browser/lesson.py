"""A window in which a person shows a site that no file describes yet: pages opened, things pointed at, what was shown tried.

Its browser has a fresh profile of its own, that goes with it. Nothing here commits: a flow is played as far as the page or the list
that is to be shown, never through a commit.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Error as PlaywrightError

import agent.browser.panel as panel
from agent.browser import picking
from agent.browser.account import Folders
from agent.browser.forms import target_form
from agent.browser.launch import BrowserChoice
from agent.browser.picking import Offer, Tried
from agent.browser.session import Session
from agent.browser.stage import Play, SignedOut, Stage, Values
from agent.browser.steps import do
from agent.browser.watching import Watcher
from agent.errors import AgentError, ConfigError, SiteUnavailable
from agent.models import Reading
from agent.sites.definition import Commit, Expect, ForEachLine, ListPlace, Locators, Manners, Open, Place, Site, Step
from agent.words import _

PATIENCE = 6.0  # seconds for a page: a person waits for it
OPENING = 30_000  # milliseconds until a page that is opened by its address is there
SETTLE = 3.0
LOOK = 50.0  # milliseconds the page is heard between two looks for a key
PICK = "pick"

_TEXTS = "hits => hits.map(hit => (hit.innerText || hit.value || '').trim())"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person is being asked for, on the panel: keys and the words on the buttons."""

    title: str
    lines: tuple[str, ...]
    buttons: tuple[tuple[str, str], ...] = ()


class Lesson:
    """One sitting. Its browser starts at the first need, and is closed with it."""

    def __init__(self, site: Site, *, browser: BrowserChoice, headed: bool) -> None:
        self._kept = tempfile.TemporaryDirectory(prefix="agent-lesson-", ignore_cleanup_errors=True)
        kept = Path(self._kept.name)
        self.headed = headed
        self.secret: Callable[[str], str] = lambda _name: ""  # who is asked for what is typed to sign in
        self._picked: picking.Picked | None = None
        self._session = Session(
            _account(site),
            site,
            browser=browser,
            folder=Folders(kept / "sign-ins", kept / "evidence", kept / "profiles", kept / "files", kept / "steps"),
            secret=lambda name: self.secret(name),
            headed=headed,
        )

    @property
    def stage(self) -> Stage:
        return self._session.stage

    def use(self, site: Site) -> None:
        """Go on with what the file says by now."""
        self.stage.use_site(site)

    def close(self) -> None:
        self._session.close()
        self._kept.cleanup()

    # ---- pages

    def open(self, address: str) -> None:
        """Open a path or an address of the site in the window. Raises ConfigError for one that is none, SiteUnavailable."""
        stage = self.stage
        host = stage.gate.hosts["main"].rstrip("/")
        whole = address if "://" in address else f"{host}/{address.lstrip('/')}"
        if not stage.gate.own(whole):
            raise ConfigError(
                _("{address} is not on {host}").format(address=address, host=host),
                todo=_("Only pages of the site's own host are opened."),
            )
        self._tab()
        try:
            stage.here.goto(whole, timeout=OPENING, wait_until="load")
        except PlaywrightError as error:
            raise SiteUnavailable(_("The page does not open: {}").format(error.message.splitlines()[0])) from error
        stage.settle()

    @property
    def address(self) -> str:
        """The path, with its query, of what stands in the window; "" where that is none of the site's pages."""
        stage = self.stage
        self._newest()
        if stage.tab is None or not self.is_open or not stage.gate.own(stage.tab.url):
            return ""
        parts = urlsplit(stage.tab.url)
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    @property
    def is_open(self) -> bool:
        """Whether a page stands in the window; a person may have closed it."""
        tab = self.stage.tab
        return tab is not None and not tab.is_closed()

    def stand_on(self, page: str) -> None:
        """What is looked for from here on is looked for as on this page of the file."""
        self.stage.page = self.stage.site.pages.get(page)

    def refuse_signed_out(self) -> None:
        """Raise SignedOut where the sign-in page, as it was shown, stands where another page is wanted."""
        if self.stage.lost_sign_in():
            raise SignedOut(_("The site asks to sign in again"))

    def go(self, target: str, values: Values) -> None:
        """Play the first flow that comes to this page or list, up to there. Raises AgentError where something is in the way."""
        stage = self.stage
        flow = next((flow for flow in stage.site.flows.values() if _comes_to(flow.steps, target)), None)
        if flow is None:
            raise ConfigError(_("No flow comes to “{}”").format(target))
        begins = stage.site.starts_on(flow.name)
        if begins and not isinstance(flow.steps[0], Open) and not (self.is_open and stage.page and stage.page.name in begins):
            self.go(begins[0], values)
        play = Play(flow, values)
        self._tab()
        _play_to(stage, play, flow.steps, target)
        stage.settle()

    def _tab(self) -> None:
        if not self.is_open:
            self.stage.new_tab()

    def _newest(self) -> None:
        """A tab that the page, or the person, has opened since is where they are now."""
        stage = self.stage
        tabs = [tab for tab in stage.tabs if not tab.is_closed()]
        if tabs and stage.tab is not tabs[-1]:
            stage.tab = tabs[-1]

    # ---- whole flows, with somebody who looks on

    def watched_by(self, watch: Watcher) -> None:
        """From here on each step is said to them first."""
        self.quiet()
        self.stage.watch = watch

    def sign_in(self) -> None:
        """Play `log_in`, unless who is shown is signed in already. Raises AgentError."""
        self._session.sign_in()

    def play(self, flow: str, values: Values) -> Reading:
        """Play a flow without commit to its end. Raises AgentError."""
        return self._session.play(flow, values)

    def rehearse(self, flow: str, values: Values) -> dict[str, str]:
        """Play a writing flow up to the click that writes, and leave the page: what it shows. Raises AgentError where no click could be."""
        return self._session.rehearse(flow, values, to_the_click=True)

    # ---- what stands there

    def tried(self, place: str, locators: Locators, rows: ListPlace | None = None) -> Tried:
        """How much these find, framed in the window. Raises ConfigError for what is no locator."""
        return picking.tried(self.stage, Place(place, (), 0), locators, rows)

    def texts(self, place: str, locators: Locators, rows: ListPlace | None = None) -> tuple[str, ...]:
        """The different texts of what these find, in the order of the page."""
        target = target_form(self.stage.page, Place(place, locators, 0), rows)
        try:
            found = self.stage.finder.hold(self.stage.here, "several", target=target).evaluate(_TEXTS)
        except (PlaywrightError, AgentError):
            return ()
        return tuple(dict.fromkeys(text for text in found if text))

    def heading(self) -> str:
        """A locator for the heading of the page; "" where it has none of its own."""
        for level in ("h1", "h2", "h3"):
            with suppress(PlaywrightError, AgentError):
                found = self.stage.here.query_selector(level)
                offers = picking.offers(self.stage, found) if found and found.is_visible() else ()
                if offers and offers[0].exact:
                    return offers[0].locator
        return ""

    def unframe(self) -> None:
        picking.end(self.stage)

    # ---- pointing

    def show(self, shown: Shown) -> None:
        """Draw the panel, where there is a window."""
        if self.headed and self.is_open:
            buttons = tuple(panel.Button(key, words) for key, words in shown.buttons)
            panel.show(self.stage, panel.PanelText(shown.title, shown.lines, buttons))

    def begin(self) -> None:
        """From now on a click in the window picks."""
        if self.headed and self.is_open:
            picking.begin(self.stage)

    def heard(self) -> str:
        """Let the page live for a moment; the key of the panel that was pressed, PICK where something was picked, else ""."""
        stage = self.stage
        with suppress(PlaywrightError, AgentError):
            (stage.tab if stage.tab and not stage.tab.is_closed() else stage.blank).wait_for_timeout(LOOK)
            if self.headed and stage.tab and not stage.tab.is_closed():
                return self._heard(stage)
        return ""

    def _heard(self, stage: Stage) -> str:
        found = picking.picked(stage)
        if isinstance(found, picking.Picked):
            self._picked = found
            picking.end(stage)
            return PICK
        if isinstance(found, picking.Cancelled):  # Escape, or a click on the panel: the page is theirs until the next question
            picking.end(stage)
        return panel.pressed(stage)

    def offers(self, rows: ListPlace | None = None) -> tuple[Offer, ...]:
        """How what was picked last can be found."""
        return picking.offers(self.stage, self._picked.element, rows=rows) if self._picked else ()

    def rows(self) -> tuple[Offer, ...]:
        """How the rows can be found that what was picked last lies in one of."""
        found = picking.rows_of(self.stage, self._picked.element) if self._picked else None
        return (found,) if found else ()

    def quiet(self) -> None:
        """Nothing is drawn over the page any more, and no click picks."""
        with suppress(PlaywrightError, AgentError):
            picking.end(self.stage)
            if self.headed:
                panel.hide(self.stage)


def _account(site: Site) -> Any:
    return SimpleNamespace(
        name=f"new-{site.site}",
        shows="",
        hosts={},
        manners=Manners(),
        browser="shared",
        limits=SimpleNamespace(wait_for_page=PATIENCE, settle=SETTLE),
    )


def _comes_to(steps: Sequence[Step], target: str) -> bool:
    return any(
        (isinstance(step, Expect) and target in step.targets)
        or (isinstance(step, Open) and step.page == target)
        or (isinstance(step, ForEachLine) and _comes_to(step.steps, target))
        for step in steps
    )


def _play_to(stage: Stage, play: Play, steps: Sequence[Step], target: str) -> bool:
    """Play these steps up to the one that waits for the target; whether it was come to."""
    for step in steps:
        if isinstance(step, Commit):
            raise ConfigError(_("Only what is really sent leads to “{}”").format(target), todo=_("s leaves it open."))
        if isinstance(step, Expect) and target in step.targets:
            return True
        if isinstance(step, ForEachLine) and _comes_to(step.steps, target):
            lines: Sequence[Mapping[str, str]] = play.values.get("lines", ())
            play.values = {**play.values, **(lines[0] if lines else {})}
            return _play_to(stage, play, step.steps, target)
        do(stage, step, play)
        if isinstance(step, Open) and step.page == target:
            return True
    return False
