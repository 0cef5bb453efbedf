"""Another locator for a place of the step that comes: written, or picked with the mouse; tried on the page, then kept in the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from agent.browser import picking
from agent.browser.stage import Play, Stage
from agent.browser.watching import Rewording
from agent.errors import ConfigError
from agent.sites import grammar
from agent.sites.definition import ListPlace, Locator, Page, Place, Step, columns_in, names_in
from agent.terms import VALUES, plain
from agent.words import _

LOOK = 100.0  # milliseconds between two looks for what was picked


@dataclass(frozen=True, slots=True)
class _Spot:
    """Something with locators: a place of the page or of the rows of a list, or what makes the rows of one."""

    page: Page
    place: Place
    rows: ListPlace | None
    path: tuple[str, ...]
    locators: tuple[Locator, ...]


def retouch(stage: Stage, play: Play, step: Step, *, by_mouse: bool) -> None:
    """Ask for the locator, try it, and have it kept if somebody says so. The step is as it was where anything is in the way."""
    if spot := _which(stage, list(_spots(stage, step))):
        _mend(stage, spot, by_mouse=by_mouse)


def mend(stage: Stage, page: str, name: str, *, by_mouse: bool) -> bool:
    """The same for one place of a page: `phone`, `orders.rows`, `orders.state`, `here_if`. Whether another locator was kept."""
    found = stage.site.pages.get(page)
    spot = _named(stage, found, name) if found else None
    return spot is not None and _mend(stage, spot, by_mouse=by_mouse)


def _named(stage: Stage, page: Page, name: str) -> _Spot | None:
    first, _dot, part = name.partition(".")
    place = page.places.get(first)
    if name == "signed_in_as" and stage.site.signed_in_as:
        return _Spot(page, stage.site.signed_in_as, None, (name,), stage.site.signed_in_as.find)
    if name == "here_if":
        return _Spot(page, Place(name, page.here_if, 0), None, ("pages", page.name, name), page.here_if)
    if isinstance(place, ListPlace) and part in place.places:
        return _of_place(page, place.places[part], place)
    if isinstance(place, ListPlace) and part == "rows":
        return _Spot(page, Place(first, place.rows, place.line), None, ("pages", page.name, first, part), place.rows)
    return _of_place(page, place, None) if isinstance(place, Place) and not part else None


def _mend(stage: Stage, spot: _Spot, *, by_mouse: bool) -> bool:
    words = _picked(stage, spot) if by_mouse else stage.watch.line(_told(spot), _as_written(spot))
    if not words:
        return False
    try:
        locator = grammar.locator(words, spot.place.line, False)
        fits = _fits(stage, spot, locator)
    except (ConfigError, ValueError) as error:  # it is none
        stage.watch.tell(str(error))
        return False
    if not fits:
        return False
    others = tuple(str(one) for one in spot.locators[1:])  # other spellings of it stay
    site = stage.watch.keep(Rewording(stage.site, spot.path, (str(locator), *others)))
    if site:
        stage.use_site(site)
    return site is not None


def _which(stage: Stage, spots: list[_Spot]) -> _Spot | None:
    if not spots:
        stage.watch.tell(_("This step names nothing that stands on the page."))
        return None
    amiss = [spot for spot in spots if _is_amiss(stage, spot)]
    if len(amiss or spots) == 1:
        return (amiss or spots)[0]
    at = stage.watch.choose(_("Which of them?"), tuple(_told(spot) for spot in spots))
    return None if at is None else spots[at]


def _is_amiss(stage: Stage, spot: _Spot) -> bool:
    """Whether it finds nothing on the page now, or several things where one is wanted."""
    if spot.rows is not None or spot.path[-1] == "rows" or not spot.locators:
        return False
    hits = picking.tried(stage, spot.place, spot.locators).hits
    picking.end(stage)
    return hits != 1


def _told(spot: _Spot) -> str:
    return f"{plain(VALUES, spot.place.name)} ({_as_written(spot)})"


def _as_written(spot: _Spot) -> str:
    return " / ".join(str(one) for one in spot.locators)


def _fits(stage: Stage, spot: _Spot, locator: Locator) -> bool:
    """Try it on the page, say and frame what it finds, and ask whether it is the right one."""
    tried = picking.tried(stage, spot.place, (locator,), spot.rows)
    try:
        stage.watch.tell(_("{locator} finds {count} things on the page").format(locator=locator, count=tried.hits))
        if tried.hits == 0:
            return False
        return stage.watch.choose(_("Is it the right one, framed in the page?"), (_("yes, write it into the site file"),)) == 0
    finally:
        picking.end(stage)


def _picked(stage: Stage, spot: _Spot) -> str:
    """The locator that somebody chose for what they clicked; "" for none."""
    if not stage.visible:
        stage.watch.tell(_("There is no window to pick in; e writes a locator."))
        return ""
    stage.watch.tell(_("Click {} in the page; Escape leaves it.").format(plain(VALUES, spot.place.name)))
    picked = _await_pick(stage)
    if picked is None:
        return ""
    offers = picking.offers(stage, picked.element, rows=spot.rows)
    picking.end(stage)
    told = tuple(
        _("{locator}  (finds it alone)").format(locator=offer.locator)
        if offer.exact
        else _("{locator}  (finds {count})").format(locator=offer.locator, count=offer.hits)
        for offer in offers
    )
    at = stage.watch.choose(_("How is it found?"), told)
    return "" if at is None else offers[at].locator


def _await_pick(stage: Stage) -> picking.Picked | None:
    picking.begin(stage)
    while True:
        found = picking.picked(stage)
        if isinstance(found, picking.Picked):
            return found
        if isinstance(found, picking.Cancelled):
            picking.end(stage)
            return None
        stage.here.wait_for_timeout(LOOK)  # for a person to point; what the page does meanwhile is heard


def _spots(stage: Stage, step: Step) -> Iterator[_Spot]:
    """What the step names on the page it is on, its rows' columns included."""
    if stage.page is None:
        return
    page = stage.page
    for name in dict.fromkeys((*names_in(step), *columns_in(step))):
        place, around = page.place(name), page.list_of(name)
        if isinstance(place, ListPlace):
            yield _Spot(page, Place(name, place.rows, place.line), None, ("pages", page.name, name, "rows"), place.rows)
            for column in place.columns.values():
                yield _of_place(page, column, place)
        elif place is not None:
            yield _of_place(page, place, around)


def _of_place(page: Page, place: Place, around: ListPlace | None) -> _Spot:
    path = ("pages", page.name, *((around.name,) if around else ()), place.name)
    return _Spot(page, place, around, path, place.find)
