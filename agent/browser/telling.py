"""Say which step comes, and of a failure where it happened: the step, the line of the file, a picture."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from loguru import logger
from playwright.sync_api import Error as PlaywrightError

from agent.browser.find import moved
from agent.browser.stage import PRIVATE, Play, Stage
from agent.browser.watching import StepInfo, Touch
from agent.errors import AgentError, PageChanged, PageLost, SiteUnavailable
from agent.sites.definition import Choose, Clear, Commit, Fill, InRow, Open, Place, Press, Step, Template, Tick, names_in
from agent.words import _

# What Playwright says of a box into which the text cannot be typed.
NO_TEXT = ("Cannot type text into", "cannot be filled", "Malformed value", "Element is not an <input>")


def announce(stage: Stage, play: Play, step: Step) -> bool:
    """Say which step comes now, to whoever looks on; whether their answer is waited for."""
    stage.counts["steps"] += 1
    return stage.watch.step(info_of(stage, play, step))


def log_done(stage: Stage, play: Play, step: Step) -> None:
    account, flow, number, place = stage.account, play.flow.name, play.number, ", ".join(names_in(step))
    logger.bind(account=account, flow=flow, step=number, place=place).debug(
        "{}: {} step {} of {} done: {} {}", account, flow, number, play.steps, _verb(step), place
    )


@contextmanager
def blamed(stage: Stage, play: Play, step: Step) -> Iterator[None]:
    """Say of a failure in here at which step it happened, at which line of the file, with a picture."""
    try:
        yield
    except AgentError as error:
        raise _at(stage, play, step, _or_lost(stage, error)) from error.__cause__
    except PlaywrightError as error:
        translated = _translated(error)
        if translated.reason == "fault":  # where it was, without its words: its call log quotes what was typed
            logger.error("a step failed unforeseen:\n{}", "".join(traceback.format_tb(error.__traceback__)))
        raise _at(stage, play, step, translated) from None


def _or_lost(stage: Stage, error: AgentError) -> AgentError:
    """A page is not another one because something of it did not come."""
    unanswered = stage.unanswered()
    if not unanswered or not isinstance(error, PageChanged):
        return error
    return PageLost(_("The page got no answer to a request of its own ({why}). {what}").format(why=unanswered, what=error.what))


def _at(stage: Stage, play: Play, step: Step, error: AgentError) -> AgentError:
    error.at(account=stage.account, flow=play.flow.name, file=stage.site.path, line=step.line)
    error.at(step=play.number, steps=play.steps)
    if error.where.evidence is None:
        error.at(evidence=stage.evidence.if_possible(stage.tab, f"{play.flow.name}-{play.number}"))
    logger.bind(account=stage.account, flow=play.flow.name, step=play.number).warning(
        "{}: {} stopped at step {} of {}: {}", stage.account, play.flow.name, play.number, play.steps, type(error).__name__
    )
    return error


def _translated(error: PlaywrightError) -> AgentError:
    """What Playwright could not do, in our words. Anything unknown is a fault of ours: only its first line quotes no value."""
    message = error.message.splitlines()[0] if error.message else type(error).__name__
    if "closed" in message or "crash" in message.lower():
        return SiteUnavailable(_("The browser or its page was closed under the work"))
    if "net::" in message or moved(error):
        return PageLost(_("The page was lost while it was being worked on: {}").format(message))
    if "Timeout" in message:
        return PageChanged(_("What was found could not be used: {}").format(message))
    if any(words in message for words in NO_TEXT):
        return PageChanged(_("The box takes no such text: {}").format(message))
    return AgentError(
        _("A fault of this program stopped the step: {}").format(message),
        todo=_("Report it with the last lines of the log."),
        reason="fault",
    )


def info_of(stage: Stage, play: Play, step: Step) -> StepInfo:
    """The step in words. A nested one goes by the number of the one it stands in."""
    if step in play.flow.steps:
        play.number = play.flow.steps.index(step) + 1
    row = "" if isinstance(step, Clear) or not isinstance(step, InRow) else _row(play, step)
    return StepInfo(
        account=stage.account,
        flow=play.flow.name,
        number=play.number,
        steps=play.steps,
        verb=_verb(step),
        touches=tuple(_touches(stage, play, step)),
        row=row,
        line=step.line,
        commits=isinstance(step, Commit),
        sent=stage.sent,
    )


def _row(play: Play, step: InRow) -> str:
    return ", ".join(_shown(play, template) for _name, template in step.where)


def _touches(stage: Stage, play: Play, step: Step) -> Iterator[Touch]:
    match step:
        case Open(page=page):
            yield Touch(page, "", "")
        case Press(key=key):
            yield Touch(key, "", "")
        case Fill(items=items) | Choose(items=items):
            for name, template in items:
                yield Touch(name, _found_by(stage, name), _shown(play, template))
        case Tick(place=place, wanted=wanted):
            yield Touch(place, _found_by(stage, place), _("on") if wanted else _("off"))
        case _:
            for name in names_in(step):
                yield Touch(name, _found_by(stage, name), "")


def _found_by(stage: Stage, name: str) -> str:
    """How a place is found, as its file says it."""
    place = stage.page.place(name) if stage.page else None
    return " / ".join(str(one) for one in place.find) if isinstance(place, Place) else ""


def _verb(step: Step) -> str:
    """`ForEachLine` → `for_each_line`."""
    return "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in type(step).__name__).lstrip("_")


def _shown(play: Play, template: Template) -> str:
    if any(name.startswith(PRIVATE) for name in template.names):
        return "***"
    return play.text(template)
