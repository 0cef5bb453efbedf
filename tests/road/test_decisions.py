"""What a person decides, and what an emptied ledger does: whole runs, judged by the sites' own state."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from agent.work.reference import reference
from tests.market.demo_orders import SHOP, DemoOrder, line
from tests.road.conftest import MakeRoad
from tests.road.road import Road, order

# ---- what a person decides

ASKED, REFUSED, LEFT, RED = (order(at) for at in (40, 41, 42, 43))
RED = DemoOrder(RED.number, "flagged red", "shipped", receiver=RED.receiver, lines=RED.lines, more={"flag": "红"})
LEFT = replace(LEFT, more={"buyer_message": "送礼盒"})
STOP = order(47, more={"buyer_message": "先不发，等我通知"})
PRESALE, ODD = order(45, more={"kind": "全款预售"}), order(46, more={"kind": "拼团"})
TWO = order(44)  # a basket from one supplier, a cup from another
TWO = replace(TWO, trap="two suppliers", lines=(line("BLB", "茶色 350ml", 2), line("SNK", "米白/L")))

TWO_REFERENCES = [reference(SHOP, TWO.number, n) for n in (1, 2)]


@pytest.mark.slow
def test_a_person_decides_and_an_emptied_ledger_buys_nothing_again(make_road: MakeRoad) -> None:
    """show asks · --dry-run and fill send nothing · the yes buys exactly that · all of it found again by an empty ledger."""
    road = make_road(33, autonomy="show")
    _second_supplier(road)
    road.config("note: {flag: 紫,", "note: {flag: 紫, begun: 处理中,")
    road.put_up(ASKED, REFUSED, LEFT, RED, PRESALE, ODD, STOP, TWO)
    ran = road.run()
    assert (ran.code, [road.kinds(one) for one in (ASKED, REFUSED, LEFT)]) == (1, [["review"]] * 3)
    assert road.kinds(TWO) == ["review"] * 2
    _answer(road, "approve", TWO)
    assert [item.reason for one in (ASKED, LEFT) for item in road.inbox(one.number)] == ["review", "remark"]
    assert "不发" in _why_not(road, STOP)
    assert "预售" in _why_not(road, PRESALE) and "拼团" in _why_not(road, ODD)
    assert (road.market.shop.reveal_log, road.kinds(RED)) == ([], []), "nothing is revealed yet"
    _answer(road, "approve", ASKED)
    _answer(road, "reject", REFUSED)
    assert road.agent("take", RED.number).code == road.agent("take", ODD.number).code == 0

    road.run("--dry-run")
    assert (road.market.mall.submits, road.market.shop.reveals(ASKED.number)) == ([], 1)
    assert road.kinds(RED) == road.kinds(ODD) == ["review"], "what was handed over goes the same way as the others"
    _answer(road, "approve", RED)
    road.config("autonomy: show", "autonomy: fill")
    road.run("--order", ASKED.number)
    assert (road.market.mall.submits, road.market.shop.notes) == ([], [])
    road.config("autonomy: fill", "autonomy: show")

    road.run()
    assert [road.bought(one) for one in (ASKED, REFUSED, LEFT, RED)] == [1, 0, 0, 1], road.told()
    noted = [note.remark for note in road.market.shop.notes if note.order == ASKED.number]
    assert noted[0] == "处理中" and len(noted) == 2 and noted[1].startswith("已拍 ")
    assert road.market.shop.reveals(REFUSED.number) == 0
    assert road.kinds(LEFT) == ["review"] and road.kinds(REFUSED) == []
    assert _two(road) == [("YW2002", 2), ("YW2001", 1)]
    _emptied(road, ASKED, RED, others=(REFUSED, LEFT, PRESALE, ODD, STOP))
    assert _two(road) == [("YW2002", 2), ("YW2001", 1)]


def _emptied(road: Road, *bought: DemoOrder, others: tuple[DemoOrder, ...]) -> None:
    """The notes in the shop are gone too (one that no ledger knows is asked about): what proves them is the supplier's list."""
    before = len(road.market.mall.submits)
    road.config("autonomy: show", "autonomy: place")
    road.config("except_flags: [红]", "except_flags: []")
    for one in (*bought, TWO):
        road.market.shop.set_note(one.number, flag="灰", remark="")
    for rest in ("", "-wal", "-shm"):
        (road.home / f"ledger.db{rest}").unlink(missing_ok=True)
    shutil.rmtree(road.home / "backups")  # else the lost ledger would be missed
    for other in others:
        road.market.shop.cancel(other.number)
    road.run()
    assert len(road.market.mall.submits) == before
    assert [road.write_state(one) for one in bought] == ["confirmed"] * len(bought), road.told()
    assert road.lies(bought, beside=TWO_REFERENCES) == []


def _why_not(road: Road, one: DemoOrder) -> str:
    """Why an order is not ours; "" if it is."""
    with road.ledger() as ledger:
        known = ledger.order(SHOP, one.number)
    assert known is not None
    return known.reason if known.disposition == "not_ours" else ""


def _answer(road: Road, verb: str, one: DemoOrder) -> None:
    assert road.agent(verb, *(str(item.id) for item in road.inbox(one.number))).code == 0


def _second_supplier(road: Road) -> None:
    """The cups come from another supplier, whom we reach through the same account."""
    ours = road.home.joinpath("config.yaml").read_text(encoding="utf-8")
    told = ours[ours.index("  yiwu:\n") : ours.index("limits: {most_orders_per_day")]
    road.config(told, told + told.replace("  yiwu:\n", "  hangzhou:\n"))
    table = road.home / "products.csv"
    rows = table.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    table.write_text("".join(row.replace("yiwu", "hangzhou") if "BLB" in row else row for row in rows), encoding="utf-8")


def _two(road: Road) -> list[tuple[str, int]]:
    """What stands at the suppliers for TWO, purchase by purchase: the product and its pieces."""
    found = [each for told in TWO_REFERENCES for each in road.market.mall.orders_with(told)]
    return [(bought.product, bought.quantity) for each in found for bought in each.draft.lines]
