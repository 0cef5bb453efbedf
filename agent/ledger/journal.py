"""The journal: every write to the outside world is put down before it is made, and settled by proof only (see schema.py).

A write is what is to be done once (order, ship …). An attempt is one click for it, with all that recovery needs to know.
What the page showed at the click is not kept: the receiver stands in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from agent.errors import AgentError, LimitReached, Mismatch, OutcomeUnknown, Where
from agent.ledger.attempts import WRITE, Attempt, StoredWrite, as_json, attempt_of, noted, pictured, without_query
from agent.ledger.file import text_of
from agent.ledger.marks import Marks
from agent.ledger.purchases import Purchases
from agent.ledger.stops import Stops
from agent.models import CommitFacts, CommitOutcome, RequestNote, WriteState
from agent.terms import WRITES, plain
from agent.words import _

MOST_CLICKS = 2

ARROWS: Mapping[WriteState, frozenset[WriteState]] = MappingProxyType(
    {
        "intended": frozenset({"committing"}),
        "committing": frozenset({"confirmed", "held", "refused", "unknown", "intended"}),
        "unknown": frozenset({"confirmed", "held", "refused", "unknown", "intended"}),
        "held": frozenset({"confirmed", "refused"}),
        "confirmed": frozenset(),
        "refused": frozenset(),
    }
)

# Why a write may be intended again after its click: no request left the browser · our listener stopped the click ·
# the site provably refuses a second order with the same reference · of a payment by code: nobody was shown the code, its own page
# says that it expired · of any payment: a person says that it was not made.
Because = Literal["nothing_left", "stopped", "repeat_refused", "not_shown", "expired", "word"]

# Writes of a tracking number: what is asked about one goes when the number stands in the shop, whoever entered it.
OF_A_NUMBER = ("ship", "change_number")


class Journal(Purchases, Stops, Marks):
    # Attempts clicked by this very process: nobody else can know what requests left after the click.
    _clicked_here: frozenset[int] = frozenset()

    def intend(self, kind: str, key: str, *, shop: str, order_number: str, reference: str, account: str, at: datetime) -> int:
        """Put down a write to be made; the same kind and key is the same write, and its state stays what it is."""
        if kind == "submit" and key != reference:
            raise RuntimeError(f"a submit is known by its reference: {key} is not {reference}")
        with self.atomic():
            known = self.write(kind, key)
            if known is None:
                return self._do(
                    """
                    INSERT INTO writes (kind, key, shop, order_number, reference, account, state, intended_at)
                    VALUES (?, ?, ?, ?, ?, ?, 'intended', ?)
                    """,
                    *(kind, key, shop, order_number, reference or None, account, text_of(at)),
                )
            if (known.shop, known.order_number, known.reference, known.account) != (shop, order_number, reference, account):
                raise RuntimeError(f"{kind} {key} is known as another write: {known}")
            return known.id

    def write(self, kind: str, key: str) -> StoredWrite | None:
        row = self._row(f"{WRITE} WHERE w.kind = ? AND w.key = ?", kind, key)
        return None if row is None else StoredWrite(**row)

    def begin_attempt(
        self,
        writes: Sequence[int],
        *,
        account: str,
        flow: str,
        baseline: Sequence[str],
        meant: Mapping[str, object],
        at: datetime,
        by_hand: bool = False,
    ) -> int:
        """Begin one attempt for these writes, still without a click. `meant` must hold nothing of the buyer.

        `by_hand`: a person who looked on has made the page send already, and no count of clicks keeps that from being put down.

        Raises OutcomeUnknown or Mismatch for a write that is not just intended, LimitReached when it was clicked twice. An
        attempt that never came to its click is closed: its process ended.
        """
        if not writes:
            raise RuntimeError("an attempt serves at least one write")
        with self.atomic():
            for write in writes:
                self._refuse(self._write(write), by_hand=by_hand)
                self._close_unclicked(write, at)
            attempt = self._do(
                "INSERT INTO attempts (account, flow, state, started_at, baseline, meant) VALUES (?, ?, 'intended', ?, ?, ?)",
                *(account, flow, text_of(at), as_json(list(baseline)), as_json(dict(meant))),
            )
            for write in writes:
                self._do("INSERT INTO attempt_writes (attempt, write) VALUES (?, ?)", attempt, write)
            return attempt

    def _refuse(self, write: StoredWrite, *, by_hand: bool) -> None:
        """Raise what keeps this write from being clicked."""
        where = Where(account=write.account, order=write.order_number)
        purchase = self.purchase(write.reference)
        error: AgentError | None = None
        of_a_number = "tracking" if write.kind in OF_A_NUMBER else ""
        if write.state in ("committing", "unknown"):
            error = OutcomeUnknown(
                _("{kind} {key} was sent before and nothing proves how it ended").format(
                    kind=plain(WRITES, write.kind), key=write.key
                ),
                where=where,
            )
        elif write.state != "intended":
            error = Mismatch(
                _("{kind} {key} is already “{state}”").format(
                    kind=plain(WRITES, write.kind), key=write.key, state=plain(WRITES, write.state)
                ),
                where=where,
                todo=_("Enter it in the shop by hand; then this closes by itself.") if of_a_number else "",
                reason=of_a_number,
            )
        elif write.kind == "submit" and (purchase is None or purchase.state != "planned"):
            error = Mismatch(_("Purchase {} is not waiting to be ordered any more").format(write.reference), where=where)
        elif not by_hand and self._clicks(write.id) >= MOST_CLICKS:
            error = LimitReached(
                _("{kind} {key} was sent {count} times already").format(
                    kind=plain(WRITES, write.kind), key=write.key, count=MOST_CLICKS
                ),
                where=where,
                todo=_("Do this one by hand; it is never sent a third time."),
                reason=of_a_number or "too_often",
            )
        if error:
            raise error

    def _clicks(self, write: int) -> int:
        """How often it was sent; a code that expired or that nobody was shown moved nothing, and there may be many."""
        return int(
            self._value(
                """
                SELECT count(*) FROM attempts a JOIN attempt_writes aw ON aw.attempt = a.id
                WHERE aw.write = ? AND a.committed_at IS NOT NULL
                    AND NOT (a.state = 'intended' AND coalesce(json_extract(a.meant, '$.method'), '') = 'qr')
                """,
                write,
            )
        )

    def _close_unclicked(self, write: int, at: datetime) -> None:
        self._do(
            """
            UPDATE attempts SET settled_at = ? WHERE state = 'intended' AND settled_at IS NULL
                AND id IN (SELECT attempt FROM attempt_writes WHERE write = ?)
            """,
            *(text_of(at), write),
        )

    def committing(self, attempt: int, facts: CommitFacts, at: datetime, *, by_hand: bool = False) -> None:
        """The click comes next. On disk when this returns, so it must not be called inside `atomic()`.

        Raises Paused where a stop stands (whoever makes one has to wait for this transaction, or this for theirs), AgentError
        for a ledger that was put back from a backup, until a person lets it go on, and ClockBehind. What was sent by hand is
        put down all the same.
        """
        if self.db.conn.in_transaction:
            raise RuntimeError("committing() inside a transaction would not be on disk before the click")
        with self.atomic():
            known = self.attempt(attempt)
            if known.state != "intended" or known.settled_at:
                raise RuntimeError(f"attempt {attempt} is {known.state} and over, it cannot be committed")
            self.seen(at)
            if not by_hand:
                self._refuse_restored()
                self.refuse_paused(known.account)
            for write in known.writes:
                self._refuse(write, by_hand=by_hand)
            self._do(
                "UPDATE attempts SET state = 'committing', committed_at = ?, flow_hash = ?, page_address = ? WHERE id = ?",
                *(text_of(at), facts.flow_hash, without_query(facts.page_address), attempt),
            )
            self._move_writes(known, "committing")
        self._clicked_here |= {attempt}

    def _refuse_restored(self) -> None:
        if restored := self.mark("restored_from"):
            raise AgentError(
                _("The ledger was put back from {}: nothing is sent out of it before you say so").format(restored),
                todo=_("`agent run --once` looks at the suppliers for what it does not know, then asks you in `agent inbox`."),
                reason="restored",
            )

    def clicked(self, attempt: int, outcome: CommitOutcome) -> None:
        """Keep what the page said and which requests left, before the proof: a proof may die, this is known only once."""
        with self.atomic():
            known = self.attempt(attempt)
            if known.state != "committing" or attempt not in self._clicked_here:
                raise RuntimeError(f"attempt {attempt} is {known.state}, it was not just clicked here")
            requests = self._requests_after(known, outcome.requests)
            self._do(
                "UPDATE attempts SET click_end = ?, words = ?, requests = ?, pictures = ? WHERE id = ?",
                *(outcome.end, outcome.words, noted(requests), pictured(known, outcome.pictures), attempt),
            )

    def settle(
        self,
        attempt: int,
        state: WriteState,
        *,
        words: str,
        requests: Sequence[RequestNote] | None,
        pictures: Sequence[Path],
        at: datetime,
        because: Because = "nothing_left",
        zero: bool = False,
    ) -> None:
        """Say how an attempt ended, or what is known of it now. `requests` None: not known. RuntimeError for a forbidden arrow.

        Of a payment each write is proven by itself first (`write_proven`); those stay so whatever becomes of the attempt.

        `zero`: a look that could have found it counted zero. Settling an attempt as intended before its click closes it;
        after the click that needs a reason (`because`), and "nothing_left" is believed only from the process that clicked.
        A refused submit makes its purchase dead.
        """
        with self.atomic():
            known = self.attempt(attempt)
            left = self._requests_after(known, requests)
            if state == "confirmed" and known.kind == "pay":
                _refuse_unproven(known)
            _check_arrow(known, state, left, because, here=attempt in self._clicked_here)
            self._do(
                """
                UPDATE attempts SET state = ?, settled_at = ?, words = ?, requests = ?, pictures = ?,
                    first_zero_at = coalesce(first_zero_at, ?) WHERE id = ?
                """,
                *(state, text_of(at), words, noted(left), pictured(known, pictures), text_of(at) if zero else None, attempt),
            )
            self._move_writes(known, state)
            if state == "refused":
                self._bury_submits(known)

    def _requests_after(self, known: Attempt, told: Sequence[RequestNote] | None) -> tuple[RequestNote, ...] | None:
        """All requests known of an attempt, or None where nobody can say: whoever clicked never told, or could not.

        Only right after the click can anybody tell: a later look knows nothing of what left then.
        """
        if known.requests_known:
            return tuple(dict.fromkeys((*known.requests, *(told or ()))))
        late = known.committed_at and (known.id not in self._clicked_here or known.state != "committing")
        if told is None or late:
            return None
        return tuple(told)

    def write_proven(self, attempt: int, write: int) -> None:
        """One payment of an attempt that is not settled yet is proven, whatever becomes of the others made with the same click."""
        with self.atomic():
            known = self.attempt(attempt)
            if known.kind != "pay" or known.state not in ("committing", "unknown", "held"):
                raise RuntimeError(f"attempt {attempt} is {known.state}, no single write of it can be proven")
            if write not in {one.id for one in known.writes}:
                raise RuntimeError(f"write {write} is none of attempt {attempt}")
            self._do("UPDATE writes SET state = 'confirmed' WHERE id = ?", write)

    def code_shown(self, attempt: int, code: Path, facts: Mapping[str, object]) -> None:
        """From now on somebody may see this code and pay with it. On disk before anybody does, with what is told beside it."""
        with self.atomic():
            known = self.attempt(attempt)
            if known.state != "committing" or known.meant.get("method") != "qr":
                raise RuntimeError(f"attempt {attempt} is {known.state}, no code of it can be shown")
            meant = {**known.meant, **facts, "code": str(code)}
            self._do("UPDATE attempts SET meant = ? WHERE id = ?", as_json(meant), attempt)

    def _move_writes(self, known: Attempt, state: WriteState) -> None:
        for write in known.writes:
            if write.state == "confirmed" and known.kind == "pay":  # proven singly, and so it stays
                continue
            if write.state != known.state:
                raise RuntimeError(f"attempt {known.id} is {known.state} but its write {write.key} is {write.state}")
            self._do("UPDATE writes SET state = ? WHERE id = ?", state, write.id)

    def _bury_submits(self, known: Attempt) -> None:
        for write in known.writes:
            if write.kind == "submit":
                self._bury(write.reference)

    def attempt(self, attempt: int) -> Attempt:
        found = self._attempts("a.id = ?", attempt)
        if not found:
            raise RuntimeError(f"no attempt {attempt} in the ledger")
        return found[0]

    def open_attempts(self, account: str = "") -> list[Attempt]:
        """Attempts whose end is not known yet (committing or unknown), at this account or at all; oldest first."""
        found = self._attempts("a.state IN ('committing', 'unknown')")
        return [attempt for attempt in found if account in ("", attempt.account)]

    def attempts_of(self, reference: str) -> list[Attempt]:
        """Every attempt made for a purchase, of whatever kind; oldest first."""
        return self._attempts(
            "a.id IN (SELECT aw.attempt FROM attempt_writes aw JOIN writes w ON w.id = aw.write WHERE w.reference = ?)",
            reference,
        )

    def went_well(self, account: str, flow: str, flow_hash: str) -> bool:
        """Whether a write of this very flow at this account was ever proven."""
        found = "SELECT 1 FROM attempts WHERE account = ? AND flow = ? AND flow_hash = ? AND state = 'confirmed' LIMIT 1"
        return self._row(found, account, flow, flow_hash) is not None

    def _attempts(self, which: str, *values: object) -> list[Attempt]:
        return [self._attempt(row) for row in self._rows(f"SELECT a.* FROM attempts a WHERE {which} ORDER BY a.id", *values)]

    def _attempt(self, row: dict[str, Any]) -> Attempt:
        writes = self._rows(f"{WRITE} JOIN attempt_writes aw ON aw.write = w.id WHERE aw.attempt = ? ORDER BY w.id", row["id"])
        return attempt_of(row, tuple(StoredWrite(**write) for write in writes))

    def _write(self, write: int) -> StoredWrite:
        row = self._row(f"{WRITE} WHERE w.id = ?", write)
        if row is None:
            raise RuntimeError(f"no write {write} in the ledger")
        return StoredWrite(**row)


def _check_arrow(
    known: Attempt, state: WriteState, requests: tuple[RequestNote, ...] | None, because: Because, *, here: bool
) -> None:
    """Raise RuntimeError unless the attempt may go from where it is to `state`."""
    if known.state == "intended" and state == "intended" and known.settled_at is None:
        return
    if state == "committing" or state not in ARROWS[known.state]:
        raise RuntimeError(f"attempt {known.id}: {known.state} cannot become {state}")
    if state != "intended":
        return
    if known.kind == "pay" and known.state != "intended":
        _check_unpaid(known, because)
        if because in ("expired", "not_shown", "word"):
            return
    elif because in ("expired", "not_shown", "word"):
        raise RuntimeError(f"attempt {known.id} is no payment, it cannot come back because of “{because}”")
    if because == "stopped" and not (here and known.state == "committing"):
        raise RuntimeError(f"attempt {known.id}: only the process that clicked knows that the click was stopped")
    if because == "nothing_left" and requests != ():
        raise RuntimeError(f"attempt {known.id}: nothing proves that no request left, it cannot be intended again")


def _check_unpaid(known: Attempt, because: Because) -> None:
    """Raise RuntimeError unless this payment may come back: not by itself, but for a code that nobody can have paid, or a person's word."""
    by_code = known.meant.get("method") == "qr"
    unseen = because == "not_shown" and by_code and "code" not in known.meant
    stopped = because == "stopped" and known.state == "committing"
    if not (unseen or stopped or because == "word" or (because == "expired" and by_code)):
        raise RuntimeError(f"attempt {known.id}: a payment never comes back from {known.state} by itself")
    if any(write.state == "confirmed" for write in known.writes) and not unseen:  # of an unseen one that was paid elsewhere
        raise RuntimeError(f"attempt {known.id}: a part of it is proven to be paid, so it was paid")


def _refuse_unproven(known: Attempt) -> None:
    if missing := [write.key for write in known.writes if write.state != "confirmed"]:
        raise RuntimeError(f"attempt {known.id}: {', '.join(missing)} is not proven, each payment is by itself")
