"""Look at the pages of a flow, or at one page, and count what every locator of the site file hits there. Writes nothing.

What was seen at several moments of one page is put together: a place that showed once at any of them is where the file says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agent.browser.forms import Form, list_form, locator_forms, page_wish, place_form, scope_form
from agent.browser.stage import Play, Stage
from agent.browser.steps import do
from agent.errors import AgentError
from agent.models import Reading, Sight
from agent.sites.definition import ListPlace, Locators, Page, Place, Site
from agent.sites.values import squeeze

_BEST = ("once", "several", "none", "no_row")


@dataclass(frozen=True, slots=True)
class Survey:
    """What was seen on the way, and how far it came: `failure` is what stopped it. `skeletons`: by page, words masked."""

    sights: tuple[Sight, ...]
    reading: Reading
    failure: AgentError | None
    skeletons: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Question:
    """Locators that are looked for in the same spot: on a page, or in a place there and in each of the `rows` it belongs to.

    `around`: these are what the place itself lies inside.
    """

    name: str
    locators: Locators
    scope: list[list[Form]]
    place: Place | None = None
    rows: ListPlace | None = None
    around: bool = False
    many: bool = False

    @property
    def form(self) -> Form:
        return {
            "scope": self.scope,
            "list": list_form(self.rows) if self.rows else None,
            "place": place_form(self.place) if self.place else None,
            "around": self.around,
            "locators": locator_forms(self.locators),
        }


def survey(stage: Stage, play: Play, *, skeletons: bool = False) -> Survey:
    """Play a flow that has no commit, and look at the page after each of its steps. What stopped it is in the survey."""
    seen: list[Sight] = []
    pages: dict[str, str] = {}
    failure = None
    try:
        for step in play.flow.steps:
            if play.done:
                break
            do(stage, step, play)
            page = stage.page
            if page is None or not all(stage.met([page_wish(page)])):
                continue  # a click has left it already
            seen += look(stage, page)
            if skeletons:
                pages[page.name] = skeleton(stage)
    except AgentError as error:
        failure = error
    return Survey(best(seen), play.reading(stage.chosen), failure, pages)


def look(stage: Stage, page: Page) -> list[Sight]:
    """What every locator of this page, which is here, hits now."""
    questions = list(_questions(stage.site, page))
    answers = stage.finder.ask(stage.here, "count", things=[one.form for one in questions])
    return [
        Sight(page.name, question.name, str(locator), locator.line, tuple(counts), question.many)
        for question, answer in zip(questions, answers, strict=True)
        for locator, counts in zip(question.locators, answer, strict=True)
    ]


def skeleton(stage: Stage) -> str:
    """The page as bare HTML. Words that the site file names stand as they are; every other letter and number is masked."""
    site = stage.site
    pages = [locator for page in site.pages.values() for locator in page.locators]
    named = [locator for locator in (*pages, *site.busy, *site.in_the_way) if locator.way not in ("css", "xpath")]
    return str(stage.finder.ask(stage.here, "skeleton", words=sorted({squeeze(one.words).strip(":*") for one in named})))


def best(seen: Iterable[Sight]) -> tuple[Sight, ...]:
    """One sight a locator: the best of those made of it, in the order in which they were first made."""
    kept: dict[tuple[str, str, str, int], Sight] = {}
    for sight in seen:
        key = (sight.page, sight.place, sight.locator, sight.line)
        if key not in kept or _BEST.index(sight.state) < _BEST.index(kept[key].state):
            kept[key] = sight
    return tuple(kept.values())


def _questions(site: Site, page: Page) -> Iterator[_Question]:
    scope = scope_form(page)
    yield _Question("here_if", page.here_if, scope, many=True)
    yield _Question("inside", page.inside, [])
    if site.signed_in_as and not page.before_sign_in and not page.inside:
        yield from _of_place(site.signed_in_as, "signed_in_as", [])
    for place in page.places.values():
        if isinstance(place, ListPlace):
            yield from _of_list(place, scope)
        else:
            yield from _of_place(place, place.name, scope)


def _of_place(place: Place, name: str, scope: list[list[Form]], rows: ListPlace | None = None) -> Iterator[_Question]:
    yield _Question(name, place.find, scope, place, rows, many=place.together)
    yield _Question(f"{name}.inside", place.inside, scope, place, rows, around=True)
    if place.options:
        yield _Question(f"{name}.options", (place.options,), scope, place, rows, many=True)


def _of_list(rows: ListPlace, scope: list[list[Form]]) -> Iterator[_Question]:
    many = ("rows", "heading_rows", "footing_rows", "skip_rows", "nothing_found")
    for part in many:
        yield _Question(f"{rows.name}.{part}", getattr(rows, part), scope, many=True)
    yield _Question(f"{rows.name}.next_page", rows.next_page, scope)
    yield _Question(f"{rows.name}.download", rows.download, scope)
    if rows.row_count:
        yield from _of_place(rows.row_count, f"{rows.name}.row_count", [])
    for column in rows.places.values():
        yield from _of_place(column, f"{rows.name}.{column.name}", scope, rows)
    if rows.remove:
        yield from _of_place(Place("remove", rows.remove, rows.line), f"{rows.name}.remove", scope, rows)
