"""A shop order as its own page shows it: what is no order, whatever its words say, is not taken for one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agent.errors import Mismatch
from agent.models import Reading
from agent.work.read_orders import order_from_detail
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
