"""Step by step in the terminal: each step in words, one key for what becomes of it; before a commit meant beside shown, and a yes of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import click
from rich.cells import cell_len

from agent.browser.watching import Answer, Rewording, StepInfo
from agent.cli import keys
from agent.cli.tell import say, say_error, table
from agent.errors import AgentError, LeftByPerson
from agent.sites.definition import Site
from agent.terms import VERBS, plain
from agent.words import _, later

ANSWERS: dict[str, Answer] = {keys.ENTER: "do", "s": "skip", "b": "back", "e": "edit", "p": "pick"}
TOLD: dict[Answer, str] = {
    "do": later("done"),
    "skip": later("left out"),
    "back": later("back to the start"),
    "edit": later("another locator"),
    "pick": later("picked with the mouse"),
    "leave": later("left so"),
}


def refused(_change: Rewording) -> Site | None:
    """Nothing can be written into a site file from here."""
    return None


@dataclass
class TerminalWatcher:
    """Who looks on from the terminal. `stepping`: every step waits for a key, and every commit for a yes.

    `free`: until the next commit no step waits. `touring`: nor where one failed, but in the sign-in. `dry`: nothing is
    committed any more in this run. `agreed`: the commit that comes has its yes.
    """

    stepping: bool
    write: Callable[[Rewording], Site | None] = refused
    free: bool = False
    touring: bool = False
    dry: bool = False
    agreed: bool = False
    may_leave: bool = False
    hint: str = ""  # the keys as they were told last
    prompted: bool = False
    held: ExitStack = field(default_factory=ExitStack)  # the terminal, while keys are waited for

    @property
    def outlines(self) -> bool:
        return self.stepping

    def step(self, info: StepInfo) -> bool:
        """Say the step; whether its key is waited for. Raises LeftByPerson at a commit that nobody said yes to."""
        if not self.stepping:
            return False
        self._tell_step(info)
        if info.commits:
            self._refuse_without_yes()
        if info.commits or info.sent or self.free:
            return False
        return self._wait(
            _("Enter does it · s leaves it out · b back to the start · e another locator · p pick it with the mouse")
            + _(" · g on to the commit · d no commit in this run · q stop")
        )

    def _tell_step(self, info: StepInfo) -> None:
        first, *others = info.whats
        verb = plain(VERBS, info.verb)
        say(info.where)
        say(f"  {verb}  {first}".rstrip())
        for words in others:
            say(f"  {' ' * cell_len(verb)}  {words}")

    def _refuse_without_yes(self) -> None:
        agreed, self.agreed, self.free = self.agreed, False, False
        if self.dry or not agreed:
            raise LeftByPerson(_("Nobody said yes to this commit"))

    def failed(self, info: StepInfo, error: AgentError) -> bool:
        """Say what a step met, and wait for what a person makes of it."""
        if not self.stepping or info.sent or (self.touring and info.flow != "log_in"):
            return False
        say_error(error)
        self.may_leave = True
        return self._wait(
            _("Enter tries again · e another locator · p pick it with the mouse · b back to the start")
            + _(" · s leaves it out · l lets it stand · q stop")
        )

    def answer(self, pressed: str, seconds: float) -> Answer | None:
        """What the key says that was pressed in the page, or typed here within so many seconds."""
        self._prompt()
        try:
            given = self._meant(pressed.replace("Enter", keys.ENTER) or keys.key(seconds))
        except BaseException:
            self._end_prompt("")
            self.held.close()
            raise
        if given:
            self._end_prompt(_(TOLD[given]))
            self.held.close()
            self.may_leave = False
        return given

    def _prompt(self) -> None:
        """Show that a key is waited for."""
        if not self.prompted:
            click.echo("  › ", nl=False)
            self.prompted = True

    def _end_prompt(self, words: str) -> None:
        if self.prompted:
            click.echo(words)
            self.prompted = False

    def _meant(self, key: str) -> Answer | None:
        if key in ("q", keys.END):
            raise KeyboardInterrupt
        if key == "g":
            self.free = True
            return "do"
        if key == "d":
            self.dry = True
            self._end_prompt("")
            say(_("From here on nothing is committed in this run."))
            return None
        if key == "l" and self.may_leave:
            return "leave"
        given = ANSWERS.get(key)
        if key and given is None:
            self._end_prompt("")
            say(_("The key {key} means nothing here. {keys}").format(key=repr(key), keys=self.hint))
        return given

    def _wait(self, hint: str) -> bool:
        if hint != self.hint:
            say(f"  {hint}")
            self.hint = hint
        self.held.enter_context(keys.key_by_key())
        return True

    def tell(self, words: str) -> None:
        self._end_prompt("")
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
        keys.forget()
        self.agreed = self.free = _asked(_("Type yes to commit this; anything else leaves it")).lower() in ("yes", _("yes"))
        return self.agreed


def _asked(question: str, before: str = "") -> str:
    try:
        return str(click.prompt(question, default=before, show_default=bool(before))).strip()
    except click.exceptions.Abort:
        raise KeyboardInterrupt from None
