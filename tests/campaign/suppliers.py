"""Where a list is bought: what really stands there of an order, at the mall or at the marketplace, each by its own books."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from tests.campaign.trials import Planned
from tests.market.day_sites import standing
from tests.market.demo_orders import TABLE as GOODS
from tests.market.seller import Standing
from tests.road.road import Road

Bought = tuple[str, str, int]  # product, specification, pieces


class Supplier(Protocol):
    """What the judge asks of a supplier's site."""

    def live(self, one: Planned) -> list[Any]:
        """The orders there that came of this one and are not cancelled, by reference or by receiver where that was lost."""
        ...

    def ordered(self, one: Planned) -> list[Bought]: ...

    def standing(self, made: Any) -> Standing: ...

    def submits(self, one: Planned) -> int:
        """How many requests to order it reached the site."""
        ...

    def harm(self, one: Planned) -> str:
        """What of somebody else's was changed while this was bought."""
        ...

    def denied(self) -> Iterator[str]:
        """What the ledger states and the books deny, each beginning with its reference or order number."""
        ...


class Mall:
    """One seller, with a reference of its own on every order."""

    def __init__(self, road: Road) -> None:
        self.road = road

    def live(self, one: Planned) -> list[Any]:
        phone = one.order.receiver["phone"]
        return [
            made
            for made in self.road.market.mall.orders
            if made.by == "page"
            and made.state not in ("cancelled", "void")
            and (made.reference == one.order.reference or made.draft.phone == phone)
        ]

    def ordered(self, one: Planned) -> list[Bought]:
        theirs = {(code, words): (product, spec) for code, words, product, spec, _cost, _ceiling in GOODS}
        return [(*theirs[(each["merchant_code"], each["specification"])], each["quantity"]) for each in one.order.lines]

    def standing(self, made: Any) -> Standing:
        return standing(made)

    def submits(self, one: Planned) -> int:
        return self.road.submits(one.order)

    def harm(self, one: Planned) -> str:
        return ""

    def denied(self) -> Iterator[str]:
        return self.road.denied()
