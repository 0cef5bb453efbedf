"""What waits for a person, what they answered, and the story."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import ConfigError
from agent.ledger import Ledger
from tests.ledger.goods import LATER, NOW, NUMBER, POST, REFERENCE, SHOP, clicked, order, purchase, settle

CAUSE = "order:1:price"


def ask(ledger: Ledger, what: str = "too dear", cause: str = CAUSE) -> int:
    return ledger.ask(
        "LimitReached", cause, what=what, todo="decide", shop=SHOP, order_number=NUMBER, evidence=Path("a.jpg"), at=NOW
    )


def test_the_same_open_cause_is_the_same_item(ledger: Ledger) -> None:
    first = ask(ledger)
    assert ask(ledger, "dearer still") == first
    assert ask(ledger, cause="another") != first
    item = ledger.items()[0]
    assert (item.what, item.cause, item.evidence, item.opened_at, item.answer) == (
        "dearer still",
        CAUSE,
        Path("a.jpg"),
        NOW,
        "",
    )


def test_another_reason_of_an_open_item_is_told_anew_and_fresher_words_are_not(ledger: Ledger) -> None:
    def account(reason: str, what: str) -> str:
        ledger.ask("account", "account:mall", what=what, todo="t", reason=reason, account="mall", at=NOW)
        (item,) = ledger.items()
        assert (item.reason, item.what) == (reason, what)
        return item.told

    account("window_open", "open elsewhere")
    ledger.told(ledger.items()[0].id, "far")
    assert account("window_open", "still open elsewhere") == "far"
    assert account("PersonNeeded", "a slider") == ""


def test_an_answer_closes_the_item_and_waits_for_a_run(ledger: Ledger) -> None:
    item = ask(ledger)
    assert ledger.answered(CAUSE) == ""
    ledger.answer(item, "approve", LATER)
    assert ledger.items() == []
    assert [(i.id, i.answer, i.answered_at) for i in ledger.unapplied_answers()] == [(item, "approve", LATER)]
    ledger.applied(item, LATER)
    assert ledger.unapplied_answers() == []
    assert ledger.answered(CAUSE) == "approve"
    assert [i.id for i in ledger.items(open_only=False)] == [item]


def test_a_cause_that_comes_back_is_asked_anew(ledger: Ledger) -> None:
    first = ask(ledger)
    ledger.answer(first, "approve", LATER)
    second = ask(ledger)
    assert second != first
    ledger.answer(second, "reject", LATER)
    assert ledger.answered(CAUSE) == "reject"


def test_a_cause_that_is_gone_needs_no_answer(ledger: Ledger) -> None:
    item = ask(ledger)
    ledger.close_item(CAUSE, LATER)
    ledger.close_item("never asked", LATER)
    assert ledger.items() == []
    assert ledger.answered(CAUSE) == ""
    with pytest.raises(ConfigError, match="no open inbox item"):
        ledger.answer(item, "approve", LATER)


def test_all_of_an_order_can_be_closed_at_once(ledger: Ledger) -> None:
    ask(ledger)
    ask(ledger, cause="another")
    account = ledger.ask("account", "account:mall", what="w", todo="t", account="mall", at=NOW)
    ledger.close_items_of(SHOP, NUMBER, LATER)
    assert [i.id for i in ledger.items()] == [account]


@pytest.mark.parametrize("reason", ["cancelled", "not_placed", "SiteRefused"])
def test_whether_to_buy_again_is_settled_by_its_own_answer_only(ledger: Ledger, reason: str) -> None:
    ledger.save_order(order(), NOW, detail=True)
    ledger.dispose(SHOP, NUMBER, "ours", "")
    ledger.plan([purchase()], NOW)
    ledger.bury(REFERENCE, NOW)
    about = {"shop": SHOP, "order_number": NUMBER, "reference": REFERENCE}
    asked = ledger.ask("purchase", "again", what="w", todo="t", reason=reason, **about, at=NOW)  # type: ignore[arg-type]
    ask(ledger)
    ledger.park(SHOP, NUMBER, "came to nothing")
    ledger.release(SHOP, NUMBER)
    ledger.close_items_of(SHOP, NUMBER, LATER)
    assert ([i.id for i in ledger.items()], parked(ledger)) == ([asked], "came to nothing"), "another matter lets it go on"
    ledger.answer(asked, "approve", LATER)
    ledger.release(SHOP, NUMBER)
    assert parked(ledger) == ""


@pytest.mark.parametrize("reason", ["held", "answer_differs"])
def test_what_is_held_is_asked_about_until_its_own_purchase_is_settled(ledger: Ledger, reason: str) -> None:
    ledger.save_order(order(), NOW, detail=True)
    settle(ledger, clicked(ledger), "held", (POST,))
    about = {"shop": SHOP, "order_number": NUMBER, "reference": REFERENCE}
    asked = ledger.ask("Mismatch", "held", what="w", todo="t", reason=reason, **about, at=NOW)  # type: ignore[arg-type]
    ask(ledger)
    ledger.close_items_of(SHOP, NUMBER, LATER)
    assert [i.id for i in ledger.items()] == [asked], "another purchase of the order is proven"
    ledger.buried_by_word(REFERENCE, LATER)
    ledger.close_items_of(SHOP, NUMBER, LATER)
    assert ledger.items() == []


def parked(ledger: Ledger) -> str:
    known = ledger.order(SHOP, NUMBER)
    assert known
    return known.parked


@pytest.mark.parametrize(("kind", "reason"), [("SiteRefused", "pay_refused"), ("payment", "paid_differs"), ("books", "books")])
def test_money_is_another_matter_than_an_order_that_goes_on(ledger: Ledger, kind: str, reason: str) -> None:
    asked = ledger.ask(kind, "money", what="w", todo="t", reason=reason, shop=SHOP, order_number=NUMBER, at=NOW)
    ledger.close_items_of(SHOP, NUMBER, LATER)
    assert [i.id for i in ledger.items()] == [asked]


def test_an_item_is_answered_once(ledger: Ledger) -> None:
    item = ask(ledger)
    ledger.answer(item, "reject", LATER)
    for unknown in (item, 99):
        with pytest.raises(ConfigError, match="no open inbox item"):
            ledger.answer(unknown, "approve", LATER)
    assert ledger.answered(CAUSE) == "reject"
    assert ledger.item(99) is None


def test_a_person_may_say_something_unasked(ledger: Ledger) -> None:
    take = ledger.answer_order(SHOP, NUMBER, "take", NOW)
    resolve = ledger.answer_purchase(SHOP, NUMBER, REFERENCE, "resolve 900100", LATER)
    assert ledger.items() == []
    told = [(i.id, i.kind, i.order_number, i.reference, i.answer) for i in ledger.unapplied_answers()]
    assert told == [(take, "order", NUMBER, "", "take"), (resolve, "purchase", NUMBER, REFERENCE, "resolve 900100")]


def test_the_story_of_an_order_in_the_order_it_was_told(ledger: Ledger) -> None:
    run = ledger.begin_run(NOW, "run --once")
    ledger.tell(LATER, "filled", run=run, shop=SHOP, order_number=NUMBER, reference=REFERENCE, picture=Path("b.jpg"))
    ledger.tell(NOW, "proven", run=run, shop=SHOP, order_number=NUMBER, detail="900100")
    ledger.tell(NOW, "another order", run=run, shop=SHOP, order_number="2")
    ledger.end_run(run, LATER)
    story = ledger.story(SHOP, NUMBER)
    assert [(e.what, e.detail, e.picture, e.run) for e in story] == [
        ("filled", "", Path("b.jpg"), run),
        ("proven", "900100", None, run),
    ]
    assert story[0].at == LATER
