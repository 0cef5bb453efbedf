"""Money back is booked once, a shortage is told with its money, what is owed is followed and reminded of after 3, 7 and 14 days."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, cast

import pytest

from agent.ledger import Back, Ledger
from agent.models import Fen, Reading
from agent.work.credit import overdue
from agent.work.owed import owed as all_owed
from agent.work.owed_back import owed_back, remind_of_refunds, steps_passed, sum_of, write_owed_back
from agent.work.refunds import follow_shortage, shortage_told
from agent.work.run import Run
from agent.work.watch import follow_refunds, money_told, watch
from tests.ledger.goods import LATER, LINES, NOW, NUMBER, REFERENCE, SHOP
from tests.work.test_watch import ROW, Supplier, both, cancelled_after_payment, kept, made, shown
from tests.work.test_watch import ledger as bought
from tests.work.test_watch import supplier as supplier_
from tests.work.test_watch import two as two_

ledger, supplier, two = bought, supplier_, two_  # fixtures


def booked(ledger: Ledger) -> list[tuple[str, int, str]]:
    return [(each.reference, each.amount, each.how) for each in ledger.refunds()]


def told(ledger: Ledger, words: str) -> int:
    rows = ledger.db.execute("SELECT what FROM events").fetchall()
    return sum(words in what for (what,) in rows)


# ---- booked once


def test_the_whole_of_a_cancelled_order_is_booked_once(ledger: Ledger, supplier: Supplier) -> None:
    run = cancelled_after_payment(ledger, supplier)
    supplier.page = shown("cancelled", refund="refunded", refunded=4800)
    for _run in range(3):
        follow_refunds(run)
    assert booked(ledger) == [(REFERENCE, 4800, "whole")]


def test_a_part_of_an_order_that_goes_on_is_booked_and_told_once(ledger: Ledger, supplier: Supplier) -> None:
    run = made(ledger, supplier)
    for _run in range(3):
        assert watch(run, kept(ledger), [shown("placed", refunded=500)])
    assert (booked(ledger), told(ledger, "5.00")) == ([(REFERENCE, 500, "part")], 1)
    watch(run, kept(ledger), [shown("placed", refunded=800, refund="refunded")])
    assert booked(ledger)[1:] == [(REFERENCE, 300, "part")]
    assert kept(ledger).state == "placed"


@pytest.mark.parametrize("state", ["open", "refused", "none"])
def test_what_is_only_asked_for_is_no_money(ledger: Ledger, supplier: Supplier, state: str) -> None:
    watch(made(ledger, supplier), kept(ledger), [shown("placed", refunded=500, refund=state)])
    run = cancelled_after_payment(ledger, supplier)
    supplier.page = shown("cancelled", refund="open", refunded=4800)
    follow_refunds(run)
    assert booked(ledger) == []


def test_after_a_part_the_rest_of_the_whole_is_booked(ledger: Ledger, supplier: Supplier) -> None:
    watch(made(ledger, supplier), kept(ledger), [shown("placed", refunded=500)])
    run = cancelled_after_payment(ledger, supplier)
    supplier.page = shown("cancelled", refund="refunded", refunded=4800)
    follow_refunds(run)
    assert booked(ledger) == [(REFERENCE, 500, "part"), (REFERENCE, 4300, "whole")]


def test_too_little_back_is_booked_and_the_rest_stays_owed(
    ledger: Ledger, supplier: Supplier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.work.run._park", lambda *_told: None)
    run = cancelled_after_payment(ledger, supplier)
    supplier.page = shown("cancelled", refund="refunded", refunded=4000)
    follow_refunds(run)
    follow_refunds(run)
    assert booked(ledger) == [(REFERENCE, 4000, "part")]
    assert [(row.owed, row.back) for row in owed_back(ledger)] == [(800, 4000)]


@pytest.mark.parametrize(
    ("next_page", "answer", "refund"),
    [
        (shown("cancelled", refund="refunded", refunded=4000), "approve", "refunded"),
        (shown("cancelled", refund="refused"), "reject", "refused"),
    ],
    ids=["too little", "refused"],
)
def test_either_question_about_the_money_takes_the_answer(
    ledger: Ledger, supplier: Supplier, next_page: Reading, answer: str, refund: str
) -> None:
    run = cancelled_after_payment(ledger, supplier)
    supplier.page = next_page
    follow_refunds(run)
    newest = [item for item in ledger.items() if item.reason == "refund_due"][-1]
    ledger.answer(newest.id, answer, LATER)
    for item in ledger.unapplied_answers():
        money_told(run, item)
    follow_refunds(run)
    assert kept(ledger).refund == refund
    assert [item.reason for item in ledger.items()] == []


@pytest.mark.parametrize(("answer", "rows"), [("approve", [(REFERENCE, 4800, "person")]), ("reject", [])])
def test_a_persons_word_is_booked_as_theirs(
    ledger: Ledger, supplier: Supplier, answer: str, rows: list[tuple[str, int, str]]
) -> None:
    run = cancelled_after_payment(ledger, supplier)
    follow_refunds(run)
    ledger.answer(ledger.items()[0].id, answer, LATER)
    money_told(run, ledger.unapplied_answers()[0])
    assert (booked(ledger), owed_back(ledger)) == (rows, [])


def test_back_without_an_amount_is_all_that_was_paid(ledger: Ledger, supplier: Supplier) -> None:
    run = cancelled_after_payment(ledger, supplier)
    supplier.page = shown("cancelled", refund="refunded", refunded=None)
    follow_refunds(run)
    assert booked(ledger) == [(REFERENCE, 4800, "unshown")]


def test_no_more_is_to_come_back_than_was_paid(ledger: Ledger, supplier: Supplier) -> None:
    ledger.book_payable(REFERENCE, Fen(4000), rule="45 days after order", ordered_at=NOW, due=None, at=NOW)
    ledger.payables_paid([REFERENCE], how="bank", who="lin", at=LATER)
    run = made(ledger, supplier, money="month_end")
    watch(run, kept(ledger), [shown("cancelled")])
    assert [(row.amount, row.owed) for row in owed_back(ledger)] == [(4000, 4000)]
    supplier.page = shown("cancelled", refund="refunded", refunded=4000)
    follow_refunds(run)
    assert (booked(ledger), kept(ledger).refund) == ([(REFERENCE, 4000, "whole")], "refunded")


class Split(Supplier):
    """A purchase that stands in two orders, and what the page of each shows."""

    pages: ClassVar[dict[str, Reading]] = {}

    def play(self, _flow: str, values: Any) -> Reading:
        return self.pages[values["purchase_order.supplier_order_number"]]

    def shows(self, *each: dict[str, Any]) -> list[Reading]:
        numbers = ("900100", "900101")
        pages = [shown(**page, supplier_order_number=number) for number, page in zip(numbers, each, strict=True)]
        self.pages = dict(zip(numbers, pages, strict=True))  # type: ignore[misc]
        return pages


@pytest.fixture
def split(ledger: Ledger) -> Split:
    ledger.db.execute("INSERT INTO purchase_numbers VALUES (?, ?, '900101', 0)", (REFERENCE, kept(ledger).account))
    return Split()


def test_of_a_purchase_in_two_orders_what_came_back_first_is_booked(ledger: Ledger, split: Split) -> None:
    run = made(ledger, split)
    watch(run, kept(ledger), split.shows({"state": "placed", "total": 1800}, {"state": "placed", "total": 3000}))
    back, waits = {"state": "cancelled", "refund": "refunded", "refunded": 1800}, {"state": "cancelled", "refund": "open"}
    watch(run, kept(ledger), split.shows(back, waits))
    for _run in range(2):
        follow_refunds(run)
    assert booked(ledger) == [(REFERENCE, 1800, "part")] and told(ledger, "the rest is to come") == 1
    assert [row.owed for row in owed_back(ledger)] == [3000]
    split.shows(back, {"state": "cancelled", "refund": "refunded", "refunded": 3000})
    follow_refunds(run)
    assert (sum(amount for _reference, amount, _how in booked(ledger)), kept(ledger).refund) == (4800, "refunded")


def test_of_two_orders_one_of_which_was_paid_its_money_is_all(ledger: Ledger, split: Split) -> None:
    run, account = made(ledger, split), kept(ledger).account
    facts: dict[str, Any] = {
        "supplier": "yiwu",
        "method": "qr",
        "payee": "",
        "paid_at": LATER,
        "proof": "order",
        "attempt": None,
    }
    ledger.book_payment(account, "900100", amount=Fen(1800), **facts)
    watch(run, kept(ledger), split.shows({"state": "cancelled"}, {"state": "cancelled"}))
    assert [row.owed for row in owed_back(ledger)] == [1800]
    split.shows({"state": "cancelled", "refund": "refunded", "refunded": 1800}, {"state": "cancelled", "refund": "none"})
    follow_refunds(run)
    assert (booked(ledger), kept(ledger).refund) == ([(REFERENCE, 1800, "whole")], "refunded")


def test_of_an_order_of_two_purchases_nothing_is_booked_twice(two: Ledger, supplier: Supplier) -> None:
    run = made(two, supplier)
    for each in both(two):
        watch(run, each, [shown("placed", lines=({**ROW, "quantity": 6},), refunded=500)])
    assert booked(two) == [(REFERENCE, 500, "part")]
    for each in both(two):
        watch(run, each, [shown("cancelled")])
    supplier.page = shown("cancelled", refund="refunded", refunded=7200)
    follow_refunds(run)
    assert sum(amount for _reference, amount, _how in booked(two)) == 7200


def on_credit(ledger: Ledger, supplier: Supplier) -> Run:
    ledger.book_payable(REFERENCE, Fen(4800), rule="45 days after order", ordered_at=NOW, due=None, at=NOW)
    return made(ledger, supplier, money="month_end")


def a_day_later(run: Run) -> None:
    later = run.now() + timedelta(days=1)
    cast(Any, run).now = lambda: later


def owed(ledger: Ledger) -> tuple[int, int]:
    """What is owed, and what the supplier's page shows as the total."""
    found = ledger.payable(REFERENCE)
    assert found is not None
    assert ledger.used_credit(found.supplier) == (found.amount if found.state == "open" else 0)
    return found.amount, found.shown


@pytest.mark.parametrize("total", [4800, 4300])
def test_what_came_back_before_it_was_repaid_is_owed_no_more_and_taken_off_once(
    ledger: Ledger, supplier: Supplier, total: int
) -> None:
    """Some sites take it off the total, too; and some only later."""
    run = on_credit(ledger, supplier)
    for _look in range(2):
        watch(run, kept(ledger), [shown("placed", refunded=500, total=total)])
        assert owed(ledger) == (4300, total)
    watch(run, kept(ledger), [shown("placed", refunded=500, total=4300)])
    assert owed(ledger) == (4300, 4300)
    assert told(ledger, "5.00 yuan of order 900100, which is not repaid yet: 43.00 yuan are owed") == 1
    assert owed_back(ledger, settled=True) == [], "it is no money"


def test_of_what_the_supplier_gives_away_nothing_is_due(ledger: Ledger, supplier: Supplier) -> None:
    run = on_credit(ledger, supplier)
    watch(run, kept(ledger), [shown("completed", total=0)])
    ledger.payable_received(REFERENCE, run.now(), run.now().date())
    long_after = run.now() + timedelta(days=400)
    assert (owed(ledger), all_owed(ledger, long_after)) == ((0, 0), [])
    assert overdue(ledger, kept(ledger).supplier, long_after) == []


@pytest.mark.parametrize("state", ["open", "refused", "none"])
def test_what_is_only_asked_for_is_owed_all_the_same(ledger: Ledger, supplier: Supplier, state: str) -> None:
    watch(on_credit(ledger, supplier), kept(ledger), [shown("placed", refunded=500, refund=state, total=4800)])
    assert owed(ledger) == (4800, 4800)


@pytest.mark.parametrize("how", ["person", "unshown"])
def test_only_what_the_suppliers_page_showed_lowers_what_is_owed(ledger: Ledger, supplier: Supplier, how: Back) -> None:
    on_credit(ledger, supplier)
    ledger.book_refund("mall-yiwu", "900100", REFERENCE, Fen(500), how, NOW)
    assert owed(ledger) == (4800, 4800)


def test_of_a_total_that_was_raised_nobody_knows_what_came_off(ledger: Ledger, supplier: Supplier) -> None:
    watch(on_credit(ledger, supplier), kept(ledger), [shown("placed", refunded=500, total=5000)])
    assert owed(ledger) == (5000, 5000)


def test_what_comes_back_after_it_was_repaid_is_money(ledger: Ledger, supplier: Supplier) -> None:
    run = on_credit(ledger, supplier)
    watch(run, kept(ledger), [shown("placed", refunded=500, total=4800)])
    ledger.payables_paid([REFERENCE], how="bank", who="lin", at=run.now())
    a_day_later(run)
    watch(run, kept(ledger), [shown("placed", refunded=800, total=4800)])
    assert owed(ledger) == (4300, 4800)
    assert told(ledger, "3.00 yuan of order 900100, which goes on") == 1


def test_what_was_paid_for_at_once_is_owed_as_it_is(ledger: Ledger, supplier: Supplier) -> None:
    """One of its orders was paid with our money: what comes back for that one does not lower what is owed for the other."""
    run = on_credit(ledger, supplier)
    paid = {"supplier": "yiwu", "method": "balance", "amount": Fen(4800), "payee": "", "proof": "order", "attempt": None}
    ledger.book_payment("mall-yiwu", "900100", paid_at=NOW, **paid)  # type: ignore[arg-type]
    watch(run, kept(ledger), [shown("placed", refunded=500, total=4800)])
    assert (owed(ledger), booked(ledger)) == ((4800, 4800), [(REFERENCE, 500, "part")])
    assert told(ledger, "which goes on") == 1


def test_all_of_it_back_nothing_is_owed_nor_due(ledger: Ledger, supplier: Supplier) -> None:
    run = on_credit(ledger, supplier)
    watch(run, kept(ledger), [shown("completed", refunded=4800, total=4800)])
    long_after = run.now() + timedelta(days=400)
    ledger.payable_received(REFERENCE, run.now(), run.now().date())
    assert (owed(ledger), all_owed(ledger, long_after), overdue(ledger, kept(ledger).supplier, long_after)) == (
        (0, 4800),
        [],
        [],
    )


@pytest.mark.parametrize(("shows", "how"), [(4800, "whole"), (None, "unshown")])
def test_cancelled_after_it_was_repaid_only_what_was_paid_is_to_come_back(
    ledger: Ledger, supplier: Supplier, shows: int | None, how: str
) -> None:
    run = on_credit(ledger, supplier)
    watch(run, kept(ledger), [shown("placed", refunded=500, total=4800)])
    ledger.payables_paid([REFERENCE], how="bank", who="lin", at=run.now())
    watch(run, kept(ledger), [shown("cancelled")])
    assert [(row.amount, row.owed) for row in owed_back(ledger)] == [(4300, 4300)]
    supplier.page = shown("cancelled", refund="refunded", refunded=shows)
    a_day_later(run)
    follow_refunds(run)
    assert (booked(ledger)[1:], kept(ledger).refund) == ([(REFERENCE, 4300, how)], "refunded")


# ---- sent too little


WHOLE = {LINES[0]: 1, LINES[1]: 1}


def short(run: Run, ledger: Ledger, *insides: dict[str, int] | None, state: str = "shipped", **more: Any) -> list[str]:
    follow_shortage(run, kept(ledger), [shown(state, **more)], insides)
    return [item.what for item in ledger.items() if item.reason == "shortage"]


def test_a_piece_that_was_not_sent_is_told_with_its_money(ledger: Ledger, supplier: Supplier) -> None:
    run = made(ledger, supplier)
    (what,) = short(run, ledger, {LINES[0]: 1})
    assert "保温杯 / 白色/500毫升 × 1" in what and "24.00" in what, "two of theirs are one of ours"
    short(run, ledger, {LINES[0]: 1})
    assert told(ledger, "24.00") == 1
    assert short(run, ledger, {LINES[0]: 1}, {LINES[1]: 1}) == []


@pytest.mark.parametrize(
    ("insides", "state"),
    [((WHOLE,), "shipped"), (({LINES[0]: 1},), "partly_shipped"), (({LINES[0]: 1}, None), "shipped"), ((), "shipped")],
)
def test_nothing_is_missing_while_more_may_come_or_nobody_knows(
    ledger: Ledger, supplier: Supplier, insides: tuple[Any, ...], state: str
) -> None:
    assert short(made(ledger, supplier), ledger, *insides, state=state) == []


def test_its_money_is_owed_once_it_was_paid_and_settled_by_what_comes_back(ledger: Ledger, supplier: Supplier) -> None:
    run = made(ledger, supplier)
    short(run, ledger, {LINES[0]: 1})
    assert owed_back(ledger) == []
    ledger.watched(REFERENCE, "shipped", LATER)
    assert [(row.why, row.owed) for row in owed_back(ledger)] == [("shortage", 2400)]
    watch(run, kept(ledger), [shown("shipped", refunded=1000)])
    assert [(row.owed, row.back) for row in owed_back(ledger)] == [(1400, 1000)]
    watch(run, kept(ledger), [shown("shipped", refunded=2400)])
    assert owed_back(ledger) == [] and short(run, ledger, {LINES[0]: 1}) == []
    assert [(row.why, row.back) for row in owed_back(ledger, settled=True)] == [("part", 2400)]


@pytest.mark.parametrize("answer", ["approve", "reject"])
def test_a_person_may_say_what_became_of_a_shortage(ledger: Ledger, supplier: Supplier, answer: str) -> None:
    run = made(ledger, supplier)
    ledger.watched(REFERENCE, "shipped", LATER)
    short(run, ledger, {LINES[0]: 1})
    ledger.answer(ledger.items()[0].id, answer, LATER)
    shortage_told(run, ledger.unapplied_answers()[0])
    assert owed_back(ledger) == [] and short(run, ledger, {LINES[0]: 1}) == []


def test_an_order_that_goes_on_well_does_not_bring_the_missing_piece(ledger: Ledger, supplier: Supplier) -> None:
    short(made(ledger, supplier), ledger, {LINES[0]: 1})
    ledger.close_items_of(SHOP, NUMBER, LATER)
    assert [item.reason for item in ledger.items()] == ["shortage"]


def test_it_is_followed_though_nothing_else_of_its_order_is(ledger: Ledger, supplier: Supplier) -> None:
    run = made(ledger, supplier)
    ledger.watched(REFERENCE, "shipped", LATER)
    short(run, ledger, {LINES[0]: 1})
    ledger.advance(REFERENCE, "shipped")
    ledger.advance(REFERENCE, "done")
    supplier.page = shown("completed", refunded=2400)
    follow_refunds(run)
    assert booked(ledger) == [(REFERENCE, 2400, "part")] and owed_back(ledger) == []


# ---- reminders


@pytest.fixture
def owing(ledger: Ledger, supplier: Supplier) -> Iterator[Run]:
    yield cancelled_after_payment(ledger, supplier)


def after(run: Run, ledger: Ledger, days: float) -> list[tuple[str, bool]]:
    """What the inbox says then, and whether a message will tell it."""
    run.now = lambda: LATER + timedelta(days=days)  # type: ignore[method-assign]
    remind_of_refunds(run)
    items = [item for item in ledger.items() if item.reason == "refunds_owed"]
    made_ = [(item.what, item.told == "") for item in items]
    for item in items:
        ledger.told(item.id, "far")
    return made_


def test_reminded_after_three_seven_and_fourteen_days_one_item_a_supplier(owing: Run, ledger: Ledger) -> None:
    assert after(owing, ledger, 2.9) == []
    ((what, new),) = after(owing, ledger, 3)
    assert ("48.00" in what, "3 days" in what, new) == (True, True, True)
    ((what, new),) = after(owing, ledger, 5)
    assert ("5 days" in what, new) == (True, False)
    assert [new for _what, new in after(owing, ledger, 7)] == [True]
    assert [new for _what, new in after(owing, ledger, 13)] == [False]
    assert [new for _what, new in after(owing, ledger, 14)] == [True]
    assert [new for _what, new in after(owing, ledger, 90)] == [False]


def test_what_a_person_has_seen_is_asked_again_at_the_next_step(owing: Run, ledger: Ledger) -> None:
    after(owing, ledger, 3)
    ledger.answer(next(item.id for item in ledger.items() if item.reason == "refunds_owed"), "approve", owing.now())
    assert after(owing, ledger, 6) == []
    assert len(after(owing, ledger, 7)) == 1


def test_the_reminder_goes_when_the_money_comes(owing: Run, ledger: Ledger, supplier: Supplier) -> None:
    after(owing, ledger, 3)
    supplier.page = shown("cancelled", refund="refunded", refunded=4800)
    follow_refunds(owing)
    assert after(owing, ledger, 4) == []


def test_steps_of_several_orders_each_count(owing: Run, ledger: Ledger) -> None:
    (row,) = owed_back(ledger)
    younger = replace(row, since=row.since + timedelta(days=2))
    at = [row.since + timedelta(days=days) for days in (3, 4.9, 5, 6)]
    assert [steps_passed([row, younger], at[0], now) for now in at] == [False, False, True, True]
    assert sum_of([row, younger]) == 9600


def test_as_a_table_numbers_are_numbers_and_nothing_runs(owing: Run, ledger: Ledger, tmp_path: Path) -> None:
    (row,) = owed_back(ledger)
    path = tmp_path / "owed.csv"
    write_owed_back(path, [replace(row, purchase=replace(row.purchase, supplier="=cmd|'/C calc'!A0"))], LATER)
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[1][1:4] == ["0", "\t=cmd|'/C calc'!A0", "\t900100"]
    assert rows[1][8:11] == ["48.00", "0.00", "48.00"]
