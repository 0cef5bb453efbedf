"""A bill page is read once a day and asked about as one item a supplier, which closes when both agree; nothing owed is changed by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.errors import AgentError, MachineFailed, PageChanged
from agent.ledger import InboxItem, Ledger
from agent.models import Fen, Reading, Row, Unreadable
from agent.sites.definition import Manners
from agent.work.bill import Bill, Billed, bill_of, bills_daily, compare_bill, read_bill
from agent.work.billed import BillRow
from agent.work.closing import close_gone
from agent.work.reconcile import reconcile
from agent.work.recover import apply_answers
from agent.work.run import Options
from tests.work.owing import DUE, OnCredit, reading
from tests.work.runs import Day
from tests.work.stopping import MALL, SHOP_ACCOUNT


@dataclass
class Desk:
    """The supplier's pages: its bill, each order with what came back for it, or what breaks."""

    rows: list[Row] = field(default_factory=list)
    back: dict[str, int] = field(default_factory=dict)
    broken: BaseException | None = None
    played: list[str] = field(default_factory=list)
    changed: dict[str, int] = field(default_factory=dict)
    lost_in_a_row: int = 0

    def play(self, flow: str, values: Mapping[str, str]) -> Reading:
        self.played.append(flow)
        if self.broken:
            raise self.broken
        if flow == "read_order":
            number = values["purchase_order.supplier_order_number"]
            return reading(int(number[1:]), refunded=self.back.get(number, 0))
        return Reading({"bill": tuple(self.rows)}, {}, {})

    def counters(self) -> Mapping[str, int]:
        return {"pages": len(self.played)}


@dataclass
class OnBill(OnCredit):
    """The supplier's site has a bill page."""

    flows: tuple[str, ...] = ("read_bill",)

    def __post_init__(self) -> None:
        self.mall = Desk()
        super().__post_init__()
        self.desks = {MALL: cast(Any, self.mall), SHOP_ACCOUNT: cast(Any, Desk())}
        self.supplier.seller = ""
        self.run = self.begin()

    def begin(self) -> Any:
        run = super().begin()
        config = cast(Any, run.config)
        site = SimpleNamespace(money_moves_at="month_end", flows=dict.fromkeys(self.flows, ()), manners=Manners(), lacks=())
        config.site_of = lambda _account: site
        config.accounts |= dict.fromkeys((MALL, SHOP_ACCOUNT), SimpleNamespace(manners=None, known_order=""))
        return run

    def bills(self, *rows: tuple[str, int], **more: Any) -> None:
        """The supplier's page shows these numbers and amounts."""
        self.mall.rows = [{"supplier_order_number": number, "total": total, "due_on": DUE, **more} for number, total in rows]

    def compares(self, *rows: tuple[str, int], unread: tuple[str, ...] = ()) -> Billed:
        bill = Bill(tuple(BillRow(number, Fen(total), DUE) for number, total in rows), unread)
        return compare_bill(self.ledger, cast(Any, self.supplier), bill, self.clock.at)

    def daily(self, **options: Any) -> list[str]:
        """The end of a run; what it played at the supplier."""
        self.run = self.begin()
        self.run.options = Options(**options)
        before = len(self.mall.played)
        bills_daily(self.run)
        return self.mall.played[before:]

    def number(self, n: int) -> str:
        return self.payable(n).supplier_order_number

    def asked_about(self) -> list[InboxItem]:
        return [item for item in self.ledger.items() if item.reason == "bill_differs"]


@pytest.fixture
def given(tmp_path: Path) -> Iterator[OnBill]:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        made = OnBill(Day(ledger))
        for n in (1, 2):
            made.owe(n)
        yield made


# asked


def test_where_both_agree_nobody_is_asked(given: OnBill) -> None:
    made = given.compares((given.number(1), 3_960), (given.number(2), 3_960))
    assert (made.agrees, made.item, made.compared.agreed, given.asked_about()) == (True, None, 2, [])


def test_all_differences_are_one_item_with_every_number_and_both_amounts_and_nothing_owed_is_changed(given: OnBill) -> None:
    before = given.ledger.payables()
    one, two = given.number(1), given.number(2)
    made = given.compares((one, 4_000), ("X77", 1_234), (two, 3_960))
    (item,) = given.asked_about()
    assert (item.id, item.kind, item.account, item.shop, item.order_number) == (made.item, "bill", MALL, "", "")
    assert item.what == (
        "The bill of yiwu and the ledger differ in 2 things · X77: billed 12.34 yuan, no purchase of ours: bought by hand, or bought"
        f" twice? · {one}: billed 40.00 yuan, 39.60 yuan by the ledger: 0.40 yuan too much"
    )
    assert "agent payables compare yiwu" in item.todo
    assert given.ledger.payables() == before


def test_it_is_the_same_item_with_fresher_words_and_closes_by_itself(given: OnBill) -> None:
    one, two = given.number(1), given.number(2)
    first = given.compares((one, 4_000), (two, 3_960)).item
    assert first
    given.ledger.told(first, "far")
    again = given.compares((one, 4_000), (two, 3_960))
    assert (again.item, given.asked_about()[0].told) == (first, "far"), "the same is no news"
    other = given.compares((one, 4_000), (two, 1))
    assert (other.item, given.asked_about()[0].told) == (first, ""), "another is"
    assert given.compares((one, 3_960), (two, 3_960)).item is None
    assert given.asked_about() == []


def test_what_is_right_as_it_is_is_not_asked_again_until_something_else_differs(given: OnBill) -> None:
    one, two = given.number(1), given.number(2)
    item = given.compares((one, 4_000), (two, 3_960)).item
    assert item
    given.ledger.answer(item, "approve", given.clock.at)
    apply_answers(given.run)
    assert given.compares((one, 4_000), (two, 3_960)).item is None
    assert given.compares((one, 4_000), (two, 3_961)).item not in (None, item)
    given.compares((one, 3_960), (two, 3_960))
    assert given.asked_about() == []


def test_a_bill_that_could_not_be_read_whole_closes_nothing_and_is_asked_about(given: OnBill) -> None:
    one, two = given.number(1), given.number(2)
    given.compares((one, 4_000), (two, 3_960))
    given.compares((one, 3_960), (two, 3_960), unread=("row 7: spoilt",))
    (item,) = given.asked_about()
    assert item.what == "The bill of yiwu could not be read whole · row 7: spoilt"


def test_the_ends_of_runs_and_the_comparison_of_orders_leave_it_open(given: OnBill) -> None:
    given.compares((given.number(1), 4_000), (given.number(2), 3_960))
    given.run = given.begin()
    cast(Any, given.run.config).shops.clear()
    cast(Any, given.run.config).suppliers.clear()
    close_gone(given.run)
    reconcile(given.run, 30, thorough=False)
    assert len(given.asked_about()) == 1


def test_what_is_billed_may_be_a_purchase_whose_outcome_nobody_knows(given: OnBill) -> None:
    given.compares(("X77", 100))
    assert "by hand" not in given.asked_about()[0].todo
    given.supplier.credit = None
    given.unknown(3)
    given.compares(("X77", 100))
    assert "Nobody knows yet how 1 purchases there ended" in given.asked_about()[0].todo
    given.compares((given.number(1), 100), (given.number(2), 3_960))
    assert "Nobody knows" not in given.asked_about()[0].todo


def test_a_purchase_of_ours_that_was_never_owed_is_named(given: OnBill) -> None:
    given.buy(3, 500)
    (number,) = given.purchase(3).supplier_order_numbers
    made = given.compares((given.number(1), 3_960), (given.number(2), 3_960), (number, 500))
    assert [difference.kind for difference in made.compared.differences] == ["not_owed"]
    assert "REF00003 (yiwu) was never booked as owed here" in made.compared.differences[0].words


# once a day


def test_once_a_day_the_bill_is_read_and_asked_about(given: OnBill) -> None:
    given.bills((given.number(1), 1), (given.number(2), 3_960))
    assert given.daily() == ["read_bill", "read_order"]
    assert len(given.asked_about()) == 1
    assert given.daily() == []
    given.clock.at += timedelta(days=1)
    given.bills((given.number(1), 3_960), (given.number(2), 3_960))
    assert given.daily() == ["read_bill"]
    assert given.asked_about() == []


def test_a_bill_that_is_less_by_what_came_back_agrees(given: OnBill) -> None:
    """By the order's own page, whether anything else of the order is followed any more or not."""
    one = given.number(1)
    given.bills((one, 3_460), (given.number(2), 3_960))
    given.mall.back[one] = 500
    assert given.daily() == ["read_bill", "read_order"]
    assert (given.asked_about(), given.payable(1).amount, given.open_sum()) == ([], 3_460, 3_460 + 3_960)
    given.clock.at += timedelta(days=1)
    assert given.daily() == ["read_bill"]
    assert len(given.ledger.refunds()) == 1


def test_a_bill_that_leaves_out_what_came_back_whole_agrees(given: OnBill) -> None:
    given.bills((given.number(2), 3_960))
    given.mall.back[given.number(1)] = 3_960
    given.daily()
    given.clock.at += timedelta(days=40)
    given.daily()
    assert (given.asked_about(), given.payable(1).amount) == ([], 0)


def test_what_came_back_is_not_taken_from_the_bill(given: OnBill) -> None:
    given.bills((given.number(1), 3_460), (given.number(2), 3_960))
    given.daily()
    assert (len(given.asked_about()), given.payable(1).amount, given.ledger.refunds()) == (1, 3_960, [])


@pytest.mark.parametrize(
    "options",
    [{"dry_run": True}, {"attended": True}, {"order": "69"}, {"accounts": (MALL,)}, {"parts": ("read", "place")}],
)
def test_only_a_whole_run_reads_it(given: OnBill, options: dict[str, Any]) -> None:
    assert given.daily(**options) == []


def test_a_site_without_a_bill_and_a_supplier_without_credit_are_left_alone(given: OnBill) -> None:
    given.flows = ()
    assert given.daily() == []
    given.ledger.drop_mark("billed_at")
    given.flows, given.supplier.credit = ("read_bill",), None
    given.repaid(1, 2)
    assert given.daily() == []


def test_a_page_that_cannot_be_read_closes_its_account_for_the_run_and_the_next_run_reads_again(given: OnBill) -> None:
    given.mall.broken = PageChanged("no such table")
    assert given.daily() == ["read_bill"]
    assert isinstance(given.run.closed_accounts[MALL], AgentError)
    assert given.ledger.time_mark("billed_at") is None and given.asked_about() == []
    given.mall.broken = None
    given.bills((given.number(1), 3_960), (given.number(2), 3_960))
    assert given.daily() == ["read_bill"]
    assert given.ledger.time_mark("billed_at") == given.clock.at


def test_a_fault_of_ours_does_not_end_the_run_and_a_full_disk_does(given: OnBill) -> None:
    given.mall.broken = ZeroDivisionError()
    given.daily()
    assert given.ledger.time_mark("billed_at") is None
    given.mall.broken = MachineFailed("disk full")
    with pytest.raises(MachineFailed):
        given.daily()


# the page


def test_lines_of_a_page_with_what_cannot_be_read_told() -> None:
    bad = Unreadable("三块", "`三块` is no amount of money")
    rows: list[Row] = [
        {"supplier_order_number": "1", "total": 5, "due_on": DUE, "state": "placed", "payment_state": "waiting"},
        {"supplier_order_number": "2", "total": bad},
        {"supplier_order_number": Unreadable("", "nothing stands there"), "total": 5},
        {"supplier_order_number": None, "total": 5},
        {"supplier_order_number": "5", "total": 5, "due_on": None, "payment_state": "paid"},
        {"supplier_order_number": "6", "total": 5, "due_on": Unreadable("?", "`?` is no date"), "state": "cancelled"},
    ]
    made = bill_of(rows)
    assert made.rows == (
        BillRow("1", Fen(5), DUE),
        BillRow("2", None),
        BillRow("5", Fen(5), settled="paid"),
        BillRow("6", Fen(5), settled="cancelled"),
    )
    assert made.unread == (
        "Line 2 of the bill, total: `三块` is no amount of money",
        "Line 3 of the bill, supplier order number: nothing stands there",
        "Line 4 of the bill has no order number",
        "Line 6 of the bill, due date: `?` is no date",
    )


def test_of_an_account_with_several_suppliers_each_gets_its_own_lines(given: OnBill) -> None:
    other = SimpleNamespace(**{**vars(given.supplier), "name": "hangzhou", "seller": "杭州 工厂", "credit": None})
    given.supplier.seller = "义乌工厂"
    cast(Any, given.run.config).suppliers["hangzhou"] = other
    given.mall.rows = [
        {"supplier_order_number": given.number(1), "total": 1, "seller": "杭州工厂"},  # ours is what the ledger says
        {"supplier_order_number": "X1", "total": 2, "seller": "杭州工厂"},
        {"supplier_order_number": "X2", "total": 3},  # nobody knows whose: the one with credit is asked
    ]
    shown = {
        name: [row.number for row in read_bill(given.run, supplier).rows]
        for name, supplier in given.run.config.suppliers.items()
    }
    assert shown == {"yiwu": [given.number(1), "X2"], "hangzhou": ["X1"]}
