"""What waits for a person, grouped: what goes together, what is at stake, until when, and what to type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from agent.ledger import InboxItem, Ledger
from agent.models import Fen, PurchaseLine, PurchaseOrder, SupplierProduct
from agent.work.groups import MOST_IDS, answers_to, filled, grouped, left, stake_of, when
from agent.work.reasons import reason_of
from tests.work.runs import BEGAN, SHOP, Day

FIRST, SECOND, THIRD = "6920000000000000001", "6920000000000000002", "6920000000000000003"


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        made = Day(ledger)
        for hours, number in ((30, FIRST), (3, SECOND), (40, THIRD)):
            made.order(number, ship_by=timedelta(hours=hours))
            ledger.dispose(SHOP, number, "ours", "")
        yield made


def ask(day: Day, number: str, reason: str, what: str = "", *, account: str = "", reference: str = "") -> int:
    cause = f"{reason}:{number}:{account}:{what}"
    facts = {"what": what, "todo": "", "reason": reason, "order_number": number, "account": account, "reference": reference}
    return day.ledger.ask("Mismatch", cause, **facts, shop=SHOP if number else "", at=day.now)  # type: ignore[arg-type]


def test_one_reason_is_one_group_with_the_most_urgent_first_and_everything_at_stake(day: Day) -> None:
    day.plan(FIRST, "REF1")
    day.bought(SECOND, "REF2", "900002", 2400)
    first, second = ask(day, FIRST, "changed"), ask(day, SECOND, "changed")
    late = ask(day, THIRD, "region")
    together, alone = grouped(day.ledger)
    assert ([item.id for item in together.items], [item.id for item in alone.items]) == ([second, first], [late])
    assert (together.whole.money, together.whole.ship_by) == (2 * 1680 + 2400, BEGAN + timedelta(hours=3))
    assert (f"agent approve {second} {first}", "settled in the shop: go on with it") in together.answers


def test_what_is_answered_by_itself_keeps_its_word_in_a_group_and_is_filled_in_alone(day: Day) -> None:
    one = ask(day, FIRST, "alike", reference="REF1")
    (group,) = grouped(day.ledger)
    assert [command for command, _does in group.answers] == [
        "agent resolve REF1 --number NO",
        f"agent approve {one}",
        f"agent reject {one}",
    ]
    ask(day, SECOND, "alike", reference="REF2")
    (group,) = grouped(day.ledger)
    assert [command for command, _does in group.answers] == [
        "agent resolve REFERENCE --number NO",
        "agent approve ID",
        "agent reject ID",
    ]


def test_each_account_is_its_own_group_and_each_words_of_a_site(day: Day) -> None:
    for account in ("mall-a", "mall-b"):
        ask(day, "", "PersonNeeded", "a slider", account=account)
    for number, words in ((FIRST, "库存不足"), (SECOND, "库存不足"), (THIRD, "账期额度不足")):
        ask(day, number, "SiteRefused", words)
    groups = grouped(day.ledger)
    assert sorted(len(group.items) for group in groups) == [1, 1, 1, 2]
    commands = {command for group in groups for command, _does in group.answers}
    assert {"agent login mall-a", "agent login mall-b"} <= commands


def test_an_item_about_no_order_offers_nothing_that_is_about_one(day: Day) -> None:
    ask(day, "", "PageChanged", "no button", account="mall-a")
    (group,) = grouped(day.ledger)
    assert [command for command, _does in group.answers] == ["agent check"]


def test_the_orders_that_wait_for_an_item_are_at_stake_until_they_need_it_no_more(day: Day) -> None:
    item = ask(day, "", "reveals")
    day.ledger.let_wait(item, [(SHOP, FIRST), (SHOP, SECOND)])
    (group,) = grouped(day.ledger)
    assert [order.order_number for order in group.whole.orders] == [FIRST, SECOND]
    assert group.whole.ship_by == BEGAN + timedelta(hours=3)
    day.ledger.dispose(SHOP, SECOND, "not_ours", "rejected")
    (group,) = grouped(day.ledger)
    assert [order.order_number for order in group.whole.orders] == [FIRST]
    day.ledger.let_wait(item, [(SHOP, THIRD)])
    assert day.ledger.waiting_orders(item) == [(SHOP, THIRD)]


def test_a_command_names_no_more_than_can_be_read(day: Day) -> None:
    items: list[InboxItem] = []
    for number in range(MOST_IDS + 3):
        ask(day, "", "review", str(number))
    items = day.ledger.items()
    assert len(filled("agent approve ID", items, apart=False).split()) == 2 + MOST_IDS


def test_a_question_about_one_purchase_of_an_order_is_about_its_money_only(day: Day) -> None:
    day.plan(FIRST, "REF1")
    day.ledger.plan([replace(two_of(FIRST), reference="REF2", counter=2)], day.now)
    both = 2 * 1680 + 590
    items = [ask(day, FIRST, "review", reference, reference=reference) for reference in ("REF1", "REF2", "GONE", "")]
    money = {item.id: stake_of(day.ledger, item).money for item in day.ledger.items()}
    assert [money[item] for item in items] == [2 * 1680, 590, both, both]
    (group,) = grouped(day.ledger)
    assert group.whole.money == both, "nothing is counted twice"


def two_of(number: str) -> PurchaseOrder:
    goods = SupplierProduct("hangzhou", "HZ1", "蜡烛", "茉莉", 1, Fen(590), Fen(590))
    return PurchaseOrder("", SHOP, number, 1, "hangzhou", "mall-hangzhou", (PurchaseLine(f"{number}B", goods, 1),))


def test_more_items_than_a_command_names_are_told(day: Day) -> None:
    for number in range(MOST_IDS + 1):
        ask(day, FIRST, "review", str(number), reference=str(number))
    does = dict(answers_to(reason_of("review"), day.ledger.items()))
    assert [words for words in does.values() if f"(the first {MOST_IDS})" in words] == [
        f"buy it (the first {MOST_IDS})",
        f"leave the order to you (the first {MOST_IDS})",
    ]


@pytest.mark.parametrize(
    ("hours", "said"), [(1, "today 19:00"), (6, "tomorrow 00:00"), (31, "11-24 01:00"), (-20, "11-21 22:00")]
)
def test_a_time_is_said_as_a_person_says_it(hours: int, said: str) -> None:
    assert when((BEGAN + timedelta(hours=hours)).astimezone(UTC), BEGAN.astimezone(UTC)) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(-1, "overdue"), (5, "5 min left"), (200, "3 h left"), (50 * 60, "2 days left")],
)
def test_time_left_in_the_coarsest_unit_that_says_enough(minutes: int, said: str) -> None:
    assert left(timedelta(minutes=minutes)) == said
