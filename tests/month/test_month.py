"""A small month is played and its books agree; and the comparison finds a 分 that is wrong, a payment that is missing, one too many."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.month.bench import Bench
from tests.month.judge import judged
from tests.month.plan import FATES, GOODS, NOT_AT, planned
from tests.month.play import BEGIN, Month


def test_a_seed_makes_the_same_month_again_and_another_makes_another() -> None:
    assert planned(60, 10, 3) == planned(60, 10, 3) != planned(60, 10, 4)
    assert [one.day for one in planned(60, 10, 3)] == sorted(one.day for one in planned(60, 10, 3))


@pytest.mark.parametrize("orders", [27, 500])
def test_every_supplier_meets_every_fate(orders: int) -> None:
    plan = planned(orders, 30, 1)
    for supplier in GOODS:
        met = {one.fate for one in plan if one.supplier == supplier}
        assert met == {*FATES, "sent"} - {*NOT_AT[supplier]}
    assert len({one.order.number for one in plan}) == orders


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    """A month of five days, after its last morning."""
    with Bench(1, tmp_path_factory.mktemp("month"), BEGIN) as bench:
        played = Month(bench, planned(24, 5, 1), 5)
        played.play()
        yield played


@pytest.mark.slow
def test_the_books_of_a_small_month_agree_to_the_fen(month: Month) -> None:
    assert judged(month).wrong == []
    paid = {payment.method for payment in month.bench.ledger.payments()}
    assert paid == {"balance", "qr", "auto_debit", "credit", "outside"}
    codes = month.bench.market.m1688.payments
    assert {codes.state_of(code) for code in codes.codes.values()} >= {"paid", "expired"}
    assert month.person.scanned and month.person.repaid and month.person.topped_up and month.world.met


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            "UPDATE payments SET amount = amount + 1 WHERE method = 'balance' AND id = (SELECT max(id) FROM payments WHERE method = 'balance')",
            "paid is",
        ),
        (
            "DELETE FROM payments WHERE id = (SELECT max(id) FROM payments WHERE method = 'qr')",
            "a payment that is not in the books",
        ),
        ("UPDATE payables SET amount = amount - 1 WHERE state = 'open'", "owed on credit"),
        ("UPDATE balances SET amount = amount + 1", "balance at the mall"),
        ("UPDATE refunds SET amount = amount - 1 WHERE how = 'part'", "refunded is"),
    ],
)
def test_books_that_are_wrong_by_a_fen_are_found_out(month: Month, change: str, said: str) -> None:
    with pytest.raises(Undo), month.bench.ledger.atomic():
        month.bench.ledger._do(change)
        wrong = judged(month).wrong
        assert any(said in each for each in wrong), wrong
        raise Undo
    assert judged(month).wrong == []


class Undo(Exception):
    """Nothing of it stays in the ledger."""


@pytest.mark.slow
def test_an_order_that_was_paid_twice_is_found_out(month: Month) -> None:
    payments = month.bench.market.mall.balance.payments
    payments.append(payments[0])
    wrong = judged(month).wrong
    payments.pop()
    assert any("was paid 2 times" in each for each in wrong), wrong
