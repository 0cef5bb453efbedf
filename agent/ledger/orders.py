"""What the shop showed: orders with their lines, whose they are, and the receivers revealed for them."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

from agent.ledger.file import LedgerFile, known_time_of, text_of, time_of
from agent.ledger.inbox import BUYS_AGAIN
from agent.models import AddressChange, Flag, Order, OrderLine, Phone, Receiver, ShopOrderState

Disposition = Literal["new", "ours", "not_ours"]


@dataclass(frozen=True, slots=True)
class StoredOrder:
    """A shop order as last read, without its receiver.

    `parked` says why nothing is done with it, `waits` why it was not bought yet though all is well; "" where that is not so.
    `begun` is the mark for the colleagues that we have put, or may have put, on it before filling a supplier's form.
    """

    shop: str
    order_number: str
    ordered_at: datetime
    ship_by: datetime | None
    state: ShopOrderState
    kind: str
    flag: Flag
    remark: str
    buyer_message: str
    address_change: AddressChange
    disposition: Disposition
    reason: str
    parked: str
    waits: str
    lines: tuple[OrderLine, ...]
    begun: str = ""
    source: str = ""
    page_read_at: datetime | None = None


class Orders(LedgerFile):
    def activate(self, shop: str, at: datetime) -> datetime:
        """When this shop was first worked for: `at` the first time, that same time ever after."""
        self._do("INSERT INTO shops (shop, activated_at) VALUES (?, ?) ON CONFLICT DO NOTHING", shop, text_of(at))
        return known_time_of(self._value("SELECT activated_at FROM shops WHERE shop = ?", shop))

    def save_order(self, order: Order, at: datetime, *, detail: bool) -> None:
        """Keep what the shop showed. A list row (`detail` False) leaves alone what only the order's own page shows.

        A source that the list or the page alone shows stays.
        """
        with self.atomic():
            self._save_head(order, at, detail)
            for line in order.lines:
                self._save_line(order, line)
            if detail:
                self._drop_other_lines(order)

    def _save_head(self, order: Order, at: datetime, detail: bool) -> None:
        changed = "ordered_at = excluded.ordered_at, state = excluded.state, kind = excluded.kind, flag = excluded.flag"
        changed += ", remark = excluded.remark, source = coalesce(nullif(excluded.source, ''), source)"
        if detail:
            changed += (
                ", ship_by = excluded.ship_by, buyer_message = excluded.buyer_message, address_change = excluded.address_change"
                ", page_read_at = excluded.page_read_at"
            )
        self._do(
            f"""
            INSERT INTO orders (shop, order_number, ordered_at, ship_by, state, kind, flag, remark, buyer_message,
                address_change, source, first_seen, last_read, page_read_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (shop, order_number) DO UPDATE SET {changed}, last_read = excluded.last_read
            """,
            *(order.shop, order.order_number, text_of(order.ordered_at), text_of(order.ship_by), order.state, order.kind),
            *(order.flag, order.remark, order.buyer_message, order.address_change, order.source, text_of(at), text_of(at)),
            text_of(at) if detail else None,
        )

    def _save_line(self, order: Order, line: OrderLine) -> None:
        self._do(
            """
            INSERT INTO order_lines
                (shop, order_number, line_number, title, specification, merchant_code, quantity, after_sales, kind, product_id,
                price)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (shop, order_number, line_number) DO UPDATE SET title = excluded.title,
                specification = excluded.specification, merchant_code = excluded.merchant_code,
                quantity = excluded.quantity, after_sales = excluded.after_sales, kind = excluded.kind,
                product_id = excluded.product_id, price = excluded.price
            """,
            *(order.shop, order.order_number, *astuple(line)),
        )

    def _drop_other_lines(self, order: Order) -> None:
        marks = ", ".join("?" for _line in order.lines)
        self._do(
            f"DELETE FROM order_lines WHERE shop = ? AND order_number = ? AND line_number NOT IN ({marks})",
            *(order.shop, order.order_number, *(line.line_number for line in order.lines)),
        )

    def order(self, shop: str, order_number: str) -> StoredOrder | None:
        row = self._row("SELECT * FROM orders WHERE shop = ? AND order_number = ?", shop, order_number)
        return None if row is None else self._order(row)

    def orders(self, disposition: Disposition | None = None) -> list[StoredOrder]:
        """All orders, or those of one disposition; oldest first."""
        wanted = get_args(Disposition) if disposition is None else (disposition,)
        marks = ", ".join("?" for _each in wanted)
        rows = self._rows(f"SELECT * FROM orders WHERE disposition IN ({marks}) ORDER BY ordered_at, order_number", *wanted)
        return [self._order(row) for row in rows]

    def find_order(self, order_number: str) -> list[StoredOrder]:
        """The orders with this number, in whatever shop."""
        rows = self._rows("SELECT * FROM orders WHERE order_number = ? ORDER BY shop", order_number)
        return [self._order(row) for row in rows]

    def _order(self, row: dict[str, Any]) -> StoredOrder:
        lines = self._rows(
            """
            SELECT line_number, title, specification, merchant_code, quantity, after_sales, kind, product_id, price
            FROM order_lines WHERE shop = ? AND order_number = ? ORDER BY rowid
            """,
            *(row["shop"], row["order_number"]),
        )
        known = {k: v for k, v in row.items() if k not in ("first_seen", "last_read")}
        known |= {"ordered_at": known_time_of(row["ordered_at"])} | {
            name: time_of(row[name]) for name in ("ship_by", "page_read_at")
        }
        return StoredOrder(**known, lines=tuple(OrderLine(**line) for line in lines))

    def dispose(self, shop: str, order_number: str, disposition: Disposition, reason: str) -> None:
        """Say whose the order is, and why."""
        self._update_order(shop, order_number, "disposition = ?, reason = ?", disposition, reason)

    def park(self, shop: str, order_number: str, reason: str) -> None:
        """Do nothing more with this order until it is released."""
        self._update_order(shop, order_number, "parked = ?", reason)

    def release(self, shop: str, order_number: str) -> None:
        """Let it go on, whatever parked it; but ours rests while it is asked whether something of it is bought again."""
        asked = (
            f"SELECT 1 FROM inbox WHERE inbox.shop = orders.shop AND inbox.order_number = orders.order_number AND {BUYS_AGAIN}"
        )
        held = f"disposition <> 'not_ours' AND EXISTS ({asked})"
        self._update_order(shop, order_number, f"parked = CASE WHEN {held} THEN parked ELSE ? END", "")

    def wait(self, shop: str, order_number: str, why: str) -> None:
        """All is well with this order, but it is not bought yet; "" when it waits no longer."""
        self._update_order(shop, order_number, "waits = ?", why)

    def begin_note(self, shop: str, order_number: str, words: str) -> None:
        """The mark that is about to be put on the order; "" when it is taken off again."""
        self._update_order(shop, order_number, "begun = ?", words)

    def _update_order(self, shop: str, order_number: str, change: str, *values: str) -> None:
        with self.atomic():
            cursor = self.db.execute(
                f"UPDATE orders SET {change} WHERE shop = ? AND order_number = ?", [*values, shop, order_number]
            )
            if cursor.rowcount != 1:
                raise RuntimeError(f"no order {order_number} of shop {shop} in the ledger")


class Receivers(LedgerFile):
    """To whom the parcels go: the one table with a buyer's data, and the count of what was revealed."""

    def reveal_begun(self, shop: str, order_number: str, at: datetime) -> int:
        """Count a reveal before it is asked for: the platform counts it even when its answer gets lost."""
        return self._do("INSERT INTO reveals (shop, order_number, at) VALUES (?, ?, ?)", shop, order_number, text_of(at))

    def reveal_ended(self, reveal: int, outcome: str) -> None:
        self._do("UPDATE reveals SET outcome = ? WHERE id = ?", outcome, reveal)

    def reveals_on(self, shop: str, day: date) -> int:
        """How many reveals were begun on that day in Shanghai; one that the shop refused for want of more is none."""
        sql = "SELECT count(*) FROM reveals WHERE shop = ? AND substr(at, 1, 10) = ? AND outcome <> 'LimitReached'"
        return int(self._value(sql, shop, day.isoformat()))

    def save_receiver(self, shop: str, order_number: str, receiver: Receiver, at: datetime) -> None:
        phone = receiver.phone
        self._do(
            """
            INSERT OR REPLACE INTO receivers
                (shop, order_number, name, main, extension, province, city, district, town, detail, revealed_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            *(shop, order_number, receiver.name, phone.main, phone.extension, receiver.province, receiver.city),
            *(receiver.district, receiver.town, receiver.detail, text_of(at)),
        )

    def receiver(self, shop: str, order_number: str) -> Receiver | None:
        row = self._row(
            """
            SELECT name, main, extension, province, city, district, town, detail FROM receivers
            WHERE shop = ? AND order_number = ?
            """,
            *(shop, order_number),
        )
        if row is None:
            return None
        phone = Phone(row.pop("main"), row.pop("extension"))
        return Receiver(phone=phone, **row)

    def forget(self, shop: str, order_number: str) -> bool:
        """Delete all that is kept of the buyer of this order, the write-ahead log included; True if there was something."""
        with self.atomic():
            gone = self.db.execute("DELETE FROM receivers WHERE shop = ? AND order_number = ?", [shop, order_number]).rowcount
        self._row("PRAGMA wal_checkpoint(TRUNCATE)")
        return gone > 0
