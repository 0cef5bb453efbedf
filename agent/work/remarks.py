"""What the seller's remark and the buyer's message say beyond what the seller has ruled on. Pure.

Words are compared as a person reads them: full and half width, blanks and letter case do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from agent.sites.values import squeeze


def stop_word(texts: Iterable[str], stop: Iterable[str], ours: Collection[str] = ()) -> str:
    """The first of the seller's stop words that stands in one of the texts, our own notes aside; "" if none does."""
    shown = [_without(text, ours) for text in texts]
    return next((word for word in stop if squeeze(word) and any(squeeze(word) in text for text in shown)), "")


def without_rule(texts: Iterable[str], ignore: Collection[str], ours: Collection[str] = ()) -> tuple[str, ...]:
    """The texts in which something is left when our own notes and the words to be ignored are taken away; signs are nothing."""
    return tuple(text for text in texts if re.search(r"\w", _without(text, (*ours, *ignore))))


def _without(text: str, words: Collection[str]) -> str:
    rest = squeeze(text)
    for word in sorted(filter(None, map(squeeze, words)), key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest
