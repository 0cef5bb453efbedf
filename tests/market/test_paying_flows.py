"""The shipped site files pay, read and cancel at the stand-ins: the flows are played as they stand, judged by the sites' own books."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser

from agent.browser.account import Folders
from agent.browser.launch import BrowserChoice
from agent.browser.session import SETTINGS, Session
from agent.browser.stage import Stage
from agent.models import CommitFacts, CommitOutcome
from agent.sites.definition import Manners
from agent.sites.reader import read_site
from tests.market.core import Market
from tests.market.m1688.hand import MUG, POTTER, SHIRT, TAILOR, with_offers
from tests.market.m1688.site import M1688State
from tests.market.mall.hand import person_buys, with_goods
from tests.market.mall.site import MallState

pytestmark = pytest.mark.slow

SITES = Path(__file__).parents[2] / "selectors"
TO: Mapping[str, Any] = {
    "name": "张三",
    "phone": "18400913965",
    "region": ("浙江省", "杭州市", "临平区"),
    "address": "迎宾路1号",
}


@pytest.fixture
def market() -> Iterator[Market]:
    with with_goods(with_offers(Market(seed=7, latency=(0.0, 0.03)))) as market:
        yield market


class WarmSession(Session):
    """A session in the browser that is running already."""

    warm: Browser

    @property
    def stage(self) -> Stage:
        if self._stage is None:
            self._stage = self._set_stage(self.warm.new_context(**SETTINGS, storage_state=self._kept_sign_in()))
        return self._stage


@pytest.fixture
def session_at(
    market: Market, browser: Browser, choice: BrowserChoice, tmp_path: Path
) -> Iterator[Callable[[str, str], Session]]:
    """Makes the agent's session at a stand-in, with the shipped site file."""
    made: list[Session] = []

    def make(site: str, name: str) -> Session:
        assert market.addresses is not None
        sign_in = market.accounts()[name]
        told = SimpleNamespace(
            name=name,
            shows=sign_in["shows"],
            hosts={"main" if host == "air" else host: at for host, at in market.addresses.hosts[name].items()},
            manners=Manners(),
            browser="shared",
            limits=SimpleNamespace(wait_for_page=20, settle=20),
        )
        folders = Folders(*(tmp_path / folder for folder in ("sign-ins", "evidence", "profiles", "files", "steps")))
        session = WarmSession(
            told, read_site(SITES / f"{site}.yaml"), browser=choice, folder=folders, secret=lambda key: sign_in[key]
        )
        session.warm = browser
        made.append(session)
        return session

    yield make
    for session in made:
        session.close()


@pytest.fixture
def marketplace(session_at: Callable[[str, str], Session]) -> Session:
    return session_at("1688", "m1688")


@pytest.fixture
def small(session_at: Callable[[str, str], Session], mall: MallState) -> Session:
    mall.balance.settle_prepaid(50_000)
    return session_at("mall", "mall")


@pytest.fixture
def site(market: Market) -> M1688State:
    return market.m1688


def lines(*numbers: str) -> dict[str, Any]:
    return {"lines": [{"line.supplier_order_number": number} for number in numbers]}


def named(number: str) -> dict[str, Any]:
    return {"purchase_order.supplier_order_number": number}


def done(session: Session, flow: str, values: dict[str, Any], recorded: list[CommitFacts] | None = None) -> CommitOutcome:
    """Plays a writing flow to the page that it expects afterwards."""
    outcome = session.commit(flow, values, (recorded if recorded is not None else []).append)
    assert outcome.end == "expected", outcome
    return outcome


def read(outcome: CommitOutcome) -> dict[str, Any]:
    """What was read after the click."""
    assert outcome.reading is not None
    return dict(outcome.reading.values)


def at_click(session: Session, flow: str, values: dict[str, Any]) -> dict[str, Any]:
    """Plays a writing flow; what was read before its click."""
    recorded: list[CommitFacts] = []
    assert read(done(session, flow, values, recorded)) == {}
    (facts,) = recorded
    return dict(facts.values)


# The marketplace


def test_two_orders_are_paid_with_one_code(marketplace: Session, site: M1688State) -> None:
    first, second, other = (site.add_order([(SHIRT, "黑色;L", count)], **TO) for count in (1, 2, 3))
    assert marketplace.play("read_payment", named(first.number)).values == {"payment_state": "none"}
    recorded: list[CommitFacts] = []
    outcome = done(marketplace, "pay_by_qr", lines(first.number, second.number), recorded)
    shown = recorded[0].shown
    assert (shown["payee"], shown["total"]) == (TAILOR, "61.00")
    assert {shown[f"payments.{row}.supplier_order_number"] for row in (1, 2)} == {first.number, second.number}
    (code,) = site.truth()["codes"]
    assert (code["amount"], set(code["orders"])) == (6100, {first.number, second.number})
    seen = read(outcome)
    assert (seen["payee"], seen["total"]) == (TAILOR, 6100)
    assert seen["expires_at"] == site.payments.codes[code["id"]].expires_at.replace(microsecond=0)
    assert Path(str(seen["code"])).stat().st_size > 1000
    assert marketplace.play("read_payment", named(first.number)).values == {"payment_state": "waiting"}
    site.payments.scan(first.number)
    assert marketplace.play("read_payment", named(second.number)).values == {"payment_state": "paid"}
    detail = marketplace.play("read_order", named(first.number)).values
    assert (detail["state"], detail["paid"], detail["refunded"], detail["refund"]) == ("placed", 2100, 0, "none")
    assert other.state == "unpaid"


@pytest.mark.parametrize("method", ["credit", "auto_debit"])
def test_an_order_is_paid_by_what_needs_nobody(marketplace: Session, site: M1688State, method: str) -> None:
    site.payments.credit.open_credit(100_000)
    site.payments.enable_auto_debit()
    order = site.add_order([(MUG, "白色", 1)], **TO)
    assert at_click(marketplace, f"pay_by_{method}", lines(order.number))["payee"] == POTTER
    assert [(one["method"], one["amount"]) for one in site.truth()["payments"]] == [(method, order.total)]
    bill = marketplace.play("read_bill", {}).values["bill"]
    due = (site.clock() + timedelta(days=30)).date()
    owed = ({"supplier_order_number": order.number, "total": order.total, "due_on": due},)
    assert bill == (owed if method == "credit" else ())


def test_the_marketplaces_order_is_cancelled(marketplace: Session, site: M1688State) -> None:
    order = site.add_order([(MUG, "白色", 1)], **TO)
    site.pay(order.number)
    seen = at_click(marketplace, "cancel_order", named(order.number))
    assert seen == {"supplier_order_number": order.number, "state": "placed"}
    assert [one["number"] for one in site.truth()["cancellations"]] == [order.number]
    assert marketplace.play("read_order", named(order.number)).values["refund"] == "open"


# The mall


def test_two_orders_are_paid_from_the_balance_and_one_cancelled(small: Session, mall: MallState) -> None:
    first, second = (mall.set_state(person_buys(mall, reference).number, "unpaid") for reference in ("AAA", "BBB"))
    assert at_click(small, "pay_by_balance", lines(first.number, second.number))["payee"] == mall.balance.payee
    assert small.play("read_balance", {}).values == {"balance": 50_000 - first.total - second.total}
    statement = small.play("read_statement", {}).values["statement"]
    assert isinstance(statement, tuple)
    assert {(row["supplier_order_number"], row["amount"]) for row in statement} == {
        (first.number, -first.total),
        (second.number, -second.total),
        ("-", 50_000),
    }
    detail = small.play("read_order", named(first.number)).values
    assert (detail["state"], detail["paid"], detail["refund"]) == ("placed", first.total, "none")
    assert done(small, "cancel_order", named(first.number)).dialogs == ("确定要取消该订单吗",)
    assert (mall.order(first.number).state, len(mall.truth()["cancellations"])) == ("cancelled", 1)
    assert small.play("read_order", named(first.number)).values["refund"] == "open"
