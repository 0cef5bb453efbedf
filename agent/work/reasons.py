"""Why a person is asked: the closed table of reasons, each with its title, its real answers, and what of it goes together.

An error carries its reason (`AgentError(…, reason="alike")`), the inbox keeps it; one that says none has the name of its
class. What exactly happened stays in the item's own words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from agent.words import _, later

# What stands in a command in place of the item's own: ID is its number in the inbox, ORDER the shop's order number.
PLACES = ("ID", "REFERENCE", "ORDER", "ACCOUNT")
# What is still to be filled in of a command, and how a person knows what belongs there.
BLANKS = (
    later("ID"),
    later("REFERENCE"),
    later("ORDER"),
    later("ACCOUNT"),
    later("--number NO"),
    later("--supplier NAME"),
    later("--product NO"),
    later("--option N"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A command to type, and what comes of it. `order`: it says something only where the item is about one order."""

    command: str
    does: str
    order: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """`by`: items of this reason go together where they agree in these. `apart`: each is answered by itself, never a group at once.

    `advises`: what to do stands in the item's own words, the answers only follow on it.
    """

    title: str
    answers: tuple[Answer, ...]
    by: tuple[Literal["shop", "account", "what"], ...] = ()
    apart: bool = False
    advises: bool = False


_SHOW = Answer("agent show ORDER", later("what was done for it, with pictures"), order=True)
_AGAIN = Answer("agent approve ID", later("mended: go on with it"), order=True)
_RETRY = Answer("agent approve ID", later("try it again"), order=True)
_LEAVE = Answer("agent reject ID", later("leave the order to you"), order=True)
_BY_HAND = Answer("agent reject ID", later("you enter its numbers yourself"), order=True)
_CHECK = Answer("agent check", later("after the file is mended: is it right now?"))
_DOCTOR = Answer("agent doctor", later("says what the data folder and its disk have"))
_IS_IT = Answer("agent resolve REFERENCE --number NO", later("it stands at the supplier under this number"))
_IS_NONE = Answer("agent resolve REFERENCE --not-placed", later("there is none at the supplier"))
_SIGN_IN = Answer("agent login ACCOUNT", later("do in the window what the site asks for"))
_COMPARE = Answer("agent reconcile", later("mended: compare again; it closes by itself"))
_SEEN = Answer("agent approve ID", later("it is right as it is: do not ask about this again"), order=True)
_MENDED = (_CHECK, _AGAIN, _LEAVE)
_BOOKS = (_SHOW, _COMPARE, _SEEN)
_LET_BE = Answer("agent approve ID", later("let the supplier's order stand: do not ask about this again"), order=True)
_NONE_OUT = Answer("agent resolve REFERENCE --not-paid --on-my-word", later("cancelled there, and no money is out for it"))
_WATCH = Answer("agent run --once --step --headed", later("watch every step and say yes yourself"))

REASONS: Mapping[str, Reason] = MappingProxyType(
    {
        # what a person decides before anything is bought
        "review": Reason(
            later("Waits for your yes"),
            (
                Answer("agent review", later("your product beside the supplier's")),
                Answer("agent approve ID", later("buy it")),
                Answer("agent reject ID", later("leave the order to you")),
            ),
        ),
        "remark": Reason(
            later("A remark: look at it before this is bought"),
            (
                Answer("agent review", later("the remark, your product beside the supplier's")),
                Answer("agent approve ID", later("buy it all the same")),
                Answer("agent reject ID", later("leave the order to you")),
            ),
            apart=True,
        ),
        "alike": Reason(
            later("Somebody may have bought this already"),
            (_IS_IT, Answer("agent approve ID", later("that one is another buyer's: buy this"), order=True), _LEAVE),
            apart=True,
        ),
        "changed": Reason(
            later("The order changed in the shop, nothing was bought"),
            (_SHOW, Answer("agent approve ID", later("settled in the shop: go on with it"), order=True), _LEAVE),
        ),
        "left_over": Reason(later("The rest of an order is to be bought by hand"), (_SHOW, _LEAVE), advises=True),
        "new_line": Reason(later("The order shows a line that was not there when it was bought"), (_SHOW, _LEAVE)),
        "ceiling": Reason(
            later("Dearer than you allow"),
            (Answer("agent approve ID", later("buy it this once at that price"), order=True), _LEAVE),
        ),
        "price": Reason(
            later("The price changed more than you allow"),
            (Answer("agent approve ID", later("buy it this once at that price"), order=True), _LEAVE, _CHECK),
        ),
        "freight": Reason(
            later("Its freight is more than you allow"),
            (Answer("agent approve ID", later("buy it this once with that freight"), order=True), _LEAVE, _CHECK),
        ),
        "margin": Reason(
            later("It would leave less than you ask for"),
            (Answer("agent approve ID", later("buy it this once all the same"), order=True), _LEAVE, _CHECK),
        ),
        "day_limit": Reason(
            later("The day's limit is reached"),
            (Answer("agent approve ID", later("let this one pass"), order=True), _LEAVE, _CHECK),
        ),
        "hour_limit": Reason(
            later("A product was bought too often within the hour"),
            (Answer("agent approve ID", later("let this one pass"), order=True), _LEAVE, _CHECK),
        ),
        "credit_limit": Reason(
            later("A supplier's credit limit is reached"),
            (Answer("agent payables", later("what is owed, and when it is due")), _CHECK),
            by=("account",),
            advises=True,
        ),
        "overdue": Reason(
            later("Overdue at a supplier: nothing is ordered there"),
            (Answer("agent payables", later("what is owed, and since when it is due")),),
            by=("account",),
            advises=True,
        ),
        "payable_due": Reason(
            later("To be paid soon on credit terms"),
            (
                Answer("agent payables", later("what is owed, and when it is due")),
                Answer("agent approve ID", later("seen: remind me again when the day is nearer")),
            ),
            by=("account",),
            advises=True,
        ),
        "bill_differs": Reason(
            later("A supplier's bill and the ledger differ"),
            (
                Answer("agent payables --orders", later("what is owed by the ledger, a row an order")),
                Answer("agent approve ID", later("right as it is: do not ask again until something else differs")),
            ),
            by=("account",),
            apart=True,
            advises=True,
        ),
        "not_compared": Reason(
            later("What was bought is not compared with the sites any more"),
            (
                Answer("agent reconcile", later("compare it now, and see what could not be read")),
                Answer("agent inbox", later("what else waits there may be why")),
            ),
            advises=True,
        ),
        "reveals": Reason(
            later("The day's reveals are used up"),
            (Answer("agent run --once", later("more were granted: goes on; else by itself after midnight")),),
            by=("shop",),
        ),
        "unmapped": Reason(
            later("Products without a supplier product"),
            (
                Answer("agent map", later("all of them, the most urgent first")),
                Answer("agent map ID --supplier NAME --product NO", later("what the supplier offers; then choose")),
                Answer("agent reject ID", later("leave the orders with this product to you")),
            ),
            by=("shop",),
            apart=True,
        ),
        "region": Reason(later("The supplier does not deliver there"), (_SHOW, _LEAVE)),
        "receiver": Reason(later("The receiver cannot be read with certainty"), (_SHOW, _AGAIN, _LEAVE)),
        "unreadable": Reason(later("The shop's page shows something unknown"), (_CHECK,), advises=True),
        # what a supplier said, and what nobody knows
        "cancelled": Reason(
            later("The supplier cancelled the order"),
            (_SHOW, Answer("agent approve ID", later("buy it again"), order=True), _LEAVE),
            apart=True,
        ),
        "cancelled_late": Reason(later("The supplier cancelled the order, or part of it, too late"), (_SHOW, _LEAVE)),
        "refund_due": Reason(
            later("Money is to come back from the supplier"),
            (
                _SHOW,
                Answer("agent approve ID", later("the money is back"), order=True),
                Answer("agent reject ID", later("it will not come back"), order=True),
            ),
            apart=True,
        ),
        "refunds_owed": Reason(
            later("A supplier owes you money"),
            (
                Answer("agent refunds", later("what is owed, since when, what came back")),
                Answer("agent approve ID", later("seen: remind me again later")),
            ),
            by=("account",),
            advises=True,
        ),
        "shortage": Reason(
            later("The supplier sent too little"),
            (
                _SHOW,
                Answer("agent approve ID", later("the pieces or the money are here"), order=True),
                Answer("agent reject ID", later("neither will come"), order=True),
            ),
            apart=True,
        ),
        "unwanted": Reason(
            later("Bought, and the buyer does not want it any more: cancel it at the supplier?"),
            (
                Answer("agent cancel REFERENCE", later("cancel it at the supplier, if it was not sent yet"), order=True),
                _LET_BE,
                _SHOW,
            ),
            apart=True,
        ),
        "unwanted_by_hand": Reason(
            later("Bought, and the buyer does not want it any more: cancel it at the supplier by hand"),
            (_SHOW, _LET_BE),
            apart=True,
            advises=True,
        ),
        "intercept": Reason(
            later("Sent before it could be cancelled: stop the parcel"), (_SHOW, _LET_BE), apart=True, advises=True
        ),
        "cancel_refused": Reason(later("The supplier does not cancel the order"), (_SHOW, _LET_BE), apart=True, advises=True),
        "cancel_unknown": Reason(later("Nobody knows whether the supplier cancelled the order"), (_SHOW,), apart=True),
        "not_cancelled": Reason(
            later("Not cancelled at the supplier: look at it first"), (_SHOW, _LET_BE), apart=True, advises=True
        ),
        "held": Reason(later("Something else than meant stands at the supplier"), (_SHOW, _IS_IT, _IS_NONE), apart=True),
        "not_placed": Reason(
            later("Not placed by your word: buy it again?"),
            (Answer("agent approve ID", later("buy it again"), order=True), _LEAVE),
            apart=True,
        ),
        "answer_differs": Reason(
            later("What you said does not fit what the site shows"), (_SHOW, _IS_IT, _IS_NONE), apart=True
        ),
        "stale": Reason(
            later("Too much time passed before the click: nothing was sent, the next run tries it again"),
            (_SHOW, _CHECK),
            advises=True,
        ),
        "too_often": Reason(later("Sent as often as is allowed, never again"), (_SHOW, _LEAVE)),
        "note": Reason(later("The note in the shop does not read as meant"), (_SHOW, _AGAIN)),
        # paying suppliers
        "pay_by_code": Reason(
            later("A code to scan: pay a supplier"),
            (
                Answer("agent pay", later("paid: look at the supplier now; else the next run does")),
                Answer("agent report", later("a page with the code's picture")),
            ),
            apart=True,
            advises=True,
        ),
        "balance": Reason(
            later("A supplier's balance is too low"),
            (Answer("agent pay", later("topped up: pay what waits; else the next run does")),),
            by=("account",),
            advises=True,
        ),
        "pay_limit": Reason(
            later("The day's limit keeps orders from being paid"),
            (Answer("agent doctor", later("how much of each limit is used up")), _CHECK),
            by=("account",),
            advises=True,
        ),
        "pay_differs": Reason(
            later("What is to be paid is not what was ordered: not paid"), (_SHOW,), apart=True, advises=True
        ),
        "pay_unknown": Reason(
            later("Nobody knows yet whether a payment was made: do not pay it again"),
            (
                _SHOW,
                Answer("agent resolve REFERENCE --paid", later("it is paid; checked at the supplier")),
                Answer(
                    "agent resolve REFERENCE --not-paid --on-my-word",
                    later("it was not paid, by your word: it may be paid again"),
                ),
            ),
            apart=True,
        ),
        "pay_held": Reason(
            later("Something else than meant was paid"),
            (_SHOW, Answer("agent resolve REFERENCE --paid", later("what was too much is back: it is paid")), _NONE_OUT),
            apart=True,
            advises=True,
        ),
        "pay_too_often": Reason(
            later("A payment was clicked as often as is allowed, never again"), (_SHOW,), apart=True, advises=True
        ),
        "pay_refused": Reason(later("The supplier's cashier refused a payment"), (_SHOW,), apart=True, advises=True),
        # parcels
        "tracking": Reason(later("A tracking number is in doubt"), (_SHOW, _BY_HAND), apart=True, advises=True),
        "parcels": Reason(
            later("Several parcels: what is in which?"),
            (
                Answer("agent parcels ID", later("your products and the numbers; then say what is in which"), order=True),
                _SHOW,
                _BY_HAND,
            ),
        ),
        "foreign_number": Reason(later("One tracking number at two buyers: not entered"), (_SHOW, _BY_HAND), apart=True),
        "number_changed": Reason(
            later("The supplier changed a number that is in the shop"),
            (
                Answer("agent approve ID", later("change it in the shop"), order=True),
                Answer("agent reject ID", later("leave the number in the shop as it is"), order=True),
            ),
            apart=True,
        ),
        "ship_now": Reason(
            later("The ship-by time is near and the carrier does not have it yet"),
            (Answer("agent approve ID", later("enter the number now"), order=True), _SHOW),
        ),
        "late": Reason(later("The ship-by time is near and the supplier gave no number"), (_SHOW, _BY_HAND)),
        "ship_unknown": Reason(
            later("Nobody knows whether the tracking number reached the shop"), (_SHOW,), apart=True, advises=True
        ),
        # the books: shop, suppliers, payments and numbers compared (agent reconcile)
        "bought_twice": Reason(later("More than one order at the supplier for one purchase"), _BOOKS, apart=True, advises=True),
        "not_recorded": Reason(later("The supplier has an order that the ledger does not"), _BOOKS, apart=True, advises=True),
        "not_at_supplier": Reason(
            later("The ledger has an order that the supplier does not"), _BOOKS, apart=True, advises=True
        ),
        "paid_differs": Reason(later("Payment and order do not go together"), _BOOKS, apart=True, advises=True),
        "order_differs": Reason(later("The supplier's order is not what was recorded"), _BOOKS, apart=True, advises=True),
        "strange_number": Reason(later("A number in the shop that no supplier gave"), _BOOKS, apart=True, advises=True),
        "number_missing": Reason(later("A number that should be in the shop is not"), _BOOKS, apart=True, advises=True),
        # accounts
        "secret": Reason(
            later("A user name or password is missing"),
            (Answer("agent doctor", later("says where it may stand")),),
            advises=True,
        ),
        "wrong_account": Reason(later("Signed in as somebody else"), (_SIGN_IN, _CHECK), by=("account",), advises=True),
        "window_open": Reason(
            later("The account's own Chrome is open elsewhere"),
            (Answer("agent login ACCOUNT", later("closed that window: is it free now?")),),
            by=("account",),
        ),
        "away": Reason(
            later("A site cannot be used for hours"),
            (
                Answer("agent login ACCOUNT", later("opens the site in a window: does it answer?")),
                Answer("agent doctor", later("what is paused and why")),
            ),
            by=("account",),
            advises=True,
        ),
        "paused": Reason(
            later("The program put a stop to an account"),
            (
                Answer("agent resume ACCOUNT", later("it is right there again: go on")),
                Answer("agent doctor", later("what is paused and why")),
            ),
            by=("account",),
        ),
        "no_control": Reason(
            later("No order is known to exist there, so “not found” proves nothing"), (_CHECK,), by=("account",), advises=True
        ),
        "unwatched": Reason(later("Nobody has watched this yet"), (_WATCH,), by=("account",), advises=True),
        # this machine
        "unwritten": Reason(later("A file of the data folder could not be written"), (_DOCTOR,), advises=True),
        "restored": Reason(
            later("The ledger was put back from a backup"),
            (
                Answer("agent orders", later("what the ledger knows by now")),
                Answer("agent approve ID", later("all compared: buy, note and enter again")),
            ),
            apart=True,
            advises=True,
        ),
        # a failure that says no more than its kind
        "SiteRefused": Reason(later("The site refused it"), (_SHOW, _RETRY, _LEAVE), by=("what",)),
        "ConfigError": Reason(
            later("Something on this computer or in the settings is in the way"),
            _MENDED,
            by=("account",),
            advises=True,
        ),
        "PageChanged": Reason(later("The page is another one"), _MENDED, by=("account",), advises=True),
        "PersonNeeded": Reason(later("Needs you at the site"), (_SIGN_IN,), by=("account",)),
        "LimitReached": Reason(
            later("A limit of yours is reached"),
            (Answer("agent approve ID", later("let this one pass"), order=True), _LEAVE),
        ),
        "Mismatch": Reason(later("What is shown is not what was meant"), (_SHOW, _AGAIN, _LEAVE), apart=True),
        "OutcomeUnknown": Reason(later("Outcome not known, do not buy again"), (_IS_IT, _IS_NONE), apart=True),
        "fault": Reason(later("A fault of this program"), (_SHOW, _RETRY, _LEAVE), by=("what",), advises=True),
    }
)


def reason_of(word: str) -> Reason:
    """The reason; what an older version of the program asked for is a mismatch."""
    return REASONS.get(word, REASONS["Mismatch"])


def readable(command: str) -> str:
    """The command with what is still to be filled in named in the person's language."""
    for blank in BLANKS:
        command = re.sub(rf"(?<!\S){blank}(?!\S)", _(blank), command)
    return command
