"""When two texts are the same: one function a kind of word. Case always counts; invisible characters are characters."""

from __future__ import annotations

import re
import unicodedata

from agent.work.phones import STARS, is_masked


def exact(text: str) -> str:
    """`text` as it counts in a name or specification: NFKC, runs of blanks as one, none at the ends (no page shows them)."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def blank_free(text: str) -> str:
    """`text` as it counts in an address: NFKC, all blanks gone."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def fits_mask(shown: str, meant: str) -> bool:
    """Whether `shown` is `meant` with some of it behind stars; a value all of stars shows nothing and fits nothing."""
    if not is_masked(shown):
        return shown == meant
    if not any(letter.isalnum() for letter in shown):
        return False
    seen = [re.escape(part) for part in re.split(f"[{re.escape(STARS)}]+", shown)]
    return re.fullmatch(".+".join(seen), meant, re.DOTALL) is not None
