"""What kept orders from being paid is not asked any more once config.yaml says that the supplier is not paid so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from agent.errors import PersonNeeded
from agent.models import Fen
from agent.work import to_pay
from agent.work.closing import close_gone
from tests.ledger.goods import ACCOUNT, LATER, SHOP
from tests.work.till import BOTH, A, B, Paying, given, paying

__all__ = ["given", "paying"]


def too_low(paying: Paying) -> None:
    paying.till.balance = 0


def limited(paying: Paying) -> None:
    paying.supplier.most_per_day = Fen(0)


def unwatched(paying: Paying, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_facts: object) -> None:
        raise PersonNeeded("nobody has watched it")

    monkeypatch.setattr(to_pay, "may_write_unattended", refuses)


def removed(paying: Paying) -> None:
    paying.supplier.pay = ()


def by_hand(paying: Paying) -> None:
    paying.supplier.pay = ("outside", "balance")


def lower(paying: Paying) -> None:
    paying.supplier.autonomy = "place"


def no_flow(paying: Paying) -> None:
    paying.only("read_order")


def no_supplier(paying: Paying) -> None:
    del cast(Any, paying.run.config).suppliers["yiwu"]


def asked(paying: Paying, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if reason == "unwatched":
        unwatched(paying, monkeypatch)
    else:
        {"balance": too_low, "pay_limit": limited}[reason](paying)
    paying.pay()
    close_gone(paying.run)
    assert paying.asked() == [reason], "as long as it is paid so, it is asked"


@pytest.mark.parametrize("gone", [removed, by_hand, lower, no_flow, no_supplier])
@pytest.mark.parametrize("reason", ["balance", "pay_limit", "unwatched"])
def test_nothing_asks_for_it_any_more(
    paying: Paying, reason: str, gone: Callable[[Paying], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(paying, reason, monkeypatch)
    (item,) = paying.given.ledger.items()
    gone(paying)
    paying.again()
    close_gone(paying.run)
    known = paying.given.ledger.item(item.id)
    assert known and paying.asked() == [] and known.closed_at == paying.clock.at
    rows = paying.given.ledger.db.execute("SELECT what FROM events").fetchall()
    assert [what for (what,) in rows if "not asked any more" in what and item.what in what]
    assert paying.till.clicks == 0


def test_a_balance_is_not_asked_for_where_another_way_is_taken_and_the_limit_still_is(
    paying: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(paying, "balance", monkeypatch)
    paying.supplier.pay = ("qr", "balance")
    close_gone(paying.run)
    assert paying.asked() == []
    limited(paying)
    paying.pay()
    close_gone(paying.run)
    assert paying.asked() == ["pay_limit"]


@pytest.mark.parametrize(("ways", "left"), [(("balance",), ["pay_limit"]), ((), [])])
def test_what_stopped_one_order_at_the_click_goes_too(paying: Paying, ways: tuple[str, ...], left: list[str]) -> None:
    words = {"what": "over the limit", "todo": "", "reason": "pay_limit", "at": LATER}
    about = {"shop": SHOP, "order_number": A, "reference": "REF1"}
    paying.given.ledger.ask("LimitReached", f"order:{SHOP}:{A}:over the limit", **words, **about)  # type: ignore[arg-type]
    paying.supplier.pay = ways
    close_gone(paying.run)
    assert paying.asked() == left


def test_what_was_bought_at_a_supplier_that_is_there_no_more_is_asked_about_until_it_is_paid(paying: Paying) -> None:
    suppliers = cast(Any, paying.run.config).suppliers
    suppliers["yiwu2"] = suppliers.pop("yiwu")
    suppliers["yiwu2"].name = "yiwu2"
    paying.pay()
    to_pay.ask_for_strays(paying.run)
    (item,) = paying.given.ledger.items()
    assert (item.reason, item.account, paying.till.clicks) == ("ConfigError", ACCOUNT, 0)
    assert "2 unpaid orders were bought at yiwu" in item.what
    assert [number for _shop, number in paying.given.ledger.waiting_orders(item.id)] == [A, B]
    paying.given.ledger.purchase_paid("REF1", LATER)
    to_pay.ask_for_strays(paying.run)
    assert "1 unpaid orders" in paying.said()
    suppliers["yiwu"] = suppliers.pop("yiwu2")
    suppliers["yiwu"].name = "yiwu"
    paying.next_run()
    to_pay.ask_for_strays(paying.run)
    assert (paying.asked(), paying.till.took) == ([], BOTH[1:])


def test_what_may_have_been_paid_is_not_asked_to_be_paid_by_hand(paying: Paying) -> None:
    paying.till.after = lambda _numbers: None
    paying.pay()
    assert paying.states() == ["unknown"] * 2
    del cast(Any, paying.run.config).suppliers["yiwu"]
    to_pay.ask_for_strays(paying.run)
    assert paying.asked() == ["pay_unknown"]
