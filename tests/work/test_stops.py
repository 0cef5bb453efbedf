"""What stands between a filled form and its click: stops, limits at their very numbers, and the breakers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.config import Fees
from agent.errors import AgentError, LimitReached, OutcomeUnknown, PageChanged, PageLost, Paused, SiteUnavailable, Where
from agent.ledger import EVERYWHERE, Ledger, StoredOrder
from agent.models import SHANGHAI, Fen, PurchaseOrder
from agent.work import day
from agent.work.closing import close_gone, let_the_day_go_on
from agent.work.recover import apply_answers
from agent.work.run import MOST_LOST, Options, Run, always, order_failures
from agent.work.stops import committing, leave_paused
from agent.work.used import uses, wait_for_limits
from tests.work.runs import BEGAN, FACTS, SHOP, Day

MALL = "mall-yiwu"
SHOP_ACCOUNT = "shop-main"
NIGHT = datetime(2026, 11, 22, 23, 59, 59, 999_999, tzinfo=SHANGHAI)


@dataclass
class Clock:
    at: datetime = BEGAN

    def now(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> None: ...


@dataclass
class Desk:
    changed_in_a_row: int = 0
    lost_in_a_row: int = 0


@dataclass
class Given:
    """A run over a ledger; orders are numbered, each with one purchase of the same product at one supplier."""

    day: Day
    clock: Clock = field(default_factory=Clock)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.limits = SimpleNamespace(
            most_orders_per_day=100, most_money_per_day=Fen(900_000), stop_after_unknown=2, stop_after_page_changed=3
        )
        self.supplier = SimpleNamespace(
            name="yiwu",
            account=MALL,
            most_per_order=Fen(9_000),
            most_per_day=Fen(900_000),
            most_orders_per_day=None,
            most_per_product_per_hour=100,
            credit=None,
            most_freight=None,
            freight_by_region={},
            pay=(),
        )
        self.shop = SimpleNamespace(name=SHOP, account=SHOP_ACCOUNT, fees=Fees(), least_margin=None)
        self.desks = {MALL: Desk(), SHOP_ACCOUNT: Desk()}
        self.run = self.begin()

    @property
    def ledger(self) -> Ledger:
        return self.day.ledger

    def begin(self) -> Run:
        config = SimpleNamespace(
            shops={SHOP: self.shop},
            suppliers={"yiwu": self.supplier},
            limits=self.limits,
            accounts={},
        )
        number = self.day.begin()
        desks, clock = cast(Any, self.desks), cast(Any, self.clock)
        return Run(number, cast(Any, config), self.ledger, desks, clock, Options(), self.told.append, always)

    def meant(self, n: int) -> tuple[StoredOrder, list[PurchaseOrder]]:
        """The n-th order, its purchase planned."""
        self.day.now = self.clock.at
        number, reference = self.names(n)
        self.day.order(number)
        self.ledger.dispose(SHOP, number, "ours", "")
        self.day.plan(number, reference)
        order, purchase = self.ledger.order(SHOP, number), self.ledger.purchase(reference)
        assert order and purchase
        return order, [purchase.purchase]

    def names(self, n: int) -> tuple[str, str]:
        return f"69200000000000{n:05d}", f"REF{n:05d}"

    def attempt(self, n: int, total: int = 3_960) -> int:
        """The n-th order's form is filled and compared, its click comes next."""
        number, reference = self.names(n)
        facts = {"shop": SHOP, "order_number": number, "reference": reference, "account": MALL}
        write = self.ledger.intend("submit", reference, **facts, at=self.clock.at)
        return self.ledger.begin_attempt(
            [write], account=MALL, flow="submit_order", baseline=[], meant={"total": total}, at=self.clock.at
        )

    def click(self, n: int, total: int = 3_960) -> int:
        """Order n goes all the way to its click."""
        self.meant(n)
        attempt = self.attempt(n, total)
        committing(self.run, attempt, FACTS)
        return attempt

    def buy(self, n: int, total: int = 3_960) -> None:
        self.day.settle(self.click(n, total), "confirmed")
        self.ledger.placed(self.names(n)[1], (f"9{n:05d}",), Fen(total), Fen(0), self.clock.at)

    def unknown(self, n: int) -> None:
        """Order n is clicked, and nobody knows how it ended."""
        self.day.settle(self.click(n), "unknown")
        self.fails(
            n, OutcomeUnknown("nobody knows", where=Where(account=MALL, flow="submit_order", reference=self.names(n)[1]))
        )

    def fails(self, n: int, error: AgentError) -> None:
        order = self.ledger.order(SHOP, self.names(n)[0])
        assert order
        with order_failures(self.run, order):
            raise error

    def waits(self, n: int) -> str:
        """What order n waits for before it is begun; "" where it may be."""
        found = wait_for_limits(self.run, *self.meant(n))
        return found.why if found else ""

    def state(self, n: int) -> str:
        known = self.ledger.purchase(self.names(n)[1])
        return known.write_state if known else ""

    def asked(self) -> list[tuple[str, str]]:
        return [(item.reason, item.account) for item in self.ledger.items()]


@pytest.fixture
def given(tmp_path: Path) -> Iterator[Given]:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        yield Given(Day(ledger))


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


# limits of a day


def test_a_supplier_s_orders_of_a_day_are_used_up_exactly_at_their_number(given: Given) -> None:
    given.supplier.most_orders_per_day = 2
    given.buy(1)
    assert given.waits(2) == ""
    given.buy(2)
    assert "limit is reached" in given.waits(3)
    attempt = given.attempt(3)
    with pytest.raises(LimitReached, match="orders at this supplier today: 3, limit 2"):
        committing(given.run, attempt, FACTS)
    assert given.state(3) == "intended"


@pytest.mark.parametrize(("total", "fits"), [(3_000, True), (3_001, False)])
def test_the_money_of_a_day_is_looked_at_once_more_before_the_click(given: Given, total: int, fits: bool) -> None:
    given.limits.most_money_per_day = Fen(6_960)
    given.buy(1)
    given.meant(2)
    attempt = given.attempt(2, total)
    if fits:
        committing(given.run, attempt, FACTS)
    else:
        with pytest.raises(LimitReached, match=r"69\.61 yuan, limit 69\.60"):
            committing(given.run, attempt, FACTS)
    assert given.state(2) == ("committing" if fits else "intended")


def test_an_unknown_outcome_uses_the_limit_a_refused_one_gives_it_back(given: Given) -> None:
    given.limits.most_orders_per_day = 1
    attempt = given.click(1)
    given.day.settle(attempt, "unknown")
    assert given.waits(2)
    given.day.settle(attempt, "refused")
    assert given.waits(3) == ""


def test_the_day_ends_at_midnight_in_shanghai(given: Given) -> None:
    given.limits.most_orders_per_day = 1
    given.clock.at = NIGHT
    given.buy(1)
    assert given.waits(2)
    given.clock.at = NIGHT + timedelta(microseconds=1)
    assert given.waits(3) == ""


def test_a_used_up_limit_is_one_item_for_all_that_wait_and_none_is_parked(given: Given) -> None:
    given.limits.most_orders_per_day = 1
    given.buy(1)
    for n in (2, 3, 4):
        assert given.waits(n)
    (item,) = given.ledger.items()
    assert (item.reason, "3 orders wait" in item.what) == ("day_limit", True)
    assert "after midnight" in item.todo
    assert not [order for order in given.ledger.orders() if order.parked]
    given.clock.at = NIGHT + timedelta(microseconds=1)
    close_gone(given.begin())
    assert given.asked() == []


def test_an_order_from_two_suppliers_is_begun_only_where_all_of_it_has_room(given: Given) -> None:
    given.limits.most_orders_per_day = 2
    order, (purchase,) = given.meant(1)
    assert wait_for_limits(given.run, order, [purchase, purchase]) is None
    given.buy(2)
    assert wait_for_limits(given.run, order, [purchase]) is None
    assert wait_for_limits(given.run, order, [purchase, purchase]) is not None


def test_what_a_person_let_pass_before_is_not_asked_again_at_the_click(given: Given) -> None:
    given.limits.most_orders_per_day = 1
    given.buy(1)
    given.meant(2)
    attempt = given.attempt(2)
    for _time in range(2):
        try:
            committing(given.run, attempt, FACTS)
        except LimitReached as error:
            given.fails(2, error)
            (item,) = [item for item in given.ledger.items() if item.order_number]
            given.ledger.answer(item.id, "approve", given.clock.at)
    assert given.state(2) == "committing"


# an hour of one product


def test_a_product_is_bought_so_often_within_an_hour_and_goes_on_by_itself(given: Given) -> None:
    given.supplier.most_per_product_per_hour = 2
    given.buy(1)
    given.clock.at = BEGAN + timedelta(minutes=30)
    given.buy(2)
    given.clock.at = BEGAN + timedelta(minutes=59)
    assert "goes on after 11-22 19:00" in given.waits(3)
    (item,) = given.ledger.items()
    assert (item.reason, "1 orders wait until 11-22 19:00" in item.what) == ("hour_limit", True)
    attempt = given.attempt(3)
    with pytest.raises(LimitReached, match="within the hour"):
        committing(given.run, attempt, FACTS)
    given.clock.at = BEGAN + timedelta(hours=1)
    committing(given.run, attempt, FACTS)
    close_gone(given.begin())
    assert given.asked() == [("hour_limit", MALL)], "two within the hour again"
    given.clock.at = BEGAN + timedelta(hours=1, minutes=30)
    close_gone(given.begin())
    assert given.asked() == []


def test_another_product_has_an_hour_of_its_own(given: Given) -> None:
    given.supplier.most_per_product_per_hour = 1
    given.buy(1)
    given.ledger.db.execute("UPDATE purchase_lines SET product = 'another'")
    assert given.waits(2) == ""


def test_an_order_stopped_at_the_click_by_the_hour_goes_on_after_it(given: Given) -> None:
    given.meant(1)
    given.fails(1, LimitReached("too often", reason="hour_limit"))
    given.clock.at = BEGAN + timedelta(minutes=59)
    let_the_day_go_on(given.run)
    assert given.asked() == [("hour_limit", "")]
    given.clock.at = BEGAN + timedelta(minutes=60)
    let_the_day_go_on(given.run)
    assert given.asked() == []
    assert not [order for order in given.ledger.orders() if order.parked]


# breakers


def test_the_second_purchase_of_unknown_outcome_pauses_its_account(given: Given) -> None:
    given.unknown(1)
    assert given.ledger.stops() == []
    given.unknown(2)
    (stop,) = given.ledger.stops()
    assert (stop.account, stop.who, "2 purchases" in stop.why) == (MALL, "program", True)
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
    given.desks[MALL].changed_in_a_row = in_a_row
    given.fails(1, PageChanged("two buttons", where=Where(account=MALL)))
    assert [stop.account for stop in given.ledger.stops()] == stops
    assert (("paused", MALL) in given.asked()) is bool(stops)


# what is shown


def test_every_limit_is_shown_with_what_is_used_of_it(given: Given) -> None:
    given.supplier.most_orders_per_day = 7
    given.buy(1)
    given.unknown(2)
    shown = dict(uses(given.run.config, given.ledger, given.clock.now()))
    assert shown["limits today"] == "2 orders of 100, 79.20 yuan of 9000.00"
    assert shown["limits today of yiwu"] == "2 orders of 7, 79.20 yuan of 9000.00; one product within the hour 2 of 100"
    assert shown[f"purchases of unknown outcome at {MALL}"] == "1, paused at 2"
    assert shown["changed pages in a row"].endswith("paused at 3")
