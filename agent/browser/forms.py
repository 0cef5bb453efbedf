"""What the script in a page is asked with: the plain forms of places, lists and scopes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from agent.sites.definition import ListPlace, Locator, Page, Place, named_parts, words_of_line

Form = dict[str, Any]


def locator_form(locator: Locator) -> Form:
    return {"way": locator.way, "words": locator.words}


def locator_forms(locators: Iterable[Locator]) -> list[Form]:
    return [locator_form(one) for one in locators]


def scope_form(page: Page | None) -> list[list[Form]]:
    """Where the places of a page are looked for: in its `inside`, else in the whole document."""
    return [locator_forms(page.inside)] if page and page.inside else []


def place_form(place: Place) -> Form:
    return {
        "name": place.name,
        "find": locator_forms(place.find),
        "inside": locator_forms(place.inside),
        "part": place.part,
        "attribute": place.attribute,
        "parts": list(place.parts),
        "each_line": [_line_form(line) for line in place.each_line],
        "options": locator_form(place.options) if place.options else None,
        "in_heading": place.in_heading,
        "in_footing": place.in_footing,
        "together": place.together,
    }


def _line_form(line: str) -> Form:
    """A line that is one word, or several parts around which other text stands; none of a line that says nothing of ours."""
    parts = named_parts(line)
    return {"part": line if parts else "", "parts": list(parts or words_of_line(line))}


def list_form(place: ListPlace) -> Form:
    """The form of a list. Of its places, `read` are those that are words of the contract; buttons and links are not read."""
    return {
        "name": place.name,
        "rows": locator_forms(place.rows),
        "heading_rows": locator_forms(place.heading_rows),
        "footing_rows": locator_forms(place.footing_rows),
        "skip_rows": locator_forms(place.skip_rows),
        "nothing_found": locator_forms(place.nothing_found),
        "row_count": place_form(place.row_count) if place.row_count else None,
        "places": [place_form(one) for one in place.places.values()],
        "read": [place_form(one) for one in place.columns.values()],
    }


def found_by(*locators: Locator, name: str = "") -> Form:
    """The form of a nameless place: what these locators find."""
    return place_form(Place(name=name, find=locators, line=0))


def target_form(
    page: Page | None, place: Place, around: ListPlace | None = None, where: Mapping[str, str] | None = None
) -> Form:
    """One thing to act on: a place of a page, or of the rows of a list that `where` names.

    It is also the form of what is held: `name` tells it from other rows' boxes, `ticks` whether it holds a tick, no words.
    """
    rows = dict(where or {})
    return {
        "name": place.name + (f" ({', '.join(rows.values())})" if rows else ""),
        "scope": scope_form(page),
        "place": place_form(place),
        "list": list_form(around) if around else None,
        "where": rows,
        "ticks": False,
    }


def page_wish(page: Page, gone: Page | None = None) -> Form:
    """The condition "this page is here"; with `gone`, and that dialog is not."""
    return {"scope": scope_form(page), "here_if": locator_forms(page.here_if), "gone": scope_form(gone) if gone else None}


def place_wish(page: Page | None, place: Place) -> Form:
    return {"scope": scope_form(page), "place": place_form(place)}


def list_wish(page: Page | None, place: ListPlace, where: Mapping[str, str]) -> Form:
    return {"scope": scope_form(page), "list": list_form(place), "where": dict(where)}
