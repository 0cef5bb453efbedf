"""The commit of a purchase and its proof: click once, close the pages, and believe only the supplier's own list and detail.

confirmed: the new orders at the supplier together hold exactly what was meant · held: more or other than meant stands there ·
refused: the site's words and a count of zero, twice, settle apart · intended: zero, and no request left after the click ·
unknown: everything else. Time proves nothing absent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, cast

from agent.browser.watching import SentByHand
from agent.errors import AgentError, MachineFailed, Mismatch, OutcomeUnknown, SiteRefused, SiteUnavailable, Where
from agent.ledger import Attempt, StoredPurchase
from agent.models import CommitFacts, CommitOutcome, Fen, PurchaseOrder, Reading, WriteState
from agent.terms import ENDS, VERDICTS, plain
from agent.words import _
from agent.work.compare import Meant, Verdict, judge, looks_alike, reference_shown
from agent.work.in_time import STALE, came_too_late, still_fresh, was_in_time
from agent.work.look import Listed, Seen, detail, find_supplier, list_supplier, shared
from agent.work.merged import growth, judge_grown
from agent.work.payables import book
from agent.work.run import Run
from agent.work.stops import committing, sent_by_hand
from agent.work.values import purchase_values

LOOK_AGAIN = 1.0  # seconds between two looks at a list that may lag


@dataclass(frozen=True, slots=True)
class Proof:
    """What the supplier shows of a purchase: its orders, or one that `others` of ours stand in too."""

    verdict: Verdict
    readings: Sequence[Reading] = ()
    others: Sequence[StoredPurchase] = ()


def submit(run: Run, meant: Meant, seen: Seen, fresh_until: datetime) -> None:
    """Commit the filled form once and settle it by proof. Raises unless confirmed. `meant` has the form's total and freight.

    `fresh_until`: no click after it. What comes too late for it is asked about, and begun anew by the next run.
    """
    attempt = begin(run, meant, seen.baseline)
    try:
        outcome = click(
            run,
            attempt,
            lambda record: run.desk(meant.purchase.account).commit(
                "submit_order", purchase_values(meant.purchase.reference), record
            ),
            lambda _facts: still_fresh(run, fresh_until),
        )
    except Mismatch as error:
        if error.reason != STALE:
            raise
        raise came_too_late(run, meant.purchase, error) from error
    settle_by_proof(run, meant, run.ledger.attempt(attempt), outcome)


def begin(run: Run, meant: Meant, baseline: Collection[str], *, by_hand: bool = False) -> int:
    """The attempt's row: what is meant and what already stood there, before anything is clicked."""
    purchase = meant.purchase
    write = run.ledger.intend("submit", purchase.reference, at=run.now(), **keys(purchase))
    return run.ledger.begin_attempt(
        [write],
        account=purchase.account,
        flow="submit_order",
        baseline=sorted(baseline),
        meant={
            "total": meant.total,
            "most_per_order": meant.most_per_order,
            "note": meant.note,
            "seller": meant.seller,
            "hidden": sorted(meant.hidden),
            "merges": meant.merges,
            "freight": meant.freight,
        },
        at=run.now(),
        by_hand=by_hand,
    )


def click(
    run: Run,
    attempt: int,
    commit: Callable[[Callable[[CommitFacts], None]], CommitOutcome],
    check: Callable[[CommitFacts], None],
) -> CommitOutcome:
    """The one click of an attempt. What fails before it leaves the attempt intended and is raised; after it, nothing is raised."""

    def record(facts: CommitFacts) -> None:
        check(facts)
        committing(run, attempt, facts)

    try:
        outcome = commit(record)
    except MachineFailed:  # not on disk, so not clicked
        raise
    except SentByHand as sent:
        return _as_clicked(run, attempt, sent)
    except AgentError as error:
        if run.ledger.attempt(attempt).state != "intended":
            return CommitOutcome("unclear", error.what, None, (), None)
        run.ledger.settle(attempt, "intended", words=error.what, requests=(), pictures=(), at=run.now())
        raise
    if outcome.end == "stopped":
        run.ledger.settle(
            attempt, "intended", words=outcome.words, requests=(), pictures=outcome.pictures, at=run.now(), because="stopped"
        )
        raise SiteUnavailable(
            _("The page changed a compared value under the click; nothing was sent: {}").format(outcome.words),
            where=Where(evidence=outcome.pictures[-1] if outcome.pictures else None),
        )
    if run.ledger.attempt(attempt).state == "intended":  # the flow found its end already there and never clicked
        run.ledger.settle(attempt, "intended", words=outcome.words, requests=(), pictures=(), at=run.now())
        raise Mismatch(_("The page says that it was done before: {}").format(outcome.words))
    run.ledger.clicked(attempt, outcome)
    return outcome


def settle_sent_by_hand(run: Run, meant: Meant, seen: Seen, sent: SentByHand) -> None:
    """What a person made the supplier's form send may have ordered: from then on it counts as a click. Raises unless confirmed."""
    attempt = begin(run, meant, seen.baseline, by_hand=True)
    outcome = _as_clicked(run, attempt, sent)
    settle_by_proof(run, meant, run.ledger.attempt(attempt), outcome)


def clicked_by_hand(run: Run, attempt: int, sent: SentByHand) -> CommitOutcome:
    """What somebody who looks on made the page of an attempt send counts as its click; how it ended has to be proven."""
    return _as_clicked(run, attempt, sent)


def _as_clicked(run: Run, attempt: int, sent: SentByHand) -> CommitOutcome:
    outcome = CommitOutcome("unclear", sent.what, sent.requests, (), None)
    sent_by_hand(run, attempt)
    run.ledger.clicked(attempt, outcome)
    return outcome


def settle_by_proof(run: Run, meant: Meant, attempt: Attempt, outcome: CommitOutcome | None) -> None:
    """Settle an attempt by what the supplier's list and details show. Raises unless confirmed. `outcome` is None at recovery."""
    if outcome:
        picture = outcome.pictures[-1] if outcome.pictures else None
        run.tell(
            _("Sent once; the page: {}").format(outcome.words or plain(ENDS, outcome.end)),
            picture=picture,
            **keys(meant.purchase),
        )
    try:
        proof = _search(run, meant, attempt, patient=outcome is not None and outcome.end != "refused")
    except MachineFailed:
        raise
    except AgentError as error:
        _settle(run, attempt, "unknown", outcome)
        raise _unknown(meant, _("the look for it failed: {}").format(error.what)) from error
    state = state_after(proof.verdict, attempt, outcome, counts_before(run, meant.purchase.account))
    with run.ledger.atomic():
        _settle(run, attempt, state, outcome, zero=proof.verdict == "none")
        if state == "confirmed":
            _placed(run, meant, proof)
            run.ledger.fill_ended(meant.purchase.reference)
        if state == "refused":
            run.tell(_("The supplier refused the order"), **keys(meant.purchase))
    _conclude(meant, attempt, state, proof, outcome)


def state_after(verdict: Verdict, attempt: Attempt, outcome: CommitOutcome | None, before: datetime) -> WriteState:
    """What a proof says of a purchase's write; `before` as for a count of zero."""
    if verdict == "exact":
        return "confirmed"
    return "held" if verdict != "none" else state_of_zero(attempt, outcome, before)


def counts_before(run: Run, account: str) -> datetime:
    """A first count of zero helps to believe a second one now if it is older: `settle` ago, and by an earlier run.

    A list that lags does so for as long as the run that ordered; what it shows to a later one is another look.
    """
    return min(run.now() - settle_time(run, account), run.began)


def state_of_zero(attempt: Attempt, outcome: CommitOutcome | None, before: datetime) -> WriteState:
    """What a count of zero says: believed only with no request left, or with the site's own no, and counted `before` too.

    That no request left is known of the click itself, or as it was written down once every page of it was closed.
    """
    if (outcome.requests == ()) if outcome else (attempt.requests_known and not attempt.requests):
        return "intended"
    refused = outcome.end == "refused" if outcome else attempt.end == "refused"
    if refused and attempt.first_zero_at is not None and attempt.first_zero_at < before:
        return "refused"
    return "unknown"


def adopt(run: Run, meant: Meant, seen: Seen) -> None:
    """Our reference already stands in the supplier's list, though this ledger never clicked: take it as bought, or hold it."""
    verdict = judge(seen.ours, meant)
    purchase = meant.purchase
    if verdict != "exact":
        raise Mismatch(
            _("Our reference {reference} already stands at the supplier, but not as meant ({verdict}): {numbers}").format(
                reference=purchase.reference, verdict=plain(VERDICTS, verdict), numbers=numbers_of(seen.ours)
            ),
            where=Where(order=purchase.order_number, account=purchase.account, reference=purchase.reference),
            reason="held",
        )
    with run.ledger.atomic():
        run.ledger.found_done("submit", purchase.reference, at=run.now(), **keys(purchase))
        _placed(run, meant, Proof(verdict, seen.ours))


def recover(run: Run, attempt: Attempt, meant: Meant) -> None:
    """Settle an open attempt of an earlier run, or look again at one still unknown. Raises OutcomeUnknown while it stays so."""
    settle_by_proof(run, replace(meant, total=cast(Fen | None, attempt.meant["total"])), attempt, None)


def _search(run: Run, meant: Meant, attempt: Attempt, *, patient: bool) -> Proof:
    """The new supplier orders that may be this purchase: from the list and, before absence is believed, from the search too.

    Without a new one, those that the site may have put it into.
    """
    until = run.now() + settle_time(run, meant.purchase.account)
    while True:
        listed = list_supplier(run, meant.purchase.account)
        found = _candidates(run, meant, attempt, listed)
        if not found:
            found = _candidates(run, meant, attempt, find_supplier(run, meant.purchase.account, meant.purchase.reference))
        proof = Proof(judge(found, meant), found) if found else _grown(run, meant, listed)
        if _is_whole(proof) or not patient or run.now() >= until:
            return proof
        run.clock.wait(LOOK_AGAIN)


def _is_whole(proof: Proof) -> bool:
    """Whether waiting changes nothing: of an order that was split the list may lag with a part, of one beside others with all."""
    return proof.verdict == "exact" if proof.others else proof.verdict not in ("none", "less")


def _grown(run: Run, meant: Meant, listed: list[Listed]) -> Proof:
    """What came into the orders that our other purchases for this receiver stand in. More than one that changed is no proof."""
    judged = [(judge_grown(page, meant, others), page, others) for page, others in shared(run, meant, listed)]
    changed = [each for each in judged if each[0] != "none"]
    if not changed:
        return Proof("none")
    verdict, _page, others = changed[0]
    return Proof(verdict if len(changed) == 1 else "differs", [page for _verdict, page, _others in changed], others)


def _candidates(run: Run, meant: Meant, attempt: Attempt, listed: list[Listed]) -> list[Reading]:
    taken = frozenset(attempt.baseline) | run.ledger.numbers_claimed(meant.purchase.account)
    new = [row for row in listed if row.number not in taken]
    details = [(row, detail(run, meant.purchase.account, row)) for row in new]
    ours = meant.purchase.reference
    return [
        reading for row, reading in details if ours in (row.reference, reference_shown(reading)) or looks_alike(reading, meant)
    ]


def _settle(run: Run, attempt: Attempt, state: WriteState, outcome: CommitOutcome | None, *, zero: bool = False) -> None:
    run.ledger.settle(
        attempt.id,
        state,
        words=outcome.words if outcome else attempt.words,
        requests=outcome.requests if outcome else attempt.told_requests,
        pictures=outcome.pictures if outcome else attempt.pictures,
        at=run.now(),
        zero=zero,
    )


def _conclude(
    meant: Meant,
    attempt: Attempt,
    state: WriteState,
    proof: Proof,
    outcome: CommitOutcome | None,
) -> None:
    purchase = meant.purchase
    where = Where(account=purchase.account, order=purchase.order_number, flow="submit_order", reference=purchase.reference)
    words = (outcome.words if outcome else attempt.words) or _said(outcome.end if outcome else attempt.end)
    if state == "confirmed":
        return
    if state == "held":
        raise Mismatch(
            _("Something else than meant stands at the supplier ({verdict}): supplier order {numbers}; it is held").format(
                verdict=plain(VERDICTS, proof.verdict), numbers=numbers_of(proof.readings)
            ),
            where=where,
            todo=_(
                "Look at it there and cancel by hand what is too much; then `agent resolve {reference} --number NO` takes what is "
                "as meant. Where all of it is cancelled: `agent resolve {reference} --not-placed --on-my-word`."
            ).format(reference=purchase.reference),
            reason="held",
        )
    if state == "refused":
        raise SiteRefused(_("The supplier refused the order, in its words: “{}”").format(words), where=where)
    if state == "intended":
        raise SiteUnavailable(
            _("The click sent nothing; the order was not placed: {}").format(words), where=Where(order=purchase.order_number)
        )
    raise _unknown(meant, words)


def _said(end: str) -> str:
    """How a click ended that brought no words of the site."""
    if end == "expected":
        return _("the page said that it was done, and the supplier's list does not show it")
    return _("no answer came that says how it ended") if end else _("the program was stopped at the click")


def _unknown(meant: Meant, words: str) -> OutcomeUnknown:
    purchase = meant.purchase
    return OutcomeUnknown(
        _("Nobody knows yet whether purchase order {reference} was placed: {words}").format(
            reference=purchase.reference, words=words
        ),
        where=Where(account=purchase.account, order=purchase.order_number, flow="submit_order", reference=purchase.reference),
        todo=_("Do not buy it again. It is looked for in every run; if you know more: `agent resolve {} …`").format(
            purchase.reference
        ),
    )


def _placed(run: Run, meant: Meant, proof: Proof) -> None:
    purchase = meant.purchase
    numbers = numbers_in(proof.readings)
    total, freight = (amount(proof, word) for word in ("total", "freight"))
    run.ledger.placed(purchase.reference, numbers, total, freight, run.now(), merges=bool(proof.others))
    run.proven |= {(purchase.account, number): reading for number, reading in zip(numbers, proof.readings, strict=True)}
    was_in_time(run, purchase)
    run.tell(_("Purchase proven at the supplier: order {}").format(", ".join(numbers)), **keys(purchase))
    book(run, purchase.reference, proof.readings)
    if proof.others:
        run.tell(
            _("The supplier put it into the order of purchase {}").format(", ".join(other.reference for other in proof.others)),
            **keys(purchase),
        )


def numbers_in(readings: Iterable[Reading]) -> tuple[str, ...]:
    return tuple(str(reading.values["supplier_order_number"]) for reading in readings)


def numbers_of(readings: Iterable[Reading]) -> str:
    return ", ".join(numbers_in(readings))


def amount(proof: Proof, word: Literal["total", "freight"]) -> Fen | None:
    """The orders of one purchase together, every page shows its own; in an order with others what it added, if that is known."""
    if proof.others:
        return growth(proof.readings[0], proof.others, word)
    return Fen(sum(cast(int, reading.values[word]) for reading in proof.readings))


def keys(purchase: PurchaseOrder) -> dict[str, str]:
    """What names a purchase in the journal and in the story."""
    return {
        "shop": purchase.shop,
        "order_number": purchase.order_number,
        "reference": purchase.reference,
        "account": purchase.account,
    }


def settle_time(run: Run, account: str) -> timedelta:
    """How long this site may need to show what was written."""
    told = run.config.accounts[account].limits.settle
    return timedelta(seconds=run.config.site_of(account).limits.settle if told is None else told)
