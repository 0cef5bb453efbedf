"""Reading a shop: what fails of one order stays with it, also where each order's own page is opened."""

from __future__ import annotations

import pytest

from agent.errors import (
    AgentError,
    ConfigError,
    Mismatch,
    PageChanged,
    PageLost,
    PersonNeeded,
    SiteRefused,
    SiteUnavailable,
    Where,
)
from agent.work.run import order_failures
from tests.ledger.goods import SHOP
from tests.work.reading import ACCOUNT, Given, given

__all__ = ["given"]
NUMBERS = tuple(f"692000000000000000{at}" for at in range(1, 6))
FIRST, SECOND, *REST = NUMBERS


def known(given: Given) -> list[str]:
    return sorted(one.order_number for one in given.ledger.orders("ours"))


@pytest.fixture
def apart(given: Given) -> Given:
    """A shop whose list shows no products: each order's own page is opened."""
    given.desk.lacks = ("listed_lines",)
    given.put_up(*NUMBERS)
    return given


@pytest.mark.parametrize("error", [Mismatch("two"), PageChanged("another page"), SiteRefused("订单已关闭")])
def test_a_page_that_cannot_be_read_is_asked_about_and_the_others_go_on(apart: Given, error: AgentError) -> None:
    apart.desk.fails[SECOND] = error
    apart.read()
    assert known(apart) == [FIRST, *REST]
    assert (apart.asked(), apart.run.closed_accounts) == ([("unreadable", SECOND)], {})
    apart.read()
    assert len(apart.ledger.items(open_only=False)) == 1, "asked once"
    apart.desk.fails.clear()
    apart.read()
    assert (known(apart), apart.asked()) == ([*NUMBERS], [])


def test_where_every_page_is_another_one_the_account_is_paused_as_told(apart: Given) -> None:
    apart.desk.fails = {number: PageChanged("another page") for number in NUMBERS}
    apart.read()
    assert apart.desk.opened == [*NUMBERS[:3]]
    assert ACCOUNT in apart.run.closed_accounts
    assert apart.asked().count(("paused", "")) == 1


def test_a_page_that_got_no_answer_is_read_by_the_next_run_and_the_others_go_on(apart: Given) -> None:
    apart.desk.fails[SECOND] = PageLost("no answer")
    apart.read()
    assert known(apart) == [FIRST, *REST]
    assert (apart.asked(), apart.run.closed_accounts) == ([], {})
    assert "no answer" in apart.ledger.story(SHOP, SECOND)[-1].what
    apart.desk.fails.clear()
    apart.read()
    assert known(apart) == [*NUMBERS]


def test_pages_lost_one_after_another_close_the_account_until_the_next_run(apart: Given) -> None:
    apart.desk.fails = {number: PageLost("no answer") for number in NUMBERS}
    apart.read()
    assert apart.desk.opened == [*NUMBERS[:3]]
    assert ACCOUNT in apart.run.closed_accounts and apart.asked() == []


@pytest.mark.parametrize(("error", "asked"), [(PersonNeeded("a slider"), ["PersonNeeded"]), (SiteUnavailable("503"), [])])
def test_what_concerns_the_account_closes_it(apart: Given, error: AgentError, asked: list[str]) -> None:
    apart.desk.fails[FIRST] = error
    apart.read()
    assert apart.desk.opened == [FIRST]
    assert ACCOUNT in apart.run.closed_accounts
    assert [item.reason for item in apart.items()] == asked


def test_another_order_than_the_one_opened_is_not_taken_for_it(apart: Given) -> None:
    apart.desk.opens[FIRST] = SECOND
    apart.read()
    assert known(apart) == [SECOND, *REST]
    assert apart.asked() == [("unreadable", FIRST)] and SECOND in apart.items()[0].what


def test_a_password_that_cannot_be_read_in_mid_run_closes_the_account_and_parks_no_order(given: Given) -> None:
    given.put_up(FIRST)
    given.read()
    slip = ConfigError("There is a slip in the private file of secrets", where=Where(account=ACCOUNT), reason="secret")
    with order_failures(given.run, given.stored(FIRST)):
        raise slip
    assert given.stored(FIRST).parked == "" and given.run.closed_accounts == {ACCOUNT: slip}
    assert [(item.reason, item.account, item.order_number) for item in given.items()] == [("secret", ACCOUNT, "")]
