"""What was bought and is unwanted by now: the buyer's order was cancelled, refunded, asked back, or goes elsewhere. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Literal

from agent.ledger import StoredOrder
from agent.models import Order
from agent.words import _, later

Why = Literal["cancelled", "refunded", "asked", "address"]
WHOLLY: tuple[Why, ...] = ("cancelled", "refunded")  # nothing of the purchase is wanted any more, and the buyer has the money
_WORDS: Mapping[Why, str] = MappingProxyType(
    {
        "cancelled": later("the buyer's order was cancelled"),
        "refunded": later("the buyer was refunded"),
        "asked": later("the buyer asks for money back, or got some of it"),
        "address": later("the buyer changes the address"),
    }
)


def why_unwanted(order: Order | StoredOrder, lines: Collection[str]) -> Why | None:
    """Why a purchase of these lines of an order is unwanted; None where it is not, or the order does not show all of them."""
    its = [line.after_sales for line in order.lines if line.line_number in lines]
    if order.state == "cancelled":
        return None if "open" in its else "cancelled"
    if len(its) == len(lines) and set(its) == {"refunded"}:
        return "refunded"
    if {"open", "refunded"} & {*its}:
        return "asked"
    return "address" if order.address_change != "none" else None


def words_of(why: Why) -> str:
    """It as a person reads it."""
    return _(_WORDS[why])
