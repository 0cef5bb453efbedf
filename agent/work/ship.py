"""Enter what was sent in the shop: each parcel once, in the form of the shop that fits it, and read back there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from agent.config import Shop
from agent.errors import Mismatch, Where
from agent.ledger import StoredOrder, StoredShipment
from agent.models import CommitFacts, Shipment
from agent.words import _
from agent.work import watched
from agent.work.buy import reread
from agent.work.carriers import Carrier, carrier_of
from agent.work.drift import look_before
from agent.work.entered import (
    another_there,
    entered_numbers,
    entered_pieces,
    found_there,
    refuse_doubted,
    refuse_unknown,
    settle_by_shop,
    shop_parcels,
    tell,
)
from agent.work.parcels import Form, Inside, Parcel, form_of, same_receiver, shown_state, to_enter, two_carriers
from agent.work.prove import click
from agent.work.rights import may_write_unattended
from agent.work.run import Run, order_failures, shared_failures
from agent.work.values import shipment_values


@dataclass(frozen=True, slots=True)
class Load:
    """One order's share of a parcel that is about to be entered; `whole`: it is all that the order waits for."""

    shipment: StoredShipment
    inside: Inside
    whole: bool
    shown: tuple[Parcel, ...]


def enter_all(run: Run, shop: Shop, parcels: Iterable[StoredShipment]) -> None:
    """Enter these parcels; one number at several orders of one receiver is one parcel, entered once for all of them."""
    for number in dict.fromkeys(shipment.tracking_number for shipment in parcels):
        loads = []
        for shipment in _together(run, shop, number):
            if shop.account in run.closed_accounts:
                return
            with order_failures(run, order_of(run, shipment), stays=lambda _error: False):
                if load := _load(run, shop, shipment):
                    loads.append(load)
        if loads and shop.account not in run.closed_accounts:
            orders = [order_of(run, load.shipment) for load in loads]
            with shared_failures(run, orders, stays=lambda _error: False):
                _enter(run, shop, loads)


def _together(run: Run, shop: Shop, number: str) -> list[StoredShipment]:
    """What waits under one number in this shop: it is one parcel, so it goes together."""
    waiting = run.ledger.shipments(shop.name, entered=False)
    return [each for each in waiting if each.tracking_number == number and each.is_known and is_ours(run, each)]


def is_ours(run: Run, shipment: StoredShipment) -> bool:
    """Whether nobody has said that they enter the numbers of this order themselves."""
    return order_of(run, shipment).disposition == "ours"


def order_of(run: Run, shipment: StoredShipment) -> StoredOrder:
    """The shop order of a parcel."""
    return cast(StoredOrder, run.ledger.order(shipment.shop, shipment.order_number))


def _load(run: Run, shop: Shop, shipment: StoredShipment) -> Load | None:
    """What is to be entered of a parcel; None where it stands in the shop already, or all of it was refunded."""
    refuse_foreign(run, shipment, shipment.tracking_number)
    shown = shop_parcels(run, shop, shipment.order_number)
    meant = Parcel(shipment.carrier, shipment.tracking_number)
    others = entered_numbers(run, shipment)
    state = shown_state(meant, shown, others)
    if state == "confirmed":
        found_there(run, shop, shipment, shown)
        return None
    if state == "held":
        raise another_there(shop, shipment.order_number, meant, shown)
    refuse_doubted(run, shipment)
    order = reread(run, shop, order_of(run, shipment), ships=True)
    inside, whole = to_enter(order.lines, shipment.lines, entered_pieces(run, shipment.shop, shipment.order_number))
    if not inside:
        run.ledger.put_in(shipment.shipment, {}, "nothing")
        tell(run, shipment, _("Everything in parcel {} was refunded; it is not entered").format(shipment.tracking_number))
        return None
    return Load(shipment, inside, whole, tuple(shown))


def refuse_foreign(run: Run, shipment: StoredShipment, number: str) -> None:
    """One number at two buyers is what the platform punishes as a foreign number; one receiver may share a parcel."""
    ours = run.ledger.receiver(shipment.shop, shipment.order_number)
    foreign = [
        other.order_number
        for other in run.ledger.shipments_with(number)
        if (other.shop, other.order_number) != (shipment.shop, shipment.order_number)
        and not same_receiver(ours, run.ledger.receiver(other.shop, other.order_number))
    ]
    if foreign:
        raise Mismatch(
            _("Tracking number {number} is another buyer's too: order {orders}").format(
                number=number, orders=", ".join(foreign)
            ),
            where=Where(order=shipment.order_number, reference=shipment.reference),
            todo=_("Ask the supplier whose parcel it is. Enter it in the shop by hand, or wait for the right number."),
            reason="foreign_number",
        )


def _enter(run: Run, shop: Shop, loads: Sequence[Load], *, agreed: bool = False) -> None:
    """Enter one parcel in the shop, once, and prove it. Raises unless confirmed. `agreed`: a person who looks on said yes."""
    for each in loads:
        refuse_unknown(run, shop, "ship", each.shipment.key, each.shipment, each.shown)
    if len({carrier_of(load.shipment.carrier) for load in loads}) > 1:
        raise two_carriers(loads[0].shipment.tracking_number).at(account=shop.account)
    form = form_of([load.whole for load in loads])
    if form == "ship_order" and form not in run.config.site_of(shop.account).flows:
        form = "ship_parcel"  # this shop asks what is in a parcel that ships everything, too
    may_write(run, shop, form, loads[0].shipment, loads[0].shipment.tracking_number)
    shipment = loads[0].shipment.shipment
    inside = {} if form == "ship_order" else {line: count for load in loads for line, count in load.inside.items()}
    values = shipment_values(shipment, cast(Carrier, carrier_of(shipment.carrier)), inside)
    look_before(run, shop.account, form, values)
    if run.options.attended and not agreed:
        watched.ask(run, shop.account, form, values, _("Enter this tracking number?"))
        if fresh := [load for one in loads if (load := _load(run, shop, one.shipment))]:
            _enter(run, shop, fresh, agreed=fresh == list(loads))
        return
    attempt = run.ledger.begin_attempt(
        [intend(run, shop, "ship", load.shipment.key, load.shipment) for load in loads],
        account=shop.account,
        flow=form,
        baseline=sorted({parcel.tracking_number for load in loads for parcel in load.shown}),
        meant={
            "carrier": shipment.carrier,
            "tracking_number": shipment.tracking_number,
            "parcels": [
                {"order_number": load.shipment.order_number, "ordinal": load.shipment.ordinal, "inside": dict(load.inside)}
                for load in loads
            ],
        },
        at=run.now(),
    )
    outcome = click(
        run,
        attempt,
        lambda record: run.desk(shop.account).commit(form, values, record),
        lambda facts: _as_meant(shipment, form, loads, facts),
    )
    settle_by_shop(run, shop, run.ledger.attempt(attempt), outcome)


def may_write(run: Run, shop: Shop, flow: str, shipment: StoredShipment, number: str) -> None:
    """Raise where the shop's site file has no such form for a number, or a person has to watch it."""
    if flow not in run.config.site_of(shop.account).flows:
        raise Mismatch(
            _("Tracking number {number} cannot be entered: the shop's site file has no flow `{flow}`").format(
                number=number, flow=flow
            ),
            where=Where(account=shop.account, order=shipment.order_number),
            todo=_("Enter it in the shop by hand; then this closes by itself."),
            reason="tracking",
        )
    if not run.options.attended:
        may_write_unattended(run.config, run.ledger, shop.account, flow)


def intend(run: Run, shop: Shop, kind: str, key: str, shipment: StoredShipment) -> int:
    """Put down a write about a parcel; its number in the journal."""
    return run.ledger.intend(
        kind,
        key,
        shop=shipment.shop,
        order_number=shipment.order_number,
        reference=shipment.reference,
        account=shop.account,
        at=run.now(),
    )


def _as_meant(shipment: Shipment, form: Form, loads: Sequence[Load], facts: CommitFacts) -> None:
    """Raise Mismatch unless the page holds exactly this parcel at the click."""
    shown = facts.shown
    wrong = shown.get("tracking_number") != shipment.tracking_number
    wrong |= carrier_of(shown.get("carrier", "")) != carrier_of(shipment.carrier)
    if form != "ship_merged":
        wrong |= shown.get("order_number") != shipment.order_number
    if form != "ship_order":
        meant = {
            (load.shipment.order_number if form == "ship_merged" else "", line): count
            for load in loads
            for line, count in load.inside.items()
        }
        wrong |= packed(shown) != meant
    if wrong:
        raise Mismatch(
            _("The ship page shows {shown}, meant was {meant}").format(
                shown=" ".join(shown.values()),
                meant=f"{shipment.order_number} {shipment.carrier} {shipment.tracking_number}",
            ),
            reason="tracking",
        )


def packed(shown: Mapping[str, str]) -> dict[tuple[str, str], int]:
    """What the page's list of the parcel holds: (order number or "", line number) → pieces; -1 for a count that is none."""
    rows: dict[str, dict[str, str]] = {}
    for name, words in shown.items():
        if name.startswith("lines."):
            _list, number, word = name.split(".", 2)
            rows.setdefault(number, {})[word] = words
    made: dict[tuple[str, str], int] = {}
    for row in rows.values():
        count = row.get("quantity", "")
        key = (row.get("order_number", ""), row.get("line_number", ""))
        made[key] = int(count) if count.isdecimal() and key not in made else -1
    return made
