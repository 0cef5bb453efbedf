"""Whether a supplier's page shows the receiver that was meant: name, phone, region, address, and the options chosen.

Nothing masked passes, unless the page is an order's own and the caller says so: then a value counts for what it shows. And
whether the shop's page may still be showing the receiver that it revealed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from agent.errors import Mismatch
from agent.models import MaskedReceiver, Phone, Reading, Receiver
from agent.work.phones import STARS, is_masked, parse_phone
from agent.work.regions import regions, spellings, whole_address, written
from agent.work.texts import blank_free, exact, fits_mask
from agent.work.values import with_extension

WORDS = ("receiver_name", "phone", "region", "address")
LEVELS = ("province", "city", "district")
_STARRED = re.compile(f"[{re.escape(STARS)}]+")
_CODE = re.compile(rf"[\[【][0-9{re.escape(STARS)}]+[\]】]$")  # 张三[7576]


def wrong_words(receiver: Receiver, reading: Reading, *, masked: bool) -> tuple[str, ...]:
    """Which of `WORDS` do not say what was meant; a missing or unreadable one is wrong."""
    fits: Callable[[str, str], bool] = fits_mask if masked else str.__eq__
    name, address = exact(text_of(reading, "receiver_name")), blank_free(text_of(reading, "address"))
    right = {
        "receiver_name": any(fits(name, form) for form in _names(receiver)),
        "phone": _phone_fits(receiver.phone, reading, masked=masked),
        "region": any(fits(_region_shown(reading), form) for form in _region_forms(receiver)),
        "address": any(fits(address, form) for form in _address_forms(receiver, reading)),
    }
    return tuple(word for word in WORDS if not right[word])


def wrong_choices(receiver: Receiver, reading: Reading) -> tuple[tuple[str, str], ...]:
    """(meant, chosen) of each level whose chosen option says another place; each alone and all together must say ours."""
    allowed = {**spellings(receiver), "town": (receiver.town,)}
    chosen = {level: exact(reading.chosen[level]) for level in allowed if level in reading.chosen}
    wrong = [level for level, words in chosen.items() if words not in allowed[level]]
    together = tuple(chosen.get(level, "") for level in ("province", "city", "district"))
    if not wrong and all(together) and together not in regions(receiver):
        wrong = ["city", "district"]
    return tuple((allowed[level][0], chosen[level]) for level in wrong)


def may_be_person(values: Mapping[str, object], receiver: Receiver) -> bool:
    """Whether this may be the same person. What is not shown rules nobody out.

    A phone or an address is enough alone. So is a whole name, as virtual numbers change and people type addresses anew,
    unless another phone stands beside it and the region is another too. A name in part (张*) is shared by too many to
    stand against another phone.
    """
    name, phone, address = (_readable(values.get(word)) for word in ("receiver_name", "phone", "address"))
    region = region_of(values)
    if not any((name, phone, address)):
        return True
    same_phone = any(fits_mask(_dialled(phone), _dialled(form)) for form in (str(receiver.phone), receiver.phone.main))
    same_name = bool(name) and fits_mask(_bare_name(name), blank_free(receiver.name))
    same_address = bool(address) and blank_free(receiver.detail) in blank_free(address)
    elsewhere = bool(region) and not _in_region(region, receiver)
    return same_phone or same_address or (same_name and not (phone and (is_masked(name) or elsewhere)))


def may_be_shown(shown: MaskedReceiver, receiver: Receiver) -> bool:
    """Whether a shop's page, masked or whole, may be showing this receiver; what is not shown says nothing.

    Stars stand for anything, nothing included, wherever they are today. The phone is not looked at: a virtual number, and with
    it the [7576] that may hang on name or address, is another one each time.
    """
    return _behind_stars(shown.name, receiver.name) and _behind_stars(shown.address, whole_address(receiver))


def text_of(reading: Reading, word: str) -> str:
    """The text read for a word, or "" where there is none."""
    return _readable(reading.values.get(word)).strip()


def region_of(values: Mapping[str, object]) -> str:
    """The region read, or its levels where the page shows them apart; "" where there is none."""
    levels = [_readable(values.get(level)).strip() for level in LEVELS]
    return _readable(values.get("region")).strip() or " ".join(filter(None, levels))


def _names(receiver: Receiver) -> tuple[str, str]:
    return exact(receiver.name), exact(with_extension(receiver.name, receiver.phone.extension))


def _phone_fits(phone: Phone, reading: Reading, *, masked: bool) -> bool:
    """The extension must be there: in the number, or, where a field takes 11 digits only, in the name or the address."""
    shown = text_of(reading, "phone")
    forms = [str(phone)]
    if not phone.extension or _extension_in_text(phone, reading):
        forms.append(phone.main)
    if is_masked(shown):
        return masked and any(fits_mask(blank_free(shown), form) for form in forms)
    try:
        return str(parse_phone(shown)) in forms
    except Mismatch:
        return False


def _extension_in_text(phone: Phone, reading: Reading) -> bool:
    mark = f"[{phone.extension}]"
    return any(blank_free(text_of(reading, word)).endswith(mark) for word in ("receiver_name", "address"))


_SEPARATORS = str.maketrans("", "", "/>-·,、|")  # 浙江/杭州/临平区


def _region_shown(reading: Reading) -> str:
    return _bare_region(region_of(reading.values))


def _bare_region(text: str) -> str:
    return blank_free(text).translate(_SEPARATORS)


def _in_region(text: str, receiver: Receiver) -> bool:
    return any(_bare_region(text).startswith(blank_free(form)) for form in written(receiver))


def _region_forms(receiver: Receiver) -> frozenset[str]:
    """Province, city, district; the town too where a site has a select for it; the whole where it shows one text for all."""
    tails = ("", receiver.town, receiver.town + receiver.detail)
    return frozenset(_bare_region(region + tail) for region in written(receiver) for tail in tails)


def _address_forms(receiver: Receiver, reading: Reading) -> frozenset[str]:
    """Town and detail; the detail alone only if the region shown has the town; the whole; each also with [extension]."""
    here = receiver.town + receiver.detail
    forms = {here, *(region + here for region in written(receiver))}
    if receiver.town and _region_shown(reading).endswith(blank_free(receiver.town)):
        forms.add(receiver.detail)
    both = (*forms, *(with_extension(form, receiver.phone.extension) for form in forms))
    return frozenset(blank_free(form) for form in both)


def _behind_stars(shown: str, meant: str) -> bool:
    shown, meant = blank_free(shown), blank_free(meant)
    if not any(letter.isalnum() for letter in shown):
        return True
    pairs = ((shown, meant), (_CODE.sub("", shown), _CODE.sub("", meant)))
    return any(re.fullmatch(_anything_for_stars(one), other, re.DOTALL) for one, other in pairs)


def _anything_for_stars(shown: str) -> str:
    return ".*".join(re.escape(part) for part in _STARRED.split(shown))


def _bare_name(name: str) -> str:
    """Without what sellers hang on a name: [7576], （7576）, _."""
    plain = blank_free(name)
    return re.sub(r"[\[(_【].*", "", plain) or plain


def _dialled(phone: str) -> str:
    return re.sub(rf"[^0-9{re.escape(STARS)}]", "", unicodedata.normalize("NFKC", phone)).removeprefix("86")


def _readable(value: object) -> str:
    return value if isinstance(value, str) else ""
