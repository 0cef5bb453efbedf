"""The limits of a day and of an hour: exactly at their number, once more at the click, and shown with what is used of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agent.errors import LimitReached
from agent.models import Fen
from agent.work.closing import close_gone, let_the_day_go_on
from agent.work.stops import committing
from agent.work.used import uses, wait_for_limits
from tests.work.runs import BEGAN, FACTS
from tests.work.stopping import MALL, NIGHT, Given, given

__all__ = ["given"]

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


# what is shown


def test_every_limit_is_shown_with_what_is_used_of_it(given: Given) -> None:
    given.supplier.most_orders_per_day = 7
    given.buy(1)
    given.unknown(2)
    shown = dict(uses(given.run.config, given.ledger, given.clock.now()))
    assert shown["limits today"] == "2 orders of 100, 79.20 yuan of 9000.00"
    assert shown["limits today of yiwu"] == "2 orders of 7, 79.20 yuan of 9000.00; one product within the hour 2 of 100"
    assert shown[f"writes of unknown outcome at {MALL}"] == "1, paused at 2"
    assert shown[f"changed pages in a row at {MALL}"] == "0, paused at 3"
