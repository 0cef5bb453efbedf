"""What an order leaves: every part to the 分, the floor at its very number, and what is not known is never taken for enough."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.config import Fees, Shop
from agent.errors import LimitReached, Where
from agent.models import Fen, OrderLine, Percent
from agent.work.margin import Cost, Margin, fees_by, floor_of, income_of_lines, margin_in_words, margin_of, thin

FEES = Fees(service="0.6%", commission="5%", insurance="0.30", fixed="0.50")  # type: ignore[arg-type]
BY_SOURCE = Fees(service="0.6%", commission={"达人": "20%", "直播": "10%", "other": "5%"}, fixed="0.50")  # type: ignore[arg-type]
NAMED_ONLY = Fees(commission={"达人": "20%", "直播": "0%"})  # type: ignore[arg-type]
BOUGHT = [Cost(Fen(1980), Fen(300), known=True)]
LINE = OrderLine("1", "收纳筐", "米白/L", "SNK", 2, "none", "ordinary", "", Fen(1495))

amounts = st.integers(0, 10**8)
rates = st.builds(Percent, st.integers(0, 1_000_000))
fees = st.builds(Fees, service=rates, commission=rates, insurance=amounts, fixed=amounts)
costs = st.lists(
    st.builds(lambda goods, freight, known: Cost(Fen(goods + freight), Fen(freight), known), amounts, amounts, st.booleans())
)


def stops(margin: Margin, least: Fen | Percent | None) -> LimitReached | None:
    return thin(margin, least, Where())


def test_every_part_of_an_order() -> None:
    margin = margin_of(Fen(2990), BOUGHT, FEES)
    assert (margin.income, margin.goods, margin.freight) == (2990, 1680, 300)
    assert (margin.service, margin.commission, margin.insurance, margin.fixed) == (18, 150, 30, 50)  # 17.94 and 149.5 分
    assert (margin.fees, margin.margin, margin.estimated, margin.whole) == (248, 762, True, True)


def test_without_fees_a_filled_form_leaves_nothing_to_estimate() -> None:
    assert not margin_of(Fen(2990), BOUGHT, Fees()).estimated
    assert margin_of(Fen(2990), [*BOUGHT, Cost(Fen(890), None, known=False)], Fees()).estimated
    assert not margin_of(Fen(2990), [Cost(Fen(890), None, known=True)], Fees()).whole


@given(amounts, st.integers(0, 1_000_000))
def test_a_share_is_rounded_half_a_fen_up(amount: int, millionths: int) -> None:
    exact = Decimal(amount) * Decimal(millionths) / Decimal(1_000_000)
    assert Percent(millionths).of(Fen(amount)) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@given(amounts, costs, fees)
def test_nothing_is_lost_between_income_and_margin(income: int, bought: list[Cost], taken: Fees) -> None:
    margin = margin_of(Fen(income), bought, taken)
    assert margin.margin is not None and margin.fees is not None
    assert income == margin.goods + margin.freight + margin.fees + margin.margin
    assert margin.goods + margin.freight == sum(cost.total for cost in bought)
    assert margin.fees == (margin.service or 0) + (margin.commission or 0) + margin.insurance + margin.fixed


@given(amounts, costs, fees, st.one_of(amounts.map(Fen), rates))
def test_what_leaves_less_than_the_floor_stops_and_nothing_else(
    income: int, bought: list[Cost], taken: Fees, least: Fen | Percent
) -> None:
    margin = margin_of(Fen(income), bought, taken)
    assert margin.margin is not None
    assert (stops(margin, least) is not None) == (margin.margin < floor_of(least, Fen(income)))


@given(amounts, costs, fees, st.integers(1, 10**6))
def test_whatever_costs_more_leaves_less(income: int, bought: list[Cost], taken: Fees, more: int) -> None:
    before = margin_of(Fen(income), bought, taken).margin
    after = margin_of(Fen(income), [*bought, Cost(Fen(more), None, known=True)], taken).margin
    assert before is not None and after == before - more


@given(costs, fees, st.one_of(amounts.map(Fen), rates))
def test_an_income_that_is_not_shown_always_stops(bought: list[Cost], taken: Fees, least: Fen | Percent) -> None:
    margin = margin_of(None, bought, taken)
    assert margin.margin is None
    stopped = stops(margin, least)
    assert stopped is not None and "does not show what the buyer paid" in stopped.what
    assert stops(margin, None) is None


@pytest.mark.parametrize(("least", "stopped"), [(762, False), (763, True)])
def test_the_floor_is_reached_to_the_fen_and_the_words_hold_every_number(least: int, stopped: bool) -> None:
    error = stops(margin_of(Fen(2990), BOUGHT, FEES), Fen(least))
    assert (error is not None) == stopped
    if error:
        assert error.reason == "margin" and "agent approve ID" in error.todo
        for number in ("7.62", "7.63", "29.90", "16.80", "3.00", "2.48", "0.18", "1.50", "0.30", "0.50", "estimated"):
            assert number in error.what, number


def test_a_floor_that_is_a_share_is_told_as_both() -> None:
    error = stops(margin_of(Fen(2990), BOUGHT, FEES), Percent(300_000))
    assert error is not None and "at least 8.97 yuan" in error.what and "(30%)" in error.what
    assert stops(margin_of(Fen(2990), BOUGHT, FEES), Percent(254_800)) is None  # 7.6185 yuan are 7.62


def test_what_is_estimated_is_said_to_be() -> None:
    assert margin_in_words(margin_of(Fen(2990), BOUGHT, FEES)).startswith("expected margin 7.62")
    assert margin_in_words(margin_of(Fen(2990), BOUGHT, Fees())).startswith("margin 10.10")
    told = margin_in_words(margin_of(Fen(2990), [Cost(Fen(1680), None, known=False)], Fees()))
    assert "expected margin 13.10" in told and "goods about 16.80" in told and "as far as known" in told
    assert "margin not known" in margin_in_words(margin_of(None, BOUGHT, FEES))


def test_the_income_is_that_of_the_lines_that_are_bought() -> None:
    other = replace(LINE, line_number="2", price=Fen(990), quantity=1)
    assert income_of_lines([LINE, other], {"1"}) == 2990
    assert income_of_lines([LINE, other], {"1", "2"}) == 3980
    assert income_of_lines([LINE, replace(other, price=None)], {"1"}) == 2990
    assert income_of_lines([LINE, replace(other, price=None)], {"1", "2"}) is None
    assert income_of_lines([LINE], {"1", "3"}) is None, "a line that the shop shows no more"


@pytest.mark.parametrize("source", ["", "达人"])
def test_the_books_take_the_fees_of_each_shop(source: str) -> None:
    shop = Shop(account="shop-main", products="products.xlsx", fees=FEES)
    kept = fees_by({"main": shop})
    assert kept("main", source)(Fen(10_000)) == 60 + 500 + 30 + 50
    assert kept("gone", source)(Fen(10_000)) == 0, "a shop that config.yaml does not name any more"


# a commission that depends on where the order came from


@pytest.mark.parametrize(
    ("source", "commission", "left"), [("达人", 598, 344), ("直播", 299, 643), ("短视频", 150, 792), (" 达 人", 598, 344)]
)
def test_the_orders_own_source_decides_and_other_speaks_for_the_rest(source: str, commission: int, left: int) -> None:
    margin = margin_of(Fen(2990), BOUGHT, BY_SOURCE, source)
    assert (margin.commission, margin.margin, margin.rated) == (commission, left, True)
    assert fees_by({"main": Shop(account="a", products="p", fees=BY_SOURCE)})("main", source)(Fen(2990)) == 18 + commission + 50


@pytest.mark.parametrize(
    ("taken", "source", "says", "todo"),
    [
        (BY_SOURCE, "", "does not show where the order came from", "reads `source`"),
        (NAMED_ONLY, "", "does not show where the order came from", "reads `source`"),
        (NAMED_ONLY, "短视频", "no commission for orders from “短视频”", "Name “短视频” or `other`"),
    ],
)
def test_a_source_without_a_rate_leaves_a_margin_that_nobody_knows(taken: Fees, source: str, says: str, todo: str) -> None:
    margin = margin_of(Fen(2990), BOUGHT, taken, source)
    assert (margin.commission, margin.fees, margin.margin, margin.rated) == (None, None, None, False)
    for least in (Fen(0), Percent(0), Fen(1)):
        stopped = stops(margin, least)
        assert stopped is not None and says in stopped.what and "commission not known" in stopped.what
        assert stopped.todo.startswith(todo) or todo in stopped.todo
        assert "agent approve ID" in stopped.todo
    assert stops(margin, None) is None
    told = margin_in_words(margin)
    assert told.startswith("margin not known") and says in told
    assert fees_by({"main": Shop(account="a", products="p", fees=taken)})("main", source)(Fen(2990)) is None


def test_a_rate_of_nothing_is_known_and_so_is_the_share_of_nothing() -> None:
    assert margin_of(Fen(2990), BOUGHT, NAMED_ONLY, "直播").margin == 1_010
    assert margin_of(Fen(0), BOUGHT, NAMED_ONLY, "短视频").fees == 0


def test_an_income_and_a_source_that_are_not_shown_are_both_told() -> None:
    stopped = stops(margin_of(None, BOUGHT, NAMED_ONLY), Fen(1))
    assert stopped is not None
    assert "does not show what the buyer paid" in stopped.what and "does not show where the order came from" in stopped.what


@given(amounts, costs, fees, st.sampled_from(("", "达人", "短视频")))
def test_with_one_rate_the_source_changes_nothing(income: int, bought: list[Cost], taken: Fees, source: str) -> None:
    assert replace(margin_of(Fen(income), bought, taken, source), source="") == margin_of(Fen(income), bought, taken)


@given(amounts, costs, fees, rates)
def test_a_named_source_is_as_one_rate_for_all(income: int, bought: list[Cost], taken: Fees, rate: Percent) -> None:
    one = taken.model_copy(update={"commission": rate})
    several = Fees(**{**dict(taken), "commission": {"达人": rate, "other": taken.commission}})
    for source, plain in (("达人", one), ("直播", taken)):
        margin, meant = (margin_of(Fen(income), bought, each, source) for each in (several, plain))
        assert (margin.commission, margin.fees, margin.margin) == (meant.commission, meant.fees, meant.margin)
