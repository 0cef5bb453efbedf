"""Every patch still fits the program and takes something away; with --long, the quick campaign notices each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaign.mutants import Mutant, mutants, mutate, noticed
from tests.market.seller import ROOT

EACH = pytest.mark.parametrize("mutant", mutants(), ids=lambda mutant: mutant.name)


@EACH
def test_a_mutant_fits_and_changes_the_program_alone(mutant: Mutant, tmp_path: Path) -> None:
    mutate(mutant, tmp_path)
    other = [
        path.relative_to(tmp_path).as_posix()
        for path in tmp_path.rglob("*.py")
        if path.read_bytes() != (ROOT / path.relative_to(tmp_path)).read_bytes()
    ]
    assert other and all(name.startswith("agent/") for name in other)


@pytest.mark.long
@EACH
def test_the_quick_campaign_notices_it(mutant: Mutant) -> None:
    seen, said = noticed(mutant)
    assert seen, said
