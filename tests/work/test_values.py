"""Values: every one the contract names is made here or known to the session, and nothing masked is typed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.errors import Mismatch
from agent.models import Phone, Shipment
from agent.sites.contract import VALUES
from agent.work.carriers import carrier_of
from agent.work.values import (
    note_for,
    note_values,
    order_values,
    payment_values,
    purchase_values,
    shipment_values,
    values_for,
    with_extension,
)
from tests.work.given import MEANT, PURCHASE, RECEIVER, receiver

SHIPMENT = Shipment("xiaolin", "6920000000000000001", 1, PURCHASE.reference, "圆通速递", "YT9693083639795")
OF_THE_SESSION = {"account.shows", "secret.user_name", "secret.password"}


def test_what_fill_order_may_write() -> None:
    made = values_for(PURCHASE, RECEIVER, MEANT.note)
    assert made["receiver.name"] == "张三" and made["receiver.name_with_extension"] == "张三[7576]"
    assert made["receiver.phone"] == "18400913965-7576" and made["receiver.phone_main"] == "18400913965"
    assert made["receiver.phone_extension"] == "7576"
    assert made["receiver.province"] == ("浙江省", "浙江") and made["receiver.district"] == ("临平区",)
    assert made["receiver.detail_with_extension"] == "永西路88号 3幢2单元 601室[7576]"
    assert made["receiver.address"] == "浙江省杭州市临平区乔司街道永西路88号 3幢2单元 601室"
    assert made["purchase_order.reference"] == "PPX2HTAT1YCW" and made["purchase_order.note"] == MEANT.note
    shirt, cup = made["lines"]
    axes = {"line.specification.1": "黑色 XL", "line.specification.2": "", "line.specification.last": "黑色 XL"}
    assert shirt == axes | {
        "line.product": "A-1001",
        "line.title": "纯棉T恤",
        "line.specification": "黑色 XL",
        "line.quantity": "3",
    }
    assert cup["line.quantity"] == "2"  # type: ignore[index, call-overload]


@pytest.mark.parametrize(
    ("specification", "axes"),
    [
        ("黑色;L", ("黑色", "L", "L")),
        ("黑色；L", ("黑色", "L", "L")),
        ("A;B;C", ("A", "B", "C")),
        ("均码", ("均码", "", "均码")),
    ],
)
def test_the_axes_of_a_specification(specification: str, axes: tuple[str, str, str]) -> None:
    line = PURCHASE.lines[0]
    product = replace(line.product, specification=specification)
    made = values_for(replace(PURCHASE, lines=(replace(line, product=product),)), RECEIVER, "")["lines"][0]
    assert tuple(made[f"line.specification.{axis}"] for axis in ("1", "2", "last")) == axes  # type: ignore[index, call-overload]


def test_every_value_of_the_contract_is_made() -> None:
    carrier = carrier_of("圆通")
    assert carrier
    filled = values_for(PURCHASE, RECEIVER, "")
    shipped = shipment_values(SHIPMENT, carrier, {"6920001": 2}, "YT0000000000000")
    made = {*filled, *filled["lines"][0], *shipped, *shipped["lines"][0]} - {"lines", "left_behind"}  # type: ignore[misc]
    made |= {
        *purchase_values("R", "N"),
        *payment_values("R", ["N"])["lines"][0],  # type: ignore[misc]
        *order_values("1"),
        *note_values("1", "green", "已拍"),
    }
    assert made | OF_THE_SESSION == VALUES


def test_what_was_left_behind_is_told_like_the_lines() -> None:
    left = {"product": "A-1001", "title": "纯棉T恤", "specification": "黑色 XL", "quantity": 3}
    (made,) = values_for(PURCHASE, RECEIVER, "", left_behind=(left,))["left_behind"]
    assert made == {"line.product": "A-1001", "line.title": "纯棉T恤", "line.specification": "黑色 XL", "line.quantity": "3"}


def test_a_plain_number_gets_no_brackets() -> None:
    made = values_for(PURCHASE, receiver(phone=Phone("13800138000")), "")
    assert made["receiver.name_with_extension"] == "张三" and made["receiver.phone"] == "13800138000"
    assert made["receiver.phone_extension"] == ""


def test_the_extension_is_hung_on_once() -> None:
    assert with_extension(with_extension("张三", "7576"), "7576") == "张三[7576]"


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "张*"},
        {"detail": "永西路＊＊号"},
        {"town": "**街道"},
        {"phone": Phone("138****1234")},
        {"phone": Phone("18400913965", "****")},
    ],
)
def test_nothing_masked_is_typed(changed: dict[str, object]) -> None:
    with pytest.raises(Mismatch):
        values_for(PURCHASE, receiver(**changed), "")


def test_a_number_not_known_yet_is_left_out() -> None:
    assert purchase_values("R") == {"purchase_order.reference": "R"}


def test_shipment_and_note() -> None:
    carrier = carrier_of("YTO")
    assert carrier
    made = shipment_values(SHIPMENT, carrier)
    assert made["shipment.carrier"][0] == "圆通速递" and made["shipment.tracking_number"] == "YT9693083639795"
    assert note_for("<reference> 请勿放价格单", "R") == "R 请勿放价格单"
