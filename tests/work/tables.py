"""Products tables as a seller keeps them: the first row, rows of text, and workbooks of them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from agent.models import Fen, OrderLine, SupplierProduct

HEAD = "商家编码,店铺规格,供应商,货号,商品标题,规格,每份件数,进价,限价"
ROW = "TX-01,黑色 XL,yiwu,A-1001,纯棉T恤,黑 / XL,1,18.00,20.00"
LINE = OrderLine("1", "夏季T恤", "黑色 XL", "TX-01", 2, "none", "ordinary")
XL = SupplierProduct("yiwu", "A-1001", "纯棉T恤", "黑 / XL", 1, Fen(1800), Fen(2000))


def cells(row: str = ROW, **changed: Any) -> list[Any]:
    """The cells of a row; `changed` by column letter."""
    made: list[Any] = row.split(",")
    for letter, value in changed.items():
        made[ord(letter) - ord("A")] = value
    return made


def workbook(*rows: Iterable[Any], head: str = HEAD) -> Workbook:
    book = Workbook()
    book.active.append(head.split(","))
    for row in rows:
        book.active.append(list(row))
    return book


def parts(path: Path) -> dict[str, bytes]:
    """What is inside a workbook, by name."""
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def pack(path: Path, inside: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in inside.items():
            package.writestr(name, content)


def with_result(path: Path, result: str, kind: str = "") -> None:
    """Write the result of the only formula into the workbook, as Excel does when it saves."""
    inside = parts(path)
    sheet = inside["xl/worksheets/sheet1.xml"].decode()
    told = f' t="{kind}"' if kind else ""
    made, count = re.subn(r"<c ([^>]*)>(<f>.*?</f>)<v ?/?>(</v>)?", rf"<c \1{told}>\2<v>{result}</v>", sheet, count=1)
    assert count == 1, sheet
    pack(path, inside | {"xl/worksheets/sheet1.xml": made.encode()})
