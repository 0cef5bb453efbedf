"""The data folder: everything the program keeps, apart from the program, so that a new clone never means an empty ledger."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from agent.errors import ConfigError
from agent.words import _

SHIPPED_SITES = Path(__file__).resolve().parent.parent / "selectors"
EXAMPLES = SHIPPED_SITES / "examples"  # of sites that nobody here sells at, to copy from


@dataclass(frozen=True, slots=True)
class Home:
    """Paths inside one data folder. Made private (0700) where the system knows modes."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "config.yaml"

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.db"

    @property
    def backups(self) -> Path:
        """Copies of the ledger, made each day and before its tables change; as private as the ledger."""
        return self.folder / "backups"

    @property
    def lock(self) -> Path:
        return self.folder / "ledger.lock"

    @property
    def sign_ins(self) -> Path:
        return self.folder / "sign-ins"

    @property
    def profiles(self) -> Path:
        """The own browsers of accounts, a folder each; their sign-ins lie in them, so no report or log ever holds a part."""
        return self.folder / "profiles"

    @property
    def evidence(self) -> Path:
        return self.folder / "evidence"

    @property
    def files(self) -> Path:
        """The seller's own files that a flow may give to a site, by name."""
        return self.folder / "files"

    @property
    def steps(self) -> Path:
        """What a person who goes step by step without a window looks at."""
        return self.folder / "steps"

    @property
    def drafts(self) -> Path:
        """What was shown so far of sites whose file is not written yet."""
        return self.folder / "drafts"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def reports(self) -> Path:
        return self.folder / "reports"

    @property
    def secrets(self) -> Path:
        return self.folder / "secrets.yaml"

    @property
    def placed_orders(self) -> Path:
        return self.folder / "placed_orders.csv"

    @property
    def site_folders(self) -> tuple[Path, ...]:
        """Where site files are looked for: the seller's own first."""
        return (self.folder / "selectors", SHIPPED_SITES)

    @property
    def site_versions(self) -> Path:
        """What the seller's site files were before each change that the program made in them."""
        return self.folder / "site-versions"

    def make(self) -> Home:
        """Make the folders. Raises ConfigError where they cannot be written."""
        for folder in (self.folder, self.sign_ins, self.evidence, self.logs):
            try:
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            except OSError as e:
                raise ConfigError(
                    _("The data folder cannot be written: {}").format(e),
                    todo=_("Choose another one with `--home FOLDER`."),
                ) from e
        if not os.access(self.folder, os.W_OK):
            raise ConfigError(
                _("The data folder is read-only: {}").format(self.folder),
                todo=_("Choose another one with `--home FOLDER`."),
            )
        return self


def home_of(told: str | None, environment: dict[str, str]) -> Home:
    """The data folder: `--home`, else AGENT_HOME, else the system's place for a user's data."""
    folder = told or environment.get("AGENT_HOME") or platformdirs.user_data_dir("doudian-purchase-agent", appauthor=False)
    return Home(Path(folder).expanduser().resolve())
