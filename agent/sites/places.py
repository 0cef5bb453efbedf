"""The pages of a site file: places, lists and locators as written, read into the nouns of definition.py.

A place that cannot be read is told and kept by name without locators, so that steps which speak of it are not told too.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from agent.sites import grammar
from agent.sites.definition import MAIN, ListPlace, Locator, Locators, Page, Place, Template
from agent.sites.document import At, Closed, Collector, Data, suggestion
from agent.sites.written import OneOrMore
from agent.words import _


class PlaceForm(Closed):
    """The long form of a place; the locators in it are read by `locators`."""

    find: Any = None
    inside: Any = None
    part: str = ""
    attribute: str = ""
    each_line: OneOrMore = ()
    words: str = ""
    options: Any = None
    in_heading: bool = False
    in_footing: bool = False
    together: bool = False


class PageForm(Closed):
    """The words a page keeps for itself."""

    open_at: str = ""
    host: str = MAIN
    here_if: Any = None
    inside: Any = None
    before_sign_in: bool = False


def page(seen: Collector, name: str, at: At) -> Page:
    """The page written at `at`."""
    line, data = seen.document.line(*at), seen.document.at(at)
    seen.tried(at, lambda: grammar.name(name))
    if not isinstance(data, dict):
        seen.tell(at, _("`{}` is no page: it has no places").format(name), _("Is it a place? Then indent it below its page."))
        return Page(name, line)
    _look_at_shape(seen, at, data)
    form = _page_form(seen, at, data)
    names = [word for word in data if word not in grammar.PAGE_WORDS]
    return Page(
        name,
        line,
        open_at=_address(seen, (*at, "open_at"), form.open_at),
        host=form.host,
        guessed_address=_guessed(seen, (*at, "open_at")) if form.open_at else 0,
        here_if=locators(seen, (*at, "here_if")),
        inside=locators(seen, (*at, "inside")),
        before_sign_in=form.before_sign_in,
        places={word: _place_or_list(seen, word, (*at, word)) for word in names},
    )


def _page_form(seen: Collector, at: At, data: dict[str, Data]) -> PageForm:
    own = {word: data[word] for word in grammar.PAGE_WORDS if word in data}
    open_at = own.get("open_at", "/")
    if not isinstance(open_at, str) or not open_at.startswith("/"):
        seen.tell((*at, "open_at"), _("`{}` is no address within the site").format(open_at), _("It begins with a /."))
    host = own.get("host", MAIN)
    if not isinstance(host, str):
        seen.tell((*at, "host"), _("`{}` needs a single value, not a list or names below it").format("host"))
    before = own.get("before_sign_in", "no")
    if before not in ("yes", "no"):
        what = _("`{name}` cannot be `{given}`").format(name="before_sign_in", given=before)
        seen.tell((*at, "before_sign_in"), what, _("Write yes or no."))
    return PageForm(open_at=str(own.get("open_at", "")), host=str(host), before_sign_in=before == "yes")


def _address(seen: Collector, at: At, text: str) -> Template | None:
    return seen.tried(at, lambda: grammar.template(text, seen.document.line(*at))) if text else None


def _place_or_list(seen: Collector, name: str, at: At) -> Place | ListPlace:
    data = seen.document.at(at)
    if isinstance(data, dict) and {"rows", "download"} & set(data):
        return list_place(seen, name, at, data)
    return place(seen, name, at)


def list_place(seen: Collector, name: str, at: At, data: dict[str, Data]) -> ListPlace:
    """The list written at `at`: its own words, and places searched in each row."""
    seen.tried(at, lambda: grammar.name(name))
    _look_at_shape(seen, at, data)
    own = {word: locators(seen, (*at, word)) for word in grammar.LIST_LOCATORS if word in data}
    counted_by = data.get("counted_by", "")
    for_each = data.get("for_each", "")
    names = [word for word in data if word not in grammar.LIST_WORDS]
    return ListPlace(
        name,
        line=seen.document.line(*at),
        rows=own.pop("rows", ()),
        row_count=place(seen, "row_count", (*at, "row_count"), reserved=True) if "row_count" in data else None,
        counted_by=counted_by if isinstance(counted_by, str) else "",
        for_each=for_each if isinstance(for_each, str) else "",
        places={word: place(seen, word, (*at, word)) for word in names},
        **own,
    )


def place(seen: Collector, name: str, at: At, *, reserved: bool = False) -> Place:
    """The place written at `at`, in its short or its long form. `reserved`: its name is one of our own words."""
    line, data = seen.document.line(*at), seen.document.at(at)
    if not reserved:
        seen.tried(at, lambda: grammar.name(name))
    if not isinstance(data, dict):
        return Place(name, locators(seen, at), line)
    _look_at_shape(seen, at, data)
    if not {"find", "options", "rows"} & set(data):
        near = suggestion(next(iter(data)), ("find", "options", "rows"))
        seen.tell(at, _("`{}` says nowhere how it is found: find, options and rows are all missing").format(name), near)
        return Place(name, (), line)
    form = seen.built(PlaceForm, at)
    return _long_place(seen, name, at, form) if form else Place(name, (), line)


def _long_place(seen: Collector, name: str, at: At, form: PlaceForm) -> Place:
    options = locators(seen, (*at, "options"))
    if len(options) > 1:
        seen.tell((*at, "options"), _("`options` takes one locator"), _("Write one that hits them all."))
    return Place(
        name,
        locators(seen, (*at, "find")),
        seen.document.line(*at),
        inside=locators(seen, (*at, "inside")),
        part=_part(seen, (*at, "part"), form.part) if form.part else "",
        attribute=form.attribute,
        each_line=_lines(seen, (*at, "each_line"), form.each_line),
        words=form.words,
        options=options[0] if options else None,
        in_heading=form.in_heading,
        in_footing=form.in_footing,
        together=form.together,
    )


def _lines(seen: Collector, at: At, lines: tuple[str, ...]) -> tuple[str, ...]:
    """The lines of a block; of one with several words they must be told apart, as in a `part`."""
    for number, line in enumerate(lines):
        if "{" in line:
            seen.tried((*at, number), partial(grammar.part, line))
    return lines


def _part(seen: Collector, at: At, text: str) -> str:
    """The text, "" where it could not be read."""
    read = seen.tried(at, lambda: grammar.part(text))
    if seen.document.styles[at] != "quoted":
        seen.tell(at, _("`part` always stands in quotes"), _('Write part: "{}".').format(text))
    return read or ""


def _look_at_shape(seen: Collector, at: At, data: dict[str, Data]) -> None:
    if seen.document.styles[at] == "one_line":
        what = _("places stand one a line, not in one-line braces")
        seen.tell(at, what, _("A comma or bracket of a selector would split them. Write each on a line of its own, indented."))
    if not data:
        seen.tell(at, _("nothing stands in `{}`").format(at[-1]), _("Delete it, or write its places."))


def locators(seen: Collector, at: At) -> Locators:
    """The locator at `at`, or the list of them; none where the file has nothing there."""
    if at not in seen.document.lines:
        return ()
    data = seen.document.at(at)
    if isinstance(data, str):
        return _one(seen, at, data)
    if isinstance(data, dict):
        what = _("`{}` takes a locator such as button=…, not names below it").format(at[-1])
        seen.tell(at, what, _("Write it in the same line."))
        return ()
    if seen.document.styles[at] == "one_line":
        what = _("several locators stand one a line, each after a dash")
        seen.tell(at, what, _("A comma or bracket of a selector would split them."))
        return ()
    return tuple(locator for number, text in enumerate(data) for locator in _one(seen, (*at, number), text))


def _one(seen: Collector, at: At, text: Data) -> tuple[Locator, ...]:
    if not isinstance(text, str):
        seen.tell(at, _("a locator stands here as `way=words`"), _("For example: - button=OK"))
        return ()
    made = seen.tried(at, lambda: grammar.locator(text, seen.document.line(*at), _guessed(seen, at) > 0))
    return (made,) if made else ()


def _guessed(seen: Collector, at: At) -> int:
    """The line of what stands at `at` if it is marked `# guess`, else 0."""
    line = seen.document.line(*at)
    return line if seen.document.comments.get(line, "").lower().startswith("guess") else 0
