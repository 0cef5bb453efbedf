"""Windows of a list put together: they must meet, and what only changed its state is the same row."""

from __future__ import annotations

import pytest

from agent.browser.forms import Form
from agent.browser.windows import joined
from agent.errors import SiteUnavailable
from agent.sites.definition import ListPlace, Locator, Place

COLUMNS = {name: Place(name, (Locator("column", name, 1),), 1) for name in ("supplier_order_number", "state")}
ORDERS = ListPlace("orders", rows=(Locator("css", "tr", 1),), line=1, places=COLUMNS)


def rows(*numbers: int, state: str = "待发货") -> list[Form]:
    return [{"supplier_order_number": {"raw": f"S{number}"}, "state": {"raw": state}} for number in numbers]


@pytest.mark.parametrize(
    ("drawn", "all_of_them"),
    [
        (rows(3, 4, 5), rows(1, 2, 3, 4, 5)),
        (rows(1, 2, 3, 4), rows(1, 2, 3, 4)),
        (rows(2, 3), rows(1, 2, 3)),
        (rows(3, 4, state="已发货"), rows(1, 2) + rows(3, 4, state="已发货")),
    ],
)
def test_windows_that_meet(drawn: list[Form], all_of_them: list[Form]) -> None:
    assert joined(ORDERS, rows(1, 2, 3), drawn) == all_of_them


@pytest.mark.parametrize("drawn", [rows(4, 5), rows(0, 1, 2, 3), rows(3, 2)])
def test_windows_that_do_not_meet_are_not_put_together(drawn: list[Form]) -> None:
    with pytest.raises(SiteUnavailable, match="moved while it was being read"):
        joined(ORDERS, rows(1, 2, 3), drawn)
