"""The report of a run: what belongs to it and what does not, its sums, and that it tells nothing of a buyer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent.ledger import Ledger
from agent.models import Phone
from agent.work.private import masked
from agent.work.report import BY_HAND, Report, Total, gather
from tests.work.given import receiver
from tests.work.runs import BEGAN, RECEIVER, SHOP, Day

FIRST, SECOND, THIRD = "6920000000000000001", "6920000000000000002", "6920000000000000003"


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        made = Day(ledger)
        for number in (FIRST, SECOND, THIRD):
            made.order(number)
        yield made


def report(day: Day, number: int | None = None) -> Report:
    run = day.ledger.run(number)
    assert run is not None
    return gather(day.ledger, run, day.now)


def test_a_run_without_orders(day: Day) -> None:
    day.begin()
    day.end()
    told = report(day)
    assert (told.bought, told.shipped, told.waits, told.troubles, told.suppliers) == ((), (), (), (), ())
    assert told.run_total == told.day_total == told.not_certain == Total(0, 0, 0)  # type: ignore[arg-type]
    assert told.saved.minutes == 0
    assert (told.started_at, told.until, told.ended) == (BEGAN, BEGAN + timedelta(minutes=1), True)
    assert told.shops == (SHOP,)


def test_what_was_bought_is_told_with_its_parcel(day: Day) -> None:
    day.begin()
    day.bought(FIRST, "REF1", "900001", 3960)
    day.parcel(FIRST, "REF1", "YT8800000000001")
    day.end()
    (row,) = report(day).bought
    assert (row.order_number, row.supplier, row.supplier_order_number, row.amount) == (FIRST, "yiwu", "900001", 3960)
    assert [(parcel.carrier, parcel.tracking_number) for parcel in row.parcels] == [("圆通速递", "YT8800000000001")]
    assert row.goods == ("日式棉麻收纳筐 / 米白/L × 2",)
    assert row.origin == "sent"


def test_only_what_this_run_did_is_in_it_but_the_day_holds_both(day: Day) -> None:
    first = day.begin()
    day.bought(FIRST, "REF1", "900001", 3960)
    day.end()
    day.tick(60)
    day.begin()
    day.bought(SECOND, "REF2", "800001", 2400, supplier="hangzhou")
    day.parcel(FIRST, "REF1", "YT8800000000001")
    day.entered(FIRST, "REF1")
    day.end()
    told = report(day)
    assert [row.order_number for row in told.bought] == [SECOND]
    assert [(row.order_number, row.supplier, row.tracking_number) for row in told.shipped] == [
        (FIRST, "yiwu", "YT8800000000001")
    ]
    assert (told.run_total.money, told.day_total.money) == (2400, 6360)
    assert [(row.supplier, row.run.money, row.day.money) for row in told.suppliers] == [
        ("hangzhou", 2400, 2400),
        ("yiwu", 0, 3960),
    ]
    before = report(day, first)
    assert ([row.order_number for row in before.bought], before.shipped, before.day_total.money) == ([FIRST], (), 3960)


def test_yesterday_is_another_day(day: Day) -> None:
    day.begin()
    day.bought(FIRST, "REF1", "900001", 3960)
    day.end()
    day.tick(24 * 60)
    day.begin()
    day.bought(SECOND, "REF2", "900002", 2400)
    day.end()
    assert report(day).day_total == Total(1, 2400, 0)  # type: ignore[arg-type]


def test_an_unknown_outcome_is_never_among_the_bought(day: Day) -> None:
    day.begin()
    day.unknown(FIRST, "REF1", 3960)
    day.bought(SECOND, "REF2", "900002", 2400)
    day.end()
    told = report(day)
    assert [row.order_number for row in told.bought] == [SECOND]
    assert (told.run_total.money, told.not_certain.money, told.not_certain.purchases) == (2400, 3960, 1)


def test_an_amount_that_nobody_saw_is_counted_as_such(day: Day) -> None:
    day.begin()
    day.plan(FIRST, "REF1")
    day.ledger.resolved("REF1", ("900001",), None, None, day.tick(), on_my_word=True)
    day.bought(SECOND, "REF2", "900002", 2400)
    day.end()
    told = report(day)
    assert told.run_total == Total(2, 2400, 1)  # type: ignore[arg-type]
    assert [row.origin for row in told.bought] == ["told", "sent"]


def test_time_is_saved_only_by_what_the_program_itself_did(day: Day) -> None:
    day.begin()
    day.bought(FIRST, "REF1", "900001")
    day.found(SECOND, "REF2", "900002", 2400)
    for number, reference in ((FIRST, "REF1"), (SECOND, "REF2")):
        day.parcel(number, reference, f"YT88000000000{number[-1]}")
    day.entered(FIRST, "REF1")
    day.ledger.entered(SHOP, SECOND, 1, day.tick())  # a colleague was faster
    day.end()
    told = report(day)
    assert [row.origin for row in told.bought] == ["sent", "found"]
    assert [row.sent for row in told.shipped] == [True, False]
    assert (told.saved.purchases, told.saved.shipments) == (1, 1)
    assert told.saved.minutes == BY_HAND.a_purchase + BY_HAND.a_shipment == 5


def test_what_waits_is_sorted_by_its_ship_by_time(day: Day) -> None:
    day.order(SECOND, ship_by=timedelta(hours=2))
    day.order(THIRD, ship_by=None)
    day.begin()
    day.asked(FIRST, "one")
    day.asked(THIRD, "three")
    day.asked(SECOND, "two")
    day.ledger.ask("account", "account:mall-yiwu", what="a slider", todo="sign in", account="mall-yiwu", at=day.tick())
    day.end()
    told = report(day)
    assert [item.what for item in told.waits] == ["two", "one", "three", "a slider"]
    assert told.waits[0].ship_by == BEGAN + timedelta(hours=2)
    assert told.waits[0].goods == ("日式收纳筐 / 米白/L × 2",)
    assert told.waits[0].since == BEGAN + timedelta(minutes=3)


def test_a_past_run_keeps_what_waited_then_and_says_what_became_of_it(day: Day) -> None:
    run = day.begin()
    approved, gone = day.asked(FIRST, "one"), day.asked(SECOND, "two")
    day.asked(THIRD, "three")
    day.end()
    day.ledger.answer(approved, "approve", day.tick())
    day.begin()
    day.ledger.close_items_of(SHOP, SECOND, day.tick())
    day.asked(FIRST, "later")
    day.end()
    told = report(day, run)
    assert [(item.what, item.answer) for item in told.waits] == [("three", ""), ("one", "approve"), ("two", "gone")]
    assert [item.what for item in told.open] == ["three"]
    assert [item.what for item in report(day).waits] == ["three", "later"]
    assert gone not in {item.id for item in report(day).waits}


def test_what_the_next_run_tries_again_is_told_once(day: Day) -> None:
    day.begin()
    for number in ("", FIRST):
        day.told(number, "The page 900 did not come", account="mall-yiwu", detail="nothing was recorded on file")
    day.told(SECOND, "two is not three", detail="nothing was recorded on file")
    day.asked(SECOND, "two is not three")
    day.told("", "3 orders read", account="shop-main")
    day.end()
    assert [trouble.what for trouble in report(day).troubles] == ["The page 900 did not come"]


def test_a_run_that_was_broken_off_ends_where_the_next_began(day: Day) -> None:
    broken = day.begin()
    day.bought(FIRST, "REF1", "900001")
    day.tick(30)
    day.begin("login shop-main")
    next_at = day.now
    day.tick()
    day.begin()
    day.bought(SECOND, "REF2", "900002")
    told = report(day, broken)
    assert (told.ended, told.until, [row.order_number for row in told.bought]) == (False, next_at, [FIRST])
    assert report(day).until == day.now


def test_a_sign_in_is_no_run(day: Day) -> None:
    login = day.begin("login shop-main")
    assert day.ledger.run() is None
    run = day.begin()
    day.begin("login shop-main")
    assert report(day).run == run
    assert day.ledger.run(login) is None
    assert day.ledger.run(run + 100) is None


def test_a_trial_run_says_so(day: Day) -> None:
    day.begin("--home x run --once --dry-run")
    assert report(day).dry_run
    day.begin()
    assert not report(day).dry_run


def test_each_order_shows_its_newest_picture_once(day: Day) -> None:
    old, new, other = Path("old.jpg"), Path("new.jpg"), Path("other.jpg")
    day.begin()
    day.told(FIRST, picture=old)
    day.told(FIRST, picture=new)
    day.told(FIRST)
    day.bought(FIRST, "REF1", "900001")
    day.told(SECOND, picture=other)
    day.bought(SECOND, "REF2", "900002")
    day.asked(SECOND, "one", picture=other)
    day.asked(SECOND, "two", picture=other)
    day.ledger.ask("account", "a", what="a", todo="", account="a", evidence=old, at=day.tick())
    day.ledger.ask("account", "b", what="b", todo="", account="b", evidence=new, at=day.tick())
    day.end()
    told = report(day)
    assert [row.picture for row in told.bought] == [new, None]
    assert [item.picture for item in told.waits] == [other, None, old, new]


def test_nothing_private_is_in_its_texts(day: Day) -> None:
    words = "收件人张三丰，电话18400913965-7576，地址 浙江省 杭州市 临平区 南苑街道 秀水路8号2幢601室，备用 13912345678"
    day.begin()
    day.asked(FIRST, words, todo=words)
    day.told(SECOND, words, detail="x")
    day.plan(THIRD, "REF3", title=words)
    day.settle(day.click("submit", "REF3", THIRD, "REF3", 2400), "confirmed")
    day.ledger.placed("REF3", ("900003",), None, None, day.now)
    day.end()
    told = report(day)
    texts = repr((told.waits, told.troubles, told.bought))
    assert not [private for private in ("三丰", "18400913965", "7576", "秀水路", "601室", "13912345678") if private in texts]
    assert texts.count("收件人张**，电话184****3965，地址 浙江省 杭州市 临平区 南苑街道 ****，备用 139****5678") == 4


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("张 三 丰 184 0091 3965 转7576", "张** 184****3965 转7576"),
        ("8618400913965", "86184****3965"),
        ("秀水路8号2幢 601室", "****"),
        ("单号 YT8800000000001", "单号 YT8800000000001"),
        ("6920000000000000001", "6920000000000000001"),
    ],
)
def test_a_buyers_data_is_found_however_it_is_spaced(text: str, left: str) -> None:
    assert masked(text, RECEIVER) == left


def test_a_landline_and_a_name_of_one_letter() -> None:
    someone = receiver(name="李", phone=Phone("0571-88001234"), detail="8号")
    assert masked("李 0571 8800 1234 在8号", someone) == "李 057****1234 在****"
    assert masked("行李箱", someone) == "行李箱"


def test_what_goes_on_by_itself_is_told_apart_from_what_needs_a_person(day: Day) -> None:
    """Why an order waits is known for now only, so a report of an older run says nothing of it."""
    day.begin()
    for number, why in ((FIRST, "bought from 18:30 on"), (SECOND, "waits for your yes"), (THIRD, "bought from 19:00 on")):
        day.ledger.dispose(SHOP, number, "ours", "")
        day.ledger.wait(SHOP, number, why)
    day.asked(SECOND, "Waits for your yes")
    day.ledger.park(SHOP, THIRD, "something else")
    day.end()
    assert [(row.order_number, row.why) for row in report(day).goes_on] == [(FIRST, "bought from 18:30 on")]
    day.begin()
    assert report(day, 1).goes_on == ()
