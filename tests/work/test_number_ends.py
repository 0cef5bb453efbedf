"""How entering a number ends when it does not simply go well: what is asked, what it says, and that it goes when its matter is settled."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.ledger import StoredShipment
from agent.models import CommitFacts, CommitOutcome
from agent.work.change_number import ask_to_change, change_numbers
from agent.work.closing import parcels_went_on
from agent.work.parcels import two_carriers
from agent.work.recover import apply_answers, recover
from agent.work.run import order_failures
from agent.work.ship import is_ours, order_of
from tests.ledger.goods import LATER, POST, SHOP
from tests.work.test_ship import NEW, ONE, TWO, A, B, Given, Shop, given  # noqa: F401  # a fixture

YUANTONG = "圆通速递"


class Refusing(Shop):
    """A shop that refuses some numbers in its own words."""

    refuses: tuple[str, ...] = (ONE,)

    def commit(self, flow: str, values: Mapping[str, Any], record: Callable[[CommitFacts], None]) -> CommitOutcome:
        if values["shipment.tracking_number"] not in self.refuses:
            return super().commit(flow, values, record)
        self.lies = True
        done = super().commit(flow, values, record)
        self.lies = False
        return replace(done, end="refused", words="运单号有误", requests=(POST,))


@pytest.fixture
def refusing(given: Given) -> Given:  # noqa: F811
    shop = Refusing(given.shop.lines)
    given.shop = given.run.desks["shop-main"] = shop  # type: ignore[assignment]
    given.run.config.site_of("shop-main").touches.shop = shop  # type: ignore[attr-defined]
    return given


def later(given: Given, hours: int = 1, *, unread: Collection[str] = ()) -> None:  # noqa: F811
    """Another run, some hours later: first it looks at what the one before left open. `unread`: purchases whose pages do not come."""
    at = LATER + timedelta(hours=hours)
    number = given.ledger.begin_run(at, "")
    read = {purchase.reference for purchase in given.ledger.purchases("placed", "shipped", "done")} - {*unread}
    clock = cast(Any, SimpleNamespace(now=lambda: at))
    given.run = replace(given.run, id=number, clock=clock, stopped=set(), followed=read)
    recover(given.run)


def enter(given: Given) -> None:  # noqa: F811
    """Enter what waits, and see which questions are settled by that."""
    given.enter(*given.ledger.shipments(entered=False))
    went_on(given)


def went_on(given: Given) -> None:  # noqa: F811
    asked = ask_to_change(given.run, given.run.config.shops[SHOP])
    parcels_went_on(given.run, {(SHOP, A), (SHOP, B)}, asked)


def refused(given: Given) -> StoredShipment:  # noqa: F811
    """A parcel whose number the shop has refused, and that it shows to be refused."""
    given.enter(given.parcel(A, ONE, "x", "y"))
    assert given.reasons() == ["ship_unknown"], "a first look that finds nothing proves nothing"
    later(given)
    (kept,) = given.ledger.shipments(SHOP, A)
    write = given.ledger.write("ship", kept.key)
    assert write is not None and write.state == "refused"
    return kept


def by_hand(given: Given, number: str = ONE) -> None:  # noqa: F811
    given.shop.parcels[A] = [(YUANTONG, number, {A + "x": 1, A + "y": 1})]


def test_what_was_not_known_is_asked_no_more_once_it_is_known(refusing: Given) -> None:
    refused(refusing)
    assert refusing.reasons() == ["tracking"]


def test_nor_once_something_else_is_known_to_stand_there(given: Given) -> None:  # noqa: F811
    given.shop.lies = True
    given.enter(given.parcel(A, ONE, "x", "y"))
    by_hand(given, TWO)
    later(given)
    assert given.reasons() == ["tracking"]


def test_of_two_orders_each_is_asked_no_more(given: Given) -> None:  # noqa: F811
    given.shop.lies = True
    given.enter(given.parcel(A, ONE, "x", "y"), given.parcel(B, ONE, "x", "y"))
    assert given.reasons() == ["ship_unknown"] * 2
    by_hand(given)
    later(given)
    assert given.reasons() == ["tracking"] * 2, "one of them shows it, the other does not"


def test_one_parcel_that_is_known_leaves_the_question_about_the_other(refusing: Given) -> None:
    refusing.shop.refuses = (TWO,)  # type: ignore[attr-defined]
    refusing.shop.lies = True
    refusing.enter(refusing.parcel(A, ONE, "x"), refusing.parcel(A, TWO, "y", ordinal=2))
    assert refusing.reasons() == ["ship_unknown"]
    later(refusing)
    states = [refusing.ledger.write("ship", each.key).state for each in refusing.ledger.shipments()]  # type: ignore[union-attr]
    assert (states, set(refusing.reasons())) == (["unknown", "refused"], {"ship_unknown", "tracking"})


def test_found_in_the_shop_while_it_was_not_known_nothing_is_asked_any_more(given: Given) -> None:  # noqa: F811
    given.shop.lies = True
    given.enter(given.parcel(A, ONE, "x", "y"))
    by_hand(given)
    enter(given)
    assert (given.reasons(), given.states()[0]) == ([], "done")


def test_what_is_not_known_is_one_question_that_speaks_of_the_shop(given: Given) -> None:  # noqa: F811
    given.shop.lies = True
    given.enter(given.parcel(A, ONE, "x", "y"))
    for hours in (1, 2):
        later(given, hours)
        enter(given)
    (item,) = given.ledger.items()
    assert item.reason == "ship_unknown" and item.what.startswith("Nobody knows whether the tracking number")
    assert "buy" not in item.todo and "resolve" not in item.todo and "in the shop" in item.todo
    assert given.flows() == ["ship_order"]


def test_a_changed_number_of_which_nobody_knows_is_one_question_too(given: Given) -> None:  # noqa: F811
    kept = _changes(given)
    given.shop.lies = True
    _say(given, "approve")
    for hours in (1, 2):
        later(given, hours)
        change_numbers(given.run, given.run.config.shops[SHOP])
        went_on(given)
    (item,) = given.ledger.items()
    assert (item.reason, kept.tracking_number) == ("ship_unknown", ONE) and "resolve" not in item.todo
    assert given.flows() == ["ship_order", "change_number"]


def test_a_refused_number_is_asked_about_until_a_person_has_entered_it(refusing: Given) -> None:
    refused(refusing)
    enter(refusing)
    assert set(refusing.reasons()) == {"tracking"} and refusing.flows() == ["ship_order"]
    assert any("by hand" in item.todo for item in refusing.ledger.items())
    by_hand(refusing)
    later(refusing, 2)
    enter(refusing)
    assert (refusing.reasons(), refusing.states()[0]) == ([], "done")


def test_what_was_sent_twice_and_never_came_is_asked_about_until_a_person_has_entered_it(given: Given) -> None:  # noqa: F811
    given.shop.lies = True
    never_left(given)
    kept = given.parcel(A, ONE, "x", "y")
    for _each in range(3):
        given.enter(kept)
    assert (given.flows(), given.reasons()) == (["ship_order"] * 2, ["tracking"])
    by_hand(given)
    later(given)
    enter(given)
    assert given.reasons() == []


def never_left(given: Given) -> None:  # noqa: F811
    """From now on no click sends anything."""
    commit = given.shop.commit
    given.shop.commit = lambda *told: replace(commit(*told), requests=())  # type: ignore[method-assign]


def test_a_number_that_the_supplier_corrects_is_entered_once_and_the_purchase_is_done(refusing: Given) -> None:
    kept = refused(refusing)
    refusing.ledger.renumber(kept.shipment, YUANTONG, NEW, anew=True)
    enter(refusing)
    enter(refusing)
    assert (refusing.shown(A), refusing.flows()) == ([(NEW, {A + "x": 1, A + "y": 1})], ["ship_order"] * 2)
    assert refusing.states()[0] == "done"
    assert [(each.ordinal, each.tracking_number) for each in refusing.ledger.shipments(SHOP, A)] == [(2, NEW)]
    assert refusing.ledger.write("ship", kept.key).state == "refused"  # type: ignore[union-attr]
    later(refusing, 2)
    enter(refusing)
    assert refusing.reasons() == []


def test_a_form_that_the_shop_does_not_have_is_asked_about_until_the_number_is_there(given: Given) -> None:  # noqa: F811
    for form in ("ship_order", "ship_parcel"):
        del given.run.config.site_of("shop-main").flows[form]  # type: ignore[attr-defined]
    given.parcel(A, ONE, "x", "y")
    for _each in range(2):
        enter(given)
        (item,) = given.ledger.items()
        assert item.reason == "tracking" and ONE in item.what and "ship_parcel" in item.what
    by_hand(given)
    later(given)
    enter(given)
    assert given.reasons() == []


def test_more_in_the_parcel_than_is_left_is_asked_about_until_it_is_not(given: Given) -> None:  # noqa: F811
    given.enter(given.parcel(A, ONE, "x"))
    given.shop.state[A] = "partly_shipped"
    second = given.parcel(A, TWO, "x", "y", ordinal=2)
    for _each in range(2):
        enter(given)
        (item,) = given.ledger.items()
        assert (item.reason, "agent parcels" in item.todo) == ("tracking", True)
    given.ledger.put_in(second.shipment, {A + "y": 1}, "person")
    later(given)
    enter(given)
    assert (given.reasons(), given.states()[0]) == ([], "done")


def test_one_parcel_under_two_carriers_is_not_entered(given: Given) -> None:  # noqa: F811
    given.parcel(A, ONE, "x", "y")
    other = given.parcel(B, ONE, "x", "y")
    given.ledger.renumber(other.shipment, "中通快递", ONE)
    enter(given)
    assert (given.flows(), given.reasons()) == ([], ["tracking"] * 2)
    later(given, unread=[other.reference])
    enter(given)
    assert (given.flows(), given.reasons()) == ([], ["tracking"] * 2), (
        "nor for the one order while the other's page does not come"
    )
    given.ledger.renumber(other.shipment, YUANTONG, ONE)
    later(given)
    enter(given)
    assert (given.flows(), given.reasons()) == (["ship_merged"], [])


def test_what_two_pages_name_two_carriers_for_is_not_entered_before_both_were_read_and_agree(given: Given) -> None:  # noqa: F811
    kept = given.parcel(A, ONE, "x", "y")
    with order_failures(given.run, order_of(given.run, kept), stays=lambda _error: False):
        raise two_carriers(ONE).at(account="mall-yiwu", order=A)
    enter(given)
    assert (given.flows(), given.reasons()) == ([], ["tracking"])
    later(given, unread=[kept.reference])
    enter(given)
    assert (given.flows(), given.reasons()) == ([], ["tracking"]), "that one page does not come is no agreement"
    later(given)
    enter(given)
    assert (given.flows(), given.reasons()) == (["ship_order"], [])


# ---- a number that the supplier changed after it was entered


def _changes(given: Given, carrier: str = YUANTONG) -> StoredShipment:  # noqa: F811
    given.enter(given.parcel(A, ONE, "x", "y"))
    (kept,) = given.ledger.shipments()
    given.ledger.number_changes(kept.shipment, carrier, NEW)
    return kept


def _say(given: Given, answer: str) -> None:  # noqa: F811
    shop = given.run.config.shops[SHOP]
    ask_to_change(given.run, shop)
    (item,) = [each for each in given.ledger.items() if each.reason == "number_changed"]
    given.ledger.answer(item.id, answer, LATER)
    change_numbers(given.run, shop)


def test_a_yes_to_one_carrier_is_none_to_another(given: Given) -> None:  # noqa: F811
    kept = _changes(given)
    ask_to_change(given.run, given.run.config.shops[SHOP])
    given.ledger.answer(given.ledger.items()[0].id, "approve", LATER)
    given.ledger.number_changes(kept.shipment, "中通快递", NEW)
    change_numbers(given.run, given.run.config.shops[SHOP])
    assert given.flows() == ["ship_order"]
    _say(given, "approve")
    assert given.shop.parcels[A] == [("中通快递", NEW, {A + "x": 1, A + "y": 1})]


def test_a_change_that_is_left_as_it_is_leaves_the_order_to_the_program(given: Given) -> None:  # noqa: F811
    given.enter(given.parcel(A, ONE, "x"))
    (kept,) = given.ledger.shipments()
    given.ledger.number_changes(kept.shipment, YUANTONG, NEW)
    _say(given, "reject")
    apply_answers(given.run)
    went_on(given)
    stored = given.ledger.order(SHOP, A)
    assert stored and (stored.disposition, given.reasons(), given.ledger.unapplied_answers()) == ("ours", [], [])
    assert given.shown(A)[0][0] == ONE
    second = given.parcel(A, TWO, "y", ordinal=2)
    assert is_ours(given.run, second), "its second parcel is entered"


def test_a_form_that_shows_otherwise_is_asked_about_until_it_went(given: Given) -> None:  # noqa: F811
    _changes(given)
    given.shop.shows = {"tracking_number": TWO}
    _say(given, "approve")
    assert (given.flows(), given.reasons()) == (["ship_order"], ["tracking"])
    given.shop.shows = {}
    later(given)
    change_numbers(given.run, given.run.config.shops[SHOP])
    went_on(given)
    assert (given.shown(A)[0][0], given.reasons()) == (NEW, [])


def test_a_shop_where_no_number_can_be_changed_asks_until_it_is(given: Given) -> None:  # noqa: F811
    _changes(given)
    del given.run.config.site_of("shop-main").flows["change_number"]  # type: ignore[attr-defined]
    _say(given, "approve")
    went_on(given)
    (item,) = given.ledger.items()
    assert item.reason == "tracking" and NEW in item.what
    by_hand(given, NEW)
    later(given)
    change_numbers(given.run, given.run.config.shops[SHOP])
    went_on(given)
    assert (given.shown(A)[0][0], given.reasons()) == (NEW, [])


def test_a_refused_change_is_asked_about_until_a_person_has_made_it(refusing: Given) -> None:
    refusing.shop.refuses = (NEW,)  # type: ignore[attr-defined]
    _changes(refusing)
    _say(refusing, "approve")
    later(refusing)
    change_numbers(refusing.run, refusing.run.config.shops[SHOP])
    went_on(refusing)
    assert set(refusing.reasons()) == {"tracking"} and refusing.flows() == ["ship_order", "change_number"]
    by_hand(refusing, NEW)
    later(refusing, 2)
    change_numbers(refusing.run, refusing.run.config.shops[SHOP])
    went_on(refusing)
    assert (refusing.reasons(), refusing.ledger.shipments()[0].tracking_number) == ([], NEW)
