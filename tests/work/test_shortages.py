"""Pieces that were not sent: only money that came since settles them, and what arrives after all is asked about no more."""

from __future__ import annotations

from agent.ledger import Ledger
from agent.models import Fen
from agent.work.owed_back import owed_back
from agent.work.watch import follow_refunds, watch
from tests.ledger.goods import LATER, LINES, REFERENCE
from tests.work.test_refunds import short, told
from tests.work.test_watch import ROW, Supplier, kept, made, shown
from tests.work.test_watch import ledger as bought
from tests.work.test_watch import supplier as supplier_

ledger, supplier = bought, supplier_  # fixtures
A, B = LINES


def back(ledger: Ledger, together: int) -> None:
    """So much in all has come back, seen by a look at something else."""
    ledger.book_refund("mall-yiwu", "900100", REFERENCE, Fen(together), "part", LATER)


def is_open(ledger: Ledger) -> dict[str, tuple[int, int]]:
    return {each.line_number: (each.pieces, each.amount) for each in ledger.shortages(open_only=True)}


def settled(ledger: Ledger) -> dict[str, str]:
    return {each.line_number: each.how for each in ledger.shortages() if each.how}


def test_money_of_before_settles_nothing_and_money_that_comes_after_does(ledger: Ledger, supplier: Supplier) -> None:
    run = made(ledger, supplier)
    watch(run, kept(ledger), [shown("placed", refunded=2500)])
    assert len(short(run, ledger, {A: 1}, refunded=2500)) == 1, "a price difference, days ago, is no money for a piece"
    for sum_, waits in ((2500, 1), (4800, 1), (4900, 0)):
        watch(run, kept(ledger), [shown("shipped", refunded=sum_)])
        assert len(short(run, ledger, {A: 1})) == waits
    assert settled(ledger) == {B: "paid back"}


def test_it_is_followed_until_as_much_came_as_is_missing(ledger: Ledger, supplier: Supplier) -> None:
    run = made(ledger, supplier)
    watch(run, kept(ledger), [shown("placed", refunded=2500)])
    short(run, ledger, {A: 1}, refunded=2500)
    for sum_, rows in ((2500, {B: (1, 2400)}), (4900, {})):
        supplier.page = shown("completed", refunded=sum_)
        follow_refunds(run)
        assert is_open(ledger) == rows


def test_money_that_settled_one_line_settles_no_other(ledger: Ledger, supplier: Supplier) -> None:
    run = made(ledger, supplier)
    short(run, ledger, {A: 1})
    watch(run, kept(ledger), [shown("shipped", refunded=2400)])
    (what,) = short(run, ledger, {})
    assert ("24.00" in what, "× 1" in what, ";" in what) == (True, True, False), "only what is open is claimed"
    assert (is_open(ledger), settled(ledger)) == ({A: (1, 2400)}, {B: "paid back"})


def test_of_several_lines_what_came_since_the_first_counts_once(ledger: Ledger, supplier: Supplier) -> None:
    run = made(ledger, supplier)
    back(ledger, 500)
    short(run, ledger, {A: 1})
    back(ledger, 1500)
    short(run, ledger, {})
    for sum_, waits in ((1500, 1), (5200, 1), (5300, 0)):
        watch(run, kept(ledger), [shown("shipped", refunded=sum_)])
        assert len(short(run, ledger, {})) == waits
    assert settled(ledger) == {A: "paid back", B: "paid back"}


def test_what_is_open_follows_what_is_missing_by_now(ledger: Ledger, supplier: Supplier) -> None:
    ledger.db.execute("UPDATE purchase_lines SET quantity = 4 WHERE line_number = ?", (B,))
    row = {**ROW, "quantity": 6}
    run = made(ledger, supplier)
    assert "72.00" in short(run, ledger, {}, lines=(row,))[0]
    (what,) = short(run, ledger, {A: 1, B: 1}, lines=(row,))
    assert ("× 1" in what, "24.00" in what, ";" in what) == (True, True, False)
    assert (is_open(ledger), settled(ledger)) == ({B: (1, 2400)}, {A: "sent"})
    assert told(ledger, "sent too little") == 1, "fewer is no news"
    ledger.watched(REFERENCE, "shipped", LATER)
    assert [row.owed for row in owed_back(ledger)] == [2400]
    watch(run, kept(ledger), [shown("shipped", refunded=2400, lines=(row,))])
    assert (owed_back(ledger), ledger.items()) == ([], [])
    assert settled(ledger) == {A: "sent", B: "paid back"}


def test_nothing_open_leaves_no_question_whatever_is_known_to_be_missing(ledger: Ledger, supplier: Supplier) -> None:
    run = made(ledger, supplier)
    short(run, ledger, {B: 1})
    ledger.shortage_settled(REFERENCE, "given up", LATER)
    assert len(short(run, ledger, {})) == 1, "now the other one, too"
    assert short(run, ledger, {B: 1}) == []
    assert settled(ledger) == {A: "given up", B: "sent"}


def test_what_was_sent_after_all_and_is_missing_again_is_asked_about_again(ledger: Ledger, supplier: Supplier) -> None:
    run = made(ledger, supplier)
    short(run, ledger, {A: 1})
    assert short(run, ledger, {A: 1, B: 1}) == []
    assert len(short(run, ledger, {A: 1})) == 1
    assert told(ledger, "sent too little") == 2


def test_what_came_before_is_taken_off_no_claim(ledger: Ledger, supplier: Supplier) -> None:
    run = made(ledger, supplier)
    watch(run, kept(ledger), [shown("placed", refunded=2500)])
    ledger.watched(REFERENCE, "shipped", LATER)
    short(run, ledger, {A: 1}, refunded=2500)
    assert [(row.why, row.owed, row.back, row.last) for row in owed_back(ledger)] == [("shortage", 2400, 0, None)]
    watch(run, kept(ledger), [shown("shipped", refunded=3500)])
    assert [(row.owed, row.back, row.last) for row in owed_back(ledger)] == [(1400, 1000, LATER)]
