"""The shipped site files pay, read and cancel at the stand-ins: the flows are played as they stand, judged by the sites' own books."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agent.browser.account import Folders
from agent.browser.launch import BrowserChoice
from agent.browser.session import Session
from agent.models import CommitFacts
from agent.sites.reader import read_site
from tests.market.core import Market
from tests.market.m1688.hand import MUG, POTTER, SHIRT, TAILOR, with_offers
from tests.market.m1688.site import M1688State
from tests.market.mall.hand import person_buys, with_goods
from tests.market.mall.site import MallState

pytestmark = pytest.mark.slow

SITES = Path(__file__).parents[2] / "selectors"
TO: Mapping[str, Any] = {"name": "张三", "phone": "18400913965", "region": ("浙江省", "杭州市", "临平区"), "address": "迎宾路1号"}


@pytest.fixture
def market() -> Iterator[Market]:
    with with_goods(with_offers(Market(seed=7, latency=(0.0, 0.03)))) as market:
        yield market


@pytest.fixture
def session_at(market: Market, choice: BrowserChoice, tmp_path: Path) -> Iterator[Callable[[str, str], Session]]:
    """Makes the agent's session at a stand-in, with the shipped site file."""
    made: list[Session] = []

    def make(site: str, name: str) -> Session:
        assert market.addresses is not None
        sign_in = market.accounts()[name]
        told = SimpleNamespace(
            name=name,
            shows=sign_in["shows"],
            hosts={"main" if host == "air" else host: at for host, at in market.addresses.hosts[name].items()},
            manners=None,
            browser="shared",
            limits=SimpleNamespace(wait_for_page=20, settle=20),
        )
        folders = Folders(*(tmp_path / folder for folder in ("sign-ins", "evidence", "profiles", "files", "steps")))
        session = Session(
            told, read_site(SITES / f"{site}.yaml"), browser=choice, folder=folders, secret=lambda key: sign_in[key]
        )
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


def test_placeholder(marketplace: Session, site: M1688State) -> None:
    a = site.add_order([(SHIRT, "黑色;L", 1)], **TO)
    b = site.add_order([(SHIRT, "黑色;L", 2)], **TO)
    facts: list[CommitFacts] = []
    print(marketplace.play("read_payment", named(a.number)))
    print(marketplace.commit("pay_by_qr", lines(a.number, b.number), facts.append))
    print(facts)
    print(marketplace.play("read_payment", named(a.number)))
    site.payments.scan(a.number)
    print(marketplace.play("read_payment", named(a.number)))
    print(marketplace.play("read_order", named(a.number)))
    market_credit = site.payments.credit
    market_credit.open_credit(100_000)
    c = site.add_order([(MUG, "白色", 1)], **TO)
    print(marketplace.commit("pay_by_credit", lines(c.number), facts.append))
    print(marketplace.play("read_bill", {}))
    site.payments.enable_auto_debit()
    d = site.add_order([(MUG, "白色", 1)], **TO)
    print(marketplace.commit("pay_by_auto_debit", lines(d.number), facts.append))
    print(marketplace.commit("cancel_order", named(d.number), facts.append))
    print(site.payments.truth())
    assert 0


def test_placeholder2(small: Session, mall: MallState) -> None:
    facts: list[CommitFacts] = []
    x, y = (mall.set_state(person_buys(mall, ref).number, "unpaid") for ref in ("AAA", "BBB"))
    print(small.commit("pay_by_balance", lines(x.number, y.number), facts.append))
    print(small.play("read_balance", {}))
    print(small.play("read_statement", {}))
    print(small.play("read_order", named(x.number)))
    print(small.commit("cancel_order", named(x.number), facts.append))
    print(mall.balance.truth())
    assert 0
