"""The mutants: each guard is taken away in a copy of the program, and the quick campaign, or a test, has to notice.

    python scripts/mutants.py [NAME …]

A mutant is a patch in tests/mutants, named after its guard; the line `Shown by:` before it names the trials of the quick
campaign that it must spoil, `Shown by test:` the tests, or files of them, that must fail. Exit 0 only if each was noticed, and
nothing is noticed where every guard stands. A patch that does not fit any more is an error.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.campaign.judge import DEVIATIONS
from tests.campaign.marketplace_trials import QUICK_MARKETPLACE
from tests.campaign.money_trials import QUICK_MONEY
from tests.campaign.play import AT_ONCE
from tests.campaign.run import Result
from tests.campaign.score import saved
from tests.campaign.trials import QUICK, WHOLE
from tests.market.seller import ROOT

FOLDER = ROOT / "tests" / "mutants"
PARTS = ("agent", "tests", "selectors")  # what runs of the program
SHOWN_BY = "Shown by: "
SHOWN_BY_TEST = "Shown by test: "
TRIALS = (*QUICK, *QUICK_MONEY, *QUICK_MARKETPLACE)
PYTEST = ("pytest", "-q", "-p", "no:cacheprovider")


@dataclass(frozen=True)
class Mutant:
    """A guard taken away, and the quick trials that show it, or the tests (`file`, `file::name`)."""

    patch: Path
    shown_by: tuple[str, ...]
    tests: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.patch.stem


def mutants() -> list[Mutant]:
    """All of them, by name. Raises ValueError for one that names no trial of the quick campaign, and no test that there is."""
    return [_mutant(patch) for patch in sorted(FOLDER.glob("*.patch"))]


def _mutant(patch: Path) -> Mutant:
    tests = _named(patch, SHOWN_BY_TEST)
    for test in tests:
        path, _sep, name = test.partition("::")
        if not (ROOT / path).exists() or (name and f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8")):
            raise ValueError(f"{patch.name}: there is no test {test}")
    return Mutant(patch, () if tests else _shown_by(patch), tests)


def _named(patch: Path, beginning: str) -> tuple[str, ...]:
    told = [line for line in patch.read_text(encoding="utf-8").splitlines() if line.startswith(beginning)]
    return tuple(told[0].removeprefix(beginning).split("; ")) if told else ()


def _shown_by(patch: Path) -> tuple[str, ...]:
    names = _named(patch, SHOWN_BY)
    if not names or set(names) - set(TRIALS):
        raise ValueError(f"{patch.name}: `{SHOWN_BY}` names trials of the quick campaign, apart by `; `; there are {TRIALS}")
    return names


def mutate(mutant: Mutant, folder: Path) -> None:
    """A copy of the program in this folder, without the guard. Raises CalledProcessError where the patch does not fit."""
    copy_program(folder)
    subprocess.run(["git", "apply", "--unidiff-zero", str(mutant.patch)], cwd=folder, check=True)


def copy_program(folder: Path) -> None:
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("config.yaml", "pyproject.toml"):
        shutil.copy(ROOT / file, folder)


def noticed(mutant: Mutant) -> tuple[bool, str]:
    """Whether the quick campaign, or each of its tests, fails for this mutant, and what was said."""
    with tempfile.TemporaryDirectory(prefix="agent-mutant-") as told:
        folder = Path(told)
        mutate(mutant, folder)
        if mutant.tests:
            return _fails_each(mutant.tests, folder)
        return _spoils(mutant.shown_by, folder)


def well_without(mutants: Sequence[Mutant]) -> tuple[bool, str]:
    """Whether all that is to notice these mutants is well in a copy that has every guard: else a failure tells nothing of them."""
    trials = [name for name in TRIALS if any(name in one.shown_by for one in mutants)]
    tests = sorted({test for one in mutants for test in one.tests})
    with tempfile.TemporaryDirectory(prefix="agent-mutant-") as told:
        folder = Path(told)
        copy_program(folder)
        said = []
        for words in (["tests.campaign", "--quick", *trials] if trials else [], [*PYTEST, *tests] if tests else []):
            end = _run(words, folder) if words else None
            if end and end.returncode != 0:
                return False, end.stdout + end.stderr
            said.append(end.stdout if end else "")
    return True, "\n".join(said)


def _run(words: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(folder), "PYTHONUTF8": "1"}
    told = [sys.executable, "-P", "-m", *words]
    return subprocess.run(told, cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8", check=False)


def _spoils(trials: Sequence[str], folder: Path) -> tuple[bool, str]:
    """Whether one of these trials ends as it may not: that the campaign breaks down by itself shows nothing."""
    file = folder / "verdicts.json"
    end = _run(["tests.campaign", "--quick", *trials, "--json", str(file)], folder)
    results = saved(file, 1, WHOLE)
    return end.returncode == 1 and any(map(_shows, results)), end.stdout + end.stderr


def _shows(result: Result) -> bool:
    return AT_ONCE in result.broke or any(verdict.outcome in DEVIATIONS for verdict in result.verdicts)


def _fails_each(tests: Sequence[str], folder: Path) -> tuple[bool, str]:
    """Whether every one of the tests fails in the copy: one that passes there, or cannot be begun, notices nothing."""
    said = []
    for test in tests:
        end = _run([*PYTEST, test], folder)
        said.append(end.stdout + end.stderr)
        if end.returncode != 1 or "FAILED" not in end.stdout:
            return False, "\n".join(said)
    return True, "\n".join(said)


def main(words: Sequence[str] | None = None) -> int:
    every = {one.name: one for one in mutants()}
    parser = argparse.ArgumentParser(prog="scripts/mutants.py", description="Each guard taken away once: is it noticed?")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {', '.join(every)}")
    asked = parser.parse_args(words).names or list(every)
    if unknown := set(asked) - set(every):
        parser.error(f"no such mutant: {', '.join(sorted(unknown))}")
    well, said = well_without([every[name] for name in asked])
    if not well:
        print(f"{said}\nNot all is well where every guard stands: nothing can be said of the mutants.")
        return 1
    missed = []
    for name in asked:
        seen, said = noticed(every[name])
        print(f"{name}: {'noticed' if seen else 'NOT NOTICED'}", flush=True)
        if not seen:
            print(said)
            missed.append(name)
    print(f"{len(asked) - len(missed)} of {len(asked)} mutants noticed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
