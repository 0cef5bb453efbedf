"""`agent reconcile` without a browser: what it prints, the shape of its JSON, its exit codes, and that it is no run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent.browser import launch
from agent.cli import reconcile
from agent.errors import Mismatch, Where
from agent.home import Home
from agent.work import start
from agent.work.books import Finding
from agent.work.reconcile import DAYS, Found, Reconciled
from agent.work.run import Run
from tests.meta.test_cli import NOW, Ended, Terminal, agent_, three_lines

__all__ = ["agent_"]
ERROR = Mismatch(
    "The supplier has one more",
    where=Where(account="mall-main", order="69", reference="PPX2HTAT1YCW"),
    todo="Look at both.",
    reason="bought_twice",
)
Compared = Callable[..., Ended]


def one_more(run: Run) -> Found:
    """A difference, put into the inbox as the comparison does."""
    facts = {"what": ERROR.lines()[0], "todo": ERROR.todo, "reason": ERROR.reason, "shop": "main", "order_number": "69"}
    item = run.ledger.ask("books", "books:1", **facts, reference=ERROR.where.reference, account="mall-main", at=NOW)  # type: ignore[arg-type]
    return Found(item, Finding("books:1", "main", ERROR, "list", ""))


@pytest.fixture
def compared(agent_: Terminal, monkeypatch: pytest.MonkeyPatch) -> Compared:
    """The command, where the sites show so many differences and so much could not be read."""
    agent_("doctor", "--write-config")
    monkeypatch.setattr(start, "find_browser", lambda _told: launch.BrowserChoice("/chrome", None, (), "Browser: Chrome"))
    monkeypatch.setattr(reconcile, "sign_in", lambda _run: None)
    monkeypatch.setattr(reconcile, "note_visits", lambda _run: None)

    def typed(*words: str, more: int = 0, left_out: tuple[str, ...] = (), days: int = DAYS) -> Ended:
        def shown(run: Run, asked: int, *, thorough: bool) -> Reconciled:
            assert (asked, thorough) == (days, True)
            return Reconciled(tuple(one_more(run) for _at in range(more)), ("mall-main", "shop-main"), 3, left_out)

        monkeypatch.setattr(reconcile, "compare_all", shown)
        return agent_("reconcile", *words)

    return typed


def test_where_all_agrees_it_says_so_and_ends_with_0(compared: Compared) -> None:
    ended = compared()
    assert (ended.code, ended.err) == (0, "")
    assert "3 orders of yours, accounts mall-main, shop-main" in ended.out and "Everything agrees." in ended.out


def test_a_difference_is_printed_with_its_item_and_waits_for_a_person(compared: Compared, agent_: Terminal) -> None:
    ended = compared(more=1)
    assert ended.code == 1 and "Everything agrees" not in ended.out
    assert "[1] The supplier has one more (mall-main · order 69)" in ended.out and "→ Look at both." in ended.out
    assert "More than one order at the supplier" in agent_("inbox").out


def test_its_json_names_what_differs_what_was_compared_and_what_was_not(compared: Compared, agent_: Terminal) -> None:
    ended = compared("--json", more=1, left_out=("shop-main was not compared: down",))
    told = ended.whole()
    assert (ended.code, told["version"], told["orders"], told["compared"]) == (1, 1, 3, ["mall-main", "shop-main"])
    assert told["left_out"] == ["shop-main was not compared: down"]
    (row,) = told["reconcile"]
    assert (row["id"], row["reason"], row["order_number"], row["reference"]) == (1, "bought_twice", "69", "PPX2HTAT1YCW")
    assert compared("--json").whole()["reconcile"] == []


def test_what_could_not_be_read_is_no_agreement(compared: Compared) -> None:
    ended = compared(left_out=("shop-main was not compared: down",))
    assert ended.code == 1 and "shop-main was not compared: down" in ended.out and "Everything agrees" not in ended.out


def test_the_days_are_told_and_kept_within_reason(compared: Compared) -> None:
    assert compared("--days", "7", days=7).code == 0
    assert compared("--days", "0").code == 2


def test_it_is_no_run_that_a_report_is_about(compared: Compared, agent_: Terminal) -> None:
    compared()
    ledger = agent_.ledger()
    assert ledger.run() is None
    ledger.close()
    assert "no run" in agent_("report").err.casefold()


def test_two_at_once_are_refused(compared: Compared, agent_: Terminal) -> None:
    with start.locked(Home(agent_.home)):
        ended = compared()
    assert ended.code == 2 and "Another run is at work" in three_lines(ended)[0]
