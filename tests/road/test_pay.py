"""Suppliers paid by the program as a process: once, exactly, to exactly whom; killed and refused; a code shown, scanned, expired.

Judged by the money that the supplier took.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from agent.clock import SystemClock
from agent.ledger import InboxItem, StoredPurchase
from agent.models import (
    CommitFacts,
    Fen,
    MaskedReceiver,
    Order,
    OrderLine,
    PurchaseLine,
    PurchaseOrder,
    SupplierProduct,
)
from tests.market.demo_orders import SHOP, DemoOrder
from tests.road.conftest import MakeRoad
from tests.road.road import KILLED, MALL, Ended, Road, order
from tests.road.small_cashier import PASSWORD, PAYEE, SHOWS, SITE, USER, Code, SmallCashier, Sold

KILL = ("tests.road.killer", "--from", "pay", "--at")


@dataclass
class Paying:
    """A seller whose one supplier has this cashier, and orders that were bought there and are not paid."""

    road: Road
    cashier: SmallCashier

    def set_up(self) -> None:
        account = {"shows": SHOWS, "hosts": f'{{main: "{self.cashier.little.address}"}}'}
        self.road.buys_at("small_cashier", SITE, account, {"user_name": USER, "password": PASSWORD})
        self.road.config("autonomy: place", f"autonomy: place_and_pay\n    payee: {PAYEE}\n    pay: [balance]")

    def buy(self, at: int, total: int = 3_000) -> Sold:
        """One more order of the shop, bought and proven as a run leaves it, and not paid."""
        one = order(at)
        self.road.put_up(one)
        sold = self.cashier.sell(f"S{2000 + at}", one.reference, f"货{at}", "米白/M", 1, total)
        self._record(one, sold)
        return sold

    def _record(self, one: DemoOrder, sold: Sold) -> None:
        now = SystemClock().now()
        shown = self.road.market.shop.orders[one.number]
        lines = tuple(
            OrderLine(each.number, each.title, each.specification, each.merchant_code, each.quantity, "none", "ordinary")
            for each in shown.lines
        )
        masked = MaskedReceiver("周*", "139****0000", "浙江省 杭州市 ****")
        seen = Order(SHOP, one.number, shown.ordered_at, None, "to_ship", "ordinary", "grey", "", "", "none", masked, lines)
        product = SupplierProduct("yiwu", "YW1", sold.title, sold.specification, 1, Fen(sold.total), Fen(sold.total))
        bought = PurchaseOrder(
            *(one.reference, SHOP, one.number, 1, "yiwu", MALL, (PurchaseLine(lines[0].line_number, product, 1),))
        )
        about = {"shop": SHOP, "order_number": one.number, "reference": one.reference, "account": MALL}
        with self.road.ledger() as ledger:
            ledger.save_order(seen, now, detail=True)
            ledger.dispose(SHOP, one.number, "ours", "")
            ledger.plan([bought], now)
            write = ledger.intend("submit", one.reference, at=now, **about)
            meant = {"total": sold.total}
            attempt = ledger.begin_attempt([write], account=MALL, flow="submit_order", baseline=[], meant=meant, at=now)
            ledger.committing(attempt, CommitFacts("", "", {}), now)
            ledger.settle(attempt, "confirmed", words="", requests=[], pictures=[], at=now)
            ledger.placed(one.reference, (sold.number,), Fen(sold.total), Fen(0), now)
            ledger.noted(one.reference, now)

    def pay(self, *words: str, through: tuple[str, ...] = ("agent",)) -> Ended:
        return self.road.agent("pay", *words, through=through)

    def by_code(self) -> None:
        self.road.config("pay: [balance]", "pay: [qr]")

    def paid(self) -> dict[str, int]:
        """What the ledger says was paid, by supplier order number."""
        with self.road.ledger() as ledger:
            return {one.supplier_order_number: one.amount for one in ledger.payments()}

    def purchase(self, sold: Sold) -> StoredPurchase:
        with self.road.ledger() as ledger:
            known = ledger.purchase(sold.reference)
        assert known
        return known

    def write(self, sold: Sold) -> str:
        return self.purchase(sold).pay_state

    def asked(self) -> list[str]:
        return sorted(item.reason for item in self.road.inbox())

    def item(self, reason: str) -> InboxItem:
        (found,) = (item for item in self.road.inbox() if item.reason == reason)
        return found

    @property
    def code(self) -> Code:
        return self.cashier.codes[-1]


@pytest.fixture
def paying(make_road: MakeRoad) -> Iterator[Paying]:
    cashier = SmallCashier().start()
    made = Paying(make_road(72), cashier)
    made.set_up()
    yield made
    cashier.little.stop()


def told(paying: Paying, ended: Ended) -> str:
    return f"{ended.words[-3000:]}\n{paying.road.told()}"


def test_two_orders_are_ticked_and_paid_as_one_once(paying: Paying) -> None:
    first, second = paying.buy(1), paying.buy(2, 4_550)
    trial = paying.pay("--dry-run")
    assert paying.cashier.took == [] and "75.50" in trial.words
    end = paying.pay()
    took = [("balance", first.number, 3_000), ("balance", second.number, 4_550)]
    assert sorted(paying.cashier.took) == took, told(paying, end)
    assert paying.cashier.clicks == 1
    assert paying.paid() == {first.number: 3_000, second.number: 4_550}
    assert paying.asked() == [] and end.code == 0
    with paying.road.ledger() as ledger:
        assert sorted(line.amount for line in ledger.statement(MALL)) == [-4_550, -3_000]
        assert ledger.balance(MALL) and ledger.balance(MALL)[0] == 100_000 - 7_550  # type: ignore[index]
    assert paying.purchase(first).paid_at is not None
    paying.pay()
    assert sorted(paying.cashier.took) == took and paying.cashier.clicks == 1


@pytest.mark.slow
def test_killed_between_click_and_proof_it_is_found_paid_and_not_paid_again(paying: Paying) -> None:
    sold = paying.buy(1)
    end = paying.pay(through=(*KILL, "clicked:before", "--"))
    assert end.code == KILLED, told(paying, end)
    assert paying.write(sold) == "committing" and len(paying.cashier.took) == 1
    end = paying.pay()
    assert paying.cashier.took == [("balance", sold.number, 3_000)], told(paying, end)
    assert paying.paid() == {sold.number: 3_000} and paying.asked() == []


@pytest.mark.slow
def test_paid_but_the_page_shows_an_error(paying: Paying) -> None:
    sold = paying.buy(1)
    paying.cashier.breaks = True
    end = paying.pay()
    assert paying.cashier.took == [("balance", sold.number, 3_000)], told(paying, end)
    assert paying.paid() == {sold.number: 3_000}


@pytest.mark.slow
def test_taken_twice_it_is_held_and_a_person_is_told(paying: Paying) -> None:
    sold = paying.buy(1)
    paying.cashier.takes = 2
    end = paying.pay()
    assert paying.write(sold) == "held", told(paying, end)
    assert paying.asked() == ["pay_held"] and paying.paid() == {}
    paying.pay()
    assert paying.cashier.clicks == 1


@pytest.mark.slow
@pytest.mark.parametrize("what", ["dearer", "other payee"])
def test_another_amount_or_payee_at_the_cashier_is_not_paid(paying: Paying, what: str) -> None:
    sold = paying.buy(1)
    if what == "dearer":
        sold.asks = 3_001
    else:
        paying.cashier.payee = "义乌小批发"
    end = paying.pay()
    assert paying.cashier.took == [] and paying.cashier.clicks == 0, told(paying, end)
    assert paying.asked() == ["pay_differs"] and paying.write(sold) == "intended"
    assert ("30.01" if what == "dearer" else PAYEE) in paying.item("pay_differs").what


@pytest.mark.slow
def test_cheaper_is_paid_only_where_the_order_says_so_too(paying: Paying) -> None:
    sold = paying.buy(1)
    sold.asks = 2_800
    end = paying.pay()
    assert paying.cashier.took == [], told(paying, end)
    assert paying.asked() == ["pay_differs"]
    sold.total, sold.asks = 2_800, None
    end = paying.pay()
    assert paying.cashier.took == [("balance", sold.number, 2_800)], told(paying, end)
    assert paying.purchase(sold).total == 2_800 and paying.asked() == []


@pytest.mark.slow
def test_what_the_site_refuses_is_never_sent_again(paying: Paying) -> None:
    sold = paying.buy(1)
    paying.cashier.refuses = "余额被冻结"
    paying.pay()
    assert paying.write(sold) == "unknown" and paying.asked() == ["pay_unknown"]
    end = paying.pay()
    assert paying.write(sold) in ("unknown", "refused"), told(paying, end)
    assert paying.cashier.clicks == 1 and paying.cashier.took == []


@pytest.mark.slow
def test_a_balance_that_is_too_low_is_asked_for_once_with_what_is_missing(paying: Paying) -> None:
    first, second = paying.buy(1), paying.buy(2, 4_550)
    paying.cashier.balance = 3_500
    end = paying.pay()
    assert paying.cashier.took == [("balance", first.number, 3_000)], told(paying, end)
    assert paying.asked() == ["balance"] and "40.50" in paying.item("balance").todo
    paying.cashier.balance = 10_000
    paying.pay()
    assert paying.paid() == {first.number: 3_000, second.number: 4_550} and paying.asked() == []


@pytest.mark.slow
def test_an_order_whose_buyer_wants_a_refund_is_not_paid(paying: Paying) -> None:
    sold = paying.buy(1)
    shown = next(iter(paying.road.market.shop.orders.values()))
    paying.road.market.shop.open_refund(shown.number)
    end = paying.pay()
    assert paying.cashier.took == [] and paying.cashier.clicks == 0, told(paying, end)
    assert paying.asked() == ["changed"] and paying.write(sold) == ""


@pytest.mark.slow
def test_a_code_is_shown_scanned_and_proven_by_the_next_run(paying: Paying) -> None:
    first, second = paying.buy(1), paying.buy(2, 4_550)
    paying.by_code()
    end = paying.pay()
    assert paying.asked() == ["pay_by_code"], told(paying, end)
    item = paying.item("pay_by_code")
    assert "75.50" in item.what and PAYEE in item.what and first.number in item.what and second.number in item.what
    assert item.evidence and item.evidence.read_bytes().startswith(b"\x89PNG")
    page = max((paying.road.home / "reports").glob("*.html"), key=lambda path: path.stat().st_mtime_ns)
    assert "data:image/png;base64," in page.read_text(encoding="utf-8"), "the report shows the code"
    paying.pay()
    assert len(paying.cashier.codes) == 1, "its orders are in no other code"
    assert paying.asked() == ["pay_by_code"] and paying.paid() == {}
    paying.cashier.scan(paying.code)
    end = paying.pay()
    assert paying.paid() == {first.number: 3_000, second.number: 4_550}, told(paying, end)
    assert paying.asked() == [] and len(paying.cashier.codes) == 1


@pytest.mark.slow
def test_a_code_that_expired_gives_way_to_a_new_one(paying: Paying) -> None:
    sold = paying.buy(1)
    paying.by_code()
    for count in (1, 2, 3):
        end = paying.pay()
        assert len(paying.cashier.codes) == count, told(paying, end)
        assert paying.asked() == ["pay_by_code"] and paying.write(sold) == "unknown"
        paying.code.state = "已过期"
    assert paying.cashier.took == []


@pytest.mark.slow
def test_a_code_for_another_payee_is_shown_to_nobody(paying: Paying) -> None:
    sold = paying.buy(1)
    paying.by_code()
    paying.cashier.code_payee = "某某商行"
    end = paying.pay()
    assert paying.asked() == ["pay_differs"], told(paying, end)
    assert paying.write(sold) == "intended" and len(paying.cashier.codes) == 1
    assert not list((paying.road.home / "evidence").rglob("*-code.png")), "nobody may come upon it"


@pytest.mark.slow
def test_paid_by_a_person_elsewhere_it_is_booked_and_not_paid(paying: Paying) -> None:
    sold = paying.buy(1)
    paying.cashier._take("app", sold)
    end = paying.pay()
    assert paying.cashier.clicks == 0 and paying.paid() == {sold.number: 3_000}, told(paying, end)
    with paying.road.ledger() as ledger:
        assert [(one.method, one.attempt) for one in ledger.payments()] == [("outside", None)]
