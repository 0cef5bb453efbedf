"""A purchase at a supplier that can cancel it, the shop that it was bought for, and what a run does about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.ledger import Ledger, StoredPurchase
from agent.models import CommitFacts, CommitOutcome, Fen, Order, Reading
from agent.work.cancel import carry_out_said, follow_unwanted
from agent.work.cancelled import SAID
from agent.work.recover import apply_answers, recover
from agent.work.run import Options, Run
from tests.ledger.goods import ACCOUNT, LATER, LINES, NOW, NUMBER, POST, REFERENCE, SHOP, order, order_line, purchase

ROW = {"product": "H-778", "title": "保温杯", "specification": "白色/500毫升", "quantity": 4, "unit_price": 1200}
WORDS = {"placed": ("待发货",), "unpaid": ("待付款",), "shipped": ("已发货",), "cancelled": ("已取消",)}


@dataclass
class Supplier:
    """The supplier: what its page of order 900100 shows, and how often its button was clicked."""

    state: str = "placed"
    more: dict[str, object] = field(default_factory=dict)
    clicks: int = 0
    after: str = "cancelled"  # what becomes of the order by the click
    refund_after: str = ""  # and of its refund, where its page shows one
    ends: str = "expected"
    opens: str = "900100"
    shows: str = ""  # the state that its form shows, where that is another one
    dies: bool = False
    left: tuple[Any, ...] = (POST,)
    changed: dict[str, int] = field(default_factory=dict)
    meanwhile: Callable[[], None] = lambda: None

    def play(self, _flow: str, _values: object) -> Reading:
        values = {"supplier_order_number": "900100", "state": self.state, "lines": (ROW,), "shipments": (), **self.more}
        return Reading(values, {"state": WORDS[self.state][0]}, {})  # type: ignore[arg-type]

    def commit(self, _flow: str, values: Mapping[str, Any], record: Callable[[CommitFacts], None]) -> CommitOutcome:
        self.meanwhile()
        shown = {"supplier_order_number": self.opens, "state": self.shows or WORDS[self.state][0]}
        record(CommitFacts("", "", shown))
        assert values["purchase_order.supplier_order_number"] == "900100"
        self.clicks += 1
        self.state = self.after
        if self.refund_after:
            self.more["refund"] = self.refund_after
        if self.dies:
            raise KeyboardInterrupt
        return CommitOutcome(cast(Any, self.ends), "订单不能取消" if self.ends == "refused" else "", self.left, (), None)

    def survey(self, *_told: object, **_more: object) -> None:
        raise AssertionError("no page of the form has an address")


@dataclass
class Shop:
    """The shop: what its page of the order shows."""

    shown: Order
    changed: dict[str, int] = field(default_factory=dict)

    def play(self, _flow: str, _values: object) -> Reading:
        lines = tuple(
            {word: getattr(line, word) for word in ("line_number", "title", "specification", "quantity", "after_sales")}
            | {"merchant_code": ""}
            for line in self.shown.lines
        )
        words = ("order_number", "ordered_at", "ship_by", "state", "flag", "remark", "buyer_message", "address_change")
        values = {word: getattr(self.shown, word) for word in words} | {"order_kind": "ordinary", "lines": lines}
        return Reading(values, {"receiver_name": "", "phone": "", "address": ""}, {})


@dataclass
class Given:
    ledger: Ledger
    supplier: Supplier
    shop: Shop
    run: Run
    rule: SimpleNamespace
    clock: SimpleNamespace

    def shows(self, order_: Order) -> None:
        """The shop shows this, in its list and on the order's page."""
        self.shop.shown = order_
        self.ledger.save_order(order_, NOW, detail=True)

    def say(self) -> None:
        self.ledger.answer_purchase(SHOP, NUMBER, REFERENCE, SAID, LATER)

    def go(self) -> None:
        """What a run does about it."""
        apply_answers(self.run)
        if all(attempt.kind == "cancel" for attempt in self.ledger.open_attempts()):
            recover(self.run)
        carry_out_said(self.run)
        follow_unwanted(self.run)

    def later(self) -> None:
        """Another run, long after."""
        self.clock.at = self.clock.at.replace(day=self.clock.at.day + 1)
        self.run.id = self.ledger.begin_run(self.clock.at, "")
        self.run.stopped.clear()
        self.go()

    def kept(self) -> StoredPurchase:
        return cast(StoredPurchase, self.ledger.purchase(REFERENCE))

    def reasons(self) -> list[str]:
        return [item.reason for item in self.ledger.items()]

    def write(self) -> str:
        known = self.ledger.write("cancel", f"{ACCOUNT} 900100")
        return known.state if known else ""


def refunded(*states: str, **more: object) -> Order:
    lines = tuple(replace(order_line(line), after_sales=state) for line, state in zip(LINES, states, strict=True))
    return order(lines=lines, **more)


GONE = refunded("refunded", "refunded")


@pytest.fixture
def given(tmp_path: Path) -> Iterator[Given]:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        ledger.save_order(order(), NOW, detail=True)
        ledger.dispose(SHOP, NUMBER, "ours", "")
        ledger.plan([purchase()], NOW)
        facts = {"shop": SHOP, "order_number": NUMBER, "reference": REFERENCE, "account": ACCOUNT}
        ledger.found_done("submit", REFERENCE, **facts, at=NOW)
        ledger.placed(REFERENCE, ("900100",), Fen(4800), Fen(0), LATER)
        yield _given(ledger)


def _given(ledger: Ledger) -> Given:
    supplier, shop, clock = Supplier(), Shop(order()), SimpleNamespace(at=LATER, wait=lambda _seconds: None)
    clock.now = lambda: clock.at
    rule = SimpleNamespace(name="yiwu", account=ACCOUNT, cancel="ask", buy_again="always", credit=None)
    site = SimpleNamespace(
        hosts={},
        flows={"cancel_order": SimpleNamespace(steps=())},
        limits=SimpleNamespace(settle=0),
        lacks=(),
        words={"order_states": WORDS},
        money_moves_at="pay",
        touches=lambda _flow: (),
        guesses=lambda _flow: [],
    )
    account = SimpleNamespace(hosts={}, limits=SimpleNamespace(settle=None))
    config = SimpleNamespace(
        shops={SHOP: SimpleNamespace(name=SHOP, account="shop-main")},
        suppliers={"yiwu": rule},
        accounts={"shop-main": account, ACCOUNT: account},
        site_of=lambda _account: site,
        limits=SimpleNamespace(stop_after_unknown=2, stop_after_page_changed=3),
    )
    desks = cast(Any, {"shop-main": shop, ACCOUNT: supplier})
    number = ledger.begin_run(NOW, "")
    run = Run(number, cast(Any, config), ledger, desks, cast(Any, clock), Options(), print, cast(Any, None))
    return Given(ledger, supplier, shop, run, rule, clock)
