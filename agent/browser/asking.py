"""Wait for a person before a step, and where one failed: what comes is framed in the page, and they answer there or in the terminal.

Panel and frames stand there only while somebody is waited for. What they do meanwhile in the page by hand is theirs; what the
page sends through it in the middle of a write is told, so that nobody takes the write for one of ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

from playwright.sync_api import ElementHandle, JSHandle
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page as Tab

import agent.browser.panel as panel
from agent.browser.find import asked, still
from agent.browser.forms import target_form
from agent.browser.retouch import retouch
from agent.browser.stage import Play, Stage
from agent.browser.telling import announce, info_of
from agent.browser.watching import Answer, BackToStart, SentByHand, StepInfo
from agent.errors import AgentError, PageChanged
from agent.models import RequestNote
from agent.sites.contract import CONTRACTS
from agent.sites.definition import Commit, InRow, ListPlace, Step, names_in
from agent.terms import VALUES, VERBS, plain
from agent.words import _

LOOK = 0.1  # seconds between two looks for an answer
SNAPSHOT = 3_000  # milliseconds for the page in words
READS = ("GET", "HEAD", "OPTIONS")


def wants(stage: Stage, play: Play, step: Step) -> bool:
    """Say the step; whether a person, where one is waited for, wants it done. One that is left out is noted."""
    if not announce(stage, play, step):
        return True
    return _noted(stage, play, step, _answer(stage, play, step))


def wants_again(stage: Stage, play: Play, step: Step, error: PageChanged) -> bool:
    """Whether a step that failed is done once more, as a person may have mended it. Raises the error where they let it stand."""
    if stage.sent or error is stage.given_up or not stage.watch.failed(info_of(stage, play, step), error):
        raise error
    answer = _answer(stage, play, step)
    if answer == "leave":
        stage.given_up = error
        raise error
    return _noted(stage, play, step, answer)


def _noted(stage: Stage, play: Play, step: Step, answer: Answer) -> bool:
    if answer == "skip":
        stage.skipped = f"{play.flow.name} {play.number}"
    return answer != "skip"


def _answer(stage: Stage, play: Play, step: Step) -> Answer:
    while True:
        watched = stage.tab is not None and not stage.tab.is_closed() and _writes(stage, play)
        hands = _Hands(stage, stage.here) if watched else None
        answer = _waited(stage, play, step, hands)
        _refuse_sent_by_hand(hands)
        if answer == "back":
            if _may_begin_anew(stage, play):
                raise BackToStart
            stage.watch.tell(_("This flow goes on where another ended; q ends the run, and the next one begins it anew."))
        elif answer in ("edit", "pick"):
            retouch(stage, play, step, by_mouse=answer == "pick")
        else:
            return answer


def _may_begin_anew(stage: Stage, play: Play) -> bool:
    """By itself, or because the job that played it fills the form in anew."""
    contract = CONTRACTS[stage.site.kind].get(play.flow.name)
    return not stage.continues or (contract is not None and contract.continues == "fill_order")


def _waited(stage: Stage, play: Play, step: Step, hands: _Hands | None) -> Answer:
    info = info_of(stage, play, step)
    with _shown(stage, play, step, info):
        while True:
            if hands:
                hands.listen()
            pressed = panel.pressed(stage) if stage.visible else ""
            answer = stage.watch.answer(pressed, LOOK)
            if answer:
                return answer
            (stage.here if stage.tab else stage.blank).wait_for_timeout(1)  # what the page does meanwhile is heard


@contextmanager
def _shown(stage: Stage, play: Play, step: Step, info: StepInfo) -> Iterator[None]:
    """Frames around what the step is about and the panel, where there is a window; else a picture and the page as text."""
    if not stage.visible:
        _keep(stage, info)
        yield
        return
    found = next(_elements(stage, play, step), None)
    panel.show(stage, replace(_text(info), place=found[1] if found else ""), found[0] if found else None)
    try:
        yield
    finally:
        panel.hide(stage)


def _keep(stage: Stage, info: StepInfo) -> None:
    """A picture and the page in words, for somebody without a window; that they cannot be kept stops nothing."""
    if stage.steps_kept is None or stage.page is None:
        return
    picture = stage.steps_kept.if_possible(stage.tab, f"{info.flow}-{info.number}")
    if picture is None:
        return
    with suppress(OSError, PlaywrightError):
        stage.steps_kept.text_beside(picture, stage.here.locator("body").aria_snapshot(timeout=SNAPSHOT))
    stage.watch.tell(_("The page now: {}").format(picture))


def _elements(stage: Stage, play: Play, step: Step) -> Iterator[tuple[ElementHandle, str]]:
    """What the step is about, as far as it stands there now, each with its name."""
    where = play.where(step.where) if isinstance(step, InRow) else {}
    for name in names_in(step):
        place = stage.page.place(name) if stage.page else None
        if place is None or isinstance(place, ListPlace) or not place.find:
            continue
        target = target_form(stage.page, place, stage.page.list_of(name) if stage.page else None, where)
        element = still(lambda _ms, target=target: stage.finder.take(stage.here, "one", target=target, patience=0), 0)  # type: ignore[misc]
        if isinstance(element, ElementHandle):
            yield element, plain(VALUES, name)


@dataclass
class _Hands:
    """Whether a person touches the tab while they are waited for, and what leaves meanwhile."""

    stage: Stage
    tab: Tab
    listening: JSHandle | None = None
    notes: list[RequestNote] = field(default_factory=list)

    def listen(self) -> None:
        """Begin as soon as the page takes it; what it sends on its own way here is its own."""
        if self.listening is None:
            self.listening = still(lambda _ms: self.stage.finder.hold(self.tab, "hands"), 0)
            self.stage.traffic.overheard = self.notes if self.listening else None

    def sent(self) -> tuple[RequestNote, ...]:
        """What a person's hand made the page send; a page that went away meanwhile did so by it."""
        self.stage.traffic.overheard = None
        sent = tuple(note for note in self.notes if note.method not in READS)
        return sent if sent and self._touched() else ()

    def _touched(self) -> bool:
        try:
            return bool(asked(self.tab, "hands => JSON.stringify(hands.stop())", self.listening).json_value() == "true")
        except (PlaywrightError, AgentError):
            return True


def _refuse_sent_by_hand(hands: _Hands | None) -> None:
    sent = hands.sent() if hands else ()
    if sent:
        what = _("While somebody looked on, the page sent {method} {path} by their hand")
        raise SentByHand(what.format(method=sent[0].method, path=sent[0].path), requests=sent)


def _writes(stage: Stage, play: Play) -> bool:
    """Whether the flow has a commit, or one goes on from it."""
    contracts = CONTRACTS[stage.site.kind].values()
    fills = any(contract.commits and contract.continues == play.flow.name == "fill_order" for contract in contracts)
    return fills or any(isinstance(step, Commit) for step in play.flow.steps)


def _text(info: StepInfo) -> panel.PanelText:
    return panel.PanelText(
        title=info.where,
        lines=(plain(VERBS, info.verb), *info.whats),
        buttons=(
            panel.Button("Enter", _("Do it")),
            panel.Button("s", _("Skip")),
            panel.Button("b", _("To the start")),
            panel.Button("p", _("Pick")),
            panel.Button("e", _("Edit")),
            panel.Button("g", _("On to the commit")),
            panel.Button("d", _("No commit in this run")),
            panel.Button("q", _("Stop")),
        ),
    )
