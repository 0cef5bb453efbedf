"""Freight and margin right before the click: what is not worth it, or not known to be, is not sent; one yes lets one order pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.config import Fees
from agent.errors import LimitReached
from agent.ledger import InboxItem, Ledger
from agent.models import Fen, Percent, PurchaseOrder, Reading, Receiver
from agent.work import buy
from agent.work.closing import close_gone, let_the_day_go_on, price_is_right
from agent.work.compare import Meant
from agent.work.stops import committing
from agent.work.worth import expected_margin, is_another_limit, most_freight, not_worth
from tests.work.runs import BEGAN, FACTS, RECEIVER, SHOP, Day
from tests.work.stopping import MALL, Given

TOTAL, FREIGHT = 3_960, 600  # 2 × 16.80 and the freight


@pytest.fixture
def given(tmp_path: Path) -> Iterator[Given]:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        made = Given(Day(ledger))
        made.shop.fees = Fees(service=Percent(6_000), insurance=Fen(30))
        yield made


def planned(given: Given, price: int | None = 2_500, n: int = 1, to: Receiver = RECEIVER, source: str = "") -> PurchaseOrder:
    """Order n for so much a piece, its purchase planned."""
    number, reference = given.names(n)
    given.day.order(number, price=price, source=source)
    given.ledger.save_receiver(SHOP, number, to, BEGAN)
    given.ledger.dispose(SHOP, number, "ours", "")
    given.day.plan(number, reference)
    known = given.ledger.purchase(reference)
    assert known
    return known.purchase


def attempt(given: Given, total: int = TOTAL, freight: int | None = FREIGHT, n: int = 1) -> int:
    number, reference = given.names(n)
    write = given.ledger.intend(
        "submit", reference, shop=SHOP, order_number=number, reference=reference, account=MALL, at=given.clock.at
    )
    meant = {"total": total} if freight is None else {"total": total, "freight": freight}
    return given.ledger.begin_attempt([write], account=MALL, flow="submit_order", baseline=[], meant=meant, at=given.clock.at)


def refused(given: Given, attempt: int) -> LimitReached:
    with pytest.raises(LimitReached) as told:
        committing(given.run, attempt, FACTS)
    assert given.state(1) == "intended", "it was sent all the same"
    return told.value


def asked(given: Given, error: LimitReached) -> InboxItem:
    """What becomes of it: the order is parked, one question is open."""
    given.fails(1, error)
    (item,) = given.ledger.items()
    return item


# 50.00 − 39.60 − 0.30 − 0.30 = 9.80


@pytest.mark.parametrize(
    ("least", "sent"), [(Fen(980), True), (Fen(981), False), (Percent(196_000), True), (Percent(196_200), False)]
)
def test_the_margin_is_looked_at_once_more_before_the_click(given: Given, least: Fen | Percent, sent: bool) -> None:
    planned(given)
    given.shop.least_margin = least
    made = attempt(given)
    if sent:
        committing(given.run, made, FACTS)
        assert given.state(1) == "committing"
        return
    error = refused(given, made)
    assert error.reason == "margin"
    for number in ("9.80", "9.81", "50.00", "33.60", "6.00", "0.60"):
        assert number in error.what, (number, error.what)


def test_an_income_that_the_shop_does_not_show_is_asked_about(given: Given) -> None:
    planned(given, price=None)
    made = attempt(given)
    given.shop.least_margin = Fen(1)
    assert "does not show what the buyer paid" in refused(given, made).what
    given.shop.least_margin = None
    committing(given.run, made, FACTS)


# 20%: 50.00 − 39.60 − 0.30 − 10.00 − 0.30 = −0.20; 5%: 7.30

BY_SOURCE: dict[str, Any] = {"service": Percent(6_000), "insurance": Fen(30), "commission": {"达人": "20%", "直播": "5%"}}


@pytest.mark.parametrize(("source", "sent"), [("直播", True), ("达人", False)])
def test_the_commission_of_the_orders_own_source_counts_before_the_click(given: Given, source: str, sent: bool) -> None:
    planned(given, source=source)
    given.shop.fees, given.shop.least_margin = Fees(**BY_SOURCE), Fen(730)
    made = attempt(given)
    if sent:
        committing(given.run, made, FACTS)
        assert given.state(1) == "committing"
        return
    error = refused(given, made)
    assert "-0.20" in error.what.replace("−", "-") and "commission 10.00" in error.what, error.what


@pytest.mark.parametrize(
    ("source", "says"), [("短视频", "no commission for orders from “短视频”"), ("", "does not show where the order came from")]
)
def test_a_commission_that_nobody_knows_is_asked_about(given: Given, source: str, says: str) -> None:
    planned(given, source=source)
    given.shop.fees, given.shop.least_margin = Fees(**BY_SOURCE), Fen(0)
    made = attempt(given)
    error = refused(given, made)
    assert error.reason == "margin" and says in error.what
    given.ledger.answer(asked(given, error).id, "approve", BEGAN)
    committing(given.run, made, FACTS)
    assert given.state(1) == "committing", "one yes lets one order pass"


def test_without_a_least_margin_an_unknown_commission_is_only_shown(given: Given) -> None:
    purchase = planned(given)
    given.shop.fees = Fees(**BY_SOURCE)
    order = given.ledger.order(SHOP, purchase.order_number)
    assert order
    shown = expected_margin(given.ledger, given.run.config.shops[SHOP], order)
    assert shown and (shown.margin, shown.commission) == (None, None)
    committing(given.run, attempt(given), FACTS)
    assert given.state(1) == "committing"


@pytest.mark.parametrize(
    ("commission", "source", "another"),
    [
        ({"达人": "20%"}, "短视频", False),
        ({"达人": "20%", "短视频": "5%"}, "短视频", True),
        ({"达人": "20%", "other": "5%"}, "短视频", True),
        ("5%", "短视频", True),
        ({"达人": "20%"}, "图文", True),
    ],
)
def test_a_rate_that_was_named_since_lets_the_order_be_looked_at_anew(
    given: Given, commission: Any, source: str, another: bool
) -> None:
    planned(given, source="短视频")
    given.shop.fees, given.shop.least_margin = Fees(**BY_SOURCE), Fen(1)
    item = asked(given, refused(given, attempt(given)))
    given.shop.fees = Fees(**{**BY_SOURCE, "commission": commission})
    given.ledger.db.execute("UPDATE orders SET source = ?", [source])
    assert is_another_limit(given.run.config, given.ledger, item) == another
    let_the_day_go_on(given.run)
    assert parked(given) == (not another)


def test_a_yes_lets_this_order_pass_with_these_numbers_and_no_other(given: Given) -> None:
    planned(given)
    given.shop.least_margin = Fen(2_000)
    made = attempt(given)
    item = asked(given, refused(given, made))
    assert item.reason == "margin"
    given.ledger.answer(item.id, "approve", BEGAN)
    dearer = attempt(given, total=TOTAL + 1)
    assert "9.79" in refused(given, dearer).what, "another total is another question"
    committing(given.run, attempt(given), FACTS)
    assert given.state(1) == "committing"
    assert "let it pass" in " ".join(event.what for event in given.ledger.story(SHOP, given.names(1)[0]))
    planned(given, n=2)
    with pytest.raises(LimitReached):
        committing(given.run, attempt(given, n=2), FACTS)


def test_an_order_from_two_suppliers_is_judged_whole(given: Given) -> None:
    """The other part by the products table before it is bought, by its proof after."""
    first = planned(given)
    second = replace(first, reference="OTHER", counter=2, supplier="hangzhou", account="mall-hangzhou")
    lines = tuple(
        replace(line, line_number="extra", product=replace(line.product, supplier="hangzhou")) for line in first.lines
    )
    given.ledger.plan([replace(second, lines=lines)], BEGAN)
    order = given.ledger.order(SHOP, first.order_number)
    assert order
    given.ledger.db.execute("UPDATE order_lines SET price = 2500")
    given.ledger.db.execute(
        "INSERT INTO order_lines SELECT shop, order_number, 'extra', title, specification, merchant_code, quantity,"
        " after_sales, kind, product_id, 2000 FROM order_lines"
    )
    given.shop.least_margin = Fen(100_000)
    (error,) = not_worth(given.run, first, Fen(TOTAL), Fen(FREIGHT))
    # 90.00 − (39.60 + 33.60) − (0.54 + 0.30) = 15.96
    assert "15.96" in error.what and "about 67.20" in error.what and "as far as known" in error.what
    given.ledger.found_done(
        "submit", "OTHER", shop=SHOP, order_number=first.order_number, reference="OTHER", account="mall-hangzhou", at=BEGAN
    )
    given.ledger.placed("OTHER", ("88",), Fen(3_700), Fen(500), BEGAN)
    (error,) = not_worth(given.run, first, Fen(TOTAL), Fen(FREIGHT))
    assert "12.56" in error.what and "goods 65.60" in error.what and "freight 11.00 " in error.what


def test_a_filled_form_is_judged_before_anybody_is_asked_to_send_it(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    purchase = planned(given)
    reading = Reading({"total": Fen(TOTAL), "freight": Fen(FREIGHT)}, {}, {})
    desk = SimpleNamespace(play=lambda *_told: reading, picture=lambda _name: Path("filled.jpg"))
    given.run.desks[MALL] = cast(Any, desk)
    cast(Any, given.run.config).site_of = lambda _account: SimpleNamespace(clears=False)
    for name, instead in (("look_before", lambda *_told: None), ("differences", lambda *_told: ())):
        monkeypatch.setattr(buy, name, instead)
    meant = Meant(purchase, RECEIVER, Fen(9_000))
    assert buy.fill(given.run, given.run.supplier("yiwu"), meant).freight == FREIGHT
    given.shop.least_margin = Fen(2_000)
    with pytest.raises(LimitReached) as told:
        buy.fill(given.run, given.run.supplier("yiwu"), meant)
    assert (told.value.reason, told.value.where.evidence) == ("margin", Path("filled.jpg"))
    given.ledger.answer(asked(given, told.value).id, "approve", BEGAN)
    assert buy.fill(given.run, given.run.supplier("yiwu"), meant).total == TOTAL
    given.shop.least_margin, given.shop.fees = Fen(0), Fees(**BY_SOURCE)
    with pytest.raises(LimitReached, match="where the order came from"):
        buy.fill(given.run, given.run.supplier("yiwu"), meant)


# freight

XINJIANG = replace(RECEIVER, province="新疆维吾尔自治区", city="乌鲁木齐市")


@pytest.mark.parametrize(
    ("to", "freight", "sent"),
    [(RECEIVER, 800, True), (RECEIVER, 801, False), (XINJIANG, 2_500, True), (XINJIANG, 2_501, False)],
)
def test_the_freight_has_a_limit_and_some_regions_their_own(given: Given, to: Receiver, freight: int, sent: bool) -> None:
    planned(given, to=to)
    given.supplier.most_freight, given.supplier.freight_by_region = Fen(800), {"新疆": Fen(2_500), "西藏": Fen(3_000)}
    made = attempt(given, freight=freight)
    if sent:
        committing(given.run, made, FACTS)
        return
    error = refused(given, made)
    assert error.reason == "freight"
    assert f"{freight / 100:.2f}" in error.what and f"{(freight - 1) / 100:.2f}" in error.what and to.province in error.what
    given.ledger.answer(asked(given, error).id, "approve", BEGAN)
    committing(given.run, made, FACTS)


def test_a_freight_that_is_not_known_is_asked_about_where_it_has_a_limit(given: Given) -> None:
    planned(given)
    made = attempt(given, freight=None)
    given.supplier.most_freight = Fen(99_999)
    assert "not known" in refused(given, made).what
    given.supplier.most_freight = None
    committing(given.run, made, FACTS)


def test_without_a_limit_only_the_regions_have_one(given: Given) -> None:
    given.supplier.freight_by_region = {"新疆": Fen(1)}
    supplier = given.run.config.suppliers["yiwu"]
    assert (most_freight(supplier, "新疆维吾尔自治区"), most_freight(supplier, "浙江省"), most_freight(supplier, "")) == (
        1,
        None,
        None,
    )


# its cause is gone


def parked(given: Given) -> bool:
    known = given.ledger.order(SHOP, given.names(1)[0])
    return bool(known and known.parked)


def margin_asked(given: Given) -> InboxItem:
    planned(given)
    given.shop.least_margin = Fen(2_000)
    return asked(given, refused(given, attempt(given)))


@pytest.mark.parametrize(
    ("fees", "least", "another"),
    [
        (None, Fen(2_000), False),
        (None, Fen(900), True),
        (None, None, True),
        (Fees(), Fen(2_000), True),
    ],
)
def test_a_limit_that_was_changed_lets_the_order_be_looked_at_anew(
    given: Given, fees: Fees | None, least: Fen | None, another: bool
) -> None:
    item = margin_asked(given)
    given.shop.least_margin, given.shop.fees = least, fees or given.shop.fees
    let_the_day_go_on(given.run)
    close_gone(given.run)
    assert is_another_limit(given.run.config, given.ledger, item) == another
    assert (parked(given), given.asked() == []) == (not another, another)


def test_a_freight_limit_that_was_raised_lets_the_order_be_looked_at_anew(given: Given) -> None:
    planned(given)
    given.supplier.most_freight = Fen(599)
    item = asked(given, refused(given, attempt(given)))
    let_the_day_go_on(given.run)
    assert parked(given)
    given.supplier.most_freight = Fen(600)
    let_the_day_go_on(given.run)
    assert not parked(given) and given.asked() == []
    assert "limit was changed" in " ".join(event.what for event in given.ledger.story(SHOP, item.order_number))


def test_once_a_day_it_is_filled_anew_and_the_same_question_stays_the_same(given: Given) -> None:
    item = margin_asked(given)
    let_the_day_go_on(given.run)
    assert parked(given)
    given.clock.at += timedelta(days=1)
    let_the_day_go_on(given.run)
    assert not parked(given) and [each.id for each in given.ledger.items()] == [item.id]
    assert asked(given, refused(given, attempt(given))).id == item.id
    let_the_day_go_on(given.run)
    assert parked(given), "it was looked at today"


def test_another_price_the_next_day_is_one_question_with_the_numbers_of_today(given: Given) -> None:
    before = margin_asked(given)
    given.fails(1, refused(given, attempt(given, total=TOTAL + 100)))
    close_gone(given.run)
    (item,) = given.ledger.items()
    assert item.id != before.id and "8.80" in item.what


def test_a_price_that_fell_settles_the_question(given: Given) -> None:
    item = margin_asked(given)
    purchase = given.ledger.purchase(item.reference)
    assert purchase
    price_is_right(given.run, purchase.purchase)
    assert given.asked() == []
    assert "within your limits now" in " ".join(event.what for event in given.ledger.story(SHOP, item.order_number))


# what is shown


def test_what_an_order_leaves_is_known_from_its_plan_on(given: Given) -> None:
    purchase = planned(given)
    order = given.ledger.order(SHOP, purchase.order_number)
    assert order
    shop = given.run.config.shops[SHOP]
    plan = expected_margin(given.ledger, shop, order)
    assert plan and (plan.margin, plan.estimated, plan.whole) == (5_000 - 3_360 - 60, True, False)
    filled = expected_margin(given.ledger, shop, order, Fen(TOTAL), purchase.reference)
    assert filled and (filled.margin, filled.reckoned) == (980, False)
    committing(given.run, attempt(given), FACTS)
    sent = expected_margin(given.ledger, shop, order)
    assert sent and (sent.margin, sent.freight) == (980, FREIGHT)
