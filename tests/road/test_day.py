"""The day as it ends: shortened, a few rows that cover the joints between the parts; whole, twice, with other latency and arrival."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from agent.browser.launch import BrowserChoice
from tests.market.day import whole_day
from tests.market.day_table import ORDERS


@pytest.mark.long
def test_a_shortened_day_ends_as_its_table_says(
    tmp_path: Path, choice: BrowserChoice, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = [one for one in ORDERS if one.short]
    good = whole_day(
        tmp_path / "home", 5, Console(width=220), latency=(0.0, 0.05), orders=orders, runs=3, browser=choice.executable
    )
    assert good, capsys.readouterr().out


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
def test_a_whole_day_ends_as_its_table_says(
    tmp_path: Path, choice: BrowserChoice, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    good = whole_day(tmp_path / "home", seed, Console(width=220), browser=choice.executable)
    assert good, capsys.readouterr().out


def test_the_table_is_a_days_work() -> None:
    assert len(ORDERS) >= 40
    assert len({one.number for one in ORDERS}) == len(ORDERS)
    assert {one.shop for one in ORDERS} == {"xiaolin", "shuma"}
