"""Follow what was bought: read carrier and tracking number at the supplier, enter them in the shop once, read them back there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from agent.config import Shop
from agent.errors import Mismatch, OutcomeUnknown, SiteUnavailable, Where
from agent.ledger import Attempt, StoredOrder, StoredPurchase
from agent.models import CommitFacts, CommitOutcome, Reading, Row, Shipment, SupplierOrderState, WriteState
from agent.terms import WRITES, plain
from agent.words import _
from agent.work.buy import reread
from agent.work.carriers import Carrier, carrier_of, doubt_about, numbers_in
from agent.work.look import details_of
from agent.work.prove import click, keys, settle_time, state_of_zero
from agent.work.rights import may_write_unattended
from agent.work.run import Run
from agent.work.values import order_values, shipment_values
from agent.work.watch import watch

SHIPPED: tuple[SupplierOrderState, ...] = ("shipped", "picked_up", "completed")
PICKED_UP: tuple[SupplierOrderState, ...] = ("picked_up", "completed")


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel as the shop shows it."""

    carrier: str
    tracking_number: str


def read_tracking(run: Run, purchase: StoredPurchase) -> None:
    """Read the supplier's page of a proven purchase, unless its proof just did, and keep its parcel.

    Raises Mismatch for a number that is none, or a cancelled order.
    """
    readings = details_of(run, purchase)
    states = {cast(SupplierOrderState, reading.values["state"]) for reading in readings}
    where = Where(account=purchase.account, order=purchase.order_number, flow="read_order")
    if not watch(run, purchase, readings):
        return
    parcels = _numbered(parcel for reading in readings for parcel in _parcels(reading))
    if not states <= set(SHIPPED) or not parcels:
        return
    if len(parcels) > 1:
        raise Mismatch(
            _("The supplier sent {} parcels; this order can be shipped with one only").format(len(parcels)),
            where=where,
            todo=_("Enter the numbers in the shop by hand, then `agent reject` the item."),
            reason="parcels",
        )
    _keep(run, purchase, parcels[0], where)
    _ship_if_time(run, purchase, picked_up=states <= set(PICKED_UP))


def _keep(run: Run, purchase: StoredPurchase, parcel: Parcel, where: Where) -> None:
    number = parcel.tracking_number
    carrier = carrier_of(parcel.carrier)
    if carrier is None:
        raise Mismatch(
            _("The supplier names a carrier nobody knows: “{}”").format(parcel.carrier), where=where, reason="tracking"
        )
    all_kept = run.ledger.shipments(purchase.shop, purchase.order_number)
    kept = next((shipment for shipment in all_kept if shipment.reference == purchase.reference), None)
    if kept and kept.tracking_number != number:
        raise Mismatch(
            _("The supplier's tracking number changed from {before} to {now}").format(before=kept.tracking_number, now=number),
            where=where,
            todo=_("Ask the supplier which one is right and enter it in the shop by hand."),
            reason="tracking",
        )
    if kept:
        return
    ordinal = max((shipment.ordinal for shipment in all_kept), default=0) + 1
    shipment = Shipment(purchase.shop, purchase.order_number, ordinal, purchase.reference, carrier.name, number)
    run.ledger.save_shipment(shipment, [(line.line_number, line.quantity) for line in purchase.lines], run.now())
    run.tell(_("Supplier shipped: {carrier} {number}").format(carrier=carrier.name, number=number), **keys(purchase.purchase))
    if doubt := doubt_about(carrier, number):
        run.tell(doubt, **keys(purchase.purchase))


def _ship_if_time(run: Run, purchase: StoredPurchase, *, picked_up: bool) -> None:
    shop = run.config.shops[purchase.shop]
    if shop.ship_when == "picked_up" and not picked_up:
        return
    if len(run.ledger.purchase_of(purchase.shop, purchase.order_number)) > 1:
        raise Mismatch(
            _("The order was bought in several purchases, so it comes in several parcels; one number must not ship it whole"),
            where=Where(order=purchase.order_number, account=shop.account),
            todo=_("`agent orders` shows the numbers: enter each for its product in the shop, then `agent reject` the item."),
            reason="parcels",
        )
    for shipment in run.ledger.shipments(purchase.shop, purchase.order_number, entered=False):
        enter(run, shop, shipment, purchase)


def enter(run: Run, shop: Shop, shipment: Shipment, purchase: StoredPurchase) -> None:
    """Enter one parcel in the shop, once, and prove it. Raises unless confirmed."""
    if not run.options.attended:
        may_write_unattended(run.config, shop.account, "ship_order")
    already = shop_parcels(run, shop, shipment.order_number)
    if any(parcel.tracking_number == shipment.tracking_number for parcel in already):
        _found_there(run, shipment, purchase, already)
        return
    if already:
        raise Mismatch(
            _("The shop already shows another tracking number: {}").format(", ".join(p.tracking_number for p in already)),
            where=Where(account=shop.account, order=shipment.order_number),
            todo=_("Look which number is right, mend it in the shop by hand, then `agent reject` the item."),
            reason="tracking",
        )
    stored = cast(StoredOrder, run.ledger.order(shipment.shop, shipment.order_number))
    reread(run, shop, stored)
    attempt = _begin(run, shop, shipment, purchase, already)
    values = shipment_values(shipment, cast(Carrier, carrier_of(shipment.carrier)))
    outcome = click(
        run,
        attempt,
        lambda record: run.desk(shop.account).commit("ship_order", values, record),
        lambda facts: _as_meant(shipment, facts),
    )
    settle_by_shop(run, shop, shipment, run.ledger.attempt(attempt), outcome)


def _begin(run: Run, shop: Shop, shipment: Shipment, purchase: StoredPurchase, already: list[Parcel]) -> int:
    write = run.ledger.intend(
        "ship",
        f"{shipment.shop}:{shipment.order_number}:{shipment.ordinal}",
        shop=shipment.shop,
        order_number=shipment.order_number,
        reference=purchase.reference,
        account=shop.account,
        at=run.now(),
    )
    return run.ledger.begin_attempt(
        [write],
        account=shop.account,
        flow="ship_order",
        baseline=[parcel.tracking_number for parcel in already],
        meant={"carrier": shipment.carrier, "tracking_number": shipment.tracking_number, "ordinal": shipment.ordinal},
        at=run.now(),
    )


def _as_meant(shipment: Shipment, facts: CommitFacts) -> None:
    shown = (facts.shown.get("order_number", ""), facts.shown.get("tracking_number", ""))
    if shown != (shipment.order_number, shipment.tracking_number) or carrier_of(facts.shown.get("carrier", "")) != carrier_of(
        shipment.carrier
    ):
        raise Mismatch(
            _("The ship page shows {shown}, meant was {meant}").format(
                shown=" ".join(facts.shown.values()),
                meant=f"{shipment.order_number} {shipment.carrier} {shipment.tracking_number}",
            )
        )


def settle_by_shop(run: Run, shop: Shop, shipment: Shipment, attempt: Attempt, outcome: CommitOutcome | None) -> None:
    """Settle a ship attempt by what the shop's own order page shows, opened anew. Raises unless confirmed."""
    shown = shop_parcels(run, shop, shipment.order_number)
    state = shipped_state(shipment, shown)
    if state is None:
        state = state_of_zero(attempt, outcome, run.now(), settle_time(run, shop.account))
    with run.ledger.atomic():
        run.ledger.settle(
            attempt.id,
            state,
            words=outcome.words if outcome else attempt.words,
            requests=outcome.requests if outcome else attempt.requests,
            pictures=outcome.pictures if outcome else attempt.pictures,
            at=run.now(),
            zero=not shown,
        )
        if state == "confirmed":
            _entered(run, shipment)
    if state == "confirmed":
        return
    where = Where(account=shop.account, order=shipment.order_number, flow="ship_order")
    numbers = ", ".join(f"{p.carrier} {p.tracking_number}" for p in shown) or _("none")
    if state == "intended":
        raise SiteUnavailable(
            _("The click sent nothing; the tracking number was not entered"), where=Where(order=shipment.order_number)
        )
    if state == "unknown":
        raise OutcomeUnknown(
            _("Nobody knows whether the tracking number reached the shop; the shop shows: {}").format(numbers),
            where=where,
            reason="ship_unknown",
        )
    raise Mismatch(
        _("The tracking number was not entered as meant ({state}); the shop shows: {shown}; its words: “{words}”").format(
            state=plain(WRITES, state), shown=numbers, words=outcome.words if outcome else ""
        ),
        where=where,
        reason="tracking",
    )


def shipped_state(shipment: Shipment, shown: list[Parcel]) -> WriteState | None:
    """What the shop's parcels prove about the write of `shipment`; None where the shop shows no parcel at all."""
    ours = [parcel for parcel in shown if parcel.tracking_number == shipment.tracking_number]
    if len(ours) == 1 and len(shown) == 1 and carrier_of(ours[0].carrier) == carrier_of(shipment.carrier):
        return "confirmed"
    return "held" if shown else None


def shop_parcels(run: Run, shop: Shop, order_number: str) -> list[Parcel]:
    """The parcels that the shop's own page of the order shows."""
    reading = run.desk(shop.account).play("read_shipment", order_values(order_number))
    if reading.values["order_number"] != order_number:
        raise Mismatch(_("The shop opened another order than the one asked for"), where=Where(order=order_number))
    return _parcels(reading)


def _parcels(reading: Reading) -> list[Parcel]:
    """The parcels of a page, which may list the products of each in rows of their own.

    A product that stands there twice under one number is a second parcel with it: something was entered twice.
    """
    times: Counter[tuple[str, ...]] = Counter()
    found: dict[tuple[Parcel, int], Parcel] = {}
    for row in cast(tuple[Row, ...], reading.values["shipments"]):
        parcel = Parcel(str(row["carrier"]), str(row["tracking_number"]))
        goods = (parcel.tracking_number, *(str(row.get(word, "")) for word in ("line_number", "title", "specification")))
        found.setdefault((parcel, times[goods]), parcel)
        times[goods] += 1
    return list(found.values())


def _numbered(parcels: Iterable[Parcel]) -> list[Parcel]:
    """The parcels that have a number, one for each number; a cell may say that there is none yet, or hold two."""
    numbered = [Parcel(parcel.carrier, number) for parcel in parcels for number in numbers_in(parcel.tracking_number)]
    return list(dict.fromkeys(numbered))


def _found_there(run: Run, shipment: Shipment, purchase: StoredPurchase, shown: list[Parcel]) -> None:
    if shipped_state(shipment, shown) != "confirmed":
        raise Mismatch(
            _("The shop shows our tracking number with other parcels or another carrier"),
            where=Where(order=shipment.order_number),
        )
    with run.ledger.atomic():
        run.ledger.found_done(
            "ship",
            f"{shipment.shop}:{shipment.order_number}:{shipment.ordinal}",
            shop=shipment.shop,
            order_number=shipment.order_number,
            reference=purchase.reference,
            account=run.config.shops[shipment.shop].account,
            at=run.now(),
        )
        _entered(run, shipment)


def _entered(run: Run, shipment: Shipment) -> None:
    purchase = run.ledger.purchase(shipment.reference)
    if purchase is not None and purchase.state == "placed":
        run.ledger.advance(shipment.reference, "shipped")
    if purchase is not None and purchase.state in ("placed", "shipped"):
        run.ledger.advance(shipment.reference, "done")
    run.ledger.entered(shipment.shop, shipment.order_number, shipment.ordinal, run.now())
    run.tell(
        _("Tracking number entered in the shop and read back: {}").format(shipment.tracking_number),
        shop=shipment.shop,
        order_number=shipment.order_number,
        reference=shipment.reference,
    )
