"""Before anything new: what earlier runs left open is settled by proof, and what people answered is applied."""

from __future__ import annotations

from typing import cast

from agent.errors import AgentError, MachineFailed, Mismatch, SiteRefused, SiteUnavailable, Where
from agent.ledger import Attempt, InboxItem, StoredOrder, StoredPurchase
from agent.models import Fen, Reading, Receiver
from agent.terms import VERDICTS, plain
from agent.words import _
from agent.work import books, cancelled, change_number, entered, mark, paid, payment, prove
from agent.work.codes import ask_to_scan
from agent.work.compare import Meant, Verdict, judge, reference_shown, stand_for
from agent.work.leave import leave
from agent.work.look import Listed, detail, find_supplier, list_supplier, live_in, shared, with_references
from agent.work.merged import judge_grown, nothing_came_in, with_others
from agent.work.paid_by_word import resolve as resolve_payment
from agent.work.payables import book
from agent.work.refunds import SHORTAGE, shortage_told
from agent.work.restored import RESTORED, let_go_on
from agent.work.run import (
    Run,
    account_failures,
    ask_to_buy_again,
    carried_out,
    is_of_the_account,
    order_failures,
    shared_failures,
)
from agent.work.watch import REFUND_DUE, money_told


def recover(run: Run) -> None:
    """Settle every open attempt that can be settled; each failure stays with its order or account."""
    for attempt in run.ledger.open_attempts():
        if attempt.kind == payment.KIND:
            paid.look_again(run, attempt)
            ask_to_scan(run, run.ledger.attempt(attempt.id))
            continue
        numbers = dict.fromkeys(write.order_number for write in attempt.writes)
        orders = [order for number in numbers if (order := run.ledger.order(attempt.shop, number))]
        if not orders or not run.visits(attempt.account):
            continue
        with shared_failures(run, orders, stays=_refused if attempt.kind == "submit" else _never):
            _settle(run, attempt)
            if attempt.kind == cancelled.KIND:  # its order rests: nothing of it is bought again by itself
                continue
            for number in numbers:
                run.ledger.release(attempt.shop, number)
                run.ledger.close_items_of(attempt.shop, number, run.now())


def _refused(error: AgentError) -> bool:
    """Refused by the supplier: whether that is bought again is a person's to say."""
    return isinstance(error, SiteRefused)


def _never(_error: AgentError) -> bool:
    return False


def _settle(run: Run, attempt: Attempt) -> None:
    """Settle it. Where it proves that the click sent nothing, its orders go on as if there had been none."""
    try:
        settle_open(run, attempt)
    except SiteUnavailable as error:
        if run.ledger.attempt(attempt.id).state != "intended":
            raise
        run.tell(error.what, shop=attempt.shop, order_number=attempt.order_number, reference=attempt.reference)


def settle_open(run: Run, attempt: Attempt) -> None:
    """Settle one open attempt by proof. Raises what is not confirmed."""
    if attempt.kind == "submit":
        purchase = cast(StoredPurchase, run.ledger.purchase(attempt.reference))
        prove.recover(run, attempt, meant_of(run, purchase, attempt))
        return
    if attempt.kind == payment.KIND:
        paid.settle(run, attempt, None)
        return
    if attempt.kind == cancelled.KIND:
        cancelled.settle_cancel(run, attempt, None)
        return
    if attempt.kind == mark.KIND:
        mark.settle_mark(run, run.config.shops[attempt.shop], attempt, None)
        return
    entered.settle_by_shop(run, run.config.shops[attempt.shop], attempt, None)


def meant_of(run: Run, purchase: StoredPurchase, attempt: Attempt) -> Meant:
    """What the attempt meant, out of the ledger alone: never today's config or products table."""
    return Meant(
        purchase=purchase.purchase,
        receiver=_receiver_of(run, purchase),
        most_per_order=cast(Fen, attempt.meant["most_per_order"]),
        note=str(attempt.meant["note"]),
        seller=str(attempt.meant.get("seller", "")),  # an attempt of an older version knows none
        total=cast(Fen | None, attempt.meant["total"]),
        hidden=frozenset(cast(list[str], attempt.meant["hidden"])),
        merges=bool(attempt.meant.get("merges", False)),
    )


def _receiver_of(run: Run, purchase: StoredPurchase) -> Receiver:
    receiver = run.ledger.receiver(purchase.shop, purchase.order_number)
    if receiver is None:
        raise Mismatch(
            _("The receiver of the order was forgotten, so its open purchase cannot be compared"),
            where=Where(order=purchase.order_number, account=purchase.account),
        )
    return receiver


def apply_answers(run: Run) -> None:
    """Do what people answered since the last run: let parked orders go on, leave rejected ones, check what they resolved."""
    for item in run.ledger.unapplied_answers():
        if item.answer == cancelled.SAID:
            continue  # it waits until the shops and the suppliers were read
        order = run.ledger.order(item.shop, item.order_number) if item.order_number else None
        if item.answer.startswith("resolve"):
            if _is_settled(run, item):
                run.ledger.applied(item.id, run.now())
            elif not _is_closed(run, item):  # else it waits for a run that may look at the site
                _resolve(run, item)
            continue
        if item.reason == REFUND_DUE:
            money_told(run, item)
        elif item.reason == SHORTAGE:
            shortage_told(run, item)
        elif item.reason == RESTORED:
            let_go_on(run, item)
        elif item.answer == "take" and order is not None:
            run.ledger.dispose(order.shop, order.order_number, "ours", _("a person handed it over"))
        elif item.answer == "approve" and order is not None and item.kind != books.KIND:
            run.ledger.release(order.shop, order.order_number)
        elif item.answer == "reject" and item.reason != change_number.KIND:  # of a number: what stands in the shop stays
            waiting = [order] if order else [run.ledger.order(*key) for key in run.ledger.waiting_orders(item.id)]
            for each in waiting:
                if each is not None:
                    leave(run, each, _("a person rejected it"))
        run.ledger.applied(item.id, run.now())


def _is_closed(run: Run, item: InboxItem) -> bool:
    purchase = run.ledger.purchase(item.reference)
    return purchase is not None and not run.visits(purchase.account)


def _is_settled(run: Run, item: InboxItem) -> bool:
    """Whether what a person said of a purchase says nothing any more: they said otherwise since, or it is known by now."""
    purchase = run.ledger.purchase(item.reference)
    newer = any(
        other.cause == item.cause and other.id > item.id and other.answer.startswith("resolve")
        for other in run.ledger.unapplied_answers()
    )
    if purchase is None or newer:
        return True
    if item.answer.partition(" ")[2] in ("paid", "not-paid"):
        return purchase.pay_state not in ("committing", "unknown", "held")
    return purchase.state != "planned"


def _resolve(run: Run, item: InboxItem) -> None:
    purchase = cast(StoredPurchase, run.ledger.purchase(item.reference))
    order = cast(StoredOrder, run.ledger.order(item.shop, item.order_number))
    stays = order_failures(run, order, stays=lambda _error: False)
    with account_failures(run, purchase.account), stays, carried_out(run, item.id):
        verb, _sep, told = item.answer.partition(" ")
        if told in ("paid", "not-paid"):
            resolve_payment(run, purchase, told, on_my_word=verb.endswith("!"))
            return
        if told == "not-placed":
            _resolve_not_placed(run, purchase, on_my_word=verb.endswith("!"))
            return
        _resolve_numbers(run, purchase, tuple(told.split()), on_my_word=verb.endswith("!"))
        run.ledger.release(order.shop, order.order_number)
        run.ledger.close_items_of(order.shop, order.order_number, run.now())


def _resolve_numbers(run: Run, purchase: StoredPurchase, numbers: tuple[str, ...], *, on_my_word: bool) -> None:
    listed = {row.number: row for row in list_supplier(run, purchase.account)}
    rows = [listed.get(number, Listed(number, purchase.reference, None, None)) for number in numbers]
    merges = run.config.site_of(purchase.account).merges_orders
    others = live_in(run, purchase.account, *numbers) if merges and len(numbers) == 1 else []
    try:
        readings = [detail(run, purchase.account, row) for row in rows]
        proof = prove.Proof(_verdict(run, purchase, readings, others), readings, others)
    except MachineFailed:
        raise
    except AgentError as error:
        denied = isinstance(error, Mismatch)  # it shows another order there
        if not on_my_word or denied or error.may_retry or is_of_the_account(error):
            raise
        run.tell(_("Taken on a person's word, the site shows nothing: {}").format(error.what), **prove.keys(purchase.purchase))
        with run.ledger.atomic():
            run.ledger.resolved(purchase.reference, numbers, None, None, run.now(), on_my_word=True, merges=merges)
            book(run, purchase.reference, ())
        return
    if proof.verdict != "exact":
        raise Mismatch(
            _("Supplier order {number} is not what was meant ({verdict}); your answer was not taken").format(
                number=", ".join(numbers), verdict=plain(VERDICTS, proof.verdict)
            ),
            where=Where(account=purchase.account, order=purchase.order_number, reference=purchase.reference),
            reason="answer_differs",
        )
    with run.ledger.atomic():
        run.ledger.resolved(
            purchase.reference,
            numbers,
            prove.amount(proof, "total"),
            prove.amount(proof, "freight"),
            run.now(),
            # Without our reference on it the search will not find it, so it can be no control for later looks.
            on_my_word=not others and any(reference_shown(reading) != purchase.reference for reading in readings),
            merges=bool(others),
        )
        book(run, purchase.reference, readings)
    run.tell(_("A person named supplier order {}, the site agrees").format(", ".join(numbers)), **prove.keys(purchase.purchase))


def _verdict(run: Run, purchase: StoredPurchase, readings: list[Reading], others: list[StoredPurchase]) -> Verdict:
    """What the site shows under the numbers a person named, beyond the `others` of ours that stand there too.

    Never sent by us, it carries neither our reference nor our note.
    """
    sent = [each for each in run.ledger.attempts_of(purchase.reference) if each.kind == "submit" and each.committed_at]
    if sent:
        meant = meant_of(run, purchase, sent[-1])
        return judge_grown(readings[0], meant, others) if others else judge(readings, meant)
    meant = Meant(purchase.purchase, _receiver_of(run, purchase), Fen(0))
    return "exact" if stand_for(readings, with_others(meant, others)) else "differs"


def _resolve_not_placed(run: Run, purchase: StoredPurchase, *, on_my_word: bool) -> None:
    order = cast(StoredOrder, run.ledger.order(purchase.shop, purchase.order_number))
    rows = [*list_supplier(run, purchase.account), *find_supplier(run, purchase.account, purchase.reference)]
    rows = with_references(run, purchase.account, rows, order.ordered_at)
    there = [row.number for row in rows if row.reference == purchase.reference and row.state != "cancelled"]
    if there:
        raise Mismatch(
            _("The supplier shows our reference on order {}; your answer was not taken").format(", ".join(there)),
            where=Where(account=purchase.account, order=purchase.order_number, reference=purchase.reference),
            reason="answer_differs",
        )
    if not on_my_word and (grown := _grown(run, purchase, rows)):
        raise Mismatch(
            _("Supplier order {} holds more than our purchases known to be in it; your answer was not taken").format(
                ", ".join(grown)
            ),
            where=Where(account=purchase.account, order=purchase.order_number, reference=purchase.reference),
            todo=_("`agent resolve {reference} --number {number}` if it is in there.").format(
                reference=purchase.reference, number=grown[0]
            ),
            reason="answer_differs",
        )
    if not on_my_word:
        raise Mismatch(
            _("The supplier shows no such order now, which does not prove that none will come"),
            where=Where(account=purchase.account, order=purchase.order_number, reference=purchase.reference),
            todo=_("`agent resolve {} --not-placed --on-my-word` takes it on your word.").format(purchase.reference),
            reason="answer_differs",
        )
    what = _("a person says that it was not placed; approve it to buy it again")
    with run.ledger.atomic():
        run.ledger.buried_by_word(purchase.reference, run.now())
        run.ledger.close_items_of(purchase.shop, purchase.order_number, run.now())
        ask_to_buy_again(run, purchase, f"not-placed:{purchase.reference}", what, reason="not_placed")
    run.tell(_("A person says that it was not placed; the site shows none"), **prove.keys(purchase.purchase))


def _grown(run: Run, purchase: StoredPurchase, listed: list[Listed]) -> list[str]:
    """The orders for the same receiver, where the site merges, that hold more than the ledger knows of."""
    if not run.config.site_of(purchase.account).merges_orders:
        return []
    meant = Meant(purchase.purchase, _receiver_of(run, purchase), Fen(0), merges=True)
    pages = [page for page, others in shared(run, meant, listed) if not nothing_came_in(page, others)]
    return list(prove.numbers_in(pages))
