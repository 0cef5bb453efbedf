"""Step by step in the terminal: each step in words, one key for what becomes of it; before a commit meant beside shown, and a yes of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import click
from rich.cells import cell_len

from agent.browser.watching import Answer, Rewording, StepInfo
from agent.cli import keys
from agent.cli.tell import columns, say, say_error, say_keys, say_whole, table
from agent.errors import AgentError, LeftByPerson
from agent.sites.definition import Site
from agent.terms import VERBS, plain
from agent.words import _, later

NEEDED = 30  # columns of a terminal in which a step, and meant beside shown, can be read
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
    width: int | None = None  # of the terminal as the step was told
    shown: StepInfo | None = None  # the step whose key is waited for
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
        self.shown = info
        if info.commits:
            self._refuse_without_yes()
        if info.commits or info.sent or self.free:
            return False
        return self._wait(
            _("Enter does it · s leaves it out · b back to the start · e another locator · p pick it with the mouse")
            + _(" · g on to the commit · d no commit in this run · q stop")
        )

    def _tell_step(self, info: StepInfo) -> None:
        self.width = columns()
        if self._is_narrow():
            self._say_narrow()
        first, *others = info.whats
        verb = plain(VERBS, info.verb)
        say_whole(info.where)
        say_whole(f"{verb}  {first}".rstrip(), 2)
        for words in others:
            say_whole(words, 2 if self._is_narrow() else 4 + cell_len(verb))

    def _is_narrow(self) -> bool:
        return self.width is not None and self.width < NEEDED

    def _say_narrow(self) -> None:
        say_whole(_("This terminal is {width} columns wide; {needed} are needed.").format(width=self.width, needed=NEEDED))

    def _tell_again(self) -> None:
        """The terminal has another width now: what stands in it was broken elsewhere."""
        hint, self.hint = self.hint, ""
        self._end_prompt("")
        if self.shown:
            self._tell_step(self.shown)
        self._say_keys(hint)

    def _refuse_without_yes(self) -> None:
        agreed, self.agreed, self.free = self.agreed, False, False
        if self.dry or not agreed:
            raise LeftByPerson(_("Nobody said yes to this commit"))

    def failed(self, info: StepInfo, error: AgentError) -> bool:
        """Say what a step met, and wait for what a person makes of it."""
        if not self.stepping or info.sent or (self.touring and info.flow != "log_in"):
            return False
        self.width, self.shown = columns(), info
        say_error(error)
        self.may_leave = True
        return self._wait(
            _("Enter tries again · e another locator · p pick it with the mouse · b back to the start")
            + _(" · s leaves it out · l lets it stand · q stop")
        )

    def answer(self, pressed: str, seconds: float) -> Answer | None:
        """What the key says that was pressed in the page, or typed here within so many seconds."""
        if columns() != self.width:
            self._tell_again()
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
        self._say_keys(hint)
        self.held.enter_context(keys.key_by_key())
        return True

    def _say_keys(self, hint: str) -> None:
        if hint != self.hint:
            say_keys(hint, 2)
            self.hint = hint

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
        self.agreed = False
        if not self._has_room():
            return False
        table((_("what"), _("meant"), _("shown")), pairs, title=title)
        if self.dry:
            say(_("Nothing is committed in this run."))
            return False
        keys.forget()
        self.agreed = self.free = _asked(_("Type yes to commit this; anything else leaves it")).lower() in ("yes", _("yes"))
        return self.agreed

    def _has_room(self) -> bool:
        """Whether meant and shown can be read beside each other; a person may make the window wider first."""
        while True:
            self.width = columns()
            if not self._is_narrow():
                return True
            self._say_narrow()
            say_whole(_("No commit is asked about in it: what is meant could not be read beside what is shown."))
            keys.forget()
            if _asked(_("Enter once it is wider; n leaves it")):
                return False


def _asked(question: str, before: str = "") -> str:
    try:
        return str(click.prompt(question, default=before, show_default=bool(before))).strip()
    except click.exceptions.Abort:
        raise KeyboardInterrupt from None
