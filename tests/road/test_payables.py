"""Buying on credit terms at the mall: what is owed agrees to the 分 with the mall's own books, and what is overdue stops the next order."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from tests.market.mall.orders import MallOrder
from tests.road.conftest import MakeRoad
from tests.road.road import Ended, Road, order

LATER = ("tests.road.later", "--days", "2", "--")  # a run on the day after the one on which it was due


def on_credit(road: Road, limit: int) -> None:
    """The mall gives credit: so many 分, to be paid a day after the order."""
    path = road.home / "config.yaml"
    told = re.sub(r"    credit: .*\n", "", path.read_text(encoding="utf-8"))
    line = "    most_per_order: 300.00\n"
    terms = f"    credit: {{limit: {limit / 100:.2f}, due: 1 day after order}}\n"
    assert line in told
    path.write_text(told.replace(line, line + terms), encoding="utf-8")


def asked(road: Road) -> list[tuple[str, str]]:
    """What waits about money: the reason, and what is said."""
    return [(item.reason, item.what) for item in road.inbox() if item.reason in ("credit_limit", "overdue", "payable_due")]


def owed(road: Road, through: tuple[str, ...] = ("agent",)) -> dict[str, int]:
    """By number of the mall's order what `agent payables --json` says is owed, in 分."""
    ended = road.agent("payables", "--json", through=through)
    assert ended.code == 0, ended.words
    rows: list[dict[str, Any]] = json.loads(ended.out)["payables"]
    made = {one["supplier_order_numbers"][0]: one["amount"] for row in rows for one in row["orders"]}
    assert sum(row["amount"] for row in rows) == sum(made.values())
    return made


def books(road: Road) -> dict[str, int]:
    """The same by the mall's own books."""
    return {each.number: each.total for each in road.market.mall.orders if each.by == "page" and each.state != "cancelled"}


def stands(road: Road, reference: str) -> MallOrder:
    (only,) = road.market.mall.orders_with(reference)
    return only


def well(ended: Ended) -> None:
    assert ended.code in (0, 1), ended.words[-2000:]


@pytest.mark.slow
def test_what_is_owed_agrees_with_the_mall_and_keeps_from_ordering_what_may_not_be(make_road: MakeRoad) -> None:
    road = make_road(91, autonomy="place_and_pay")
    one, two, three, four = (order(n) for n in (70, 71, 72, 73))
    on_credit(road, 100_000)
    road.put_up(one, two)
    well(road.run())
    assert [road.bought(each) for each in (one, two)] == [1, 1], road.told()
    assert owed(road) == books(road) and len(books(road)) == 2

    # the next one is over the limit: it waits, the mall hears nothing of it
    used = sum(books(road).values())
    on_credit(road, used + 100)
    road.put_up(three)
    well(road.run())
    assert (road.bought(three), road.submits(three), road.parked()) == (0, 0, []), road.told()
    ((reason, said),) = [each for each in asked(road) if each[0] != "payable_due"]
    assert (reason, f"{used / 100:.2f}" in said, f"{(used + 100) / 100:.2f}" in said) == ("credit_limit", True, True), said
    assert f"{used / 100:.2f}" in road.agent("doctor").words

    # with room for it it goes on by itself; another is cancelled at the mall, and the price of one is changed
    on_credit(road, 100_000)
    road.market.mall.cancel(stands(road, one.reference).number)
    dearer = stands(road, two.reference)
    dearer.quote = replace(dearer.quote, discount=130)
    well(road.run())
    assert (road.bought(three), [reason for reason, _said in asked(road)]) == (1, ["payable_due"]), road.told()
    assert owed(road) == books(road) and set(books(road)) == {stands(road, each.reference).number for each in (two, three)}

    # two days later it is overdue: nothing is ordered there before it is repaid
    road.put_up(four)
    well(road.run(through=LATER))
    assert (road.bought(four), road.submits(four), four.number in road.parked()) == (0, 0, False), road.told()
    ((reason, said),) = asked(road)
    assert (reason, f"{sum(books(road).values()) / 100:.2f}" in said) == ("overdue", True), said
    day = re.search(r"20\d\d-\d\d-\d\d", said)
    assert day
    repaid = books(road)
    paid = road.agent("payables", "paid", "yiwu", "--due", day[0], "--on-my-word", through=LATER)
    assert paid.code == 0, paid.words
    again = road.agent("payables", "paid", "yiwu", "--due", day[0], "--on-my-word", through=LATER)
    assert again.code == 2 and "已经结清" in again.words
    well(road.run(through=LATER))
    assert road.bought(four) == 1, road.told()
    assert owed(road, LATER) == {number: total for number, total in books(road).items() if number not in repaid}
    lies = road.lies([one, two, three, four], beside=[one.reference, two.reference])
    assert [lie.partition(":")[0] for lie in lies] == [two.reference], "only its price was changed after its proof"
