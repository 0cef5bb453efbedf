"""Somebody looks on: what they answer to a step, what they mend where one fails, and what their own hand makes a page send."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agent.browser.stage import Stage
from agent.browser.watching import Answer, Rewording, SentByHand, StepInfo
from agent.errors import AgentError, LeftByPerson, PageChanged, SiteUnavailable
from agent.sites.definition import Site
from tests.browser.conftest import TOP, Agent, site_of
from tests.browser.little import Little

Make = Callable[..., Agent]
Hand = Callable[[Stage], None]

FORM = """<h1>单</h1><label>收件人<input id=name></label><label>手机<input id=phone></label>
<button id=ask onclick="fetch('/price')">询价</button>
<button id=go onclick="fetch('/order', {method: 'POST', body: ''}).then(() => { document.body.innerHTML = '<h1>成功</h1>' })">提交</button>"""
PAGES = """
pages:
  form:
    open_at: /
    here_if: heading=单
    receiver: label=收件人
    phone: label=手机
    send: button=提交
  done:
    here_if: heading=成功
flows:
"""
FILL = PAGES + "  f:\n    - open: form\n    - fill: {receiver: <receiver.name>}\n    - fill: {phone: <receiver.phone>}\n"
ORDER = (
    PAGES
    + "  ship_order:\n    - open: form\n    - fill: {receiver: <receiver.name>}\n    - commit: send\n    - expect: done\n    - expect: done\n"
)
VALUES = {"receiver.name": "张三", "receiver.phone": "13800000000"}


@dataclass
class Eyes:
    """Answers what it was told to, one for each time it is waited for; before that a hand may do something in the page."""

    answers: list[Answer | Hand]
    chosen: list[int | None] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    stage: Stage | None = None
    folder: Path | None = None
    outlines: bool = True
    steps: list[StepInfo] = field(default_factory=list)
    failures: list[AgentError] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    kept: list[Rewording] = field(default_factory=list)
    pressed: list[str] = field(default_factory=list)

    def step(self, info: StepInfo) -> bool:
        self.steps.append(info)
        return bool(self.answers) and not info.sent

    def failed(self, info: StepInfo, error: AgentError) -> bool:
        self.failures.append(error)
        return bool(self.answers)

    def answer(self, pressed: str, seconds: float) -> Answer | None:
        if pressed:
            self.pressed.append(pressed)
            return "do"
        if not self.answers:
            return None
        answer = self.answers.pop(0)
        if callable(answer):
            assert self.stage is not None
            answer(self.stage)
            return None
        return answer

    def tell(self, words: str) -> None:
        self.told.append(words)

    def choose(self, question: str, choices: tuple[str, ...]) -> int | None:
        return self.chosen.pop(0)

    def line(self, question: str, before: str) -> str:
        return self.lines.pop(0)

    def keep(self, change: Rewording) -> Site | None:
        self.kept.append(change)
        text = change.site.path.read_text(encoding="utf-8")
        old = change.site.pages[change.path[1]].places[change.path[2]].locators[0]
        return site_of(change.site.path.parent, text.removeprefix(TOP).replace(str(old), change.locators[0]))


def watched(make: Make, text: str, *answers: Answer | Hand, **more: list[int | None] | list[str]) -> tuple[Agent, Eyes]:
    eyes = Eyes(list(answers), **more)  # type: ignore[arg-type]
    agent = make(text, watch=eyes)
    eyes.stage = agent.stage
    agent.stage.patience = type(agent.stage.patience)(page=5.0, settle=5.0)
    return agent, eyes


def test_each_step_is_told_in_words_and_nothing_private_is(agent_for: Make, little: Little) -> None:
    little.pages["/"] = FORM
    agent, eyes = watched(agent_for, FILL, "do", "do", "do")
    agent.play("f", VALUES)
    assert [(one.verb, one.whats, one.number, one.steps) for one in eyes.steps] == [
        ("open", ("form",), 1, 3),
        ("fill", ("receiver (label=收件人) ← ***",), 2, 3),
        ("fill", ("phone (label=手机) ← ***",), 3, 3),
    ]


def test_a_step_left_out_is_not_done_and_nothing_of_the_flow_counts(agent_for: Make, little: Little) -> None:
    little.pages["/"] = FORM
    agent, _eyes = watched(agent_for, FILL, "do", "skip", "do")
    with pytest.raises(LeftByPerson, match="left out"):
        agent.play("f", VALUES)
    assert agent.stage.here.locator("#name").input_value() == ""
    assert agent.stage.here.locator("#phone").input_value() == "13800000000"


def test_a_flow_in_which_a_step_was_left_out_commits_nothing(agent_for: Make, little: Little) -> None:
    little.pages["/"] = FORM
    agent, _eyes = watched(agent_for, ORDER, "do", "skip")
    with pytest.raises(LeftByPerson, match="left out"):
        agent.commit("ship_order", VALUES)
    assert (little.posts, agent.recorded) == ([], [])


def test_a_commit_that_is_left_out_is_not_done(agent_for: Make, little: Little) -> None:
    little.pages["/"] = FORM
    agent, _eyes = watched(agent_for, ORDER, "do", "do", "skip")
    with pytest.raises(LeftByPerson):
        agent.commit("ship_order", VALUES)
    assert (little.posts, agent.recorded) == ([], [])


def test_back_begins_the_flow_anew_and_a_step_left_out_before_is_forgotten(agent_for: Make, little: Little) -> None:
    little.pages["/"] = FORM
    longer = ORDER.replace("    - commit", "    - fill: {phone: <receiver.phone>}\n    - commit")
    agent, eyes = watched(agent_for, longer, "do", "skip", "back", "do", "do", "do", "do")
    assert agent.commit("ship_order", VALUES).end == "expected"
    assert [one.number for one in eyes.steps if not one.sent] == [1, 2, 3, 1, 2, 3, 4]
    assert [one.path for one in little.asked].count("/") == 2
    assert len(little.posts) == 1
    assert [one.sent for one in eyes.steps][-1], "behind the commit nobody is waited for"


def test_back_is_no_way_where_a_flow_goes_on_from_another(agent_for: Make, little: Little) -> None:
    little.pages["/"] = FORM
    goes_on = FILL + "  g:\n    - fill: {phone: <receiver.phone>}\n"
    agent, eyes = watched(agent_for, goes_on, "do", "do", "do", "back", "do")
    agent.play("f", VALUES)
    agent.play("g", VALUES)
    assert any("goes on where another ended" in words for words in eyes.told)


def test_a_place_that_was_renamed_is_written_anew_and_found_in_the_same_step(agent_for: Make, little: Little) -> None:
    little.pages["/"] = FORM.replace("手机", "联系电话")
    agent, eyes = watched(agent_for, FILL, "do", "do", "do", "edit", "do", chosen=[0], lines=["label=联系电话"])
    agent.play("f", VALUES)
    assert isinstance(eyes.failures[0], PageChanged)
    assert [(one.path, one.locators) for one in eyes.kept] == [(("pages", "form", "phone"), ("label=联系电话",))]
    assert agent.stage.here.locator("#phone").input_value() == "13800000000"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("label=没有的", "finds 0 things"),
        ("手机", "no way of finding"),
        ("phone=手机", "phone"),
        ("css=[", "not closed"),
        ("css=a:nope", "browser"),
    ],
)
def test_a_locator_that_finds_nothing_or_is_none_is_not_kept(agent_for: Make, little: Little, line: str, said: str) -> None:
    little.pages["/"] = FORM
    agent, eyes = watched(agent_for, FILL, "do", "do", "edit", "do", lines=[line])
    agent.play("f", VALUES)
    assert eyes.kept == []
    told = [words for words in eyes.told if "The page now" not in words]
    assert any(said in words for words in told), told


def test_a_failure_that_somebody_lets_stand_is_raised_once(agent_for: Make, little: Little) -> None:
    little.pages["/"] = FORM.replace("手机", "联系电话")
    inside = FILL.replace(
        "    - fill: {phone: <receiver.phone>}\n",
        "    - if_present: receiver\n      do:\n        - fill: {phone: <receiver.phone>}\n",
    )
    agent, eyes = watched(agent_for, inside, "do", "do", "do", "do", "leave")
    with pytest.raises(PageChanged):
        agent.play("f", VALUES)
    assert len(eyes.failures) == 1


def by_hand(selector: str) -> Hand:
    def click(stage: Stage) -> None:
        box = stage.here.locator(selector).bounding_box()
        assert box is not None
        with stage.here.expect_response(lambda response: True):
            stage.here.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    return click


def test_what_a_hand_makes_the_page_of_a_write_send_is_no_click_of_ours(agent_for: Make, little: Little) -> None:
    little.pages["/"] = FORM
    agent, _eyes = watched(agent_for, ORDER, "do", "do", by_hand("#go"), "do")
    with pytest.raises(SentByHand) as told:
        agent.commit("ship_order", VALUES)
    assert [(note.method, note.path) for note in told.value.requests] == [("POST", "/order")]
    assert (len(little.posts), agent.recorded) == (1, [])


def test_a_hand_that_only_asks_the_page_for_something_changes_nothing(agent_for: Make, little: Little) -> None:
    little.pages["/"], little.pages["/price"] = FORM, "12"
    agent, _eyes = watched(agent_for, ORDER, "do", "do", by_hand("#ask"), "do")
    assert agent.commit("ship_order", VALUES).end == "expected"
    assert len(little.posts) == 1


def test_what_a_hand_changed_in_the_form_stops_the_commit(agent_for: Make, little: Little) -> None:
    little.pages["/"] = FORM
    agent, _eyes = watched(agent_for, ORDER, "do", "do", lambda stage: stage.here.locator("#name").fill("李四"), "do")
    with pytest.raises(AgentError, match="does not show any more"):
        agent.commit("ship_order", VALUES)
    assert little.posts == []


def test_the_panel_is_answered_in_the_page_and_gone_while_a_step_is_done(agent_for: Make, little: Little) -> None:
    little.pages["/"] = FORM
    panels: list[bool] = []

    def look(stage: Stage) -> None:
        panels.append(bool(stage.finder.ask(stage.here, "panelStands")))

    agent, eyes = watched(agent_for, FILL, "do", look, "do", "do")
    agent.stage.visible = True
    agent.play("f", VALUES)
    assert panels == [True]
    assert not agent.stage.finder.ask(agent.stage.here, "panelStands")
    assert len(eyes.steps) == 3


def test_a_window_closed_by_hand_leaves_the_account_to_the_next_run(agent_for: Make, little: Little) -> None:
    little.pages["/"] = FORM
    agent, _eyes = watched(agent_for, FILL, "do", lambda stage: stage.here.close(), "do", "do")
    with pytest.raises(SiteUnavailable):
        agent.play("f", VALUES)


def test_without_a_window_the_page_is_kept_as_a_picture_and_in_words(agent_for: Make, little: Little, tmp_path: Path) -> None:
    little.pages["/"] = FORM
    agent, eyes = watched(agent_for, FILL, "do", "do", "do")
    agent.play("f", VALUES)
    pictures = sorted((tmp_path / "steps").rglob("*.jpg"))
    assert [any(str(picture) in words for words in eyes.told) for picture in pictures] == [True, True]
    assert "收件人" in pictures[0].with_suffix(".txt").read_text(encoding="utf-8")
