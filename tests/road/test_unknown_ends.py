"""Clicks at the supplier whose end nobody can know at once, and orders that stop before their click, over three runs.

Buying · the next day, when the late order lands and the lists come right, and people said what they know · once more.
"""

from __future__ import annotations

import re

import pytest

from tests.market.demo_orders import DemoOrder, line
from tests.road.conftest import MakeRoad
from tests.road.days import L, Seller, at_submit, named, stands_at_the_supplier
from tests.road.road import Road, order

pytestmark = pytest.mark.long


REJECTED = order(7, happens=at_submit("success_shown_write_rejected"), trap="says done, writes nothing")
DENIED = order(8, happens=at_submit("write_done_error_shown"), trap="writes, says error")
LATE = order(10, happens=at_submit("lands_later"), trap="lands after the proof")
LAGS = order(12, happens=at_submit("list_lags", "list"), trap="the list lags")
SUBMIT = order(14, happens=at_submit("session_expires"), trap="the sign-in ends at the click")
SLIDER = order(15, happens=at_submit("captcha_after"), trap="a code instead of the write")
CUT = order(19, happens=at_submit("reference_cut", "check", value=8), trap="the reference is cut")
STRAY = order(25, happens=at_submit("stray_filter", "list", times=None), trap="the list keeps a filter")
HAND = order(30, goods=L, happens=stands_at_the_supplier, trap="bought by hand")
EMOJI = order(31, trap="no product", lines=({**line("XZP", "茉莉"), "title": "香薰蜡烛🌸"},))

ORDERS = (REJECTED, DENIED, LATE, LAGS, SUBMIT, SLIDER, CUT, HAND, EMOJI, STRAY)


@pytest.fixture(scope="module")
def seller(make_road: MakeRoad) -> Seller:
    """Three runs; a second process is started in the middle of the first."""
    road = make_road(31, keep_alive=True, wait="6 s", autonomy="place_and_pay")
    seller, market = Seller(road, ORDERS), road.market
    market.mall.takes_repeats = True
    market.faults.add("session_expires", point="form")

    def start_a_second() -> None:
        seller.second = road.run()

    road.put_up(*ORDERS)
    market.faults.add("kill_before", DENIED.reference, "confirm", call=start_a_second)
    seller.run(env={"PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"})

    assert market.faults.land(LATE.reference) == 1
    market.faults.release("list_lags")
    market.faults.release("stray_filter")
    for one, told in (
        (HAND, ("--number", by_hand_number(road))),
        (REJECTED, ("--not-placed",)),
        (SUBMIT, ("--number", market.mall.known_order.number)),
        (CUT, ("--number", market.mall.known_order.number)),
    ):
        assert road.agent("resolve", one.reference, *told).code == 0
    anothers = market.mall.orders_with(DENIED.reference)[0].number
    assert road.agent("resolve", SLIDER.reference, "--number", anothers, "--on-my-word").code == 2
    seller.run()
    assert road.agent("resolve", REJECTED.reference, "--not-placed", "--on-my-word").code == 0
    seller.run()
    return seller


def by_hand_number(road: Road) -> str:
    mall = road.market.mall
    return next(each.number for each in mall.orders if each.by == "person" and each is not mall.known_order)


# ---- the first run


def test_an_error_shown_for_a_done_write_is_bought_once(seller: Seller) -> None:
    look = seller.look(DENIED, 1)
    assert (look.bought, look.state, look.said) == (1, "confirmed", "")


@named(DENIED, REJECTED, LATE, LAGS)
def test_one_click_is_one_request(seller: Seller, one: DemoOrder) -> None:
    assert seller.look(one, 1).submits == 1


@named(REJECTED, LATE, LAGS, STRAY, SUBMIT, SLIDER)
def test_an_outcome_that_nothing_proves_is_unknown(seller: Seller, one: DemoOrder) -> None:
    look = seller.look(one, 1)
    assert (look.state, look.kinds) == ("unknown", ["OutcomeUnknown"])


@named(CUT, HAND, EMOJI)
def test_stops_before_the_click_and_asks(seller: Seller, one: DemoOrder) -> None:
    look = seller.look(one, 1)
    assert (look.submits, look.kinds) == (0, ["Mismatch"])


def test_bought_by_hand_is_named(seller: Seller) -> None:
    assert by_hand_number(seller.road) in seller.look(HAND, 1).said


def test_a_second_process_ends_with_2_and_names_the_first(seller: Seller) -> None:
    second = seller.second
    assert second is not None
    assert second.code == 2
    assert re.search(r"\d{2,}", second.words.split("ledger.lock")[0]), second.words


def test_a_gbk_console_prints_emoji_without_ending_the_run(seller: Seller) -> None:
    end = seller.ends[0]
    assert end.code == 1
    assert "香薰蜡烛?" in end.out.decode("gbk")
    assert b"UnicodeEncodeError" not in end.err


# ---- the next day


@named(LATE, LAGS, STRAY)
def test_found_by_the_next_run_it_is_bought_once(seller: Seller, one: DemoOrder) -> None:
    look = seller.look(one, 2)
    assert (look.bought, look.submits, look.state, look.said) == (1, 1, "confirmed", "")


@named(SUBMIT, SLIDER)
def test_unknown_stays_unknown_and_is_not_clicked_again(seller: Seller, one: DemoOrder) -> None:
    looks = [seller.look(one, run) for run in (1, 2, 3)]
    assert [(look.bought, look.submits, look.state) for look in looks] == [(0, 1, "unknown")] * 3


def test_resolve_with_the_number_of_the_order_bought_by_hand_takes_it(seller: Seller) -> None:
    known = seller.road.purchase(HAND)
    assert known is not None
    assert (known.supplier_order_number, known.state) == (by_hand_number(seller.road), "placed")
    assert seller.road.bought(HAND) == 0, "nothing with our reference: it was not bought again"


@named(SUBMIT, SLIDER, CUT)
def test_resolve_with_a_number_that_is_not_it_is_refused(seller: Seller, one: DemoOrder) -> None:
    known = seller.road.purchase(one)
    assert known is not None
    assert (known.supplier_order_number, known.state) == ("", "planned")
    assert seller.look(one, 2).kinds


def test_not_placed_is_taken_on_a_persons_word_only_and_buys_nothing_again(seller: Seller) -> None:
    road = seller.road
    assert (seller.look(REJECTED, 2).state, seller.look(REJECTED, 3).state) == ("unknown", "refused")
    known = road.purchase(REJECTED)
    assert known is not None and known.state == "dead"
    phone = REJECTED.receiver["phone"]
    assert [each for each in road.market.mall.orders if each.draft.phone == phone] == []
    assert seller.look(REJECTED, 3).kinds, "a person is asked whether to buy it again"


# ---- all of it


def test_one_more_run_changes_nothing_at_the_sites(seller: Seller) -> None:
    sent = [[(look.submits, look.parcels) for look in looks.values()] for looks in seller.looks]
    assert (seller.books[1], sent[1]) == (seller.books[2], sent[2])


def test_the_days_tell_no_lie(seller: Seller) -> None:
    assert seller.road.lies([one for one in ORDERS if one is not HAND]) == []
