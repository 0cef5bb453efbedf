"""Step by step through a real terminal: after each key the sites' own truth says what it did."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.market.demo_orders import DemoOrder
from tests.road.conftest import MakeRoad
from tests.road.road import MALL, Road, order
from tests.road.terminal import Terminal

pytestmark = pytest.mark.slow

PLACE = "pages.order_form.receiver_name"
WAITS, ASKS, ENDS = "› ", "Type yes to commit", "Evidence:"


@contextmanager
def stepping(road: Road, one: DemoOrder, *words: str) -> Iterator[Terminal]:
    terminal = Terminal(road.home, ("run", "--once", "--step", "--order", one.number, *words))
    try:
        yield terminal
    finally:
        terminal.close()


def go_on(terminal: Terminal, *answers: str) -> str:
    """Strike g wherever a key is waited for, and give these answers to the commits; all it printed up to its end."""
    left, told = list(answers), ""
    while True:
        got = terminal.until(WAITS, ASKS, ENDS)
        told += got
        if got.endswith(ENDS):
            assert left == [], told
            return told
        terminal.strike((left.pop(0) + "\n") if got.endswith(ASKS) else "g")


@pytest.mark.long
def test_every_key_and_what_the_supplier_holds_after_it(make_road: MakeRoad) -> None:
    road = make_road(61)
    one = order(1)
    road.put_up(one)
    with stepping(road, one) as terminal:
        terminal.until("step 1 of", WAITS)
        terminal.until(WAITS)
        terminal.strike("x")
        assert "means nothing" in terminal.until("Enter does it")
        terminal.until(WAITS)
        terminal.strike("\n")
        terminal.until("step 2 of")
        terminal.until(WAITS)
        terminal.strike("b")
        terminal.until("step 1 of")
        told = go_on(terminal, "no")
        assert told.count(one.receiver["phone"]) == 2, "meant stands beside shown"
        assert terminal.ended() == 0
    assert (road.bought(one), road.submits(one), road.parked()) == (0, 0, [])

    with stepping(road, one) as terminal:
        terminal.until(WAITS)
        terminal.strike("d")
        assert "Nothing is committed in this run." in go_on(terminal)
        assert terminal.ended() == 0
    assert road.submits(one) == 0

    with stepping(road, one) as terminal:
        until_flow(terminal, "fill_order")
        for number in (2, 3):
            terminal.until(WAITS)
            terminal.strike("\n")
            terminal.until(f"step {number} of")
        terminal.until(WAITS)
        terminal.strike("s")
        terminal.until("left out")
        go_on(terminal)
        assert terminal.ended() == 0
    assert (road.submits(one), road.parked(), road.inbox()) == (0, [], [])

    with stepping(road, one) as terminal:
        until_flow(terminal, "fill_order")
        terminal.until(WAITS)
        terminal.strike("q")
        terminal.until("Stopped")
        assert terminal.ended() == 1
    assert road.submits(one) == 0

    with stepping(road, one) as terminal:
        go_on(terminal, "yes", "yes")
        assert terminal.ended() == 0
    assert (road.bought(one), road.submits(one)) == (1, 1)
    assert road.wrong([one]) == {}
    assert road.lies([one]) == []


def test_an_order_that_was_never_read_is_told_before_any_page_is_opened(make_road: MakeRoad) -> None:
    road = make_road(66)
    one = order(6)
    road.market.requests.clear()
    ended = road.agent("step", MALL, "read_order", "--order", one.number, "--headless")
    assert ended.code == 2 and one.number in ended.words, ended.words
    assert road.market.requests == []
    assert road.agent("step", MALL, "read_order", "--headless").code == 2, "nor where none is named and one is needed"
    road.put_up(one)
    road.run("--only", "read")
    road.market.requests.clear()
    for flow in ("fill_order", "read_order"):
        ended = road.agent("step", MALL, flow, "--order", one.number, "--headless")
        assert ended.code == 2 and one.number in ended.words, "it was read, and nothing of it was bought"
    assert road.market.requests == []


def until_flow(terminal: Terminal, flow: str) -> None:
    """Strike Enter until a step of this flow is told."""
    while not terminal.until(f"· {flow} ·", WAITS).endswith(f"· {flow} ·"):
        terminal.strike("\n")


def test_ctrl_c_between_the_commit_and_its_proof_is_settled_by_the_next_run(make_road: MakeRoad) -> None:
    road = make_road(62)
    one = order(2)
    road.put_up(one)
    with stepping(road, one) as terminal:
        while not terminal.until(WAITS, ASKS).endswith(ASKS):
            terminal.strike("g")
        terminal.strike("yes\n")
        terminal.until(f"{MALL} · list_orders ·")
        terminal.until("COMMIT")
        terminal.until(f"{MALL} · list_orders ·")
        terminal.until(WAITS)
        assert road.submits(one) == 1
        terminal.interrupt()
        terminal.until("Stopped")
        assert terminal.ended() == 1
    road.run()
    assert (road.bought(one), road.submits(one)) == (1, 1)
    assert road.lies([one]) == []


def test_ctrl_c_while_a_step_is_done_ends_it(make_road: MakeRoad) -> None:
    road = make_road(65)
    one = order(5)
    road.put_up(one)
    with stepping(road, one) as terminal:
        terminal.until(WAITS)
        terminal.strike("g")
        terminal.until("list_orders")
        terminal.interrupt()
        terminal.until("Stopped")
        assert terminal.ended() == 1
    assert road.submits(one) == 0


def test_a_renamed_label_is_written_anew_without_an_editor_and_the_order_goes_on(make_road: MakeRoad) -> None:
    road = make_road(63)
    one = order(3)
    road.put_up(one)
    own = road.home / "selectors" / "mall.yaml"
    assert road.agent("site", "set", "mall", PLACE, "label=收货人旧名").code == 0
    before = own.read_text(encoding="utf-8")
    with stepping(road, one) as terminal:
        while not terminal.until(WAITS, "Nothing on the page fits").endswith("fits"):
            terminal.strike("g")
        terminal.until(WAITS)
        terminal.strike("e")
        terminal.until("label=收货人旧名")
        terminal.strike("css=input[name=consignee]\n")
        terminal.until("Is it the right one")
        terminal.strike("1\n")
        terminal.until(WAITS)
        terminal.strike("\n")
        go_on(terminal, "yes", "yes")
        assert terminal.ended() == 0
    after = own.read_text(encoding="utf-8")
    assert after == before.replace("label=收货人旧名", "css=input[name=consignee]"), "one line of it is another"
    assert (road.bought(one), road.wrong([one])) == (1, {})
