"""The nouns of the mall: products, drafts, quotes, orders, parcels, freight. Money is integer 分; nothing here knows a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

# What the pages call the states an order goes through.
STATE_WORDS: Mapping[str, str] = {
    "unpaid": "待付款",
    "placed": "待发货",
    "packing": "配货中",
    "shipped": "已发货",
    "picked_up": "已揽收",
    "completed": "已完成",
    "cancelled": "已取消",
    "void": "无效",
}


class Refusal(Exception):
    """The mall says no, in its own words."""


@dataclass
class Spec:
    """One specification of a product: what a piece costs and how many are left."""

    price: int
    stock: int


@dataclass
class Product:
    """A product by its number (货号), with its specifications in the mall's own words."""

    number: str
    title: str
    specs: dict[str, Spec]


@dataclass(frozen=True)
class Wanted:
    """One line of a draft: so many pieces of this product in this specification."""

    product: str
    spec: str
    quantity: int


@dataclass(frozen=True)
class Draft:
    """What the order form sent: nothing of it is believed before it was quoted."""

    reference: str
    name: str
    phone: str
    province: str
    city: str
    district: str
    address: str
    note: str
    lines: tuple[Wanted, ...]
    insurance: int = 0


@dataclass(frozen=True)
class Line:
    """One line of an order as it was sold."""

    product: str
    title: str
    spec: str
    price: int
    quantity: int

    @property
    def amount(self) -> int:
        return self.price * self.quantity


@dataclass(frozen=True)
class Quote:
    """A draft with today's prices on it."""

    lines: tuple[Line, ...]
    freight: int
    discount: int
    insurance: int

    @property
    def goods_total(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def total(self) -> int:
        return self.goods_total + self.freight + self.insurance - self.discount

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)


@dataclass(frozen=True)
class Parcel:
    """A parcel that left the mall; the words are shown as they were typed, right or wrong.

    `lines`: what the page says is in it, (title, specification, pieces) each; () where it says nothing.
    """

    carrier: str
    tracking_number: str
    sent_at: datetime
    lines: tuple[tuple[str, str, int], ...] = ()


@dataclass
class MallOrder:
    """One order in the mall's books. `by` is "page" or "person"; `merged` are the references of what was put into it later."""

    key: int
    number: str
    draft: Draft
    quote: Quote
    state: str
    placed_at: datetime
    by: str
    parcels: list[Parcel] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)

    @property
    def reference(self) -> str:
        return self.draft.reference

    @property
    def total(self) -> int:
        return self.quote.total

    @property
    def state_word(self) -> str:
        return STATE_WORDS[self.state]

    def truth(self) -> dict[str, Any]:
        """The order as the truth port tells it: flat, JSON-able, every field."""
        draft = asdict(self.draft)
        draft["region"] = [draft.pop("province"), draft.pop("city"), draft.pop("district")]
        draft["lines"] = [asdict(line) for line in self.quote.lines]
        quote = self.quote
        amounts = {name: getattr(quote, name) for name in ("goods_total", "freight", "discount", "insurance", "total")}
        parcels = [vars(parcel) | {"sent_at": parcel.sent_at.isoformat()} for parcel in self.parcels]
        own = {"number": self.number, "state": self.state, "placed_at": self.placed_at.isoformat(), "by": self.by}
        own["merged"] = self.merged
        return own | draft | amounts | {"parcels": parcels}


@dataclass
class Freight:
    """What sending costs by province: `(first piece, each further piece)`; provinces in `refused` get nothing."""

    rules: dict[str, tuple[int, int]] = field(default_factory=dict)
    default: tuple[int, int] = (300, 100)
    refused: set[str] = field(default_factory=lambda: {"西藏", "香港", "澳门", "台湾"})

    def cost(self, province: str, pieces: int) -> int:
        first, more = self.rules.get(province, self.default)
        return first + more * max(0, pieces - 1)


def together(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines with the pieces of the same thing at the same price in one."""
    pieces: dict[Line, int] = {}
    for line in lines:
        one = replace(line, quantity=1)
        pieces[one] = pieces.get(one, 0) + line.quantity
    return tuple(replace(one, quantity=quantity) for one, quantity in pieces.items())


def sold(lines: Iterable[Line]) -> tuple[Wanted, ...]:
    """Lines as a draft asks for them."""
    return tuple(Wanted(line.product, line.spec, line.quantity) for line in lines)


def wanted(lines: Iterable[Sequence[Any]]) -> tuple[Wanted, ...]:
    """Turns `(product number, specification, quantity)` triples into draft lines."""
    return tuple(Wanted(*line) for line in lines)
