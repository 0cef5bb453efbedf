"""One value changed in place: exactly its lines are others, the site is exactly that much another, and a bad value changes nothing."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import ConfigError
from agent.models import SHANGHAI
from agent.sites import editor, saving
from agent.sites.copies import GUESS
from agent.sites.definition import ListPlace, Place, Site
from agent.sites.document import At, Data, Document, Problems, document_of, read_document, text_of
from agent.sites.editor import at, changed, lines_changed, save, typed
from agent.sites.quoting import Room, spelled
from agent.sites.reader import site_of

NOW = datetime(2026, 11, 29, 18, 0, 0, tzinfo=SHANGHAI)
SELECTORS = Path(__file__).parents[2] / "selectors"
FILES = sorted(SELECTORS.rglob("*.yaml"))
EACH = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
MALL = text_of(SELECTORS / "mall.yaml")

SMALL = """\
# a head
hosts: {main: https://a.example}   # one
signed_in_as: css=#user  # guess: seen by none
words:
  states:
    placed: [待发货, 配货中]   # two
    shipped: 已发货
notes: |
  a text
  of two lines

# between
busy:
  - css=.spin          # guess
  # of its own
  - css=.load
pages:
  login:
    open_at: /login    # guess
    here_if: heading=登录   # a note
    total:
      find: css=.sum   # guess
      part: "合计{}"
    rows_of:
      rows: css=tr
      price: column=单价

  next_one:
    here_if: text=x
flows:
  log_in:
    - open: login
    - read: [a, b]
"""


@pytest.fixture(scope="module", autouse=True)
def composed_once() -> Iterator[None]:
    """The tests change the same few texts at hundreds of places."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(editor, "_composed", cache(editor._composed))
        yield


def told_lines(before: str, path: str, *value: str, seen: bool = False) -> tuple[list[str], list[str]]:
    """The lines gone and the lines come by a change."""
    gone, come = lines_changed(before, changed(before, path, value[0] if len(value) == 1 else value, seen=seen))
    return [line for _number, line in gone], [line for _number, line in come]


@pytest.mark.parametrize(
    ("path", "value", "seen", "gone", "come"),
    [
        (
            "signed_in_as",
            ["css=#name"],
            False,
            ["signed_in_as: css=#user  # guess: seen by none"],
            ["signed_in_as: css=#name  # guess: seen by none"],
        ),
        (
            "signed_in_as",
            ["id"],
            True,
            ["signed_in_as: css=#user  # guess: seen by none"],
            ["signed_in_as: id         # seen by none"],
        ),
        ("hosts.main", ["x"], False, ["hosts: {main: https://a.example}   # one"], ["hosts: {main: x}   # one"]),
        ("hosts.main", ["a, b"], False, ["hosts: {main: https://a.example}   # one"], ['hosts: {main: "a, b"}   # one']),
        (
            "hosts.more",
            ["y"],
            False,
            ["hosts: {main: https://a.example}   # one"],
            ["hosts: {main: https://a.example, more: y}   # one"],
        ),
        (
            "words.states.placed",
            ["备"],
            False,
            ["    placed: [待发货, 配货中]   # two"],
            ["    placed: [备]               # two"],
        ),
        ("words.states.placed", [], False, ["    placed: [待发货, 配货中]   # two"], ["    placed: []                 # two"]),
        (
            "words.states.placed.2",
            ["a, b"],
            False,
            ["    placed: [待发货, 配货中]   # two"],
            ['    placed: [待发货, "a, b"]   # two'],
        ),
        ("words.states.shipped", ["甲", "乙"], False, ["    shipped: 已发货"], ["    shipped: [甲, 乙]"]),
        ("words.states.gone", ["丙"], False, [], ["    gone: 丙"]),
        ("notes", ["one line"], False, ["notes: |", "  a text", "  of two lines"], ["notes: one line"]),
        ("busy.1", ["css=.x"], False, ["  - css=.spin          # guess"], ["  - css=.x             # guess"]),
        ("busy.1", ["css=.spin"], True, ["  - css=.spin          # guess"], ["  - css=.spin"]),
        ("busy.2", ["css=.y"], True, ["  - css=.load"], ["  - css=.y"]),
        ("busy", ["css=.load"], False, ["  - css=.spin          # guess"], []),
        (
            "busy",
            ["css=.spin", "css=.load", "css=.z"],
            True,
            ["  - css=.spin          # guess"],
            ["  - css=.spin", "  - css=.z"],
        ),
        ("busy", ["css=.0", "css=.spin", "css=.load"], False, [], [f"{'  - css=.0':<42}  # guess"]),
        ("pages.login.open_at", ["/in"], True, ["    open_at: /login    # guess"], ["    open_at: /in"]),
        (
            "pages.login.here_if",
            ["heading=登录", "css=.a #b"],
            True,
            ["    here_if: heading=登录   # a note"],
            ["    here_if:                # a note", "      - heading=登录", '      - "css=.a #b"'],
        ),
        (
            "pages.login.here_if.1",
            ["text=一个很长很长很长的标题"],
            True,
            ["    here_if: heading=登录   # a note"],
            ["    here_if: text=一个很长很长很长的标题  # a note"],
        ),
        ("pages.login.total.part", ["共{}"], False, ['      part: "合计{}"'], ['      part: "共{}"']),
        ("pages.login.total.part", ['"{}"'], False, ['      part: "合计{}"'], ["      part: '\"{}\"'"]),
        ("pages.login.total.inside", ["css=.box"], True, [], ["      inside: css=.box"]),
        ("pages.login.rows_of.stock", ["column=库存"], True, [], ["      stock: column=库存"]),
        ("pages.login.log_in", ["button=登录"], False, [], [f"{'    log_in: button=登录':<42}  # guess"]),
        (
            "pages.login.log_in",
            ["button=登录", "text=登录"],
            True,
            [],
            ["    log_in:", "      - button=登录", "      - text=登录"],
        ),
        ("pages.next_one.part", ["{} 件"], True, [], ['    part: "{} 件"']),
        ("flows.log_in.2.read", ["a"], False, ["    - read: [a, b]"], ["    - read: [a]"]),
        ("flows.log_in.1.open", ["x"], False, ["    - open: login"], ["    - open: x"]),
    ],
)
def test_exactly_these_lines_change(path: str, value: list[str], seen: bool, gone: list[str], come: list[str]) -> None:
    assert told_lines(SMALL, path, *value, seen=seen) == (gone, come)


@pytest.mark.parametrize(
    ("value", "seen", "line"),
    [
        ("text=乙", False, "    b: text=乙       # guess: two"),
        ("text=乙", True, "    b: text=乙       # two"),
        ("text=丙 #", False, '    b: "text=丙 #"  # one'),
    ],
)
def test_a_list_replaced_by_one_is_a_line_again(value: str, seen: bool, line: str) -> None:
    text = "pages:\n  a:\n    b:\n      - text=甲  # one\n\n      - text=乙      # guess: two\n      - text=丁\n\n  # c\n  c:\n    d: x\n"
    made = f"pages:\n  a:\n{line}\n\n  # c\n  c:\n    d: x\n"
    assert changed(text, "pages.a.b", value, seen=seen) == made
    assert changed(text.replace("\n", "\r\n"), "pages.a.b", [value], seen=seen) == made.replace("\n", "\r\n")
    for old, new in (("    b:\n", "    b:  # its own\n"), ("1\n\n", "1\n      # its own\n")):
        noted = text.replace("one\n\n", "1\n\n").replace(old, new)
        assert "its own" in changed(noted, "pages.a.b", value, seen=seen)
        assert at(document_of(Path("x"), changed(noted, "pages.a.b", value)), "pages.a.b").value == [value]


def test_a_guess_goes_along_to_what_stood_there_and_to_what_is_new() -> None:
    text = SMALL.replace("here_if: heading=登录   # a note", "here_if: heading=登录   # Guess: a note")
    made = changed(text, "pages.login.here_if", ["text=登", "heading=登录"])
    assert [line for _number, line in lines_changed(text, made)[1]] == [
        "    here_if:",
        f"{'      - text=登':<42}  # guess",
        f"{'      - heading=登录':<42}  # Guess: a note",
    ]
    document = document_of(Path("x"), made)
    assert document.comments[at(document, "pages.login.here_if.2").line] == "Guess: a note"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends_and_marks_stay(end: str, mark: str, last: bool) -> None:
    text = mark + (SMALL if last else SMALL.rstrip("\n")).replace("\n", end)
    for path, value in (
        ("pages.login.total.find", "css=.x"),
        ("pages.login.neu", "button=x"),
        ("busy", ["css=.spin", "css=.q", "css=.load", "css=.r"]),
        ("busy", ["css=.load"]),
        ("pages.login.here_if", ["text=a", "text=b"]),
        ("notes", "short"),
    ):
        made = changed(text, path, value)
        plain = made.removeprefix("\ufeff").replace(end, "\n")
        assert made.startswith(mark) and "\r" not in plain
        assert made.endswith(end) == last and made.count(end) == made.count("\n")
        assert plain.rstrip("\n") == changed(SMALL, path, value).rstrip("\n")


def test_the_last_line_of_a_file_without_a_line_end() -> None:
    text = "busy:\r\n  - css=.a\r\n  - css=.b"
    assert changed(f"{text}\r\n  - css=.c", "busy", ["css=.a", "css=.b"]) == text
    assert changed(text, "busy", "css=.b") == "busy: css=.b"
    assert changed(text, "busy", ["css=.a", "css=.b", "css=.c"], seen=True) == text + "\r\n  - css=.c"
    assert changed("a:\n  b: c", "a.d", "e") == "a:\n  b: c\n  d: e"
    assert changed("busy: css=.a", "busy", ["css=.a", "css=.b"], seen=True) == "busy:\n  - css=.a\n  - css=.b"


def test_a_name_may_hold_a_dot() -> None:
    text = "messages:\n  不行。: SiteRefused\n  a.b: SiteRefused\n  a: PersonNeeded\n"
    assert changed(text, "messages.a.b", "X").split("\n")[2] == "  a.b: X"
    assert changed(text, "messages.a", "X").split("\n")[3] == "  a: X"
    assert changed(text, "messages.c. d: e", "X").split("\n")[4] == '  "c. d: e": X'


@pytest.mark.parametrize(
    ("path", "value", "what", "todo"),
    [
        ("pages.logn.here_if", "x", "There is no `logn` in `pages`", "`login`"),
        ("pags", "x", "There is no `pags` in the site file", "`pages`"),
        ("", "x", "holds several values", "`hosts`"),
        ("pages.login.totl.find", "x", "There is no `totl` in `pages.login`", "`total`"),
        ("pages.login.here_if.2", "x", "`pages.login.here_if` is a single value", ".2"),
        ("busy.3", "x", "There is no `3` in `busy`", "1 to 2"),
        ("busy.0", "x", "There is no `0` in `busy`", "1 to 2"),
        ("pages.login", "x", "`pages.login` is a whole page", "`pages.login.open_at`"),
        ("pages.login.total", "x", "`pages.login.total` holds several values", "`pages.login.total.find`"),
        ("pages.neu", "x", "There is no `neu` in `pages`", "login"),
        ("words.neu", "x", "There is no `neu` in `words`", "states"),
        ("neu", "x", "There is no `neu`", "busy"),
        ("flows.log_in", "x", "is a flow or a step", "in the file itself"),
        ("flows.log_in.1", "x", "is a flow or a step", "in the file itself"),
        ("flows.log_in.1.where", "x", "There is no `where`", "open"),
        ("flows.log_in.1.open.more", "x", "is a single value", ".more"),
        ("busy.1", ["x", "y"], "`busy.1` takes one value", "whole list"),
        ("busy", [], "`busy` needs at least one value", "in the file"),
        ("pages.login.here_if", [], "takes one value", ""),
        ("pages.login.here_if", "text=a\nb", "cannot be written into one line", "line ends"),
        ("pages.login.here_if", "text=a\tb", "cannot be written into one line", "tabs"),
        ("pages.login.here_if", "text=a\u3000b", "cannot be written into one line", "full-width blanks"),
        ("pages.login.here_if", "text=\udcff", "cannot be written into one line", "invisible"),
    ],
)
def test_what_cannot_be_changed_is_told(path: str, value: str | list[str], what: str, todo: str) -> None:
    with pytest.raises(ConfigError) as told:
        changed(SMALL, path, value)
    assert what in told.value.what and todo in told.value.todo


@pytest.mark.parametrize("text", ["", "# only a comment\n", "- a\n", "a: [b\n"])
def test_a_text_that_is_no_site_file_is_told(text: str) -> None:
    with pytest.raises(ConfigError):
        changed(text, "a", "x")


def test_what_stands_at_a_path_and_in_which_lines() -> None:
    document = document_of(Path("x.yaml"), SMALL)
    found = at(document, "pages.login.total")
    assert (found.at, found.line, found.last) == (("pages", "login", "total"), 21, 23)
    assert found.value == {"find": "css=.sum", "part": "合计{}"}
    assert [(at(document, path).line, at(document, path).last) for path in ("notes", "busy", "busy.2", "hosts.main")] == [
        *((8, 10), (13, 16), (16, 16), (2, 2))
    ]
    assert at(document, "pages.login.here_if.1").value == "heading=登录"
    with pytest.raises(ConfigError) as told:
        at(document, "pages.login.totl")
    assert told.value.lines() == ("There is no `totl` in `pages.login`", "x.yaml, line 18", "Did you mean `total`?")


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


# Saving


@pytest.fixture
def mall(tmp_path: Path) -> Path:
    path = tmp_path / "selectors" / "mall.yaml"
    path.parent.mkdir()
    path.write_bytes(MALL.encode())
    path.chmod(0o640)
    return path


def test_a_file_is_saved_and_its_old_version_kept(mall: Path, tmp_path: Path) -> None:
    new = changed(MALL, "pages.order_form.phone", "label=手机")
    kept = save(mall, MALL, new, tmp_path / "old", NOW)
    assert mall.read_bytes() == new.encode() and kept.read_bytes() == MALL.encode()
    assert kept.name == "mall-20261129-180000.yaml"
    assert [path.name for path in mall.parent.iterdir()] == ["mall.yaml"]
    again = save(mall, new, MALL, tmp_path / "old", NOW)
    assert again.name == "mall-20261129-180000-2.yaml" and again.read_bytes() == new.encode()
    if os.name == "posix":
        assert stat.S_IMODE(mall.stat().st_mode) == 0o640
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_every_mistake_is_told_with_the_real_file_and_line_and_nothing_is_written(mall: Path, tmp_path: Path) -> None:
    new = MALL.replace("label=手机", "x").replace("phone: css=input[name=mobile]", "phone: lable=手机")
    new = new.replace("settle: 20 s", "settle: soon")
    with pytest.raises(Problems) as told:
        save(mall, MALL, new, tmp_path / "old", NOW)
    assert [(problem.file, problem.line) for problem in told.value.problems] == [(mall, 14), (mall, 68)]
    assert mall.read_bytes() == MALL.encode() and not (tmp_path / "old").exists()


def test_a_file_that_somebody_changed_meanwhile_is_left_and_both_are_shown(mall: Path, tmp_path: Path) -> None:
    theirs = MALL.replace("name: 小商城", "name: 大商城")
    mall.write_text(theirs, encoding="utf-8")
    with pytest.raises(ConfigError) as told:
        save(mall, MALL, changed(MALL, "pages.order_form.phone", "label=手机"), tmp_path / "old", NOW)
    assert "-name: 小商城\n+name: 大商城" in told.value.what and told.value.where.file == mall
    assert text_of(mall) == theirs and not (tmp_path / "old").exists()


def test_a_change_right_before_the_writing_is_seen_too(mall: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = saving._keep

    def keeps(*told: object) -> Path:
        mall.write_text("theirs", encoding="utf-8")
        return keep(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(saving, "_keep", keeps)
    with pytest.raises(ConfigError, match="meanwhile"):
        save(mall, MALL, changed(MALL, "pages.order_form.phone", "label=手机"), tmp_path / "old", NOW)
    assert [(path.name, text_of(path)) for path in mall.parent.iterdir()] == [("mall.yaml", "theirs")]


@pytest.mark.parametrize("fails", ["open", "replace"])
def test_a_folder_that_cannot_be_written_is_told(
    mall: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    """As the system says it; a test that runs as root may write anywhere."""

    def refuses(*_told: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(saving.os, fails, refuses)
    with pytest.raises(ConfigError) as told:
        save(mall, MALL, changed(MALL, "pages.order_form.phone", "label=手机"), tmp_path / "old", NOW)
    assert "Permission denied" in told.value.what and told.value.where.file == mall
    monkeypatch.undo()
    assert [(path.name, text_of(path)) for path in mall.parent.iterdir()] == [("mall.yaml", MALL)]


def test_a_link_stays_a_link(mall: Path, tmp_path: Path) -> None:
    link = tmp_path / "mall.yaml"
    try:
        link.symlink_to(mall)
    except OSError:
        pytest.skip("no links here")
    new = changed(MALL, "pages.order_form.phone", "label=手机")
    save(link, MALL, new, tmp_path / "old", NOW)
    assert link.is_symlink() and text_of(mall) == new
