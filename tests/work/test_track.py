"""What the supplier's pages say of parcels from run to run: kept, completed, changed, doubted; and what is asked before time runs out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.errors import Mismatch
from agent.ledger import Ledger, StoredOrder, StoredPurchase
from agent.models import Fen, Reading, Row
from agent.work.away import ask_about_gone
from agent.work.follow import _read, is_followed
from agent.work.run import Run
from agent.work.ship_by import ask_in_time
from agent.work.track import ask_what_is_inside, read_tracking
from tests.ledger.goods import LATER, LINES, NOW, NUMBER, REFERENCE, SHOP, clicked, order, purchase, settle

OTHER = "6920000000000000002"

ONE, TWO, THREE = "YT9693083639795", "YT9693083639796", "YT9693083639797"
BOUGHT = {"product": "H-778", "title": "保温杯", "specification": "白色/500毫升", "quantity": 4, "unit_price": 1200}
WHOLE = dict.fromkeys(LINES, 1)


def sent(number: str, pieces: int = 0, carrier: str = "圆通") -> Row:
    goods = {"title": "保温杯", "specification": "白色/500毫升", "quantity": pieces} if pieces else {}
    return {"carrier": carrier, "tracking_number": number, **goods}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """One purchase of two lines of one product, two pieces of the supplier's for each piece of ours."""
    with Ledger.open(tmp_path / "ledger.db") as opened:
        opened.save_order(order(), NOW, detail=True)
        settle(opened, clicked(opened), "confirmed")
        opened.placed(REFERENCE, ("900100",), Fen(4800), Fen(0), LATER)
        yield opened


def made(ledger: Ledger, *rows: Row, state: str = "shipped", now: datetime = LATER, ship_when: str = "picked_up") -> Run:
    values = {"supplier_order_number": "900100", "state": state, "lines": (BOUGHT,), "shipments": rows}
    page = Reading(values, {}, {})  # type: ignore[arg-type]
    shop = SimpleNamespace(name=SHOP, account="shop-main", ship_when=ship_when, ask_before_ship_by=6 * 3600.0)
    config = SimpleNamespace(site_of=lambda _account: SimpleNamespace(money_moves_at="pay", lacks=()), shops={SHOP: shop})
    desk = SimpleNamespace(play=lambda _flow, _values: page)
    told = SimpleNamespace(config=config, ledger=ledger, desk=lambda _account: desk, proven={}, now=lambda: now, followed=set())
    told.visits = lambda _account: True
    told.listed = {(SHOP, NUMBER)}
    told.tell = lambda what, **_facts: ledger.tell(now, what, shop=SHOP, order_number=NUMBER)
    return cast(Run, told)


def kept(ledger: Ledger) -> list[tuple[str, str, dict[str, int]]]:
    return [(each.tracking_number, each.contents, dict(each.lines)) for each in ledger.shipments()]


def read(ledger: Ledger, *rows: Row, **more: Any) -> set[str]:
    return read_tracking(made(ledger, *rows, **more), cast(StoredPurchase, ledger.purchase(REFERENCE)))


def known(ledger: Ledger) -> StoredOrder:
    return cast(StoredOrder, ledger.order(SHOP, NUMBER))


def test_a_parcel_is_kept_once_and_told_when_the_carrier_has_it(ledger: Ledger) -> None:
    assert read(ledger) == set() and kept(ledger) == []
    assert read(ledger, sent(ONE)) == set()
    assert read(ledger, sent(ONE), state="picked_up") == {ONE}
    assert kept(ledger) == [(ONE, "page", WHOLE)]


def test_a_second_parcel_makes_the_first_unknown_until_the_page_or_a_person_says_more(ledger: Ledger) -> None:
    read(ledger, sent(ONE))
    read(ledger, sent(ONE), sent(TWO))
    assert kept(ledger) == [(ONE, "unknown", {}), (TWO, "unknown", {})]
    (asked,) = ask_what_is_inside(made(ledger), [known(ledger)])
    assert [item.cause for item in ledger.items()] == [asked]
    first, second = ledger.shipments()
    ledger.put_in(first.shipment, {LINES[1]: 1}, "person")
    ledger.put_in(second.shipment, {}, "nothing")
    read(ledger, sent(ONE), sent(TWO))
    assert kept(ledger) == [(ONE, "person", {LINES[1]: 1}), (TWO, "nothing", {})], "what a person said stays"
    assert ask_what_is_inside(made(ledger), [known(ledger)]) == frozenset()


def test_a_carrier_that_nobody_knows_is_told_and_its_number_is_not_kept(ledger: Ledger) -> None:
    with pytest.raises(Mismatch, match="飞马快递") as refused:
        read(ledger, sent(ONE, carrier="飞马快递"))
    assert refused.value.reason == "tracking" and ledger.shipments() == []


def test_parcels_whose_page_says_what_is_inside(ledger: Ledger) -> None:
    read(ledger, sent(ONE, 2), sent(TWO, 2))
    assert kept(ledger) == [(ONE, "page", {LINES[0]: 1}), (TWO, "page", {LINES[1]: 1})]


def test_a_number_that_changes_before_it_is_entered_is_simply_the_new_one(ledger: Ledger) -> None:
    read(ledger, sent(ONE))
    read(ledger, sent(TWO, carrier="中通"))
    (only,) = ledger.shipments()
    assert (only.tracking_number, only.carrier, only.new_number) == (TWO, "中通快递", "")


def test_a_number_that_changes_afterwards_waits_for_a_yes_and_may_change_back(ledger: Ledger) -> None:
    read(ledger, sent(ONE))
    ledger.entered(SHOP, NUMBER, 1, LATER)
    for _twice in range(2):
        read(ledger, sent(TWO))
        (only,) = ledger.shipments()
        assert (only.tracking_number, only.new_number, only.lines) == (ONE, TWO, WHOLE)
    read(ledger, sent(THREE))
    assert [each.new_number for each in ledger.shipments()] == [THREE], "and once more before anybody said yes"
    read(ledger, sent(ONE))
    assert [each.new_number for each in ledger.shipments()] == [""]


@pytest.mark.parametrize("rows", [(), (sent(TWO), sent(THREE))])
def test_a_parcel_that_vanishes_is_in_doubt(ledger: Ledger, rows: tuple[Row, ...]) -> None:
    read(ledger, sent(ONE))
    with pytest.raises(Mismatch, match=f"does not show tracking number {ONE}"):
        read(ledger, *rows)
    assert kept(ledger) == [(ONE, "page", WHOLE)]


def test_a_number_in_the_shop_whose_parcel_turns_out_to_hold_something_else(ledger: Ledger) -> None:
    read(ledger, sent(ONE))
    ledger.entered(SHOP, NUMBER, 1, LATER)
    with pytest.raises(Mismatch, match="something else is in that parcel"):
        read(ledger, sent(ONE, 2))


def test_a_number_does_not_change_while_nobody_knows_whether_it_was_entered(ledger: Ledger) -> None:
    read(ledger, sent(ONE))
    facts = {"shop": SHOP, "order_number": NUMBER, "reference": REFERENCE, "account": "shop-main"}
    write = ledger.intend("ship", f"{SHOP}:{NUMBER}:1", **facts, at=LATER)
    attempt = ledger.begin_attempt([write], account="shop-main", flow="ship_order", baseline=[], meant={}, at=LATER)
    ledger.committing(attempt, cast(Any, SimpleNamespace(flow_hash="", page_address="")), LATER)
    with pytest.raises(Mismatch, match="changed from"):
        read(ledger, sent(TWO))
    assert kept(ledger) == [(ONE, "page", WHOLE)]


@pytest.mark.parametrize(
    ("hours_left", "rows", "ship_when", "reasons"),
    [
        (7, (), "picked_up", []),
        (5, (), "picked_up", ["late"]),
        (-1, (), "number_known", ["late"]),
        (7, (sent(ONE),), "picked_up", []),
        (5, (sent(ONE),), "picked_up", ["ship_now"]),
        (5, (sent(ONE),), "number_known", []),
        (5, (sent(ONE), sent(TWO)), "picked_up", []),  # what is in them is asked, not whether
    ],
)
def test_what_is_asked_before_the_ship_by_time(
    ledger: Ledger, hours_left: int, rows: tuple[Row, ...], ship_when: str, reasons: list[str]
) -> None:
    now = NOW + timedelta(hours=47 - hours_left)
    run = made(ledger, *rows, now=now, ship_when=ship_when)
    read(ledger, *rows)
    for _twice in range(2):
        asked = ask_in_time(run, run.config.shops[SHOP], [known(ledger)])
        assert [item.reason for item in ledger.items()] == reasons
        assert {item.cause for item in ledger.items()} == asked


def test_a_yes_to_one_number_is_none_to_another(ledger: Ledger) -> None:
    run = made(ledger, sent(ONE), now=NOW + timedelta(hours=46))
    read(ledger, sent(ONE))
    ask_in_time(run, run.config.shops[SHOP], [known(ledger)])
    ledger.answer(ledger.items()[0].id, "approve", LATER)
    assert ask_in_time(run, run.config.shops[SHOP], [known(ledger)]) == frozenset()
    read(ledger, sent(TWO))
    assert len(ask_in_time(run, run.config.shops[SHOP], [known(ledger)])) == 1


@pytest.mark.parametrize("became", ["shipped", "completed", "cancelled", "off the list", "refunded"])
def test_an_order_that_waits_for_nothing_is_not_late(ledger: Ledger, became: str) -> None:
    run = made(ledger, now=NOW + timedelta(hours=46))
    assert len(ask_in_time(run, run.config.shops[SHOP], [known(ledger)])) == 1
    if became == "off the list":  # its page is read before anybody is asked
        run.listed = {(SHOP, "another")}
    elif became == "refunded":
        lines = tuple(replace(line, after_sales="refunded") for line in order().lines)
        ledger.save_order(order(lines=lines), LATER, detail=True)
    else:
        ledger.save_order(order(state=became), LATER, detail=True)
    assert ask_in_time(run, run.config.shops[SHOP], [known(ledger)]) == frozenset()


@pytest.mark.parametrize(
    ("days", "asked", "followed"), [(1, False, False), (1, True, True), (29, True, True), (31, True, False)]
)
def test_a_number_in_doubt_is_looked_at_anew_for_a_month_also_when_the_carrier_has_the_parcel(
    ledger: Ledger, days: int, asked: bool, followed: bool
) -> None:
    """A person was told that the question closes once they have mended it in the shop."""
    read(ledger, sent(ONE), state="picked_up")
    ledger.entered(SHOP, NUMBER, 1, LATER)
    for state in ("shipped", "done"):
        ledger.advance(REFERENCE, state)
    purchase = cast(StoredPurchase, ledger.purchase(REFERENCE))
    run = made(ledger, now=LATER + timedelta(days=days))
    assert is_followed(run, known(ledger), purchase, asked=asked) == followed


@pytest.mark.parametrize(
    ("became", "lacks", "days", "followed"),
    [
        ("to_ship", (), 89, True),
        ("to_ship", ("parcels",), 89, True),
        ("to_ship", (), 91, False),
        ("shipped", (), 29, True),
        ("shipped", (), 31, False),
        ("cancelled", (), 31, False),
        ("refunded", (), 31, False),
        ("shipped", ("parcels",), 6, True),
        ("shipped", ("parcels",), 8, False),
    ],
)
def test_what_never_becomes_whole_is_not_followed_for_ever(
    ledger: Ledger, became: str, lacks: tuple[str, ...], days: int, followed: bool
) -> None:
    if became == "refunded":
        ledger.save_order(
            order(lines=tuple(replace(each, after_sales="refunded") for each in order().lines)), LATER, detail=True
        )
    else:
        ledger.save_order(order(state=became), LATER, detail=True)
    run = made(ledger, now=LATER + timedelta(days=days))
    cast(Any, run.config).site_of = lambda _account: SimpleNamespace(lacks=lacks)
    assert is_followed(run, known(ledger), cast(StoredPurchase, ledger.purchase(REFERENCE)), asked=False) == followed


def test_what_was_longest_not_read_is_read_first(ledger: Ledger) -> None:
    """A site that is left alone after so many pages an hour would else never show the newest."""
    other = order(number=OTHER, lines=tuple(replace(each, line_number=f"{OTHER}{at}") for at, each in enumerate(order().lines)))
    ledger.save_order(other, NOW, detail=True)
    for number in (NUMBER, OTHER):
        ledger.dispose(SHOP, number, "ours", "")
    lines = tuple(replace(each, line_number=line.line_number) for each, line in zip(purchase().lines, other.lines, strict=True))
    ledger.plan([replace(purchase(), reference="REF2", order_number=OTHER, lines=lines)], NOW)
    ledger.placed("REF2", ("900200",), Fen(4800), Fen(0), LATER)
    opened: list[str] = []

    def reads(pages: int) -> list[str]:
        run = follower(ledger, opened, pages)
        opened.clear()
        _read(run, run.config.shops[SHOP])
        return [*opened]

    assert reads(1) == ["900100"]
    assert reads(1) == ["900200"]
    assert reads(2) == ["900100", "900200"]


def test_what_is_under_way_at_an_account_that_config_yaml_lost_is_one_question(ledger: Ledger) -> None:
    ledger.dispose(SHOP, NUMBER, "ours", "")
    run = follower(ledger, [], 9)
    cast(Any, run.config).accounts.clear()
    cast(Any, run).desks.clear()
    assert _read(run, run.config.shops[SHOP]) == {}
    for _twice in range(2):
        ask_about_gone(run)
    (item,) = ledger.items()
    assert (item.cause, ledger.waiting_orders(item.id)) == ("account_gone:mall-yiwu", [(SHOP, NUMBER)])
    cast(Any, run.config).accounts["mall-yiwu"] = None
    ask_about_gone(run)
    assert ledger.items() == []


def follower(ledger: Ledger, opened: list[str], pages: int) -> Run:
    """A run whose supplier may be asked for so many pages; `opened` takes the numbers whose pages were."""
    run = made(ledger, now=LATER)

    def play(_flow: str, values: dict[str, str]) -> Reading:
        opened.append(values["purchase_order.supplier_order_number"])
        shown = {"supplier_order_number": opened[-1], "state": "placed", "lines": (BOUGHT,), "shipments": ()}
        return Reading(shown, {}, {})

    told = cast(Any, run)
    told.config = SimpleNamespace(**vars(run.config), accounts={"mall-yiwu": SimpleNamespace(manners=None)}, limits=None)
    told.desk = lambda _account: SimpleNamespace(play=play)
    desk = SimpleNamespace(counters=lambda: {"pages": 0})
    told.desks, told.closed_accounts, told.stopped, told.visited = {"mall-yiwu": desk, "shop-main": desk}, {}, set(), {}
    told.options = SimpleNamespace(attended=True)
    told.wants, told.progress = (lambda _number: True), print
    told.visits = lambda account: account in told.desks and len(opened) < pages
    return run
