"""A ledger put back from before a purchase: whole runs, judged by the sites' own state."""

from __future__ import annotations

import pytest

from agent.ledger import backups
from tests.road.conftest import MakeRoad
from tests.road.road import order


@pytest.mark.slow
def test_what_a_restored_ledger_does_not_know_is_found_and_not_bought_again(make_road: MakeRoad) -> None:
    """Bought before the backup · bought after it, noted and sent · ordered since: nothing leaves before the yes."""
    road = make_road(36)
    before, after, new = order(60), order(61), order(62)
    road.put_up(before)
    road.run()
    assert road.agent("backup").code == 0
    (backup, *_older) = backups.all_in(road.home / "backups")
    road.put_up(after)
    road.run()
    assert [road.bought(one) for one in (before, after)] == [1, 1], road.told()

    road.put_up(new)
    road.ship()
    for rest in ("", "-wal", "-shm"):
        (road.home / f"ledger.db{rest}").unlink(missing_ok=True)
    lost = road.run()
    assert (lost.code, str(backup) in lost.words) == (2, True), lost.words
    assert road.agent("restore", str(backup)).code == 0
    sent = (len(road.market.mall.submits), len(road.market.shop.notes))
    assert road.run().code == 1
    assert (len(road.market.mall.submits), len(road.market.shop.notes)) == sent
    assert not any(each.parcels for each in road.market.shop.orders.values()), "nothing is entered in the shop"
    assert (road.write_state(after), road.write_state(new), road.market.shop.reveals(new.number)) == ("confirmed", "", 0)
    (item,) = road.inbox()
    assert item.reason == "restored", road.told()

    assert road.agent("approve", str(item.id)).code == 0
    road.run()
    assert [road.bought(one) for one in (before, after, new)] == [1, 1, 1], road.told()
    assert [road.submits(one) for one in (before, after, new)] == [1, 1, 1]
    assert road.lies([before, after, new]) == [] and road.inbox() == []
    assert [len(road.market.shop.orders[one.number].parcels) for one in (before, after)] == [1, 1]
