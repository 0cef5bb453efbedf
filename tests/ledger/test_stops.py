"""Stops and counts: what keeps a click from being made, and what counts against the seller's limits."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agent.errors import Paused
from agent.ledger import EVERYWHERE, Ledger
from agent.models import SHANGHAI, Fen, WriteState
from tests.ledger.goods import (
    ACCOUNT,
    FACTS,
    LATER,
    NOW,
    NUMBER,
    REFERENCE,
    begin,
    clicked,
    intend,
    purchase,
    settle,
    write_state,
)

MIDNIGHT = datetime(2026, 11, 22, tzinfo=SHANGHAI)
FACTS_OF = {"shop": "xiaolin", "order_number": NUMBER, "reference": REFERENCE, "account": ACCOUNT}


def paused(ledger: Ledger) -> list[tuple[str, str, str]]:
    return [(stop.account, stop.who, stop.why) for stop in ledger.stops()]


def test_the_first_word_stays_until_it_goes_on(ledger: Ledger) -> None:
    assert ledger.pause(ACCOUNT, "program", "two of unknown outcome", NOW)
    assert not ledger.pause(ACCOUNT, "person", "holiday", LATER)
    assert paused(ledger) == [(ACCOUNT, "program", "two of unknown outcome")]
    assert ledger.stops()[0].begun_at == NOW
    assert ledger.resume(ACCOUNT, LATER)
    assert (paused(ledger), ledger.resumed_at(ACCOUNT)) == ([], LATER)
    assert not ledger.resume(ACCOUNT, LATER)


def test_the_whole_program_and_an_account_are_paused_apart(ledger: Ledger) -> None:
    ledger.pause(ACCOUNT, "person", "", NOW)
    ledger.pause(EVERYWHERE, "person", "", NOW)
    assert [stop.account for stop in ledger.stops()] == [EVERYWHERE, ACCOUNT]
    with pytest.raises(Paused, match="whole program"):
        ledger.refuse_paused("shop-main")
    ledger.resume(EVERYWHERE, NOW)
    ledger.refuse_paused("shop-main")
    with pytest.raises(Paused, match="account is paused by you since 11-22 18:00"):
        ledger.refuse_paused(ACCOUNT)


def test_what_is_said_names_who_when_and_why(ledger: Ledger) -> None:
    ledger.pause(ACCOUNT, "program", "2 purchases there have an unknown outcome", NOW)
    (stop,) = ledger.stops()
    assert stop.words == "paused by the program since 11-22 18:00: 2 purchases there have an unknown outcome"


@pytest.mark.parametrize("account", [ACCOUNT, EVERYWHERE])
def test_a_stop_that_another_process_made_refuses_the_next_click(ledger: Ledger, path: Path, account: str) -> None:
    ledger.plan([purchase()], NOW)
    attempt = begin(ledger, intend(ledger))
    with Ledger.open(path) as other:
        other.pause(account, "person", "", NOW)
    with pytest.raises(Paused):
        ledger.committing(attempt, FACTS, LATER)
    assert (ledger.attempt(attempt).state, write_state(ledger)) == ("intended", "intended")
    with Ledger.open(path) as other:
        other.resume(account, LATER)
    ledger.committing(attempt, FACTS, LATER)
    assert write_state(ledger) == "committing"


@pytest.mark.parametrize("account", [ACCOUNT, EVERYWHERE])
def test_what_somebody_sent_by_hand_is_put_down_though_it_is_paused(ledger: Ledger, account: str) -> None:
    ledger.plan([purchase()], NOW)
    attempt = begin(ledger, intend(ledger))
    ledger.pause(account, "person", "", NOW)
    ledger.committing(attempt, FACTS, LATER, by_hand=True)
    assert write_state(ledger) == "committing"


def test_a_stop_elsewhere_refuses_nothing_here(ledger: Ledger) -> None:
    ledger.pause("mall-hangzhou", "person", "", NOW)
    clicked(ledger)
    assert write_state(ledger) == "committing"


def test_only_a_person_or_the_program_puts_a_stop(ledger: Ledger) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        ledger.pause(ACCOUNT, "somebody", "", NOW)  # type: ignore[arg-type]


# what counts


def counted(ledger: Ledger, since: datetime = MIDNIGHT) -> list[tuple[str, int, datetime]]:
    return [(each.reference, each.amount, each.at) for each in ledger.counted_since(since)]


@pytest.mark.parametrize("state", ["committing", "unknown", "held", "confirmed"])
def test_what_may_stand_at_the_supplier_counts_from_its_click_on(ledger: Ledger, state: WriteState) -> None:
    attempt = clicked(ledger)
    if state != "committing":
        settle(ledger, attempt, state, requests=None)
    assert counted(ledger) == [(REFERENCE, 2400, NOW)]
    assert counted(ledger, NOW) == [(REFERENCE, 2400, NOW)]
    assert counted(ledger, NOW + timedelta(microseconds=1)) == []


@pytest.mark.parametrize("state", ["intended", "refused"])
def test_what_provably_came_to_nothing_does_not_count(ledger: Ledger, state: WriteState) -> None:
    settle(ledger, clicked(ledger), state)
    assert counted(ledger) == []


def test_proven_after_midnight_it_counts_on_the_day_of_its_click_with_what_it_cost(ledger: Ledger) -> None:
    settle(ledger, clicked(ledger), "confirmed")
    ledger.placed(REFERENCE, ("900100",), Fen(2600), Fen(0), NOW + timedelta(hours=7))
    assert counted(ledger) == [(REFERENCE, 2600, NOW)]
    assert counted(ledger, MIDNIGHT + timedelta(days=1)) == []


def test_found_at_the_supplier_it_counts_from_then_on(ledger: Ledger) -> None:
    ledger.plan([purchase()], NOW)
    ledger.found_done("submit", REFERENCE, **FACTS_OF, at=LATER)
    ledger.placed(REFERENCE, ("900100",), Fen(2600), Fen(0), LATER)
    assert counted(ledger) == [(REFERENCE, 2600, LATER)]
    assert ledger.products_of(REFERENCE) == {"H-778"}


@pytest.mark.parametrize(("paid", "counts"), [(False, 0), (True, 1)])
def test_what_the_supplier_closed_counts_only_while_its_money_is_out(ledger: Ledger, paid: bool, counts: int) -> None:
    settle(ledger, clicked(ledger), "confirmed")
    ledger.placed(REFERENCE, ("900100",), Fen(2400), Fen(0), LATER)
    ledger.closed_by_supplier(REFERENCE, LATER, paid=paid)
    assert len(counted(ledger)) == counts
    ledger.refund_settled(REFERENCE, "refunded", Fen(2400))
    assert counted(ledger) == []


def test_a_second_click_of_one_purchase_counts_once(ledger: Ledger) -> None:
    settle(ledger, clicked(ledger), "intended")
    second = begin(ledger, intend(ledger))
    ledger.committing(second, FACTS, LATER)
    assert counted(ledger) == [(REFERENCE, 2400, LATER)]


def test_unknown_writes_count_until_they_are_proven_or_a_person_goes_on(ledger: Ledger) -> None:
    attempt = clicked(ledger)
    assert (ledger.unknown_writes(ACCOUNT), ledger.unknown_writes("mall-hangzhou")) == (1, 0)
    settle(ledger, attempt, "unknown", requests=None)
    assert ledger.unknown_writes(ACCOUNT) == 1
    ledger.pause(ACCOUNT, "program", "", LATER)
    assert ledger.unknown_writes(ACCOUNT) == 1
    ledger.resume(ACCOUNT, LATER)
    assert ledger.unknown_writes(ACCOUNT) == 0


def test_other_writes_of_unknown_outcome_stop_an_account_too_and_are_no_purchases(ledger: Ledger) -> None:
    for key in ("xiaolin:1", "xiaolin:2"):
        settle(ledger, clicked(ledger, "ship", key), "unknown", requests=None)
    assert (ledger.unknown_writes(ACCOUNT), ledger.unknown_writes(ACCOUNT, "submit", "pay"), counted(ledger)) == (2, 0, [])


def test_a_cancelling_that_the_supplier_is_to_decide_is_not_unknown(ledger: Ledger) -> None:
    attempt = clicked(ledger, "cancel", REFERENCE)
    settle(ledger, attempt, "unknown")
    assert ledger.unknown_writes(ACCOUNT) == 1
    ledger.cancel_asked(attempt, LATER)
    assert ledger.unknown_writes(ACCOUNT) == 0


def test_changed_pages_are_kept_from_run_to_run_until_a_person_lets_it_go_on(ledger: Ledger) -> None:
    ledger.keep_changed_pages(ACCOUNT, {"fill_order": 2, "list_orders": 0})
    assert (ledger.changed_pages(ACCOUNT), ledger.changed_pages("mall-hangzhou")) == ({"fill_order": 2}, {})
    ledger.pause(ACCOUNT, "program", "", LATER)
    ledger.resume(ACCOUNT, LATER)
    assert ledger.changed_pages(ACCOUNT) == {}
