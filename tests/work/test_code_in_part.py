"""A code over several orders of which a person pays one in the app: nobody is to scan it any more, and no order is paid twice."""

from __future__ import annotations

import pytest

from agent.cli.listings import items_json
from agent.ledger import Ledger
from agent.work.groups import grouped
from agent.work.recover import apply_answers, recover
from tests.work.till import ONE, TWO, A, B, Paying, given, paying

__all__ = ["given", "paying"]


@pytest.fixture(autouse=True)
def by_code(paying: Paying) -> None:
    paying.supplier.pay = ("qr",)


def orders(paying: Paying) -> list[list[str]]:
    """Of each item those that wait for it."""
    return [told["orders"] for told in items_json(grouped(paying.given.ledger))]


def pictures(paying: Paying) -> list[str]:
    return sorted(path.name for path in paying.till.folder.glob("*-code.png"))


def killed(paying: Paying, monkeypatch: pytest.MonkeyPatch, *, shown: bool) -> None:
    """The program is killed as the code came up: right before it is on disk that somebody may see it, or right after."""

    def dies(*_told: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(type(paying.run) if shown else Ledger, "tell" if shown else "code_shown", dies)
        with pytest.raises(KeyboardInterrupt):
            paying.pay()


@pytest.mark.parametrize("shown", [True, False])
def test_paid_in_the_app_as_the_code_came_up_nothing_is_asked_and_nobody_comes_upon_the_code(
    paying: Paying, monkeypatch: pytest.MonkeyPatch, shown: bool
) -> None:
    killed(paying, monkeypatch, shown=shown)
    assert paying.asked() == (["pay_by_code"] if shown else [])
    paying.till.take("outside", ONE, TWO)
    paying.next_run()
    assert len(paying.booked()) == 2 and paying.asked() == [] and paying.till.codes == 1
    assert not shown or pictures(paying) == []


def test_of_a_code_of_several_one_is_paid_in_the_app_and_nobody_scans_it_any_more(
    paying: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed(paying, monkeypatch, shown=True)
    paying.till.take("outside", ONE)
    paying.till.payment_state = "expired"
    for _run in range(2):
        paying.next_run()
        (item,) = paying.given.ledger.items()
        assert item.reason == "pay_by_code" and item.evidence is None and pictures(paying) == []
        assert "Do not pay" in item.what and f"{ONE} is paid already" in item.what and "Pay the rest" in item.todo
        assert orders(paying) == [[B]], "the other is paid, and waits for nothing"
    assert paying.states() == ["confirmed", "unknown"] and paying.till.codes == 1
    paying.till.take("outside", TWO)
    paying.next_run()
    assert len(paying.booked()) == 2 and paying.asked() == []


def test_what_nobody_wants_of_the_rest_is_to_be_cancelled_and_not_paid(paying: Paying, monkeypatch: pytest.MonkeyPatch) -> None:
    killed(paying, monkeypatch, shown=True)
    paying.till.take("outside", ONE)
    paying.given.ledger.db.execute("UPDATE orders SET state = 'cancelled' WHERE order_number = ?", [B])
    paying.again()
    recover(paying.run)
    (item,) = paying.given.ledger.items()
    assert ONE in item.what and B in item.what and item.todo.startswith("Cancel at the supplier what is not wanted, and pay")


def test_of_a_code_that_nobody_was_shown_the_rest_gets_a_new_one_once_it_has_expired(
    paying: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed(paying, monkeypatch, shown=False)
    paying.till.take("outside", TWO)
    paying.next_run()
    assert paying.states() == ["unknown", "confirmed"] and (paying.asked(), orders(paying)) == (["pay_unknown"], [[A]])
    paying.next_run()
    assert paying.states() == ["unknown", "confirmed"] and paying.till.codes == 1
    paying.till.payment_state = "expired"
    paying.next_run()
    (item,) = paying.given.ledger.items()
    assert (paying.till.codes, item.reason, orders(paying)) == (2, "pay_by_code", [[A]])
    assert "48.00" in item.what and TWO not in item.what
    paying.till.take("scan", ONE)
    paying.next_run()
    assert len(paying.booked()) == 2 and paying.asked() == []


def test_of_such_a_code_nobody_knows_anything_where_the_cashier_says_nothing(
    paying: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed(paying, monkeypatch, shown=False)
    paying.till.take("outside", TWO)
    del paying.flows["read_payment"]
    for _run in range(3):
        paying.next_run()
    assert paying.states() == ["unknown", "confirmed"] and paying.till.codes == 1


def test_by_a_persons_word_the_picture_is_gone_too(paying: Paying) -> None:
    paying.pay()
    assert pictures(paying) == ["1-code.png"]
    paying.says("resolve! not-paid")
    paying.again()
    apply_answers(paying.run)
    assert pictures(paying) == [] and paying.asked() == []
    recover(paying.run)
    paying.pay()
    paying.till.take("scan", ONE, TWO)
    paying.says("resolve paid")
    paying.again()
    apply_answers(paying.run)
    assert pictures(paying) == [] and paying.asked() == []


def test_a_code_that_somebody_may_have_seen_in_the_window_stays_open(paying: Paying, monkeypatch: pytest.MonkeyPatch) -> None:
    killed(paying, monkeypatch, shown=False)
    paying.given.ledger.db.execute("UPDATE attempts SET meant = json_set(meant, '$.attended', json('true'))")
    del paying.flows["read_payment"]
    paying.next_run()
    assert paying.states() == ["unknown"] * 2 and paying.till.codes == 1
