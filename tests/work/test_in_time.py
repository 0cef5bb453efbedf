"""What is read in the shop comes to its click within 60 seconds, also at the pace of the shipped site files; what comes late is begun anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType, SimpleNamespace
from typing import Any, cast

import pytest

from agent.browser.survey import Survey
from agent.errors import SiteUnavailable
from agent.home import SHIPPED_SITES
from agent.ledger import Ledger
from agent.models import CommitFacts, CommitOutcome, Fen, Order, Reading
from agent.sites.contract import PAY_FLOWS
from agent.sites.definition import Clear, Click, Commit, Open, Site
from agent.sites.reader import read_site
from agent.work import prove
from agent.work.buy import unchanged
from agent.work.compare import Meant
from agent.work.in_time import FRESH
from agent.work.look import Seen
from agent.work.pay import has_time
from agent.work.run import order_failures
from tests.ledger.goods import ACCOUNT, FACTS, NOW, NUMBER, SHOP, order, purchase
from tests.work.test_machine import ledger, run_of
from tests.work.test_pay_shapes import merge
from tests.work.till import ONE, TWO, Paying, given, paying

__all__ = ["given", "ledger", "paying"]

LOADING = 2.0  # seconds that a page takes to come, after each pause
SITES = [read_site(path) for path in sorted(SHIPPED_SITES.glob("*.yaml"))]
SHOPS = [site for site in SITES if site.kind == "shop"]
SUPPLIERS = [site for site in SITES if site.kind == "supplier"]
WAYS = [(site, method) for site in SUPPLIERS for method, flow in PAY_FLOWS.items() if flow in site.flows]
EACH_SHOP = pytest.mark.parametrize("shop", SHOPS, ids=lambda site: site.site)
EACH_WAY = pytest.mark.parametrize(("site", "method"), WAYS, ids=[f"{site.site} {method}" for site, method in WAYS])


def seconds(site: Site, flow: str, *, hurried: bool, lines: int = 1) -> float:
    """How long a flow takes, up to its commit if it has one: before each page and each click a pause, at its longest unless hurried."""
    steps = site.walk(flow)
    ends = next((number for number, visit in enumerate(steps) if isinstance(visit.step, Commit)), len(steps))
    pauses = sum(lines if visit.in_lines else 1 for visit in steps[:ends] if isinstance(visit.step, Open | Click | Clear))
    return pauses * (site.manners.pause[0 if hurried else 1] + LOADING)


@dataclass
class Paced:
    """A desk at which everything takes the time that a site file asks for."""

    desk: Any
    site: Site
    clock: SimpleNamespace
    hurried: bool = False
    clicked: list[str] = field(default_factory=list)

    def _pass(self, flow: str, *, hurried: bool, lines: int = 1) -> None:
        self.clock.at += timedelta(seconds=seconds(self.site, flow, hurried=hurried, lines=lines))

    def play(self, flow: str, values: Mapping[str, Any]) -> Reading:
        self._pass(flow, hurried=self.hurried)
        return cast(Reading, self.desk.play(flow, values))

    def survey(self, _flow: str, _values: object, *, page: str) -> Survey:
        self.clock.at += timedelta(seconds=self.site.manners.pause[1] + LOADING)
        assert page
        return Survey((), Reading({}, {}, {}), None, {})

    def keep_look(self, _page: str) -> None: ...

    def commit(self, flow: str, values: Mapping[str, Any], record: Callable[[CommitFacts], None]) -> CommitOutcome:
        self._pass(flow, hurried=True, lines=len(values["lines"]))  # a desk's own part: tests/browser/test_desk.py
        outcome = self.desk.commit(flow, values, record)
        self.clicked += [line["line.supplier_order_number"] for line in values["lines"]]
        return cast(CommitOutcome, outcome)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.desk, name)


def paced(paying: Paying, shop: Site, site: Site, method: str) -> Paced:
    """Both desks at the pace of these files; the cashier is gone through by the flows of the supplier's."""
    paying.supplier.pay = (method,)
    known = cast(Any, paying.run.config.site_of(ACCOUNT))
    known.flows, known.touches = site.flows, site.touches
    desk = Paced(paying.till, site, paying.clock)
    paying.run.desks |= cast(Any, {"shop-main": Paced(paying.run.desks["shop-main"], shop, paying.clock), ACCOUNT: desk})
    return desk


@EACH_SHOP
@EACH_WAY
def test_at_the_pace_of_the_shipped_files_every_order_is_paid_in_time(
    paying: Paying, shop: Site, site: Site, method: str
) -> None:
    desk = paced(paying, shop, site, method)
    paying.pay()
    assert sorted(desk.clicked) == [ONE, TWO] and set(paying.asked()) <= {"pay_by_code"}


@EACH_SHOP
@EACH_WAY
def test_an_order_that_two_purchases_stand_in_is_paid_in_time(paying: Paying, shop: Site, site: Site, method: str) -> None:
    merge(paying, 9_600)
    desk = paced(paying, shop, site, method)
    paying.pay()
    assert desk.clicked == [ONE] and set(paying.asked()) <= {"pay_by_code"}


@EACH_SHOP
@pytest.mark.parametrize("site", SUPPLIERS, ids=lambda site: site.site)
def test_what_is_bought_or_cancelled_is_clicked_in_time(shop: Site, site: Site) -> None:
    """From when the shop order is read: a purchase is clicked on the form that stands filled, a cancelling after a flow of its own."""
    assert seconds(shop, "read_order", hurried=True) + seconds(site, "submit_order", hurried=True) <= FRESH.seconds
    if "cancel_order" in site.flows:
        assert seconds(shop, "read_order", hurried=False) + seconds(site, "cancel_order", hurried=True) <= FRESH.seconds


@EACH_SHOP
@pytest.mark.parametrize("flow", ["ship_order", "write_note"])
def test_what_is_entered_or_noted_in_the_shop_is_written_soon_after_it_was_read(shop: Site, flow: str) -> None:
    if flow in shop.flows:
        assert seconds(shop, "read_order", hurried=False) + seconds(shop, flow, hurried=True) <= FRESH.seconds


# ---- how many are looked at before they are paid


@pytest.mark.parametrize(
    ("spent", "longest", "more"),
    [(0, 0, True), (29, 0, True), (30, 0, False), (20, 20, True), (21, 20, False), (23, 23, False), (16, 16, True)],
)
def test_another_is_looked_at_only_if_there_is_time_to_pay_after_it(spent: int, longest: int, more: bool) -> None:
    assert has_time(timedelta(seconds=spent), timedelta(seconds=longest)) is more


# ---- a purchase that comes too late


class Late:
    """The supplier's desk: its page takes a minute or more to come to the click."""

    changed: Mapping[str, int] = MappingProxyType({})
    hurried = False

    def __init__(self) -> None:
        self.at = NOW
        self.late = timedelta(seconds=61)
        self.clicks = 0

    def commit(self, _flow: str, _values: object, record: Callable[[CommitFacts], None]) -> CommitOutcome:
        self.at += self.late
        record(FACTS)
        self.clicks += 1
        return CommitOutcome("expected", "", (), (), None)


@pytest.fixture
def late(ledger: Ledger) -> Iterator[Late]:
    ledger.save_order(order(), NOW, detail=True)
    yield Late()


def sent(ledger: Ledger, late: Late) -> Any:
    run = run_of(ledger, late)
    cast(Any, run).clock = SimpleNamespace(now=lambda: late.at, wait=lambda _seconds: None)
    meant = Meant(purchase(), cast(Any, None), Fen(9_000), total=Fen(2_400), freight=Fen(0))
    known = ledger.order(SHOP, NUMBER)
    assert known is not None
    with order_failures(run, known):
        prove.submit(run, meant, Seen(frozenset(), ()), late.at + FRESH)
    return run


def test_a_purchase_that_comes_too_late_is_begun_anew_and_asked_about_until_it_is_placed(
    ledger: Ledger,
    late: Late,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _run in range(2):
        sent(ledger, late)
        (item,) = ledger.items()
        known = ledger.order(SHOP, NUMBER)
        assert known is not None and known.parked == "", "the next run takes it up by itself"
        assert (item.reason, item.order_number, item.account, late.clicks) == ("stale", NUMBER, ACCOUNT, 0)
        assert "60 seconds" in item.what and "`pause" in item.todo and "table" not in item.todo
    late.late = timedelta(0)
    proof = prove.Proof("exact", [Reading({"supplier_order_number": "90011", "total": 2_400, "freight": 0}, {}, {})])
    monkeypatch.setattr(prove, "settle_by_proof", lambda run, meant, *_told: prove._placed(run, meant, proof))
    monkeypatch.setattr(prove, "book", lambda *_told: None)
    sent(ledger, late)
    assert (late.clicks, ledger.items()) == (1, [])


def test_the_order_is_read_in_a_hurry_right_before_its_purchase_is_sent(
    ledger: Ledger, late: Late, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, hurried = run_of(ledger, late), []
    cast(Any, run.config).site_of = lambda _account: SimpleNamespace(lacks=("mask",))

    def read(*_told: object) -> Order:
        hurried.append(late.hurried)
        return order()

    monkeypatch.setattr("agent.work.buy.reread", read)
    unchanged(run, run.config.shops[SHOP], order())
    assert hurried == [True] and not late.hurried


def test_what_comes_too_late_is_left_to_the_next_run(ledger: Ledger, late: Late) -> None:
    run = run_of(ledger, late)
    cast(Any, run).clock = SimpleNamespace(now=lambda: late.at)
    meant = Meant(purchase(), cast(Any, None), Fen(9_000), total=Fen(2_400), freight=Fen(0))
    with pytest.raises(SiteUnavailable) as failed:
        prove.submit(run, meant, Seen(frozenset(), ()), cast(datetime, late.at + FRESH))
    assert failed.value.may_retry and not failed.value.where.account, "the account goes on"
