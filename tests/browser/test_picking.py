"""Pointing at something with the mouse: the page notices nothing, and what is offered finds exactly that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import ElementHandle, Playwright

from agent.browser import panel, picking
from agent.browser.forms import list_form, scope_form, target_form
from agent.browser.launch import BrowserChoice, launch
from agent.browser.panel import PanelText
from agent.browser.picking import Cancelled, Offer, Picked
from agent.browser.stage import Stage
from agent.errors import ConfigError
from agent.sites.definition import WAYS, ListPlace, Locator, Place
from tests.browser.conftest import Agent
from tests.browser.little import Answer, Little
from tests.browser.test_panel import HEARS, SITE, box, colour, stage_on
from tests.browser.typical import CARDS, ITEM, SELECT, TABLE, TYPICAL

__all__ = ["stage_on"]
Opened = Callable[..., Stage]
Make = Callable[..., Agent]


def locator(text: str) -> Locator:
    way, _, words = text.partition("=")
    assert way in WAYS
    return Locator(way, words, 1)


def point_at(stage: Stage, element: ElementHandle) -> None:
    at = element.bounding_box()
    assert at is not None
    stage.here.mouse.click(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)


def pick(stage: Stage, element: ElementHandle) -> ElementHandle:
    """What is picked by a click in its middle, as a person does it."""
    picking.begin(stage)
    assert picking.picked(stage) is None
    point_at(stage, element)
    told = picking.picked(stage)
    picking.end(stage)
    assert isinstance(told, Picked), told
    return told.element


def deep(stage: Stage, css: str) -> ElementHandle:
    """The element, in whichever frame or shadow tree it lies."""
    for frame in stage.here.frames:
        found = frame.query_selector(css)
        if found is not None:
            return found
    raise AssertionError(css)


def found_by(stage: Stage, offer: Offer, element: ElementHandle) -> bool:
    """Whether the player's own search finds the element by the offer, and nothing else: in its row, in its frame."""
    rows = ListPlace("rows", (locator(offer.rows),), 1) if offer.rows else None
    target = target_form(None, Place("it", (locator(offer.locator),), 1), rows)
    target["scope"] = [[{"way": "css", "words": offer.inside.removeprefix("css=")}]] if offer.inside else scope_form(stage.page)
    hits = stage.finder.hold(stage.here, "several", target=target)
    script = """(hits, [it, inRows]) => {
      const says = (el) => el.innerText.replace(/\\s+/g, "");
      const own = hits.filter((hit) => hit === it || ((hit.contains(it) || it.contains(hit)) && says(hit) === says(it)));
      return own.length === 1 && (inRows || hits.length === 1);
    }"""
    return bool(hits.evaluate(script, [element, bool(offer.rows)]))


ORDER = f"""{HEARS}<h1>新建订单</h1><form method=post action=/order onsubmit="heard.push('sent')">
  <label>收件人 <input name=receiver id=box required></label> <button id=go>提交订单</button></form>"""


def test_a_click_that_picks_a_submit_button_is_nothing_to_the_page(stage_on: Opened, little: Little) -> None:
    stage = stage_on(ORDER)
    stage.here.focus("#box")
    stage.here.mouse.move(3, 3)
    before = stage.here.content()
    picking.begin(stage)
    stage.here.evaluate("heard.length = 0")
    point_at(stage, box(stage, "#go"))
    point_at(stage, box(stage))
    told = picking.picked(stage)
    assert isinstance(told, Picked)
    assert told.element.get_attribute("id") == "go"
    assert stage.here.evaluate("[heard, document.activeElement.id]") == [[], "box"]
    assert stage.here.content() == before
    assert stage.here.evaluate("Object.getOwnPropertySymbols(window).length") == 0
    assert little.posts == []
    picking.end(stage)
    assert picking.picked(stage) is None
    stage.here.fill("#box", "张三")
    point_at(stage, box(stage, "#go"))
    stage.here.wait_for_url("**/order")
    assert len(little.posts) == 1


def test_escape_cancels_and_shuts_nothing_of_the_page(stage_on: Opened) -> None:
    stage = stage_on("<dialog id=d><p>确定？</p><button id=ok>好</button></dialog><script>d.showModal()</script>")
    picking.begin(stage)
    stage.here.keyboard.press("Escape")
    assert picking.picked(stage) == Cancelled()
    picking.end(stage)
    assert stage.here.evaluate("d.open")
    assert pick(stage, box(stage, "#ok")).get_attribute("id") == "ok"
    stage.here.keyboard.press("Escape")
    assert not stage.here.evaluate("d.open")


def test_the_page_is_scrolled_while_picking(stage_on: Opened) -> None:
    stage = stage_on("<p style='height:3000px'>长</p><button id=go>去</button>")
    picking.begin(stage)
    stage.here.mouse.move(300, 300)
    stage.here.mouse.wheel(0, 5000)
    stage.here.wait_for_function("scrollY > 1000")
    point_at(stage, box(stage, "#go"))
    assert isinstance(picking.picked(stage), Picked)
    picking.end(stage)


@pytest.mark.slow
def test_what_is_under_the_mouse_is_framed(
    agent_for: Make, little: Little, playwright: Playwright, whole: BrowserChoice
) -> None:
    """In the whole browser: the one without windows draws no such frame."""
    little.pages["/"] = "<div style='position:absolute;left:100px;top:100px;width:200px;height:100px;background:#fff'></div>"
    agent = agent_for(SITE)
    browser = launch(playwright, whole)
    agent.session.warm = browser  # type: ignore[attr-defined]
    agent.play("f")
    assert colour(agent.stage, 200, 150) == (255, 255, 255)
    picking.begin(agent.stage)
    agent.stage.here.mouse.move(200, 150)
    agent.stage.here.mouse.move(210, 150)
    assert colour(agent.stage, 200, 150) != (255, 255, 255)
    picking.end(agent.stage)
    assert colour(agent.stage, 200, 150) == (255, 255, 255)
    browser.close()


def test_a_click_on_our_own_panel_picks_nothing(stage_on: Opened) -> None:
    stage = stage_on(ORDER)
    panel.show(stage, PanelText("指给我看"))
    picking.begin(stage)
    point_at(stage, stage.here.frames[-1].frame_element())
    told = picking.picked(stage)
    picking.end(stage)
    assert isinstance(told, Cancelled)
    assert told.why


def test_picking_ends_with_its_tab(stage_on: Opened) -> None:
    stage = stage_on(ORDER)
    picking.begin(stage)
    stage.here.close()
    told = picking.picked(stage)
    assert isinstance(told, Cancelled)
    assert told.why
    picking.end(stage)


@pytest.mark.slow
def test_a_click_into_a_frame_of_another_site_picks_nothing_and_is_nothing_to_it(
    agent_for: Make, little: Little, playwright: Playwright, whole: BrowserChoice
) -> None:
    """In the whole browser, where such a frame has a process of its own."""
    other = little.address.replace("127.0.0.1", "localhost")
    little.pages |= {
        "/": f"<p>外面</p><iframe src={other}/frame width=320 height=200></iframe>",
        "/frame": "<form method=post action=/order><button style='width:300px;height:150px'>提交</button></form>",
    }
    agent = agent_for(SITE)
    browser = launch(playwright, whole, args=("--site-per-process",))
    agent.session.warm = browser  # type: ignore[attr-defined]
    agent.play("f")
    stage = agent.stage
    stage.here.frames[1].wait_for_selector("button")
    stage.here.frames[1].evaluate("addEventListener('pointerdown', () => { document.title = 'heard'; }, true)")
    picking.begin(stage)
    stage.here.mouse.click(100, 120)
    told = picking.picked(stage)
    assert isinstance(told, Cancelled)
    assert told.why
    assert stage.here.frames[1].title() == "小站"
    assert little.posts == []
    picking.end(stage)
    browser.close()


def test_picking_goes_on_when_the_page_goes_elsewhere(stage_on: Opened, little: Little) -> None:
    stage = stage_on(ORDER)
    little.pages["/other"] = "<button id=go>别的</button>"
    picking.begin(stage)
    stage.here.goto(little.address + "/other")
    point_at(stage, box(stage, "#go"))
    told = picking.picked(stage)
    assert isinstance(told, Picked)
    assert told.element.inner_text() == "别的"
    picking.end(stage)


@pytest.mark.parametrize("case", TYPICAL)
def test_what_is_offered_first_is_what_a_person_would_write(stage_on: Opened, case: str) -> None:
    body, clicked, first, rows = TYPICAL[case]
    stage = stage_on(body)
    element = pick(stage, deep(stage, clicked))
    offered = picking.offers(stage, element)
    assert (offered[0].locator, offered[0].rows) == (first, rows), offered
    assert offered[0].inside == ("css=iframe.order" if case == "in a frame" else "")
    assert all(one.exact and one.hits == 1 for one in offered)
    assert [one for one in offered if not found_by(stage, one, element)] == []


def test_no_child_is_counted_where_anything_better_is_there(stage_on: Opened) -> None:
    stage = stage_on("<div class=box><p>甲<p id=a1><p id=a2></div><style>p{height:20px}</style>")
    offered = picking.offers(stage, box(stage, "#a2"))
    assert [one.locator for one in offered] == ["css=.box > p:nth-of-type(3)"]
    named = stage_on("<div class=box><p>甲<p data-kind=sum>乙</div>")
    assert not [one for one in picking.offers(named, box(named, "[data-kind]")) if "nth" in one.locator]


def test_words_that_are_data_come_last(stage_on: Opened) -> None:
    stage = stage_on("<div class=head><a href=# class=no>R20991</a> <a href=#>帮助</a></div>")
    offered = picking.offers(stage, box(stage, ".no"))
    assert offered[0].locator == "css=.no"
    assert offered[-1].locator in ("link=R20991", "text=R20991")


ROWS = ListPlace("orders", (Locator("css", "#orders tbody tr", 1),), 1, places={})


def test_a_place_of_a_list_is_looked_for_in_its_row(stage_on: Opened) -> None:
    stage = stage_on(TABLE)
    offered = picking.offers(stage, box(stage, "#state-1x"), rows=ROWS)
    assert offered[0] == Offer("column=状态", 1, True)
    element = box(stage, "#state-1x")
    target = target_form(None, Place("it", (locator("column=状态"),), 1), ROWS)
    assert target["list"] == list_form(ROWS)
    hits = stage.finder.hold(stage.here, "several", target=target)
    assert hits.evaluate("(hits, it) => [hits.length, hits[0] === it]", element) == [3, True]


ROW_CASES = {
    "a table": (TABLE, "#named-1x", "css=table#orders tbody tr", 3),
    "a table without a name": (TABLE.replace(" id=orders", ""), "#ship-1x", "css=table tbody tr", 3),
    "cards": (CARDS, "#sum-1x", "css=[class*=orderCard]", 2),
    "a list": ("<nav><ul><li>首页<li>帮助</ul></nav><ul class=goods><li><b>一</b><li><b id=it>二</b><li><b>三</b></ul>", "#it", "css=.goods > li", 3),
    "lines of a grid": (
        "<div role=grid><div role=row><b role=columnheader>甲</b></div><div role=row><b role=cell id=it>1</b></div>"
        "<div role=row><b role=cell>2</b></div></div>",
        "#it", "css=div[role=grid] [role=row]:not(:has([role=columnheader]))", 2,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ROW_CASES)
def test_the_rows_like_its_own(stage_on: Opened, case: str) -> None:
    body, clicked, rows, hits = ROW_CASES[case]
    stage = stage_on(body)
    assert picking.rows_of(stage, box(stage, clicked)) == Offer(rows, hits, True)


def test_what_is_in_no_list_has_no_rows(stage_on: Opened) -> None:
    stage = stage_on(ORDER)
    assert picking.rows_of(stage, box(stage, "#go")) is None


def test_locators_are_tried_and_what_they_find_is_numbered(stage_on: Opened) -> None:
    stage = stage_on(TABLE)
    before = stage.here.content()
    place = Place("it", (), 1)
    assert picking.tried(stage, place, [locator("button=发货")]) == picking.Tried(3, 3)
    at = box(stage, "#ship-1x").bounding_box()
    assert at is not None
    assert colour(stage, at["x"] - 2, at["y"] + at["height"] / 2) == (228, 87, 46)
    assert picking.tried(stage, place, [locator("column=状态")], ROWS) == picking.Tried(3, 3, 3)
    assert picking.tried(stage, place, [locator("button=没有"), locator("link=详情")]) == picking.Tried(3, 3)
    assert picking.tried(stage, place, [locator("text=没有")]) == picking.Tried(0, 0)
    assert stage.here.content() == before
    picking.tried(stage, place, [locator("button=发货")])
    picking.end(stage)
    assert stage.here.content() == before


@pytest.mark.parametrize("bad", ["css=button[", "xpath=//["])
def test_what_is_no_locator_is_told_in_three_lines(stage_on: Opened, bad: str) -> None:
    stage = stage_on(TABLE)
    with pytest.raises(ConfigError, match="not written as the browser") as failed:
        picking.tried(stage, Place("it", (), 1), [locator(bad)])
    assert bad in failed.value.lines()[0]


def test_numbers_leave_the_panel_where_it_is(stage_on: Opened) -> None:
    stage = stage_on(TABLE)
    panel.show(stage, PanelText("指给我看"), box(stage, "#ship-1x"))
    picking.tried(stage, Place("it", (), 1), [locator("button=发货")])
    picking.end(stage)
    assert panel.stands(stage)
    panel.hide(stage)


DIALOG = """\
pages:
  page:
    open_at: /
    here_if: css=body
  ask:
    inside: dialog=修改备注
    here_if: button=确定
flows:
  f:
    - open: page
    - expect: ask
"""


def test_what_is_counted_is_counted_where_the_page_lies(agent_for: Make, little: Little) -> None:
    little.pages["/"] = Answer(
        "<button>确定</button><a href=#>帮助</a><div role=dialog><h3>修改备注</h3><button id=ok>确定</button></div>"
    )
    agent = agent_for(DIALOG)
    agent.play("f")
    assert picking.offers(agent.stage, box(agent.stage, "#ok"))[0] == Offer("button=确定", 1, True)
    outside = picking.offers(agent.stage, box(agent.stage, "body > button"))
    assert outside[0] == Offer("button=确定", 1, False)
    assert picking.offers(agent.stage, box(agent.stage, "a"))[0] == Offer("link=帮助", 0, False)


@pytest.mark.slow
def test_whatever_is_clicked_on_a_full_page_is_found_by_all_that_is_offered(stage_on: Opened) -> None:
    stage = stage_on(TABLE + CARDS + ITEM + SELECT + ORDER)
    missed: list[Any] = []
    seen = [one for one in stage.here.query_selector_all("body *:not(script)") if one.is_visible()]
    assert len(seen) > 40
    for clicked in seen:
        element = pick(stage, clicked)
        missed += [one for one in picking.offers(stage, element) if one.exact and not found_by(stage, one, element)]
    assert missed == []
