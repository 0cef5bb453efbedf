"""A site is taught with a mouse and a keyboard in the window, from its sign-in page to the list of its orders; the file then works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.browser.account import Folders
from agent.browser.launch import BrowserChoice
from agent.browser.lesson import Lesson
from agent.browser.stage import Stage
from agent.home import SHIPPED_SITES, Home
from agent.sites.definition import Place, Site
from agent.sites.document import read_document, text_of
from agent.sites.lesson import Draft
from agent.work.teaching import Sitting, finish, new_draft, site_by_now, teach
from tests.browser.conftest import WarmSession
from tests.road.small_supplier import KNOWN, PASSWORD, SHOWS, USER, SmallSupplier

pytestmark = pytest.mark.slow

TEMPLATE = SHIPPED_SITES / "_template.yaml"
TABLE = "#sold tbody tr:first-child td:nth-child({})"
# What is clicked at which question.
POINTS = {
    "the box for the user name": "input[name=u]",
    "the box for the password": "input[name=p]",
    "the button that signs in": "button",
    "where the page shows who is signed in": "#who",
    "one row of the list: orders": TABLE.format(1),
    "point at: supplier order number": TABLE.format(1),
    "point at: purchase order number": TABLE.format(2),
    "point at: time of the order": TABLE.format(3),
    "point at: total": TABLE.format(4),
    "point at: state": TABLE.format(5),
    "point at: what opens the order": "a[href^='/one']",
}
# What is struck at the others: n where the site has no such thing, s for pages that are not shown here.
STRUCK = {
    "purchase order number": "n",
    "supplier's order number": "n",
    "all orders again": "n",
    "next page": "n",
    "while it is empty": "暂无采购单",
    "where you fill in a new order": "s",
    "whole order with its total": "s",
    "after an order was placed": "s",
    "of one order, with receiver": "s",
}


@dataclass
class Hand:
    """A person at the window: opens pages as people do, points with the mouse, and takes what is offered first."""

    lesson: Lesson
    clicks: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @property
    def stage(self) -> Stage:
        return self.lesson.stage

    def tell(self, words: str) -> None:
        self.told.append(words)

    def line(self, question: str, hint: str, heard: Callable[[], str]) -> str:
        self.told.append(question)
        if at := next((at for words, at in POINTS.items() if words in question), ""):
            self.click(at)
            return next(told for told in (heard() for _look in range(200)) if told)
        if "where you sign in" in question:
            return "/signin"
        if "after you have signed in" in question:
            return self.sign_in()
        if "with the list of your orders" in question:
            self.click("a[href='/list']")
            self.stage.here.wait_for_url("**/list")
            return ""
        return next((says for words, says in STRUCK.items() if words in question), "")

    def click(self, at: str) -> None:
        element = self.stage.here.query_selector(at)
        box = element.bounding_box() if element else None
        assert box is not None, at
        self.stage.here.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.clicks.append(at)

    def sign_in(self) -> str:
        """With the mouse and the keyboard, as anybody does."""
        for at, words in (("input[name=u]", USER), ("input[name=p]", PASSWORD)):
            self.click(at)
            self.stage.here.keyboard.type(words)
        self.click("button")
        self.stage.here.wait_for_url("**/")
        return ""

    def choose(self, question: str, choices: tuple[str, ...]) -> int | None:
        self.told += [question, *choices]
        if "配送中" in question:
            return next(at for at, words in enumerate(choices) if "(shipped)" in words)
        return next((at for at, words in enumerate(choices) if words.startswith("css=#who")), 0)

    def secret(self, question: str) -> str:
        raise AssertionError(question)


@pytest.fixture
def supplier() -> Iterator[SmallSupplier]:
    site = SmallSupplier().start()
    yield site
    site.little.stop()


class Room:
    """Sessions in the browser that is running already."""

    def __init__(self, warm: Browser, choice: BrowserChoice, folder: Path) -> None:
        self.warm, self.choice, self.folder = warm, choice, folder
        self.made: list[WarmSession] = []

    def session(self, site: Site, like: Lesson, secret: Callable[[str], str]) -> WarmSession:
        folder = self.folder / str(len(self.made))
        folders = Folders(*(folder / name for name in ("sign-ins", "evidence", "profiles", "files", "steps")))
        made = WarmSession(like._session._account, site, browser=self.choice, folder=folders, secret=secret)
        made.warm = self.warm
        self.made.append(made)
        return made


@pytest.fixture
def room(warm: Browser, choice: BrowserChoice, tmp_path: Path) -> Iterator[Room]:
    made = Room(warm, choice, tmp_path)
    yield made
    for one in made.made:
        one.close()


def sitting_of(room: Room, home: Home, draft: Draft) -> Sitting:
    base = text_of(TEMPLATE)
    site = site_by_now(home, draft, base)
    lesson = Lesson(site, browser=room.choice, headed=False)
    lesson._session = room.session(site, lesson, lambda name: lesson.secret(name))
    lesson.headed = True
    return Sitting(home, draft, base, lesson, Hand(lesson))


def found(site: Site, page: str) -> dict[str, str]:
    """How each place of a page is found, by the file."""
    return {name: str(place.find[0]) for name, place in site.pages[page].places.items() if isinstance(place, Place)}


def test_two_flows_are_shown_with_the_mouse_and_work_from_the_file(room: Room, supplier: SmallSupplier, tmp_path: Path) -> None:
    home = Home(tmp_path / "home").make()
    draft = new_draft("small", "supplier", TEMPLATE.stem, read_document(TEMPLATE))
    draft.host, draft.title, draft.money = supplier.address, "小批发", "month_end"
    sitting = sitting_of(room, home, draft)
    hand = sitting.person
    assert isinstance(hand, Hand)
    teach(sitting)
    taught = finish(sitting)
    sitting.lesson.close()

    assert taught.problems is None, taught.problems
    assert set(POINTS.values()) <= set(hand.clicks), "each of them was clicked in the page"
    assert [asked.path for asked in supplier.little.posts] == ["/signin"], (
        "once, by hand; no click that picked has sent anything"
    )
    assert {one.page for one in taught.open} == {"order_form", "confirm", "thank_you", "order_detail"}

    site = taught.site
    assert site is not None
    assert found(site, "login") == {"user_name": "label=登录名", "password": "label=密码", "log_in": "button=登录"}
    typed = {"user_name": USER, "password": PASSWORD}
    alone = room.session(site, sitting.lesson, typed.__getitem__)
    alone.sign_in()
    (row,) = alone.play("list_orders", {}).values["orders"]  # type: ignore[misc,union-attr]
    assert isinstance(row, dict)
    assert (row["supplier_order_number"], row["state"], row["total"]) == (KNOWN, "shipped", supplier.orders[0].total)
    assert SHOWS in alone.stage.here.content()
