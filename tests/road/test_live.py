"""`agent check ACCOUNT --live` as a process: what it says of the stand-ins' pages, what it changes there, and what it keeps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.road.conftest import MakeRoad
from tests.road.road import Road, order

pytestmark = pytest.mark.slow


def look(road: Road, account: str, *more: str) -> tuple[int, dict[str, Any]]:
    end = road.agent("check", account, "--live", "--json", *more)
    assert end.out.strip(), end.words
    return end.code, json.loads(end.out)


def states(told: dict[str, Any]) -> dict[str, str]:
    """Of each place that serves, its state; by page/place."""
    return {f"{one['page']}/{one['place']}": one["state"] for one in told["live"]["sights"] if one["serves"]}


def test_every_page_that_only_shows_is_gone_over_and_nothing_is_written(make_road: MakeRoad) -> None:
    road = make_road(61)
    one = order(10)
    road.put_up(one)
    road.run()
    road.ship(one)
    market = road.market
    before = (len(market.mall.submits), len(market.shop.notes), len(market.shop.reveal_log), len(market.mall.orders))
    code, mall = look(road, "mall-yiwu")
    assert code == 0, mall
    seen = states(mall)
    assert {page.split("/")[0] for page in seen} >= {"my_orders", "order_detail", "order_form", "goods"}
    assert seen["order_detail/total"] == "once" and seen["order_form/receiver_name"] == "once"
    assert set(mall["live"]["unseen"]) >= {"confirm", "thank_you"}
    assert {"list_orders", "read_order", "find_order"} <= set(mall["live"]["whole"])
    assert not {"fill_order", "submit_order"} & set(mall["live"]["whole"])
    code, shop = look(road, "shop-xiaolin")
    assert code == 0, shop
    assert {"list_orders", "read_order"} <= set(shop["live"]["whole"])
    assert before == (len(market.mall.submits), len(market.shop.notes), len(market.shop.reveal_log), len(market.mall.orders))


def test_what_changed_since_the_last_look_is_said_with_its_line(make_road: MakeRoad, tmp_path: Path) -> None:
    road = make_road(62)
    road.put_up(order(10))
    road.run()
    look(road, "mall-yiwu")
    road.market.faults.add("renamed_label", "", "detail", value="应付总额=合计", times=None)
    folder = tmp_path / "bare"
    code, told = look(road, "mall-yiwu", "--skeleton", str(folder))
    changed = [one for one in told["live"]["changes"] if one["page"] == "order_detail"]
    assert [(one["place"], one["state"], one["before"]) for one in changed] == [("total", "none", [1])]
    assert code == 1 and told["live"]["failures"][0]["flow"] == "read_order"
    text = (folder / "mall-yiwu-order_detail.html").read_text(encoding="utf-8")
    assert "应付" not in text and "收货人" in text
    for number in road.market.mall.orders:
        assert str(number) not in text
    end = road.agent("check", "mall-yiwu", "--live")
    assert end.code == 1 and "beside=应付总额" in end.words, end.words


def test_a_form_that_is_not_what_it_was_pauses_its_account_before_money_moves(make_road: MakeRoad) -> None:
    """A label of the supplier's form is another one, told before anything is filled in · it is as it was, and goes on."""
    road = make_road(63)
    one, two, three = order(10), order(11), order(12)
    road.put_up(one)
    road.run()
    assert road.bought(one) == 1
    road.put_up(two, three)
    market = road.market
    market.faults.add("renamed_label", "", "form", value="外部单号=客户单号", times=None)
    ended = road.run()
    assert (road.bought(two), road.bought(three), len(market.mall.submits), road.parked()) == (0, 0, 1, [])
    (item,) = road.inbox()
    assert (item.reason, item.account) == ("paused", "mall-yiwu"), ended.words
    assert "reference" in item.what and "label=外部单号" in item.what and item.evidence is not None
    assert road.agent("doctor").code == 2

    market.faults.release("renamed_label")
    assert road.agent("resume", "mall-yiwu").code == 0
    road.run()
    assert [road.bought(each) for each in (one, two, three)] == [1, 1, 1], road.told()
