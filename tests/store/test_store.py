"""The whole job at stores that nobody here wrote: driven by site files alone, judged on the stores' own databases."""

from __future__ import annotations

import subprocess

import pytest

from tests.market.seller import ROOT
from tests.store.conftest import Trade, bought_for

pytestmark = pytest.mark.slow

WANG = {
    "last_name": "王建国",
    "line1": "望京街道阜通东大街6号院3号楼",
    "line2": "朝阳区",
    "line4": "北京市",
    "state": "北京市",
    "phone_number": "+8613920000001",
}
LI = {
    "last_name": "李敏",
    "line1": "花桥镇绿地大道88号",
    "line2": "昆山市",
    "line4": "苏州市",
    "state": "江苏省",
    "phone_number": "+8613920007919",
}


def test_an_order_goes_from_one_store_to_the_other_and_its_number_back(trade: Trade) -> None:
    number = trade.order([("XL-T", 2), ("XL-C", 1)], **WANG)
    trade.hand_over(number)
    trade.run()
    bought = bought_for(trade, "王建国")
    assert bought["lines"] == [["CUP-1", 2, "25.00"], ["CUP-2", 1, "13.20"]]
    assert {**bought["address"], "notes": ""} == {**WANG, "first_name": "", "notes": ""}
    assert trade.reference(number) in bought["address"]["notes"]
    assert trade.at_shop(number)["parcels"] == []

    trade.supplier.deed("ship", number=bought["number"], parcel="圆通速递 YT9693083600001")
    trade.run()
    shown = trade.at_shop(number)
    assert shown["parcels"] == [["已发出", "圆通速递 YT9693083600001", [2, 1]]]
    assert shown["status"] == "已发货"
    assert len(trade.bought()) == 1 and trade.inbox() == []

    before = trade.shop.deed("books"), trade.supplier.deed("books")
    trade.run()
    assert (trade.shop.deed("books"), trade.supplier.deed("books")) == before


def test_killed_between_click_and_proof_it_orders_and_ships_once(trade: Trade) -> None:
    number = trade.order([("XL-C", 3)], **LI)
    trade.hand_over(number)
    trade.killed("buy", number)
    bought = bought_for(trade, "李敏")
    trade.run()
    assert bought_for(trade, "李敏") == bought, "the first one is found again, and stays the only one"
    assert bought["lines"] == [["CUP-2", 3, "39.60"]]

    trade.supplier.deed("ship", number=bought["number"], parcel="中通 75312345678901")
    trade.killed("ship", number)
    trade.run()
    shown = trade.at_shop(number)
    assert [parcel for _kind, parcel, _pieces in shown["parcels"]] == ["中通快递 75312345678901"]
    assert shown["status"] == "已发货" and trade.inbox() == []


def test_another_receiver_in_the_shop_after_the_purchase_stops_the_order(trade: Trade) -> None:
    number = trade.order([("XL-T", 1)], **{**LI, "last_name": "孙子涵", "line1": "中山路3号"})
    trade.hand_over(number)
    trade.run()
    trade.supplier.deed("ship", number=bought_for(trade, "孙子涵")["number"], parcel="圆通 YT9693083600003")
    trade.shop.deed("change", number=number, line1="中山路30号")
    trade.run()
    assert trade.at_shop(number)["parcels"] == []
    assert [item["reason"] for item in trade.inbox()] == ["changed"]


def test_the_program_knows_nothing_of_this_store() -> None:
    found = subprocess.run(["git", "grep", "-il", "oscar", "--", "agent"], cwd=ROOT, capture_output=True, text=True)
    assert found.stdout == ""
