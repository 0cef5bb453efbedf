"""A clock that went back is refused before anything is counted or clicked by it; one that went on is not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agent.errors import ClockBehind
from agent.ledger import Ledger
from agent.ledger.marks import MAY_LAG
from tests.ledger.goods import FACTS, NOW, REFERENCE, begin, intend, purchase, write_state

SECOND = timedelta(seconds=1)


def test_a_clock_may_go_on_as_far_as_it_likes_and_back_a_little(ledger: Ledger) -> None:
    for at in (NOW, NOW + timedelta(days=3), NOW + timedelta(days=3) - MAY_LAG):
        ledger.seen(at)
    assert ledger.time_mark("newest_at") == NOW + timedelta(days=3), "a small step back does not move the mark"


def test_a_clock_that_went_back_is_refused_with_both_times(ledger: Ledger) -> None:
    ledger.seen(NOW)
    with pytest.raises(ClockBehind, match=r"2026-11-22 17:49.*2026-11-22 18:00") as refused:
        ledger.seen(NOW - MAY_LAG - SECOND)
    assert refused.value.exit_code == 2 and "--clock-is-right" in refused.value.lines()[2]
    assert ledger.time_mark("newest_at") == NOW


def test_nothing_is_clicked_by_a_clock_that_went_back_under_the_run(ledger: Ledger) -> None:
    ledger.seen(NOW)
    ledger.plan([purchase()], NOW)
    attempt = begin(ledger, intend(ledger))
    with pytest.raises(ClockBehind):
        ledger.committing(attempt, FACTS, NOW - timedelta(hours=1))
    assert (write_state(ledger), ledger.clicks(REFERENCE)) == ("intended", 0)
    ledger.committing(attempt, FACTS, NOW + timedelta(hours=9))
    assert ledger.time_mark("newest_at") == NOW + timedelta(hours=9)
