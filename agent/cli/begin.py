"""What every command is handed: the data folder, and from it config, ledger and secrets."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import click

from agent import log
from agent.browser.launch import has_screen, this_machine
from agent.cli.reword import reword
from agent.cli.step import TerminalWatcher
from agent.clock import SystemClock
from agent.config import Config, read_config
from agent.errors import AgentError
from agent.home import Home
from agent.ledger import Ledger
from agent.secrets import Secrets
from agent.work.run import Options, Run, always
from agent.work.start import running


@dataclass(frozen=True)
class Start:
    """The data folder."""

    home: Home

    def config(self) -> Config:
        return read_config(self.home.make())

    def known_config(self) -> Config | None:
        """The config, or None while there is none or it has mistakes: for listings that tell more with it."""
        try:
            return self.config()
        except AgentError:
            return None

    def ledger(self) -> Ledger:
        """The ledger, closed when the command ends."""
        ledger = Ledger.open(self.home.make().ledger)
        click.get_current_context().call_on_close(ledger.close)
        return ledger

    def secrets(self) -> Secrets:
        return Secrets(os.environ, self.home.secrets)

    @contextmanager
    def run(
        self,
        config: Config,
        options: Options,
        progress: Callable[[str], None],
        *,
        headed: bool = False,
        headless: bool = False,
        words: str = "",
        touring: bool = False,
    ) -> Iterator[Run]:
        """A run; where a person is to look on, step by step, in a window if there is a screen. `words` say what it is for.

        `touring`: no step waits for its key, and what a flow does not find is asked for behind it.
        """
        log.start(self.home.logs, screen=False)
        watch = TerminalWatcher(stepping=options.attended, free=touring, touring=touring)
        with running(
            self.home,
            config,
            self.secrets(),
            SystemClock(),
            options,
            headed=False if headless else headed or (options.attended and has_screen(this_machine())) or None,
            watch=watch,
            progress=progress,
            confirm=watch.confirm if options.attended else always,
            words=words or " ".join(sys.argv[1:]),
        ) as going:
            watch.write = partial(reword, self.home, going)
            yield going

    @contextmanager
    def look(
        self, config: Config, options: Options, words: str, progress: Callable[[str], None], *, headed: bool | None = None
    ) -> Iterator[Run]:
        """A run that writes nothing at the sites and asks nobody on the way; `words` say in the ledger what it was for."""
        log.start(self.home.logs, screen=False)
        with running(
            self.home,
            config,
            self.secrets(),
            SystemClock(),
            options,
            headed=headed,
            watch=TerminalWatcher(stepping=False),
            progress=progress,
            confirm=always,
            words=words,
        ) as going:
            yield going
