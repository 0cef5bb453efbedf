"""The ledger room: the only one that touches SQLite. It knows neither pages nor site files."""

from agent.ledger.attempts import Attempt, StoredWrite
from agent.ledger.counts import Counted
from agent.ledger.inbox import Event, InboxItem
from agent.ledger.ledger import Ledger
from agent.ledger.money import ProvenPayment, PurchaseMoney, SoldLine
from agent.ledger.orders import Disposition, StoredOrder
from agent.ledger.payables import PayableState, StoredPayable
from agent.ledger.payments import StatementLine, StoredPayment, pay_key
from agent.ledger.purchases import PurchaseState, StoredPurchase
from agent.ledger.refunds import Back, StoredRefund, StoredShortage
from agent.ledger.runs import StoredRun
from agent.ledger.shipments import Contents, StoredShipment
from agent.ledger.sights import Moment, StoredSight
from agent.ledger.stops import EVERYWHERE, Stop, Who, paused

__all__ = [
    "EVERYWHERE",
    "Attempt",
    "Back",
    "Contents",
    "Counted",
    "Disposition",
    "Event",
    "InboxItem",
    "Ledger",
    "Moment",
    "PayableState",
    "ProvenPayment",
    "PurchaseMoney",
    "PurchaseState",
    "SoldLine",
    "StatementLine",
    "Stop",
    "StoredOrder",
    "StoredPayable",
    "StoredPayment",
    "StoredPurchase",
    "StoredRefund",
    "StoredRun",
    "StoredShipment",
    "StoredShortage",
    "StoredSight",
    "StoredWrite",
    "Who",
    "paused",
    "pay_key",
]
