"""Our name for a purchase order: the same from every ledger, short, and wrong letters show.

Made from shop, order number and purchase counter alone, so an empty or restored ledger makes the same one again. Letters
and digits only; the supplier need not see the shop's number. The first character is a letter, so that no spreadsheet takes
a reference for a number (it would cut leading zeros, or show 1.2E+11).
"""

from __future__ import annotations

import hashlib
import re

LENGTH = 12
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U, which people misread

_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
_FIRST_LETTER = 10


def reference(shop: str, order_number: str, counter: int) -> str:
    """The reference of the `counter`-th purchase (from 1) for that order: 11 characters of a SHA-256 and a check character."""
    if not shop or not order_number or counter < 1:
        raise ValueError(f"no reference can be made of {shop!r}, {order_number!r}, {counter}")
    digits = _digits(f"{shop}\n{order_number}\n{counter}")
    return "".join(ALPHABET[digit] for digit in (*digits, _double(_fold(digits))))


def valid(text: str) -> bool:
    """Whether `text` can be a reference of ours: any one wrong letter, and any two neighbours swapped, make it invalid."""
    if len(text) != LENGTH or any(letter not in _VALUE for letter in text):
        return False
    digits = [_VALUE[letter] for letter in text]
    return digits[0] >= _FIRST_LETTER and _fold(digits) == 0


def inside(text: str) -> tuple[str, ...]:
    """The references that stand in a text, each once: a note to the seller, or those of several purchases in one field."""
    return tuple(dict.fromkeys(word for word in re.findall(r"[0-9A-Z]+", text) if valid(word)))


def _digits(words: str) -> list[int]:
    tried = 0
    while True:
        number = int.from_bytes(hashlib.sha256(f"{words}\n{tried}".encode()).digest())
        digits = [(number >> 5 * place) & 31 for place in range(LENGTH - 1)]
        if digits[0] >= _FIRST_LETTER:
            return digits
        tried += 1


def _fold(digits: list[int]) -> int:
    """Horner's sum with weights 2, 4, 8 … in the field of 32 elements.

    Plain arithmetic modulo 32 cannot catch every swap: weights must be odd, so neighbouring ones differ by an even number.
    """
    total = 0
    for digit in digits:
        total = _double(total) ^ digit
    return total


def _double(value: int) -> int:
    value <<= 1
    return value ^ 0b100101 if value & 32 else value  # x⁵ + x² + 1
