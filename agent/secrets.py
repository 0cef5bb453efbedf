"""User names and passwords: from the environment, else the system's keyring, else a private file. Never in config.yaml.

`doctor` says which of the three answered, never what.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import keyring
import yaml
from keyring.errors import KeyringError

from agent.errors import PersonNeeded, Where
from agent.words import _

SERVICE = "doudian-purchase-agent"


@dataclass(frozen=True, slots=True)
class Secrets:
    """Answers `<secret.name>` for an account."""

    environment: Mapping[str, str]
    file: Path

    def get(self, account: str, name: str) -> str:
        """The secret, or PersonNeeded naming the three places where it may be put."""
        found = self.where(account, name)
        if found is None:
            raise PersonNeeded(
                _("The secret {name} of account {account} is not set").format(name=name, account=account),
                where=Where(account=account, file=self.file),
                todo=_("Set the environment variable {}, or write it into that file.").format(variable(account, name)),
                reason="secret",
            )
        return found[1]

    def where(self, account: str, name: str) -> tuple[str, str] | None:
        """(which of the three places, the secret), or None."""
        if told := self.environment.get(variable(account, name)):
            return (_("environment"), told)
        if told := _from_keyring(f"{account}.{name}"):
            return (_("keyring"), told)
        if told := self._from_file(account, name):
            return (_("private file"), told)
        return None

    def _from_file(self, account: str, name: str) -> str:
        if not self.file.exists():
            return ""
        if os.name == "posix" and self.file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            self.file.chmod(0o600)
        # BaseLoader makes texts, lists and mappings only, and keeps a password like 0012 or `no` as it was typed.
        data = yaml.load(self.file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader) or {}
        kept = data.get(account, {}) if isinstance(data, dict) else {}
        return str(kept.get(name, "")) if isinstance(kept, dict) else ""


def variable(account: str, name: str) -> str:
    """The environment variable's name: account mall-yiwu, password → AGENT_SECRET_MALL_YIWU_PASSWORD."""
    return "AGENT_SECRET_" + re.sub(r"[^A-Z0-9]+", "_", f"{account}_{name}".upper())


def _from_keyring(name: str) -> str:
    try:
        return keyring.get_password(SERVICE, name) or ""
    except KeyringError:  # no keyring on this machine: the file is asked next
        return ""
