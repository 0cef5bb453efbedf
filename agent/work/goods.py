"""Goods in the lines of a supplier's page, counted: what was meant, what is shown, and what cannot be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from agent.models import Cell, PurchaseLine, PurchaseOrder, Reading, Row, Unreadable
from agent.work.texts import exact


class Goods(NamedTuple):
    """What tells one product of a supplier from another, tidied; the number is "" where the page's list does not show it."""

    product: str
    title: str
    specification: str

    def __str__(self) -> str:
        return " / ".join(word for word in self if word)


def rows_of(reading: Reading) -> tuple[Row, ...]:
    """The goods rows that were read, none if there is no list."""
    rows = reading.values.get("lines")
    return rows if isinstance(rows, tuple) else ()


def is_whole(row: Row) -> bool:
    """Whether every word that decides was read: texts are texts, quantity and price are above zero, no 分 is left of a sum."""
    texts = (row.get(word) for word in Goods._fields)
    return all(cell is None or isinstance(cell, str) for cell in texts) and quantity(row) > 0 and unit_price(row) > 0


def goods_of_row(row: Row) -> Goods:
    return Goods(*(exact(str(row.get(word) or "")) for word in Goods._fields))


def goods_of_line(line: PurchaseLine, rows: Iterable[Row]) -> Goods:
    """The goods of a line to buy, in the words that these rows show."""
    product = line.product
    number = exact(product.product) if any("product" in row for row in rows) else ""
    return Goods(number, exact(product.title), exact(product.specification))


def meant_goods(purchase: PurchaseOrder, rows: Sequence[Row]) -> Counter[Goods]:
    """The pieces to buy of each product."""
    goods: Counter[Goods] = Counter()
    for line in purchase.lines:
        goods[goods_of_line(line, rows)] += line.quantity
    return goods


def shown_goods(rows: Iterable[Row]) -> Counter[Goods]:
    """The pieces shown of each product."""
    goods: Counter[Goods] = Counter()
    for row in rows:
        goods[goods_of_row(row)] += quantity(row)
    return goods


def ceilings(purchase: PurchaseOrder, rows: Iterable[Row]) -> dict[Goods, int]:
    """The most one piece of each product may cost, in 分; the lower one where two lines say different."""
    most: dict[Goods, int] = {}
    rows = tuple(rows)
    for line in purchase.lines:
        goods = goods_of_line(line, rows)
        most[goods] = min(line.product.ceiling, most.get(goods, line.product.ceiling))
    return most


def quantity(row: Row) -> int:
    return _whole_number(row.get("quantity"))


def unit_price(row: Row) -> int:
    """分 for one piece; where only the sum of all its pieces stands there, 0 unless it makes a whole price."""
    if "unit_price" in row or quantity(row) <= 0:
        return _whole_number(row.get("unit_price"))
    price, rest = divmod(_whole_number(row.get("line_total")), quantity(row))
    return 0 if rest else price


def words_of_row(row: Row) -> str:
    """A row as it stood on the page, for a person."""
    return " / ".join(f"{cell.raw} ({cell.why})" if isinstance(cell, Unreadable) else str(cell) for cell in row.values())


def _whole_number(cell: Cell) -> int:
    return cell if isinstance(cell, int) else 0
