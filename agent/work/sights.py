"""What a look at a page says, in words."""

from __future__ import annotations

from agent.models import Sight
from agent.words import _


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
