"""What was answered about a site, written as its file and read back: the same site, whatever it does not have."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.home import SHIPPED_SITES
from agent.sites import trimming
from agent.sites.definition import ListPlace, Locators, Page, Place, Site
from agent.sites.document import document_of
from agent.sites.lesson import SIGNED_IN_AS, Draft, Question, as_data, left_open, of_data, questions, written
from agent.sites.saving import checked

BASE = (SHIPPED_SITES / "_template.yaml").read_text(encoding="utf-8")
DATA = document_of(Path("_template.yaml"), BASE).data
ASKED = list(questions(DATA))
FILE = Path("selectors/new.yaml")
LOCATORS = (
    "label=收件人",
    "css=input[name='x']",
    "button=去: 付款",
    "beside=应付 #1",
    "text=a, b",
    "css=#who > b",
    'css=[data-x="1"]',
)


def draft(**more: object) -> Draft:
    return Draft("new", "supplier", "_template", host="https://new.example", title="新站", money="pay", **more)  # type: ignore[arg-type]


def site_of(made: Draft) -> Site:
    return checked(FILE, written(BASE, made))


def found(site: Site, question: Question) -> Locators:
    """The locators that the read site has where the question asked; none where the place is gone."""
    if question.path == SIGNED_IN_AS:
        return site.signed_in_as.find if site.signed_in_as else ()
    page = site.pages[question.page]
    if question.kind == "only_here":
        return page.here_if
    return _in_list(page, question) if question.rows else _of_page(page, question)


def _of_page(page: Page, question: Question) -> Locators:
    place = page.places.get(question.name)
    if not isinstance(place, Place):
        return ()
    return (place.options,) if place.options else place.find


def _in_list(page: Page, question: Question) -> Locators:
    rows = page.places.get(question.rows)
    if not isinstance(rows, ListPlace):
        return ()
    if question.kind == "column":
        return rows.places[question.name].find if question.name in rows.places else ()
    return {"rows": rows.rows, "nothing_found": rows.nothing_found, "next_page": rows.next_page}[question.name]


@st.composite
def answered(draw: st.DrawFn) -> Draft:
    made = draft()
    for question in ASKED:
        if question.kind == "page":
            continue
        if question.may_be_none and draw(st.booleans()):
            made.none.append(question.place)
        elif draw(st.integers(0, 3)):
            locator = "column=规格" if question.kind == "column" else draw(st.sampled_from(LOCATORS))
            made.answer(question.path, locator, seen=draw(st.booleans()))
    made.manner = draw(st.sampled_from(("list", "buttons", "box")))
    made.browser_asks = draw(st.sampled_from(("", "确定提交吗？", "确定: 付 #1?")))
    return made


@settings(max_examples=8, deadline=None)
@given(answered())
def test_the_file_says_what_was_answered_and_nothing_of_what_there_is_not(made: Draft) -> None:
    site = site_of(of_data(as_data(made)))
    assert (site.site, site.name, site.money_moves_at, site.hosts["main"]) == ("new", "新站", "pay", "https://new.example")
    for question in ASKED:
        if question.kind == "page":
            continue
        if question.place in made.none or made.goes_with(question):
            assert found(site, question) == (), question.path
            continue
        (locator,) = found(site, question)
        assert str(locator) == made.answers.get(question.path, question.written)
        assert locator.guess is (question.path not in made.seen), question.path


@pytest.mark.parametrize("question", [one for one in ASKED if one.may_be_none], ids=lambda one: one.path)
def test_each_thing_a_site_may_be_without_can_be_left_out_alone(question: Question) -> None:
    site = site_of(draft(none=[question.place]))
    assert found(site, question) == ()
    assert site.lacks == (("parcels",) if question.rows == "shipments" and question.kind == "rows" else ())


SHOP = (SHIPPED_SITES / "_shop.yaml").read_text(encoding="utf-8")
ASKED_OF_A_SHOP = list(questions(document_of(Path("_shop.yaml"), SHOP).data))
LACKING = {"reveal": "mask", "edit_note": "notes"}


@pytest.mark.parametrize("question", [one for one in ASKED_OF_A_SHOP if one.may_be_none], ids=lambda one: one.path)
def test_each_thing_a_shop_may_be_without_can_be_left_out(question: Question) -> None:
    made = Draft("new", "shop", "_shop", host="https://new.example", title="新店", none=[question.place])
    if question.name == "address_change":  # shows only in a receiver that is not masked
        made.none.append("pages.shop_order.reveal")
    site = checked(FILE, written(SHOP, made))
    assert found(site, question) == ()
    if question.page == "shop_order" and question.name != "source":  # which no shop has to show
        assert LACKING.get(question.name, question.name) in site.lacks
    assert "listed_lines" in site.lacks


def test_a_shop_without_notes_has_no_page_for_them_and_none_is_asked_for() -> None:
    made = Draft("new", "shop", "_shop", none=["pages.shop_order.edit_note"])
    site = checked(FILE, written(SHOP, made))
    assert "note_form" not in site.pages and "write_note" not in site.flows
    assert [one.path for one in ASKED_OF_A_SHOP if one.page == "note_form" and not made.is_told(one)] == []


@pytest.mark.parametrize(("manner", "locator"), [("list", "find"), ("buttons", "options")])
def test_a_flag_is_chosen_by_the_shops_own_words_however_it_is_chosen(manner: str, locator: str) -> None:
    made = Draft("new", "shop", "_shop", manner=manner, tables={"flags": {"grey": ["灰色"]}})  # type: ignore[arg-type]
    made.answer("pages.note_form.new_flag.options", "css=.flag", seen=True)
    site = checked(FILE, written(SHOP, made))
    flag = site.pages["note_form"].places["new_flag"]
    assert isinstance(flag, Place)
    assert (flag.words, bool(flag.find), bool(flag.options)) == ("flags", locator == "find", locator == "options")
    assert site.words["flags"]["grey"] == ("灰色",)


def test_what_hangs_together_goes_together() -> None:
    site = site_of(
        draft(none=["pages.order_form.province", "pages.my_orders.reference_searched", "pages.my_orders.number_searched"])
    )
    assert not {"province", "city", "district"} & set(site.pages["order_form"].places)
    assert "search" not in site.pages["my_orders"].places
    assert "find_order" not in site.flows
    assert "<receiver.address>" in written(BASE, draft(none=["pages.order_form.province"]))


@pytest.mark.parametrize(("manner", "verb"), [("list", "choose"), ("buttons", "choose"), ("box", "fill")])
def test_a_specification_is_chosen_or_written(manner: str, verb: str) -> None:
    made = draft(manner=manner)
    made.answer("pages.order_form.specification.options", "css=.x", seen=True)
    text = written(BASE, made)
    assert f"- {verb}: {{specification: <line.specification>}}" in text
    assert (site_of(made).pages["order_form"].places["specification"].options is not None) is (manner == "buttons")  # type: ignore[union-attr]


def test_words_for_states_and_what_the_browser_asks_stand_in_the_file() -> None:
    made = draft(states={"shipped": ["已出库", "已发货"], "partly_shipped": []}, browser_asks="确定提交吗")
    site = site_of(made)
    assert site.words["order_states"]["shipped"] == ("已出库", "已发货")
    assert "browser_asks: 确定提交吗" in written(BASE, made)


def test_comments_of_the_template_stay_and_what_was_not_shown_is_listed() -> None:
    made = draft()
    made.answer("pages.order_form.phone", "label=电话", seen=True)
    text = written(BASE, made)
    assert text.count("#") >= BASE.count("#") - 4
    assert "    phone: label=电话\n" in text
    missing = [one.path for one in left_open(DATA, made)]
    assert "pages.order_form.phone" not in missing
    assert "pages.order_form.address" in missing


def test_every_shipped_supplier_may_be_begun_from() -> None:
    for name in ("mall", "1688", "doudian"):
        base = (SHIPPED_SITES / f"{name}.yaml").read_text(encoding="utf-8")
        asked = list(questions(document_of(Path(f"{name}.yaml"), base).data))
        made = Draft("new", "shop" if name == "doudian" else "supplier", name, host="https://new.example", title="新站")
        assert len(asked) > 20
        assert checked(FILE, written(base, made)).site == "new"


def test_a_step_that_only_named_what_is_gone_goes_with_it_and_comments_around_stay() -> None:
    pages = "pages:\n  a:\n    x: css=b  # of x\n    y: css=c  # of y\n"
    flows = "flows:\n  f:\n    # first\n    - open: a\n    - click: x\n    - fill: {x: <q>, y: <r>}\n    - read: [x, y]\n"
    assert trimming.without(pages + flows, "a", "x") == (
        "pages:\n  a:\n    y: css=c  # of y\nflows:\n  f:\n    # first\n    - open: a\n    - fill: {y: <r>}\n    - read: [y]\n"
    )
