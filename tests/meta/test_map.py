"""`agent map` without a browser: the question at the prompt, a product written by hand, pieces a pack, another run at work."""

from __future__ import annotations

import csv
import io
import re
import shlex
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent.cli import mapping
from agent.clock import SystemClock
from agent.home import Home
from agent.models import Fen
from agent.work.mapping import Offer, Option
from agent.work.start import locked
from agent.work.unmapped import cause_of
from tests.ledger.goods import SHOP, order
from tests.meta.source import ROOT
from tests.meta.test_cli import Ended, Terminal, agent_, three_lines

__all__ = ["agent_"]
NUMBERS = ("6920000000000000001", "6920000000000000002")
HEAD = "商家编码,店铺规格,供应商,货号,商品标题,规格,每份件数,进价,限价\n"
OLD = "SNK,米白/L,mall,YW2001,收纳筐,米白/L,1,16.80,19.00\n"
OFFER = Offer("mall", "YW3001", "不锈钢杯", (Option("白色/500毫升", Fen(1200), 50), Option("黑色", Fen(1290), None)))


class AtTerminal(io.StringIO):
    """What a person types at the terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def item(agent_: Terminal) -> Iterator[int]:
    """Two orders wait for a product of the shop that the table does not know."""
    agent_("doctor", "--write-config")
    config = agent_.home / "config.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(re.sub(r"^  main:", f"  {SHOP}:", text, flags=re.MULTILINE), encoding="utf-8")
    (agent_.home / "products.csv").write_text(HEAD + OLD, encoding="utf-8-sig")
    now = SystemClock().now()
    ledger = agent_.ledger()
    for number in NUMBERS:
        line = order().lines[0]
        ledger.save_order(order(number=number, lines=(line,), ship_by=now + timedelta(hours=30)), now, detail=True)
        ledger.dispose(SHOP, number, "ours", "")
    item = ledger.ask("unmapped", cause_of(SHOP, line), what="不锈钢保温杯", todo="", shop=SHOP, at=now)
    ledger.let_wait(item, [(SHOP, number) for number in NUMBERS])
    ledger.close()
    yield item


def rows(agent_: Terminal) -> list[list[str]]:
    """What stands in the products table below the row that was there before."""
    read = list(csv.reader(io.StringIO((agent_.home / "products.csv").read_text(encoding="utf-8-sig"))))
    assert ",".join(read[1]) + "\n" == OLD
    return read[2:]


def asked(agent_: Terminal, monkeypatch: pytest.MonkeyPatch, typed: str, *words: str) -> Ended:
    """The supplier's page shows OFFER; the person types at the prompt."""
    monkeypatch.setattr(mapping, "_offer", lambda *_told: OFFER)
    monkeypatch.setattr(sys, "stdin", AtTerminal(typed))
    return agent_(*words)


def test_the_number_is_asked_until_it_is_one_of_those_shown(
    agent_: Terminal, item: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("map", str(item), "--product", "YW3001")
    ended = asked(agent_, monkeypatch, "0\n3\nwhite\n2\n", *words)
    assert (ended.code, ended.out.count("is no number of an option")) == (0, 3)
    assert [row[3:] for row in rows(agent_)] == [["YW3001", "不锈钢杯", "黑色", "1", "12.90", "12.90"]]
    assert "2 orders go on" in ended.out
    again = agent_(*words, "--option", "1")
    assert "waits no longer" in three_lines(again)[0]


@pytest.mark.parametrize("typed", ["\n", "   \n", ""], ids=["Enter", "blanks", "the end of the input"])
def test_without_a_number_nothing_is_written(agent_: Terminal, item: int, monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    ended = asked(agent_, monkeypatch, typed, "map", str(item), "--product", "YW3001")
    assert (ended.code, rows(agent_)) == (1, [])


def test_pieces_a_pack_and_a_ceiling_are_written_as_typed(agent_: Terminal, item: int, monkeypatch: pytest.MonkeyPatch) -> None:
    more = ("--pack", "3", "--ceiling", "13.50")
    ended = asked(agent_, monkeypatch, "1\n", "map", str(item), "--product", "YW3001", *more)
    assert [row[5:] for row in rows(agent_)] == [["白色/500毫升", "3", "12.00", "13.50"]]
    assert "Pieces for one of yours: 3; a piece may cost up to 13.50 yuan" in ended.out


@pytest.mark.parametrize("pack", ["0", "-1", "1001", "two", "1.5"])
def test_a_pack_that_is_none_is_refused(agent_: Terminal, item: int, monkeypatch: pytest.MonkeyPatch, pack: str) -> None:
    ended = asked(agent_, monkeypatch, "1\n", "map", str(item), "--product", "YW3001", "--pack", pack)
    assert (ended.code, rows(agent_)) == (2, [])


@pytest.mark.parametrize("ceiling", ["-5", "13.505", "13.50 USD", "1350分", "5%", "much", "13 50"])
def test_a_ceiling_that_is_no_amount_is_refused(
    agent_: Terminal, item: int, monkeypatch: pytest.MonkeyPatch, ceiling: str
) -> None:
    ended = asked(agent_, monkeypatch, "1\n", "map", str(item), "--product", "YW3001", f"--ceiling={ceiling}")
    assert (ended.code, rows(agent_)) == (2, [])
    assert "--ceiling" in three_lines(ended)[0] and ceiling in three_lines(ended)[0]


def test_where_the_page_cannot_be_read_the_terminal_says_what_to_type_by_hand(agent_: Terminal, item: int) -> None:
    _without_its_page(agent_.home)
    refused = agent_("map", str(item), "--product", "YW3001")
    told = three_lines(refused)
    assert (refused.code, "cannot be read" in told[0]) == (2, True)
    typed = shlex.split(told[2].split("`")[1])
    assert typed[:3] == ["agent", "map", str(item)]
    filled = {"TITLE": "不锈钢杯 带盖", "WORDS": "白色/500毫升", "4.20": "12.00"}
    ended = agent_(*(filled.get(word, word) for word in typed[1:]), "--pack", "2")
    assert ended.code == 0, ended.err
    assert rows(agent_) == [["BWB-01", "白色 500ml", "mall", "YW3001", "不锈钢杯 带盖", "白色/500毫升", "2", "12.00", "12.00"]]


def test_by_hand_it_takes_a_title_and_a_price(agent_: Terminal, item: int) -> None:
    for more in (["--title", "杯"], ["--cost", "12.00"], ["--title", "杯", "--cost", "twelve"]):
        ended = agent_("map", str(item), "--product", "YW3001", *more)
        assert (ended.code, rows(agent_)) == (2, [])
        assert "→" in three_lines(ended)[2]


def test_while_a_run_is_at_work_nothing_is_written_and_it_is_said_who(agent_: Terminal, item: int) -> None:
    by_hand = ("map", str(item), "--product", "YW3001", "--title", "杯", "--cost", "12.00")
    with locked(Home(agent_.home)):
        for words in (("map", str(item), "--product", "YW3001"), by_hand):
            ended = agent_(*words)
            assert ended.code == 2
            what, where, todo = three_lines(ended)
            assert "Another run is at work" in what and "process" in what and "lock" in where and "Wait" in todo
        assert rows(agent_) == []
    assert agent_(*by_hand).code == 0
    assert len(rows(agent_)) == 1


def _without_its_page(home: Path) -> None:
    """The seller's own file of the mall reads no product page."""
    told = (ROOT / "selectors" / "mall.yaml").read_text(encoding="utf-8")
    for block in ("goods", "read_product"):
        told, cut = re.subn(rf"^  {block}:.*\n(?:    .*\n|\n)*", "", told, flags=re.MULTILINE)
        assert cut == 1
    (home / "selectors").mkdir()
    (home / "selectors" / "mall.yaml").write_text(told, encoding="utf-8")
