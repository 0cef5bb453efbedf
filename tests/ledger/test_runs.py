"""Which run is the newest: a look at a site is none, whatever command it was for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agent.ledger import Ledger
from tests.ledger.goods import NOW

LOOKS = [
    "login shop-main",
    "map mall YW2001",
    "reconcile --days 7",
    "check mall-main",
    "check mall-main --guide",
    "step mall-main read_order",
    "payables compare mall",
]


@pytest.mark.parametrize("words", LOOKS)
def test_a_look_is_no_run(ledger: Ledger, words: str) -> None:
    look = ledger.begin_run(NOW, words)
    assert ledger.run() is None and ledger.run(look) is None


@pytest.mark.parametrize("words", ["run --once", "pay --supplier mall", "--home step run --once", "stepping", ""])
def test_what_does_the_days_work_is_one(ledger: Ledger, words: str) -> None:
    made = ledger.begin_run(NOW, words)
    for number, look in enumerate(LOOKS):
        ledger.begin_run(NOW + timedelta(minutes=number + 1), look)
    found = ledger.run()
    assert found and (found.number, found.words) == (made, words) and ledger.run(made) == found
    assert found.next_at == NOW + timedelta(minutes=1)
