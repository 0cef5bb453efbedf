"""The write state machine: every arrow that is allowed, every one that is not, and who may take it."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from agent.errors import LimitReached, Mismatch, OutcomeUnknown
from agent.ledger import Ledger
from agent.ledger.journal import ARROWS
from agent.models import CommitOutcome, WriteState
from tests.ledger.goods import (
    ACCOUNT,
    FACTS,
    LATER,
    NOW,
    NUMBER,
    POST,
    REFERENCE,
    SHOP,
    begin,
    clicked,
    intend,
    parcel,
    purchase,
    settle,
    write_state,
)

STATES: tuple[WriteState, ...] = get_args(WriteState)
ALLOWED = {
    ("committing", "confirmed"),
    ("committing", "held"),
    ("committing", "refused"),
    ("committing", "unknown"),
    ("committing", "intended"),
    ("unknown", "confirmed"),
    ("unknown", "held"),
    ("unknown", "refused"),
    ("unknown", "intended"),
    ("unknown", "unknown"),
    ("held", "confirmed"),
    ("held", "refused"),
}


def brought_to(ledger: Ledger, state: WriteState) -> int:
    """An attempt in this state, by arrows only."""
    if state == "intended":
        ledger.plan([purchase()], NOW)
        return begin(ledger, intend(ledger))
    attempt = clicked(ledger)
    if state != "committing":
        settle(ledger, attempt, state)
    return attempt


def outcome(end: str = "expected", requests: object = (POST,)) -> CommitOutcome:
    return CommitOutcome(end, "下单成功", requests, (), None, (Path("after.jpg"),))  # type: ignore[arg-type]


def test_the_arrows_are_as_drawn() -> None:
    drawn = {(before, after) for before in ARROWS for after in ARROWS[before]}
    assert drawn == ALLOWED | {("intended", "committing")}
    assert set(ARROWS) == set(STATES)


@pytest.mark.parametrize(("before", "after"), sorted(ALLOWED))
def test_an_allowed_arrow(ledger: Ledger, before: WriteState, after: WriteState) -> None:
    attempt = brought_to(ledger, before)
    settle(ledger, attempt, after)
    assert (write_state(ledger), ledger.attempt(attempt).state) == (after, after)
    assert ledger.attempt(attempt).settled_at == LATER


FORBIDDEN = sorted({(before, after) for before in STATES for after in STATES} - ALLOWED - {("intended", "intended")})


@pytest.mark.parametrize(("before", "after"), FORBIDDEN)
def test_a_forbidden_arrow(ledger: Ledger, before: WriteState, after: WriteState) -> None:
    attempt = brought_to(ledger, before)
    with pytest.raises(RuntimeError, match="cannot become"):
        settle(ledger, attempt, after)
    assert (write_state(ledger), ledger.attempt(attempt).state) == (before, before)


@pytest.mark.parametrize("state", sorted(set(STATES) - {"intended"}))
def test_a_click_needs_an_intended_attempt(ledger: Ledger, state: WriteState) -> None:
    attempt = brought_to(ledger, state)
    with pytest.raises(RuntimeError, match="cannot be committed"):
        ledger.committing(attempt, FACTS, LATER)


@pytest.mark.parametrize(
    ("state", "error"),
    [
        ("committing", OutcomeUnknown),
        ("unknown", OutcomeUnknown),
        ("confirmed", Mismatch),
        ("held", Mismatch),
        ("refused", Mismatch),
    ],
)
def test_only_an_intended_write_is_attempted_again(ledger: Ledger, state: WriteState, error: type[Exception]) -> None:
    brought_to(ledger, state)
    with pytest.raises(error):
        begin(ledger, intend(ledger))
    assert len(ledger.attempts_of(REFERENCE)) == 1


def test_an_attempt_that_never_came_to_its_click_is_over(ledger: Ledger) -> None:
    attempt = brought_to(ledger, "intended")
    settle(ledger, attempt, "intended")
    for again in ("intended", "confirmed"):
        with pytest.raises(RuntimeError):
            settle(ledger, attempt, again)  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="and over"):
        ledger.committing(attempt, FACTS, LATER)
    ledger.committing(begin(ledger, intend(ledger)), FACTS, LATER)


def test_a_new_attempt_closes_one_left_behind_by_a_dead_process(ledger: Ledger) -> None:
    left = brought_to(ledger, "intended")
    new = begin(ledger, intend(ledger))
    with pytest.raises(RuntimeError, match="and over"):
        ledger.committing(left, FACTS, LATER)
    ledger.committing(new, FACTS, LATER)
    assert ledger.clicks(REFERENCE) == 1


def test_never_a_third_click(ledger: Ledger) -> None:
    for _each in range(2):
        attempt = clicked(ledger)
        settle(ledger, attempt, "intended")
    with pytest.raises(LimitReached, match="2 times"):
        begin(ledger, intend(ledger))
    assert ledger.clicks(REFERENCE) == 2


class TestBackToIntended:
    """Zero is believed only where nothing can have been lost."""

    def test_not_when_a_request_left(self, ledger: Ledger) -> None:
        attempt = clicked(ledger)
        with pytest.raises(RuntimeError, match="nothing proves"):
            settle(ledger, attempt, "intended", (POST,))
        settle(ledger, attempt, "unknown", (POST,))
        with pytest.raises(RuntimeError, match="nothing proves"):
            settle(ledger, attempt, "intended", ())
        assert write_state(ledger) == "unknown"

    def test_not_when_the_requests_are_not_known(self, ledger: Ledger) -> None:
        attempt = clicked(ledger)
        with pytest.raises(RuntimeError, match="nothing proves"):
            settle(ledger, attempt, "intended", None)

    def test_not_by_another_process_than_the_one_that_clicked(self, ledger: Ledger, path: Path) -> None:
        attempt = clicked(ledger)
        with Ledger.open(path) as after_a_crash:
            for because in ("nothing_left", "stopped"):
                with pytest.raises(RuntimeError):
                    settle(after_a_crash, attempt, "intended", (), because=because)
            settle(after_a_crash, attempt, "unknown", ())
            assert not after_a_crash.attempt(attempt).requests_known
            with pytest.raises(RuntimeError, match="nothing proves"):
                settle(after_a_crash, attempt, "intended", ())

    def test_by_a_later_process_when_the_click_told_in_time(self, ledger: Ledger, path: Path) -> None:
        attempt = clicked(ledger)
        ledger.clicked(attempt, outcome("unclear", ()))
        with Ledger.open(path) as after_a_crash:
            settle(after_a_crash, attempt, "unknown")
            settle(after_a_crash, attempt, "intended")
            assert write_state(after_a_crash) == "intended"

    def test_when_our_listener_stopped_the_click(self, ledger: Ledger) -> None:
        attempt = clicked(ledger)
        settle(ledger, attempt, "intended", (POST,), because="stopped")
        assert write_state(ledger) == "intended"

    def test_not_as_stopped_once_it_is_unknown(self, ledger: Ledger) -> None:
        attempt = brought_to(ledger, "unknown")
        with pytest.raises(RuntimeError, match="was stopped"):
            settle(ledger, attempt, "intended", because="stopped")

    def test_where_the_site_refuses_a_repeated_reference(self, ledger: Ledger) -> None:
        attempt = clicked(ledger)
        settle(ledger, attempt, "unknown", (POST,))
        settle(ledger, attempt, "intended", because="repeat_refused")
        assert write_state(ledger) == "intended"

    @pytest.mark.parametrize("because", ["nothing_left", "repeat_refused"])
    def test_never_for_a_payment_that_is_unknown(self, ledger: Ledger, because: str) -> None:
        attempt = clicked(ledger, "pay", "mall-yiwu:900100:1")
        settle(ledger, attempt, "unknown")
        with pytest.raises(RuntimeError, match="payment"):
            settle(ledger, attempt, "intended", because=because)
        assert write_state(ledger, "pay", "mall-yiwu:900100:1") == "unknown"


def test_the_click_tells_before_the_proof(ledger: Ledger, path: Path) -> None:
    attempt = clicked(ledger)
    ledger.clicked(attempt, outcome("refused"))
    with Ledger.open(path) as after_a_crash:
        kept = after_a_crash.attempt(attempt)
    assert (kept.state, kept.end, kept.words, kept.requests, kept.requests_known) == (
        "committing",
        "refused",
        "下单成功",
        (POST,),
        True,
    )
    assert kept.pictures == (Path("after.jpg"),)


def test_what_nobody_could_tell_right_after_the_click_stays_unknown_to_every_later_look(ledger: Ledger) -> None:
    attempt = clicked(ledger)
    ledger.clicked(attempt, CommitOutcome("unclear", "", None, (), None))
    settle(ledger, attempt, "unknown", requests=None)
    assert ledger.attempt(attempt).told_requests is None
    settle(ledger, attempt, "unknown", requests=ledger.attempt(attempt).requests)
    assert not ledger.attempt(attempt).requests_known
    with pytest.raises(RuntimeError):
        settle(ledger, attempt, "intended", requests=())


def test_only_the_process_that_clicked_can_tell(ledger: Ledger, path: Path) -> None:
    attempt = clicked(ledger)
    with Ledger.open(path) as other, pytest.raises(RuntimeError, match="clicked here"):
        other.clicked(attempt, outcome())
    settle(ledger, attempt, "unknown")
    with pytest.raises(RuntimeError, match="clicked here"):
        ledger.clicked(attempt, outcome())


def test_the_first_count_of_zero_is_kept(ledger: Ledger) -> None:
    attempt = clicked(ledger)
    settle(ledger, attempt, "unknown")
    assert ledger.attempt(attempt).first_zero_at is None
    settle(ledger, attempt, "unknown", zero=True)
    ledger.settle(attempt, "refused", words="", requests=None, pictures=(), at=LATER.replace(hour=23), zero=True)
    assert ledger.attempt(attempt).first_zero_at == LATER


def test_what_an_attempt_keeps(ledger: Ledger) -> None:
    attempt = clicked(ledger)
    ledger.settle(attempt, "unknown", words="超时", requests=(POST,), pictures=[Path("a.jpg")], at=LATER)
    ledger.settle(attempt, "confirmed", words="找到", requests=None, pictures=[Path("a.jpg"), Path("b.jpg")], at=LATER)
    kept = ledger.attempt(attempt)
    assert kept.meant == {"total": 2400, "hidden": ["手机"]}
    assert kept.baseline == ("900001",)
    assert kept.flow_hash == FACTS.flow_hash
    assert (kept.requests, kept.words, kept.pictures) == ((POST,), "找到", (Path("a.jpg"), Path("b.jpg")))
    assert (kept.started_at, kept.committed_at, kept.settled_at) == (NOW, NOW, LATER)
    assert (kept.kind, kept.reference, kept.shop, kept.order_number) == ("submit", REFERENCE, SHOP, NUMBER)
    assert [a.id for a in ledger.attempts_of(REFERENCE)] == [attempt]


def test_nothing_of_the_buyer_stands_in_an_attempt(ledger: Ledger) -> None:
    attempt = clicked(ledger)
    row = ledger.db.conn.execute("SELECT * FROM attempts WHERE id = ?", [attempt]).fetchone()
    assert "张三" not in str(row)
    assert ledger.attempt(attempt).page_address == "https://mall.example/order/confirm"


def test_open_attempts_are_those_without_an_end(ledger: Ledger) -> None:
    attempt = clicked(ledger)
    assert [a.id for a in ledger.open_attempts()] == [attempt]
    settle(ledger, attempt, "unknown")
    assert [a.id for a in ledger.open_attempts(ACCOUNT)] == [attempt]
    assert ledger.open_attempts("another") == []
    settle(ledger, attempt, "held")
    assert ledger.open_attempts() == []


def test_the_same_write_is_intended_once(ledger: Ledger) -> None:
    ledger.plan([purchase()], NOW)
    assert intend(ledger) == intend(ledger)
    assert ledger.write("submit", "another") is None
    attempt = begin(ledger, intend(ledger))
    ledger.committing(attempt, FACTS, NOW)
    intend(ledger)
    assert write_state(ledger) == "committing"


def test_one_key_does_not_mean_two_writes(ledger: Ledger) -> None:
    ledger.plan([purchase()], NOW)
    intend(ledger)
    with pytest.raises(RuntimeError, match="another write"):
        ledger.intend("submit", REFERENCE, shop=SHOP, order_number=NUMBER, reference=REFERENCE, account="b", at=NOW)
    with pytest.raises(RuntimeError, match="by its reference"):
        intend(ledger, "submit", "free-key")


def test_a_submit_needs_a_purchase_that_waits(ledger: Ledger) -> None:
    ledger.plan([purchase()], NOW)
    write = intend(ledger)
    attempt = begin(ledger, write)
    ledger.bury(REFERENCE, NOW)
    with pytest.raises(RuntimeError, match="and over"):
        ledger.committing(attempt, FACTS, NOW)
    with pytest.raises(Mismatch, match="not waiting"):
        begin(ledger, write)


def test_one_attempt_may_serve_several_writes(ledger: Ledger) -> None:
    first, second = (intend(ledger, "pay", key, reference="") for key in ("a:1:1", "a:2:1"))
    attempt = begin(ledger, first, second)
    ledger.committing(attempt, FACTS, NOW)
    with pytest.raises(RuntimeError, match="each payment is by itself"):
        settle(ledger, attempt, "confirmed")
    for write in (first, second):
        ledger.write_proven(attempt, write)
    settle(ledger, attempt, "confirmed")
    assert {write_state(ledger, "pay", key) for key in ("a:1:1", "a:2:1")} == {"confirmed"}
    with pytest.raises(RuntimeError, match="at least one"):
        begin(ledger)


@pytest.mark.parametrize("number", [0, 99])
def test_what_is_not_there_is_said(ledger: Ledger, number: int) -> None:
    with pytest.raises(RuntimeError, match="no attempt"):
        ledger.attempt(number)
    with pytest.raises(RuntimeError, match="no write"):
        begin(ledger, number)


class TestFound:
    """Writes that end without a click of ours."""

    def test_a_write_found_done_is_never_made(self, ledger: Ledger) -> None:
        ledger.plan([purchase()], NOW)
        for _twice in range(2):
            self.found(ledger)
        assert write_state(ledger) == "confirmed"
        with pytest.raises(Mismatch, match="already"):
            begin(ledger, intend(ledger))

    @pytest.mark.parametrize("state", ["intended", "committing", "unknown", "held"])
    def test_finding_it_settles_what_was_open(self, ledger: Ledger, state: WriteState) -> None:
        attempt = brought_to(ledger, state)
        self.found(ledger)
        assert write_state(ledger) == "confirmed"
        assert ledger.open_attempts() == []
        assert ledger.attempt(attempt).state == ("intended" if state == "intended" else "confirmed")
        assert ledger.attempt(attempt).settled_at

    def test_a_refused_ship_stays_refused(self, ledger: Ledger) -> None:
        ledger.plan([purchase()], NOW)
        ledger.save_shipment(parcel(), {}, NOW)
        attempt = clicked(ledger, "ship", "x:1")
        settle(ledger, attempt, "refused")
        ledger.found_done("ship", "x:1", shop=SHOP, order_number=NUMBER, reference="", account=ACCOUNT, at=LATER)
        assert write_state(ledger, "ship", "x:1") == "refused"

    @pytest.mark.parametrize("end", ["refused", "given up"])
    def test_what_was_given_up_and_stands_there_is_said(self, ledger: Ledger, end: str) -> None:
        if end == "refused":
            settle(ledger, clicked(ledger), "refused")
        else:
            ledger.plan([purchase()], NOW)
            ledger.bury(REFERENCE, NOW)
        with pytest.raises(Mismatch, match="given up"):
            self.found(ledger)

    def found(self, ledger: Ledger) -> None:
        ledger.found_done("submit", REFERENCE, shop=SHOP, order_number=NUMBER, reference=REFERENCE, account=ACCOUNT, at=LATER)
