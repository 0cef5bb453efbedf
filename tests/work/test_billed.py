"""A supplier's bill beside the ledger's payables: what is a difference, what is none, and that every number and amount is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

import pytest

from agent.ledger import PayableState, StoredPayable, StoredPurchase
from agent.models import Fen
from agent.work.billed import BillRow, Compared, Kind, Settled, compare
from tests.work.runs import BEGAN, SHOP

DUE = date(2026, 12, 25)
TODAY = date(2026, 12, 1)


def owed(n: int, amount: int = 3_960, state: PayableState = "open", **more: Any) -> StoredPayable:
    """The n-th purchase, ordered on the n-th minute."""
    settled = None if state == "open" else BEGAN + timedelta(days=3)
    made = StoredPayable(
        reference=f"REF{n}",
        supplier="yiwu",
        account="mall-yiwu",
        shop=SHOP,
        order_number=f"69{n}",
        supplier_order_numbers=(f"90{n}",),
        amount=Fen(amount),
        proven=Fen(amount),
        shown=Fen(amount),
        back=Fen(0),
        estimated=False,
        rule="day 25 of next month",
        ordered_at=BEGAN + timedelta(minutes=n),
        received_at=None,
        due=DUE,
        booked_at=BEGAN,
        state=state,
        settled_at=settled,
        how="" if state == "open" else "bank",
        who="" if state == "open" else "lin",
        reminded=None,
    )
    return replace(made, **more)


def line(n: int, total: int | None = 3_960, due_on: date | None = DUE, settled: Settled = "") -> BillRow:
    return BillRow(f"90{n}", None if total is None else Fen(total), due_on, settled)


def bought(n: int, state: str = "placed") -> dict[str, StoredPurchase]:
    """A purchase of ours that is not owed."""
    purchase = cast(StoredPurchase, type("Bought", (), {"reference": f"REF{n}", "supplier": "other", "state": state})())
    return {f"90{n}": purchase}


def compared(bill: list[BillRow], ours: list[StoredPayable], today: date = TODAY, **purchases: Any) -> Compared:
    return compare(bill, ours, purchases.get("purchases", {}), today)


def kinds(found: Compared) -> list[Kind]:
    return [difference.kind for difference in found.differences]


def test_what_agrees_is_no_difference_whatever_the_order_of_the_lines() -> None:
    found = compared([line(2, 5), line(1)], [owed(1), owed(2, 5)])
    assert found == Compared((), 2, (), Fen(3_965), Fen(3_965))
    assert compared([], []) == Compared((), 0, (), Fen(0), Fen(0))


@pytest.mark.parametrize(
    ("bill", "ours", "purchases", "kind", "words"),
    [
        ([line(1)], [], {}, "unknown", "901: billed 39.60 yuan, no purchase of ours"),
        ([line(1, None)], [], {}, "unknown", "901: billed ? yuan, no purchase of ours"),
        ([line(1), line(1)], [], {}, "unknown", "901: billed 79.20 yuan"),
        ([line(1)], [], bought(1), "not_owed", "REF1 (other) was never booked as owed here"),
        ([line(1)], [], bought(1, "dead"), "not_owed", "REF1 (other) is given up"),
        (
            [line(1)],
            [owed(1, state="paid")],
            {},
            "settled",
            "still billed 39.60 yuan, the ledger has it as repaid (lin said so",
        ),
        ([line(1)], [owed(1, state="cancelled")], {}, "settled", "still billed 39.60 yuan, the ledger has it as cancelled"),
        ([line(2)], [owed(1), owed(2)], {}, "missing", "901: 39.60 yuan owed by the ledger, not on the bill"),
        ([line(1, settled="paid")], [owed(1)], {}, "paid_there", "901: 39.60 yuan owed by the ledger, paid by their books"),
        ([line(1, settled="cancelled")], [owed(1)], {}, "cancelled_there", "901: 39.60 yuan owed by the ledger, cancelled"),
        ([line(1, 3_961)], [owed(1)], {}, "amount", "billed 39.61 yuan, 39.60 yuan by the ledger: 0.01 yuan too much"),
        ([line(1, 3_900)], [owed(1)], {}, "amount", "billed 39.00 yuan, 39.60 yuan by the ledger: 0.60 yuan too little"),
        ([line(1, 396_000)], [owed(1)], {}, "amount", "(exactly 100 times: in 分 instead of yuan?)"),
        ([line(1, 39)], [owed(1, 3_900)], {}, "amount", "(exactly a hundredth)"),
        ([line(1), line(1)], [owed(1)], {}, "amount", "39.60 yuan too much (on 2 lines of the bill)"),
        ([line(1, 1)], [owed(1, estimated=True)], {}, "amount", "(the ledger's amount is estimated"),
        (
            [line(1, due_on=date(2026, 12, 31))],
            [owed(1)],
            {},
            "due",
            "due on 2026-12-31 by the bill, on 2026-12-25 by the ledger",
        ),
    ],
)
def test_one_difference_is_told_with_its_number_and_both_amounts(
    bill: list[BillRow], ours: list[StoredPayable], purchases: dict[str, Any], kind: Kind, words: str
) -> None:
    found = compared(bill, ours, purchases=purchases)
    assert kinds(found) == [kind]
    assert words in found.differences[0].words


def test_amount_and_due_date_are_two_differences_with_what_both_sides_say() -> None:
    amount, due = compared([line(1, 4_000, date(2026, 12, 31))], [owed(1)]).differences
    assert (amount.kind, amount.theirs, amount.ours, amount.references) == ("amount", 4_000, 3_960, ("REF1",))
    assert (due.kind, due.due_theirs, due.due_ours) == ("due", date(2026, 12, 31), DUE)


@pytest.mark.parametrize(
    ("bill", "ours"),
    [
        ([line(1, due_on=None)], [owed(1)]),  # a bill without due dates
        ([line(1)], [owed(1, due=None)]),  # it counts from a receipt that nobody has seen yet
        ([line(1, None)], [owed(1)]),  # an amount that could not be read is told where it was read
        ([line(1, settled="paid")], [owed(1, state="paid")]),
        ([line(1, settled="cancelled")], [owed(1, state="cancelled")]),
        ([line(1, settled="paid")], []),  # bought and paid by hand: nothing is owed for it
        ([], [owed(1, state="paid")]),
    ],
)
def test_what_does_not_contradict_is_no_difference(bill: list[BillRow], ours: list[StoredPayable]) -> None:
    assert compared(bill, ours).differences == ()


def test_an_amount_that_cannot_be_read_does_not_agree() -> None:
    assert compared([line(1, None), line(2)], [owed(1), owed(2)]).agreed == 1


# not billed yet


def test_what_was_ordered_after_the_newest_on_the_bill_waits_and_what_was_ordered_before_it_is_missing() -> None:
    found = compared([line(2)], [owed(1), owed(2), owed(3), owed(4, 100)])
    assert [(each.kind, each.numbers) for each in found.differences] == [("missing", ("901",))]
    assert ([each.reference for each in found.waiting], found.ours) == (["REF3", "REF4"], 3_960 * 2)


def test_an_empty_bill_is_believed_until_something_is_due() -> None:
    assert [each.reference for each in compared([], [owed(1), owed(2)]).waiting] == ["REF1", "REF2"]
    assert kinds(compared([], [owed(1), owed(2, due=None)], today=DUE)) == ["missing"]


def test_a_line_of_something_settled_still_says_how_far_the_bill_reaches() -> None:
    assert kinds(compared([line(2, settled="paid")], [owed(1), owed(2, state="paid")])) == ["missing"]


# several orders for one purchase, several purchases in one order


def test_a_purchase_that_the_supplier_split_is_one_amount() -> None:
    ours = [owed(1, supplier_order_numbers=("901", "902"))]
    assert compared([line(1, 3_000), line(2, 960)], ours).agreed == 1
    (short,) = compared([line(1, 3_000)], ours).differences
    assert (short.kind, short.numbers) == ("amount", ("901", "902"))
    assert "901 / 902: billed 30.00 yuan, 39.60 yuan by the ledger" in short.words and "(not on the bill: 902)" in short.words


def test_purchases_that_the_supplier_put_into_one_order_are_one_amount() -> None:
    ours = [owed(1), owed(2, 40, supplier_order_numbers=("901",))]
    assert compared([line(1, 4_000)], ours) == Compared((), 1, (), Fen(4_000), Fen(4_000))
    (other,) = compared([line(1)], ours).differences
    assert (other.kind, other.references, other.ours) == ("amount", ("REF1", "REF2"), 4_000)


def test_of_purchases_in_one_order_only_what_is_still_owed_counts() -> None:
    ours = [owed(1), owed(2, 40, "paid", supplier_order_numbers=("901",))]
    assert compared([line(1)], ours).differences == ()
    assert kinds(compared([line(1, 4_000)], ours)) == ["amount"]


def test_chains_of_split_and_merged_orders_are_one_group() -> None:
    ours = [
        owed(1, 10, supplier_order_numbers=("901", "902")),
        owed(3, 20, supplier_order_numbers=("903",)),
        owed(2, 30, supplier_order_numbers=("902", "903")),
    ]
    assert compared([line(1, 10), line(2, 20), line(3, 30)], ours).differences == ()


def test_thousands_are_compared_at_once() -> None:
    count = 5_000
    found = compared([line(n) for n in range(count)], [owed(n) for n in range(count)])
    assert (found.agreed, found.differences) == (count, ())


def test_words_of_people_are_no_templates() -> None:
    found = compared([line(1)], [owed(1, state="paid", how="{0} {how}", who="{x}")])
    assert "{x} said so on" in found.differences[0].words and "{0} {how}" in found.differences[0].words
