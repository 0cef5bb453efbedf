"""Cancelling that the seller has to grant: the page shows a refund open that was none before, and its money is waited for."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from agent.errors import SiteUnavailable
from agent.ledger import InboxItem
from agent.models import Fen
from agent.work.owed_back import OwedBack, owed_back, remind_of_refunds, why_words
from agent.work.states import rows_of
from agent.work.watch import follow_refunds
from tests.ledger.goods import LATER, NOW, REFERENCE
from tests.work.cancelling import GONE, Given
from tests.work.cancelling import given as given_

given = given_  # a fixture


@pytest.fixture
def asked(given: Given) -> Given:
    """Paid, not wanted any more, and cancelled by the seller's rule at a supplier who then has to grant it."""
    given.rule.cancel = "refunded"
    given.supplier.after, given.supplier.refund_after, given.supplier.more = "placed", "open", {"refund": "none"}
    given.ledger.watched(REFERENCE, "placed", LATER)
    given.shows(GONE)
    return given


def owed(given: Given) -> list[OwedBack]:
    return owed_back(given.ledger)


def state(given: Given) -> str:
    return rows_of(given.ledger)[0].state


def told(given: Given) -> int:
    rows = given.ledger.db.execute("SELECT what FROM events").fetchall()
    return sum("is asked to cancel order 900100" in what for (what,) in rows)


def reminders(given: Given, at: datetime) -> list[InboxItem]:
    given.clock.at = at
    remind_of_refunds(given.run)
    return [item for item in given.ledger.items(open_only=False) if item.reason == "refunds_owed"]


def test_asked_for_it_is_not_unknown_and_never_clicked_again(asked: Given) -> None:
    asked.go()
    assert asked.reasons() == [] and asked.kept().state == "placed"
    (row,) = owed(asked)
    assert (row.why, row.amount, row.owed, row.since) == ("asked", 4_800, 4_800, asked.clock.at)
    assert why_words(row) == "cancelling asked for, not granted yet"
    assert state(asked) == "cancelling asked for at the supplier, the money is not back yet"
    asked.later()
    asked.say()
    asked.later()
    assert (asked.supplier.clicks, asked.reasons(), told(asked)) == (1, [], 1)
    assert owed(asked)[0].since == row.since


def test_its_money_is_reminded_of_as_any_that_is_owed(asked: Given) -> None:
    asked.go()
    since = owed(asked)[0].since
    counts = [len(reminders(asked, since + timedelta(days=days))) for days in (2, 3, 4, 7, 14, 20)]
    assert counts == [0, 1, 1, 2, 3, 3]
    assert "48.00" in asked.ledger.items()[-1].what


def test_granted_it_is_proven_cancelled_and_its_money_is_back(asked: Given) -> None:
    asked.go()
    asked.supplier.state = "cancelled"
    asked.supplier.more |= {"refund": "refunded", "refunded": 4_800}
    asked.later()
    follow_refunds(asked.run)
    assert (asked.write(), asked.kept().state, asked.kept().refund, asked.supplier.clicks) == (
        "confirmed",
        "dead",
        "refunded",
        1,
    )
    assert asked.ledger.cancels_asked() == {} and owed(asked) == [] and asked.reasons() == []


def test_granted_and_the_money_still_to_come_it_is_owed_as_of_any_cancelled_order(asked: Given) -> None:
    asked.go()
    asked.supplier.state = "cancelled"
    asked.later()
    assert [(row.why, row.owed) for row in owed(asked)] == [("cancelled", 4_800)]


@pytest.mark.parametrize(("before", "after"), [("open", "open"), (None, "open"), ("none", "none"), ("refused", "open")])
def test_what_the_page_does_not_prove_stays_unknown(asked: Given, before: str | None, after: str) -> None:
    asked.supplier.more = {} if before is None else {"refund": before}
    asked.supplier.refund_after = after
    asked.go()
    asked.later()
    assert (asked.write(), asked.reasons(), owed(asked), told(asked)) == ("unknown", ["cancel_unknown"], [], 0)


def test_a_refund_that_shows_late_ends_the_question(asked: Given) -> None:
    asked.supplier.refund_after = ""
    asked.go()
    assert asked.reasons() == ["cancel_unknown"]
    asked.supplier.more["refund"] = "open"
    asked.later()
    assert (asked.reasons(), len(owed(asked)), told(asked)) == ([], 1, 1)


def test_killed_at_the_click_the_next_run_reads_it(asked: Given) -> None:
    asked.supplier.dies = True
    with pytest.raises(KeyboardInterrupt):
        asked.go()
    asked.later()
    assert (asked.supplier.clicks, asked.reasons(), len(owed(asked))) == (1, [], 1)


def test_a_look_that_fails_changes_nothing_of_it(asked: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_told: object) -> None:
        raise SiteUnavailable("no answer")

    asked.go()
    with monkeypatch.context() as broken:
        broken.setattr(asked.supplier, "play", gone)
        asked.later()
    assert (asked.reasons(), len(owed(asked))) == ([], 1)


@pytest.mark.parametrize(("refund", "words"), [("refused", "the refund is refused"), ("none", "shows the order as before")])
def test_what_is_asked_for_no_more_is_a_persons_and_no_money_to_come(asked: Given, refund: str, words: str) -> None:
    asked.go()
    asked.supplier.more["refund"] = refund
    asked.later()
    (item,) = asked.ledger.items()
    assert item.reason == "cancel_unknown" and words in item.what
    assert owed(asked) == [] and state(asked) == "paid, waiting for the supplier to ship" and asked.supplier.clicks == 1


def test_sent_all_the_same_the_parcel_is_to_be_stopped(asked: Given) -> None:
    asked.go()
    asked.supplier.state = "shipped"
    asked.later()
    assert asked.write() == "held" and "intercept" in asked.reasons() and owed(asked) == []
    assert (
        "cancel_unknown" not in asked.reasons()
        and state(asked) != "cancelling asked for at the supplier, the money is not back yet"
    )


def test_of_what_is_not_repaid_yet_it_is_what_comes_off_the_bill(asked: Given) -> None:
    asked.ledger.db.execute("UPDATE purchases SET paid_at = NULL")
    asked.ledger.book_payable(REFERENCE, Fen(4_700), rule="45 days after order", ordered_at=NOW, due=None, at=NOW)
    asked.go()
    assert [(row.why, row.owed) for row in owed(asked)] == [("asked", 4_700)]


def test_the_look_after_the_click_waits_no_longer_than_for_the_refund(asked: Given) -> None:
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        asked.clock.at += timedelta(seconds=seconds)

    asked.clock.wait = wait
    asked.run.config.site_of("").limits.settle = 30  # type: ignore[misc]
    asked.go()
    assert waits == [] and asked.reasons() == []
