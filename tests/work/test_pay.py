"""What is paid at a cashier, and what keeps everything from being clicked there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.errors import SiteUnavailable
from agent.models import CommitFacts, CommitOutcome, Fen, Reading
from agent.work.run import close_account
from agent.work.watch import watch
from tests.ledger.goods import ACCOUNT, LATER, SHOP
from tests.work.till import BOTH, ONE, TWO, A, B, Paying, clicked_in_vain, given, paying

__all__ = ["given", "paying"]


def test_what_is_unpaid_is_paid_as_one_and_proven_singly(paying: Paying) -> None:
    paying.pay()
    assert (paying.till.took, paying.till.clicks, paying.booked()) == (BOTH, 1, BOTH)
    assert paying.states() == ["confirmed"] * 2 and paying.asked() == []
    assert all(purchase.paid_at for purchase in paying.given.ledger.purchases())
    assert {one.proof for one in paying.given.ledger.payments()} == {"order and statement"}
    paying.next_run()
    assert paying.till.clicks == 1


def test_a_cashier_that_takes_one_at_a_time_is_clicked_for_each(paying: Paying) -> None:
    paying.flows["pay_by_balance"].steps = ()
    paying.pay()
    assert (paying.till.took, paying.till.clicks) == (BOTH, 2)


@pytest.mark.parametrize("gone", ["read_statement", "read_balance"])
def test_a_site_without_statement_or_balance_is_paid_by_its_orders_alone(paying: Paying, gone: str) -> None:
    del paying.flows[gone]
    paying.pay()
    assert paying.booked() == BOTH


# not clicked


def bad(paying: Paying, what: str) -> None:
    """Something for which nothing may be clicked."""
    till, shop = paying.till, paying.given.shop
    match what:
        case "one fen dearer at the cashier":
            till.asks |= {ONE: 4_801, TWO: 4_801}
        case "one fen dearer by the order":
            till.total |= {ONE: 4_801, TWO: 4_801}
        case "cheaper at the cashier alone":
            till.asks |= {ONE: 4_700, TWO: 4_700}
        case "another payee":
            till.payee = "义乌小商品贸易"
        case "paid already by the statement":
            till.lines = [(LATER, -4_800, ONE), (LATER, -4_800, TWO)]
        case "the buyer cancelled":
            shop.state |= {A: "cancelled", B: "cancelled"}
        case "the shop gives no answer":
            cast(Any, shop).play = lambda _flow, _values: (_ for _ in ()).throw(SiteUnavailable("no answer"))
        case "the account is paused":
            paying.given.ledger.pause(ACCOUNT, "person", "", LATER)
        case "the day's limit":
            paying.supplier.most_per_day = Fen(4_799)
        case "no balance":
            till.balance = 4_799
        case "nothing proves what it costs":
            paying.given.ledger.db.execute("UPDATE purchases SET total = NULL")
        case "not proven":
            paying.given.ledger.db.execute("UPDATE writes SET state = 'unknown' WHERE kind = 'submit'")
        case "autonomy":
            paying.supplier.autonomy = "place"
        case "a trial":
            cast(Any, paying.run).options = SimpleNamespace(dry_run=True, attended=False, supplier="", order="")
        case "another supplier is asked for":
            cast(Any, paying.run).options = SimpleNamespace(dry_run=False, attended=False, supplier="other", order="")
        case "the site has no such flow":
            paying.only("read_balance")
        case "a person took the orders over":
            for number in (A, B):
                paying.given.ledger.dispose(SHOP, number, "not_ours", "a person rejected it")
        case "their shop is not in config.yaml any more":
            cast(Any, paying.run.config).shops = {}
        case "the shop's account is not visited":
            close_account(paying.run, "shop-main", SiteUnavailable("no answer"))
        case "a person said that they be cancelled":
            for number in (A, B):
                paying.says("cancel", number)
        case "being cancelled":
            ledger = paying.given.ledger
            for purchase in ledger.purchases():
                about = {"shop": SHOP, "order_number": purchase.order_number, "reference": purchase.reference}
                write = ledger.intend(
                    "cancel", f"{ACCOUNT} {purchase.supplier_order_number}", account=ACCOUNT, at=LATER, **about
                )
                attempt = ledger.begin_attempt([write], account=ACCOUNT, flow="cancel_order", baseline=(), meant={}, at=LATER)
                ledger.committing(attempt, CommitFacts("", "", {}), LATER)
        case "no pay in the config":
            paying.supplier.pay = ()


BADS = {
    "one fen dearer at the cashier": ["pay_differs", "pay_differs"],
    "one fen dearer by the order": ["pay_differs", "pay_differs"],
    "cheaper at the cashier alone": ["pay_differs", "pay_differs"],
    "another payee": ["pay_differs", "pay_differs"],
    "paid already by the statement": ["pay_differs", "pay_differs"],
    "the buyer cancelled": ["changed", "changed"],
    "the shop gives no answer": [],
    "the account is paused": [],
    "the day's limit": ["pay_limit"],
    "no balance": ["balance"],
    "nothing proves what it costs": ["pay_differs", "pay_differs"],
    "not proven": [],
    "a person took the orders over": [],
    "their shop is not in config.yaml any more": [],
    "the shop's account is not visited": [],
    "a person said that they be cancelled": [],
    "being cancelled": [],
    "autonomy": [],
    "a trial": [],
    "another supplier is asked for": [],
    "the site has no such flow": [],
    "no pay in the config": [],
}


def test_one_that_is_dearer_does_not_keep_the_other_from_being_paid(paying: Paying) -> None:
    paying.till.asks[ONE] = 4_801
    paying.pay()
    assert paying.till.took == BOTH[1:] and paying.asked() == ["pay_differs"]
    assert "48.01" in paying.said() and ONE in paying.said()


@pytest.mark.parametrize("what", BADS)
def test_nothing_is_clicked(paying: Paying, what: str) -> None:
    bad(paying, what)
    paying.pay()
    assert (paying.till.clicks, paying.till.took, paying.booked()) == (0, [], [])
    assert paying.asked() == BADS[what]


def takes(paying: Paying, slow: str, seconds: int, *, times: int = 1_000) -> list[str]:
    """The supplier's pages of this flow take so long, the first so many times; what was opened, in order."""
    read, opened = paying.till.play, []

    def play(flow: str, values: Mapping[str, Any]) -> Reading:
        opened.append(flow)
        late = flow == slow and opened.count(slow) <= times
        paying.clock.at += timedelta(seconds=seconds if late else 0)
        return read(flow, values)

    paying.till.play = play  # type: ignore[method-assign]
    return opened


def test_what_took_too_long_to_look_at_is_not_clicked(paying: Paying) -> None:
    takes(paying, "read_statement", 61)
    paying.pay()
    assert (paying.till.clicks, paying.asked()) == (0, ["stale"] * 2)


def test_what_took_too_long_together_is_tried_each_by_itself(paying: Paying) -> None:
    takes(paying, "read_statement", 61, times=1)
    paying.pay()
    assert (paying.till.took, paying.till.clicks, paying.asked()) == (BOTH, 2, [])


def test_no_more_are_looked_at_than_can_still_be_paid_in_time(paying: Paying) -> None:
    opened = takes(paying, "read_order", 25)
    paying.pay()
    assert (paying.till.took, paying.till.clicks, paying.asked()) == (BOTH, 2, [])
    assert opened[1:4] == ["read_order"] * 2 + ["read_statement"], "paid before another is looked at"


def test_what_came_too_late_is_tried_by_the_next_run_without_another_round_and_asked_about_until_it_is_paid(
    paying: Paying,
) -> None:
    paying.supplier.pay_at = ((LATER - timedelta(minutes=3)).timetz().replace(tzinfo=None),)
    takes(paying, "read_statement", 61, times=3)  # of both together, and of each
    paying.pay()
    assert (paying.till.clicks, paying.asked()) == (0, ["stale"] * 2)
    assert "the next run tries it again" in paying.said() and "`pause" in paying.said() and "table" not in paying.said()
    paying.next_run()
    assert (paying.till.took, paying.asked()) == (BOTH, [])


def test_what_came_too_late_is_asked_about_no_more_once_somebody_paid_it_there(paying: Paying) -> None:
    takes(paying, "read_statement", 61)
    paying.pay()
    paying.till.take("outside", ONE, TWO)
    paying.next_run()
    follow(paying)
    assert (paying.till.clicks, paying.asked()) == (0, [])


def follow(paying: Paying) -> None:
    """Look at the supplier's page of each purchase, as a run does that follows them."""
    for purchase in paying.given.ledger.purchases("placed"):
        number = purchase.supplier_order_number
        watch(paying.run, purchase, [paying.till.play("read_order", {"purchase_order.supplier_order_number": number})])


def test_what_was_clicked_too_often_does_not_keep_the_other_from_being_paid_and_closes_once_paid_by_hand(
    paying: Paying,
) -> None:
    clicked_in_vain(paying, 2)
    paying.pay()
    assert (paying.till.took, paying.asked()) == (BOTH[1:], ["pay_too_often"])
    assert "by hand" in paying.said()
    paying.till.take("outside", ONE)
    follow(paying)
    assert (paying.till.clicks, paying.asked()) == (1, [])


def test_after_the_look_at_the_cashiers_page_the_order_is_looked_at_anew(
    paying: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, looks = takes(paying, "", 0), []
    monkeypatch.setattr("agent.work.pay.look_before", lambda *_told: looks.append(len(opened)))
    paying.pay()
    assert paying.till.took == BOTH and opened[looks[0] : looks[0] + 2] == ["read_order"] * 2


@pytest.mark.parametrize("ended", ["paid by hand", "closed by the supplier"])
def test_the_cashier_of_an_order_that_is_paid_or_closed_meanwhile_is_not_looked_at(
    paying: Paying, monkeypatch: pytest.MonkeyPatch, ended: str
) -> None:
    """A cashier that is opened by the order's number is gone with it, and that is no reason to pause the account."""
    looks: list[str] = []
    monkeypatch.setattr(
        "agent.work.pay.look_before", lambda *told: looks.append(told[3]["purchase_order.supplier_order_number"])
    )
    if ended == "paid by hand":
        paying.till.take("outside", ONE)
    else:
        paying.till.state[ONE] = "cancelled"
    paying.pay()
    assert looks == [TWO] and [took for took in paying.till.took if took[0] == "balance"] == BOTH[1:]


def test_orders_and_statement_are_read_in_a_hurry_and_the_proof_is_not(paying: Paying) -> None:
    read, hurried = paying.till.play, []
    desk = cast(Any, paying.till)
    desk.hurried = False

    def play(flow: str, values: Mapping[str, Any]) -> Reading:
        hurried.append((flow, desk.hurried))
        return read(flow, values)

    desk.play = play
    paying.pay()
    looked = [one for one in hurried if one[0] != "read_balance"]
    before = looked.index(("read_statement", True)) + 1
    assert before > 2 and all(hurry for _flow, hurry in looked[:before])
    assert looked[before:] and not any(hurry for _flow, hurry in looked[before:])


def test_a_stop_made_while_it_is_looked_at_holds(paying: Paying) -> None:
    commit = paying.till.commit

    def stopped(flow: str, values: Mapping[str, Any], record: Callable[[CommitFacts], None]) -> CommitOutcome:
        paying.given.ledger.pause(ACCOUNT, "person", "", LATER)
        return commit(flow, values, record)

    paying.till.commit = stopped  # type: ignore[method-assign]
    paying.pay()
    assert paying.till.clicks == 0


def test_cheaper_by_order_and_cashier_is_paid_and_booked_as_that(paying: Paying) -> None:
    paying.till.total[ONE] = 4_500
    paying.pay()
    assert paying.booked() == [("balance", ONE, 4_500), ("balance", TWO, 4_800)]
    assert [purchase.total for purchase in paying.given.ledger.purchases()] == [4_500, 4_800]
    assert any("45.00" in event.what for event in paying.given.ledger.story(SHOP, A))


def test_a_price_changed_between_order_and_cashier_is_looked_at_once_more(paying: Paying) -> None:
    read, looks = paying.till.play, []

    def later(flow: str, values: Mapping[str, Any]) -> Reading:
        number = values.get("purchase_order.supplier_order_number")
        looks.append(number)
        if flow == "read_order" and number == ONE and looks.count(ONE) == 1:
            paying.till.total[ONE], shown = 4_800, read(flow, values)
            paying.till.total[ONE] = 4_500
            return shown
        return read(flow, values)

    paying.till.play = later  # type: ignore[method-assign]
    paying.pay()
    assert paying.till.took == [("balance", ONE, 4_500), ("balance", TWO, 4_800)] and paying.till.clicks == 1


@pytest.mark.parametrize(
    ("balance", "took", "short"), [(4_800, [BOTH[0]], "48.00"), (9_599, [BOTH[0]], "48.00"), (0, [], "96.00")]
)
def test_what_the_balance_has_room_for_is_paid(paying: Paying, balance: int, took: list[Any], short: str) -> None:
    paying.till.balance = balance
    paying.pay()
    assert paying.till.took == took and paying.asked() == ["balance"]
    missing = 9_600 - balance
    assert f"{missing // 100}.{missing % 100:02d}" in paying.said()
    paying.till.balance = 50_000
    paying.next_run()
    assert sorted(paying.till.took) == BOTH and paying.asked() == []


def test_the_days_limit_counts_what_went_out_and_goes_on_after_midnight(paying: Paying) -> None:
    paying.supplier.most_per_day = Fen(4_800)
    paying.pay()
    assert paying.till.took == BOTH[:1] and paying.asked() == ["pay_limit"]
    paying.next_run()
    assert paying.till.took == BOTH[:1]
    paying.clock.at += timedelta(days=1)
    paying.next_run()
    assert paying.till.took == BOTH and paying.asked() == []


def test_the_days_limit_over_all_suppliers_holds_too(paying: Paying) -> None:
    paying.given.run.config.limits.most_money_per_day = Fen(4_800)  # type: ignore[misc]
    paying.pay()
    assert paying.till.took == BOTH[:1] and paying.asked() == ["pay_limit"]


def test_the_days_limit_is_looked_at_once_more_at_the_click(paying: Paying) -> None:
    commit = paying.till.commit

    def lowered(flow: str, values: Mapping[str, Any], record: Callable[[CommitFacts], None]) -> CommitOutcome:
        paying.supplier.most_per_day = Fen(4_799)
        return commit(flow, values, record)

    paying.till.commit = lowered  # type: ignore[method-assign]
    paying.pay()
    assert paying.till.clicks == 0 and paying.asked() == ["pay_limit"]
