"""How a page looked last: where its places stood and what was written at them, never what was typed into them."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.conftest import Agent
from tests.browser.little import Little

Make = Callable[..., Agent]
SITE = """\
pages:
  form:
    open_at: /
    here_if: heading=下单
    phone: label=手机号
    note: css=#note
    gone: label=没有
    send: button=提交
    lines:
      rows: css=tr
      title: column=商品
flows:
  f:
    - open: form
"""
FORM = """<style>label input {position:absolute;left:100px;width:150px;height:20px;box-sizing:border-box}</style><h1>下单</h1>
<label style="position:absolute;left:30px;top:100px">手机号 <input></label>
<input id=note placeholder=备注 style="position:absolute;left:50px;top:200px"><button style="position:absolute;top:300px">提交</button>"""


def test_a_look_is_kept_with_where_things_stood_and_only_the_newest(agent_for: Make, little: Little) -> None:
    little.pages["/"] = FORM
    agent = agent_for(SITE)
    assert agent.session.last_look("form").picture is None
    agent.play("f")
    agent.session.keep_look("form")
    first = agent.session.last_look("form")
    assert first.picture is not None
    before = first.picture.read_bytes()
    assert set(first.spots) == {"phone", "note", "send"}
    phone = first.spots["phone"]
    assert (phone.left, phone.top, phone.width, phone.height, phone.words) == (130, 100, 150, 20, "手机号")
    assert first.spots["note"].words == "备注"

    little.pages["/"] = FORM.replace("top:200px", "top:400px").replace("placeholder=备注", "")
    agent.play("f")
    agent.stage.here.fill("#note", "138 0000 0000")
    agent.session.keep_look("form")
    second = agent.session.last_look("form")
    assert second.picture == first.picture and second.picture.read_bytes() != before
    assert (second.spots["note"].top, second.spots["note"].words) == (400, "")
    assert sorted(path.suffix for path in first.picture.parent.iterdir()) == [".jpg", ".txt"]


def test_what_was_kept_and_cannot_be_read_says_nothing(agent_for: Make, little: Little) -> None:
    little.pages["/"] = FORM
    agent = agent_for(SITE)
    agent.play("f")
    agent.session.keep_look("form")
    picture = agent.session.last_look("form").picture
    assert picture is not None
    picture.with_suffix(".txt").write_text('{"phone": {"left": 1}}', encoding="utf-8")
    assert agent.session.last_look("form").spots == {}
