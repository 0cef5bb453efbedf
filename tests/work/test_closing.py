"""Items whose cause is gone close themselves: each rule, what it tells, and what never closes by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.errors import PersonNeeded
from agent.ledger import Ledger, StoredPurchase
from agent.models import SHANGHAI, Fen, WriteState
from agent.work.closing import NEVER, close_gone, let_the_day_go_on, parcels_went_on, why_order_is_gone, why_reveals_are_back
from agent.work.groups import grouped
from agent.work.notify import due
from agent.work.receivers import midnight_after, scarce
from agent.work.run import Options, Run, always
from tests.work.runs import BEGAN, SHOP, Day

NUMBER, OTHER = "6920000000000000001", "6920000000000000002"
EVENING = datetime(2026, 11, 22, 23, 59, tzinfo=SHANGHAI)


@dataclass
class Fixed:
    at: datetime = BEGAN

    def now(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> None: ...


@dataclass
class Given:
    """A ledger with two orders of ours, and a run over it."""

    day: Day
    clock: Fixed = field(default_factory=Fixed)
    most_reveals: int = 2

    def run(self, **told: Any) -> Run:
        limits = SimpleNamespace(most_orders_per_day=9, most_money_per_day=Fen(90_000))
        supplier = SimpleNamespace(
            name="yiwu",
            account="mall-yiwu",
            most_per_order=Fen(9_000),
            most_per_day=told.pop("most_per_day", Fen(9_000)),
            most_orders_per_day=None,
            most_per_product_per_hour=30,
        )
        config = SimpleNamespace(
            shops={SHOP: SimpleNamespace(name=SHOP, account="shop-main")},
            suppliers={"yiwu": supplier},
            accounts={
                "mall-yiwu": SimpleNamespace(known_order=told.pop("known_order", "")),
                "mall-other": SimpleNamespace(known_order=""),
            },
            limits=limits,
        )
        options = Options()
        desks = cast(Any, {"mall-yiwu": None})
        made = Run(self.day.run, cast(Any, config), self.day.ledger, desks, self.clock, options, print, always)
        for name, value in told.items():
            setattr(made, name, value)
        return made

    def asked(self, reason: str, number: str = "", account: str = "", cause: str = "") -> int:
        ask = self.day.ledger.ask
        cause = cause or (f"order:{number}:{reason}" if number else f"account:{account}")
        shop = SHOP if number or not account else ""
        return ask(
            reason,
            cause,
            what=f"why: {reason}",
            todo="",
            reason=reason,
            shop=shop,
            order_number=number,
            account=account,
            at=BEGAN,
        )

    def open(self) -> list[str]:
        return [item.reason for item in self.day.ledger.items()]

    def story(self, number: str = NUMBER) -> str:
        return " ".join(event.what for event in self.day.ledger.story(SHOP, number))


@pytest.fixture
def given(tmp_path: Path) -> Iterator[Given]:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        day = Day(ledger)
        for number in (NUMBER, OTHER):
            day.order(number)
            ledger.dispose(SHOP, number, "ours", "")
        day.begin()
        yield Given(day)


def becomes(given: Given, state: str) -> None:
    given.day.ledger.db.execute("UPDATE orders SET state = ? WHERE order_number = ?", [state, NUMBER])


@pytest.mark.parametrize("reason", ["review", "alike", "changed", "ceiling", "region", "receiver", "PageChanged", "Mismatch"])
@pytest.mark.parametrize(
    ("gone", "why"),
    [
        (lambda given: becomes(given, "cancelled"), "the buyer cancelled"),
        (lambda given: becomes(given, "shipped"), "shipped in the shop by hand"),
        (lambda given: given.day.ledger.dispose(SHOP, NUMBER, "not_ours", "x"), "left to a person"),
    ],
    ids=["cancelled", "shipped by hand", "left"],
)
def test_an_order_that_is_gone_needs_no_answer(given: Given, reason: str, gone: Callable[[Given], None], why: str) -> None:
    given.asked(reason, NUMBER)
    close_gone(given.run())
    assert given.open() == [reason]
    gone(given)
    close_gone(given.run())
    assert given.open() == []
    assert "Settled by itself" in given.story() and why in given.story()


@pytest.mark.parametrize("reason", sorted(NEVER))
def test_what_nobody_knows_never_closes_by_itself(given: Given, reason: str) -> None:
    given.asked(reason, NUMBER)
    becomes(given, "cancelled")
    close_gone(given.run())
    assert given.open() == [reason]


def test_money_that_went_out_twice_stays_a_persons_when_the_buyer_cancels(given: Given) -> None:
    about = {"shop": SHOP, "order_number": NUMBER, "reason": "paid_differs", "at": BEGAN}
    given.day.ledger.ask("payment", "paid_double:mall-yiwu:900001", what="?", todo="", **about)
    becomes(given, "cancelled")
    close_gone(given.run())
    assert given.open() == ["paid_differs"]


@pytest.mark.parametrize(("state", "left"), [("unknown", ["OutcomeUnknown"]), ("refused", [])])
def test_an_unknown_outcome_is_asked_about_until_the_refusal_is_proven(
    given: Given, state: WriteState, left: list[str]
) -> None:
    given.day.plan(NUMBER, "REF1")
    given.day.settle(given.day.click("submit", "REF1", NUMBER, "REF1", 100), state)
    asked = {"shop": SHOP, "order_number": NUMBER, "reference": "REF1", "reason": "OutcomeUnknown", "at": BEGAN}
    given.day.ledger.ask("OutcomeUnknown", "order:unknown", what="?", todo="", **asked)
    close_gone(given.run())
    assert given.open() == left


@pytest.mark.parametrize("state", ["committing", "unknown", "held"])
def test_nothing_of_an_order_with_an_open_write_closes_by_itself(given: Given, state: str) -> None:
    given.day.plan(NUMBER, "REF1")
    attempt = given.day.click("submit", "REF1", NUMBER, "REF1", 100)
    if state != "committing":
        given.day.settle(attempt, cast(Any, state))
    given.asked("Mismatch", NUMBER)
    becomes(given, "cancelled")
    close_gone(given.run())
    assert given.open() == ["Mismatch"]


def test_what_was_bought_stays_a_persons_when_the_buyer_cancels(given: Given) -> None:
    given.day.bought(NUMBER, "REF1", "900001")
    order = given.day.ledger.order(SHOP, NUMBER)
    assert order
    becomes(given, "cancelled")
    given.asked("cancelled", NUMBER)
    close_gone(given.run())
    assert given.open() == ["cancelled"]
    purchases: list[StoredPurchase] = given.day.ledger.purchases_of_order(SHOP, NUMBER)
    assert why_order_is_gone("parcels", order, purchases) == ""
    becomes(given, "shipped")
    shipped = given.day.ledger.order(SHOP, NUMBER)
    assert shipped and why_order_is_gone("parcels", shipped, purchases)


def test_an_account_that_was_signed_in_again_asks_for_nobody_and_each_account_for_itself(given: Given) -> None:
    given.asked("PersonNeeded", account="mall-yiwu")
    given.asked("PersonNeeded", account="mall-other")
    closed = {"mall-yiwu": PersonNeeded("a slider")}
    close_gone(given.run(closed_accounts=closed))
    assert given.open() == ["PersonNeeded"] * 2
    close_gone(given.run())
    assert [item.account for item in given.day.ledger.items()] == ["mall-other"]


@pytest.mark.parametrize("reason", ["window_open", "ConfigError", "SiteRefused", "LimitReached", "fault", "secret"])
def test_whatever_kept_an_account_closed_is_gone_once_it_was_signed_in_and_stayed_open(given: Given, reason: str) -> None:
    given.asked(reason, account="mall-yiwu")
    close_gone(given.run(closed_accounts={"mall-yiwu": PersonNeeded("a slider")}))
    assert given.open() == [reason]
    close_gone(given.run())
    assert given.open() == []


@pytest.mark.parametrize("reason", ["no_control", "OutcomeUnknown", "held"])
def test_what_a_sign_in_does_not_settle_stays(given: Given, reason: str) -> None:
    given.asked(reason, account="mall-yiwu")
    close_gone(given.run())
    assert given.open() == [reason]


def test_a_slider_weeks_after_a_window_that_was_open_is_told_anew(given: Given) -> None:
    old = given.asked("window_open", account="mall-yiwu")
    given.day.ledger.told(old, "far")
    close_gone(given.run())
    given.asked("PersonNeeded", account="mall-yiwu")
    (item,) = given.day.ledger.items()
    assert item.id != old and due(grouped(given.day.ledger), BEGAN) == {item.id: "far"}


def test_a_control_that_is_known_by_now(given: Given) -> None:
    given.asked("no_control", account="mall-yiwu")
    close_gone(given.run())
    assert given.open() == ["no_control"]
    close_gone(given.run(known_order="900001"))
    assert given.open() == []


def test_a_limit_that_has_room_again(given: Given) -> None:
    given.day.bought(OTHER, "REF2", "900002", 9_000)
    given.asked("day_limit", account="mall-yiwu", cause="limit:yiwu")
    close_gone(given.run(most_per_day=Fen(8_000)))
    assert given.open() == ["day_limit"]
    close_gone(given.run(most_per_day=Fen(20_000), held_up={"limit:yiwu": [(SHOP, NUMBER)]}))
    assert given.open() == ["day_limit"], "it was in the way in this very run"
    close_gone(given.run(most_per_day=Fen(20_000)))
    assert given.open() == []


def test_a_limit_of_yesterday_lets_its_order_go_on(given: Given) -> None:
    given.asked("day_limit", NUMBER)
    given.day.ledger.park(SHOP, NUMBER, "too much")
    given.clock.at = EVENING
    let_the_day_go_on(given.run())
    assert given.open() == ["day_limit"]
    given.clock.at = EVENING + timedelta(minutes=1)
    let_the_day_go_on(given.run())
    order = given.day.ledger.order(SHOP, NUMBER)
    assert (given.open(), order and order.parked) == ([], "")


def test_reveals_are_back_after_midnight_or_when_nobody_needs_one() -> None:
    assert why_reveals_are_back(BEGAN, EVENING, ["one"]) == ""
    assert why_reveals_are_back(BEGAN, EVENING + timedelta(minutes=1), ["one"]) == "a new day has begun"
    assert why_reveals_are_back(BEGAN, EVENING, []) == "no order waits for one"
    assert midnight_after(EVENING) == datetime(2026, 11, 23, tzinfo=SHANGHAI)
    assert midnight_after(EVENING + timedelta(minutes=1)) == datetime(2026, 11, 24, tzinfo=SHANGHAI)


def test_reveals_used_up_are_one_item_however_many_orders_wait(given: Given) -> None:
    run = given.run()
    for number in (NUMBER, OTHER):
        order = given.day.ledger.order(SHOP, number)
        assert order
        run.hold_up("reveals:xiaolin", order, "{count} orders wait", "", reason="reveals", account="shop-main")
    (item,) = given.day.ledger.items()
    assert (item.what, len(given.day.ledger.waiting_orders(item.id))) == ("2 orders wait", 2)
    given.clock.at = EVENING + timedelta(minutes=1)
    given.day.ledger.db.execute("DELETE FROM receivers")
    close_gone(run)
    assert given.open() == ["reveals"], "it was in the way in this very run"
    close_gone(given.run())
    assert given.open() == []


def test_the_order_of_reveals_matters_only_where_they_may_not_do(given: Given) -> None:
    shop = cast(Any, SimpleNamespace(name=SHOP, most_reveals_per_day=2))
    run = given.run()
    assert not scarce(run, shop, 2)
    assert scarce(run, shop, 3)
    refused = given.day.ledger.reveal_begun(SHOP, NUMBER, BEGAN)
    given.day.ledger.reveal_ended(refused, "LimitReached")
    assert not scarce(run, shop, 2), "a reveal that the shop refused is none"
    given.day.ledger.reveal_begun(SHOP, NUMBER, BEGAN)
    assert scarce(run, shop, 2)


def test_a_parcel_that_went_past_the_step_that_stopped_it(given: Given) -> None:
    given.day.bought(NUMBER, "REF1", "900001")
    given.asked("tracking", NUMBER)
    given.asked("cancelled", NUMBER)
    given.asked("tracking", OTHER)
    parcels_went_on(given.run(stopped={(SHOP, NUMBER)}), {(SHOP, NUMBER)}, ())
    assert given.open() == ["tracking", "cancelled", "tracking"], "it stopped there once more"
    parcels_went_on(given.run(), {(SHOP, NUMBER)}, ())
    assert given.open() == ["tracking", "cancelled", "tracking"], "what one of its purchases shows was not read"
    parcels_went_on(given.run(followed={"REF1"}), {(SHOP, NUMBER)}, ())
    assert given.open() == ["cancelled", "tracking"]


@pytest.mark.parametrize("reason", ["changed", "PageChanged", "PersonNeeded"])
def test_what_keeps_the_rest_from_being_bought_is_not_over_because_a_parcel_was_followed(given: Given, reason: str) -> None:
    given.day.bought(NUMBER, "REF1", "900001")
    given.asked(reason, NUMBER)
    given.day.ledger.park(SHOP, NUMBER, "another page")
    parcels_went_on(given.run(followed={"REF1"}), {(SHOP, NUMBER)}, ())
    assert given.open() == [reason]
    given.day.ledger.release(SHOP, NUMBER)
    parcels_went_on(given.run(followed={"REF1"}), {(SHOP, NUMBER)}, ())
    assert given.open() == []


@pytest.mark.parametrize("reason", ["parcels", "ship_now", "late", "number_changed"])
def test_what_is_asked_in_every_run_is_gone_when_it_is_not(given: Given, reason: str) -> None:
    given.day.bought(NUMBER, "REF1", "900001")
    given.asked(reason, NUMBER, cause="now")
    parcels_went_on(given.run(), {(SHOP, OTHER)}, ())
    parcels_went_on(given.run(), {(SHOP, NUMBER)}, {"now"})
    assert given.open() == [reason]
    parcels_went_on(given.run(), {(SHOP, NUMBER)}, {"another"})
    assert given.open() == []


def test_an_order_never_read_that_the_shop_does_not_list_any_more(given: Given) -> None:
    given.asked("unreadable", "6990000000000000009")
    close_gone(given.run())
    assert given.open() == ["unreadable"], "no list was read in this run"
    close_gone(given.run(listed={(SHOP, NUMBER), (SHOP, "6990000000000000009")}))
    assert given.open() == ["unreadable"]
    close_gone(given.run(listed={(SHOP, NUMBER)}))
    assert given.open() == []
