"""Which play a scene is."""

from __future__ import annotations

from collections.abc import Mapping

from agent.work.run import Run
from tests.drift.at_shop import Note, Ship, ShopList, ShopPage, ShopParcels
from tests.drift.at_supplier import Buy, Look, Parcels, Product, Proof
from tests.drift.bench import M1688, MALL, Bench
from tests.drift.play import Play

PLAYS: Mapping[str, type[Play]] = {
    "buy": Buy,
    "look": Look,
    "proof": Proof,
    "parcels": Parcels,
    "product": Product,
    "list": ShopList,
    "order": ShopPage,
    "note": Note,
    "ship": Ship,
}
AT_SHOP: Mapping[str, type[Play]] = {"parcels": ShopParcels}


def made(site: str, name: str, bench: Bench, run: Run) -> Play:
    """The play of a scene."""
    plays = {**PLAYS, **AT_SHOP} if site == "doudian" else PLAYS
    return plays[name](bench, run, M1688 if site == "1688" else MALL)
