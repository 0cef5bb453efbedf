"""What stands between a filled form and its click: stops and the breakers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.errors import (
    AgentError,
    ConfigError,
    MachineFailed,
    Mismatch,
    OutcomeUnknown,
    PageChanged,
    PageLost,
    Paused,
    SiteRefused,
    SiteUnavailable,
    Where,
)
from agent.ledger import EVERYWHERE
from agent.sites.document import Problem, Problems
from agent.work import day
from agent.work.closing import close_gone
from agent.work.reasons import reason_of
from agent.work.recover import apply_answers
from agent.work.run import MOST_LOST, account_failures, carried_out, keep_changed_pages, order_failures, shared_failures
from agent.work.stops import committing, leave_paused
from tests.work.runs import BEGAN, FACTS, SHOP
from tests.work.stopping import MALL, SHOP_ACCOUNT, Given, given

__all__ = ["given"]

# stops


@pytest.mark.parametrize("account", [EVERYWHERE, MALL, SHOP_ACCOUNT])
def test_paused_while_a_form_was_filled_nothing_is_clicked(given: Given, account: str) -> None:
    """The program as a whole, the account of the click, or the shop that it is for."""
    given.meant(1)
    attempt = given.attempt(1)
    given.ledger.pause(account, "person", "", BEGAN)
    with pytest.raises(Paused):
        committing(given.run, attempt, FACTS)
    assert given.state(1) == "intended"
    given.ledger.resume(account, BEGAN)
    committing(given.run, attempt, FACTS)
    assert given.state(1) == "committing"


def test_a_stop_closes_the_account_for_the_run_parks_nothing_and_asks_nobody(given: Given) -> None:
    order, _purchases = given.meant(1)
    given.ledger.pause(MALL, "person", "", BEGAN)
    with order_failures(given.run, order):
        given.ledger.refuse_paused(MALL)
    assert isinstance(given.run.closed_accounts[MALL], Paused)
    stored = given.ledger.order(SHOP, order.order_number)
    assert stored and not stored.parked and given.asked() == []


@pytest.mark.parametrize(("in_a_row", "closed"), [(1, False), (MOST_LOST - 1, False), (MOST_LOST, True)])
def test_a_page_without_an_answer_costs_its_order_one_run_and_only_several_in_a_row_the_account(
    given: Given, in_a_row: int, closed: bool
) -> None:
    order, _purchases = given.meant(1)
    given.desks[MALL].lost_in_a_row = in_a_row
    given.fails(1, PageLost("error 500", where=Where(account=MALL)))
    assert (MALL in given.run.closed_accounts) == closed
    assert (SHOP, order.order_number) in given.run.stopped
    stored = given.ledger.order(SHOP, order.order_number)
    assert stored and not stored.parked and given.asked() == []


def test_a_site_that_wants_to_be_left_alone_is_left_alone_at_once(given: Given) -> None:
    given.meant(1)
    given.fails(1, SiteUnavailable("error 503", where=Where(account=MALL)))
    assert MALL in given.run.closed_accounts


@pytest.mark.parametrize(
    "error",
    [PageChanged("another page"), SiteRefused("not today"), Mismatch("somebody else", reason="wrong_account")],
    ids=["another page", "refused", "somebody else"],
)
def test_where_nobody_can_sign_in_the_account_is_asked_about_and_its_orders_only_wait(given: Given, error: AgentError) -> None:
    """Signed in before everything else, and lost and not come back at the first order."""
    for met_by_an_order in (False, True):
        given.begin_anew()
        error.where = Where(account=MALL, flow="log_in" if met_by_an_order else "")
        if not met_by_an_order:
            with account_failures(given.run, MALL):
                raise error
        for n in (1, 2):
            given.meant(n)
            given.fails(n, given.run.closed_accounts.get(MALL, error))
        assert given.asked() == [(error.reason, MALL)] and given.parked() == []
        assert {(SHOP, given.names(n)[0]) for n in (1, 2)} == given.run.stopped
        close_gone(given.begin_anew())
        assert given.asked() == [], "the account is right again, and nothing keeps its orders"


def test_what_is_done_for_several_orders_at_once_is_asked_of_the_account_once_where_nobody_can_sign_in(given: Given) -> None:
    orders = [given.meant(n)[0] for n in (1, 2)]
    with shared_failures(given.run, orders, stays=lambda _error: True):
        raise PageChanged("another page", where=Where(account=MALL, flow="log_in"))
    assert given.asked() == [("PageChanged", MALL)] and given.parked() == []


def test_what_a_person_said_waits_where_nobody_can_sign_in(given: Given) -> None:
    item = given.ledger.answer_purchase(SHOP, *given.names(1), "resolve 900001", BEGAN)
    with pytest.raises(PageChanged), carried_out(given.run, item):
        raise PageChanged("another page", where=Where(account=MALL, flow="log_in"))
    assert [each.id for each in given.ledger.unapplied_answers()] == [item]
    with pytest.raises(PageChanged), carried_out(given.run, item):
        raise PageChanged("another page", where=Where(account=MALL, flow="read_order"))
    assert given.ledger.unapplied_answers() == []


def test_a_paused_account_is_not_visited_and_the_run_says_so(given: Given) -> None:
    given.ledger.pause(MALL, "person", "holiday", BEGAN)
    leave_paused(given.run, "person")
    assert set(given.run.closed_accounts) == {MALL}
    assert any("paused by you" in line and "holiday" in line for line in given.told)
    assert any("holiday" in failure.what for failure in given.ledger.failures(given.run.id))
    assert given.asked() == []


def test_what_the_program_paused_is_asked_about_in_every_run_until_it_goes_on(given: Given) -> None:
    given.ledger.pause(MALL, "program", "too much", BEGAN)
    leave_paused(given.run, "program")
    (item,) = given.ledger.items()
    assert (item.reason, item.account, "too much" in item.what) == ("paused", MALL, True)
    given.ledger.answer(item.id, "approve", BEGAN)
    apply_answers(given.run)
    leave_paused(given.begin(), "program")
    close_gone(given.run)
    assert given.asked() == [("paused", MALL)]


def test_what_a_person_says_of_a_paused_account_waits_until_it_can_be_checked(given: Given) -> None:
    given.unknown(1)
    given.ledger.answer_purchase(SHOP, *given.names(1), "resolve 900001", BEGAN)
    given.ledger.pause(MALL, "person", "", BEGAN)
    run = given.begin()
    leave_paused(run, "person")
    apply_answers(run)
    assert [item.answer for item in given.ledger.unapplied_answers()] == ["resolve 900001"]


@pytest.mark.parametrize(("who", "left_before", "left_after"), [("person", [MALL], [MALL]), ("program", [], [MALL])])
def test_what_made_the_program_pause_is_looked_for_before_its_account_is_left(
    given: Given, monkeypatch: pytest.MonkeyPatch, who: Any, left_before: list[str], left_after: list[str]
) -> None:
    """A person's word holds from the start: nobody knows what it is for."""
    given.unknown(1)
    given.ledger.pause(MALL, who, "", BEGAN)
    run = given.begin()
    run.config.shops.clear()
    left: list[list[str]] = []
    for part in ("sign_in", "note_visits", "apply_answers", "follow", "follow_refunds", "reconcile_daily", "close_gone"):
        monkeypatch.setattr(day, part, lambda *_told: None)
    monkeypatch.setattr(day, "recover", lambda one: left.append(list(one.closed_accounts)))
    day.run_once(run, {})
    assert left == [left_before, left_after]


def test_while_the_unknown_ones_of_a_paused_account_are_looked_for_one_does_not_close_it_for_the_next(given: Given) -> None:
    given.unknown(1)
    given.unknown(2)
    given.run = given.begin()
    given.fails(1, OutcomeUnknown("still nobody knows", where=Where(account=MALL, flow="submit_order")))
    assert MALL not in given.run.closed_accounts and [stop.account for stop in given.ledger.stops()] == [MALL]


# breakers


def test_the_second_purchase_of_unknown_outcome_pauses_its_account(given: Given) -> None:
    given.unknown(1)
    assert given.ledger.stops() == []
    given.unknown(2)
    (stop,) = given.ledger.stops()
    assert (stop.account, stop.who, "2 writes" in stop.why) == (MALL, "program", True)
    assert ("paused", MALL) in given.asked() and isinstance(given.run.closed_accounts[MALL], Paused)
    assert SHOP_ACCOUNT not in given.run.closed_accounts


def test_after_a_person_s_word_it_takes_as_many_new_ones(given: Given) -> None:
    given.unknown(1)
    given.unknown(2)
    given.clock.at += timedelta(hours=1)
    given.ledger.resume(MALL, given.clock.at)
    given.run = given.begin()
    given.clock.at += timedelta(hours=1)
    given.unknown(3)
    assert given.ledger.stops() == []
    given.unknown(4)
    assert [stop.account for stop in given.ledger.stops()] == [MALL]


def test_what_a_broken_off_run_left_unknown_stops_the_next_click(given: Given) -> None:
    """Nothing was told as failed: the clicks alone, as a killed run leaves them."""
    given.click(1)
    given.click(2)
    given.meant(3)
    attempt = given.attempt(3)
    with pytest.raises(Paused, match="paused by the program"):
        committing(given.run, attempt, FACTS)
    assert given.state(3) == "intended"
    assert given.asked() == [("paused", MALL)]


@pytest.mark.parametrize(("in_a_row", "stops"), [(2, []), (3, [MALL])])
def test_the_third_changed_page_in_a_row_pauses_its_account(given: Given, in_a_row: int, stops: list[str]) -> None:
    given.meant(1)
    given.desks[MALL].changed["fill_order"] = in_a_row
    given.fails(1, PageChanged("two buttons", where=Where(account=MALL)))
    assert [stop.account for stop in given.ledger.stops()] == stops
    assert (("paused", MALL) in given.asked()) is bool(stops)


def test_changed_pages_of_several_runs_are_one_row(given: Given) -> None:
    """Two in the run before, and one in this one."""
    given.meant(1)
    given.desks[MALL].changed["fill_order"] = 2
    given.fails(1, PageChanged("two buttons", where=Where(account=MALL)))
    assert (given.ledger.changed_pages(MALL), given.ledger.stops()) == ({"fill_order": 2}, [])
    given.run = given.begin()
    given.desks[MALL].changed = {**given.ledger.changed_pages(MALL), "fill_order": 3}
    given.meant(2)
    given.fails(2, PageChanged("two buttons", where=Where(account=MALL)))
    assert [stop.account for stop in given.ledger.stops()] == [MALL]
    given.ledger.resume(MALL, given.clock.at)
    keep_changed_pages(given.run)
    assert given.ledger.changed_pages(MALL) == {}, "let go on meanwhile, it begins anew"


def test_the_second_tracking_number_of_unknown_outcome_pauses_the_shop(given: Given) -> None:
    for n in (1, 2):
        number, reference = given.names(n)
        given.meant(n)
        write = given.ledger.intend(
            "ship", f"{number}:YT{n}", shop=SHOP, order_number=number, reference=reference, account=SHOP_ACCOUNT, at=BEGAN
        )
        attempt = given.ledger.begin_attempt(
            [write], account=SHOP_ACCOUNT, flow="ship", baseline=[], meant={}, at=given.clock.at
        )
        committing(given.run, attempt, FACTS)
        given.day.settle(attempt, "unknown")
        given.fails(n, OutcomeUnknown("nobody knows", where=Where(account=SHOP_ACCOUNT, flow="ship")))
    assert [stop.account for stop in given.ledger.stops()] == [SHOP_ACCOUNT]
    given.meant(3)
    third = given.attempt(3)
    with pytest.raises(Paused):
        committing(given.run, third, FACTS)


# a fault of the program


class FaultyDesk:
    """A browser whose sign-in, or whose thread, fails with what no error of ours is."""

    def __init__(self, started: Exception | None = None, finished: Exception | None = None) -> None:
        self.raises = (started, finished)
        self.done: list[str] = []

    def start(self) -> None:
        self._do("start", self.raises[0])

    def finish(self) -> None:
        self._do("finish", self.raises[1])

    def _do(self, what: str, error: Exception | None) -> None:
        self.done.append(what)
        if error:
            raise error


FAULT = RuntimeError("Target page was closed\nCall log: 张三丰 18400913965")


@pytest.mark.parametrize("faulty", [FaultyDesk(started=FAULT), FaultyDesk(finished=FAULT)], ids=["start", "finish"])
def test_a_fault_at_a_sign_in_closes_that_account_and_the_others_go_on(
    given: Given, monkeypatch: pytest.MonkeyPatch, faulty: FaultyDesk
) -> None:
    well = FaultyDesk()
    monkeypatch.setattr(day, "may_visit", lambda _run, _account: None)
    monkeypatch.setattr(given.run, "desks", {MALL: faulty, SHOP_ACCOUNT: well})
    day.sign_in(given.run)
    assert (list(given.run.closed_accounts), well.done) == ([MALL], ["start", "finish"])
    (item,) = given.ledger.items()
    assert (item.reason, item.cause) == ("fault", f"account:{MALL}")
    assert "RuntimeError: Target page was closed" in item.what and "张三丰" not in item.what + item.todo


def test_this_machine_ends_the_run_at_a_sign_in_too(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "may_visit", lambda _run, _account: None)
    monkeypatch.setattr(given.run, "desks", {MALL: FaultyDesk(finished=MachineFailed("no room"))})
    with pytest.raises(MachineFailed):
        day.sign_in(given.run)
    assert (given.run.closed_accounts, given.asked()) == ({}, [])


@pytest.mark.parametrize(("fault", "told"), [(FAULT, "RuntimeError: Target page was closed"), (KeyError(), "KeyError")])
def test_only_the_first_line_of_a_fault_is_asked_about(given: Given, fault: Exception, told: str) -> None:
    order, _purchases = given.meant(1)
    with order_failures(given.run, order):
        raise fault
    with account_failures(given.run, MALL):
        raise fault
    of_order, of_account = given.ledger.items()
    assert of_order.what.partition(": ")[2].startswith(f"{told} (") and of_account.what.partition(": ")[2].startswith(told)
    assert "张三丰" not in of_order.what + of_account.what


def test_what_is_wrong_in_the_settings_is_asked_under_its_own_title_with_what_to_do(given: Given) -> None:
    kinds = (
        (ConfigError("no browser starts", todo="install one"), "ConfigError"),
        (Problems([Problem(Path("products.csv"), 3, "no number", "write one")]), "ConfigError"),
        (ConfigError("open elsewhere", reason="window_open"), "window_open"),
    )
    for error, reason in kinds:
        given.run.closed_accounts.clear()
        with account_failures(given.run, MALL):
            raise error
        assert given.asked() == [(reason, MALL)]
        assert reason_of(reason).title != reason_of("Mismatch").title
    assert reason_of("ConfigError").advises and reason_of("fault").advises
