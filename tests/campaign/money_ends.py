"""The table of ends, where money is about: paying a supplier, by each of the ways, and cancelling at one. Written by hand.

Steps of `pay`: the shop's page of the order, the cashier, the click that pays (`qr`: that brings the code up), the code, the telephone
in front of it (`scan`), the order's page afterwards (`proof`), the account's statement. Of `cancel`: the order's page, the click.
`RIGHT` of a payment is that the order is paid once, and nothing is asked; of a cancelling, that the order is cancelled once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.campaign.ends import DROPPED, IN_THE_NEXT_RUN, RIGHT, Cell, Value, Where, Write

METHODS = ("balance", "credit", "qr", "auto_debit")
BALANCE, QR = ("balance",), ("qr",)
AT_ONCE = ("balance", "credit", "auto_debit")  # the click takes the money
MARKETPLACE = ("credit", "qr", "auto_debit")
TAKEN_THERE = ("credit", "auto_debit")

DIFFERS, UNKNOWN, HELD, REFUSED = "pay_differs", "pay_unknown", "pay_held", "pay_refused"
UNWANTED = "unwanted"  # not wanted any more: whether it is to be cancelled at the supplier
CODE = "pay_by_code"  # the code stays before a person
NOT_KNOWN = "cancel_unknown"
CANCELLED = "cancelled"  # by the supplier: whether it is bought again

Row = tuple[str, str] | tuple[str, str, tuple[Value, ...]]


def _rows(write: Write, where: Where, step: str, *faults: Row, methods: tuple[str, ...] = (), **more: Any) -> list[Cell]:
    cells = (Cell(write, where, step, *told) for told in faults)
    return [replace(cell, methods=methods, **more) for cell in cells]


_A_PAGE: tuple[Row, ...] = (
    ("slow", RIGHT, (0.5, 2.0)),
    ("error_500", RIGHT),
    ("drop_before", RIGHT),
    ("session_expires", RIGHT),
)
RISKY = "当前网络环境有风险，是否继续付款"
# What a click that never gets through, or is never answered, leaves behind.
_NOT_DONE = ("error_500", "drop_before", "session_expires", "success_shown_write_rejected")

MONEY: tuple[Cell, ...] = (
    # ---- before the click
    *_rows("pay", "shop", "detail", *_A_PAGE, ("captcha_after", RIGHT), ("buyer_cancels", UNWANTED)),
    *_rows(
        "pay",
        "supplier",
        "cashier",
        *_A_PAGE,
        ("captcha_before", RIGHT),
        ("sms_before", RIGHT),
        ("popup", RIGHT, (0.0, 0.3)),
        ("hidden_twin", RIGHT),
        ("second_button", RIGHT),  # once: the next run has a page with one
        ("rerender_total", RIGHT, (9_900,)),
        ("payee_changes", RIGHT, ("另一家公司",)),
        ("extra_payment", RIGHT),
        ("repriced", DIFFERS, (100,)),
        ("repriced", RIGHT, (-100,)),
        ("freight_changes", DIFFERS, (2_600,)),
        ("paid_in_app", RIGHT),
        ("list_lags", RIGHT),
        ("second_run", RIGHT),
    ),
    *_rows("pay", "supplier", "cashier", ("payee_changes", DIFFERS, ("别人",)), times=None),
    *_rows("pay", "supplier", "cashier", ("renamed_label", "PageChanged", ("应付总额=合计",)), methods=BALANCE, times=None),
    *_rows("pay", "supplier", "cashier", ("renamed_label", "PageChanged", ("应付金额=合计",)), methods=MARKETPLACE, times=None),
    *_rows("pay", "supplier", "cashier", ("late_post", RIGHT, (1.0,)), ("late_post", UNKNOWN, (9.0,)), methods=AT_ONCE),
    *_rows("pay", "supplier", "cashier", ("leaving_post", UNKNOWN), methods=AT_ONCE),
    # Its answer is no, so nothing is sent; but a payment never comes back from unknown by itself.
    *_rows("pay", "supplier", "cashier", ("browser_asks", UNKNOWN, (RISKY,)), methods=AT_ONCE),
    *_rows("pay", "supplier", "cashier", ("browser_asks", RIGHT, (RISKY,)), methods=QR),
    *_rows("pay", "supplier", "cashier", ("late_post", RIGHT, (1.0, 9.0)), ("double_click", RIGHT), methods=QR),
    *_rows("pay", "supplier", "cashier", ("double_click", HELD), methods=BALANCE),  # nothing at a small mall guards it
    *_rows("pay", "supplier", "cashier", ("double_click", RIGHT), methods=TAKEN_THERE),
    *_rows("pay", "supplier", "cashier", ("too_little", RIGHT), methods=BALANCE, alone=True),  # once it was topped up
    *_rows("pay", "supplier", "cashier", ("too_little", REFUSED), methods=TAKEN_THERE, alone=True),
    # ---- the click
    *_rows("pay", "supplier", "click", ("slow", RIGHT, (0.5, 4.0)), ("second_run", RIGHT)),
    *_rows("pay", "supplier", "click", ("drop_after", RIGHT), ("write_done_error_shown", RIGHT)),
    *_rows("pay", "supplier", "click", ("kill_before", RIGHT), ("kill_after", RIGHT)),
    *_rows("pay", "supplier", "click", ("lands_later", RIGHT, (1.0, None, IN_THE_NEXT_RUN))),
    *_rows("pay", "supplier", "click", *((fault, UNKNOWN) for fault in _NOT_DONE), methods=AT_ONCE),
    *_rows("pay", "supplier", "click", ("captcha_after", UNKNOWN), ("sms_after", UNKNOWN), methods=AT_ONCE),
    *_rows("pay", "supplier", "click", ("kill_in_proof", RIGHT), ("buyer_cancels", UNWANTED), methods=AT_ONCE),
    *_rows("pay", "supplier", "click", ("twice", HELD), ("code_amount", HELD, (9_900,)), methods=AT_ONCE),
    *_rows("pay", "supplier", "click", ("repriced", HELD, (100,)), ("supplier_cancels", HELD), methods=AT_ONCE),
    *_rows("pay", "supplier", "click", ("paid_in_app", HELD), methods=AT_ONCE),  # so late that it is taken a second time
    *_rows("pay", "supplier", "click", ("paid_in_app", RIGHT), methods=QR),
    # A code that did not come up as meant is shown to nobody, and another is made.
    *_rows("pay", "supplier", "click", *((fault, RIGHT) for fault in _NOT_DONE), methods=QR),
    *_rows("pay", "supplier", "click", ("captcha_after", RIGHT), ("sms_after", RIGHT), ("twice", RIGHT), methods=QR),
    *_rows("pay", "supplier", "click", ("code_amount", RIGHT, (9_900,)), ("repriced", DIFFERS, (100,)), methods=QR),
    # ---- the code, and the telephone in front of it
    *_rows("pay", "supplier", "code", *_A_PAGE[:3], ("payee_changes", RIGHT, ("另一家公司",)), methods=QR),
    *_rows("pay", "supplier", "code", ("supplier_cancels", HELD), methods=QR),  # and it is scanned all the same
    *_rows("pay", "supplier", "scan", ("supplier_cancels", CANCELLED), methods=QR),  # and nobody scans it before it expires
    *_rows("pay", "supplier", "scan", ("code_expires", RIGHT), ("paid_in_app", RIGHT), ("buyer_cancels", UNWANTED), methods=QR),
    *_rows("pay", "supplier", "scan", ("lands_later", RIGHT, (None, IN_THE_NEXT_RUN)), ("twice", HELD), methods=QR),
    *_rows(
        "pay",
        "supplier",
        "scan",
        ("write_done_error_shown", RIGHT),
        ("success_shown_write_rejected", CODE),
        methods=QR,
    ),
    # ---- its proof
    *_rows("pay", "supplier", "proof", *_A_PAGE, ("captcha_before", RIGHT)),
    *_rows("pay", "supplier", "statement", *_A_PAGE, methods=BALANCE),
    # ---- cancelling
    *_rows("cancel", "shop", "detail", *_A_PAGE, ("wanted_again", DROPPED)),
    *_rows("cancel", "supplier", "proof", *_A_PAGE),
    *_rows(
        "cancel",
        "supplier",
        "click",
        ("slow", RIGHT, (0.5, 4.0)),
        ("second_run", RIGHT),
        ("drop_after", RIGHT),
        ("write_done_error_shown", RIGHT),
        ("lands_later", RIGHT, (1.0, None, IN_THE_NEXT_RUN)),
        ("twice", RIGHT),
        ("kill_before", RIGHT),
        ("kill_after", RIGHT),
        ("kill_in_proof", RIGHT),
        ("error_500", NOT_KNOWN),
        ("drop_before", NOT_KNOWN),
        ("session_expires", NOT_KNOWN),
        ("success_shown_write_rejected", NOT_KNOWN),
        ("shipped_now", "intercept"),
    ),
)
WRITES_OF_MONEY: tuple[Write, ...] = ("pay", "cancel")

# The sites' own words for a step. A trick of the cashier's page is drawn with the page, and named after the click.
_AT_MALL = {"cashier": "pay", "click": "pay_done", "proof": "detail", "statement": "statement"}
_AT_1688 = {"cashier": "cashier_data", "click": "pay", "code": "code_data", "scan": "scan", "proof": "detail_data"}
_OF_THE_PAGE = frozenset(
    {"rerender_total", "second_button", "hidden_twin", "browser_asks", "late_post", "leaving_post", "double_click"}
)
_OF_THE_DOCUMENT = frozenset({"popup", "sms_before", "captcha_before", "renamed_label"})


def point(cell: Cell, method: str) -> str:
    """Where a fault of the table strikes: the site's own word."""
    if cell.where == "shop":
        return cell.step
    if cell.write == "cancel" and cell.step == "click":
        return "cancel"
    if cell.fault == "list_lags":
        return "list"
    step = "click" if cell.step == "cashier" and cell.fault in _OF_THE_PAGE else cell.step
    if method == "balance":
        return _AT_MALL[step]
    if cell.step == "cashier" and cell.fault in _OF_THE_DOCUMENT:
        return "cashier"
    return _AT_1688[step]


def is_bound(cell: Cell, method: str) -> bool:
    """Whether a request at this step says which order it is about; the mall's order page and statement do not."""
    return cell.where == "shop" or method != "balance" or cell.step not in ("proof", "statement")
