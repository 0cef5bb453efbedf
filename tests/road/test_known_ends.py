"""Faults on the road whose end the agent can prove, over two runs.

Buying · the next day, when some were sent, one buyer wants the money back, and the shop plays tricks.
"""

from __future__ import annotations

import pytest

from tests.market.core import Market
from tests.market.demo_orders import DemoOrder
from tests.road.conftest import MakeRoad
from tests.road.days import L, Seller, at_submit, named
from tests.road.road import Road, order

pytestmark = pytest.mark.long


def quota_gone(market: Market, one: DemoOrder) -> None:
    market.faults.add("kill_before", one.reference, "submit", call=lambda: market.shop.set_quota(0))


LOST = order(9, happens=at_submit("drop_after"), trap="the answer is lost on a kept connection")
TWICE = order(11, happens=at_submit("twice"), trap="the server writes twice")
CONFIRM = order(13, happens=at_submit("session_expires", "confirm"), trap="the sign-in ends at the confirm page")
RERENDER = order(16, happens=at_submit("rerender_total", "confirm", value=9900), trap="another total under the click")
DEARER = order(
    17,
    goods=("BLB", "透明 500ml"),
    happens=at_submit("price_changes", "confirm", value=1500),
    trap="dearer on the confirm page",
)
DEARER_AFTER = order(
    18, goods=("SNK", "藏青/L"), happens=at_submit("price_changes", value=1890), trap="dearer after the confirm page"
)
SECOND = order(21, happens=at_submit("second_button", "confirm"), trap="a second button")
TWIN = order(22, happens=at_submit("hidden_twin", "confirm"), trap="a hidden twin")
BUYER = order(23, goods=L, trap="the same buyer orders twice")
BUYER_AGAIN = DemoOrder(order(24).number, "the same again", "shipped", receiver=BUYER.receiver, lines=BUYER.lines)
CUT_OFF = order(32, happens=quota_gone, trap="the last before the reveals are used up")
NO_QUOTA = order(33, trap="the reveals are used up")

ORDERS = (LOST, TWICE, CONFIRM, RERENDER, DEARER, DEARER_AFTER, SECOND, TWIN, BUYER, BUYER_AGAIN, CUT_OFF, NO_QUOTA)
SHIP_LOST, SHIP_LIED, SHIP_TAKEN, REFUNDED, SHIP_PLAIN = LOST, BUYER_AGAIN, CONFIRM, TWIN, BUYER


@pytest.fixture(scope="module")
def seller(make_road: MakeRoad) -> Seller:
    """Two runs."""
    road = make_road(32, keep_alive=True, wait="6 s", autonomy="place_and_pay")
    seller, market, shop = Seller(road, ORDERS), road.market, road.market.shop
    market.mall.takes_repeats = True
    road.put_up(*ORDERS)
    seller.run()

    shop.set_quota(10_000)
    road.ship(SHIP_LOST, SHIP_LIED, SHIP_TAKEN, REFUNDED, SHIP_PLAIN)
    market.faults.add("drop_after", SHIP_LOST.number, "ship")
    market.faults.add("success_shown_write_rejected", SHIP_LIED.number, "ship")
    other = shop.add_order(state="备货中", remark="不发")
    shop.write_parcel(other, "圆通速递", number_sent(road, SHIP_TAKEN), [one.number for one in other.lines])
    shop.open_refund(REFUNDED.number)
    seller.run()
    return seller


def number_sent(road: Road, one: DemoOrder) -> str:
    return road.market.mall.orders_with(one.reference)[0].parcels[0].tracking_number


# ---- the first run


@named(LOST, CONFIRM, TWIN, BUYER, BUYER_AGAIN, CUT_OFF)
def test_is_bought_once_in_the_first_run(seller: Seller, one: DemoOrder) -> None:
    look = seller.look(one, 1)
    assert (look.bought, look.state, look.said) == (1, "confirmed", "")


@named(LOST, TWICE, TWIN)
def test_one_click_is_one_request(seller: Seller, one: DemoOrder) -> None:
    assert seller.look(one, 1).submits == 1


def test_written_twice_by_the_server_is_held_with_both_numbers(seller: Seller) -> None:
    numbers = [each.number for each in seller.road.market.mall.orders_with(TWICE.reference)]
    look = seller.look(TWICE, 1)
    assert (len(numbers), look.state) == (2, "held")
    assert all(number in look.said for number in numbers)


def test_another_total_under_the_click_sends_nothing(seller: Seller) -> None:
    first, second = seller.look(RERENDER, 1), seller.look(RERENDER, 2)
    assert (first.submits, first.state) == (0, "intended")
    assert (second.bought, second.submits) == (1, 1)


def test_dearer_after_the_confirm_page_is_held_with_its_number(seller: Seller) -> None:
    look = seller.look(DEARER_AFTER, 1)
    (only,) = seller.road.market.mall.orders_with(DEARER_AFTER.reference)
    assert (look.bought, look.state) == (1, "held")
    assert only.number in look.said


@pytest.mark.parametrize(("one", "kind"), [(DEARER, "LimitReached"), (SECOND, "PageChanged")])
def test_stops_before_the_click_and_asks(seller: Seller, one: DemoOrder, kind: str) -> None:
    look = seller.look(one, 1)
    assert (look.submits, look.kinds) == (0, [kind])


def test_used_up_reveals_stop_before_the_form_and_park_nothing(seller: Seller) -> None:
    first, second = seller.look(NO_QUOTA, 1), seller.look(NO_QUOTA, 2)
    assert (first.submits, first.state, second.bought) == (0, "", 1)


# ---- the next day


def test_a_lost_answer_while_shipping_is_proven_in_the_shop(seller: Seller) -> None:
    look = seller.look(SHIP_LOST, 2)
    assert (look.parcels, look.said) == ([number_sent(seller.road, SHIP_LOST)], "")


def test_a_number_the_shop_only_says_it_took_is_unknown(seller: Seller) -> None:
    look = seller.look(SHIP_LIED, 2)
    assert (look.parcels, look.kinds) == ([], ["OutcomeUnknown"])


def test_a_number_the_shop_refuses_is_asked_about(seller: Seller) -> None:
    look = seller.look(SHIP_TAKEN, 2)
    assert (look.parcels, len(look.kinds)) == ([], 1)


def test_a_refund_opened_after_buying_stops_the_shipping(seller: Seller) -> None:
    look = seller.look(REFUNDED, 2)
    assert (look.parcels, look.kinds) == ([], ["Mismatch"])


def test_an_ordinary_parcel_is_entered(seller: Seller) -> None:
    assert seller.look(SHIP_PLAIN, 2).parcels == [number_sent(seller.road, SHIP_PLAIN)]


def test_the_days_tell_no_lie_but_what_the_server_did_twice(seller: Seller) -> None:
    assert seller.road.lies(ORDERS) == [f"{TWICE.number} was bought 2 times"]
