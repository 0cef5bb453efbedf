"""An order that the supplier put two purchases into: proven only by exactly both, and by no more money than stood at the click."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.errors import Mismatch
from agent.ledger import StoredPurchase
from agent.models import Fen, PurchaseLine, Reading, Unreadable, WriteState
from agent.work.buy import not_settled
from agent.work.compare import Verdict, judge
from agent.work.look import look, shared
from agent.work.merged import growth, judge_grown, nothing_came_in
from agent.work.reference import reference
from agent.work.run import Run
from tests.work.given import CUP, MEANT, NOON, ORDER, PURCHASE, SHIRT, page, row

FIRST, OURS, STRANGE = (reference("xiaolin", PURCHASE.order_number, counter) for counter in (1, 2, 3))
# There stood three shirts and a cup for 1240.50 + 5.00; two more cups for 2469.00 + 4.00 were clicked.
BEFORE = (row(SHIRT, 3), row(CUP, 1))
GOODS_BEFORE, AT_CLICK = 3 * 1800 + 123450, Fen(2 * 123450 + 400)
STOOD = StoredPurchase(
    reference=FIRST,
    shop="xiaolin",
    order_number="6920000000000000001",
    counter=1,
    supplier="yiwu",
    account="mall-yiwu",
    lines=(PurchaseLine("1", SHIRT, 3), PurchaseLine("2", CUP, 1)),
    state="placed",
    supplier_order_numbers=("900100",),
    total=Fen(GOODS_BEFORE + 500),
    freight=Fen(500),
    placed_at=None,
    noted_at=None,
    on_my_word=False,
    write_state="confirmed",
)
CLICKED = replace(
    MEANT,
    purchase=replace(PURCHASE, reference=OURS, counter=2, lines=(PurchaseLine("1", CUP, 2),)),
    note=f"单号 {OURS} 请勿放价格单",
    total=AT_CLICK,
    merges=True,
)
BOTH = (row(SHIRT, 3), row(CUP, 3))


def shown(*rows: dict[str, object], freight: int = 900, **more: object) -> Reading:
    goods = sum(int(str(r["unit_price"])) * int(str(r["quantity"])) for r in rows)
    told = {"reference": FIRST, "supplier_note": f"单号 {FIRST} 请勿放价格单", "freight": freight, "total": goods + freight}
    return page(rows, chosen={}, **told | more)


NOTES = f"单号 {FIRST} 请勿放价格单 单号 {OURS} 请勿放价格单"
DECISIONS: dict[str, tuple[Reading, Verdict]] = {
    "nothing came in": (shown(*BEFORE, freight=500), "none"),
    "nothing came in, and it costs less": (shown(*BEFORE, freight=300), "none"),
    "nothing came in, and it costs more": (shown(*BEFORE, freight=501), "differs"),
    "both": (shown(*BOTH), "exact"),
    "both, one row a purchase": (shown(*BEFORE, row(CUP, 2)), "exact"),
    "both, the freight grew by less": (shown(*BOTH, freight=600), "exact"),
    "both, and no freight any more": (shown(*BOTH, freight=0), "exact"),
    "both, the freight grew by more": (shown(*BOTH, freight=901), "differs"),
    "both, under our reference": (shown(*BOTH, reference=OURS), "exact"),
    "both, under both references and notes": (shown(*BOTH, reference=f"{FIRST},{OURS}", supplier_note=NOTES), "exact"),
    "both, under a reference of something else": (shown(*BOTH, reference=STRANGE), "differs"),
    "both, and a reference more": (shown(*BOTH, reference=f"{FIRST} {STRANGE}"), "differs"),
    "both, our note is lost": (shown(*BOTH, supplier_note=FIRST), "differs"),
    "both, for somebody else": (shown(*BOTH, receiver_name="李四"), "differs"),
    "both, dearer by the piece": (shown(row(SHIRT, 3), row(CUP, 3, 130001), freight=0), "differs"),
    "both, and a sum that is none": (shown(*BOTH, total=1), "differs"),
    "a part": (shown(row(SHIRT, 3), row(CUP, 2)), "less"),
    "twice": (shown(row(SHIRT, 3), row(CUP, 5)), "more"),
    "both, and goods of somebody": (shown(*BOTH, row(SHIRT, 1, product="A-9", title="袜子")), "more"),
    "only goods of somebody": (shown(*BEFORE, row(SHIRT, 1, product="A-9", title="袜子")), "differs"),
    "ours in the place of what stood there": (shown(row(CUP, 3)), "differs"),
    "what stood there was taken out": (shown(row(SHIRT, 3)), "differs"),
    "a row that cannot be read": (shown(*BEFORE, row(CUP, 2, title=Unreadable("?", "cut"))), "differs"),
    "no rows": (shown(), "differs"),
}


@pytest.mark.parametrize("told", DECISIONS)
def test_what_an_order_that_held_another_purchase_says_of_ours(told: str) -> None:
    reading, verdict = DECISIONS[told]
    assert judge_grown(reading, CLICKED, [STOOD]) == verdict


def test_three_in_one_order() -> None:
    second = replace(STOOD, reference=STRANGE, lines=(PurchaseLine("1", SHIRT, 1),), total=Fen(1800), freight=Fen(0))
    assert judge_grown(shown(row(SHIRT, 4), row(CUP, 3)), CLICKED, [STOOD, second]) == "exact"
    assert judge_grown(shown(*BOTH), CLICKED, [STOOD, second]) == "differs"
    assert judge_grown(shown(row(SHIRT, 4), row(CUP, 1), freight=500), CLICKED, [STOOD, second]) == "none"


@pytest.mark.parametrize("other", [replace(STOOD, total=None), replace(STOOD, supplier_order_numbers=("900100", "900101"))])
def test_where_it_is_not_known_what_stood_there_nothing_is_proven(other: StoredPurchase) -> None:
    assert judge_grown(shown(*BOTH), CLICKED, [other]) == "differs"
    assert judge_grown(shown(*BEFORE, freight=501), CLICKED, [other]) == "none"


def test_a_part_of_another_purchase_is_nothing_that_came_in() -> None:
    split = replace(STOOD, supplier_order_numbers=("900100", "900101"))
    assert judge_grown(shown(row(SHIRT, 3)), CLICKED, [split]) == "none"


def test_what_it_added() -> None:
    assert (growth(shown(*BOTH), [STOOD], "total"), growth(shown(*BOTH), [STOOD], "freight")) == (AT_CLICK, 400)
    assert growth(shown(*BOTH, freight=100), [STOOD], "freight") is None
    assert growth(shown(*BOTH), [replace(STOOD, total=None)], "total") is None


def test_before_a_click_an_order_may_hold_no_more_than_is_known() -> None:
    assert nothing_came_in(shown(*BEFORE), [STOOD])
    assert nothing_came_in(shown(row(SHIRT, 3)), [STOOD])  # taken out: told of the other purchase
    assert not nothing_came_in(shown(*BOTH), [STOOD])
    assert not nothing_came_in(shown(), [STOOD])


def test_a_new_order_that_holds_the_goods_of_another_purchase_too_is_not_ours() -> None:
    assert judge([shown(*BOTH, reference=OURS, supplier_note=CLICKED.note)], CLICKED) == "more"


# before the click


@dataclass
class Site:
    """A supplier's list and pages; the ledger knows one purchase of ours there for the same receiver."""

    pages: dict[str, Reading]
    stored: tuple[StoredPurchase, ...] = (STOOD,)
    opened: list[str] = field(default_factory=list)

    def play(self, flow: str, values: Any) -> Reading:
        if flow == "list_orders":
            rows = [{"supplier_order_number": n, "ordered_at": NOON, "state": "placed", "reference": ""} for n in self.pages]
            return Reading({"orders": tuple(rows)}, {}, {})  # type: ignore[dict-item]
        number = str(values["purchase_order.supplier_order_number"])
        self.opened.append(number)
        return replace(self.pages[number], values={**self.pages[number].values, "supplier_order_number": number})

    @property
    def run(self) -> Run:
        ledger = SimpleNamespace(
            known_order=lambda _account: ("900100", ""),
            numbers_claimed=lambda _account: {"900100"},
            numbers_for=lambda _account, receiver: {"900100"} if receiver == MEANT.receiver else frozenset(),
            purchases_in=lambda _account, _number: list(self.stored),
            purchases=lambda *_states, account: list(self.stored),
            receiver=lambda _shop, _number: MEANT.receiver,
            answered=lambda _cause: "",
        )
        config = SimpleNamespace(site_of=lambda _account: SimpleNamespace(lacks=()))
        return cast(Run, SimpleNamespace(ledger=ledger, config=config, desk=lambda _account: self, foreign={}))


def test_an_order_that_holds_more_than_is_known_may_be_this_purchase_already() -> None:
    with pytest.raises(Mismatch, match="900100") as stopped:
        look(Site({"900100": shown(*BOTH)}).run, CLICKED, ORDER)
    assert stopped.value.reason == "alike"
    as_known = Site({"900100": shown(*BEFORE)})
    assert look(as_known.run, CLICKED, ORDER).baseline == {"900100"}
    assert as_known.opened == ["900100"]


def test_where_the_site_does_not_merge_the_orders_of_others_of_ours_are_not_opened() -> None:
    site = Site({"900100": shown(*BOTH)})
    look(site.run, replace(CLICKED, merges=False), ORDER)
    assert (site.opened, shared(site.run, replace(CLICKED, merges=False), [])) == ([], [])


@pytest.mark.parametrize(("state", "waits"), [("unknown", True), ("held", True), ("committing", True), ("intended", False)])
def test_one_purchase_for_a_receiver_at_a_time(state: WriteState, waits: bool) -> None:
    run = Site({}, (replace(STOOD, state="planned", write_state=state),)).run
    assert bool(not_settled(run, CLICKED)) is waits
    assert not not_settled(run, replace(CLICKED, merges=False))
    assert not not_settled(run, replace(CLICKED, purchase=replace(CLICKED.purchase, reference=FIRST)))
