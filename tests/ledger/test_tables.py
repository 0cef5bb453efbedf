"""What the schema itself forbids, tried in SQLite past our own code."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.ledger import Ledger
from agent.ledger.schema import MIGRATIONS, TABLES
from tests.ledger.goods import ACCOUNT, NOW, NUMBER, REFERENCE, SHOP, purchase

AT = "2026-11-22T18:00:00.000000+08:00"
EXPECTED = {
    *("runs", "visits", "shops", "orders", "order_lines", "receivers", "reveals", "purchases", "purchase_lines", "writes"),
    *("attempts", "attempt_writes", "shipments", "shipment_lines", "inbox", "inbox_orders", "events"),
    *("purchase_numbers", "fills", "marks", "stops", "sights", "checked_flows", "payables"),
    *("payments", "balances", "statement_lines", "refunds", "shortages"),
}


@pytest.fixture
def raw(ledger: Ledger) -> Iterator[sqlite3.Connection]:
    ledger.plan([purchase()], NOW)
    yield ledger.db.conn
    ledger.db.conn.rollback()


def test_tables_are_exactly_as_listed(raw: sqlite3.Connection) -> None:
    found = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert found == EXPECTED == set(TABLES)


def test_every_table_is_strict(raw: sqlite3.Connection) -> None:
    assert {row[1] for row in raw.execute("PRAGMA table_list") if row[5]} == EXPECTED


def test_unique_indexes_are_exactly_as_listed(raw: sqlite3.Connection) -> None:
    found = {
        (table, tuple(column[2] for column in raw.execute(f"PRAGMA index_info('{index[1]}')")), bool(index[4]))
        for table in TABLES
        for index in raw.execute(f"PRAGMA index_list('{table}')")
        if index[2] and index[3] != "pk"
    }
    assert found == {
        ("purchases", ("shop", "order_number", "counter"), False),
        ("purchase_numbers", ("account", "number"), True),
        ("purchase_lines", ("shop", "order_number", "line_number"), True),
        ("writes", ("kind", "key"), False),
        ("shipments", ("shop", "order_number", "tracking_number"), False),
        ("inbox", ("cause",), True),
        ("stops", ("account",), True),
        ("payments", ("account", "supplier_order_number", "instalment"), False),
        ("refunds", ("account", "supplier_order_number", "reference", "together"), False),
    }


def test_a_buyers_data_stands_in_one_table(raw: sqlite3.Connection) -> None:
    of_a_buyer = {"name", "main", "extension", "phone", "province", "city", "district", "town", "detail"}
    columns = {table: {row[1] for row in raw.execute(f"PRAGMA table_info('{table}')")} for table in TABLES}
    assert [table for table in TABLES if len(columns[table] & of_a_buyer) > 1] == ["receivers"]


def new_purchase(raw: sqlite3.Connection, reference: str, counter: int, number: str = "", account: str = ACCOUNT) -> None:
    raw.execute(
        "INSERT INTO purchases (reference, shop, order_number, counter, supplier, account, state, planned_at)"
        " VALUES (?, ?, ?, ?, 'yiwu', ?, 'planned', ?)",
        (reference, SHOP, NUMBER, counter, account, AT),
    )
    if number:
        raw.execute("INSERT INTO purchase_numbers VALUES (?, ?, ?, 0)", (reference, account, number))


def new_line(raw: sqlite3.Connection, reference: str, line: str, live: int) -> None:
    raw.execute(
        "INSERT INTO purchase_lines VALUES (?, ?, ?, ?, 'H-778', '保温杯', '白色', 1, 2, 1200, 1500, ?)",
        (reference, line, SHOP, NUMBER, live),
    )


def test_a_line_has_one_live_purchase(raw: sqlite3.Connection) -> None:
    new_purchase(raw, "SECOND", 2, "")
    new_line(raw, "SECOND", "other", 1)
    new_line(raw, "SECOND", "6920000000000000001A", 0)
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        new_line(raw, "SECOND", "6920000000000000001B", 1)
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        raw.execute("UPDATE purchase_lines SET live = 1")


def test_a_supplier_order_number_belongs_to_one_purchase_unless_it_was_merged(raw: sqlite3.Connection) -> None:
    new_purchase(raw, "SECOND", 2, "900100")
    new_purchase(raw, "THIRD", 3, "900100", account="other-account")
    new_purchase(raw, "FOURTH", 4)
    raw.execute("INSERT INTO purchase_numbers VALUES ('FOURTH', ?, '900100', 1)", (ACCOUNT,))
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        new_purchase(raw, "FIFTH", 5, "900100")
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        new_purchase(raw, "SIXTH", 5)
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        raw.execute("INSERT INTO purchase_numbers VALUES ('NOBODY', ?, '900200', 0)", (ACCOUNT,))


def test_a_write_is_there_once(raw: sqlite3.Connection) -> None:
    sql = "INSERT INTO writes (kind, key, shop, order_number, reference, account, state, intended_at)"
    sql += f" VALUES (?, 'k', '{SHOP}', '{NUMBER}', '{REFERENCE}', 'a', ?, '{AT}')"
    raw.execute(sql, ("ship", "intended"))
    raw.execute(sql, ("submit", "intended"))
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        raw.execute(sql, ("ship", "intended"))
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        raw.execute(sql, ("cancel", "done"))


@pytest.mark.parametrize("state", ["committing", "unknown", "confirmed", "held", "refused"])
def test_an_attempt_past_intended_has_been_clicked(raw: sqlite3.Connection, state: str) -> None:
    sql = "INSERT INTO attempts (account, flow, state, started_at, committed_at, baseline, meant) VALUES ('a', 'f', ?, ?, ?, '[]', '{}')"
    raw.execute(sql, (state, AT, AT))
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        raw.execute(sql, (state, AT, None))


def test_a_tracking_number_stands_once_in_an_order(raw: sqlite3.Connection) -> None:
    sql = "INSERT INTO shipments (shop, order_number, ordinal, reference, carrier, tracking_number, read_at)"
    sql += f" VALUES ('{SHOP}', '{NUMBER}', ?, '{REFERENCE}', '圆通速递', ?, '{AT}')"
    raw.execute(sql, (1, "YT1"))
    raw.execute(sql, (2, "YT2"))
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        raw.execute(sql, (3, "YT1"))


def test_an_open_cause_stands_once(raw: sqlite3.Connection) -> None:
    sql = "INSERT INTO inbox (kind, cause, shop, order_number, reference, account, what, todo, opened_at, closed_at)"
    sql += f" VALUES ('k', 'c', '', '', '', '', '', '', '{AT}', ?)"
    raw.execute(sql, (AT,))
    raw.execute(sql, (AT,))
    raw.execute(sql, (None,))
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        raw.execute(sql, (None,))


@pytest.mark.parametrize(
    "sql",
    [
        f"INSERT INTO order_lines VALUES ('{SHOP}', 'nowhere', 'a', '', '', '', 1, 'none', 'ordinary', '', NULL)",
        f"INSERT INTO receivers VALUES ('{SHOP}', 'nowhere', '', '', '', '', '', '', '', '', '{AT}')",
        f"INSERT INTO reveals (shop, order_number, at) VALUES ('{SHOP}', 'nowhere', '{AT}')",
        "INSERT INTO purchase_lines VALUES ('nobody', 'l', 's', 'n', 'p', 't', 's', 1, 1, 1, 1, 1)",
        "INSERT INTO attempt_writes VALUES (77, 88)",
        f"INSERT INTO shipments VALUES ('{SHOP}', '{NUMBER}', 1, 'nobody', 'c', 'n', '{AT}', NULL, 'page', '', '')",
        f"INSERT INTO events VALUES (NULL, '{AT}', 99, '', '', '', '', '', '', NULL)",
        "DELETE FROM orders",
        "DELETE FROM purchases",
    ],
)
def test_foreign_keys_are_on(raw: sqlite3.Connection, sql: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        raw.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE purchases SET total = 12.5",
        "UPDATE purchases SET total = -1",
        "UPDATE purchases SET total = '12.00元'",
        "UPDATE purchases SET state = 'cancelled'",
        "UPDATE purchase_lines SET quantity = 0",
        "UPDATE purchase_lines SET live = 2",
        "UPDATE order_lines SET quantity = 0",
        "UPDATE orders SET disposition = 'maybe'",
    ],
)
def test_nonsense_is_refused_by_the_table(raw: sqlite3.Connection, sql: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=r"CHECK|cannot store"):
        raw.execute(sql)


def test_no_statement_outside_the_migrations_makes_a_table() -> None:
    room = Path(__file__).parents[2] / "agent" / "ledger"
    # sqlite-utils makes a table of whatever name it is given: db["..."] and db.table(...) are not used at all.
    makers = re.compile(r"CREATE TABLE|\bdb\[|\.table\(|\.create_table\(")
    found = {file.name for file in room.glob("*.py") if makers.search(file.read_text(encoding="utf-8"))}
    assert found == {"migrations.py"}


def test_the_version_counts_the_migrations(raw: sqlite3.Connection) -> None:
    assert raw.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)


def test_a_mark_holds_one_value_and_can_be_taken_away(ledger: Ledger) -> None:
    assert ledger.mark("restored_from") is None and ledger.time_mark("newest_at") is None
    for value in ("ledger-1.sqlite", "ledger-2.sqlite"):
        ledger.put_mark("restored_from", value)
    ledger.put_mark("newest_at", NOW)
    assert ledger.mark("restored_from") == "ledger-2.sqlite" and ledger.time_mark("newest_at") == NOW
    ledger.drop_mark("restored_from")
    assert ledger.mark("restored_from") is None and ledger.time_mark("newest_at") == NOW
