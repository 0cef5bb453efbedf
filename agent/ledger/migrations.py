"""The steps by which the tables came to be what they are, oldest first. A step that was released is never changed."""

from __future__ import annotations

from collections.abc import Callable

from sqlite_utils import Database

_WRITE_STATES = "('intended', 'committing', 'confirmed', 'held', 'refused', 'unknown')"

_ORDERS = (
    "CREATE TABLE runs (id INTEGER PRIMARY KEY, started_at TEXT NOT NULL, ended_at TEXT, words TEXT NOT NULL) STRICT",
    "CREATE TABLE visits (account TEXT NOT NULL, at TEXT NOT NULL, pages INTEGER NOT NULL CHECK (pages > 0)) STRICT",
    "CREATE INDEX visits_account ON visits (account, at)",
    "CREATE TABLE shops (shop TEXT PRIMARY KEY, activated_at TEXT NOT NULL) STRICT",
    """
    CREATE TABLE orders (
        shop TEXT NOT NULL, order_number TEXT NOT NULL CHECK (order_number <> ''),
        ordered_at TEXT NOT NULL, ship_by TEXT, state TEXT NOT NULL, flag TEXT NOT NULL, remark TEXT NOT NULL,
        buyer_message TEXT NOT NULL, address_change TEXT NOT NULL,
        disposition TEXT NOT NULL DEFAULT 'new' CHECK (disposition IN ('new', 'ours', 'not_ours')),
        reason TEXT NOT NULL DEFAULT '', parked TEXT NOT NULL DEFAULT '',
        first_seen TEXT NOT NULL, last_read TEXT NOT NULL,
        PRIMARY KEY (shop, order_number)
    ) STRICT
    """,
    """
    CREATE TABLE order_lines (
        shop TEXT NOT NULL, order_number TEXT NOT NULL, line_number TEXT NOT NULL CHECK (line_number <> ''),
        title TEXT NOT NULL, specification TEXT NOT NULL, merchant_code TEXT NOT NULL,
        quantity INTEGER NOT NULL CHECK (quantity > 0), after_sales TEXT NOT NULL,
        PRIMARY KEY (shop, order_number, line_number),
        FOREIGN KEY (shop, order_number) REFERENCES orders
    ) STRICT
    """,
    """
    CREATE TABLE receivers (
        shop TEXT NOT NULL, order_number TEXT NOT NULL, name TEXT NOT NULL, main TEXT NOT NULL, extension TEXT NOT NULL,
        province TEXT NOT NULL, city TEXT NOT NULL, district TEXT NOT NULL, town TEXT NOT NULL, detail TEXT NOT NULL,
        revealed_at TEXT NOT NULL,
        PRIMARY KEY (shop, order_number),
        FOREIGN KEY (shop, order_number) REFERENCES orders
    ) STRICT
    """,
    """
    CREATE TABLE reveals (
        id INTEGER PRIMARY KEY, shop TEXT NOT NULL, order_number TEXT NOT NULL, at TEXT NOT NULL,
        outcome TEXT NOT NULL DEFAULT '',
        FOREIGN KEY (shop, order_number) REFERENCES orders
    ) STRICT
    """,
)

_PURCHASES = (
    """
    CREATE TABLE purchases (
        reference TEXT PRIMARY KEY CHECK (reference <> ''), shop TEXT NOT NULL, order_number TEXT NOT NULL,
        counter INTEGER NOT NULL CHECK (counter > 0), supplier TEXT NOT NULL, account TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('planned', 'placed', 'shipped', 'done', 'dead')),
        supplier_order_number TEXT NOT NULL DEFAULT '',
        total INTEGER CHECK (total >= 0), freight INTEGER CHECK (freight >= 0),
        planned_at TEXT NOT NULL, placed_at TEXT, noted_at TEXT, on_my_word INTEGER NOT NULL DEFAULT 0 CHECK (on_my_word IN (0, 1)),
        UNIQUE (shop, order_number, counter),
        FOREIGN KEY (shop, order_number) REFERENCES orders
    ) STRICT
    """,
    """
    CREATE UNIQUE INDEX purchases_supplier_order_number ON purchases (account, supplier_order_number)
        WHERE supplier_order_number <> ''
    """,
    """
    CREATE TABLE purchase_lines (
        reference TEXT NOT NULL REFERENCES purchases, line_number TEXT NOT NULL CHECK (line_number <> ''),
        shop TEXT NOT NULL, order_number TEXT NOT NULL,
        product TEXT NOT NULL, title TEXT NOT NULL, specification TEXT NOT NULL, pack INTEGER NOT NULL CHECK (pack > 0),
        quantity INTEGER NOT NULL CHECK (quantity > 0),
        cost INTEGER NOT NULL CHECK (cost >= 0), ceiling INTEGER NOT NULL CHECK (ceiling >= 0),
        live INTEGER NOT NULL CHECK (live IN (0, 1)),
        PRIMARY KEY (reference, line_number)
    ) STRICT
    """,
    "CREATE UNIQUE INDEX purchase_lines_live ON purchase_lines (shop, order_number, line_number) WHERE live = 1",
)

# A supplier may split one purchase into several orders, and put several purchases for one receiver into one (`merged`).
_NUMBERS = (
    """
    CREATE TABLE purchase_numbers (
        reference TEXT NOT NULL REFERENCES purchases, account TEXT NOT NULL, number TEXT NOT NULL CHECK (number <> ''),
        merged INTEGER NOT NULL CHECK (merged IN (0, 1)),
        PRIMARY KEY (reference, number)
    ) STRICT
    """,
    "CREATE UNIQUE INDEX purchase_numbers_number ON purchase_numbers (account, number) WHERE merged = 0",
    """
    INSERT INTO purchase_numbers
    SELECT reference, account, supplier_order_number, 0 FROM purchases WHERE supplier_order_number <> '' ORDER BY rowid
    """,
    "DROP INDEX purchases_supplier_order_number",
    "ALTER TABLE purchases DROP COLUMN supplier_order_number",
    "ALTER TABLE purchases ADD COLUMN supplier_state TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE purchases ADD COLUMN paid_at TEXT",
    "ALTER TABLE purchases ADD COLUMN cancelled_at TEXT",
    """
    ALTER TABLE purchases ADD COLUMN refund TEXT NOT NULL DEFAULT 'none'
        CHECK (refund IN ('none', 'open', 'refunded', 'refused'))
    """,
    "ALTER TABLE purchases ADD COLUMN refunded INTEGER CHECK (refunded >= 0)",
    """
    CREATE TABLE fills (
        account TEXT NOT NULL, reference TEXT NOT NULL REFERENCES purchases, product TEXT NOT NULL, title TEXT NOT NULL,
        specification TEXT NOT NULL, quantity INTEGER NOT NULL CHECK (quantity > 0), begun_at TEXT NOT NULL,
        PRIMARY KEY (account, reference, product, title, specification)
    ) STRICT
    """,
)

_JOURNAL = (
    f"""
    CREATE TABLE writes (
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind <> ''), key TEXT NOT NULL CHECK (key <> ''),
        shop TEXT NOT NULL, order_number TEXT NOT NULL, reference TEXT REFERENCES purchases, account TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN {_WRITE_STATES}), intended_at TEXT NOT NULL,
        UNIQUE (kind, key)
    ) STRICT
    """,
    f"""
    CREATE TABLE attempts (
        id INTEGER PRIMARY KEY, account TEXT NOT NULL, flow TEXT NOT NULL, flow_hash TEXT NOT NULL DEFAULT '',
        page_address TEXT NOT NULL DEFAULT '', state TEXT NOT NULL CHECK (state IN {_WRITE_STATES}),
        started_at TEXT NOT NULL, committed_at TEXT, settled_at TEXT, click_end TEXT NOT NULL DEFAULT '', first_zero_at TEXT,
        baseline TEXT NOT NULL, meant TEXT NOT NULL, requests TEXT, words TEXT NOT NULL DEFAULT '',
        pictures TEXT NOT NULL DEFAULT '[]',
        CHECK (state = 'intended' OR committed_at IS NOT NULL)
    ) STRICT
    """,
    """
    CREATE TABLE attempt_writes (
        attempt INTEGER NOT NULL REFERENCES attempts, write INTEGER NOT NULL REFERENCES writes, PRIMARY KEY (attempt, write)
    ) STRICT
    """,
    """
    CREATE TABLE shipments (
        shop TEXT NOT NULL, order_number TEXT NOT NULL, ordinal INTEGER NOT NULL CHECK (ordinal > 0),
        reference TEXT NOT NULL REFERENCES purchases, carrier TEXT NOT NULL,
        tracking_number TEXT NOT NULL CHECK (tracking_number <> ''), read_at TEXT NOT NULL, entered_at TEXT,
        PRIMARY KEY (shop, order_number, ordinal),
        UNIQUE (shop, order_number, tracking_number),
        FOREIGN KEY (shop, order_number) REFERENCES orders
    ) STRICT
    """,
    """
    CREATE TABLE shipment_lines (
        shop TEXT NOT NULL, order_number TEXT NOT NULL, ordinal INTEGER NOT NULL, line_number TEXT NOT NULL,
        quantity INTEGER NOT NULL CHECK (quantity > 0),
        PRIMARY KEY (shop, order_number, ordinal, line_number),
        FOREIGN KEY (shop, order_number, ordinal) REFERENCES shipments
    ) STRICT
    """,
)

_PEOPLE = (
    """
    CREATE TABLE inbox (
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, cause TEXT NOT NULL, shop TEXT NOT NULL, order_number TEXT NOT NULL,
        reference TEXT NOT NULL, account TEXT NOT NULL, what TEXT NOT NULL, todo TEXT NOT NULL, evidence TEXT,
        opened_at TEXT NOT NULL, closed_at TEXT, answer TEXT NOT NULL DEFAULT '', answered_at TEXT, applied_at TEXT
    ) STRICT
    """,
    "CREATE UNIQUE INDEX inbox_open_cause ON inbox (cause) WHERE closed_at IS NULL",
    """
    CREATE TABLE events (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, run INTEGER REFERENCES runs, shop TEXT NOT NULL, order_number TEXT NOT NULL,
        reference TEXT NOT NULL, account TEXT NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL, picture TEXT
    ) STRICT
    """,
    "CREATE INDEX events_order ON events (shop, order_number)",
)


def _first(db: Database) -> None:
    for statement in (*_ORDERS, *_PURCHASES, *_JOURNAL, *_PEOPLE):
        db.execute(statement)


def _second(db: Database) -> None:
    """Why an order that is to be bought was not bought yet, in the words of the person who reads it."""
    db.execute("ALTER TABLE orders ADD COLUMN waits TEXT NOT NULL DEFAULT ''")


def _third(db: Database) -> None:
    """Orders: their kind, and by which id the shop knows each product, and what the buyer paid for a piece of it."""
    db.execute("ALTER TABLE orders ADD COLUMN kind TEXT NOT NULL DEFAULT 'ordinary'")
    db.execute("ALTER TABLE orders ADD COLUMN begun TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE order_lines ADD COLUMN kind TEXT NOT NULL DEFAULT 'ordinary'")
    db.execute("ALTER TABLE order_lines ADD COLUMN product_id TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE order_lines ADD COLUMN price INTEGER CHECK (price >= 0)")


def _fourth(db: Database) -> None:
    """Purchases: the supplier's numbers of them, and what is known of their money."""
    for statement in _NUMBERS:
        db.execute(statement)


def _fifth(db: Database) -> None:
    """Inbox: for which reason a person is asked, and the orders that wait for an answer which is not about one order."""
    db.execute("ALTER TABLE inbox ADD COLUMN reason TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE inbox ADD COLUMN told TEXT NOT NULL DEFAULT ''")
    db.execute(
        """
        UPDATE inbox SET reason = CASE kind WHEN 'account' THEN 'PersonNeeded' WHEN 'purchase' THEN 'not_placed'
            WHEN 'AgentError' THEN 'fault' ELSE kind END
        """
    )
    db.execute(
        """
        CREATE TABLE inbox_orders (
            item INTEGER NOT NULL REFERENCES inbox, shop TEXT NOT NULL, order_number TEXT NOT NULL,
            PRIMARY KEY (item, shop, order_number),
            FOREIGN KEY (shop, order_number) REFERENCES orders
        ) STRICT
        """
    )


def _sixth(db: Database) -> None:
    """Shipments: how it is known what is in each parcel, in the shop's pieces, and a number that the supplier changed."""
    db.execute(
        """
        ALTER TABLE shipments ADD COLUMN contents TEXT NOT NULL DEFAULT 'page'
            CHECK (contents IN ('page', 'person', 'unknown', 'nothing'))
        """
    )
    db.execute("ALTER TABLE shipments ADD COLUMN new_carrier TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE shipments ADD COLUMN new_number TEXT NOT NULL DEFAULT ''")
    db.execute(
        """
        UPDATE shipment_lines SET quantity = max(1, quantity / coalesce((
            SELECT pack FROM purchase_lines p WHERE p.shop = shipment_lines.shop
                AND p.order_number = shipment_lines.order_number AND p.line_number = shipment_lines.line_number AND p.live = 1
        ), 1))
        """
    )


def _seventh(db: Database) -> None:
    """Marks: what is known of this ledger as a whole, one value a name."""
    db.execute("CREATE TABLE marks (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT")


def _eighth(db: Database) -> None:
    """Stops: where nothing is written for now, and by whose word; account '' is the whole program.

    And what the count before each click is looked up by.
    """
    db.execute(
        """
        CREATE TABLE stops (
            id INTEGER PRIMARY KEY, account TEXT NOT NULL, who TEXT NOT NULL CHECK (who IN ('person', 'program')),
            why TEXT NOT NULL, begun_at TEXT NOT NULL, ended_at TEXT
        ) STRICT
        """
    )
    db.execute("CREATE UNIQUE INDEX stops_account ON stops (account) WHERE ended_at IS NULL")
    db.execute("CREATE INDEX attempts_committed_at ON attempts (committed_at)")
    db.execute("CREATE INDEX attempt_writes_write ON attempt_writes (write)")
    db.execute("CREATE INDEX purchases_placed_at ON purchases (placed_at)")


def _ninth(db: Database) -> None:
    """Sights: what each locator of a site file hit when a page was last looked at. `moment`: on a walk, or just opened.

    And the flows as a live check found everything of theirs. `always_once`: it hit once at every look so far.
    """
    db.execute(
        """
        CREATE TABLE sights (
            account TEXT NOT NULL, moment TEXT NOT NULL CHECK (moment IN ('walked', 'opened')),
            page TEXT NOT NULL, place TEXT NOT NULL, locator TEXT NOT NULL, line INTEGER NOT NULL, counts TEXT NOT NULL,
            many INTEGER NOT NULL CHECK (many IN (0, 1)), always_once INTEGER NOT NULL CHECK (always_once IN (0, 1)),
            seen_at TEXT NOT NULL, PRIMARY KEY (account, moment, page, place, locator)
        ) STRICT
        """
    )
    db.execute(
        """
        CREATE TABLE checked_flows (
            account TEXT NOT NULL, flow TEXT NOT NULL, flow_hash TEXT NOT NULL, checked_at TEXT NOT NULL,
            PRIMARY KEY (account, flow, flow_hash)
        ) STRICT
        """
    )


def _tenth(db: Database) -> None:
    """Payables: what is owed for each purchase on credit terms, and how that ended. None is ever deleted.

    `proven` is the total at its proof, `amount` what the supplier shows now. `due` is a day; none while what it begins with
    has not happened.
    """
    db.execute(
        """
        CREATE TABLE payables (
            reference TEXT PRIMARY KEY REFERENCES purchases, supplier TEXT NOT NULL CHECK (supplier <> ''),
            account TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount >= 0), proven INTEGER NOT NULL CHECK (proven >= 0),
            estimated INTEGER NOT NULL CHECK (estimated IN (0, 1)), rule TEXT NOT NULL CHECK (rule <> ''),
            ordered_at TEXT NOT NULL, received_at TEXT, due TEXT, booked_at TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'paid', 'cancelled')),
            settled_at TEXT, how TEXT NOT NULL DEFAULT '', who TEXT NOT NULL DEFAULT '', reminded INTEGER,
            CHECK ((state = 'open') = (settled_at IS NULL)),
            CHECK (state = 'open' OR (how <> '' AND who <> ''))
        ) STRICT
        """
    )
    db.execute("CREATE INDEX payables_supplier ON payables (supplier, state)")


def _eleventh(db: Database) -> None:
    """Payments: one row for each that is proven. Balances and statements of accounts as they were read last; money in 分."""
    db.execute(
        """
        CREATE TABLE payments (
            id INTEGER PRIMARY KEY, account TEXT NOT NULL, supplier_order_number TEXT NOT NULL CHECK (supplier_order_number <> ''),
            instalment INTEGER NOT NULL DEFAULT 1 CHECK (instalment > 0), supplier TEXT NOT NULL CHECK (supplier <> ''),
            method TEXT NOT NULL CHECK (method IN ('balance', 'credit', 'qr', 'auto_debit', 'outside')),
            amount INTEGER NOT NULL CHECK (amount >= 0), payee TEXT NOT NULL DEFAULT '', paid_at TEXT NOT NULL,
            proof TEXT NOT NULL CHECK (proof <> ''), attempt INTEGER REFERENCES attempts,
            UNIQUE (account, supplier_order_number, instalment)
        ) STRICT
        """
    )
    db.execute("CREATE INDEX payments_paid_at ON payments (paid_at)")
    db.execute("CREATE TABLE balances (account TEXT PRIMARY KEY, amount INTEGER NOT NULL, read_at TEXT NOT NULL) STRICT")
    db.execute(
        """
        CREATE TABLE statement_lines (
            account TEXT NOT NULL, at TEXT NOT NULL, amount INTEGER NOT NULL, balance INTEGER,
            supplier_order_number TEXT NOT NULL DEFAULT '', words TEXT NOT NULL DEFAULT '',
            ordinal INTEGER NOT NULL CHECK (ordinal > 0), first_seen TEXT NOT NULL,
            PRIMARY KEY (account, at, amount, supplier_order_number, ordinal)
        ) STRICT
        """
    )


def _twelfth(db: Database) -> None:
    """Refunds: one row for each amount that came back from a supplier, and what it sent too little of.

    `together`: all that had come back for the order with that row. What was settled before has its row, too.
    """
    db.execute(
        """
        CREATE TABLE refunds (
            id INTEGER PRIMARY KEY, account TEXT NOT NULL, supplier_order_number TEXT NOT NULL CHECK (supplier_order_number <> ''),
            reference TEXT NOT NULL REFERENCES purchases, amount INTEGER NOT NULL CHECK (amount > 0),
            together INTEGER NOT NULL CHECK (together >= amount), at TEXT NOT NULL,
            how TEXT NOT NULL CHECK (how IN ('whole', 'part', 'unshown', 'person')),
            UNIQUE (account, supplier_order_number, reference, together)
        ) STRICT
        """
    )
    db.execute("CREATE INDEX refunds_reference ON refunds (reference)")
    db.execute(
        """
        INSERT INTO refunds (account, supplier_order_number, reference, amount, together, at, how)
        SELECT account, (SELECT number FROM purchase_numbers n WHERE n.reference = p.reference ORDER BY n.rowid LIMIT 1),
            reference, refunded, refunded, cancelled_at, 'whole'
        FROM purchases p WHERE refund = 'refunded' AND refunded > 0 AND cancelled_at IS NOT NULL
            AND reference IN (SELECT reference FROM purchase_numbers)
        """
    )
    db.execute(
        """
        CREATE TABLE shortages (
            reference TEXT NOT NULL REFERENCES purchases, line_number TEXT NOT NULL CHECK (line_number <> ''),
            pieces INTEGER NOT NULL CHECK (pieces > 0), amount INTEGER NOT NULL CHECK (amount >= 0),
            seen_at TEXT NOT NULL, settled_at TEXT, how TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (reference, line_number),
            CHECK ((settled_at IS NULL) = (how = ''))
        ) STRICT
        """
    )


def _thirteenth(db: Database) -> None:
    """Orders: the shop's own word for where each came from, "" where it shows none."""
    db.execute("ALTER TABLE orders ADD COLUMN source TEXT NOT NULL DEFAULT ''")


def _fourteenth(db: Database) -> None:
    """Orders: when the order's own page was read last."""
    db.execute("ALTER TABLE orders ADD COLUMN page_read_at TEXT")


def _fifteenth(db: Database) -> None:
    """When a purchase's page was last read for its parcels; what had come back when pieces were first missing; ways to a cause, a run."""
    db.execute("ALTER TABLE purchases ADD COLUMN followed_at TEXT")
    db.execute("ALTER TABLE shortages ADD COLUMN came_back INTEGER NOT NULL DEFAULT 0 CHECK (came_back >= 0)")
    db.execute(
        """
        UPDATE shortages SET came_back = (SELECT coalesce(sum(r.amount), 0) FROM refunds r
            WHERE r.reference = shortages.reference AND r.at < shortages.seen_at) WHERE settled_at IS NULL
        """
    )
    db.execute("CREATE INDEX inbox_cause ON inbox (cause)")
    db.execute("CREATE INDEX events_run ON events (run)")


STEPS: tuple[Callable[[Database], None], ...] = (
    *(_first, _second, _third, _fourth, _fifth, _sixth, _seventh),
    *(_eighth, _ninth, _tenth, _eleventh, _twelfth, _thirteenth, _fourteenth),
    _fifteenth,
)
