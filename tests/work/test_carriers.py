"""Carriers and numbers: a name is known whole or not at all, and a cell holds one number or none."""

from __future__ import annotations

from collections import Counter

import pytest

from agent.errors import Mismatch
from agent.work.carriers import CARRIERS, carrier_of, could_be, fits, read_number, spellings


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
