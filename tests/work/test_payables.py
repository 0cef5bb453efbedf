"""What is owed on credit terms: booked with the proof, gone with the purchase, due by its rule; and what it keeps from being bought."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.config import Credit
from agent.errors import ConfigError, LimitReached, Mismatch
from agent.ledger import Ledger, StoredPayable, StoredPurchase
from agent.models import SHANGHAI, DueRule, Fen, Reading
from agent.work import prove, recover
from agent.work.books import Shown
from agent.work.closing import close_gone, let_the_day_go_on
from agent.work.compare import Meant
from agent.work.credit import credit_uses, remind, wait_for_credit
from agent.work.groups import grouped
from agent.work.look import Seen
from agent.work.notify import due as news
from agent.work.owed import due_on, numbered, owed, repaid, write_owed
from agent.work.payables import book, follow_listed
from agent.work.states import rows_of
from agent.work.stops import committing
from agent.work.watch import watch
from tests.work.runs import BEGAN, FACTS, SHOP, Day
from tests.work.test_stops import MALL, Given

DUE = date(2026, 12, 25)


@dataclass
class OnCredit(Given):
    """The supplier gives credit: 100 yuan, due on day 25 of the next month."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.supplier.buy_again = "never"
        self.terms("day 25 of next month", 10_000)

    def terms(self, due: str, limit: int) -> None:
        rule = DueRule.of(due)
        assert rule
        self.supplier.credit = Credit(limit=Fen(limit), due=rule)

    def begin(self) -> Any:
        run = super().begin()
        cast(Any, run.config).site_of = lambda _account: SimpleNamespace(money_moves_at="month_end")
        return run

    def owe(self, n: int, total: int = 3_960, **page: Any) -> StoredPayable:
        """Order n is bought and proven by a page that shows this."""
        self.buy(n, total)
        book(self.run, self.names(n)[1], [reading(n, total, **page)])
        return self.payable(n)

    def payable(self, n: int) -> StoredPayable:
        known = self.ledger.payable(self.names(n)[1])
        assert known
        return known

    def purchase(self, n: int) -> StoredPurchase:
        known = self.ledger.purchase(self.names(n)[1])
        assert known
        return known

    def looks(self, n: int, state: str, total: int = 3_960, **page: Any) -> None:
        """The supplier's page of order n is read."""
        watch(self.run, self.purchase(n), [reading(n, total, state=state, **page)])

    def repaid(self, *ns: int) -> None:
        repaid(self.ledger, [self.payable(n) for n in ns], how="bank", who="lin", at=self.clock.at)

    def story(self, n: int) -> str:
        return " / ".join(event.what for event in self.ledger.story(SHOP, self.names(n)[0]))

    def at(self, day: int, month: int = 12, hour: int = 9) -> None:
        self.clock.at = datetime(2026, month, day, hour, tzinfo=SHANGHAI)

    def open_sum(self) -> int:
        return sum(payable.amount for payable in self.ledger.payables("open"))


def reading(n: int, total: int = 3_960, **page: Any) -> Reading:
    values = {"supplier_order_number": f"9{n:05d}", "state": "placed", "total": total, "freight": 0, "lines": (), **page}
    return Reading(values, {}, {})


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
            raise Mismatch("nothing there")
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


# the limit


@pytest.mark.parametrize(("limit", "waits"), [(7_320, False), (7_319, True)])
def test_the_limit_may_be_reached_and_not_passed_by_one_fen(given: OnCredit, limit: int, waits: bool) -> None:
    """39.60 are owed, the next one is going to cost 33.60 as far as the table knows."""
    given.terms("day 25 of next month", limit)
    given.owe(1)
    assert bool(given.waits(2)) is waits


def test_one_item_for_all_that_wait_with_the_numbers_and_none_is_parked(given: OnCredit) -> None:
    given.terms("day 25 of next month", 7_000)
    given.owe(1)
    for n in (2, 3, 4):
        assert "credit limit of yiwu" in given.waits(n)
    (item,) = given.ledger.items()
    assert (item.reason, item.account, "3 orders wait" in item.what) == ("credit_limit", MALL, True)
    assert "39.60 yuan are owed, 33.60 yuan more would make 73.20, limit 70.00 yuan" in item.what
    assert not [order for order in given.ledger.orders() if order.parked]
    given.repaid(1)
    given.run = given.begin()
    assert given.waits(2) == ""
    close_gone(given.run)
    assert given.asked() == []


def test_what_still_waits_keeps_its_item(given: OnCredit) -> None:
    given.terms("day 25 of next month", 7_000)
    given.owe(1)
    assert given.waits(2)
    close_gone(given.run)
    assert given.asked() == [("credit_limit", MALL)]


def test_what_the_filled_form_shows_is_held_against_the_limit_too(given: OnCredit) -> None:
    given.terms("day 25 of next month", 7_500)
    given.owe(1)
    order, _purchases = given.meant(2)
    assert given.waits(2) == ""
    assert wait_for_credit(given.run, order, cast(Any, given.supplier), Fen(3_540)) is None
    assert wait_for_credit(given.run, order, cast(Any, given.supplier), Fen(3_541)) is not None


@pytest.mark.parametrize("state", ["unknown", "held"])
def test_what_nobody_knows_the_end_of_is_owed_as_far_as_the_limit_goes(given: OnCredit, state: Any) -> None:
    given.terms("day 25 of next month", 7_000)
    attempt = given.click(1)
    given.day.settle(attempt, state)
    assert given.waits(2)
    given.day.settle(attempt, "refused")
    assert given.waits(3) == ""


def test_the_limit_is_looked_at_once_more_before_the_click_and_no_yes_lets_it_pass(given: OnCredit) -> None:
    given.terms("day 25 of next month", 7_000)
    given.owe(1)
    given.meant(2)
    attempt = given.attempt(2)
    for _time in range(2):
        with pytest.raises(LimitReached) as told:
            committing(given.run, attempt, FACTS)
        assert told.value.reason == "credit_limit"
        given.fails(2, told.value)
        (item,) = [item for item in given.ledger.items() if item.order_number]
        given.ledger.answer(item.id, "approve", given.clock.at)
    assert given.state(2) == "intended"


def test_what_stopped_at_the_click_is_looked_at_anew_by_the_next_run(given: OnCredit) -> None:
    given.terms("day 25 of next month", 7_000)
    given.owe(1)
    order, _purchases = given.meant(2)
    attempt = given.attempt(2)
    with pytest.raises(LimitReached) as told:
        committing(given.run, attempt, FACTS)
    given.fails(2, told.value)
    parked = given.ledger.order(SHOP, order.order_number)
    assert parked and parked.parked
    let_the_day_go_on(given.begin())
    released = given.ledger.order(SHOP, order.order_number)
    assert released and not released.parked and given.asked() == []


# overdue


def test_the_day_itself_is_in_time_and_the_next_one_lets_nothing_be_ordered(given: OnCredit) -> None:
    given.owe(1)
    given.clock.at = datetime(2026, 12, 25, 23, 59, 59, 999_999, tzinfo=SHANGHAI)
    assert given.waits(2) == ""
    attempt = given.attempt(2)
    given.clock.at += timedelta(microseconds=1)
    with pytest.raises(LimitReached, match=r"should have got 39\.60 yuan by 2026-12-25") as told:
        committing(given.run, attempt, FACTS)
    assert (told.value.reason, given.state(2)) == ("overdue", "intended")
    assert "`agent payables paid yiwu --due 2026-12-25`" in told.value.lines()[2]
    assert "overdue there" in given.waits(3) and "overdue there" in given.waits(4)
    (item,) = given.ledger.items()
    assert (item.reason, item.account, "2 orders wait" in item.what) == ("overdue", MALL, True)
    given.repaid(1)
    assert given.asked() == [] and given.waits(3) == ""
    committing(given.run, attempt, FACTS)


def test_overdue_holds_also_where_the_credit_terms_were_taken_out_of_the_config(given: OnCredit) -> None:
    given.owe(1)
    given.supplier.credit = None
    given.at(26)
    assert given.waits(2)


def test_what_waits_for_its_receipt_is_never_overdue(given: OnCredit) -> None:
    given.terms("0 days after receipt", 10_000)
    given.owe(1)
    given.at(31)
    assert given.waits(2) == ""


def test_overdue_is_asked_about_whether_an_order_waits_or_not(given: OnCredit) -> None:
    given.owe(1)
    given.at(26)
    remind(given.begin())
    (item,) = given.ledger.items()
    assert (item.reason, "orders wait" in item.what) == ("overdue", False)
    given.ledger.answer(item.id, "approve", given.clock.at)
    remind(given.begin())
    assert given.asked() == [("overdue", MALL)], "a yes pays nothing"


# reminders


def test_reminders_come_7_3_1_and_0_days_before_and_are_news_once_each(given: OnCredit) -> None:
    given.owe(1)
    given.owe(2, 1_000)
    told: dict[int, list[str]] = {}
    for day in range(10, 29):
        for hour in (9, 15):
            given.at(day, hour=hour)
            run = given.begin()
            remind(run)
            close_gone(run)
            fresh = news(grouped(given.ledger), given.clock.at)
            for item in given.ledger.items():
                if item.id in fresh:
                    given.ledger.told(item.id, "far")
                    told.setdefault(day, []).append(item.what)
            assert len(given.ledger.items()) == (1 if day >= 18 else 0)
    assert list(told) == [18, 22, 24, 25, 26]
    assert [len(words) for words in told.values()] == [1, 1, 1, 1, 1]
    assert told[18] == ["yiwu: 49.60 yuan of 2 orders are due on 2026-12-25, in 7 days"]
    assert told[25][0].endswith("today") and "should have got 49.60" in told[26][0]
    assert len([item for item in given.ledger.items(open_only=False) if item.reason == "payable_due"]) == 1


def test_the_words_of_a_reminder_are_those_of_today(given: OnCredit) -> None:
    given.owe(1)
    for day, left in ((19, "in 6 days"), (20, "in 5 days"), (24, "tomorrow")):
        given.at(day)
        remind(given.begin())
        (item,) = given.ledger.items()
        assert item.what.endswith(left)


def test_what_a_person_has_seen_comes_back_at_the_next_step_only(given: OnCredit) -> None:
    given.owe(1)
    asked = []
    for day in range(18, 26):
        given.at(day)
        remind(given.begin())
        for item in given.ledger.items():
            given.ledger.answer(item.id, "approve", given.clock.at)
            asked.append(day)
    assert asked == [18, 22, 24, 25]


def test_one_item_a_due_date_and_none_for_what_is_repaid(given: OnCredit) -> None:
    given.terms("30 days after order", 100_000)
    given.owe(1)
    given.clock.at = BEGAN + timedelta(days=1)
    given.owe(2)
    given.clock.at = BEGAN + timedelta(days=29)
    remind(given.begin())
    assert [item.cause for item in given.ledger.items()] == ["due:yiwu:2026-12-22", "due:yiwu:2026-12-23"]
    given.repaid(1)
    assert [item.cause for item in given.ledger.items()] == ["due:yiwu:2026-12-23"]


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


def test_doctor_shows_the_limit_and_what_is_due_next(given: OnCredit) -> None:
    def shown() -> list[tuple[str, bool, str]]:
        return list(credit_uses(given.run.config, given.ledger, given.clock.at))

    assert shown() == [("credit of yiwu", True, "0.00 yuan owed of 100.00")]
    given.owe(1)
    given.at(23)
    assert shown() == [("credit of yiwu", True, "39.60 yuan owed of 100.00 · 39.60 yuan due on 2026-12-25, in 2 days")]
    given.at(26)
    ((what, well, told),) = shown()
    assert (what, well, "should have got 39.60 yuan by 2026-12-25" in told) == ("credit of yiwu", False, True)
    given.repaid(1)
    given.terms("30 days after receipt", 3_960)
    given.owe(2)
    ((what, well, told),) = shown()
    assert (well, told) == (False, "39.60 yuan owed of 39.60 · due after receipt, not before 2027-01-25")
    given.supplier.credit = None
    assert shown() == []
