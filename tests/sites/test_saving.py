"""An edited file on the disk: checked before it is written, its old version kept, never over what somebody changed meanwhile."""

from __future__ import annotations

import os
import stat
from datetime import datetime
from pathlib import Path

import pytest

from agent.errors import ConfigError
from agent.models import SHANGHAI
from agent.sites import saving
from agent.sites.document import Problems, text_of
from agent.sites.editor import changed, save

NOW = datetime(2026, 11, 29, 18, 0, 0, tzinfo=SHANGHAI)
SELECTORS = Path(__file__).parents[2] / "selectors"
MALL = text_of(SELECTORS / "mall.yaml")


@pytest.fixture
def mall(tmp_path: Path) -> Path:
    path = tmp_path / "selectors" / "mall.yaml"
    path.parent.mkdir()
    path.write_bytes(MALL.encode())
    path.chmod(0o640)
    return path


def test_a_file_is_saved_and_its_old_version_kept(mall: Path, tmp_path: Path) -> None:
    new = changed(MALL, "pages.order_form.phone", "label=手机")
    kept = save(mall, MALL, new, tmp_path / "old", NOW)
    assert mall.read_bytes() == new.encode() and kept.read_bytes() == MALL.encode()
    assert kept.name == "mall-20261129-180000.yaml"
    assert [path.name for path in mall.parent.iterdir()] == ["mall.yaml"]
    again = save(mall, new, MALL, tmp_path / "old", NOW)
    assert again.name == "mall-20261129-180000-2.yaml" and again.read_bytes() == new.encode()
    if os.name == "posix":
        assert stat.S_IMODE(mall.stat().st_mode) == 0o640
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_every_mistake_is_told_with_the_real_file_and_line_and_nothing_is_written(mall: Path, tmp_path: Path) -> None:
    new = MALL.replace("label=手机", "x").replace("phone: css=input[name=mobile]", "phone: lable=手机")
    new = new.replace("settle: 20 s", "settle: soon")
    with pytest.raises(Problems) as told:
        save(mall, MALL, new, tmp_path / "old", NOW)
    assert [(problem.file, problem.line) for problem in told.value.problems] == [(mall, 14), (mall, 77)]
    assert mall.read_bytes() == MALL.encode() and not (tmp_path / "old").exists()


def test_a_file_that_somebody_changed_meanwhile_is_left_and_both_are_shown(mall: Path, tmp_path: Path) -> None:
    theirs = MALL.replace("name: 小商城", "name: 大商城")
    mall.write_text(theirs, encoding="utf-8")
    with pytest.raises(ConfigError) as told:
        save(mall, MALL, changed(MALL, "pages.order_form.phone", "label=手机"), tmp_path / "old", NOW)
    assert "-name: 小商城\n+name: 大商城" in told.value.what and told.value.where.file == mall
    assert text_of(mall) == theirs and not (tmp_path / "old").exists()


def test_a_change_right_before_the_writing_is_seen_too(mall: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = saving._keep

    def keeps(*told: object) -> Path:
        mall.write_text("theirs", encoding="utf-8")
        return keep(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(saving, "_keep", keeps)
    with pytest.raises(ConfigError, match="meanwhile"):
        save(mall, MALL, changed(MALL, "pages.order_form.phone", "label=手机"), tmp_path / "old", NOW)
    assert [(path.name, text_of(path)) for path in mall.parent.iterdir()] == [("mall.yaml", "theirs")]


@pytest.mark.parametrize("fails", ["open", "replace"])
def test_a_folder_that_cannot_be_written_is_told(
    mall: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    """As the system says it; a test that runs as root may write anywhere."""

    def refuses(*_told: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(saving.os, fails, refuses)
    with pytest.raises(ConfigError) as told:
        save(mall, MALL, changed(MALL, "pages.order_form.phone", "label=手机"), tmp_path / "old", NOW)
    assert "Permission denied" in told.value.what and told.value.where.file == mall
    monkeypatch.undo()
    assert [(path.name, text_of(path)) for path in mall.parent.iterdir()] == [("mall.yaml", MALL)]


def test_a_link_stays_a_link(mall: Path, tmp_path: Path) -> None:
    link = tmp_path / "mall.yaml"
    try:
        link.symlink_to(mall)
    except OSError:
        pytest.skip("no links here")
    new = changed(MALL, "pages.order_form.phone", "label=手机")
    save(link, MALL, new, tmp_path / "old", NOW)
    assert link.is_symlink() and text_of(mall) == new
