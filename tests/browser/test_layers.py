"""What lies over, under or inside a page: covers, a busy page, dialogs over dialogs, frames, shadow roots."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent.errors import PageChanged, PersonNeeded
from tests.browser.conftest import Agent
from tests.browser.little import Little

Make = Callable[..., Agent]
PAGE = "pages:\n  form:\n    open_at: /\n    here_if: heading=单\n"


# ---- in the way ------------------------------------------------------------------------------------------------------

POPUP = "<div id=p style='position:fixed;inset:0;background:#fffc'><button onclick=\"shut.textContent += 'x'; p.remove()\">我知道了</button></div>"


def test_what_covers_the_target_is_shut(agent_for: Make, little: Little) -> None:
    way = "in_the_way:\n  - button=我知道了\n"
    little.pages["/"] = f"<h1>单</h1><b id=shut></b><button onclick=\"shut.textContent += 'go'\">去</button>{POPUP}"
    flow = "    go: button=去\nflows:\n  f:\n    - open: form\n    - click: go\n"
    agent = agent_for(way + PAGE + flow)
    agent.play("f")
    assert agent.stage.here.locator("#shut").inner_text() == "xgo"
    with pytest.raises(PageChanged, match="could not be clicked"):
        agent_for(PAGE + flow).play("f")


@pytest.mark.parametrize("more", ["", "<img src=/notice.png>"], ids=["alone", "with a picture that it asks for"])
def test_what_comes_over_the_target_before_the_click_is_shut_and_the_click_made_once(
    agent_for: Make, little: Little, more: str
) -> None:
    little.pages["/"] = f"""<h1>单</h1><b id=shut></b><button onclick="shut.textContent += 'go'">去</button>
        <template id=t>{POPUP.replace("</div>", more + "</div>")}</template><script>
        const ask = document.elementFromPoint.bind(document);
        let asked = 0;
        document.elementFromPoint = (x, y) => {{
          if (asked++ === 0) setTimeout(() => document.body.append(t.content.cloneNode(true)));
          return ask(x, y);
        }};</script>"""
    flow = "    go: button=去\nflows:\n  f:\n    - open: form\n    - click: go\n"
    agent = agent_for("in_the_way:\n  - button=我知道了\n" + PAGE + flow)
    agent.play("f")
    assert agent.stage.here.locator("#shut").inner_text() == "xgo"


def test_what_covers_nothing_of_ours_is_left_alone(agent_for: Make, little: Little) -> None:
    little.pages["/"] = "<h1>单</h1><b id=shut></b><button onclick=\"shut.textContent += 'go'\">去</button>" + POPUP.replace(
        "inset:0", "top:300px;height:100px"
    )
    agent = agent_for(
        "in_the_way:\n  - button=我知道了\n" + PAGE + "    go: button=去\nflows:\n  f:\n    - open: form\n    - click: go\n"
    )
    agent.play("f")
    assert agent.stage.here.locator("#shut").inner_text() == "go"


TWICE = """<h1>单</h1><script>const tell = (one) => fetch("/told?row=" + one, { method: "POST" });</script>
  <style>table { position: absolute; top: 60px; left: 0; border-spacing: 0 }
  td { width: 80px; height: 30px; padding: 0 } .copy td { background: #fff }</style>"""


@pytest.mark.parametrize(("top", "told"), [(60, "A"), (45, None), (30, None)])
def test_a_column_drawn_twice_is_clicked_only_where_its_copy_lies_on_the_row(
    agent_for: Make, little: Little, top: int, told: str | None
) -> None:
    rows = "".join(f"<tr><td>{one}</td><td><a href='#' class=more>详情</a></td></tr>" for one in "AB")
    copy = "".join("<tr><td></td><td><a href='#' class=more>详情</a></td></tr>" for one in "AB")
    little.pages |= {"/told": "ok"}
    little.pages["/"] = (
        f"{TWICE}<table class=main>{rows}</table><table class=copy style='top:{top}px'>{copy}</table>"
        "<script>document.querySelectorAll('.copy a').forEach((a, at) => a.addEventListener('click', () => tell('AB'[at])))</script>"
    )
    agent = agent_for(
        f"{PAGE}    orders:\n      rows: css=.main tr\n      title: css=td:first-child\n      more: link=详情\n"
        "flows:\n  f:\n    - open: form\n    - click: more\n      where: {title: A}\n"
    )
    if told:
        agent.play("f")
        little.wait_for_posts(1)
    else:
        with pytest.raises(PageChanged, match="could not be clicked"):
            agent.play("f")
    assert [one.path for one in little.posts] == ([f"/told?row={told}"] if told else [])


def test_nothing_is_clicked_while_the_page_is_busy(agent_for: Make, little: Little) -> None:
    little.pages["/"] = (
        "<h1>单</h1><i class=spin>…</i><b id=said></b><button onclick=\"said.textContent = document.querySelector('.spin') ? '早' : '好'\">去"
        "</button><script>setTimeout(() => document.querySelector('.spin').remove(), 600)</script>"
    )
    agent = agent_for("busy: css=.spin\n" + PAGE + "    go: button=去\nflows:\n  f:\n    - open: form\n    - click: go\n")
    agent.play("f")
    assert agent.stage.here.locator("#said").inner_text() == "好"


# ---- dialogs and frames ----------------------------------------------------------------------------------------------

STACKED = """\
  book:
    inside: dialog=选择地址
    here_if: heading=选择地址
    edit: button=编辑
    take_it: button=确定
  entry:
    inside: dialog=编辑地址
    here_if: heading=编辑地址
    save: button=保存
flows:
  f:
    - open: form
    - click: addresses
    - expect: book
    - click: edit
    - expect: entry
    - click: save
    - expect: book
    - click: take_it
    - expect: form
"""


def test_a_dialog_over_a_dialog_and_back(agent_for: Make, little: Little) -> None:
    """The lower one stays while the upper one is open; back on it only once the upper one is gone."""
    little.pages["/"] = """<h1>单</h1><button onclick="layer('选择地址', '编辑')">地址</button><script>
      const layer = (title, words) => document.body.insertAdjacentHTML("beforeend", `<div role=dialog><h3>${title}</h3>
        ${words ? `<button onclick="layer('编辑地址', '')">编 辑</button><button onclick="this.parentElement.remove()">确 定</button>`
                : `<button onclick="setTimeout(() => save(this), 300)">保 存</button>`}
        </div>`);
      const save = async (button) => { await fetch("/save", {method: "POST"}); button.parentElement.remove(); };</script>"""
    little.pages["/save"] = "ok"
    agent = agent_for(PAGE + "    addresses: button=地址\n" + STACKED)
    agent.play("f")
    assert len(little.posts) == 1 and agent.stage.here.locator("[role=dialog]").count() == 0


def test_a_form_in_a_frame_is_filled_and_clicked_and_what_it_says_is_heard(agent_for: Make, little: Little) -> None:
    little.pages["/"] = "<h1>单</h1><p style='height:400px'></p><iframe id=box src=/box width=300 height=200></iframe>"
    little.pages["/box"] = (
        "<input id=who><button onclick=\"fetch('/in?' + who.value, {method: 'POST'}); out()\">登录</button><p id=p></p>"
        + ("<script>const out = () => { p.textContent = who.value === '林' ? '好了' : '密码不正确' }</script>")
    )
    little.pages["/in"] = "ok"
    text = (
        "messages:\n  密码不正确: PersonNeeded\n"
        + PAGE
        + "  box:\n    inside: css=#box\n    here_if: css=#who\n    who: css=#who\n"
    )
    text += "    log_in: button=登录\n    in: text=好了\nflows:\n  f:\n    - open: form\n    - expect: box\n"
    text += "    - fill: {who: <secret.password>}\n    - click: log_in\n    - expect: in\n"
    agent_for(text, secret=lambda _name: "林").play("f")
    assert len(little.posts) == 1
    with pytest.raises(PersonNeeded, match="密码不正确"):
        agent_for(text, secret=lambda _name: "张").play("f")


def test_if_present_of_options(agent_for: Make, little: Little) -> None:
    text = (
        PAGE
        + "    colour:\n      options: css=.colours button\nflows:\n  f:\n    - open: form\n    - if_present: colour\n      do:\n"
    )
    agent = agent_for(text + "        - choose: {colour: 黑}\n")
    little.pages["/"] = "<h1>单</h1>"
    agent.play("f")
    little.pages["/"] = (
        "<h1>单</h1><div class=colours>"
        "<button onclick=\"this.className='on'; fetch('/black', {method: 'POST'})\">黑</button><button>白</button></div>"
    )
    agent.play("f")
    assert [one.path for one in little.posts] == ["/black"]


def test_labels_and_rows_in_shadow_roots(agent_for: Make, little: Little) -> None:
    """A heading row outside, rows of one list in several shadow trees, and a box that its label finds in there."""
    little.pages["/"] = """<h1>单</h1><x-note></x-note><x-row no=1></x-row><x-row no=2></x-row><script>
      customElements.define("x-row", class extends HTMLElement { connectedCallback() {
        this.attachShadow({mode: "open"}).innerHTML = `<p class=row><b>S${this.getAttribute("no")}</b> <i>待付款</i></p>` } });
      customElements.define("x-note", class extends HTMLElement { connectedCallback() {
        this.attachShadow({mode: "open"}).innerHTML = "<div><span>留言</span><textarea></textarea></div>" } });</script>"""
    agent = agent_for(
        PAGE + "    note: label=留言\n    orders:\n      rows: css=.row\n      supplier_order_number: css=b\n"
        "flows:\n  f:\n    - open: form\n    - fill: {note: 要快}\n    - read: [orders]\n"
    )
    assert agent.play("f").values["orders"] == ({"supplier_order_number": "S1"}, {"supplier_order_number": "S2"})
    assert agent.stage.held["note"].shown == "要快"
