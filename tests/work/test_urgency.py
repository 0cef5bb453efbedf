"""A ship-by time counts while something of its order has still to be shipped: in the inbox, in the message and in the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent.ledger import Ledger
from agent.work.groups import grouped, to_ship_by
from agent.work.notify import due, message
from agent.work.report import gather
from tests.work.runs import BEGAN, SHOP, Day

NUMBER, OTHER = "6920000000000000001", "6920000000000000002"
DAYS = timedelta(days=17)


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        made = Day(ledger)
        made.order(NUMBER, ship_by=timedelta(hours=2))
        ledger.dispose(SHOP, NUMBER, "ours", "")
        yield made


def bought(day: Day) -> None:
    day.bought(NUMBER, "REF1", "900001")


def entered(day: Day) -> None:
    """Every piece stands in the shop, whose list does not show the order any more: it still reads as to be shipped."""
    bought(day)
    day.parcel(NUMBER, "REF1", "YT8800000000001")
    day.entered(NUMBER, "REF1")
    day.ledger.advance("REF1", "shipped")
    day.ledger.advance("REF1", "done")


def sent_in_part(day: Day) -> None:
    bought(day)
    day.ledger.advance("REF1", "shipped")


def to_be_marked(day: Day) -> None:
    """Where the numbers alone do not ship it."""
    entered(day)
    day.settle(day.click("mark_shipped", f"{SHOP}:{NUMBER}", NUMBER, "REF1"), "unknown")


def marked(day: Day) -> None:
    entered(day)
    day.settle(day.click("mark_shipped", f"{SHOP}:{NUMBER}", NUMBER, "REF1"), "confirmed")


def cancelled_by_supplier(day: Day) -> None:
    """The buyer waits all the same: it may be bought again."""
    bought(day)
    day.ledger.closed_by_supplier("REF1", day.now, paid=True)


def left_to_a_person(day: Day) -> None:
    cancelled_by_supplier(day)
    day.ledger.dispose(SHOP, NUMBER, "not_ours", "a person rejected it")


def left_after_it_was_bought(day: Day) -> None:
    bought(day)
    day.ledger.dispose(SHOP, NUMBER, "not_ours", "a person rejected it")


def refunded(day: Day) -> None:
    cancelled_by_supplier(day)
    day.ledger.db.execute("UPDATE order_lines SET after_sales = 'refunded'")


def another_line(day: Day, after_sales: str) -> None:
    entered(day)
    day.ledger.db.execute(
        """
        INSERT INTO order_lines (shop, order_number, line_number, title, specification, merchant_code, quantity, after_sales, kind)
        SELECT shop, order_number, 'B', title, specification, merchant_code, quantity, ?, kind FROM order_lines
        """,
        [after_sales],
    )


def state(word: str) -> Callable[[Day], None]:
    return lambda day: day.ledger.db.execute("UPDATE orders SET state = ?", [word]) and None


CASES: dict[str, tuple[Callable[[Day], None], bool]] = {
    "nothing bought": (lambda _day: None, True),
    "bought": (bought, True),
    "sent in part": (sent_in_part, True),
    "every number in the shop": (entered, False),
    "still to be marked": (to_be_marked, True),
    "marked": (marked, False),
    "cancelled by the supplier": (cancelled_by_supplier, True),
    "left to a person": (left_to_a_person, False),
    "left, and bought already": (left_after_it_was_bought, True),
    "refunded whole": (refunded, False),
    "another line is wanted": (lambda day: another_line(day, "none"), True),
    "another line was refunded": (lambda day: another_line(day, "refunded"), False),
    "partly shipped": (state("partly_shipped"), True),
    "held by the platform": (state("under_review"), True),
    "shipped": (state("shipped"), False),
    "completed": (state("completed"), False),
    "cancelled": (state("cancelled"), False),
}


@pytest.mark.parametrize(("happened", "counts"), CASES.values(), ids=CASES)
def test_the_time_counts_while_something_is_to_be_shipped(day: Day, happened: Callable[[Day], None], counts: bool) -> None:
    happened(day)
    (order,) = day.ledger.orders()
    assert to_ship_by(day.ledger, order) == (BEGAN + timedelta(hours=2) if counts else None)


def test_an_order_without_a_time_has_none(day: Day) -> None:
    day.order(OTHER, ship_by=None)
    (order,) = day.ledger.find_order(OTHER)
    assert to_ship_by(day.ledger, order) is None


@pytest.mark.parametrize("happened", [entered, refunded, state("cancelled")], ids=["shipped", "refunded", "cancelled"])
def test_what_is_settled_comes_after_what_is_urgent_everywhere(day: Day, happened: Callable[[Day], None]) -> None:
    happened(day)
    day.now = BEGAN + DAYS
    day.order(OTHER, ship_by=timedelta(hours=3))
    day.begin()
    facts = {"what": "", "todo": "", "shop": SHOP}
    owed = day.ledger.ask("purchase", "refund:REF1", reason="refund_due", order_number=NUMBER, at=day.tick(), **facts)
    waits = day.ledger.ask("review", "review:REF2", order_number=OTHER, at=day.tick(), **facts)
    day.end()
    groups = grouped(day.ledger)
    assert [group.items[0].id for group in groups] == [waits, owed]
    assert due(groups, day.now) == {waits: "near", owed: "far"}
    assert "overdue" not in message(["小林家居馆"], groups, day.now)[1]
    run = day.ledger.run(None)
    assert run and [(row.id, row.ship_by is None) for row in gather(day.ledger, run, day.now).waits] == [
        (waits, False),
        (owed, True),
    ]
