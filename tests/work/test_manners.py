"""When a site is left alone."""

from __future__ import annotations

from datetime import datetime, time
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.models import SHANGHAI
from agent.sites.definition import Manners
from agent.work.manners import asks_to_stay_away, hurried, in_span


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 22, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "inside"),
    [(time(0, 0), True), (time(5, 59), True), (time(6, 0), False), (time(23, 59), False)],
)
def test_quiet_hours_end_at_their_end(now: time, inside: bool) -> None:
    assert in_span(now, time(0, 0), time(6, 0)) is inside


@pytest.mark.parametrize(
    ("now", "inside"), [(time(22, 0), True), (time(3, 0), True), (time(6, 0), False), (time(21, 59), False)]
)
def test_quiet_hours_may_go_over_midnight(now: time, inside: bool) -> None:
    assert in_span(now, time(22, 0), time(6, 0)) is inside


def test_the_hour_s_pages_are_counted_up_to_the_most() -> None:
    manners = Manners(most_per_hour=60)
    assert asks_to_stay_away(manners, at(12), 59) == ""
    assert "60" in asks_to_stay_away(manners, at(12), 60)


def test_without_manners_nothing_is_asked() -> None:
    assert asks_to_stay_away(Manners(), at(3), 10_000) == ""


def test_quiet_hours_say_until_when() -> None:
    assert "06:00" in asks_to_stay_away(Manners(quiet=(time(0, 0), time(6, 0))), at(3), 0)


def test_every_desk_hurries_for_as_long_as_it_is_said_whatever_comes_of_it() -> None:
    desks = {name: SimpleNamespace(hurried=False) for name in ("shop", "supplier")}

    @hurried
    def look(run: Any, what: str) -> str:
        assert all(desk.hurried for desk in run.desks.values())
        return {"order": "unpaid"}[what]

    run = cast(Any, SimpleNamespace(desks=desks))
    assert look(run, "order") == "unpaid" and not any(desk.hurried for desk in desks.values())
    with pytest.raises(KeyError):
        look(run, "nothing")
    assert not any(desk.hurried for desk in desks.values())
