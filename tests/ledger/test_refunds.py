"""What came back is booked once by the sum its page shows, and what is short stays until it is settled."""

from __future__ import annotations

import sqlite3

import pytest

from agent.ledger import Ledger
from agent.models import Fen
from tests.ledger.goods import ACCOUNT, LATER, LINES, NOW, REFERENCE, clicked, settle


@pytest.fixture
def bought(ledger: Ledger) -> Ledger:
    settle(ledger, clicked(ledger), "confirmed")
    ledger.placed(REFERENCE, ("900100", "900101"), Fen(4800), Fen(0), LATER)
    return ledger


def test_the_same_sum_is_booked_once_and_a_greater_one_by_what_is_new(bought: Ledger) -> None:
    new = [bought.book_refund(ACCOUNT, "900100", REFERENCE, Fen(sum_), "part", LATER) for sum_ in (500, 500, 1200, 700, 1200)]
    assert new == [500, 0, 700, 0, 0]
    assert bought.book_refund(ACCOUNT, "900101", REFERENCE, Fen(500), "part", LATER) == 500
    assert (bought.came_back(REFERENCE), bought.came_back(REFERENCE, "900100")) == (1700, 1200)
    rows = [(each.supplier_order_number, each.amount, each.together) for each in bought.refunds(REFERENCE)]
    assert rows == [("900100", 500, 500), ("900100", 700, 1200), ("900101", 500, 500)]
    assert bought.refunds("ANOTHER") == [] and bought.came_back("ANOTHER") == 0


@pytest.mark.parametrize(
    "told",
    [
        (ACCOUNT, "900100", REFERENCE, 0, 0, "part"),
        (ACCOUNT, "900100", REFERENCE, -5, 5, "part"),
        (ACCOUNT, "900100", REFERENCE, 500, 400, "part"),
        (ACCOUNT, "900100", REFERENCE, 5.5, 6, "part"),
        (ACCOUNT, "", REFERENCE, 500, 500, "part"),
        (ACCOUNT, "900100", REFERENCE, 500, 500, "guessed"),
        (ACCOUNT, "900100", "NOBODY", 500, 500, "part"),
        (ACCOUNT, "900100", REFERENCE, 1, 777, "part"),
    ],
)
def test_nonsense_and_the_same_sum_twice_are_refused_by_the_table(bought: Ledger, told: tuple[object, ...]) -> None:
    bought.book_refund(ACCOUNT, "900100", REFERENCE, Fen(777), "part", LATER)
    sql = "INSERT INTO refunds (account, supplier_order_number, reference, amount, together, at, how) VALUES (?, ?, ?, ?, ?, 'x', ?)"
    with pytest.raises(sqlite3.IntegrityError):
        bought.db.conn.execute(sql, told)


def test_money_went_out_by_what_the_page_showed_a_payment_or_a_repaid_payable(bought: Ledger) -> None:
    assert not bought.was_paid(REFERENCE)
    pay = "INSERT INTO payments (account, supplier_order_number, supplier, method, amount, paid_at, proof) VALUES (?, ?, 'yiwu', ?, 1, 'x', 'x')"
    bought.db.conn.execute(pay, (ACCOUNT, "900100", "credit"))
    assert not bought.was_paid(REFERENCE), "on credit nothing has gone out yet"
    bought.db.conn.execute(pay, (ACCOUNT, "900101", "balance"))
    assert bought.was_paid(REFERENCE)
    bought.db.conn.execute("DELETE FROM payments")
    bought.book_payable(REFERENCE, Fen(4800), rule="45 days after order", ordered_at=NOW, due=None, at=NOW)
    assert not bought.was_paid(REFERENCE)
    bought.payables_paid([REFERENCE], how="bank", who="lin", at=LATER)
    assert bought.was_paid(REFERENCE)


def test_a_shortage_is_told_once_settled_once_and_opened_again_only_by_more(bought: Ledger) -> None:
    line = LINES[0]
    assert bought.short(REFERENCE, {line: (1, Fen(1200))}, NOW)
    assert not bought.short(REFERENCE, {line: (1, Fen(1200))}, LATER)
    bought.shortage_settled(REFERENCE, "a person", LATER)
    assert bought.shortages(REFERENCE, open_only=True) == []
    assert not bought.short(REFERENCE, {line: (1, Fen(1200))}, LATER)
    assert bought.short(REFERENCE, {line: (2, Fen(2400))}, LATER)
    (only,) = bought.shortages(REFERENCE, open_only=True)
    assert (only.pieces, only.amount, only.seen_at, only.settled_at, only.how) == (2, 1200, LATER, None, ""), (
        "only the rest is open"
    )


def test_a_shortage_grows_and_shrinks_while_it_is_open_and_keeps_since_when(bought: Ledger) -> None:
    bought.book_refund(ACCOUNT, "900100", REFERENCE, Fen(700), "part", NOW)
    for missing, is_new in ((1, True), (3, True), (2, False), (2, False)):
        assert bought.short(REFERENCE, {LINES[0]: (missing, Fen(1200 * missing))}, NOW if missing == 1 else LATER) is is_new
        (only,) = bought.shortages(REFERENCE, open_only=True)
        assert (only.pieces, only.amount, only.seen_at, only.came_back) == (missing, 1200 * missing, NOW, 700)
    assert not bought.short(REFERENCE, {}, LATER)
    assert [each.how for each in bought.shortages(REFERENCE)] == ["sent"]


def test_what_came_back_for_a_shortage_is_what_came_since_the_first_open_one(bought: Ledger) -> None:
    def back(together: int) -> None:
        bought.book_refund(ACCOUNT, "900100", REFERENCE, Fen(together), "part", LATER)

    first, second = LINES
    back(500)
    assert bought.back_for_short(REFERENCE) == 0
    bought.short(REFERENCE, {first: (1, Fen(1200))}, NOW)
    back(800)
    bought.short(REFERENCE, {first: (1, Fen(1200)), second: (1, Fen(1200))}, LATER)
    back(900)
    assert bought.back_for_short(REFERENCE) == 400
    bought.short(REFERENCE, {second: (1, Fen(1200))}, LATER)
    assert bought.back_for_short(REFERENCE) == 100
    bought.shortage_settled(REFERENCE, "paid back", LATER)
    bought.short(REFERENCE, {second: (2, Fen(2400))}, LATER)
    assert (bought.back_for_short(REFERENCE), bought.shortages(open_only=True)[0].amount) == (0, 1200)


def test_what_was_settled_before_has_its_row_after_the_migration(bought: Ledger) -> None:
    from agent.ledger.migrations import _twelfth

    bought.closed_by_supplier(REFERENCE, LATER, paid=True)
    bought.refund_settled(REFERENCE, "refunded", Fen(4800))
    for table in ("refunds", "shortages"):
        bought.db.execute(f"DROP TABLE {table}")
    _twelfth(bought.db)
    (only,) = bought.refunds()
    assert (only.account, only.supplier_order_number, only.amount, only.how) == (ACCOUNT, "900100", 4800, "whole")
