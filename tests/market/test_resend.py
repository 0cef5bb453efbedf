"""What Chromium does by itself when a connection that served before is cut: one click, two requests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.market.core import Market
from tests.market.mall.hand import REFERENCE, Hand, ordered, with_goods

pytestmark = pytest.mark.slow


@pytest.fixture
def market() -> Iterator[Market]:
    with with_goods(Market(seed=7, keep_alive=True)) as market:
        yield market


@pytest.mark.parametrize(("kind", "written"), [("drop_before", 1), ("drop_after", 2)])
def test_chromium_itself_sends_again_after_a_cut(hand: Hand, market: Market, kind: str, written: int) -> None:
    market.mall.takes_repeats = True
    market.faults.add(kind, REFERENCE, "submit")
    hand.to_confirm()
    sent: list[str] = []
    hand.page.on("request", lambda request: sent.append(request.method))
    hand.place()
    hand.sees("下单成功")
    assert (ordered(market.mall), len(market.mall.submits)) == (written, 2)
    assert sent.count("POST") == 1
