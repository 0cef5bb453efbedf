"""What credit terms keep from being bought: the limit to the fen, what is overdue; the reminders before, and what doctor shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from agent.errors import LimitReached
from agent.ledger import Ledger
from agent.models import SHANGHAI, Fen
from agent.work.closing import close_gone, let_the_day_go_on
from agent.work.credit import credit_uses, remind, wait_for_credit
from agent.work.groups import grouped
from agent.work.notify import due as news
from agent.work.stops import committing
from tests.work.owing import OnCredit
from tests.work.runs import BEGAN, FACTS, SHOP, Day
from tests.work.stopping import MALL


@pytest.fixture
def given(tmp_path: Path) -> Iterator[OnCredit]:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        yield OnCredit(Day(ledger))


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


def test_what_came_back_whole_is_reminded_of_no_more(given: OnCredit) -> None:
    given.owe(1)
    given.at(22)
    remind(given.begin())
    assert [item.reason for item in given.ledger.items()] == ["payable_due"]
    given.looks(1, "completed", refunded=3_960)
    close_gone(given.run)
    given.at(24)
    remind(given.begin())
    assert given.ledger.items() == []


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
