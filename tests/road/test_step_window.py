"""Step by step in a window: the panel and the frames stand in a page that a person sees, and the order is as meant."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from tests.road.conftest import MakeRoad
from tests.road.road import order
from tests.road.test_step_mode import go_on, stepping

pytestmark = pytest.mark.slow


@pytest.fixture
def screen() -> Iterator[str]:
    """A screen of its own; without Xvfb there is none to be had."""
    if not shutil.which("Xvfb"):
        pytest.skip("Xvfb is not installed, so no window can be opened: apt-get install xvfb")
    ours, its = os.pipe()
    words = ["Xvfb", "-displayfd", str(its), "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
    server = subprocess.Popen(words, pass_fds=[its], stderr=subprocess.DEVNULL)
    os.close(its)
    with os.fdopen(ours) as told:
        number = told.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


def test_an_order_is_placed_in_a_window_before_somebodys_eyes(
    make_road: MakeRoad, screen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    road = make_road(64, keep_alive=True)
    one = order(4)
    road.put_up(one)
    monkeypatch.setenv("DISPLAY", screen)
    with stepping(road, one) as terminal:
        told = go_on(terminal, "yes", "yes")
        assert "The page now" not in told, "there is a window, so no pictures in place of it"
        assert terminal.ended() == 0
    assert (road.bought(one), road.submits(one)) == (1, 1)
    assert (road.wrong([one]), road.lies([one])) == ({}, [])
