"""A marketplace: one account buys from many sellers, and its list of orders does not show our reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.config import read_config
from agent.home import Home
from agent.models import Reading
from agent.sites.document import Problems
from agent.work.compare import differences, judge, reference_shown
from agent.work.look import Listed, detail, with_references
from agent.work.run import Run
from tests.work.given import CUP, MEANT, NOON, page, row, words

SELLER = "义乌市晨光日用品厂"
OF_A_SELLER = replace(MEANT, seller=SELLER)


# whose goods they are


def test_the_sellers_name_is_compared_exactly() -> None:
    assert differences(OF_A_SELLER, page(seller="义乌市晨光日用品厂")) == ()
    assert differences(OF_A_SELLER, page(seller=" 义乌市晨光日用品厂")) == (), "as NFKC and outer blanks read"
    assert words(differences(OF_A_SELLER, page(seller="义乌市晨光日用品"))) == {"seller"}
    assert words(differences(OF_A_SELLER, page(seller=None))) == {"seller"}
    assert judge([page(chosen={}, seller="义乌市晨光日用品厂2")], OF_A_SELLER) == "differs"
    assert judge([page(chosen={}, seller="义乌市晨光日用品厂")], OF_A_SELLER) == "exact"


def test_a_row_of_another_seller_is_seen() -> None:
    rows = (row(seller=SELLER), row(CUP, 2, seller="永康五金"))
    assert words(differences(OF_A_SELLER, page(rows))) == {"seller"}
    assert judge([page(rows, chosen={})], OF_A_SELLER) == "differs"


def test_where_the_site_shows_no_seller_nothing_is_asked_of_it() -> None:
    assert differences(OF_A_SELLER, page()) == ()
    assert differences(MEANT, page(seller="永康五金")) == ()


# where our reference stands


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        ({"reference": "PPX2HTAT1YCW"}, "PPX2HTAT1YCW"),
        ({"reference": "PPX2HTAT1YC"}, "PPX2HTAT1YC"),  # cut: shown as it stands
        ({"reference": None}, ""),
        ({"reference": "gone", "supplier_note": "单号 PPX2HTAT1YCW 请勿放价格单"}, "PPX2HTAT1YCW"),
        ({"reference": "gone", "supplier_note": "单号PPX2HTAT1YCW,请勿放价格单"}, "PPX2HTAT1YCW"),
        ({"reference": "gone", "supplier_note": "PPX2HTAT1YCV"}, ""),  # no reference of ours: a letter is wrong
        ({"reference": "gone", "supplier_note": "请勿放价格单"}, ""),
        ({"reference": "gone", "supplier_note": None}, ""),
    ],
)
def test_the_reference_is_read_from_its_field_or_from_the_note(shown: dict[str, object], found: str) -> None:
    assert reference_shown(page(chosen={}, **shown)) == found


def test_a_note_with_our_reference_proves_it_where_there_is_no_field() -> None:
    meant = replace(MEANT, hidden=frozenset({"listed_reference"}))
    assert judge([page(chosen={}, reference="gone")], meant) == "exact"
    assert judge([page(chosen={}, reference="gone")], MEANT) == "differs", "a site that has the field must show it"
    assert judge([page(chosen={}, reference="gone", supplier_note="请勿放价格单")], meant) == "differs"


@dataclass
class Pages:
    """A supplier's order pages by number; which were opened."""

    notes: Mapping[str, str]
    opened: list[str] = field(default_factory=list)

    def play(self, _flow: str, values: Mapping[str, str]) -> Reading:
        number = values["purchase_order.supplier_order_number"]
        self.opened.append(number)
        return Reading({"supplier_order_number": number, "supplier_note": self.notes[number]}, {}, {})


def _run(pages: Pages, claimed: set[str], lacks: tuple[str, ...] = ("listed_reference",)) -> Run:
    told = SimpleNamespace(
        config=SimpleNamespace(site_of=lambda _account: SimpleNamespace(lacks=lacks)),
        ledger=SimpleNamespace(numbers_claimed=lambda _account: frozenset(claimed)),
        desk=lambda _account: pages,
        foreign={},
    )
    return cast(Run, told)


def _listed(number: str, minutes: int = 5) -> Listed:
    return Listed(number, "", NOON + timedelta(minutes=minutes), "placed")


def test_an_order_of_which_the_site_shows_no_state_stands_there() -> None:
    shown = detail(_run(Pages({"1": ""}), set()), "m", _listed("1"))
    assert (shown.values["state"], shown.values["shipments"]) == ("placed", ())


def test_the_pages_of_orders_that_may_be_ours_are_opened_once() -> None:
    pages = Pages({"1": "", "2": "单号 PPX2HTAT1YCW", "3": "某某"})
    run = _run(pages, {"4"})
    rows = [_listed("1"), _listed("2"), _listed("3", -30), _listed("4")]
    for _time in range(2):
        found = with_references(run, "m", rows, NOON)
        assert [one.reference for one in found] == ["", "PPX2HTAT1YCW", "", ""]
    assert pages.opened == ["1", "2"], "older than the shop order, or claimed: not opened"


def test_a_list_that_shows_references_is_believed() -> None:
    pages = Pages({})
    assert with_references(_run(pages, set(), ()), "m", [_listed("1")], NOON) == [_listed("1")]
    assert pages.opened == []


# what config.yaml must say there


def _told(home: Home, supplier: str, *edits: tuple[str, str]) -> Any:
    mall = (home.site_folders[-1] / "mall.yaml").read_text(encoding="utf-8")
    for old, new in edits:
        assert old in mall
        mall = mall.replace(old, new)
    home.site_folders[0].mkdir(parents=True, exist_ok=True)
    (home.site_folders[0] / "mall.yaml").write_text(mall, encoding="utf-8")
    home.config.write_text(
        "accounts: {m: {site: mall}}\nshops: {}\nsuppliers:\n  yiwu:\n    account: m\n    most_per_order: 300.00\n"
        f"    most_per_day: 3000.00\n{supplier}limits: {{most_orders_per_day: 1, most_money_per_day: 1.00}}\n",
        encoding="utf-8",
    )
    return read_config(home)


SHOWS_SELLER = (
    (
        "  order_detail:\n    here_if: heading=订单详情\n",
        "  order_detail:\n    here_if: heading=订单详情\n    seller: beside=供应商\n",
    ),
    ("    - read: [supplier_order_number, reference,", "    - read: [supplier_order_number, seller, reference,"),
)
IN_NOTE = (
    ("lacks: []", "lacks: [listed_reference]"),
    ("      reference: column=外部单号\n", ""),
    ("    - read: [supplier_order_number, reference,", "    - read: [supplier_order_number,"),
)


def test_a_site_with_many_sellers_asks_for_the_sellers_name(home: Home) -> None:
    with pytest.raises(Problems, match="many sellers"):
        _told(home, "", *SHOWS_SELLER)
    assert _told(home, f"    seller: {SELLER}\n", *SHOWS_SELLER).suppliers["yiwu"].seller == SELLER


def test_a_reference_that_only_the_note_shows_must_be_in_the_note(home: Home) -> None:
    with pytest.raises(Problems, match="in the note only"):
        _told(home, "    note: 请勿放价格单\n", *IN_NOTE)
    assert _told(home, "    note: <reference>\n", *IN_NOTE).sites["mall"].lacks == ("listed_reference",)


@pytest.fixture
def home(tmp_path: Any) -> Home:
    return Home(tmp_path)
