"""Parcels as pages list them: one a number, whatever rows their products take; a doubled one stays two."""

from __future__ import annotations

import pytest

from agent.errors import Mismatch
from agent.models import Reading, Row
from agent.work.ship import Parcel, _numbered, _parcels

ONE, TWO = "YT9693083639795", "YT9693083639796"


def page(*rows: Row) -> Reading:
    return Reading({"shipments": rows}, {}, {})


def row(number: str, line: str = "", carrier: str = "圆通速递") -> Row:
    return {"carrier": carrier, "tracking_number": number, **({"line_number": line} if line else {})}


@pytest.mark.parametrize(
    ("rows", "numbers"),
    [
        ((), []),
        ((row(ONE),), [ONE]),
        ((row(ONE, "1"), row(ONE, "2")), [ONE]),
        ((row(ONE, "1"), row(TWO, "2")), [ONE, TWO]),
        ((row(ONE, "1"), row(ONE, "2"), row(ONE, "1"), row(ONE, "2")), [ONE, ONE]),
        ((row(ONE), row(ONE)), [ONE, ONE]),
    ],
)
def test_parcels_of_the_shops_page(rows: tuple[Row, ...], numbers: list[str]) -> None:
    assert [parcel.tracking_number for parcel in _parcels(page(*rows))] == numbers


@pytest.mark.parametrize(
    ("cell", "numbers"), [("已发货", []), ("", []), (ONE, [ONE]), (f"{ONE}、{TWO}", [ONE, TWO]), (f"{ONE}/{ONE}", [ONE])]
)
def test_numbers_of_the_suppliers_cell(cell: str, numbers: list[str]) -> None:
    assert [parcel.tracking_number for parcel in _numbered([Parcel("圆通", cell)])] == numbers


def test_other_words_of_the_supplier_stop_the_order() -> None:
    with pytest.raises(Mismatch, match="自提"):
        _numbered([Parcel("圆通", "自提")])
