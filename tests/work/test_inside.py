"""A person's words on what is in which parcel."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.ledger import Contents, StoredShipment
from agent.models import OrderLine
from agent.work.inside import WrongWords, read_inside
from tests.ledger.goods import NOW


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


def known(
    ordinal: int, number: str, inside: dict[str, int], contents: Contents = "person", *, entered: bool = False
) -> StoredShipment:
    return replace(parcel(ordinal, number), lines=inside, contents=contents, entered_at=NOW if entered else None)


@pytest.mark.parametrize(
    "other",
    [
        known(1, "YT1", {"L2": 2}),
        known(1, "YT1", {"L2": 2}, "page"),
        known(1, "YT1", {"L2": 2}, entered=True),
        known(1, "YT1", {"L2": 2}, "unknown", entered=True),  # an older version knew no more
    ],
)
def test_what_the_other_parcels_of_the_order_hold_counts(other: StoredShipment) -> None:
    parcels = (other, parcel(2, "YT2"))
    assert read_inside(["YT2=2"], LINES, parcels) == [(parcels[1], {"L2": 1})]
    assert read_inside(["YT2=1,2x1"], LINES, parcels) == [(parcels[1], {"L1": 1, "L2": 1})]
    with pytest.raises(WrongWords, match=r"ordered 3 times, and 4 .*the other parcels"):
        read_inside(["YT2=2x2"], LINES, parcels)


def test_all_of_a_product_told_of_one_parcel_leaves_nothing_of_it_for_another() -> None:
    """`agent parcels ID --in YT1=2`, and in a command of its own `--in YT2=2`: both would be all three pieces."""
    ((first, inside),) = read_inside(["YT1=2"], LINES, WAITING)
    told = (replace(first, lines=inside, contents="person"), WAITING[1])
    with pytest.raises(WrongWords, match="no piece of it is left"):
        read_inside(["YT2=2"], LINES, told)
    assert [each for _shipment, each in read_inside(["YT1=2x2", "YT2=2"], LINES, told)] == [{"L2": 2}, {"L2": 1}]


def test_what_is_known_of_another_product_is_in_nobodys_way() -> None:
    too_much = known(1, "YT1", {"L2": 4}, "page")
    assert read_inside(["YT2=1"], LINES, (too_much, WAITING[1])) == [(WAITING[1], {"L1": 1})]


def test_a_parcel_that_stands_in_the_shop_cannot_be_told_any_more() -> None:
    with pytest.raises(WrongWords, match="there are: YT2"):
        read_inside(["YT1=1"], LINES, (known(1, "YT1", {"L1": 1}, entered=True), WAITING[1]))
