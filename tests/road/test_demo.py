"""The demo as a newcomer starts it: its first order bought as meant, shipped, and nothing changed by one more run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.market import demo


def test_the_demo_ends_as_its_table_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.main(["--orders", "1", "--home", str(tmp_path / "home")]) == 0, capsys.readouterr().out


@pytest.mark.long
def test_the_whole_demo_ends_as_its_table_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.main(["--home", str(tmp_path / "home")]) == 0, capsys.readouterr().out
