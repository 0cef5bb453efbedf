"""Random days: whatever happens in whatever order, no line has two live purchases and no write is clicked three times."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import get_args

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from agent.errors import AgentError
from agent.ledger import Ledger
from agent.ledger.journal import Because
from agent.models import CommitOutcome, Fen, WriteState
from tests.ledger.goods import ACCOUNT, FACTS, LATER, LINES, NOW, NUMBER, POST, SHOP, begin, order, purchase

lines = st.sampled_from([LINES, LINES[:1], LINES[1:]])
requests = st.sampled_from([(), (POST,), None])


class Days(RuleBasedStateMachine):
    """Every call may be refused; what counts is what the ledger holds after it."""

    attempts = Bundle("attempts")

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "ledger.db"
        self.ledger = Ledger.open(self.path)
        self.ledger.save_order(order(), NOW, detail=True)
        self.clicks: Counter[str] = Counter()

    @rule(counter=st.integers(1, 3), bought=lines)
    def plan(self, counter: int, bought: tuple[str, ...]) -> None:
        self.may_be_refused(lambda: self.ledger.plan([purchase(counter, reference=f"R{counter}", lines=bought)], NOW))

    @rule(target=attempts, counter=st.integers(1, 3))
    def attempt(self, counter: int) -> object:
        reference = f"R{counter}"
        if self.ledger.purchase(reference) is None:
            return multiple()
        write = self.ledger.intend(
            "submit", reference, shop=SHOP, order_number=NUMBER, reference=reference, account=ACCOUNT, at=NOW
        )
        try:
            return begin(self.ledger, write)
        except AgentError:
            return multiple()

    @rule(attempt=attempts)
    def click(self, attempt: int) -> None:
        reference = self.ledger.attempt(attempt).reference
        if self.may_be_refused(lambda: self.ledger.committing(attempt, FACTS, NOW)):
            self.clicks[reference] += 1

    @rule(attempt=attempts, left=requests)
    def tell(self, attempt: int, left: object) -> None:
        outcome = CommitOutcome("unclear", "", left, (), None)  # type: ignore[arg-type]
        self.may_be_refused(lambda: self.ledger.clicked(attempt, outcome))

    @rule(
        attempt=attempts,
        state=st.sampled_from(get_args(WriteState)),
        left=requests,
        because=st.sampled_from(get_args(Because)),
        zero=st.booleans(),
    )
    def settle(self, attempt: int, state: WriteState, left: object, because: Because, zero: bool) -> None:
        self.may_be_refused(
            lambda: self.ledger.settle(
                attempt,
                state,
                words="",
                requests=left,  # type: ignore[arg-type]
                pictures=(),
                at=LATER,
                because=because,
                zero=zero,
            )
        )

    @rule(counter=st.integers(1, 3), number=st.sampled_from(["900100", "900101"]))
    def place(self, counter: int, number: str) -> None:
        self.may_be_refused(lambda: self.ledger.placed(f"R{counter}", (number,) if number else (), Fen(2400), Fen(0), LATER))

    @rule(counter=st.integers(1, 3), word=st.sampled_from(["bury", "not placed", "number", "found"]))
    def person(self, counter: int, word: str) -> None:
        reference = f"R{counter}"
        says = {
            "bury": lambda: self.ledger.bury(reference, LATER),
            "not placed": lambda: self.ledger.buried_by_word(reference, LATER),
            "number": lambda: self.ledger.resolved(reference, ("900100",), None, None, LATER, on_my_word=True),
            "found": lambda: self.ledger.found_done(
                "submit", reference, shop=SHOP, order_number=NUMBER, reference=reference, account=ACCOUNT, at=LATER
            ),
        }
        if self.ledger.purchase(reference) is not None:
            self.may_be_refused(says[word])

    @rule()
    def crash(self) -> None:
        self.ledger.close()
        self.ledger = Ledger.open(self.path)

    def may_be_refused(self, call: object) -> bool:
        try:
            call()  # type: ignore[operator]
        except (AgentError, RuntimeError):
            return False
        return True

    @invariant()
    def no_line_has_two_live_purchases(self) -> None:
        live = Counter(line.line_number for p in self.ledger.purchase_of(SHOP, NUMBER) for line in p.lines)
        assert all(count == 1 for count in live.values()), live

    @invariant()
    def no_write_is_clicked_more_than_twice(self) -> None:
        assert all(count <= 2 for count in self.clicks.values()), self.clicks
        for reference, count in self.clicks.items():
            assert self.ledger.clicks(reference) == count

    @invariant()
    def a_write_has_one_open_attempt_and_agrees_with_it(self) -> None:
        open_ = self.ledger.open_attempts()
        assert len({a.reference for a in open_}) == len(open_)
        for attempt in open_:
            assert attempt.writes[0].state == attempt.state

    @invariant()
    def dead_and_live_are_told_apart(self) -> None:
        for bought in self.ledger.purchases():
            live = self.ledger.db.conn.execute("SELECT max(live) FROM purchase_lines WHERE reference = ?", [bought.reference])
            assert live.fetchone() == (int(bought.state != "dead"),)
            assert bought.state != "dead" or bought.write_state not in ("committing", "unknown", "held", "confirmed")
            assert bought.state == "dead" or bought.write_state != "refused"

    def teardown(self) -> None:
        self.ledger.close()
        self.folder.cleanup()


TestDays = Days.TestCase
TestDays.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
