"""What flows write: the values of the contract's `VALUES`, made from an order, a purchase order, a receiver or a shipment.

A tuple is a choice of spellings for a select, best first; text takes its first. Nothing masked ever comes out of here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from agent.errors import Mismatch
from agent.models import Flag, PurchaseLine, PurchaseOrder, Receiver, Shipment
from agent.words import _
from agent.work.carriers import Carrier
from agent.work.carriers import spellings as carrier_spellings
from agent.work.phones import is_masked
from agent.work.regions import spellings, whole_address

Values = Mapping[str, str | tuple[str, ...] | tuple[Mapping[str, str], ...]]


Left = tuple[Mapping[str, str | int], ...]


def values_for(purchase: PurchaseOrder, receiver: Receiver, note: str, seller: str = "", left_behind: Left = ()) -> Values:
    """Everything `fill_order` may write. `note` as meant for the supplier (see `note_for`), `seller` as the site names it.

    `left_behind`: what fills begun earlier may have left at this account (see agent/ledger/fills.py).
    """
    return {
        **_receiver(receiver),
        "purchase_order.reference": purchase.reference,
        "purchase_order.note": note,
        "supplier.seller": seller,
        "lines": tuple(_line(line) for line in purchase.lines),
        "left_behind": tuple({f"line.{word}": str(value) for word, value in line.items()} for line in left_behind),
    }


def first_line(values: Values) -> Values:
    """The values of the first line: what a product's page is opened with before there is a `for_each_line`."""
    lines = values.get("lines", ())
    return dict(lines[0]) if lines and not isinstance(lines[0], str) else {}


def purchase_values(reference: str, supplier_order_number: str = "") -> Values:
    """What finding and reading a supplier order needs; the number is left out while it is not known."""
    known = {"purchase_order.reference": reference}
    if supplier_order_number:
        known["purchase_order.supplier_order_number"] = supplier_order_number
    return known


def payment_values(reference: str, numbers: Sequence[str]) -> Values:
    """What a cashier needs: the first of these supplier orders where it takes one at a time, each of them where they are ticked."""
    return {
        **purchase_values(reference, numbers[0]),
        "lines": tuple({"line.supplier_order_number": number} for number in numbers),
    }


def order_values(order_number: str) -> Values:
    """What reading a shop order, its receiver or its shipments needs."""
    return {"order.order_number": order_number}


def note_values(order_number: str, flag: Flag, remark: str) -> Values:
    """What writing the shop's note needs: `flag` in our words, `remark` whole (what stood there included)."""
    return {"order.order_number": order_number, "order.flag": flag, "order.remark": remark}


def shipment_values(
    shipment: Shipment, carrier: Carrier, inside: Mapping[str, int] | None = None, former_number: str = ""
) -> Values:
    """What entering a tracking number in the shop needs.

    `inside`: line number → pieces, where the form asks what is in the parcel; `former_number`: the one that is changed.
    """
    return {
        "order.order_number": shipment.order_number,
        "shipment.carrier": carrier_spellings(carrier),
        "shipment.tracking_number": shipment.tracking_number,
        "shipment.former_number": former_number,
        "lines": tuple({"line.line_number": line, "line.quantity": str(count)} for line, count in (inside or {}).items()),
    }


def note_for(template: str, reference: str) -> str:
    """The seller's `note:` for the supplier, `<reference>` replaced."""
    return template.replace("<reference>", reference)


def with_extension(text: str, extension: str) -> str:
    """`text` followed by [extension]: how sellers save a virtual number on sites that take 11 digits only (DOMAIN 4.2)."""
    mark = f"[{extension}]"
    return text if not extension or text.endswith(mark) else text + mark


def _receiver(receiver: Receiver) -> dict[str, str | tuple[str, ...]]:
    _refuse_masked(receiver)
    extension = receiver.phone.extension
    levels = spellings(receiver)
    return {
        "receiver.name": receiver.name,
        "receiver.name_with_extension": with_extension(receiver.name, extension),
        "receiver.phone": str(receiver.phone),
        "receiver.phone_main": receiver.phone.main,
        "receiver.phone_extension": extension,
        "receiver.province": levels["province"],
        "receiver.city": levels["city"],
        "receiver.district": levels["district"],
        "receiver.town": receiver.town,
        "receiver.detail": receiver.detail,
        "receiver.detail_with_extension": with_extension(receiver.detail, extension),
        "receiver.address": whole_address(receiver),
    }


def _line(line: PurchaseLine) -> dict[str, str]:
    axes = [words.strip() for words in re.split("[;；]", line.product.specification)]
    return {
        "line.specification.1": axes[0],
        "line.specification.2": axes[1] if len(axes) > 1 else "",
        "line.specification.last": axes[-1],
        "line.product": line.product.product,
        "line.title": line.product.title,
        "line.specification": line.product.specification,
        "line.quantity": str(line.quantity),
    }


def _refuse_masked(receiver: Receiver) -> None:
    parts = (
        receiver.name,
        receiver.province,
        receiver.city,
        receiver.district,
        receiver.town,
        receiver.detail,
        str(receiver.phone),
    )
    if any(is_masked(part) for part in parts):
        raise Mismatch(_("The receiver is still masked in part; nothing of it may be typed into a form."), reason="receiver")
