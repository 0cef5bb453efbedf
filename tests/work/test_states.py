"""One row an order, however many purchases and parcels it has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent.ledger import Ledger
from agent.models import Fen
from agent.work.states import OrderRow, rows_of
from tests.ledger.goods import LINES, NOW, NUMBER, REFERENCE, SHOP, intend, order, parcel, purchase

OTHER = replace(purchase(2, reference="SECOND", lines=LINES[1:]), supplier="hangzhou")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.db") as opened:
        opened.save_order(order(), NOW, detail=True)
        opened.dispose(SHOP, NUMBER, "ours", "")
        yield opened


def row(ledger: Ledger) -> OrderRow:
    (only,) = rows_of(ledger)
    return only


def test_an_order_that_waits_says_for_what(ledger: Ledger) -> None:
    assert row(ledger).state == "to be bought"
    ledger.wait(SHOP, NUMBER, "waits for your yes")
    ledger.plan([purchase()], NOW)
    assert row(ledger).state == "waits for your yes"
    ledger.save_order(order(state="cancelled"), NOW, detail=True)
    assert row(ledger).state == "the shop order is not waiting for shipment any more"
    ledger.park(SHOP, NUMBER, "no")
    assert row(ledger).state == "parked"


def test_of_several_purchases_the_one_furthest_behind_is_told(ledger: Ledger) -> None:
    ledger.plan([purchase(lines=LINES[:1]), OTHER], NOW)
    intend(ledger)
    ledger.placed(REFERENCE, ("900100",), Fen(2400), Fen(0), NOW)
    assert (row(ledger).state, row(ledger).supplier, row(ledger).supplier_order_number, row(ledger).total) == (
        "to be bought",
        "yiwu / hangzhou",
        "900100",
        2400,
    )
    ledger.placed("SECOND", ("A-7",), Fen(600), Fen(0), NOW)
    assert (row(ledger).state, row(ledger).total) == ("bought, waiting for the supplier to ship", 3000)
    ledger.save_shipment(parcel(), {LINES[0]: 1}, NOW)
    assert row(ledger).state == "bought, waiting for the supplier to ship"
    ledger.save_shipment(replace(parcel(2, "SF1234567890123", "顺丰速运"), reference="SECOND"), {LINES[1]: 1}, NOW)
    assert row(ledger).state == "supplier shipped, number known"
    assert row(ledger).carrier == "圆通速递 / 顺丰速运"
    ledger.entered(SHOP, NUMBER, 1, NOW)
    assert row(ledger).state == "supplier shipped, number known"
    ledger.entered(SHOP, NUMBER, 2, NOW)
    assert row(ledger).state == "tracking number entered in the shop"
