"""The contract: what flows a site of each kind has, what each must read, and the one flat vocabulary of words with their types.

A word has one type everywhere. Names on a page that are in no `read:` (buttons, search boxes) are free; what a flow
reads is a word of `WORDS`. Source of the flows: the road of one order (README, "How an order goes").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal, get_args

from agent.models import (
    AddressChange,
    AfterSalesState,
    Flag,
    LineKind,
    OrderKind,
    PaymentState,
    PayMethod,
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
    "change",  # integer 分, below zero where it went out: a line of an account statement
    "day",  # a date without a time
    "picture",  # read by the verb `picture` only: the file it was put into
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
        "source": "text",  # where an order came from (直播, 商品卡, 达人): the commission may depend on it
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
        "province": "region",  # the levels of `region` where a site shows them apart
        "city": "region",
        "district": "region",
        "address": "address",
        # supplier
        "product": "text",
        "reference": "text",
        "supplier_order_number": "number_text",
        "unit_price": "money",
        "line_total": "money",  # of all pieces of one line, where no unit price stands there
        "goods_total": "money",
        "freight": "money",
        "discount": "money",
        "total": "money",
        "refund": "state",  # of what was paid for an order that the supplier cancelled
        "refunded": "money",
        "supplier_note": "text",
        "stock": "stock",
        "seller": "text",  # at a marketplace: whose goods these are
        # a supplier's cashier, account and bill
        "payee": "text",
        "payment_state": "state",  # the cashier's own word about the newest code of an order
        "expires_at": "time",
        "code": "picture",  # what a person scans
        "paid": "money",  # already, for an order
        "paid_at": "time",
        "balance": "money",
        "at": "time",
        "amount": "change",
        "statement_words": "text",
        "due_on": "day",
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
LEVELS = ("province", "city", "district")  # may be read in place of `region`
_SUPPLIER_LINE = ("title", "specification", "quantity", "unit_price")
_AMOUNTS = ("freight", "total")
_PAYING = FlowContract(
    commits=True, words=("payee", "total"), lists={"payments": ("supplier_order_number", "total")}, optional=True
)
PAY_FLOWS: Mapping[PayMethod, str] = MappingProxyType(
    {"balance": "pay_by_balance", "credit": "pay_by_credit", "qr": "pay_by_qr", "auto_debit": "pay_by_auto_debit"}
)  # a person pays `outside`: no flow

CONTRACTS: Mapping[SiteKind, Mapping[str, FlowContract]] = MappingProxyType(
    {
        "shop": MappingProxyType(
            {
                "log_in": FlowContract(),
                # A row may have `source`, too.
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
                    allowed=("source", "region", *LEVELS),  # the region where the address line does not begin with it
                ),
                "reveal_receiver": FlowContract(words=("order_number", *_RECEIVER), continues="read_order"),
                "write_note": FlowContract(commits=True, continues="read_order"),
                "ship_order": FlowContract(commits=True, words=("order_number", "carrier", "tracking_number")),
                # The other forms: a site without them leaves those orders to a person. One that always asks what is in a parcel
                # has no `ship_order`.
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
                # Where a number in the shop is not yet an order marked as shipped: a click, a write and a proof of its own.
                "mark_shipped": FlowContract(commits=True, words=("order_number",), optional=True),
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
                    allowed=("goods_total", "discount", "supplier_note", "seller", *LEVELS),
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
                    words=("supplier_order_number", "reference", "state", *_RECEIVER, "region", *_AMOUNTS),
                    # A row of `shipments` may say `title` or `product`, `specification` and `quantity`: what is in the parcel.
                    lists={"lines": _SUPPLIER_LINE, "shipments": ("carrier", "tracking_number")},
                    allowed=(
                        *("ordered_at", "goods_total", "discount", "supplier_note", "seller", "refund", "refunded", *LEVELS),
                        *("paid", "paid_at"),
                    ),
                ),
                # The ways to pay. `pay_by_qr` writes with the click that brings the code up: from then on somebody may have paid.
                "pay_by_balance": _PAYING,
                "pay_by_credit": _PAYING,
                "pay_by_auto_debit": _PAYING,
                "pay_by_qr": replace(_PAYING, allowed=("expires_at", "code")),
                "read_payment": FlowContract(words=("payment_state",), optional=True, allowed=("payee", "total")),
                "read_balance": FlowContract(words=("balance",), optional=True),
                # A row may have `balance` (what was left after it), `supplier_order_number` and `statement_words`.
                "read_statement": FlowContract(lists={"statement": ("at", "amount")}, optional=True),
                # What the supplier says is owed on credit terms; a row may have `due_on`, `seller`, and `state` (cancelled) or
                # `payment_state` (paid): then nothing is owed for it any more.
                "read_bill": FlowContract(lists={"bill": ("supplier_order_number", "total")}, optional=True),
                "cancel_order": FlowContract(commits=True, words=("supplier_order_number", "state"), optional=True),
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
        "supplier": MappingProxyType(
            {
                "order_states": get_args(SupplierOrderState),
                "refund_states": get_args(RefundState),
                "payment_states": get_args(PaymentState),
            }
        ),
    }
)

# What a site may say it cannot show. Some cost a right: `reference`, `receiver`, `order_list` to order there unattended,
# `order_kind` to take by rule. The others cost none: of what a list does not show the orders' own pages are opened
# (`listed_reference`, `listed_lines`), a change of address shows in the receiver itself, `mask` is a receiver shown whole, and of a
# supplier without `parcels` a person enters the numbers.
LACKS: tuple[str, ...] = (
    *("reference", "receiver", "order_list", "listed_reference", "order_kind", "listed_lines", "listed_state", "specification"),
    *("notes", "ship_by", "address_change", "mask", "parcels"),
)
# The words that a site need not show, by what it lacks; and the flows that it need not have.
LACKED_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "order_kind": ("order_kind", "line_kind", "product_id", "price"),
        "specification": ("specification",),
        "notes": ("flag", "remark"),
        "ship_by": ("ship_by",),
        "address_change": ("address_change",),
    }
)
LACKED_FLOWS: Mapping[str, str] = MappingProxyType(
    {"order_list": "list_orders", "notes": "write_note", "mask": "reveal_receiver"}
)
LISTED_ORDERS = FlowContract(lists={"orders": ("order_number", "ordered_at", "state")})  # of a shop that lacks `listed_lines`

# The values a flow may write, by who gives them (work/values.py makes them; `secret` never leaves the session).
VALUES: frozenset[str] = frozenset(
    """
    receiver.name receiver.name_with_extension receiver.phone receiver.phone_main receiver.phone_extension
    receiver.province receiver.city receiver.district receiver.town receiver.detail receiver.detail_with_extension
    receiver.address
    line.product line.title line.specification line.quantity line.line_number
    line.supplier_order_number
    line.specification.1 line.specification.2 line.specification.last
    purchase_order.reference purchase_order.supplier_order_number purchase_order.note
    order.order_number order.flag order.remark
    shipment.carrier shipment.tracking_number shipment.former_number
    supplier.seller
    account.shows secret.user_name secret.password
    """.split()
)
