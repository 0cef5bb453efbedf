"""The mall with two products, and a person who signed in there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.market.core import Market
from tests.market.mall.hand import Hand, with_goods
from tests.market.mall.site import MallState

expect.set_options(timeout=30_000)  # milliseconds; four browsers on two cores take longer than Playwright's five seconds


@pytest.fixture
def market() -> Iterator[Market]:
    with with_goods(Market(seed=7, latency=(0.0, 0.05))) as market:
        yield market


@pytest.fixture
def hand(market: Market, page: Page) -> Hand:
    hand = Hand(market, page)
    hand.sign_in()
    hand.sees("会员中心")
    return hand


@pytest.fixture
def mall(market: Market) -> MallState:
    return market.mall
