"""Payments in the ledger: one row each, proven one by one; never back from unknown by itself; balance and statement kept once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.errors import LimitReached, OutcomeUnknown
from agent.ledger import Ledger, StatementLine, pay_key
from agent.models import CommitOutcome, Fen
from tests.ledger.goods import ACCOUNT, FACTS, LATER, NOW, POST, intend, settle

NUMBERS = ("900100", "900101")
CODE = Path("/evidence/code.png")


def paying(ledger: Ledger, method: str = "balance", numbers: tuple[str, ...] = NUMBERS, total: int = 4_800) -> int:
    """An attempt that pays these orders, just clicked."""
    writes = [intend(ledger, "pay", pay_key(ACCOUNT, number), reference="") for number in numbers]
    meant = {"method": method, "total": total, "supplier": "yiwu", "payments": []}
    attempt = ledger.begin_attempt(writes, account=ACCOUNT, flow="pay_by_balance", baseline=[], meant=meant, at=NOW)
    ledger.committing(attempt, FACTS, NOW)
    return attempt


def states(ledger: Ledger) -> list[str]:
    return [write.state if (write := ledger.write("pay", pay_key(ACCOUNT, number))) else "" for number in NUMBERS]


def first_write(ledger: Ledger, number: str = NUMBERS[0]) -> int:
    known = ledger.write("pay", pay_key(ACCOUNT, number))
    assert known
    return known.id


def book(ledger: Ledger, number: str = NUMBERS[0], amount: int = 2_400, **more: Any) -> bool:
    told = {"supplier": "yiwu", "method": "balance", "payee": "义乌", "paid_at": NOW, "proof": "order", "attempt": None} | more
    return ledger.book_payment(ACCOUNT, number, amount=Fen(amount), **told)


def test_a_payment_is_booked_once(ledger: Ledger) -> None:
    assert book(ledger)
    assert not book(ledger, amount=9_900)
    assert book(ledger, NUMBERS[1], paid_at=LATER)
    assert [one.amount for one in ledger.payments()] == [2_400, 2_400]
    assert [one.supplier_order_number for one in ledger.payments(since=LATER)] == [NUMBERS[1]]
    assert ledger.payments(supplier="another") == []
    one = ledger.payment_of(ACCOUNT, NUMBERS[0])
    assert one and (one.method, one.payee, one.paid_at, one.proof) == ("balance", "义乌", NOW, "order")


def test_what_is_proven_singly_stays_so_whatever_becomes_of_the_rest(ledger: Ledger) -> None:
    attempt = paying(ledger)
    ledger.write_proven(attempt, first_write(ledger))
    settle(ledger, attempt, "unknown", requests=(POST,))
    assert states(ledger) == ["confirmed", "unknown"]
    with pytest.raises(RuntimeError, match="900101"):
        settle(ledger, attempt, "confirmed")
    with pytest.raises(RuntimeError, match="a part of it is proven"):
        settle(ledger, attempt, "intended", because="word")
    ledger.write_proven(attempt, first_write(ledger, NUMBERS[1]))
    settle(ledger, attempt, "confirmed")
    assert states(ledger) == ["confirmed", "confirmed"] and ledger.open_payments() == []


def test_of_a_code_that_nobody_was_shown_the_rest_comes_back(ledger: Ledger) -> None:
    """What is paid of it was paid elsewhere. Of one that was shown, who paid may have paid all of it."""
    attempt = paying(ledger, method="qr")
    ledger.write_proven(attempt, first_write(ledger))
    settle(ledger, attempt, "unknown")
    with pytest.raises(RuntimeError, match="a part of it is proven"):
        settle(ledger, attempt, "intended", because="expired")
    settle(ledger, attempt, "intended", because="not_shown")
    assert states(ledger) == ["confirmed", "intended"]


def test_a_write_of_another_attempt_is_not_proven_with_it(ledger: Ledger) -> None:
    attempt = paying(ledger, numbers=NUMBERS[:1])
    other = intend(ledger, "pay", pay_key(ACCOUNT, NUMBERS[1]), reference="")
    with pytest.raises(RuntimeError, match="none of attempt"):
        ledger.write_proven(attempt, other)


@pytest.mark.parametrize("because", ["nothing_left", "stopped", "expired", "not_shown", "repeat_refused"])
def test_money_from_the_balance_never_comes_back_by_itself(ledger: Ledger, because: Any) -> None:
    attempt = paying(ledger)
    settle(ledger, attempt, "unknown", requests=())
    with pytest.raises(RuntimeError, match="never comes back"):
        settle(ledger, attempt, "intended", requests=(), because=because)
    assert states(ledger) == ["unknown", "unknown"]


@pytest.mark.parametrize("because", ["nothing_left", "expired", "not_shown"])
def test_nor_from_the_click_itself(ledger: Ledger, because: Any) -> None:
    attempt = paying(ledger)
    with pytest.raises(RuntimeError, match="never comes back"):
        settle(ledger, attempt, "intended", requests=(), because=because)


def test_only_by_a_persons_word(ledger: Ledger) -> None:
    attempt = paying(ledger)
    settle(ledger, attempt, "unknown", requests=(POST,))
    settle(ledger, attempt, "intended", requests=(POST,), because="word")
    assert states(ledger) == ["intended", "intended"]


def test_its_orders_are_in_no_other_payment_while_it_is_open(ledger: Ledger) -> None:
    attempt = paying(ledger, "qr")
    ledger.code_shown(attempt, CODE, {"expires_at": "later"})
    settle(ledger, attempt, "unknown", requests=(POST,))
    with pytest.raises(OutcomeUnknown):
        paying(ledger, "qr", numbers=NUMBERS[1:])
    with pytest.raises(OutcomeUnknown):
        paying(ledger, "balance", numbers=NUMBERS[:1])


def test_a_code_that_was_shown_comes_back_only_when_it_has_expired(ledger: Ledger) -> None:
    attempt = paying(ledger, "qr")
    ledger.code_shown(attempt, CODE, {"expires_at": "later"})
    settle(ledger, attempt, "unknown", requests=(POST,))
    assert ledger.attempt(attempt).meant["code"] == str(CODE)
    with pytest.raises(RuntimeError, match="never comes back"):
        settle(ledger, attempt, "intended", because="not_shown")
    settle(ledger, attempt, "intended", because="expired")
    with pytest.raises(RuntimeError, match="no code of it"):
        ledger.code_shown(attempt, CODE, {})


def test_codes_that_expired_are_not_counted_as_sent(ledger: Ledger) -> None:
    for _time in range(4):
        attempt = paying(ledger, "qr")
        ledger.code_shown(attempt, CODE, {})
        settle(ledger, attempt, "intended", because="expired")
    for _time in range(2):
        settle(ledger, paying(ledger), "intended", because="word")
    with pytest.raises(LimitReached, match="2"):
        paying(ledger)


def test_what_went_out_today_counts_what_nobody_knows(ledger: Ledger) -> None:
    settle(ledger, paying(ledger, numbers=NUMBERS[:1], total=2_000), "unknown", requests=(POST,))
    code = paying(ledger, "qr", numbers=NUMBERS[1:], total=500)
    assert (ledger.sent_since(NOW), ledger.sent_since(NOW, "yiwu"), ledger.sent_since(NOW, "another")) == (2_500, 2_500, 0)
    settle(ledger, code, "intended", because="not_shown")
    assert ledger.sent_since(NOW) == 2_000 and ledger.sent_since(NOW + timedelta(seconds=1)) == 0


def test_a_payment_of_unknown_end_counts_against_its_account_and_a_code_does_not(ledger: Ledger) -> None:
    settle(ledger, paying(ledger, "qr", numbers=NUMBERS[:1]), "unknown", requests=(POST,))
    assert ledger.unknown_writes(ACCOUNT) == 0


def test_what_the_page_said_is_kept_for_it_as_for_any_click(ledger: Ledger) -> None:
    attempt = paying(ledger)
    ledger.clicked(attempt, CommitOutcome("refused", "余额被冻结", (POST,), (), None))
    settle(ledger, attempt, "unknown", zero=True)
    known = ledger.attempt(attempt)
    assert (known.end, known.first_zero_at) == ("refused", LATER)


def test_the_newest_balance_is_known(ledger: Ledger) -> None:
    assert ledger.balance(ACCOUNT) is None
    ledger.save_balance(ACCOUNT, Fen(100), NOW)
    ledger.save_balance(ACCOUNT, Fen(90), LATER)
    assert ledger.balance(ACCOUNT) == (90, LATER)


def test_a_line_of_the_statement_is_kept_once(ledger: Ledger) -> None:
    lines = [StatementLine(NOW, -2_400, Fen(100), NUMBERS[0], "采购付款", n) for n in (1, 2)]
    assert ledger.save_statement(ACCOUNT, lines, NOW) == 2
    assert ledger.save_statement(ACCOUNT, [*lines, StatementLine(LATER, 5_000)], LATER) == 1
    assert [line.amount for line in ledger.statement(ACCOUNT)] == [-2_400, -2_400, 5_000]
    assert ledger.statement(ACCOUNT, NUMBERS[0]) == lines and ledger.statement("another") == []


@pytest.mark.parametrize(("last", "first"), [("yiwu", "hangzhou")])
def test_the_last_round_of_each_supplier_is_known(ledger: Ledger, last: str, first: str) -> None:
    assert ledger.last_round(last) is None
    ledger.round_made(last, NOW)
    ledger.round_made(last, LATER)
    assert (ledger.last_round(last), ledger.last_round(first)) == (LATER, None)
