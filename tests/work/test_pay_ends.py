"""What became of a click at a cashier, of a code that a person scans, and of a person's word: every bad thing that can come of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from agent.config import Credit
from agent.models import DueRule, Fen
from agent.work.cancelled import SAID
from agent.work.owed_back import owed_back
from agent.work.recover import apply_answers, recover
from agent.work.watch import follow_refunds, watch
from tests.ledger.goods import ACCOUNT, LATER, SHOP
from tests.work.till import BOTH, ONE, PAYEE, TWO, A, Paying, given, paying

__all__ = ["given", "paying"]

# what became of a click


def test_the_money_taken_twice_is_held_and_never_paid_again(paying: Paying) -> None:
    paying.till.after = lambda _numbers: paying.till.take("balance", ONE, ONE, TWO)
    paying.pay()
    assert paying.states() == ["held", "confirmed"] and paying.booked() == BOTH[1:]
    assert paying.asked() == ["pay_held"]
    paying.next_run()
    assert paying.till.clicks == 1


def in_the_way(paying: Paying, kind: str, account: str) -> None:
    words = {"what": "no button", "todo": "", "reason": kind, "shop": SHOP, "order_number": A, "account": account, "at": LATER}
    paying.given.ledger.ask(kind, f"order:{SHOP}:{A}:pay_by_balance", **words)  # type: ignore[arg-type]


def test_what_was_in_the_way_of_a_payment_is_gone_once_it_is_proven(paying: Paying) -> None:
    in_the_way(paying, "PageChanged", ACCOUNT)
    paying.till.after = lambda _numbers: None
    paying.pay()
    assert "PageChanged" in paying.asked()
    paying.till.take("balance", ONE, TWO)
    paying.again()
    recover(paying.run)
    assert paying.booked() == BOTH and paying.asked() == []


def test_a_second_line_that_comes_late_is_told_until_the_money_is_back(paying: Paying) -> None:
    paying.pay()
    assert paying.asked() == []
    paying.till.lines.append((paying.clock.at, -4_800, ONE))
    paying.next_run()
    assert paying.asked() == ["paid_differs"] and "96.00" in paying.said() and "48.00" in paying.said()
    paying.till.lines.append((paying.clock.at, 4_800, ONE))
    paying.next_run()
    assert paying.asked() == [] and paying.till.clicks == 1


def test_a_payment_that_lands_later_is_found_and_not_made_again(paying: Paying) -> None:
    paying.till.after = lambda _numbers: None
    paying.pay()
    assert paying.states() == ["unknown"] * 2 and paying.asked() == ["pay_unknown"]
    for _run in range(3):
        paying.next_run()
    assert paying.till.clicks == 1 and paying.states() == ["unknown"] * 2
    paying.till.take("balance", ONE)
    paying.next_run()
    assert paying.states() == ["confirmed", "unknown"] and paying.booked() == BOTH[:1], "each is proven by itself, at once"
    paying.till.state[ONE] = "cancelled"  # what comes of it after it was paid is another matter
    paying.till.take("balance", TWO)
    paying.next_run()
    assert paying.booked() == BOTH and paying.asked() == [] and paying.till.clicks == 1


def test_killed_right_after_the_click_it_is_found_paid(paying: Paying) -> None:
    def dies(numbers: list[str]) -> None:
        paying.till.take("balance", *numbers)
        raise KeyboardInterrupt

    paying.till.after = dies
    with pytest.raises(KeyboardInterrupt):
        paying.pay()
    assert paying.states() == ["committing"] * 2
    paying.next_run()
    assert paying.booked() == BOTH and paying.till.clicks == 1


def test_killed_before_anything_was_taken_it_stays_unknown(paying: Paying) -> None:
    def dies(_numbers: list[str]) -> None:
        raise KeyboardInterrupt

    paying.till.after = dies
    with pytest.raises(KeyboardInterrupt):
        paying.pay()
    for _run in range(2):
        paying.next_run()
    assert paying.till.clicks == 1 and paying.states() == ["unknown"] * 2 and "pay_unknown" in paying.asked()


def test_refused_in_the_sites_words_twice_it_is_left_to_a_person(paying: Paying) -> None:
    paying.till.end, paying.till.after = "refused", lambda _numbers: None
    paying.pay()
    assert paying.states() == ["unknown"] * 2
    paying.next_run()
    assert paying.states() == ["refused"] * 2 and paying.till.clicks == 1
    assert "余额被冻结" in paying.said() and paying.asked() == ["pay_refused"]
    paying.next_run()
    assert paying.till.clicks == 1


def test_the_look_that_fails_leaves_it_unknown(paying: Paying) -> None:
    def gone(numbers: list[str]) -> None:
        paying.till.take("balance", *numbers)
        paying.till.fails = "read_order"

    paying.till.after = gone
    paying.pay()
    assert paying.states() == ["unknown"] * 2
    paying.till.fails = ""
    paying.next_run()
    assert paying.booked() == BOTH


# a code


def by_code(paying: Paying) -> None:
    paying.supplier.pay = ("qr",)


def test_a_code_is_laid_before_a_person_and_found_paid(paying: Paying) -> None:
    by_code(paying)
    paying.supplier.autonomy = "place"
    paying.pay()
    (item,) = paying.given.ledger.items()
    assert item.reason == "pay_by_code" and item.evidence and item.evidence.name == "1-code.png"
    assert all(words in item.what for words in ("96.00", PAYEE, ONE, TWO))
    paying.next_run()
    assert paying.till.codes == 1 and paying.asked() == ["pay_by_code"]
    paying.till.take("scan", ONE, TWO)
    paying.next_run()
    assert paying.booked() == [("qr", ONE, 4_800), ("qr", TWO, 4_800)] and paying.asked() == []
    assert not item.evidence.exists(), "nobody is to come upon it"


def test_a_code_whose_half_is_paid_stays_open_whatever_its_page_says(paying: Paying) -> None:
    by_code(paying)
    paying.pay()
    paying.till.take("scan", ONE)
    paying.till.payment_state = "expired"
    paying.next_run()
    assert paying.states() == ["confirmed", "unknown"] and paying.till.codes == 1


def test_a_code_that_expired_is_taken_back_and_a_new_one_made(paying: Paying) -> None:
    by_code(paying)
    paying.pay()
    paying.till.payment_state = "expired"
    for count in (2, 3, 4):
        paying.next_run()
        assert paying.till.codes == count and paying.asked() == ["pay_by_code"]
    assert paying.booked() == []


@pytest.mark.parametrize("state", ["waiting", "paid", "none"])
def test_only_the_cashiers_own_word_ends_a_code(paying: Paying, state: str) -> None:
    by_code(paying)
    paying.pay()
    paying.till.payment_state = state
    paying.clock.at += timedelta(days=1)
    paying.next_run()
    assert paying.till.codes == 1 and paying.states() == ["unknown"] * 2


def test_paid_at_the_last_moment_before_it_expired_it_is_found_paid(paying: Paying) -> None:
    by_code(paying)
    paying.pay()
    paying.till.payment_state = "expired"
    paying.till.take("scan", ONE, TWO)
    paying.next_run()
    assert len(paying.booked()) == 2 and paying.till.codes == 1


def test_while_a_buyer_does_not_want_it_any_more_nobody_is_asked_to_scan(paying: Paying) -> None:
    by_code(paying)
    paying.pay()
    order = paying.given.ledger.order(SHOP, A)
    assert order
    paying.given.ledger.db.execute("UPDATE orders SET state = 'cancelled' WHERE order_number = ?", [A])
    paying.again()
    recover(paying.run)
    (item,) = paying.given.ledger.items()
    assert item.reason == "pay_by_code" and item.evidence is None and A in item.what and "Do not pay" in item.what
    paying.given.ledger.db.execute("UPDATE orders SET state = 'to_ship' WHERE order_number = ?", [A])
    paying.again()
    recover(paying.run)
    (item,) = paying.given.ledger.items()
    assert item.evidence and "Scan" in item.what
    paying.till.take("scan", ONE, TWO)
    paying.again()
    recover(paying.run)
    assert paying.asked() == []


BAD_CODES = [{"payee": "某某商行"}, {"payee": None}, {"total": 9_601}, {"total": 9_599}, {"total": None}, {"code": None}]


@pytest.mark.parametrize("code", BAD_CODES, ids=str)
def test_a_code_that_is_not_as_meant_is_shown_to_nobody(paying: Paying, code: dict[str, Any]) -> None:
    by_code(paying)
    paying.till.code = code
    paying.pay()
    assert paying.states() == ["intended"] * 2 and paying.asked() == ["pay_differs"]
    assert sorted(path.name for path in paying.till.folder.glob("*.png")) in (["1-before.png"], ["1-before.png", "1-code.png"])
    assert (paying.till.folder / "1-code.png").exists() is (code == {"code": None})
    (wrong,) = code
    shown = {"payee": "某某商行", "total": "96.0"}  # both values are told
    assert ("payee:" in paying.said(), "total:" in paying.said()) == (wrong == "payee", wrong == "total")
    assert code[wrong] is None or shown[wrong] in paying.said()
    paying.till.code = {}
    paying.next_run()
    assert "pay_by_code" in paying.asked() and paying.till.codes == 2


def test_a_code_that_never_appears_is_told_and_tried_again(paying: Paying) -> None:
    by_code(paying)
    paying.till.end = "unclear"
    paying.pay()
    assert paying.states() == ["intended"] * 2 and paying.asked() == ["pay_differs"]


def test_killed_before_a_code_was_shown_nobody_can_have_paid(paying: Paying) -> None:
    by_code(paying)
    show = paying.given.ledger.code_shown
    paying.given.ledger.code_shown = lambda *_told: (_ for _ in ()).throw(KeyboardInterrupt)  # type: ignore[method-assign,assignment]
    with pytest.raises(KeyboardInterrupt):
        paying.pay()
    assert paying.states() == ["committing"] * 2 and paying.asked() == []
    paying.given.ledger.code_shown = show  # type: ignore[method-assign]
    paying.next_run()
    assert paying.till.codes == 2 and paying.asked() == ["pay_by_code"]


# a person


def test_a_person_says_paid_and_the_site_has_to_agree(paying: Paying) -> None:
    paying.only("pay_by_balance")
    paying.till.after = lambda _numbers: None
    paying.pay()
    paying.says("resolve paid")
    paying.next_run()
    assert paying.states() == ["unknown"] * 2 and "answer_differs" in paying.asked()
    paying.till.take("balance", ONE, TWO)
    paying.says("resolve paid")
    paying.again()
    apply_answers(paying.run)
    assert paying.booked() == BOTH


def test_not_paid_is_taken_on_a_word_only_and_never_against_the_site(paying: Paying) -> None:
    paying.till.after = lambda _numbers: None
    paying.pay()
    paying.says("resolve not-paid")
    paying.next_run()
    assert paying.states() == ["unknown"] * 2
    paying.till.after = None
    paying.says("resolve! not-paid")
    paying.next_run()
    assert paying.booked() == BOTH and paying.till.clicks == 2
    paying.says("resolve! not-paid")
    paying.next_run()
    assert paying.states() == ["confirmed"] * 2 and paying.till.clicks == 2


def test_a_word_to_cancel_takes_back_nothing_that_was_said_of_the_payment(paying: Paying) -> None:
    paying.till.after = lambda _numbers: None
    paying.pay()
    paying.till.after = None
    paying.says("resolve! not-paid")
    paying.says(SAID)
    paying.next_run()
    assert "unknown" not in paying.states() and paying.booked() == BOTH[1:], "the first waits to be cancelled, paid by nobody"


def test_cancelled_at_the_supplier_while_nobody_knows_it_is_held_and_its_money_followed(paying: Paying) -> None:
    paying.till.after = lambda _numbers: None
    paying.pay()
    paying.till.state |= {ONE: "cancelled", TWO: "cancelled"}
    purchase = paying.given.ledger.purchase("REF1")
    assert purchase
    watch(paying.run, purchase, [paying.till.play("read_order", {"purchase_order.supplier_order_number": ONE})])
    dead = paying.given.ledger.purchase("REF1")
    assert dead and (dead.state, dead.refund) == ("dead", "open")
    paying.again()
    recover(paying.run)
    follow_refunds(paying.run)
    assert paying.states() == ["held"] * 2 and "pay_held" in paying.asked() and "cancelled" in paying.said()
    assert "refund_due" in paying.asked() and len(owed_back(paying.given.ledger)) == 1
    paying.says("resolve paid")
    paying.says("resolve! not-paid")
    paying.again()
    apply_answers(paying.run)
    assert paying.states() == ["refused"] * 2 and "pay_held" not in paying.asked()
    assert "refund_due" not in paying.asked() and owed_back(paying.given.ledger) == []


def test_what_a_person_paid_elsewhere_is_booked_and_never_paid(paying: Paying) -> None:
    paying.till.state[ONE] = "placed"
    paying.pay()
    assert paying.booked() == [("outside", ONE, 4_800), ("balance", TWO, 4_800)] and paying.till.took == BOTH[1:]
    paying.next_run()
    assert paying.till.clicks == 1


def test_what_the_cashier_said_of_an_order_that_was_paid_in_the_app_just_then_is_asked_no_more(paying: Paying) -> None:
    in_the_way(paying, "SiteRefused", ACCOUNT)
    in_the_way(paying, "PageChanged", "the-shop")
    paying.till.state[ONE] = "placed"
    paying.pay()
    assert ("outside", ONE, 4_800) in paying.booked()
    assert paying.asked() == ["PageChanged"], "what another account is about stays"


def test_outside_clicks_nothing_and_books_what_it_sees(paying: Paying) -> None:
    paying.supplier.pay = ("outside", "balance")
    paying.pay()
    assert paying.till.clicks == 0
    purchase = paying.given.ledger.purchase("REF1")
    assert purchase
    paying.till.state[ONE] = "shipped"
    watch(paying.run, purchase, [paying.till.play("read_order", {"purchase_order.supplier_order_number": ONE})])
    assert paying.booked() == [("outside", ONE, 4_800)]


# credit, rungs


def on_credit(paying: Paying, limit: int = 100_000) -> None:
    rule = DueRule.of("30 days after order")
    assert rule
    paying.supplier.credit, paying.supplier.pay = Credit(limit=Fen(limit), due=rule), ("credit",)


def test_what_is_paid_on_credit_is_owed_once(paying: Paying) -> None:
    on_credit(paying)
    paying.pay()
    assert paying.booked() == [("credit", ONE, 4_800), ("credit", TWO, 4_800)]
    assert [owed.amount for owed in paying.given.ledger.payables("open")] == [4_800, 4_800]
    paying.next_run()
    assert paying.till.clicks == 1


def test_what_the_cashier_refused_and_does_not_bill_was_paid_elsewhere_and_is_not_owed(paying: Paying) -> None:
    on_credit(paying)
    paying.flows["read_bill"] = paying.flows["read_payment"]
    paying.till.end, paying.till.after = "refused", lambda numbers: paying.till.take("outside", *numbers)
    paying.till.bill = [TWO]
    paying.pay()
    assert paying.booked() == [("outside", ONE, 4_800), ("credit", TWO, 4_800)]
    assert [owed.reference for owed in paying.given.ledger.payables("open")] == ["REF2"]


@pytest.mark.parametrize("what", ["over the limit", "overdue"])
def test_credit_that_is_used_up_or_overdue_pays_nothing(paying: Paying, what: str) -> None:
    on_credit(paying, 9_599 if what == "over the limit" else 100_000)
    if what == "overdue":
        late = {"rule": "30 days after order", "ordered_at": LATER, "at": LATER}
        paying.given.ledger.book_payable("REF1", Fen(4_800), due=date(2026, 11, 1), **late)  # type: ignore[arg-type]
    paying.pay()
    assert paying.till.clicks == 0 and paying.asked() == ["credit_limit" if what == "over the limit" else "overdue"]


def test_owed_on_terms_it_is_not_paid_before_its_day(paying: Paying) -> None:
    late = {"rule": "30 days after order", "ordered_at": LATER, "at": LATER}
    paying.given.ledger.book_payable("REF1", Fen(4_800), due=date(2026, 12, 30), **late)  # type: ignore[arg-type]
    paying.pay()
    assert paying.till.took == BOTH[1:]


def test_a_payment_of_unknown_end_lowers_the_rung_and_a_code_does_not(paying: Paying) -> None:
    paying.till.state[TWO] = "placed"
    paying.till.after = lambda _numbers: None
    paying.pay()
    paying.again()
    assert paying.run.rung("yiwu").may == "place"


def test_a_waiting_code_lowers_nothing(paying: Paying) -> None:
    by_code(paying)
    paying.pay()
    paying.again()
    assert paying.run.rung("yiwu").may == "place_and_pay"
