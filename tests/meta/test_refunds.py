"""`agent refunds` and `agent cancel`, typed in a terminal."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from agent.clock import SystemClock
from agent.ledger import Ledger, schema
from agent.models import Fen
from tests.ledger import goods
from tests.meta.test_cli import Terminal, agent_, ready, three_lines
from tests.road.cancelling import SITE, UNABLE
from tests.work.runs import Day

__all__ = ["agent_"]

NUMBERS = ("6920000000000000001", "6920000000000000002", "6920000000000000003")


@pytest.fixture
def owing(agent_: Terminal) -> Iterator[Terminal]:
    """One order was cancelled after it was paid four days ago and came back in part, one came back whole, one goes on."""
    agent_.home.mkdir()
    with agent_.ledger() as ledger:
        day = Day(ledger, SystemClock().now() - timedelta(days=4, hours=6))
        day.begin()
        for at, number in enumerate(NUMBERS, 1):
            day.order(number)
            day.bought(number, f"REF{at}", f"90000{at}", 1_000 * at)
        for reference in ("REF1", "REF2"):
            ledger.closed_by_supplier(reference, day.now, paid=True)
        ledger.book_refund("mall-yiwu", "900001", "REF1", Fen(266), "part", day.now)
        ledger.book_refund("mall-yiwu", "900002", "REF2", Fen(2_000), "whole", day.now)
        ledger.refund_settled("REF2", "refunded", Fen(2_000))
        ledger.book_refund("mall-yiwu", "900003", "REF3", Fen(500), "part", day.now)
    yield agent_


def test_what_is_owed_is_listed_with_what_came_back(owing: Terminal) -> None:
    ended = owing("refunds")
    assert ended.code == 0
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in ended.out.splitlines() if line.count("│") > 2]
    assert [row[1:] for row in rows] == [
        ["4", "yiwu", "900001", NUMBERS[0], "cancelled, the money is not back yet", "10.00", "2.66", "7.34"]
    ]
    assert "Together: 7.34 yuan" in ended.out
    (row,) = owing("refunds", "--json").data("refunds")
    assert (row["reference"], row["amount"], row["back"], row["owed"], row["days"]) == ("REF1", 1_000, 266, 734, 4)
    assert [(one["number"], one["amount"], one["how"]) for one in row["refunds"]] == [("900001", 266, "part")]


def test_all_of_it_with_what_is_settled(owing: Terminal) -> None:
    rows = {row["reference"]: row for row in owing("refunds", "--all", "--json").data("refunds")}
    assert {reference: (row["owed"], row["back"], row["why"]) for reference, row in rows.items()} == {
        "REF1": (734, 266, "cancelled"),
        "REF2": (0, 2_000, "cancelled"),
        "REF3": (0, 500, "part"),
    }
    assert "Together: 7.34 yuan" in owing("refunds", "--all").out


def test_as_a_file_for_excel(owing: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "refunds.csv"
    assert str(path) in owing("refunds", "--csv", str(path), language="zh").out
    headings, row = csv.reader(path.read_text(encoding="utf-8-sig").splitlines())
    told = dict(zip(headings, row, strict=True))
    assert (told["供应商订单号"], told["还欠（元）"], told["已退回（元）"]) == ("\t900001", "7.34", "2.66")
    wrong = owing("refunds", "--csv", str(tmp_path / "nowhere" / "x.csv"))
    assert wrong.code == 2 and "nowhere" in three_lines(wrong)[0]


def test_nobody_owes_anything(agent_: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    agent_.home.mkdir()
    with monkeypatch.context() as older:
        older.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:11])
        Ledger.open(agent_.home / "ledger.db").close()
    assert agent_("refunds").out == "No supplier owes you money.\n"


# ---- agent cancel


@pytest.fixture
def bought(agent_: Terminal) -> Iterator[Terminal]:
    """Three purchases at a supplier that can cancel: placed, given up, and one that waits to be bought."""
    ready(agent_)
    (agent_.home / "selectors").mkdir(exist_ok=True)
    (agent_.home / "selectors" / "small.yaml").write_text(SITE, encoding="utf-8")
    config = agent_.home / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8").replace("    site: mall\n", "    site: small\n"), encoding="utf-8")
    with agent_.ledger() as ledger:
        for number in ("1", "2", "3"):
            ledger.save_order(goods.order(number=number), goods.NOW, detail=True)
            one = replace(goods.purchase(reference=f"REF{number}", lines=goods.LINES[:1]), order_number=number)
            ledger.plan([replace(one, account="mall-main", supplier="mall")], goods.NOW)
        ledger.placed("REF1", ("900100",), Fen(2400), Fen(0), goods.NOW)
        ledger.buried_by_word("REF2", goods.NOW)
    yield agent_


def said(agent_: Terminal) -> list[tuple[str, str]]:
    with agent_.ledger() as ledger:
        return [(item.reference, item.answer) for item in ledger.unapplied_answers()]


def test_said_unasked_and_twice_it_is_one_word(bought: Terminal) -> None:
    assert "900100" in bought("cancel", "REF1").out
    assert bought("cancel", "REF1").code == 0
    assert said(bought) == [("REF1", "cancel")]


def test_it_answers_what_was_asked(bought: Terminal) -> None:
    about = {"shop": goods.SHOP, "order_number": "1", "reference": "REF1", "account": "mall-main"}
    with bought.ledger() as ledger:
        item = ledger.ask("purchase", "unwanted:REF1:refunded", what="x", todo="y", reason="unwanted", at=goods.NOW, **about)  # type: ignore[arg-type]
    assert "agent cancel REF1" in bought("inbox").out
    bought("cancel", "REF1")
    assert said(bought) == [("REF1", "cancel")]
    assert bought("inbox").code == 0
    again = bought("approve", str(item))
    assert again.code == 2 and "cancel it at the supplier" in again.err


@pytest.mark.parametrize(
    ("typed", "says"),
    [("REF2", "nothing to cancel"), ("REF3", "nothing to cancel"), ("REF9", "no purchase order REF9")],
)
def test_what_cannot_be_cancelled_is_refused_at_once(bought: Terminal, typed: str, says: str) -> None:
    ended = bought("cancel", typed)
    assert (ended.code, says in three_lines(ended)[0]) == (2, True), ended.err
    assert said(bought) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("    cancel: ask ", "    cancel: never ", "`cancel: never`"),
        ("    site: small\n", "    site: plain\n", "cancel_order"),
        ("mall-main", "mall-other", "mall-main"),
    ],
)
def test_where_the_file_is_against_it_it_says_so(bought: Terminal, old: str, new: str, says: str) -> None:
    config = bought.home / "config.yaml"
    text = config.read_text(encoding="utf-8")
    assert old in text
    config.write_text(text.replace(old, new), encoding="utf-8")
    without = UNABLE.replace("site: small", "site: plain")
    (bought.home / "selectors" / "plain.yaml").write_text(without, encoding="utf-8")
    ended = bought("cancel", "REF1")
    assert (ended.code, says in ended.err) == (2, True), ended.err
    assert said(bought) == []


def test_what_was_sent_once_is_not_said_again(bought: Terminal) -> None:
    facts = {"shop": goods.SHOP, "order_number": "1", "reference": "REF1", "account": "mall-main"}
    with bought.ledger() as ledger:
        ledger.found_done("cancel", "mall-main 900100", at=goods.NOW, **facts)
    ended = bought("cancel", "REF1")
    assert ended.code == 2 and "proven" in three_lines(ended)[0]
    assert said(bought) == []
