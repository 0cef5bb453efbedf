"""Each row of "How the browser behaves at a commit", proven against a server that counts what is posted to it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from playwright.sync_api import Error as PlaywrightError

from agent.errors import PageChanged
from tests.browser.committing import FORM, SITE, THANKS, TOTAL, buy, by_script
from tests.browser.conftest import Agent
from tests.browser.little import Answer, Asked, Little, goto

__all__ = ["buy"]


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


@pytest.mark.parametrize(
    ("asks_again", "sent"),
    [
        ("if (confirm('确定提交吗') && confirm('确定提交吗')) order();", 0),
        ("if (confirm('确定提交吗')) await order(); if (confirm('确定提交吗')) order();", 1),
    ],
    ids=["for another price", "for a second order"],
)
def test_one_click_says_ok_once(buy: Agent, little: Little, asks_again: str, sent: int) -> None:
    little.pages["/confirm"] = by_script(f"go.onclick = async () => {{ {asks_again} }};")
    buy.play("fill_order")
    buy.hurry(settle=3)
    outcome = buy.commit("submit_order")
    assert len(little.posts) == sent
    assert (outcome.end, outcome.reading, outcome.dialogs) == ("unclear", None, ("确定提交吗",) * 2)


def test_a_dialog_that_was_not_named_is_dismissed_and_nothing_leaves(buy: Agent, little: Little) -> None:
    little.pages["/confirm"] = by_script("go.onclick = () => { if (confirm('同时购买运费险？')) order(); };")
    buy.play("fill_order")
    buy.hurry(settle=3)
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
    returned = threading.Event()

    def may(_asked: Asked) -> str:
        returned.wait(60)
        return "ok"

    little.pages |= {"/confirm": by_script("go.onclick = () => fetch('/may').then(order);"), "/order": THANKS, "/may": may}
    buy = agent_for(SITE, settle=0.5)
    buy.play("fill_order")
    outcome = buy.commit("submit_order")
    returned.set()
    assert outcome.end == "unclear" and [(note.method, note.path) for note in outcome.requests or ()] == [("GET", "/may")]
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


def test_a_double_click_sends_one(buy: Agent, little: Little) -> None:
    little.pages["/confirm"] = by_script(
        "let sent = 0; go.onclick = (e) => { sent += 1; fetch('/order', {method: 'POST'}).then(() => {"
        f" document.body.innerHTML = {THANKS!r}; }}); if (sent === 1) setTimeout(() => go.click(), 0); }};"
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


def test_a_fault_of_somebody_elses_frame_is_not_the_sites(buy: Agent, little: Little) -> None:
    elsewhere = little.address.replace("127.0.0.1", "localhost")
    late = f"<script>setTimeout(() => document.body.insertAdjacentHTML('beforeend', {THANKS!r}), 1000)</script>"
    little.pages |= {"/order": f"<iframe src={elsewhere}/help></iframe>{late}", "/help": Answer("busy", 503)}
    buy.play("fill_order")
    assert buy.commit("submit_order").end == "expected"


def test_what_is_expected_must_not_stand_there_before(buy: Agent, little: Little) -> None:
    little.pages["/confirm"] = FORM + "<h2>下单成功</h2>"
    buy.play("fill_order")
    with pytest.raises(PageChanged, match="already"):
        buy.commit("submit_order")
    assert little.posts == [] and buy.recorded == []


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
    buy.hurry(settle=3)
    outcome = buy.session.commit("submit_order", {}, lambda _f: buy.stage.here.close())
    assert outcome.end == "unclear"


def test_what_stood_over_the_button_is_not_quoted(buy: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    """Playwright's account of a click names all that caught it, words included."""

    def cover(_facts: object) -> None:
        over = "<div style='position:fixed;inset:0' title=幸福路8号>收货人 张三</div>"
        buy.stage.here.evaluate("over => document.body.insertAdjacentHTML('beforeend', over)", over)

    monkeypatch.setattr("agent.browser.commit.CLICK_TIMEOUT", 1_000)
    buy.play("fill_order")
    outcome = buy.session.commit("submit_order", {}, cover)
    assert (outcome.end, outcome.words) == ("unclear", "TimeoutError: ElementHandle.click: Timeout 1000ms exceeded.")


def test_of_a_page_that_could_not_be_stopped_only_the_first_line_is_told(buy: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise PlaywrightError("no answer\nCall log:\n  - <b>张三</b>")

    buy.play("fill_order")
    monkeypatch.setattr(buy.stage, "stop_scripts", fails)
    assert buy.commit("submit_order").words == "Error: no answer"


def test_an_outcome_in_a_new_tab_is_seen_and_that_tab_is_closed_too(buy: Agent, little: Little) -> None:
    little.pages["/confirm"] = FORM.replace("<form ", "<form target=_blank ")
    buy.play("fill_order")
    outcome = buy.commit("submit_order")
    assert outcome.end == "expected"
    assert len(little.posts) == 1 and buy.stage.tabs == []


def test_an_order_sent_through_a_socket_is_noted_too(agent_for: Callable[..., Agent], little: Little) -> None:
    little.pages["/confirm"] = by_script(
        "const ws = new WebSocket(`ws://${location.host}/socket`); go.disabled = true;"
        "ws.onopen = () => { go.disabled = false; go.onclick = () => ws.send('order'); };"
    )
    buy = agent_for(SITE, settle=0.8)
    buy.play("fill_order")
    outcome = buy.commit("submit_order")
    assert outcome.end == "unclear"
    assert [(note.method, note.path) for note in outcome.requests] == [("WS", "/socket")]


def test_a_notice_of_success_alone_proves_nothing(buy: Agent, little: Little) -> None:
    little.pages["/confirm"] = by_script(
        "go.onclick = () => { document.body.insertAdjacentHTML('beforeend', '<div role=alert id=toast>下单成功</div>');"
        " setTimeout(() => toast.remove(), 1000); fetch('/order', { method: 'POST' }); }"
    )
    buy.play("fill_order")
    buy.hurry(settle=3)
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
