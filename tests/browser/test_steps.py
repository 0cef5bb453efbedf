"""Each verb, played from a site file against a small site; what is judged is what the site was told."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from agent.browser.reach import CLICK_TIMEOUT
from agent.browser.steps import VERBS
from agent.errors import Mismatch, PageChanged
from agent.sites.definition import Commit, Step
from agent.sites.keys import KEYS, MODIFIERS, is_key
from tests.browser.conftest import Agent
from tests.browser.little import Answer, Asked, Little

Make = Callable[..., Agent]
PAGE = "pages:\n  form:\n    open_at: /\n    here_if: heading=单\n"


def test_every_verb_of_the_grammar_is_in_the_table() -> None:
    assert set(VERBS) | {Commit} == set(Step.__args__)


# ---- fill, choose, tick, click, press --------------------------------------------------------------------------------

FILL = "    reference: label=外部单号\nflows:\n  f:\n    - open: form\n    - fill: {reference: <purchase_order.reference>}\n"


def test_fill_shows_what_was_typed(agent_for: Make, little: Little) -> None:
    little.pages["/"] = "<h1>单</h1><label>外部单号<input id=r></label>"
    agent = agent_for(PAGE + FILL)
    agent.play("f", {"purchase_order.reference": "R0'\"<b>７"})
    assert agent.stage.here.locator("#r").input_value() == "R0'\"<b>７"


def test_a_box_that_takes_letters_only_once_it_was_touched(agent_for: Make, little: Little) -> None:
    box = "<input readonly onfocus=\"this.removeAttribute('readonly')\" onchange=\"fetch('/told?' + this.value, {method: 'POST'})\">"
    little.pages |= {"/": f"<h1>单</h1><label>外部单号{box}</label>", "/told": "ok"}
    agent = agent_for(PAGE + FILL + "    - press: Tab\n")
    agent.play("f", {"purchase_order.reference": "2026-11-25"})
    assert [one.path for one in little.posts] == ["/told?2026-11-25"]


@pytest.mark.parametrize(
    "box", ["<input maxlength=5>", "<input type=text oninput=\"this.value = this.value.replace(/-/g, '')\">"]
)
def test_a_value_cut_or_rewritten_is_a_mismatch(agent_for: Make, little: Little, box: str) -> None:
    little.pages["/"] = f"<h1>单</h1><label>外部单号{box}</label>"
    with pytest.raises(Mismatch, match="567-"):
        agent_for(PAGE + FILL).play("f", {"purchase_order.reference": "234567-1"})


GROUPED = "<input oninput=\"this.value = this.value.replace(/\\D/g, '').replace({}); tell(this.value)\">"


@pytest.mark.parametrize(
    ("groups", "typed", "shown"),
    [
        ("/^(\\d{3})(\\d{4})(\\d+)/, '$1 $2 $3'", "13800138000", "138 0013 8000"),
        ("/^(\\d{3})(\\d{4})(\\d+)/, '$1-$2-$3'", "13800138000", "138-0013-8000"),
        ("/^(\\d)(\\d{3})$/, '$1,$2'", "1200", "1,200"),
    ],
)
def test_a_number_that_its_box_puts_into_groups(agent_for: Make, little: Little, groups: str, typed: str, shown: str) -> None:
    tell = "<script>const tell = (text) => fetch('/told', { method: 'POST', body: new URLSearchParams({ text }) })</script>"
    little.pages |= {"/": f"<h1>单</h1><label>外部单号{GROUPED.format(groups)}</label>{tell}", "/told": "ok"}
    agent = agent_for(PAGE + FILL)
    agent.play("f", {"purchase_order.reference": typed})
    little.wait_for_posts(1)
    assert little.posts[-1].fields == {"text": shown} and agent.stage.held["reference"].shown == shown
    with pytest.raises(Mismatch):  # a digit less, or another sign lost, is no grouping
        agent.play("f", {"purchase_order.reference": typed[:-1] + "A"})


def test_a_click_that_the_page_is_still_busy_with_is_not_made_twice(agent_for: Make, little: Little) -> None:
    """Its handler asks the site and stands still until the answer comes, longer than a click is waited for."""
    asks = "const ask = new XMLHttpRequest(); ask.open('POST', '/told', false); ask.send()"
    answered = threading.Event()

    def slowly(_asked: Asked) -> str:
        answered.wait(CLICK_TIMEOUT / 1000 + 2)
        answered.set()
        return "ok"

    little.pages |= {"/": f'<h1>单</h1><button onclick="{asks}">查看</button>', "/told": slowly}
    agent_for(PAGE + "    look: button=查看\nflows:\n  f:\n    - open: form\n    - click: look\n").play("f")
    assert answered.wait(60) and len(little.posts) == 1


def test_a_buyers_value_is_not_quoted_in_the_mismatch(agent_for: Make, little: Little) -> None:
    little.pages["/"] = "<h1>单</h1><label>外部单号<input maxlength=2></label>"
    with pytest.raises(Mismatch) as failed:
        agent_for(PAGE + FILL.replace("purchase_order.reference", "receiver.name")).play("f", {"receiver.name": "张小三"})
    assert "张小" not in " ".join(failed.value.lines())


TICK = "    agree: label=同意\nflows:\n  f:\n    - open: form\n    - tick: agree\n"


@pytest.mark.parametrize(
    "box",
    [
        "<label><input type=checkbox id=c>同意</label>",
        "<label><input type=checkbox id=c style='display:none'><i style='display:inline-block;width:12px;height:12px'></i>同意</label>",
        "<label class=auxo-checkbox-wrapper><input type=checkbox id=c style='opacity:0;width:16px;height:16px'><span>同意</span></label>",
        "<label><input type=checkbox id=c checked>同意</label>",
    ],
)
def test_tick(agent_for: Make, little: Little, box: str) -> None:
    little.pages["/"] = "<h1>单</h1>" + box
    agent = agent_for(PAGE + TICK)
    agent.play("f")
    assert agent.stage.here.locator("#c").is_checked()


def test_a_tick_that_does_not_take_stops(agent_for: Make, little: Little) -> None:
    little.pages["/"] = "<h1>单</h1><label><input type=checkbox onclick='return false'>同意</label>"
    with pytest.raises(PageChanged, match="tick"):
        agent_for(PAGE + TICK).play("f")


ROWS = """\
    orders:
      rows: css=tr.o
      heading_rows: css=tr.h
      order_number:
        find: css=.no
        in_heading: yes
      details:
        find: link=详情
        in_heading: yes
      title: column=商品
flows:
  f:
    - open: form
    - click: details
      where: {order_number: <order.order_number>}
"""
TABLE = "<h1>单</h1><table><tr><th>商品" + "".join(
    f"<tr class=h><td><b class=no>69{n}</b> <a href=/d{n}>详情</a><tr class=o><td>甲<tr class=o><td>乙" for n in (1, 2, 21)
)


def test_click_where_takes_the_one_row(agent_for: Make, little: Little) -> None:
    little.pages |= {"/": TABLE, "/d2": "<h1>二</h1>"}
    agent = agent_for(PAGE + ROWS, wait_for_page=1.5)
    agent.play("f", {"order.order_number": "692"})
    assert agent.stage.here.url.endswith("/d2")
    with pytest.raises(PageChanged, match="Nothing"):
        agent.play("f", {"order.order_number": "69"})
    little.pages["/"] = TABLE + "<tr class=h><td><b class=no>692</b> <a href=/d9>详情</a><tr class=o><td>甲"
    with pytest.raises(PageChanged, match="2 things"):
        agent.play("f", {"order.order_number": "692"})


def test_press(agent_for: Make, little: Little) -> None:
    little.pages["/"] = "<h1>单</h1><label>货号<input onblur=\"this.title = this.value + '规格'\" id=i></label>"
    agent = agent_for(
        PAGE
        + "    product: label=货号\nflows:\n  f:\n    - open: form\n    - fill: {product: <line.product>}\n    - press: Tab\n"
    )
    agent.play("f", {"line.product": "YW1"})
    assert agent.stage.here.locator("#i").get_attribute("title") == "YW1规格"


def test_every_key_of_the_grammar_is_one_that_can_be_pressed(agent_for: Make, little: Little) -> None:
    little.pages["/"] = "<h1>单</h1>"
    agent = agent_for(PAGE + "flows:\n  f:\n    - open: form\n")
    agent.play("f")
    signs = (chr(code) for code in range(ord("!"), ord("~") + 1))
    for key in (*KEYS, *signs, *(f"{one}+A" for one in MODIFIERS), "Control+Shift+Home", "Control++"):
        assert is_key(key), key
        agent.stage.here.keyboard.press(key)


def test_the_answer_to_a_click_is_waited_for(agent_for: Make, little: Little) -> None:
    """The same page comes again with other rows: reading at once would read the old ones."""

    def listed(asked: Asked) -> str:
        return f"<h1>单</h1><form><input type=hidden name=q value=1><button>搜索</button></form><b id=n>{'S2' if asked.fields else 'S1'}</b>"

    little.pages["/"] = listed
    text = PAGE + "    search: button=搜索\n    supplier_order_number: css=#n\n"
    flow = "flows:\n  f:\n    - open: form\n    - click: search\n    - expect: form\n    - read: [supplier_order_number]\n"
    assert agent_for(text + flow).play("f").values == {"supplier_order_number": "S2"}
    little.pages["/data"] = Answer("S3", bare=True)
    little.pages["/"] = (
        "<h1>单</h1><b id=n>S1</b><button onclick=\"fetch('/data').then(r => r.text()).then(t => { n.textContent = t })\">搜索</button>"
    )
    assert agent_for(text + flow).play("f").values == {"supplier_order_number": "S3"}


# ---- branches --------------------------------------------------------------------------------------------------------

LINES = """\
    product: label=货号
    add: button=添加
    basket:
      rows: css=#basket li
      nothing_found: text=空
      product: css=b
flows:
  f:
    - open: form
    - for_each_line:
        - fill: {product: <line.product>}
        - click: add
        - expect: basket
          where: {product: <line.product>}
    - read: [basket]
"""


def test_for_each_line(agent_for: Make, little: Little) -> None:
    little.pages["/"] = (
        "<h1>单</h1><label>货号<input id=i></label><button onclick=\"setTimeout(() => { const li = document.createElement('li');"
        " li.innerHTML = '<b></b>'; li.firstChild.textContent = i.value; basket.append(li); i.value = ''; }, 200)\">添加</button>"
        "<ul id=basket></ul>"
    )
    agent = agent_for(PAGE + LINES)
    reading = agent.play("f", {"lines": ({"line.product": "YW1"}, {"line.product": "YW2"})})
    assert reading.values["basket"] == ({"product": "YW1"}, {"product": "YW2"})
    assert agent.stage.held == {}


def test_if_present_and_done_if(agent_for: Make, little: Little) -> None:
    text = (
        PAGE + "    agree: button=同意\n    old: text=已签到\n    go: button=签到\n"
        "flows:\n  f:\n    - open: form\n    - if_present: agree\n      do:\n        - click: agree\n    - done_if: old\n    - click: go\n"
    )
    little.pages["/agree"] = Answer("ok")
    page = "<h1>单</h1>{}<button onclick=\"fetch('/go', {{method: 'POST'}})\">签到</button>"
    little.pages["/"] = page.format("")
    agent_for(text).play("f")
    assert [one.path for one in little.posts] == ["/go"]
    little.pages["/"] = page.format(
        "<button onclick=\"fetch('/agree', {method: 'POST'}); this.remove()\">同意</button><p>已签到</p>"
    )
    agent_for(text).play("f")
    assert [one.path for one in little.posts] == ["/go", "/agree"]
