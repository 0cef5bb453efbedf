"""The books as tables for Excel: one row a purchase as CSV, and a workbook that has the suppliers and the days as well."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from agent.words import _
from agent.work.limits import yuan
from agent.work.money import WORDS, Amount, Entry, Group, Sums, by_day, by_order, by_supplier, together
from agent.work.placed_orders import cell, not_written, write_table
from agent.work.workbook import Block, Kind, Value, columns, row_of, write_workbook

KINDS: Mapping[str, Kind] = {"day": "day", "orders": "count", "purchases": "count", **dict.fromkeys(WORDS, "money")}


def amounts() -> dict[str, str]:
    """What each of the sums is called."""
    return {
        "income": _("income"),
        "goods": _("cost of goods"),
        "freight": _("freight"),
        "cost": _("cost"),
        "fees": _("fees"),
        "margin": _("margin"),
        "paid": _("paid"),
        "owed": _("owed"),
        "refunded": _("refunded"),
    }


def _in_yuan() -> dict[str, str]:
    return {word: _("{} (yuan)").format(name) for word, name in amounts().items()}


def _headings() -> dict[str, str]:
    return {
        "day": _("day of the purchase's proof"),
        "shop": _("shop"),
        "order_number": _("shop order number"),
        "source": _("source of the order"),
        "supplier": _("supplier"),
        "supplier_order_number": _("supplier order number"),
        "reference": _("purchase order number"),
        **_in_yuan(),
        "remark": _("remark"),
    }


def write_csv(path: Path, entries: Sequence[Entry]) -> None:
    """One row a purchase. Raises ConfigError where the file cannot be written."""
    try:
        write_table(path, _headings().values(), (_cells(entry) for entry in entries))
    except OSError as error:
        raise not_written(path, error) from error


def _cells(entry: Entry) -> list[str]:
    values = _values(entry) | {"day": entry.day.isoformat()}
    return [_cell(word, values[word]) for word in _headings()]


def _cell(word: str, value: Value) -> str:
    return yuan(value) if isinstance(value, int) else cell(word, value)


def _values(entry: Entry) -> dict[str, Value]:
    purchase = entry.purchase
    return {
        "day": entry.day,
        "shop": purchase.shop,
        "order_number": purchase.order_number,
        "source": purchase.source,
        "supplier": purchase.supplier,
        "supplier_order_number": purchase.number,
        "reference": purchase.reference,
        **_money(entry.sums),
        "remark": " · ".join([*([_("came to nothing")] if purchase.dead else []), *remarks(entry.sums)]),
    }


def _money(sums: Sums) -> dict[str, Value]:
    return {word: _told(getattr(sums, word)) for word in WORDS}


def _told(amount: Amount) -> Value:
    return _("not known") if amount.told is None else amount.told


def remarks(sums: Sums, words: Collection[str] = WORDS) -> Iterator[str]:
    """What of these sums is estimated, and how many amounts are in none of them because nobody knows them."""
    names = amounts()
    if estimated := [names[word] for word in words if getattr(sums, word).estimated]:
        yield _("estimated: {}").format(", ".join(estimated))
    if missing := [(names[word], getattr(sums, word).unknown) for word in words if getattr(sums, word).unknown]:
        yield _("not known, and not in the sum: {}").format(", ".join(f"{name} × {count}" for name, count in missing))


def write_books(path: Path, entries: Sequence[Entry]) -> None:
    """A workbook: purchases, shop orders, suppliers, days. Raises ConfigError where it cannot be written."""
    write_workbook(
        path,
        {
            _("Purchases"): [_purchases(entries)],
            _("Shop orders"): [
                _grouped({"shop": _("shop"), "order_number": _("shop order number")}, by_order(entries), entries)
            ],
            _("Suppliers"): [_grouped({"supplier": _("supplier")}, by_supplier(entries), entries)],
            _("Days"): [_grouped({"day": _("day of the purchase's proof")}, by_day(entries), entries)],
        },
    )


def _purchases(entries: Sequence[Entry]) -> Block:
    words = _headings()
    rows = tuple(row_of(words, _values(entry)) for entry in entries)
    return Block(columns(words, KINDS), rows, (row_of(words, {"day": _("together"), **_sums(together(entries))}),))


def _grouped(names: Mapping[str, str], groups: Iterable[Group], entries: Sequence[Entry]) -> Block:
    words = {**names, "orders": _("orders"), **_in_yuan(), "remark": _("remark")}
    made = [_keyed(names, group.key) | {"orders": group.orders} | _sums(group.sums) for group in groups]
    whole = {next(iter(names)): _("together"), "orders": Group("", tuple(entries)).orders, **_sums(together(entries))}
    return Block(columns(words, KINDS), tuple(row_of(words, values) for values in made), (row_of(words, whole),))


def _keyed(names: Mapping[str, str], key: Value | tuple[Value, ...]) -> dict[str, Value]:
    return dict(zip(names, key if isinstance(key, tuple) else (key,), strict=True))


def _sums(sums: Sums) -> dict[str, Value]:
    return _money(sums) | {"remark": " · ".join(remarks(sums))}
