"""Every block of the cookbook passes the check in a file that is right, and would not if it were mistyped; both languages have the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agent.home import SHIPPED_SITES
from agent.sites.document import Problems
from agent.sites.reader import read_site
from tests.meta.source import ROOT

BOOKS = (ROOT / "docs" / "cookbook.md", ROOT / "docs" / "cookbook.zh-CN.md")
TEMPLATE = (SHIPPED_SITES / "_template.yaml").read_text(encoding="utf-8").replace("site: _template", "site: own")


def blocks(book: Path) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", book.read_text(encoding="utf-8"), re.DOTALL)


def recipes(book: Path) -> list[tuple[str, str]]:
    """(places, steps) each; steps follow the places they use."""
    made: list[tuple[str, str]] = []
    for block in blocks(book):
        if block.lstrip().startswith("- "):
            made[-1] = (made[-1][0], block)
        else:
            made.append((block, ""))
    return [(places, steps or _expecting(places)) for places, steps in made]


def _expecting(places: str) -> str:
    """Where a recipe has no steps of its own, one that goes through its first place."""
    first = next(name for name in re.findall(r"(?m)^    (\w+):", places) if name != "inside")
    if "download:" in places:
        return f"    - read: [{first}]\n"
    return f"    - expect: {first}\n"


def written(folder: Path, places: str, steps: str) -> Path:
    """The template with one more page that has these places, and its form filled through these steps first; or its orders listed."""
    page = f"  sample:\n    open_at: /sample\n    here_if: heading=样页\n{places}\n"
    text = TEMPLATE.replace("pages:\n", f"pages:\n{page}", 1)
    if "- read:" in steps:
        text = re.sub(
            r"(  list_orders:[^\n]*\n)(    .*\n)+", lambda found: f"{found[1]}    - open: sample\n{steps}", text, count=1
        )
    else:
        text = re.sub(r"  fill_order:[^\n]*\n", lambda found: f"{found[0]}    - open: sample\n{steps}", text, count=1)
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_both_languages_have_the_same_lines() -> None:
    assert blocks(BOOKS[0]) == blocks(BOOKS[1]) and len(recipes(BOOKS[0])) > 12


@pytest.mark.parametrize(("places", "steps"), recipes(BOOKS[0]))
def test_a_recipe_is_right(tmp_path: Path, places: str, steps: str) -> None:
    site = read_site(written(tmp_path, places, steps))
    assert site.pages["sample"].places
    (name, *_others) = re.findall(r"\{(\w+): ", steps) or re.findall(r"(?:click|if_present|expect|read): \[?(\w+)", steps)
    with pytest.raises(Problems):
        read_site(written(tmp_path, places, steps.replace(name, f"{name}x", 1)))
