"""A number that the supplier changed after it was entered: changed in the shop as well, after a yes, once, and read back."""

from __future__ import annotations

from typing import cast

from agent.config import Shop
from agent.errors import Mismatch
from agent.ledger import StoredShipment
from agent.models import CommitFacts, Shipment
from agent.words import _
from agent.work import watched
from agent.work.carriers import Carrier, carrier_of
from agent.work.drift import look_before
from agent.work.entered import another_there, changed, refuse_unknown, settle_by_shop, shop_parcels
from agent.work.parcels import Parcel, changed_state
from agent.work.prove import click
from agent.work.run import Run, order_failures
from agent.work.ship import intend, is_ours, may_write, order_of, refuse_foreign
from agent.work.values import shipment_values

KIND = "number_changed"


def _changes(run: Run, shop: Shop) -> list[StoredShipment]:
    entered = run.ledger.shipments(shop.name, entered=True)
    return [shipment for shipment in entered if shipment.new_number and is_ours(run, shipment)]


def _cause(shipment: StoredShipment) -> str:
    """A yes holds only for what was shown: this number with this carrier."""
    return f"{KIND}:{shipment.key}:{shipment.new_number}:{shipment.new_carrier}"


def _key(shipment: StoredShipment) -> str:
    """By which the journal knows the change."""
    return f"{shipment.key}:{shipment.new_number}"


def change_numbers(run: Run, shop: Shop) -> None:
    """Numbers that the supplier changed after they were entered: after a yes they are changed in the shop, once, and read back."""
    for shipment in _changes(run, shop):
        if shop.account in run.closed_accounts or not run.wants(shipment.order_number):
            continue
        if run.ledger.answered(_cause(shipment)) != "approve":
            continue
        with order_failures(run, order_of(run, shipment), stays=lambda _error: False):
            _change(run, shop, shipment)


def _change(run: Run, shop: Shop, shipment: StoredShipment, *, agreed: bool = False) -> None:
    refuse_foreign(run, shipment, shipment.new_number)
    shown = shop_parcels(run, shop, shipment.order_number)
    new = Parcel(shipment.new_carrier, shipment.new_number)
    state = changed_state(new, shipment.tracking_number, shown)
    if state == "confirmed":
        changed(run, shipment)
        return
    if state == "held":
        raise another_there(shop, shipment.order_number, new, shown)
    refuse_unknown(run, shop, "change_number", _key(shipment), shipment, shown)
    may_write(run, shop, "change_number", shipment, shipment.new_number)
    meant = Shipment(
        shipment.shop, shipment.order_number, shipment.ordinal, shipment.reference, new.carrier, new.tracking_number
    )
    values = shipment_values(meant, cast(Carrier, carrier_of(new.carrier)), former_number=shipment.tracking_number)
    look_before(run, shop.account, "change_number", values)
    if run.options.attended and not agreed:
        watched.ask(run, shop.account, "change_number", values, _("Change this tracking number?"))
        _change(run, shop, shipment, agreed=True)
        return
    write = intend(run, shop, "change_number", _key(shipment), shipment)
    attempt = run.ledger.begin_attempt(
        [write],
        account=shop.account,
        flow="change_number",
        baseline=[parcel.tracking_number for parcel in shown],
        meant={
            "carrier": new.carrier,
            "tracking_number": new.tracking_number,
            "former": shipment.tracking_number,
            "parcels": [{"order_number": shipment.order_number, "ordinal": shipment.ordinal, "inside": dict(shipment.lines)}],
        },
        at=run.now(),
    )
    outcome = click(
        run,
        attempt,
        lambda record: run.desk(shop.account).commit("change_number", values, record),
        lambda facts: _as_meant(meant, facts),
    )
    settle_by_shop(run, shop, run.ledger.attempt(attempt), outcome)


def _as_meant(meant: Shipment, facts: CommitFacts) -> None:
    shown = facts.shown
    same = carrier_of(shown.get("carrier", "")) == carrier_of(meant.carrier)
    if shown.get("tracking_number") != meant.tracking_number or not same:
        raise Mismatch(
            _("The ship page shows {shown}, meant was {meant}").format(
                shown=" ".join(shown.values()), meant=f"{meant.carrier} {meant.tracking_number}"
            ),
            reason="tracking",
        )


def ask_to_change(run: Run, shop: Shop) -> frozenset[str]:
    """Ask whether numbers that changed are changed in the shop; the causes that are asked about now."""
    unanswered = [shipment for shipment in _changes(run, shop) if not run.ledger.answered(_cause(shipment))]
    for shipment in unanswered:
        _ask(run, shop, shipment)
    return frozenset(_cause(shipment) for shipment in unanswered)


def _ask(run: Run, shop: Shop, shipment: StoredShipment) -> None:
    run.ledger.ask(
        KIND,
        _cause(shipment),
        what=_("The supplier changed a tracking number that is in the shop already: {before} became {now}").format(
            before=f"{shipment.carrier} {shipment.tracking_number}", now=f"{shipment.new_carrier} {shipment.new_number}"
        ),
        todo=_("`agent approve ID` changes it in the shop, `agent reject ID` leaves it as it is."),
        reason="number_changed",
        shop=shipment.shop,
        order_number=shipment.order_number,
        reference=shipment.reference,
        account=shop.account,
        at=run.now(),
    )
