"""The contract: what flows a site of each kind has, what each must read, and the one flat vocabulary of words with their types.

A word has one type everywhere. Names on a page that are in no `read:` (buttons, search boxes) are free; what a flow
reads is a word of `WORDS`. Source of the flows: the road of one order (README, "How an order goes").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, get_args

from agent.models import (
    AddressChange,
    AfterSalesState,
    Flag,
    LineKind,
    OrderKind,
    RefundState,
    ShopOrderState,
    SupplierOrderState,
)

SiteKind = Literal["shop", "supplier"]
WordType = Literal[
    "text",  # NFKC, outer blanks gone
    "number_text",  # an order, line or tracking number: a string of letters, digits, - and _, never empty
    "name",
    "phone",
    "region",
    "address",
    "quantity",  # a whole number, 1 or more
    "count",  # a whole number, 0 or more
    "stock",  # how many are left, whatever words stand around it; 0 where it says sold out
    "money",  # integer 分
    "time",  # aware, Asia/Shanghai unless the page says otherwise
    "state",  # one of our words, through the site's `words:`
    "kind",  # the same, but a word that no table knows stays the site's own
]

WORDS: Mapping[str, WordType] = MappingProxyType(
    {
        # both kinds
        "state": "state",
        "ordered_at": "time",
        "title": "text",
        "specification": "text",
        "quantity": "quantity",
        "carrier": "text",
        "tracking_number": "text",  # may hold 已发, 无 or two numbers: judged in work/carriers.py
        # shop
        "order_number": "number_text",
        "line_number": "number_text",
        "order_kind": "kind",
        "line_kind": "kind",
        "product_id": "text",
        "merchant_code": "text",
        "price": "money",  # what the buyer paid for one piece
        "after_sales": "state",
        "address_change": "state",
        "ship_by": "time",
        "flag": "state",
        "remark": "text",
        "buyer_message": "text",
        # receiver: in the shop as masked or revealed, at the supplier as it understood it
        "receiver_name": "name",
        "phone": "phone",
        "region": "region",
        "address": "address",
        # supplier
        "product": "text",
        "reference": "text",
        "supplier_order_number": "number_text",
        "unit_price": "money",
        "goods_total": "money",
        "freight": "money",
        "discount": "money",
        "total": "money",
        "refund": "state",  # of what was paid for an order that the supplier cancelled
        "refunded": "money",
        "supplier_note": "text",
        "stock": "stock",
        "seller": "text",  # at a marketplace: whose goods these are
    }
)


@dataclass(frozen=True, slots=True)
class FlowContract:
    """What a flow must read (`words`, and `lists` with the words each row needs), and whether it writes (`commits`)."""

    words: tuple[str, ...] = ()
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    commits: bool = False
    optional: bool = False
    allowed: tuple[str, ...] = ()  # words it may read beside those
    continues: str = ""  # it begins where this flow ended


_SHOP_LINE = (
    *("line_number", "line_kind", "title", "specification", "product_id", "merchant_code", "price", "quantity"),
    "after_sales",
)
_RECEIVER = ("receiver_name", "phone", "address")
_SUPPLIER_LINE = ("title", "specification", "quantity", "unit_price")
_AMOUNTS = ("freight", "total")

CONTRACTS: Mapping[SiteKind, Mapping[str, FlowContract]] = MappingProxyType(
    {
        "shop": MappingProxyType(
            {
                "log_in": FlowContract(),
                "list_orders": FlowContract(
                    lists={"order_lines": ("order_number", "order_kind", "ordered_at", "state", "flag", "remark", *_SHOP_LINE)}
                ),
                "read_order": FlowContract(
                    words=(
                        "order_number",
                        "order_kind",
                        "ordered_at",
                        "ship_by",
                        "state",
                        "address_change",
                        "flag",
                        "remark",
                        "buyer_message",
                        *_RECEIVER,
                    ),
                    lists={"lines": _SHOP_LINE},
                ),
                "reveal_receiver": FlowContract(words=("order_number", *_RECEIVER), continues="read_order"),
                "write_note": FlowContract(commits=True, continues="read_order"),
                "ship_order": FlowContract(commits=True, words=("order_number", "carrier", "tracking_number")),
                # The other forms: a site without them leaves those orders to a person.
                "ship_parcel": FlowContract(
                    commits=True,
                    words=("order_number", "carrier", "tracking_number"),
                    lists={"lines": ("line_number", "quantity")},
                    optional=True,
                ),
                "ship_merged": FlowContract(
                    commits=True,
                    words=("carrier", "tracking_number"),
                    lists={"lines": ("order_number", "line_number", "quantity")},
                    optional=True,
                ),
                "change_number": FlowContract(commits=True, words=("carrier", "tracking_number"), optional=True),
                # Its rows may say `line_number` and `quantity`: then one row is one product of a parcel.
                "read_shipment": FlowContract(
                    words=("order_number", "state"), lists={"shipments": ("carrier", "tracking_number")}
                ),
            }
        ),
        "supplier": MappingProxyType(
            {
                "log_in": FlowContract(),
                "fill_order": FlowContract(
                    words=("receiver_name", "phone", "region", "address", "reference", *_AMOUNTS),
                    lists={"lines": _SUPPLIER_LINE},
                    allowed=("goods_total", "discount", "supplier_note", "seller"),
                ),
                "submit_order": FlowContract(commits=True, allowed=("supplier_order_number",), continues="fill_order"),
                "list_orders": FlowContract(
                    lists={"orders": ("supplier_order_number", "reference", "ordered_at", "state", "total")},
                ),
                # What the supplier's page of one product offers, for `agent map`; a row may have `stock` too.
                "read_product": FlowContract(
                    words=("product", "title"), lists={"offers": ("specification", "unit_price")}, optional=True
                ),
                "find_order": FlowContract(
                    lists={"orders": ("supplier_order_number", "reference", "ordered_at", "state", "total")}, optional=True
                ),
                "read_order": FlowContract(
                    words=("supplier_order_number", "reference", "ordered_at", "state", *_RECEIVER, "region", *_AMOUNTS),
                    # A row of `shipments` may say `title` or `product`, `specification` and `quantity`: what is in the parcel.
                    lists={"lines": _SUPPLIER_LINE, "shipments": ("carrier", "tracking_number")},
                    allowed=("goods_total", "discount", "supplier_note", "seller", "refund", "refunded"),
                ),
            }
        ),
    }
)

# Our words for the states, by the table of a site's `words:` that turns theirs into ours.
STATE_TABLES: Mapping[SiteKind, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "shop": MappingProxyType(
            {
                "order_states": get_args(ShopOrderState),
                "order_kinds": get_args(OrderKind),
                "line_kinds": get_args(LineKind),
                "after_sales_states": get_args(AfterSalesState),
                "address_changes": get_args(AddressChange),
                "flags": get_args(Flag),
            }
        ),
        "supplier": MappingProxyType({"order_states": get_args(SupplierOrderState), "refund_states": get_args(RefundState)}),
    }
)

# What a site may say it cannot show; each costs a right: to order there unattended, at a shop (order_kind) to take by rule. But
# `listed_reference` costs none: where only an order's own page shows the reference, the pages of all new orders are opened.
LACKS: tuple[str, ...] = ("reference", "receiver", "order_list", "listed_reference", "order_kind")
KIND_WORDS: tuple[str, ...] = (
    "order_kind",
    "line_kind",
    "product_id",
    "price",
)  # what a shop that lacks order_kind need not show

# The values a flow may write, by who gives them (work/values.py makes them; `secret` never leaves the session).
VALUES: frozenset[str] = frozenset(
    """
    receiver.name receiver.name_with_extension receiver.phone receiver.phone_main receiver.phone_extension
    receiver.province receiver.city receiver.district receiver.town receiver.detail receiver.detail_with_extension
    receiver.address
    line.product line.title line.specification line.quantity line.line_number
    line.specification.1 line.specification.2 line.specification.last
    purchase_order.reference purchase_order.supplier_order_number purchase_order.note
    order.order_number order.flag order.remark
    shipment.carrier shipment.tracking_number shipment.former_number
    supplier.seller
    account.shows secret.user_name secret.password
    """.split()
)
