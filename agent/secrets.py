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

from agent.errors import ConfigError, PersonNeeded, Where
from agent.words import _

SERVICE = "doudian-purchase-agent"


@dataclass(frozen=True, slots=True)
class Secrets:
    """Answers `<secret.name>` for an account. Where the file was to answer and cannot be read, ConfigError says so, and quotes nothing."""

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
        try:
            data = self._data()
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise self._unreadable(error) from None  # what it says quotes the line
        kept = (data.get(account) or {}) if isinstance(data, dict) else None
        told = (kept.get(name) or "") if isinstance(kept, dict) else None
        if not isinstance(told, str):
            what = _("The private file of secrets does not hold names and values under {}").format(account)
            raise self._wrong(what, 1, _way_to_write())
        return told

    def _data(self) -> object:
        """What the file holds; nothing where there is none."""
        if not self.file.exists():
            return {}
        if os.name == "posix" and self.file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            self.file.chmod(0o600)
        # BaseLoader makes texts, lists and mappings only, and keeps a password like 0012 or `no` as it was typed.
        return yaml.load(self.file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader) or {}

    def _unreadable(self, error: OSError | UnicodeDecodeError | yaml.YAMLError) -> ConfigError:
        if isinstance(error, OSError):
            what = _("The private file of secrets cannot be opened: {}").format(error.strerror)
            return self._wrong(what, 1, _("Make it readable for yourself; `agent doctor` tries it at once."))
        if isinstance(error, UnicodeDecodeError):
            line = error.object[: error.start].count(b"\n") + 1
            what = _("The private file of secrets is not UTF-8 text")
            return self._wrong(what, line, _("Save it as UTF-8 (Notepad: Save as, Encoding)."))
        return self._wrong(_("There is a slip in the private file of secrets"), _line_of(error), _way_to_write())

    def _wrong(self, what: str, line: int, todo: str) -> ConfigError:
        return ConfigError(what, where=Where(file=self.file, line=line), todo=todo, reason="secret")


def _way_to_write() -> str:
    return _(
        "Write user_name and password below the account, each as `name: 'value'` with quotes like these; "
        "`agent doctor` tries it at once."
    )


def _line_of(error: yaml.YAMLError) -> int:
    """The line to look at, from 1, which stands for an unknown one too; of a quote that is never closed the one that opens it."""
    opened = "quoted scalar" in (getattr(error, "context", None) or "")
    mark = getattr(error, "context_mark" if opened else "problem_mark", None)
    return mark.line + 1 if mark else 1


def variable(account: str, name: str) -> str:
    """The environment variable's name: account mall-yiwu, password → AGENT_SECRET_MALL_YIWU_PASSWORD."""
    return "AGENT_SECRET_" + re.sub(r"[^A-Z0-9]+", "_", f"{account}_{name}".upper())


def _from_keyring(name: str) -> str:
    try:
        return keyring.get_password(SERVICE, name) or ""
    except Exception:  # no keyring on this machine, or one that fails in a way of its own: the file is asked next
        return ""
