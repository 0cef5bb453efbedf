"""Cancelled at the supplier once, never what was sent or holds more, and only what the shop still says is unwanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from agent.models import CommitFacts, Fen, Order
from agent.work.recover import recover
from agent.work.run import Options
from agent.work.unwanted import why_unwanted
from agent.work.watch import watch
from tests.ledger.goods import ACCOUNT, LATER, LINES, NOW, NUMBER, REFERENCE, SHOP, order, order_line, parcel, purchase
from tests.work.cancelling import GONE, ROW, Given, given, refunded

__all__ = ["given"]


def test_a_refund_after_buying_is_asked_about_and_nothing_is_clicked(given: Given) -> None:
    given.shows(GONE)
    given.go()
    (item,) = given.ledger.items()
    assert (item.reason, given.supplier.clicks, given.write()) == ("unwanted", 0, "")
    assert "48.00" in item.what and "900100" in item.what and REFERENCE in item.todo


def test_the_question_goes_when_the_buyer_wants_it_again_or_the_seller_lets_it_stand(given: Given) -> None:
    given.shows(refunded("open", "none"))
    given.go()
    assert given.reasons() == ["unwanted"]
    given.shows(order())
    given.go()
    assert given.reasons() == []
    given.shows(GONE)
    given.go()
    given.ledger.answer(given.ledger.items()[0].id, "approve", LATER)
    given.go()
    assert (given.reasons(), given.supplier.clicks) == ([], 0)


def test_a_persons_word_cancels_it_once_and_nothing_is_bought_again(given: Given) -> None:
    given.shows(GONE)
    given.say()
    given.go()
    assert (given.supplier.clicks, given.write(), given.kept().state) == (1, "confirmed", "dead")
    assert given.kept().refund == "open", "the page had shown it paid"
    known = given.ledger.order(SHOP, NUMBER)
    assert known is not None and known.parked and given.reasons() == []
    given.later()
    assert given.supplier.clicks == 1
    known = given.ledger.order(SHOP, NUMBER)
    assert known is not None and known.parked


def test_once_it_is_cancelled_nobody_is_asked_why_it_was_not_paid(given: Given) -> None:
    given.shows(GONE)
    given.supplier.state = "unpaid"
    words = {"what": "stopped: refunded", "todo": "", "reason": "changed", "shop": SHOP, "order_number": NUMBER, "at": LATER}
    given.ledger.ask("Mismatch", f"order:{SHOP}:{NUMBER}", **words)  # type: ignore[arg-type]
    given.say()
    given.go()
    assert (given.kept().state, given.reasons()) == ("dead", [])


def test_of_an_order_still_wanted_in_part_a_person_says_whether_it_is_bought_again(given: Given) -> None:
    given.shows(refunded("refunded", "none"))
    given.say()
    given.go()
    assert (given.kept().state, given.reasons()) == ("dead", ["cancelled"])


def test_what_was_never_paid_is_owed_by_nobody(given: Given) -> None:
    given.supplier.state = "unpaid"
    given.shows(order(state="cancelled"))
    given.say()
    given.go()
    assert (given.kept().state, given.kept().refund) == ("dead", "none")


@pytest.mark.parametrize(
    ("shown", "rule", "clicks"),
    [
        (GONE, "refunded", 1),
        (order(state="cancelled"), "refunded", 1),
        (refunded("refunded", "open"), "refunded", 0),
        (refunded("refunded", "none"), "refunded", 0),
        (order(address_change="asked"), "refunded", 0),
        (order(), "refunded", 0),
        (GONE, "ask", 0),
        (GONE, "never", 0),
    ],
)
def test_by_itself_only_by_rule_and_only_what_was_refunded_whole(given: Given, shown: Order, rule: str, clicks: int) -> None:
    given.rule.cancel = rule
    given.shows(shown)
    given.go()
    given.later()
    wanted = clicks == 1 or shown == order()
    asked = [] if wanted else ["unwanted_by_hand" if rule == "never" else "unwanted"]
    assert (given.supplier.clicks, given.reasons()) == (clicks, asked)


def test_by_itself_it_is_not_cancelled_where_the_shop_takes_the_refund_back_in_part(given: Given) -> None:
    given.rule.cancel = "refunded"
    given.shows(GONE)
    given.shop.shown = refunded("refunded", "open")
    given.go()
    assert given.supplier.clicks == 0 and given.reasons() == ["not_cancelled"]


def test_an_order_of_two_purchases_is_named_to_a_person_and_not_even_opened(given: Given) -> None:
    merged(given)
    given.shows(GONE)
    given.supplier.state = "nothing was read"
    given.say()
    given.go()
    said = [item.what for item in given.ledger.items() if item.reason == "not_cancelled"]
    assert len(said) == 1 and "SECOND" in said[0]


def test_seen_cancelled_elsewhere_first_what_we_cancelled_is_not_bought_again(given: Given) -> None:
    given.supplier.after = "placed"
    given.shows(GONE)
    given.say()
    given.go()
    assert given.write() == "unknown"
    given.supplier.state = "cancelled"
    watch(given.run, given.kept(), [given.supplier.play("", {})])
    known = given.ledger.order(SHOP, NUMBER)
    assert known is not None and known.parked
    recover(given.run)
    assert (given.write(), given.supplier.clicks) == ("confirmed", 1)


@pytest.mark.parametrize("rule", ["never", "no flow"])
def test_where_it_may_not_be_done_a_person_does_it_by_hand(given: Given, rule: str) -> None:
    given.rule.cancel = "never" if rule == "never" else "refunded"
    if rule == "no flow":
        del given.run.config.site_of(ACCOUNT).flows["cancel_order"]  # type: ignore[attr-defined]
        given.rule.cancel = "ask"
    given.shows(GONE)
    given.go()
    assert given.reasons() == ["unwanted_by_hand"]
    given.say()
    given.go()
    assert given.supplier.clicks == 0 and "not_cancelled" in given.reasons()


def sent(given: Given) -> None:
    given.supplier.state = "shipped"


def sent_with_a_parcel(given: Given) -> None:
    given.supplier.more = {"shipments": ({"carrier": "圆通", "tracking_number": "YT1"},)}


def merged(given: Given) -> None:
    given.ledger.save_order(order(number="2"), NOW, detail=True)
    lines = tuple(replace(line, quantity=2) for line in purchase(lines=LINES[:1]).lines)
    given.ledger.plan([replace(purchase(reference="SECOND"), order_number="2", lines=lines)], NOW)
    given.ledger.placed("SECOND", ("900100",), Fen(2400), Fen(0), LATER, merges=True)


def more_in_it(given: Given) -> None:
    given.supplier.more = {"lines": (ROW, {**ROW, "title": "毛巾"})}


def wanted_again(given: Given) -> None:
    given.shop.shown = order()


def another_opened(given: Given) -> None:
    given.supplier.opens = "900101"


def sent_on_the_form(given: Given) -> None:
    given.supplier.shows = "已发货"


def too_late(given: Given) -> None:
    given.supplier.meanwhile = lambda: setattr(given.clock, "at", given.clock.at.replace(minute=59))


def pause(given: Given) -> None:
    given.ledger.pause(ACCOUNT, "person", "", LATER)


def being_paid(given: Given) -> None:
    facts = {"shop": SHOP, "order_number": NUMBER, "reference": REFERENCE, "account": ACCOUNT}
    write = given.ledger.intend("pay", f"{ACCOUNT} 900100 1", at=LATER, **facts)
    attempt = given.ledger.begin_attempt([write], account=ACCOUNT, flow="pay_by_qr", baseline=[], meant={}, at=LATER)
    given.ledger.committing(attempt, CommitFacts("", "", {}), LATER)


def no_state(given: Given) -> None:
    given.run.config.site_of(ACCOUNT).lacks = ("parcels",)  # type: ignore[misc]


AGAINST = [
    sent,
    sent_with_a_parcel,
    merged,
    more_in_it,
    wanted_again,
    another_opened,
    sent_on_the_form,
    too_late,
    pause,
    being_paid,
    no_state,
]


@pytest.mark.parametrize("rule", ["ask", "refunded"])
@pytest.mark.parametrize("against", AGAINST)
def test_it_is_not_clicked_where_anything_is_against_it(given: Given, against: Callable[[Given], None], rule: str) -> None:
    given.rule.cancel = rule
    given.shows(GONE)
    against(given)
    if rule == "ask":
        given.say()
    given.go()
    assert given.supplier.clicks == 0
    assert given.write() in ("", "intended")
    assert given.kept().state == "placed"


def test_what_was_sent_meanwhile_is_to_be_stopped(given: Given) -> None:
    given.shows(GONE)
    given.say()
    sent(given)
    given.go()
    assert given.reasons()[0] == "intercept" and "48.00" in given.ledger.items()[0].what


def test_what_was_sent_before_the_first_look_is_to_be_stopped_and_asked_once(given: Given) -> None:
    given.ledger.watched(REFERENCE, "shipped", None)
    given.go()
    assert given.reasons() == []
    given.shows(GONE)
    given.go()
    given.later()
    assert (given.reasons(), given.supplier.clicks) == (["intercept"], 0)
    assert "48.00" in given.ledger.items()[0].what
    given.shows(order())
    given.go()
    assert given.reasons() == [], "the buyer wants it again"
    given.shows(GONE)
    given.go()
    given.ledger.answer(given.ledger.items()[0].id, "approve", LATER)
    given.later()
    assert given.reasons() == []


def test_paused_it_waits_and_is_done_when_it_may_go_on(given: Given) -> None:
    given.shows(GONE)
    given.say()
    pause(given)
    given.go()
    given.run.closed_accounts.clear()
    given.ledger.resume(ACCOUNT, LATER)
    given.go()
    assert given.supplier.clicks == 1


def test_sent_at_the_very_click_is_held(given: Given) -> None:
    given.supplier.after = "shipped"
    given.shows(GONE)
    given.say()
    given.go()
    assert (given.supplier.clicks, given.write(), given.kept().state) == (1, "held", "placed")
    assert "intercept" in given.reasons()


def test_killed_between_click_and_proof_it_is_found_cancelled_by_the_next_run(given: Given) -> None:
    given.supplier.dies = True
    given.shows(GONE)
    given.say()
    with pytest.raises(KeyboardInterrupt):
        given.go()
    assert given.write() == "committing"
    given.later()
    assert (given.supplier.clicks, given.write(), given.kept().state) == (1, "confirmed", "dead")
    assert given.ledger.unapplied_answers() == []
    known = given.ledger.order(SHOP, NUMBER)
    assert known is not None and known.parked


def test_still_there_after_the_click_it_is_unknown_and_never_clicked_again(given: Given) -> None:
    given.rule.cancel = "refunded"
    given.supplier.after = "placed"
    given.shows(GONE)
    given.go()
    given.later()
    given.say()
    given.later()
    assert (given.supplier.clicks, given.write()) == (1, "unknown")
    assert given.reasons().count("cancel_unknown") == 1
    given.supplier.state = "cancelled"
    given.later()
    assert (given.write(), given.kept().state, given.reasons()) == ("confirmed", "dead", [])


def test_the_sites_no_is_believed_only_twice(given: Given) -> None:
    given.supplier.after, given.supplier.ends = "placed", "refused"
    given.shows(GONE)
    given.say()
    given.go()
    assert given.write() == "unknown"
    given.later()
    assert (given.write(), given.supplier.clicks) == ("refused", 1)
    assert "cancel_refused" in given.reasons() and "cancel_unknown" not in given.reasons()
    given.later()
    assert given.supplier.clicks == 1 and given.reasons() == ["cancel_refused"]
    given.supplier.state = "cancelled"
    watch(given.run, given.kept(), [given.supplier.play("", {})])
    given.later()
    assert given.reasons() == [], "cancelled there by hand, and nobody wants it"


def test_what_was_not_done_is_asked_once_and_let_be_for_good(given: Given) -> None:
    given.rule.cancel = "refunded"
    given.shows(GONE)
    another_opened(given)
    given.go()
    given.later()
    assert given.reasons() == ["not_cancelled"]
    given.ledger.answer(given.ledger.items()[0].id, "approve", LATER)
    given.supplier.opens = "900100"
    given.later()
    assert (given.reasons(), given.supplier.clicks) == ([], 0)


def test_nothing_left_and_nothing_done_is_tried_again_twice_at_most(given: Given) -> None:
    given.supplier.after, given.supplier.left = "placed", ()
    given.shows(GONE)
    given.say()
    for _run in range(4):
        given.later()
    assert (given.supplier.clicks, given.write()) == (2, "intended")
    assert given.ledger.unapplied_answers() == []


def test_cancelled_there_already_it_is_not_clicked(given: Given) -> None:
    given.supplier.state = "cancelled"
    given.shows(GONE)
    given.say()
    given.go()
    assert (given.supplier.clicks, given.write(), given.kept().state) == (0, "confirmed", "dead")


def test_a_parcel_that_is_known_makes_a_cancelled_page_a_persons(given: Given) -> None:
    given.supplier.dies = True
    given.shows(GONE)
    given.say()
    with pytest.raises(KeyboardInterrupt):
        given.go()
    given.ledger.save_shipment(parcel(), {}, LATER)
    given.later()
    assert (given.write(), given.kept().state) == ("held", "placed")


def test_who_looks_on_is_asked_and_may_say_no(given: Given) -> None:
    told: list[tuple[str, list[tuple[str, str, str]]]] = []

    def no(title: str, pairs: Any) -> bool:
        told.append((title, list(pairs)))
        return False

    given.run.options = Options(attended=True)
    given.run.confirm = no
    given.supplier.rehearse = lambda _flow, _values: {"supplier_order_number": "900100", "state": "待发货"}  # type: ignore[attr-defined]
    given.shows(GONE)
    given.say()
    given.go()
    assert given.supplier.clicks == 0
    assert [pair[1:] for pair in told[0][1]] == [("900100", "900100"), ("待发货", "待发货")]
    given.run.confirm = lambda _title, _pairs: True
    given.go()
    assert given.supplier.clicks == 1


@pytest.mark.parametrize(
    ("shown", "why"),
    [
        (order(), None),
        (GONE, "refunded"),
        (order(state="cancelled"), "cancelled"),
        (refunded("open", "none", state="cancelled"), None),
        (refunded("refunded", "open"), "asked"),
        (refunded("closed", "none"), None),
        (order(address_change="asked"), "address"),
        (order(lines=(replace(order_line(), after_sales="refunded"),)), "asked"),
    ],
)
def test_why_it_is_unwanted(shown: Order, why: str | None) -> None:
    assert why_unwanted(shown, LINES) == why


def test_another_lines_refund_is_no_reason() -> None:
    assert why_unwanted(refunded("none", "refunded"), LINES[:1]) is None
