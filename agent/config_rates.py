"""The shares that config.yaml names: one percentage, or one for each source of an order. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Discriminator, PlainValidator, Tag

from agent.models import Percent
from agent.sites.values import percent_of, squeeze
from agent.words import _

OTHER = "other"  # every source that is not named


def rate_for(source: str, rates: Mapping[str, Percent]) -> Percent | None:
    """The rate of this source, else that of all others; None where neither is named, or the shop shows no source ("")."""
    return rates.get(squeeze(source), rates.get(OTHER)) if source else None


def _percent(told: object) -> object:
    if isinstance(told, Percent):
        return told
    return percent_of(told if isinstance(told, str) else str(told))


def _as_read(rates: Mapping[str, Percent]) -> Mapping[str, Percent]:
    """The same by the words as a person reads them: blanks, letter case and width do not matter."""
    if not rates:
        raise ValueError(_("the commission names no source; write one rate, or `{达人: 20%, other: 5%}`"))
    words: dict[str, str] = {}
    for word in rates:
        if not squeeze(word):
            raise ValueError(_("a source needs a name; write the words that the shop shows, or `other`"))
        first = words.setdefault(squeeze(word), word)
        if first != word:
            raise ValueError(_("`{one}` and `{other}` are the same words; keep one of them").format(one=first, other=word))
    return {read: rates[word] for read, word in words.items()}


def _shape(told: object) -> str:
    return "by_source" if isinstance(told, Mapping) else "one"


Rate = Annotated[Percent, PlainValidator(_percent)]
Commission = Annotated[
    Annotated[Rate, Tag("one")] | Annotated[Mapping[str, Rate], AfterValidator(_as_read), Tag("by_source")],
    Discriminator(_shape),
]
