"""What waits for a person, their answers, and the story of what was done.

Answers may come from another process while a run goes on: each is one short transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from agent.errors import ConfigError
from agent.ledger.file import LedgerFile, known_time_of, path_of, text_of, text_of_path, time_of
from agent.words import _

# The open questions whether what came to nothing is bought again: only their own answer lets it be bought.
BUYS_AGAIN = """(inbox.closed_at IS NULL AND inbox.reason IN ('cancelled', 'not_placed', 'SiteRefused')
    AND EXISTS (SELECT 1 FROM purchases WHERE purchases.reference = inbox.reference AND purchases.state = 'dead'))"""
# The open questions about what stands at a supplier and is not what was meant: gone once that very purchase is settled.
IS_HELD = """(inbox.reason IN ('held', 'answer_differs') AND EXISTS (
    SELECT 1 FROM writes WHERE writes.kind = 'submit' AND writes.key = inbox.reference AND writes.state = 'held'))"""


@dataclass(frozen=True, slots=True)
class InboxItem:
    """Something only a person can decide. Open until answered, or until its cause is gone (`closed_at`).

    `reason` is a word of agent/work/reasons.py; `applied_at` is when a run acted on the answer.
    """

    id: int
    kind: str
    cause: str
    shop: str
    order_number: str
    reference: str
    account: str
    what: str
    todo: str
    evidence: Path | None
    opened_at: datetime
    closed_at: datetime | None
    answer: str
    answered_at: datetime | None
    applied_at: datetime | None
    reason: str
    told: str  # how urgent it was when a message told of it: "", far or near


@dataclass(frozen=True, slots=True)
class Event:
    """One fact of the story, in the past tense."""

    id: int
    at: datetime
    run: int | None
    shop: str
    order_number: str
    reference: str
    account: str
    what: str
    detail: str
    picture: Path | None


class Inbox(LedgerFile):
    def ask(
        self,
        kind: str,
        cause: str,
        *,
        what: str,
        todo: str,
        reason: str = "",
        shop: str = "",
        order_number: str = "",
        reference: str = "",
        account: str = "",
        evidence: Path | None = None,
        at: datetime,
    ) -> int:
        """Ask a person. The same cause, while open, is the same item with fresher words. `reason` is `kind` unless told.

        Another reason than before is news: no message told of it yet.
        """
        facts = (kind, reason or kind, shop, order_number, reference, account, what, todo, text_of_path(evidence))
        with self.atomic():
            known = self._row("SELECT id FROM inbox WHERE cause = ? AND closed_at IS NULL", cause)
            if known is None:
                return self._do(
                    """
                    INSERT INTO inbox
                        (kind, reason, shop, order_number, reference, account, what, todo, evidence, cause, opened_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                    *(*facts, cause, text_of(at)),
                )
            self._do(
                """
                UPDATE inbox SET told = CASE WHEN reason = ? THEN told ELSE '' END,
                    kind = ?, reason = ?, shop = ?, order_number = ?, reference = ?, account = ?, what = ?,
                    todo = ?, evidence = ? WHERE id = ?
                """,
                *(reason or kind, *facts, known["id"]),
            )
            return int(known["id"])

    def waiting_orders(self, item: int) -> list[tuple[str, str]]:
        """(shop, order number) of the orders that wait for an item that is not about one order."""
        rows = self._rows("SELECT shop, order_number FROM inbox_orders WHERE item = ? ORDER BY rowid", item)
        return [(row["shop"], row["order_number"]) for row in rows]

    def let_wait(self, item: int, orders: Iterable[tuple[str, str]]) -> None:
        """These orders wait for the item, and no others any more."""
        with self.atomic():
            self._do("DELETE FROM inbox_orders WHERE item = ?", item)
            for shop, order_number in orders:
                self._do("INSERT INTO inbox_orders (item, shop, order_number) VALUES (?, ?, ?)", item, shop, order_number)

    def orders_of(self, item: InboxItem) -> list[tuple[str, str]]:
        """(shop, order number) of all orders that an item is about, its own first; none for one that is about no order."""
        own = [(item.shop, item.order_number)] if item.order_number else []
        return list(dict.fromkeys([*own, *self.waiting_orders(item.id)])) if own else []

    def is_about(self, item: int, orders: Sequence[tuple[str, str]], reference: str) -> None:
        """An item is about these orders together: it stands at the first, whose purchase this is, and the others wait for it, too."""
        with self.atomic():
            shop, order_number = orders[0]
            facts = (shop, order_number, reference, item)
            self._do("UPDATE inbox SET shop = ?, order_number = ?, reference = ? WHERE id = ?", *facts)
            self.let_wait(item, orders[1:])

    def items(self, open_only: bool = True) -> list[InboxItem]:
        """What waits (or all that ever did); oldest first."""
        which = "WHERE closed_at IS NULL" if open_only else ""
        return [_item(row) for row in self._rows(f"SELECT * FROM inbox {which} ORDER BY id")]

    def item(self, item: int) -> InboxItem | None:
        row = self._row("SELECT * FROM inbox WHERE id = ?", item)
        return None if row is None else _item(row)

    def newest_item(self, beginning: str) -> InboxItem | None:
        """The newest item, open or not, whose cause begins so."""
        # A range, which the key knows; it ends with the last character there is.
        row = self._row(
            "SELECT * FROM inbox WHERE cause >= ? AND cause < ? ORDER BY id DESC LIMIT 1", beginning, f"{beginning}\U0010ffff"
        )
        return None if row is None else _item(row)

    def close_item(self, cause: str, at: datetime) -> bool:
        """The cause is gone without an answer; False if nobody was asked."""
        with self.atomic():
            found = self._row("SELECT id FROM inbox WHERE cause = ? AND closed_at IS NULL", cause)
            self._do("UPDATE inbox SET closed_at = ? WHERE cause = ? AND closed_at IS NULL", text_of(at), cause)
        return found is not None

    def close_items_of(self, shop: str, order_number: str, at: datetime) -> None:
        """Everything asked about this order alone is gone: it went on well.

        Money to come back, a payment that was refused or is not as meant, a parcel to stop, the books, a rest that is bought by
        hand, a purchase that is held, and whether to buy again are another matter.
        """
        self._do(
            f"""
            UPDATE inbox SET closed_at = ? WHERE shop = ? AND order_number = ? AND closed_at IS NULL
                AND reason NOT IN ('refund_due', 'shortage', 'intercept', 'left_over', 'pay_held', 'pay_refused')
                AND kind NOT IN ('books', 'payment') AND NOT {BUYS_AGAIN} AND NOT {IS_HELD}
                AND NOT EXISTS (SELECT 1 FROM inbox_orders WHERE item = inbox.id)
            """,
            *(text_of(at), shop, order_number),
        )

    def answer(self, item: int, answer: str, at: datetime) -> None:
        """A person's answer; it closes the item. Raises ConfigError if the item does not wait (any more)."""
        with self.atomic():
            known = self.item(item)
            if known is None or known.closed_at is not None:
                raise ConfigError(
                    _("There is no open inbox item {}").format(item), todo=_("`agent inbox` lists the open ones.")
                )
            self._do(
                "UPDATE inbox SET answer = ?, answered_at = ?, closed_at = ? WHERE id = ?",
                *(answer, text_of(at), text_of(at), item),
            )

    def answer_order(self, shop: str, order_number: str, answer: str, at: datetime) -> int:
        """What a person says of an order without having been asked."""
        return self._unasked("order", f"said:{shop}:{order_number}", shop, order_number, "", answer, at)

    def handed_over(self, shop: str, order_number: str) -> bool:
        """Whether a person handed this order over, whatever the take rule says."""
        return self.answered(f"said:{shop}:{order_number}") == "take"

    def answer_purchase(self, shop: str, order_number: str, reference: str, answer: str, at: datetime) -> int:
        """What a person says of a purchase without having been asked."""
        return self._unasked("purchase", f"said:{reference}", shop, order_number, reference, answer, at)

    def _unasked(self, kind: str, cause: str, shop: str, order_number: str, reference: str, answer: str, at: datetime) -> int:
        now = text_of(at)
        return self._do(
            """
            INSERT INTO inbox (kind, reason, cause, shop, order_number, reference, account, what, todo, opened_at, closed_at,
                answer, answered_at) VALUES (?, ?, ?, ?, ?, ?, '', '', '', ?, ?, ?, ?)
            """,
            *(kind, "said", cause, shop, order_number, reference, now, now, answer, now),
        )

    def unapplied_answers(self) -> list[InboxItem]:
        """Answers that no run has acted on yet; in the order they were given."""
        rows = self._rows("SELECT * FROM inbox WHERE answered_at IS NOT NULL AND applied_at IS NULL ORDER BY answered_at, id")
        return [_item(row) for row in rows]

    def applied(self, item: int, at: datetime) -> None:
        """A run acted on this answer."""
        self._do("UPDATE inbox SET applied_at = ? WHERE id = ?", text_of(at), item)

    def told(self, item: int, urgency: str) -> None:
        """A message told a person of this item."""
        self._do("UPDATE inbox SET told = ? WHERE id = ?", urgency, item)

    def answered(self, cause: str) -> str:
        """The newest answer given to this cause, or ""."""
        row = self._row("SELECT answer FROM inbox WHERE cause = ? AND answered_at IS NOT NULL ORDER BY id DESC LIMIT 1", cause)
        return "" if row is None else str(row["answer"])


class Story(LedgerFile):
    def begin_run(self, at: datetime, words: str) -> int:
        """A run began; `words` is its command line."""
        return self._do("INSERT INTO runs (started_at, words) VALUES (?, ?)", text_of(at), words)

    def end_run(self, run: int, at: datetime) -> None:
        self._do("UPDATE runs SET ended_at = ? WHERE id = ?", text_of(at), run)

    def visited(self, account: str, pages: int, at: datetime) -> None:
        """So many pages of this account's site were opened until now; what is older than a day is dropped."""
        self._do("DELETE FROM visits WHERE at < ?", text_of(at - timedelta(days=1)))
        self._do("INSERT INTO visits (account, at, pages) VALUES (?, ?, ?)", account, text_of(at), pages)

    def visits_since(self, account: str, at: datetime) -> int:
        """How many pages of this account's site were opened after `at`."""
        return int(self._value("SELECT coalesce(sum(pages), 0) FROM visits WHERE account = ? AND at > ?", account, text_of(at)))

    def tell(
        self,
        at: datetime,
        what: str,
        *,
        run: int | None = None,
        shop: str = "",
        order_number: str = "",
        reference: str = "",
        account: str = "",
        detail: str = "",
        picture: Path | None = None,
    ) -> None:
        """Put a fact into the story."""
        self._do(
            """
            INSERT INTO events (at, run, shop, order_number, reference, account, what, detail, picture)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            *(text_of(at), run, shop, order_number, reference, account, what, detail, text_of_path(picture)),
        )

    def story(self, shop: str, order_number: str) -> list[Event]:
        """What was done for an order, in the order it was told."""
        rows = self._rows("SELECT * FROM events WHERE shop = ? AND order_number = ? ORDER BY id", shop, order_number)
        return [_event(row) for row in rows]


def _item(row: dict[str, Any]) -> InboxItem:
    times = {"opened_at": known_time_of(row["opened_at"])} | {
        k: time_of(row[k]) for k in ("closed_at", "answered_at", "applied_at")
    }
    return InboxItem(**row | times | {"evidence": path_of(row["evidence"])})


def _event(row: dict[str, Any]) -> Event:
    return Event(**row | {"at": known_time_of(row["at"]), "picture": path_of(row["picture"])})
