"""What is typed about payments: `agent pay`, `agent resolve … --paid`, and what `agent doctor` says of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agent.clock import SystemClock
from agent.ledger import pay_key
from agent.models import Fen
from tests.meta.test_cli import Terminal, agent_, three_lines
from tests.work.runs import FACTS, POST, SHOP, Day

__all__ = ["agent_"]
MALL = "mall-yiwu"
CONFIG = """\
language: en
accounts:
  shop-main: {site: doudian, shows: 小林家居馆}
  mall-yiwu:
    site: 1688
    shows: 小林
shops:
  xiaolin: {account: shop-main, products: products.csv}
suppliers:
  yiwu:
    account: mall-yiwu
    autonomy: place
    seller: 义乌小商品贸易商行
    note: 单号 <reference>
    most_per_order: 300.00
    most_per_day: 3000.00
    pay: [qr, outside]
    pay_at: [11:30, 16:00]
limits: {most_orders_per_day: 200, most_money_per_day: 15000.00}
"""


@pytest.fixture
def paying(agent_: Terminal) -> Iterator[Terminal]:
    """One payment of unknown end, one that is proven, and a purchase of which none was sent."""
    agent_.home.mkdir()
    with agent_.ledger() as ledger:
        day = Day(ledger, SystemClock().now())
        day.begin()
        for n, state in enumerate(("unknown", "confirmed", ""), 1):
            number, reference = f"69200000000000{n:05d}", f"REF{n:05d}"
            day.order(number)
            day.bought(number, reference, f"90000{n}", 1_234)
            if not state:
                continue
            facts = {"shop": SHOP, "order_number": number, "reference": reference, "account": MALL, "at": day.now}
            write = ledger.intend("pay", pay_key(MALL, f"90000{n}"), **facts)  # type: ignore[arg-type]
            meant = {"method": "balance", "total": 1_234, "supplier": "yiwu", "payments": []}
            attempt = ledger.begin_attempt([write], account=MALL, flow="pay_by_balance", baseline=[], meant=meant, at=day.now)
            ledger.committing(attempt, FACTS, day.tick())
            if state == "confirmed":
                ledger.write_proven(attempt, write)
                told = {"supplier": "yiwu", "payee": "", "paid_at": day.now, "proof": "order", "attempt": attempt}
                ledger.book_payment(MALL, f"90000{n}", method="balance", amount=Fen(1_234), **told)  # type: ignore[arg-type]
            ledger.settle(attempt, state, words="", requests=[POST], pictures=[], at=day.tick())  # type: ignore[arg-type]
        ledger.save_balance(MALL, Fen(50_000), day.now)
    yield agent_


@pytest.mark.parametrize("word", ["--paid", "--not-paid"])
def test_a_word_about_an_open_payment_is_noted_for_the_next_run(paying: Terminal, word: str) -> None:
    ended = paying("resolve", "REF00001", word, "--on-my-word")
    assert ended.code == 0 and "next run checks it" in ended.out
    with paying.ledger() as ledger:
        assert [item.answer for item in ledger.unapplied_answers()] == [f"resolve! {word.removeprefix('--')}"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["REF00002", "--paid"], "is open: it is paid"),
        (["REF00003", "--not-paid"], "is open: no payment of it was sent"),
        (["REF00001", "--paid", "--not-paid"], "of a payment --paid or --not-paid"),
        (["REF00001", "--paid", "--number", "900001"], "of a payment --paid or --not-paid"),
        (["REF00009", "--paid"], "no purchase order REF00009"),
    ],
)
def test_what_cannot_be_said_is_refused(paying: Terminal, typed: list[str], says: str) -> None:
    ended = paying("resolve", *typed)
    assert ended.code == 2 and says in three_lines(ended)[0]
    with paying.ledger() as ledger:
        assert ledger.unapplied_answers() == []


def test_an_unknown_supplier_is_told(paying: Terminal) -> None:
    (paying.home / "config.yaml").write_text(CONFIG, encoding="utf-8")
    (paying.home / "products.csv").write_text("", encoding="utf-8")
    ended = paying("pay", "--supplier", "nobody")
    assert ended.code == 2 and "nobody" in three_lines(ended)[0] and "yiwu" in three_lines(ended)[2]


def test_doctor_says_how_and_when_each_supplier_is_paid(paying: Terminal) -> None:
    (paying.home / "config.yaml").write_text(CONFIG, encoding="utf-8")
    (told,) = [row["told"] for row in paying("doctor", "--json").data("doctor") if row["what"] == "paying yiwu"]
    assert "by a code that a person scans, by a person, elsewhere" in told and "11:30, 16:00" in told
    assert "balance 500.00 yuan" in told and "1 payments over 12.34 yuan are open" in told


def test_the_orders_list_says_that_it_is_not_to_be_paid_again(paying: Terminal) -> None:
    rows = {row["order_number"][-1]: row["state"] for row in paying("orders", "--json").data("orders")}
    assert "do not pay it again" in rows["1"] and "do not pay" not in rows["2"]
