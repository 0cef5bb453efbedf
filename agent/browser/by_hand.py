"""A person signs in, in the account's own window: it is opened where the site asks, and looked at until it is done."""

from __future__ import annotations

import time

from playwright.sync_api import Error as PlaywrightError

from agent.browser.arrive import target_wish
from agent.browser.player import play_steps
from agent.browser.stage import Play, Stage
from agent.errors import PersonNeeded, SiteUnavailable, Where
from agent.sites.definition import DoneIf
from agent.words import _

BETWEEN = 500.0  # milliseconds between two looks; the browser's own questions are answered meanwhile


def sign_in(stage: Stage, play: Play, patience: float) -> None:
    """Play `log_in` up to the step that asks whether it is done already, and wait until it is.

    A flow without such a step is played whole.
    """
    steps = play.flow.steps
    asked = next((step for step in steps if isinstance(step, DoneIf)), None)
    until = steps[: steps.index(asked) + 1] if asked else steps
    play_steps(stage, play, until)
    if play.done or asked is None:
        return
    where = Where(account=stage.account)
    end = time.monotonic() + patience
    try:
        while not any(stage.met([target_wish(stage, asked.target, {})])):
            if time.monotonic() >= end:
                raise PersonNeeded(_("Nobody signed in within {} minutes").format(round(patience / 60)), where=where)
            stage.here.wait_for_timeout(BETWEEN)  # a person is at work: nothing tells when they are done
    except (PlaywrightError, SiteUnavailable) as error:
        raise PersonNeeded(_("The window was closed before anybody had signed in"), where=where) from error
    play_steps(stage, play, until)  # opened anew: whose page is it?
