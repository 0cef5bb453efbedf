"""One supplier's page with every trap at once: in GBK, its form in a frame, the way to it in a new tab, a button that moves and has an
invisible twin, a notice that swallows clicks, a box that rewrites itself while it is typed into, questions of the browser.
What is judged is what the site was sent.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent.errors import PersonNeeded
from tests.browser.conftest import Agent
from tests.browser.little import Asked, Little

Make = Callable[..., Agent]

TEXT = """\
in_the_way:
  - button=知道了
pages:
  start:
    open_at: /
    here_if: heading=供货中心
    form: link=一件代发
  order_form:
    inside: css=iframe#order
    here_if: text=填写订单
    receiver: label=收货人
    phone: label=手机
    remark: label=备注
    next: button=下一步
  confirm:
    inside: css=iframe#order
    here_if: text=核对订单
    receiver: beside=收货人
    phone: beside=手机
    remark: beside=备注
    place_order: button=提交订单
  thank_you:
    here_if: heading=下单成功
    supplier_order_number: beside=单号
flows:
  fill_order:
    - open: start
    - click: form
    - expect: order_form
    - fill: {receiver: <receiver.name>, phone: <receiver.phone>, remark: <purchase_order.note>}
    - click: next
    - expect: confirm
    - read: [receiver, phone, remark]
  submit_order:
    - commit: place_order
      browser_asks: 确定提交吗
    - expect: thank_you
    - read: [supplier_order_number]
"""
START = "<h1>供货中心</h1><a href=/new target=_blank>一件代发</a>"
FRAME = "<h1>代发</h1><iframe id=order src=/form width=600 height=400></iframe>"
# The phone is put into groups as it is typed, and the box itself is made anew each time; the remark is put back once, late.
FORM = """<p>填写订单</p>
<form method=post action=/check>
  <p><label>收货人 <input name=receiver></label></p>
  <p><label>手机 <span id=phone></span></label></p>
  <p><label>备注 <input name=remark></label></p>
  <button hidden>下一步</button><button style="opacity:0;position:absolute;pointer-events:none;width:0;height:0;overflow:hidden">下一步</button>
  <button>下一步</button>
</form>
<script>
  const anew = (value) => {
    const box = document.createElement("input");
    box.name = "phone"; box.value = value;
    box.oninput = () => setTimeout(() => { anew(box.value.replace(/\\s/g, "")); }, 30);
    phone.replaceChildren(box);
  };
  anew("");
  const remark = document.querySelector("[name=remark]");
  remark.addEventListener("input", () => setTimeout(() => { remark.value = remark.value.trim(); }, 50), { once: true });
</script>"""


def confirm_page(asked: Asked) -> str:
    told = asked.fields
    return f"""<p>核对订单</p>
<dl><dt>收货人<dd>{told["receiver"]}<dt>手机<dd>{told["phone"]}<dt>备注<dd>{told["remark"]}</dl>
<form method=post action=/order target=_top>
  {"".join(f'<input type=hidden name={name} value="{value}">' for name, value in told.items())}
  <button style="display:none">提交订单</button><button id=go style="position:relative">提交订单</button>
</form>
<div id=notice style="position:fixed;inset:0;background:#0002"><button type=button onclick="notice.remove()">知道了</button></div>
<script>
  let left = 8;
  const move = () => {{ go.style.left = (left % 2) * 40 + "px"; if (left--) setTimeout(move, 40); }};
  move();
  go.form.addEventListener("submit", (event) => {{ if (!confirm("确定提交吗")) event.preventDefault(); }});
</script>"""


@pytest.fixture
def traps(agent_for: Make, little: Little) -> Agent:
    little.charset = "gbk"
    little.pages |= {
        "/": START,
        "/new": FRAME,
        "/form": FORM,
        "/check": confirm_page,
        "/order": "<h1>下单成功</h1><dl><dt>单号<dd>S100</dl>",
    }
    return agent_for(TEXT, wait_for_page=20)


MEANT = {"receiver.name": "欧阳小娜", "receiver.phone": "13800138000", "purchase_order.note": "单号 R234 请勿放价格单"}


def sent(little: Little) -> list[tuple[str, dict[str, str]]]:
    return [(one.path, one.fields) for one in little.posts]


def test_the_order_is_sent_once_as_meant(traps: Agent, little: Little) -> None:
    shown = traps.play("fill_order", MEANT).values
    outcome = traps.commit("submit_order", MEANT)
    assert outcome.end == "expected", outcome
    assert outcome.reading.values == {"supplier_order_number": "S100"}
    told = {"receiver": "欧阳小娜", "phone": "13800138000", "remark": "单号 R234 请勿放价格单"}
    assert shown == told == traps.recorded[0].shown
    assert sent(little) == [("/check", told), ("/order", told)]


def test_letters_that_gbk_does_not_have_are_read_back_from_what_arrived(traps: Agent, little: Little) -> None:
    """A browser sends them as numbers; the page that comes back shows the letter again, so nothing was lost."""
    assert traps.play("fill_order", MEANT | {"receiver.name": "𠮷田"}).values["receiver"] == "𠮷田"
    assert sent(little)[0][1]["receiver"] == "&#134071;田"


def test_a_question_nobody_named_is_answered_with_no(traps: Agent, little: Little) -> None:
    little.pages["/check"] = lambda asked: confirm_page(asked).replace("确定提交吗", "余额不足，改用货到付款？")
    traps.play("fill_order", MEANT)
    traps.hurry(settle=3)
    outcome = traps.commit("submit_order", MEANT)
    assert (outcome.end, outcome.dialogs) == ("unclear", ("余额不足，改用货到付款？",))
    assert [path for path, _fields in sent(little)] == ["/check"]


def test_a_second_tab_of_another_site_is_not_followed(traps: Agent, little: Little) -> None:
    little.pages["/"] = START.replace("/new", little.address.replace("127.0.0.1", "localhost") + "/new")
    with pytest.raises(PersonNeeded, match="localhost"):
        traps.play("fill_order", MEANT)
    assert sent(little) == []


def test_what_a_box_dropped_afterwards_is_read_back_as_it_arrived(traps: Agent, little: Little) -> None:
    drops = 'remark.form.addEventListener("submit", () => { remark.value = remark.value.slice(0, 8); });'
    little.pages["/form"] = FORM.replace("</script>", f"{drops}</script>")
    assert traps.play("fill_order", MEANT).values["remark"] == "单号 R234"


def test_a_value_that_changes_under_the_click_in_a_frame_sends_nothing(traps: Agent, little: Little) -> None:
    changes = "<script>go.addEventListener('pointerdown', () => { document.querySelectorAll('dd')[1].textContent = '110'; });</script>"
    little.pages["/check"] = lambda asked: confirm_page(asked) + changes
    traps.play("fill_order", MEANT)
    outcome = traps.commit("submit_order", MEANT)
    assert (outcome.end, outcome.requests) == ("stopped", ())
    assert [path for path, _fields in sent(little)] == ["/check"]


def test_a_click_of_the_pages_own_beside_ours_sends_no_second_order_out_of_a_frame(traps: Agent, little: Little) -> None:
    by_script = """<script>
      go.type = "button";
      go.onclick = () => { if (confirm("确定提交吗")) fetch("/order", { method: "POST" }).then(() => { top.location = "/done"; }); };
      go.addEventListener("pointerup", () => go.click());
    </script>"""
    little.pages |= {"/check": lambda asked: confirm_page(asked) + by_script, "/done": little.pages["/order"]}
    traps.play("fill_order", MEANT)
    traps.commit("submit_order", MEANT)
    assert [path for path, _fields in sent(little)] == ["/check", "/order"]
