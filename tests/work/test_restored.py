"""After a ledger was put back: one question for all of it, a yes that is about this very ledger, and no order parked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.errors import SiteUnavailable
from agent.ledger import Ledger
from agent.work.recover import apply_answers
from agent.work.restored import ask_to_go_on, is_restored
from agent.work.run import Options, Run, always, order_failures
from tests.ledger.goods import FACTS, LATER, NOW, NUMBER, SHOP, begin, intend, order, purchase


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.db") as opened:
        opened.save_order(order(), NOW, detail=True)
        opened.plan([purchase()], NOW)
        opened.put_mark("restored_at", NOW)
        opened.put_mark("restored_from", "ledger-20261121-090000.sqlite")
        yield opened


def run_of(ledger: Ledger, options: Options | None = None) -> Run:
    clock = SimpleNamespace(now=lambda: LATER)
    number = ledger.begin_run(LATER, "run --once")
    return Run(number, cast(Any, None), ledger, {}, cast(Any, clock), options or Options(), print, always)


def test_a_yes_lets_it_go_on(ledger: Ledger) -> None:
    run = run_of(ledger)
    run.closed_accounts["mall-yiwu"] = SiteUnavailable("no answer")
    ask_to_go_on(run)
    ask_to_go_on(run)
    (item,) = ledger.items()
    assert item.reason == "restored" and "ledger-20261121-090000.sqlite" in item.what and "mall-yiwu" in item.what
    ledger.answer(item.id, "approve", LATER)
    assert is_restored(run), "an answer alone changes nothing; the next run acts on it"
    apply_answers(run)
    assert not is_restored(run) and ledger.unapplied_answers() == []
    ask_to_go_on(run)
    assert ledger.items() == []


def test_a_no_leaves_it_as_it_is_and_it_is_asked_again(ledger: Ledger) -> None:
    run = run_of(ledger)
    ask_to_go_on(run)
    ledger.answer(ledger.items()[0].id, "reject", LATER)
    apply_answers(run)
    ask_to_go_on(run)
    assert is_restored(run) and len(ledger.items()) == 1


def test_a_yes_from_before_it_was_put_back_again_says_nothing_about_it(ledger: Ledger) -> None:
    run = run_of(ledger)
    item = ledger.ask("restored", "restored", what="", todo="", at=NOW)
    ledger.put_mark("restored_at", LATER)
    ledger.answer(item, "approve", LATER)
    apply_answers(run)
    assert is_restored(run)


@pytest.mark.parametrize("options", [Options(order=NUMBER), Options(parts=("read", "ship"))])
def test_a_run_that_did_not_look_for_all_orders_does_not_ask(ledger: Ledger, options: Options) -> None:
    ask_to_go_on(run_of(ledger, options))
    assert ledger.items() == []


def test_a_click_that_is_refused_parks_no_order_and_asks_nothing_more(ledger: Ledger) -> None:
    run = run_of(ledger)
    known = ledger.order(SHOP, NUMBER)
    assert known is not None
    with order_failures(run, known):
        ledger.committing(begin(ledger, intend(ledger)), FACTS, LATER)
    after = ledger.order(SHOP, NUMBER)
    assert after is not None and (after.parked, ledger.items(), run.stopped) == ("", [], {(SHOP, NUMBER)})
    assert ["put back from" in failure.what for failure in ledger.failures(run.id)] == [True]
