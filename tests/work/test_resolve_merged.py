"""What a person says of a purchase that may be in an order with another one, held against the supplier's pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.errors import AgentError, PageLost, PersonNeeded, Where
from agent.ledger import Ledger
from agent.models import Fen, Reading
from agent.work.recover import apply_answers
from agent.work.run import Run
from tests.ledger.goods import ACCOUNT, FACTS, LATER, LINES, NOW, NUMBER, POST, RECEIVER, REFERENCE, SHOP, order, purchase

OURS, THERE, OTHER = "SECOND", "900100", "2"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """One purchase of two pieces is proven, the end of another one for the same receiver is unknown."""
    with Ledger.open(tmp_path / "ledger.db") as opened:
        for number in (NUMBER, OTHER):
            opened.save_order(order(number=number), NOW, detail=True)
            opened.save_receiver(SHOP, number, RECEIVER, NOW)
        opened.plan([purchase(lines=LINES[:1])], NOW)
        opened.placed(REFERENCE, (THERE,), Fen(2400), Fen(0), NOW)
        opened.plan([replace(purchase(reference=OURS, lines=LINES[:1]), order_number=OTHER)], NOW)
        write = opened.intend("submit", OURS, shop=SHOP, order_number=OTHER, reference=OURS, account=ACCOUNT, at=NOW)
        meant = {"total": 2500, "most_per_order": 9000, "note": "", "seller": "", "hidden": [], "merges": True}
        attempt = opened.begin_attempt([write], account=ACCOUNT, flow="submit_order", baseline=[THERE], meant=meant, at=NOW)
        opened.committing(attempt, FACTS, NOW)
        opened.settle(attempt, "unknown", words="", requests=(POST,), pictures=(), at=LATER)
        yield opened


@dataclass
class Supplier:
    """The one order it has, with so many pieces in it."""

    pieces: int
    lost: AgentError | None = None

    def play(self, flow: str, _values: Any) -> Reading:
        if self.lost:
            raise self.lost
        row = {"supplier_order_number": THERE, "reference": REFERENCE, "ordered_at": NOW, "state": "placed"}
        if flow == "list_orders":
            return Reading({"orders": (row,)}, {}, {})  # type: ignore[dict-item]
        goods = {"product": "H-778", "title": "保温杯", "specification": "白色/500毫升", "unit_price": 1200}
        shown = {
            "receiver_name": RECEIVER.name,
            "phone": "18400913965-7576",
            "region": "浙江省 杭州市 临平区",
            "address": RECEIVER.town + RECEIVER.detail,
            "lines": ({**goods, "quantity": self.pieces},),
            "freight": 50,
            "total": 1200 * self.pieces + 50,
        }
        return Reading({**row, "reference": OURS, **shown}, {}, {})  # type: ignore[dict-item]


def says(ledger: Ledger, answer: str, *, pieces: int, merges: bool = True) -> tuple[str, tuple[str, ...], Fen | None]:
    """The state, the numbers and the total of the purchase, once a person's answer was held against the page."""
    ledger.answer_purchase(SHOP, OTHER, OURS, answer, LATER)
    return applied(ledger, Supplier(pieces), merges=merges)


def applied(ledger: Ledger, supplier: Supplier, *, merges: bool = True) -> tuple[str, tuple[str, ...], Fen | None]:
    """The same, once a run held what was said against this supplier's pages."""
    site = SimpleNamespace(merges_orders=merges, lacks=(), flows={})
    config = SimpleNamespace(site_of=lambda _account: site, suppliers={})
    told = SimpleNamespace(
        config=config,
        ledger=ledger,
        desk=lambda _account: supplier,
        closed_accounts={},
        visits=lambda _account: True,
        foreign={},
        desks={},
        stopped=set(),
        id=None,
    )
    told.now = lambda: LATER
    told.progress = lambda _words: None
    told.tell = lambda what, **facts: ledger.tell(LATER, what)
    apply_answers(cast(Run, told))
    known = ledger.purchase(OURS)
    assert known is not None
    return known.state, known.supplier_order_numbers, known.total


PLANNED = ("planned", (), None)


def test_the_number_of_an_order_that_holds_both_is_taken(ledger: Ledger) -> None:
    assert says(ledger, f"resolve {THERE}", pieces=5) == PLANNED
    assert says(ledger, f"resolve {THERE}", pieces=4, merges=False) == PLANNED
    assert {item.reason for item in ledger.items()} == {"answer_differs"}
    assert says(ledger, f"resolve {THERE}", pieces=4) == ("placed", (THERE,), 2450)
    assert ledger.open_attempts() == []


def test_not_placed_is_not_taken_while_an_order_holds_more_than_is_known(ledger: Ledger) -> None:
    assert says(ledger, "resolve not-placed", pieces=4) == PLANNED
    assert [THERE in item.what for item in ledger.items()] == [True]
    assert says(ledger, "resolve! not-placed", pieces=2) == ("dead", (), None)


@pytest.mark.parametrize(
    "lost",
    [PageLost("no answer", where=Where(account=ACCOUNT)), PersonNeeded("a slider", where=Where(account=ACCOUNT))],
    ids=["lost", "slider"],
)
@pytest.mark.parametrize("verb", ["resolve", "resolve!"])
def test_what_a_person_said_is_asked_of_the_site_again_where_it_could_not_be_now(
    ledger: Ledger, lost: AgentError, verb: str
) -> None:
    ledger.answer_purchase(SHOP, OTHER, OURS, f"{verb} {THERE}", LATER)
    assert applied(ledger, Supplier(4, lost)) == PLANNED
    assert [item.answer for item in ledger.unapplied_answers()] == [f"{verb} {THERE}"]
    assert applied(ledger, Supplier(4)) == ("placed", (THERE,), 2450)
    assert ledger.unapplied_answers() == []


def test_what_a_person_says_last_counts_and_nothing_is_asked_of_the_site_once_it_is_settled(ledger: Ledger) -> None:
    lost = PersonNeeded("a slider", where=Where(account=ACCOUNT))
    ledger.answer_purchase(SHOP, OTHER, OURS, "resolve 999", LATER)
    applied(ledger, Supplier(4, lost))
    ledger.answer_purchase(SHOP, OTHER, OURS, f"resolve {THERE}", LATER)
    assert [item.answer for item in ledger.unapplied_answers()] == ["resolve 999", f"resolve {THERE}"]
    assert applied(ledger, Supplier(4)) == ("placed", (THERE,), 2450)
    ledger.answer_purchase(SHOP, OTHER, OURS, "resolve 999", LATER)
    applied(ledger, Supplier(4, lost))
    assert ledger.unapplied_answers() == []
