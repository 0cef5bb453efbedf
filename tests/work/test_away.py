"""A site that does not answer is told once that has gone on for hours; it closes by itself, and what was not tried counts for nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.errors import AgentError, Paused, PersonNeeded, SiteUnavailable, StaysAway
from agent.ledger import Ledger
from agent.work.away import ask_about_away
from agent.work.closing import close_gone
from agent.work.run import Options, Run, always
from tests.work.runs import BEGAN

MALL = "mall-yiwu"
HOUR = timedelta(hours=1)
DOWN = SiteUnavailable("The page login did not come")
Runs = Callable[..., list[str]]


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    """The end of a run, so long after the first, at an account that this closed or nothing: what the inbox holds then."""
    with Ledger.open(tmp_path / "ledger.db") as ledger:

        def end(after: timedelta, closed: AgentError | None, *, used: bool = False, known: bool = True) -> list[str]:
            clock = cast(Any, SimpleNamespace(now=lambda: BEGAN + after))
            desks = cast(Any, {MALL: None} if known else {})
            config = cast(Any, SimpleNamespace(shops={}, accounts={MALL: None} if known else {}))
            run = Run(ledger.begin_run(BEGAN + after, "run"), config, ledger, desks, clock, Options(), print, always)
            run.closed_accounts = {MALL: closed} if closed else {}
            run.visited = {MALL: 3} if used else {}
            ask_about_away(run)
            close_gone(run)
            return [item.what for item in ledger.items() if item.reason == "away"]

        yield end


def test_after_two_hours_a_person_is_told_since_when_and_why_once(runs: Runs) -> None:
    assert runs(0 * HOUR, DOWN) == runs(1.9 * HOUR, DOWN) == []
    assert runs(2 * HOUR, DOWN) == [f"Every run gave up at {MALL} since 2026-11-22 18:00: The page login did not come"]
    assert runs(30 * HOUR, SiteUnavailable("no answer")) == [f"Every run gave up at {MALL} since 2026-11-22 18:00: no answer"]


def test_a_run_that_could_use_it_closes_that_and_the_hours_begin_anew(runs: Runs) -> None:
    runs(0 * HOUR, DOWN)
    assert runs(1 * HOUR, DOWN) == []
    assert runs(2 * HOUR, DOWN)
    assert runs(3 * HOUR, None) == runs(4 * HOUR, DOWN) == runs(5 * HOUR, DOWN) == []
    assert runs(6 * HOUR, DOWN)


@pytest.mark.parametrize("kind", [Paused, StaysAway])
def test_a_run_that_did_not_try_says_nothing_of_the_site(runs: Runs, kind: type[AgentError]) -> None:
    assert runs(0 * HOUR, kind("left alone")) == runs(9 * HOUR, kind("left alone")) == []
    runs(9 * HOUR, DOWN)
    assert runs(10 * HOUR, kind("left alone")) == runs(11 * HOUR, DOWN) == [], "two runs with a night between them"
    assert runs(11.1 * HOUR, DOWN)
    assert runs(12 * HOUR, kind("left alone"))


@pytest.mark.parametrize("kind", [Paused, StaysAway])
def test_a_run_that_used_it_and_then_left_it_alone_is_one_that_could(runs: Runs, kind: type[AgentError]) -> None:
    runs(0 * HOUR, DOWN)
    runs(1 * HOUR, kind("so many pages an hour"), used=True)
    assert runs(2 * HOUR, DOWN) == runs(3 * HOUR, DOWN) == []
    assert runs(4 * HOUR, DOWN)
    assert runs(5 * HOUR, kind("so many pages an hour"), used=True) == []


def test_an_account_that_config_yaml_has_no_more_is_asked_about_no_more(runs: Runs) -> None:
    for hour in (0, 1):
        runs(hour * HOUR, DOWN)
    assert runs(2 * HOUR, DOWN)
    assert runs(3 * HOUR, None, known=False) == runs(9 * HOUR, DOWN) == []


def test_a_site_that_asks_for_a_person_has_answered(runs: Runs) -> None:
    runs(0 * HOUR, DOWN)
    runs(1 * HOUR, PersonNeeded("a slider"))
    assert runs(2 * HOUR, DOWN) == []
