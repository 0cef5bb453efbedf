"""A YAML file as data with lines, and closed models built from it: what config.yaml and the site files share."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import Field

from agent.sites.document import Closed, Document, Problems, build, read_document, suggestion
from agent.sites.written import OneOrMore, Seconds


class Supplier(Closed):
    account: str
    most: int = 5
    pay: tuple[str, ...] = ()
    wait: Seconds = 0.0
    words: OneOrMore = ()


class Config(Closed):
    language: str = "zh"
    watch: bool = False
    suppliers: dict[str, Supplier] = Field(default_factory=dict)
    first: Supplier | None = None


def document(folder: Path, text: str | bytes) -> Document:
    path = folder / "config.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_document(path)


def told(folder: Path, text: str | bytes) -> list[tuple[int, str]]:
    with pytest.raises(Problems) as caught:
        build(Config, document(folder, text))
    return [(problem.line, str(problem).split(": ", 1)[1]) for problem in caught.value.problems]


def test_every_scalar_stays_what_was_typed(tmp_path: Path) -> None:
    data = document(tmp_path, "a: no\nb: 12:30\nc: 007123\nd: [1e3, ~, null]\n").data
    assert data == {"a": "no", "b": "12:30", "c": "007123", "d": ["1e3", "~", "null"]}


def test_lines_comments_and_styles(tmp_path: Path) -> None:
    read = document(tmp_path, "# top\na:\n  b: x#y  # guess\n  c: [p, q]\n  d:\n    - '  # no comment'\n")
    assert read.line("a", "b") == 3
    assert read.line("a", "c", 1) == 4
    assert read.line("a", "nothing", "here") == 2
    assert read.comments == {1: "top", 3: "guess"}
    assert (read.styles[("a", "c")], read.styles[("a", "d")], read.styles[("a", "d", 0)]) == ("one_line", "lines", "quoted")
    assert read.at(("a", "d", 0)) == "  # no comment"
    with pytest.raises(KeyError):
        read.at(("a", "z"))


def test_text_in_a_block_is_left_alone(tmp_path: Path) -> None:
    read = document(tmp_path, "notes: |\n  注意：one #1\n    - tab:\there\nname: x\n")
    assert read.data == {"notes": "注意：one #1\n  - tab:\there", "name": "x"}
    assert read.comments == {}


def test_windows_line_ends_and_byte_order_mark(tmp_path: Path) -> None:
    assert document(tmp_path, "\ufeffa: 1\r\nb: 2\r\n").data == {"a": "1", "b": "2"}


def test_values_that_only_look_like_slips(tmp_path: Path) -> None:
    text = "a: C:\\shop\nnotify:\n  - mailto://me@example.org\n  - C:\\shop\nnote: <reference> 注意：轻放\n"
    text += "words:\n  - 售后：\n  - 18:00\nurl: http://x:80/#top\n"
    assert document(tmp_path, text).data == {
        "a": "C:\\shop",
        "notify": ["mailto://me@example.org", "C:\\shop"],
        "note": "<reference> 注意：轻放",
        "words": ["售后：", "18:00"],
        "url": "http://x:80/#top",
    }


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("", 1, "the file is empty"),
        ("# only a comment\n", 1, "the file is empty"),
        ("- a\n- b\n", 1, "a list or a single word"),
        ("语言: 中文\n".encode("gbk"), 1, "GBK"),
        ("a: 1\nb: 中文\n".encode("gb18030"), 2, "GBK"),
        ("a: 1\n".encode("utf-16"), 1, "UTF-16"),
        (b"a: 1\nb: \xff\xff\n", 2, "not UTF-8 text"),
        ("a: 1\nb: x\x07y\n", 2, "invisible character"),
        ("a: 1\n? [b]\n: c\n", 2, "cannot be a name"),
        ("a: 'one\n  two'\n", 1, "close in another line"),
    ],
)
def test_files_that_are_no_document(tmp_path: Path, text: str | bytes, line: int, what: str) -> None:
    (problem,) = told(tmp_path, text)
    assert problem[0] == line
    assert what in problem[1]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Problems, match="cannot be opened"):
        read_document(tmp_path / "none.yaml")


def test_a_model_is_built(tmp_path: Path) -> None:
    text = "watch: yes\nsuppliers:\n  yiwu: {account: a, most: 7, pay: [balance], wait: 30 min, words: x}\n"
    config = build(Config, document(tmp_path, text))
    assert config.watch is True
    assert config.suppliers["yiwu"] == Supplier(account="a", most=7, pay=("balance",), wait=1800.0, words=("x",))


def test_a_model_is_built_from_a_part(tmp_path: Path) -> None:
    assert build(Supplier, document(tmp_path, "x:\n  y: {account: a}\n"), ("x", "y")).account == "a"


def test_every_mistake_at_once_with_its_line(tmp_path: Path) -> None:
    text = "langage: zh\nwatch: perhaps\nsuppliers:\n  yiwu:\n    most: many\n    pay: balance\n"
    text += "  ali:\n    acount: a\n    wait: 30\nfirst:\n  accont: b\n"
    assert told(tmp_path, text) == [
        (1, "`langage` is not a word known here. Did you mean `language`?"),
        (2, "`watch` cannot be `perhaps`. Write yes or no."),
        (4, "`account` is missing. Add it."),
        (5, "`most` cannot be `many`. Write a whole number."),
        (6, "`pay` needs a list. Write it in square brackets: `pay: [ … ]`."),
        (8, "`acount` is not a word known here. Did you mean `account`?"),
        (9, "`30` is no duration: write it like 20 s, 30 min or 2 h."),
        (11, "`accont` is not a word known here. Did you mean `account`?"),
    ]


def test_one_of_a_list_is_told_by_the_name_of_the_list(tmp_path: Path) -> None:
    text = "suppliers:\n  yiwu:\n    account: a\n    pay: [a, [b]]\n"
    assert told(tmp_path, text) == [(4, "`pay` needs a single value, not a list or names below it. Write it in the same line.")]


def test_the_first_and_the_count_of_the_others(tmp_path: Path) -> None:
    with pytest.raises(Problems) as caught:
        build(Config, document(tmp_path, "langage: zh\nwatch: perhaps\n"))
    what, place, todo = caught.value.lines()
    assert what == "`langage` is not a word known here"
    assert place.endswith("config.yaml, line 1")
    assert todo == "Did you mean `language`? And 1 more: `agent check` lists them all."
    assert caught.value.exit_code == 2


def test_suggestion_lists_what_is_known_when_nothing_is_near() -> None:
    assert suggestion("联系", ("联系人", "电话")) == "Did you mean `联系人`?"
    assert suggestion("zzz", ("b", "a")) == "Known here: a, b."
