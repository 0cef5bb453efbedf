"""The parcels a purchase became, what is in each, and whether its number stands in the shop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from typing import Any, Literal

from agent.errors import Mismatch, Where
from agent.ledger.file import LedgerFile, text_of, time_of
from agent.ledger.purchases import StoredPurchase
from agent.models import Shipment
from agent.words import _

# How it is known what is in a parcel: the supplier's page says it or nothing else could be · a person said it · nobody knows ·
# nothing that the shop waits for is in it, so its number is not entered.
Contents = Literal["page", "person", "unknown", "nothing"]


@dataclass(frozen=True, slots=True)
class StoredShipment:
    """A parcel as kept: `lines` is line number → the shop's pieces, `new_number` the one the supplier gave it since it was entered.

    A parcel may hold what several purchases of its order bought; `reference` is the one it was first read from.
    """

    shop: str
    order_number: str
    ordinal: int
    reference: str
    carrier: str
    tracking_number: str
    contents: Contents
    entered_at: datetime | None
    new_carrier: str
    new_number: str
    lines: Mapping[str, int]

    @property
    def shipment(self) -> Shipment:
        return Shipment(self.shop, self.order_number, self.ordinal, self.reference, self.carrier, self.tracking_number)

    @property
    def key(self) -> str:
        """By which the journal knows the write that enters it."""
        return f"{self.shop}:{self.order_number}:{self.ordinal}"

    @property
    def is_known(self) -> bool:
        """Whether it is known what is in it, and that is something the shop waits for."""
        return self.contents in ("page", "person")

    def holds(self, purchase: StoredPurchase) -> bool:
        """Whether something of this purchase is in it."""
        return self.reference == purchase.reference or any(line.line_number in self.lines for line in purchase.lines)


class Shipments(LedgerFile):
    def save_shipment(
        self,
        shipment: Shipment,
        lines: Mapping[str, int] | Iterable[tuple[str, int]],
        at: datetime,
        contents: Contents = "page",
    ) -> None:
        """Keep a parcel with its lines; the same one again changes nothing. Raises Mismatch if it was another parcel before."""
        inside = dict(lines)
        with self.atomic():
            same = [s for s in self.shipments(shipment.shop, shipment.order_number) if _same_parcel(s, shipment)]
            for known in same:
                _refuse_change(known, shipment, inside)
            if not same:
                self._do(
                    """
                    INSERT INTO shipments (shop, order_number, ordinal, reference, carrier, tracking_number, contents, read_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                    *(*astuple(shipment), contents, text_of(at)),
                )
                self._fill(shipment, inside)

    def put_in(self, shipment: Shipment, lines: Mapping[str, int], contents: Contents) -> None:
        """What is in a parcel that is not entered yet. RuntimeError once its number stands in the shop."""
        with self.atomic():
            self._refuse_entered(shipment)
            self._do(
                "UPDATE shipments SET contents = ? WHERE shop = ? AND order_number = ? AND ordinal = ?",
                *(contents, *_key(shipment)),
            )
            self._do("DELETE FROM shipment_lines WHERE shop = ? AND order_number = ? AND ordinal = ?", *_key(shipment))
            self._fill(shipment, lines)

    def renumber(self, shipment: Shipment, carrier: str, tracking_number: str, *, anew: bool = False) -> None:
        """Another number or carrier for a parcel that is not entered yet. RuntimeError once its number stands in the shop.

        `anew`: the shop refused it as it was. It goes on as the order's next parcel, with a write of its own; no ordinal comes again.
        """
        with self.atomic():
            self._refuse_entered(shipment)
            ordinal = self._next_ordinal(shipment) if anew else shipment.ordinal
            inside = self._inside(*_key(shipment))
            self._do("DELETE FROM shipment_lines WHERE shop = ? AND order_number = ? AND ordinal = ?", *_key(shipment))
            self._do(
                """
                UPDATE shipments SET ordinal = ?, carrier = ?, tracking_number = ?
                WHERE shop = ? AND order_number = ? AND ordinal = ?
                """,
                *(ordinal, carrier, tracking_number, *_key(shipment)),
            )
            self._fill(replace(shipment, ordinal=ordinal), inside)

    def _next_ordinal(self, shipment: Shipment) -> int:
        return 1 + max(known.ordinal for known in self.shipments(shipment.shop, shipment.order_number))

    def number_changes(self, shipment: Shipment, carrier: str, tracking_number: str) -> None:
        """The supplier gave an entered parcel another number; "" takes that back. The shop still shows the one before."""
        self._do(
            "UPDATE shipments SET new_carrier = ?, new_number = ? WHERE shop = ? AND order_number = ? AND ordinal = ?",
            *(carrier, tracking_number, *_key(shipment)),
        )

    def number_changed(self, shipment: Shipment) -> None:
        """The shop is proven to show the new number."""
        self._do(
            """
            UPDATE shipments SET carrier = new_carrier, tracking_number = new_number, new_carrier = '', new_number = ''
            WHERE shop = ? AND order_number = ? AND ordinal = ? AND new_number <> ''
            """,
            *_key(shipment),
        )

    def shipments(self, shop: str = "", order_number: str = "", *, entered: bool | None = None) -> list[StoredShipment]:
        """Parcels of a shop, of an order, or all; `entered` picks those whose number does, or does not, stand in the shop."""
        # Only what is given is asked for: one WHERE for all cases (`? IN ('', shop)`) would keep the key from being used.
        given: dict[str, object] = {"shop = ?": shop} if shop else {}
        if order_number:
            given["order_number = ?"] = order_number
        if entered is not None:
            given["(entered_at IS NOT NULL) = ?"] = entered
        return self._shipments(" AND ".join(given) or "1", *given.values())

    def shipments_with(self, tracking_number: str) -> list[StoredShipment]:
        """Parcels of whatever order under this number, one that is still to be changed to it included."""
        return self._shipments("? IN (tracking_number, new_number)", tracking_number)

    def _shipments(self, which: str, *values: object) -> list[StoredShipment]:
        rows = self._rows(
            f"""
            SELECT shop, order_number, ordinal, reference, carrier, tracking_number, contents, entered_at, new_carrier,
                new_number FROM shipments WHERE {which} ORDER BY shop, order_number, ordinal
            """,
            *values,
        )
        return [self._shipment(row) for row in rows]

    def _shipment(self, row: dict[str, Any]) -> StoredShipment:
        inside = self._inside(row["shop"], row["order_number"], row["ordinal"])
        return StoredShipment(**row | {"entered_at": time_of(row["entered_at"])}, lines=inside)

    def _inside(self, shop: str, order_number: str, ordinal: int) -> dict[str, int]:
        lines = self._rows(
            """
            SELECT line_number, quantity FROM shipment_lines
            WHERE shop = ? AND order_number = ? AND ordinal = ? ORDER BY rowid
            """,
            *(shop, order_number, ordinal),
        )
        return {line["line_number"]: line["quantity"] for line in lines}

    def entered(self, shop: str, order_number: str, ordinal: int, at: datetime) -> None:
        """The parcel's number is proven to stand in the shop. The first time counts."""
        self._do(
            "UPDATE shipments SET entered_at = coalesce(entered_at, ?) WHERE shop = ? AND order_number = ? AND ordinal = ?",
            *(text_of(at), shop, order_number, ordinal),
        )

    def _fill(self, shipment: Shipment, inside: Mapping[str, int]) -> None:
        for line_number, quantity in inside.items():
            self._do(
                "INSERT INTO shipment_lines (shop, order_number, ordinal, line_number, quantity) VALUES (?, ?, ?, ?, ?)",
                *(*_key(shipment), line_number, quantity),
            )

    def _refuse_entered(self, shipment: Shipment) -> None:
        entered = self.shipments(shipment.shop, shipment.order_number, entered=True)
        if any(known.ordinal == shipment.ordinal for known in entered):
            raise RuntimeError(f"parcel {shipment.ordinal} of {shipment.order_number} stands in the shop already")


def _key(shipment: Shipment) -> tuple[str, str, int]:
    return (shipment.shop, shipment.order_number, shipment.ordinal)


def _same_parcel(known: StoredShipment, shown: Shipment) -> bool:
    return known.ordinal == shown.ordinal or known.tracking_number == shown.tracking_number


def _refuse_change(known: StoredShipment, shown: Shipment, inside: Mapping[str, int]) -> None:
    if known.shipment == shown and known.lines == inside:
        return
    raise Mismatch(
        _("Parcel {ordinal} was read as {known} before, now it reads {shown}").format(
            ordinal=known.ordinal, known=_told(known.shipment, known.lines), shown=_told(shown, inside)
        ),
        where=Where(order=shown.order_number),
    )


def _told(shipment: Shipment, inside: Mapping[str, int]) -> str:
    return f"{shipment.carrier} {shipment.tracking_number} {dict(inside)}"
