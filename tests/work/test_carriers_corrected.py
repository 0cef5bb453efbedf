"""The supplier corrects the carrier and keeps the number: the right one is entered, and what stands in the shop already is asked about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from agent.errors import Mismatch
from agent.ledger import Ledger, StoredPurchase
from agent.models import Fen, PurchaseOrder, Reading, Row
from agent.work.run import Run
from agent.work.track import read_tracking
from tests.ledger.goods import ACCOUNT, FACTS, LATER, LINES, NOW, NUMBER, REFERENCE, SHOP, order, purchase

ONE, TWO = "YT9693083639795", "YT9693083639796"
WRITE = {"shop": SHOP, "order_number": NUMBER, "reference": REFERENCE, "account": "shop-main"}


def sent(number: str = ONE, carrier: str = "圆通") -> Row:
    return {"carrier": carrier, "tracking_number": number}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """One purchase that is all of its order."""
    with Ledger.open(tmp_path / "ledger.db") as opened:
        opened.save_order(order(), NOW, detail=True)
        _bought(opened, purchase(), "900100")
        yield opened


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Ledger]:
    """Two purchases of one order that come in one parcel, its contents not shown."""
    with Ledger.open(tmp_path / "two.db") as opened:
        opened.save_order(order(), NOW, detail=True)
        _bought(opened, purchase(lines=LINES[:1]), "900100")
        _bought(opened, purchase(2, reference="SECOND", lines=LINES[1:]), "900101")
        yield opened


def _bought(ledger: Ledger, planned: PurchaseOrder, number: str) -> None:
    ledger.plan([planned], NOW)
    ledger.found_done("submit", planned.reference, **WRITE | {"reference": planned.reference, "account": ACCOUNT}, at=NOW)
    ledger.placed(planned.reference, (number,), Fen(4800), Fen(0), NOW)


def made(ledger: Ledger, pages: Mapping[str, tuple[Row, ...]], in_shop: tuple[Row, ...]) -> Run:
    """A run at a supplier who shows these parcels under each order number, and a shop that shows those of `in_shop`."""

    def supplier(_flow: str, values: Mapping[str, str]) -> Reading:
        number = values["purchase_order.supplier_order_number"]
        return Reading({"supplier_order_number": number, "state": "shipped", "lines": (), "shipments": pages[number]}, {}, {})

    def shop(_flow: str, values: Mapping[str, str]) -> Reading:
        return Reading({"order_number": values["order.order_number"], "shipments": in_shop}, {}, {})

    desks = {ACCOUNT: SimpleNamespace(play=supplier), "shop-main": SimpleNamespace(play=shop)}
    config = SimpleNamespace(
        site_of=lambda _account: SimpleNamespace(money_moves_at="pay", lacks=()),
        shops={SHOP: SimpleNamespace(name=SHOP, account="shop-main")},
    )
    told = SimpleNamespace(
        config=config,
        ledger=ledger,
        desk=desks.__getitem__,
        proven={},
        now=lambda: LATER,
        stopped=set(),
        followed=set(),
        closed_accounts={},
    )
    told.tell = lambda what, **_facts: ledger.tell(LATER, what, shop=SHOP, order_number=NUMBER)
    return cast(Run, told)


def read(ledger: Ledger, *rows: Row, in_shop: tuple[Row, ...] = ()) -> None:
    read_tracking(made(ledger, {"900100": rows}, in_shop), cast(StoredPurchase, ledger.purchase(REFERENCE)))


def read_both(ledger: Ledger, *carriers: str) -> list[str]:
    """Read the pages of both purchases; what was in the way of each."""
    pages = {number: (sent(carrier=carrier),) for number, carrier in zip(("900100", "900101"), carriers, strict=True)}
    wrong = []
    for each in ledger.purchases():
        try:
            read_tracking(made(ledger, pages, ()), each)
        except Mismatch as error:
            wrong.append(f"{each.reference} {error.reason}: {error.what}")
    return wrong


def carriers(ledger: Ledger) -> list[tuple[int, str, str, str, str]]:
    return [(s.ordinal, s.carrier, s.tracking_number, s.new_carrier, s.new_number) for s in ledger.shipments()]


def told(ledger: Ledger, beginning: str = "The supplier's carrier") -> list[str]:
    return [event.what for event in ledger.story(SHOP, NUMBER) if event.what.startswith(beginning)]


def open_click(ledger: Ledger, kind: str, key: str) -> int:
    attempt = ledger.begin_attempt(
        [ledger.intend(kind, key, **WRITE, at=LATER)], account="shop-main", flow=kind, baseline=[], meant={}, at=LATER
    )
    ledger.committing(attempt, FACTS, LATER)
    return attempt


def refused(ledger: Ledger) -> None:
    attempt = open_click(ledger, "ship", ledger.shipments()[0].key)
    ledger.settle(attempt, "refused", words="运单号有误", requests=None, pictures=(), at=LATER)


def test_before_it_is_entered_it_is_simply_the_new_one_and_told_once(ledger: Ledger) -> None:
    read(ledger, sent())
    for _twice in range(2):
        read(ledger, sent(carrier="中通"))
    assert carriers(ledger) == [(1, "中通快递", ONE, "", "")]
    assert told(ledger) == [f"The supplier's carrier of parcel {ONE} changed from 圆通速递 to 中通快递"]


def test_another_spelling_of_the_same_carrier_changes_nothing(ledger: Ledger) -> None:
    for carrier in ("圆通", "YTO", "圆通快递"):
        read(ledger, sent(carrier=carrier))
    assert (carriers(ledger), told(ledger)) == ([(1, "圆通速递", ONE, "", "")], [])


def test_what_a_person_said_is_in_it_stays(ledger: Ledger) -> None:
    read(ledger, sent())
    ledger.put_in(ledger.shipments()[0].shipment, {LINES[1]: 1}, "person")
    read(ledger, sent(carrier="中通"))
    (kept,) = ledger.shipments()
    assert (kept.carrier, kept.contents, dict(kept.lines)) == ("中通快递", "person", {LINES[1]: 1})


def test_it_does_not_change_while_nobody_knows_whether_it_was_entered(ledger: Ledger) -> None:
    read(ledger, sent())
    open_click(ledger, "ship", ledger.shipments()[0].key)
    with pytest.raises(Mismatch, match="carrier of parcel") as stopped:
        read(ledger, sent(carrier="中通"))
    assert (stopped.value.reason, carriers(ledger)) == ("tracking", [(1, "圆通速递", ONE, "", "")])


def test_an_open_click_of_the_tenth_parcel_is_none_of_the_first(ledger: Ledger) -> None:
    read(ledger, sent())
    open_click(ledger, "ship", f"{SHOP}:{NUMBER}:10")
    read(ledger, sent(carrier="中通"))
    assert carriers(ledger) == [(1, "中通快递", ONE, "", "")]


def test_of_a_number_that_waits_for_a_yes_the_fresh_carrier_waits(ledger: Ledger) -> None:
    read(ledger, sent())
    ledger.entered(SHOP, NUMBER, 1, LATER)
    for carrier in ("圆通", "中通", "中通"):
        read(ledger, sent(TWO, carrier))
    assert carriers(ledger) == [(1, "圆通速递", ONE, "中通快递", TWO)] and len(told(ledger)) == 1
    open_click(ledger, "change_number", f"{ledger.shipments()[0].key}:{TWO}")
    with pytest.raises(Mismatch, match="carrier of parcel"):
        read(ledger, sent(TWO, "申通"))


def test_what_stands_in_the_shop_already_is_asked_about_and_keeps_nothing_else_back(ledger: Ledger) -> None:
    read(ledger, sent())
    ledger.entered(SHOP, NUMBER, 1, LATER)
    for _twice in range(2):
        run = made(ledger, {"900100": (sent(carrier="中通"), sent(TWO))}, (sent(),))
        read_tracking(run, cast(StoredPurchase, ledger.purchase(REFERENCE)))  # the order's other parcel goes on
        (item,) = ledger.items()
        assert (item.reason, run.stopped) == ("tracking", {(SHOP, NUMBER)}) and "中通快递" in item.what
    assert carriers(ledger) == [(1, "圆通速递", ONE, "", ""), (2, "圆通速递", TWO, "", "")]
    ledger.answer(item.id, "approve", LATER)
    read(ledger, sent(carrier="中通"), sent(TWO), in_shop=(sent(),))
    assert ledger.items() == [], "it may stay as it stands in the shop"


def test_once_a_person_mended_it_in_the_shop_it_is_taken_as_it_stands(ledger: Ledger) -> None:
    read(ledger, sent())
    ledger.entered(SHOP, NUMBER, 1, LATER)
    for _twice in range(2):
        read(ledger, sent(carrier="中通"), in_shop=(sent(carrier="中通"),))
    assert carriers(ledger) == [(1, "中通快递", ONE, "", "")]


@pytest.mark.parametrize("now", [sent(TWO), sent(ONE, "中通")])
def test_what_the_shop_refused_goes_as_another_parcel_once_the_supplier_corrects_it(ledger: Ledger, now: Row) -> None:
    read(ledger, sent())
    ledger.put_in(ledger.shipments()[0].shipment, {LINES[0]: 1}, "person")
    refused(ledger)
    read(ledger, sent())
    assert [kept.ordinal for kept in ledger.shipments()] == [1], "nothing was corrected yet"
    for _twice in range(2):
        read(ledger, now)
    (kept,) = ledger.shipments()
    assert (kept.ordinal, kept.tracking_number) == (2, now["tracking_number"])
    assert (kept.contents, dict(kept.lines)) == ("person", {LINES[0]: 1})
    refused(ledger)
    read(ledger, sent("YT9693083639797"))
    assert [kept.ordinal for kept in ledger.shipments()] == [3]


def test_a_parcel_of_two_purchases_changes_when_both_pages_say_so(two: Ledger) -> None:
    assert read_both(two, "圆通", "圆通") == []
    assert read_both(two, "中通", "中通") == []
    assert carriers(two) == [(1, "中通快递", ONE, "", "")] and len(told(two)) == 1


@pytest.mark.parametrize(("now", "by"), [(("中通", "圆通"), REFERENCE), (("圆通", "中通"), "SECOND")])
def test_two_pages_that_name_two_carriers_are_believed_neither(two: Ledger, now: tuple[str, str], by: str) -> None:
    read_both(two, "圆通", "圆通")
    (wrong,) = read_both(two, *now)
    assert wrong.startswith(f"{by} tracking: The supplier's pages name more than one carrier for tracking number {ONE}")
    assert carriers(two) == [(1, "圆通速递", ONE, "", "")] and told(two) == []
