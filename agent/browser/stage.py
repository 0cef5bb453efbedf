"""Where a flow stands while it is played: the tab, the page it is on, what was typed and what was read there."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, CDPSession
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page as Tab

from agent.browser.evidence import Evidence
from agent.browser.find import GRACE, Finder, asked, still
from agent.browser.forms import Form, page_wish
from agent.browser.gate import Gate
from agent.browser.traffic import Traffic
from agent.browser.watching import Watcher
from agent.errors import MEANINGS, AgentError, PageChanged, PageLost, PersonNeeded, SiteUnavailable
from agent.models import Cell, Reading, ReadValue
from agent.sites.address import address_with
from agent.sites.definition import Flow, Items, ListPlace, Manners, Page, Place, Site, Template
from agent.sites.values import squeeze
from agent.words import _

Values = Mapping[str, Any]  # value name → its text, or its spellings best first; "lines" → one mapping a line
REST = 80  # milliseconds without a change of the page that count as rest
LONGEST_REST = 10.0  # seconds; a page that never rests is left to the checks of the next step
SAYS_WAIT = (429, 503)  # the answers of a site that wants to be left alone for a while
PRIVATE = ("receiver.", "secret.")  # never in a log, a message or on the screen of `--step`


class SignedOut(PersonNeeded):
    """The sign-in page stands where another page was wanted. Signing in once more is tried before a person is called."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: how long a page may take to come, and to come to rest after a write."""

    page: float
    settle: float


@dataclass(frozen=True, slots=True)
class Held:
    """What was typed, ticked or chosen, as the page showed it right after, in the document that showed it."""

    form: Form
    shown: str
    document: float


@dataclass(frozen=True, slots=True)
class Seen:
    """What one place or list showed when it was read last, by its words, so that it can be read again just before a commit."""

    part: Literal["places", "lists"]
    form: Form
    shown: Form
    page: str
    scope: list[list[Form]]
    document: float
    passing: bool  # read for one line of several: it stands there until the next read


@dataclass
class Play:
    """One flow being played."""

    flow: Flow
    values: Values
    number: int = 0
    in_lines: bool = False
    done: bool = False
    read: dict[str, ReadValue] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    pictures: list[Path] = field(default_factory=list)

    @property
    def steps(self) -> int:
        return len(self.flow.steps)

    def spellings(self, template: Template) -> tuple[str, ...]:
        """The spellings of what a template says, best first; more than one only where it is a single value, or a path of them."""
        if template.only:
            return self._spelled(template.only)
        if template.is_path:
            return tuple("/".join(path) for path in product(*map(self._spelled, template.names)))
        # Inside longer text only one spelling can stand: the first, which is the value as it was meant.
        return (template.text({name: self.first(name) for name in template.names}),)

    def _spelled(self, name: str) -> tuple[str, ...]:
        value = self.values[name]
        return (value,) if isinstance(value, str) else tuple(value)

    def first(self, name: str) -> str:
        value = self.values[name]
        return value if isinstance(value, str) else str(value[0])

    def text(self, template: Template) -> str:
        return self.spellings(template)[0]

    def where(self, items: Items) -> dict[str, str]:
        return {name: self.text(template) for name, template in items}

    def keep(self, values: Mapping[str, Cell | ReadValue], raw: Mapping[str, str]) -> None:
        self.read |= values  # type: ignore[arg-type]
        self.raw |= raw

    def reading(self, chosen: Mapping[str, str]) -> Reading:
        return Reading(dict(self.read), dict(self.raw), dict(chosen), tuple(self.pictures))


@dataclass
class Stage:
    """One account's browser context, and where in it the flow stands."""

    account: str
    shows: str
    gate: Gate
    site: Site
    manners: Manners
    patience: Patience
    context: BrowserContext
    blank: Tab  # always empty; it keeps the window, which costs more to open than a tab and takes the screen from its user
    traffic: Traffic
    evidence: Evidence
    files: Path  # what may be given to a site, by name
    watch: Watcher
    wait: Callable[[float], None]
    chance: random.Random
    hurried: bool = False  # what is read here is read for a click that comes right after
    tab: Tab | None = None
    page: Page | None = None
    under: list[Page] = field(default_factory=list)  # what the dialog the flow is on lies over, the topmost last
    held: dict[str, Held] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)  # the newest last
    before: frozenset[str] = frozenset()  # the messages that stood there before the last act, so not its answer
    counts: dict[str, int] = field(default_factory=lambda: {"pages": 0, "steps": 0, "sign_ins": 0})
    visible: bool = False  # a person sees its window
    steps_kept: Evidence | None = None  # where they find what they cannot see
    skipped: str = ""  # the step that a person left out since the last flow that began by itself
    continues: bool = False  # the flow goes on where another one ended
    sent: bool = False  # the commit of this flow was clicked
    given_up: AgentError | None = None  # the failure that a person let stand

    @cached_property
    def finder(self) -> Finder:
        return Finder(self.site)

    @property
    def here(self) -> Tab:
        """The tab the flow is on. Raises SiteUnavailable when it was closed."""
        if self.tab is None or self.tab.is_closed():
            raise SiteUnavailable(_("The page is not open any more"))
        return self.tab

    def use_site(self, site: Site) -> None:
        """Go on with a newer reading of the site file, on the page where the flow is."""
        self.site = site
        self.__dict__.pop("finder", None)
        self.page = site.pages.get(self.page.name, self.page) if self.page else None
        self.under[:] = [site.pages.get(page.name, page) for page in self.under]

    def new_tab(self) -> None:
        """Go on in a fresh tab; the others stay as they are."""
        self.tab = self.context.new_page()
        self.gate.keep(self.tab)
        self._leave()

    def use(self, tab: Tab) -> None:
        """Go on in a tab that the page opened."""
        self.tab = tab
        self.refuse_foreign_host()

    @property
    def tabs(self) -> list[Tab]:
        """Every tab that a page was ever opened in."""
        return [tab for tab in self.context.pages if tab is not self.blank]

    def close_other_tabs(self) -> None:
        for tab in self.tabs:
            if tab is not self.tab:
                tab.close()

    def stop_scripts(self) -> None:
        """No page does anything by itself any more. Raises unless every request that left before is noted.

        A request that leaves while its page is being closed is told to nobody, and a page cut off from the network would
        only try faster. So its scripts are stopped first, and then it answers once more, behind all it told of its requests.
        """
        for tab in self.tabs:
            for session in self.sessions(tab):
                session.send("Emulation.setScriptExecutionDisabled", {"value": True}, timeout=GRACE)
            asked(tab, "true", None)

    def sessions(self, tab: Tab) -> Iterator[CDPSession]:
        """One for the page, and one for each frame in it that has a process of its own."""
        yield self.context.new_cdp_session(tab)
        for frame in tab.frames[1:]:
            try:
                yield self.context.new_cdp_session(frame)
            except PlaywrightError as error:
                if "does not have a separate CDP session" not in error.message:
                    raise

    def close_tabs(self) -> None:
        """The fence: once all pages are closed, nothing of theirs can leave any more."""
        for tab in self.tabs:
            tab.close()
        self.traffic.forget()
        self.tab = None
        self._leave()

    def _leave(self) -> None:
        self.page = None
        self.start_afresh()

    def start_afresh(self) -> None:
        """Nothing typed or read so far stands on the page to come."""
        self.under.clear()
        self.held.clear()
        self.chosen.clear()
        self.seen.clear()
        self.traffic.unanswered.clear()

    def step_to(self, page: Page) -> None:
        """The flow is on this page now: on a dialog over the former one, or back on one it came from."""
        if page in self.under:
            del self.under[self.under.index(page) :]
        elif page.inside and self.page is not None and self.page is not page:
            self.under.append(self.page)
        elif not page.inside:
            self.under.clear()
        self.page = page

    def left_for(self, page: Page) -> Page | None:
        """The dialog that must be gone before this page counts as here. One dialog may be opened over another."""
        leaves = self.page is not None and bool(self.page.inside) and self.page is not page
        return self.page if leaves and (not page.inside or page in self.under) else None

    def pause(self) -> None:
        """Wait as long as the site's manners ask for, before a page is opened or something clicked; in a hurry the least of it."""
        shortest, longest = self.manners.pause
        if longest > 0:
            self.wait(shortest if self.hurried else self.chance.uniform(shortest, longest))

    def place(self, name: str) -> Place | ListPlace:
        """What a name means on the page the flow is on. Raises PageChanged when it means nothing there."""
        place = self.page.place(name) if self.page else None
        if place is None:
            page = self.page.name if self.page else "-"
            raise PageChanged(_("The flow is on {page}, which has no place {name}").format(page=page, name=name))
        return place

    def address(self, page: Page, play: Play) -> str:
        """Where the page is opened, with the values put in. Raises Mismatch for a value that cannot stand there."""
        if page.open_at is None:
            raise ValueError(f"{page.name} has no address")
        values = {name: play.first(name) for name in page.open_at.names}  # as in any text: the value as it was meant
        return self.gate.hosts[page.host].rstrip("/") + address_with(page.open_at, values)

    def refuse_foreign_host(self) -> None:
        """Raise PersonNeeded when the tab stands on a host that is not the site's: it opened itself there."""
        self._refuse_foreign(self.here)

    def refuse_foreign_tabs(self) -> None:
        """The same for what was opened in this act: what was waited for may have gone there."""
        for tab in self.looked_at:
            self._refuse_foreign(tab)

    def _refuse_foreign(self, tab: Tab) -> None:
        address = urlsplit(tab.url)
        if address.scheme in ("http", "https") and not self.gate.own(tab.url):
            raise _led_away(address.netloc)

    def refuse_led_away(self) -> None:
        """Raise PersonNeeded when a page wanted to go to a host that is not the site's, and was kept from it."""
        if self.traffic.refused:
            raise _led_away(self.traffic.refused[0])

    def begin_act(self) -> None:
        """An act of ours begins: note what is said before it."""
        self.before = self.said()
        self.traffic.begin()

    @property
    def looked_at(self) -> list[Tab]:
        """The tab the flow is on, and those it opened in this act."""
        return [tab for tab in (self.tab, *self.traffic.tabs) if tab is not None and not tab.is_closed()]

    def said(self) -> frozenset[str]:
        """The site's messages that stand on the page, or that its dialogs said since the act began."""
        words = list(self.site.messages)
        if not words:
            return frozenset()
        shown = [
            word
            for tab in self.looked_at
            for word in still(lambda _ms, tab=tab: self.finder.ask(tab, "said", messages=words), 0) or []  # type: ignore[misc]
        ]
        told = [word for word in words for dialog in self.traffic.dialogs if squeeze(word) in squeeze(dialog)]
        return frozenset([*shown, *told])

    def look_around(self) -> None:
        """Between two vain looks: raise when the sign-in was lost, or when the site has said something new and rests."""
        if self.lost_sign_in():
            raise SignedOut(_("The site asks to sign in again"))
        self.refuse_led_away()
        if not self.traffic.busy():
            if self.traffic.fault:
                kind = SiteUnavailable if self.traffic.fault in SAYS_WAIT else PageLost
                raise kind(_("The site answers {}").format(self.traffic.fault))
            self.raise_said(self.said() - self.before)

    def raise_said(self, words: frozenset[str]) -> None:
        """Raise the error that the site's words mean; the sorest first."""
        for word in self.site.messages:  # in the order of the file
            if word in words:
                raise meaning(self.site, word)

    def unanswered(self) -> str:
        """What of the site's own got no answer on this page, and why; or ""."""
        own = [one for one in self.traffic.unanswered if self.gate.own(one.address)]
        return f"{urlsplit(own[-1].address).path}: {own[-1].why}" if own else ""

    def settle(self) -> None:
        """Wait until what the last act set off has come: requests ended, nothing spinning, the page at rest."""
        end = time.monotonic() + min(self.patience.settle, LONGEST_REST)
        while True:
            rested = still(lambda ms: self.finder.ask(self.here, "quiet", rest=REST, patience=ms), 500)
            if (rested and not rested["busy"] and not self.traffic.busy()) or time.monotonic() >= end:
                return

    def lost_sign_in(self) -> bool:
        if self.page is None or self.page.before_sign_in:
            return False
        pages = [page for page in self.site.pages.values() if page.before_sign_in and page.open_at]
        wishes = [page_wish(page) for page in pages]
        return any(any(self.met(wishes, tab=tab)) for tab in self.looked_at)

    def met(self, wishes: list[Form], milliseconds: float = 0, tab: Tab | None = None) -> list[bool]:
        """Which of the conditions hold, after at most that long."""
        if not wishes:
            return []
        answer = still(
            lambda ms: self.finder.ask(tab or self.here, "conditions", wishes=wishes, gone=False, patience=ms), milliseconds
        )
        return list(answer["met"]) if answer else [False] * len(wishes)


def meaning(site: Site, word: str) -> AgentError:
    """The error that a message of the site means, with its words quoted."""
    return MEANINGS[site.messages[word]](_("The site says: “{}”").format(word))


def _led_away(host: str) -> PersonNeeded:
    return PersonNeeded(
        _("The site led to {}, which is none of its hosts").format(host),
        todo=_("If that host belongs to the site, add it to `hosts:` of the site file."),
    )
