"""Step by step in a narrow window, and in one that is drawn narrower meanwhile: what is read there, and what is committed."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from tests.road.conftest import MakeRoad
from tests.road.road import order
from tests.road.terminal import Terminal

pytestmark = pytest.mark.slow

WAITS, ASKS, NARROW, ENDS = "› ", "Type yes to commit", "n leaves it", "Evidence:"


def too_wide(told: str, columns: int) -> list[str]:
    """The lines that do not fit; a path stays in one piece, so that it can be copied."""
    return [line for line in told.split("\n") if cell_len(line) > columns and "/" not in line]


def until_asked(terminal: Terminal, *, by: str = "g") -> str:
    """Go on to the next commit; all that was said on the way, with the question."""
    told = ""
    while True:
        got = terminal.until(WAITS, ASKS, NARROW, ENDS)
        told += got
        if not got.endswith(WAITS):
            return told
        terminal.strike(by)


def test_a_narrow_window_is_read_or_says_what_it_needs(make_road: MakeRoad) -> None:
    road = make_road(67)
    one = order(7)
    road.put_up(one)
    words = ("run", "--once", "--step", "--order", one.number)
    terminal = Terminal(road.home, words, columns=40, window=True)
    try:
        told = terminal.until("step 1 of") + terminal.until(WAITS)
        assert too_wide(told[told.index("shop-") :], 40) == []
        keys = [line.strip() for line in told.split("\n") if "·" in line]
        assert "Enter does it · s leaves it out" in keys, keys
        assert "q stop" in told

        terminal.resize(30)
        told = terminal.until("step 1 of") + terminal.until(WAITS)
        assert too_wide(told, 30) == [], told
        assert "Enter does it" in told and "q stop" in told
        assert "columns wide" not in told

        terminal.resize(20)
        told = terminal.until("step 1 of") + terminal.until(WAITS)
        assert too_wide(told, 20) == [], told
        assert "This terminal is 20 columns wide; 30 are needed." in " ".join(told.split())

        terminal.strike("g")
        told = until_asked(terminal)
        assert told.endswith(NARROW)
        assert one.receiver["phone"] not in told
        terminal.strike("\n")
        assert "30 are needed" in " ".join(terminal.until(NARROW).split()), "it is as narrow as before"

        terminal.resize(30)
        terminal.strike("\n")
        told = terminal.until(ASKS)
        assert too_wide(told.replace(ASKS, ""), 30) == [], told
        assert told.count(one.receiver["phone"]) == 2, "meant stands under shown"
        assert "meant: " in told and "shown: " in told
        terminal.resize(20)
        terminal.strike("no\n")
        until_asked(terminal)
        assert terminal.ended() == 0
    finally:
        terminal.close()
    assert (road.submits(one), road.bought(one), road.parked()) == (0, 0, [])


def test_no_is_taken_in_a_window_too_narrow_and_nothing_is_bought(make_road: MakeRoad) -> None:
    road = make_road(68)
    one = order(8)
    road.put_up(one)
    terminal = Terminal(road.home, ("run", "--once", "--step", "--order", one.number), columns=24, window=True)
    try:
        assert until_asked(terminal).endswith(NARROW)
        terminal.strike("n\n")
        while not until_asked(terminal).endswith(ENDS):
            terminal.strike("n\n")
        assert terminal.ended() == 0
    finally:
        terminal.close()
    assert (road.submits(one), road.bought(one)) == (0, 0)
