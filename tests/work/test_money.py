"""The books: what each purchase earns and costs, what is unknown and stays so, and that every total is the sum of its rows to the 分."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.config import Fees, Shop
from agent.ledger import Ledger, ProvenPayment, PurchaseMoney, SoldLine
from agent.models import Fen
from agent.work.margin import fees_by
from agent.work.money import WORDS, Amount, by_day, by_order, by_supplier, chosen, entries_of, shared, together
from tests.ledger.goods import LATER
from tests.work.sold import NOW, SHOP, Sold, number


@pytest.fixture
def sold(tmp_path: Path) -> Iterator[Sold]:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        yield Sold(ledger)


def platform(_shop: str, _source: str) -> Callable[[Fen], Fen]:
    """0.6 % and 0.80 an order."""
    return lambda income: Fen(income * 6 // 1000 + 80)


def test_a_purchase_that_is_not_paid_yet(sold: Sold) -> None:
    name = sold.buy(1)
    told = {"income": 5_980, "goods": 3_360, "freight": 600, "cost": 3_960, "margin": 2_020, "owed": 3_960}
    assert sold.told(name) == told
    assert not sold.entry(name).sums.margin.estimated


def test_paid_by_a_proven_payment_or_as_the_suppliers_page_says(sold: Sold) -> None:
    proven, seen = sold.buy(1), sold.buy(2)
    sold.pay("900001", 3_960)
    sold.ledger.watched(seen, "placed", NOW)
    for name in (proven, seen):
        told = sold.told(name)
        assert (told["paid"], told.get("owed", 0)) == (3_960, 0)


def test_a_price_changed_after_a_chat_is_what_it_costs_once_the_page_shows_it_paid(sold: Sold) -> None:
    name = sold.buy(1)
    sold.pay("900001", 3_000)
    assert (sold.told(name)["cost"], sold.told(name)["paid"], sold.told(name)["owed"]) == (3_960, 3_000, 960)
    sold.ledger.watched(name, "placed", NOW)
    assert (sold.told(name)["cost"], sold.told(name)["paid"], sold.told(name).get("owed")) == (3_000, 3_000, None)


def test_what_is_unknown_is_never_nought(sold: Sold) -> None:
    cheap, dear = sold.buy(1, price=None), sold.buy(2, None, freight=None)
    assert sold.told(cheap)["income"] is None and sold.told(cheap)["margin"] is None
    assert sold.entry(cheap, platform).sums.fees.told is None, "what is kept of what is not known"
    assert sold.told(dear) == {"income": 5_980, **dict.fromkeys(("goods", "freight", "cost", "margin", "owed"))}
    sums = together(sold.entries())
    assert sums.income == Amount(5_980, known=1, unknown=1)
    assert (sums.margin.told, sums.margin.unknown) == (None, 2)


def test_freight_that_nobody_showed_leaves_the_cost_known(sold: Sold) -> None:
    told = sold.told(sold.buy(1, freight=None))
    assert (told["cost"], told["freight"], told["goods"], told["margin"]) == (3_960, None, None, 2_020)


@pytest.mark.parametrize(
    ("line", "order", "income", "estimated"),
    [
        ({}, {}, 5_980, False),
        ({"after_sales": "closed"}, {}, 5_980, False),
        ({"after_sales": "open"}, {}, 5_980, True),
        ({"after_sales": "refunded"}, {}, 0, False),
        ({"after_sales": "refunded"}, {"price": None}, 0, False),
        ({}, {"state": "cancelled"}, 0, False),
    ],
)
def test_the_buyer_pays_for_what_was_not_refunded(
    sold: Sold, line: dict[str, str], order: dict[str, object], income: int, estimated: bool
) -> None:
    sums = sold.entry(sold.buy(1, line=line, **order)).sums
    assert (sums.income.told, sums.margin.told, sums.margin.estimated) == (income, income - 3_960, estimated)


def test_fees_are_an_orders_and_make_the_margin_an_estimate(sold: Sold) -> None:
    name = sold.buy(1)
    sums = sold.entry(name, platform).sums
    assert (sums.fees.told, sums.margin.told, sums.margin.estimated) == (35 + 80, 2_020 - 115, True)
    assert sold.entry(name).sums.fees == Amount(0, known=1)


def test_each_order_bears_the_commission_of_its_own_source(sold: Sold) -> None:
    fees = Fees(service="0.6%", commission={"达人": "20%", "商品卡": "5%"}, fixed="0.50")  # type: ignore[arg-type]
    kept = fees_by({SHOP: Shop(account="shop-main", products="products.csv", fees=fees)})
    dear, cheap = sold.buy(1, source="达人"), sold.buy(2, source="商品卡")
    live, unseen, refunded = sold.buy(3, source="直播"), sold.buy(4), sold.buy(5, line={"after_sales": "refunded"})
    # of 59.80: 0.36, and 11.96 or 2.99, and 0.50
    assert [sold.told(name, kept)["fees"] for name in (dear, cheap)] == [36 + 1_196 + 50, 36 + 299 + 50]
    assert [sold.told(name, kept)["margin"] for name in (dear, cheap)] == [2_020 - 1_282, 2_020 - 385]
    for name in (live, unseen):
        told = sold.told(name, kept)
        assert (told["fees"], told["margin"], told["income"]) == (None, None, 5_980)
    assert sold.told(refunded, kept)["fees"] == 50, "a share of nothing is nothing"
    whole = together(sold.entries(kept))
    assert (whole.fees.fen, whole.fees.known, whole.fees.unknown) == (1_282 + 385 + 50, 3, 2)
    assert whole.margin.unknown == 2


def test_credit_is_owed_until_it_is_repaid(sold: Sold) -> None:
    name = sold.buy(1)
    sold.owe(name, 3_900)
    sold.pay("900001", 3_960, method="credit")
    told = sold.told(name)
    assert (told["cost"], told.get("paid"), told["owed"]) == (3_900, None, 3_900)
    sold.ledger.payables_paid([name], how="bank", who="lin", at=NOW)
    told = sold.told(name)
    assert (told["cost"], told["paid"], told.get("owed")) == (3_900, 3_900, None)


def test_what_came_back_of_an_order_that_goes_on_is_in_the_books(sold: Sold) -> None:
    name = sold.buy(1)
    sold.pay("900001", 3_960)
    sold.ledger.book_refund("mall-yiwu", "900001", name, Fen(500), "part", NOW)
    sold.ledger.book_refund("mall-yiwu", "900001", name, Fen(800), "part", NOW)
    sums = sold.entry(name).sums
    assert (sums.cost.told, sums.paid.told, sums.refunded.told) == (3_960, 3_960, 800)
    assert sums.margin.told == 2 * 2_990 - 3_960 + 800


@pytest.mark.parametrize("total", [3_960, 3_460])
def test_what_a_bill_is_less_by_did_not_come_back_too(sold: Sold, total: int) -> None:
    name = sold.buy(1)
    sold.owe(name, 3_960)
    sold.ledger.book_refund("mall-yiwu", "900001", name, Fen(500), "part", NOW)
    sold.ledger.payable_costs(name, Fen(total))
    sums = sold.entry(name).sums
    assert (sums.owed.told, sums.refunded.told, sums.margin.told) == (3_460, 0, 2 * 2_990 - 3_460)
    sold.ledger.payables_paid([name], how="bank", who="lin", at=NOW)
    sold.ledger.book_refund("mall-yiwu", "900001", name, Fen(700), "part", LATER)
    sums = sold.entry(name).sums
    assert (sums.paid.told, sums.refunded.told, sums.margin.told) == (3_460, 200, 2 * 2_990 - 3_260)


def test_an_estimated_payable_makes_the_margin_an_estimate(sold: Sold) -> None:
    name = sold.buy(1, None)
    sold.owe(name, 3_900, estimated=True)
    sums = sold.entry(name).sums
    assert (sums.cost.told, sums.margin.told, sums.margin.estimated, sums.owed.estimated) == (3_900, 2_080, True, True)


class TestCancelled:
    def test_unpaid_it_costs_nothing_and_the_next_one_sells_the_line(self, sold: Sold) -> None:
        first = sold.buy(1)
        sold.ledger.closed_by_supplier(first, NOW, paid=False)
        second = sold.buy(1, 4_000, counter=2, numbers=("800001",))
        assert sold.told(first) == {}
        assert (sold.told(second)["income"], sold.told(second)["margin"]) == (5_980, 1_980)

    def test_paid_it_costs_until_the_money_is_back(self, sold: Sold) -> None:
        name = sold.buy(1)
        sold.ledger.watched(name, "placed", NOW)
        sold.ledger.closed_by_supplier(name, NOW, paid=True)
        sums = sold.entry(name).sums
        assert (sums.margin.told, sums.margin.estimated, sums.owed.told) == (-3_960, True, 0)
        sold.ledger.refund_settled(name, "refunded", Fen(3_960))
        sums = sold.entry(name).sums
        assert (sums.margin.told, sums.refunded.told, sums.margin.estimated) == (0, 3_960, False)

    def test_a_refund_that_no_page_showed_is_unknown(self, sold: Sold) -> None:
        name = sold.buy(1)
        sold.ledger.closed_by_supplier(name, NOW, paid=True)
        sold.ledger.refund_settled(name, "refunded", None)
        assert sold.told(name)["refunded"] is None and sold.told(name)["margin"] is None

    def test_on_credit_nothing_was_paid_and_nothing_is_owed(self, sold: Sold) -> None:
        name = sold.buy(1)
        sold.owe(name, 3_960)
        sold.ledger.closed_by_supplier(name, NOW, paid=False)
        assert sold.told(name) == {}


class TestOnePaymentOfSeveralPurchases:
    def test_it_is_theirs_by_what_each_costs(self, sold: Sold) -> None:
        one = sold.buy(1, 1_000, freight=0, numbers=("77",))
        two = sold.buy(2, 2_000, freight=0, numbers=("77",), merges=True)
        sold.pay("77", 2_999)
        sold.ledger.watched(one, "placed", NOW)
        sold.ledger.watched(two, "placed", NOW)
        assert (sold.told(one)["paid"], sold.told(two)["paid"]) == (1_000, 1_999)

    def test_one_that_was_cancelled_before_has_no_part_in_it(self, sold: Sold) -> None:
        one = sold.buy(1, 1_000, freight=0, numbers=("77",))
        two = sold.buy(2, 2_000, freight=0, numbers=("77",), merges=True)
        sold.ledger.closed_by_supplier(one, NOW, paid=False)
        sold.pay("77", 2_000)
        assert (sold.told(one), sold.told(two)["paid"]) == ({}, 2_000)

    def test_one_purchase_in_two_orders_is_paid_when_both_are(self, sold: Sold) -> None:
        name = sold.buy(1, 3_000, freight=0, numbers=("77", "78"))
        sold.pay("77", 1_000)
        assert (sold.told(name)["paid"], sold.told(name)["owed"]) == (1_000, 2_000)
        sold.pay("78", 2_000)
        assert (sold.told(name)["paid"], sold.told(name).get("owed")) == (3_000, None)


def test_the_day_is_that_of_the_proof_in_shanghai(sold: Sold) -> None:
    late = NOW.replace(day=30, hour=23, minute=59)
    sold.buy(1, at=late)
    sold.buy(2, at=late + timedelta(minutes=1))
    assert [group.key for group in by_day(sold.entries())] == [date(2026, 11, 30), date(2026, 12, 1)]


def test_days_and_a_supplier_can_be_chosen_and_both_ends_count(sold: Sold) -> None:
    for n, supplier in enumerate(("yiwu", "mall", "yiwu"), 1):
        sold.buy(n, supplier=supplier, at=NOW + timedelta(days=n))
    entries = sold.entries()
    first, second, third = (entry.day for entry in entries)
    assert [e.day for e in chosen(entries, second, third)] == [second, third]
    assert [e.day for e in chosen(entries, None, first)] == [first]
    assert [e.day for e in chosen(entries, supplier="yiwu")] == [first, third]


def test_what_was_never_proven_is_not_in_the_books(sold: Sold) -> None:
    sold.order(1)
    assert sold.entries() == []


def test_groups_are_told_by_their_names(sold: Sold) -> None:
    sold.buy(1)
    sold.buy(2, supplier="mall")
    assert [group.key for group in by_supplier(sold.entries())] == ["mall", "yiwu"]
    assert [group.key for group in by_order(sold.entries())] == [(SHOP, number(1)), (SHOP, number(2))]


# ---- random books -------------------------------------------------------------------------------------------------------

FEN = st.integers(0, 50_000).map(Fen)
MAYBE = st.none() | FEN


@st.composite
def books(draw: st.DrawFn) -> list[PurchaseMoney]:
    """Purchases that share shop orders and supplier orders, some of them dead, paid, owed or with nothing known of them."""
    made = []
    for n in range(draw(st.integers(0, 12))):
        dead = draw(st.booleans())
        refund = draw(st.sampled_from(("none", "open", "refunded"))) if dead else "none"
        at = NOW + timedelta(hours=draw(st.integers(0, 90)))
        states = st.sampled_from((None, "none", "open", "refunded", "closed"))
        lines = [
            SoldLine(f"{n}-{k}", "cup", 2, draw(st.none() | st.integers(1, 9)), draw(MAYBE), draw(states))  # type: ignore[arg-type]
            for k in range(draw(st.integers(1, 3)))
        ]
        numbers = draw(st.lists(st.sampled_from(("77", "78", f"n{n}")), min_size=1, max_size=2, unique=True))
        made.append(
            PurchaseMoney(
                *(f"R{n}", SHOP, draw(st.sampled_from("ABC")), draw(st.sampled_from(("to_ship", "cancelled")))),
                *(draw(st.sampled_from(("yiwu", "mall"))), "account", tuple(numbers), "dead" if dead else "placed", ""),
                *(at, draw(MAYBE), draw(MAYBE), at if draw(st.booleans()) else None, at if dead else None),
                *(refund, draw(MAYBE) if refund == "refunded" else Fen(0), True, draw(st.booleans()), tuple(lines), None, ()),
            )
        )
    return paid(made, draw(st.lists(st.tuples(st.sampled_from(("77", "78", "n0", "n1")), FEN), max_size=5)))


def paid(purchases: list[PurchaseMoney], amounts: list[tuple[str, Fen]]) -> list[PurchaseMoney]:
    payments = [
        ProvenPayment("account", name, at, "balance", fen, NOW + timedelta(hours=at * 20))
        for at, (name, fen) in enumerate(amounts)
    ]
    return [replace(p, payments=tuple(y for y in payments if y.supplier_order_number in p.numbers)) for p in purchases]


@given(books())
def test_every_total_is_the_sum_of_its_rows(purchases: list[PurchaseMoney]) -> None:
    entries = entries_of(purchases, platform)
    whole = together(entries)
    for word in WORDS:
        each = [getattr(entry.sums, word) for entry in entries]
        told = [one.told for one in each if one.told is not None]
        assert getattr(whole, word).fen == sum(told)
        assert (getattr(whole, word).known, getattr(whole, word).unknown >= len(entries) - len(told)) == (len(told), True)
        for groups in (by_day(entries), by_supplier(entries), by_order(entries)):
            assert sum((getattr(group.sums, word) for group in groups), Amount()) == getattr(whole, word)
            assert sum(len(group.entries) for group in groups) == len(entries)


@given(books())
def test_the_parts_of_a_row_make_its_whole(purchases: list[PurchaseMoney]) -> None:
    for entry in entries_of(purchases, platform):
        sums = entry.sums
        if sums.margin.told is not None:
            assert sums.margin.fen == sums.income.fen - sums.cost.fen - sums.fees.fen + sums.refunded.fen
        if sums.goods.told is not None:
            assert sums.goods.fen + sums.freight.fen == sums.cost.fen
            assert min(sums.goods.fen, sums.freight.fen) >= 0
        assert sums.owed.fen >= 0
        open_ = entry.purchase.dead or entry.purchase.pay_open
        if entry.purchase.paid_at is None and sums.cost.told is not None and not open_:
            assert sums.paid.fen + sums.owed.fen >= sums.cost.fen


@given(books())
def test_every_payment_is_in_the_books_once(purchases: list[PurchaseMoney]) -> None:
    parts = [part for entry in entries_of(purchases) for part in entry.parts]
    payments = {payment for purchase in purchases for payment in purchase.payments}
    for payment in payments:
        assert sum(part.fen for part in parts if part.payment == payment) == payment.amount


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=9))
def test_shares_are_whole_and_none_is_off_by_more_than_one_fen(whole: int, weights: list[int]) -> None:
    parts = shared(whole, weights)
    assert sum(parts) == whole
    if sum(weights):
        assert all(
            abs(part * sum(weights) - whole * weight) < sum(weights) for part, weight in zip(parts, weights, strict=True)
        )


def test_a_time_of_another_zone_counts_as_the_day_in_shanghai() -> None:
    at = datetime.fromisoformat("2026-11-30T17:00:00+00:00")
    one = PurchaseMoney(
        "R",
        SHOP,
        "A",
        "to_ship",
        "yiwu",
        "account",
        ("7",),
        "placed",
        "",
        at,
        None,
        None,
        None,
        None,
        "none",
        Fen(0),
        True,
        False,
        (),
        None,
        (),
    )
    assert entries_of([one])[0].day == date(2026, 12, 1)
