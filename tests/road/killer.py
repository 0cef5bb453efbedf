"""The program, killed from outside at its N-th point: `python -m tests.road.killer --from buy --at 17 --what agent -- ARGS`.

A point is the entry of a step of a flow, the moment right after the real click, or before and after a call that moves
the journal. They are counted from where the work named by `--from` begins, for the last order if there are several. The
agent knows nothing of this: all is patched in this very process. `--at` takes a number or a point's name;
`--count` kills nothing and prints the points.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import ElementHandle

from agent.cli import main as agent_main
from agent.cli.step import TerminalWatcher
from agent.ledger import Ledger
from agent.work import day, follow

MOVES: tuple[str, ...] = ("plan", "save_receiver", "intend", "begin_attempt", "committing", "clicked", "settle", "placed")
MOVES += ("noted", "found_done", "resolved", "bury", "closed_by_supplier", "cancel_asked", "applied", "round_made")
MOVES += ("watched", "write_proven", "book_payment", "purchase_paid", "code_shown", "save_balance", "save_statement")
MOVES += ("save_shipment", "put_in", "advance", "entered", "number_changes", "number_changed")
BEGINNINGS = {"buy": (day, "buy"), "ship": (follow, "read_tracking"), "recover": (day, "recover"), "pay": (day, "pay_all")}
BEGINNINGS |= {"cancel": (day, "carry_out_said"), "change": (follow, "change_numbers")}


class Points:
    """The points passed since the beginning; the one named strikes."""

    def __init__(self, at: str, strike: Callable[[], None]) -> None:
        self.at, self.strike = at, strike
        self.names: list[str] = []
        self.begun = False

    def begin(self, *, again: bool) -> None:
        """The work counted begins; the next order's begins anew."""
        self.begun = True
        if again:
            self.names.clear()

    def passed(self, name: str) -> None:
        if not self.begun:
            return
        self.names.append(name)
        if self.at in (str(len(self.names)), name):
            self.at = ""
            self.strike()


def kill_agent() -> None:
    os.kill(os.getpid(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)


def kill_browsers() -> None:
    """Kill every Chromium that descends from this process."""
    for pid in descendants(os.getpid()):
        try:
            if b"chrom" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]:
                os.kill(pid, signal.SIGKILL)
        except OSError:  # it ended meanwhile
            continue


def descendants(pid: int) -> list[int]:
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:  # it ended meanwhile
                continue
    found: list[int] = []
    waiting = [pid]
    while waiting:
        parent = waiting.pop()
        children = [one for one, its in parents.items() if its == parent]
        found += children
        waiting += children
    return found


def patch(points: Points, beginning: str) -> None:
    _begin_at(points, beginning)
    _patch_steps(points)
    _patch_click(points)
    for name in MOVES:
        _patch_move(points, name)


def _begin_at(points: Points, beginning: str) -> None:
    room, job = BEGINNINGS[beginning]
    real = getattr(room, job)

    def begins(*told: Any, **more: Any) -> Any:
        points.begin(again=beginning not in ("recover", "pay"))
        return real(*told, **more)

    setattr(room, job, begins)


def _patch_steps(points: Points) -> None:
    real = TerminalWatcher.step

    def step(self: TerminalWatcher, info: Any) -> bool:
        points.passed(f"{info.flow} {info.number} {info.verb}")
        return real(self, info)

    TerminalWatcher.step = step  # type: ignore[method-assign]


def _patch_click(points: Points) -> None:
    """The click that follows `committing` is the real one."""
    real = ElementHandle.click

    def click(self: ElementHandle, **told: Any) -> None:
        real(self, **told)
        if points.names and points.names[-1] == "committing:after" and not told.get("trial"):
            points.passed("click:after")

    ElementHandle.click = click  # type: ignore[method-assign]


def _patch_move(points: Points, name: str) -> None:
    real = getattr(Ledger, name)

    def move(self: Ledger, *told: Any, **more: Any) -> Any:
        points.passed(f"{name}:before")
        answer = real(self, *told, **more)
        points.passed(f"{name}:after")
        return answer

    setattr(Ledger, name, move)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.road.killer")
    parser.add_argument("--from", dest="beginning", choices=BEGINNINGS, default="buy")
    parser.add_argument("--at", default="")
    parser.add_argument("--what", choices=("agent", "browser"), default="agent")
    parser.add_argument("--count", action="store_true")
    own, words = _split(sys.argv[1:])
    told = parser.parse_args(own)
    points = Points(told.at, kill_agent if told.what == "agent" else kill_browsers)
    patch(points, told.beginning)
    sys.argv = ["agent", *words]
    try:
        agent_main()
    finally:
        if told.count:
            print("\n".join(f"point {at} {name}" for at, name in enumerate(points.names, 1)), flush=True)
        elif points.at:
            print(f"point {points.at} was never passed", flush=True)


def _split(told: list[str]) -> tuple[list[str], list[str]]:
    """Ours, and after `--` the program's."""
    at = told.index("--") if "--" in told else len(told)
    return told[:at], told[at + 1 :]


if __name__ == "__main__":
    main()
