"""Every patch still fits the program and takes something away; with --long, the quick campaign notices each."""

from __future__ import annotations

import subprocess

import pytest

from tests.campaign.mutants import Mutant, mutants, noticed, well_without
from tests.market.seller import ROOT

EACH = pytest.mark.parametrize("mutant", mutants(), ids=lambda mutant: mutant.name)


@EACH
def test_a_mutant_fits_and_changes_the_program_alone(mutant: Mutant) -> None:
    words = ["git", "apply", "--unidiff-zero", "--numstat", "--check", str(mutant.patch)]
    said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    changed = [line.split("\t") for line in said.splitlines()]
    assert changed and all(name.startswith("agent/") and name.endswith(".py") for _added, _removed, name in changed)


@pytest.mark.long
@EACH
def test_the_quick_campaign_notices_it(mutant: Mutant) -> None:
    seen, said = noticed(mutant)
    assert seen, said


@pytest.mark.long
def test_nothing_is_noticed_where_every_guard_stands() -> None:
    well, said = well_without(mutants())
    assert well, said
