"""Payables in the ledger: booked once, gone with their purchase, settled once on somebody's word, never deleted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from agent.errors import ConfigError
from agent.ledger import Ledger, StoredPayable
from agent.models import SHANGHAI, Fen
from tests.ledger.goods import ACCOUNT, LATER, NOW, REFERENCE, clicked, order, settle

DUE = date(2026, 12, 25)
RULE = "day 25 of next month"


@pytest.fixture
def ledger(ledger: Ledger) -> Iterator[Ledger]:
    """One purchase of 48 yuan was proven."""
    settle(ledger, clicked(ledger), "confirmed")
    ledger.placed(REFERENCE, ("900100", "900101"), Fen(4_800), Fen(0), LATER)
    yield ledger


def book(ledger: Ledger, amount: int = 4_800, due: date | None = DUE) -> bool:
    return ledger.book_payable(REFERENCE, Fen(amount), rule=RULE, ordered_at=NOW, due=due, at=LATER)


def kept(ledger: Ledger) -> StoredPayable:
    known = ledger.payable(REFERENCE)
    assert known
    return known


def test_it_is_booked_once_with_all_that_is_known(ledger: Ledger) -> None:
    assert book(ledger)
    assert not book(ledger, 9_900)
    one = kept(ledger)
    assert (one.supplier, one.account, one.supplier_order_numbers) == ("yiwu", ACCOUNT, ("900100", "900101"))
    assert (one.amount, one.proven, one.estimated, one.rule, one.due) == (4_800, 4_800, False, RULE, DUE)
    assert (one.ordered_at, one.booked_at, one.received_at) == (NOW, LATER, None)
    assert (one.state, one.settled_at, one.reminded) == ("open", None, None)
    assert ledger.used_credit("yiwu") == 4_800 and ledger.used_credit("another") == 0


def test_nothing_is_owed_for_a_purchase_that_is_none(ledger: Ledger) -> None:
    with pytest.raises(RuntimeError, match="NOBODY"):
        ledger.book_payable("NOBODY", Fen(1), rule=RULE, ordered_at=NOW, due=DUE, at=LATER)
    assert ledger.payables() == []


def test_it_goes_with_its_purchase_as_a_row_that_says_so(ledger: Ledger) -> None:
    book(ledger)
    ledger.closed_by_supplier(REFERENCE, LATER, paid=False)
    one = kept(ledger)
    assert (one.state, one.settled_at, one.who) == ("cancelled", LATER, "supplier")
    assert ledger.payables("open") == [] and ledger.used_credit("yiwu") == 0


def test_the_purchase_and_what_is_owed_go_together_or_not_at_all(ledger: Ledger) -> None:
    book(ledger)
    with pytest.raises(KeyboardInterrupt), ledger.atomic():
        ledger.closed_by_supplier(REFERENCE, LATER, paid=False)
        raise KeyboardInterrupt
    purchase = ledger.purchase(REFERENCE)
    assert purchase and (purchase.state, kept(ledger).state) == ("placed", "open")


def test_it_is_repaid_once_on_somebodys_word(ledger: Ledger) -> None:
    book(ledger)
    ledger.payables_paid([REFERENCE], how="bank", who="lin", at=LATER)
    one = kept(ledger)
    assert (one.state, one.settled_at, one.how, one.who) == ("paid", LATER, "bank", "lin")
    with pytest.raises(ConfigError, match="not open"):
        ledger.payables_paid([REFERENCE], how="bank", who="somebody else", at=LATER)
    assert kept(ledger).who == "lin"


def test_one_that_is_not_open_lets_none_of_them_be_repaid(ledger: Ledger) -> None:
    book(ledger)
    with pytest.raises(ConfigError, match="NOBODY"):
        ledger.payables_paid([REFERENCE, "NOBODY"], how="bank", who="lin", at=LATER)
    assert kept(ledger).state == "open"


def test_what_was_paid_stays_paid_whatever_comes(ledger: Ledger) -> None:
    book(ledger)
    ledger.payables_paid([REFERENCE], how="bank", who="lin", at=LATER)
    ledger.closed_by_supplier(REFERENCE, LATER, paid=True)
    ledger.payable_costs(REFERENCE, Fen(1))
    ledger.payable_received(REFERENCE, LATER, DUE + timedelta(days=1))
    one = kept(ledger)
    assert (one.state, one.amount, one.due, one.received_at) == ("paid", 4_800, DUE, None)


def test_another_price_is_owed_and_the_proven_one_is_kept(ledger: Ledger) -> None:
    ledger.book_payable(REFERENCE, Fen(4_000), rule=RULE, ordered_at=NOW, due=DUE, at=LATER, estimated=True)
    ledger.payable_costs(REFERENCE, Fen(4_900))
    assert (kept(ledger).amount, kept(ledger).proven, kept(ledger).estimated) == (4_900, 4_000, False)
    assert ledger.used_credit("yiwu") == 4_900


def test_the_first_receipt_counts(ledger: Ledger) -> None:
    book(ledger, due=None)
    assert kept(ledger).due is None
    ledger.payable_received(REFERENCE, LATER, DUE)
    ledger.payable_received(REFERENCE, LATER + timedelta(days=9), DUE + timedelta(days=9))
    assert (kept(ledger).received_at, kept(ledger).due) == (LATER, DUE)


@pytest.mark.parametrize(("day", "late"), [(DUE, False), (DUE + timedelta(days=1), True)])
def test_the_day_itself_is_not_too_late(ledger: Ledger, day: date, late: bool) -> None:
    book(ledger)
    assert bool(ledger.payables_due_before("yiwu", day)) is late
    assert ledger.payables_due_before("another", day) == []


@pytest.mark.parametrize(
    ("state", "used"), [("committing", 2_400), ("unknown", 2_400), ("held", 2_400), ("refused", 0), ("intended", 0)]
)
def test_what_was_sent_and_is_not_proven_uses_the_limit(path: Path, state: str, used: int) -> None:
    """The total that its form showed; `clicked` means 24 yuan."""
    with Ledger.open(path.with_name("other.db")) as other:
        other.save_order(order(), NOW, detail=True)
        attempt = clicked(other)
        if state != "committing":
            settle(other, attempt, state)  # type: ignore[arg-type]
        assert other.used_credit("yiwu") == used


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE payables SET amount = -1",
        "UPDATE payables SET amount = 48.5",
        "UPDATE payables SET state = 'gone', settled_at = 'x', how = 'x', who = 'x'",
        "UPDATE payables SET state = 'paid', settled_at = 'x', how = 'bank'",
        "UPDATE payables SET state = 'paid', settled_at = 'x', who = 'lin'",
        "UPDATE payables SET state = 'paid', how = 'bank', who = 'lin'",
        "UPDATE payables SET settled_at = 'x'",
        "UPDATE payables SET reference = 'NOBODY'",
        "UPDATE payables SET rule = ''",
    ],
)
def test_nonsense_is_refused_by_the_table(ledger: Ledger, sql: str) -> None:
    book(ledger)
    with pytest.raises(sqlite3.IntegrityError):
        ledger.db.conn.execute(sql)


def test_it_is_read_back_after_the_ledger_was_closed(ledger: Ledger, path: Path) -> None:
    book(ledger)
    ledger.reminded([REFERENCE], 7)
    before = kept(ledger)
    ledger.close()
    with Ledger.open(path) as again:
        assert kept(again) == before and before.reminded == 7
        assert before.ordered_at == datetime(2026, 11, 22, 18, 0, tzinfo=SHANGHAI)


def test_a_word_that_it_was_repaid_is_taken_back(ledger: Ledger) -> None:
    book(ledger)
    ledger.reminded([REFERENCE], 0)
    ledger.payables_paid([REFERENCE], how="bank", who="lin", at=LATER)
    ledger.payable_owed_again(REFERENCE)
    one = kept(ledger)
    assert (one.state, one.settled_at, one.how, one.who, one.reminded) == ("open", None, "", "", None)
    assert ledger.used_credit("yiwu") == 4_800
    ledger.payables_paid([REFERENCE], how="wechat", who="wang", at=LATER)
    assert kept(ledger).who == "wang"


def test_only_what_was_repaid_is_owed_again(ledger: Ledger) -> None:
    book(ledger)
    for reference in (REFERENCE, "NOBODY"):
        with pytest.raises(ConfigError, match="not repaid"):
            ledger.payable_owed_again(reference)
    ledger.closed_by_supplier(REFERENCE, LATER, paid=False)
    with pytest.raises(ConfigError, match="not repaid"):
        ledger.payable_owed_again(REFERENCE)
    assert kept(ledger).state == "cancelled"
