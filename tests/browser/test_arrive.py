"""Opening pages, waiting for what comes, and what the site says meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from agent.browser import player
from agent.browser.gate import Gate
from agent.browser.stage import Play, SignedOut
from agent.browser.traffic import Traffic
from agent.errors import Mismatch, PageChanged, PageLost, PersonNeeded, SiteRefused, SiteUnavailable
from tests.browser.conftest import Agent
from tests.browser.little import Answer, Asked, Little, goto

Make = Callable[..., Agent]
PAGE = "pages:\n  form:\n    open_at: /\n    here_if: heading=单\n"

# ---- open, expect ----------------------------------------------------------------------------------------------------


def test_open_tries_once_more_after_a_fault_of_the_site(agent_for: Make, little: Little) -> None:
    little.pages["/"] = lambda asked: Answer("error", 502) if len(little.asked) == 1 else "<h1>单</h1>"
    agent_for(PAGE + "flows:\n  f:\n    - open: form\n").play("f")
    assert len(little.asked) == 2


@pytest.mark.parametrize(("status", "times"), [(500, 2), (503, 1)])
def test_open_gives_up_on_a_site_that_is_down(agent_for: Make, little: Little, status: int, times: int) -> None:
    little.pages["/"] = Answer("error", status)
    with pytest.raises(SiteUnavailable, match=str(status)):
        agent_for(PAGE + "flows:\n  f:\n    - open: form\n").play("f")
    assert len([one for one in little.asked if one.path == "/"]) == times


def test_open_of_an_address_behind_a_hash_asks_the_site_anew(agent_for: Make, little: Little) -> None:
    """A page of one address with routes behind `#`: going to the route on which the tab stands would only read it again."""
    little.pages["/"] = lambda asked: f"<h1>单</h1><dl><dt>电话</dt><dd>{len(little.asked)}</dd></dl>"
    text = (
        PAGE.replace("open_at: /", "open_at: /#/list")
        + "    phone: beside=电话\nflows:\n  f:\n    - open: form\n    - read: [phone]\n"
    )
    agent = agent_for(text)
    shown = [agent.play("f").raw["phone"] for _twice in range(2)]
    assert shown == ["1", "2"]


def test_open_of_a_site_that_does_not_answer(agent_for: Make, little: Little) -> None:
    agent = agent_for(PAGE + "flows:\n  f:\n    - open: form\n")
    agent.stage.gate = Gate({"main": "http://127.0.0.1:9"}, agent.stage.traffic)
    with pytest.raises(SiteUnavailable, match="net::"):
        agent.play("f")


LOOK = (
    PAGE
    + """\
    look: button=查看
    phone: beside=电话
  home:
    here_if: heading=首页
  login:
    open_at: /login
    before_sign_in: yes
    here_if: button=登录
flows:
  look:
    - open: form
    - click: look
    - read: [phone]
"""
)
ASKS = "<h1>单</h1><button onclick=\"fetch('/phone').then(a => a.ok ? a.text() : '').then(t => { at.innerHTML = t })\">查看</button><dl id=at></dl>"


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_page_whose_own_request_got_no_answer_is_no_other_page(agent_for: Make, little: Little, status: int) -> None:
    little.pages |= {"/": ASKS, "/phone": Answer("error", status)}
    with pytest.raises(PageLost, match=f"/phone: {status}") as failed:
        agent_for(LOOK, wait_for_page=1.5).play("look")
    assert "电话" in failed.value.what and failed.value.where.line


def test_a_request_that_was_answered_before_the_last_click_is_not_blamed(agent_for: Make, little: Little) -> None:
    """What failed while the page came is forgotten with the next click: then the page is another one."""
    little.pages |= {
        "/": "<script>fetch('/stats')</script>" + ASKS,
        "/stats": Answer("error", 500),
        "/phone": "<dt>手机<dd>138",
    }
    with pytest.raises(PageChanged, match="电话") as failed:
        agent_for(LOOK, wait_for_page=1.5).play("look")
    assert not isinstance(failed.value, PageLost)


OPENS = LOOK.replace("- read: [phone]", "- expect: home")


def test_a_sign_in_page_in_a_new_tab_is_seen(agent_for: Make, little: Little) -> None:
    little.pages |= {
        "/": "<h1>单</h1><button onclick=\"window.open('/home')\">查看</button>",
        "/home": goto("/login"),
        "/login": "<button>登录</button>",
    }
    agent = agent_for(OPENS + "  log_in:\n    - open: login\n    - done_if: home\n", wait_for_page=20)
    with pytest.raises(SignedOut):
        player.play(agent.stage, Play(agent.stage.site.flows["look"], {}))


def test_what_a_new_tab_says_is_heard(agent_for: Make, little: Little) -> None:
    little.pages |= {"/": "<h1>单</h1><button onclick=\"window.open('/home')\">查看</button>", "/home": "<p>请按住滑块</p>"}
    with pytest.raises(PersonNeeded, match="请按住滑块"):
        agent_for("messages:\n  请按住滑块: PersonNeeded\n" + OPENS, wait_for_page=20).play("look")


def test_open_puts_values_into_the_address_and_goes_to_the_pages_own_host(agent_for: Make, little: Little) -> None:
    """Each line has a page of its own, on another host than the form."""
    little.pages |= {"/": "<h1>单</h1>", "/offer/65%2F..%2F..%3F%23.html": "<h2>货</h2>", "/offer/66.html": "<h2>货</h2>"}
    text = "pages:\n  offer:\n    host: detail\n    open_at: /offer/<line.product>.html\n    here_if: heading=货\n" + PAGE[7:]
    lines = ({"line.product": "65/../..?#"}, {"line.product": "66"})
    detail = little.address.replace("127.0.0.1", "localhost")
    agent = agent_for(
        text + "flows:\n  f:\n    - open: form\n    - for_each_line:\n        - open: offer\n    - open: form\n",
        hosts={"detail": detail},
    )
    agent.play("f", {"lines": lines})
    assert [one.path for one in little.asked] == ["/", "/offer/65%2F..%2F..%3F%23.html", "/offer/66.html", "/"]
    with pytest.raises(Mismatch, match="is empty"):
        agent.play("f", {"lines": ({"line.product": ""},)})
    assert [one.path for one in little.asked][4:] == ["/"]


def test_open_of_another_page_than_expected(agent_for: Make, little: Little) -> None:
    little.pages["/"] = "<h1>改版了</h1>"
    with pytest.raises(PageChanged, match="form"):
        agent_for(PAGE + "flows:\n  f:\n    - open: form\n", wait_for_page=1.5).play("f")


def test_a_page_in_another_language_is_told_with_what_it_says_instead(agent_for: Make, little: Little) -> None:
    little.pages["/"] = "<h1>Confirm your order</h1><label>Consignee <input></label><button>Place order</button>"
    text = PAGE + (
        "    receiver: label=收货人\nflows:\n  f:\n    - open: form\n  g:\n    - open: form\n    - fill: {receiver: 张三}\n"
    )
    with pytest.raises(PageChanged) as failed:
        agent_for(text).play("f")
    assert "did not come: form (heading=单); the page offers: Confirm your order" in failed.value.what
    english = text.replace("heading=单", "heading=Confirm*")
    with pytest.raises(PageChanged) as failed:
        agent_for(english).play("g")
    assert "Nothing on the page fits receiver (label=收货人); the page offers: Consignee" in failed.value.what
    first, second, third = failed.value.lines()
    assert "little.yaml" in second and str(failed.value.where.line) in second and third, (first, second, third)


def test_scripts_of_the_page_that_fail_stop_nothing(agent_for: Make, little: Little) -> None:
    little.pages[
        "/"
    ] = """<h1>单</h1><script>throw new Error("broken at once")</script><script>nonsense(</script><label>收货人 <input></label>
      <button onclick="fetch('/sent', {method: 'POST'}); undefined.broken()">保存</button>
      <script>setInterval(() => Promise.reject(new Error("and on")), 50); document.querySelector("input").oninput = () => { throw 1; };</script>"""
    little.pages["/sent"] = "ok"
    text = (
        PAGE
        + "    receiver: label=收货人\n    save: button=保存\nflows:\n  f:\n    - open: form\n    - fill: {receiver: 张三}\n    - click: save\n"
    )
    agent_for(text).play("f")
    assert [one.path for one in little.posts] == ["/sent"]


def test_a_page_on_another_host_is_never_opened(agent_for: Make, little: Little) -> None:
    text = PAGE + "    away: link=走\nflows:\n  f:\n    - open: form\n    - click: away\n    - expect: form\n"
    little.pages["/"] = "<h1>单</h1><a href='http://localhost:1/elsewhere'>走</a>"
    with pytest.raises(PersonNeeded, match="localhost:1"):
        agent_for(
            text.replace("- expect: form", "- expect: away_page").replace(
                "flows:", "  away_page:\n    here_if: heading=走\nflows:"
            )
        ).play("f")
    agent_for(text).play("f")  # what was refused leaves the page as it was
    little.pages["/"] = goto(little.address.replace("127.0.0.1", "localhost") + "/there")
    little.pages["/there"] = "<h1>单</h1>"
    with pytest.raises(PersonNeeded, match="localhost"):
        agent_for(text).play("f")


def test_a_host_is_the_same_however_it_is_written(agent_for: Make, little: Little) -> None:
    gate = Gate({"main": "https://Mall.Example", "pay": "https://pay.example:443"}, Traffic())
    assert (
        gate.own("https://mall.example/user.php") and gate.own("https://mall.example:443/") and gate.own("https://pay.example/")
    )
    assert not any(map(gate.own, ("http://mall.example/", "https://mall.example:8443/", "https://mall.example.cn/")))
    little.pages["/"] = "<h1>单</h1>"
    text = PAGE + "flows:\n  f:\n    - open: form\n"
    agent_for(text, hosts={"main": little.address.replace("127.0.0.1", "LOCALHOST")}).play("f")


def test_a_fault_of_somebody_elses_frame_is_not_the_sites(agent_for: Make, little: Little) -> None:
    elsewhere = little.address.replace("127.0.0.1", "localhost")
    late = "<script>setTimeout(() => document.body.insertAdjacentHTML('beforeend', '<h1>单</h1>'), 1000)</script>"
    little.pages |= {"/": f"<iframe src={elsewhere}/help></iframe>{late}", "/help": Answer("busy", 429)}
    agent_for(PAGE + "flows:\n  f:\n    - open: form\n", wait_for_page=20).play("f")


def test_expect_follows_the_one_new_tab(agent_for: Make, little: Little) -> None:
    little.pages |= {"/": "<h1>单</h1><a href=/detail target=_blank>详情</a>", "/detail": "<h2>订单详情</h2><b id=no>S1</b>"}
    agent = agent_for(
        PAGE
        + "    details: link=详情\n  detail:\n    here_if: heading=订单详情\n    supplier_order_number: css=#no\n"
        + "flows:\n  f:\n    - open: form\n    - click: details\n    - expect: detail\n    - read: [supplier_order_number]\n",
        wait_for_page=20,
    )
    assert agent.play("f").values == {"supplier_order_number": "S1"}
    assert len(agent.stage.tabs) == 2
    agent.play("f")  # an open closes the other tabs
    assert len(agent.stage.tabs) == 2


def test_expect_stops_at_two_new_tabs(agent_for: Make, little: Little) -> None:
    both = threading.Barrier(2)  # neither shows anything before the other is there, too

    def detail(_asked: Asked) -> str:
        both.wait(60)
        return "<h2>订单详情</h2>"

    button = "<button onclick=\"window.open('/detail?1'); window.open('/detail?2')\">详情</button>"
    little.pages |= {"/": f"<h1>单</h1>{button}", "/detail": detail}
    agent = agent_for(
        PAGE + "    details: button=详情\n  detail:\n    here_if: heading=订单详情\n"
        "flows:\n  f:\n    - open: form\n    - click: details\n    - expect: detail\n",
        wait_for_page=20,
    )
    with pytest.raises(PageChanged, match="2 new tabs"):
        agent.play("f")


def test_expect_of_one_of_several(agent_for: Make, little: Little) -> None:
    little.pages["/"] = "<h1>单</h1><p>没货了</p>"
    agent = agent_for(
        PAGE + "    there: text=有货\n    gone: text=没货了\nflows:\n  f:\n    - open: form\n    - expect: [there, gone]\n"
    )
    agent.play("f")


def test_expect_of_the_page_under_a_dialog_waits_for_the_dialog_to_go(agent_for: Make, little: Little) -> None:
    little.pages["/"] = (
        "<h1>单</h1><div role=dialog id=d><h3>备注</h3><button onclick='setTimeout(() => d.remove(), 300)'>确定</button></div>"
    )
    agent = agent_for(
        PAGE + "  note:\n    inside: dialog=备注\n    here_if: heading=备注\n    save: button=确定\n"
        "flows:\n  f:\n    - open: form\n    - expect: note\n    - click: save\n    - expect: form\n"
    )
    agent.play("f")
    assert agent.stage.here.locator("#d").count() == 0


def test_expect_gone(agent_for: Make, little: Little) -> None:
    text = PAGE + "    reveal: button=查看\nflows:\n  f:\n    - open: form\n    - click: reveal\n    - expect_gone: reveal\n"
    little.pages["/"] = "<h1>单</h1><button onclick='setTimeout(() => this.remove(), 200)'>查看</button>"
    agent_for(text).play("f")
    little.pages["/"] = "<h1>单</h1><button>查看</button>"
    with pytest.raises(PageChanged, match="still there"):
        agent_for(text, wait_for_page=1.5).play("f")


# ---- what the site says ----------------------------------------------------------------------------------------------

SAYS = "messages:\n  库存不足: SiteRefused\n  滑块验证: PersonNeeded\n" + PAGE
NEXT = "    next: button=下一步\n  done:\n    here_if: heading=好了\nflows:\n  f:\n    - open: form\n    - click: next\n    - expect: done\n"


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ("document.body.append('商品库存不足')", SiteRefused),
        ("alert('库存不足，请减少数量')", SiteRefused),
        ("document.body.append('请完成滑块验证')", PersonNeeded),
        ("setTimeout(() => document.body.append('库存不足'), 400)", SiteRefused),
    ],
)
def test_a_message_ends_the_wait_with_its_meaning(agent_for: Make, little: Little, script: str, kind: type[Exception]) -> None:
    little.pages["/"] = f'<h1>单</h1><button onclick="{script}">下一步</button>'
    with pytest.raises(kind) as failed:
        agent_for(SAYS + NEXT, wait_for_page=10).play("f")
    assert "says" in str(failed.value)


def test_a_message_that_stood_there_before_is_no_answer(agent_for: Make, little: Little) -> None:
    little.pages |= {
        "/": "<h1>单</h1><p>库存不足时不发货</p><button onclick=\"setTimeout(() => location = '/done', 900)\">下一步</button>"
    }
    little.pages["/done"] = "<h1>好了</h1><p>库存不足时不发货</p>"
    agent_for(SAYS + NEXT, wait_for_page=20).play("f")


def test_messages_are_not_looked_at_when_all_goes_well(agent_for: Make, little: Little) -> None:
    little.pages |= {"/": "<h1>单</h1><a href=/done><button>下一步</button></a>", "/done": "<h1>好了</h1><p>库存不足</p>"}
    agent_for(SAYS + NEXT).play("f")


def test_a_click_that_does_nothing_is_noticed(agent_for: Make, little: Little) -> None:
    little.pages["/"] = "<h1>单</h1><button type=button>下一步</button>"
    with pytest.raises(PageChanged, match=r"did not come: .*; the page offers: 单") as failed:
        agent_for(PAGE + NEXT, wait_for_page=1.5).play("f")
    assert failed.value.where.line
