"""What is owed on credit terms: booked with the proof, gone with the purchase, due by its rule; settled on a person's word."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.errors import ConfigError, PageChanged
from agent.ledger import Ledger
from agent.models import SHANGHAI, Fen, Reading
from agent.work import prove, recover
from agent.work.compare import Meant
from agent.work.look import Seen
from agent.work.owed import due_on, numbered, owed, repaid, write_owed
from agent.work.payables import book, follow_listed
from agent.work.states import rows_of
from agent.work.world import Shown
from tests.work.owing import DUE, OnCredit, reading
from tests.work.runs import SHOP, Day
from tests.work.stopping import MALL


@pytest.fixture
def given(tmp_path: Path) -> Iterator[OnCredit]:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        yield OnCredit(Day(ledger))


# booked


def test_a_proven_purchase_is_owed_with_its_due_date(given: OnCredit) -> None:
    one = given.owe(1)
    assert (one.amount, one.due, one.state, one.rule) == (3_960, DUE, "open", "day 25 of next month")
    assert "39.60 yuan, due on 2026-12-25" in given.story(1)


def test_nothing_is_owed_to_a_supplier_without_credit_terms(given: OnCredit) -> None:
    given.supplier.credit = None
    given.buy(1)
    book(given.run, given.names(1)[1], [reading(1)])
    assert given.ledger.payables() == []


@pytest.mark.parametrize(
    ("page", "due"),
    [
        ({}, DUE),  # clicked a second before midnight, proven after it
        ({"ordered_at": datetime(2026, 12, 1, 0, 0, tzinfo=SHANGHAI)}, date(2027, 1, 25)),
        ({"ordered_at": datetime(2026, 11, 30, 23, 59, 59, tzinfo=SHANGHAI)}, DUE),
    ],
)
def test_the_month_is_that_of_the_page_else_of_the_click_never_of_the_proof(
    given: OnCredit, page: dict[str, Any], due: date
) -> None:
    given.clock.at = datetime(2026, 11, 30, 23, 59, 58, tzinfo=SHANGHAI)
    attempt = given.click(1)
    given.clock.at += timedelta(seconds=5)
    given.day.settle(attempt, "confirmed")
    given.ledger.placed(given.names(1)[1], ("900001",), Fen(3_960), Fen(0), given.clock.at)
    book(given.run, given.names(1)[1], [reading(1, **page)])
    assert given.payable(1).due == due


def test_an_amount_that_no_page_showed_is_estimated_by_the_form_and_mended_by_the_page(given: OnCredit) -> None:
    given.day.settle(given.click(1, 4_200), "confirmed")
    given.ledger.placed(given.names(1)[1], ("900001",), None, None, given.clock.at)
    book(given.run, given.names(1)[1], ())
    assert (given.payable(1).amount, given.payable(1).estimated) == (4_200, True)
    given.looks(1, "placed", 4_100)
    assert (given.payable(1).amount, given.payable(1).estimated) == (4_100, False)


def test_it_is_booked_in_the_transaction_of_the_proof_or_nothing_is(given: OnCredit, monkeypatch: pytest.MonkeyPatch) -> None:
    _order, (purchase,) = given.meant(1)
    meant = Meant(purchase, cast(Any, None), Fen(9_000))
    monkeypatch.setattr(prove, "judge", lambda *_facts: "exact")
    seen = Seen(frozenset(), (reading(1),))
    with monkeypatch.context() as broken:
        broken.setattr(Ledger, "book_payable", lambda *_told, **_facts: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            prove.adopt(given.run, meant, seen)
    assert (given.purchase(1).state, given.purchase(1).supplier_order_numbers, given.ledger.payables()) == ("planned", (), [])
    prove.adopt(given.run, meant, seen)
    assert (given.purchase(1).state, given.payable(1).amount) == ("placed", 3_960)


@pytest.mark.parametrize(("shows", "amount", "estimated"), [(True, 4_321, False), (False, 3_960, True)])
def test_what_a_person_names_as_bought_is_owed_too(
    given: OnCredit, monkeypatch: pytest.MonkeyPatch, shows: bool, amount: int, estimated: bool
) -> None:
    """The site shows the order and its total, or only the person's word stands for it."""

    def page(*_facts: Any) -> Reading:
        if not shows:
            raise PageChanged("nothing there")
        return reading(1, 4_321)

    given.unknown(1)
    cast(Any, given.run.config).site_of = lambda _account: SimpleNamespace(merges_orders=False)
    monkeypatch.setattr(recover, "list_supplier", lambda *_facts: [])
    monkeypatch.setattr(recover, "detail", page)
    monkeypatch.setattr(recover, "_verdict", lambda *_facts: "exact")
    given.ledger.answer_purchase(SHOP, *given.names(1), "resolve! 900001", given.clock.at)
    recover.apply_answers(given.run)
    assert given.purchase(1).state == "placed"
    assert (given.payable(1).amount, given.payable(1).estimated, given.payable(1).due) == (amount, estimated, DUE)
    assert given.ledger.used_credit("yiwu") == amount


# followed


def test_a_purchase_that_the_supplier_closes_is_owed_no_more(given: OnCredit) -> None:
    given.owe(1)
    given.looks(1, "cancelled")
    assert (given.payable(1).state, given.purchase(1).state, given.purchase(1).refund) == ("cancelled", "dead", "none")
    assert given.ledger.used_credit("yiwu") == 0


def test_closed_after_it_was_repaid_its_money_is_to_come_back(given: OnCredit) -> None:
    given.owe(1)
    given.repaid(1)
    given.looks(1, "cancelled")
    assert (given.payable(1).state, given.purchase(1).refund) == ("paid", "open")


def test_on_credit_no_look_takes_it_for_paid_even_where_orders_are_paid_by_themselves(given: OnCredit) -> None:
    cast(Any, given.run.config).site_of = lambda _account: SimpleNamespace(money_moves_at="pay")
    given.owe(1)
    given.looks(1, "placed")
    assert given.purchase(1).paid_at is None
    given.looks(1, "cancelled")
    assert given.purchase(1).refund == "none"


def test_another_price_is_owed_and_the_story_tells_both(given: OnCredit) -> None:
    given.owe(1)
    given.looks(1, "placed")
    assert "were owed" not in given.story(1)
    given.looks(1, "placed", 4_500)
    assert (given.payable(1).amount, given.payable(1).proven) == (4_500, 3_960)
    assert "45.00 yuan for order 900001 now, 39.60 yuan were owed" in given.story(1)


def test_the_total_of_an_order_with_other_purchases_in_it_is_not_taken_for_one_of_them(given: OnCredit) -> None:
    given.owe(1)
    given.day.settle(given.click(2), "confirmed")
    given.ledger.placed(given.names(2)[1], ("900001",), Fen(1_000), Fen(0), given.clock.at, merges=True)
    book(given.run, given.names(2)[1], ())
    given.looks(1, "placed", 4_960)
    assert [given.payable(n).amount for n in (1, 2)] == [3_960, 1_000]


def test_after_receipt_it_is_due_from_the_first_look_that_shows_it(given: OnCredit) -> None:
    given.terms("30 days after receipt", 10_000)
    assert given.owe(1).due is None
    given.at(2)
    given.looks(1, "shipped")
    given.looks(1, "picked_up")
    assert given.payable(1).due is None
    given.at(3)
    given.looks(1, "completed")
    given.at(20)
    given.looks(1, "completed")
    assert given.payable(1).due == date(2027, 1, 2)


def test_the_rule_it_was_booked_with_counts_whatever_stands_in_the_config_by_now(given: OnCredit) -> None:
    given.terms("30 days after receipt", 10_000)
    given.owe(1)
    given.terms("7 days after receipt", 10_000)
    given.at(3)
    given.looks(1, "completed")
    assert given.payable(1).due == date(2027, 1, 2)


@pytest.mark.parametrize(("states", "due"), [(("completed", "completed"), date(2027, 1, 2)), (("completed", "shipped"), None)])
def test_the_list_shows_what_nobody_opens_any_more(given: OnCredit, states: tuple[str, ...], due: date | None) -> None:
    given.terms("30 days after receipt", 10_000)
    given.day.settle(given.click(1), "confirmed")
    given.ledger.placed(given.names(1)[1], ("900001", "900002"), Fen(3_960), Fen(0), given.clock.at)
    book(given.run, given.names(1)[1], ())
    given.at(3)
    shown = {f"90000{n}": Shown(MALL, f"90000{n}", "", cast(Any, state)) for n, state in enumerate(states, 1)}
    follow_listed(given.run, {MALL: {"900001": shown["900001"]}})
    assert given.payable(1).due is None, "one of its two orders was not listed"
    follow_listed(given.run, {MALL: shown})
    assert given.payable(1).due == due


def test_a_price_that_only_a_comparison_of_the_books_opens_is_owed_too(given: OnCredit) -> None:
    given.owe(1)
    shown = Shown(MALL, "900001", "", "shipped", opened=True, total=Fen(4_100))
    follow_listed(given.run, {MALL: {"900001": replace(shown, total=None)}})
    assert given.payable(1).amount == 3_960
    follow_listed(given.run, {MALL: {"900001": shown}})
    assert given.payable(1).amount == 4_100


def test_the_orders_say_until_when_they_are_to_be_paid(given: OnCredit) -> None:
    given.owe(1)
    assert rows_of(given.ledger)[0].state == "bought on credit terms, to be paid by 12-25"
    given.repaid(1)
    assert rows_of(given.ledger)[0].state == "bought, waiting for the supplier to ship"
    given.terms("30 days after receipt", 10_000)
    given.owe(2)
    assert rows_of(given.ledger)[1].state == "bought on credit terms, to be paid after receipt"


# what is shown, and a person's word


def test_what_is_owed_is_listed_by_supplier_and_day(given: OnCredit) -> None:
    given.owe(1)
    given.owe(2, 1_000)
    given.terms("30 days after receipt", 100_000)
    given.owe(3, 500)
    given.at(20)
    rows = owed(given.ledger, given.clock.at)
    assert [(row.due, row.days, row.expected, len(row.payables), row.amount) for row in rows] == [
        (date(2026, 12, 22), 2, True, 1, 500),
        (DUE, 5, False, 2, 4_960),
    ]
    assert [row.due for row in owed(given.ledger, given.clock.at, within=4)] == [date(2026, 12, 22)]
    assert owed(given.ledger, given.clock.at, supplier="another") == []


def test_a_table_for_excel_runs_nothing_and_keeps_numbers_numbers(given: OnCredit, tmp_path: Path) -> None:
    one = given.owe(1)
    given.ledger.payable_costs(one.reference, Fen(4_500))
    rows = owed(given.ledger, datetime(2026, 12, 27, 9, tzinfo=SHANGHAI))
    evil = [replace(row, payables=tuple(replace(each, supplier="=cmd|'/C calc'!A0") for each in row.payables)) for row in rows]
    path = tmp_path / "owed.csv"
    write_owed(path, evil)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    first, cells = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    made = dict(zip(first, cells, strict=True))
    assert (made["amount (yuan)"], made["days left"], made["due"]) == ("45.00", "-2", "2026-12-25")
    assert made["supplier"] == "\t=cmd|'/C calc'!A0"
    assert (made["supplier order number"], made["shop order number"]) == ("\t900001", f"\t{given.names(1)[0]}")
    assert made["remark"] == "was 39.60 yuan when it was bought"
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


def test_a_table_that_cannot_be_written_is_told(given: OnCredit, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="could not be written"):
        write_owed(tmp_path / "nowhere" / "owed.csv", [])


def test_a_persons_word_settles_a_day_and_stands_in_the_story(given: OnCredit) -> None:
    given.owe(1)
    given.owe(2)
    given.at(20)
    repaid(given.ledger, due_on(given.ledger, "yiwu", DUE), how="支付宝", who="lin", at=given.clock.at)
    assert [given.payable(n).state for n in (1, 2)] == ["paid", "paid"]
    assert "lin says that 39.60 yuan were repaid to yiwu (支付宝)" in given.story(1)
    assert owed(given.ledger, given.clock.at) == []


def test_what_is_settled_is_refused_with_who_said_so_and_when(given: OnCredit) -> None:
    given.owe(1)
    given.repaid(1)
    settled = r"settled already: lin said so on 11-22 18:00 \(bank\)"
    with pytest.raises(ConfigError, match=settled):
        due_on(given.ledger, "yiwu", DUE)
    with pytest.raises(ConfigError, match=settled):
        numbered(given.ledger, "yiwu", ["900001"])


def test_of_a_day_on_which_one_was_cancelled_the_one_that_was_paid_is_told(given: OnCredit) -> None:
    given.owe(1)
    given.looks(1, "cancelled")
    given.owe(2)
    given.repaid(2)
    with pytest.raises(ConfigError, match="900002 of yiwu was settled already"):
        due_on(given.ledger, "yiwu", DUE)


def test_what_was_cancelled_is_refused_with_when(given: OnCredit) -> None:
    given.owe(1)
    given.looks(1, "cancelled")
    with pytest.raises(ConfigError, match="was cancelled on 11-22 18:00: nothing is owed"):
        numbered(given.ledger, "yiwu", ["900001"])


def test_single_orders_are_settled_by_their_number(given: OnCredit) -> None:
    given.terms("30 days after receipt", 10_000)
    given.owe(1)
    given.owe(2)
    repaid(given.ledger, numbered(given.ledger, "yiwu", ["900002", "900002"]), how="bank", who="lin", at=given.clock.at)
    assert [given.payable(n).state for n in (1, 2)] == ["open", "paid"]


@pytest.mark.parametrize(
    ("choose", "says", "todo"),
    [
        (lambda ledger: due_on(ledger, "yiwu", date(2026, 12, 24)), "Nothing is due to yiwu on 2026-12-24", "2026-12-25"),
        (lambda ledger: due_on(ledger, "yiwuu", DUE), "“yiwuu”", "yiwu"),
        (lambda ledger: numbered(ledger, "yiwu", ["900009"]), "900009", "--orders"),
        (lambda ledger: numbered(ledger, "yiwu", ["900001", "900009"]), "900009", "--orders"),
    ],
)
def test_what_is_not_owed_is_told_with_what_is(given: OnCredit, choose: Any, says: str, todo: str) -> None:
    given.owe(1)
    with pytest.raises(ConfigError) as told:
        choose(given.ledger)
    assert says in told.value.what and todo in told.value.todo
    assert given.payable(1).state == "open"
