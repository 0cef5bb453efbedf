"""A click whose run was killed before its proof: what later runs prove of it, and what becomes of its order."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from agent.ledger import Ledger
from agent.models import CommitOutcome, Reading
from agent.work.day import to_be_bought
from agent.work.recover import apply_answers, recover
from agent.work.run import Options, Run, always
from tests.ledger.goods import ACCOUNT, FACTS, LATER, NOW, NUMBER, POST, RECEIVER, REFERENCE, SHOP, order, purchase


def run_at(ledger: Ledger, at: datetime) -> Run:
    """A run at a supplier whose list shows another order only."""
    row = {"supplier_order_number": "1", "reference": "X", "ordered_at": NOW, "state": "placed"}
    limits = SimpleNamespace(settle=0)
    site = SimpleNamespace(merges_orders=False, lacks=(), flows={}, limits=limits)
    config = SimpleNamespace(
        site_of=lambda _account: site,
        suppliers={},
        accounts={ACCOUNT: SimpleNamespace(known_order="1", limits=limits)},
        limits=SimpleNamespace(stop_after_unknown=9, stop_after_page_changed=9),
    )
    play = lambda _flow, _values: Reading({"orders": (row,)}, {}, {})  # type: ignore[dict-item]  # noqa: E731
    desk = SimpleNamespace(play=play, lost_in_a_row=0, changed_in_a_row=0)
    clock = SimpleNamespace(now=lambda: at, wait=lambda _seconds: None)
    number = ledger.begin_run(at, "run --once")
    desks = cast(Any, {ACCOUNT: desk})
    return Run(number, cast(Any, config), ledger, desks, cast(Any, clock), Options(), lambda _words: None, always)


def test_what_the_supplier_refused_before_the_kill_is_bought_again_only_after_a_yes(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        ledger.save_order(order(), NOW, detail=True)
        ledger.dispose(SHOP, NUMBER, "ours", "")
        ledger.save_receiver(SHOP, NUMBER, RECEIVER, NOW)
        ledger.plan([purchase()], NOW)
        about = {"shop": SHOP, "order_number": NUMBER, "reference": REFERENCE, "account": ACCOUNT}
        meant = {"total": 2500, "most_per_order": 9000, "note": "", "seller": "", "hidden": [], "merges": False}
        write = ledger.intend("submit", REFERENCE, **about, at=NOW)
        attempt = ledger.begin_attempt([write], account=ACCOUNT, flow="submit_order", baseline=["1"], meant=meant, at=NOW)
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
