"""Any value at any place of any file: it reads back, and nothing else changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import ConfigError
from agent.sites import editor
from agent.sites.copies import GUESS
from agent.sites.definition import ListPlace, Place, Site
from agent.sites.document import At, Data, Document, Problems, document_of, read_document, text_of
from agent.sites.editor import at, changed, lines_changed, typed
from agent.sites.quoting import Room, spelled
from agent.sites.reader import site_of

SELECTORS = Path(__file__).parents[2] / "selectors"
FILES = sorted(SELECTORS.rglob("*.yaml"))
EACH = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
MALL = text_of(SELECTORS / "mall.yaml")


@pytest.fixture(scope="module", autouse=True)
def composed_once() -> Iterator[None]:
    """The tests change the same few texts at hundreds of places."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(editor, "_composed", cache(editor._composed))
        yield


# Values as people type them, and quotes only where they are needed.

VALUES = (
    *("css=.a", "label=收货人：", "css=.a #b", "text=a: b", "no", "12:30", "", " x ", "'", '"', "it's", 'say "x"', "a\\b", "#x"),
    *("[x]", "{x} y", "- a", "* a", "& a", "! a", "@a", "%a", "“x”", "a, b", "甲，乙", "abc：", "~", "null", "x:", "? a", "<<", "=", "| a"),
    *("css=a[title='b: c']", 'css=a[title="b #c"]', "both ' and \"", "both ' #and \"", "1e3", "text=*单号*"),
)  # fmt: skip
ROOMS: tuple[Room, ...] = ("line", "item", "brackets", "braces", "name", "name_in_braces")


@pytest.mark.parametrize("value", VALUES)
def test_a_value_reads_back_wherever_it_is_put(value: str) -> None:
    text = "a: x\nb:\n  - x\nc: [x, y]\nd: {e: x, f: y}\n"
    made = text
    for path in ("a", "b.1", "c.1", "d.e"):
        made = changed(made, path, value)
    document = document_of(Path("x"), made)
    assert document.data == {"a": value, "b": [value], "c": [value, "y"], "d": {"e": value, "f": "y"}}


@pytest.mark.parametrize(
    "value", ["css=.a", "label=收货人：", "no", "12:30", "it's", "css=a[title='b']", "text=*单号*", "/a?b=c&d=<x>"]
)
def test_no_quotes_where_none_are_needed(value: str) -> None:
    assert spelled(value, "line") == value and spelled(value, "line", quoted=True) != value


@given(st.text(), st.sampled_from(ROOMS))
def test_any_text_is_written_so_that_it_reads_back_or_refused(value: str, room: Room) -> None:
    try:
        text = spelled(value, room)
    except ConfigError:
        assert any(not " " <= sign <= "~" for sign in value), "what any keyboard types can be written"
        return
    line = {"line": "a: {}", "item": "a:\n  - {}", "brackets": "a: [{}]", "braces": "a: {{b: {}}}"}.get(room)
    if line:
        data = document_of(Path("x"), line.format(text) + "\n").data
        assert data in ({"a": value}, {"a": [value]}, {"a": {"b": value}})


# Every shipped file and example, at every one of its places.


def values_in(data: Data, keys: At = ()) -> Iterator[tuple[At, Data]]:
    """Every single value and every list of such, with its path."""
    if isinstance(data, str):
        yield keys, data
    elif isinstance(data, dict):
        for name, below in data.items():
            yield from values_in(below, (*keys, name))
    else:
        if all(isinstance(item, str) for item in data):
            yield keys, data
        for number, item in enumerate(data):
            yield from values_in(item, (*keys, number))


@cache
def document(path: Path) -> Document:
    return read_document(path)


def of_places(path: Path) -> list[tuple[At, Data]]:
    return [(keys, data) for keys, data in values_in(document(path).data) if located(keys)]


def located(keys: At) -> bool:
    return editor._takes_locators(keys)


@EACH
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_setting_a_value_to_what_it_is_changes_no_byte(path: Path, end: str) -> None:
    text = text_of(path).replace("\n", end)
    every = list(values_in(document(path).data))
    assert len(every) > 100
    for keys, data in every:
        value = data if isinstance(data, str) else [str(item) for item in data]
        assert changed(text, typed(keys), value) == text, typed(keys)


@EACH
def test_having_seen_it_takes_off_the_mark_and_nothing_else(path: Path) -> None:
    text = text_of(path)
    lines = text.split("\n")
    taken = set()
    for keys, data in of_places(path):
        value = data if isinstance(data, str) else [str(item) for item in data]
        gone, come = lines_changed(text, changed(text, typed(keys), value, seen=True))
        assert [number for number, _line in gone] == [number for number, _line in come]
        for (number, old), (_number, new) in zip(gone, come, strict=True):
            assert document(path).comments[number].lower().startswith(GUESS) and GUESS not in new.lower()
            assert old.startswith(new.split("  #")[0].rstrip()) and lines[number - 1] == old
            taken.add(number)
    addresses = {page.guessed_address for page in site(path).pages.values()}
    assert taken == set(site(path).guesses()) - addresses


def parts(thing: object, place: tuple[object, ...] = ()) -> dict[tuple[object, ...], object]:
    """A site taken apart, each part by where it is; lines apart, since a list may take more of them."""
    found: dict[tuple[object, ...], object] = {}
    if is_dataclass(thing) and not isinstance(thing, type):
        for each in fields(thing):
            if each.name != "line" and each.name != "guessed_address":
                found |= parts(getattr(thing, each.name), (*place, each.name))
    elif isinstance(thing, dict):
        for name, below in thing.items():
            found |= parts(below, (*place, name))
    elif isinstance(thing, tuple) and place[-1:] != ("parts",):
        for number, below in enumerate(thing):
            found |= parts(below, (*place, number))
        found[(*place, "length")] = len(thing)
    else:
        found[place] = thing
    return found


@cache
def site(path: Path) -> Site:
    return site_of(document(path))


def assert_only_this_changes(path: Path, keys: At, new: str) -> None:
    made = changed(text_of(path), typed(keys), new)
    gone, come = lines_changed(text_of(path), made)
    found = at(document(path), typed(keys))
    assert all(found.line <= number <= found.last for number, _line in gone), "a line elsewhere changed"
    assert len(come) == 1, come
    read = document_of(path, made)
    assert at(read, typed(keys)).value in (new, [new])
    assert elsewhere(read, keys) == elsewhere(document(path), keys)
    try:
        after = site_of(read)
    except Problems:
        return  # some places take one way of finding only, such as the columns of a file
    before, later = parts(site(path)), parts(after)
    others = {place for place in before.keys() | later.keys() if before.get(place) != later.get(place)}
    name = [key for key in keys if isinstance(key, str)][-1]
    assert others and all(name in place or name in ("find", "options", "inside") for place in others)


def elsewhere(read: Document, keys: At) -> dict[At, Data]:
    """What stands at all other paths; not the list around a changed one of it."""
    around = [keys[:size] for size in range(len(keys))]
    return {at: value for at, value in values_in(read.data) if at[: len(keys)] != keys and at not in around}


NEW = ("css=.neu #x", "text=新的：名字", 'css=a[title="b, c: d"]')


@EACH
@settings(deadline=None, max_examples=8)
@given(picked=st.data())
def test_another_locator_changes_only_its_lines_and_reads_as_exactly_that(path: Path, picked: st.DataObject) -> None:
    keys, _data = picked.draw(st.sampled_from(of_places(path)))
    assert_only_this_changes(path, keys, picked.draw(st.sampled_from(NEW)))


@pytest.mark.long
@EACH
@pytest.mark.parametrize("new", NEW)
def test_another_locator_at_every_place_of_every_file(path: Path, new: str) -> None:
    for keys, _data in of_places(path):
        assert_only_this_changes(path, keys, new)


@pytest.mark.slow
def test_most_places_take_another_locator() -> None:
    """Else the test above would compare little."""
    taken = 0
    every = of_places(SELECTORS / "mall.yaml")
    for keys, _data in every:
        try:
            site_of(document_of(SELECTORS / "mall.yaml", changed(MALL, typed(keys), "css=.neu #x")))
            taken += 1
        except Problems:
            pass
    assert taken > len(every) * 0.9
    pages = site(SELECTORS / "mall.yaml").pages.values()
    names = [n for page in pages for place in page.places.values() for n in names_of(place)]
    assert len(every) >= len(names)


def names_of(place: Place | ListPlace) -> list[str]:
    return [*(place.places if isinstance(place, ListPlace) else ()), place.name]
