"""One row of text cells put into the first sheet of an Excel workbook, by splicing the XML inside it.

openpyxl is not asked to write: it would drop what it does not know (pictures, drop-down lists, the results of formulas).
Here every other part of the workbook stays as it was, and of the sheet every byte but those of the new row.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils import column_index_from_string, get_column_letter

_BOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_TEXT_FORMAT = "49"  # the number format "@" (ECMA-376, 18.8.30)
_PLAIN = {"fontId": "0", "fillId": "0", "borderId": "0"}
_NOT_KEPT = ("spans", "hidden")  # of a row that stood there empty
# What XML cannot hold stands as _x0007_ in a workbook, and so what looks like that has to be written in the same way.
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class _Element:
    """Where an element stands: from `start` to `end`, its content up to `close` (`end` where it is empty: `<row/>`)."""

    name: str
    attributes: Mapping[str, str]
    start: int
    close: int
    end: int

    @property
    def local(self) -> str:
        return self.name.rpartition(":")[2]

    def tag(self, local: str) -> str:
        """A name with the same prefix: `x:c` beside `x:row`."""
        return self.name.rpartition(":")[0] + ":" * (":" in self.name) + local


def with_row(raw: bytes, line: int, cells: Mapping[int, str]) -> bytes:
    """The workbook with `cells` (by column, from 1) in `line`, which must be empty.

    Raises ValueError where the workbook is built in a way that is not known here; Excel's own never are.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as old:
            parts = {info.filename: old.read(info) for info in old.infolist()}
            sheet, styles = _part_names(parts)
            parts[styles], style = _with_text_style(parts[styles])
            parts[sheet] = _with_cells(parts[sheet], line, cells, style)
            return _packed(old, parts)
    except (LookupError, StopIteration, ElementTree.ParseError, expat.ExpatError) as error:
        raise ValueError(str(error)) from error


def _packed(old: zipfile.ZipFile, parts: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as new:
        for info in old.infolist():
            new.writestr(info, parts[info.filename])
    return made.getvalue()


def _part_names(parts: Mapping[str, bytes]) -> tuple[str, str]:
    """The first sheet's part of the workbook, and that of the styles."""
    relations = {each.attrib["Id"]: each.attrib for each in ElementTree.fromstring(parts[_RELATIONS])}
    book = ElementTree.fromstring(parts[_BOOK])
    sheets = [relations[_relation(each.attrib)] for each in book.iter() if each.tag.endswith("}sheet")]
    sheet = next(each for each in sheets if each["Type"].endswith("/worksheet"))
    styles = next(each for each in relations.values() if each["Type"].endswith("/styles"))
    return _inside(sheet["Target"]), _inside(styles["Target"])


def _relation(attributes: Mapping[str, str]) -> str:
    return next(value for name, value in attributes.items() if name.endswith("}id"))


def _inside(target: str) -> str:
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _with_text_style(xml: bytes) -> tuple[bytes, int]:
    """The styles with a plain one for text cells among them, and its number."""
    found = _elements(xml, ("cellXfs", "xf"))
    group = next(each for each in found if each.local == "cellXfs")
    styles = [each for each in found if group.start < each.start < group.close]
    wanted = {"numFmtId": _TEXT_FORMAT, **_PLAIN}
    for number, style in enumerate(styles):
        if style.close == style.end and wanted.items() <= style.attributes.items() <= wanted.items() | _harmless(style):
            return xml, number
    made = f'<{group.tag("xf")} numFmtId="{_TEXT_FORMAT}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    opening = _opening(group, {**group.attributes, "count": str(len(styles) + 1)})
    inside = xml[styles[0].start : group.close]
    return xml[: group.start] + opening + inside + made.encode() + _closing(group) + xml[group.end :], len(styles)


def _harmless(style: _Element) -> set[tuple[str, str]]:
    return {
        (name, value) for name, value in style.attributes.items() if name in ("xfId", "applyNumberFormat") and value in "01"
    }


def _with_cells(xml: bytes, line: int, cells: Mapping[int, str], style: int) -> bytes:
    found = _elements(xml, ("sheetData", "row", "c"))
    data = next(each for each in found if each.local == "sheetData")
    inside = (each for each in found if data.start < each.start < data.close)  # a button further down has an <xdr:row> too
    rows = {int(each.attributes["r"]): each for each in inside if each.local == "row"}
    made = {column: _cell(data, f"{get_column_letter(column)}{line}", text, style) for column, text in cells.items() if text}
    if line in rows:
        there = rows[line]
        kept = {_column(each): xml[each.start : each.end] for each in found if there.start < each.start < there.close}
        attributes = {name: value for name, value in there.attributes.items() if name not in _NOT_KEPT}
        return xml[: there.start] + _row(data, attributes, kept | made) + xml[there.end :]
    row = _row(data, {"r": str(line)}, made)
    at = min((each.start for number, each in rows.items() if number > line), default=data.close)
    return xml[:at] + row + xml[at:]


def _column(cell: _Element) -> int:
    return int(column_index_from_string(cell.attributes["r"].rstrip("0123456789")))


def _row(data: _Element, attributes: Mapping[str, str], cells: Mapping[int, bytes]) -> bytes:
    element = _Element(data.tag("row"), attributes, 0, 0, 0)
    return _opening(element, attributes) + b"".join(cells[column] for column in sorted(cells)) + _closing(element)


def _cell(data: _Element, name: str, text: str, style: int) -> bytes:
    c, inline, t = data.tag("c"), data.tag("is"), data.tag("t")
    safe = escape(_ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", text))
    told = f'<{c} r="{name}" s="{style}" t="inlineStr"><{inline}><{t} xml:space="preserve">{safe}</{t}></{inline}></{c}>'
    return told.encode()


def _opening(element: _Element, attributes: Mapping[str, str]) -> bytes:
    return f"<{element.name}{''.join(f' {name}={quoteattr(value)}' for name, value in attributes.items())}>".encode()


def _closing(element: _Element) -> bytes:
    return f"</{element.name}>".encode()


def _elements(xml: bytes, names: Collection[str]) -> list[_Element]:
    """The elements of these names, in the order in which they begin. Raises ValueError where it is not UTF-8."""
    parser = expat.ParserCreate()
    begun: list[tuple[str, Mapping[str, str], int]] = []
    found: list[_Element] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        begun.append((name, attributes, parser.CurrentByteIndex))

    def end(name: str) -> None:
        _name, attributes, start = begun.pop()
        if name.rpartition(":")[2] in names:
            at = parser.CurrentByteIndex  # of the closing tag, or behind an element without one
            closing = re.compile(rb"</" + name.encode() + rb"\s*>").match(xml, at)
            found.append(_Element(name, attributes, start, at, closing.end() if closing else at))

    def declared(_version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding or "utf-8").lower() != "utf-8":
            raise ValueError(encoding)

    parser.StartElementHandler, parser.EndElementHandler, parser.XmlDeclHandler = begin, end, declared
    parser.Parse(xml, True)
    return sorted(found, key=lambda each: each.start)
