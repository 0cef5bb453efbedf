"""What stands in the shop: the proof of every number that was entered or changed, out of the shop's own pages and the ledger alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal, cast

from agent.config import Shop
from agent.errors import Mismatch, OutcomeUnknown, SiteUnavailable, Where
from agent.ledger import Attempt, StoredOrder, StoredShipment
from agent.models import CommitOutcome, WriteState
from agent.terms import WRITES, plain
from agent.words import _
from agent.work.carriers import Carrier, carrier_of
from agent.work.parcels import Inside, Parcel, all_entered, changed_state, parcels_of, shown_state, two_carriers
from agent.work.prove import counts_before, state_of_zero
from agent.work.run import Run, all_followed, cause_of
from agent.work.values import order_values

FLOWS = ("ship_order", "ship_parcel", "ship_merged", "change_number")
WriteKind = Literal["ship", "change_number"]


def settle_by_shop(run: Run, shop: Shop, attempt: Attempt, outcome: CommitOutcome | None) -> None:
    """Settle a ship attempt by what the shop's own pages of its orders show, opened anew. Raises unless confirmed."""
    shown = {number: shop_parcels(run, shop, number) for number in _orders(attempt)}
    proven = _state(run, attempt, shown)
    state = proven or state_of_zero(attempt, outcome, counts_before(run, shop.account))
    with run.ledger.atomic():
        run.ledger.settle(
            attempt.id,
            state,
            words=outcome.words if outcome else attempt.words,
            requests=outcome.requests if outcome else attempt.told_requests,
            pictures=outcome.pictures if outcome else attempt.pictures,
            at=run.now(),
            zero=proven is None,
        )
        if state == "confirmed":
            for shipment, inside in _meant(run, attempt):
                changed(run, shipment) if attempt.kind == "change_number" else _entered(run, shipment, inside)
        _known_now(run, shop, _orders(attempt))
    if state != "confirmed":
        _refuse(shop, run.ledger.attempt(attempt.id), state, outcome, shown)


def _orders(attempt: Attempt) -> list[str]:
    return list(dict.fromkeys(write.order_number for write in attempt.writes))


def _meant(run: Run, attempt: Attempt) -> list[tuple[StoredShipment, Inside | None]]:
    """The parcels of an attempt, out of the ledger alone. One of an older version says nothing of what is inside."""
    told: Any = attempt.meant.get("parcels")
    if told is None:
        told = [{"order_number": attempt.order_number, "ordinal": attempt.meant["ordinal"], "inside": None}]
    return [(_shipment(run, attempt.shop, each["order_number"], each["ordinal"]), each["inside"]) for each in told]


def _shipment(run: Run, shop: str, order_number: str, ordinal: int) -> StoredShipment:
    return next(each for each in run.ledger.shipments(shop, order_number) if each.ordinal == ordinal)


def _state(run: Run, attempt: Attempt, shown: Mapping[str, Sequence[Parcel]]) -> WriteState | None:
    """What the orders of one attempt prove together: all of them show it, or none, or a person has to look."""
    number, carrier = str(attempt.meant["tracking_number"]), str(attempt.meant["carrier"])
    states: set[WriteState | None] = set()
    for shipment, inside in _meant(run, attempt):
        parcels = shown[shipment.order_number]
        if attempt.kind == "change_number":
            states.add(changed_state(Parcel(carrier, number, inside), str(attempt.meant["former"]), parcels))
        else:
            known = {*attempt.baseline, *entered_numbers(run, shipment)}
            states.add(shown_state(Parcel(carrier, number, inside), parcels, known))
    return states.pop() if len(states) == 1 else "held"


def _refuse(
    shop: Shop, attempt: Attempt, state: WriteState, outcome: CommitOutcome | None, shown: Mapping[str, Sequence[Parcel]]
) -> None:
    """Raise what became of an attempt that is not confirmed."""
    where = Where(account=shop.account, order=attempt.order_number, flow=attempt.flow)
    numbers = numbers_told(parcel for parcels in shown.values() for parcel in parcels)
    if state == "intended":
        raise SiteUnavailable(
            _("The click sent nothing; the tracking number was not entered"), where=Where(order=attempt.order_number)
        )
    if state == "unknown":
        raise _unknown(where, numbers)
    if state == "held":
        meant = Parcel(str(attempt.meant["carrier"]), str(attempt.meant["tracking_number"]))
        raise another_there(shop, attempt.order_number, meant, [each for parcels in shown.values() for each in parcels])
    raise Mismatch(
        _("The tracking number was not entered as meant ({state}); the shop shows: {shown}; its words: “{words}”").format(
            state=plain(WRITES, state), shown=numbers, words=outcome.words if outcome else ""
        ),
        where=where,
        reason="tracking",
    )


def _unknown(where: Where, numbers: str) -> OutcomeUnknown:
    return OutcomeUnknown(
        _("Nobody knows whether the tracking number reached the shop; the shop shows: {}").format(numbers),
        where=where,
        todo=_(
            "It is looked for in every run and never sent a second time by itself. "
            "Look at the order in the shop; where the number is missing there, enter it by hand."
        ),
        reason="ship_unknown",
    )


def refuse_unknown(run: Run, shop: Shop, kind: WriteKind, key: str, shipment: StoredShipment, shown: Sequence[Parcel]) -> None:
    """Raise OutcomeUnknown, the same question as at the click, while nobody knows how an earlier click for it ended."""
    write = run.ledger.write(kind, key)
    if write is None or write.state not in ("committing", "unknown"):
        return
    made = run.ledger.attempts_of(shipment.reference)
    flow = next(one.flow for one in reversed(made) if write.id in {each.id for each in one.writes})
    raise _unknown(Where(account=shop.account, order=shipment.order_number, flow=flow), numbers_told(shown))


def _known_now(run: Run, shop: Shop, orders: Iterable[str]) -> None:
    """Nobody asks any more how entering these orders' numbers ended, but in the forms in which that is still open for one of them."""
    still = {
        (write.order_number, attempt.flow) for attempt in run.ledger.open_attempts(shop.account) for write in attempt.writes
    }
    for number in orders:
        for flow in FLOWS:
            if (number, flow) not in still:
                asked = OutcomeUnknown("", where=Where(flow=flow))
                run.ledger.close_item(cause_of(shop.name, number, asked), run.now())


def refuse_doubted(run: Run, shipment: StoredShipment) -> None:
    """Raise while pages name different carriers of a parcel: until those of all its orders were read in one run, and agree."""
    error = two_carriers(shipment.tracking_number)
    asked = next(
        (item for item in run.ledger.items() if item.cause == cause_of(shipment.shop, shipment.order_number, error)), None
    )
    orders = {(each.shop, each.order_number) for each in run.ledger.shipments_with(shipment.tracking_number)}
    if asked and not all(all_followed(run, *order) for order in orders):
        raise error.at(account=asked.account)


def another_there(shop: Shop, order_number: str, meant: Parcel, shown: Sequence[Parcel]) -> Mismatch:
    """The shop shows another parcel where ours belongs: the same words, and so one question, at the entry and at each later look."""
    return Mismatch(
        _("The shop shows something else than {meant}: {shown}").format(meant=numbers_told([meant]), shown=numbers_told(shown)),
        where=Where(account=shop.account, order=order_number),
        todo=_("Look which number is right, mend it in the shop by hand, then `agent reject` the item."),
        reason="tracking",
    )


def numbers_told(parcels: Iterable[Parcel]) -> str:
    """Carriers and numbers for a person."""
    return ", ".join(f"{parcel.carrier} {parcel.tracking_number}" for parcel in parcels) or _("none")


def shop_parcels(run: Run, shop: Shop, order_number: str) -> list[Parcel]:
    """The parcels that the shop's own page of the order shows."""
    reading = run.desk(shop.account).play("read_shipment", order_values(order_number))
    if reading.values["order_number"] != order_number:
        raise Mismatch(_("The shop opened another order than the one asked for"), where=Where(order=order_number))
    return parcels_of(reading)


def entered_numbers(run: Run, shipment: StoredShipment) -> set[str]:
    """The numbers of the order's other parcels that stand in the shop."""
    entered = run.ledger.shipments(shipment.shop, shipment.order_number, entered=True)
    return {each.tracking_number for each in entered if each.ordinal != shipment.ordinal}


def entered_pieces(run: Run, shop: str, order_number: str) -> dict[str, int]:
    """Line number → pieces that stand in the shop with a number."""
    made: dict[str, int] = {}
    for shipment in run.ledger.shipments(shop, order_number, entered=True):
        for line, count in shipment.lines.items():
            made[line] = made.get(line, 0) + count
    return made


def take_over(run: Run, shop: Shop, order_number: str, parcels: Collection[StoredShipment]) -> None:
    """A person entered numbers of which nobody knew what is in them: the shop's own page says it now."""
    shown = {parcel.tracking_number: parcel for parcel in shop_parcels(run, shop, order_number)}
    for shipment in parcels:
        parcel = shown.get(shipment.tracking_number)
        if parcel is None or parcel.inside is None or carrier_of(parcel.carrier) != carrier_of(shipment.carrier):
            continue
        run.ledger.put_in(shipment.shipment, parcel.inside, "person")
        (kept,) = (each for each in run.ledger.shipments(shop.name, order_number) if each.ordinal == shipment.ordinal)
        found_there(run, shop, kept, list(shown.values()))


def found_there(run: Run, shop: Shop, shipment: StoredShipment, shown: Sequence[Parcel]) -> None:
    """The shop shows the parcel's number already, whoever entered it: it is never entered again."""
    inside = next(parcel.inside for parcel in shown if parcel.tracking_number == shipment.tracking_number)
    with run.ledger.atomic():
        run.ledger.found_done(
            "ship",
            shipment.key,
            shop=shipment.shop,
            order_number=shipment.order_number,
            reference=shipment.reference,
            account=shop.account,
            at=run.now(),
        )
        _entered(run, shipment, inside)
        _known_now(run, shop, [shipment.order_number])


def _entered(run: Run, shipment: StoredShipment, inside: Inside | None) -> None:
    """The number stands in the shop; the purchases of the order go on as far as their parcels do."""
    if inside is not None and dict(inside) != dict(shipment.lines):
        run.ledger.put_in(shipment.shipment, inside, shipment.contents)
    run.ledger.entered(shipment.shop, shipment.order_number, shipment.ordinal, run.now())
    advance(run, shipment.shop, shipment.order_number)
    tell(run, shipment, _("Tracking number entered in the shop and read back: {}").format(shipment.tracking_number))


def changed(run: Run, shipment: StoredShipment) -> None:
    """The shop shows the new number."""
    run.ledger.number_changed(shipment.shipment)
    tell(run, shipment, _("Tracking number changed in the shop and read back: {}").format(shipment.new_number))


def mended(run: Run, shipment: StoredShipment, carrier: Carrier) -> bool:
    """Whether the shop's own page shows this carrier of an entered parcel by now: a person mended it, and it is taken so."""
    shop = run.config.shops[shipment.shop]
    meant = Parcel(carrier.name, shipment.tracking_number)
    shown = [each for each in shop_parcels(run, shop, shipment.order_number) if each.tracking_number == meant.tracking_number]
    if [carrier_of(each.carrier) for each in shown] != [carrier]:
        return False
    with run.ledger.atomic():
        run.ledger.number_changes(shipment.shipment, carrier.name, shipment.tracking_number)
        run.ledger.number_changed(shipment.shipment)
        tell(run, shipment, _("The shop shows the right carrier now: {}").format(numbers_told([meant])))
    return True


def advance(run: Run, shop: str, order_number: str) -> None:
    """A purchase is shipped when one of its parcels is entered, and done when every piece of it is."""
    order = cast(StoredOrder, run.ledger.order(shop, order_number))
    entered = entered_pieces(run, shop, order_number)
    kept = run.ledger.shipments(shop, order_number, entered=True)
    for purchase in run.ledger.purchase_of(shop, order_number):
        if purchase.state == "placed" and any(shipment.holds(purchase) for shipment in kept):
            run.ledger.advance(purchase.reference, "shipped")
        moved = run.ledger.purchase(purchase.reference)
        if moved and moved.state == "shipped" and all_entered(moved, order.lines, entered):
            run.ledger.advance(purchase.reference, "done")


def tell(run: Run, shipment: StoredShipment, what: str) -> None:
    """A fact of a parcel, for the story of its order."""
    facts = {"shop": shipment.shop, "order_number": shipment.order_number, "reference": shipment.reference}
    run.tell(what, **facts)
