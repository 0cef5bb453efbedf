"""The tables of the ledger, and nothing else may make one (sqlite-utils would silently create a misspelt table).

A write to the outside world moves along these arrows and no others (journal.py keeps them):

    intended ──► committing ──┬──► confirmed   proven: exactly what was meant (from intended too, where it is found done)
       ▲                      ├──► refused     proven: it is not there and will not come; the purchase is dead
       │                      ├──► held        more or other than meant stands there ──► confirmed | refused by a person
       ├──────────────────────┤
       │   provably nothing   └──► unknown ──┬──► unknown     looked at again, still not proven
       │   was lost                          ├──► confirmed | held | refused
       └─────────────────────────────────────┘    (pay: a code that expired or was never
                                                         shown, or a person's word, and nothing else)

Only an intended write may be attempted, twice at most. A purchase goes

    planned ──► placed ──► shipped ──► done
       └──────────┴──► dead     its submit write was refused, a person rejected it before any click, or says it is not there;
                                from placed also: the supplier closed it before a parcel left

A payable goes open ◄─► paid, on a person's word, or ──► cancelled with its purchase; no row is ever deleted.

Times are ISO 8601 in Asia/Shanghai with one width, so that they sort as text. Of a buyer's data there is nothing outside
`receivers`: forgetting a buyer is one DELETE.
"""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from agent.errors import ConfigError, Where
from agent.ledger.migrations import STEPS
from agent.words import _

TABLES = (
    "runs",
    "visits",
    "shops",
    "orders",
    "order_lines",
    "receivers",
    "reveals",
    "purchases",
    "purchase_lines",
    "purchase_numbers",
    "fills",
    "writes",
    "attempts",
    "attempt_writes",
    "shipments",
    "shipment_lines",
    "inbox",
    "inbox_orders",
    "events",
    "marks",
    "stops",
    "sights",
    "checked_flows",
    "payables",
    "payments",
    "balances",
    "statement_lines",
    "refunds",
    "shortages",
)

MIGRATIONS = STEPS


def version(db: Database) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def migrate(db: Database, path: Path) -> None:
    """Bring the tables to the newest shape. Must run inside a write transaction. Raises ConfigError for a newer ledger."""
    found = version(db)
    if found > len(MIGRATIONS):
        raise ConfigError(
            _(
                "The ledger was written by a newer version of this program (its tables are version {found}, known is {known})"
            ).format(found=found, known=len(MIGRATIONS)),
            where=Where(file=path),
            todo=_("Install the newer version again; nothing was changed."),
        )
    for number, step in enumerate(MIGRATIONS[found:], start=found + 1):
        step(db)
        db.execute(f"PRAGMA user_version = {number}")
