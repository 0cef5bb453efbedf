"""Accounts that cannot go on, and a ledger of a newer program: whole runs, judged by the sites' own state."""

from __future__ import annotations

import os
import sqlite3

import pytest

from tests.road.conftest import MakeRoad
from tests.road.days import at_submit
from tests.road.road import order


@pytest.mark.slow
def test_an_account_that_cannot_go_on_stops_alone(make_road: MakeRoad) -> None:
    """A missing secret · a wrong password, and a kept sign-in of another shop · a code before the confirm page."""
    road = make_road(34)
    one, two = order(50, happens=at_submit("captcha_before", "confirm")), order(51)
    road.put_up(one, two)
    secrets, market = road.home / "secrets.yaml", road.market
    whole = secrets.read_text(encoding="utf-8")
    of_the_mall = next(text for text in whole.splitlines(keepends=True) if text.startswith("mall-yiwu"))

    secrets.write_text(whole.replace(of_the_mall, ""), encoding="utf-8")
    road.run()
    (item,) = road.inbox()
    assert (item.kind, item.account) == ("account", "mall-yiwu")
    assert "AGENT_SECRET_MALL_YIWU" in item.todo

    secrets.write_text(whole.replace(market.mall.password, "wrong"), encoding="utf-8")
    for session in market.shop.sessions.values():
        session.shop = market.shop.shops[1]
    road.run()
    assert {item.account for item in road.inbox()} == {"mall-yiwu", "shop-xiaolin"}
    assert (market.mall.submits, market.shop.reveal_log, market.shop.notes) == ([], [], [])

    secrets.write_text(whole, encoding="utf-8")
    market.shop.expire_sessions()
    road.run()
    assert market.mall.submits == []
    assert any(item.account == "mall-yiwu" for item in road.inbox()), road.told()
    market.mall.solve_captchas()
    road.run()
    assert [road.bought(each) for each in (one, two)] == [1, 1], road.told()
    assert road.lies([one, two]) == []


def test_a_newer_ledger_is_left_alone(make_road: MakeRoad) -> None:
    road = make_road(35)
    with road.ledger():
        pass
    path = road.home / "ledger.db"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 999")
    db.close()
    before = os.stat(path).st_size
    end = road.run()
    assert end.code == 2
    assert "999" in end.words
    assert os.stat(path).st_size == before
    assert road.market.requests == []
