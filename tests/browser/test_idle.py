"""For every verb and every way to find a thing there is a test that fails once it does nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from agent.sites.definition import WAYS
from agent.sites.steps import VERBS
from tests.browser.idle import NAME
from tests.market.seller import ROOT

TESTS = [f"tests/browser/test_{name}.py" for name in ("find", "steps", "rows", "controls", "layers", "reading", "commit")]


@pytest.mark.long
@pytest.mark.parametrize("what", [*(f"verb:{name}" for name in VERBS), *(f"way:{name}" for name in WAYS)])
def test_that_it_does_nothing_is_noticed(what: str) -> None:
    words = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *TESTS]
    end = subprocess.run(words, cwd=ROOT, env={**os.environ, NAME: what}, capture_output=True, text=True, check=False)
    assert end.returncode == 1 and re.search(r"^1 failed|^FAILED ", end.stdout, re.MULTILINE), end.stdout[-2000:]
