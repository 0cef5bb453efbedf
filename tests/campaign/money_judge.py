"""Judge what came of payments and cancellings, on the money that moved and the orders that stand at the supplier."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from tests.campaign.ends import RIGHT
from tests.campaign.judge import NEVER, Outcome, Verdict, clicks_of, was_stopped
from tests.campaign.money_ends import point
from tests.campaign.money_play import Money
from tests.campaign.money_trials import UNPAID, Charge
from tests.campaign.trials import Pick
from tests.market.demo_orders import DemoOrder
from tests.market.faults import Fired

LOOKED_AT = frozenset({"pay_held", "pay_unknown", "pay_by_code"})  # says itself that money may have moved otherwise
AFTERWARDS = frozenset({"refund_due", "refunds_owed"})  # what follows of a cancelling that is done
CALLED_OFF = frozenset({("detail", "buyer_cancels"), ("scan", "buyer_cancels")})  # before the last look at the shop


def judged_money(money: Money, charges: Sequence[Charge]) -> list[Verdict]:
    """One verdict a trial; one that is paid together with it must not be harmed either."""
    made = []
    for one in charges:
        first = _Order(money, one, one.order)
        outcome, why = first.cancelled() if one.write == "cancel" else first.paid()
        if one.beside is not None and outcome not in NEVER:
            beside, harm = _Order(money, one, one.beside).paid(beside=True)
            outcome, why = (beside, f"beside it: {harm}") if beside in NEVER else (outcome, why)
        if outcome in ("right", "halted") and not any(first.struck(pick) for pick in one.picks):
            outcome = "not met"
        met = [pick for pick in one.picks if first.struck(pick)] or one.picks
        picks = tuple(f"{pick} [{one.method}, {one.shape}]" for pick in met)
        made.append(Verdict(one.write, outcome, one.order.number, picks, why))
    return made


class _Order:
    """One order at its supplier, in the ledger and in the inbox."""

    def __init__(self, money: Money, one: Charge, order: DemoOrder) -> None:
        self.money, self.till, self.one, self.order = money, money.till, one, order
        self.number = money.till.numbers[order.number]
        self.asked = money.asked.get(order.number, [])
        self.payments = money.till.payments(one, order)
        self.there = money.till.standing(one, order)

    @cached_property
    def said(self) -> str:
        return self.till.road.said(self.order)

    def struck(self, pick: Pick) -> bool:
        cell = pick.cell
        where = cell.step if cell.step == "scan" else point(cell, self.one.method)
        if cell.fault == "too_little":
            where = cell.step
        names = {"", self.order.number, self.number, self.order.reference}
        return cell.fault == "list_lags" or any(
            Fired(cell.fault, where, name) in self.till.market.faults.fired for name in names
        )

    # ---- paid

    def paid(self, *, beside: bool = False) -> tuple[Outcome, str]:
        never = self._never()
        if never[0] in NEVER:
            return never
        called_off = not beside and any((pick.cell.step, pick.cell.fault) in CALLED_OFF for pick in self.one.picks)
        if called_off and self.payments:
            return "wrong", f"paid though it is not wanted any more: {self.payments}"
        if beside:
            return "right", ""
        right = len(self.payments) == 1 and not self.asked and self._booked() is not None
        return self._ended(right) if self.one.write == "pay" else ("right", "")

    def _never(self) -> tuple[Outcome, str]:
        """What must never come of a payment, whatever met it."""
        named = self._named()
        with self.till.road.ledger() as ledger:
            made = ledger.payment_attempts(ledger_account(self.one), self.number)
        clicks = sum(one.committed_at is not None and not was_stopped(one, self.till.market) for one in made)
        shown = sum(bool(one.meant.get("code")) for one in made)
        sent = shown if self.one.method == "qr" else clicks
        by_us = [each for each in self.payments if each.who != "app"]
        if len(self.payments) > 1 and ((sent > 1 and len(by_us) > 1) or not named):
            return "duplicate", f"{self.payments}, {sent} clicks, asked {self.asked}"
        wrong = [each for each in by_us if each.amount != self._meant(made) or each.payee != self._payee()]
        if wrong and not (named and self.one.ends & LOOKED_AT):  # told afterwards excuses only what nobody could know before
            return "wrong", f"{wrong}, meant {self._meant(made)} to {self._payee()}"
        stranger = self.money.strangers.get(self.order.number, "")
        if any(stranger in each.amounts for each in self.till.money(self.one.method).payments):
            return "wrong", f"a stranger's order {stranger} was paid with it"
        if lie := self._lie():
            return "silent", lie
        state = self.till.purchase(self.order).pay_state
        asked = self.asked or self._named()
        if self.there.state == "unpaid" and not asked and state not in ("committing", "unknown"):
            return "lost", f"not paid, and nobody is asked; the ledger says {state or 'nothing'}"
        return "right", ""

    def _named(self) -> bool:
        """Whether an inbox item says of this order that money may have moved otherwise; one item speaks for all paid together."""
        items = [item for item in self.till.road.inbox() if item.reason in LOOKED_AT]
        return bool(set(self.asked) & LOOKED_AT) or any(self.number in item.what for item in items)

    def _meant(self, made: Sequence[Any]) -> int:
        """What the newest attempt that was sent meant to pay; never more than it cost when it was ordered."""
        told = [
            each["amount"]
            for one in made
            if one.committed_at
            for each in one.meant["payments"]
            if each["number"] == self.number
        ]
        return int(min([self.till.meant[self.order.number], *told[-1:]]))

    def _payee(self) -> str:
        return str(self.till.market.mall.balance.payee) if self.one.method == "balance" else str(self.there.group.seller)

    def _booked(self) -> Any:
        with self.till.road.ledger() as ledger:
            return ledger.payment_of(ledger_account(self.one), self.number)

    def _lie(self) -> str:
        """What the ledger states of the money that is not so."""
        booked = self._booked()
        if booked is None:
            state = self.till.purchase(self.order).pay_state
            if self.payments and not self.asked and not self._named() and state in ("", "intended", "refused", "confirmed"):
                return f"paid {self.payments}, the ledger says {state or 'nothing was sent'}"
            return ""
        sums = sum(each.amount for each in self.payments)
        owed = {each.method == "credit" for each in self.payments}
        if booked.amount != sums or (booked.method == "credit") not in owed:
            return f"the ledger says {booked.amount} by {booked.method}, really {self.payments}"
        return ""

    # ---- cancelled

    def cancelled(self) -> tuple[Outcome, str]:
        money = self.till.money(self.one.method)
        by_us = [each for each in money.cancellations if each.number == self.number and each.who == "page"]
        wanted = any((pick.cell.fault == "wanted_again") and self.struck(pick) for pick in self.one.picks)
        if by_us and (self.there.parcels or wanted):
            return "wrong", f"cancelled though it is {'wanted' if wanted else 'sent'}"
        if (clicks := self._cancel_clicks()) > 1:
            return "duplicate", f"cancelled by {clicks} clicks"
        purchase = self.till.purchase(self.order)
        if purchase.state == "dead" and not by_us:
            return "silent", f"the ledger says it is cancelled, at the supplier it is {self.there.state}"
        if by_us and purchase.state != "dead" and not self.asked:
            return "silent", f"cancelled, the ledger says it is {purchase.state}"
        if wanted:
            return self.paid() if self.one.shape == UNPAID and self.payments else ("right", "")
        pays = [each for each in self.payments if each.who != "app"]
        if pays:
            return "wrong", f"paid though it is to be cancelled: {pays}"
        self.asked = [reason for reason in self.asked if reason not in AFTERWARDS]
        return self._ended(bool(by_us) and not self.asked)

    def _cancel_clicks(self) -> int:
        with self.till.road.ledger() as ledger:
            return sum(clicks_of(ledger.attempts_of(self.order.reference), "cancel", self.till.market).values())

    def _ended(self, right: bool) -> tuple[Outcome, str]:
        meant = self.one.ends
        if right:
            return ("right", "") if RIGHT in meant else ("other end", f"right instead of {'/'.join(sorted(meant))}")
        if not self.asked:
            return "lost", f"{self.payments}, {self.there.state}: not done, and nobody is asked"
        if RIGHT in meant:
            return "over-halt", f"{'/'.join(self.asked)}: {self.said}"
        if not meant & set(self.asked):
            return "other end", f"{'/'.join(self.asked)} instead of {'/'.join(sorted(meant))}: {self.said}"
        return "halted", ""


def ledger_account(one: Charge) -> str:
    return "mall-yiwu" if one.method == "balance" else "all-1688"
