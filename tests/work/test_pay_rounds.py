"""When a supplier is paid: in rounds after the times of `pay_at:`, each once, the first one too, and none that is not made."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, cast

import pytest

from agent.errors import SiteUnavailable
from agent.models import SHANGHAI
from agent.work.run import Options, close_account
from agent.work.to_pay import round_is_due
from tests.ledger.goods import LATER
from tests.work.till import BOTH, ONE, Paying, given, paying

__all__ = ["given", "paying"]


def test_rounds_are_made_once_after_each_time(paying: Paying) -> None:
    paying.supplier.pay_at = ((LATER + timedelta(minutes=30)).timetz().replace(tzinfo=None),)
    paying.pay()
    assert paying.till.clicks == 0
    paying.again()
    paying.pay()
    assert paying.till.took == BOTH
    paying.till.state[ONE] = "unpaid"
    paying.again()
    paying.pay()
    assert paying.till.clicks == 1


def test_a_round_that_an_account_kept_from_being_made_is_made_by_the_next_run(paying: Paying) -> None:
    paying.supplier.pay_at = ((LATER - timedelta(minutes=3)).timetz().replace(tzinfo=None),)
    close_account(paying.run, "shop-main", SiteUnavailable("no answer"))
    paying.pay()
    assert paying.till.took == []
    paying.next_run()
    assert paying.till.took == BOTH


@pytest.mark.parametrize("flow", ["read_order", "commit"])
def test_what_met_a_page_without_an_answer_is_paid_by_the_next_run(paying: Paying, flow: str) -> None:
    paying.supplier.pay_at = ((LATER - timedelta(minutes=3)).timetz().replace(tzinfo=None),)
    paying.till.loses = flow
    paying.pay()
    assert (paying.till.took, paying.given.ledger.last_round("yiwu")) == ([], None)
    paying.till.loses = ""
    paying.next_run()
    assert paying.till.took == BOTH and paying.asked() == []


def test_a_run_for_one_order_leaves_the_question_about_the_others(paying: Paying) -> None:
    paying.till.balance = 4_800
    paying.pay()
    assert paying.asked() == ["balance"]
    (waiting,) = [purchase for purchase in paying.given.ledger.purchases() if not purchase.paid_at]
    cast(Any, paying.run).options = Options(order=waiting.order_number)
    paying.till.balance = 0
    paying.next_run()
    cast(Any, paying.run).options = Options(order="no such order")
    paying.next_run()
    assert paying.asked() == ["balance"]


def test_a_round_that_waits_for_money_is_made_when_it_is_there(paying: Paying) -> None:
    paying.supplier.pay_at = ((LATER - timedelta(minutes=3)).timetz().replace(tzinfo=None),)
    paying.till.balance = 5_000
    paying.pay()
    assert paying.till.took == BOTH[:1]
    paying.till.balance = 5_000
    paying.again()
    paying.pay()
    assert paying.till.took == BOTH and paying.asked() == []
    assert paying.given.ledger.last_round("yiwu") == paying.clock.at


# the first one


def clock(words: str) -> datetime:
    day, at = words.split()
    return datetime.combine(datetime(2026, 12, int(day)), time.fromisoformat(at), tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("proven", "times", "now", "due"),
    [
        ("1 10:00", "11:30 21:30", "1 10:05", False),  # it waits for the next of its times
        ("1 10:00", "11:30 21:30", "1 11:30", True),
        ("1 10:00", "21:30", "1 20:00", False),
        ("1 10:00", "21:30", "2 09:00", True),  # the machine was off in the evening
        ("1 22:00", "21:30", "2 09:00", False),
        ("1 22:00", "21:30", "2 20:00", False),
        ("1 22:00", "21:30", "3 09:00", True),
        ("1 10:00", "21:30", "9 09:00", True),
    ],
)
def test_the_first_round_counts_from_when_the_oldest_that_waits_was_proven(
    paying: Paying, proven: str, times: str, now: str, due: bool
) -> None:
    paying.given.ledger.db.execute("UPDATE purchases SET placed_at = ?", [clock(proven).isoformat()])
    paying.supplier.pay_at = tuple(time.fromisoformat(each) for each in times.split())
    paying.clock.at = clock(now)
    assert round_is_due(paying.run, cast(Any, paying.supplier)) is due


def test_what_is_paid_already_begins_no_round(paying: Paying) -> None:
    paying.given.ledger.db.execute("UPDATE purchases SET placed_at = ?", [clock("1 10:00").isoformat()])
    paying.supplier.pay_at, paying.clock.at = (time(21, 30),), clock("2 09:00")
    for reference in ("REF1", "REF2"):
        assert round_is_due(paying.run, cast(Any, paying.supplier))
        paying.given.ledger.purchase_paid(reference, paying.clock.at)
    assert not round_is_due(paying.run, cast(Any, paying.supplier))


def test_after_a_round_the_next_of_its_times_is_waited_for(paying: Paying) -> None:
    paying.given.ledger.db.execute("UPDATE purchases SET placed_at = ?", [clock("1 10:00").isoformat()])
    paying.supplier.pay_at, paying.clock.at = (time(21, 30),), clock("2 09:00")
    paying.given.ledger.round_made("yiwu", paying.clock.at)
    paying.clock.at += timedelta(hours=2)
    assert not round_is_due(paying.run, cast(Any, paying.supplier))


def test_a_machine_that_is_off_at_its_only_time_pays_in_the_next_mornings_run(paying: Paying) -> None:
    paying.supplier.pay_at = (time(21, 30),)
    paying.pay()  # at 18:05 of the day on which they were bought
    assert paying.till.clicks == 0
    paying.clock.at = LATER.replace(hour=9) + timedelta(days=1)
    paying.next_run()
    assert paying.till.took == BOTH
    for _run in range(3):
        paying.next_run()
    assert paying.till.clicks == 1
