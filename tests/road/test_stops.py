"""The kill switch: another process pauses while a form is filled, and the sites' own state shows that nothing was sent."""

from __future__ import annotations

import pytest

from tests.market.demo_orders import DemoOrder
from tests.road.conftest import MakeRoad
from tests.road.road import MALL, Ended, Road, order


def paused_while_filling(road: Road, one: DemoOrder, *words: str) -> list[Ended]:
    """Another process pauses when the form is filled and the confirm page is asked for; what came of that is in the list."""
    ends: list[Ended] = []
    call = lambda: ends.append(road.agent("pause", *words))  # noqa: E731
    road.market.faults.add("kill_before", one.reference, "confirm", call=call)
    return ends


def seen_by_the_mall(road: Road) -> int:
    return sum(request.site == "mall" for request in road.market.requests)


@pytest.mark.slow
def test_paused_between_the_fill_and_the_click_nothing_is_ordered(make_road: MakeRoad) -> None:
    """One account, then the whole program · a paused account is not visited, but can be signed in to · it goes on after."""
    road = make_road(36, wait="60 s", autonomy="place_and_pay")
    one, two = order(60), order(61)
    road.put_up(one, two)
    paused = paused_while_filling(road, one, MALL, "--why", "看一下")
    ran = road.run()
    assert [end.code for end in paused] == [0], "nobody paused: the form was never filled"
    assert (road.market.mall.submits, road.bought(one), road.bought(two)) == ([], 0, 0)
    assert (ran.code, road.inbox(), road.parked()) == (0, [], [])
    assert "由你暂停" in ran.words and "看一下" in ran.words

    before = seen_by_the_mall(road)
    ran = road.run()
    assert (ran.code, seen_by_the_mall(road)) == (0, before)
    assert "由你暂停" in ran.words
    assert road.agent("login", MALL, "--headless").code == 0
    assert seen_by_the_mall(road) > before

    assert road.agent("resume", MALL).code == 0
    paused = paused_while_filling(road, two)
    road.run("--order", two.number)
    assert ([end.code for end in paused], road.market.mall.submits) == ([0], [])
    before = len(road.market.requests)
    ran = road.run()
    assert (ran.code, len(road.market.requests)) == (2, before)
    assert "整个程序" in ran.words

    assert road.agent("resume").code == 0
    road.run()
    assert [road.bought(each) for each in (one, two)] == [1, 1], road.told()
    assert road.lies([one, two]) == []


@pytest.mark.long
def test_without_the_look_at_the_last_moment_it_is_ordered_all_the_same(make_road: MakeRoad) -> None:
    road = make_road(37, autonomy="place_and_pay")
    one = order(62)
    road.put_up(one)
    paused = paused_while_filling(road, one)
    ran = road.run(through=("tests.road.unguarded", "--without", "stops", "--"))
    assert ([end.code for end in paused], road.bought(one)) == ([0], 1), ran.words[-2000:]
