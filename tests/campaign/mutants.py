"""The mutants: each guard is taken away in a copy of the program, and the quick campaign, or a test, has to notice.

    python scripts/mutants.py [NAME …]

A mutant is a patch in tests/mutants, named after its guard; the line `Shown by:` before it names the trials of the quick
campaign that it must spoil, `Shown by test:` the tests, or files of them, that must fail. Exit 0 only if each was noticed. A patch that does not
fit any more is an error.
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

from tests.campaign.trials import QUICK
from tests.market.seller import ROOT

FOLDER = ROOT / "tests" / "mutants"
PARTS = ("agent", "tests", "selectors")  # what runs of the program
SHOWN_BY = "Shown by: "
SHOWN_BY_TEST = "Shown by test: "


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
    if not names or set(names) - set(QUICK):
        raise ValueError(
            f"{patch.name}: `{SHOWN_BY}` names trials of the quick campaign, apart by `; `; there are {list(QUICK)}"
        )
    return names


def mutate(mutant: Mutant, folder: Path) -> None:
    """A copy of the program in this folder, without the guard. Raises CalledProcessError where the patch does not fit."""
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "config.yaml", folder)
    subprocess.run(["git", "apply", "--unidiff-zero", str(mutant.patch)], cwd=folder, check=True)


def noticed(mutant: Mutant) -> tuple[bool, str]:
    """Whether the quick campaign, or each of its tests, fails for this mutant, and what was said."""
    with tempfile.TemporaryDirectory(prefix="agent-mutant-") as told:
        folder = Path(told)
        mutate(mutant, folder)
        if mutant.tests:
            return _noticed_by_tests(mutant, folder)
        words = [sys.executable, "-P", "-m", "tests.campaign", "--quick", *mutant.shown_by]
        env = {**os.environ, "PYTHONPATH": str(folder), "PYTHONUTF8": "1"}
        end = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
    return end.returncode == 1 and "Trials" in end.stdout, end.stdout + end.stderr


def _noticed_by_tests(mutant: Mutant, folder: Path) -> tuple[bool, str]:
    """Whether every one of the tests fails in the copy: one that passes there, or cannot be begun, notices nothing."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    env = {**os.environ, "PYTHONPATH": str(folder), "PYTHONUTF8": "1"}
    said = []
    for test in mutant.tests:
        words = [sys.executable, "-P", "-m", "pytest", "-q", "-p", "no:cacheprovider", test]
        end = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
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
