"""The agent and its browsers are killed all along the road; whatever comes next, the truth stays whole.

One market and one data folder a lane, many ordinary orders: each killed run deals with one order, the next recovers it
and is killed at the next order, and plain runs end it. `--long` only: the quick fault campaign kills too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from tests.market.demo_orders import DemoOrder
from tests.road.conftest import MakeRoad
from tests.road.road import KILLED, Ended, Road, ended, order

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the browsers to kill in /proc")

Part = Literal["buy", "ship", "pay", "cancel", "said", "change"]
LANES = 16  # campaigns that share all points: longer lists of orders only make them slower
PLAIN = 3  # runs after which everything must have come to rest
# Killed by the site itself while it serves the request: before it writes, and after, with the answer still to come.
REQUESTS: dict[Part, tuple[str, ...]] = {
    "buy": ("kill_before submit", "kill_after submit", "kill_before note", "kill_after note"),
    "ship": ("kill_before ship", "kill_after ship"),
    "pay": ("kill_before pay_done", "kill_after pay_done"),
    "cancel": ("kill_before cancel", "kill_after cancel"),
    "said": ("kill_before cancel", "kill_after cancel"),
    "change": ("kill_before change", "kill_after change"),
}
# Where killer.py begins to count.
FROM: dict[Part, str] = {part: "cancel" if part == "said" else part for part in REQUESTS}
# Of an agent that died here nobody can know whether its click went out, so somebody may be asked. Anywhere else it is known.
NOBODY_KNOWS = ("committing:after", "click:after")


@dataclass(frozen=True)
class Kill:
    """One killed run: at which point, of which part of the road, what dies, and whether somebody may be asked in the end."""

    part: Part
    point: str
    what: Literal["agent", "browser"] = "agent"
    asks: bool = True


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
    kills = [*every("buy", points["buy"]), *every("ship", points["ship"])]
    assert campaign(make_road(12 + lane, autonomy="place_and_pay"), kills[lane::LANES]) == []


@pytest.mark.long
def test_killed_while_it_recovers_it_recovers_again(make_road: MakeRoad) -> None:
    road = make_road(71, autonomy="place_and_pay")
    first, *others = orders = [order(at) for at in range(1, 14)]
    road.put_up(*orders)
    killed(road, first, Kill("buy", "click:after"))
    points = points_of(road.run("--only", "read", through=killer("recover", "--count")))
    assert road.write_state(first) in ("confirmed", "unknown")
    chosen = [points[at * len(points) // len(others)] for at in range(len(others))]
    chosen[-1] = next(name for name in points if name.startswith("settle:after"))
    for one, point in zip(others, chosen, strict=True):
        killed(road, one, Kill("buy", "click:after"))
        cut = road.run("--only", "read", through=killer("recover", "--at", point))
        assert cut.code == KILLED, f"not killed at {point}: {cut.words[-500:]}"
    assert _at_rest(road, orders) == []


def every(part: Part, names: Sequence[str]) -> list[Kill]:
    """Every point there is, for the agent and for the browser."""
    kills: list[Kill] = []
    for name, point in zip(names, _named(names), strict=True):
        kills += [Kill(part, point, asks=name in NOBODY_KNOWS), Kill(part, point, "browser")]
    return [*kills, *(Kill(part, request, asks=False) for request in REQUESTS[part])]


def _named(names: Sequence[str]) -> list[str]:
    """Points to be killed at: by number where a name comes again, each flow's step by its number too."""
    return [name if names.index(name) == at else str(at + 1) for at, name in enumerate(names)]


def _count(road: Road) -> dict[Part, list[str]]:
    """The points of the second order: the first has no order of ours before it to look for."""
    orders = [order(1), order(2)]
    road.put_up(*orders)
    buy = points_of(road.run("--only", "place", through=killer("buy", "--count")))
    road.ship()
    road.run("--only", "ship", "--order", orders[0].number)
    ship = points_of(road.run("--only", "ship", "--order", orders[1].number, through=killer("ship", "--count")))
    assert road.wrong(orders) == {}
    return {"buy": buy, "ship": ship}


def campaign(road: Road, kills: Sequence[Kill]) -> list[str]:
    """Kill one run an order, then let it come to rest: what is wrong in the end, [] if nothing."""
    orders = [order(at) for at in range(1, len(kills) + 1)]
    calm = [one for one, kill in zip(orders, kills, strict=True) if not kill.asks]
    road.put_up(*orders)
    for one, kill in zip(orders, kills, strict=True):
        if kill.part == "buy":
            killed(road, one, kill)
    at_rest = _at_rest(road, orders, calm)
    road.ship()
    for one, kill in zip(orders, kills, strict=True):
        if kill.part == "ship":
            killed(road, one, kill)
    return [*at_rest, *_at_rest(road, orders, calm)]


def _at_rest(road: Road, orders: Sequence[DemoOrder], calm: Sequence[DemoOrder] = ()) -> list[str]:
    """Plain runs until nothing is wrong: what still is after the last. Of the `calm` ones all must be done, and nothing asked."""
    for _ in range(PLAIN):
        plain_run(road)
        wrong = [*road.lies(orders), *_over_halts(road, orders, calm)]
        if not wrong:
            break
    return wrong


def plain_run(road: Road) -> None:
    ran = road.run()
    assert ran.code in (0, 1), ran.words[-2000:]


def _over_halts(road: Road, orders: Sequence[DemoOrder], calm: Sequence[DemoOrder]) -> Iterator[str]:
    """Orders that could have been done without a person, and are asked about or not done."""
    others = [one.reference for one in orders if one not in calm]
    undone = road.wrong(calm, beside=others) if calm else {}
    for one in calm:
        if one.number in undone or road.inbox(one.number):
            yield f"{one.number} is not done without a person: {undone.get(one.number, '')} {road.said(one)}"


def killed(road: Road, one: DemoOrder, kill: Kill, words: Sequence[str] = ()) -> None:
    """One run for one order, killed on its way. `words`: how the program is started, else for what is bought or sent."""
    words = words or ("run", "--once", "--only", "place" if kill.part == "buy" else "ship", "--order", one.number)
    if kill.point in REQUESTS[kill.part]:
        end = _killed_at_request(road, one, kill, words)
    else:
        end = road.agent(*words, through=killer(FROM[kill.part], "--at", kill.point, "--what", kill.what))
    if kill.what == "agent":
        assert end.code == KILLED, f"not killed at {kill}: {end.words[-1500:]}"
    else:
        assert b"was never passed" not in end.out, kill
        assert end.code in (0, 1), f"{kill}: {end.words[-1500:]}"


def _killed_at_request(road: Road, one: DemoOrder, kill: Kill, words: Sequence[str]) -> Ended:
    kind, point = kill.point.split()
    going = road.begin(*words)
    at_mall = point in ("submit", "pay_done", "cancel")
    road.market.faults.add(kind, one.reference if at_mall else one.number, point, call=going.kill)
    return ended(going)


def killer(beginning: str, *told: str) -> tuple[str, ...]:
    return ("tests.road.killer", "--from", beginning, *told, "--")


def points_of(end: Ended) -> list[str]:
    lines = end.out.decode("utf-8").splitlines()
    found = [line.split(" ", 2)[2] for line in lines if line.startswith("point ")]
    assert end.code in (0, 1) and found, end.words[-2000:]
    return found
