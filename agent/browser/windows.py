"""A list of which the page draws only a window at a time: the rows of one window after the other, put together.

Pure: knows rows as the page showed them, and no page.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from agent.browser.forms import Form
from agent.errors import SiteUnavailable
from agent.sites.contract import WORDS
from agent.sites.definition import ListPlace
from agent.words import _

Rows = list[Form]


def _numbered(place: ListPlace) -> list[str]:
    """The columns whose numbers a row has to itself. In a statement an order stands once for each time its money moved."""
    types = {name: WORDS.get(name) for name in place.columns}
    return [] if "change" in types.values() else [name for name, kind in types.items() if kind == "number_text"]


def known_by(place: ListPlace, row: Form) -> str:
    """What tells a row from others: its numbers where it has any, else all that it shows."""
    keys = _numbered(place)
    return repr([row[key] for key in keys] if keys else row)


def moved(place: ListPlace) -> SiteUnavailable:
    """The error for a list in which rows came or went while it was read."""
    return SiteUnavailable(_("The list {} moved while it was being read").format(place.name))


def joined(place: ListPlace, rows: Rows, drawn: Rows) -> Rows:
    """The rows so far and those drawn now, which begin within them: a window is scrolled by less than its height.

    Raises SiteUnavailable where the two do not meet: rows between them may have been missed.
    """
    for told in (repr, partial(known_by, place)):  # by all that they show; else by their numbers, where a state just changed
        start = _meeting([told(row) for row in rows], [told(row) for row in drawn])
        if start is not None and not any(row in rows and _numbered(place) for row in drawn[len(rows) - start :]):
            return rows[:start] + drawn if start + len(drawn) > len(rows) else rows
    raise moved(place)


def _meeting(known: Sequence[str], now: Sequence[str]) -> int | None:
    """From where on the rows known are those drawn now."""
    for start in range(len(known)):
        length = min(len(known) - start, len(now))
        if known[start : start + length] == now[:length]:
            return start
    return None
