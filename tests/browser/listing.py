"""The page of orders of the tests of reading: its site file, its rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.browser.conftest import Agent

Make = Callable[..., Agent]
TEXT = """\
words:
  order_states: {placed: 待发货, shipped: 已发货}
pages:
  list:
    open_at: /
    here_if: heading=单
    orders:
      rows: css=tr.o
      skip_rows: css=tr.sum
      nothing_found: text=暂无订单
      next_page: link=下一页
      supplier_order_number: column=订单号
      title: column=商品
      ordered_at: column=时间
      total: column=金额
      quantity: column=数量
      state:
        find: column=状态
        words: order_states
flows:
  list_orders:
    - open: list
    - read: [orders]
"""
COUNT = '      row_count:\n        find: css=#pager\n        part: "共{}条"\n'
HEAD = "<tr>" + "".join(f"<th>{word}" for word in ("订单号", "商品", "时间", "金额", "数量", "状态"))


def row(n: int, **cells: str) -> str:
    one = {
        "no": f"S{n}",
        "title": "甲",
        "at": "2026-11-22 18:00",
        "total": "¥1,234.50",
        "count": "2",
        "state": "待发货",
        **cells,
    }
    return "<tr class=o>" + "".join(f"<td>{cell}" for cell in one.values())


def table(*rows: str, after: str = "") -> str:
    return f"<h1>单</h1><table>{HEAD}{''.join(rows)}</table>{after}"


def orders(agent: Agent) -> Any:
    return agent.play("list_orders").values["orders"]
