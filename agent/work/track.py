"""Follow what was bought: read carriers and tracking numbers at the supplier, and keep what is in each parcel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.errors import Mismatch, Where
from agent.ledger import Contents, StoredOrder, StoredPurchase, StoredShipment
from agent.models import Shipment
from agent.words import _
from agent.work.carriers import Carrier, carrier_of, doubt_about
from agent.work.entered import mended
from agent.work.look import details_of
from agent.work.parcels import Inside, Sent, insides, sent, two_carriers
from agent.work.prove import keys
from agent.work.refunds import follow_shortage
from agent.work.run import Run, cause_of, order_failures
from agent.work.watch import watch


@dataclass(frozen=True, slots=True)
class _Shown:
    """A parcel of a purchase as its pages show it now, its carrier understood."""

    carrier: Carrier
    number: str
    picked_up: bool
    inside: Inside | None


def read_tracking(run: Run, purchase: StoredPurchase) -> set[str]:
    """Read the supplier's pages of a proven purchase, unless its proof just did, and keep its parcels; the numbers picked up.

    Raises Mismatch for a number that is none, a carrier nobody knows or of which the pages of the order do not agree, a cancelled
    order, or parcels that vanished.
    """
    readings = details_of(run, purchase)
    if not watch(run, purchase, readings):
        return set()
    parcels = sent(readings)
    told = insides(purchase.lines, parcels, orders=len(readings))
    shown = [
        _Shown(_carrier(run, purchase, each), each.tracking_number, each.picked_up, i)
        for each, i in zip(parcels, told, strict=True)
    ]
    _refuse_two_carriers(run, purchase, shown)
    with run.ledger.atomic():
        _follow_changes(run, purchase, shown)
        for kept, each in _corrected(run, purchase, shown):
            if kept.entered_at is None or each.number != kept.tracking_number:
                _change(run, purchase, kept, each)
        for each in shown:
            _keep(run, purchase, each)
    follow_shortage(run, purchase, readings, told)
    run.followed.add(purchase.reference)
    order = run.ledger.order(purchase.shop, purchase.order_number)
    if order is not None:
        with order_failures(run, order, stays=lambda _error: False):  # the order's other parcels go on
            _refuse_entered_otherwise(run, purchase, shown)
    return {each.number for each in shown if each.picked_up}


def _kept_of(run: Run, purchase: StoredPurchase) -> list[StoredShipment]:
    """The parcels in which something of a purchase is."""
    return [kept for kept in run.ledger.shipments(purchase.shop, purchase.order_number) if kept.holds(purchase)]


def _where(purchase: StoredPurchase) -> Where:
    return Where(account=purchase.account, order=purchase.order_number, flow="read_order")


def _carrier(run: Run, purchase: StoredPurchase, parcel: Sent) -> Carrier:
    carrier = carrier_of(parcel.carrier)
    if carrier is None:
        raise Mismatch(
            _("The supplier names a carrier nobody knows: “{}”").format(parcel.carrier),
            where=_where(purchase),
            todo=_("Ask the supplier who carries it and enter the number in the shop by hand."),
            reason="tracking",
        )
    return carrier


def _follow_changes(run: Run, purchase: StoredPurchase, shown: Sequence[_Shown]) -> None:
    """One number gone and one new: the supplier changed it. Raises Mismatch for any other way in which parcels vanished."""
    numbers = {each.number for each in shown}
    kept = _kept_of(run, purchase)
    gone = [each for each in kept if each.tracking_number not in numbers and each.contents != "nothing"]
    known = {number for each in kept for number in (each.tracking_number, each.new_number)}
    new = [each for each in shown if each.number not in known]
    for each in kept:
        if each.new_number and each.tracking_number in numbers:
            run.ledger.number_changes(each.shipment, "", "")  # the supplier took it back
    gone = [each for each in gone if not (each.new_number and each.new_number in numbers)]
    if not gone:
        return
    if len(gone) != 1 or len(new) != 1:
        raise Mismatch(
            _("The supplier does not show tracking number {} any more").format(
                ", ".join(each.tracking_number for each in gone)
            ),
            where=_where(purchase),
            todo=_("Ask the supplier which numbers are right."),
            reason="tracking",
        )
    _change(run, purchase, gone[0], new[0])


def _corrected(run: Run, purchase: StoredPurchase, shown: Sequence[_Shown]) -> list[tuple[StoredShipment, _Shown]]:
    """The parcels known by now of which these pages name another carrier than is known, with what they show."""
    waits = [s for s in run.ledger.shipments(purchase.shop, purchase.order_number) if s.entered_at or s.contents != "nothing"]
    return [
        (kept, each)
        for kept in waits
        for each in shown
        if (each.number == kept.tracking_number and carrier_of(kept.carrier) != each.carrier)
        or (each.number == kept.new_number and carrier_of(kept.new_carrier) != each.carrier)
    ]


def _change(run: Run, purchase: StoredPurchase, kept: StoredShipment, shown: _Shown) -> None:
    """Another number, or another carrier under the same one."""
    words = _told_of(kept, shown)
    keys_open = [write.key for attempt in run.ledger.open_attempts() for write in attempt.writes]
    if any(key == kept.key or key.startswith(f"{kept.key}:") for key in keys_open):
        raise Mismatch(words, where=_where(purchase), reason="tracking")
    run.tell(words, **keys(purchase.purchase))
    if kept.entered_at is not None:
        run.ledger.number_changes(kept.shipment, shown.carrier.name, shown.number)
        return
    write = run.ledger.write("ship", kept.key)
    refused = write is not None and write.state == "refused"
    run.ledger.renumber(kept.shipment, shown.carrier.name, shown.number, anew=refused)


def _told_of(kept: StoredShipment, shown: _Shown) -> str:
    if shown.number not in (kept.tracking_number, kept.new_number):
        return _("The supplier's tracking number changed from {before} to {now}").format(
            before=kept.tracking_number, now=shown.number
        )
    before = kept.carrier if shown.number == kept.tracking_number else kept.new_carrier
    return _("The supplier's carrier of parcel {number} changed from {before} to {now}").format(
        number=shown.number, before=before, now=shown.carrier.name
    )


def _refuse_two_carriers(run: Run, purchase: StoredPurchase, shown: Sequence[_Shown]) -> None:
    """Another carrier than before is believed only where the pages of all that was bought for the order agree on it."""
    for _kept, each in _corrected(run, purchase, shown):
        for other in run.ledger.purchase_of(purchase.shop, purchase.order_number):
            if other.reference == purchase.reference or other.state == "planned":
                continue
            there = {parcel.tracking_number: parcel for parcel in sent(details_of(run, other))}.get(each.number)
            if there and carrier_of(there.carrier) != each.carrier:
                raise two_carriers(each.number).at(account=purchase.account, order=purchase.order_number)


def _refuse_entered_otherwise(run: Run, purchase: StoredPurchase, shown: Sequence[_Shown]) -> None:
    """A parcel stands in the shop under a carrier that the supplier has corrected since: a person mends it there."""
    for kept, each in _corrected(run, purchase, shown):
        if kept.entered_at is None or each.number != kept.tracking_number or mended(run, kept, each.carrier):
            continue
        error = Mismatch(
            _("Tracking number {number} is in the shop with {before}, and now the supplier says that {now} carries it").format(
                number=each.number, before=kept.carrier, now=each.carrier.name
            ),
            where=_where(purchase),
            todo=_(
                "Ask the supplier who carries it, and mend the carrier in the shop by hand: then this closes by itself. "
                "`agent approve ID` leaves it as it stands there."
            ),
            reason="tracking",
        )
        if run.ledger.answered(cause_of(purchase.shop, purchase.order_number, error)) != "approve":
            raise error


def _keep(run: Run, purchase: StoredPurchase, shown: _Shown) -> None:
    all_kept = run.ledger.shipments(purchase.shop, purchase.order_number)
    kept = next((each for each in all_kept if shown.number in (each.tracking_number, each.new_number)), None)
    if kept is not None:
        _keep_on(run, purchase, kept, shown)
        return
    ordinal = max((each.ordinal for each in all_kept), default=0) + 1
    facts = (purchase.shop, purchase.order_number, ordinal, purchase.reference, shown.carrier.name, shown.number)
    contents: Contents = "unknown" if shown.inside is None else "page"
    run.ledger.save_shipment(Shipment(*facts), shown.inside or {}, run.now(), contents)
    words = _("Supplier shipped: {carrier} {number}").format(carrier=shown.carrier.name, number=shown.number)
    run.tell(words, **keys(purchase.purchase))
    if doubt := doubt_about(shown.carrier, shown.number):
        run.tell(doubt, **keys(purchase.purchase))


def _keep_on(run: Run, purchase: StoredPurchase, kept: StoredShipment, shown: _Shown) -> None:
    """What the pages say now of a parcel that is known: what is in it may become known, or more, until it is entered."""
    if kept.contents == "unknown" and kept.reference != purchase.reference:
        return  # it is not known what of the other purchase is in it
    ours = {line.line_number for line in purchase.lines}
    others = {line: count for line, count in kept.lines.items() if line not in ours}
    inside = {**others, **(shown.inside or {})}
    if kept.contents in ("person", "nothing") or inside == dict(kept.lines):
        return
    if kept.entered_at is None:
        run.ledger.put_in(kept.shipment, {} if shown.inside is None else inside, "unknown" if shown.inside is None else "page")
    elif shown.inside is not None:
        raise Mismatch(
            _(
                "Tracking number {} is in the shop already, and now the supplier says that something else is in that parcel"
            ).format(kept.tracking_number),
            where=_where(purchase),
            todo=_("Look at the parcel at the supplier; mend it in the shop by hand."),
            reason="tracking",
        )


def cause_of_parcels(shop: str, order_number: str) -> str:
    """By which the inbox knows the question what is in the parcels of an order."""
    return f"parcels:{shop}:{order_number}"


def ask_what_is_inside(run: Run, orders: Iterable[StoredOrder]) -> frozenset[str]:
    """Ask about the parcels of these orders of which nobody knows what is in them; the causes that are asked about now."""
    return frozenset(cause for order in orders if (cause := _ask_about(run, order)))


def _ask_about(run: Run, order: StoredOrder) -> str:
    bought = [p for p in run.ledger.purchase_of(order.shop, order.order_number) if p.state in ("placed", "shipped")]
    waiting = run.ledger.shipments(order.shop, order.order_number, entered=False)
    unknown = [kept for kept in waiting if kept.contents == "unknown" and any(kept.holds(purchase) for purchase in bought)]
    if not unknown:
        return ""
    cause = cause_of_parcels(order.shop, order.order_number)
    run.ledger.ask(
        "parcels",
        cause,
        what=_("The supplier's page does not say what is in which parcel: {numbers}").format(
            numbers=", ".join(f"{each.carrier} {each.tracking_number}" for each in unknown)
        ),
        todo=_("`agent parcels ID` shows them beside your products; say there what is in which."),
        reason="parcels",
        shop=order.shop,
        order_number=order.order_number,
        reference=unknown[0].reference,
        account=bought[0].account,
        at=run.now(),
    )
    return cause
