"""A buyer who moves after the order was bought: the shop's list shows nothing of it, so its page is read now and then until it is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from agent.sites.definition import Manners
from agent.work import cancel
from agent.work.cancel import PAGE_AGAIN
from agent.work.run import Options
from tests.ledger.goods import NOW, NUMBER, SHOP, order
from tests.work.cancelling import Given, given

__all__ = ["given"]


@pytest.fixture(autouse=True)
def listed(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its page alone tells of another address, and the shop's list shows the order in every run."""
    monkeypatch.setattr(cancel, "does_read", lambda _site, word, flow: (word, flow) == ("address_change", "read_order"))
    given.run.listed.add((SHOP, NUMBER))
    given.shop.shown = replace(order(), address_change="asked")
    manners = Manners(quiet=None, most_per_hour=None)
    accounts = cast(Any, given.run.config).accounts
    accounts["shop-main"].manners = manners
    cast(Any, given.shop).counters = lambda: {"pages": 0}
    cast(Any, given.supplier).counters = lambda: {"pages": 0}


def read_at(given: Given) -> object:
    known = given.ledger.order(SHOP, NUMBER)
    return known and known.page_read_at


def test_it_is_told_hours_after_it_was_bought_while_the_list_shows_it(given: Given) -> None:
    given.clock.at = NOW + PAGE_AGAIN - timedelta(seconds=1)
    given.go()
    assert (given.reasons(), read_at(given)) == ([], NOW), "its page was read not long ago"
    given.clock.at = NOW + PAGE_AGAIN
    given.go()
    (item,) = given.ledger.items()
    assert (item.reason, "900100" in item.what, given.supplier.clicks) == ("unwanted", True, 0)
    assert read_at(given) == given.clock.at


def test_a_row_of_the_list_is_no_look_at_the_page(given: Given) -> None:
    given.clock.at = NOW + PAGE_AGAIN
    given.ledger.save_order(order(), given.clock.at, detail=False)
    assert read_at(given) == NOW


def test_what_was_sent_or_is_looked_at_in_quiet_hours_is_not_opened(given: Given) -> None:
    given.clock.at = NOW + PAGE_AGAIN
    cast(Any, given.run.config).accounts["shop-main"].manners = Manners(quiet=None, most_per_hour=0)
    given.go()
    assert read_at(given) == NOW
    given.run.options = Options(attended=True)
    given.go()
    assert read_at(given) == given.clock.at
    given.clock.at += PAGE_AGAIN
    for purchase in given.ledger.purchases():
        given.ledger.watched(purchase.reference, "shipped", None)
    given.go()
    assert read_at(given) != given.clock.at
