"""`agent site`: the contract it prints is the one that is checked, and a copy passes the check with nothing counted as seen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agent.cli.site import TYPES
from agent.home import SHIPPED_SITES
from agent.sites.contract import CONTRACTS, STATE_TABLES, VALUES, WORDS
from agent.sites.copies import copied
from agent.sites.document import Problems
from agent.sites.reader import read_site
from tests.meta.source import texts
from tests.meta.test_cli import Terminal, agent_, three_lines

__all__ = ["agent_"]
KINDS = pytest.mark.parametrize("kind", CONTRACTS)


@KINDS
def test_the_contract_names_every_flow_word_value_and_table(agent_: Terminal, kind: str) -> None:
    told = agent_("site", "contract", kind, "--json").data("contract")
    assert list(told) == list(CONTRACTS[kind])
    for name, flow in CONTRACTS[kind].items():
        assert told[name]["reads"] == {word: WORDS[word] for word in flow.words}
        assert {name: list(row) for name, row in told[name]["lists"].items()} == {n: list(r) for n, r in flow.lists.items()}
        assert set(told[name]["values"]) <= VALUES and "account.shows" in told[name]["values"]
    out = agent_("site", "contract", kind).out
    assert not [word for word in (*CONTRACTS[kind], *STATE_TABLES[kind]) if word not in out]
    assert set(TYPES) == set(WORDS.values()) | {"count"}


def test_what_the_contract_gives_is_what_the_check_lets_through(tmp_path: Path) -> None:
    """A value of another flow is refused with the very names that the contract prints."""
    text = (SHIPPED_SITES / "mall.yaml").read_text(encoding="utf-8").replace("<purchase_order.note>", "<order.remark>")
    path = tmp_path / "mall.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Problems) as found:
        read_site(path)
    (problem,) = [each for each in found.value.problems if "order.remark" in each.what]
    assert set(re.findall(r"[a-z_]+\.[a-z_.0-9]+", problem.suggestion)) >= {"purchase_order.note", "receiver.name"}


@pytest.mark.parametrize("source", [path.stem for path in sorted(SHIPPED_SITES.rglob("*.yaml"))])
def test_a_copy_is_right_and_nothing_in_it_is_seen(agent_: Terminal, source: str) -> None:
    assert agent_("site", "copy", source, "neu-1").code == 0
    assert agent_("check", "neu-1").code == 0
    site = read_site(agent_.home / "selectors" / "neu-1.yaml")
    assert site.site == "neu-1"
    locators = {locator for page in site.pages.values() for place in page.places.values() for locator in place.locators}
    assert locators and not [locator for locator in locators if not locator.guess and locator.words]
    assert all(page.guessed_address for page in site.pages.values() if page.open_at)


def test_a_comment_stays_and_what_is_a_guess_is_not_marked_twice() -> None:
    lines = "site: a\npages:\n  p:\n    here_if: heading=单  # where\n    x: css=#a  # guess\n    y:\n      - text=甲\n"
    assert copied(lines, "b").splitlines() == [
        *("site: b", "pages:", "  p:", "    here_if: heading=单  # guess: where", "    x: css=#a  # guess", "    y:"),
        f"{'      - text=甲':<42}  # guess",
    ]


def test_the_template_can_be_checked_and_is_no_site(agent_: Terminal) -> None:
    assert agent_("check", "_template").code == 0
    assert "_template" not in agent_("check").out


@pytest.mark.parametrize(
    ("words", "told"),
    [(("nix", "neu"), "nix"), (("mall", "抖"), "抖"), (("mall", "../neu"), "../neu"), (("mall", "_neu"), "_neu")],
)
def test_what_cannot_be_copied_is_told_and_writes_nothing(agent_: Terminal, words: tuple[str, str], told: str) -> None:
    ended = agent_("site", "copy", *words)
    assert ended.code == 2 and told in three_lines(ended)[0]
    assert not list(agent_.home.rglob("*.yaml"))


def test_a_file_that_is_there_is_never_written_over(agent_: Terminal) -> None:
    assert agent_("site", "copy", "mall", "neu").code == 0
    path = agent_.home / "selectors" / "neu.yaml"
    path.write_text("mine", encoding="utf-8")
    ended = agent_("site", "copy", "mall", "neu")
    assert ended.code == 2 and str(path) in ended.err and path.read_text(encoding="utf-8") == "mine"


def test_a_site_of_its_own_name_is_copied_as_it_is(agent_: Terminal) -> None:
    assert agent_("site", "copy", "mall", "mall").code == 0
    assert (agent_.home / "selectors" / "mall.yaml").read_bytes() == (SHIPPED_SITES / "mall.yaml").read_bytes()


def test_the_types_are_words_of_the_catalogue() -> None:
    assert set(TYPES.values()) <= set(texts())
