"""A shop order as its own page shows it: what is no order, whatever its words say, is not taken for one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agent.errors import Mismatch
from agent.models import Reading, Unreadable
from agent.work.read_orders import order_from_detail, order_from_rows
from tests.ledger.goods import NOW, NUMBER

HOURS = timedelta(hours=48)


def page(**changed: object) -> Reading:
    values = {"order_number": NUMBER, "ordered_at": NOW, "ship_by": NOW + HOURS, "state": "to_ship", "buyer_message": ""}
    shown = {"receiver_name": "张*", "phone": "138****1234", "address": "浙江省 ****"}
    return Reading({**values, "lines": (), **changed}, shown, {})  # type: ignore[arg-type]


def test_an_order_may_have_a_ship_by_time_or_none() -> None:
    assert order_from_detail("xiaolin", page()).ship_by == NOW + HOURS
    assert order_from_detail("xiaolin", page(ship_by=None)).ship_by is None


def test_a_ship_by_time_before_the_order_stands_under_the_wrong_words() -> None:
    with pytest.raises(Mismatch, match="before the order was placed"):
        order_from_detail("xiaolin", page(ordered_at=NOW + HOURS, ship_by=NOW))


@pytest.mark.parametrize(
    ("shown", "source"),
    [({"source": "达人"}, "达人"), ({"source": "-"}, ""), ({"source": ""}, ""), ({"source": None}, ""), ({}, "")],
)
def test_where_an_order_came_from_as_its_page_and_the_list_show_it(shown: dict[str, str | None], source: str) -> None:
    assert order_from_detail("xiaolin", page(**shown)).source == source
    row = {"ordered_at": NOW, "state": "to_ship", "line_number": "1", "title": "杯", "merchant_code": "", "quantity": 1}
    assert order_from_rows("xiaolin", NUMBER, [row | {"after_sales": "none"} | shown]).source == source


def row(line: str, state: str, after_sales: str = "none") -> dict[str, object]:
    known = {"ordered_at": NOW, "title": "杯", "merchant_code": "", "quantity": 1}
    return known | {"line_number": line, "state": state, "after_sales": after_sales}


@pytest.mark.parametrize(
    ("states", "state"),
    [
        (("to_ship", "to_ship"), "to_ship"),
        (("to_ship", "shipped"), "partly_shipped"),
        (("cancelled", "to_ship"), "to_ship"),
        (("to_ship", "cancelled"), "to_ship"),
        (("cancelled", "to_ship", "shipped"), "partly_shipped"),
        (("cancelled", "shipped"), "shipped"),
        (("cancelled", "cancelled"), "cancelled"),
    ],
)
def test_a_row_that_was_cancelled_says_nothing_of_the_others(states: tuple[str, ...], state: str) -> None:
    order = order_from_rows("xiaolin", NUMBER, [row(str(at), each) for at, each in enumerate(states)])  # type: ignore[arg-type]
    assert order.state == state
    gone = [each == "cancelled" and state != "cancelled" for each in states]
    assert [line.after_sales == "refunded" for line in order.lines] == gone


def test_an_open_question_of_money_stays_open_whatever_the_row_says() -> None:
    rows = [row("1", "cancelled", "open"), row("2", "to_ship")]
    assert [line.after_sales for line in order_from_rows("xiaolin", NUMBER, rows).lines] == ["open", "none"]  # type: ignore[arg-type]


@pytest.mark.parametrize(("word", "table"), [("after_sales", True), ("quantity", False), ("price", False)])
def test_a_cell_that_could_not_be_understood_is_told_with_what_helps(word: str, table: bool) -> None:
    shown = row("1", "to_ship") | {word: Unreadable("?", "is none")}
    with pytest.raises(Mismatch) as told:
        order_from_rows("xiaolin", NUMBER, [shown])  # type: ignore[list-item]
    assert told.value.todo.startswith("Add ") == table
