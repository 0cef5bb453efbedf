"""A click whose run was killed before its proof: what later runs prove of it, and what becomes of its order."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.ledger import Ledger
from agent.models import CommitOutcome, Reading, Row
from agent.work.day import to_be_bought
from agent.work.recover import apply_answers, recover
from agent.work.run import Options, Run, always
from tests.ledger.goods import ACCOUNT, FACTS, LATER, NOW, NUMBER, POST, RECEIVER, REFERENCE, SHOP, order, purchase

OTHER: Row = {"supplier_order_number": "1", "reference": "X", "ordered_at": NOW, "state": "placed"}
ABOUT = {"shop": SHOP, "order_number": NUMBER, "reference": REFERENCE, "account": ACCOUNT}
THEIRS = "900200"


def run_at(ledger: Ledger, at: datetime, *rows: Row) -> Run:
    """A run at a supplier whose list shows another order, and these, whose pages hold the goods of the purchase."""
    limits = SimpleNamespace(settle=0)
    site = SimpleNamespace(merges_orders=False, lacks=(), flows={}, limits=limits)
    config = SimpleNamespace(
        site_of=lambda _account: site,
        suppliers={},
        accounts={ACCOUNT: SimpleNamespace(known_order="1", limits=limits)},
        limits=SimpleNamespace(stop_after_unknown=9, stop_after_page_changed=9),
    )

    def play(flow: str, _values: object) -> Reading:
        return _page(rows[0]) if flow == "read_order" else Reading({"orders": (OTHER, *rows)}, {}, {})

    desk = SimpleNamespace(play=play, lost_in_a_row=0, changed={})
    clock = SimpleNamespace(now=lambda: at, wait=lambda _seconds: None)
    number = ledger.begin_run(at, "run --once")
    desks = cast(Any, {ACCOUNT: desk})
    return Run(number, cast(Any, config), ledger, desks, cast(Any, clock), Options(), lambda _words: None, always)


def _page(row: Row) -> Reading:
    goods = {"product": "H-778", "title": "保温杯", "specification": "白色/500毫升", "unit_price": 1200, "quantity": 4}
    shown = {
        "receiver_name": RECEIVER.name,
        "phone": "18400913965-7576",
        "region": "浙江省 杭州市 临平区",
        "address": RECEIVER.town + RECEIVER.detail,
        "lines": (goods,),
        "freight": 0,
        "total": 4800,
    }
    return Reading({**row, **shown}, {}, {})  # type: ignore[dict-item]


def begun(ledger: Ledger) -> int:
    """An order of ours whose form is filled, its click comes next."""
    ledger.save_order(order(), NOW, detail=True)
    ledger.dispose(SHOP, NUMBER, "ours", "")
    ledger.save_receiver(SHOP, NUMBER, RECEIVER, NOW)
    ledger.plan([purchase()], NOW)
    meant = {"total": 4800, "most_per_order": 9000, "note": "", "seller": "", "hidden": [], "merges": False}
    write = ledger.intend("submit", REFERENCE, **ABOUT, at=NOW)
    return ledger.begin_attempt([write], account=ACCOUNT, flow="submit_order", baseline=["1"], meant=meant, at=NOW)


def says(ledger: Ledger, answer: str, row: Row) -> tuple[str, list[str]]:
    """The state of the purchase, and what is asked, once a run held what a person said against the supplier's pages."""
    ledger.answer_purchase(SHOP, NUMBER, REFERENCE, answer, LATER)
    apply_answers(run_at(ledger, LATER, row))
    known = ledger.purchase(REFERENCE)
    assert known
    return known.state, [item.reason for item in ledger.items()]


@pytest.mark.parametrize("end", ["killed", "settled", "clicked"])
def test_an_order_made_by_hand_is_taken_over_unless_ours_was_clicked(tmp_path: Path, end: str) -> None:
    by_hand = {**OTHER, "supplier_order_number": THEIRS, "reference": ""}
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        attempt = begun(ledger)
        if end == "settled":
            ledger.settle(attempt, "intended", words="another price", requests=(), pictures=(), at=NOW)
        if end == "clicked":
            ledger.committing(attempt, FACTS, NOW)
            ledger.settle(attempt, "unknown", words="", requests=(POST,), pictures=(), at=NOW)
        taken = ("planned", ["answer_differs"]) if end == "clicked" else ("placed", [])
        assert says(ledger, f"resolve {THEIRS}", by_hand) == taken


def test_what_is_held_and_cancelled_at_the_supplier_by_hand_is_settled_by_a_word(tmp_path: Path) -> None:
    ours = {**OTHER, "supplier_order_number": THEIRS, "reference": REFERENCE}
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        attempt = begun(ledger)
        ledger.committing(attempt, FACTS, NOW)
        ledger.settle(attempt, "held", words="", requests=(POST,), pictures=(), at=NOW)
        assert says(ledger, "resolve! not-placed", ours) == ("planned", ["answer_differs"])
        assert says(ledger, "resolve! not-placed", {**ours, "state": "cancelled"}) == ("dead", ["not_placed"])


def test_a_word_is_not_taken_against_what_the_site_shows(tmp_path: Path) -> None:
    another = {**OTHER, "supplier_order_number": THEIRS, "reference": ""}
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        begun(ledger)
        assert says(ledger, "resolve! 900777", another) == ("planned", ["Mismatch"])


def test_what_the_supplier_refused_before_the_kill_is_bought_again_only_after_a_yes(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        attempt = begun(ledger)
        ledger.committing(attempt, FACTS, NOW)
        ledger.clicked(attempt, CommitOutcome("refused", "库存不足", (POST,), (), None))
    for hours in (1, 2, 3):  # each run is another process
        with Ledger.open(tmp_path / "ledger.db") as ledger:
            run = run_at(ledger, LATER + timedelta(hours=hours))
            recover(run)
            stored = ledger.order(SHOP, NUMBER)
            assert stored and not to_be_bought(run, stored)
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        assert [(one.state, one.write_state) for one in ledger.purchases()] == [("dead", "refused")]
        (item,) = (one for one in ledger.items() if one.reason == "SiteRefused")
        ledger.answer(item.id, "approve", LATER + timedelta(hours=4))
        run = run_at(ledger, LATER + timedelta(hours=4))
        apply_answers(run)
        stored = ledger.order(SHOP, NUMBER)
        assert stored and to_be_bought(run, stored)
