"""The regions as the marketplace's address form offers them: province, city, district, town; some end a level earlier."""

from __future__ import annotations

import re

from tests.market.regions import REGIONS

# Municipalities have no 市 behind the province, and counties of Chongqing lie under the city, too (DOMAIN 4.1).
_PROVINCES = {"北京市": "北京", "上海市": "上海", "天津市": "天津", "重庆市": "重庆"}


def _spelled(shop: tuple[str, str, str]) -> tuple[str, ...]:
    province, city, district = shop
    city = province if city == "县" else city
    levels = (_PROVINCES.get(province, province), city, district)
    return levels[:2] if city == district else levels  # 东莞, 儋州: towns lie right under the city


PLACES: tuple[tuple[str, ...], ...] = tuple(
    dict.fromkeys((*_spelled(region.shop), town) for region in REGIONS for town in region.towns)
)


def below(path: tuple[str, ...]) -> list[str]:
    """What the cascader offers next; empty where it ends."""
    depth = len(path)
    return list(dict.fromkeys(place[depth] for place in PLACES if place[:depth] == path and len(place) > depth))


def known(path: tuple[str, ...]) -> bool:
    """Whether an address may be kept with this region: three levels, or four where there are towns below."""
    return len(path) >= 3 and any(place[: len(path)] == path for place in PLACES)


def parsed(text: str) -> tuple[str, str, tuple[str, ...], str]:
    """Name, phone, region and detail of a pasted address, as the page's own matching finds them; "" where it finds none."""
    phone = re.search(r"1[3-9]\d{9}(-\d{1,4})?", text)
    rest = text.replace(phone[0], " ") if phone else text
    words = [word for word in re.split(r"[\s,，;；]+", rest) if word]
    name = next((word for word in words if len(word) <= 4 and not _begins_a_place(word)), "")
    joined = "".join(word for word in words if word is not name)
    region = _best(joined)
    for level in region:
        joined = joined.removeprefix(level).removeprefix("市" if level in _PROVINCES.values() else "")
    return name, phone[0] if phone else "", region, joined


def _begins_a_place(word: str) -> bool:
    return any(word.startswith(place[0]) for place in PLACES)


def _best(text: str) -> tuple[str, ...]:
    """The longest region whose levels stand at the beginning of the text, one after the other."""
    fitting = [place[:depth] for place in PLACES for depth in (4, 3) if len(place) >= depth and _stands(text, place[:depth])]
    return max(fitting, key=len, default=())


def _stands(text: str, levels: tuple[str, ...]) -> bool:
    for level in levels:
        if not text.startswith(level):
            return False
        text = text.removeprefix(level).removeprefix("市" if level in _PROVINCES.values() else "")
    return True
