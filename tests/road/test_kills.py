"""The agent and its browsers are killed all along the road; whatever comes next, the truth stays whole.

One market and one data folder a lane, many ordinary orders: each killed run deals with one order, the next recovers it
and is killed at the next order, and plain runs end it. `--long` only: the quick fault campaign kills too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from tests.market.demo_orders import DemoOrder
from tests.road.conftest import MakeRoad
from tests.road.road import KILLED, Ended, Road, ended, order

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the browsers to kill in /proc")

Part = Literal["buy", "ship"]
LANES = 16  # campaigns that share all points: longer lists of orders only make them slower
PLAIN = 3  # runs after which everything must have come to rest
# Killed by the site itself while it serves the request: before it writes, and after, with the answer still to come.
REQUESTS: dict[Part, tuple[str, ...]] = {
    "buy": ("kill_before submit", "kill_after submit", "kill_before note", "kill_after note"),
    "ship": ("kill_before ship", "kill_after ship"),
}


@dataclass(frozen=True)
class Kill:
    """One killed run: at which point, of which part of the road, what dies."""

    part: Part
    point: str
    what: Literal["agent", "browser"] = "agent"


AROUND_THE_CLICK = (Kill("buy", "committing:after"), Kill("buy", "click:after", "browser"), Kill("ship", "click:after"))


@pytest.mark.long
def test_killed_around_the_click_nothing_is_doubled_lost_or_falsely_claimed(make_road: MakeRoad, kills: Sequence[Kill]) -> None:
    assert campaign(make_road(12, autonomy="place_and_pay"), kills) == []


@pytest.fixture(scope="module")
def points(make_road: MakeRoad) -> dict[Part, list[str]]:
    """Every point there is on the road."""
    return _count(make_road(11, autonomy="place_and_pay"))


@pytest.mark.long
@pytest.mark.parametrize("lane", range(LANES))
def test_wherever_it_is_killed_nothing_is_doubled_lost_or_falsely_claimed(
    make_road: MakeRoad, points: dict[Part, list[str]], lane: int
) -> None:
    moves = {part: {name.split(":")[0] for name in names if ":" in name} for part, names in points.items()}
    assert moves["buy"] >= {"intend", "committing", "clicked", "settle", "placed"}
    assert moves["ship"] >= {"intend", "committing", "clicked", "settle", "entered"}
    assert campaign(make_road(12 + lane, autonomy="place_and_pay"), every(points)[lane::LANES]) == []


@pytest.mark.long
def test_killed_while_it_recovers_it_recovers_again(make_road: MakeRoad) -> None:
    road = make_road(71, autonomy="place_and_pay")
    first, *others = orders = [order(at) for at in range(1, 14)]
    road.put_up(*orders)
    _killed(road, first, Kill("buy", "click:after"))
    points = _points(road.run("--only", "read", through=_killer("recover", "--count")))
    assert road.write_state(first) in ("confirmed", "unknown")
    chosen = [points[at * len(points) // len(others)] for at in range(len(others))]
    chosen[-1] = next(name for name in points if name.startswith("settle:after"))
    for one, point in zip(others, chosen, strict=True):
        _killed(road, one, Kill("buy", "click:after"))
        cut = road.run("--only", "read", through=_killer("recover", "--at", point))
        assert cut.code == KILLED, f"not killed at {point}: {cut.words[-500:]}"
    assert _at_rest(road, orders) == []


def every(points: dict[Part, list[str]]) -> list[Kill]:
    """Every point there is, for the agent and for the browser."""
    parts: tuple[Part, ...] = ("buy", "ship")
    kills = [Kill(part, name, what) for part in parts for name in _named(points[part]) for what in ("agent", "browser")]  # type: ignore[arg-type]
    return [*kills, *(Kill(part, request) for part in parts for request in REQUESTS[part])]


def _named(names: Sequence[str]) -> list[str]:
    """Points to be killed at: by number where a name comes again, each flow's step by its number too."""
    return [name if names.index(name) == at else str(at + 1) for at, name in enumerate(names)]


def _count(road: Road) -> dict[Part, list[str]]:
    """The points of the second order: the first has no order of ours before it to look for."""
    orders = [order(1), order(2)]
    road.put_up(*orders)
    buy = _points(road.run("--only", "place", through=_killer("buy", "--count")))
    road.ship()
    road.run("--only", "ship", "--order", orders[0].number)
    ship = _points(road.run("--only", "ship", "--order", orders[1].number, through=_killer("ship", "--count")))
    assert road.wrong(orders) == {}
    return {"buy": buy, "ship": ship}


def campaign(road: Road, kills: Sequence[Kill]) -> list[str]:
    """Kill one run an order, then let it come to rest: what is wrong in the end, [] if nothing."""
    orders = [order(at) for at in range(1, len(kills) + 1)]
    road.put_up(*orders)
    for one, kill in zip(orders, kills, strict=True):
        if kill.part == "buy":
            _killed(road, one, kill)
    at_rest = _at_rest(road, orders)
    road.ship()
    for one, kill in zip(orders, kills, strict=True):
        if kill.part == "ship":
            _killed(road, one, kill)
    return [*at_rest, *_at_rest(road, orders)]


def _at_rest(road: Road, orders: Sequence[DemoOrder]) -> list[str]:
    """Plain runs until nothing is wrong: what still is after the last."""
    for _ in range(PLAIN):
        ran = road.run()
        assert ran.code in (0, 1), ran.words[-2000:]
        wrong = road.lies(orders)
        if not wrong:
            break
    return wrong


def _killed(road: Road, one: DemoOrder, kill: Kill) -> None:
    """One run for one order, killed on its way."""
    only = ("--only", "place" if kill.part == "buy" else "ship", "--order", one.number)
    if kill.point in REQUESTS[kill.part]:
        end = _killed_at_request(road, one, kill, only)
    else:
        end = road.run(*only, through=_killer(kill.part, "--at", kill.point, "--what", kill.what))
    if kill.what == "agent":
        assert end.code == KILLED, f"not killed at {kill}: {end.words[-1500:]}"
    else:
        assert b"was never passed" not in end.out, kill
        assert end.code in (0, 1), f"{kill}: {end.words[-1500:]}"


def _killed_at_request(road: Road, one: DemoOrder, kill: Kill, only: Sequence[str]) -> Ended:
    kind, point = kill.point.split()
    going = road.begin("run", "--once", *only)
    road.market.faults.add(kind, one.reference if point == "submit" else one.number, point, call=going.kill)
    return ended(going)


def _killer(beginning: str, *told: str) -> tuple[str, ...]:
    return ("tests.road.killer", "--from", beginning, *told, "--")


def _points(end: Ended) -> list[str]:
    lines = end.out.decode("utf-8").splitlines()
    found = [line.split(" ", 2)[2] for line in lines if line.startswith("point ")]
    assert end.code in (0, 1) and found, end.words[-2000:]
    return found
