"""The one click that writes: the only thing that may run while an attempt is committing, and never repeated.

In this order: the button can be clicked (a trial click) · what is expected afterwards does not hold yet · everything
read and typed is read once more · the dialog is armed · the guard stands in the page · the attempt is on disk · one real
click that waits for nothing · one of the outcomes the flow names, everything else is unclear · all pages are closed.

Until `record` has returned, errors are raised and nothing was sent. From the click on nothing is raised.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from loguru import logger
from playwright.sync_api import ElementHandle, JSHandle
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from agent.browser import asking
from agent.browser.arrive import meet, target_wish
from agent.browser.connections import close_idle
from agent.browser.find import asked, said, still, waited
from agent.browser.forms import Form, target_form
from agent.browser.player import play_steps
from agent.browser.reach import CLICK_TIMEOUT, take
from agent.browser.seen import shown_in, to_compare
from agent.browser.stage import Play, Stage, meaning
from agent.browser.telling import blamed
from agent.errors import AgentError, LeftByPerson, LimitReached, Mismatch, PageChanged, SiteRefused, Where
from agent.models import CommitEnd, CommitFacts, CommitOutcome, Reading, ReadValue
from agent.sites.definition import Commit, Expect, ListPlace, Place, Step
from agent.words import _

SLICE = 0.25  # seconds between two looks for an outcome
TWICE = 2  # looks in a row that must see the site's own no, before it counts as the outcome


@dataclass
class _Click:
    """What is known of one commit click."""

    expects: Expect
    where: Mapping[str, str]
    rest: tuple[Step, ...]
    pictures: list[Path] = field(default_factory=list)
    reached: bool = False  # something of the click came through to the page before the guard ended it


def commit(
    stage: Stage, play: Play, step: Commit, after: tuple[Step, ...], record: Callable[[CommitFacts], None]
) -> CommitOutcome:
    """Do the commit step. Raises before the click only; returns with every page closed."""
    _refuse_unwanted(stage, play, step)
    with blamed(stage, play, step):
        click = _Click(*_expected(play, after))
        place, target = _button(stage, step)
        if not close_idle(stage.context):
            logger.bind(account=stage.account).warning("{}: idle connections could not be closed", stage.account)
        stage.begin_act()
        _leave_box(stage)
        element = take(stage, target, step.place, place)
        _trial(element, step.place, place)
        _refuse_already_done(stage, click)
        wish, expected = _compared(stage)
        facts = CommitFacts(_address(stage), stage.site.flow_hash(play.flow.name), _facts(expected), _values(play, expected))
        click.pictures += _picture(stage, play, "before")
        guard = stage.finder.hold(stage.here, "guard", element=element, target=target, wish=wish, expected=expected)
        stage.begin_act()
    stage.traffic.arm(step.browser_asks)
    try:
        with blamed(stage, play, step):
            record(facts)
        stage.sent = True
        return _click(stage, play, click, element, guard)
    finally:
        stage.traffic.disarm()
        stage.sent = False


def _refuse_unwanted(stage: Stage, play: Play, step: Commit) -> None:
    """Raise LeftByPerson where somebody who looks on does not want it, or left a step out before it."""
    if not asking.wants(stage, play, step) or stage.skipped:
        raise LeftByPerson(_("It was left out by hand, so nothing is committed"), where=Where(account=stage.account))


def _expected(play: Play, after: tuple[Step, ...]) -> tuple[Expect, dict[str, str], tuple[Step, ...]]:
    if not after or not isinstance(after[0], Expect):
        raise PageChanged(_("The flow says nothing of what comes after its commit; add an `expect:` right behind it"))
    return after[0], play.where(after[0].where), after[1:]


def _button(stage: Stage, step: Commit) -> tuple[Place, Form]:
    place = stage.page.place(step.place) if stage.page else None
    if place is None or isinstance(place, ListPlace):
        raise PageChanged(_("The page the flow is on has no button {}").format(step.place))
    return place, {**target_form(stage.page, place), "agreed": True}


def _leave_box(stage: Stage) -> None:
    """Some boxes drop what was typed, or make something else of it, when they are left: that comes before anything is compared."""
    if stage.finder.ask(stage.here, "leave"):
        stage.settle()


def _trial(element: ElementHandle, name: str, place: Place) -> None:
    try:
        element.click(trial=True, timeout=CLICK_TIMEOUT)
    except PlaywrightTimeout as error:
        raise PageChanged(
            _("{} cannot be clicked; something covers it or it is greyed out").format(said(name, place.find))
        ) from error


def _refuse_already_done(stage: Stage, click: _Click) -> None:
    wishes = [target_wish(stage, name, click.where) for name in click.expects.targets]
    if any(stage.met(wishes)):
        raise PageChanged(
            _("What is expected after the commit stands there already: {}").format(", ".join(click.expects.targets)),
            todo=_("Name something in that `expect:` which only the site's yes brings."),
        )


def _address(stage: Stage) -> str:
    return stage.here.url.split("#")[0].split("?")[0]  # what follows may hold a buyer's data


# ---- what is compared ------------------------------------------------------------------------------------------------


def _compared(stage: Stage) -> tuple[Form, Form]:
    """What the guard reads inside the click, and what it must find: all that was read and is held on this page."""
    document = stage.finder.ask(stage.here, "page")
    read = to_compare(stage, document)
    held = {name: one for name, one in stage.held.items() if one.document == document}
    wish: Form = {
        "scope": read[-1].scope if read else [],
        "places": [one.form for one in read if one.part == "places"],
        "lists": [one.form for one in read if one.part == "lists"],
        "held": [one.form for one in held.values()],
    }
    now = _again(stage, wish)
    _refuse_difference({part: shown_in(read, part) for part in ("places", "lists")}, now)
    for name, one in held.items():
        if now["held"][name] is not None and now["held"][name] != one.shown:
            raise Mismatch(_("{} does not show any more what was put there").format(name))
    wish["held"] = [one.form for name, one in held.items() if now["held"][name] is not None]
    kept = {name: shown for name, shown in now["held"].items() if shown is not None}
    if not read and not kept:
        raise PageChanged(
            _("Nothing that was read or typed stands on the page, so nothing could be compared before the commit")
        )
    return wish, {"places": now["places"], "lists": now["lists"], "held": kept}


def refuse_no_click(stage: Stage, play: Play, step: Commit, after: tuple[Step, ...]) -> None:
    """Raise what would be raised before the click of this commit; nothing is clicked."""
    with blamed(stage, play, step):
        click = _Click(*_expected(play, after))
        place, target = _button(stage, step)
        stage.begin_act()
        _trial(take(stage, target, step.place, place), step.place, place)
        _refuse_already_done(stage, click)


def shown_at_commit(stage: Stage) -> dict[str, str]:
    """What would be compared if the commit came now, by name, as shown."""
    return _facts(_compared(stage)[1])


def _again(stage: Stage, wish: Form) -> Form:
    def look(milliseconds: float) -> Form | None:
        answer: Form = stage.finder.ask(stage.here, "read", wish=wish, patience=milliseconds)
        return answer if answer["steady"] else None

    answer = waited(look, stage.patience.page, stage.look_around)
    if answer is None:
        raise PageChanged(_("The page does not come to rest before the commit"))
    return answer  # type: ignore[no-any-return]


def _refuse_difference(before: Form, now: Form) -> None:
    for part in ("places", "lists"):
        for name, shown in before[part].items():
            if now[part][name] != shown:
                raise Mismatch(_("{} changed on the page between reading and the commit").format(name))


def _facts(expected: Form) -> dict[str, str]:
    """All that is compared, by name, as shown; the cells of lists as `lines.1.title`."""
    facts = {name: str(shown) for name, shown in expected["held"].items()}
    for list_name, shown in expected["lists"].items():
        for number, row in enumerate(shown["rows"], 1):
            facts |= {f"{list_name}.{number}.{name}": str(one.get("raw", "")) for name, one in row.items()}
    return facts | {name: str(one.get("raw", "")) for name, one in expected["places"].items()}


def _values(play: Play, expected: Form) -> dict[str, ReadValue]:
    """What was read and is compared in the click, parsed: it stands there unchanged, or the click is stopped."""
    there = {*expected["places"], *expected["lists"]}
    return {name: value for name, value in play.read.items() if name in there}


# ---- the click and what comes of it ----------------------------------------------------------------------------------


def _click(stage: Stage, play: Play, click: _Click, element: ElementHandle, guard: JSHandle) -> CommitOutcome:
    """From here on nothing is raised: whatever happens is an outcome, and what is not understood is unclear."""
    end: CommitEnd = "unclear"
    words, reading = "", None
    try:
        element.click(no_wait_after=True, timeout=CLICK_TIMEOUT)
        end, words = _outcome(stage, click, guard)
        if end == "expected":
            reading = _read_on(stage, play, click)
        if stage.traffic.asked_again:
            end, words, reading = "unclear", _("the site asked a second time, and was answered with no"), None
    except Exception as error:  # any exception from the click on, of any class, proves nothing
        end, words = "unclear", _told(error)
        if (stopped := _stopped(stage, click, guard)) is not None:
            end, words = stopped
    dialogs = tuple(stage.traffic.dialogs)
    click.pictures += _picture(stage, play, "after")
    fault = _fence(stage)
    notes = tuple(stage.traffic.notes or ()) or (None if fault else ())
    if end == "stopped" and click.reached and (notes is None or any(note.method != "GET" for note in notes)):
        end = "unclear"  # the page may have acted on the mouse coming down, and sent something of it a moment later
    return CommitOutcome(end, words or fault, notes, dialogs, reading, tuple(click.pictures))


def _outcome(stage: Stage, click: _Click, guard: JSHandle) -> tuple[CommitEnd, str]:
    deadline = time.monotonic() + stage.patience.settle
    told_no = 0
    while True:
        if (stopped := _stopped(stage, click, guard)) is not None:
            return stopped
        if meet(stage, click.expects, click.where, SLICE * 1000):
            _await_writes(stage, deadline)
            return "expected", ""
        words = stage.said() - stage.before
        told_no = told_no + 1 if words and not stage.traffic.busy() else 0
        if told_no >= TWICE:
            return _no(stage, words)
        if stage.traffic.fault and not stage.traffic.busy():
            return "unclear", _("the site answers {}").format(stage.traffic.fault)
        if time.monotonic() >= deadline:
            return "unclear", _("nothing of what was expected came")


def _no(stage: Stage, words: frozenset[str]) -> tuple[CommitEnd, str]:
    """The site's own words: a refusal if that is what they mean, else unclear."""
    word = next(one for one in stage.site.messages if one in words)
    refusal = isinstance(meaning(stage.site, word), SiteRefused | LimitReached)
    return ("refused" if refusal else "unclear"), word


def _stopped(stage: Stage, click: _Click, guard: JSHandle) -> tuple[CommitEnd, str] | None:
    """The outcome where the guard ended the click. A page that is gone let the click through."""
    try:
        state: dict[str, Any] = json.loads(asked(stage.here, "guard => JSON.stringify(guard.look())", guard).json_value())
    except (PlaywrightError, AgentError):
        return None
    if state["differs"] is None:
        return None
    click.reached = bool(state["through"])
    return "stopped", _("{} changed on the page under the click").format(state["differs"])


def _await_writes(stage: Stage, deadline: float) -> None:
    """The commit's own requests end before anything else is done: going away would take them back."""
    while stage.traffic.busy(writes_only=True) and time.monotonic() < deadline:
        still(lambda ms: stage.finder.ask(stage.here, "quiet", rest=50, patience=ms), SLICE * 1000)


def _read_on(stage: Stage, play: Play, click: _Click) -> Reading:
    """What is read from here on, and nothing that stood there before the click."""
    play.read.clear()
    play.raw.clear()
    play_steps(stage, play, click.rest)
    return play.reading(stage.chosen)


def _picture(stage: Stage, play: Play, when: str) -> list[Path]:
    picture = stage.evidence.if_possible(stage.tab, f"{play.flow.name}-{when}")
    return [picture] if picture else []


def _fence(stage: Stage) -> str:
    """Stop every page and close it. What went wrong with that, in words: then nobody knows all that left."""
    faults = []
    for act in (stage.stop_scripts, stage.close_tabs):
        try:
            act()
        except (PlaywrightError, AgentError) as error:
            faults.append(_told(error))
    return " · ".join(faults)


def _told(error: Exception) -> str:
    """What went wrong, in one line: what Playwright tells below it quotes the page."""
    return f"{type(error).__name__}: {next(iter(str(error).splitlines()), '')}"
