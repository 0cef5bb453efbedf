"""Comparing name, phone, region and address: a parcel for somebody else is prevented here, and nobody's own is stopped."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.models import Phone, Receiver, Unreadable
from agent.work.compare import Meant, differences
from tests.work.given import MEANT, one_line, page, receiver, row, words


def meant_for(someone: Receiver) -> Meant:
    return replace(MEANT, receiver=someone)


# --- name -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "meant, shown",
    [
        ("张三", " 张三 "),
        ("张三", "张三[7576]"),
        ("ＡＢＣ小店", "ABC小店"),
        ("John Smith", "John\u00a0Smith"),
        ("买买提·吐尔逊", "买买提·吐尔逊"),
        ("小明😀", "小明😀"),
        ("𠮷田", "𠮷田"),
        ("小\u200b明", "小\u200b明"),
    ],
)
def test_the_same_name(meant: str, shown: str) -> None:
    assert differences(meant_for(receiver(name=meant)), page(receiver_name=shown)) == ()


@pytest.mark.parametrize(
    "meant, shown",
    [
        ("张三", "张*"),
        ("张三", "张＊"),
        ("张三", "**"),
        ("张三", "张"),
        ("张三", "张三三"),
        ("张三", "张山"),
        ("张三", "张三[757]"),
        ("张三", "张三[7577]"),
        ("张三", "张三[7576][7576]"),
        ("张三", "张 三"),
        ("张三", "张\u200b三"),
        ("张三", "张三\u200b"),
        ("张三", "\ufeff张三"),
        ("张三", "\u202e张三"),
        ("小\u200b明", "小明"),
        ("小明😀", "小明"),
        ("小明😀", "小明?"),
        ("小明❤\ufe0f", "小明❤"),
        ("𠮷田", "?田"),
        ("John", "JOHN"),
        ("张三", ""),
        ("张三", None),
        ("张三", "gone"),
        ("张三", Unreadable("???", "cannot be read")),
        ("张三", 3),
    ],
)
def test_another_name(meant: str, shown: object) -> None:
    assert words(differences(meant_for(receiver(name=meant)), page(receiver_name=shown))) == {"receiver_name"}


INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202d\u202e\u2066\u2069"


@given(st.integers(0, 2), st.sampled_from(INVISIBLE))
def test_an_invisible_sign_anywhere_shows(place: int, sign: str) -> None:
    name, specification = "张三"[:place] + sign + "张三"[place:], "黑色 XL"[:place] + sign + "黑色 XL"[place:]
    assert words(differences(MEANT, page(receiver_name=name))) == {"receiver_name"}
    assert words(differences(one_line(), page((row(specification=specification),)))) == {"lines"}


# --- phone ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shown", ["18400913965-7576", "18400913965转7576", "１８４００９１３９６５-7576", "18400913965（7576）"]
)
def test_the_same_phone(shown: str) -> None:
    assert differences(MEANT, page(phone=shown)) == ()


@pytest.mark.parametrize(
    "shown",
    [
        "18400913965",  # the extension lost
        "18400913965-757",
        "18400913965-7577",
        "18400913966-7576",
        "184****3965-7576",
        "184****3965-****",
        "18400913965-75760",
        "184009139657576",
        "1840091396",
        "7576",
        "",
        None,
        "gone",
        Unreadable("18400913965-", "cut"),
    ],
)
def test_another_phone(shown: object) -> None:
    assert words(differences(MEANT, page(phone=shown))) == {"phone"}


@pytest.mark.parametrize(
    "changed",
    [
        {"receiver_name": "张三[7576]"},
        {"address": "乔司街道永西路88号3幢2单元601室[7576]"},
        {"receiver_name": "张三[7576]", "address": "乔司街道永西路88号3幢2单元601室[7576]"},
    ],
)
def test_eleven_digits_pass_where_the_extension_stands_in_name_or_address(changed: dict[str, str]) -> None:
    assert differences(MEANT, page(phone="18400913965", **changed)) == ()


def test_another_extension_in_the_name_saves_nothing() -> None:
    assert words(differences(MEANT, page(phone="18400913965", receiver_name="张三[7577]"))) == {"receiver_name", "phone"}


def test_an_extension_nobody_meant() -> None:
    plain = meant_for(receiver(phone=Phone("13800138000")))
    assert differences(plain, page(phone="13800138000")) == ()
    assert words(differences(plain, page(phone="13800138000-7576"))) == {"phone"}
    assert words(differences(plain, page(phone="13800138000", receiver_name="张三[7576]"))) == {"receiver_name"}


# --- region and address -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shown", ["浙江杭州临平区", "浙江省杭州市临平区", "浙江省 杭州市 临平区", "浙江/杭州/临平区", "浙江 > 杭州 > 临平区"]
)
def test_the_same_region(shown: str) -> None:
    assert differences(MEANT, page(region=shown)) == ()


@pytest.mark.parametrize(
    "shown",
    [
        "浙江杭州余杭区",
        "浙江杭州临平",
        "浙江临平区",
        "杭州临平区",
        "浙江杭州",
        "浙江杭州临平区余杭区",
        "江苏杭州临平区",
        "****",
        "浙江\u200b杭州临平区",
        "",
        None,
    ],
)
def test_another_region(shown: object) -> None:
    assert words(differences(MEANT, page(region=shown))) == {"region"}


@pytest.mark.parametrize(
    "chosen, right",
    [
        ({"province": "浙江省", "city": "杭州市", "district": "临平区"}, True),
        ({"province": "浙江", "city": "杭州", "district": "临平区", "town": "乔司街道"}, True),
        ({"province": "浙江"}, True),
        ({}, True),
        ({"province": "浙江", "city": "杭州", "district": "余杭区"}, False),
        ({"province": "浙江", "city": "杭州", "district": "请选择"}, False),
        ({"province": "江西", "city": "杭州", "district": "临平区"}, False),
        ({"province": "浙江", "city": "杭州", "district": "临平区", "town": "临平街道"}, False),
        ({"province": "浙江", "city": "杭州", "district": ""}, False),
    ],
)
def test_the_options_chosen(chosen: dict[str, str], right: bool) -> None:
    assert (words(differences(MEANT, page(chosen=chosen))) == set()) is right


def test_a_direct_county_is_named_by_the_options_together() -> None:
    xiantao = meant_for(receiver(province="湖北省", city="省直辖县级行政区划", district="仙桃市", town="沙嘴街道"))
    address = {"address": "沙嘴街道永西路88号3幢2单元601室"}
    for region, chosen in (
        ("湖北省直辖县仙桃市", ("湖北", "省直辖县", "仙桃市")),
        ("湖北仙桃沙嘴街道", ("湖北", "仙桃", "沙嘴街道")),
        ("湖北省仙桃市", ("湖北", "仙桃市", "仙桃市")),
    ):
        levels = dict(zip(("province", "city", "district"), chosen, strict=True))
        assert differences(xiantao, page(region=region, chosen=levels, **address)) == ()
    lost = {"province": "湖北", "city": "省直辖县", "district": "沙嘴街道"}
    assert words(differences(xiantao, page(region="湖北省直辖县沙嘴街道", chosen=lost, **address))) == {"region"}


@pytest.mark.parametrize(
    "changed",
    [
        {"address": "乔司街道永西路88号3幢2单元601室"},
        {"address": "乔司街道 永西路８８号 3幢 2单元\u3000601室"},
        {"address": "浙江省杭州市临平区乔司街道永西路88号3幢2单元601室"},
        {"address": "永西路88号3幢2单元601室", "region": "浙江杭州临平区乔司街道"},
        {"address": "乔司街道永西路88号3幢2单元601室", "region": "浙江杭州临平区乔司街道"},
    ],
)
def test_the_same_address(changed: dict[str, str]) -> None:
    assert differences(MEANT, page(**changed)) == ()


@pytest.mark.parametrize(
    "shown",
    [
        "永西路88号3幢2单元601室",  # the town lost
        "乔司街道永西路88号3幢2单元60",  # cut by maxlength
        "乔司街道永西路8号3幢2单元601室",
        "乔司街道永西路88号3幢2单元601室 13800138000",
        "乔司街道永西路88号3幢2单元601室永西路88号3幢2单元601室",
        "江苏省杭州市临平区乔司街道永西路88号3幢2单元601室",
        "乔司街道****",
        "乔司街道永西路88号3幢2单元***室",
        "乔司街道永西路88号\u200b3幢2单元601室",
        "",
        None,
        Unreadable("", "nothing stands there"),
    ],
)
def test_another_address(shown: object) -> None:
    assert words(differences(MEANT, page(address=shown))) == {"address"}


SEPARATED = ["永西路88号2-601", "永西路88弄/12号", "永西路88号，近南门、东楼", "永西路·花园|B座>601", "A-B-C-601"]


@pytest.mark.parametrize("detail", SEPARATED)
@pytest.mark.parametrize("between", ["", " ", "/"])
def test_an_address_with_separators_in_it_fits_a_region_read_from_the_same_text(detail: str, between: str) -> None:
    whole = between.join(("浙江省", "杭州市", "临平区", "乔司街道")) + " " + detail
    as_typed = "浙江省 杭州市 临平区 乔司街道" + detail
    assert differences(meant_for(receiver(detail=detail)), page(region=whole, address=as_typed)) == ()


@pytest.mark.parametrize(
    "shown",
    [
        "浙江省 杭州市 临平区 乔司街道 永西路88号26-01",  # of the region alone the separators do not count
        "浙江省 杭州市 临平区 乔司街道 永西路88号2601",
        "浙江省 杭州市 临平区 乔司街道 永西路88号2-60",
        "浙江省 杭州市 临平区 乔司街道 永西路88号2-601-1",
        "浙江省 杭州市 余杭区 乔司街道 永西路88号2-601",
        "浙江省 杭州市 临平区 南苑街道 永西路88号2-601",
        "江苏省 杭州市 临平区 乔司街道 永西路88号2-601",
        "永西路88号2-601",
    ],
)
def test_another_text_for_region_and_address_is_refused_whatever_its_separators(shown: str) -> None:
    meant = meant_for(receiver(detail="永西路88号2-601"))
    assert "address" in words(differences(meant, page(region=shown, address=shown)))


@pytest.mark.parametrize(
    "shown", ["浙江杭州余杭区乔司街道永西路88号2-601", "浙江杭州临平区永西路88号2-601", "浙江杭州-2-601", "-"]
)
def test_another_region_before_a_detail_with_separators(shown: str) -> None:
    meant, whole = meant_for(receiver(detail="永西路88号2-601")), "乔司街道永西路88号2-601"
    assert words(differences(meant, page(region=shown, address=whole))) == {"region"}


@pytest.mark.parametrize("detail", ["A座12F#3, “花园”（北门）", "村口小卖部🏠旁", "１２号—３", "Rm 5/F, No.8"])
def test_untidy_details_pass_as_they_are(detail: str) -> None:
    assert differences(meant_for(receiver(detail=detail)), page(address="乔司街道" + detail)) == ()


@given(st.text(min_size=1, max_size=30).filter(lambda text: text.strip() and not text.isspace()), st.integers(0, 29))
def test_one_sign_left_out_of_an_address_shows(detail: str, place: int) -> None:
    place %= len(detail)
    cut = detail[:place] + detail[place + 1 :]
    meant = meant_for(receiver(detail=detail, phone=Phone("13800138000")))
    found = differences(meant, page(phone="13800138000", address="乔司街道" + cut))
    assert (not found) == (_plain(cut) == _plain(detail))


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", "乔司街道" + text).split())
