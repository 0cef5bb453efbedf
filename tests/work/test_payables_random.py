"""Random months: whatever is bought, received, cancelled and repaid in whatever order, what is owed is what was bought, less the rest."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from agent.errors import ConfigError
from agent.ledger import Ledger
from agent.work.credit import overdue
from agent.work.owed import due_on, numbered, owed, repaid
from agent.work.payables import due_of
from tests.work.owing import OnCredit
from tests.work.runs import Day

RULES = ("day 31 of next month", "30 days after month end", "30 days after receipt", "7 days after order")


class Months(RuleBasedStateMachine):
    """The truth is kept beside the ledger: of each purchase how much it costs, and how that ended."""

    bought = Bundle("bought")

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.given = OnCredit(Day(Ledger.open(Path(self.folder.name) / "ledger.db")))
        self.costs: dict[int, int] = {}
        self.ends: dict[int, str] = {}
        self.placed = self.changed = 0

    @rule(target=bought, total=st.integers(0, 9_000), terms=st.sampled_from(RULES))
    def buy(self, total: int, terms: str) -> object:
        n = len(self.costs) + 1
        self.given.terms(terms, 10**9)
        self.given.supplier.most_per_day = self.given.limits.most_money_per_day = 10**9
        if overdue(self.given.ledger, "yiwu", self.given.clock.at):
            return multiple()
        self.given.owe(n, total)
        self.costs[n] = total
        self.placed += total
        return n

    @rule(days=st.integers(0, 5))
    def time_goes_on(self, days: int) -> None:
        self.given.clock.at += timedelta(days=days)

    @rule(n=bought, total=st.integers(0, 9_000))
    def price_changes(self, n: int, total: int) -> None:
        if self.given.purchase(n).state == "dead":
            return
        self.given.looks(n, "placed", total)
        if n not in self.ends:
            self.changed += total - self.costs[n]
            self.costs[n] = total

    @rule(n=bought)
    def received(self, n: int) -> None:
        if self.given.purchase(n).state != "dead":
            self.given.looks(n, "completed", self.costs[n])
            assert n in self.ends or self.given.payable(n).due is not None

    @rule(n=consumes(bought))
    def cancelled(self, n: int) -> None:
        self.given.looks(n, "cancelled", self.costs[n])
        self.ends.setdefault(n, "cancelled")

    @rule(n=bought)
    def repaid_by_number(self, n: int) -> None:
        try:
            chosen = numbered(self.given.ledger, "yiwu", [f"9{n:05d}"])
        except ConfigError:
            assert n in self.ends
            return
        assert n not in self.ends
        repaid(self.given.ledger, chosen, how="bank", who="lin", at=self.given.clock.at)
        self.ends[n] = "repaid"

    @rule(n=bought)
    def repaid_by_day(self, n: int) -> None:
        day = self.given.payable(n).due
        if day is None:
            return
        meant = [m for m in self.costs if m not in self.ends and self.given.payable(m).due == day]
        try:
            repaid(self.given.ledger, due_on(self.given.ledger, "yiwu", day), how="bank", who="lin", at=self.given.clock.at)
        except ConfigError:
            assert not meant
        self.ends |= dict.fromkeys(meant, "repaid")

    @rule()
    def crash(self) -> None:
        path = self.given.ledger.path
        self.given.ledger.close()
        self.given.day.ledger = Ledger.open(path)
        self.given.run = self.given.begin()

    def total(self, end: str) -> int:
        return sum(self.costs[n] for n, ended in self.ends.items() if ended == end)

    @invariant()
    def what_is_owed_is_what_was_bought_less_the_rest(self) -> None:
        left = self.placed + self.changed - self.total("cancelled") - self.total("repaid")
        assert self.given.open_sum() == left
        assert self.given.ledger.used_credit("yiwu") == left
        assert sum(row.amount for row in owed(self.given.ledger, self.given.clock.at)) == left

    @invariant()
    def no_row_is_ever_gone(self) -> None:
        states = {"cancelled": "cancelled", "repaid": "paid", "": "open"}
        kept = self.given.ledger.payables()
        assert len(kept) == len(self.costs)
        assert {n: self.given.payable(n).state for n in self.costs} == {n: states[self.ends.get(n, "")] for n in self.costs}
        assert all(due_of(payable).expected == (payable.due is None) for payable in kept)

    def teardown(self) -> None:
        self.given.ledger.close()
        self.folder.cleanup()


TestMonths = Months.TestCase
TestMonths.settings = settings(
    max_examples=20,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
