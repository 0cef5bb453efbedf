"""What a campaign's judge counts as a click: one that was stopped with nothing sent, as the sites' own log agrees, is none."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.models import SHANGHAI, RequestNote
from tests.campaign import judge

NOW = datetime(2026, 12, 1, 2, 33, 16, tzinfo=SHANGHAI)
POST = RequestNote("POST", "127.0.0.1", "/daifa.php")


def clicks(*requests: tuple[str, float], **attempt: Any) -> int:
    """Of an attempt of which nothing left, and of the sites' log with these requests: method and seconds after the click."""
    told = {"committed_at": NOW, "settled_at": NOW + timedelta(seconds=1), "state": "intended", "requests_known": True}
    one = SimpleNamespace(**told | {"requests": (), "writes": [SimpleNamespace(kind="submit")]} | attempt)
    log = [SimpleNamespace(method=method, at=NOW + timedelta(seconds=after)) for method, after in requests]
    ledger = SimpleNamespace(attempts_of=lambda _reference: [one])

    class Opened:
        def __enter__(self) -> SimpleNamespace:
            return ledger

        def __exit__(self, *_told: object) -> None: ...

    order = object.__new__(judge._Order)
    order.reference = "R1"
    order.road = cast(Any, SimpleNamespace(ledger=Opened, market=SimpleNamespace(requests=log)))
    return order._clicks()


def test_what_was_stopped_with_nothing_sent_is_no_click() -> None:
    assert clicks() == clicks(("GET", 0.5), ("POST", -1), ("POST", 2)) == 0


@pytest.mark.parametrize(
    "attempt",
    [{"state": "held"}, {"state": "unknown"}, {"requests_known": False}, {"requests": (POST,)}, {"settled_at": None}],
    ids=str,
)
def test_what_may_have_left_is_one(attempt: dict[str, Any]) -> None:
    assert clicks(**attempt) == 1


def test_what_reached_a_site_is_one_whatever_the_ledger_says() -> None:
    assert clicks(("POST", 0.5)) == 1
