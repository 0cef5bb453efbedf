"""The ledger: what has happened, in one SQLite file. One class a noun, put together to one life cycle: open, use, close."""

from __future__ import annotations

from agent.ledger.counts import Counts
from agent.ledger.fills import Fills
from agent.ledger.found import Found
from agent.ledger.inbox import Inbox, Story
from agent.ledger.marks import Marks
from agent.ledger.money import Money
from agent.ledger.orders import Orders, Receivers
from agent.ledger.payments import Payments
from agent.ledger.placed import Placed
from agent.ledger.refunds import Refunds
from agent.ledger.runs import Runs
from agent.ledger.shipments import Shipments
from agent.ledger.sights import Sights


class Ledger(
    Orders, Receivers, Found, Payments, Fills, Shipments, Placed, Money, Inbox, Story, Runs, Counts, Marks, Sights, Refunds
):
    """The open ledger. All writes are whole transactions; `with ledger.atomic():` makes several into one."""
