"""What is compared: the shop's orders with all that the ledger has of them, and the suppliers' orders as they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.ledger import PurchaseState, StoredOrder, StoredPurchase, StoredShipment
from agent.models import Fen, Row, ShopOrderState, SupplierOrderState

RECORDED: tuple[PurchaseState, ...] = ("placed", "shipped", "done")
OPEN_WRITES = ("committing", "unknown", "held")


@dataclass(frozen=True, slots=True)
class Shown:
    """One order as the supplier shows it; `state` None where it cannot be read. What `opened` its own page alone says:

    `total`, `rows` (its goods) and `parcels` (its tracking numbers), None where they cannot be read.
    `fits`, where it carries no reference of ours, is that of our purchase that it may be, by its receiver and its goods alone.
    """

    account: str
    number: str
    reference: str
    state: SupplierOrderState | None
    opened: bool = False
    total: Fen | None = None
    rows: tuple[Row, ...] | None = None
    parcels: frozenset[str] | None = None
    fits: str = ""

    @property
    def is_live(self) -> bool:
        return self.state not in (None, "cancelled")


@dataclass(frozen=True, slots=True)
class Kept:
    """A shop order of ours with all that the ledger has of it, and what the shop's own page shows.

    `references`: of every purchase made for it, and of the next one. `asked`: the other reasons for which a person is asked
    about it. `in_shop`: the tracking numbers in the shop, None where its page was not opened.
    """

    order: StoredOrder
    purchases: tuple[StoredPurchase, ...]
    shipments: tuple[StoredShipment, ...]
    references: tuple[str, ...]
    asked: frozenset[str] = frozenset()
    in_shop: frozenset[str] | None = None
    shop_state: ShopOrderState | None = None

    @property
    def recorded(self) -> list[StoredPurchase]:
        """What the ledger has as bought."""
        return [purchase for purchase in self.purchases if purchase.state in RECORDED]


@dataclass(frozen=True, slots=True)
class World:
    """Both sides. `recorded`: all that the ledger has as bought, older orders' too. `absent`: numbers proven not to be there."""

    kept: tuple[Kept, ...]
    recorded: tuple[StoredPurchase, ...]
    shown: Mapping[str, Mapping[str, Shown]]  # account → supplier order number → order
    absent: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    def shown_of(self, purchase: StoredPurchase) -> list[Shown]:
        """The supplier's orders of a purchase, as far as they are shown."""
        there = self.shown.get(purchase.account, {})
        return [there[number] for number in purchase.supplier_order_numbers if number in there]
