"""Play a list of payments and cancellings, until one more run changes nothing.

Between two runs a person scans the codes that the inbox shows, tops up, says yes to cancelling, and pays in the app where a trial
wants it; late writes land, lists come up to date, and what is cancelled and was paid comes back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from agent.ledger import InboxItem
from tests.campaign.ends import IN_THE_NEXT_RUN
from tests.campaign.money_ends import is_bound, point
from tests.campaign.money_trials import Charge
from tests.campaign.play import AT_ONCE, LONGEST_RUN, MOST_RUNS, TWO_AT_ONCE, Player
from tests.campaign.till import RICH, Till, set_up, stranger
from tests.campaign.trials import KILLS, Pick
from tests.market.seller import whole_state
from tests.road.road import KILLED, ended

WORLDS = ("too_little", "code_expires")  # nothing of the market's own
OF_THE_SCAN = (
    "code_expires",
    "paid_in_app",
    "buyer_cancels",
    "supplier_cancels",
)  # what a person does instead of scanning, or before


@dataclass
class Money:
    """A list after it came to rest: the till, and what was asked about each order in the end."""

    till: Till
    asked: dict[str, list[str]] = field(default_factory=dict)
    strangers: dict[str, str] = field(default_factory=dict)  # by the order whose payment they were smuggled into
    runs: int = 0
    rested: bool = True
    broke: str = ""


def words_for(charges: Sequence[Charge]) -> tuple[str, ...]:
    """How the program is started for a list: no more of a run than it takes."""
    if all(one.write == "cancel" for one in charges):
        return ("run", "--once", "--only", "ship")
    return ("run", "--once") if any(one.takes_the_day for one in charges) else ("pay",)


class MoneyPlayer(Player):
    """Plays payments and cancellings; the program, its processes and their ends are as of any list."""

    money: Money

    def play_money(self, charges: Sequence[Charge]) -> Money:
        road = self.played.road
        self.charges = charges
        self.words = words_for(charges)
        self.money = Money(set_up(road, charges))
        self.waited: set[str] = set()  # orders whose code a person has not looked at yet
        self.killed = False  # the last run was
        self.seen: set[int] = set()  # codes that were scanned, or could not be
        try:
            for one in charges:
                for pick in one.picks:
                    self._set_fault(one, pick)
            self.money.rested = self._rest()
        except AssertionError as broken:
            self.money.broke, self.money.rested = str(broken), False
        self.money.asked = {each.number: self._reasons(each.number) for one in charges for each in one.orders}
        self.money.runs = self.played.runs
        return self.money

    def _reasons(self, number: str) -> list[str]:
        with suppress(FileNotFoundError):
            return [item.reason for item in self.played.road.inbox(number)]
        return []

    # ---- faults

    def _set_fault(self, one: Charge, pick: Pick) -> None:
        cell, faults = pick.cell, self.market.faults
        if cell.fault in WORLDS or (cell.step == "scan" and cell.fault in OF_THE_SCAN):
            if cell.fault == "too_little":
                faults.add(cell.fault, self._about(one, pick), cell.step)
                faults.fires(cell.fault, cell.step, self._about(one, pick))
            return
        value = pick.value
        if cell.fault == "extra_payment":
            value = self.money.strangers[one.order.number] = stranger(self.money.till, one.method)
        if value == IN_THE_NEXT_RUN:
            self.in_the_next.add(self._about(one, pick))
        call = partial(self._strikes, one, pick)
        about, where = self._about(one, pick), point(cell, one.method)
        faults.add(cell.fault, about, where, value=value, times=cell.times, call=call)

    def _about(self, one: Charge, pick: Pick) -> str:
        """The name by which a request is known to be about this order; "" where it says none."""
        if pick.cell.where == "shop":
            return one.order.number
        if pick.cell.fault == "list_lags" and one.method == "balance":
            return one.order.reference
        return self.money.till.numbers[one.order.number] if is_bound(pick.cell, one.method) else ""

    def _strikes(self, one: Charge, pick: Pick) -> None:
        till, fault = self.money.till, pick.cell.fault
        number = till.numbers[one.order.number]
        if fault in KILLS and self.going is not None:
            self.going.kill()
        elif fault == "kill_in_proof" and self.going is not None:
            where = "detail" if one.method == "balance" else "detail_data"
            self.market.faults.add("kill_before", "", where, call=self.going.kill)
        elif fault == "second_run":
            self.beside.append(self.played.road.begin(*self.words))
        elif fault == "buyer_cancels":
            self.market.shop.cancel(one.order.number)
        elif fault == "wanted_again":
            self.market.shop.close_refund(one.order.number)
        elif fault == "paid_in_app":
            till.money(one.method).pay(number)
        elif fault == "supplier_cancels":
            till.money(one.method).cancel(number)
        elif fault == "shipped_now":
            till.site(one.method).ship(number, "圆通", f"YT969308{int(number[-7:]):07d}")

    # ---- runs

    def _rest(self) -> bool:
        for _ in range(MOST_RUNS):
            before = self._money_state()
            self._run_money()
            changed = self._money_state() != before
            if not self._goes_on() and not changed:
                return True
        return False

    def _run_money(self) -> None:
        for held in self.market.faults.held:
            if not held.landed and held.order in self.in_the_next:
                for where in ("detail", "detail_data"):
                    self.market.faults.add("lands_now", point=where, call=held.land)
        self.going = self.played.road.begin(*self.words)
        end = ended(self.going, LONGEST_RUN)
        self.played.runs += 1
        self.killed = end.code == KILLED
        assert end.code in (0, 1, KILLED), end.words[-3000:]
        while self.beside:
            assert ended(self.beside.pop()).code == TWO_AT_ONCE, AT_ONCE

    def _money_state(self) -> tuple[str, str]:
        with self.played.road.ledger() as ledger:
            writes = [
                (one.reference, one.state, one.pay_state, one.supplier_state, one.paid_at is None, one.total)
                for one in ledger.purchases()
            ]
            paid = [(one.supplier_order_number, one.amount, one.method) for one in ledger.payments()]
            attempts = [(one.id, one.state) for one in ledger.open_attempts()]
            asked = sorted((item.order_number, item.reason) for item in ledger.items())
        to_come = sum(fault.times or 0 for fault in self.market.faults.standing)
        return whole_state(self.market), repr((writes, paid, attempts, asked, to_come))

    # ---- the world, and the person in it

    def _goes_on(self) -> bool:
        done = self._world_goes_on()
        for item in self.played.road.inbox():
            done |= self._answers(item)
        return self._pays_back() or done

    def _answers(self, item: InboxItem) -> bool:
        """What a person does about one item; whether there was anything to do."""
        if item.reason == "pay_by_code":
            return self.killed or self._at_the_code(item)  # nobody scans while the program lies dead
        if item.reason == "balance":
            self.money.till.market.mall.balance.top_up(RICH)
            return True
        if item.reason == "unwanted" and not item.answer and self._is_cancelled(item):
            assert self.played.road.agent("cancel", item.reference).code == 0
            return True
        return False

    def _is_cancelled(self, item: InboxItem) -> bool:
        return any(one.write == "cancel" and one.order.number == item.order_number for one in self.charges)

    def _at_the_code(self, item: InboxItem) -> bool:
        """A person scans a code that is shown; one that is not to be paid with any more runs out.

        Where the supplier cancels as it is looked at, they have opened its picture already, and scan it all the same.
        """
        told = re.fullmatch(r"pay_by_code:(\d+)(:off)?", item.cause)
        assert told
        attempt = int(told[1])
        with self.played.road.ledger() as ledger:
            numbers = [one["number"] for one in ledger.attempt(attempt).meant["payments"]]
        payments = self.market.m1688.payments
        known = self.money.till.numbers
        one = next(one for one in self.charges if any(known[order.number] in numbers for order in one.orders))
        if told[2] and not one.has("supplier_cancels", "code"):
            return self._once(attempt, lambda: payments.expire_code(numbers[0]))
        if self._instead(one, numbers[0]):
            return True
        return self._once(attempt, lambda: payments.scan(numbers[0]))

    def _once(self, attempt: int, do: object) -> bool:
        if attempt in self.seen:
            return False
        self.seen.add(attempt)
        with suppress(ValueError):  # it has run out, or is paid
            do()  # type: ignore[operator]
        return True

    def _instead(self, one: Charge, number: str) -> bool:
        """What a trial has somebody do before the code is looked at, once."""
        for pick in one.picks:
            fault = pick.cell.fault
            if pick.cell.step != "scan" or fault not in OF_THE_SCAN or one.order.number in self.waited:
                continue
            self.waited.add(one.order.number)
            self.market.faults.add(fault, number, "scan")
            self.market.faults.fires(fault, "scan", number)
            if fault in ("code_expires", "supplier_cancels"):
                self.market.m1688.payments.expire_code(number)
            if fault != "code_expires":
                self._strikes(one, pick)
            return True
        return False

    def _pays_back(self) -> bool:
        """What was cancelled comes back; whether anything did."""
        done = False
        for one in (one for one in self.charges if one.write == "cancel"):
            money, number = self.money.till.money(one.method), self.money.till.numbers[one.order.number]
            if any(each.number == number and each.done_at is None for each in money.refunds):
                money.refund(number, **({} if one.method == "balance" else {"done": True}))
                done = True
        return done
