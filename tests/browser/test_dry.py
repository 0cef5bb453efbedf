"""A site that was taught is gone through dry: what is wrong in its file is told, and whatever stands there nothing is ordered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.browser.launch import BrowserChoice
from agent.errors import AgentError
from agent.home import Home
from agent.sites.document import read_document
from agent.sites.lesson import Draft
from agent.work.dry import Dry, go_through
from agent.work.teaching import Sitting, new_draft
from tests.browser.test_sitting import TEMPLATE, Room, sitting_of
from tests.road.small_supplier import KNOWN, PASSWORD, USER, SmallSupplier

pytestmark = pytest.mark.slow

ANSWERS: Mapping[str, str] = {
    "signed_in_as": "css=#who",
    "pages.login.open_at": "/signin",
    "pages.login.user_name": "label=登录名",
    "pages.order_form.open_at": "/daifa",
    "pages.order_form.receiver_name": "label=收件人",
    "pages.order_form.address": "label=收货地址",
    "pages.order_form.specification.options": "label=规格",
    "pages.confirm.here_if": "heading=核对订单",
    "pages.confirm.receiver_name": "beside=收件人",
    "pages.confirm.place_order": "button=确认提交",
    "pages.my_orders.open_at": "/list",
    "pages.my_orders.here_if": "heading=我的采购单",
    "pages.my_orders.orders.rows": "css=table#sold tbody tr",
    "pages.my_orders.orders.nothing_found": "text=暂无采购单",
    "pages.order_detail.receiver_name": "beside=收件人",
}
NONE = (
    *("pages.order_form.province", "pages.order_form.supplier_note", "pages.order_form.add_line"),
    *("pages.my_orders.reference_searched", "pages.my_orders.number_searched", "pages.my_orders.all_orders"),
    *("pages.my_orders.orders.next_page", "pages.order_detail.ordered_at", "pages.order_detail.shipments"),
)


@pytest.fixture
def supplier() -> Iterator[SmallSupplier]:
    site = SmallSupplier().start()
    yield site
    site.little.stop()


@pytest.fixture
def room(warm: Browser, choice: BrowserChoice, tmp_path: Path) -> Iterator[Room]:
    made = Room(warm, choice, tmp_path)
    yield made
    for one in made.made:
        one.close()


def drafted(supplier: SmallSupplier, wrong: Mapping[str, str]) -> Draft:
    draft = new_draft("small", "supplier", TEMPLATE.stem, read_document(TEMPLATE))
    draft.host, draft.title, draft.money, draft.manner = supplier.address, "小批发", "month_end", "list"
    draft.none += NONE
    draft.states["shipped"] = ["已发货", "配送中"]
    for path, value in {**ANSWERS, **wrong}.items():
        draft.answer(path, value, seen=True)
    return draft


def gone_through(
    room: Room, supplier: SmallSupplier, home: Path, *, password: str = PASSWORD, **wrong: str
) -> tuple[Dry, Sitting]:
    told = {path.replace("__", "."): value for path, value in wrong.items()}
    sitting = sitting_of(room, Home(home).make(), drafted(supplier, told))
    sitting.secrets, sitting.product = {"user_name": USER, "password": password}, ("YW2001", "米白/M")
    errors: list[AgentError] = []
    made = go_through(sitting, sitting.site(), lambda _played: None, errors.append)
    sitting.lesson.close()
    assert errors == made.failures
    return made, sitting


def test_all_of_a_right_file_is_gone_through_up_to_the_click(room: Room, supplier: SmallSupplier, tmp_path: Path) -> None:
    made, _sitting = gone_through(room, supplier, tmp_path / "home")
    assert made.is_whole, (made.failures, made.played)
    assert [one.flow for one in made.played] == ["list_orders", "read_order", "fill_order"]
    listed, detail, filled = (dict((what, (example, shown)) for what, example, shown in one.rows) for one in made.played)
    assert KNOWN in listed["orders"][1] if "orders" in listed else KNOWN in next(iter(listed.values()))[1]
    assert ("", KNOWN) in detail.values()
    assert ("测试", "测试") in filled.values() and ("TEST0001", "TEST0001") in filled.values()
    assert (len(supplier.drafts), len(supplier.orders)) == (1, 1), "its form was filled, and not sent"


def test_what_the_page_understood_otherwise_is_told(room: Room, supplier: SmallSupplier, tmp_path: Path) -> None:
    made, _sitting = gone_through(room, supplier, tmp_path / "home", pages__confirm__receiver_name="beside=外部单号")
    assert not made.is_whole
    assert [(one.word, one.meant, one.shown) for one in made.played[-1].amiss] == [("receiver_name", "测试", "TEST0001")]
    assert len(supplier.orders) == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"pages__confirm__place_order": "button=去付款"}, "place_order"),  # there is no such button
        ({"pages__thank_you__here_if": "heading=核对订单"}, "stands there already"),  # what is expected after it
    ],
)
def test_a_click_that_could_not_be_made_or_believed_is_told_before_it_is_real(
    room: Room, supplier: SmallSupplier, tmp_path: Path, wrong: Mapping[str, str], says: str
) -> None:
    made, _sitting = gone_through(room, supplier, tmp_path / "home", **wrong)
    (failure,) = made.failures
    assert (failure.where.flow, says in failure.what) == ("submit_order", True), failure.lines()
    assert [one.flow for one in made.played] == ["list_orders", "read_order"]
    assert (len(supplier.drafts), len(supplier.orders)) == (1, 1)


def test_who_is_not_signed_in_goes_through_nothing(room: Room, supplier: SmallSupplier, tmp_path: Path) -> None:
    made, _sitting = gone_through(room, supplier, tmp_path / "home", password="wrong")
    assert (made.played, len(made.failures), made.is_whole) == ([], 1, False)
    assert supplier.drafts == []
