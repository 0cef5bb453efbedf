"""Each row of "How the browser behaves at a commit", proven against a server that counts what is posted to it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from agent.errors import AgentError, Mismatch, PageChanged
from tests.browser.conftest import Agent
from tests.browser.little import Answer, Asked, Little, goto

SITE = """\
words: {}
messages:
  库存不足: SiteRefused
  系统繁忙: SiteUnavailable
pages:
  confirm:
    open_at: /confirm
    here_if: heading=确认订单
    total: beside=应付总额
    place_order: button=提交订单
  thank_you:
    here_if: heading=下单成功
    supplier_order_number: beside=订单号
flows:
  fill_order:
    - open: confirm
    - read: [total]
  submit_order:
    - commit: place_order
      browser_asks: 确定提交吗
    - expect: thank_you
    - read: [supplier_order_number]
"""

TOTAL = "<dl><dt>应付总额</dt><dd id=total>¥10.00</dd></dl>"
THANKS = "<h1>下单成功</h1><dl><dt>订单号</dt><dd>S100</dd></dl>"
FORM = f"<h1>确认订单</h1>{TOTAL}<form method=post action=/order><button>提交订单</button></form>"


def by_script(script: str) -> str:
    """The confirm page, its button doing what the script says; `order()` sends one POST and shows the thanks."""
    return f"""<h1>确认订单</h1>{TOTAL}<button id=go>提交订单</button><script>
      const order = () => fetch('/order', {{method: 'POST'}}).then(() => {{ document.body.innerHTML = {THANKS!r}; }});
      const go = document.getElementById('go');
      {script}</script>"""


@pytest.fixture
def buy(agent_for: Callable[..., Agent], little: Little) -> Agent:
    little.pages |= {"/confirm": FORM, "/order": THANKS}
    return agent_for(SITE)


def test_one_click_one_post_and_every_page_closed(buy: Agent, little: Little) -> None:
    buy.play("fill_order")
    outcome = buy.commit("submit_order")
    assert outcome.end == "expected"
    assert len(little.posts) == 1
    assert outcome.reading is not None and outcome.reading.values["supplier_order_number"] == "S100"
    assert [(note.method, note.path) for note in outcome.requests] == [("POST", "/order")]
    assert buy.stage.tabs == []
    assert len(outcome.pictures) == 2 and all(p.stat().st_mode & 0o777 == 0o600 for p in outcome.pictures)


def test_what_is_on_disk_before_the_click_says_what_the_page_showed(buy: Agent, little: Little) -> None:
    buy.play("fill_order")
    posted_at_record: list[int] = []
    buy.session.commit(
        "submit_order", {}, lambda facts: (buy.recorded.append(facts), posted_at_record.append(len(little.posts)))[0]
    )
    facts = buy.recorded[0]
    assert posted_at_record == [0]
    assert facts.shown == {"total": "¥10.00"}
    assert facts.page_address == f"{little.address}/confirm"
    assert facts.flow_hash == buy.stage.site.flow_hash("submit_order")


def test_a_ledger_that_cannot_write_keeps_the_click_from_happening(buy: Agent, little: Little) -> None:
    def full_disk(_facts: object) -> None:
        raise OSError("no space left")

    buy.play("fill_order")
    with pytest.raises(OSError, match="no space left"):
        buy.session.commit("submit_order", {}, full_disk)
    assert little.posts == []


def test_the_result_page_is_never_asked_for_again(buy: Agent, little: Little) -> None:
    """A reload of the page that shows the result of a form POST sends the order again, without a prompt."""
    little.pages["/list"] = "<h1>确认订单</h1>" + TOTAL
    buy.play("fill_order")
    buy.commit("submit_order")
    buy.play("fill_order")
    assert len(little.posts) == 1


def test_a_redirect_to_the_result_is_followed_once(buy: Agent, little: Little) -> None:
    little.pages |= {"/order": goto("/thanks"), "/thanks": THANKS}
    buy.play("fill_order")
    outcome = buy.commit("submit_order")
    assert outcome.end == "expected"
    assert [(note.method, note.path) for note in outcome.requests] == [("POST", "/order"), ("GET", "/thanks")]
    assert len(little.posts) == 1


def test_the_dialog_that_was_named_is_answered_with_ok(buy: Agent, little: Little) -> None:
    little.pages["/confirm"] = by_script("go.onclick = () => { if (confirm('确定提交吗？'.slice(0, 5))) order(); };")
    buy.play("fill_order")
    outcome = buy.commit("submit_order")
    assert outcome.end == "expected" and outcome.dialogs == ("确定提交吗",)
    assert len(little.posts) == 1


def test_a_dialog_that_was_not_named_is_dismissed_and_nothing_leaves(buy: Agent, little: Little) -> None:
    little.pages["/confirm"] = by_script("go.onclick = () => { if (confirm('同时购买运费险？')) order(); };")
    buy.play("fill_order")
    outcome = buy.commit("submit_order")
    assert outcome.end == "unclear"
    assert outcome.dialogs == ("同时购买运费险？",) and outcome.requests == ()
    assert little.posts == []


def test_an_answer_that_is_slow_to_come_is_unclear_and_its_request_is_known(
    agent_for: Callable[..., Agent], little: Little
) -> None:
    """A click that times out has still sent the order; the server commits later."""
    hold = threading.Event()

    def slow(_asked: Asked) -> str:
        hold.wait(20)
        return THANKS

    little.pages |= {"/confirm": FORM, "/order": slow}
    buy = agent_for(SITE, settle=0.8)
    buy.play("fill_order")
    outcome = buy.commit("submit_order")
    hold.set()
    # Chromium may hold our look back until the answer has come: then what came is seen after all, late but truly.
    assert outcome.end in ("unclear", "expected")
    assert [note.method for note in outcome.requests or ()] == ["POST"]
    assert len(little.posts) == 1


def test_a_page_that_tries_again_by_itself_is_cut_off_by_the_fence(agent_for: Callable[..., Agent], little: Little) -> None:
    little.pages |= {
        "/confirm": by_script(
            "const again = () => { const a = new AbortController(); setTimeout(() => a.abort(), 150);"
            " fetch('/order', {method: 'POST', signal: a.signal}).catch(again); }; go.onclick = again;"
        ),
        "/order": lambda asked: (hold.wait(20) and "") or "",
    }
    hold = threading.Event()
    buy = agent_for(SITE, settle=0.8)
    buy.play("fill_order")
    outcome = buy.commit("submit_order")
    buy.play("fill_order")  # the site may write down what left before the page was closed only now
    sent = len(little.posts)
    assert outcome.end == "unclear" and sent >= 2
    assert len(outcome.requests) >= sent  # also the one that left while the page was being closed
    for _ in range(3):
        buy.play("fill_order")  # the time of a whole page: the closed one sends no more
    hold.set()
    assert len(little.posts) == sent


@pytest.mark.parametrize("sends", ["navigator.sendBeacon('/order')", "fetch('/order', {method: 'POST', keepalive: true})"])
def test_a_page_sends_nothing_while_it_is_being_closed(agent_for: Callable[..., Agent], little: Little, sends: str) -> None:
    little.pages["/confirm"] = by_script(f"go.onclick = () => addEventListener('pagehide', () => {sends});")
    buy = agent_for(SITE, settle=0.5)
    buy.play("fill_order")
    outcome = buy.commit("submit_order")
    assert outcome.end == "unclear" and outcome.requests == ()
    little.pages["/after"] = "x"
    buy.play("fill_order")
    assert little.posts == []


def test_a_post_that_leaves_late_is_waited_for(buy: Agent, little: Little) -> None:
    little.pages["/confirm"] = by_script("go.onclick = () => setTimeout(order, 1200);")
    buy.play("fill_order")
    assert buy.commit("submit_order").end == "expected"
    assert len(little.posts) == 1


def test_a_post_later_than_the_wait_never_leaves(agent_for: Callable[..., Agent], little: Little) -> None:
    little.pages |= {"/confirm": by_script("go.onclick = () => setTimeout(order, 1500);"), "/order": THANKS}
    buy = agent_for(SITE, settle=0.5)
    buy.play("fill_order")
    outcome = buy.commit("submit_order")
    assert outcome.end == "unclear" and outcome.requests == ()
    little.pages["/after"] = "x"
    buy.play("fill_order")
    assert little.posts == []


def test_nothing_leaves_the_page_before_its_own_request_has_ended(buy: Agent, little: Little) -> None:
    """Success is shown while the POST is still under way: going on at once would take it back."""
    done = threading.Event()

    def slow(_asked: Asked) -> Answer:
        threading.Event().wait(0.7)
        done.set()
        return Answer("ok")

    little.pages |= {
        "/confirm": by_script(
            f"go.onclick = () => {{ fetch('/order', {{method: 'POST'}}); document.body.innerHTML = {THANKS!r}; }};"
        ),
        "/order": slow,
    }
    buy.play("fill_order")
    assert buy.commit("submit_order").end == "expected"
    assert done.is_set()


@pytest.mark.parametrize("moment", ["pointerdown", "mousedown", "pointerup", "mousemove"])
def test_a_total_that_changes_under_the_click_sends_nothing(buy: Agent, little: Little, moment: str) -> None:
    little.pages["/confirm"] = by_script(
        f"go.onclick = order; document.addEventListener('{moment}', () => {{ if (window.armed) total.textContent = '¥99.00'; }}, true);"
        "window.armed = false;"
    )
    buy.play("fill_order")

    def rerender(_facts: object) -> None:
        buy.stage.here.evaluate("window.armed = true")

    outcome = buy.session.commit("submit_order", {}, rerender)
    assert outcome.end == "stopped", outcome
    assert "total" in outcome.words
    assert outcome.requests == () and little.posts == []


def test_a_total_that_changed_between_record_and_click_sends_nothing(buy: Agent, little: Little) -> None:
    buy.play("fill_order")
    outcome = buy.session.commit("submit_order", {}, lambda _f: buy.stage.here.evaluate("total.textContent = '¥99.00'"))
    assert outcome.end == "stopped" and little.posts == []


def test_what_a_box_drops_when_it_is_left_stops_before_the_click(agent_for: Callable[..., Agent], little: Little) -> None:
    """It does so a moment after: the click that takes it the focus would have sent the order already."""
    box = "<label>到货日期<input onblur=\"setTimeout(() => { this.value = '' }, 100)\"></label>"
    little.pages |= {"/confirm": box + FORM, "/order": THANKS}
    site = SITE.replace("    total:", "    day: label=到货日期\n    total:").replace(
        "[total]", "[total]\n    - fill: {day: 2026-11-25}"
    )
    agent = agent_for(site)
    agent.play("fill_order")
    with pytest.raises(Mismatch, match="day"):
        agent.commit("submit_order")
    assert little.posts == []


def test_a_total_that_changed_before_the_trial_is_a_mismatch(buy: Agent, little: Little) -> None:
    buy.play("fill_order")
    buy.stage.here.evaluate("total.textContent = '¥99.00'")
    with pytest.raises(Mismatch, match="total"):
        buy.commit("submit_order")
    assert little.posts == [] and buy.recorded == []


def test_a_double_click_sends_one(buy: Agent, little: Little) -> None:
    little.pages["/confirm"] = by_script(
        "let sent = 0; go.onclick = (e) => { sent += 1; fetch('/order', {method: 'POST'}).then(() => {"
        f" document.body.innerHTML = {THANKS!r}; }}); if (sent === 1) setTimeout(() => go.click(), 0); }};"
    )
    buy.play("fill_order")
    assert buy.commit("submit_order").end == "expected"
    assert len(little.posts) == 1


def test_a_total_shown_by_the_page_again_after_a_redraw_of_the_button_is_still_guarded(buy: Agent, little: Little) -> None:
    """The button is replaced by one just like it, and that one is struck by a script: our one click was the only one."""
    little.pages["/confirm"] = by_script(
        "const strike = () => { const twin = go.cloneNode(true); twin.onclick = order; go.replaceWith(twin);"
        " twin.click(); }; go.onclick = () => { order(); setTimeout(strike, 0); };"
    )
    buy.play("fill_order")
    assert buy.commit("submit_order").end == "expected"
    assert len(little.posts) == 1


def test_the_sites_own_no_is_a_refusal_in_its_words(buy: Agent, little: Little) -> None:
    little.pages["/order"] = FORM + "<p>抱歉，库存不足</p>"
    buy.play("fill_order")
    outcome = buy.commit("submit_order")
    assert outcome.end == "refused" and outcome.words == "库存不足"
    assert len(little.posts) == 1


def test_a_no_said_by_a_dialog_before_anything_left_is_a_refusal(buy: Agent, little: Little) -> None:
    little.pages["/confirm"] = by_script("go.onclick = () => alert('库存不足');")
    buy.play("fill_order")
    outcome = buy.commit("submit_order")
    assert outcome.end == "refused" and outcome.requests == () and outcome.dialogs == ("库存不足",)


def test_words_that_are_no_refusal_leave_it_unclear(buy: Agent, little: Little) -> None:
    little.pages["/order"] = "<h1>系统繁忙</h1>"
    buy.play("fill_order")
    outcome = buy.commit("submit_order")
    assert outcome.end == "unclear" and outcome.words == "系统繁忙"


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_fault_of_the_server_is_unclear(buy: Agent, little: Little, status: int) -> None:
    little.pages["/order"] = Answer("error", status)
    buy.play("fill_order")
    outcome = buy.commit("submit_order")
    assert outcome.end == "unclear" and len(outcome.requests) == 1


def test_what_is_expected_must_not_stand_there_before(buy: Agent, little: Little) -> None:
    little.pages["/confirm"] = FORM + "<h2>下单成功</h2>"
    buy.play("fill_order")
    with pytest.raises(PageChanged, match="already"):
        buy.commit("submit_order")
    assert little.posts == [] and buy.recorded == []


def test_a_commit_with_nothing_to_compare_is_refused(buy: Agent, little: Little) -> None:
    buy.play("fill_order")
    buy.stage.here.goto(f"{little.address}/confirm")
    with pytest.raises(PageChanged, match="compared"):
        buy.commit("submit_order")
    assert little.posts == []


@pytest.mark.parametrize(
    "twins",
    [
        "<button>提交订单</button>",
        "<button disabled id=off>提交订单</button>",
    ],
)
def test_two_buttons_with_the_same_words_are_not_clicked(buy: Agent, little: Little, twins: str) -> None:
    little.pages["/confirm"] = FORM + twins
    buy.play("fill_order")
    with pytest.raises(PageChanged, match="2 things"):
        buy.commit("submit_order")
    assert little.posts == []


def test_a_greyed_button_is_not_clicked(buy: Agent, little: Little) -> None:
    little.pages["/confirm"] = FORM.replace("<button>", "<button disabled>")
    buy.play("fill_order")
    with pytest.raises(PageChanged, match="greyed"):
        buy.commit("submit_order")
    assert buy.recorded == []


def test_a_cover_that_the_file_does_not_name_keeps_the_click_away(buy: Agent, little: Little) -> None:
    little.pages["/confirm"] = FORM + "<div style='position:fixed;inset:0;background:#fffc'>公告</div>"
    buy.play("fill_order")
    with pytest.raises(PageChanged, match="cannot be clicked"):
        buy.commit("submit_order")
    assert little.posts == [] and buy.recorded == []


def test_a_tab_closed_under_the_click_is_unclear(buy: Agent, little: Little) -> None:
    little.pages["/confirm"] = by_script("go.onclick = () => { fetch('/order', {method: 'POST', keepalive: true}); };")
    buy.play("fill_order")
    outcome = buy.session.commit("submit_order", {}, lambda _f: buy.stage.here.close())
    assert outcome.end == "unclear"


def test_an_outcome_in_a_new_tab_is_seen_and_that_tab_is_closed_too(buy: Agent, little: Little) -> None:
    little.pages["/confirm"] = FORM.replace("<form ", "<form target=_blank ")
    buy.play("fill_order")
    outcome = buy.commit("submit_order")
    assert outcome.end == "expected"
    assert len(little.posts) == 1 and buy.stage.tabs == []


def test_an_order_sent_through_a_socket_is_noted_too(agent_for: Callable[..., Agent], little: Little) -> None:
    little.pages["/confirm"] = by_script(
        "const ws = new WebSocket(`ws://${location.host}/socket`); ws.onopen = () => { go.onclick = () => ws.send('order'); };"
    )
    buy = agent_for(SITE, settle=0.8)
    buy.play("fill_order")
    outcome = buy.commit("submit_order")
    assert outcome.end == "unclear"
    assert [(note.method, note.path) for note in outcome.requests] == [("WS", "/socket")]


HOLDING = SITE.replace(
    "    total: beside=应付总额\n", "    note: label=备注\n    speed:\n      options: css=.speed\n    agree: label=同意\n"
).replace(
    "    - read: [total]\n",
    "    - fill: {note: <purchase_order.note>}\n    - choose: {speed: <line.title>}\n    - tick: agree\n",
)
HELD_FORM = """<h1>确认订单</h1><form method=post action=/order><label>备注<input name=note id=note></label>
<span class=speed onclick="this.classList.add('active')">普通</span><span class=speed>加急</span>
<label><input type=checkbox id=agree>同意</label><button>提交订单</button></form>"""


def test_what_was_typed_chosen_and_ticked_is_compared_too(agent_for: Callable[..., Agent], little: Little) -> None:
    little.pages |= {"/confirm": HELD_FORM, "/order": THANKS}
    buy = agent_for(HOLDING)
    values = {"purchase_order.note": "R1 请勿放价格单", "line.title": "普通"}
    buy.play("fill_order", values)
    assert buy.commit("submit_order").end == "expected"
    assert buy.recorded[0].shown == {"note": "R1 请勿放价格单", "speed": "普通", "agree": "true"}
    assert little.posts[0].fields["note"] == "R1 请勿放价格单"


@pytest.mark.parametrize(
    "change", ["note.value = ''", "agree.checked = false", "document.querySelector('.active').className = 'speed'"]
)
def test_a_value_dropped_from_a_field_is_never_sent(agent_for: Callable[..., Agent], little: Little, change: str) -> None:
    little.pages |= {"/confirm": HELD_FORM, "/order": THANKS}
    buy = agent_for(HOLDING)
    values = {"purchase_order.note": "R1", "line.title": "普通"}
    buy.play("fill_order", values)
    outcome = buy.session.commit("submit_order", {}, lambda _f: buy.stage.here.evaluate(change))
    assert outcome.end == "stopped"
    buy.play("fill_order", values)
    buy.stage.here.evaluate(change)
    with pytest.raises(AgentError):
        buy.commit("submit_order")
    assert little.posts == []


def test_what_is_compared_in_the_click_is_told_parsed_and_is_no_reading_of_what_came_after(
    agent_for: Callable[..., Agent], little: Little
) -> None:
    little.pages |= {"/confirm": FORM, "/order": THANKS}
    agent = agent_for(SITE.replace("    - commit: place_order", "    - read: [total]\n    - commit: place_order"))
    agent.play("fill_order")
    outcome = agent.commit("submit_order")
    assert agent.recorded[0].values == {"total": 1000}
    assert outcome.reading and outcome.reading.values == {"supplier_order_number": "S100"}


def test_a_notice_of_success_alone_proves_nothing(buy: Agent, little: Little) -> None:
    little.pages["/confirm"] = by_script(
        "go.onclick = () => { document.body.insertAdjacentHTML('beforeend', '<div role=alert id=toast>下单成功</div>');"
        " setTimeout(() => toast.remove(), 1000); fetch('/order', { method: 'POST' }); }"
    )
    buy.play("fill_order")
    assert (buy.commit("submit_order").end, len(little.posts)) == ("unclear", 1)


def test_what_comes_in_the_way_after_the_click_is_left_alone(agent_for: Callable[..., Agent], little: Little) -> None:
    """Before it, what covers the button is closed; from the click on nothing but outcomes is looked for."""
    shut = "fetch('/shut?{}', {{method: 'POST'}}); this.parentElement.remove()"
    popup = f"<div style='position:fixed;inset:0;background:#fffc'><button onclick=\"{shut}\">知道了</button></div>"
    late = "<script>setTimeout(() => document.body.insertAdjacentHTML('beforeend', document.querySelector('template').innerHTML), 50)</script>"
    after = f"<h1>处理中</h1><template>{popup.format('after')}</template>{late}<script>setTimeout(() => {{ location = '/thanks' }}, 1500)</script>"
    little.pages |= {
        "/confirm": FORM + popup.format("before"),
        "/order": after,
        "/shut": "ok",
        "/thanks": THANKS + popup.format("then"),
    }
    agent = agent_for("in_the_way:\n  - button=知道了\n" + SITE)
    agent.play("fill_order")
    outcome = agent.commit("submit_order")
    assert (outcome.end, outcome.reading and outcome.reading.values) == ("expected", {"supplier_order_number": "S100"})
    assert [one.path for one in little.posts] == ["/shut?before", "/order"]


TWO_WAYS = SITE.replace(
    "    place_order: button=提交订单", "    place_order:\n      - css=#go\n      - button=提交订单"
).replace("    total: beside=应付总额", "    total:\n      - css=#total\n      - beside=应付总额")


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (FORM.replace("<button>", "<button id=go>"), ""),
        (FORM, ""),  # one of them finds nothing
        (
            FORM.replace("<button>", "<button id=go>立即购买</button><button>"),
            "css=#go and button=提交订单 both find something",
        ),
        (
            FORM.replace("<button>", "<button id=go>")
            .replace("<dd id=total>", "<dd>")
            .replace("<h1>", "<b id=total>¥10.00</b><h1>"),
            "total: css=#total and beside=应付总额 both find something, and not the same thing",
        ),
    ],
    ids=["the same", "one alone", "another button", "another amount that says the same"],
)
def test_all_spellings_that_find_something_find_the_same_thing(
    agent_for: Callable[..., Agent], little: Little, page: str, told: str
) -> None:
    little.pages |= {"/confirm": page, "/order": THANKS}
    agent = agent_for(TWO_WAYS)
    if told:
        with pytest.raises(PageChanged, match=told) as failed:
            agent.play("fill_order")
            agent.commit("submit_order")
        assert failed.value.where.line and agent.recorded == []
    else:
        agent.play("fill_order")
        assert agent.commit("submit_order").end == "expected"
    assert len(little.posts) == (0 if told else 1)


def test_a_second_spelling_that_turns_up_elsewhere_under_the_click_sends_nothing(
    agent_for: Callable[..., Agent], little: Little
) -> None:
    late = """<script>const b = document.querySelector('button'); b.addEventListener('pointerenter', () => {
      b.id = ''; document.body.insertAdjacentHTML('beforeend', '<button id=go>立即购买</button>'); });</script>"""
    little.pages |= {"/confirm": FORM.replace("<button>", "<button id=go>") + late, "/order": THANKS}
    agent = agent_for(TWO_WAYS)
    agent.play("fill_order")
    outcome = agent.commit("submit_order")
    assert (outcome.end, little.posts) == ("stopped", []), outcome
