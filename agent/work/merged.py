"""Where a supplier puts several purchases for one receiver into one order: what came into an order that held others of ours.

What it held before is what the ledger says of those others; the look before the click saw that it held no more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from agent.ledger import StoredPurchase
from agent.models import Fen, Reading, Row
from agent.work.compare import Meant, Verdict, judge
from agent.work.goods import Goods, is_whole, meant_goods, rows_of, shown_goods
from agent.work.receiver_shown import text_of
from agent.work.reference import inside
from agent.work.texts import exact


def judge_grown(reading: Reading, meant: Meant, others: Sequence[StoredPurchase]) -> Verdict:
    """What a supplier's order that our other purchases stand in holds beyond them.

    exact: what was meant, for no more money than stood at the click · more: that and then some · less: only part of it ·
    none: nothing came in, and it costs no more · differs: anything else.
    """
    if nothing_came_in(reading, others):
        return "differs" if _changed(reading, others) else "none"
    rows = rows_of(reading)
    if not rows or not all(is_whole(row) for row in rows) or not bought(others, rows) < shown_goods(rows):
        return "differs"
    known = _sum(purchase.total for purchase in others)
    if known is None or not stand_alone(others):
        return "differs"  # whether it grew by more than it may cannot be known
    most = known + (meant.most_per_order if meant.total is None else meant.total)
    return judge([_as_ours(reading, meant, others)], replace(with_others(meant, others), total=None, most_per_order=Fen(most)))


def nothing_came_in(reading: Reading, others: Sequence[StoredPurchase]) -> bool:
    """Whether an order that our other purchases stand in holds nothing but these."""
    rows = rows_of(reading)
    return bool(rows) and all(is_whole(row) for row in rows) and shown_goods(rows) <= bought(others, rows)


def with_others(meant: Meant, others: Sequence[StoredPurchase]) -> Meant:
    """What is meant together with what other purchases are."""
    lines = tuple(line for purchase in others for line in purchase.lines)
    return replace(meant, purchase=replace(meant.purchase, lines=(*lines, *meant.purchase.lines)))


def bought(purchases: Iterable[StoredPurchase], rows: Sequence[Row]) -> Counter[Goods]:
    """The pieces of each product that purchases are of, in the words that these rows show."""
    goods: Counter[Goods] = Counter()
    for purchase in purchases:
        goods += meant_goods(purchase.purchase, rows)
    return goods


def growth(reading: Reading, others: Sequence[StoredPurchase], word: Literal["total", "freight"]) -> Fen | None:
    """How much more an order costs than our other purchases in it did; None where that is not known, or it costs less."""
    before = _sum(purchase.total if word == "total" else purchase.freight for purchase in others)
    now = reading.values.get(word)
    return Fen(now - before) if before is not None and isinstance(now, int) and now >= before else None


def stand_alone(purchases: Iterable[StoredPurchase]) -> bool:
    """Whether each of them is in one supplier order only, so that its goods and its money are that order's."""
    return all(len(purchase.supplier_order_numbers) == 1 for purchase in purchases)


def _changed(reading: Reading, others: Sequence[StoredPurchase]) -> bool:
    """Whether an order that nothing came into lost goods or costs more; of a purchase in several orders neither is known."""
    if not stand_alone(others):
        return False
    rows = rows_of(reading)
    return shown_goods(rows) != bought(others, rows) or bool(growth(reading, others, "total"))


def _as_ours(reading: Reading, meant: Meant, others: Sequence[StoredPurchase]) -> Reading:
    """The page with our reference and note on it where it shows those of the purchases it holds: the site decides whose."""
    values = dict(reading.values)
    told = set(inside(f"{text_of(reading, 'reference')} {text_of(reading, 'supplier_note')}"))
    if told and told <= {meant.purchase.reference, *(purchase.reference for purchase in others)}:
        values["reference"] = meant.purchase.reference
    asked = exact(meant.note).split(meant.purchase.reference)
    if "supplier_note" in values and all(words.strip() in exact(text_of(reading, "supplier_note")) for words in asked):
        values["supplier_note"] = meant.note
    return replace(reading, values=values)


def _sum(amounts: Iterable[Fen | None]) -> int | None:
    told = list(amounts)
    return sum(amount for amount in told if amount is not None) if None not in told else None
