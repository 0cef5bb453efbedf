"""What was owed on terms and is repaid by a person's word: never paid again, whatever the supplier's page still shows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from agent.config import Credit
from agent.models import DueRule, Fen, PayMethod
from agent.work.pay import ready
from agent.work.to_pay import Due
from tests.ledger.goods import LATER
from tests.work.test_pay_shapes import merge
from tests.work.till import BOTH, ONE, TWO, Paying, given, paying

__all__ = ["given", "paying"]

RULE = "30 days after order"
ON_TERMS: dict[str, Any] = {"rule": RULE, "ordered_at": LATER, "due": date(2026, 12, 22), "at": LATER}


@pytest.fixture(autouse=True)
def on_terms(paying: Paying) -> None:
    """Both are owed, and the first was repaid by bank."""
    rule = DueRule.of(RULE)
    assert rule
    paying.supplier.credit = Credit(limit=Fen(100_000), due=rule)
    ledger = paying.given.ledger
    for reference in ("REF1", "REF2"):
        ledger.book_payable(reference, Fen(4_800), **ON_TERMS)
    ledger.payables_paid(["REF1"], how="by bank", who="lin", at=LATER)


@pytest.mark.parametrize(
    ("pay", "took"),
    [
        (("balance",), []),
        (("qr",), []),
        (("auto_debit",), []),
        (("credit",), [("credit", TWO, 4_800)]),
        (("balance", "credit"), BOTH[1:]),
    ],
)
def test_what_a_person_repaid_is_not_paid_again(paying: Paying, pay: tuple[PayMethod, ...], took: list[Any]) -> None:
    paying.supplier.pay = pay
    for _run in range(2):
        assert paying.till.state[ONE] == "unpaid", "what its page still says"
        paying.next_run()
    assert (paying.till.took, paying.till.codes) == (took, 0)


def test_once_the_word_is_taken_back_it_is_owed_and_paid_as_that(paying: Paying) -> None:
    paying.supplier.pay = ("credit",)
    paying.given.ledger.payable_owed_again("REF1")
    paying.pay()
    assert sorted(paying.till.took) == [("credit", ONE, 4_800), ("credit", TWO, 4_800)]


def test_an_order_a_part_of_which_is_repaid_is_not_paid(paying: Paying) -> None:
    merge(paying, 9_600)
    paying.supplier.pay = ("credit",)
    paying.next_run()
    assert paying.till.clicks == 0


def test_what_a_person_says_while_the_orders_are_looked_at_counts(paying: Paying) -> None:
    paying.supplier.pay = ("credit",)
    ledger = paying.given.ledger
    ledger.payables_paid(["REF2"], how="by bank", who="lin", at=LATER)
    (purchase,) = (one for one in ledger.purchases("placed") if one.reference == "REF2")
    assert ready(paying.run, Due(TWO, (purchase,))) is None
