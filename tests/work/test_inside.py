"""A person's words on what is in which parcel."""

from __future__ import annotations

import pytest

from agent.ledger import StoredShipment
from agent.models import OrderLine
from agent.work.inside import WrongWords, read_inside


def parcel(ordinal: int, number: str) -> StoredShipment:
    return StoredShipment("xiaolin", "69", ordinal, "REF", "圆通速递", number, "unknown", None, "", "", {})


WAITING = (parcel(1, "YT1"), parcel(2, "YT2"))
LINES = tuple(OrderLine(f"L{at}", f"goods {at}", "", "", quantity, "none", "ordinary") for at, quantity in ((1, 1), (2, 3)))


@pytest.mark.parametrize(
    ("told", "inside"),
    [
        (["YT1=1", "YT2=2"], {"YT1": {"L1": 1}, "YT2": {"L2": 3}}),
        (["yt1=1,2x2", "YT2=2"], {"YT1": {"L1": 1, "L2": 2}, "YT2": {"L2": 1}}),
        (["YT1=1，2×1"], {"YT1": {"L1": 1, "L2": 1}}),
        (["YT1=2*3", "YT2=-"], {"YT1": {"L2": 3}, "YT2": {}}),
        (["YT2=0"], {"YT2": {}}),
    ],
)
def test_words_that_fit(told: list[str], inside: dict[str, dict[str, int]]) -> None:
    assert {shipment.tracking_number: lines for shipment, lines in read_inside(told, LINES, WAITING)} == inside


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (["YT1"], "does not say what is in it"),
        (["YT3=1"], "there are: YT1, YT2"),
        (["YT1=1", "YT1=2"], "named twice"),
        (["YT1=3"], "numbered 1 to 2"),
        (["YT1=一"], "numbered 1 to 2"),
        (["YT1=1x0"], "numbered 1 to 2"),
        (["YT1=1", "YT2=1"], "ordered 1 times, and 2"),
        (["YT1=2x4"], "ordered 3 times, and 4"),
        (["YT1=2x3", "YT2=2"], "no piece of it is left"),
        (["YT1=1,1"], "no piece of it is left"),
    ],
)
def test_words_that_do_not(told: list[str], why: str) -> None:
    with pytest.raises(WrongWords, match=why):
        read_inside(told, LINES, WAITING)
