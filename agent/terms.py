"""Our own words in a person's language: what the ledger, the contract and the site files call by one English word.

Data keeps the word itself; only a sentence that a person reads says it with `plain()`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from agent.words import _, later

FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "grey": later("grey"),
        "purple": later("purple"),
        "cyan": later("cyan"),
        "green": later("green"),
        "orange": later("orange"),
        "red": later("red"),
    }
)

# Kinds of orders and of their lines that are not ordinary.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "presale": later("presale"),
        "deposit": later("presale with a deposit"),
        "sample": later("sample"),
        "lottery": later("lottery"),
        "custom": later("made to order"),
        "virtual": later("virtual goods"),
        "instant": later("delivery within the hour"),
        "gift": later("gift"),
        "bundle": later("bundle"),
    }
)

# What the supplier orders hold, compared with what was meant (work/compare.py).
VERDICTS: Mapping[str, str] = MappingProxyType(
    {
        "exact": later("as meant"),
        "more": later("more than meant"),
        "less": later("less than meant"),
        "differs": later("something else than meant"),
        "none": later("nothing there"),
    }
)

# The flows of site files, as the seller says what was being done.
FLOWS: Mapping[str, str] = MappingProxyType(
    {
        "log_in": later("log_in"),
        "list_orders": later("list_orders"),
        "read_order": later("read_order"),
        "find_order": later("find_order"),
        "read_product": later("read_product"),
        "reveal_receiver": later("reveal_receiver"),
        "fill_order": later("fill_order"),
        "submit_order": later("submit_order"),
        "write_note": later("write_note"),
        "ship_order": later("ship_order"),
        "ship_parcel": later("ship_parcel"),
        "ship_merged": later("ship_merged"),
        "change_number": later("change_number"),
        "mark_shipped": later("mark_shipped"),
        "pay_by_balance": later("pay_by_balance"),
        "pay_by_credit": later("pay_by_credit"),
        "pay_by_auto_debit": later("pay_by_auto_debit"),
        "pay_by_qr": later("pay_by_qr"),
        "read_payment": later("read_payment"),
        "read_balance": later("read_balance"),
        "read_statement": later("read_statement"),
        "read_bill": later("read_bill"),
        "cancel_order": later("cancel_order"),
        "read_shipment": later("read_shipment"),
    }
)

# How the page looked after a commit click: never proof.
ENDS: Mapping[str, str] = MappingProxyType(
    {
        "expected": later("shows what was expected"),
        "refused": later("says no"),
        "unclear": later("shows nothing that was expected"),
    }
)

WRITES: Mapping[str, str] = MappingProxyType(
    {
        "submit": later("The purchase"),
        "ship": later("The tracking number"),
        "change_number": later("The changed tracking number"),
        "mark_shipped": later("The mark that it is shipped"),
        "pay": later("The payment"),
        "cancel": later("The cancellation"),
        "intended": later("not sent yet"),
        "committing": later("sent, outcome not known"),
        "confirmed": later("proven"),
        "held": later("held for a person"),
        "refused": later("refused by the site"),
        "unknown": later("outcome not known"),
        "planned": later("to be bought"),
        "placed": later("bought"),
        "shipped": later("shipped by the supplier"),
        "done": later("number entered in the shop"),
        "dead": later("given up"),
    }
)

# How far an order came at the supplier (models.SupplierOrderState).
SUPPLIER_STATES: Mapping[str, str] = MappingProxyType(
    {
        "unpaid": later("not paid"),
        "placed": later("waits to be sent"),
        "partly_shipped": later("sent in part"),
        "shipped": later("sent"),
        "picked_up": later("picked up"),
        "completed": later("completed"),
        "cancelled": later("closed"),
    }
)

# The words of a site's tables that a person is asked about, by its kind and the table (sites/contract.py).
OUR_WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "supplier.order_states": SUPPLIER_STATES,
        "shop.order_states": {
            "unpaid": later("not paid by the buyer"),
            "to_ship": later("paid, to be shipped"),
            "partly_shipped": later("shipped to the buyer in part"),
            "shipped": later("shipped to the buyer"),
            "completed": later("completed"),
            "cancelled": later("closed"),
            "under_review": later("held by the platform for a check"),
        },
        "shop.order_kinds": {"ordinary": later("ordinary order"), **KINDS},
        "shop.line_kinds": {"ordinary": later("ordinary product"), **KINDS},
        "shop.after_sales_states": {
            "none": later("no after-sales request"),
            "open": later("an after-sales request is open"),
            "refunded": later("refunded"),
            "closed": later("the after-sales request was closed"),
        },
        "shop.address_changes": {"none": later("no other address"), "asked": later("another address was asked for")},
        "shop.flags": FLAGS,
    }
)

ANSWERS: Mapping[str, str] = MappingProxyType(
    {
        "approve": later("approved"),
        "reject": later("rejected"),
        "map": later("matched"),
        "parcels": later("told what is in which parcel"),
        "cancel": later("cancel it at the supplier"),
    }
)

# How it is known what is in a parcel (ledger/shipments.py).
CONTENTS: Mapping[str, str] = MappingProxyType({"unknown": later("not known"), "nothing": later("nothing of this order")})

# The words of the contract that stand in comparisons and messages (sites/contract.py).
VALUES: Mapping[str, str] = MappingProxyType(
    {
        "receiver_name": later("receiver's name"),
        "receiver": later("receiver"),
        "phone": later("phone"),
        "region": later("region"),
        "address": later("address"),
        "lines": later("products"),
        "payee": later("payee"),
        "title": later("product title"),
        "specification": later("specification"),
        "quantity": later("quantity"),
        "order_kind": later("kind of order"),
        "line_kind": later("kind of product"),
        "source": later("where the order came from"),
        "line_number": later("number of the order's line"),
        "product_id": later("product id"),
        "price": later("price paid"),
        "merchant_code": later("merchant code"),
        "unit_price": later("unit price"),
        "goods_total": later("price of the goods"),
        "freight": later("freight"),
        "discount": later("discount"),
        "total": later("total"),
        "reference": later("purchase order number"),
        "supplier_note": later("note for the supplier"),
        "seller": later("seller"),
        "refund": later("refund"),
        "refunded": later("money paid back"),
        "order_number": later("shop order number"),
        "supplier_order_number": later("supplier order number"),
        "order_list": later("list of orders"),
        "ordered_at": later("time of the order"),
        "due_on": later("due date"),
        "ship_by": later("ship-by time"),
        "state": later("state"),
        "after_sales": later("after-sales state"),
        "address_change": later("change of address"),
        "buyer_message": later("buyer's message"),
        "flag": later("flag"),
        "remark": later("remark"),
        "carrier": later("carrier"),
        "tracking_number": later("tracking number"),
    }
)

# What a site file has beside the words of the contract: buttons, boxes and the parts of a list, as a person is asked for them.
PLACES: Mapping[str, str] = MappingProxyType(
    {
        "user_name": later("the box for the user name"),
        "password": later("the box for the password"),
        "log_in": later("the button that signs in"),
        "signed_in_as": later("where the page shows who is signed in"),
        "province": later("the choice of the province"),
        "city": later("the choice of the city"),
        "district": later("the choice of the district"),
        "product": later("the product's number"),
        "add_line": later("the button that adds the product to the order"),
        "basket": later("products added so far"),
        "next": later("the button that goes on to the page with the total"),
        "place_order": later("the button that places the order: it is never clicked here"),
        "reference_searched": later("the search box for our purchase order number"),
        "number_searched": later("the search box for the supplier's order number"),
        "search": later("the search button"),
        "all_orders": later("what shows all orders again after a search"),
        "orders": later("orders"),
        "next_page": later("what shows the next page of the list"),
        "details": later("what opens the order"),
        "shipments": later("parcels"),
        "order_lines": later("products of the orders"),
        "order_searched": later("the search box for the shop order number"),
        "to_ship": later("what shows the orders that are to be shipped"),
        "ship": later("what opens the form to ship the order"),
        "reveal": later("the button that reveals the receiver: it is never clicked here"),
        "edit_note": later("what opens the note for colleagues"),
        "new_flag": later("the flag of the note"),
        "new_remark": later("the box for the words of the note"),
        "save": later("the button that saves the note: it is never clicked here"),
        "confirm": later("the button that ships the order: it is never clicked here"),
    }
)

# The pages of a site, behind "Open the page …".
PAGES: Mapping[str, str] = MappingProxyType(
    {
        "login": later("where you sign in"),
        "home": later("that comes after you have signed in"),
        "order_form": later("where you fill in a new order"),
        "confirm": later("that shows the whole order with its total, before it is placed"),
        "thank_you": later("that comes after an order was placed"),
        "my_orders": later("with the list of your orders"),
        "order_detail": later("of one order, with receiver, goods and total"),
        "shop_orders": later("with the list of the orders of your shop"),
        "shop_order": later("of one order of your shop, its receiver still masked"),
        "note_form": later("where the note for colleagues is written"),
        "ship_form": later("where carrier and tracking number of an order are entered"),
        "shipped": later("that comes after a tracking number was entered"),
    }
)

# What a step of a flow does, as a person who looks on is told.
VERBS: Mapping[str, str] = MappingProxyType(
    {
        "open": later("open the page"),
        "fill": later("write"),
        "choose": later("choose"),
        "tick": later("tick"),
        "click": later("click"),
        "press": later("press the key"),
        "expect": later("wait for"),
        "expect_gone": later("wait until it is gone:"),
        "clear": later("take out what an earlier attempt left in"),
        "read": later("read"),
        "picture": later("take a picture of"),
        "commit": later("COMMIT, the click that writes:"),
        "for_each_line": later("for each product"),
        "if_present": later("only if it is there:"),
        "done_if": later("done already if it is there:"),
    }
)


def plain(table: Mapping[str, str], word: str) -> str:
    """The word as a person says it; one that the table does not know stays as it is."""
    return _(table[word]) if word in table else word
