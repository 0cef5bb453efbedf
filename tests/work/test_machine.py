"""Disk and ledger fail under a run: it ends at once, nothing is clicked without its row, and what is only told stops nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.browser.evidence import Evidence
from agent.config import Fees
from agent.errors import LedgerUnusable, MachineFailed, Mismatch, OutcomeUnknown, SiteUnavailable
from agent.ledger import Attempt, Ledger, backups
from agent.models import CommitFacts, CommitOutcome, Fen
from agent.work import buy, prove, recover
from agent.work.compare import Meant
from agent.work.day import close_run
from agent.work.machine import back_up_daily
from agent.work.run import Options, Run, account_failures, always, order_failures
from tests.ledger.goods import ACCOUNT, FACTS, NOW, NUMBER, POST, REFERENCE, SHOP, begin, intend, order, purchase, write_state
from tests.ledger.test_unusable import LONG, no_room, room

FULL = OSError(28, "No space left on device")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.db") as opened:
        opened.save_order(order(), NOW, detail=True)
        opened.dispose(SHOP, NUMBER, "ours", "")
        opened.plan([purchase()], NOW)
        yield opened


def run_of(ledger: Ledger, desk: object = None) -> Run:
    supplier = SimpleNamespace(
        name="yiwu",
        most_per_order=Fen(9_000),
        most_per_day=Fen(90_000),
        most_orders_per_day=9,
        most_per_product_per_hour=9,
        credit=None,
        most_freight=None,
        freight_by_region={},
    )
    config = SimpleNamespace(
        path=ledger.path.with_name("config.yaml"),
        limits=SimpleNamespace(
            most_orders_per_day=9, most_money_per_day=Fen(90_000), stop_after_unknown=9, stop_after_page_changed=9
        ),
        shops={SHOP: SimpleNamespace(name=SHOP, account="shop-main", fees=Fees(), least_margin=None)},
        suppliers={"yiwu": supplier},
    )
    clock = SimpleNamespace(now=lambda: NOW)
    number = ledger.begin_run(NOW, "run --once")
    desks = {ACCOUNT: desk} if desk else {}
    return Run(number, cast(Any, config), ledger, cast(Any, desks), cast(Any, clock), Options(), print, always)


@pytest.mark.parametrize("around", ["order", "account", "both"])
def test_a_ledger_that_cannot_be_written_ends_the_run_and_parks_nothing(ledger: Ledger, around: str) -> None:
    run = run_of(ledger)
    known = ledger.order(SHOP, NUMBER)
    assert known is not None
    no_room(ledger)

    def job() -> None:
        if around == "order":
            with order_failures(run, known):
                ledger.tell(NOW, LONG)
        elif around == "account":
            with account_failures(run, ACCOUNT):
                ledger.tell(NOW, LONG)
        else:
            with account_failures(run, ACCOUNT), order_failures(run, known):
                ledger.tell(NOW, LONG)

    with pytest.raises(LedgerUnusable):
        job()
    after = ledger.order(SHOP, NUMBER)
    assert after is not None and (after.parked, ledger.items(), run.closed_accounts, run.stopped) == ("", [], {}, set())


class Button:
    """What a commit does: the row first, then the click."""

    def __init__(self, facts: CommitFacts = FACTS, outcome: CommitOutcome | None = None) -> None:
        self.clicks = 0
        self.facts = facts
        self.outcome = outcome or CommitOutcome("expected", "", (), (), None)

    def __call__(self, record: Callable[[CommitFacts], None]) -> CommitOutcome:
        record(self.facts)
        self.clicks += 1
        return self.outcome


def test_no_click_comes_after_a_row_that_could_not_be_written(ledger: Ledger) -> None:
    run, button = run_of(ledger), Button(replace(FACTS, page_address=f"https://mall.example/{LONG}"))
    attempt = begin(ledger, intend(ledger))
    no_room(ledger)
    with pytest.raises(LedgerUnusable, match="disk is full"):
        prove.click(run, attempt, button, lambda _facts: None)
    assert (button.clicks, write_state(ledger)) == (0, "intended")
    room(ledger)
    again = Button()
    prove.click(run, begin(ledger, intend(ledger)), again, lambda _facts: None)
    assert (again.clicks, ledger.clicks(REFERENCE)) == (1, 1), "nothing was sent before, so it is not counted"


def test_an_end_that_cannot_be_written_leaves_the_click_open_for_proof(ledger: Ledger) -> None:
    run, button = run_of(ledger), Button(outcome=CommitOutcome("refused", LONG, (), (), None))
    attempt = begin(ledger, intend(ledger))
    no_room(ledger)
    with pytest.raises(LedgerUnusable):
        prove.click(run, attempt, button, lambda _facts: None)
    with Ledger.open(ledger.path) as later:
        assert (button.clicks, write_state(later)) == (1, "committing")
        assert [each.id for each in later.open_attempts()] == [attempt]
        with pytest.raises(OutcomeUnknown):
            begin(later, intend(later))


def test_a_locked_ledger_lets_no_click_through(ledger: Ledger) -> None:
    run, button = run_of(ledger), Button()
    attempt = begin(ledger, intend(ledger))
    ledger.db.conn.execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(ledger.path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerUnusable, match="held by another program"):
        prove.click(run, attempt, button, lambda _facts: None)
    other.close()
    assert (button.clicks, write_state(ledger)) == (0, "intended")


# ---- a machine that slept


class Sleeps(Button):
    """The machine sleeps for hours between the click and what the page says of it, or before the row is written."""

    def __init__(self, clock: Any, when: str) -> None:
        super().__init__(outcome=CommitOutcome("unclear", "nothing of what was expected came", (POST,), (), None))
        self.clock, self.when = clock, when

    def __call__(self, record: Callable[[CommitFacts], None]) -> CommitOutcome:
        if self.when == "before":
            self.clock.now = lambda: NOW + timedelta(hours=3)
        outcome = super().__call__(record)
        self.clock.now = lambda: NOW + timedelta(hours=3)
        return outcome


def test_a_machine_that_slept_after_the_click_proves_and_never_clicks_again(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_of(ledger)
    button = Sleeps(run.clock, "after")
    attempt = begin(ledger, intend(ledger))
    outcome = prove.click(run, attempt, button, lambda _facts: None)
    looked: list[int] = []

    def nothing_there(_run: Run, _meant: Meant, known: Attempt, *, patient: bool) -> prove.Proof:
        looked.append(known.id)
        return prove.Proof("none")

    monkeypatch.setattr(prove, "_search", nothing_there)
    monkeypatch.setattr(prove, "settle_time", lambda *_facts: timedelta(seconds=2))
    meant = cast(Meant, SimpleNamespace(purchase=purchase()))
    with pytest.raises(OutcomeUnknown):
        prove.settle_by_proof(run, meant, ledger.attempt(attempt), outcome)
    assert (button.clicks, looked, write_state(ledger)) == (1, [attempt], "unknown")
    with pytest.raises(OutcomeUnknown):
        begin(ledger, intend(ledger))


def test_a_machine_that_slept_before_the_row_does_not_click(ledger: Ledger) -> None:
    run = run_of(ledger)
    button = Sleeps(run.clock, "before")
    attempt = begin(ledger, intend(ledger))
    with pytest.raises(Mismatch, match="60 seconds"):
        prove.click(run, attempt, button, lambda _facts: prove.still_fresh(run, NOW + buy.FRESH))
    assert (button.clicks, write_state(ledger)) == (0, "intended")


# ---- a click whose first look got no answer


@pytest.mark.parametrize(("left", "becomes"), [((), "intended"), ((POST,), "unknown"), (None, "unknown")])
def test_what_a_later_look_believes_of_a_count_of_zero(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, left: tuple[Any, ...] | None, becomes: str
) -> None:
    run = run_of(ledger)
    attempt = begin(ledger, intend(ledger))
    outcome = prove.click(
        run, attempt, Button(outcome=CommitOutcome("unclear", "nothing came", left, (), None)), lambda _facts: None
    )
    meant = cast(Meant, SimpleNamespace(purchase=purchase(), total=None))
    monkeypatch.setattr(prove, "settle_time", lambda *_facts: timedelta(seconds=2))

    def no_answer(*_known: Any, **_options: Any) -> prove.Proof:
        raise SiteUnavailable("the list did not come")

    monkeypatch.setattr(prove, "_search", no_answer)
    with pytest.raises(OutcomeUnknown):
        prove.settle_by_proof(run, meant, ledger.attempt(attempt), outcome)
    assert write_state(ledger) == "unknown"
    ledger.park(SHOP, NUMBER, "nobody knows")
    ledger.ask("OutcomeUnknown", "order:unknown", what="请勿重拍", todo="", shop=SHOP, order_number=NUMBER, at=NOW)
    monkeypatch.setattr(prove, "_search", lambda *_known, **_options: prove.Proof("none"))
    monkeypatch.setattr(recover, "meant_of", lambda *_known: meant)
    monkeypatch.setattr(prove, "recover", lambda run, known, told: prove.settle_by_proof(run, told, known, None))
    with Ledger.open(ledger.path) as later:
        recover.recover(run_of(later, SimpleNamespace(changed={})))
    known = ledger.order(SHOP, NUMBER)
    assert known is not None
    goes_on = becomes == "intended"
    assert not any("fault" in item.what for item in ledger.items())
    assert (write_state(ledger), known.parked == "", ledger.items() == []) == (becomes, goes_on, goes_on)


# ---- backups


def test_the_first_run_of_a_day_makes_a_backup(ledger: Ledger) -> None:
    run = run_of(ledger)
    back_up_daily(run)
    back_up_daily(run)
    (made,) = backups.all_in(backups.folder_of(ledger.path))
    assert made.name == backups.name_at(NOW)
    cast(Any, run.clock).now = lambda: NOW + timedelta(days=1)
    back_up_daily(run)
    assert len(backups.all_in(made.parent)) == 2


def test_without_any_backup_nothing_begins_and_with_an_earlier_one_a_person_is_asked(ledger: Ledger) -> None:
    run = run_of(ledger)
    folder = backups.folder_of(ledger.path)
    folder.write_text("in the way", encoding="utf-8")
    with pytest.raises(MachineFailed, match="backup could not be written"):
        back_up_daily(run)
    folder.unlink()
    earlier = ledger.back_up(backups.name_at(NOW - timedelta(days=1)))
    (folder / backups.name_at(NOW)).mkdir()
    back_up_daily(run)
    (item,) = ledger.items()
    assert item.reason == "unwritten" and earlier.name in item.what and len(ledger.failures(run.id)) == 1
    (folder / backups.name_at(NOW)).rmdir()
    back_up_daily(run)
    assert ledger.items() == []


# ---- what is only told


class NoRoom:
    def picture(self, _name: str) -> Path:
        raise FULL


def test_a_picture_of_the_form_that_cannot_be_kept_is_told_and_stops_nothing(ledger: Ledger) -> None:
    run = run_of(ledger, NoRoom())
    assert buy._picture(run, cast(Meant, SimpleNamespace(purchase=purchase()))) is None
    (failure,) = ledger.failures(run.id)
    assert "No space left" in failure.what and failure.order_number == NUMBER


def test_a_picture_at_the_click_that_cannot_be_kept_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tab = cast(Any, SimpleNamespace(screenshot=lambda **_how: b"jpeg", is_closed=lambda: False))
    evidence = Evidence(tmp_path, "mall", now=lambda: NOW)
    (tmp_path / "mall").write_text("in the way", encoding="utf-8")
    assert evidence.if_possible(tab, "before") is None
    with pytest.raises(OSError, match="mall"):
        evidence.picture(tab, "before")
    (tmp_path / "mall").unlink()
    assert evidence.if_possible(tab, "before") is not None
    monkeypatch.setattr("os.fdopen", _half)
    assert evidence.if_possible(tab, "after") is None
    assert len(list((tmp_path / "mall").iterdir())) == 1, "half a picture stayed"


def _half(*_how: object) -> object:
    raise FULL


def test_a_log_that_cannot_be_written_is_asked_about_until_it_can(ledger: Ledger) -> None:
    run = run_of(ledger)
    log = ledger.path.with_name("placed_orders.csv")
    log.mkdir()
    assert [row.order_number for row in close_run(run)] == [NUMBER]
    ended = ledger.run(run.id)
    assert ended is not None and ended.ended_at == NOW
    (item,) = ledger.items()
    assert (item.reason, "placed_orders.csv" in item.what) == ("unwritten", True)
    assert [failure.what for failure in ledger.failures(run.id)] == [item.what]
    log.rmdir()
    close_run(run)
    assert ledger.items() == [] and log.is_file()
