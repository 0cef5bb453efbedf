"""Purchases and parcels: one live purchase a line, one purchase a supplier order, dead only when provably dead."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.errors import Mismatch, OutcomeUnknown
from agent.ledger import Ledger
from agent.models import Fen, Phone
from tests.ledger.goods import (
    ACCOUNT,
    LATER,
    LINES,
    NOW,
    NUMBER,
    RECEIVER,
    REFERENCE,
    SHOP,
    begin,
    clicked,
    intend,
    order,
    purchase,
    settle,
    write_state,
)

SECOND = purchase(2, reference="SECOND")


def place(ledger: Ledger, reference: str = REFERENCE, *numbers: str, merges: bool = False) -> None:
    ledger.placed(reference, numbers or ("900100",), Fen(2400), Fen(0), LATER, merges=merges)


def test_a_planned_purchase_comes_back_whole(ledger: Ledger) -> None:
    ledger.plan([purchase()], NOW)
    kept = ledger.purchase(REFERENCE)
    assert kept is not None
    assert kept.purchase == purchase()
    assert (kept.state, kept.write_state, kept.supplier_order_number, kept.total, kept.placed_at) == (
        "planned",
        "",
        "",
        None,
        None,
    )
    assert ledger.purchase("nobody") is None


def test_planning_again_changes_nothing(ledger: Ledger) -> None:
    ledger.plan([purchase()], NOW)
    clicked(ledger)
    ledger.plan([purchase()], LATER)
    assert [p.purchase for p in ledger.purchases()] == [purchase()]


def test_a_line_goes_from_one_plan_to_another(ledger: Ledger) -> None:
    ledger.plan([purchase(lines=LINES[:1]), replace(SECOND, lines=SECOND.lines[1:])], NOW)
    ledger.plan([purchase(lines=LINES[1:]), replace(SECOND, lines=SECOND.lines[:1])], LATER)
    assert [[line.line_number for line in p.lines] for p in ledger.purchases()] == [[LINES[1]], [LINES[0]]]


def test_a_mended_products_table_changes_the_plan_until_the_first_click(ledger: Ledger) -> None:
    ledger.plan([purchase()], NOW)
    begin(ledger, intend(ledger))
    other_account = replace(purchase(ceiling=1800), account="mall-b", supplier="b")
    ledger.plan([other_account], LATER)
    kept = ledger.purchase(REFERENCE)
    assert kept is not None
    assert (kept.account, kept.lines[0].product.ceiling) == ("mall-b", 1800)
    ledger.intend("submit", REFERENCE, shop=SHOP, order_number=NUMBER, reference=REFERENCE, account="mall-b", at=NOW)
    ledger.plan([purchase()], LATER)
    settle(ledger, clicked(ledger), "intended")
    with pytest.raises(Mismatch, match="already sent"):
        ledger.plan([purchase(ceiling=1800)], LATER)


def test_a_line_is_not_bought_twice(ledger: Ledger) -> None:
    ledger.plan([purchase(lines=LINES[:1])], NOW)
    with pytest.raises(Mismatch, match="already bought"):
        ledger.plan([SECOND], NOW)
    assert ledger.purchase("SECOND") is None
    ledger.plan([replace(SECOND, lines=SECOND.lines[1:])], NOW)
    assert len(ledger.purchase_of(SHOP, NUMBER)) == 2


@pytest.mark.parametrize("state", ["committing", "unknown", "held", "confirmed", "intended"])
def test_a_line_stays_bought_while_anything_may_stand_there(ledger: Ledger, state: str) -> None:
    attempt = clicked(ledger)
    if state != "committing":
        settle(ledger, attempt, state)  # type: ignore[arg-type]
    with pytest.raises(Mismatch, match="already bought"):
        ledger.plan([SECOND], LATER)
    with pytest.raises(OutcomeUnknown, match="cannot be dropped"):
        ledger.bury(REFERENCE, LATER)


def test_a_refused_purchase_is_dead_and_its_lines_free(ledger: Ledger) -> None:
    settle(ledger, clicked(ledger), "refused")
    kept = ledger.purchase(REFERENCE)
    assert kept is not None
    assert (kept.state, kept.write_state) == ("dead", "refused")
    assert ledger.purchase_of(SHOP, NUMBER) == []
    assert ledger.next_counter(SHOP, NUMBER) == 2
    ledger.bury(REFERENCE, LATER)
    ledger.plan([SECOND], LATER)
    assert [p.reference for p in ledger.purchases_of_order(SHOP, NUMBER)] == [REFERENCE, "SECOND"]
    with pytest.raises(Mismatch, match="cannot be changed"):
        ledger.plan([purchase()], LATER)


def test_a_person_may_drop_what_was_never_clicked(ledger: Ledger) -> None:
    ledger.plan([purchase()], NOW)
    begin(ledger, intend(ledger))
    ledger.bury(REFERENCE, LATER)
    ledger.plan([SECOND], LATER)
    assert [p.reference for p in ledger.purchases("dead")] == [REFERENCE]


def test_what_was_found_at_the_supplier_cannot_be_dropped(ledger: Ledger) -> None:
    ledger.plan([purchase()], NOW)
    ledger.found_done("submit", REFERENCE, shop=SHOP, order_number=NUMBER, reference=REFERENCE, account=ACCOUNT, at=LATER)
    with pytest.raises(OutcomeUnknown, match="cannot be dropped"):
        ledger.bury(REFERENCE, LATER)


def test_counters_go_up_from_one(ledger: Ledger) -> None:
    assert ledger.next_counter(SHOP, NUMBER) == 1
    ledger.plan([purchase()], NOW)
    assert ledger.next_counter(SHOP, NUMBER) == 2


def test_placed_keeps_number_and_money(ledger: Ledger) -> None:
    settle(ledger, clicked(ledger), "confirmed")
    place(ledger)
    place(ledger)
    kept = ledger.purchase(REFERENCE)
    assert kept is not None
    assert (kept.state, kept.supplier_order_number, kept.total, kept.freight, kept.placed_at) == (
        "placed",
        "900100",
        2400,
        0,
        LATER,
    )
    with pytest.raises(Mismatch, match="cannot be placed"):
        place(ledger, REFERENCE, "900101")


@pytest.mark.parametrize("number", ["", "900100"])
def test_a_supplier_order_is_claimed_once(ledger: Ledger, number: str) -> None:
    ledger.plan([purchase(lines=LINES[:1])], NOW)
    ledger.plan([replace(SECOND, lines=SECOND.lines[1:])], NOW)
    place(ledger)
    with pytest.raises(Mismatch):
        place(ledger, "SECOND", number)
    assert ledger.numbers_claimed(ACCOUNT) == {"900100"}
    assert ledger.numbers_claimed("another") == frozenset()


def test_a_purchase_that_was_split_has_all_its_numbers(ledger: Ledger) -> None:
    settle(ledger, clicked(ledger), "confirmed")
    place(ledger, REFERENCE, "900100", "900101")
    kept = ledger.purchase(REFERENCE)
    assert kept is not None
    assert (kept.supplier_order_numbers, kept.supplier_order_number) == (("900100", "900101"), "900100 / 900101")
    assert ledger.numbers_claimed(ACCOUNT) == {"900100", "900101"}
    assert ledger.known_order(ACCOUNT) == ("900100", REFERENCE)
    assert [row["supplier_order_number"] for row in ledger.placed_rows()] == ["900100 / 900101"]


def test_where_the_site_merges_a_number_may_be_two_purchases(ledger: Ledger) -> None:
    ledger.plan([purchase(lines=LINES[:1])], NOW)
    ledger.plan([replace(SECOND, lines=SECOND.lines[1:])], NOW)
    place(ledger, merges=True)
    place(ledger, "SECOND", merges=True)
    assert [p.supplier_order_numbers for p in ledger.purchases()] == [("900100",)] * 2
    assert ledger.numbers_claimed(ACCOUNT) == {"900100"}
    assert [p.reference for p in ledger.purchases_in(ACCOUNT, "900100", "1")] == [REFERENCE, "SECOND"]
    assert ledger.purchases_in("another", "900100") == ledger.purchases_in(ACCOUNT, "1") == []
    assert ledger.known_order(ACCOUNT) == ("900100", ""), "its page may show the reference of either"


def test_an_order_of_one_purchase_is_known_before_a_newer_one_of_several(ledger: Ledger) -> None:
    for counter, line in enumerate(LINES, 1):
        ledger.plan([purchase(counter, reference=f"R{counter}", lines=(line,))], NOW)
    ledger.save_order(order(number="2"), NOW, detail=True)
    ledger.plan([replace(purchase(1, reference="R3", lines=LINES[:1]), order_number="2")], NOW)
    ledger.placed("R1", ("900100",), Fen(1), Fen(0), NOW)
    ledger.placed("R2", ("900101",), Fen(1), Fen(0), LATER, merges=True)
    ledger.placed("R3", ("900101",), Fen(1), Fen(0), LATER, merges=True)
    assert ledger.known_order(ACCOUNT) == ("900100", "R1")


def test_the_numbers_for_a_receiver(ledger: Ledger) -> None:
    ledger.plan([purchase()], NOW)
    ledger.save_receiver(SHOP, NUMBER, RECEIVER, NOW)
    place(ledger)
    assert ledger.numbers_for(ACCOUNT, RECEIVER) == {"900100"}
    assert ledger.numbers_for("another", RECEIVER) == frozenset()
    for changed in ({"name": "张三"}, {"phone": Phone("18400913965", "7577")}, {"town": ""}, {"detail": "秀水路8号"}):
        assert ledger.numbers_for(ACCOUNT, replace(RECEIVER, **changed)) == frozenset(), changed  # type: ignore[arg-type]
    ledger.closed_by_supplier(REFERENCE, LATER, paid=False)
    assert ledger.numbers_for(ACCOUNT, RECEIVER) == frozenset()
    assert [p.state for p in ledger.purchases_in(ACCOUNT, "900100")] == ["dead"]


def test_one_number_that_is_taken_leaves_a_split_purchase_unplaced(ledger: Ledger) -> None:
    ledger.plan([purchase(lines=LINES[:1])], NOW)
    ledger.plan([replace(SECOND, lines=SECOND.lines[1:])], NOW)
    place(ledger)
    with pytest.raises(Mismatch, match="another purchase"):
        place(ledger, "SECOND", "900101", "900100")
    assert [p.supplier_order_numbers for p in ledger.purchases()] == [("900100",), ()]
    assert ledger.numbers_claimed(ACCOUNT) == {"900100"}


def test_a_dead_purchase_is_not_placed(ledger: Ledger) -> None:
    settle(ledger, clicked(ledger), "refused")
    with pytest.raises(Mismatch, match="given up"):
        place(ledger)


def test_a_purchase_goes_one_step_at_a_time(ledger: Ledger) -> None:
    ledger.plan([purchase()], NOW)
    with pytest.raises(RuntimeError, match="from planned to shipped"):
        ledger.advance(REFERENCE, "shipped")
    place(ledger)
    with pytest.raises(RuntimeError, match="from placed to done"):
        ledger.advance(REFERENCE, "done")
    for state in ("shipped", "shipped", "done"):
        ledger.advance(REFERENCE, state)  # type: ignore[arg-type]
    assert [p.state for p in ledger.purchases()] == ["done"]
    with pytest.raises(RuntimeError, match="from done to shipped"):
        ledger.advance(REFERENCE, "shipped")
    with pytest.raises(RuntimeError, match="no purchase"):
        ledger.advance("nobody", "shipped")


def test_a_known_order_is_a_proven_one(ledger: Ledger) -> None:
    assert ledger.known_order(ACCOUNT) is None
    attempt = clicked(ledger)
    settle(ledger, attempt, "held")
    place(ledger)
    assert ledger.known_order(ACCOUNT) is None
    settle(ledger, attempt, "confirmed")
    assert ledger.known_order(ACCOUNT) == ("900100", REFERENCE)
    assert ledger.known_order("another") is None


def test_purchases_are_picked_by_state_and_account(ledger: Ledger) -> None:
    ledger.plan([purchase()], NOW)
    assert [p.reference for p in ledger.purchases("planned", "placed", account=ACCOUNT)] == [REFERENCE]
    assert ledger.purchases("placed") == []
    assert ledger.purchases(account="another") == []


def test_a_purchase_without_lines_is_a_bug(ledger: Ledger) -> None:
    with pytest.raises(RuntimeError, match="no lines"):
        ledger.plan([replace(purchase(), lines=())], NOW)


def test_what_a_fill_left_is_known_until_it_is_ordered_or_cleared(ledger: Ledger) -> None:
    first, other = purchase(lines=LINES[:1]), replace(SECOND, lines=SECOND.lines[1:])
    ledger.plan([first, other], NOW)
    assert ledger.left_behind(ACCOUNT) == ()
    ledger.fill_begun(first, NOW)
    ledger.fill_begun(first, LATER)
    left = {"product": "H-778", "title": "保温杯", "specification": "白色/500毫升", "quantity": 2}
    assert ledger.left_behind(ACCOUNT) == (left,)
    assert ledger.left_behind("another") == ()
    mended = replace(first.lines[0], product=replace(first.lines[0].product, product="H-779"))
    ledger.fill_begun(replace(first, lines=(mended,)), LATER)
    assert [line["product"] for line in ledger.left_behind(ACCOUNT)] == ["H-778", "H-779"], "an older plan's too"
    ledger.cleared(other)
    ledger.fill_begun(other, LATER)
    assert ledger.left_behind(ACCOUNT) == (left,)
    ledger.bury("SECOND", LATER)
    assert ledger.left_behind(ACCOUNT) == (left,), "a purchase that was given up left it all the same"
    ledger.fill_ended("SECOND")
    assert ledger.left_behind(ACCOUNT) == ()


class TestPersonsWord:
    def test_the_number_a_person_names_settles_the_unknown(self, ledger: Ledger) -> None:
        attempt = clicked(ledger)
        settle(ledger, attempt, "unknown")
        ledger.resolved(REFERENCE, ("900100",), Fen(2400), Fen(0), LATER, on_my_word=False)
        kept = ledger.purchase(REFERENCE)
        assert kept is not None
        assert (kept.state, kept.write_state, kept.on_my_word) == ("placed", "confirmed", False)
        assert ledger.attempt(attempt).state == "confirmed"
        assert ledger.known_order(ACCOUNT) == ("900100", REFERENCE)

    def test_a_bare_word_is_never_used_as_a_control(self, ledger: Ledger) -> None:
        settle(ledger, clicked(ledger), "unknown")
        ledger.resolved(REFERENCE, ("900100",), None, None, LATER, on_my_word=True)
        kept = ledger.purchase(REFERENCE)
        assert kept is not None
        assert (kept.state, kept.total, kept.on_my_word) == ("placed", None, True)
        assert ledger.known_order(ACCOUNT) is None
        assert ledger.numbers_claimed(ACCOUNT) == {"900100"}

    @pytest.mark.parametrize("state", ["committing", "unknown", "held", "intended"])
    def test_not_placed_makes_it_dead(self, ledger: Ledger, state: str) -> None:
        attempt = clicked(ledger)
        if state != "committing":
            settle(ledger, attempt, state)  # type: ignore[arg-type]
        ledger.buried_by_word(REFERENCE, LATER)
        ledger.buried_by_word(REFERENCE, LATER)
        assert [p.state for p in ledger.purchases()] == ["dead"]
        assert write_state(ledger) == ("intended" if state == "intended" else "refused")
        assert ledger.open_attempts() == []
        ledger.plan([SECOND], LATER)

    def test_what_was_proven_is_not_taken_back(self, ledger: Ledger) -> None:
        settle(ledger, clicked(ledger), "confirmed")
        with pytest.raises(Mismatch, match="proven"):
            ledger.buried_by_word(REFERENCE, LATER)
