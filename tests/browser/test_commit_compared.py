"""What is shown at a commit is compared before the click and in it: whatever changed or dropped since sends nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent.errors import AgentError, Mismatch, PageChanged
from tests.browser.committing import FORM, SITE, THANKS, buy, by_script
from tests.browser.conftest import Agent
from tests.browser.little import Little

__all__ = ["buy"]


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


@pytest.mark.parametrize(
    "page",
    [
        "go.onpointerdown = order; document.addEventListener('mousedown', change, true);",
        *(
            f"go.onmousedown = () => setTimeout(order, {wait}); go.addEventListener('mousedown', change);"
            for wait in (0, 20, 60, 150)
        ),
    ],
    ids=["as the pointer came down", *(f"{wait} ms after the mouse came down" for wait in (0, 20, 60, 150))],
)
def test_what_a_page_sent_before_the_click_was_stopped_is_not_called_unsent(buy: Agent, little: Little, page: str) -> None:
    """The total changes before the click comes through, and the page has acted on what came before it, at once or later.
    Where its thanks stand there before the finger is up, nothing is left to be stopped, and its yes is the outcome.
    """
    little.pages["/confirm"] = by_script(
        "window.armed = false; const change = () => { if (window.armed) total.textContent = '¥99.00'; };" + page
    )
    buy.play("fill_order")
    outcome = buy.session.commit("submit_order", {}, lambda _facts: buy.stage.here.evaluate("window.armed = true"))
    sent = outcome.requests is None or any(note.method == "POST" for note in outcome.requests)
    assert outcome.end in (("unclear", "expected") if sent else ("stopped",)), outcome
    assert sent or not (little.posts or "pointerdown" in page)


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


def test_a_total_shown_by_the_page_again_after_a_redraw_of_the_button_is_still_guarded(buy: Agent, little: Little) -> None:
    """The button is replaced by one just like it, and that one is struck by a script: our one click was the only one."""
    little.pages["/confirm"] = by_script(
        "const strike = () => { const twin = go.cloneNode(true); twin.onclick = order; go.replaceWith(twin);"
        " twin.click(); }; go.onclick = () => { order(); setTimeout(strike, 0); };"
    )
    buy.play("fill_order")
    assert buy.commit("submit_order").end == "expected"
    assert len(little.posts) == 1


def test_a_commit_with_nothing_to_compare_is_refused(buy: Agent, little: Little) -> None:
    buy.play("fill_order")
    buy.stage.here.goto(f"{little.address}/confirm")
    with pytest.raises(PageChanged, match="compared"):
        buy.commit("submit_order")
    assert little.posts == []


DISCOUNT = SITE.replace("    place_order:", "    discount: beside=优惠\n    place_order:", 1).replace(
    "    - read: [total]\n",
    "    - read: [total]\n    - if_present: discount\n      do:\n        - read: [discount]\n",
)
LESS = "<dl><dt>优惠</dt><dd>¥1.00</dd></dl>"


def test_a_second_read_leaves_the_first_in_the_comparison(agent_for: Callable[..., Agent], little: Little) -> None:
    little.pages |= {"/confirm": FORM + LESS, "/order": THANKS}
    buy, dearer = agent_for(DISCOUNT), "total.textContent = '¥99.00'"
    buy.play("fill_order")
    outcome = buy.session.commit("submit_order", {}, lambda _facts: buy.stage.here.evaluate(dearer))
    assert (outcome.end, little.posts) == ("stopped", [])
    buy.play("fill_order")
    buy.stage.here.evaluate(dearer)
    with pytest.raises(Mismatch, match="total"):
        buy.commit("submit_order")
    assert little.posts == []


def test_what_is_read_again_is_compared_as_it_was_read_last(agent_for: Callable[..., Agent], little: Little) -> None:
    less = "<button type=button onclick=\"total.textContent = '¥9.00'\">用优惠券</button>"
    little.pages |= {"/confirm": FORM + LESS + less, "/order": THANKS}
    text = DISCOUNT.replace("    place_order:", "    coupon: button=用优惠券\n    place_order:", 1)
    agent = agent_for(text.replace("  submit_order:\n", "    - click: coupon\n    - read: [total]\n  submit_order:\n"))
    agent.play("fill_order")
    assert agent.commit("submit_order").end == "expected"
    assert agent.recorded[0].shown == {"discount": "¥1.00", "total": "¥9.00"}


def test_what_was_read_on_a_page_or_for_a_line_that_is_left_is_not_compared(
    agent_for: Callable[..., Agent], little: Little
) -> None:
    """All in one document: a cart, and the order drawn in its place."""
    cart = "<h1>进货单</h1><dl><dt>商品</dt><dd id=title></dd></dl><button id=add>添加</button><button id=on>结算</button>"
    script = (
        f"add.onclick = () => {{ title.textContent += '件' }}; on.onclick = () => {{ document.body.innerHTML = {FORM!r} }};"
    )
    little.pages |= {"/cart": f"{cart}<script>{script}</script>", "/order": THANKS}
    page = "  cart:\n    open_at: /cart\n    here_if: heading=进货单\n    title: beside=商品\n    add: button=添加\n    next: button=结算\n"
    steps = "    - open: cart\n    - for_each_line:\n        - click: add\n        - read: [title]\n    - click: next\n    - expect: confirm\n"
    agent = agent_for(SITE.replace("  confirm:\n", page + "  confirm:\n", 1).replace("    - open: confirm\n", steps))
    agent.play("fill_order", {"lines": ({}, {})})
    assert agent.commit("submit_order").end == "expected"
    assert agent.recorded[0].shown == {"total": "¥10.00"}


LINED = SITE.replace(
    "    total: beside=应付总额\n",
    "    total: beside=应付总额\n    lines:\n      rows: css=li\n      nothing_found: text=空\n      next_page: button=下一页\n      title: css=b\n",
).replace("[total]", "[total, lines]")


def test_a_list_over_several_pages_leaves_the_rest_in_the_comparison(agent_for: Callable[..., Agent], little: Little) -> None:
    more = "<ul><li><b id=b>甲</b></ul><button id=n type=button onclick=\"b.textContent = '乙'; n.disabled = true\">下一页</button>"
    little.pages |= {"/confirm": FORM + more, "/order": THANKS}
    agent = agent_for(LINED)
    assert agent.play("fill_order").values["lines"] == ({"title": "甲"}, {"title": "乙"})
    assert agent.stage.here.evaluate("total.textContent") == "¥10.00"
    assert agent.commit("submit_order").end == "expected"
    assert agent.recorded[0].shown == {"total": "¥10.00"}


OVER = SITE.replace(
    "  thank_you:\n",
    "  coupons:\n    inside: dialog=优惠券\n    here_if: text=可用\n    discount: beside=优惠\n    close: button=关闭\n  thank_you:\n",
    1,
).replace("    place_order:", "    coupons: button=优惠券\n    place_order:", 1)


def test_what_was_read_in_a_dialog_leaves_the_page_below_in_the_comparison(
    agent_for: Callable[..., Agent], little: Little
) -> None:
    dialog = (
        f"<div role=dialog><h2>优惠券</h2><p>可用</p>{LESS}<button onclick='this.parentElement.remove()'>关闭</button></div>"
    )
    opens = f"<button id=c>优惠券</button><script>c.onclick = () => document.body.insertAdjacentHTML('beforeend', {dialog!r})</script>"
    little.pages |= {"/confirm": FORM + opens, "/order": THANKS}
    steps = "    - click: coupons\n    - expect: coupons\n    - read: [discount]\n    - click: close\n    - expect: confirm\n"
    agent = agent_for(OVER.replace("  submit_order:\n", steps + "  submit_order:\n"))
    agent.play("fill_order")
    assert agent.commit("submit_order").end == "expected"
    assert agent.recorded[0].shown == {"total": "¥10.00"}


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
