"""The parcels a purchase became, what is in each, and whether its number stands in the shop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple
from datetime import datetime

from agent.errors import Mismatch, Where
from agent.ledger.file import LedgerFile, text_of
from agent.models import Shipment
from agent.words import _


class Shipments(LedgerFile):
    def save_shipment(self, shipment: Shipment, lines: Mapping[str, int] | Iterable[tuple[str, int]], at: datetime) -> None:
        """Keep a parcel with its lines; the same one again changes nothing. Raises Mismatch if it was another parcel before."""
        inside = dict(lines)
        with self.atomic():
            same = [s for s in self.shipments(shipment.shop, shipment.order_number) if _same_parcel(s, shipment)]
            for known in same:
                _refuse_change(known, self.shipment_lines(known), shipment, inside)
            if not same:
                self._insert_shipment(shipment, inside, at)

    def _insert_shipment(self, shipment: Shipment, inside: Mapping[str, int], at: datetime) -> None:
        self._do(
            """
            INSERT INTO shipments (shop, order_number, ordinal, reference, carrier, tracking_number, read_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            *(*astuple(shipment), text_of(at)),
        )
        for line_number, quantity in inside.items():
            self._do(
                "INSERT INTO shipment_lines (shop, order_number, ordinal, line_number, quantity) VALUES (?, ?, ?, ?, ?)",
                *(shipment.shop, shipment.order_number, shipment.ordinal, line_number, quantity),
            )

    def shipments(self, shop: str = "", order_number: str = "", *, entered: bool | None = None) -> list[Shipment]:
        """Parcels of a shop, of an order, or all; `entered` picks those whose number does, or does not, stand in the shop."""
        rows = self._rows(
            """
            SELECT shop, order_number, ordinal, reference, carrier, tracking_number FROM shipments
            WHERE ? IN ('', shop) AND ? IN ('', order_number) AND coalesce((entered_at IS NOT NULL) = ?, 1)
            ORDER BY shop, order_number, ordinal
            """,
            *(shop, order_number, entered),
        )
        return [Shipment(**row) for row in rows]

    def shipment_lines(self, shipment: Shipment) -> dict[str, int]:
        """What is in a parcel: line number → quantity."""
        rows = self._rows(
            """
            SELECT line_number, quantity FROM shipment_lines
            WHERE shop = ? AND order_number = ? AND ordinal = ? ORDER BY rowid
            """,
            *(shipment.shop, shipment.order_number, shipment.ordinal),
        )
        return {row["line_number"]: row["quantity"] for row in rows}

    def entered(self, shop: str, order_number: str, ordinal: int, at: datetime) -> None:
        """The parcel's number is proven to stand in the shop. The first time counts."""
        self._do(
            "UPDATE shipments SET entered_at = coalesce(entered_at, ?) WHERE shop = ? AND order_number = ? AND ordinal = ?",
            *(text_of(at), shop, order_number, ordinal),
        )


def _same_parcel(known: Shipment, shown: Shipment) -> bool:
    return known.ordinal == shown.ordinal or known.tracking_number == shown.tracking_number


def _refuse_change(known: Shipment, held: Mapping[str, int], shown: Shipment, inside: Mapping[str, int]) -> None:
    if known == shown and held == inside:
        return
    raise Mismatch(
        _("Parcel {ordinal} was read as {known} before, now it reads {shown}").format(
            ordinal=known.ordinal, known=_told(known, held), shown=_told(shown, inside)
        ),
        where=Where(order=shown.order_number),
    )


def _told(shipment: Shipment, inside: Mapping[str, int]) -> str:
    return f"{shipment.carrier} {shipment.tracking_number} {dict(inside)}"
