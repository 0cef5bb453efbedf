"""What was read and still stands there: it is read once more just before a commit, and again in the click itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from agent.browser.forms import Form, list_form, place_form, scope_form
from agent.browser.stage import Seen, Stage
from agent.sites.definition import ListPlace, Place


def remember(stage: Stage, places: Iterable[Place | ListPlace], answer: Form, *, passing: bool) -> None:
    """Keep what was read just now beside what was read before on this page, or on one that it lies over."""
    fresh = [_seen(stage, place, answer, passing) for place in places]
    words = {word for one in fresh for word in one.shown}
    stage.seen[:] = [one for one in stage.seen if one.document == answer["page"] and _stays(stage, one, words)] + fresh


def _stays(stage: Stage, one: Seen, anew: set[str]) -> bool:
    """Whether it still stands beside what was read anew: not on a page that was left, and not for a line before."""
    if one.passing or one.page not in {page.name for page in (*stage.under, stage.page) if page}:
        return False
    return one.page != _name(stage) or anew.isdisjoint(one.shown)


def _seen(stage: Stage, place: Place | ListPlace, answer: Form, passing: bool) -> Seen:
    scope, document = scope_form(stage.page), answer["page"]
    if isinstance(place, ListPlace):
        shown = {place.name: answer["lists"][place.name]}
        return Seen("lists", list_form(place), shown, _name(stage), scope, document, passing)
    shown = {word: answer["places"][word] for word in place.words_shown}
    return Seen("places", place_form(place), shown, _name(stage), scope, document, passing)


def _name(stage: Stage) -> str:
    return stage.page.name if stage.page else ""


def forget_list(stage: Stage, place: ListPlace) -> None:
    """What was read of a list first stands there no more."""
    stage.seen[:] = [one for one in stage.seen if not _is(one, place)]


def renew_list(stage: Stage, place: ListPlace, now: Form) -> None:
    """Of a list that was read whole by scrolling, this is what is drawn."""
    stage.seen[:] = [replace(one, shown={place.name: now}) if _is(one, place) else one for one in stage.seen]


def _is(one: Seen, place: ListPlace) -> bool:
    return one.part == "lists" and place.name in one.shown


def to_compare(stage: Stage, document: float) -> list[Seen]:
    """What was read in this document on the page the flow is on; where nothing was, on the one that was read last."""
    there = [one for one in stage.seen if one.document == document]
    here = [one for one in there if one.page == _name(stage)]
    return here or [one for one in there if one.page == there[-1].page]


def shown_in(read: Iterable[Seen], part: str) -> Form:
    """What they showed, by word."""
    return {word: shown for one in read if one.part == part for word, shown in one.shown.items()}
