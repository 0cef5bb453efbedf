"""What of an account a session needs to know, and where it keeps things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from agent.sites.definition import BrowserKind, Manners


class AccountLimits(Protocol):
    @property
    def wait_for_page(self) -> float | None: ...
    @property
    def settle(self) -> float | None: ...


class Account(Protocol):
    """What of an account a session needs to know (agent/config.py has the whole)."""

    @property
    def name(self) -> str: ...
    @property
    def shows(self) -> str: ...
    @property
    def hosts(self) -> Mapping[str, str]: ...
    @property
    def manners(self) -> Manners | None: ...
    @property
    def limits(self) -> AccountLimits: ...
    @property
    def browser(self) -> BrowserKind | None: ...


@dataclass(frozen=True, slots=True)
class Folders:
    """Where a session keeps things: sign-ins, pictures, the profiles of accounts with their own Chrome; and finds files to give.

    In `steps` lies what a person who goes step by step without a window looks at.
    """

    sign_ins: Path
    evidence: Path
    profiles: Path
    files: Path
    steps: Path
