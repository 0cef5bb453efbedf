"""The supplier closes or cancels: dead only before a parcel left, its money followed, its lines free by rule only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.errors import Mismatch
from agent.ledger import Ledger, StoredPurchase
from agent.models import Fen, Reading
from agent.work.closing import why_order_is_gone
from agent.work.day import to_be_bought
from agent.work.recover import apply_answers
from agent.work.run import Run
from agent.work.states import rows_of
from agent.work.watch import follow_refunds, money_told, watch
from tests.ledger.goods import LATER, LINES, NOW, NUMBER, REFERENCE, SHOP, clicked, order, parcel, purchase, settle

ROW = {"product": "H-778", "title": "保温杯", "specification": "白色/500毫升", "quantity": 4, "unit_price": 1200}


def shown(state: str, **more: object) -> Reading:
    values = {"supplier_order_number": "900100", "state": state, "lines": (ROW,), "shipments": (), **more}
    return Reading(values, {}, {})  # type: ignore[arg-type]


@dataclass
class Supplier:
    """What the supplier's page of the order shows next."""

    page: Reading = field(default_factory=lambda: shown("placed"))

    def play(self, _flow: str, _values: object) -> Reading:
        return self.page


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.db") as opened:
        opened.save_order(order(), NOW, detail=True)
        settle(opened, clicked(opened), "confirmed")
        opened.placed(REFERENCE, ("900100",), Fen(4800), Fen(0), LATER)
        yield opened


@pytest.fixture
def supplier() -> Supplier:
    return Supplier()


def made(ledger: Ledger, supplier: Supplier, *, money: str = "pay", again: str = "never", lacks: tuple[str, ...] = ()) -> Run:
    site = SimpleNamespace(money_moves_at=money, lacks=lacks, flows={})
    config = SimpleNamespace(site_of=lambda _account: site, suppliers={"yiwu": SimpleNamespace(buy_again=again)})
    told = SimpleNamespace(
        config=config, ledger=ledger, desk=lambda _account: supplier, proven={}, closed_accounts={}, id=None, stopped=set()
    )
    told.now = lambda: LATER
    told.visits, told.wants = lambda account: account not in told.closed_accounts, lambda _number: True
    told.tell = lambda what, **facts: ledger.tell(LATER, what)
    return cast(Run, told)


def kept(ledger: Ledger) -> StoredPurchase:
    return cast(StoredPurchase, ledger.purchase(REFERENCE))


def state_told(ledger: Ledger) -> str:
    return rows_of(ledger)[0].state


def reasons(ledger: Ledger) -> list[str]:
    return [item.reason for item in ledger.items()]


def test_paid_is_known_from_the_first_page_that_shows_more_than_unpaid(ledger: Ledger, supplier: Supplier) -> None:
    run = made(ledger, supplier)
    assert watch(run, kept(ledger), [shown("unpaid")])
    assert (kept(ledger).paid_at, state_told(ledger)) == (None, "ordered, waiting for payment")
    assert watch(run, kept(ledger), [shown("placed")])
    assert (kept(ledger).paid_at, state_told(ledger)) == (LATER, "paid, waiting for the supplier to ship")


def test_a_month_end_bill_is_no_payment(ledger: Ledger, supplier: Supplier) -> None:
    run = made(ledger, supplier, money="month_end")
    assert watch(run, kept(ledger), [shown("placed")])
    assert (kept(ledger).paid_at, state_told(ledger)) == (None, "bought, waiting for the supplier to ship")
    assert not watch(run, kept(ledger), [shown("cancelled")])
    assert (kept(ledger).state, kept(ledger).refund) == ("dead", "none")


@pytest.mark.parametrize(
    ("again", "paid", "free"),
    [
        ("never", False, False),
        ("never", True, False),
        ("closed_unpaid", False, True),
        ("closed_unpaid", True, False),
        ("always", False, True),
        ("always", True, True),
    ],
)
def test_what_was_closed_is_bought_again_by_rule_only(
    ledger: Ledger, supplier: Supplier, again: str, paid: bool, free: bool
) -> None:
    run = made(ledger, supplier, again=again)
    watch(run, kept(ledger), [shown("placed" if paid else "unpaid")])
    assert not watch(run, kept(ledger), [shown("cancelled")])
    assert (kept(ledger).state, kept(ledger).refund) == ("dead", "open" if paid else "none")
    known = ledger.order(SHOP, NUMBER)
    assert known is not None
    assert (bool(known.parked), reasons(ledger)) == ((False, []) if free else (True, ["cancelled"]))
    ledger.plan([purchase(2, reference="SECOND")], LATER)


def test_what_was_cancelled_rests_whatever_else_of_its_order_is_settled(ledger: Ledger, supplier: Supplier) -> None:
    run = made(ledger, supplier)
    watch(run, kept(ledger), [shown("placed")])
    watch(run, kept(ledger), [shown("cancelled")])
    ledger.dispose(SHOP, NUMBER, "ours", "")
    ledger.release(SHOP, NUMBER)  # as when another write of it was proven, or another question about it was answered
    ledger.close_items_of(SHOP, NUMBER, LATER)
    order = ledger.order(SHOP, NUMBER)
    assert order
    assert (to_be_bought(run, order), reasons(ledger)) == (False, ["cancelled"])
    ledger.answer(ledger.items()[0].id, "approve", LATER)
    apply_answers(run)
    order = ledger.order(SHOP, NUMBER)
    assert order and to_be_bought(run, order)


def test_a_page_that_shows_no_state_proves_no_payment(ledger: Ledger, supplier: Supplier) -> None:
    assert watch(made(ledger, supplier, lacks=("parcels",)), kept(ledger), [shown("placed", total=4800)])
    assert (kept(ledger).paid_at, ledger.payments()) == (None, [])


@pytest.mark.parametrize(
    ("money", "booked"), [({"paid": 4800}, [4800]), ({"refund": "open"}, []), ({"refunded": 4800, "refund": "refunded"}, [])]
)
def test_what_was_paid_by_hand_and_cancelled_since_is_to_come_back(
    ledger: Ledger, supplier: Supplier, money: dict[str, object], booked: list[int]
) -> None:
    run = made(ledger, supplier, again="closed_unpaid")
    watch(run, kept(ledger), [shown("unpaid")])
    assert not watch(run, kept(ledger), [shown("cancelled", **money)])
    assert (kept(ledger).refund, kept(ledger).state) == ("open", "dead")
    assert [payment.amount for payment in ledger.payments()] == booked
    assert reasons(ledger) == ["cancelled"], "it is not bought again as if it had cost nothing"


def test_where_ordering_pays_a_cancelled_order_was_paid(ledger: Ledger, supplier: Supplier) -> None:
    watch(made(ledger, supplier, money="submit"), kept(ledger), [shown("cancelled")])
    assert kept(ledger).refund == "open"


def test_a_cancel_after_a_parcel_left_is_a_persons(ledger: Ledger, supplier: Supplier) -> None:
    run = made(ledger, supplier)
    with pytest.raises(Mismatch, match="cancelled"):
        watch(run, kept(ledger), [shown("cancelled", shipments=({"carrier": "圆通", "tracking_number": "YT1"},))])
    ledger.save_shipment(parcel(), {}, LATER)
    with pytest.raises(Mismatch, match="cancelled"):
        watch(run, kept(ledger), [shown("cancelled")])
    assert kept(ledger).state == "placed"


def test_a_part_that_was_taken_out_is_a_persons(ledger: Ledger, supplier: Supplier) -> None:
    run = made(ledger, supplier)
    with pytest.raises(Mismatch, match="× 1"):
        watch(run, kept(ledger), [shown("placed", lines=({**ROW, "quantity": 3},))])
    with pytest.raises(Mismatch, match="cancelled"):
        watch(run, kept(ledger), [shown("placed", lines=({**ROW, "quantity": 2},)), shown("cancelled")])
    assert kept(ledger).state == "placed"


def cancelled_after_payment(ledger: Ledger, supplier: Supplier) -> Run:
    run = made(ledger, supplier, again="always")
    watch(run, kept(ledger), [shown("placed")])
    watch(run, kept(ledger), [shown("cancelled")])
    return run


def test_money_is_followed_until_the_page_shows_it_back(ledger: Ledger, supplier: Supplier) -> None:
    run = cancelled_after_payment(ledger, supplier)
    for page in (shown("cancelled"), shown("cancelled", refund="open", refunded=None)):
        supplier.page = page
        follow_refunds(run)
        assert (reasons(ledger), kept(ledger).refund) == (["refund_due"], "open")
        assert "48.00" in ledger.items()[0].what
    ledger.close_items_of(SHOP, NUMBER, LATER)
    assert reasons(ledger) == ["refund_due"], "another purchase that goes well does not bring the money"
    supplier.page = shown("cancelled", refund="refunded", refunded=4800)
    follow_refunds(run)
    assert (reasons(ledger), kept(ledger).refund, kept(ledger).refunded) == ([], "refunded", 4800)


def test_an_order_left_to_a_person_does_not_bring_the_money(ledger: Ledger, supplier: Supplier) -> None:
    cancelled_after_payment(ledger, supplier)
    ledger.dispose(SHOP, NUMBER, "not_ours", "a person rejected it")
    known = ledger.order(SHOP, NUMBER)
    assert known is not None
    assert why_order_is_gone("cancelled", known, ledger.purchases()) != ""
    assert why_order_is_gone("refund_due", known, ledger.purchases()) == ""


def test_less_than_was_paid_is_not_settled(ledger: Ledger, supplier: Supplier, monkeypatch: pytest.MonkeyPatch) -> None:
    run = cancelled_after_payment(ledger, supplier)
    supplier.page = shown("cancelled", refund="refunded", refunded=4000)
    told: list[Any] = []
    monkeypatch.setattr("agent.work.run._park", lambda _run, _order, error, _stays: told.append(error.what))
    follow_refunds(run)
    assert kept(ledger).refund == "open"
    assert "40.00" in told[0] and "48.00" in told[0]


@pytest.mark.parametrize(("answer", "settled"), [("approve", "refunded"), ("reject", "refused")])
def test_a_person_may_say_what_became_of_the_money(ledger: Ledger, supplier: Supplier, answer: str, settled: str) -> None:
    run = cancelled_after_payment(ledger, supplier)
    follow_refunds(run)
    ledger.answer(ledger.items()[0].id, answer, LATER)
    money_told(run, ledger.unapplied_answers()[0])
    assert (kept(ledger).refund, kept(ledger).refunded) == (settled, None)
    follow_refunds(run)
    assert reasons(ledger) == []


# two purchases in one order


@pytest.fixture
def two(ledger: Ledger) -> Ledger:
    """Another order, bought for the same receiver, stands in the same supplier order."""
    ledger.save_order(order(number="2"), NOW, detail=True)
    ledger.plan([replace(purchase(reference="SECOND", lines=LINES[:1]), order_number="2")], NOW)
    ledger.placed("SECOND", ("900100",), Fen(2400), Fen(0), LATER, merges=True)
    return ledger


def both(ledger: Ledger) -> list[StoredPurchase]:
    return ledger.purchases()


def test_of_an_order_of_two_purchases_all_their_goods_must_be_there(two: Ledger, supplier: Supplier) -> None:
    run = made(two, supplier)
    for each in both(two):
        assert watch(run, each, [shown("placed", lines=({**ROW, "quantity": 6},))])
        with pytest.raises(Mismatch, match="× 1"):
            watch(run, each, [shown("placed", lines=({**ROW, "quantity": 5},))])


def test_an_order_of_two_purchases_that_is_cancelled_buries_both(two: Ledger, supplier: Supplier) -> None:
    run = made(two, supplier)
    for each in both(two):
        assert not watch(run, each, [shown("cancelled")])
    assert [each.state for each in both(two)] == ["dead", "dead"]


def test_the_money_of_two_purchases_comes_back_together(
    two: Ledger, supplier: Supplier, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = made(two, supplier)
    for each in both(two):
        watch(run, each, [shown("placed", lines=({**ROW, "quantity": 6},))])
        watch(run, kept(two) if each.reference == REFERENCE else both(two)[1], [shown("cancelled")])
    told: list[Any] = []
    monkeypatch.setattr("agent.work.run._park", lambda _run, _order, error, _stays: told.append(error.what))
    supplier.page = shown("cancelled", refund="refunded", refunded=4800)
    follow_refunds(run)
    assert [each.refund for each in both(two)] == ["open", "open"]
    assert all("48.00" in what and "72.00" in what for what in told) and len(told) == 2
    supplier.page = shown("cancelled", refund="refunded", refunded=7200)
    follow_refunds(run)
    assert [(each.refund, each.refunded) for each in both(two)] == [("refunded", 4800), ("refunded", 2400)]
