"""One value changed in place: exactly its lines are others, the site is exactly that much another, and a bad value changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from agent.errors import ConfigError
from agent.sites import editor
from agent.sites.document import document_of
from agent.sites.editor import at, changed, lines_changed

SELECTORS = Path(__file__).parents[2] / "selectors"
FILES = sorted(SELECTORS.rglob("*.yaml"))

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
