"""What the scripts do once Python is new enough: set up, then hand over to the program, the demo or the checks."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from _setup import ROOT, NotReady, prepare, prepare_for_tests, say

CANNOT_START = 2
INTERRUPTED = 130
ONLY_SETUP = "--only-setup"
# Most of a browser's test is waiting for it, so two cores carry four; a file stays whole, and the longest begin first.
SIDE_BY_SIDE = ("-n", "4", "--dist", "loadfile", "--no-loadscope-reorder")


def agent(arguments: list[str]) -> int:
    """`agent ARGUMENTS`. The person's folder stays the current one, so their relative paths hold."""
    return guarded(lambda: hand_over([str(prepare(must_have_browser=False)), "-P", "-m", "agent", *arguments], {}))


def demo(arguments: list[str]) -> int:
    """The demo on the stand-in sites."""
    return at_stand_ins("tests.market.demo", arguments)


def fault_campaign(arguments: list[str]) -> int:
    """Everything that can go wrong on the stand-in sites, and what came of it."""
    return at_stand_ins("tests.campaign", arguments)


def mutants(arguments: list[str]) -> int:
    """Each guard of the program taken away once: does the quick fault campaign notice?"""
    return at_stand_ins("tests.campaign.mutants", arguments)


def drift_benchmark(arguments: list[str]) -> int:
    """The program's own jobs at pages of the stand-in sites that are not what they were."""
    return at_stand_ins("tests.drift", arguments)


def money_month(arguments: list[str]) -> int:
    """A month of paying suppliers at the stand-in sites, and its books against what they hold."""
    return at_stand_ins("tests.month", arguments)


def at_stand_ins(module: str, arguments: list[str]) -> int:
    """A module that needs the browser and what the tests need."""

    def work() -> int:
        python = str(prepare(must_have_browser=True))
        return hand_over([python, "-P", "-m", module, *arguments], {"PYTHONPATH": str(ROOT)})

    return guarded(work)


def checks(arguments: list[str]) -> int:
    """Set-up, ruff, format, mypy, site files, pytest with ARGUMENTS; each is run even if one before it failed."""
    return guarded(lambda: run_checks(arguments))


def guarded(work: Callable[[], int]) -> int:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a folder's name may not fit an old code page
    try:
        return work()
    except NotReady as e:
        say(str(e))
        return CANNOT_START
    except KeyboardInterrupt:
        return INTERRUPTED


def hand_over(command: Sequence[str], more: Mapping[str, str]) -> int:
    """Become the program, so that a signal meant for it reaches it; Windows cannot, so there it is waited for."""
    environment = {**os.environ, **more}
    sys.stdout.flush()
    if os.name == "nt":
        return subprocess.run(command, env=environment).returncode
    os.execve(command[0], list(command), environment)


def run_checks(arguments: list[str]) -> int:
    began = time.monotonic()
    python = prepare_for_tests()
    seconds = {"set-up": time.monotonic() - began}
    if ONLY_SETUP in arguments:
        return report(seconds, {})
    failed: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as nobody:
        for name, command in parts(python, arguments).items():
            print(f"--- {name}", flush=True)
            began = time.monotonic()
            # An empty data folder: no check may depend on the seller's own, let alone write to it. Compiled once: the
            # tests start the program hundreds of times.
            more = {"AGENT_HOME": nobody, "PYTHONDONTWRITEBYTECODE": ""}
            code = subprocess.run(command, cwd=ROOT, env={**os.environ, **more}).returncode
            seconds[name] = time.monotonic() - began
            if code:
                failed[name] = code
    return report(seconds, failed)


def parts(python: Path, arguments: Sequence[str]) -> dict[str, list[str]]:
    """Every part by its name, in the order in which they run."""

    def module(*words: str) -> list[str]:
        return [str(python), "-m", *words]

    return {
        "ruff check": module("ruff", "check", "--quiet", "."),
        "ruff format": module("ruff", "format", "--quiet", "--check", "."),
        "mypy": module("mypy"),
        "site files": module("agent", "check"),
        "words": [str(python), str(ROOT / "scripts" / "words.py"), "--check"],
        "pytest": module("pytest", *SIDE_BY_SIDE, *arguments),
    }


def report(seconds: Mapping[str, float], failed: Mapping[str, int]) -> int:
    print("Seconds: " + " · ".join(f"{name} {value:.1f}" for name, value in seconds.items()))
    if not failed:
        return 0
    print("Failed: " + ", ".join(failed))
    return next(iter(failed.values()))
