"""How the books are printed: by day and supplier, or by shop order, as tables that fit a terminal; as JSON; as files for Excel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rich.cells import cell_len

from agent.cli.tell import as_json, say, table
from agent.cli.typed import day_typed
from agent.errors import ConfigError
from agent.ledger import Ledger
from agent.words import _
from agent.work.limits import yuan
from agent.work.money import (
    WORDS,
    Amount,
    Entry,
    FeesOf,
    Group,
    Sums,
    by_day,
    by_order,
    by_supplier,
    chosen,
    entries_of,
    no_fees,
    refuse_unknown,
    together,
)
from agent.work.money_tables import amounts, remarks, write_books, write_csv

EARNED = ("income", "cost", "fees", "margin")
SETTLED = ("freight", "paid", "owed", "refunded")


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the books is asked for: the days from and to which, both included, and the supplier; "" is all."""

    first: str = ""
    last: str = ""
    supplier: str = ""
    orders: bool = False
    csv: Path | None = None
    xlsx: Path | None = None
    json: bool = False


def tell_money(ledger: Ledger, asked: Asked, fees_of: FeesOf = no_fees) -> int:
    """Print the books, and write the files that are asked for."""
    first, last = (day_typed(words) if words else None for words in (asked.first, asked.last))
    if first and last and first > last:
        what = _("{first} is after {last}").format(first=first, last=last)
        raise ConfigError(what, todo=_("Write the earlier day behind --from."))
    every = entries_of(ledger.money(), fees_of)
    if asked.supplier:
        refuse_unknown(every, asked.supplier)
    entries = chosen(every, first, last, asked.supplier)
    if asked.csv:
        write_csv(asked.csv, entries)
    if asked.xlsx:
        write_books(asked.xlsx, entries)
    if asked.json:
        as_json("money", _json(entries, first, last, asked.supplier))
        return 0
    _print(entries, orders=asked.orders)
    for path in filter(None, (asked.csv, asked.xlsx)):
        say(_("Written: {}").format(path))
    return 0


def _print(entries: Sequence[Entry], *, orders: bool) -> None:
    if not entries:
        say(_("Nothing was bought in these days."))
        return
    if orders:
        _tables(_("By shop order"), _("shop order"), by_order(entries), lambda key: str(key[1]))
    else:
        _tables(_("By day of the purchase's proof"), _("day"), by_day(entries), str)
        _tables(_("By supplier"), _("supplier"), by_supplier(entries), str)
    for words in remarks(together(entries)):
        say(words[:1].upper() + words[1:])
    if _marked(together(entries)):
        say(_("~ estimated · ? not known, and never counted as 0"))


def _tables(title: str, heading: str, groups: Sequence[Group], name: Callable[[Any], str]) -> None:
    """What came in and went out, then how far it is settled: in one table it would be wider than a terminal."""
    whole = Group("", tuple(entry for group in groups for entry in group.entries))
    named = [*((name(group.key), group) for group in groups), (_("together"), whole)]
    sums = [group.sums for _name, group in named]
    _table(title, (heading,), [(each,) for each, _group in named], EARNED, sums)
    _table("", (heading, _("orders")), [(each, str(group.orders)) for each, group in named], SETTLED, sums)


def _table(title: str, first: Sequence[str], rows: Sequence[Sequence[str]], words: Sequence[str], sums: Sequence[Sums]) -> None:
    names = amounts()
    columns = [_right([told(getattr(each, word)) for each in sums], names[word]) for word in words]
    cells = [(*row, *amounts_) for row, amounts_ in zip(rows, zip(*columns, strict=True), strict=True)]
    table((*first, *(names[word] for word in words)), cells, title=title and _("{} (yuan)").format(title))


def told(amount: Amount) -> str:
    """`12.34`, `~12.34` where it is estimated, `12.34+?` where more of it is not known, `?` where nothing is."""
    if amount.told is None:
        return "?"
    return f"{'~' if amount.estimated else ''}{yuan(amount.fen)}{'+?' if amount.unknown else ''}"


def _right(cells: Sequence[str], heading: str) -> list[str]:
    width = max(cell_len(heading), *map(len, cells))
    return [cell.rjust(width) for cell in cells]


def _marked(sums: Sums) -> bool:
    return any(getattr(sums, word).estimated or getattr(sums, word).unknown for word in WORDS)


# ---- JSON: money in 分, null where nothing of it is known ----------------------------------------------------------------


def _json(entries: Sequence[Entry], first: date | None, last: date | None, supplier: str) -> dict[str, Any]:
    return {
        "from": first,
        "to": last,
        "supplier": supplier,
        "purchases": [_purchase_json(entry) for entry in entries],
        "orders": [{"shop": group.key[0], "order_number": group.key[1], **_group_json(group)} for group in by_order(entries)],
        "suppliers": [{"supplier": group.key, **_group_json(group)} for group in by_supplier(entries)],
        "days": [{"day": group.key, **_group_json(group)} for group in by_day(entries)],
        "together": _group_json(Group("", tuple(entries))),
    }


def _purchase_json(entry: Entry) -> dict[str, Any]:
    purchase = entry.purchase
    return {
        "reference": purchase.reference,
        "shop": purchase.shop,
        "order_number": purchase.order_number,
        "source": purchase.source,
        "supplier": purchase.supplier,
        "supplier_order_numbers": list(purchase.numbers),
        "day": entry.day,
        "proven_at": purchase.proven_at.isoformat(),
        "dead": purchase.dead,
        **sums_json(entry.sums),
    }


def _group_json(group: Group) -> dict[str, Any]:
    return {"count": group.orders, **sums_json(group.sums)}


def sums_json(sums: Sums) -> dict[str, Any]:
    """Each sum, of which of them how many amounts are not known, and which are estimated."""
    return {
        **{word: getattr(sums, word).told for word in WORDS},
        "not_known": {word: getattr(sums, word).unknown for word in WORDS if getattr(sums, word).unknown},
        "estimated": [word for word in WORDS if getattr(sums, word).estimated],
    }
