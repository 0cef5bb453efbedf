"""Paying at a cashier of which only the money counts: `took` is what it took. Every bad thing that a cashier, a page or a kill can do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.config import Credit
from agent.errors import SiteUnavailable
from agent.models import CommitEnd, CommitFacts, CommitOutcome, DueRule, Fen, Reading
from agent.sites.flow import ForEachLine
from agent.work.pay import pay_all
from agent.work.recover import apply_answers, recover
from agent.work.run import Run, always
from agent.work.watch import watch
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
    payment_state: str = "waiting"
    fails: str = ""  # a flow that gets no answer
    changed_in_a_row = lost_in_a_row = 0

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
        number = values.get("purchase_order.supplier_order_number", "")
        rows = [{"at": at, "amount": amount, "supplier_order_number": of} for at, amount, of in self.lines]
        shown: dict[str, Any] = {
            "read_balance": {"balance": self.balance},
            "read_statement": {"statement": tuple(rows)},
            "read_payment": {"payment_state": self.payment_state},
        }.get(flow, {})
        if flow == "read_order":
            shown = {"supplier_order_number": number, "state": self.state[number], "total": self.total[number], "lines": ()}
        return Reading(shown, {}, {})

    def commit(self, flow: str, values: Mapping[str, Any], record: Callable[[CommitFacts], None]) -> CommitOutcome:
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


def test_what_is_unpaid_is_paid_as_one_and_proven_singly(paying: Paying) -> None:
    paying.pay()
    assert (paying.till.took, paying.till.clicks, paying.booked()) == (BOTH, 1, BOTH)
    assert paying.states() == ["confirmed"] * 2 and paying.asked() == []
    assert all(purchase.paid_at for purchase in paying.given.ledger.purchases())
    assert {one.proof for one in paying.given.ledger.payments()} == {"order and statement"}
    paying.next_run()
    assert paying.till.clicks == 1


def test_a_cashier_that_takes_one_at_a_time_is_clicked_for_each(paying: Paying) -> None:
    paying.flows["pay_by_balance"].steps = ()
    paying.pay()
    assert (paying.till.took, paying.till.clicks) == (BOTH, 2)


@pytest.mark.parametrize("gone", ["read_statement", "read_balance"])
def test_a_site_without_statement_or_balance_is_paid_by_its_orders_alone(paying: Paying, gone: str) -> None:
    del paying.flows[gone]
    paying.pay()
    assert paying.booked() == BOTH


# not clicked


def bad(paying: Paying, what: str) -> None:
    """Something for which nothing may be clicked."""
    till, shop = paying.till, paying.given.shop
    match what:
        case "one fen dearer at the cashier":
            till.asks |= {ONE: 4_801, TWO: 4_801}
        case "one fen dearer by the order":
            till.total |= {ONE: 4_801, TWO: 4_801}
        case "cheaper at the cashier alone":
            till.asks |= {ONE: 4_700, TWO: 4_700}
        case "another payee":
            till.payee = "义乌小商品贸易"
        case "paid already by the statement":
            till.lines = [(LATER, -4_800, ONE), (LATER, -4_800, TWO)]
        case "the buyer cancelled":
            shop.state |= {A: "cancelled", B: "cancelled"}
        case "the shop gives no answer":
            cast(Any, shop).play = lambda _flow, _values: (_ for _ in ()).throw(SiteUnavailable("no answer"))
        case "the account is paused":
            paying.given.ledger.pause(ACCOUNT, "person", "", LATER)
        case "the day's limit":
            paying.supplier.most_per_day = Fen(4_799)
        case "no balance":
            till.balance = 4_799
        case "nothing proves what it costs":
            paying.given.ledger.db.execute("UPDATE purchases SET total = NULL")
        case "not proven":
            paying.given.ledger.db.execute("UPDATE writes SET state = 'unknown' WHERE kind = 'submit'")
        case "autonomy":
            paying.supplier.autonomy = "place"
        case "a trial":
            cast(Any, paying.run).options = SimpleNamespace(dry_run=True, attended=False, supplier="", order="")
        case "another supplier is asked for":
            cast(Any, paying.run).options = SimpleNamespace(dry_run=False, attended=False, supplier="other", order="")
        case "the site has no such flow":
            paying.only("read_balance")
        case "no pay in the config":
            paying.supplier.pay = ()


BADS = {
    "one fen dearer at the cashier": ["pay_differs", "pay_differs"],
    "one fen dearer by the order": ["pay_differs", "pay_differs"],
    "cheaper at the cashier alone": ["pay_differs", "pay_differs"],
    "another payee": ["pay_differs", "pay_differs"],
    "paid already by the statement": ["pay_differs", "pay_differs"],
    "the buyer cancelled": ["changed", "changed"],
    "the shop gives no answer": [],
    "the account is paused": [],
    "the day's limit": ["pay_limit"],
    "no balance": ["balance"],
    "nothing proves what it costs": ["pay_differs", "pay_differs"],
    "not proven": [],
    "autonomy": [],
    "a trial": [],
    "another supplier is asked for": [],
    "the site has no such flow": [],
    "no pay in the config": [],
}


def test_one_that_is_dearer_does_not_keep_the_other_from_being_paid(paying: Paying) -> None:
    paying.till.asks[ONE] = 4_801
    paying.pay()
    assert paying.till.took == BOTH[1:] and paying.asked() == ["pay_differs"]
    assert "48.01" in paying.said() and ONE in paying.said()


@pytest.mark.parametrize("what", BADS)
def test_nothing_is_clicked(paying: Paying, what: str) -> None:
    bad(paying, what)
    paying.pay()
    assert (paying.till.clicks, paying.till.took, paying.booked()) == (0, [], [])
    assert paying.asked() == BADS[what]


def test_what_took_too_long_to_look_at_is_not_clicked(paying: Paying) -> None:
    read = paying.till.play

    def slow(flow: str, values: Mapping[str, Any]) -> Reading:
        paying.clock.at += timedelta(seconds=61 if flow == "read_statement" else 0)
        return read(flow, values)

    paying.till.play = slow  # type: ignore[method-assign]
    paying.pay()
    assert paying.till.clicks == 0


def test_a_stop_made_while_it_is_looked_at_holds(paying: Paying) -> None:
    commit = paying.till.commit

    def stopped(flow: str, values: Mapping[str, Any], record: Callable[[CommitFacts], None]) -> CommitOutcome:
        paying.given.ledger.pause(ACCOUNT, "person", "", LATER)
        return commit(flow, values, record)

    paying.till.commit = stopped  # type: ignore[method-assign]
    paying.pay()
    assert paying.till.clicks == 0


def test_cheaper_by_order_and_cashier_is_paid_and_booked_as_that(paying: Paying) -> None:
    paying.till.total[ONE] = 4_500
    paying.pay()
    assert paying.booked() == [("balance", ONE, 4_500), ("balance", TWO, 4_800)]
    assert [purchase.total for purchase in paying.given.ledger.purchases()] == [4_500, 4_800]
    assert any("45.00" in event.what for event in paying.given.ledger.story(SHOP, A))


def test_a_price_changed_between_order_and_cashier_is_looked_at_once_more(paying: Paying) -> None:
    read, looks = paying.till.play, []

    def later(flow: str, values: Mapping[str, Any]) -> Reading:
        number = values.get("purchase_order.supplier_order_number")
        looks.append(number)
        if flow == "read_order" and number == ONE and looks.count(ONE) == 1:
            paying.till.total[ONE], shown = 4_800, read(flow, values)
            paying.till.total[ONE] = 4_500
            return shown
        return read(flow, values)

    paying.till.play = later  # type: ignore[method-assign]
    paying.pay()
    assert paying.till.took == [("balance", ONE, 4_500), ("balance", TWO, 4_800)] and paying.till.clicks == 1


@pytest.mark.parametrize(
    ("balance", "took", "short"), [(4_800, [BOTH[0]], "48.00"), (9_599, [BOTH[0]], "48.00"), (0, [], "96.00")]
)
def test_what_the_balance_has_room_for_is_paid(paying: Paying, balance: int, took: list[Any], short: str) -> None:
    paying.till.balance = balance
    paying.pay()
    assert paying.till.took == took and paying.asked() == ["balance"]
    missing = 9_600 - balance
    assert f"{missing // 100}.{missing % 100:02d}" in paying.said()
    paying.till.balance = 50_000
    paying.next_run()
    assert sorted(paying.till.took) == BOTH and paying.asked() == []


def test_the_days_limit_counts_what_went_out_and_goes_on_after_midnight(paying: Paying) -> None:
    paying.supplier.most_per_day = Fen(4_800)
    paying.pay()
    assert paying.till.took == BOTH[:1] and paying.asked() == ["pay_limit"]
    paying.next_run()
    assert paying.till.took == BOTH[:1]
    paying.clock.at += timedelta(days=1)
    paying.next_run()
    assert paying.till.took == BOTH and paying.asked() == []


# what became of a click


def test_the_money_taken_twice_is_held_and_never_paid_again(paying: Paying) -> None:
    paying.till.after = lambda _numbers: paying.till.take("balance", ONE, ONE, TWO)
    paying.pay()
    assert paying.states() == ["held", "confirmed"] and paying.booked() == BOTH[1:]
    assert paying.asked() == ["pay_held"]
    paying.next_run()
    assert paying.till.clicks == 1


def test_a_payment_that_lands_later_is_found_and_not_made_again(paying: Paying) -> None:
    paying.till.after = lambda _numbers: None
    paying.pay()
    assert paying.states() == ["unknown"] * 2 and paying.asked() == ["pay_unknown"]
    for _run in range(3):
        paying.next_run()
    assert paying.till.clicks == 1 and paying.states() == ["unknown"] * 2
    paying.till.take("balance", ONE)
    paying.next_run()
    assert paying.states() == ["confirmed", "unknown"] and paying.booked() == BOTH[:1], "each is proven by itself, at once"
    paying.till.take("balance", TWO)
    paying.next_run()
    assert paying.booked() == BOTH and paying.asked() == [] and paying.till.clicks == 1


def test_killed_right_after_the_click_it_is_found_paid(paying: Paying) -> None:
    def dies(numbers: list[str]) -> None:
        paying.till.take("balance", *numbers)
        raise KeyboardInterrupt

    paying.till.after = dies
    with pytest.raises(KeyboardInterrupt):
        paying.pay()
    assert paying.states() == ["committing"] * 2
    paying.next_run()
    assert paying.booked() == BOTH and paying.till.clicks == 1


def test_killed_before_anything_was_taken_it_stays_unknown(paying: Paying) -> None:
    def dies(_numbers: list[str]) -> None:
        raise KeyboardInterrupt

    paying.till.after = dies
    with pytest.raises(KeyboardInterrupt):
        paying.pay()
    for _run in range(2):
        paying.next_run()
    assert paying.till.clicks == 1 and paying.states() == ["unknown"] * 2 and "pay_unknown" in paying.asked()


def test_refused_in_the_sites_words_twice_it_is_left_to_a_person(paying: Paying) -> None:
    paying.till.end, paying.till.after = "refused", lambda _numbers: None
    paying.pay()
    assert paying.states() == ["unknown"] * 2
    paying.next_run()
    assert paying.states() == ["refused"] * 2 and paying.till.clicks == 1
    assert "余额被冻结" in paying.said() and paying.asked() == ["pay_refused"]
    paying.next_run()
    assert paying.till.clicks == 1


def test_the_look_that_fails_leaves_it_unknown(paying: Paying) -> None:
    def gone(numbers: list[str]) -> None:
        paying.till.take("balance", *numbers)
        paying.till.fails = "read_order"

    paying.till.after = gone
    paying.pay()
    assert paying.states() == ["unknown"] * 2
    paying.till.fails = ""
    paying.next_run()
    assert paying.booked() == BOTH


# a code


def by_code(paying: Paying) -> None:
    paying.supplier.pay = ("qr",)


def test_a_code_is_laid_before_a_person_and_found_paid(paying: Paying) -> None:
    by_code(paying)
    paying.supplier.autonomy = "place"
    paying.pay()
    (item,) = paying.given.ledger.items()
    assert item.reason == "pay_by_code" and item.evidence and item.evidence.name == "1-code.png"
    assert all(words in item.what for words in ("96.00", PAYEE, ONE, TWO))
    paying.next_run()
    assert paying.till.codes == 1 and paying.asked() == ["pay_by_code"]
    paying.till.take("scan", ONE, TWO)
    paying.next_run()
    assert paying.booked() == [("qr", ONE, 4_800), ("qr", TWO, 4_800)] and paying.asked() == []


def test_a_code_whose_half_is_paid_stays_open_whatever_its_page_says(paying: Paying) -> None:
    by_code(paying)
    paying.pay()
    paying.till.take("scan", ONE)
    paying.till.payment_state = "expired"
    paying.next_run()
    assert paying.states() == ["confirmed", "unknown"] and paying.till.codes == 1


def test_a_code_that_expired_is_taken_back_and_a_new_one_made(paying: Paying) -> None:
    by_code(paying)
    paying.pay()
    paying.till.payment_state = "expired"
    for count in (2, 3, 4):
        paying.next_run()
        assert paying.till.codes == count and paying.asked() == ["pay_by_code"]
    assert paying.booked() == []


@pytest.mark.parametrize("state", ["waiting", "paid", "none"])
def test_only_the_cashiers_own_word_ends_a_code(paying: Paying, state: str) -> None:
    by_code(paying)
    paying.pay()
    paying.till.payment_state = state
    paying.clock.at += timedelta(days=1)
    paying.next_run()
    assert paying.till.codes == 1 and paying.states() == ["unknown"] * 2


def test_paid_at_the_last_moment_before_it_expired_it_is_found_paid(paying: Paying) -> None:
    by_code(paying)
    paying.pay()
    paying.till.payment_state = "expired"
    paying.till.take("scan", ONE, TWO)
    paying.next_run()
    assert len(paying.booked()) == 2 and paying.till.codes == 1


def test_while_a_buyer_does_not_want_it_any_more_nobody_is_asked_to_scan(paying: Paying) -> None:
    by_code(paying)
    paying.pay()
    order = paying.given.ledger.order(SHOP, A)
    assert order
    paying.given.ledger.db.execute("UPDATE orders SET state = 'cancelled' WHERE order_number = ?", [A])
    paying.again()
    recover(paying.run)
    (item,) = paying.given.ledger.items()
    assert item.reason == "pay_by_code" and item.evidence is None and A in item.what and "Do not pay" in item.what
    paying.given.ledger.db.execute("UPDATE orders SET state = 'to_ship' WHERE order_number = ?", [A])
    paying.again()
    recover(paying.run)
    (item,) = paying.given.ledger.items()
    assert item.evidence and "Scan" in item.what
    paying.till.take("scan", ONE, TWO)
    paying.again()
    recover(paying.run)
    assert paying.asked() == []


BAD_CODES = [{"payee": "某某商行"}, {"payee": None}, {"total": 9_601}, {"total": 9_599}, {"total": None}, {"code": None}]


@pytest.mark.parametrize("code", BAD_CODES, ids=str)
def test_a_code_that_is_not_as_meant_is_shown_to_nobody(paying: Paying, code: dict[str, Any]) -> None:
    by_code(paying)
    paying.till.code = code
    paying.pay()
    assert paying.states() == ["intended"] * 2 and paying.asked() == ["pay_differs"]
    assert sorted(path.name for path in paying.till.folder.glob("*.png")) in (["1-before.png"], ["1-before.png", "1-code.png"])
    assert (paying.till.folder / "1-code.png").exists() is (code == {"code": None})
    paying.till.code = {}
    paying.next_run()
    assert "pay_by_code" in paying.asked() and paying.till.codes == 2


def test_a_code_that_never_appears_is_told_and_tried_again(paying: Paying) -> None:
    by_code(paying)
    paying.till.end = "unclear"
    paying.pay()
    assert paying.states() == ["intended"] * 2 and paying.asked() == ["pay_differs"]


def test_killed_before_a_code_was_shown_nobody_can_have_paid(paying: Paying) -> None:
    by_code(paying)
    show = paying.given.ledger.code_shown
    paying.given.ledger.code_shown = lambda *_told: (_ for _ in ()).throw(KeyboardInterrupt)  # type: ignore[method-assign,assignment]
    with pytest.raises(KeyboardInterrupt):
        paying.pay()
    assert paying.states() == ["committing"] * 2 and paying.asked() == []
    paying.given.ledger.code_shown = show  # type: ignore[method-assign]
    paying.next_run()
    assert paying.till.codes == 2 and paying.asked() == ["pay_by_code"]


# a person


def test_a_person_says_paid_and_the_site_has_to_agree(paying: Paying) -> None:
    paying.only("pay_by_balance")
    paying.till.after = lambda _numbers: None
    paying.pay()
    paying.says("resolve paid")
    paying.next_run()
    assert paying.states() == ["unknown"] * 2 and "answer_differs" in paying.asked()
    paying.till.take("balance", ONE, TWO)
    paying.says("resolve paid")
    paying.again()
    apply_answers(paying.run)
    assert paying.booked() == BOTH


def test_not_paid_is_taken_on_a_word_only_and_never_against_the_site(paying: Paying) -> None:
    paying.till.after = lambda _numbers: None
    paying.pay()
    paying.says("resolve not-paid")
    paying.next_run()
    assert paying.states() == ["unknown"] * 2
    paying.till.after = None
    paying.says("resolve! not-paid")
    paying.next_run()
    assert paying.booked() == BOTH and paying.till.clicks == 2
    paying.says("resolve! not-paid")
    paying.next_run()
    assert paying.states() == ["confirmed"] * 2 and paying.till.clicks == 2


def test_what_a_person_paid_elsewhere_is_booked_and_never_paid(paying: Paying) -> None:
    paying.till.state[ONE] = "placed"
    paying.pay()
    assert paying.booked() == [("outside", ONE, 4_800), ("balance", TWO, 4_800)] and paying.till.took == BOTH[1:]
    paying.next_run()
    assert paying.till.clicks == 1


def test_outside_clicks_nothing_and_books_what_it_sees(paying: Paying) -> None:
    paying.supplier.pay = ("outside", "balance")
    paying.pay()
    assert paying.till.clicks == 0
    purchase = paying.given.ledger.purchase("REF1")
    assert purchase
    paying.till.state[ONE] = "shipped"
    watch(paying.run, purchase, [paying.till.play("read_order", {"purchase_order.supplier_order_number": ONE})])
    assert paying.booked() == [("outside", ONE, 4_800)]


# credit, rungs, rounds


def on_credit(paying: Paying, limit: int = 100_000) -> None:
    rule = DueRule.of("30 days after order")
    assert rule
    paying.supplier.credit, paying.supplier.pay = Credit(limit=Fen(limit), due=rule), ("credit",)


def test_what_is_paid_on_credit_is_owed_once(paying: Paying) -> None:
    on_credit(paying)
    paying.pay()
    assert paying.booked() == [("credit", ONE, 4_800), ("credit", TWO, 4_800)]
    assert [owed.amount for owed in paying.given.ledger.payables("open")] == [4_800, 4_800]
    paying.next_run()
    assert paying.till.clicks == 1


@pytest.mark.parametrize("what", ["over the limit", "overdue"])
def test_credit_that_is_used_up_or_overdue_pays_nothing(paying: Paying, what: str) -> None:
    on_credit(paying, 9_599 if what == "over the limit" else 100_000)
    if what == "overdue":
        late = {"rule": "30 days after order", "ordered_at": LATER, "at": LATER}
        paying.given.ledger.book_payable("REF1", Fen(4_800), due=date(2026, 11, 1), **late)  # type: ignore[arg-type]
    paying.pay()
    assert paying.till.clicks == 0 and paying.asked() == ["credit_limit" if what == "over the limit" else "overdue"]


def test_owed_on_terms_it_is_not_paid_before_its_day(paying: Paying) -> None:
    late = {"rule": "30 days after order", "ordered_at": LATER, "at": LATER}
    paying.given.ledger.book_payable("REF1", Fen(4_800), due=date(2026, 12, 30), **late)  # type: ignore[arg-type]
    paying.pay()
    assert paying.till.took == BOTH[1:]


def test_a_payment_of_unknown_end_lowers_the_rung_and_a_code_does_not(paying: Paying) -> None:
    paying.till.state[TWO] = "placed"
    paying.till.after = lambda _numbers: None
    paying.pay()
    paying.again()
    assert paying.run.rung("yiwu").may == "place"


def test_a_waiting_code_lowers_nothing(paying: Paying) -> None:
    by_code(paying)
    paying.pay()
    paying.again()
    assert paying.run.rung("yiwu").may == "place_and_pay"


def test_rounds_are_made_once_after_each_time(paying: Paying) -> None:
    paying.supplier.pay_at = ((LATER + timedelta(minutes=30)).timetz().replace(tzinfo=None),)
    paying.pay()
    assert paying.till.clicks == 0
    paying.again()
    paying.pay()
    assert paying.till.took == BOTH
    paying.till.state[ONE] = "unpaid"
    paying.again()
    paying.pay()
    assert paying.till.clicks == 1
