"""What is asked for each order or purchase is found by a key: the work of a run grows as the orders kept, and not as their square."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from agent.ledger import Ledger
from agent.models import Fen
from agent.work.owed_back import owed_back
from agent.work.states import rows_of
from tests.ledger.goods import ACCOUNT, LINES, NOW, NUMBER, REFERENCE, SHOP, order, order_line, parcel, purchase

Question = Callable[[Ledger], object]


def plans(ledger: Ledger, question: Question) -> list[str]:
    """How SQLite answers what is asked of it: one text for each table that it reads."""
    asked: list[tuple[str, object]] = []
    with ledger.db.tracer(lambda sql, values: asked.append((sql, values))):
        question(ledger)
    assert asked
    return [row["detail"] for sql, values in asked for row in ledger.db.query(f"EXPLAIN QUERY PLAN {sql}", values)]


def read_whole(ledger: Ledger, question: Question) -> list[str]:
    """The tables that are read from the first row to the last, or get a key that lasts as long as the question."""
    return [plan for plan in plans(ledger, question) if re.match(r"SCAN (?!\(|SUBQUERY)", plan) or "AUTOMATIC" in plan]


def keep(ledger: Ledger, count: int) -> None:
    """So many orders, each bought on credit terms and sent, with money back and pieces missing."""
    for at in range(count):
        number, reference = f"{NUMBER[:-1]}{at}", f"{REFERENCE[:-1]}{at}"
        line = f"{number}A"
        ledger.save_order(order(number=number, lines=(order_line(line),)), NOW, detail=True)
        ledger.dispose(SHOP, number, "ours", "")
        ledger.plan([replace(purchase(reference=reference, lines=(line,)), order_number=number)], NOW)
        ledger.placed(reference, (f"90010{at}",), Fen(2400), Fen(0), NOW)
        ledger.purchase_paid(reference, NOW)
        ledger.book_payable(reference, Fen(2400), rule="30 days", ordered_at=NOW, due=NOW.date(), at=NOW)
        ledger.book_refund(ACCOUNT, f"90010{at}", reference, Fen(100), "part", NOW)
        ledger.short(reference, {line: (1, Fen(1200))}, NOW)
        ledger.save_shipment(replace(parcel(number=f"YT{at}"), order_number=number, reference=reference), {line: 1}, NOW)


@pytest.mark.parametrize(
    "question",
    [
        lambda ledger: ledger.shipments(SHOP, NUMBER),
        lambda ledger: ledger.shipments(SHOP, NUMBER, entered=True),
        lambda ledger: ledger.shipments(SHOP, entered=False),
        lambda ledger: ledger.newest_item(f"order:{SHOP}:{NUMBER}:rest"),
        lambda ledger: ledger.answered("order:1:price"),
        lambda ledger: ledger.payable(REFERENCE),
        lambda ledger: ledger.payables(supplier="yiwu"),
        lambda ledger: ledger.payables("open", supplier="yiwu"),
    ],
)
def test_what_is_asked_for_one_is_found_by_a_key(ledger: Ledger, question: Question) -> None:
    assert read_whole(ledger, question) == []


@pytest.mark.parametrize("question", [Ledger.placed_rows, Ledger.payables])
def test_a_table_of_all_reads_one_table_whole_and_the_others_by_their_keys(ledger: Ledger, question: Question) -> None:
    (listed,) = read_whole(ledger, question)
    assert listed.startswith("SCAN p ")  # purchases, or payables


@pytest.mark.parametrize("question", [rows_of, owed_back])
def test_more_orders_are_no_more_tables_read_whole(ledger: Ledger, question: Question) -> None:
    keep(ledger, 1)
    one = read_whole(ledger, question)
    keep(ledger, 4)
    assert question(ledger)
    assert read_whole(ledger, question) == one


def test_the_parcels_asked_for_are_those_of_what_is_given(ledger: Ledger) -> None:
    keep(ledger, 2)
    one, other = ledger.shipments()
    ledger.entered(SHOP, one.order_number, 1, NOW)
    assert ledger.shipments(SHOP, other.order_number) == ledger.shipments("", other.order_number) == [other]
    assert [each.order_number for each in ledger.shipments(SHOP)] == [one.order_number, other.order_number]
    assert ledger.shipments(SHOP, one.order_number, entered=False) == ledger.shipments("another") == []
    assert ledger.shipments(entered=False) == ledger.shipments(SHOP, entered=False) == [other]


def test_the_payables_asked_for_are_those_of_what_is_given(ledger: Ledger) -> None:
    keep(ledger, 3)
    first, second, third = (payable.reference for payable in ledger.payables())
    ledger.payables_paid([second], how="bill", who="me", at=NOW)
    ledger.payable_cancelled(third, NOW)

    def found(*states: str, supplier: str = "") -> list[str]:
        return [payable.reference for payable in ledger.payables(*states, supplier=supplier)]  # type: ignore[arg-type]

    assert found("open") == found("open", supplier="yiwu") == [first]
    assert found("open", "paid") == found("paid", "open", supplier="yiwu") == [first, second]
    assert found(supplier="yiwu") == [first, second, third]
    assert found(supplier="another") == found("open", supplier="another") == []


def test_the_newest_item_is_found_by_how_its_cause_begins(ledger: Ledger) -> None:
    def ask(cause: str) -> int:
        return ledger.ask("order", cause, what="w", todo="t", at=NOW)

    first, second, third = ask("order:小林:1:rest"), ask("order:小林:10:rest"), ask("order:小林二:1:rest")

    def newest(beginning: str) -> int | None:
        item = ledger.newest_item(beginning)
        return item.id if item else None

    assert (newest("order:小林:1:rest"), newest("order:小林:1:"), newest("order:小林:1")) == (first, first, second)
    assert (newest("order:小林:"), newest("order:小林"), newest("")) == (second, third, third)
    assert (newest("order:小林:2"), newest("order:小林:1:rest:"), newest("rest")) == (None, None, None)


def test_a_parcel_of_two_purchases_stands_in_the_row_of_each_in_the_order_of_the_parcels(ledger: Ledger) -> None:
    other = f"{REFERENCE[:-1]}0"
    ledger.plan([purchase(lines=LINES[:1]), purchase(2, reference=other, lines=LINES[1:])], NOW)
    ledger.placed(REFERENCE, ("900200", "900100"), Fen(2400), Fen(0), NOW)
    ledger.placed(other, ("900300",), Fen(2400), Fen(0), NOW)
    ledger.save_shipment(parcel(2, "ZTO1", "中通快递"), {LINES[0]: 1, LINES[1]: 1}, NOW)
    ledger.save_shipment(parcel(1), {}, NOW)
    told = {row["reference"]: (row["supplier_order_number"], row["tracking_number"]) for row in ledger.placed_rows()}
    assert told == {REFERENCE: ("900200 / 900100", "YT8800000000001 / ZTO1"), other: ("900300", "ZTO1")}
