"""Purchases that the supplier split or put together, the site's own debit, and a person who looks on at each payment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.browser.watching import SentByHand
from tests.ledger.goods import ACCOUNT, POST, SHOP
from tests.work.till import BOTH, ONE, PAYEE, TWO, A, B, Paying, clicked_in_vain, given, paying

__all__ = ["given", "paying"]

THREE = "90013"


def numbers(paying: Paying, reference: str, *numbers: str, merged: bool = False) -> None:
    """The purchase stands under these supplier order numbers."""
    db = paying.given.ledger.db
    db.execute("DELETE FROM purchase_numbers WHERE reference = ?", [reference])
    for number in numbers:
        db.execute("INSERT INTO purchase_numbers VALUES (?, ?, ?, ?)", [reference, ACCOUNT, number, int(merged)])


def paid_at(paying: Paying) -> list[bool]:
    return [purchase.paid_at is not None for purchase in paying.given.ledger.purchases()]


def split(paying: Paying, first: int, second: int) -> None:
    """The supplier made two orders of the first purchase."""
    numbers(paying, "REF1", ONE, THREE)
    paying.till.state |= {THREE: "unpaid", TWO: "placed"}
    paying.till.total |= {ONE: first, THREE: second}


def merge(paying: Paying, total: int) -> None:
    """The supplier put both purchases into one order."""
    for reference in ("REF1", "REF2"):
        numbers(paying, reference, ONE, merged=True)
    paying.till.total[ONE] = total


@pytest.mark.parametrize("method", ["balance", "auto_debit", "credit"])
def test_money_moves_once_whatever_the_way(paying: Paying, method: str) -> None:
    paying.supplier.pay = (method,)
    paying.pay()
    paying.next_run()
    assert paying.till.took == [(method, ONE, 4_800), (method, TWO, 4_800)] and paying.till.clicks == 1


def test_a_purchase_in_two_orders_is_paid_when_both_are(paying: Paying) -> None:
    split(paying, 3_000, 1_800)
    paying.flows["pay_by_balance"].steps = ()
    paying.pay()
    assert paying.till.took == [("balance", ONE, 3_000), ("balance", THREE, 1_800)]
    assert paid_at(paying)[0] and paying.asked() == []
    purchase = paying.given.ledger.purchase("REF1")
    assert purchase and purchase.total == 4_800


@pytest.mark.parametrize(("first", "second"), [(3_000, 1_801), (4_801, 1), (4_800, 4_800)])
def test_two_orders_that_ask_for_more_together_are_not_paid(paying: Paying, first: int, second: int) -> None:
    split(paying, first, second)
    paying.pay()
    assert paying.till.clicks == 0 and "pay_differs" in paying.asked()


def test_of_a_purchase_in_two_orders_one_of_which_does_not_prove_the_other_is_kept(paying: Paying) -> None:
    split(paying, 3_000, 1_800)
    paying.till.after = lambda _numbers: paying.till.take("balance", ONE)
    paying.pay()
    assert sorted(one[1] for one in paying.booked()) == [ONE, TWO] and not paid_at(paying)[0]
    assert paying.states()[0] == "unknown"


def test_two_purchases_in_one_order_are_paid_once(paying: Paying) -> None:
    merge(paying, 9_600)
    paying.pay()
    assert paying.till.took == [("balance", ONE, 9_600)] and paid_at(paying) == [True, True]
    assert [purchase.total for purchase in paying.given.ledger.purchases()] == [4_800, 4_800]
    paying.next_run()
    assert paying.till.clicks == 1


def test_one_order_of_two_that_asks_for_more_is_not_paid(paying: Paying) -> None:
    merge(paying, 9_601)
    paying.pay()
    assert paying.till.clicks == 0 and paying.asked() == ["pay_differs"]


def test_one_order_of_two_of_which_a_buyer_cancelled_is_not_paid(paying: Paying) -> None:
    merge(paying, 9_600)
    paying.given.shop.state[B] = "cancelled"
    paying.pay()
    assert paying.till.clicks == 0 and "changed" in paying.asked()


def test_one_order_of_two_of_which_a_person_took_one_over_is_not_paid(paying: Paying) -> None:
    merge(paying, 9_600)
    paying.given.ledger.dispose(SHOP, B, "not_ours", "a person rejected it")
    paying.pay()
    assert paying.till.clicks == 0 and paying.asked() == ["pay_differs"]


def test_what_is_asked_about_paying_goes_with_the_order(paying: Paying) -> None:
    paying.till.payee = "somebody else"
    paying.pay()
    assert paying.asked() == ["pay_differs"] * 2
    paying.till.state |= {ONE: "cancelled", TWO: "cancelled"}
    paying.next_run()
    assert "pay_differs" not in paying.asked()


# somebody looks on


class Looking:
    """A person at the screen: what they were shown, and what they say to it."""

    def __init__(self, paying: Paying, *says: bool) -> None:
        self.shown: list[Sequence[tuple[str, str, str]]] = []
        self.says = list(says)
        run = cast(Any, paying.run)
        run.options = SimpleNamespace(dry_run=False, attended=True, supplier="", order="")
        run.confirm = self
        cast(Any, paying.till).rehearse = self._rehearse(paying)

    def __call__(self, title: str, pairs: Sequence[tuple[str, str, str]]) -> bool:
        assert title == "Pay this?"
        self.shown.append(pairs)
        return self.says.pop(0)

    @staticmethod
    def _rehearse(paying: Paying) -> Any:
        def rehearse(_flow: str, values: Mapping[str, Any]) -> dict[str, str]:
            shown = {"payee": paying.till.payee, "total": "¥96.00"}
            for at, line in enumerate(values["lines"], 1):
                shown |= {f"payments.{at}.supplier_order_number": line["line.supplier_order_number"]}
                shown |= {f"payments.{at}.total": "¥48.00"}
            return shown

        return rehearse


def test_a_person_sees_what_is_meant_beside_what_the_cashier_shows(paying: Paying) -> None:
    looking = Looking(paying, True)
    paying.pay()
    assert paying.till.took == BOTH
    (pairs,) = looking.shown
    assert [pair[1:] for pair in pairs] == [(PAYEE, PAYEE), ("48.00", "¥48.00"), ("48.00", "¥48.00"), ("96.00", "¥96.00")]


def test_a_no_pays_nothing(paying: Paying) -> None:
    Looking(paying, False)
    paying.pay()
    assert paying.till.clicks == 0 and paying.states() == ["", ""] and paying.asked() == []


def test_what_changed_after_the_yes_is_asked_anew(paying: Paying) -> None:
    looking = Looking(paying, True, True)
    say = looking.__call__

    def cheaper(title: str, pairs: Sequence[tuple[str, str, str]]) -> bool:
        paying.till.total[ONE] = 4_000
        return say(title, pairs)

    cast(Any, paying.run).confirm = cheaper
    paying.pay()
    assert len(looking.shown) == 2 and looking.shown[1][1][1] == "40.00"
    assert paying.till.took == [("balance", ONE, 4_000), ("balance", TWO, 4_800)]


def test_one_that_was_cancelled_after_the_yes_is_not_paid(paying: Paying) -> None:
    looking = Looking(paying, True)
    say = looking.__call__

    def gone(title: str, pairs: Sequence[tuple[str, str, str]]) -> bool:
        paying.given.shop.state[A] = "cancelled"
        return say(title, pairs)

    cast(Any, paying.run).confirm = gone
    paying.pay()
    assert paying.till.clicks == 0


def test_a_code_that_somebody_may_have_seen_stays_open(paying: Paying) -> None:
    paying.supplier.pay = ("qr",)
    Looking(paying, True)
    paying.till.code = {"payee": "某某商行"}
    paying.pay()
    assert paying.states() == ["unknown"] * 2 and paying.asked() == ["pay_unknown"]


@pytest.mark.parametrize("before", [0, 2], ids=["never clicked", "clicked twice before, which is as often as may be"])
@pytest.mark.parametrize("lands", [True, False])
def test_what_somebody_sent_by_hand_while_they_were_asked_counts_as_a_click(paying: Paying, before: int, lands: bool) -> None:
    Looking(paying, True)
    clicked_in_vain(paying, before)

    def by_hand(_flow: str, _values: Mapping[str, Any]) -> dict[str, str]:
        if lands:
            paying.till.take("balance", ONE, TWO)
        raise SentByHand("POST /pay left", requests=(POST,))

    cast(Any, paying.till).rehearse = by_hand
    paying.pay()
    assert (paying.booked(), paying.till.clicks) == (BOTH if lands else [], 0)
    assert paying.states() == ["confirmed" if lands else "unknown"] * 2
