"""What a cashier may be clicked at, to the fen; which way is taken, when a round is due, what there is room for, and what proves a payment."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.ledger import StatementLine
from agent.models import SHANGHAI, Autonomy, Fen, PayMethod, Unreadable
from agent.sites.contract import PAY_FLOWS
from agent.work.account_statement import lines_of, new_lines
from agent.work.autonomy import LADDER
from agent.work.cashier import Bill, Looked, ended, method_of, round_due, that_fit, wrong_with, wrong_with_code

PAYEE = "义乌小批发（个体）"
BILL = Bill(PAYEE, {"A1": Fen(3_000), "A2": Fen(4_550)})
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=SHANGHAI)


def shown(*amounts: object, numbers: tuple[object, ...] = ("A1", "A2"), **changed: object) -> dict[str, Any]:
    """The cashier of the bill; `changed` values replace what it shows, "gone" takes it away."""
    told = amounts or (3_000, 4_550)
    rows = tuple({"supplier_order_number": n, "total": a} for n, a in zip(numbers, told, strict=True))
    whole = {"payee": PAYEE, "total": 7_550, "payments": rows, **changed}
    return {word: value for word, value in whole.items() if value != "gone"}


def test_exactly_the_bill_may_be_clicked() -> None:
    assert wrong_with(BILL, shown()) is None
    assert wrong_with(BILL, shown(4_550, 3_000, numbers=("A2", "A1"))) is None
    assert wrong_with(BILL, shown(payee="义乌小批发(个体)")) is None, "full-width brackets are the same letters"


UNREADABLE = Unreadable("1.2万", "no amount")
BAD = {
    "one fen dearer": shown(3_001, 4_550, total=7_551),
    "one dearer, one cheaper, the same together": shown(3_001, 4_549),
    "a total above the orders'": shown(total=7_551),
    "a total below the orders'": shown(total=7_549),
    "the total not shown": shown(total="gone"),
    "the total unreadable": shown(total=UNREADABLE),
    "an amount unreadable": shown(3_000, UNREADABLE),
    "an amount missing": shown(3_000, None),
    "nothing for an order": shown(0, 7_550),
    "below zero": shown(-3_000, 10_550),
    "in yuan where fen are meant": shown(30, 45, total=75_00),
    "a hundred times as much": shown(300_000, 455_000, total=755_000),
    "another payee": shown(payee="义乌小批发"),
    "a payee in other letters": shown(payee="义乌小批發（个体）"),
    "no payee": shown(payee=""),
    "the payee not shown": shown(payee="gone"),
    "an order more": shown(3_000, 4_550, 1, numbers=("A1", "A2", "A3"), total=7_551),
    "an order more for nothing": shown(3_000, 4_550, 0, numbers=("A1", "A2", "A3")),
    "an order less": shown(3_000, numbers=("A1",), total=3_000),
    "another order": shown(3_000, 4_550, numbers=("A1", "B2")),
    "an order twice": shown(3_000, 3_000, 4_550, numbers=("A1", "A1", "A2"), total=10_550),
    "an order twice and the other gone": shown(3_000, 4_550, numbers=("A1", "A1")),
    "a number missing": shown(3_000, 4_550, numbers=("A1", None)),
    "no orders": shown(payments=()),
    "orders not shown": shown(payments="gone"),
}


@pytest.mark.parametrize("page", BAD.values(), ids=BAD)
def test_anything_else_is_not_clicked_and_is_not_taken_for_cheaper(page: dict[str, Any]) -> None:
    wrong = wrong_with(BILL, page)
    assert wrong and wrong.words and not wrong.cheaper


@pytest.mark.parametrize("bill", [Bill("", BILL.amounts), Bill(PAYEE, {}), Bill(PAYEE, {"A1": Fen(0), "A2": Fen(7_550)})])
def test_a_bill_that_is_none_is_never_clicked(bill: Bill) -> None:
    amounts = list(bill.amounts.values())
    page = shown(*amounts, numbers=tuple(bill.amounts), payee=bill.payee) if amounts else shown()
    assert wrong_with(bill, page)


def test_less_everywhere_is_told_apart_with_both_amounts() -> None:
    wrong = wrong_with(BILL, shown(2_800, 4_550, total=7_350))
    assert wrong and wrong.cheaper and "30.00" in wrong.words and "28.00" in wrong.words


@given(st.lists(st.integers(-200, 200), min_size=2, max_size=2), st.integers(-200, 200))
def test_only_the_very_amounts_pass(off: list[int], total_off: int) -> None:
    first, second = 3_000 + off[0], 4_550 + off[1]
    wrong = wrong_with(BILL, shown(first, second, total=first + second + total_off))
    assert (wrong is None) == (off == [0, 0] and total_off == 0)
    if wrong and wrong.cheaper:
        assert total_off == 0 and max(off) <= 0 and sum(off) < 0


# a code


def code(**changed: object) -> dict[str, Any]:
    whole = {"code": "/evidence/a.png", "payee": PAYEE, "total": 7_550, "expires_at": NOON + timedelta(minutes=15), **changed}
    return {word: value for word, value in whole.items() if value != "gone"}


@pytest.mark.parametrize("page", [code(), code(expires_at="gone")])
def test_a_code_that_names_payee_and_total_is_shown(page: dict[str, Any]) -> None:
    assert wrong_with_code(BILL, page, NOON) == ""


@pytest.mark.parametrize(
    "page",
    [
        *(code(total=total) for total in (7_551, 7_549, "gone", UNREADABLE, None)),
        *(code(payee=payee) for payee in ("某某商行", "", "gone", None)),
        *(code(code=picture) for picture in ("", "gone", None)),
        code(expires_at=NOON),
    ],
)
def test_any_other_is_shown_to_nobody(page: dict[str, Any]) -> None:
    assert wrong_with_code(BILL, page, NOON)


# which way


EVERY: tuple[PayMethod, ...] = ("balance", "credit", "auto_debit", "qr", "outside")


@pytest.mark.parametrize("may", LADDER)
def test_below_place_and_pay_money_moves_by_a_persons_hand_only(may: Autonomy) -> None:
    flows = set(PAY_FLOWS.values())
    taken = {method_of([method], flows, may) for method in EVERY} - {None}
    assert taken == (set(EVERY) if may == "place_and_pay" else {"qr", "outside"})


@pytest.mark.parametrize(
    ("wanted", "flows", "method"),
    [
        (("balance", "qr"), {"pay_by_balance", "pay_by_qr"}, "balance"),
        (("balance", "qr"), {"pay_by_qr"}, "qr"),
        (("qr", "balance"), {"pay_by_balance", "pay_by_qr"}, "qr"),
        (("credit", "outside", "qr"), {"pay_by_qr"}, "outside"),
        (("balance",), {"submit_order"}, None),
        ((), {"pay_by_balance"}, None),
    ],
)
def test_the_first_that_the_site_has(wanted: tuple[PayMethod, ...], flows: set[str], method: str | None) -> None:
    assert method_of(wanted, flows, "place_and_pay") == method


# when


TIMES = (time(11, 30), time(16, 0), time(21, 30))


def at(clock: str, day: int = 22) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, at("11:29"), False),
        (None, at("11:30"), True),
        (None, at("23:00"), True),
        (at("11:30"), at("11:31"), False),
        (at("11:31"), at("15:59"), False),
        (at("11:31"), at("16:00"), True),
        (at("11:29"), at("11:30"), True),
        (at("21:31", 21), at("09:00"), False),
        (at("16:01", 21), at("09:00"), True),  # the last one of yesterday was missed
        (at("09:00", 20), at("09:00"), True),
        (at("11:31", 21), at("11:29"), True),
        (at("10:00"), at("11:29"), False),  # since then something waits for the first one
        (at("10:00"), at("11:30"), True),
        (at("10:00", 21), at("09:00"), True),
        (at("22:00", 21), at("09:00"), False),
    ],
)
def test_a_round_comes_once_after_each_of_its_times(last: datetime | None, now: datetime, due: bool) -> None:
    assert round_due(TIMES, last, now) is due
    assert round_due(tuple(reversed(TIMES)), last, now) is due


def test_now_is_in_every_run() -> None:
    assert round_due((), None, NOON) and round_due((), NOON, NOON)


@pytest.mark.parametrize(("room", "fit"), [(-1, 0), (0, 0), (2_999, 0), (3_000, 1), (7_549, 1), (7_550, 2), (99_999, 3)])
def test_what_fits_is_taken_in_order(room: int, fit: int) -> None:
    assert that_fit([Fen(3_000), Fen(4_550), Fen(100)], room) == fit


# what proves it


def line(amount: int = -3_000, number: str = "A1", ordinal: int = 1) -> StatementLine:
    return StatementLine(NOON, amount, None, number, "", ordinal)


@pytest.mark.parametrize(
    ("look", "lines", "end"),
    [
        (Looked("A1", "placed"), None, "paid"),
        (Looked("A1", "shipped", paid=Fen(3_000)), None, "paid"),
        (Looked("A1", "placed", paid=Fen(6_000)), None, "differs"),
        (Looked("A1", "placed", paid=Fen(2_999)), None, "differs"),
        (Looked("A1", "cancelled"), None, "closed"),
        (Looked("A1", "cancelled"), [], "closed"),
        (Looked("A1", "cancelled", moved=True), None, "differs"),
        (Looked("A1", "cancelled"), [line()], "differs"),
        (Looked("A1", "cancelled"), [line(), line(ordinal=2)], "twice"),
        (Looked("A1", "unpaid"), None, "unpaid"),
        (Looked("A1", "unpaid"), [], "unpaid"),
        (Looked("A1", "unpaid"), [line()], "waits"),
        (Looked("A1", "placed"), [], "waits"),
        (Looked("A1", "placed"), [line()], "paid"),
        (Looked("A1", "placed"), [line(-3_001)], "differs"),
        (Looked("A1", "placed"), [line(), line(ordinal=2)], "twice"),
        (Looked("A1", "unpaid"), [line(), line(ordinal=2)], "twice"),
        (Looked("A1", "placed"), [line(), line(3_000)], "paid"),  # money that came in is none that went out
    ],
)
def test_how_a_payment_ended(look: Looked, lines: list[StatementLine] | None, end: str) -> None:
    assert ended(Fen(3_000), look, lines) == end


def test_lines_quite_alike_are_told_apart() -> None:
    rows = tuple({"at": NOON, "amount": -3_000, "supplier_order_number": "A1"} for _time in range(2))
    lines = lines_of(rows)
    assert [one.ordinal for one in lines] == [1, 2]
    assert new_lines(lines, {lines[0].key}, "A1", Fen(3_000), Fen(3_000)) == [lines[1]]


def test_where_no_order_is_named_each_line_of_just_that_total_counts() -> None:
    lines = [line(-7_550, ""), line(-9_999, "")]
    assert [one.amount for one in new_lines(lines, (), "A1", Fen(3_000), Fen(7_550))] == [-3_000]
    assert len(new_lines([*lines, line(-7_550, "", 2)], (), "A1", Fen(3_000), Fen(7_550))) == 2
    assert new_lines([*lines, line(-1, "A9")], (), "A1", Fen(3_000), Fen(7_550)) == []
