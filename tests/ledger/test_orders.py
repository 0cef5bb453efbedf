"""Orders as read, whose they are, and the one table with a buyer's data."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from agent.ledger import Ledger
from agent.models import Phone
from tests.ledger.goods import LATER, LINES, NOW, NUMBER, RECEIVER, SHOP, order, order_line


def test_an_order_comes_back_as_read(ledger: Ledger) -> None:
    kept = ledger.order(SHOP, NUMBER)
    assert kept is not None
    read = order()
    for word in ("ordered_at", "ship_by", "state", "flag", "remark", "buyer_message", "address_change", "lines"):
        assert getattr(kept, word) == getattr(read, word)
    assert (kept.disposition, kept.reason, kept.parked) == ("new", "", "")
    assert kept.ordered_at.utcoffset() == timedelta(hours=8)
    assert ledger.order("another", NUMBER) is None


def test_a_list_row_leaves_alone_what_only_the_page_shows(ledger: Ledger) -> None:
    row = order(
        ship_by=None,
        buyer_message="",
        address_change="none",
        flag="red",
        remark="已拍",
        state="cancelled",
        lines=(order_line(),),
    )
    ledger.save_order(order(address_change="asked"), NOW, detail=True)
    ledger.save_order(row, LATER, detail=False)
    kept = ledger.order(SHOP, NUMBER)
    assert kept is not None
    assert (kept.flag, kept.remark, kept.state) == ("red", "已拍", "cancelled")
    assert (kept.ship_by, kept.buyer_message, kept.address_change) == (order().ship_by, "请尽快", "asked")
    assert len(kept.lines) == 2


@pytest.mark.parametrize("detail", [False, True])
def test_a_source_that_only_one_of_the_pages_shows_stays(ledger: Ledger, detail: bool) -> None:
    for shown, kept in (("", ""), ("达人", "达人"), ("", "达人"), ("直播", "直播")):
        ledger.save_order(order(source=shown), NOW, detail=detail)
        ledger.save_order(order(), LATER, detail=not detail)
        known = ledger.order(SHOP, NUMBER)
        assert known is not None and known.source == kept


def test_the_page_of_an_order_is_believed_whole(ledger: Ledger) -> None:
    ledger.save_order(order(ship_by=None, lines=(order_line(LINES[1], quantity=3),)), LATER, detail=True)
    kept = ledger.order(SHOP, NUMBER)
    assert kept is not None
    assert kept.ship_by is None
    assert [(line.line_number, line.quantity) for line in kept.lines] == [(LINES[1], 3)]


def test_reading_again_keeps_what_people_decided(ledger: Ledger) -> None:
    ledger.dispose(SHOP, NUMBER, "ours", "paid after activation")
    ledger.park(SHOP, NUMBER, "price went up")
    ledger.save_order(order(), LATER, detail=True)
    (kept,) = ledger.orders("ours")
    assert (kept.disposition, kept.reason, kept.parked) == ("ours", "paid after activation", "price went up")
    ledger.release(SHOP, NUMBER)
    assert [o.parked for o in ledger.orders()] == [""]
    assert ledger.orders("not_ours") == ledger.orders("new") == []


def test_orders_come_oldest_first(ledger: Ledger) -> None:
    ledger.save_order(order(number="1", ordered_at=NOW), NOW, detail=True)
    ledger.save_order(order(number="2", ordered_at=NOW - timedelta(days=2)), NOW, detail=True)
    assert [o.order_number for o in ledger.orders()] == ["2", NUMBER, "1"]


def test_a_number_is_found_in_every_shop(ledger: Ledger) -> None:
    ledger.save_order(order("beta"), NOW, detail=False)
    assert [o.shop for o in ledger.find_order(NUMBER)] == ["beta", SHOP]
    assert ledger.find_order("1") == []


@pytest.mark.parametrize("change", ["dispose", "park", "release"])
def test_an_order_that_was_never_read_cannot_be_changed(ledger: Ledger, change: str) -> None:
    more = {"dispose": ("ours", "why"), "park": ("why",), "release": ()}[change]
    with pytest.raises(RuntimeError, match="no order"):
        getattr(ledger, change)("another", NUMBER, *more)


def test_a_shop_is_activated_once(ledger: Ledger) -> None:
    assert ledger.activate(SHOP, NOW) == NOW
    assert ledger.activate(SHOP, LATER) == NOW
    assert ledger.activate("beta", LATER) == LATER


def test_reveals_are_counted_by_the_day_in_shanghai_from_their_beginning(ledger: Ledger) -> None:
    late_in_shanghai = datetime(2026, 11, 22, 15, 59, tzinfo=UTC)
    next_day = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
    begun = [ledger.reveal_begun(SHOP, NUMBER, at) for at in (NOW, late_in_shanghai, next_day)]
    ledger.reveal_ended(begun[0], "PersonNeeded")
    assert ledger.reveals_on(SHOP, date(2026, 11, 22)) == 2
    assert ledger.reveals_on(SHOP, date(2026, 11, 23)) == 1
    assert ledger.reveals_on("beta", date(2026, 11, 22)) == 0


def test_a_receiver_comes_back_with_its_extension(ledger: Ledger) -> None:
    assert ledger.receiver(SHOP, NUMBER) is None
    ledger.save_receiver(SHOP, NUMBER, RECEIVER, NOW)
    ledger.save_receiver(SHOP, NUMBER, RECEIVER, LATER)
    assert ledger.receiver(SHOP, NUMBER) == RECEIVER
    kept = ledger.receiver(SHOP, NUMBER)
    assert kept is not None
    assert kept.phone == Phone("18400913965", "7576")


def test_forgetting_is_one_delete_and_leaves_no_trace_on_disk(ledger: Ledger, path: Path) -> None:
    ledger.save_receiver(SHOP, NUMBER, RECEIVER, NOW)
    on_disk = [file.read_bytes() for file in path.parent.glob("ledger.db*")]
    assert any(RECEIVER.detail.encode() in content for content in on_disk)
    assert ledger.forget(SHOP, NUMBER)
    assert not ledger.forget(SHOP, NUMBER)
    assert ledger.receiver(SHOP, NUMBER) is None
    assert ledger.order(SHOP, NUMBER)
    for file in path.parent.glob("ledger.db*"):
        assert RECEIVER.detail.encode() not in file.read_bytes()


def test_forgetting_one_buyer_leaves_the_others(ledger: Ledger) -> None:
    ledger.save_order(order(number="2"), NOW, detail=True)
    for number in (NUMBER, "2"):
        ledger.save_receiver(SHOP, number, RECEIVER, NOW)
    ledger.forget(SHOP, NUMBER)
    assert ledger.receiver(SHOP, "2") == RECEIVER
