"""What a site is, once its file has been read: frozen nouns, each with the line it was written on.

Knows nothing of YAML (reader.py) and nothing of browsers (agent/browser). What is absent is an empty tuple, "" or
None. The nouns of a flow stand in flow.py and are given on from here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Literal, get_args

from agent.sites.contract import CONTRACTS, WORDS, SiteKind
from agent.sites.flow import (
    Choose,
    Clear,
    Click,
    Commit,
    DoneIf,
    Expect,
    ExpectGone,
    Fill,
    Flow,
    ForEachLine,
    IfPresent,
    InRow,
    Items,
    Open,
    Picture,
    Press,
    Read,
    Step,
    Template,
    Tick,
    ValueName,
    Visit,
    columns_in,
    names_in,
    targets_in,
    templates_in,
    walk,
)
from agent.sites.hashed import sha256_of

__all__ = [
    "MAIN",
    "WAYS",
    "BrowserKind",
    "Choose",
    "Clear",
    "Click",
    "Commit",
    "DoneIf",
    "Expect",
    "ExpectGone",
    "Fill",
    "Flow",
    "ForEachLine",
    "IfPresent",
    "InRow",
    "Items",
    "Limits",
    "ListPlace",
    "Locator",
    "Locators",
    "Manners",
    "MoneyMoves",
    "Open",
    "Page",
    "Picture",
    "Place",
    "Press",
    "Read",
    "Site",
    "Step",
    "Template",
    "Tick",
    "ValueName",
    "Visit",
    "Way",
    "all_places",
    "columns_in",
    "named_parts",
    "names_in",
    "templates_in",
    "words_of_line",
]

Way = Literal[
    "label", "button", "link", "heading", "tab", "text", "placeholder", "dialog", "beside", "column", "section", "row",
    "css", "xpath", "test_id",
]  # fmt: skip
WAYS: tuple[Way, ...] = get_args(Way)
MoneyMoves = Literal["submit", "pay", "month_end"]
BrowserKind = Literal["shared", "own_chrome"]  # a fresh window of the program's, or a Chrome with a memory of its own
NOT_READ = "-"
MAIN = "main"  # the host that every site has


@dataclass(frozen=True, slots=True)
class Locator:
    """One way to find something: `button=登录`. The bare word `row` (way "row", words "") is the list row itself."""

    way: Way
    words: str
    line: int
    guess: bool = False  # marked "# guess": seen nowhere, so no write runs unattended through it unwatched

    def __str__(self) -> str:
        return f"{self.way}={self.words}" if self.words else self.way


# Several locators are spellings of one thing, in order: the first that hits anything counts, and must hit exactly one.
Locators = tuple[Locator, ...]


def named_parts(part: str) -> tuple[str, ...]:
    """Of `{carrier} {tracking_number}` the two words. `{specification.1}` and `{specification.2}` are one, its axes."""
    return tuple(re.findall(r"\{(\w+(?:\.[1-9])?)\}", part))


def words_of_line(line: str) -> tuple[str, ...]:
    """The words that one line of an `each_line` says."""
    parts = tuple(dict.fromkeys(part.split(".")[0] for part in named_parts(line)))
    return parts or ((line,) if line != NOT_READ else ())


@dataclass(frozen=True, slots=True)
class Place:
    """One thing on a page. `part` is the text around what is wanted, `{}` or, by our words, `{carrier} {tracking_number}`."""

    name: str
    find: Locators
    line: int
    inside: Locators = ()
    part: str = ""
    attribute: str = ""
    each_line: tuple[str, ...] = ()  # of a block of lines, each a word, or text with words as in `part`; or NOT_READ
    words: str = ""  # the table of `Site.words` that turns their words into ours
    options: Locator | None = None  # choose takes the one of these that says exactly the words
    in_heading: bool = False  # of a list: searched in the row's heading row
    in_footing: bool = False
    together: bool = False  # all that fits is read as one text, in the page's order

    @property
    def locators(self) -> Locators:
        return (*self.find, *self.inside, *((self.options,) if self.options else ()))

    @property
    def guess(self) -> bool:
        return any(locator.guess for locator in self.locators)

    @property
    def reads(self) -> tuple[str, ...]:
        """The words of the contract that reading this place gives."""
        return self.words_shown if self.parts or self.each_line or self.name in WORDS else ()

    @property
    def parts(self) -> tuple[str, ...]:
        """The words that the parts of its text are, in their order; none where it has one part without a word."""
        return named_parts(self.part)

    @property
    def words_shown(self) -> tuple[str, ...]:
        """The words that stand there: those of its parts or lines, else its own name."""
        words = tuple(dict.fromkeys(part.split(".")[0] for part in self.parts))
        lines = tuple(dict.fromkeys(word for line in self.each_line for word in words_of_line(line)))
        return words or lines or (self.name,)


@dataclass(frozen=True, slots=True)
class ListPlace:
    """A table, cards or forms: its rows, and the places searched in each row. With `download` it is a file of the site's."""

    name: str
    rows: Locators
    line: int
    heading_rows: Locators = ()  # a row before some rows which belongs to each of them
    footing_rows: Locators = ()
    skip_rows: Locators = ()  # totals and the like
    nothing_found: Locators = ()  # the page's own words for empty; any hit counts
    next_page: Locators = ()
    row_count: Place | None = None  # the page's own total
    counted_by: str = ""  # the place whose distinct values `row_count` counts; "" counts rows
    remove: Locators = ()
    download: Locators = ()  # what gives the list as a file, whose columns are its places
    for_each: str = ""  # the place of the page whose options show other rows each
    places: Mapping[str, Place] = field(default_factory=dict)

    @property
    def own_locators(self) -> Locators:
        """The locators of the list itself, without those of its places."""
        count = self.row_count.locators if self.row_count else ()
        rows = (*self.rows, *self.heading_rows, *self.footing_rows, *self.skip_rows)
        return (*rows, *self.nothing_found, *self.next_page, *self.remove, *self.download, *count)

    @property
    def locators(self) -> Locators:
        return (*self.own_locators, *(locator for place in self.places.values() for locator in place.locators))

    @property
    def guess(self) -> bool:
        return any(locator.guess for locator in self.own_locators)

    @property
    def columns(self) -> Mapping[str, Place]:
        """The places that are read with each row: those that are words of the contract, not buttons and links."""
        return {name: place for name, place in self.places.items() if place.reads}

    def holding(self, word: str) -> Place | None:
        """The place of this name, else the one that has the word among its parts or lines."""
        return self.places.get(word) or next((place for place in self.places.values() if word in place.reads), None)

    @property
    def reads(self) -> tuple[str, ...]:
        """The words of the contract that each row gives."""
        return tuple(word for place in self.places.values() for word in place.reads)


@dataclass(frozen=True, slots=True)
class Page:
    """A page, or a dialog on one. `here_if`: one hit is enough. Without `open_at` it is reached by clicking.

    `open_at` may hold values, which agent/sites/address.py puts in; `host` is a key of the site's `hosts`.
    """

    name: str
    line: int
    open_at: Template | None = None
    host: str = MAIN
    guessed_address: int = 0  # the line of `open_at` where it is marked "# guess", else 0
    here_if: Locators = ()
    inside: Locators = ()
    before_sign_in: bool = False
    places: Mapping[str, Place | ListPlace] = field(default_factory=dict)

    def lists_with(self, name: str) -> tuple[ListPlace, ...]:
        """The lists whose rows hold a place of this name."""
        return tuple(p for p in self.places.values() if isinstance(p, ListPlace) and name in p.places)

    def place(self, name: str) -> Place | ListPlace | None:
        """What this name means on this page: its own place, else the place of the one list that holds it."""
        if name in self.places:
            return self.places[name]
        lists = self.lists_with(name)
        return lists[0].places[name] if len(lists) == 1 else None

    def list_of(self, name: str) -> ListPlace | None:
        """The list whose rows hold the place that `place(name)` gives; None where it is the page's own."""
        lists = self.lists_with(name)
        return lists[0] if name not in self.places and len(lists) == 1 else None

    @property
    def locators(self) -> Locators:
        return (*self.here_if, *self.inside, *(locator for place in self.places.values() for locator in place.locators))


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds: how long a page may take to come, and to come to rest after a write."""

    wait_for_page: float
    settle: float


@dataclass(frozen=True, slots=True)
class Manners:
    """How gently the site wants to be treated. Without: no pause, no quiet hours, no most."""

    pause: tuple[float, float] = (0.0, 0.0)  # seconds, from-to
    quiet: tuple[time, time] | None = None  # Shanghai clock; may go over midnight
    most_per_hour: int | None = None


@dataclass(frozen=True)
class Site:
    """One site file, read and checked."""

    path: Path
    site_version: int
    site: str
    name: str
    kind: SiteKind
    hosts: Mapping[str, str]
    signed_in_as: Place | None
    money_moves_at: MoneyMoves | None  # None for a shop
    lacks: tuple[str, ...]
    merges_orders: bool  # may put several of our purchases for one receiver into one order
    notes: str
    limits: Limits
    manners: Manners
    browser: BrowserKind  # unless an account says otherwise
    words: Mapping[str, Mapping[str, tuple[str, ...]]]  # table → our word → their words
    messages: Mapping[str, str]  # their words → name in agent.errors.MEANINGS
    busy: Locators
    in_the_way: Locators
    pages: Mapping[str, Page]
    flows: Mapping[str, Flow]

    def walk(self, flow: str) -> tuple[Visit, ...]:
        """Every step of the flow in order, nested ones included, with the pages it may stand on."""
        return self._walked(flow)[0]

    def ends_on(self, flow: str) -> tuple[str, ...]:
        """The pages the flow may end on."""
        return self._walked(flow)[1]

    def starts_on(self, flow: str) -> tuple[str, ...]:
        """The pages a flow that continues another one begins on."""
        contract = CONTRACTS[self.kind].get(flow)
        return self.ends_on(contract.continues) if contract and contract.continues in self.flows else ()

    def touches(self, flow: str) -> tuple[Page, ...]:
        """The pages a flow opens, expects, asks for or stands on."""
        names: dict[str, None] = dict.fromkeys(self.starts_on(flow))
        for visit in self.walk(flow):
            names.update(dict.fromkeys((*visit.pages, *targets_in(visit.step))))
        return tuple(self.pages[name] for name in names if name in self.pages)

    def uses(self, flow: str) -> Locators:
        """Every locator a flow goes through: its pages' own, and those of the places its steps name."""
        used = [locator for page in self.touches(flow) for locator in (*page.here_if, *page.inside)]
        for visit in self.walk(flow):
            for page in visit.pages:
                used += self._locators_in(visit.step, page)
        if self.signed_in_as and not all(page.before_sign_in for page in self.touches(flow)):
            used += self.signed_in_as.locators
        return tuple(dict.fromkeys(used))

    def guesses(self, flow: str | None = None) -> tuple[int, ...]:
        """The lines of the guessed locators and addresses a flow uses; without a flow, of the whole file."""
        locators = self.uses(flow) if flow else self._all_locators()
        pages = self.touches(flow) if flow else self.pages.values()
        lines = {locator.line for locator in locators if locator.guess} | {page.guessed_address for page in pages}
        return tuple(sorted(lines - {0}))

    @property
    def clears(self) -> bool:
        """Whether filling in an order first takes out what earlier attempts left."""
        return "fill_order" in self.flows and any(isinstance(visit.step, Clear) for visit in self.walk("fill_order"))

    @property
    def asks_for_seller(self) -> bool:
        """Whether its flows write or read the name of the seller whose goods they are."""
        steps = [visit.step for flow in ("fill_order", "read_order") if flow in self.flows for visit in self.walk(flow)]
        return any("supplier.seller" in template.names for step in steps for template in templates_in(step)) or any(
            "seller" in names_in(step) for step in steps if isinstance(step, Read)
        )

    def flow_hash(self, flow: str) -> str:
        """sha256 over the flow and the one it goes on from, every locator of the pages these touch, and the words they compare with.

        Line numbers and comments are left out: an edit elsewhere in the file does not undo what was proved.
        """
        contract = CONTRACTS[self.kind].get(flow)
        flows = [name for name in (contract.continues if contract else "", flow) if name in self.flows]
        pages = {page.name: page for name in flows for page in self.touches(name)}.values()
        places = [place for page in pages for place in all_places(page)]
        tables = sorted({place.words for place in places if place.words})
        content = [[self.flows[name] for name in flows], list(pages), {table: self.words.get(table) for table in tables}]
        return sha256_of(content)

    def _walked(self, flow: str) -> tuple[tuple[Visit, ...], tuple[str, ...]]:
        return walk(self.flows[flow].steps, self.starts_on(flow), self.pages)

    def _locators_in(self, step: Step, page: str) -> Iterator[Locator]:
        if page not in self.pages:
            return
        for name in names_in(step):
            place, around = self.pages[page].place(name), self.pages[page].list_of(name)
            if around:
                yield from around.own_locators
                yield from (locator for column in columns_in(step) for locator in _locators_at(around, column))
            if place:
                yield from place.locators
            if isinstance(place, ListPlace) and isinstance(axis := self.pages[page].places.get(place.for_each), Place):
                yield from axis.locators

    def _all_locators(self) -> Locators:
        signed_in = self.signed_in_as.locators if self.signed_in_as else ()
        pages = (locator for page in self.pages.values() for locator in page.locators)
        return (*signed_in, *self.busy, *self.in_the_way, *pages)


def _locators_at(rows: ListPlace, name: str) -> Locators:
    place = rows.holding(name)
    return place.locators if place else ()


def all_places(page: Page) -> Iterator[Place]:
    """Every place of a page, those in the rows of its lists and their row counts included."""
    for place in page.places.values():
        if isinstance(place, Place):
            yield place
            continue
        yield from place.places.values()
        if place.row_count:
            yield place.row_count
