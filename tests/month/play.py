"""The month, day by day: orders come, the program works in the morning, a person sees to it, suppliers work in the evening."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from agent.models import SHANGHAI
from agent.work.bill import bills_daily
from agent.work.cancel import carry_out_said, follow_unwanted
from agent.work.closing import close_gone
from agent.work.credit import remind
from agent.work.due import day_of
from agent.work.owed_back import remind_of_refunds
from agent.work.pay import pay_all
from agent.work.read_orders import read_shop
from agent.work.recover import apply_answers, recover
from agent.work.run import Run, account_failures, order_failures
from agent.work.track import read_tracking
from agent.work.watch import follow_refunds
from tests.month.bench import Bench
from tests.month.person import Person
from tests.month.plan import Planned
from tests.month.standing import stand
from tests.month.world import World

BEGIN = datetime(2026, 11, 1, 8, 30, tzinfo=SHANGHAI)
AFTERWARDS = 3  # days after the last order: what is under way comes to rest, some money is still owed
NO_TELEPHONE = 4  # every so many days nobody scans
BY_DEBIT = 2 / 3  # of the month is over when the marketplace may debit


class Month:
    """One month at one bench; what it leaves behind is judged in judge.py."""

    def __init__(self, bench: Bench, plan: Sequence[Planned], days: int) -> None:
        self.bench, self.plan, self.days = bench, plan, days
        self.world, self.person = World(bench), Person(bench)

    def play(self, told: Callable[[str], None] = lambda _words: None) -> None:
        for day in range(self.days + AFTERWARDS):
            if day == int(self.days * BY_DEBIT):
                self.bench.enable_auto_debit()
            self._day(day)
            told(f"{self._at(day, 0):%m-%d}: {len(self.world.standing)} orders, {len(self.bench.ledger.payments())} paid")
        self._last_morning()

    def _at_noon(self, *, scans: bool) -> None:
        run = self.bench.begin()
        once_more(run)
        self.person.sees_to(run, scans=scans)
        self.bench.rest(run)

    def _last_morning(self) -> None:
        """What came in the last evening is seen."""
        self.bench.clock.put_on(self._at(self.days + AFTERWARDS, 90))
        run = self.bench.begin()
        whole_day(run, self.bench)
        self.person.sees_to(run, scans=False)
        self.person.closes_the_books(run)
        self.bench.rest(run)

    def _at(self, day: int, minutes: int) -> datetime:
        return BEGIN + timedelta(days=day, minutes=minutes)

    def _day(self, day: int) -> None:
        clock, scans = self.bench.clock, day % NO_TELEPHONE != 1
        clock.put_on(self._at(day, 0))
        self._orders_come(day)
        clock.put_on(self._at(day, 90))
        run = self.bench.begin()
        whole_day(run, self.bench)
        self.world.numbers_are_entered(run)
        self.person.sees_to(run, scans=scans)
        self.bench.rest(run)
        self._at_noon(scans=scans)  # codes that were scanned, and what waited for the balance
        if self.world.lands():
            self._at_noon(scans=scans)
        clock.put_on(self._at(day, 12 * 60))
        self.world.evening()

    def _orders_come(self, day: int) -> None:
        run = self.bench.begin()
        new = [stand(self.bench, run, one) for one in self.plan if one.day == day]
        self.world.standing += new
        self.bench.rest(run)
        for one in new:
            self.world.meets_unpaid(one)


def whole_day(run: Run, bench: Bench) -> None:
    """The parts of `agent.work.day.run_once` that are about money, in its order; nothing is bought, no number is entered."""
    apply_answers(run)
    recover(run)
    remind(run)
    with account_failures(run, bench.shop.account):
        read_shop(run, bench.shop)
    pay_all(run)
    follow_orders(run)
    carry_out_said(run)
    follow_unwanted(run)
    follow_refunds(run)
    remind_of_refunds(run)
    recover(run)
    bills_daily(run)
    close_gone(run)


def once_more(run: Run) -> None:
    """`agent pay`."""
    apply_answers(run)
    recover(run)
    pay_all(run)
    close_gone(run)


def follow_orders(run: Run) -> None:
    """The reading half of `agent.work.follow`: what the supplier's page of each purchase shows now, but of this morning's."""
    for purchase in run.ledger.purchases("placed"):
        order = run.ledger.order(purchase.shop, purchase.order_number)
        assert order is not None and purchase.placed_at is not None
        if day_of(purchase.placed_at) == day_of(run.now()):
            continue
        with order_failures(run, order, stays=lambda _error: False):
            read_tracking(run, purchase)
