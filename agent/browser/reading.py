"""The verb `read`: whole places and lists in one call into the page, twice until equal, over all its pages."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from playwright.sync_api import ElementHandle

from agent.browser.choosing import choose_one, offered
from agent.browser.download import shown_in_file
from agent.browser.find import different, not_found, offering, said, still, waited
from agent.browser.forms import Form, list_form, place_form, scope_form, target_form
from agent.browser.reach import CLICK_TIMEOUT
from agent.browser.seen import forget_list, remember, renew_list
from agent.browser.stage import Play, Stage
from agent.browser.windows import joined, known_by, moved
from agent.errors import Mismatch, PageChanged
from agent.models import Cell, Row, Unreadable
from agent.sites.contract import WORDS
from agent.sites.definition import ListPlace, Place
from agent.sites.values import cell, how_to_mend
from agent.words import _

MOST_PAGES = 200
MOST_ROWS = 5_000  # of one list that is scrolled through
JOIN = ";"  # between the axes of a specification
VAIN = 4  # looks in a row without a new row, too: on a busy computer the time alone says little
GLANCE = 0.4  # the same for a list that does not say how many rows it has
LAZY = 0.8  # seconds without a new row, and with no request under way, after which a page of a list is taken as whole


def read_names(stage: Stage, names: tuple[str, ...], play: Play) -> None:
    """Read these places and lists of the page, and lists that it gives as files, into the play's reading."""
    places = [stage.place(name) for name in names]
    files = [place for place in places if isinstance(place, ListPlace) and place.download]
    if shown := [place for place in places if place not in files]:
        _read_page(stage, shown, play)
    for place in files:
        play.keep({place.name: _rows_of_file(stage, place)}, {})


def _read_page(stage: Stage, places: list[Place | ListPlace], play: Play) -> None:
    wish = _wish(stage, places)
    shown = _whole(stage, wish, places)
    remember(stage, places, shown, passing=play.in_lines)
    for place in places:
        if isinstance(place, ListPlace):
            first = shown["lists"][place.name]
            play.keep({place.name: _rows_of_each(stage, place, first) if place.for_each else _rows(stage, place, first)}, {})
        else:
            _keep_place(stage, place, shown["places"], play)


def _wish(stage: Stage, places: list[Place | ListPlace]) -> Form:
    return {
        "scope": scope_form(stage.page),
        "places": [place_form(place) for place in places if isinstance(place, Place)],
        "lists": [list_form(place) for place in places if isinstance(place, ListPlace)],
        "held": [],
    }


def _whole(stage: Stage, wish: Form, places: list[Place | ListPlace]) -> Form:
    """Everything wished for, read twice until equal. Raises PageChanged naming what was not there exactly once."""
    last: dict[str, Any] = {}

    def look(milliseconds: float) -> Form | None:
        answer: Form = stage.finder.ask(stage.here, "read", wish=wish, patience=milliseconds)
        last.clear()
        last.update(answer)
        return answer if _stands(answer) and not any(_half_empty(stage, place, answer["places"]) for place in places) else None

    answer = waited(look, stage.patience.page, stage.look_around) or (last if _stands(last) else None)
    if answer is None:
        stage.raise_said(stage.said())
        raise PageChanged(_unread(last, places) + _instead(stage, last, places))
    return answer


def _stands(answer: Form) -> bool:
    return bool(answer) and bool(answer["steady"]) and bool(answer["whole"])


def _half_empty(stage: Stage, place: Place | ListPlace, cells: Mapping[str, Any]) -> bool:
    """Whether a place of the page shows what is no value of its word: it may be just being reckoned, and comes."""
    table = stage.site.words.get(place.words) if isinstance(place, Place) else None
    shown = place.words_shown if isinstance(place, Place) else ()
    return any(isinstance(cell(word, str(cells[word]["raw"]), table=table), Unreadable) for word in shown if word in WORDS)


def _instead(stage: Stage, answer: dict[str, Any], places: list[Place | ListPlace]) -> str:
    """What the page offers in place of the first thing that does not stand there at all."""
    lacking = next(_lacking(answer, places), None) if answer else None
    if lacking is None:
        return ""
    return offering(still(lambda _ms: stage.finder.ask(stage.here, "offers", target=target_form(stage.page, lacking)), 0) or ())


def _lacking(answer: dict[str, Any], places: list[Place | ListPlace]) -> Iterator[Place]:
    for place in places:
        rows = answer["lists"][place.name]["rows"] if isinstance(place, ListPlace) else [answer["places"]]
        wanted = place.columns.values() if isinstance(place, ListPlace) else [place]
        yield from (one for row in rows for one in wanted if (row.get(one.name) or {}).get("count") == 0)


def _unread(answer: dict[str, Any], places: list[Place | ListPlace]) -> str:
    if not answer:
        return _("The page does not come to rest and could not be read")
    for place in places:
        why = (
            _unread_list(place, answer["lists"][place.name])
            if isinstance(place, ListPlace)
            else _unread_place(place, answer["places"])
        )
        if why:
            return why
    return _("The page keeps changing and could not be read twice alike")


def _unread_place(place: Place, cells: Mapping[str, Any]) -> str:
    one = cells.get(place.name) or {}
    words = said(place.name, place.find)
    match one.get("why"):
        case "apart":
            return f"{place.name}: {different(*one['odd'])}"
        case "part":
            return _("What stands at {words} does not fit `{part}`").format(words=words, part=place.part)
        case "attribute":
            return _("What stands at {words} has no attribute {attribute}").format(words=words, attribute=place.attribute)
        case "line":
            return _("No line of {words} fits `{part}` where it is expected").format(words=words, part=one["line"])
        case "lines":
            return _("{shown} lines stand at {words}, not {meant}").format(
                shown=one["lines"], words=words, meant=len(place.each_line)
            )
    if "count" in one:
        return _("{count} things on the page fit {words}; one is wanted").format(count=one["count"], words=words)
    return ""


def _unread_list(place: ListPlace, shown: Mapping[str, Any]) -> str:
    if shown["rows"] and shown["empty"]:
        return _("The list {} shows rows and says that it is empty").format(place.name)
    if not shown["rows"] and not shown["empty"]:
        return _("The list {} shows no rows and does not say that it is empty").format(place.name)
    if place.row_count and (shown["count"] or {}).get("raw") is None:
        return _("The list {} does not show how many it holds").format(place.name)
    for number, row in enumerate(shown["rows"], 1):
        for column in place.columns.values():
            why = _unread_place(column, row)
            if why:
                return _("Row {number} of {list}: {why}").format(number=number, list=place.name, why=why)
    return ""


def _keep_place(stage: Stage, place: Place, cells: Mapping[str, Any], play: Play) -> None:
    table = stage.site.words.get(place.words)
    for word in place.words_shown:
        raw = str(cells[word]["raw"])
        value = cell(word, raw, table=table) if word in WORDS else raw
        if isinstance(value, Unreadable):
            raise Mismatch(
                _("The page shows {word} as “{raw}”: {why}").format(word=word, raw=raw, why=value.why),
                todo=how_to_mend(word),
            )
        play.keep({word: value}, {word: raw})


# ---- lists -----------------------------------------------------------------------------------------------------------


def _rows(stage: Stage, place: ListPlace, first: Form) -> tuple[Row, ...]:
    """All rows of a list, its further pages and lazily loaded rows included; the page's own total must equal them."""
    pages = [_with_late_rows(stage, place, first)]
    while _turned(stage, place, pages):
        if len(pages) >= MOST_PAGES:
            raise PageChanged(_("The list {list} has more than {most} pages").format(list=place.name, most=MOST_PAGES))
        shown = _drawn(stage, place)
        pages.append(_with_late_rows(stage, place, shown))
    if len(pages) > 1:
        forget_list(stage, place)
    rows = [row for page in pages for row in page["rows"]]
    _refuse_doubles(place, pages)
    if len({_total(stage, place, page) for page in pages}) > 1:
        raise moved(place)
    _refuse_wrong_total(stage, place, rows, pages[-1])
    return tuple(_row(stage, place, row) for row in rows)


def _rows_of_file(stage: Stage, place: ListPlace) -> tuple[Row, ...]:
    """The rows of a list that the site gives as a file. One without rows is believed: its headings stand there."""
    table, shown = shown_in_file(stage, place)
    if not shown["rows"]:
        return ()
    if why := _unread_list(table, shown):
        raise PageChanged(why)
    return tuple(_row(stage, table, row) for row in shown["rows"])


def _rows_of_each(stage: Stage, place: ListPlace, first: Form) -> tuple[Row, ...]:
    """The rows under each option, one after the other, its words before their own specification: 黑色;L.

    A page that has no such options shows all of its rows at once.
    """
    axis = stage.place(place.for_each)
    options = offered(stage, axis) if isinstance(axis, Place) else ()
    if not isinstance(axis, Place) or not options:
        return _rows(stage, place, first)
    rows: list[Row] = []
    for option in options:
        choose_one(stage, axis, (option,))
        shown = _drawn(stage, place)
        rows += [{**row, "specification": f"{option}{JOIN}{row['specification']}"} for row in _rows(stage, place, shown)]
    forget_list(stage, place)
    return tuple(rows)


def _row(stage: Stage, place: ListPlace, shown: Mapping[str, Any]) -> Row:
    row: dict[str, Cell] = {}
    for column in place.columns.values():
        table = stage.site.words.get(column.words)
        for word in column.reads:
            row[word] = cell(word, str(shown[word]["raw"]), table=table)
    return row


def _total(stage: Stage, place: ListPlace, shown: Form) -> int | None:
    if place.row_count is None or (shown["empty"] and not shown["rows"]):
        return None
    digits = "".join(sign for sign in str(shown["count"]["raw"]) if sign.isdigit())
    if not digits:
        raise PageChanged(_("The total of the list {list} reads “{raw}”").format(list=place.name, raw=shown["count"]["raw"]))
    return int(digits)


def _counted(place: ListPlace, rows: list[Form]) -> int:
    if not place.counted_by:
        return len(rows)
    return len({row[place.counted_by]["raw"] for row in rows})


def _with_late_rows(stage: Stage, place: ListPlace, shown: Form) -> Form:
    """Scroll until the rows fit the page's own total, or until none come any more. Rows scrolled away may be drawn no more.

    `drawn` of the answer is what then stands at the top. A list without a total and without pages is scrolled through, too.
    """
    total = _total(stage, place, shown)
    if place.next_page if total is None else _counted(place, shown["rows"]) >= total:
        return shown
    target = {"scope": scope_form(stage.page), "list": list_form(place)}
    went_on = bool(shown["rows"]) and _scrolled(stage, target, shown["rows"])
    if not went_on and (total is None or not shown["rows"]):
        return shown
    rows, since, vain, lazy = shown["rows"], time.monotonic(), 0, GLANCE if total is None else LAZY
    while True:
        drawn = _drawn(stage, place)["rows"]
        now = joined(place, rows, drawn)
        went_on = went_on or len(now) > len(rows)
        since, vain = (time.monotonic(), 0) if went_on else (since, vain + 1)
        rows = now
        if total is not None and _counted(place, rows) >= total:
            break
        if len(rows) > MOST_ROWS:
            raise PageChanged(_("The list {list} has more than {most} rows").format(list=place.name, most=MOST_ROWS))
        stuck = vain >= VAIN and time.monotonic() - since >= lazy and not stage.traffic.busy()
        went_on = _scrolled(stage, target, drawn, far=stuck)
        if stuck and not went_on:
            break
    return {**_back_at_the_top(stage, place, target, rows), "rows": rows}


def _drawn(stage: Stage, place: ListPlace) -> Form:
    return _whole(stage, _wish(stage, [place]), [place])["lists"][place.name]  # type: ignore[no-any-return]


def _scrolled(stage: Stage, target: Form, drawn: list[Form], *, far: bool = False) -> bool:
    """Scroll on by the rows drawn, as they were read, or `far`, to the end. Whether anything moved or was drawn anew."""
    wish = {"target": target, "last": drawn[-1], "far": far}
    answer: list[bool] = still(lambda _ms: [stage.finder.ask(stage.here, "toNextRows", **wish)], 0)
    return answer == [True]


def _back_at_the_top(stage: Stage, place: ListPlace, target: Form, rows: list[Form]) -> Form:
    """What stands there when the list is scrolled back: it is what can be compared before a commit."""

    def look(_milliseconds: float) -> Form | None:
        stage.finder.ask(stage.here, "toFirstRow", target=target)
        now = _drawn(stage, place)
        return now if known_by(place, now["rows"][0]) == known_by(place, rows[0]) else None

    now = waited(look, stage.patience.page, stage.look_around)
    if now is None:
        raise moved(place)
    renew_list(stage, place, now)
    return {**now, "drawn": now["rows"]}


def _turned(stage: Stage, place: ListPlace, pages: list[Form]) -> bool:
    """Turn to the next page of the list; False where there is none, or where all of its rows are read."""
    shown = pages[-1]
    total = _total(stage, place, shown)
    read = _counted(place, [row for page in pages for row in page["rows"]])
    if not place.next_page or not shown["rows"] or (total is not None and read >= total):
        return False
    button = _next_button(stage, place)
    if button is None:
        return False
    stage.begin_act()
    button.click(no_wait_after=True, timeout=CLICK_TIMEOUT)
    stage.settle()
    wish = _wish(stage, [place])

    def look(milliseconds: float) -> bool | None:
        now = stage.finder.ask(stage.here, "read", wish=wish, patience=milliseconds)
        return True if now["whole"] and now["lists"][place.name]["rows"] != shown.get("drawn", shown["rows"]) else None

    if waited(look, stage.patience.page, stage.look_around) is None:
        raise PageChanged(_("The next page of the list {} did not come").format(place.name))
    return True


def _next_button(stage: Stage, place: ListPlace) -> ElementHandle | None:
    """What turns to the next page; None on the last, where there is none, or all that there are are greyed out."""
    target = target_form(stage.page, Place(name="next_page", find=place.next_page, line=place.line))

    def look(milliseconds: float) -> ElementHandle | bool | None:
        found = stage.finder.take(stage.here, "one", target=target)
        if isinstance(found, ElementHandle):
            return found
        last.update(found)
        ends = found["count"] == 0 or found["off"]
        return False if ends and not found["busy"] else None

    last: Form = {}
    found = waited(look, stage.patience.page, stage.look_around)
    if found is None:  # several, or it never rests: nobody knows whether this is the last page
        raise not_found(said("next_page", place.next_page), last)
    return found or None


def _refuse_doubles(place: ListPlace, pages: list[Form]) -> None:
    """A row that stands on two pages says that the list moved while it was read."""
    seen: set[str] = set()
    for page in pages:
        here = {known_by(place, row) for row in page["rows"]}
        if seen & here:
            raise moved(place)
        seen |= here


def _refuse_wrong_total(stage: Stage, place: ListPlace, rows: list[Form], last: Form) -> None:
    total = _total(stage, place, last)
    if total is not None and total != _counted(place, rows):
        raise PageChanged(
            _("The list {list} says it holds {total}, {read} were read").format(
                list=place.name, total=total, read=_counted(place, rows)
            )
        )
