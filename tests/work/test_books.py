"""The books compared: a world in which all agrees tells nothing, and each single thing that is changed tells exactly itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.ledger import StoredOrder, StoredPurchase, StoredShipment
from agent.models import SHANGHAI, Fen, OrderLine, PurchaseLine, SupplierProduct
from agent.work.books import KIND, compare
from agent.work.reference import reference
from agent.work.world import Kept, Shown, World

NOW = datetime(2026, 11, 26, 18, 0, tzinfo=SHANGHAI)
SHOP, ACCOUNT = "xiaolin", "mall-yiwu"
FREIGHT = 600


@dataclass(frozen=True)
class Told:
    """What one order of the consistent world is."""

    lines: int = 1
    orders: int = 1  # of the supplier, where it split the purchase
    state: str = "done"  # of the purchase; "planned": not bought yet, "dead": closed by the supplier and paid back
    paid: bool = True
    overdue: bool = False


EACH = st.builds(
    Told,
    lines=st.integers(2, 3),
    orders=st.integers(1, 2),
    state=st.sampled_from(["placed", "shipped", "done", "planned", "dead"]),
    paid=st.booleans(),
    overdue=st.booleans(),
)


def number_of(at: int) -> str:
    return f"69{at:017d}"


def line(at: int, nth: int) -> PurchaseLine:
    product = SupplierProduct("yiwu", f"YW{nth}", f"product {nth}", "L", 1, Fen(1000 + nth), Fen(2000))
    return PurchaseLine(f"{number_of(at)}-{nth}", product, at + nth + 1)


def row(one: PurchaseLine) -> dict[str, Any]:
    told = one.product
    words = {"product": told.product, "title": told.title, "specification": told.specification}
    return {**words, "unit_price": int(told.cost), "quantity": one.quantity}


def kept_of(at: int, told: Told) -> Kept:
    lines = tuple(line(at, nth) for nth in range(told.lines))
    ours = tuple(OrderLine(each.line_number, each.product.title, "L", "", each.quantity, "none", "ordinary") for each in lines)
    due = NOW + timedelta(hours=-1 if told.overdue else 20)
    entered = told.state in ("done", "shipped")
    order = StoredOrder(
        *(SHOP, number_of(at), NOW - timedelta(days=2), due, "shipped" if entered else "to_ship"),
        *("ordinary", "grey", "", "", "none", "ours", "", "", "", ours),
    )
    name = reference(SHOP, order.order_number, 1)
    bought = told.state != "planned"
    numbers = tuple(f"2026{at:03d}{nth}" for nth in range(told.orders)) if bought else ()
    total = Fen(sum(each.product.cost * each.quantity for each in lines) + FREIGHT) if bought else None
    purchase = StoredPurchase(
        *(name, SHOP, order.order_number, 1, "yiwu", ACCOUNT, lines, told.state, numbers, total, None),  # type: ignore[arg-type]
        placed_at=NOW - timedelta(days=1) if bought else None,
        noted_at=None,
        on_my_word=False,
        write_state="confirmed" if bought else "",
        paid_at=NOW - timedelta(days=1) if bought and told.paid else None,
        refund="refunded" if told.state == "dead" and told.paid else "none",
    )
    parcels = (parcel(at, order, lines),) if entered else ()
    next_one = reference(SHOP, order.order_number, 2)
    there = frozenset(each.tracking_number for each in parcels)
    return Kept(order, (purchase,), parcels, (name, next_one), frozenset(), there, order.state)


def parcel(at: int, order: StoredOrder, lines: tuple[PurchaseLine, ...]) -> StoredShipment:
    inside = {each.line_number: each.quantity for each in lines}
    name = reference(SHOP, order.order_number, 1)
    return StoredShipment(SHOP, order.order_number, 1, name, "圆通速递", f"YT{at:013d}", "page", NOW, "", "", inside)


def shown_of(kept: Kept) -> dict[str, Shown]:
    """The supplier's orders of a purchase: the first has the first line, the last one the rest."""
    (purchase,) = kept.purchases
    made: dict[str, Shown] = {}
    state = {"dead": "cancelled", "placed": "placed"}.get(purchase.state, "shipped")
    for nth, number in enumerate(purchase.supplier_order_numbers):
        last = nth == len(purchase.supplier_order_numbers) - 1
        lines = purchase.lines[nth:] if last else purchase.lines[nth : nth + 1]
        total = sum(each.product.cost * each.quantity for each in lines) + (FREIGHT if nth == 0 else 0)
        rows, parcels = tuple(row(each) for each in lines), frozenset(each.tracking_number for each in kept.shipments)
        made[number] = Shown(ACCOUNT, number, purchase.reference, state, True, Fen(total), rows, parcels)  # type: ignore[arg-type]
    return made


def foreign(number: str = "2026999", **changed: Any) -> Shown:
    """An order that the seller made by hand for somebody."""
    return replace(Shown(ACCOUNT, number, "样品自用", "placed"), **changed)


def world_of(*told: Told) -> World:
    kept = tuple(kept_of(at, each) for at, each in enumerate(told))
    shown = {number: each for one in kept for number, each in shown_of(one).items()} | {"2026999": foreign()}
    return recorded(World(kept, (), {ACCOUNT: shown}))


def recorded(world: World) -> World:
    return replace(world, recorded=tuple(purchase for kept in world.kept for purchase in kept.recorded))


def asks(world: World) -> list[tuple[str, str]]:
    """(reason, shop order number) of each finding."""
    found = compare(world, NOW)
    assert len({finding.cause for finding in found}) == len(found), "one cause is told twice"
    assert all(finding.cause.startswith(f"{KIND}:") and finding.shop == SHOP for finding in found)
    return [(finding.error.reason, finding.error.where.order) for finding in found]


# ---- what can be changed


def with_kept(world: World, **changed: Any) -> World:
    return recorded(replace(world, kept=(replace(world.kept[0], **changed), *world.kept[1:])))


def with_purchase(world: World, **changed: Any) -> World:
    (purchase,) = world.kept[0].purchases
    return with_kept(world, purchases=(replace(purchase, **changed),))


def with_shown(world: World, *more: Shown, without: str = "") -> World:
    there = {**world.shown[ACCOUNT], **{each.number: each for each in more}}
    there.pop(without, None)
    return replace(world, shown={ACCOUNT: there})


def first(world: World) -> Shown:
    (purchase,) = world.kept[0].purchases
    return world.shown[ACCOUNT][purchase.supplier_order_numbers[0]]


def gone(world: World) -> World:
    number = first(world).number
    return replace(with_shown(world, without=number), absent=frozenset({(ACCOUNT, number)}))


def other_rows(shown: Shown) -> Shown:
    assert shown.rows
    return replace(shown, rows=({**shown.rows[0], "quantity": 99}, *shown.rows[1:]))


BOUGHT = Told(state="done")
CHANGES: Mapping[str, tuple[Told, Callable[[World], World], str]] = {
    "a second order with our reference": (
        BOUGHT,
        lambda world: with_shown(world, foreign("2026777", reference=world.kept[0].references[0])),
        "bought_twice",
    ),
    "a second order with the next reference": (
        BOUGHT,
        lambda world: with_shown(world, foreign("2026777", reference=world.kept[0].references[1])),
        "bought_twice",
    ),
    "a second order at another account": (
        BOUGHT,
        lambda world: replace(
            world,
            shown={**world.shown, "hz": {"1": foreign("1", account="hz", reference=world.kept[0].references[0])}},
        ),
        "bought_twice",
    ),
    "one made by hand that fits": (
        BOUGHT,
        lambda world: with_shown(world, foreign("2026777", reference="", fits=world.kept[0].references[0])),
        "bought_twice",
    ),
    "two for what was not bought": (
        Told(state="planned"),
        lambda world: with_shown(
            world, *(foreign(number, reference=world.kept[0].references[0]) for number in ("2026777", "2026778"))
        ),
        "bought_twice",
    ),
    "an order with our reference that is not recorded": (
        Told(state="planned"),
        lambda world: with_shown(world, foreign("2026777", reference=world.kept[0].references[0])),
        "not_recorded",
    ),
    "one made by hand for what is not bought": (
        Told(state="planned"),
        lambda world: with_shown(world, foreign("2026777", reference="", fits=world.kept[0].references[0])),
        "not_recorded",
    ),
    "no such order at the supplier": (BOUGHT, gone, "not_at_supplier"),
    "closed at the supplier": (
        BOUGHT,
        lambda world: with_shown(world, replace(first(world), state="cancelled")),
        "paid_differs",
    ),
    "paid once, not paid now": (BOUGHT, lambda world: with_shown(world, replace(first(world), state="unpaid")), "paid_differs"),
    "dead here, alive there": (
        Told(state="dead"),
        lambda world: with_shown(world, replace(first(world), state="shipped")),
        "paid_differs",
    ),
    "dead, paid, and nobody follows the money": (
        Told(state="dead"),
        lambda world: with_purchase(world, refund="none"),
        "paid_differs",
    ),
    "paid another amount": (BOUGHT, lambda world: with_shown(world, replace(first(world), total=Fen(9))), "paid_differs"),
    "another total": (
        Told(paid=False),
        lambda world: with_shown(world, replace(first(world), total=Fen(9))),
        "order_differs",
    ),
    "other goods": (Told(paid=False), lambda world: with_shown(world, other_rows(first(world))), "order_differs"),
    "a number that no supplier gave": (
        BOUGHT,
        lambda world: with_kept(world, in_shop=frozenset({*(world.kept[0].in_shop or ()), "SF1234567890123"})),
        "strange_number",
    ),
    "another number in the place of ours": (
        BOUGHT,
        lambda world: with_kept(world, in_shop=frozenset({"SF1234567890123"})),
        "strange_number",
    ),
    "entered, and not in the shop": (BOUGHT, lambda world: with_kept(world, in_shop=frozenset()), "number_missing"),
    "given, and not in the shop in time": (
        Told(state="placed", overdue=True),
        lambda world: with_shown(world, replace(first(world), state="shipped", parcels=frozenset({"YT1234567890123"}))),
        "number_missing",
    ),
}


@given(st.lists(EACH, max_size=4))
def test_where_both_sides_agree_nothing_is_told(told: list[Told]) -> None:
    assert asks(world_of(*told)) == []


@pytest.mark.parametrize("name", CHANGES)
@given(others=st.lists(EACH, max_size=3), lines=st.integers(2, 3), orders=st.integers(1, 2))
def test_each_single_change_tells_exactly_itself(name: str, others: list[Told], lines: int, orders: int) -> None:
    told, change, reason = CHANGES[name]
    before = world_of(replace(told, lines=lines, orders=orders), *others)
    assert asks(before) == []
    assert asks(change(before)) == [(reason, number_of(0))]


# ---- what is told already, and what is nobody's business


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("one made by hand that fits", "alike"),
        ("one made by hand for what is not bought", "alike"),
        ("an order with our reference that is not recorded", "held"),
        ("closed at the supplier", "cancelled_late"),
        ("other goods", "cancelled_late"),
        ("another total", "held"),
        ("a number that no supplier gave", "ship_unknown"),
        ("given, and not in the shop in time", "parcels"),
    ],
)
def test_what_a_person_is_asked_already_is_not_told_once_more(name: str, asked: str) -> None:
    told, change, reason = CHANGES[name]
    changed = change(world_of(told))
    assert [word for word, _number in asks(changed)] == [reason]
    assert asks(with_kept(changed, asked=frozenset({asked}))) == []


@pytest.mark.parametrize("state", ["committing", "unknown", "held"])
def test_a_purchase_whose_outcome_is_open_is_left_to_its_own_question(state: str) -> None:
    told, change, _reason = CHANGES["an order with our reference that is not recorded"]
    assert asks(with_purchase(change(world_of(told)), write_state=state)) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"reference": "PPX2HTAT1YCW"},  # of another program or another ledger
        {"reference": ""},
        {"state": "cancelled", "fits": reference(SHOP, number_of(0), 1), "reference": ""},
        {"state": None, "fits": reference(SHOP, number_of(0), 1), "reference": ""},
    ],
    ids=["another's reference", "none", "cancelled", "a state nobody can read"],
)
def test_an_order_that_is_none_of_ours_is_left_alone(changed: Mapping[str, Any]) -> None:
    assert asks(with_shown(world_of(BOUGHT), foreign("2026777", **changed))) == []


def test_what_was_not_looked_at_is_not_judged() -> None:
    world = world_of(BOUGHT)
    assert asks(with_shown(world, without=first(world).number)) == [], "only a list that proves it can find says none"
    assert asks(with_shown(world, replace(first(world), rows=None, total=None))) == []
    strange = with_kept(world, in_shop=frozenset({"SF1234567890123"}))
    assert asks(with_shown(strange, replace(first(strange), parcels=None))) == []
    assert asks(with_kept(world, in_shop=None)) == []


def test_what_a_person_took_on_his_word_is_not_compared() -> None:
    for name in ("no such order at the supplier", "paid another amount", "a number that no supplier gave"):
        told, change, _reason = CHANGES[name]
        assert asks(with_purchase(change(world_of(told)), on_my_word=True)) == [], name


def test_purchases_in_one_supplier_order_are_counted_together_and_told_once() -> None:
    world = world_of(Told(paid=False), Told(paid=False))
    (one,), (other,) = (kept.purchases for kept in world.kept)
    number = one.supplier_order_numbers
    both = [shown for kept in world.kept for shown in shown_of(kept).values()]
    rows = tuple(row for shown in both for row in shown.rows or ())
    total = Fen(sum(shown.total or 0 for shown in both))
    parcels = frozenset(number for shown in both for number in shown.parcels or ())
    together = replace(both[0], rows=rows, total=total, parcels=parcels)
    merged = with_shown(world, together, without=other.supplier_order_numbers[0])
    second = replace(merged.kept[1], purchases=(replace(other, supplier_order_numbers=number),))
    merged = recorded(replace(merged, kept=(merged.kept[0], second)))
    assert asks(merged) == []
    assert asks(with_shown(merged, replace(together, total=Fen(total + 1)))) == [("order_differs", number_of(0))]


@pytest.mark.parametrize(("state", "asked"), [("held", []), ("unknown", []), ("confirmed", [("order_differs", number_of(0))])])
def test_what_is_too_much_in_an_order_may_be_what_an_open_purchase_is_about(state: str, asked: list[tuple[str, str]]) -> None:
    """The supplier put it in there: the person is asked about that purchase already."""
    told = world_of(Told(paid=False), Told(paid=False, state="planned"))
    (first,), (second,) = (kept.purchases for kept in told.kept)
    (shown,) = shown_of(told.kept[0]).values()
    extra = tuple(row(each) for each in second.lines)
    total = Fen((shown.total or 0) + 900)
    grown = with_shown(told, replace(shown, rows=(*(shown.rows or ()), *extra), total=total))
    opened = replace(grown.kept[1], purchases=(replace(second, write_state=state),))  # type: ignore[arg-type]
    assert first.account == second.account
    assert asks(recorded(replace(grown, kept=(grown.kept[0], opened)))) == asked


def test_a_number_that_the_supplier_changed_may_stand_in_the_shop_either_way() -> None:
    world = world_of(BOUGHT)
    (kept,) = world.kept[0].shipments
    changed = with_kept(world, shipments=(replace(kept, new_carrier="圆通速递", new_number="YT9999999999999"),))
    for in_shop in (kept.tracking_number, "YT9999999999999"):
        assert asks(with_kept(changed, in_shop=frozenset({in_shop}))) == []


def test_a_number_that_is_not_overdue_is_nobodys_business_yet() -> None:
    told, change, _reason = CHANGES["given, and not in the shop in time"]
    assert asks(change(world_of(replace(told, overdue=False)))) == []


def test_a_bigger_difference_is_another_question() -> None:
    world = world_of(Told(paid=False))
    causes = {compare(with_shown(world, replace(first(world), total=Fen(total))), NOW)[0].cause for total in (9, 10)}
    assert len(causes) == 2
