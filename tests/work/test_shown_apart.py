"""Pages that show in several places what others show in one: the region's levels, and the price of a piece."""

from __future__ import annotations

import pytest

from agent.errors import Mismatch
from agent.models import Phone, Reading
from agent.work.compare import differences
from agent.work.read_orders import shown_address
from agent.work.regions import whole_receiver
from tests.work.given import CUP, MEANT, page, row, words

LEVELS = {"region": "gone", "province": "浙江省", "city": "杭州市", "district": "临平区"}
PHONE = Phone("13920000001")


def without_price(**line: object) -> dict[str, object]:
    return {word: cell for word, cell in line.items() if word != "unit_price"}


def test_a_region_in_three_places_is_compared_as_one() -> None:
    assert differences(MEANT, page(**LEVELS)) == ()
    assert words(differences(MEANT, page(**{**LEVELS, "district": "余杭区"}))) == {"region"}
    assert words(differences(MEANT, page(**{**LEVELS, "city": "临平区", "district": "杭州市"}))) == {"region"}
    assert words(differences(MEANT, page(**{**LEVELS, "city": "gone"}))) == {"region"}


def test_the_sum_of_a_line_says_the_price_of_a_piece() -> None:
    cup = row(CUP, 2)
    shown = {"goods_total": 3 * 1800 + 2 * 123450, "total": 3 * 1800 + 2 * 123450 + 600}
    right = (without_price(**row(), line_total=3 * 1800), cup)
    assert differences(MEANT, page(right, **shown)) == ()
    dearer = (without_price(**row(), line_total=3 * 2100), cup)
    assert "unit_price" in words(differences(MEANT, page(dearer, **shown)))
    crooked = (without_price(**row(), line_total=3 * 1800 + 1), cup)
    assert words(differences(MEANT, page(crooked, **shown))) == {"lines"}


@pytest.mark.parametrize(
    "raw",
    [
        {"address": "浙江省 杭州市 临平区 乔司街道 ****"},
        {"region": "浙江省 杭州市 临平区", "address": "乔司街道 ****"},
        {"region": "浙江省/杭州市/临平区", "address": "乔司街道 ****"},
        {"province": "浙江省", "city": "杭州市", "district": "临平区", "address": "乔司街道 ****"},
    ],
)
def test_the_address_of_a_shop_begins_with_its_levels(raw: dict[str, str]) -> None:
    assert shown_address(Reading({}, raw, {})) == "浙江省 杭州市 临平区 乔司街道 ****"


def test_a_receiver_that_is_shown_whole() -> None:
    found = whole_receiver("浙江省 杭州市 临平区 乔司街道永西路88号 3幢", " 王建国 ", PHONE)
    assert (found.name, found.province, found.city, found.district) == ("王建国", "浙江省", "杭州市", "临平区")
    assert (found.town, found.detail) == ("", "乔司街道永西路88号 3幢")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("浙江省 杭州市 临平区 乔司街道****", "王建国"),
        ("浙江省 杭州市 临平区 乔司街道永西路88号", "王*"),
        ("浙江省 杭州市 临平区 乔司街道永西路88号", " "),
        ("浙江省 杭州市 临平区", "王建国"),
        ("杭州市 临平区 乔司街道 永西路88号", "王建国"),
    ],
)
def test_a_receiver_that_is_not_whole_is_refused(address: str, name: str) -> None:
    with pytest.raises(Mismatch):
        whole_receiver(address, name, PHONE)
