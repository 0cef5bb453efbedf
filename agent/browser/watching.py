"""Who looks on while flows are played: what they are told before each step, and what they may answer.

An account's browser lives in a thread of its own. A watcher that asks somebody is called in the thread that holds the terminal
(see desk.py), for moments only, so that the browser can be looked at between two of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from agent.errors import AgentError, OutcomeUnknown
from agent.models import RequestNote
from agent.sites.definition import Site
from agent.terms import FLOWS, VALUES, plain
from agent.words import _

# do: as it is said · skip: leave this step out, and nothing of this flow counts · back: to the start of the flow ·
# edit, pick: another locator for its place · leave: let the failure stand
Answer = Literal["do", "skip", "back", "edit", "pick", "leave"]


@dataclass(frozen=True, slots=True)
class Touch:
    """One thing a step is about: its name in the file, how it is found ("" for a page), and what is written there, masked where private."""

    name: str
    found_by: str
    text: str


@dataclass(frozen=True, slots=True)
class StepInfo:
    """The step about to be done: `number` of `steps`, its verb, what it is about, and the row it is done in, if in one.

    `commits`: it is the click that writes. `sent`: that click of this flow is done, so nobody is waited for any more.
    """

    account: str
    flow: str
    number: int
    steps: int
    verb: str
    touches: tuple[Touch, ...]
    row: str
    line: int
    commits: bool = False
    sent: bool = False

    @property
    def where(self) -> str:
        """The account, the flow and the number of the step, in words."""
        return _("{account} · {flow} · step {number} of {steps}").format(
            account=self.account, flow=plain(FLOWS, self.flow), number=self.number, steps=self.steps
        )

    @property
    def whats(self) -> tuple[str, ...]:
        """What it does, in words: one for each thing it is about."""
        row = _(" (in the row of {})").format(self.row) if self.row else ""
        return tuple(_touched(touch) + row for touch in self.touches) or (row.strip(),)


def _touched(touch: Touch) -> str:
    name = plain(VALUES, touch.name)
    found = f"{name} ({touch.found_by})" if touch.found_by else name
    return f"{found} ← {touch.text}" if touch.text else found


@dataclass(frozen=True, slots=True)
class Rewording:
    """Other locators for a place, to be written into its site file: `path` as in `pages.login.password`."""

    site: Site
    path: tuple[str, ...]
    locators: tuple[str, ...]


class BackToStart(Exception):
    """A person wants to go back to where the flow begins. Only ever raised before its commit."""


class SentByHand(OutcomeUnknown):
    """The page of a write sent something by the hand of a person who looked on, before our own click."""

    def __init__(self, what: str, *, requests: tuple[RequestNote, ...]) -> None:
        super().__init__(what, reason=OutcomeUnknown.__name__)
        self.requests = requests


class Watcher(Protocol):
    """Who looks on."""

    @property
    def outlines(self) -> bool:
        """Somebody goes through it step by step; what a step is about is framed."""

    def step(self, info: StepInfo) -> bool:
        """Called before each step; whether an answer is waited for. May raise to end the flow."""

    def failed(self, info: StepInfo, error: AgentError) -> bool:
        """What a step met, while somebody may still mend it; whether an answer is waited for."""

    def answer(self, pressed: str, seconds: float) -> Answer | None:
        """What a person answers with the key they pressed in the page, or type here within so many seconds; None: nothing yet."""

    def tell(self, words: str) -> None:
        """Say something beside."""

    def choose(self, question: str, choices: tuple[str, ...]) -> int | None:
        """Which of these a person takes, from 0; None: none of them."""

    def line(self, question: str, before: str) -> str:
        """A line that a person writes, with `before` to begin from; "" for nothing."""

    def keep(self, change: Rewording) -> Site | None:
        """Write another locator into its file; the site as it reads from then on, None where it was not taken."""


@dataclass(frozen=True, slots=True)
class NullWatcher:
    """Nobody looks on."""

    outlines: bool = False

    def step(self, info: StepInfo) -> bool:
        return False

    def failed(self, info: StepInfo, error: AgentError) -> bool:
        return False

    def answer(self, pressed: str, seconds: float) -> Answer | None:
        return "do"

    def tell(self, words: str) -> None:
        return None

    def choose(self, question: str, choices: tuple[str, ...]) -> int | None:
        return None

    def line(self, question: str, before: str) -> str:
        return ""

    def keep(self, change: Rewording) -> Site | None:
        return None
