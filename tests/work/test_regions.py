"""Regions: the shop's levels are taken from what it shows, and never written in a way that could be another place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import Mismatch
from agent.models import Phone, Receiver
from agent.provinces import PROVINCES
from agent.work.regions import regions, spellings, split_address, whole_address, written
from tests.market.regions import REGIONS, Region
from tests.work.given import receiver

PHONE = Phone("18400913965", "7576")


def place(province: str, city: str, district: str, town: str = "") -> Receiver:
    return receiver(province=province, city=city, district=district, town=town)


@pytest.mark.parametrize(
    "levels",
    [
        ("浙江省", "杭州市", "临平区", "乔司街道"),
        ("北京市", "北京市", "朝阳区", "三里屯街道"),
        ("北京市", "市辖区", "朝阳区", "三里屯街道"),
        ("重庆市", "县", "城口县", "葛城街道"),
        ("湖北省", "省直辖县级行政区划", "仙桃市", "沙嘴街道"),
        ("广东省", "东莞市", "东莞市", "长安镇"),
        ("海南省", "儋州市", "儋州市", "那大镇"),
        ("新疆维吾尔自治区", "和田地区", "和田县", ""),
        ("香港特别行政区", "香港特别行政区", "中西区", ""),
        ("江苏省", "苏州市", "工业园区", "娄葑街道"),
    ],
)
@pytest.mark.parametrize("blank", [" ", "", "\u3000"])
def test_the_levels_come_from_the_masked_address(levels: tuple[str, str, str, str], blank: str) -> None:
    shown = [level for level in levels if level]
    masked, revealed = " ".join([*shown, "****"]), blank.join([*shown, "永西路88号 3幢"])
    found = split_address(masked, revealed, "张三", PHONE)
    assert (found.province, found.city, found.district, found.town, found.detail) == (*levels, "永西路88号 3幢")
    assert (found.name, found.phone) == ("张三", PHONE)


def test_a_detail_masked_in_part_is_no_level() -> None:
    found = split_address("浙江省 杭州市 临平区 乔司**** 3幢", "浙江省 杭州市 临平区 乔司街道永西路88号 3幢", "张三", PHONE)
    assert (found.town, found.detail) == ("", "乔司街道永西路88号 3幢")


def test_a_doubled_region_stays_in_the_detail() -> None:
    found = split_address("浙江省 杭州市 临平区 ****", "浙江省 杭州市 临平区 浙江省杭州市临平区永西路8号", "张三", PHONE)
    assert found.detail == "浙江省杭州市临平区永西路8号"


@pytest.mark.parametrize(
    "masked, revealed, name",
    [
        ("浙江省 杭州市 临平区 乔司街道 ****", "浙江省 杭州市 余杭区 乔司街道 永西路88号", "张三"),  # changed meanwhile
        ("浙江省 杭州市 临平区 乔司街道 ****", "浙江省 杭州市 临平区 临平街道 永西路88号", "张三"),
        ("浙江省 杭州市 临平区 乔司街道 ****", "浙江省 杭州市 临平区 乔司街道", "张三"),
        ("浙江省 杭州市 临平区 乔司街道 ****", "浙江省 杭州市 临平区 乔司街道 ****", "张三"),
        ("浙江省 杭州市 临平区 乔司街道 ****", "浙江省 杭州市 临平区 乔司街道 永西路88号", "张*"),
        ("浙江省 杭州市 临平区 乔司街道 ****", "浙江省 杭州市 临平区 乔司街道 永西路88号", " "),
        ("浙江省 杭州市 临平区 乔司街道 ****", "", "张三"),
        ("浙江省 杭州市 ****", "浙江省 杭州市 临平区 永西路88号", "张三"),
        ("浙江省 杭州市 临平区 乔司街道 永西路 ****", "浙江省 杭州市 临平区 乔司街道 永西路 88号", "张三"),
        ("浙江省杭州市临平区****", "浙江省杭州市临平区永西路88号", "张三"),
        ("浙江省 杭州市 临平区 乔司街道", "浙江省 杭州市 临平区 乔司街道 永西路88号", "张三"),
        ("浙江 杭州市 临平区 ****", "浙江 杭州市 临平区 永西路88号", "张三"),
        ("", "浙江省 杭州市 临平区 永西路88号", "张三"),
    ],
)
def test_anything_else_stops(masked: str, revealed: str, name: str) -> None:
    with pytest.raises(Mismatch):
        split_address(masked, revealed, name, PHONE)


@pytest.mark.parametrize(
    "where, level, words",
    [
        (place("浙江省", "杭州市", "临平区"), "province", ("浙江省", "浙江")),
        (place("浙江省", "杭州市", "临平区"), "city", ("杭州市", "杭州")),
        (place("浙江省", "杭州市", "临平区"), "district", ("临平区",)),
        (place("内蒙古自治区", "锡林郭勒盟", "二连浩特市"), "province", ("内蒙古自治区", "内蒙古")),
        (place("内蒙古自治区", "锡林郭勒盟", "二连浩特市"), "city", ("锡林郭勒盟", "锡林郭勒")),
        (place("新疆维吾尔自治区", "和田地区", "和田县"), "province", ("新疆维吾尔自治区", "新疆")),
        (place("新疆维吾尔自治区", "和田地区", "和田县"), "district", ("和田县",)),
        (place("湖北省", "恩施土家族苗族自治州", "恩施市"), "city", ("恩施土家族苗族自治州", "恩施", "恩施州")),
        (place("贵州省", "黔西南布依族苗族自治州", "兴义市"), "city", ("黔西南布依族苗族自治州", "黔西南", "黔西南州")),
        (place("新疆维吾尔自治区", "伊犁哈萨克自治州", "伊宁县"), "district", ("伊宁县",)),
        (place("香港特别行政区", "香港特别行政区", "中西区"), "city", ("香港特别行政区", "香港")),
        (place("北京市", "北京市", "朝阳区"), "city", ("北京市", "北京", "市辖区", "北京城区")),
        (place("北京市", "市辖区", "朝阳区"), "city", ("北京市", "北京", "市辖区", "北京城区")),
        (place("重庆市", "县", "城口县"), "city", ("重庆市", "重庆", "县", "市辖区", "重庆城区", "重庆郊县")),
        (place("广东省", "东莞市", "东莞市", "长安镇"), "district", ("东莞市", "东莞", "长安镇")),
        (place("湖北省", "省直辖县级行政区划", "仙桃市", "沙嘴街道"), "district", ("仙桃市", "仙桃", "沙嘴街道")),
    ],
)
def test_spellings(where: Receiver, level: str, words: tuple[str, ...]) -> None:
    assert spellings(where)[level] == words


def test_a_direct_county_may_stand_on_either_level() -> None:
    cities = spellings(place("湖北省", "省直辖县级行政区划", "仙桃市", "沙嘴街道"))["city"]
    assert cities[0] == "省直辖县级行政区划" and {"省直辖", "仙桃市", "仙桃"} <= set(cities)
    assert spellings(place("海南省", "", "文昌市"))["city"][-1] == "文昌"


def test_options_together_always_name_the_place() -> None:
    xiantao = regions(place("湖北省", "省直辖县级行政区划", "仙桃市", "沙嘴街道"))
    assert ("湖北", "省直辖", "仙桃市") in xiantao and ("湖北", "仙桃", "沙嘴街道") in xiantao
    assert not [r for r in xiantao if "仙桃" not in r[1] + r[2]]
    dongguan = regions(place("广东省", "东莞市", "东莞市", "长安镇"))
    assert ("广东", "东莞", "长安镇") in dongguan


@pytest.mark.parametrize(
    "where, text",
    [
        (place("北京市", "北京市", "朝阳区"), "北京市朝阳区"),
        (place("北京市", "北京市", "朝阳区"), "北京北京朝阳区"),
        (place("湖北省", "省直辖县级行政区划", "仙桃市"), "湖北省仙桃市"),
        (place("广东省", "东莞市", "东莞市", "长安镇"), "广东省东莞市"),
        (place("广东省", "东莞市", "东莞市", "长安镇"), "广东东莞长安镇"),
        (place("浙江省", "杭州市", "临平区"), "浙江杭州市临平区"),
    ],
)
def test_written_in_one_text(where: Receiver, text: str) -> None:
    assert text in written(where)


@pytest.mark.parametrize(
    "where, text",
    [
        (place("浙江省", "杭州市", "临平区"), "浙江省临平区"),
        (place("浙江省", "杭州市", "临平区"), "浙江省杭州市"),
        (place("新疆维吾尔自治区", "和田地区", "和田县"), "新疆和田地区和田"),
        (place("新疆维吾尔自治区", "和田地区", "和田县"), "新疆和田地区和田市"),
        (place("北京市", "北京市", "朝阳区"), "北京市"),
        (place("湖北省", "省直辖县级行政区划", "仙桃市", "沙嘴街道"), "湖北省直辖沙嘴街道"),
    ],
)
def test_not_written_so(where: Receiver, text: str) -> None:
    assert text not in written(where)


def test_the_whole_address() -> None:
    assert whole_address(receiver()) == "浙江省杭州市临平区乔司街道永西路88号 3幢2单元 601室"


names = st.text("东西南北中山河湖海城", min_size=2, max_size=4)


@given(st.sampled_from(sorted(PROVINCES)), names, names, names)
def test_the_shops_own_words_are_always_among_the_spellings(province: str, city: str, district: str, town: str) -> None:
    where = place(province, city + "市", district + "区", town + "镇")
    levels = spellings(where)
    assert province in levels["province"] and where.city in levels["city"] and levels["district"] == (where.district,)
    assert province + where.city + where.district in written(where)


@given(st.sampled_from(sorted(PROVINCES)), names, names, names, names)
def test_two_districts_are_never_written_alike(province: str, city: str, district: str, other: str, town: str) -> None:
    one = place(province, city + "市", district + "区", town + "镇")
    two = place(province, city + "市", other + "县", town + "镇")
    assert not written(one) & written(two)


def test_every_province_of_the_country() -> None:
    assert len(PROVINCES) == 34 and len(set(PROVINCES.values())) == 34


@pytest.mark.parametrize("region", REGIONS, ids=lambda region: "".join(region.mall))
def test_the_stand_ins_spellings(region: Region) -> None:
    """What the supplier's selects offer is chosen by one of our spellings, and its region text is known again."""
    where = place(*region.shop, region.towns[0])
    assert region.mall in regions(where) and "".join(region.mall) in written(where)
    others = [other for other in REGIONS if other.mall != region.mall]
    assert not [other for other in others if other.mall in regions(where)]
