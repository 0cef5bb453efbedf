"""Play a flow of a site file, step by step."""

from __future__ import annotations

from agent.browser.stage import Play, Stage
from agent.browser.steps import do
from agent.models import Reading
from agent.sites.definition import Commit, Flow, Step


def play(stage: Stage, play: Play) -> Reading:
    """Play a flow that has no commit, to its end."""
    play_steps(stage, play, play.flow.steps)
    return play.reading(stage.chosen)


def play_steps(stage: Stage, play: Play, steps: tuple[Step, ...]) -> None:
    """Play some of the flow's steps, in order, until one says that the flow is done."""
    for step in steps:
        if play.done:
            return
        do(stage, step, play)


def until_commit(flow: Flow) -> tuple[tuple[Step, ...], Commit, tuple[Step, ...]]:
    """The flow's steps before its commit, the commit, and those after it."""
    at = next(number for number, step in enumerate(flow.steps) if isinstance(step, Commit))
    commit = flow.steps[at]
    if not isinstance(commit, Commit):
        raise TypeError(flow.name)
    return flow.steps[:at], commit, flow.steps[at + 1 :]
