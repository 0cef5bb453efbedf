"""The review table and its answers, typed in a terminal: one, some, a group; put off; refused twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from agent.clock import SystemClock
from agent.ledger import InboxItem, Ledger
from agent.models import SHANGHAI
from agent.work.review import HOLD
from tests.ledger.goods import NOW, SHOP, order, purchase
from tests.meta.test_cli import Terminal, agent_, three_lines

__all__ = ["agent_"]
NUMBERS = ("6920000000000000001", "6920000000000000002", "6920000000000000003")
SUPPLIERS = ("yiwu", "yiwu", "hangzhou")


@pytest.fixture
def ids(agent_: Terminal) -> Iterator[list[int]]:
    """Three purchases wait for a yes, as a run leaves them; two of them at the same supplier."""
    agent_.home.mkdir()
    now = SystemClock().now()
    made = []
    ledger = agent_.ledger()
    for at, (number, supplier) in enumerate(zip(NUMBERS, SUPPLIERS, strict=True)):
        bought = replace(purchase(), reference=f"R{at}", order_number=number, supplier=supplier)
        lines = tuple(replace(line, line_number=f"{number}-{line.line_number[-1]}") for line in bought.lines)
        ours = tuple(replace(line, line_number=bought.line_number) for line, bought in zip(order().lines, lines, strict=True))
        ledger.save_order(order(number=number, lines=ours, ship_by=now + timedelta(hours=30 - at)), now, detail=True)
        ledger.plan([replace(bought, lines=lines)], now)
        ask = {"shop": SHOP, "order_number": number, "reference": f"R{at}", "at": now}
        made.append(ledger.ask("review", f"review:R{at}", what="Waits", todo="", **ask))  # type: ignore[arg-type]
    ledger.close()
    return made


def answers(agent_: Terminal, ids: list[int]) -> list[str]:
    ledger = agent_.ledger()
    items = [ledger.item(id_) for id_ in ids]
    ledger.close()
    return [item.answer for item in items if isinstance(item, InboxItem)]


def test_the_table_lays_ours_beside_theirs_soonest_first(agent_: Terminal, ids: list[int]) -> None:
    listed = agent_("review", "--json")
    assert listed.code == 1
    rows = listed.data("review")
    assert [row["item"] for row in rows] == [ids[2]] * 2 + [ids[1]] * 2 + [ids[0]] * 2
    assert {(row["title"], row["specification"], row["quantity"]) for row in rows} == {("不锈钢保温杯", "白色 500ml", 1)}
    assert {(row["cost"], row["income"], row["margin"]) for row in rows} == {(2400, 2990, 590)}
    shown = agent_("review").out
    for words in ("白色/500毫升 × 2", "白色 500ml × 1", "29.90", "24.00", "about 5.90", "h left", "hangzhou", "请尽快"):
        assert words in shown


def test_some_are_approved_and_a_group_is(agent_: Terminal, ids: list[int]) -> None:
    assert agent_("approve", str(ids[0]), str(ids[2])).code == 0
    assert answers(agent_, ids) == ["approve", "", "approve"]
    assert agent_("approve", "--supplier", "yiwu").code == 0
    assert answers(agent_, ids) == ["approve", "approve", "approve"]
    assert agent_("review").code == 0


def test_a_group_by_supplier_leaves_the_others_alone(agent_: Terminal, ids: list[int]) -> None:
    agent_("approve", "--supplier", "hangzhou")
    assert answers(agent_, ids) == ["", "", "approve"]
    agent_("approve", "--product", "H-778")
    assert answers(agent_, ids) == ["approve"] * 3


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["approve"], "Say which"),
        (["approve", "1", "--supplier", "yiwu"], "Say which"),
        (["approve", "--supplier", "nobody"], "Nothing like that"),
        (["approve", "1", "99"], "no open inbox item 99"),
        (["hold", "1"], "--until"),
        (["hold", "1", "--until", "18:00", "--before-ship-by", "6"], "--until"),
        (["hold", "1", "--until", "tomorrow"], "tomorrow"),
        (["hold", "1", "--until", "2026-01-01 08:00"], "past"),
        (["hold", "1", "--before-ship-by", "200"], "past"),
    ],
)
def test_a_wrong_answer_answers_nothing(agent_: Terminal, ids: list[int], typed: list[str], says: str) -> None:
    ended = agent_(*typed)
    assert ended.code == 2
    assert says in three_lines(ended)[0]
    assert answers(agent_, ids) == ["", "", ""]


def test_the_table_answered_twice_is_refused(agent_: Terminal, ids: list[int]) -> None:
    agent_("approve", str(ids[0]))
    again = agent_("reject", str(ids[0]))
    assert (again.code, "answered already: approved" in again.err) == (2, True)
    assert answers(agent_, ids) == ["approve", "", ""]


def test_put_off_until_a_time_or_hours_before_the_ship_by_time(agent_: Terminal, ids: list[int]) -> None:
    assert agent_("hold", str(ids[0]), "--until", "23:59").code == 0
    assert agent_("hold", str(ids[1]), "--before-ship-by", "6").code == 0
    first, second, _third = answers(agent_, ids)
    clock = datetime.fromisoformat(first.removeprefix(HOLD)).astimezone(SHANGHAI)
    assert (clock.hour, clock.minute) == (23, 59)
    ledger = agent_.ledger()
    known = ledger.order(SHOP, NUMBERS[1])
    ledger.close()
    assert known is not None and known.ship_by is not None
    assert datetime.fromisoformat(second.removeprefix(HOLD)) == known.ship_by - timedelta(hours=6)


def test_only_what_waits_for_a_yes_can_be_put_off(agent_: Terminal) -> None:
    item = agent_.asked()
    assert "cannot be put off" in three_lines(agent_("hold", str(item), "--until", "18:00"))[0]


def test_a_ledger_is_needed_for_none_of_it(agent_: Terminal) -> None:
    assert agent_("review").out == "Nothing waits for your yes.\n"
    assert isinstance(agent_.ledger(), Ledger)


def test_with_the_config_the_table_and_the_story_say_what_an_order_leaves(agent_: Terminal, ids: list[int]) -> None:
    agent_("doctor", "--write-config")
    config = agent_.home / "config.yaml"
    text = re.sub(r"^  main:", f"  {SHOP}:", config.read_text(encoding="utf-8"), flags=re.MULTILINE)
    fees = "    fees: {service: 0.6%, commission: 5%, fixed: 0.50}\n"
    config.write_text(text.replace("    account: shop-main\n", "    account: shop-main\n" + fees, 1), encoding="utf-8")
    # 2 × 29.90 for 2 × 24.00, and 0.36 + 2.99 + 0.50 of fees
    row = agent_("review", "--json").data("review")[0]
    told = row["order_margin"]
    assert (told["income"], told["goods"], told["fees"], told["margin"]) == (5980, 4800, 385, 795)
    assert told["estimated"] and not told["whole"]
    shown = " ".join(agent_("review").out.split())
    assert "expected margin" in shown and "7.95" in shown
    story = agent_("show", NUMBERS[0])
    assert "expected margin 7.95 yuan: income 59.80" in story.out and "commission 2.99" in story.out
    assert json.loads(agent_("show", NUMBERS[0], "--json").out)["margin"]["margin"] == 795
    config.write_text(config.read_text(encoding="utf-8").replace("commission: 5%", "commission: {达人: 20%}"), encoding="utf-8")
    assert "margin not known, the shop does not show where the order came from" in agent_("show", NUMBERS[0]).out
    with agent_.ledger() as ledger:
        ledger.save_order(order(number=NUMBERS[0], source="达人"), NOW, detail=False)
    assert "source: 达人\n" in agent_("show", NUMBERS[0]).out
    assert "commission 11.96" in agent_("show", NUMBERS[0]).out
    config.write_text("accounts: [", encoding="utf-8")
    assert "expected margin" not in agent_("show", NUMBERS[0]).out, "a config with mistakes tells nothing, and stops no listing"
