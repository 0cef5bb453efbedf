"""An order that is not bought whole any more: a person is told what is left, once, and until it is settled in the shop."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agent.ledger import InboxItem
from agent.work.buy import refuse_unwanted
from agent.work.day import to_be_bought
from tests.ledger.goods import LATER, NUMBER, SHOP, parcel, purchase
from tests.work.reading import Given, given

__all__ = ["given"]
A, B = f"{NUMBER}A", f"{NUMBER}B"


@pytest.fixture
def shop(given: Given) -> Given:
    """One order of two lines, not read yet."""
    given.put_up(NUMBER)
    return given


def the_item(shop: Given) -> InboxItem:
    (item,) = shop.items()
    assert (item.reason, item.order_number) == ("left_over", NUMBER)
    return item


def bought(shop: Given, line: str) -> None:
    one = purchase(lines=(line,))
    shop.ledger.plan([one], LATER)
    facts: dict[str, Any] = {"shop": SHOP, "order_number": NUMBER, "reference": one.reference, "account": one.account}
    shop.ledger.found_done("submit", one.reference, **facts, at=LATER)
    shop.ledger.placed(one.reference, ("900100",), None, None, LATER)


# ---- one line was refunded


@pytest.mark.parametrize("before", [(), ("open", "none")], ids=["at the first look", "after it was asked for"])
def test_what_a_refund_leaves_of_a_new_order_is_asked_about_once_and_never_bought(shop: Given, before: tuple[str, ...]) -> None:
    if before:
        shop.after_sales(*before)
        shop.read()
        assert (shop.items(), shop.stored().disposition) == ([], "new")
    shop.after_sales("refunded", "none")
    shop.read()
    item = the_item(shop)
    assert "goods A" in item.what.split(";")[0] and "goods B" in item.what.split(";")[1] and "by hand" in item.todo
    assert (shop.would_buy, shop.stored().disposition) == ([], "ours")
    shop.read()
    assert the_item(shop).id == item.id


def test_a_line_that_was_cancelled_by_itself_is_one_that_was_refunded(shop: Given) -> None:
    shop.desk.line_states = {A: "cancelled", B: "to_ship"}
    shop.read()
    assert "goods B" in the_item(shop).what.split(";")[1]
    assert (shop.would_buy, shop.stored().state) == ([], "to_ship")


def test_of_an_order_of_ours_the_cancelled_line_is_never_bought_though_its_own_page_says_nothing(shop: Given) -> None:
    shop.read()
    assert (shop.would_buy, shop.asked()) == ([NUMBER], [])
    shop.desk.line_states = {A: "cancelled", B: "to_ship"}
    refuse_unwanted(shop.desk.orders[NUMBER], begun=False, ships=False)  # as the page shows it, nothing is against buying
    shop.read()
    the_item(shop)
    assert shop.would_buy == []


def test_all_refunded_leaves_nothing_to_ask(shop: Given) -> None:
    shop.after_sales("refunded", "refunded")
    shop.read()
    assert (shop.items(), shop.stored().disposition) == ([], "not_ours")


def test_a_refund_beside_one_that_is_still_open_is_waited_for(shop: Given) -> None:
    shop.after_sales("refunded", "open")
    shop.read()
    assert (shop.items(), shop.stored().disposition) == ([], "new")
    shop.after_sales("refunded", "closed")
    shop.read()
    the_item(shop)


def test_what_was_bought_already_is_not_left(shop: Given) -> None:
    shop.read()
    bought(shop, B)
    shop.after_sales("refunded", "none")
    shop.read()
    assert shop.items() == []


# ---- a part of it was sent by somebody else


def sent_in_part(shop: Given) -> None:
    shop.read()
    assert shop.would_buy == [NUMBER]
    shop.desk.line_states = {A: "shipped", B: "to_ship"}
    shop.read()


def test_what_a_colleague_left_of_an_order_of_ours_is_asked_about_once(shop: Given) -> None:
    sent_in_part(shop)
    item = the_item(shop)
    assert "goods B" in item.what and "goods A" not in item.what
    assert (shop.stored().state, shop.would_buy) == ("partly_shipped", [])
    shop.read()
    assert the_item(shop).id == item.id


def test_without_a_state_of_each_line_all_are_named(shop: Given) -> None:
    shop.read()
    shop.change(state="partly_shipped")
    shop.read()
    assert "goods A" in the_item(shop).what and "goods B" in the_item(shop).what


def test_what_is_parked_already_has_its_question(shop: Given) -> None:
    shop.read()
    shop.ledger.park(SHOP, NUMBER, "a remark")
    shop.desk.line_states = {A: "shipped", B: "to_ship"}
    shop.read()
    assert shop.items() == []


def test_a_parcel_of_ours_in_the_shop_lets_the_rest_be_bought(shop: Given) -> None:
    shop.read()
    bought(shop, A)
    shop.desk.line_states = {A: "shipped", B: "to_ship"}
    shop.read()
    assert shop.items() == [], "its parcel is followed, and may be what was sent"
    shop.ledger.save_shipment(parcel(), {A: 1}, LATER)
    shop.ledger.entered(SHOP, NUMBER, 1, LATER)
    shop.read()
    assert (shop.items(), shop.would_buy) == ([], [NUMBER])


def test_once_a_person_buys_the_rest_the_program_does_not_whatever_becomes_of_it(shop: Given) -> None:
    sent_in_part(shop)
    shop.ledger.release(SHOP, NUMBER)
    shop.desk.line_states = {}
    shop.read()
    the_item(shop)
    assert shop.would_buy == []


def test_what_was_cancelled_while_the_order_was_parked_is_not_bought_once_that_is_over(shop: Given) -> None:
    """Released after the list was read, by a new day or by what another purchase of it proved; its own page says nothing of A."""
    shop.read()
    shop.ledger.park(SHOP, NUMBER, "a limit of the day")
    shop.desk.line_states = {A: "cancelled", B: "to_ship"}
    shop.read()
    shop.ledger.release(SHOP, NUMBER)
    assert not to_be_bought(shop.run, shop.stored())
    shop.read()
    the_item(shop)
    assert shop.would_buy == []


def test_what_goes_on_well_of_the_order_neither_closes_the_question_nor_lets_the_rest_be_bought(shop: Given) -> None:
    sent_in_part(shop)
    shop.ledger.release(SHOP, NUMBER)
    shop.ledger.close_items_of(SHOP, NUMBER, LATER)
    shop.desk.listed.clear()  # a list of those to be sent alone does not show it any more
    shop.read()
    the_item(shop)
    assert not to_be_bought(shop.run, shop.stored())


def test_what_a_refund_leaves_of_an_order_that_the_list_does_not_show_any_more_is_asked_about(shop: Given) -> None:
    """A is sent, so a list of those to be sent does not show it; that C was refunded stood on its own page, read to buy B."""
    shop.read()
    bought(shop, A)
    shop.ledger.save_shipment(parcel(), {A: 1}, LATER)
    shop.ledger.entered(SHOP, NUMBER, 1, LATER)
    third = replace(shop.desk.orders[NUMBER].lines[0], line_number=f"{NUMBER}C", title="goods C", after_sales="refunded")
    shop.change(state="partly_shipped", lines=(*shop.desk.orders[NUMBER].lines, third))
    shop.ledger.save_order(shop.desk.orders[NUMBER], LATER, detail=True)
    shop.desk.listed.clear()
    shop.read()
    assert "goods B" in the_item(shop).what.split(";")[1] and "goods A" not in the_item(shop).what
    assert shop.would_buy == []


# ---- how it ends


@pytest.mark.parametrize("state", ["shipped", "completed", "cancelled"])
@pytest.mark.parametrize("listed", [True, False], ids=["listed", "unlisted"])
@pytest.mark.parametrize("begin", ["refunded", "sent"])
@pytest.mark.parametrize("with_purchase", [False, True], ids=["", "a part of it is ours"])
def test_it_closes_by_itself_when_the_order_ends(
    shop: Given, state: str, listed: bool, begin: str, with_purchase: bool
) -> None:
    if begin == "refunded":
        shop.after_sales("refunded", "none")
        shop.read()
    else:
        sent_in_part(shop)
    the_item(shop)
    if with_purchase:
        bought(shop, A)
    shop.desk.line_states = {}
    shop.change(state=state)
    if not listed:
        shop.desk.listed.clear()
    shop.read()
    assert shop.items() == []
    assert any("Settled by itself" in event.what for event in shop.ledger.story(SHOP, NUMBER))


def test_it_stays_while_the_page_of_an_unlisted_order_shows_it_due(shop: Given) -> None:
    sent_in_part(shop)
    item = the_item(shop)
    shop.change(state="partly_shipped")
    shop.desk.listed.clear()
    shop.read()
    assert shop.desk.opened[0] == NUMBER and the_item(shop) == item


def test_it_closes_when_the_rest_is_sent_beside_a_cancelled_line(shop: Given) -> None:
    shop.desk.line_states = {A: "cancelled", B: "to_ship"}
    shop.read()
    shop.desk.line_states = {A: "cancelled", B: "shipped"}
    shop.read()
    assert (shop.items(), shop.stored().state) == ([], "shipped")


def test_it_closes_when_the_rest_is_refunded_too(shop: Given) -> None:
    shop.after_sales("refunded", "none")
    shop.read()
    shop.after_sales("refunded", "refunded")
    shop.read()
    assert shop.items() == []


def test_left_to_a_person_it_is_not_asked_again(shop: Given) -> None:
    sent_in_part(shop)
    shop.ledger.answer(the_item(shop).id, "reject", LATER)
    shop.read()
    shop.read()
    assert (shop.items(), shop.stored().disposition, shop.would_buy) == ([], "not_ours", [])


def test_handing_it_over_does_not_buy_what_a_person_buys(shop: Given) -> None:
    sent_in_part(shop)
    shop.ledger.answer(the_item(shop).id, "reject", LATER)
    shop.read()
    shop.ledger.answer_order(SHOP, NUMBER, "take", LATER)
    shop.read()
    the_item(shop)
    assert shop.would_buy == []


def test_an_order_under_review_keeps_its_question(shop: Given) -> None:
    sent_in_part(shop)
    shop.desk.line_states = {}
    shop.change(state="under_review")
    shop.read()
    the_item(shop)
