"""Carriers and numbers: a name is known whole or not at all, and a cell holds one number or none."""

from __future__ import annotations

from collections import Counter

import pytest

from agent.errors import Mismatch
from agent.work.carriers import CARRIERS, carrier_of, could_be, doubt_about, fits, numbers_in, read_number, spellings


def found(text: str) -> str:
    carrier = carrier_of(text)
    return carrier.name if carrier else ""


@pytest.mark.parametrize(
    "text, name",
    [
        ("圆通速递", "圆通速递"),
        ("圆通快递", "圆通速递"),
        (" 圆通 ", "圆通速递"),
        ("yto", "圆通速递"),
        ("ＹＴＯ", "圆通速递"),
        ("yuantong", "圆通速递"),
        ("中通", "中通快递"),
        ("顺丰快递", "顺丰速运"),
        ("SF", "顺丰速运"),
        ("极兔", "极兔速递"),
        ("京东快递", "京东物流"),
        ("EMS", "EMS"),
        ("邮政包裹", "邮政快递包裹"),
        ("德邦物流", "德邦物流"),
    ],
)
def test_known_names(text: str, name: str) -> None:
    assert found(text) == name


@pytest.mark.parametrize(
    "text", ["", "默认", "其他", "圆通/中通", "圆通 中通", "快递", "邮政", "自提", "圆", "圆\u200b通", "大圆通速递"]
)
def test_other_words_are_no_carrier(text: str) -> None:
    assert carrier_of(text) is None


def test_no_word_names_two_carriers() -> None:
    own = [{word.casefold() for word in (carrier.name, carrier.code, *carrier.aliases)} for carrier in CARRIERS]
    assert max(Counter(word for words in own for word in words).values()) == 1
    assert all(found(word) == carrier.name for carrier in CARRIERS for word in spellings(carrier))


@pytest.mark.parametrize(
    "text, number",
    [
        ("YT9693083639795", "YT9693083639795"),
        (" yt9693083639795 ", "YT9693083639795"),
        ("'773012345678901", "773012345678901"),
        ("’773012345678901", "773012345678901"),
        ("ＳＦ1234567890123", "SF1234567890123"),
        ("JDVA12345678901-1-1-", "JDVA12345678901-1-1-"),
        ("75312345678901", "75312345678901"),
    ],
)
def test_one_number(text: str, number: str) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "'",
        "-",
        "无",
        "已发",
        "自提",
        "明天发",
        "YT9693083639795 YT9693083639796",
        "YT9693083639795,YT9693083639796",
        "YT9693083639795、YT9693083639796",
        "YT9693083639795/YT9693083639796",
        "YT9693083639795\nYT9693083639796",
        "YT9693 083639795",
        "圆通YT9693083639795",
        "单号：YT9693083639795",
        "7.73012E+14",
        "1234567",
        "ABCDEFGHIJ",
        "YT969308363979\u200b5",
        "YT9693'083639795",
        "=1+1",
        "<b>YT9693083639795</b>",
        "YT969308****795",
        "٧٧٣٠١٢٣٤٥٦٧٨٩٠١",
        "1" * 41,
    ],
)
def test_not_one_number(text: str) -> None:
    with pytest.raises(Mismatch):
        read_number(text)


@pytest.mark.parametrize(
    "name, number, right",
    [
        ("圆通", "YT9693083639795", True),
        ("中通", "YT9693083639795", False),
        ("中通", "75312345678901", True),
        ("圆通", "JT1234567890123", False),
        ("极兔", "JT1234567890123", True),
        ("顺丰", "SF1234567890123", True),
        ("顺丰", "YT9693083639795", False),
        ("申通", "773012345678901", True),
        ("韵达", "4312345678901", True),
        ("京东", "JDVA12345678901-1-1-", True),
        ("德邦", "DPK12345678901", True),
        ("EMS", "EA123456789CN", True),
        ("宅急送", "A123456789", True),  # no pattern known: no doubt
    ],
)
def test_doubts(name: str, number: str, right: bool) -> None:
    carrier = carrier_of(name)
    assert carrier and fits(carrier, number) is right


def test_whose_number_it_looks_like() -> None:
    assert [carrier.name for carrier in could_be("YT9693083639795")] == ["圆通速递"]
    assert {"中通快递", "顺丰速运"} <= {carrier.name for carrier in could_be("753123456789")}
    assert could_be("???") == ()


@pytest.mark.parametrize(
    "text, name",
    [
        ("圆通快递(YTO)", "圆通速递"),
        ("圆通速递（YTO）", "圆通速递"),
        ("YTO-圆通", "圆通速递"),
        ("YTO_圆通速递", "圆通速递"),
        ("【圆通】", "圆通速递"),
        ("圆通/圆通速递", "圆通速递"),
        ("圆通速递有限公司", "圆通速递"),
        ("顺丰速运 SF", "顺丰速运"),
        ("顺丰速运 标快", "顺丰速运"),
        ("顺丰特快", "顺丰速运"),
        ("中通快递 标快", "中通快递"),
        ("中通快递-电子面单", "中通快递"),
        ("韵达(YUNDA)", "韵达速递"),
        ("极兔速递 J&T", "极兔速递"),
        ("EMS 标准", "EMS"),
        ("邮政 EMS", "EMS"),
        ("京东快递 特惠", "京东物流"),
    ],
)
def test_names_with_codes_and_services(text: str, name: str) -> None:
    assert found(text) == name


@pytest.mark.parametrize(
    "text", ["圆通(中通)", "YTO-中通", "中通快运", "圆通 标快 加急2", "标快", "()", "圆通同城", "顺丰快运"]
)
def test_two_carriers_or_strange_words_are_none(text: str) -> None:
    assert carrier_of(text) is None


@pytest.mark.parametrize("text", ["", " ", "'", "-", "无", "暂无", "待更新", "已发", "已发货", " 已 发货 "])
def test_no_number_yet(text: str) -> None:
    assert numbers_in(text) == ()


@pytest.mark.parametrize("between", [",", "，", "、", ";", "；", "/", " ", "\n", " ， "])
def test_two_numbers_in_a_cell(between: str) -> None:
    assert numbers_in(f"YT9693083639795{between}YT9693083639796") == ("YT9693083639795", "YT9693083639796")


def test_the_same_number_twice_is_one() -> None:
    assert numbers_in("YT9693083639795 / yt9693083639795") == ("YT9693083639795",)


@pytest.mark.parametrize(
    "text", ["自提", "到付", "7.73E+14", "YT9693083639795 已发", "YT9693083639795,123", "SF 1234567890123"]
)
def test_other_words_in_the_cell_are_quoted(text: str) -> None:
    with pytest.raises(Mismatch, match="where the tracking number belongs") as told:
        numbers_in(text)
    assert text in told.value.what
    assert told.value.reason == "tracking"


def test_a_pattern_only_warns() -> None:
    yuantong, danniao = carrier_of("圆通"), carrier_of("丹鸟")
    assert yuantong and danniao
    assert doubt_about(yuantong, "YT9693083639795") == ""
    assert "looks like 极兔速递" in doubt_about(yuantong, "JT1234567890123")
    assert "does not look like" in doubt_about(yuantong, "ZZZ123456789012345")
    assert doubt_about(danniao, "JT1234567890123") == ""
