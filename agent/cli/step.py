"""Step by step in the terminal: each step in words, one key for what becomes of it; before a commit meant beside shown, and a yes of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import click

from agent.browser.watching import Answer, Rewording, StepInfo
from agent.cli import keys
from agent.cli.tell import say, say_error, table
from agent.errors import AgentError, LeftByPerson
from agent.sites.definition import Site
from agent.terms import VERBS, plain
from agent.words import _

ANSWERS: dict[str, Answer] = {"\n": "do", "s": "skip", "b": "back", "e": "edit", "p": "pick"}


def refused(_change: Rewording) -> Site | None:
    """Nothing can be written into a site file from here."""
    return None


@dataclass
class TerminalWatcher:
    """Who looks on from the terminal. `stepping`: every step waits for a key, and every commit for a yes.

    `free`: until the next commit no step waits. `dry`: nothing is committed any more in this run. `agreed`: the commit that
    comes has its yes.
    """

    stepping: bool
    write: Callable[[Rewording], Site | None] = refused
    free: bool = False
    dry: bool = False
    agreed: bool = False
    may_leave: bool = False
    held: ExitStack = field(default_factory=ExitStack)  # the terminal, while keys are waited for

    @property
    def outlines(self) -> bool:
        return self.stepping

    def step(self, info: StepInfo) -> bool:
        """Say the step; whether its key is waited for. Raises LeftByPerson at a commit that nobody said yes to."""
        if not self.stepping:
            return False
        say(f"{info.where}：{plain(VERBS, info.verb)} {'；'.join(info.whats)}".rstrip())
        if info.commits:
            self._refuse_without_yes()
        if info.commits or info.sent or self.free:
            return False
        return self._wait(
            _("Enter do it · s skip · b back to the start · e edit · p pick · g on to the commit · d dry · q stop")
        )

    def _refuse_without_yes(self) -> None:
        agreed, self.agreed, self.free = self.agreed, False, False
        if self.dry or not agreed:
            raise LeftByPerson(_("Nobody said yes to this commit"))

    def failed(self, info: StepInfo, error: AgentError) -> bool:
        """Say what a step met, and wait for what a person makes of it."""
        if not self.stepping or info.sent:
            return False
        say_error(error)
        self.may_leave = True
        return self._wait(_("Enter try again · e edit · p pick · b back to the start · s skip · l leave it so · q stop"))

    def answer(self, pressed: str, seconds: float) -> Answer | None:
        """What the key says that was pressed in the page, or typed here within so many seconds."""
        try:
            given = self._meant(pressed or keys.key(seconds))
        except BaseException:
            self.held.close()
            raise
        if given:
            self.held.close()
            self.may_leave = False
        return given

    def _meant(self, key: str) -> Answer | None:
        if key in ("q", "quit", keys.END):
            raise KeyboardInterrupt
        if key in ("g", "go"):
            self.free = True
            return "do"
        if key in ("d", "dry"):
            self.dry = True
            say(_("From here on nothing is committed in this run."))
            return None
        if key == "l" and self.may_leave:
            return "leave"
        given = next((answer for typed, answer in ANSWERS.items() if key in (typed, answer)), None)
        if key and given is None:
            say(_("This key means nothing here: {}").format(repr(key)))
        return given

    def _wait(self, keys_told: str) -> bool:
        say(f"  {keys_told}")
        self.held.enter_context(keys.key_by_key())
        return True

    def tell(self, words: str) -> None:
        say(f"  {words}")

    def choose(self, question: str, choices: tuple[str, ...]) -> int | None:
        """By its number; Enter alone takes none."""
        for number, words in enumerate(choices, 1):
            say(f"  {number}  {words}")
        while True:
            told = _asked(question)
            if not told:
                return None
            if told.isdecimal() and 1 <= int(told) <= len(choices):
                return int(told) - 1
            say(_("One of 1 to {}, or Enter for none of them").format(len(choices)))

    def line(self, question: str, before: str) -> str:
        return _asked(question, before)

    def keep(self, change: Rewording) -> Site | None:
        """Write it; what keeps it from being written is said, and nothing is changed then."""
        try:
            return self.write(change)
        except AgentError as error:
            say_error(error)
            return None

    def confirm(self, title: str, pairs: Sequence[tuple[str, str, str]]) -> bool:
        """Show meant beside shown, and ask for the word yes. Silence, Enter or anything else is no; so is a dry run."""
        table((_("what"), _("meant"), _("shown")), pairs, title=title)
        self.agreed = False
        if self.dry:
            say(_("Nothing is committed in this run."))
            return False
        self.agreed = self.free = _asked(_("Type yes to commit this; anything else leaves it")).lower() in ("yes", _("yes"))
        return self.agreed


def _asked(question: str, before: str = "") -> str:
    try:
        return str(click.prompt(question, default=before, show_default=bool(before))).strip()
    except click.exceptions.Abort:
        raise KeyboardInterrupt from None
