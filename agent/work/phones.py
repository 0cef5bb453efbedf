"""Phone numbers as the shop and the suppliers write them.

抖店's virtual numbers read "18400913965-7576", and are also written 转7576, ",7576", "#7576", "（7576）" (DOMAIN 4.2).
Without the extension the parcel reaches nobody, and a number that is masked or cut must go nowhere: both are refused here.
"""

from __future__ import annotations

import re
import unicodedata

from agent.errors import Mismatch
from agent.models import Phone
from agent.words import _

STARS = "*∗✱●"  # after NFKC, which turns ＊ and ﹡ into *

# [0-9], not \d: \d also takes digits of other scripts, which no courier dials.
_EXTENSION = (
    r"(?:(?:-|转|转接|,|、|#|x|ext\.?)(?P<extension>[0-9]{3,6})|\((?P<bracketed>[0-9]{3,6})\)|\[(?P<boxed>[0-9]{3,6})\])?"
)
_MOBILE = re.compile(r"(?:\+86-?)?(?P<main>1[3-9][0-9]{9})" + _EXTENSION, re.IGNORECASE)
_AREA = r"0(?:10|2[0-9]|[3-9][0-9]{2})"  # says by itself how long it is: 01062345678 is 010-62345678
_LANDLINE = re.compile(rf"(?:\((?P<inner>{_AREA})\)|(?P<area>{_AREA})-?)(?P<number>[0-9]{{7,8}})" + _EXTENSION, re.IGNORECASE)


def is_masked(text: str) -> bool:
    """Whether any part of `text` is hidden behind a star."""
    return any(star in unicodedata.normalize("NFKC", text) for star in STARS)


def parse_phone(text: str) -> Phone:
    """The number in `text`; raises Mismatch for a masked, cut or otherwise unusual one, without quoting it: it is a buyer's.

    A landline keeps the hyphen after its area code: "0571-1234567" (the form 抖店 uses itself).
    """
    if is_masked(text):
        raise Mismatch(_("The phone number is still masked."), reason="receiver")
    tidy = "".join(unicodedata.normalize("NFKC", text).split())
    if found := _MOBILE.fullmatch(tidy):
        return Phone(found["main"], _extension(found))
    if found := _LANDLINE.fullmatch(tidy):
        return Phone(f"{found['area'] or found['inner']}-{found['number']}", _extension(found))
    raise Mismatch(_("The phone number is none that a courier can dial; it may be cut."), reason="receiver")


def _extension(found: re.Match[str]) -> str:
    return found["extension"] or found["bracketed"] or found["boxed"] or ""
