"""Regions: the shop's levels taken apart, and the ways a supplier may write the same place.

抖店 gives four plain levels (省 市 区 街道) and a detail; a supplier has selects of its own for the first three. No list of
all places is kept here and no address is guessed at: a level is only ever written in a spelling that cannot be another place.
"""

from __future__ import annotations

from itertools import product as every

from agent.errors import Mismatch
from agent.models import Phone, Receiver
from agent.provinces import MUNICIPALITIES, PROVINCES
from agent.words import _
from agent.work.phones import is_masked

# The 30 自治州: 恩施土家族苗族自治州 is 恩施 or 恩施州 in a select.
_AUTONOMOUS_PREFECTURES = """
    延边 恩施 湘西 阿坝 甘孜 凉山 黔西南 黔东南 黔南 楚雄 红河 文山 西双版纳 大理 德宏 怒江 迪庆 临夏 甘南 海北 黄南 海南 果洛
    玉树 海西 昌吉 博尔塔拉 巴音郭楞 克孜勒苏 伊犁
"""
# What stands at the city level where a county answers to the province itself (仙桃, 济源, 文昌, 石河子 …).
_DIRECT = """
    省直辖县级行政区划 省直辖县级行政单位 省直辖县级行政区 省直辖行政单位 省直辖县 省直辖
    自治区直辖县级行政区划 自治区直辖县级行政单位 自治区直辖县级行政区 自治区直辖
"""
_PROVINCE_DIRECT = tuple(_DIRECT.split())
_CITY_FILLERS = ("市辖区", "县")


def split_address(masked_address: str, revealed_address: str, name: str, phone: Phone) -> Receiver:
    """The receiver out of what the shop revealed; the masked address says where the levels end.

    "浙江省 杭州市 临平区 乔司街道 ****" and "浙江省 杭州市 临平区 乔司街道 永西路88号" → town 乔司街道, detail 永西路88号.
    Raises Mismatch where the revealed address does not begin with those levels, or anything is still masked; it quotes nothing
    of the buyer's.
    """
    if not name.strip() or is_masked(name) or is_masked(revealed_address):
        raise Mismatch(_("The shop still shows the receiver masked."), reason="receiver")
    levels = _levels(masked_address)
    detail = revealed_address.strip()
    for level in levels:
        if not detail.startswith(level):
            raise Mismatch(_("The revealed address is not in the region the shop showed before."), reason="receiver")
        detail = detail[len(level) :].lstrip()
    if not detail:
        raise Mismatch(_("The revealed address has no street or house in it."), reason="receiver")
    province, city, district, town = (*levels, "")[:4]
    return Receiver(name.strip(), phone, province, city, district, town, detail)


def whole_receiver(address: str, name: str, phone: Phone) -> Receiver:
    """The receiver of a shop that hides nothing: three levels with a blank behind each, then the street and house.

    "浙江省 杭州市 临平区 乔司街道永西路88号" → detail 乔司街道永西路88号. Raises Mismatch for any other form; it quotes nothing.
    """
    levels = address.split(maxsplit=3)
    if not name.strip() or is_masked(name) or is_masked(address):
        raise Mismatch(_("The shop still shows the receiver masked."), reason="receiver")
    if len(levels) != 4 or levels[0] not in PROVINCES:
        raise Mismatch(
            _("The shop's address is not of the usual form: province, city, district, then street and house."),
            reason="receiver",
        )
    province, city, district, detail = levels
    return Receiver(name.strip(), phone, province, city, district, "", detail)


def _levels(masked_address: str) -> tuple[str, ...]:
    """The blank-separated words before the first one with a star: 3 or 4, the first a province."""
    words = masked_address.split()
    levels = tuple(words[: next((at for at, word in enumerate(words) if is_masked(word)), 0)])
    if len(levels) not in (3, 4) or levels[0] not in PROVINCES:
        raise Mismatch(
            _("The shop's masked address is not of the usual form: province, city, district, town, then stars."),
            reason="receiver",
        )
    return levels


def whole_address(receiver: Receiver) -> str:
    """Province to detail in one text, as the shop shows it, without blanks between the levels."""
    return receiver.province + receiver.city + receiver.district + receiver.town + receiver.detail


def spellings(receiver: Receiver) -> dict[str, tuple[str, ...]]:
    """By level (province, city, district) the words a supplier's select may use for it, best first."""
    return {
        "province": _of_province(receiver.province),
        "city": _of_city(receiver),
        "district": _of_district(receiver),
    }


def regions(receiver: Receiver) -> tuple[tuple[str, str, str], ...]:
    """Every (province, city, district) that names the receiver's place and no other.

    A spelling of a level alone may leave the place open: 省直辖 with a town does not say 仙桃. Such combinations are left out.
    """
    found = spellings(receiver)
    return tuple(
        (province, city, district)
        for province, city, district in every(found["province"], found["city"], found["district"])
        if _says_the_place(receiver, city, district)
    )


def _says_the_place(receiver: Receiver, city: str, district: str) -> bool:
    if district in (receiver.district, _short_city(receiver.district)):
        return True
    return city in (*_names_of(receiver.city), *_names_of(receiver.district)) and city not in _PROVINCE_DIRECT


def written(receiver: Receiver) -> frozenset[str]:
    """Every way to write province, city and district in one text without blanks.

    Pages leave out a level that only repeats or fills: 北京市朝阳区, 湖北省仙桃市, 广东省东莞市.
    """
    texts = {"".join(region) for region in regions(receiver)}
    for province in spellings(receiver)["province"]:
        if _is_municipal(receiver) or _is_province_direct(receiver):
            texts.add(province + receiver.district)
        if receiver.district == receiver.city:
            texts.update(province + city for city in _names_of(receiver.city))
    return frozenset(texts)


def _of_province(province: str) -> tuple[str, ...]:
    return _unique(province, PROVINCES.get(province, ""))


def _of_city(receiver: Receiver) -> tuple[str, ...]:
    province, city, district = receiver.province, receiver.city, receiver.district
    if _is_municipal(receiver):
        short = MUNICIPALITIES[province]
        group = ("县", f"{short}郊县") if district.endswith("县") else ()
        return _unique(province, short, city, "市辖区", f"{short}城区", *group)
    if _is_province_direct(receiver):
        return _unique(city, *_PROVINCE_DIRECT, district, _short_city(district))
    return _unique(*_names_of(city))


def _of_district(receiver: Receiver) -> tuple[str, ...]:
    """Never shortened: 和田市 and 和田县, 临夏市 and 临夏县 stand side by side.

    Where the level is filled with the city's name (东莞, 中山, 儋州, 嘉峪关), or the county has moved up to the city's
    place, a supplier's third select holds the towns.
    """
    district = receiver.district
    if district == receiver.city or _is_province_direct(receiver):
        return _unique(district, _short_city(district), receiver.town)
    return (district,)


def _is_municipal(receiver: Receiver) -> bool:
    short = MUNICIPALITIES.get(receiver.province)
    return short is not None and receiver.city in ("", receiver.province, short, *_CITY_FILLERS)


def _is_province_direct(receiver: Receiver) -> bool:
    return not _is_municipal(receiver) and receiver.city in ("", *_PROVINCE_DIRECT)


def _names_of(city: str) -> tuple[str, ...]:
    """杭州市, 杭州 · 阿克苏地区, 阿克苏 · 锡林郭勒盟, 锡林郭勒 · 恩施土家族苗族自治州, 恩施, 恩施州."""
    if city.endswith("自治州"):
        short = next((name for name in _AUTONOMOUS_PREFECTURES.split() if city.startswith(name)), "")
        return _unique(city, short, short and f"{short}州")
    for ending in ("地区", "盟"):
        if city.endswith(ending):
            return _unique(city, city.removesuffix(ending))
    return _unique(city, PROVINCES.get(city, ""), _short_city(city))


def _short_city(name: str) -> str:
    """仙桃市 → 仙桃; "" where nothing is left to shorten to."""
    return name.removesuffix("市") if name.endswith("市") and len(name) > 2 else ""


def _unique(*words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))
