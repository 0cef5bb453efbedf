"""`agent check ACCOUNT --live` as a process, and a form that drifts between two runs: judged by what the stand-ins saw and hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.road.conftest import MakeRoad
from tests.road.road import MALL, Road, order


def look(road: Road, account: str, *more: str) -> tuple[int, dict[str, Any]]:
    end = road.agent("check", account, "--live", "--json", *more)
    assert end.out.strip(), end.words
    return end.code, json.loads(end.out)["live"]


def states(told: dict[str, Any]) -> dict[str, str]:
    """Of each place, how the locator that serves hits; by page/place."""
    return {f"{one['page']}/{one['place']}": one["state"] for one in told["sights"] if one["serves"]}


def written(road: Road) -> tuple[int, ...]:
    """How much the sites hold of what anybody wrote there, reveals included."""
    mall, shop = road.market.mall, road.market.shop
    return len(mall.submits), len(mall.orders), len(shop.notes), len(shop.reveal_log), len(shop.shipments)


@pytest.mark.slow
def test_a_site_is_gone_over_and_what_drifts_is_told_before_money_moves(make_road: MakeRoad, tmp_path: Path) -> None:
    """All pages that only show · a label renamed on an order's page · one renamed on the form, which pauses · it is as it was."""
    road = make_road(61)
    one, two, three = order(10), order(11), order(12)
    road.put_up(one)
    road.run("--only", "place")
    assert road.bought(one) == 1
    road.ship(one)
    before = written(road)
    code, mall = look(road, MALL)
    assert code == 0, mall
    seen = states(mall)
    assert {page.split("/")[0] for page in seen} >= {"my_orders", "order_detail", "order_form", "goods"}
    assert seen["order_detail/total"] == "once" and seen["order_form/receiver_name"] == "once"
    assert set(mall["unseen"]) >= {"confirm", "thank_you"}
    assert {"list_orders", "read_order", "find_order"} <= set(mall["whole"])
    assert not {"fill_order", "submit_order"} & set(mall["whole"])
    code, shop = look(road, "shop-xiaolin")
    assert code == 0 and {"list_orders", "read_order"} <= set(shop["whole"]), shop

    road.market.faults.add("renamed_label", "", "detail", value="应付总额=合计", times=None)
    code, mall = look(road, MALL, "--skeleton", str(tmp_path))
    changed = [each for each in mall["changes"] if each["page"] == "order_detail"]
    assert [(each["place"], each["state"], each["before"]) for each in changed] == [("total", "none", [1])]
    assert (code, mall["failures"][0]["flow"]) == (1, "read_order")
    text = (tmp_path / f"{MALL}-order_detail.html").read_text(encoding="utf-8")
    assert "应付" not in text and "收货人" in text and str(road.market.mall.orders[0].number) not in text
    assert written(road) == before

    road.market.faults.release("renamed_label")
    road.put_up(two, three)
    road.market.faults.add("renamed_label", "", "form", value="外部单号=客户单号", times=None)
    ended = road.run("--only", "place")
    assert (road.bought(two), road.bought(three), len(road.market.mall.submits), road.parked()) == (0, 0, 1, [])
    (item,) = road.inbox()
    assert (item.reason, item.account) == ("paused", MALL), ended.words
    assert "reference" in item.what and "label=外部单号" in item.what and item.evidence is not None
    (last,) = (road.home / "evidence" / MALL).glob("last-order_form.jpg")
    assert str(last) in item.todo and last.read_bytes() != item.evidence.read_bytes()
    assert "“外部单号" in item.what, "what stood there when it was found last"

    road.market.faults.release("renamed_label")
    assert road.agent("resume", MALL).code == 0
    road.run("--only", "place")
    assert [road.bought(each) for each in (one, two, three)] == [1, 1, 1], road.told()
