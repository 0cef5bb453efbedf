"""An order that is cancelled at the supplier while a code for it waits: nobody scanned it, or somebody did, or nobody knows."""

from __future__ import annotations

import pytest

from agent.models import Unreadable
from agent.work.owed_back import owed_back
from agent.work.reasons import REASONS
from agent.work.recover import apply_answers, recover
from agent.work.watch import follow_refunds, watch
from tests.work.till import ONE, TWO, Paying, given, paying

__all__ = ["given", "paying"]


@pytest.fixture(autouse=True)
def by_code(paying: Paying) -> None:
    paying.supplier.pay = ("qr",)


def closes(paying: Paying, *numbers: str, **shown: object) -> None:
    """The supplier cancels these, and their pages show this of their money from now on."""
    paying.till.state |= dict.fromkeys(numbers, "cancelled")
    play = paying.till.play

    def with_money(flow: str, values: dict[str, str]) -> object:
        reading = play(flow, values)
        if flow == "read_order" and values["purchase_order.supplier_order_number"] in numbers:
            reading.values.update(shown)  # type: ignore[attr-defined]
        return reading

    paying.till.play = with_money  # type: ignore[method-assign,assignment]


def watched(paying: Paying, *references: str) -> None:
    """The part of a run that looks at what was bought, and at the money of what is dead."""
    for reference in references:
        purchase = paying.given.ledger.purchase(reference)
        assert purchase
        for number in purchase.supplier_order_numbers:
            watch(paying.run, purchase, [paying.till.play("read_order", {"purchase_order.supplier_order_number": number})])
    follow_refunds(paying.run)


def refunds(paying: Paying) -> list[str]:
    return [purchase.refund for purchase in paying.given.ledger.purchases()]


@pytest.mark.parametrize("shown", [{}, {"paid": 0}, {"refund": "none"}, {"paid": 0, "refunded": 0, "refund": "none"}], ids=str)
def test_a_code_that_nobody_scanned_is_over_and_nothing_was_paid(paying: Paying, shown: dict[str, object]) -> None:
    paying.pay()
    closes(paying, ONE, TWO, **shown)
    paying.till.payment_state = "expired"
    paying.again()
    recover(paying.run)
    assert paying.states() == ["intended"] * 2 and paying.asked() == []
    watched(paying, "REF1", "REF2")
    assert refunds(paying) == ["none"] * 2 and owed_back(paying.given.ledger) == []
    assert not {"refund_due", "pay_held", "pay_by_code"} & {*paying.asked()}
    assert list(paying.till.folder.glob("*-code.png")) == []
    paying.next_run()
    assert paying.till.codes == 1


@pytest.mark.parametrize("state", ["waiting", "none"])
def test_until_its_own_page_calls_it_expired_nobody_knows_and_it_is_not_to_be_scanned(paying: Paying, state: str) -> None:
    paying.pay()
    closes(paying, ONE, TWO, paid=0)
    paying.till.payment_state = state
    for _run in range(2):
        paying.again()
        recover(paying.run)
        assert paying.states() == ["unknown"] * 2 and "pay_unknown" in paying.asked()
        assert f"{ONE}, meant 48.00 yuan" in paying.said() and "cancelled at the supplier" in paying.said()
        assert list(paying.till.folder.glob("*-code.png")) == []
    watched(paying, "REF1", "REF2")
    assert refunds(paying) == ["open"] * 2
    paying.till.payment_state = "expired"
    paying.again()
    recover(paying.run)
    assert paying.states() == ["intended"] * 2 and refunds(paying) == ["none"] * 2
    assert {*paying.asked()} == {"cancelled"} and owed_back(paying.given.ledger) == []


def test_where_no_page_says_so_a_persons_word_does(paying: Paying) -> None:
    del paying.flows["read_payment"]
    paying.pay()
    closes(paying, ONE, TWO)
    paying.again()
    recover(paying.run)
    watched(paying, "REF1", "REF2")
    assert paying.states() == ["unknown"] * 2 and refunds(paying) == ["open"] * 2
    paying.says("resolve! not-paid")
    paying.again()
    apply_answers(paying.run)
    assert paying.states() == ["intended"] * 2 and refunds(paying) == ["none"] * 2
    assert not {"pay_unknown", "pay_by_code", "refund_due"} & {*paying.asked()}


MONEY = [
    {"paid": 4_800},
    {"paid": 1},
    {"refund": "open"},
    {"refund": "refunded"},
    {"refund": "refused"},
    {"paid": 0, "refunded": 4_800},
    {"paid": Unreadable("已付?", "no amount")},
    {"refund": Unreadable("处理中", "no word")},
]


@pytest.mark.parametrize("over", ["waiting", "expired"])
@pytest.mark.parametrize("shown", MONEY, ids=str)
def test_one_that_was_scanned_is_held_and_its_money_followed(paying: Paying, shown: dict[str, object], over: str) -> None:
    paying.pay()
    closes(paying, ONE, TWO, **shown)
    paying.till.payment_state = over
    paying.again()
    recover(paying.run)
    assert paying.states() == ["held"] * 2 and paying.asked() == ["pay_held"]
    watched(paying, "REF1", "REF2")
    assert "none" not in refunds(paying)


@pytest.mark.parametrize("method", ["balance", "auto_debit", "credit"])
def test_after_a_click_that_takes_the_money_it_is_held_whatever_the_page_shows(paying: Paying, method: str) -> None:
    paying.supplier.pay = (method,)
    paying.till.after = lambda _numbers: None
    paying.pay()
    closes(paying, ONE, TWO, paid=0, refund="none")
    paying.till.payment_state = "expired"
    paying.again()
    recover(paying.run)
    assert paying.states() == ["held"] * 2 and "pay_held" in paying.asked()


def test_a_code_of_several_of_which_one_is_paid_may_have_paid_the_cancelled_one_too(paying: Paying) -> None:
    paying.pay()
    closes(paying, ONE, paid=0)
    paying.till.take("scan", TWO)
    paying.till.payment_state = "expired"
    paying.next_run()
    assert paying.states() == ["held", "confirmed"] and "pay_held" in paying.asked()


def test_of_a_code_of_several_one_of_which_is_cancelled_the_others_get_a_new_one(paying: Paying) -> None:
    paying.pay()
    closes(paying, ONE, paid=0)
    paying.till.payment_state = "expired"
    paying.next_run()
    assert paying.states() == ["intended", "unknown"] and paying.till.codes == 2
    (item,) = (item for item in paying.given.ledger.items() if item.reason == "pay_by_code")
    assert TWO in item.what and ONE not in item.what and "48.00" in item.what


def test_a_held_one_that_is_cancelled_names_the_word_that_settles_it(paying: Paying) -> None:
    paying.pay()
    closes(paying, ONE, TWO, paid=4_800)
    paying.again()
    recover(paying.run)
    (item,) = paying.given.ledger.items()
    assert "`agent resolve REF1 --not-paid --on-my-word`" in item.todo and "--paid`" not in item.todo
    assert "agent resolve REFERENCE --not-paid --on-my-word" in [answer.command for answer in REASONS["pay_held"].answers]
    paying.says("resolve paid")
    paying.again()
    apply_answers(paying.run)
    (refused,) = (item for item in paying.given.ledger.items() if item.reason == "answer_differs")
    assert "`agent resolve REF1 --not-paid --on-my-word`" in refused.todo
    paying.says("resolve! not-paid")
    paying.again()
    apply_answers(paying.run)
    assert paying.states() == ["refused"] * 2 and "pay_held" not in paying.asked()


def test_one_that_is_held_and_not_cancelled_is_settled_as_paid(paying: Paying) -> None:
    paying.supplier.pay = ("balance",)
    paying.till.after = lambda _numbers: paying.till.take("balance", ONE, ONE, TWO)
    paying.pay()
    assert "`agent resolve REF1 --paid` settles it" in paying.said() and "--not-paid" not in paying.said()


def test_a_code_of_what_is_cancelled_is_not_to_be_paid_with(paying: Paying) -> None:
    paying.supplier.pay = ("qr",)
    paying.pay()
    closes(paying, ONE, paid=0)
    watched(paying, "REF1")
    paying.again()
    recover(paying.run)
    (item,) = (item for item in paying.given.ledger.items() if item.reason == "pay_by_code")
    assert "Do not pay" in item.what and f"supplier order {ONE} is cancelled there" in item.what and item.evidence is None


def test_a_code_whose_order_is_seen_cancelled_just_now_is_not_asked_to_be_scanned(paying: Paying) -> None:
    paying.supplier.pay = ("qr",)
    paying.pay()
    closes(paying, ONE, paid=0)
    paying.again()
    recover(paying.run)
    (item,) = (item for item in paying.given.ledger.items() if item.reason == "pay_by_code")
    assert "Do not pay" in item.what and "picture is gone" in item.what and item.evidence is None


@pytest.mark.parametrize("paid_later", [False, True])
def test_what_lives_on_of_a_held_payment_is_paid_by_hand_or_booked(paying: Paying, paid_later: bool) -> None:
    paying.supplier.pay = ("balance",)
    paying.till.after = lambda _numbers: None
    paying.pay()
    closes(paying, ONE, paid=0)
    paying.again()
    recover(paying.run)
    assert paying.states() == ["held"] * 2
    if paid_later:
        paying.till.take("balance", TWO)
    paying.says("resolve! not-paid")
    paying.again()
    apply_answers(paying.run)
    asked = [item for item in paying.given.ledger.items() if item.reason in ("pay_refused", "pay_held", "answer_differs")]
    if paid_later:
        assert (paying.states(), asked) == (["refused", "confirmed"], [])
        assert paying.booked() == [("balance", TWO, 4_800)]
        return
    (item,) = asked
    assert (item.reason, item.reference) == ("pay_refused", "REF2") and TWO in item.what and ONE not in item.what
    paying.till.state[TWO] = "placed"
    watched(paying, "REF2")
    assert "pay_refused" not in paying.asked() and paying.booked() == [("outside", TWO, 4_800)]
