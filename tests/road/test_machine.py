"""The machine fails under the program: its disk is full from one moment on, it falls asleep in mid-click and wakes again.

The sites' own state decides; everything is done to the process from outside.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from itertools import chain

import pytest

from tests.road.conftest import MakeRoad
from tests.road.killer import descendants
from tests.road.road import Road, ended, order

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="limits and stops processes as Linux does")]

ASLEEP = 5.0  # seconds: longer than `settle` of the road


def run_and_at(road: Road, point: str, reference: str, happens: Callable[[subprocess.Popen[bytes]], None]) -> tuple[int, str]:
    """One run; when the supplier is asked for this point of the order, something happens to its process."""
    going: list[subprocess.Popen[bytes]] = []
    struck: list[bool] = []

    def call() -> None:
        happens(going[0])
        struck.append(True)

    road.market.faults.add("kill_before", reference, point, call=call)
    going.append(road.begin("run", "--once"))
    end = ended(going[0])
    assert struck, end.words[-2000:]
    return end.code, end.words


def fill_the_disk(road: Road) -> Callable[[subprocess.Popen[bytes]], None]:
    """From here on the process can make no file larger than the ledger's journal is now; its browser can."""
    import resource

    def fill(going: subprocess.Popen[bytes]) -> None:
        size = (road.home / "ledger.db-wal").stat().st_size
        resource.prlimit(going.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    return fill


@pytest.mark.parametrize(("point", "submits"), [("confirm", 0), ("submit", 1)])
def test_a_full_disk_ends_the_run_and_nothing_is_bought_twice(make_road: MakeRoad, point: str, submits: int) -> None:
    road = make_road(81 + submits, autonomy="place_and_pay")
    one, two = order(1), order(2)
    road.put_up(one, two)
    code, words = run_and_at(road, point, one.reference, fill_the_disk(road))
    assert (code, "磁盘" in words) == (2, True), words[-2000:]
    assert (road.submits(one), road.submits(two)) == (submits, 0)
    assert (road.parked(), road.inbox()) == ([], []), "a disk is no order's fault"

    road.run()
    assert [(road.bought(each), road.submits(each)) for each in (one, two)] == [(1, 1), (1, 1)], road.told()
    assert road.wrong([one, two]) == {} and road.lies([one, two]) == []


def fall_asleep(going: subprocess.Popen[bytes]) -> None:
    """The program and its browsers stop where they are, and go on after a while."""
    family = [going.pid, *descendants(going.pid)]
    _tell(family, signal.SIGSTOP)
    threading.Timer(ASLEEP, _wake, [family]).start()


def _wake(family: list[int]) -> None:
    _tell(family, signal.SIGCONT)


def _tell(family: list[int], word: signal.Signals) -> None:
    for pid in family:
        with suppress(ProcessLookupError):  # a helper process of the browser's that ended meanwhile
            os.kill(pid, word)


def test_asleep_in_mid_click_each_order_is_bought_once(make_road: MakeRoad) -> None:
    """One sleeps while its answer waits, the other wakes to a cut connection."""
    road = make_road(84, autonomy="place_and_pay")
    orders = answered, cut = order(3), order(4)
    road.put_up(*orders)
    road.market.faults.add("kill_before", cut.reference, "submit", call=lambda: fall_asleep(going[0]))
    road.market.faults.add("drop_after", cut.reference, "submit")
    road.market.faults.add("kill_after", answered.reference, "submit", call=lambda: fall_asleep(going[0]))
    going = [road.begin("run", "--once")]
    end = ended(going[0])
    assert end.code in (0, 1), end.words[-2000:]
    struck = {(fault.kind, fault.order) for fault in road.market.faults.fired}
    assert {("kill_before", cut.reference), ("kill_after", answered.reference)} <= struck
    road.run()
    assert [(road.bought(one), road.submits(one)) for one in orders] == [(1, 1), (1, 1)], road.told()
    assert list(chain(road.wrong(orders), road.lies(orders))) == [], road.told()
