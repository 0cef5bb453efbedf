"""A shop whose list and order pages are played, and runs that read it, in a ledger of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.config import Take
from agent.errors import AgentError, PageChanged, PageLost
from agent.ledger import InboxItem, Ledger, StoredOrder
from agent.models import Order, Reading, Row
from agent.work.closing import close_gone
from agent.work.day import to_be_bought
from agent.work.read_orders import read_shop
from agent.work.recover import apply_answers
from agent.work.run import Options, Run, account_failures, always
from tests.ledger.goods import LATER, NOW, NUMBER, SHOP, order, order_line

ACCOUNT = "shop-main"


@dataclass
class Desk:
    """The shop: its orders by number, what its list says of single lines, and the orders whose own page fails."""

    orders: dict[str, Order] = field(default_factory=dict)
    line_states: dict[str, str] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)
    fails: dict[str, AgentError] = field(default_factory=dict)
    opens: dict[str, str] = field(default_factory=dict)  # which order's page comes in place of another's
    opened: list[str] = field(default_factory=list)
    lacks: tuple[str, ...] = ()
    changed: dict[str, int] = field(default_factory=dict)
    lost_in_a_row: int = 0

    def play(self, flow: str, values: Mapping[str, Any]) -> Reading:
        if flow == "list_orders":
            rows = tuple(row for number in sorted(self.listed) for row in self._rows(self.orders[number]))
            return Reading({"orders" if self.lacks else "order_lines": rows}, {}, {})
        number = str(values["order.order_number"])
        self.opened.append(number)
        failed = self.fails.get(number)
        self.changed[flow] = self.changed.get(flow, 0) + 1 if isinstance(failed, PageChanged) else 0
        self.lost_in_a_row = self.lost_in_a_row + 1 if isinstance(failed, PageLost) else 0
        if failed:
            raise failed
        return _page(self.orders[self.opens.get(number, number)])

    def _rows(self, one: Order) -> Iterator[Row]:
        head = {"order_number": one.order_number, "ordered_at": one.ordered_at, "state": one.state}
        if self.lacks:
            yield head
            return
        more = {"order_kind": one.kind, "flag": one.flag, "remark": one.remark}
        for line in _lines(one):
            state = self.line_states.get(str(line["line_number"]), one.state)
            yield cast(Row, {**head, **more, **line, "state": state})


def _lines(one: Order) -> Iterator[Row]:
    words = ("line_number", "title", "specification", "product_id", "merchant_code", "price", "quantity", "after_sales")
    yield from ({**{word: getattr(line, word) for word in words}, "line_kind": line.kind} for line in one.lines)


def _page(one: Order) -> Reading:
    words = ("order_number", "ordered_at", "ship_by", "state", "flag", "remark", "buyer_message", "address_change")
    values = {word: getattr(one, word) for word in words} | {"order_kind": one.kind, "lines": tuple(_lines(one))}
    return Reading(values, {"receiver_name": "张*", "phone": "138****1234", "address": "浙江省 ****"}, {})


@dataclass
class Given:
    ledger: Ledger
    desk: Desk
    run: Run = field(init=False)
    would_buy: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ledger.activate(SHOP, NOW.replace(day=1))
        self.begin()

    @property
    def shop(self) -> Any:
        return self.run.config.shops[SHOP]

    def begin(self) -> Run:
        config = SimpleNamespace(
            shops={SHOP: SimpleNamespace(name=SHOP, account=ACCOUNT, take=Take())},
            suppliers={},
            accounts={ACCOUNT: SimpleNamespace(shows="小林", known_order="")},
            limits=SimpleNamespace(stop_after_unknown=2, stop_after_page_changed=3),
            site_of=lambda _account: SimpleNamespace(lacks=self.desk.lacks, flows={}),
        )
        clock, desks = SimpleNamespace(now=lambda: LATER), {ACCOUNT: self.desk}
        number = self.ledger.begin_run(LATER, "")
        told: list[str] = []
        self.run = Run(
            number, cast(Any, config), self.ledger, cast(Any, desks), cast(Any, clock), Options(), told.append, always
        )
        return self.run

    def put_up(self, *numbers: str, **changed: Any) -> None:
        """The shop shows these orders, of two lines each, in its list."""
        for number in numbers:
            lines = tuple(replace(order_line(f"{number}{at}"), title=f"goods {at}") for at in "AB")
            self.desk.orders[number] = order(number=number, **{"lines": lines, **changed})
            self.desk.listed.add(number)

    def change(self, number: str = NUMBER, **changed: Any) -> None:
        self.desk.orders[number] = replace(self.desk.orders[number], **changed)

    def after_sales(self, *states: str, number: str = NUMBER) -> None:
        lines = zip(self.desk.orders[number].lines, states, strict=True)
        self.change(number, lines=tuple(replace(line, after_sales=state) for line, state in lines))

    def read(self) -> None:
        """What a run does with the shop's orders before anything is bought, and with the inbox at its end."""
        run = self.begin()
        self.desk.changed.clear()
        self.desk.lost_in_a_row = 0
        self.desk.opened.clear()
        apply_answers(run)
        with account_failures(run, ACCOUNT):
            read_shop(run, self.shop)
        self.would_buy = [one.order_number for one in self.ledger.orders("ours") if to_be_bought(run, one)]
        close_gone(run)

    def stored(self, number: str = NUMBER) -> StoredOrder:
        found = self.ledger.order(SHOP, number)
        assert found
        return found

    def items(self) -> list[InboxItem]:
        return self.ledger.items()

    def asked(self) -> list[tuple[str, str]]:
        return [(item.reason, item.order_number) for item in self.items()]


@pytest.fixture
def given(tmp_path: Path) -> Iterator[Given]:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        yield Given(ledger, Desk())
