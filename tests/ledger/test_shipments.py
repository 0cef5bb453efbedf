"""Parcels: kept once, filled until they are entered, renumbered, and how they stand in the table for the spreadsheet."""

from __future__ import annotations

import pytest

from agent.errors import Mismatch
from agent.ledger import Ledger
from agent.models import Fen
from tests.ledger.goods import (
    LATER,
    LINES,
    NOW,
    NUMBER,
    REFERENCE,
    SHOP,
    clicked,
    parcel,
    purchase,
    settle,
)

SECOND = purchase(2, reference="SECOND")


def place(ledger: Ledger, reference: str = REFERENCE, *numbers: str, merges: bool = False) -> None:
    ledger.placed(reference, numbers or ("900100",), Fen(2400), Fen(0), LATER, merges=merges)


class TestParcels:
    @pytest.fixture(autouse=True)
    def bought(self, ledger: Ledger) -> None:
        ledger.plan([purchase()], NOW)

    def test_a_parcel_comes_back_with_its_lines(self, ledger: Ledger) -> None:
        for _twice in range(2):
            ledger.save_shipment(parcel(), [(LINES[0], 1), (LINES[1], 2)], NOW)
        assert ledger.shipments() == ledger.shipments(SHOP, NUMBER)
        assert [s.shipment for s in ledger.shipments()] == [parcel()]
        assert ledger.shipments()[0].lines == {LINES[0]: 1, LINES[1]: 2}
        assert ledger.shipments("another") == ledger.shipments(order_number="another") == []

    def test_entered_stays_entered(self, ledger: Ledger) -> None:
        ledger.save_shipment(parcel(), {LINES[0]: 1}, NOW)
        ledger.save_shipment(parcel(2, "YT8800000000002"), {LINES[1]: 1}, NOW)
        ledger.entered(SHOP, NUMBER, 2, NOW)
        ledger.entered(SHOP, NUMBER, 2, LATER)
        assert [s.ordinal for s in ledger.shipments(entered=True)] == [2]
        assert [s.ordinal for s in ledger.shipments(SHOP, NUMBER, entered=False)] == [1]
        assert (
            ledger.db.conn.execute("SELECT entered_at FROM shipments WHERE ordinal = 2")
            .fetchone()[0]
            .startswith("2026-11-22T18:00")
        )

    @pytest.mark.parametrize(
        ("changed", "lines"),
        [
            (parcel(number="YT9"), {LINES[0]: 1}),
            (parcel(carrier="中通快递"), {LINES[0]: 1}),
            (parcel(2), {LINES[0]: 1}),
            (parcel(), {LINES[0]: 2}),
        ],
    )
    def test_a_parcel_does_not_become_another(self, ledger: Ledger, changed: object, lines: dict[str, int]) -> None:
        ledger.save_shipment(parcel(), {LINES[0]: 1}, NOW)
        with pytest.raises(Mismatch, match="now it reads"):
            ledger.save_shipment(changed, lines, NOW)  # type: ignore[arg-type]

    def test_what_is_in_it_may_be_told_until_it_is_entered(self, ledger: Ledger) -> None:
        ledger.save_shipment(parcel(), {}, NOW, "unknown")
        ledger.put_in(parcel(), {LINES[0]: 1}, "person")
        ledger.renumber(parcel(), "中通快递", "ZTO1")
        (known,) = ledger.shipments()
        assert (known.carrier, known.tracking_number, known.contents, known.lines) == (
            "中通快递",
            "ZTO1",
            "person",
            {LINES[0]: 1},
        )
        ledger.entered(SHOP, NUMBER, 1, NOW)
        with pytest.raises(RuntimeError, match="stands in the shop"):
            ledger.put_in(parcel(), {LINES[1]: 1}, "person")
        with pytest.raises(RuntimeError, match="stands in the shop"):
            ledger.renumber(parcel(), "中通快递", "ZTO2")

    def test_a_changed_number_is_found_under_both_until_the_shop_shows_the_new_one(self, ledger: Ledger) -> None:
        ledger.save_shipment(parcel(), {LINES[0]: 1}, NOW)
        ledger.entered(SHOP, NUMBER, 1, NOW)
        ledger.number_changes(parcel(), "中通快递", "ZTO1")
        assert ledger.shipments_with("ZTO1") == ledger.shipments_with(parcel().tracking_number) != []
        ledger.number_changed(parcel())
        ledger.number_changed(parcel())
        (known,) = ledger.shipments()
        assert (known.carrier, known.tracking_number, known.new_number) == ("中通快递", "ZTO1", "")
        assert ledger.shipments_with(parcel().tracking_number) == []

    def test_the_table_for_the_spreadsheet(self, ledger: Ledger) -> None:
        assert ledger.placed_rows() == []
        attempt = clicked(ledger)
        assert [(row["state"], row["time"]) for row in ledger.placed_rows()] == [
            ("committing", "2026-11-22T18:00:00.000000+08:00")
        ]
        settle(ledger, attempt, "confirmed")
        place(ledger)
        ledger.save_shipment(parcel(), {LINES[0]: 1}, NOW)
        ledger.save_shipment(parcel(2, "ZTO1", "中通快递"), {LINES[1]: 1}, NOW)
        assert ledger.placed_rows() == [
            {
                "time": "2026-11-22T18:05:00.000000+08:00",
                "shop": SHOP,
                "order_number": NUMBER,
                "supplier": "yiwu",
                "reference": REFERENCE,
                "supplier_order_number": "900100",
                "amount": 2400,
                "carrier": "圆通速递 / 中通快递",
                "tracking_number": "YT8800000000001 / ZTO1",
                "state": "placed",
            }
        ]
