"""What can be bought at the marketplace and who buys it: offers of many sellers, the cart, the address book. Money is 分.

Nothing here knows a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

# How a specification of several axes is written: the values in the order of the axes, joined by this.
JOIN = ";"
WHOLESALE, DROPSHIP = "general", "saleproxy"


class Refusal(Exception):
    """The marketplace says no, in its own words."""


@dataclass
class Sku:
    """One specification of an offer: a piece's price, what a dropshipper pays for it (None: the same), how many are left."""

    price: int
    stock: int
    dropship: int | None = None

    def costs(self, mode: str) -> int:
        return self.dropship if mode == DROPSHIP and self.dropship is not None else self.price


@dataclass
class Offer:
    """An offer of one seller. `minimum` is the fewest pieces at the wholesale price; a dropshipper may take one."""

    number: str
    title: str
    seller: str
    axes: tuple[str, ...]
    skus: dict[str, Sku]
    minimum: int = 1
    online: bool = True

    @property
    def dropships(self) -> bool:
        return any(sku.dropship is not None for sku in self.skus.values())


@dataclass
class CartItem:
    """One specification in the cart. `by` is "page" or "person"; the tick is kept by the server."""

    key: int
    offer: str
    sku: str
    quantity: int
    mode: str
    ticked: bool
    by: str


@dataclass(frozen=True)
class Address:
    """One entry of the address book. The region has three levels, or four with the town."""

    key: int
    name: str
    phone: str
    region: tuple[str, ...]
    detail: str

    @property
    def place(self) -> str:
        """As the confirm page shows it: 省 市 区 [镇] detail."""
        return " ".join((*self.region, self.detail))


@dataclass
class Freight:
    """What a seller's parcel costs by province: (first piece, each further one); provinces in `refused` get nothing."""

    default: tuple[int, int] = (300, 100)
    rules: dict[str, tuple[int, int]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)

    def cost(self, province: str, pieces: int) -> int:
        first, more = self.rules.get(province, self.default)
        return first + more * max(0, pieces - 1)


@dataclass(frozen=True)
class Picked:
    """So many pieces of a specification on their way to an order; `item` is the cart's key, None where bought at once."""

    offer: str
    sku: str
    quantity: int
    mode: str
    item: int | None


@dataclass
class Checkout:
    """What a confirm page is about. It lives as long as the server does."""

    key: str
    picked: list[Picked]
    messages: dict[str, str] = field(default_factory=dict)


def offer_truth(offer: Offer) -> Mapping[str, Any]:
    return asdict(offer)
