"""Secrets: asked for in three places, each of which may fail in its own way, and never quoted."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

import pytest

from agent.errors import ConfigError
from agent.secrets import Secrets
from tests.meta.test_cli import Terminal, agent_  # noqa: F401

SLIPS = [
    (b"\nmall-main: {user_name: c, password: @Geheim123}", "There is a slip in * line 2 *"),
    (b"mall-main:\n  password: 'Geheim123\n  other: a\n\n", "There is a slip in * line 2 *"),
    ("#\nmall-main: {user_name: 林, password: Geheim123}".encode("gbk"), "* not UTF-8 * line 2 *"),
    (b"mall-main: Geheim\x07123", "There is a slip in *"),
    (b"mall-main: Geheim123", "* under mall-main *"),
    (b"Geheim123", "* under mall-main *"),
    (b"mall-main: {password: [Geheim123]}", "* under mall-main *"),
    (b"", "* cannot be opened: *"),
]


@pytest.mark.parametrize(("slip", "says"), SLIPS)
def test_a_slip_in_the_private_file_is_a_finding_that_quotes_nothing(
    agent_: Terminal,  # noqa: F811
    slip: bytes,
    says: str,
) -> None:
    agent_("doctor", "--write-config")
    file = agent_.home / "secrets.yaml"
    file.write_bytes(slip) if slip else file.mkdir()
    ended, table = agent_("doctor", "--json"), agent_("doctor")
    (found,) = [each for each in ended.data("doctor") if each["what"] == "secret password of mall-main"]
    assert ended.code == 2 and not found["well"] and fnmatch(found["told"], says), found
    assert "Geheim" not in ended.out + ended.err + table.out + table.err


def test_a_slip_under_one_account_is_none_of_the_others(tmp_path: Path) -> None:
    file = tmp_path / "secrets.yaml"
    file.write_text("a: {password: 0012}\nb: Geheim123\nc:\n", encoding="utf-8-sig")
    secrets = Secrets({"AGENT_SECRET_B_USER_NAME": "told"}, file)
    assert secrets.get("a", "password") == "0012" and secrets.get("b", "user_name") == "told"
    assert secrets.where("c", "password") is None and secrets.where("d", "password") is None
    with pytest.raises(ConfigError) as wrong:
        secrets.get("b", "password")
    assert "Geheim" not in " ".join(wrong.value.lines())


def test_a_keyring_that_fails_in_a_way_of_its_own_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_asked: str) -> str:
        raise RuntimeError(1312, "CredRead", "A specified logon session does not exist")

    monkeypatch.setattr("keyring.get_password", fails)
    file = tmp_path / "secrets.yaml"
    file.write_text("a: {password: b}", encoding="utf-8")
    assert Secrets({}, file).get("a", "password") == "b"
