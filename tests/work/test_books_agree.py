"""One ledger that holds every case of money: the books, what is owed, what comes back and the payments tell the same sums."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent.ledger import Ledger, pay_key
from agent.models import Fen
from agent.work.money import by_day, by_order, by_supplier, together
from agent.work.owed import owed
from agent.work.owed_back import OwedBack, is_open, owed_back, sum_of
from tests.ledger.goods import FACTS, settle
from tests.work.sold import NOW, SHOP, Sold, number

LATER = NOW + timedelta(days=2)


def repay(sold: Sold, name: str, how: str = "bank") -> None:
    sold.ledger.payables_paid([name], how=how, who="lin", at=LATER)


def cancelled(sold: Sold, name: str, *, paid: bool = True) -> None:
    sold.ledger.closed_by_supplier(name, LATER, paid=paid)


def back(sold: Sold, n: int, name: str, together_: int, how: str = "part") -> None:
    sold.ledger.book_refund("mall-yiwu", f"9{n:05d}", name, Fen(together_), how, LATER)  # type: ignore[arg-type]


def over(sold: Sold, name: str, fen: int | None) -> None:
    sold.ledger.refund_settled(name, "refunded", None if fen is None else Fen(fen))


def send(sold: Sold, n: int, name: str, state: str, method: str = "balance") -> None:
    """A payment was clicked, and this is what is known of it."""
    ledger, account = sold.ledger, "mall-yiwu"
    about = {"shop": SHOP, "order_number": number(n), "reference": name, "account": account}
    write = ledger.intend("pay", pay_key(account, f"9{n:05d}"), at=NOW, **about)
    meant = {"method": method, "total": 3_960, "supplier": "yiwu", "payments": []}
    attempt = ledger.begin_attempt([write], account=account, flow="pay", baseline=[], meant=meant, at=NOW)
    ledger.committing(attempt, FACTS, NOW)
    settle(ledger, attempt, state)  # type: ignore[arg-type]


@pytest.fixture
def sold(tmp_path: Path) -> Iterator[Sold]:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        yield Sold(ledger)


@pytest.fixture
def all_cases(sold: Sold) -> Sold:
    bought = {n: sold.buy(n) for n in range(1, 21) if n not in (10, 11, 12)}
    sold.pay("900001", 3_960)  # from the balance
    sold.owe(bought[2], 3_960)
    sold.pay("900002", 3_960, method="credit")  # owed, and once only
    sold.owe(bought[3], 3_960)
    sold.pay("900003", 3_960, method="credit")
    repay(sold, bought[3])  # repaid by hand
    sold.owe(bought[4], 3_960)
    sold.pay("900004", 3_960)
    repay(sold, bought[4], "balance")  # owed, and paid from the balance before its day
    # 5 is not paid at all
    sold.pay("900006", 3_960)
    cancelled(sold, bought[6])  # its money is still to come
    sold.pay("900007", 3_960)
    cancelled(sold, bought[7])
    back(sold, 7, bought[7], 3_960, "whole")
    over(sold, bought[7], 3_960)
    sold.pay("900008", 3_960)
    back(sold, 8, bought[8], 500)  # goes on
    sold.pay("900009", 3_000, method="qr")  # asked for less after a chat
    sold.ledger.watched(bought[9], "placed", NOW)
    merged = [sold.buy(n, total, numbers=("78",), merges=True) for n, total in ((10, 2_000), (11, 1_001))]
    sold.pay("78", 3_001, method="auto_debit")
    for name in merged:
        cancelled(sold, name)
    sold.ledger.book_refund("mall-yiwu", "78", merged[0], Fen(700), "part", LATER)
    split = sold.buy(12, numbers=("79", "80"))
    sold.pay("79", 1_960)
    cancelled(sold, split)  # one of its two orders was paid
    send(sold, 13, bought[13], "unknown")
    send(sold, 14, bought[14], "held")
    sold.owe(bought[15], 3_960)
    back(sold, 15, bought[15], 500)
    cancelled(sold, bought[15], paid=False)  # owed no more, and nothing was paid that could come back
    sold.owe(bought[16], 3_500)
    repay(sold, bought[16])
    cancelled(sold, bought[16])  # what was repaid was less than the purchase's total
    sold.pay("900017", 3_960)
    cancelled(sold, bought[17])
    back(sold, 17, bought[17], 3_960, "person")
    over(sold, bought[17], None)
    sold.pay("900018", 3_960)
    cancelled(sold, bought[18])
    back(sold, 18, bought[18], 3_960, "unshown")
    over(sold, bought[18], None)
    sold.pay("900019", 3_960)
    cancelled(sold, bought[19])
    sold.ledger.refund_settled(bought[19], "refused", None)  # given up
    sold.owe(bought[20], 3_960)
    send(sold, 20, bought[20], "unknown", "credit")  # however it ends, it is owed
    return sold


def of(sold: Sold, name: str) -> OwedBack:
    return next(row for row in owed_back(sold.ledger, settled=True) if row.purchase.reference == name)


def test_what_came_back_is_the_same_everywhere(all_cases: Sold) -> None:
    never_paid = sum(payable.back for payable in all_cases.ledger.payables())
    came = sum(each.amount for each in all_cases.ledger.refunds()) - never_paid
    assert never_paid == 500
    assert together(all_cases.entries()).refunded.fen == came == 3_960 * 3 + 500 + 700
    assert sum(row.back for row in owed_back(all_cases.ledger, settled=True)) == came


def test_what_is_owed_to_suppliers_is_the_same_everywhere(all_cases: Sold) -> None:
    listed = sum(row.amount for row in owed(all_cases.ledger, LATER))
    on_credit = [entry for entry in all_cases.entries() if entry.purchase.payable]
    assert together(on_credit).owed.fen == listed == 3_960 * 2
    whole = together(all_cases.entries()).owed
    assert (whole.fen, whole.unknown) == (listed + 3_960, 2), "and the one that is not paid; of two nobody knows"


def test_what_was_paid_is_what_left_our_pocket(all_cases: Sold) -> None:
    out = sum(each.amount for each in all_cases.ledger.payments() if each.method != "credit")
    by_hand = sum(each.amount for each in all_cases.ledger.payables("paid") if each.how != "balance")
    paid = together(all_cases.entries()).paid
    assert (paid.fen, paid.unknown) == (out + by_hand, 2)


def test_what_comes_back_is_what_was_paid_and_is_not_back(all_cases: Sold) -> None:
    waits = [entry for entry in all_cases.entries() if entry.purchase.refund == "open"]
    rows = owed_back(all_cases.ledger)
    assert {row.purchase.reference for row in rows} == {entry.purchase.reference for entry in waits}
    sums = together(waits)
    assert sum_of(rows) == sums.paid.fen - sums.refunded.fen == 3_960 + (3_001 - 700) + 1_960 + 3_500


def test_a_margin_is_the_same_whichever_way_it_is_summed(all_cases: Sold) -> None:
    entries = all_cases.entries()
    whole = together(entries)
    for groups in (by_day(entries), by_supplier(entries), by_order(entries)):
        assert sum(group.sums.margin.fen for group in groups) == whole.margin.fen
    assert whole.margin.fen == whole.income.fen - whole.cost.fen - whole.fees.fen + whole.refunded.fen


@pytest.mark.parametrize("state", ["unknown", "held"])
def test_of_an_open_payment_nobody_knows_what_is_paid_or_owed(sold: Sold, state: str) -> None:
    name = sold.buy(1)
    send(sold, 1, name, state)
    assert (sold.told(name)["paid"], sold.told(name)["owed"], sold.told(name)["cost"]) == (None, None, 3_960)


def test_an_open_payment_on_credit_is_owed_all_the_same(sold: Sold) -> None:
    name = sold.buy(1)
    sold.owe(name, 3_960)
    send(sold, 1, name, "unknown", "credit")
    assert (sold.told(name).get("paid", 0), sold.told(name)["owed"]) == (0, 3_960)


def test_what_came_back_of_an_open_payment_is_an_estimate(sold: Sold) -> None:
    name = sold.buy(1)
    send(sold, 1, name, "unknown")
    cancelled(sold, name)
    assert sold.entry(name).sums.paid.estimated and of(sold, name).owed == 3_960


@pytest.mark.parametrize(("how", "estimated"), [("whole", False), ("part", False), ("person", True), ("unshown", True)])
def test_what_no_page_showed_to_be_back_is_estimated(sold: Sold, how: str, estimated: bool) -> None:
    name = sold.buy(1)
    sold.pay("900001", 3_960)
    cancelled(sold, name)
    back(sold, 1, name, 3_960, how)
    over(sold, name, None)
    sums = sold.entry(name).sums
    assert (sums.refunded.fen, sums.refunded.estimated) == (3_960, estimated)


def test_what_was_never_paid_is_not_owed_to_us(sold: Sold) -> None:
    name = sold.buy(1)
    sold.owe(name, 3_960)
    back(sold, 1, name, 500)
    cancelled(sold, name, paid=False)
    assert (of(sold, name).owed, of(sold, name).back, is_open(of(sold, name))) == (0, 0, False)


def test_what_was_given_up_is_owed_no_more(sold: Sold) -> None:
    name = sold.buy(1)
    sold.pay("900001", 3_960)
    cancelled(sold, name)
    sold.ledger.refund_settled(name, "refused", None)
    assert (of(sold, name).owed, of(sold, name).amount) == (0, 3_960)
