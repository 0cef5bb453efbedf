"""The panel and the frame over a page: what a person can do with them, and that the page notices nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import ElementHandle

from agent.browser import panel
from agent.browser.forms import place_form, target_form
from agent.browser.panel import Button, PanelText
from agent.browser.stage import Stage
from agent.browser.survey import skeleton
from agent.sites.definition import WAYS, Locator, Place, Way
from tests.browser.conftest import Agent
from tests.browser.little import Answer, Little, html

Make = Callable[..., Agent]
SITE = """\
pages:
  page:
    open_at: /
    here_if: css=body
flows:
  f:
    - open: page
"""
TEXT = PanelText(
    "下一步：填写收件人",
    ("shop-xiaolin · 填写订单 · 第 3 步，共 9 步", "收件人：***"),
    (Button("y", "执行这一步"), Button("p", "指给我看"), Button("q", "停止")),
    "收件人",
)
HEARS = """<script>
  window.heard = [];
  for (const on of Object.keys(window).filter((key) => key.startsWith("on")))
    for (const at of [window, document]) at.addEventListener(on.slice(2), (event) => heard.push(event.type), true);
</script>"""
FORM = f"""{HEARS}<h1>新建订单</h1><form method=post action=/order>
  <label>收件人 <input name=receiver id=box required></label> <button id=go>提交订单</button></form>"""
STRICT = (("Content-Security-Policy", "default-src 'none'; script-src 'unsafe-inline'; require-trusted-types-for 'script'"),)


@pytest.fixture
def stage_on(agent_for: Make, little: Little) -> Callable[..., Stage]:
    """`stage_on(body)`: the stage of a flow that has opened a page of this body."""

    def opened(body: str, **more: Any) -> Stage:
        little.pages |= {"/": Answer(body, **more), "/order": "ok"}
        agent = agent_for(SITE)
        agent.play("f")
        agent.stage.here.wait_for_load_state("load")  # a frame in it may come after all else
        return agent.stage

    return opened


def box(stage: Stage, css: str = "#box") -> ElementHandle:
    found = stage.here.query_selector(css)
    assert found is not None
    return found


def area(stage: Stage) -> dict[str, float]:
    """Where the panel lies."""
    frame = stage.here.frames[-1].frame_element()
    found = frame.bounding_box()
    assert found is not None
    return {key: float(found[key]) for key in ("x", "y", "width", "height")}


def press(stage: Stage, words: str) -> None:
    """Click where the button lies, as a person would: by the mouse, at a point of the window."""
    button = stage.here.frames[-1].query_selector(f"button:has-text('{words}')")
    assert button is not None
    at = button.bounding_box()
    assert at is not None
    stage.here.mouse.click(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)


def hits(stage: Stage, way: Way, words: str) -> int:
    target = target_form(None, Place("it", (Locator(way, words, 1),), 1))
    return int(stage.finder.hold(stage.here, "several", target=target).evaluate("found => found.length"))


def test_a_click_on_it_is_told_once_and_nothing_reaches_the_page(stage_on: Callable[..., Stage], little: Little) -> None:
    stage = stage_on(FORM)
    stage.here.focus("#box")
    stage.here.keyboard.type("张")
    assert panel.show(stage, TEXT, box(stage))
    assert panel.pressed(stage) == ""
    stage.here.evaluate("heard.length = 0")
    press(stage, "执行这一步")
    assert panel.pressed(stage) == "y"
    assert panel.pressed(stage) == ""
    about_the_mouse_coming = {"mouseover", "mouseout", "mouseenter", "mouseleave", "mousemove"}
    about_the_mouse_coming |= {kind.replace("mouse", "pointer") for kind in about_the_mouse_coming} | {"pointerrawupdate"}
    assert set(stage.here.evaluate("heard")) <= about_the_mouse_coming
    assert stage.here.evaluate("document.activeElement.id") == "box"
    stage.here.keyboard.type("三")
    assert stage.here.input_value("#box") == "张三"
    assert little.posts == []


def test_hiding_leaves_the_page_as_it_was(stage_on: Callable[..., Stage]) -> None:
    stage = stage_on(FORM.replace("id=box", "id=box style='color: rgb(1, 2, 3)'"))
    before = stage.here.content()
    panel.show(stage, TEXT, box(stage))
    panel.show(stage, TEXT, box(stage, "#go"))
    assert stage.here.query_selector("#box").get_attribute("style") == "color: rgb(1, 2, 3)"  # type: ignore[union-attr]
    assert stage.here.content() != before
    panel.hide(stage)
    assert stage.here.content() == before
    assert len(stage.here.frames) == 1
    panel.hide(stage)
    assert panel.pressed(stage) == ""


CSS = ("*", "html > *", "div", "iframe", "button", "[style]", "html > div", "h1", "kbd", "p", ":not(body)")


def test_no_way_to_find_ever_sees_it(stage_on: Callable[..., Stage]) -> None:
    stage = stage_on(FORM)
    wished = [("css", one) for one in CSS] + [("xpath", "//*"), ("xpath", "//div"), ("xpath", "//iframe")]
    words = (TEXT.title, TEXT.place, "执行这一步", "停止", "*收件人*", "*步*", "*", *TEXT.lines)
    wished += [(way, one) for way in WAYS for one in words if way not in ("css", "xpath", "column", "row")]
    before = [hits(stage, way, one) for way, one in wished]  # type: ignore[arg-type]
    told = [skeleton(stage), stage.here.inner_text("html"), stage.said()]
    panel.show(stage, TEXT, box(stage))
    assert [hits(stage, way, one) for way, one in wished] == before  # type: ignore[arg-type]
    assert [skeleton(stage), stage.here.inner_text("html"), stage.said()] == told


def test_a_place_of_the_page_is_counted_without_it(stage_on: Callable[..., Stage]) -> None:
    """As `agent check --live` counts: what has no words of its own may be read there, so an empty thing is a hit."""
    stage = stage_on(FORM)
    thing: dict[str, Any] = {"scope": [], "list": None, "place": place_form(Place("it", (), 1)), "around": False}
    asked = [
        thing
        | {"locators": [{"way": way, "words": words} for way, words in (("css", "div"), ("css", "html > *"), ("xpath", "//*"))]}
    ]
    before = stage.finder.ask(stage.here, "count", things=asked)
    panel.show(stage, TEXT, box(stage))
    assert stage.finder.ask(stage.here, "count", things=asked) == before


HARD = {
    "a strict policy": (FORM, {"headers": STRICT}),
    "a body that is moved": (f"<style>body {{ transform: translate(90px, 300px) scale(.5); overflow: hidden; height: 200px }}</style>{FORM}", {}),
    "styles for everything": (
        f"<style>* {{ display: none !important; pointer-events: none !important; }} "
        f"html, body, form, label, input {{ display: block !important }}</style>{FORM}",
        {},
    ),
    "a layer far above": (f"{FORM}<div style='position:fixed;inset:0;z-index:2147483647;background:#0008'></div>", {}),
    "a layer of the browser's own": (
        f"{FORM}<div popover=manual id=l style='inset:0;width:100vw;height:100vh'>请稍候</div><script>l.showPopover()</script>",
        {},
    ),
    "a modal dialog": (f"{FORM}<dialog id=d><p>确定？</p></dialog><script>d.showModal()</script>", {}),
}  # fmt: skip


@pytest.mark.parametrize("case", HARD)
def test_it_can_be_clicked_on_pages_that_make_it_hard(stage_on: Callable[..., Stage], case: str) -> None:
    body, more = HARD[case]
    stage = stage_on(body, **more)
    before = stage.here.content()
    panel.show(stage, TEXT, box(stage))
    assert area(stage)["width"] == 340
    assert 80 < area(stage)["height"] < 260
    press(stage, "停止")
    assert panel.pressed(stage) == "q"
    panel.hide(stage)
    assert stage.here.content() == before


def test_a_page_that_makes_itself_anew_takes_it_along(stage_on: Callable[..., Stage]) -> None:
    stage = stage_on(FORM)
    panel.show(stage, TEXT, box(stage))
    stage.here.evaluate("document.documentElement.replaceChildren(document.createElement('body'))")
    assert not panel.stands(stage)
    assert panel.pressed(stage) == ""
    assert panel.show(stage, TEXT)
    press(stage, "停止")
    assert panel.pressed(stage) == "q"


def test_a_body_that_is_written_anew_leaves_it(stage_on: Callable[..., Stage]) -> None:
    stage = stage_on(FORM)
    panel.show(stage, TEXT, box(stage))
    stage.here.evaluate("document.body.replaceChildren()")
    press(stage, "停止")
    assert panel.pressed(stage) == "q"


def test_a_page_that_goes_elsewhere_meanwhile(stage_on: Callable[..., Stage], little: Little) -> None:
    stage = stage_on(FORM)
    element = box(stage)
    panel.show(stage, TEXT, element)
    stage.here.goto(little.address + "/order")
    assert panel.pressed(stage) == ""
    assert not panel.show(stage, TEXT, element)
    assert panel.show(stage, TEXT)
    panel.hide(stage)
    stage.here.close()
    assert panel.pressed(stage) == ""
    assert not panel.show(stage, TEXT)
    panel.hide(stage)


@pytest.mark.parametrize("where", ["right:0;bottom:0", "right:0;top:0", "left:0;bottom:0", "left:0;top:0"])
def test_it_never_lies_over_what_is_framed(stage_on: Callable[..., Stage], where: str) -> None:
    stage = stage_on(f"<button id=box style='position:fixed;{where};width:300px;height:200px'>提交</button>")
    panel.show(stage, TEXT, box(stage))
    lies, target = area(stage), box(stage).bounding_box()
    assert target is not None
    aside = lies["x"] >= target["x"] + target["width"] or target["x"] >= lies["x"] + lies["width"]
    assert aside or lies["y"] >= target["y"] + target["height"] or target["y"] >= lies["y"] + lies["height"]


INNER = html("<p style='height:40px'>里面</p><input id=inner style='position:absolute;left:30px;top:60px'>").replace(
    '"', "&quot;"
)
PLACES = {
    "in a frame": f'<iframe id=f style="margin:40px" srcdoc="{INNER}"></iframe>',
    "in a shadow tree": "<p>外面</p><div id=host></div><script>host.attachShadow({mode: 'open'}).innerHTML = '<input id=inner>'</script>",
    "a hidden tick box": "<label style='margin:50px;display:inline-block'>"
    "<input id=inner type=checkbox style='position:absolute;opacity:0;width:0;height:0'><span>同意</span></label>",
}  # fmt: skip


@pytest.mark.parametrize("case", PLACES)
def test_what_lies_deeper_is_framed_too(stage_on: Callable[..., Stage], case: str) -> None:
    """Seen on a picture: the frame's colour stands left of the element's middle."""
    stage = stage_on(PLACES[case])
    scope = [[{"way": "css", "words": "iframe"}]] if case == "in a frame" else []
    target = target_form(None, Place("it", (Locator("css", "#inner", 1),), 1)) | {"scope": scope}
    element = stage.finder.take(stage.here, "one", target=target, patience=500)
    assert isinstance(element, ElementHandle)
    panel.show(stage, TEXT, element)
    seen = element if case != "a hidden tick box" else box(stage, "label")
    at = seen.bounding_box()
    assert at is not None
    assert colour(stage, at["x"] - 2, at["y"] + at["height"] / 2) == (228, 87, 46)


def colour(stage: Stage, x: float, y: float) -> tuple[int, ...]:
    """One point of the page as it is drawn."""
    told = stage.here.screenshot()
    script = """async ([bytes, x, y]) => {
      const picture = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
      const canvas = new OffscreenCanvas(1, 1).getContext('2d');
      canvas.drawImage(picture, -x, -y);
      return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    }"""
    return tuple(stage.blank.evaluate(script, [list(told), int(x), int(y)]))


def test_a_script_of_the_page_cannot_reach_it(stage_on: Callable[..., Stage]) -> None:
    stage = stage_on(FORM)
    panel.show(stage, TEXT, box(stage))
    host = "document.documentElement.lastElementChild"
    assert stage.here.evaluate(f"[{host}.shadowRoot, window.length, {host}.children.length]") == [None, 0, 0]
    stage.here.evaluate(f"{host}.click()")
    assert panel.pressed(stage) == ""
