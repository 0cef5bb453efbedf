"""Several orders with one payment: one item speaks for all of them that are not paid, and each of them shows that it waits for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from agent.cli.listings import items_json
from agent.errors import PageChanged, Where
from agent.ledger import InboxItem
from agent.models import Fen, Reading
from agent.work.groups import grouped
from agent.work.recover import apply_answers, recover
from agent.work.states import rows_of
from agent.work.watch import watch
from tests.ledger.goods import ACCOUNT, LATER, SHOP
from tests.work.test_pay_shapes import merge
from tests.work.till import ONE, TWO, A, B, Paying, given, paying

__all__ = ["given", "paying"]


def item(paying: Paying) -> InboxItem:
    (only,) = paying.given.ledger.items()
    return only


def orders(paying: Paying) -> list[str]:
    """The shop orders of the only item, as `agent inbox --json` tells them."""
    (told,) = items_json(grouped(paying.given.ledger))
    return list(told["orders"])


def needs(paying: Paying) -> dict[str, str]:
    """What each order waits for, as `agent orders` shows it."""
    return {row.order_number: row.needs for row in rows_of(paying.given.ledger)}


def twice(*numbers: str) -> Callable[[Paying], None]:
    """The supplier takes the money for these twice, and for the others once."""

    def take(paying: Paying) -> None:
        paying.till.after = lambda _numbers: paying.till.take("balance", *numbers, ONE, TWO)

    return take


@pytest.mark.parametrize(
    ("numbers", "waiting"), [((ONE, TWO), [A, B]), ((ONE,), [A]), ((TWO,), [B])], ids=["both", "the first", "the second"]
)
def test_a_held_payment_is_told_of_every_order_that_is_held_and_of_no_other(
    paying: Paying, numbers: tuple[str, ...], waiting: list[str]
) -> None:
    twice(*numbers)(paying)
    paying.pay()
    assert (item(paying).reason, item(paying).order_number, orders(paying)) == ("pay_held", waiting[0], waiting)
    assert all(number in item(paying).what for number in numbers)
    assert [number for number, words in needs(paying).items() if words == item(paying).what] == waiting
    assert f"resolve REF{waiting[0][-1]} --paid" in item(paying).todo
    for number in waiting:
        assert any(item(paying).what in event.what for event in paying.given.ledger.story(SHOP, number))
    paying.next_run()
    assert orders(paying) == waiting


def test_one_word_settles_a_held_payment_of_several(paying: Paying) -> None:
    twice(ONE, TWO)(paying)
    paying.pay()
    paying.says("resolve paid", B)
    paying.again()
    apply_answers(paying.run)
    assert paying.given.ledger.items() == [] and set(needs(paying).values()) == {""}


def test_what_is_proven_of_an_unknown_payment_waits_for_it_no_more(paying: Paying) -> None:
    paying.till.after = lambda _numbers: None
    paying.pay()
    assert (item(paying).reason, orders(paying)) == ("pay_unknown", [A, B]) and "96.00" in item(paying).what
    first = item(paying).id
    paying.next_run()
    assert item(paying).id == first
    paying.till.take("balance", ONE)
    paying.next_run()
    assert (orders(paying), item(paying).reference) == ([B], "REF2")
    assert ONE not in item(paying).what and "48.00" in item(paying).what and needs(paying)[A] == ""
    paying.till.take("balance", TWO)
    paying.next_run()
    assert paying.given.ledger.items() == []


def test_of_a_payment_that_is_proven_in_part_nobodys_word_says_that_it_was_not_made(paying: Paying) -> None:
    paying.till.after = lambda _numbers: paying.till.take("balance", ONE)
    paying.pay()
    paying.says("resolve! not-paid", B)
    paying.next_run()
    assert paying.states() == ["confirmed", "unknown"] and paying.till.clicks == 1
    assert "answer_differs" in paying.asked() and "fault" not in paying.asked() and "is proven, so it was made" in paying.said()


def test_of_a_refused_payment_each_order_waits_until_it_is_paid_by_hand(paying: Paying) -> None:
    paying.till.end, paying.till.after = "refused", lambda _numbers: None
    paying.pay()
    paying.next_run()
    assert (item(paying).reason, orders(paying)) == ("pay_refused", [A, B])
    assert ONE in item(paying).what and TWO in item(paying).what
    looked(paying, "REF1", ONE, "placed")
    assert (orders(paying), item(paying).reference, needs(paying)[A]) == ([B], "REF2", "")
    looked(paying, "REF2", TWO, "cancelled")
    assert "pay_refused" not in paying.asked()


def looked(paying: Paying, reference: str, number: str, state: str) -> None:
    """The supplier's page of an order shows this when it is looked at next."""
    purchase = paying.given.ledger.purchase(reference)
    assert purchase
    paying.till.state[number] = state
    watch(paying.run, purchase, [paying.till.play("read_order", {"purchase_order.supplier_order_number": number})])


def test_a_code_that_is_shown_to_nobody_is_told_of_every_order(paying: Paying) -> None:
    paying.supplier.pay, paying.till.code = ("qr",), {"payee": "某某商行"}
    paying.pay()
    assert (item(paying).reason, orders(paying)) == ("pay_differs", [A, B])
    paying.till.take("scan", ONE, TWO)
    looked(paying, "REF1", ONE, "placed")
    assert orders(paying) == [B]
    looked(paying, "REF2", TWO, "placed")
    assert paying.given.ledger.items() == []


def test_an_order_of_two_purchases_is_told_of_both(paying: Paying) -> None:
    merge(paying, 9_700)
    paying.pay()
    assert (item(paying).reason, orders(paying), paying.till.clicks) == ("pay_differs", [A, B], 0)
    assert list(needs(paying).values()) == [item(paying).what] * 2


def test_what_keeps_several_from_the_cashier_is_told_of_all_until_each_is_paid(paying: Paying) -> None:
    commits, paying.till.commit = paying.till.commit, changed  # type: ignore[method-assign]
    paying.pay()
    assert (item(paying).reason, orders(paying), paying.till.took) == ("PageChanged", [A, B], [])
    assert list(needs(paying).values()) == [item(paying).what] * 2
    looked(paying, "REF1", ONE, "placed")
    assert orders(paying) == [B]
    paying.till.commit = commits  # type: ignore[method-assign]
    paying.next_run()
    assert paying.till.took == [("balance", TWO, 4_800)] and paying.given.ledger.items() == []


def test_an_order_of_two_purchases_whose_page_is_another_is_told_of_both(paying: Paying) -> None:
    merge(paying, 9_600)
    paying.till.play = changed  # type: ignore[method-assign]
    paying.only("pay_by_balance")
    paying.pay()
    assert (item(paying).reason, orders(paying), paying.till.clicks) == ("PageChanged", [A, B], 0)


def changed(*_told: object) -> Any:
    raise PageChanged("no total", where=Where(account=ACCOUNT))


def test_one_that_is_cheaper_again_and_again_does_not_keep_the_other_from_being_paid(paying: Paying) -> None:
    read, looks = paying.till.play, []

    def cheaper(flow: str, values: Mapping[str, Any]) -> Reading:
        looks.append(values.get("purchase_order.supplier_order_number"))
        paying.till.total[ONE], paying.till.asks[ONE] = (4_800 if looks.count(ONE) < 2 else 4_700), 4_650
        return read(flow, values)

    paying.till.play = cheaper  # type: ignore[method-assign]
    paying.pay()
    assert (paying.till.took, item(paying).reason, orders(paying)) == ([("balance", TWO, 4_800)], "pay_differs", [A])


def test_what_goes_on_well_at_one_order_closes_nothing_that_others_wait_for(paying: Paying) -> None:
    paying.till.end, paying.till.after = "refused", lambda _numbers: None
    paying.pay()
    paying.next_run()
    paying.given.ledger.close_items_of(SHOP, A, LATER)
    assert orders(paying) == [A, B]


def test_what_was_not_paid_as_meant_is_told_until_it_is_settled(paying: Paying) -> None:
    twice(ONE)(paying)
    paying.pay()
    paying.given.ledger.close_items_of(SHOP, A, LATER)
    recover(paying.run)
    assert (item(paying).reason, orders(paying)) == ("pay_held", [A])


def test_the_money_of_several_orders_is_counted_once(paying: Paying) -> None:
    twice(ONE, TWO)(paying)
    paying.pay()
    paying.given.ledger.purchase_costs("REF2", Fen(1_000))
    (group,) = grouped(paying.given.ledger)
    assert group.whole.money == 5_800


def asks(paying: Paying, reason: str, reference: str, account: str = ACCOUNT) -> None:
    paying.given.ledger.ask(
        reason, f"order:{SHOP}:{A}:{reason}", what="another purchase of the same order", todo="", reason=reason,
        shop=SHOP, order_number=A, reference=reference, account=account, at=LATER,
    )  # fmt: skip


def test_what_is_asked_about_another_payment_of_the_order_stays_asked(paying: Paying) -> None:
    asks(paying, "pay_refused", "REF9")
    asks(paying, "pay_held", "", account="another account")
    paying.till.after = lambda _numbers: None
    paying.pay()
    assert sorted(paying.asked()) == ["pay_held", "pay_refused", "pay_unknown"]
    paying.says("resolve! not-paid")
    paying.again()
    apply_answers(paying.run)
    assert sorted(paying.asked()) == ["pay_held", "pay_refused"]


@pytest.mark.parametrize("parked", [True, False])
def test_what_keeps_the_rest_of_an_order_from_being_bought_outlasts_a_payment(paying: Paying, parked: bool) -> None:
    asks(paying, "SiteRefused", "")
    if parked:
        paying.given.ledger.park(SHOP, A, "another purchase of the same order")
    paying.pay()
    assert (paying.states(), paying.asked()) == (["confirmed"] * 2, ["SiteRefused"] if parked else [])
