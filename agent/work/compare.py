"""Compare what a page shows with what was meant. Every difference is told; a value missing or unreadable is one.

By kind: name, reference, product and specification exact after NFKC with case kept · phone by digits and extension · region by
the spellings of its levels · address after NFKC without blanks · quantities exact · money to the 分. How two texts are the
same stands in texts.py, the receiver's kinds in receiver_shown.py, the counting of lines in goods.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from agent.models import Fen, Percent, PurchaseOrder, Reading, Receiver, Row, Unreadable
from agent.words import _
from agent.work.goods import (
    Goods,
    ceilings,
    goods_of_line,
    goods_of_row,
    is_whole,
    meant_goods,
    quantity,
    rows_of,
    shown_goods,
    unit_price,
    words_of_row,
)
from agent.work.limits import yuan
from agent.work.receiver_shown import WORDS as RECEIVER_WORDS
from agent.work.receiver_shown import may_be_person, region_of, text_of, wrong_choices, wrong_words
from agent.work.reference import inside
from agent.work.texts import blank_free, exact

Verdict = Literal["exact", "more", "less", "differs", "none"]


@dataclass(frozen=True, slots=True)
class Meant:
    """What one purchase is to be. `note` is the note for the supplier, `most_per_order` the ceiling of the order's total.

    `seller` is whose goods they must be at a marketplace, as it names them; "" where there is one seller only.

    `total` is what stood on the page at the click, once it is known: the proof must show the same, and asks no more whether that
    is dear; `freight` is in it. `tolerance`: how far a price may be from what it last cost. `hidden` is what the site
    `lacks`: "reference", "receiver", "listed_reference". `merges`: the site may put it into an order for the same receiver.
    """

    purchase: PurchaseOrder
    receiver: Receiver
    most_per_order: Fen
    note: str = ""
    seller: str = ""
    total: Fen | None = None
    freight: Fen | None = None
    tolerance: Fen | Percent | None = None
    hidden: frozenset[str] = frozenset()
    merges: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """One word of the contract whose shown value is not the meant one.

    `over_limit`: it is only dearer than allowed, or `changed`: only further from what it last cost.
    """

    word: str
    meant: str
    shown: str
    over_limit: bool = False
    changed: bool = False

    @property
    def private(self) -> bool:
        """Whether the values are a buyer's, and stay out of logs and messages."""
        return self.word in RECEIVER_WORDS


def differences(meant: Meant, reading: Reading) -> tuple[Difference, ...]:
    """Everything on the page about to be committed that is not what was meant. Nothing masked passes here."""
    return (
        *_reference(meant, reading),
        *_receiver(meant.receiver, reading, masked=False),
        *(Difference("region", wanted, chosen) for wanted, chosen in wrong_choices(meant.receiver, reading)),
        *_note(meant, reading),
        *_seller(meant, reading),
        *_lines(meant, rows_of(reading)),
        *_more_rows(meant, rows_of(reading)),
        *_prices(meant, reading),
        *_changed_prices(meant, rows_of(reading)),
    )


def judge(candidates: Sequence[Reading], meant: Meant) -> Verdict:
    """What the new supplier orders hold together; a supplier may split one order in two.

    exact: the meant lines, every shown field equal · more: the meant lines and then some · less: only part of them ·
    differs: anything else · none: there is no candidate.
    """
    if not candidates:
        return "none"
    rows = [row for reading in candidates for row in rows_of(reading)]
    if not all(rows_of(reading) for reading in candidates) or not all(is_whole(row) for row in rows):
        return "differs"
    shown, wanted = shown_goods(rows), meant_goods(meant.purchase, rows)
    if wanted < shown:
        return "more"
    if any(_fields(meant, reading) or _proven_prices(meant, reading) for reading in candidates):
        return "differs"
    if shown == wanted:
        return "differs" if _totals(meant, candidates) else "exact"
    return "less" if shown < wanted else "differs"


def looks_alike(shown: Reading | Row, meant: Meant) -> bool:
    """Whether this supplier order may be the same purchase made by somebody else: same person, one of the same products.

    Any reference, quantity or specification. What is not shown, masked or unreadable rules nothing out: a row of a list,
    which names no receiver, looks alike until its page has been read. A cancelled order bought nothing.
    """
    values: Mapping[str, object] = shown.values if isinstance(shown, Reading) else shown
    if values.get("state") == "cancelled":
        return False
    return may_be_person(values, meant.receiver) and _may_be_goods(values, meant.purchase)


def reference_shown(reading: Reading) -> str:
    """Our reference on an order's own page: in its own field, or the one that stands in the note for the supplier."""
    if "reference" in reading.values:
        return text_of(reading, "reference")
    told = inside(text_of(reading, "supplier_note"))
    return told[0] if len(told) == 1 else ""


def stand_for(shown: Sequence[Reading], meant: Meant) -> bool:
    """Whether orders that a person made by hand are this purchase: for the same person, together exactly the same goods."""
    rows = [row for reading in shown for row in rows_of(reading)]
    return (
        all(looks_alike(reading, meant) for reading in shown)
        and all(is_whole(row) for row in rows)
        and shown_goods(rows) == meant_goods(meant.purchase, rows)
    )


# --- fields -----------------------------------------------------------------------------------------------------------


def _fields(meant: Meant, reading: Reading) -> tuple[Difference, ...]:
    """Reference, receiver and note on an order's own page, where the site shows them."""
    found = (
        *_reference(meant, reading),
        *_receiver(meant.receiver, reading, masked=True),
        *_note(meant, reading),
        *_seller(meant, reading),
    )
    hidden = {*(["reference"] if "reference" in meant.hidden else []), *(RECEIVER_WORDS if "receiver" in meant.hidden else [])}
    return tuple(d for d in found if d.word not in hidden or reading.values.get(d.word) not in (None, ""))


def _reference(meant: Meant, reading: Reading) -> list[Difference]:
    shown = reference_shown(reading) if "listed_reference" in meant.hidden else text_of(reading, "reference")
    if shown == meant.purchase.reference or (not shown and "reference" in meant.hidden):
        return []
    return [Difference("reference", meant.purchase.reference, _words(reading, "reference"))]


def _receiver(receiver: Receiver, reading: Reading, *, masked: bool) -> list[Difference]:
    meant = {
        "receiver_name": receiver.name,
        "phone": str(receiver.phone),
        "region": " ".join(level for level in (receiver.province, receiver.city, receiver.district) if level),
        "address": receiver.town + receiver.detail,
    }
    return [Difference(word, meant[word], _words(reading, word)) for word in wrong_words(receiver, reading, masked=masked)]


def _note(meant: Meant, reading: Reading) -> list[Difference]:
    """The note for the supplier, where the flow reads it; an empty one meant must be shown empty."""
    shown = reading.values.get("supplier_note", meant.note)
    if (isinstance(shown, str) or shown is None) and exact(shown or "") == exact(meant.note):
        return []
    return [Difference("supplier_note", meant.note, _words(reading, "supplier_note"))]


def _seller(meant: Meant, reading: Reading) -> list[Difference]:
    """Whose goods they are, wherever the page says it: of the whole order, or of each row."""
    if not meant.seller:
        return []
    told: list[object] = [row["seller"] for row in rows_of(reading) if "seller" in row]
    told += [reading.values["seller"]] if "seller" in reading.values else []
    wrong = [cell for cell in told if not isinstance(cell, str) or exact(cell) != exact(meant.seller)]
    return [Difference("seller", meant.seller, _cell_words(cell)) for cell in wrong[:1]]


# --- lines ------------------------------------------------------------------------------------------------------------


def _lines(meant: Meant, rows: Sequence[Row]) -> list[Difference]:
    unreadable = [row for row in rows if not is_whole(row)]
    if unreadable:
        return [Difference("lines", _("a row that can be read"), words_of_row(row)) for row in unreadable]
    wanted, shown = meant_goods(meant.purchase, rows), shown_goods(rows)
    missing = [f"{goods} × {count}" for goods, count in wanted.items() if count != shown[goods]]
    extra = [f"{goods} × {count}" for goods, count in shown.items() if count != wanted[goods]]
    return [Difference("lines", *pair) for pair in zip_longest(missing, extra, fillvalue=_("nothing"))]


def _more_rows(meant: Meant, rows: Sequence[Row]) -> list[Difference]:
    """More rows of one product than were put in, though together they hold what was meant: something else put one in."""
    put_in = Counter(goods_of_line(line, rows) for line in meant.purchase.lines)
    there = Counter(goods_of_row(row) for row in rows)
    return [
        Difference("lines", _rows_words(goods, put_in[goods]), _rows_words(goods, count))
        for goods, count in there.items()
        if 0 < put_in[goods] < count
    ]


def _rows_words(goods: Goods, count: int) -> str:
    return _("{goods} in {count} row(s)").format(goods=goods, count=count)


def _may_be_goods(values: Mapping[str, object], purchase: PurchaseOrder) -> bool:
    rows = values.get("lines")
    if not isinstance(rows, tuple) or not rows:
        return True
    ours = {_loose(words) for line in purchase.lines for words in (line.product.product, line.product.title)}
    cells = [row.get(word) for row in rows for word in ("product", "title") if word in row]
    return not cells or any(not isinstance(cell, str) or _loose(cell) in ours for cell in cells)


def _loose(text: str) -> str:
    return blank_free(text).casefold()


# --- money ------------------------------------------------------------------------------------------------------------


def _prices(meant: Meant, reading: Reading) -> list[Difference]:
    rows = rows_of(reading)
    if not all(is_whole(row) for row in rows):
        return []  # _lines tells them; no sum can be made
    asked = [word for word in ("goods_total", "freight", "discount", "total") if _is_asked(reading, word)]
    unread = [word for word in asked if _amount(reading, word) is None]
    if unread:
        return [Difference(word, _("an amount"), _words(reading, word)) for word in unread]
    return [
        *_unit_prices(meant, rows),
        *_sums(rows, reading),
        *_discount(reading),
        *_ceiling(meant, _amount(reading, "total") or 0),
    ]


def _proven_prices(meant: Meant, reading: Reading) -> list[Difference]:
    """The prices of what was sent for a known total; whether that is dear was asked before the click."""
    return [found for found in _prices(meant, reading) if not found.over_limit or meant.total is None]


def _changed_prices(meant: Meant, rows: Sequence[Row]) -> list[Difference]:
    """Prices further from what a piece last cost, up or down, than the seller lets them be."""
    if meant.tolerance is None:
        return []
    told: dict[str, Difference] = {}
    for line in meant.purchase.lines:
        goods, cost = goods_of_line(line, rows), line.product.cost
        allowed = meant.tolerance.of(cost) if isinstance(meant.tolerance, Percent) else meant.tolerance
        most = meant.tolerance if isinstance(meant.tolerance, Percent) else yuan(meant.tolerance)
        for price in (unit_price(row) for row in rows if is_whole(row) and goods_of_row(row) == goods):
            if abs(price - cost) > allowed:
                wanted = _("last {cost}, at most {most} more or less").format(cost=yuan(cost), most=most)
                shown = f"{yuan(price)} ({goods})"
                told[f"{shown} {cost}"] = Difference("unit_price", wanted, shown, over_limit=True, changed=True)
    return list(told.values())


def _unit_prices(meant: Meant, rows: Sequence[Row]) -> list[Difference]:
    most = ceilings(meant.purchase, rows)
    return [
        Difference("unit_price", _at_most(most[goods]), f"{yuan(price)} ({goods})", over_limit=True)
        for goods, price in ((goods_of_row(row), unit_price(row)) for row in rows)
        if goods in most and price > most[goods]
    ]


def _sums(rows: Sequence[Row], reading: Reading) -> list[Difference]:
    goods = sum(unit_price(row) * quantity(row) for row in rows)
    wanted = {"total": goods + (_amount(reading, "freight") or 0) - (_amount(reading, "discount") or 0)}
    if "goods_total" in reading.values:
        wanted["goods_total"] = goods
    wrong = [word for word, amount in wanted.items() if _amount(reading, word) != amount]
    return [Difference(word, yuan(wanted[word]), _words(reading, word)) for word in wrong]


def _discount(reading: Reading) -> list[Difference]:
    """Where more is taken off than is left to pay, the two may stand under each other's words: their sum is right all the same."""
    total = _amount(reading, "total") or 0
    if (_amount(reading, "discount") or 0) <= total:
        return []
    return [Difference("discount", _at_most(total), _words(reading, "discount"))]


def _totals(meant: Meant, readings: Sequence[Reading]) -> list[Difference]:
    """The totals together are the one that stood on the page at the click, and within the ceiling."""
    total = sum(_amount(reading, "total") or 0 for reading in readings)
    if meant.total is not None and total != meant.total:
        return [Difference("total", yuan(meant.total), yuan(total))]
    return _ceiling(meant, total) if len(readings) > 1 and meant.total is None else []


def _ceiling(meant: Meant, total: int) -> list[Difference]:
    if total <= meant.most_per_order:
        return []
    return [Difference("total", _at_most(meant.most_per_order), yuan(total), over_limit=True)]


def _at_most(amount: int) -> str:
    return _("at most {}").format(yuan(amount))


def _is_asked(reading: Reading, word: str) -> bool:
    """Freight and total are always asked for; the others where the flow reads them."""
    return word in ("freight", "total") or word in reading.values


def _amount(reading: Reading, word: str) -> int | None:
    value = reading.values.get(word)
    return value if isinstance(value, int) and value >= 0 else None


def _words(reading: Reading, word: str) -> str:
    """What the page said, for a person."""
    if word == "region" and word not in reading.values:
        return region_of(reading.values) or _cell_words(None)
    return reading.raw.get(word) or _cell_words(reading.values.get(word))


def _cell_words(value: object) -> str:
    if isinstance(value, Unreadable):
        return f"{value.raw} ({value.why})"
    return _("nothing") if value in (None, "") else str(value)
