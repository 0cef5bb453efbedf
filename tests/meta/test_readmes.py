"""Both READMEs say the same, and only what is true: every command in them is there, every file they name, every picture."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from agent.cli.main import cli, main
from tests.market import demo
from tests.meta.source import READMES, ROOT, wrong_with

EACH = pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
SPANS = re.compile(r"`([^`\n]+)`")
BLOCKS = re.compile(r"^    (\S.*)$", re.MULTILINE)


def said(readme: Path) -> str:
    return readme.read_text(encoding="utf-8")


def command_lines(readme: Path) -> list[str]:
    return [span for span in SPANS.findall(said(readme)) if span.startswith("agent ")]


def shape(readme: Path) -> dict[str, object]:
    """What both languages must have alike: headings, table rows, points, commands, pictures."""
    lines = said(readme).splitlines()
    return {
        "headings": [len(line) - len(line.lstrip("#")) for line in lines if line.startswith("#")],
        "table rows": sum(line.lstrip().startswith("|") for line in lines),
        "numbered": sum(bool(re.match(r"\d+\. ", line)) for line in lines),
        "points": sum(line.startswith("- ") for line in lines),
        "commands": [" ".join(line.split()[:2]) for line in command_lines(readme)],
        "blocks": BLOCKS.findall(said(readme)),
        "pictures": re.findall(r"!\[[^]]+\]\(([^)]+)\)", said(readme)),
        "options": sorted({word for span in SPANS.findall(said(readme)) for word in re.findall(r"--[a-z-]+", span)}),
    }


def test_both_languages_say_the_same() -> None:
    english, chinese = (shape(readme) for readme in READMES)
    for word, value in english.items():
        assert chinese[word] == value, word


@EACH
@pytest.mark.parametrize("command", sorted(cli.commands))
def test_every_command_has_a_row(readme: Path, command: str) -> None:
    assert re.search(rf"^\| `agent {command}\b", said(readme), re.MULTILINE)


@EACH
def test_what_it_tells_to_type_is_there(readme: Path) -> None:
    assert not [wrong for line in command_lines(readme) for wrong in wrong_with(line)]


@pytest.mark.parametrize(
    "line", ["agent", *sorted({" ".join(x.split()[:2]) for readme in READMES for x in command_lines(readme)})]
)
def test_every_command_line_answers_help(
    line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [*line.split(), "--help"])
    with pytest.raises(SystemExit) as ended:
        main()
    out = capsys.readouterr().out
    assert ended.value.code == 0
    assert len(out.splitlines()) > 3


@EACH
def test_files_and_pictures_that_it_names_are_there(readme: Path) -> None:
    text = said(readme)
    named = re.findall(r"\]\(([^)#]+)\)", text) + re.findall(r"(?:scripts|selectors)/[\w./-]+\.\w+", text)
    assert not sorted({name for name in named if "://" not in name and not (ROOT / name).exists()})


@EACH
def test_options_of_the_demo_are_there(readme: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        demo.main(["--help"])
    known = capsys.readouterr().out
    told = next(paragraph for paragraph in said(readme).split("\n\n") if "--keep" in paragraph)
    assert not [option for option in re.findall(r"--[a-z-]+", told) if option not in known]


@EACH
def test_it_counts_the_orders_of_the_demo(readme: Path) -> None:
    told = next(paragraph for paragraph in said(readme).split("\n\n") if "--keep" in paragraph)
    assert re.findall(r"\d+ (?:orders|笔)", told) == [f"{len(demo.ORDERS)} {'笔' if 'zh' in readme.name else 'orders'}"]
