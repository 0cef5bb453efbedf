"""A till of which only the money counts: `took` is what it took. What the tests of paying are made of, with no browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.errors import PageLost, SiteUnavailable, Where
from agent.ledger import pay_key
from agent.models import CommitEnd, CommitFacts, CommitOutcome, Fen, Reading
from agent.sites.flow import ForEachLine
from agent.work.pay import pay_all
from agent.work.recover import apply_answers, recover
from agent.work.run import Run, always
from tests.ledger.goods import ACCOUNT, LATER, POST, SHOP
from tests.work.test_ship import A, B, Given, Shop, given  # noqa: F401  # a fixture

ONE, TWO = "90011", "90012"
PAYEE = "义乌小商品贸易商行"
EVERY = ("pay_by_balance", "pay_by_credit", "pay_by_qr", "pay_by_auto_debit", "read_balance", "read_statement", "read_payment")


@dataclass
class Till:
    """The supplier's side: what its pages show, and the money it took. `after` happens at the click, in place of the payment."""

    folder: Path
    clock: SimpleNamespace
    state: dict[str, str] = field(default_factory=lambda: {ONE: "unpaid", TWO: "unpaid"})
    total: dict[str, int] = field(default_factory=lambda: {ONE: 4_800, TWO: 4_800})
    asks: dict[str, int] = field(default_factory=dict)
    payee: str = PAYEE
    balance: int = 100_000
    lines: list[tuple[datetime, int, str]] = field(default_factory=list)
    took: list[tuple[str, str, int]] = field(default_factory=list)
    clicks: int = 0
    end: CommitEnd = "expected"
    after: Callable[[list[str]], None] | None = None
    code: dict[str, Any] = field(default_factory=dict)  # what the page of the code shows otherwise
    codes: int = 0
    bill: list[str] = field(default_factory=list)  # the orders that are owed, as its bill says
    payment_state: str = "waiting"
    fails: str = ""  # a flow that gets no answer
    loses: str = ""  # a flow, or "commit", of which one page gets no answer, and others do
    changed: dict[str, int] = field(default_factory=dict)
    lost_in_a_row = 0

    def counters(self) -> dict[str, int]:
        return {"pages": 0}

    def take(self, how: str, *numbers: str) -> None:
        for number in numbers:
            amount = self.asks.get(number, self.total[number])
            self.took.append((how, number, amount))
            self.state[number] = "placed"
            if how == "balance":
                self.balance -= amount
                self.lines.append((self.clock.now(), -amount, number))

    def play(self, flow: str, values: Mapping[str, Any]) -> Reading:
        if flow == self.fails:
            raise SiteUnavailable("no answer")
        if flow == self.loses:
            raise PageLost("no answer", where=Where(account=ACCOUNT))
        number = values.get("purchase_order.supplier_order_number", "")
        rows = [{"at": at, "amount": amount, "supplier_order_number": of} for at, amount, of in self.lines]
        shown: dict[str, Any] = {
            "read_balance": {"balance": self.balance},
            "read_statement": {"statement": tuple(rows)},
            "read_payment": {"payment_state": self.payment_state},
            "read_bill": {"bill": tuple({"supplier_order_number": of, "total": self.total[of]} for of in self.bill)},
        }.get(flow, {})
        if flow == "read_order":
            shown = {"supplier_order_number": number, "state": self.state[number], "total": self.total[number], "lines": ()}
        return Reading(shown, {}, {})

    def commit(self, flow: str, values: Mapping[str, Any], record: Callable[[CommitFacts], None]) -> CommitOutcome:
        if self.loses == "commit":
            raise PageLost("no answer", where=Where(account=ACCOUNT))
        numbers = [line["line.supplier_order_number"] for line in values["lines"]]
        amounts = [self.asks.get(number, self.total[number]) for number in numbers]
        rows = tuple({"supplier_order_number": n, "total": a} for n, a in zip(numbers, amounts, strict=True))
        record(CommitFacts("", "", {}, {"payee": self.payee, "total": sum(amounts), "payments": rows}))
        self.clicks += 1
        if flow == "pay_by_qr":
            return self._code(sum(amounts))
        if self.after:
            self.after(numbers)
        else:
            self.take(flow.removeprefix("pay_by_"), *numbers)
        return CommitOutcome(self.end, "余额被冻结" if self.end == "refused" else "", (POST,), (), None)

    def _code(self, total: int) -> CommitOutcome:
        self.codes += 1
        before, after, code = (self.folder / f"{self.codes}-{name}.png" for name in ("before", "after", "code"))
        for path in (before, after, code):
            path.write_bytes(b"\x89PNG")
        ends = self.clock.now() + timedelta(minutes=15)
        shown = {"payee": PAYEE, "total": total, "expires_at": ends, "code": str(code), **self.code}
        reading = Reading({word: value for word, value in shown.items() if value is not None}, {}, {})
        kept = reading if self.end == "expected" else None
        return CommitOutcome(self.end, "", (POST,), (), kept, (before, after))


class ShopDesk(Shop):
    lost_in_a_row = 0

    def counters(self) -> dict[str, int]:
        return {"pages": 0}


@dataclass
class Paying:
    given: Given
    till: Till
    supplier: SimpleNamespace
    clock: SimpleNamespace
    flows: dict[str, SimpleNamespace]

    @property
    def run(self) -> Run:
        return self.given.run

    def again(self) -> None:
        """A new run, an hour later."""
        self.clock.at += timedelta(hours=1)
        self.given.run = Run(
            self.given.ledger.begin_run(self.clock.at, ""),
            *(self.run.config, self.given.ledger, self.run.desks, self.run.clock, self.run.options, print, always),
        )

    def pay(self) -> None:
        pay_all(self.run)

    def next_run(self) -> None:
        self.again()
        apply_answers(self.run)
        recover(self.run)
        self.pay()

    def says(self, told: str, number: str = A) -> None:
        self.given.ledger.answer_purchase(SHOP, number, f"REF{number[-1]}", told, self.clock.at)

    def states(self) -> list[str]:
        return [purchase.pay_state for purchase in self.given.ledger.purchases()]

    def booked(self) -> list[tuple[str, str, int]]:
        return [(one.method, one.supplier_order_number, one.amount) for one in self.given.ledger.payments()]

    def asked(self) -> list[str]:
        return self.given.reasons()

    def said(self) -> str:
        return " ".join(f"{item.what} {item.todo}" for item in self.given.ledger.items())

    def only(self, *flows: str) -> None:
        for flow in set(self.flows) - {*flows}:
            del self.flows[flow]


@pytest.fixture
def paying(given: Given, tmp_path: Path) -> Iterator[Paying]:  # noqa: F811
    run = given.run
    clock = SimpleNamespace(at=LATER, wait=lambda _seconds: None)
    clock.now = lambda: clock.at
    run.clock = cast(Any, clock)
    till = Till(tmp_path, clock)
    shop = given.shop = ShopDesk(given.shop.lines)  # type: ignore[assignment]
    run.desks = cast(Any, {"shop-main": shop, ACCOUNT: till})
    step = ForEachLine((), 1)
    flows = {name: SimpleNamespace(steps=(step,) if name.startswith("pay_by") else (), line=1) for name in EVERY}
    supplier = SimpleNamespace(
        name="yiwu", account=ACCOUNT, autonomy="place_and_pay", pay=("balance",), pay_at=(), paid_to=PAYEE, credit=None,
        most_per_day=Fen(900_000), buy_again="never",
    )  # fmt: skip
    config = cast(Any, run.config)
    manners = SimpleNamespace(quiet=None, most_per_hour=None)
    shop_site = config.site_of("shop-main")
    shop_site.manners = manners
    site = SimpleNamespace(
        hosts={}, flows=flows, limits=SimpleNamespace(settle=0), lacks=(), guesses=lambda _flow: [], touches=lambda _flow: (),
        money_moves_at="pay", manners=manners, merges_orders=False,
    )  # fmt: skip
    config.site_of = lambda account: site if account == ACCOUNT else shop_site
    account = SimpleNamespace(hosts={}, limits=SimpleNamespace(settle=None), manners=None)
    config.accounts = {"shop-main": account, ACCOUNT: account}
    config.suppliers = {"yiwu": supplier}
    config.limits.most_money_per_day = Fen(900_000)
    run.progress = print
    yield Paying(given, till, supplier, clock, flows)


BOTH = [("balance", ONE, 4_800), ("balance", TWO, 4_800)]


def clicked_in_vain(paying: Paying, times: int) -> None:
    """The page of the cashier changed so often under the click on the first order alone: nothing was sent."""
    for _time in range(times):
        with paying.given.ledger.atomic():
            write = paying.given.ledger.intend(
                "pay", pay_key(ACCOUNT, ONE), shop=SHOP, order_number=A, reference="REF1", account=ACCOUNT, at=LATER
            )
            attempt = paying.given.ledger.begin_attempt([write], account=ACCOUNT, flow="", baseline=(), meant={}, at=LATER)
        paying.given.ledger.committing(attempt, CommitFacts("", "", {}), LATER)
        paying.given.ledger.settle(attempt, "intended", words="", requests=(), pictures=(), at=LATER, because="stopped")
