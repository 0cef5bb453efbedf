"""Run a campaign: its lists side by side, each at a market of its own in a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import threading
import time
import traceback
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from agent.browser.launch import find_browser
from tests.campaign.judge import Verdict, judged
from tests.campaign.marketplace_play import MarketplacePlayer
from tests.campaign.marketplace_trials import Ordered
from tests.campaign.money_judge import judged_money
from tests.campaign.money_play import MoneyPlayer
from tests.campaign.money_trials import Charge
from tests.campaign.parcel_judge import judged_parcels
from tests.campaign.parcel_play import ParcelPlayer
from tests.campaign.parcel_trials import Packed
from tests.campaign.play import LATENCY, Player
from tests.campaign.trials import Planned
from tests.market.core import Market

SIDE_BY_SIDE = 3  # one list waits half its time: for a page to rest, for what lands late
SHELL = "chromium-headless-shell"


@dataclass(frozen=True)
class Result:
    """What came of one list."""

    at: int
    verdicts: list[Verdict]
    runs: int
    rested: bool
    seconds: float
    broke: str  # why it could not be played to its end
    on: str = ""  # day and commit


def play(seed: int, at: int, orders: Sequence[Planned] | Sequence[Charge], home: Path) -> Result:
    """One list. A fault of the campaign's own breaks that list off, and no other."""
    began = time.monotonic()
    try:
        return _played(seed, at, orders, home, began)
    except Exception:
        return Result(at, [], 0, False, time.monotonic() - began, traceback.format_exc())


def _played(seed: int, at: int, orders: Sequence[Planned] | Sequence[Charge], home: Path, began: float) -> Result:
    browser = find_browser(shutil.which(SHELL)).executable
    with Market(seed=seed, latency=LATENCY, popups=True) as market:
        charges = [one for one in orders if isinstance(one, Charge)]
        if charges:
            money = MoneyPlayer(market, home, browser).play_money(charges)
            verdicts = judged_money(money, charges)
            return Result(at, verdicts, money.runs, money.rested, time.monotonic() - began, money.broke)
        packed = [one for one in orders if isinstance(one, Packed)]
        if packed:
            sent = ParcelPlayer(market, home, browser).play(packed)
            return Result(at, judged_parcels(sent, packed), sent.runs, sent.rested, time.monotonic() - began, sent.broke)
        planned = [one for one in orders if isinstance(one, Planned)]
        player = MarketplacePlayer if any(isinstance(one, Ordered) for one in planned) else Player
        played = player(market, home, browser).play(planned)
        return Result(at, judged(played, planned), played.runs, played.rested, time.monotonic() - began, played.broke)


def players() -> ProcessPoolExecutor:
    """Processes that play lists. They end with the one that asked for them: nobody would hear of what they find."""
    return ProcessPoolExecutor(SIDE_BY_SIDE, mp_context=multiprocessing.get_context("spawn"), initializer=_end_with_parent)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def campaign(
    planned: Sequence[Sequence[Planned] | Sequence[Charge]],
    seed: int,
    folder: Path,
    minutes: float | None = None,
    known: Collection[int] = (),
) -> Iterator[Result]:
    """The lists but those known, three at a time; each as it ends. After so many minutes no further one is begun."""
    end = None if minutes is None else time.monotonic() + minutes * 60
    with players() as pool:
        homes = [folder / f"{at:03d}" / "home" for at in range(len(planned))]
        wanted = [(at, each) for at, each in enumerate(planned) if at not in known]
        going = [pool.submit(play, seed * 10_000 + at, at, each, homes[at]) for at, each in wanted]
        for done in as_completed(going):
            if done.cancelled():
                continue
            yield done.result()
            if end is not None and time.monotonic() > end:
                for each in going:
                    each.cancel()
