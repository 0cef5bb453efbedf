"""A supplier's bill page of one table, made by its server alone, and the seller's site file that reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from tests.browser.little import Asked, Little

PAGE = """
  my_bill:
    open_at: /bill
    host: bill
    here_if: heading=账期账单
    bill:
      rows: css=table#bill tbody tr
      nothing_found: text=没有待还款的订单
      supplier_order_number: column=订单号
      total: column=应付金额
      due_on: column=到期日
      payment_state:
        find: column=状态
        words: payment_states

flows:
  read_bill:
    - open: my_bill
    - read: [bill]

"""
STATES = "\n  payment_states: {waiting: 未还, paid: 已还, expired: [], none: []}\n"


@dataclass
class BillPage:
    """`rows` are what it shows: number, amount, due date and state, as it writes them."""

    shows: str
    rows: list[tuple[str, str, str, str]] = field(default_factory=list)
    little: Little = field(default_factory=Little)

    def start(self) -> BillPage:
        self.little.pages = {"/bill": self._page}
        self.little.start()
        return self

    @property
    def read(self) -> int:
        """How often it was opened."""
        return len(self.little.asked)

    def _page(self, _asked: Asked) -> str:
        heads = "".join(f"<th>{words}" for words in ("订单号", "应付金额", "到期日", "状态"))
        rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}' for cell in row)}" for row in self.rows)
        table = f"<table id=bill><thead><tr>{heads}</thead><tbody>{rows}</tbody></table>"
        return f"<div id=user_name>{self.shows}</div><h1>账期账单</h1>{table if rows else '<p>没有待还款的订单</p>'}"

    def add_to(self, home: Path, shipped: Path) -> None:
        """The seller's own copy of the site file, with the page and the flow."""
        text = shipped.read_text(encoding="utf-8")
        text = text.replace("\nflows:\n", PAGE, 1).replace("\n  order_states:\n", f"{STATES}  order_states:\n", 1)
        text = text.replace(
            "hosts: {main: https://mall.example}", "hosts: {main: https://mall.example, bill: https://bill.example}"
        )
        own = home / "selectors"
        own.mkdir()
        (own / shipped.name).write_text(text, encoding="utf-8")
        config = home / "config.yaml"
        told = config.read_text(encoding="utf-8")
        _before, _site, mall = told.partition("    site: mall\n")
        with_bill = mall.replace('"}\n', f'", bill: "{self.little.address}"}}\n', 1)
        config.write_text(told.replace(mall, with_bill), encoding="utf-8")
