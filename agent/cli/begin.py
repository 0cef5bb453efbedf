"""What every command is handed: the data folder, and from it config, ledger and secrets."""

from __future__ import annotations

import os
from dataclasses import dataclass

import click

from agent.config import Config, read_config
from agent.home import Home
from agent.ledger import Ledger
from agent.secrets import Secrets


@dataclass(frozen=True)
class Start:
    """The data folder."""

    home: Home

    def config(self) -> Config:
        return read_config(self.home.make())

    def ledger(self) -> Ledger:
        """The ledger, closed when the command ends."""
        ledger = Ledger.open(self.home.make().ledger)
        click.get_current_context().call_on_close(ledger.close)
        return ledger

    def secrets(self) -> Secrets:
        return Secrets(os.environ, self.home.secrets)
