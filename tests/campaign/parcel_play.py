"""Play a list of parcels: all is bought without a fault, the supplier sends it as each trial says, and the numbers meet theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from tests.campaign.parcel_trials import TWO_PARCELS, Packed
from tests.campaign.play import Player
from tests.campaign.suppliers import Mall
from tests.campaign.trials import Planned
from tests.market.mall.orders import MallOrder


class ParcelMall(Mall):
    """The mall, where another order may be for the same receiver."""

    def live(self, one: Planned) -> list[Any]:
        others = {each.reference for each in cast(Packed, one).orders if each != one.order}
        return [made for made in super().live(one) if made.reference not in others]


class ParcelPlayer(Player):
    """Plays tracking numbers; the program, its processes and their ends are as of any list."""

    supplier = ParcelMall

    def _play(self, orders: Sequence[Planned]) -> None:
        packed = cast(Sequence[Packed], orders)
        self.played.road.put_up(*(each for one in packed for each in one.orders))
        for one in packed:
            self._set(one, "ship")
        self._until_done()
        self.played.asked_bought = self._asked(orders)
        for one in packed:
            self._send(one)
        self.played.rested = self._until_rest()
        self.played.asked = self._asked(orders)

    def _send(self, one: Packed) -> None:
        """The supplier sends what it has of an order: each line by itself, or both orders under one number."""
        bought = [made for each in one.orders for made in self.market.mall.orders_with(each.reference)]
        for made in bought:
            if one.shape == TWO_PARCELS:
                self._send_apart(made)
            else:
                self.market.mall.ship(made.number, "圆通", f"YT969308{bought[0].key:07d}")

    def _send_apart(self, made: MallOrder) -> None:
        for at, sold in enumerate(made.quote.lines):
            goods = [(sold.product, sold.spec, sold.quantity)]
            self.market.mall.ship(made.number, "圆通", f"YT96930{at}{made.key:07d}", lines=goods)

    def _asked(self, orders: Sequence[Planned]) -> dict[str, list[str]]:
        every = [each for one in cast(Sequence[Packed], orders) for each in one.orders]
        return {each.number: [item.reason for item in self.played.road.inbox(each.number)] for each in every}
