"""What the supplier's page of a product offers, as it is understood; the page itself is played."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.errors import Mismatch
from agent.models import Reading, Row
from agent.sites.values import cell
from agent.work.mapping import Option, read_offer


def offered(*rows: tuple[str, str, str]) -> list[Option]:
    """The options of a page with these rows of (specification, price, stock)."""
    words = ("specification", "unit_price", "stock")
    read: list[Row] = [{word: cell(word, shown) for word, shown in zip(words, row, strict=True)} for row in rows]
    reading = Reading({"product": "YW3001", "title": "不锈钢杯", "offers": tuple(read)}, {}, {})
    desk = SimpleNamespace(play=lambda _flow, _values: reading)
    run = SimpleNamespace(supplier=lambda _name: SimpleNamespace(account="mall-1"), desk=lambda _account: desk)
    return list(read_offer(cast(Any, run), "mall", "YW3001").options)


def test_price_and_stock_are_read_and_words_for_plenty_are_no_number() -> None:
    options = offered(("白色", "¥12.80", "库存50件"), ("黑色", "¥12.90", "充足"))
    assert [(one.price, one.stock) for one in options] == [(1280, 50), (1290, None)]


@pytest.mark.parametrize("shown", ["¥12.80", "12.80", "12元"])
def test_columns_that_changed_places_are_not_offered_as_prices(shown: str) -> None:
    with pytest.raises(Mismatch, match="as stock"):
        offered(("白色", "9999", "50"), ("黑色", "9999", shown))
