"""What is pointed at on a page of a component library is the control that a step acts on, and is offered as a person would write it."""

from __future__ import annotations

import pytest
from playwright.sync_api import ElementHandle

from agent.browser import picking
from agent.browser.forms import target_form
from agent.browser.picking import Picked
from agent.browser.stage import Stage
from agent.sites.definition import ListPlace, Place
from tests.browser.test_picking import found_by, locator, point_at
from tests.components.conftest import Kit
from tests.components.test_libraries import LACKS

pytestmark = pytest.mark.slow
CASES = [
    ("select", "label=快递公司"),
    ("select", "label=可搜索"),
    ("cascader", "label=所在地区"),
    ("ticks", "label=同意代发协议"),
    ("ticks", "label=运费险"),
    ("numbers", "label=数量"),
    ("numbers", "label=备注"),
    ("groups", "tab=待付款"),
    ("facts", "beside=快递单号"),
]
ALSO = {("layui", "label=运费险"): "label=投保"}  # the words that the switch itself shows
IN_ROWS = ["column=订单状态", "link=详情"]


def element_of(stage: Stage, words: str, rows: ListPlace | None = None) -> ElementHandle:
    target = target_form(None, Place("it", (locator(words),), 1), rows) | {"any_row": True}
    found = stage.finder.take(stage.here, "one", target=target, patience=5000)
    assert isinstance(found, ElementHandle), found
    return found


def shown(stage: Stage, element: ElementHandle) -> ElementHandle:
    """What of it a finger can reach."""
    target = target_form(None, Place("it", (), 1))
    found = stage.finder.take(stage.here, "hand", element=element, target=target)
    assert isinstance(found, ElementHandle)
    return found


def pointed_at(stage: Stage, element: ElementHandle) -> ElementHandle:
    picking.begin(stage)
    point_at(stage, element)
    told = picking.picked(stage)
    picking.end(stage)
    assert isinstance(told, Picked), told
    return told.element


@pytest.mark.parametrize(("case", "words"), CASES)
def test_a_control(kit: Kit, case: str, words: str) -> None:
    if case in LACKS.get(kit.library.name, ()):
        pytest.skip("it has no such control")
    agent = kit.agent(case, "", "")
    agent.play("f")
    stage = agent.stage
    wanted = element_of(stage, words)
    wanted.scroll_into_view_if_needed() if wanted.is_visible() else None
    element = pointed_at(stage, shown(stage, wanted))
    offered = picking.offers(stage, element)
    first = ALSO.get((kit.library.name, words), words)
    assert (offered[0].locator, offered[0].exact) == (first, True), offered
    assert [one for one in offered if not found_by(stage, one, element)] == []
    assert kit.told() == {}


@pytest.mark.parametrize("words", IN_ROWS)
def test_a_thing_in_a_row(kit: Kit, words: str) -> None:
    agent = kit.agent("table", "", "")
    agent.play("f")
    stage = agent.stage
    cell = stage.here.query_selector("tbody td:has-text('S1003')") or stage.here.query_selector("td:has-text('S1003')")
    assert cell is not None
    rows = picking.rows_of(stage, cell)
    assert rows is not None
    assert (rows.exact, rows.hits) == (True, 10), rows
    place = ListPlace("rows", (locator(rows.locator),), 1)
    wanted = element_of(stage, words, place)
    wanted.scroll_into_view_if_needed()
    element = pointed_at(stage, wanted)
    offered = picking.offers(stage, element, rows=place)
    assert (offered[0].locator, offered[0].exact) == (words, True), offered
    assert picking.tried(stage, Place("it", (), 1), [locator(words)], place) == picking.Tried(10, 10, 10)
    assert kit.told() == {}
