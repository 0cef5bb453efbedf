"""What a person says is in which parcel: `YT88=1,2x3`, checked against the order before anything is kept. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from agent.ledger import StoredShipment
from agent.models import OrderLine
from agent.words import _

NOTHING = ("-", "0", "")
_PART = re.compile(r"([0-9]{1,4})(?:[x×*]([0-9]{1,6}))?", re.IGNORECASE)


class WrongWords(Exception):
    """What was said does not fit the order; the message says why."""


def read_inside(
    told: Iterable[str], lines: Sequence[OrderLine], parcels: Sequence[StoredShipment]
) -> list[tuple[StoredShipment, dict[str, int]]]:
    """Each parcel that was named with the pieces in it, by line number; {} for none. Raises WrongWords.

    `parcels` are the order's, those that stand in the shop too. A product named without a count is in it with all pieces that no
    other parcel was given, by this command or before.
    """
    by_number = {parcel.tracking_number: parcel for parcel in parcels if parcel.entered_at is None}
    parts: dict[str, list[tuple[int, int | None]]] = {}
    for words in told:
        number, equals, rest = words.partition("=")
        number = number.strip().upper()
        if not equals:
            raise WrongWords(_("“{}” does not say what is in it; write NUMBER=1,2x3").format(words))
        if number not in by_number:
            raise WrongWords(
                _("No parcel {number} waits; there are: {known}").format(number=number, known=", ".join(by_number))
            )
        if number in parts:
            raise WrongWords(_("Parcel {} is named twice").format(number))
        parts[number] = [_part(words, piece, len(lines)) for piece in _pieces(rest)]
    elsewhere = _in_others(parcels, parts)
    counted = Counter({at: elsewhere[line.line_number] for at, line in enumerate(lines, 1)})
    for at, count in (part for one in parts.values() for part in one):
        counted[at] += count or 0
    made = [(by_number[number], _counted(number, one, lines, counted)) for number, one in parts.items()]
    _refuse_too_many(made, lines, elsewhere)
    return made


def _in_others(parcels: Iterable[StoredShipment], named: Collection[str]) -> Counter[str]:
    """The pieces of each line that are in parcels of which nothing is said now."""
    others: Counter[str] = Counter()
    for parcel in parcels:
        if parcel.tracking_number not in named:
            others.update(parcel.lines)
    return others


def _pieces(rest: str) -> list[str]:
    return [] if rest.strip() in NOTHING else [piece for piece in re.split(r"[,，、\s]+", rest.strip()) if piece]


def _part(words: str, piece: str, most: int) -> tuple[int, int | None]:
    found = _PART.fullmatch(piece)
    if found is None or not 1 <= int(found[1]) <= most or found[2] == "0":
        raise WrongWords(
            _("“{piece}” in “{words}” is no product of this order; they are numbered 1 to {most}").format(
                piece=piece, words=words, most=most
            )
        )
    return int(found[1]), int(found[2]) if found[2] else None


def _counted(
    number: str, parts: Sequence[tuple[int, int | None]], lines: Sequence[OrderLine], counted: Counter[int]
) -> dict[str, int]:
    made: dict[str, int] = {}
    for at, count in parts:
        line = lines[at - 1]
        pieces = line.quantity - counted[at] if count is None else count
        if line.line_number in made or pieces < 1:
            raise WrongWords(_("Product {at} in parcel {number}: no piece of it is left").format(at=at, number=number))
        made[line.line_number] = pieces
    return made


def _refuse_too_many(
    made: Iterable[tuple[StoredShipment, dict[str, int]]], lines: Sequence[OrderLine], elsewhere: Counter[str]
) -> None:
    total: Counter[str] = Counter()
    for _shipment, inside in made:
        total.update(inside)
    for at, line in enumerate(lines, 1):
        there = elsewhere[line.line_number]
        if total[line.line_number] and total[line.line_number] + there > line.quantity:
            words = _("Product {at} was ordered {ordered} times, and {told} pieces of it were told")
            if there:
                words = _("Product {at} was ordered {ordered} times, and {told} pieces of it were told with the other parcels")
            raise WrongWords(words.format(at=at, ordered=line.quantity, told=total[line.line_number] + there))
