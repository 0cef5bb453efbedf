"""The table of ends, where it is bought at a marketplace: many sellers behind one cart and one address book. Written by hand.

Steps are the marketplace's own requests, a page and what its script asks for (tests/market/m1688/site.py); `button` is what the
confirm page's script does when it is pressed. Until the confirm page holds our message, a request is about offers, not about an order.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tests.campaign.ends import DROPPED, HELD, IN_THE_NEXT_RUN, RIGHT, UNKNOWN, Cell, Value

STRANGERS = "a stranger's"  # a value of `foreign_goods` and `extra_seller`: goods that nobody ordered of us
THE_SAME = "the same"  # of `foreign_goods`: the very goods of the order
BUTTON = "button"

Row = tuple[str, str] | tuple[str, str, tuple[Value, ...]]


def _rows(step: str, *faults: Row, **more: Any) -> list[Cell]:
    return [Cell("submit", "marketplace", step, *told, **more) for told in faults]


# The page is not there, or its script gets no answer: before the click it costs at most one run.
_A_PAGE: tuple[Row, ...] = (("error_500", RIGHT), ("drop_before", RIGHT), ("session_expires", RIGHT))
_DATA: tuple[Row, ...] = (("slow", RIGHT, (2.0,)), *_A_PAGE)

MARKETPLACE_TABLE: tuple[Cell, ...] = (
    # ---- into the cart
    *_rows("offer", *_A_PAGE, ("captcha_before", RIGHT), ("popup", RIGHT, (0.0,))),
    *_rows("offer_data", *_DATA, ("price_changes", "ceiling", (4_500,))),
    *_rows(
        "add",
        *_DATA,
        ("captcha_before", RIGHT),
        ("drop_after", RIGHT),  # what lies there is taken out, and put in again
        ("write_done_error_shown", RIGHT),
        ("kill_before", RIGHT),
        ("kill_after", RIGHT),
        ("success_shown_write_rejected", "PageChanged"),  # the cart has no such row
        ("lands_later", "PageChanged", (None,)),
        ("twice", "PageChanged"),  # nor one with so many pieces
    ),
    *_rows(
        "cart",
        *_A_PAGE,
        ("captcha_before", RIGHT),
        ("popup", RIGHT, (0.3,)),
        ("foreign_goods", RIGHT, (STRANGERS,)),  # they stay there
        ("foreign_goods", "PageChanged", (THE_SAME,)),  # nobody could tell whose is whose
        ("second_button", "PageChanged"),
    ),
    *_rows("cart_data", *_DATA),
    *_rows("cart_change", *_DATA, ("success_shown_write_rejected", "PageChanged")),  # a tick that does not hold
    *_rows("settle", *_DATA, ("captcha_before", RIGHT)),
    # ---- the confirm page
    *_rows(
        "confirm",
        *_A_PAGE,
        ("captcha_before", RIGHT),
        ("popup", RIGHT, (0.0, 0.3)),
        ("renamed_label", RIGHT, ("提交订单=立即购买",)),  # its button is known by its kind
        ("renamed_label", "PageChanged", ("应付总额=合计",)),
        ("extra_seller", "PageChanged", (STRANGERS,)),  # two messages to two sellers
        ("buyer_cancels", DROPPED),
    ),
    *_rows(
        "confirm_data",
        *_DATA,
        ("price_changes", RIGHT, (1_900,)),  # within what a piece may cost
        ("price_changes", "ceiling", (4_500,)),
        ("stock_gone", "SiteRefused", (0,)),
    ),
    # ---- its address
    *_rows("address_data", *_DATA, ("garbled_address", RIGHT)),  # all but the region is typed
    *_rows(
        "address",
        *_DATA,
        ("captcha_before", RIGHT),
        ("drop_after", RIGHT),
        ("write_done_error_shown", RIGHT),
        ("twice", RIGHT),
        ("garbled_address", "Mismatch"),
        ("partial", "Mismatch", ("phone:8", "name:1", "detail:4")),
        ("success_shown_write_rejected", "Mismatch"),  # another buyer's stands there
        ("lands_later", "Mismatch", (None,)),
    ),
    # ---- the message to the seller, and the page's script around the click
    *_rows("message", *_DATA, ("reference_cut", "Mismatch", (8, 5))),
    *_rows(
        BUTTON,
        ("hidden_twin", RIGHT),
        ("rerender_total", RIGHT, (9_900,)),
        ("browser_asks", RIGHT, ("该地区可能延迟发货，是否继续",)),
        ("late_post", RIGHT, (1.0, 8.0)),
        ("leaving_post", RIGHT),
        ("page_retry", RIGHT),
        ("double_click", HELD),
        ("second_button", "PageChanged"),
    ),
    *_rows(BUTTON, ("late_post", "too_often", (9.0,)), times=None),
    # ---- the click that orders
    *_rows(
        "submit",
        ("slow", RIGHT, (0.5, 4.0)),
        ("second_run", RIGHT),
        ("drop_after", RIGHT),
        ("write_done_error_shown", RIGHT, (None, "商品库存不足")),
        ("lands_later", RIGHT, (1.0, None, IN_THE_NEXT_RUN)),
        ("kill_before", RIGHT),
        ("kill_after", RIGHT),
        ("order_splits", RIGHT),
        ("error_500", UNKNOWN),
        ("drop_before", UNKNOWN),
        ("success_shown_write_rejected", UNKNOWN),
        ("session_expires", UNKNOWN),
        ("captcha_after", UNKNOWN),
        ("stock_gone", "SiteRefused", (0,)),
        ("twice", HELD),
        ("partial", HELD, ("phone:8", "name:1", "address:4", "note", "quantity", "line")),
        ("price_changes", HELD, (1_890, 2_400)),
    ),
    # Nobody's name on it: its page cannot be read, and it might be any order's that is bought after it.
    *_rows("submit", ("partial", UNKNOWN, ("name",)), alone=True),
    # ---- its proof: the list shows no message, the order's own page does
    *_rows("list", *_A_PAGE, ("captcha_before", RIGHT), ("stray_filter", RIGHT), ("list_lags", RIGHT)),
    *_rows("list_data", *_DATA),
    *_rows("detail", *_A_PAGE),
    *_rows("detail_data", *_DATA),
)

# Where two faults together end otherwise than each by itself; see TOGETHER of ends.py. An error for an answer is sent again, too.
# What lies in the cart of an earlier try is taken out first, on a page where nothing is settled yet: two buttons do not matter there.
TOGETHER_THERE: Mapping[frozenset[tuple[str, str]], str] = MappingProxyType(
    {
        frozenset({("page_retry", BUTTON), ("drop_after", "submit")}): HELD,
        frozenset({("page_retry", BUTTON), ("slow", "submit")}): HELD,
        frozenset({("page_retry", BUTTON), ("drop_before", "submit")}): RIGHT,
        frozenset({("page_retry", BUTTON), ("error_500", "submit")}): RIGHT,
        frozenset({("second_button", "cart"), ("drop_after", "add")}): RIGHT,
        frozenset({("second_button", "cart"), ("write_done_error_shown", "add")}): RIGHT,
        frozenset({("second_button", "cart"), ("kill_after", "add")}): RIGHT,
    }
)
_BY_REFERENCE = frozenset({"message", BUTTON, "submit", "list", "list_data", "detail", "detail_data"})


def point(cell: Cell) -> str:
    """Where a fault of the table strikes: the site's own word."""
    return "submit" if cell.step == BUTTON else cell.step


def says_the_order(cell: Cell) -> bool:
    """Whether a request at this step says our reference; before, it says an offer at most."""
    return cell.step in _BY_REFERENCE
