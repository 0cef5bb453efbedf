"""Step by step in the terminal: the next step in words, Enter or q; before a commit what was meant and what is shown, and a yes of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import click

from agent.browser.stage import StepInfo
from agent.cli.tell import say, table
from agent.terms import FLOWS, plain
from agent.words import _


@dataclass(frozen=True, slots=True)
class TerminalWatcher:
    """Who looks on from the terminal. `stepping`: every step waits for Enter."""

    stepping: bool

    @property
    def outlines(self) -> bool:
        return self.stepping

    def step(self, info: StepInfo) -> None:
        """Say the step; q ends the run, with what is open left to the next one."""
        if not self.stepping:
            return
        words = " ".join(part for part in (info.verb, info.place, info.text) if part)
        say(
            _("{account} · {flow} · step {number} of {steps}: {words}").format(
                account=info.account, flow=plain(FLOWS, info.flow), number=info.number, steps=info.steps, words=words
            )
        )
        if _key(_("Enter does it, q ends")) == "q":
            raise KeyboardInterrupt


def ask_commit(title: str, pairs: Sequence[tuple[str, str, str]]) -> bool:
    """Show meant beside shown, and ask for the word yes. Silence, Enter or anything else is no."""
    table((_("what"), _("meant"), _("shown")), pairs, title=title)
    return _key(_("Type yes to commit this; anything else leaves it")) in ("yes", _("yes"))


def _key(prompt: str) -> str:
    try:
        return str(click.prompt(prompt, default="", show_default=False)).strip().lower()
    except click.exceptions.Abort:
        raise KeyboardInterrupt from None
