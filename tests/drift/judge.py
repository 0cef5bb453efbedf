"""Judge what came of a change, on the sites' own books. The program's word counts only for what it says of itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tests.drift.kinds import Trial
from tests.drift.play import Told

Outcome = Literal["found", "stopped before", "stopped after", "wrong", "not met"]
OUTCOMES: tuple[Outcome, ...] = ("found", "stopped before", "stopped after", "wrong")


@dataclass(frozen=True)
class Played:
    """What a trial came to. `told`: what the program holds for true, None where it stopped, and `why` says with what.

    `truth`: the same by the sites' books; `amiss`: what stands there and nobody meant; `touched`: the buttons of the change
    itself that were pressed; `clicked`: the click that writes was made. `met`: the change was there when it was looked for.
    """

    told: Told | None
    truth: Told
    amiss: tuple[str, ...]
    touched: tuple[str, ...]
    clicked: bool
    why: str
    met: bool
    looked: bool | None


@dataclass(frozen=True)
class Verdict:
    """What came of one trial. `looked`: whether the look before a run's first write would have stopped it, if it opens that page."""

    trial: str
    kind: str
    scene: str
    outcome: Outcome
    why: str
    looked: bool | None


def judged(trial: Trial, played: Played) -> Verdict:
    outcome, why = _outcome(played)
    scene = trial.scene
    return Verdict(trial.name, trial.kind, f"{scene.site} {scene.play} {scene.page}", outcome, why, played.looked)


def _outcome(played: Played) -> tuple[Outcome, str]:
    if wrong := "; ".join(_wrong(played)):
        return "wrong", f"{wrong}{' · it said: ' + played.why if played.why else ''}"
    if not played.met:
        return "not met", played.why
    if played.told is not None:
        return "found", ""
    return ("stopped after" if played.clicked else "stopped before"), played.why


def _wrong(played: Played) -> Iterator[str]:
    """What must never be: a button of the change pressed, something written that nobody meant, something held for true that is not."""
    yield from (f"pressed: {what}" for what in played.touched)
    yield from played.amiss
    if played.told is not None and played.told != played.truth:
        yield from _differing(played.told, played.truth)


def _differing(told: Any, truth: Any) -> Iterator[str]:
    for word in truth:
        if told.get(word) != truth[word]:
            yield f"{word} is taken for {told.get(word)!r}, and is {truth[word]!r}"


def tally(verdicts: Sequence[Verdict]) -> dict[str, Counter[str]]:
    """Outcome by outcome for each kind of change, with how many the look before would have stopped."""
    rows: dict[str, Counter[str]] = {}
    for one in verdicts:
        row = rows.setdefault(one.kind, Counter())
        row[one.outcome] += 1
        row["looked"] += one.looked is not None
        row["seen"] += one.looked is True
    return rows
