"""What a look at a page says: of the places that its locators belong to, and in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from agent.models import Sight, SightState
from agent.words import _


def groups(sights: Iterable[Sight]) -> Iterator[tuple[Sight, ...]]:
    """The locators of one place each: spellings of one thing, of which the first that hits anything counts."""
    for _place, group in groupby(sights, key=lambda sight: (sight.page, sight.place)):
        yield tuple(group)


def serving(group: Iterable[Sight]) -> SightState:
    """How the place itself is found: as the first of its locators that hits anything."""
    states = [sight.state for sight in group]
    return next((state for state in states if state in ("once", "several")), states[0] if states else "none")


def hits(sight: Sight) -> str:
    """How often a locator hits, in words."""
    if not sight.counts:
        return _("no row to look in")
    least, most = min(sight.counts), max(sight.counts)
    if len(sight.counts) == 1:
        return _times(most)
    if least == most:
        return _("{times} in each of {rows} rows").format(times=_times(most), rows=len(sight.counts))
    return _("{least} to {most} times in {rows} rows").format(least=least, most=most, rows=len(sight.counts))


def _times(count: int) -> str:
    return _("not there") if count == 0 else _("once") if count == 1 else _("{} times").format(count)
