"""Play trials one after the other on one bench, and judge each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from agent.errors import AgentError
from tests.drift.at_supplier import Buy
from tests.drift.bench import DOUDIAN, M1688, MALL, Bench
from tests.drift.judge import Played, Verdict, judged
from tests.drift.kinds import Trial
from tests.drift.play import Play, Told
from tests.drift.plays import made

ACCOUNTS = {"mall": MALL, "doudian": DOUDIAN, "1688": M1688}


def benchmark(trials: Sequence[Trial], seed: int, folder: Path) -> Iterator[Verdict]:
    """The verdicts, each as it comes."""
    accounts = [ACCOUNTS[site] for site in ACCOUNTS if any(one.scene.site == site for one in trials)]
    with Bench(seed, folder, accounts) as bench:
        if MALL in accounts:
            learn(bench)
        for trial in trials:
            yield judged(trial, played(bench, trial))


def learn(bench: Bench) -> None:
    """The form as it was before any change stands in the ledger, as after a run."""
    with bench.learning() as run:
        play = Buy(bench, run)
        play.begin()
        play.looked()


def played(bench: Bench, trial: Trial) -> Played:
    """One trial."""
    with bench.trial(trial.script) as run:
        play = made(trial.scene.site, trial.scene.play, bench, run)
        play.begin()
        looked = _looked(play) if trial.scene.page == "form" else None
        told: Told | None = None
        why = ""
        try:
            told = play.act()
        except AgentError as error:
            why = f"{type(error).__name__}: {error.what}"
        except Exception as error:  # it parks the order, as in a run (agent/work/run.py)
            why = f"a fault of the program: {type(error).__name__}: {error}"
        return Played(
            told,
            play.truth(),
            tuple(play.amiss()),
            tuple(bench.touched),
            bench.clicked,
            why,
            bench.met,
            looked,
        )


def _looked(play: Play) -> bool:
    """What keeps the page from coming at all is seen, too."""
    try:
        return bool(play.looked())
    except AgentError:
        return True
