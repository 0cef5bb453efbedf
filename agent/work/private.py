"""A buyer's data taken out of a text that others may read: the phone as the log stars it, the name and the address too. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.log import starred
from agent.models import Receiver

SHORTEST = 2  # letters; a name of one letter stands in too many words to be looked for


def masked(text: str, receiver: Receiver | None) -> str:
    """`text` without what tells who the buyer is; `receiver` is the order's, None where none is known."""
    for private, instead in _private(receiver) if receiver else ():
        text = re.sub(private, instead, text)
    return starred(text)


def _private(receiver: Receiver) -> Iterator[tuple[str, str]]:
    """What to look for, however it is spaced, and what stands there instead."""
    main = re.sub(r"\D", "", receiver.phone.main)
    yield r"[\s-]*".join(main) + r"(?:-\d{1,6}(?!\d))?", f"{main[:3]}****{main[-4:]}"
    if len(receiver.detail) >= SHORTEST:
        yield _spaced(receiver.detail), "****"
    if len(receiver.name) >= SHORTEST:
        yield _spaced(receiver.name), receiver.name[0] + "*" * (len(receiver.name) - 1)


def _spaced(words: str) -> str:
    return r"\s*".join(re.escape(letter) for letter in words if not letter.isspace())
