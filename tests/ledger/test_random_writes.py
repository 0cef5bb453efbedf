"""Random writes: payments, numbers, marks and cancels in whatever order. None is made again unless that is provably harmless."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, get_args

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from agent.errors import AgentError
from agent.ledger import Ledger, StoredShipment
from agent.ledger.journal import Because
from agent.models import CommitOutcome, WriteState
from tests.ledger import made as calls
from tests.ledger.goods import ACCOUNT, FACTS, NOW, POST, SHOP
from tests.ledger.made import KEYS, NEW, OPEN, ORDERS, PARCELS, PLACED, THERE, How, Made, Requests, Truth, account_of, facts

ROAD = {("planned", "placed"), ("planned", "dead"), ("placed", "shipped"), ("placed", "dead"), ("shipped", "done")}

which, recent, yes = st.integers(1, 2), st.sampled_from([0, 0, 0, 1, 2, 3]), st.booleans()
several = st.sampled_from([[1], [1, 2], [2, 1], [2]])
methods = st.sampled_from(["balance", "credit", "auto_debit", "qr", "qr", "qr"])
requests: st.SearchStrategy[Requests] = st.sampled_from([(), (POST,), None])
hows = st.builds(How, st.sampled_from(get_args(WriteState)), requests, st.sampled_from(get_args(Because)), yes, yes)
steps = st.sampled_from("click tell settle settle back back let-back not-paid look-again ask prove prove show".split())
others = st.sampled_from(["found", "found", "book", "go on", "crash", "crash", *calls.WORDS])
begins = {"nth": st.integers(0, 1), "about": several, "method": methods, "by_hand": yes, "clicks": st.integers(0, 3)}
goings = {"back": recent, "step": steps, "how": hows, "by_hand": yes, "some": which}
besides = {"what": others, "nth": st.integers(0, 1), "n": which, "some": st.integers(1, 3)}


def move(name: str, told: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    return st.tuples(st.just(name), st.fixed_dictionaries(told))


class Writes(RuleBasedStateMachine):
    """Every call may be refused; one that is taken must be harmless by what really was done, and be known from then on."""

    @initialize(other=st.sampled_from(list(KEYS)))
    def open(self, other: str) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path, self.at = Path(self.folder.name) / "ledger.db", NOW
        self.ledger, self.truth, self.kinds = Ledger.open(self.path), Truth(), ("pay", other)
        self.entered: dict[str, StoredShipment] = {}
        self.states = {f"R{n}": "planned" for n in ORDERS}
        calls.put_up(self.ledger)

    def now(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at

    def is_taken(self, *all_of: Callable[[], object]) -> bool:
        """Whether the ledger takes all of these calls, which it does together or not at all."""
        try:
            with self.ledger.atomic():
                for call in all_of:
                    call()
        except (AgentError, RuntimeError):
            return False
        return True

    # One rule for all: of several hypothesis leaves out half in most examples, and then hardly a click is followed to its end.
    @rule(moved=st.one_of(move("begin", begins), *[move("goes_on", goings)] * 3, move("besides", besides)))
    def moves(self, moved: tuple[str, dict[str, Any]]) -> None:
        name, told = moved
        getattr(self, name)(**told)

    def begin(self, nth: int, about: list[int], method: str, by_hand: bool, clicks: int) -> None:
        kind = self.kinds[nth]
        made = Made(kind, tuple(about if kind in ("pay", "ship") else about[:1]), method if kind == "pay" else "")
        if kind == "change_number":  # the supplier gave the parcel another number after it was entered
            self.ledger.entered(SHOP, ORDERS[about[0]], 1, self.now())
            self.what_stands_in_the_shop_stays_as_it_is()
            self.ledger.number_changes(PARCELS[about[0]], "圆通速递", NEW)
        ids = [self.ledger.intend(kind, KEYS[kind](n), **facts(kind, n), at=self.now()) for n in made.about]
        self.truth.writes |= {(kind, n): self.truth.state(kind, n) for n in made.about}
        meant = {"method": method, "total": len(made.about)} if kind == "pay" else {}
        told = {"account": account_of(kind), "flow": kind, "baseline": (), "meant": meant, "at": self.at, "by_hand": by_hand}
        try:
            attempt = self.ledger.begin_attempt(ids, **told)  # type: ignore[arg-type]
        except AgentError:
            return
        self.truth.begun(attempt, made, by_hand=by_hand)
        if clicks:
            self.click(attempt, made, by_hand)
        if clicks > 1 and method == "qr":
            self.show(attempt, made)

    def goes_on(self, back: int, step: str, how: How, by_hand: bool, some: int) -> None:
        """With one of the newest attempts; those that are open come first."""
        attempts = sorted(self.truth.made, key=lambda one: (self.truth.made[one].state not in (*OPEN, "held"), -one))
        if not attempts:
            return
        attempt = attempts[back % len(attempts)]
        made = self.truth.made[attempt]
        does: dict[str, Callable[[], object]] = {
            "click": lambda: self.click(attempt, made, by_hand),
            "tell": lambda: self.tell(attempt, made, how.left),
            "settle": lambda: self.is_settled(attempt, how),
            "back": lambda: self.is_settled(attempt, How("intended", (), how.because)),
            "let-back": lambda: self.is_settled(attempt, How("intended", (), self.truth.why_back(made))),
            "not-paid": lambda: self.is_settled(attempt, How("intended", (), "word")),
            "look-again": lambda: self.look_again(attempt, made),
            "ask": lambda: self.is_settled(attempt, How("unknown", asked=True)),
            "prove": lambda: self.prove(attempt, made, some),
            "show": lambda: self.show(attempt, made),
        }
        does[step]()

    def click(self, attempt: int, made: Made, by_hand: bool) -> None:
        try:
            self.ledger.committing(attempt, FACTS, self.now(), by_hand=by_hand)
        except (AgentError, RuntimeError):
            return
        self.truth.clicked(made, self.at, by_hand=by_hand)

    def tell(self, attempt: int, made: Made, left: Requests) -> None:
        if self.is_taken(lambda: self.ledger.clicked(attempt, CommitOutcome("unclear", "", left, (), None))):
            assert made.here and made.state == "committing"
            made.learns(left)

    def is_settled(self, attempt: int, how: How, *first: Callable[[], object], paid: Sequence[int] = ()) -> bool:
        """Whether it was settled so, together with what comes first; that may prove some of its payments."""
        made, at = self.truth.made[attempt], self.now()
        how = how._replace(asked=how.asked and made.kind == "cancel" and how.state == "unknown")
        if not self.is_taken(*first, lambda: calls.settle(self.ledger, attempt, made, how, at)):
            return False
        self.truth.writes |= {("pay", n): "confirmed" for n in paid}
        self.truth.settled(made, how, at)
        return True

    def look_again(self, attempt: int, made: Made) -> None:
        """A later look that proves nothing knows no more of what left than was told before."""
        known, knew = self.ledger.attempt(attempt), (made.told, made.left)
        self.is_settled(attempt, How("unknown", known.requests if known.requests_known else None))
        made.told, made.left = knew

    def prove(self, attempt: int, made: Made, amount: int) -> None:
        """The site shows it done, of a payment one order or all that are left; it does so too where a person's word is taken."""
        left = [n for n in made.about if made.kind == "pay" and self.truth.state("pay", n) != "confirmed"]
        found = left[:amount]
        how = How("confirmed" if found == left else "unknown")
        each = [lambda n=n: calls.prove(self.ledger, attempt, n, amount, self.at) for n in found]
        if self.is_settled(attempt, how, *each, paid=found):
            self.truth.booked = {(PLACED[n], 1): amount for n in found} | self.truth.booked

    def show(self, attempt: int, made: Made) -> None:
        """A code is laid before a person, who may pay with it from then on."""
        may_be = made.method == "qr" and made.state == "committing"
        if self.is_settled(attempt, How("unknown"), lambda: self.ledger.code_shown(attempt, Path("code.png"), {})):
            assert may_be
            made.shown = True

    def besides(self, what: str, nth: int, n: int, some: int) -> None:
        if what == "found":
            self.found(self.kinds[nth], n)
        elif what == "book":
            new = calls.book(self.ledger, n, some, some - 1 or 1, None, self.now())
            assert new == ((PLACED[n], some - 1 or 1) not in self.truth.booked)
            self.truth.booked = {(PLACED[n], some - 1 or 1): some} | self.truth.booked
        elif what == "crash":
            self.ledger.close()
            self.ledger = Ledger.open(self.path)
            self.truth.crashed()
        elif what == "go on":
            account = account_of(self.kinds[nth])
            self.ledger.pause(account, "program", "", self.now())
            self.ledger.resume(account, self.at)
            self.truth.resumed[account] = self.at
        else:
            self.is_taken(lambda: calls.WORDS[what](self.ledger, n, self.now()))

    def found(self, kind: str, n: int) -> None:
        """The site shows it done: a parcel at any time, and else what no click is open for; nothing that is open together with others."""
        together = any(len(made.about) > 1 and (made.is_open or made.state == "held") for made in self.truth.of(kind, [n]))
        if together or kind == "change_number" or (kind != "ship" and self.truth.state(kind, n) not in ("intended", "refused")):
            return
        self.ledger.found_done(kind, KEYS[kind](n), **facts(kind, n), at=self.now())
        self.truth.found(kind, n)
        if kind == "ship":
            calls.put_down(self.ledger, kind, n, self.at)

    @invariant()
    def no_attempt_is_lost_or_changed(self) -> None:
        known = {one.id: one for n in ORDERS for one in self.ledger.attempts_of(f"R{n}")}
        assert known.keys() == self.truth.made.keys()
        for attempt, made in self.truth.made.items():
            one = known[attempt]
            assert (one.state, one.committed_at, one.first_zero_at) == (made.state, made.clicked_at, made.zero_at)
            assert not made.clicked_at or (one.requests_known, bool(one.requests)) == (made.told, made.told and made.left)

    @invariant()
    def each_write_is_as_it_was_left_and_what_nobody_knows_has_one_open_attempt(self) -> None:
        writes = {(kind, KEYS[kind](n)): state for (kind, n), state in self.truth.writes.items()}
        known = {key: self.ledger.write(*key) for key in writes}
        assert {key: write and write.state for key, write in known.items()} == writes
        open_ = [(one.state, write) for one in self.ledger.open_attempts() for write in one.writes]
        unknown = Counter((write.kind, write.key) for _state, write in open_ if write.state in OPEN)
        assert unknown == {key: 1 for key, state in writes.items() if state in OPEN}
        assert all(write.state == state or (write.kind, write.state) == ("pay", "confirmed") for state, write in open_)

    @invariant()
    def a_payment_is_booked_once_for_what_was_proven_first(self) -> None:
        booked = [((one.supplier_order_number, one.instalment), one.amount) for one in self.ledger.payments()]
        assert sorted(booked) == sorted(self.truth.booked.items())

    @invariant()
    def what_may_have_gone_out_is_counted(self) -> None:
        for account in (ACCOUNT, THERE):
            for some in ((), ("submit", "pay")):
                assert self.ledger.unknown_writes(account, *some) == self.truth.unknown(account, some or KEYS)
        assert self.ledger.sent_since(NOW) == self.truth.spent()
        assert self.ledger.cancels_asked().keys() == {f"R{one.about[0]}" for one in self.truth.made.values() if one.asked}

    @invariant()
    def what_stands_in_the_shop_stays_as_it_is(self) -> None:
        there = {kept.order_number: kept for kept in self.ledger.shipments(entered=True)}
        for n in (n for n, number in ORDERS.items() if number in self.entered):
            first, kept = self.entered[ORDERS[n]], there[ORDERS[n]]
            number = NEW if self.truth.state("change_number", n) == "confirmed" else first.tracking_number
            assert (kept.entered_at, kept.tracking_number, kept.lines) == (first.entered_at, number, first.lines)
        self.entered = there | self.entered

    @invariant()
    def a_purchase_goes_on_and_never_back(self) -> None:
        for bought in self.ledger.purchases():
            before = self.states[bought.reference]
            assert bought.state == before or (before, bought.state) in ROAD
            self.states[bought.reference] = bought.state

    def teardown(self) -> None:
        self.ledger.close()
        self.folder.cleanup()


TestWrites = Writes.TestCase
TestWrites.settings = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
