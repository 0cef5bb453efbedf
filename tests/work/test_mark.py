"""Marked as shipped by a click of its own: after the last number, once, proven by the shop's own page, and never guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from agent.models import CommitFacts, CommitOutcome, Reading
from agent.work.mark import mark_all
from agent.work.recover import recover
from tests.ledger.goods import POST, SHOP
from tests.work.test_ship import ONE, TWO, A, B, Given, Shop, given  # noqa: F401  # a fixture


@dataclass
class Marking(Shop):
    """A shop in which a number alone ships nothing."""

    opens: str = ""  # another order than the one asked for
    dies: bool = False  # the program is killed when the click has done its work

    def play(self, flow: str, values: Mapping[str, str]) -> Reading:
        shown = super().play(flow, values)
        state = self.state.get(values["order.order_number"], "to_ship")
        return Reading({**shown.values, "state": state}, shown.raw, {})

    def commit(self, flow: str, values: Mapping[str, Any], record: Callable[[CommitFacts], None]) -> CommitOutcome:
        if flow != "mark_shipped":
            return super().commit(flow, values, record)
        number = values["order.order_number"]
        record(CommitFacts("", "", {"order_number": self.opens or number}))
        self.commits.append((flow, values))
        if not self.lies:
            self.state[number] = "shipped"
        if self.dies:
            raise KeyboardInterrupt
        return CommitOutcome("expected", "", (POST,), (), None)


@pytest.fixture
def shop(given: Given) -> Iterator[Marking]:  # noqa: F811
    marking = Marking(given.shop.lines)
    given.shop = given.run.desks["shop-main"] = marking  # type: ignore[assignment]
    site = given.run.config.site_of("shop-main")
    site.flows["mark_shipped"] = 1  # type: ignore[index]
    site.touches.shop = marking  # type: ignore[attr-defined]
    yield marking


def marked(given: Given) -> None:  # noqa: F811
    mark_all(given.run, given.run.config.shops[SHOP])


def state(given: Given, number: str = A) -> str:  # noqa: F811
    write = given.ledger.write("mark_shipped", f"{SHOP}:{number}")
    return write.state if write else ""


def test_only_after_the_last_number_and_once(given: Given, shop: Marking) -> None:  # noqa: F811
    first, second = given.parcel(A, ONE, "x"), given.parcel(A, TWO, "y", ordinal=2)
    given.enter(first)
    marked(given)
    assert given.flows() == ["ship_parcel"], "a part of it is still to come"
    shop.state[A] = "partly_shipped"
    given.enter(second)
    shop.state[A] = "to_ship"
    marked(given)
    marked(given)
    assert given.flows() == ["ship_parcel", "ship_parcel", "mark_shipped"] and given.looked[-1] == ("mark_shipped", 2)
    assert state(given) == "confirmed" and given.reasons() == []
    assert given.ledger.order(SHOP, A).state == "shipped"  # type: ignore[union-attr]


def test_what_is_marked_already_is_not_clicked(given: Given, shop: Marking) -> None:  # noqa: F811
    given.enter(given.parcel(A, ONE, "x", "y"))
    shop.state[A] = "shipped"
    marked(given)
    assert given.flows() == ["ship_order"] and state(given) == "confirmed"


def test_a_site_without_such_a_click_is_left_alone(given: Given) -> None:  # noqa: F811
    given.enter(given.parcel(A, ONE, "x", "y"))
    marked(given)
    assert given.flows() == ["ship_order"] and state(given) == ""


def test_another_order_on_the_page_is_not_clicked(given: Given, shop: Marking) -> None:  # noqa: F811
    given.enter(given.parcel(A, ONE, "x", "y"))
    shop.opens = B
    marked(given)
    assert given.flows() == ["ship_order"] and state(given) == "intended"


def test_what_the_shop_does_not_show_stays_unknown_and_is_not_clicked_again(given: Given, shop: Marking) -> None:  # noqa: F811
    given.enter(given.parcel(A, ONE, "x", "y"))
    shop.lies = True
    marked(given)
    marked(given)
    assert given.flows() == ["ship_order", "mark_shipped"]
    assert (state(given), given.reasons()) == ("unknown", ["ship_unknown"])
    shop.state[A] = "shipped"
    recover(given.run)
    assert (state(given), given.reasons()) == ("confirmed", [])


def test_killed_at_the_click_it_is_settled_by_the_next_run(given: Given, shop: Marking) -> None:  # noqa: F811
    given.enter(given.parcel(A, ONE, "x", "y"))
    shop.dies = True
    with pytest.raises(KeyboardInterrupt):
        marked(given)
    assert state(given) == "committing"
    recover(given.run)
    marked(given)
    assert given.flows() == ["ship_order", "mark_shipped"] and state(given) == "confirmed"


def test_an_order_of_which_a_line_was_not_bought_is_not_marked(given: Given, shop: Marking) -> None:  # noqa: F811
    given.enter(given.parcel(A, ONE, "x", "y"))
    given.ledger.db.execute(
        "INSERT INTO order_lines SELECT shop, order_number, 'z', title, specification, merchant_code, quantity, after_sales, kind,"
        " product_id, price FROM order_lines WHERE order_number = ? LIMIT 1",
        [A],
    )
    marked(given)
    assert given.flows() == ["ship_order"]
