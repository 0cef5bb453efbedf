"""Writes that end without a click of this ledger: found done at the site, or settled by a person's word.

A person's word never makes an order buyable again by itself; that is for the job that took the word to see to.
"""

from __future__ import annotations

from datetime import datetime

from agent.errors import Mismatch, OutcomeUnknown, Where
from agent.ledger.attempts import StoredWrite
from agent.ledger.file import text_of
from agent.ledger.journal import Journal
from agent.ledger.purchases import StoredPurchase
from agent.models import Fen, WriteState
from agent.words import _


class Found(Journal):
    def found_done(
        self, kind: str, key: str, *, shop: str, order_number: str, reference: str, account: str, at: datetime
    ) -> None:
        """The site shows this write done exactly as meant, whoever did it: it must never be made (again).

        A refused write stays refused: somebody else did it. Raises Mismatch for the submit of a purchase that was given up.
        """
        with self.atomic():
            if kind == "submit":
                self._refuse_dead(self._known(reference))
            self.intend(kind, key, shop=shop, order_number=order_number, reference=reference, account=account, at=at)
            known = self.write(kind, key)
            if known is not None and known.state not in ("confirmed", "refused"):
                self._end(known, "confirmed", at)

    def resolved(
        self,
        reference: str,
        numbers: tuple[str, ...],
        total: Fen | None,
        freight: Fen | None,
        at: datetime,
        *,
        on_my_word: bool,
        merges: bool = False,
    ) -> None:
        """A person named the supplier's order of a purchase, or its orders. `on_my_word`: the site could not show it."""
        with self.atomic():
            known = self._known(reference)
            self.found_done(
                "submit",
                reference,
                shop=known.shop,
                order_number=known.order_number,
                reference=reference,
                account=known.account,
                at=at,
            )
            self.placed(reference, numbers, total, freight, at, merges=merges)
            self._do("UPDATE purchases SET on_my_word = ? WHERE reference = ?", int(on_my_word), reference)

    def bury(self, reference: str, at: datetime) -> None:
        """Nothing was ever sent for this purchase and a person rejected it: its lines may be bought anew.

        A dead one stays dead. Raises OutcomeUnknown once it was clicked or found: then only its settled write can make it dead.
        """
        with self.atomic():
            known = self._known(reference)
            if known.state == "dead":
                return
            if known.state != "planned" or known.write_state not in ("", "intended") or self.clicks(reference):
                raise OutcomeUnknown(
                    _("Purchase {} was sent, or found at the supplier; it cannot be dropped").format(reference),
                    where=Where(account=known.account, order=known.order_number),
                    todo=_("Look at the supplier's order list, then `agent resolve {}`.").format(reference),
                )
            if write := self.write("submit", reference):
                self._close_unclicked(write.id, at)
            self._bury(reference)

    def buried_by_word(self, reference: str, at: datetime) -> None:
        """A person says that a purchase is not at the supplier, and the site does not contradict: it is dead.

        Raises Mismatch for one that was proven to be there.
        """
        with self.atomic():
            known = self._known(reference)
            write = self.write("submit", reference)
            if known.state == "dead":
                return
            if known.state != "planned" or (write and write.state == "confirmed"):
                raise Mismatch(
                    _("Purchase {} was proven to stand at the supplier").format(reference),
                    where=Where(account=known.account, order=known.order_number),
                )
            if write and write.state != "intended":
                self._end(write, "refused", at)
            self._bury(reference)

    def _refuse_dead(self, known: StoredPurchase) -> None:
        if known.state == "dead":
            raise Mismatch(
                _("Purchase {} was given up, but it stands at the supplier").format(known.reference),
                where=Where(account=known.account, order=known.order_number),
                todo=_("Look whether the order was bought again; cancel at the supplier what is too much."),
            )

    def _end(self, write: StoredWrite, state: WriteState, at: datetime) -> None:
        """End a write, and the attempt that left it open if there is one."""
        self._do("UPDATE writes SET state = ? WHERE id = ?", state, write.id)
        self._do(
            """
            UPDATE attempts SET state = ?, settled_at = ? WHERE state IN ('committing', 'unknown', 'held')
                AND id IN (SELECT attempt FROM attempt_writes WHERE write = ?)
            """,
            *(state, text_of(at), write.id),
        )
        self._close_unclicked(write.id, at)
