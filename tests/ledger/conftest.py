"""A real ledger file for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.ledger import Ledger
from tests.ledger.goods import NOW, order


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    """An open ledger that has read one order of two lines."""
    with Ledger.open(path) as opened:
        opened.save_order(order(), NOW, detail=True)
        yield opened
