"""A site is shown with the mouse: what is clicked becomes the locator of what was asked for, and the page notices nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agent.browser.launch import BrowserChoice
from agent.browser.lesson import Lesson
from agent.errors import ConfigError
from agent.home import SHIPPED_SITES
from agent.sites.document import read_document
from agent.sites.lesson import Draft, Question, questions
from agent.work.pointing import Answer, asked
from tests.browser.conftest import Agent, site_of
from tests.browser.little import Little

Make = Callable[..., Agent]
TEMPLATE = read_document(SHIPPED_SITES / "_template.yaml").data
SITE = """\
pages:
  order_form:
    open_at: /
    here_if: css=body
  my_orders:
    open_at: /orders
    here_if: css=body
flows:
  f:
    - open: order_form
"""
FORM = """<h1>新建代发单</h1><script>heard = []; for (const type of ['click', 'mousedown', 'focusin'])
  addEventListener(type, (event) => event.target.closest && heard.push(type), true)</script>
<form method=post action=/order><label>收货手机 <input id=tel name=tel></label>
<label>收货人 <input id=who></label><button id=go>提交订单</button></form>"""
ORDERS = """<h1>采购记录</h1><table id=sold><thead><tr><th>供应商单号<th>进度</thead><tbody>
<tr><td id=first>S1<td>待发货<tr><td>S2<td id=state>在路上</tbody></table>"""


@dataclass
class Hand:
    """A person with a mouse: clicks `at` when they are asked, and takes the first of what is offered."""

    lesson: Lesson
    at: str = ""
    writes: list[str] = field(default_factory=list)
    takes: list[int | None] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def tell(self, words: str) -> None:
        self.told.append(words)

    def line(self, question: str, hint: str, heard: Callable[[], str]) -> str:
        self.told.append(question)
        if self.writes:
            return self.writes.pop(0)
        element = self.lesson.stage.here.query_selector(self.at)
        box = element.bounding_box() if element else None
        assert box is not None
        self.lesson.stage.here.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        return next(told for told in (heard() for _look in range(200)) if told)

    def choose(self, question: str, choices: tuple[str, ...]) -> int | None:
        self.told += [question, *choices]
        return self.takes.pop(0) if self.takes else 0

    def secret(self, question: str) -> str:
        raise AssertionError(question)


@pytest.fixture
def lesson(agent_for: Make, choice: BrowserChoice, little: Little, tmp_path: Path) -> Iterator[Lesson]:
    little.pages |= {"/": FORM, "/orders": ORDERS}
    made = Lesson(site_of(tmp_path, SITE), browser=choice, headed=False)
    made._session = agent_for(SITE).session  # in the browser that is running already
    made.headed = True
    yield made
    made.close()


def question(path: str) -> Question:
    return next(one for one in questions(TEMPLATE) if one.path == path)


def ask(lesson: Lesson, path: str, hand: Hand, draft: Draft | None = None) -> Answer:
    made = draft or Draft("new", "supplier", "_template")
    lesson.stand_on(question(path).page)
    return asked(lesson, hand, made, question(path), lambda: None)


def test_a_box_is_clicked_and_the_page_hears_nothing_of_it(lesson: Lesson, little: Little) -> None:
    lesson.open("/")
    before = lesson.stage.here.content()
    hand = Hand(lesson, "#tel")
    assert ask(lesson, "pages.order_form.phone", hand) == Answer("label=收货手机", seen=True)
    assert lesson.stage.here.evaluate("heard") == []
    assert lesson.stage.here.content() == before, "nothing that was drawn is left"
    assert little.posts == []
    assert "Point at: phone" in hand.told


def test_a_button_that_orders_is_pointed_at_and_not_pressed(lesson: Lesson, little: Little) -> None:
    lesson.open("/")
    assert ask(lesson, "pages.order_form.add_line", Hand(lesson, "#go")).value == "button=提交订单"
    assert little.posts == []


def test_one_row_then_its_columns_then_the_words_of_its_states(lesson: Lesson) -> None:
    lesson.open("/orders")
    draft = Draft("new", "supplier", "_template", states={"placed": ["待发货"]})
    rows = ask(lesson, "pages.my_orders.orders.rows", Hand(lesson, "#first"), draft)
    assert rows == Answer("css=table#sold tbody tr", seen=True)
    draft.answer("pages.my_orders.orders.rows", rows.value, seen=True)
    number = ask(lesson, "pages.my_orders.orders.supplier_order_number", Hand(lesson, "#first"), draft)
    assert number == Answer("column=供应商单号", seen=True)
    hand = Hand(lesson, "#state", takes=[0, 3])
    assert ask(lesson, "pages.my_orders.orders.state.find", hand, draft).value == "column=进度"
    assert draft.states == {"placed": ["待发货"], "shipped": ["在路上"]}


def test_enter_takes_the_heading_of_the_page(lesson: Lesson) -> None:
    lesson.open("/orders")
    assert ask(lesson, "pages.my_orders.here_if", Hand(lesson, writes=[""])).value == "heading=采购记录"


def test_what_finds_the_wrong_number_is_a_guess_only_by_the_persons_own_word(lesson: Lesson) -> None:
    lesson.open("/")
    hand = Hand(lesson, writes=["css=input", "css=nothing", "s"], takes=[None, None])
    assert ask(lesson, "pages.order_form.phone", hand) == Answer()
    assert "css=input finds 2 things on the page" in hand.told
    assert ask(lesson, "pages.order_form.phone", Hand(lesson, writes=["css=nothing"])) == Answer("css=nothing", seen=False)


@pytest.mark.parametrize("bad", ["收货手机", "css=button[", "csss=x"])
def test_what_is_no_locator_is_told_and_asked_again(lesson: Lesson, bad: str) -> None:
    lesson.open("/")
    hand = Hand(lesson, writes=[bad, "b"])
    assert ask(lesson, "pages.order_form.phone", hand) == Answer(back=True)
    assert len(hand.told) == 3


def test_an_optional_thing_may_be_none_and_another_not(lesson: Lesson) -> None:
    lesson.open("/")
    assert ask(lesson, "pages.order_form.next", Hand(lesson, writes=["n"])) == Answer(none=True)
    hand = Hand(lesson, writes=["n", "s"])
    assert ask(lesson, "pages.order_form.phone", hand) == Answer()


def test_no_page_of_another_host_is_opened(lesson: Lesson) -> None:
    with pytest.raises(ConfigError, match="is not on"):
        lesson.open("https://elsewhere.example/")
