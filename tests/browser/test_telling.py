"""A failure of Playwright's, told in our words: its call log, which quotes what was typed, goes no further."""

from __future__ import annotations

import traceback
from types import SimpleNamespace
from typing import Any, cast

import pytest
from loguru import logger
from playwright.sync_api import Error as PlaywrightError

from agent.browser.telling import blamed
from agent.errors import AgentError, PageChanged, PageLost, SiteUnavailable
from tests.browser.little import Little
from tests.browser.test_steps import FILL, PAGE, Make

NUMBER = "13812345678"
LOG = f'\nCall log:\n  - waiting for locator("#r")\n  - fill("{NUMBER}")\n'


def failed(message: str) -> AgentError:
    """What becomes of Playwright's error in a step."""
    nothing = SimpleNamespace(if_possible=lambda *_told: None)
    stage = SimpleNamespace(account="mall-main", site=SimpleNamespace(path="mall.yaml"), evidence=nothing, tab=None)
    play = SimpleNamespace(flow=SimpleNamespace(name="f"), number=2, steps=3)
    with pytest.raises(AgentError) as told, blamed(cast(Any, stage), cast(Any, play), cast(Any, SimpleNamespace(line=7))):
        raise PlaywrightError(message)
    return told.value


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Locator.fill: Error: Cannot type text into input[type=number]", PageChanged),
        ("Locator.fill: Timeout 5000ms exceeded.", PageChanged),
        ("Page.goto: net::ERR_FAILED", PageLost),
        ("ElementHandle.click: Element is not attached to the DOM", PageLost),
        ("Page.fill: Target page has been closed", SiteUnavailable),
        ("Locator.fill: Error: something new", AgentError),
    ],
)
def test_only_the_first_line_is_told(message: str, kind: type[AgentError]) -> None:
    error = failed(message + LOG)
    whole = "".join(traceback.format_exception(error))
    assert type(error) is kind and NUMBER not in whole and "Call log" not in whole
    assert error.where.line == 7 and error.where.step == 2


def test_what_is_unknown_is_a_fault_of_the_program_and_the_log_says_where_it_was() -> None:
    logged: list[str] = []
    sink = logger.add(logged.append, level="ERROR")
    error = failed("Locator.fill: Error: something new" + LOG)
    logger.remove(sink)
    assert error.reason == "fault" and error.what.endswith("Locator.fill: Error: something new")
    assert "in failed" in "".join(logged) and NUMBER not in "".join(logged)


def test_a_box_that_takes_numbers_only_is_named_with_its_step(agent_for: Make, little: Little) -> None:
    little.pages["/"] = "<h1>单</h1><label>外部单号<input type=number></label>"
    with pytest.raises(PageChanged, match="takes no such text") as told:
        agent_for(PAGE + FILL).play("f", {"purchase_order.reference": "R-geheim"})
    assert "geheim" not in " ".join(told.value.lines()) and told.value.where.step == 2
