"""A supplier's bill page beside the ledger, in the real program: once a day in a run, by command, and gone when both agree."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from agent.home import SHIPPED_SITES
from tests.road.bill_page import BillPage
from tests.road.conftest import MakeRoad
from tests.road.road import Road, order
from tests.road.test_payables import LATER, books, on_credit, owed, stands, well


@pytest.fixture
def road(make_road: MakeRoad) -> Road:
    made = make_road(95, autonomy="place_and_pay")
    on_credit(made, 100_000)
    return made


@pytest.fixture
def page(road: Road) -> Iterator[BillPage]:
    made = BillPage(road.market.mall.sign_in["shows"]).start()
    made.add_to(road.home, SHIPPED_SITES / "mall.yaml")
    yield made
    made.little.stop()


def true_rows(road: Road) -> list[tuple[str, str, str, str]]:
    """The bill as the mall's own books have it, the due dates as the ledger has them: nothing else knows the terms."""
    with road.ledger() as ledger:
        due = {payable.supplier_order_number: str(payable.due) for payable in ledger.payables()}
    return [(number, f"¥{total / 100:,.2f}", due[number], "未还") for number, total in books(road).items()]


def asked(road: Road) -> list[str]:
    return [item.what for item in road.inbox() if item.reason == "bill_differs"]


def read_whole(road: Road) -> bool:
    with road.ledger() as ledger:
        return ledger.time_mark("billed_at") is not None


def compare(road: Road, through: tuple[str, ...] = ("agent",)) -> tuple[int, dict[str, Any]]:
    ended = road.agent("payables", "compare", "yiwu", "--json", through=through)
    assert ended.out, ended.words
    return ended.code, json.loads(ended.out)


@pytest.mark.slow
def test_the_bill_is_read_once_a_day_and_by_command_and_what_differs_is_asked_until_it_agrees(
    road: Road, page: BillPage
) -> None:
    checked = road.agent("check", "mall")
    assert checked.code == 0, checked.words
    one, two = order(80), order(81)
    road.put_up(one, two)
    well(road.run())
    assert [road.bought(each) for each in (one, two)] == [1, 1], road.told()
    assert (page.read, read_whole(road)) == (1, True), road.told()
    assert asked(road) == [], "an empty bill, and nothing is due: it may not be billed yet"

    # somebody bought by hand there, and of the first order another amount is billed
    before = owed(road)
    page.rows = true_rows(road)
    number, amount, due, state = page.rows[0]
    page.rows = [(number, "¥1,999.99", due, state), *page.rows[1:], ("M900099", "66.00", due, state)]
    code, told = compare(road)
    assert (code, page.read) == (1, 2)
    found = {row["kind"]: (row["supplier_order_numbers"], row["theirs"], row["ours"]) for row in told["bill"]}
    assert found == {"amount": ([number], 199_999, before[number]), "unknown": (["M900099"], 6_600, None)}
    (what,) = asked(road)
    assert all(word in what for word in (number, "1999.99", amount.strip("¥"), "M900099", "66.00")), what
    assert owed(road) == before, "nothing is changed by it"

    # the same day's next run leaves the page alone; the next day's reads it, and all agrees
    page.rows = true_rows(road)
    well(road.run())
    assert (page.read, len(asked(road))) == (2, 1)
    well(road.run(through=LATER))
    assert (page.read, asked(road)) == (3, [])

    # repaid by the ledger, still on the bill; then on neither
    typed = ("payables", "paid", "yiwu", "--number", number, "--amount", amount, "--on-my-word")
    assert road.agent(*typed, through=LATER).code == 0
    code, told = compare(road, LATER)
    assert (code, [row["kind"] for row in told["bill"]]) == (1, ["settled"])
    page.rows = [row if row[0] != number else (*row[:3], "已还") for row in page.rows]
    code, told = compare(road, LATER)
    assert (code, told["bill"], told["agreed"], asked(road)) == (0, [], 1, [])
    assert stands(road, two.reference).number in owed(road, LATER)
