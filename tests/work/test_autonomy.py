"""How far the program goes by itself: every rung, lowered and not."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.ledger import Ledger
from agent.work.autonomy import LADDER, rung
from agent.work.run import Options, Run, always
from tests.work.runs import Day

# allowed, money_moves_at, an unknown outcome → where the supplier stands
STANDS = {
    ("show", "month_end", False): "show",
    ("fill", "month_end", False): "fill",
    ("place", "month_end", False): "place",
    ("place_and_pay", "month_end", False): "place_and_pay",
    ("show", "month_end", True): "show",
    ("fill", "month_end", True): "show",
    ("place", "month_end", True): "fill",
    ("place_and_pay", "month_end", True): "place",
    ("show", "submit", False): "show",
    ("fill", "submit", False): "fill",
    ("place", "submit", False): "fill",
    ("place_and_pay", "submit", False): "place_and_pay",
    ("show", "submit", True): "show",
    ("fill", "submit", True): "show",
    ("place", "submit", True): "fill",
    ("place_and_pay", "submit", True): "fill",
}
SENDS = {"show": "at_once", "fill": "after_a_yes", "place": "at_once", "place_and_pay": "at_once"}


@pytest.mark.parametrize(("allowed", "moves", "unknown"), STANDS, ids=str)
def test_where_a_supplier_stands(allowed: Any, moves: Any, unknown: bool) -> None:
    """A trial never sends, and where a person watches the yes is given there; neither changes what is asked first."""
    may = STANDS[allowed, moves, unknown]
    stands = rung(allowed, moves, unknown=unknown, dry_run=False, attended=False)
    assert (stands.may, stands.sends, stands.asks_first) == (may, SENDS[may], may == "show")
    assert bool(stands.why) == (may != allowed)
    assert rung(allowed, moves, unknown=unknown, dry_run=True, attended=True).sends == "never"
    assert rung(allowed, moves, unknown=unknown, dry_run=False, attended=True).sends == "watched"


def test_nothing_ever_stands_higher_than_the_seller_allows() -> None:
    for allowed, moves, unknown in product(LADDER, ("submit", "pay", "month_end", None), (False, True)):
        stands = rung(allowed, moves, unknown=unknown, dry_run=False, attended=False)
        assert LADDER.index(stands.may) <= LADDER.index(allowed)


def may(ledger: Ledger, number: int, supplier: str) -> str:
    config = SimpleNamespace(
        suppliers={supplier: SimpleNamespace(autonomy="place", account=f"mall-{supplier}")},
        site_of=lambda _account: SimpleNamespace(money_moves_at="month_end"),
    )
    run = Run(number, cast(Any, config), ledger, {}, cast(Any, None), Options(), print, always)
    return run.rung(supplier).may


def test_an_unknown_outcome_lowers_its_supplier_from_the_next_run_on_until_it_is_proven(tmp_path: Path) -> None:
    """The run that clicked goes on: what it just sent may only need a moment to show."""
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        day = Day(ledger)
        day.order("6920000000000000001")
        first = day.begin()
        day.unknown("6920000000000000001", "REF1", 2400)
        assert may(ledger, first, "yiwu") == "place"
        day.end()
        second = day.begin()
        assert (may(ledger, second, "yiwu"), may(ledger, second, "hangzhou")) == ("fill", "place")
        (attempt,) = ledger.open_attempts()
        day.settle(attempt.id, "confirmed")
        assert may(ledger, second, "yiwu") == "place"
