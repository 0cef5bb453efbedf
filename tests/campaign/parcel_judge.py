"""Judge what came of parcels: each number in the shop once, with exactly what is in it; the other order of a shared one unharmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tests.campaign.ends import RIGHT
from tests.campaign.judge import NEVER, Verdict, judged
from tests.campaign.parcel_trials import Packed
from tests.campaign.play import Played


def judged_parcels(played: Played, orders: Sequence[Packed]) -> list[Verdict]:
    """One verdict a trial: of its number, or of its purchase where that is not as meant."""
    made = []
    for one in orders:
        verdict = _last(played, one)
        if one.beside is not None and verdict.outcome not in NEVER:
            other = _last(played, replace(one, order=one.beside, beside=one.order))
            harmed = other.outcome in NEVER
            verdict = replace(verdict, outcome=other.outcome, why=f"beside it: {other.why}") if harmed else verdict
        made.append(verdict)
    return made


def _last(played: Played, one: Packed) -> Verdict:
    *_before, last = judged(played, [one])
    why = _otherwise_packed(played, one) if one.ends("ship") == {RIGHT} and last.outcome not in NEVER else ""
    return replace(last, outcome="wrong", why=why) if why else last


def _otherwise_packed(played: Played, one: Packed) -> str:
    """What a number in the shop holds otherwise than its parcel."""
    shop = played.road.market.shop.orders[one.order.number]
    whole = sorted(line.quantity for line in shop.lines)
    sent = [parcel for made in played.supplier.live(one) for parcel in made.parcels]
    told = {parcel.tracking_number: sorted(pieces for *_goods, pieces in parcel.lines) or whole for parcel in sent}
    for parcel in shop.parcels:
        inside, meant = sorted(pieces for _line, pieces in parcel.pieces), told.get(parcel.tracking_number)
        if inside != meant:
            return f"{parcel.tracking_number} holds {inside} in the shop, {meant} were sent"
    return ""
