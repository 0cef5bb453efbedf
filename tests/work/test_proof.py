"""The supplier's own page of an order: masked values count for what they show, and orders are counted together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.models import Fen, Reading, Unreadable
from agent.work.compare import judge, looks_alike
from tests.work.given import CUP, GOODS_TOTAL, MEANT, ROWS, SHIRT, page, row

MASKED = {"receiver_name": "张*", "phone": "184****3965-****", "region": "浙江省 杭州市 临平区", "address": "乔司街道****"}
AT_CLICK = replace(MEANT, total=Fen(GOODS_TOTAL + 600))


def test_the_same_purchase() -> None:
    assert judge([page(chosen={})], AT_CLICK) == "exact"
    assert judge([page(chosen={}, **MASKED)], AT_CLICK) == "exact"


@pytest.mark.parametrize(
    "changed",
    [
        {"receiver_name": "李*"},
        {"receiver_name": "*"},
        {"receiver_name": "*四"},
        {"phone": "184****3966-****"},
        {"phone": "184****3965"},  # where is the extension?
        {"phone": "***********"},
        {"phone": "****-****"},
        {"address": "临平街道****"},
        {"address": "****602室"},
        {"reference": "PPX2HTAT1YC*"},
        {"receiver_name": None},
        {"reference": None},
        {"total": GOODS_TOTAL + 601},
        {"total": GOODS_TOTAL + 600 - 100, "discount": 100},  # another total than at the click
        {"supplier_note": ""},
    ],
)
def test_another_purchase(changed: dict[str, object]) -> None:
    assert judge([page(chosen={}, **{**MASKED, **changed})], AT_CLICK) == "differs"


def test_what_the_site_lacks_may_be_absent_but_not_wrong() -> None:
    lacking = replace(AT_CLICK, hidden=frozenset({"reference", "receiver"}))
    nothing = {"reference": None, "receiver_name": None, "phone": None, "region": None, "address": None}
    assert judge([page(chosen={}, **nothing)], lacking) == "exact"
    assert judge([page(chosen={}, **{**nothing, "receiver_name": "李四"})], lacking) == "differs"
    assert judge([page(chosen={}, **{**nothing, "reference": "PPX2HTAT1YCV"})], lacking) == "differs"
    assert judge([page(chosen={}, **nothing)], AT_CLICK) == "differs"


def part(*rows: dict[str, object], freight: int = 300) -> Reading:
    goods = sum(int(str(r["unit_price"])) * int(str(r["quantity"])) for r in rows)
    return page(rows, chosen={}, freight=freight, total=goods + freight)


def test_the_verdicts() -> None:
    whole = page(chosen={}, **MASKED)
    assert judge([], AT_CLICK) == "none"
    assert judge([whole], AT_CLICK) == "exact"
    assert judge([part(ROWS[0]), part(ROWS[1])], AT_CLICK) == "exact"  # split by the supplier
    assert judge([part(row(SHIRT, 1)), part(row(SHIRT, 2), ROWS[1])], AT_CLICK) == "exact"
    assert judge([whole, whole], AT_CLICK) == "more"  # written twice
    assert judge([whole, part(row(CUP, 1))], AT_CLICK) == "more"
    assert judge([part(*ROWS, row(SHIRT, 1, specification="黑色 L"))], AT_CLICK) == "more"
    assert judge([part(row(SHIRT, 30), ROWS[1])], AT_CLICK) == "more"
    assert judge([part(ROWS[0])], AT_CLICK) == "less"
    assert judge([part(row(SHIRT, 2), ROWS[1])], AT_CLICK) == "less"
    assert judge([part(row(SHIRT, 3, specification="黑色 L"), ROWS[1])], AT_CLICK) == "differs"


@pytest.mark.parametrize(
    "reading",
    [
        page(chosen={}, receiver_name="李四"),
        page(chosen={}, phone="18400913965"),
        page(chosen={}, reference="PPX2HTAT1YCV"),
        page(chosen={}, lines=()),
        page(chosen={}, lines=None),
        page((row(quantity=Unreadable("三", "no number")), ROWS[1]), chosen={}),
        page(chosen={}, freight=700, total=GOODS_TOTAL + 700),
        page(chosen={}, total=GOODS_TOTAL),
        page((row(SHIRT, 3, 2001), ROWS[1]), chosen={}),
    ],
)
def test_whole_but_not_as_meant(reading: Reading) -> None:
    assert judge([reading], AT_CLICK) == "differs"


def test_a_part_with_a_wrong_field_is_not_only_less() -> None:
    assert judge([page((ROWS[0],), chosen={}, receiver_name="李四")], AT_CLICK) == "differs"


def test_what_a_person_let_pass_is_proven_by_its_total() -> None:
    """Whether it is dear was asked before the click: the proof asks whether it is what was sent."""
    dear = page((row(SHIRT, 3, 2001), ROWS[1]), chosen={})
    sent = replace(MEANT, most_per_order=Fen(1), tolerance=Fen(0), total=Fen(3 * 2001 + 2 * 123450 + 600))
    assert judge([dear], sent) == "exact"
    assert judge([part(ROWS[0]), part(ROWS[1])], replace(sent, total=Fen(GOODS_TOTAL + 600))) == "exact"
    assert judge([dear], replace(sent, total=Fen(GOODS_TOTAL + 600))) == "differs"
    assert judge([dear], replace(MEANT, total=None)) == "differs", "nobody knows what it was sent for"


def test_parts_that_cost_more_than_the_ceiling_together() -> None:
    meant = replace(MEANT, most_per_order=Fen(GOODS_TOTAL + 500))
    assert judge([part(ROWS[0]), part(ROWS[1])], meant) == "differs"


# --- bought by somebody else ------------------------------------------------------------------------------------------

BY_HAND = {"reference": "", "supplier_note": "", "address": "杭州临平乔司永西路八十八号"}


@pytest.mark.parametrize(
    "reading",
    [
        page(chosen={}),
        page(chosen={}, **{**MASKED, "reference": ""}),
        page(chosen={}, receiver_name="张*", phone=None, address="****"),
        page(chosen={}, receiver_name="李四", phone="184****3965", address="****"),
        page((row(SHIRT, 30, specification="黑色 L"),), chosen={}, **BY_HAND),
        page(chosen={}, **BY_HAND, phone="18400913965", receiver_name="张三丰"),
        page(chosen={}, **BY_HAND, phone="13900139000"),  # the virtual number changed
        page(chosen={}, **BY_HAND, phone="13900139000"),  # the name alone
        page(chosen={}, **BY_HAND, phone="13900139000", receiver_name="张三（7576）"),
        page(chosen={}, **BY_HAND, phone="13900139000", receiver_name="张三[9999]"),
        page(chosen={}, **{**BY_HAND, "address": "乔司永西路88号3幢2单元601室"}, phone="13900139000", receiver_name="李四"),
        page(chosen={}, receiver_name=None, phone=None, address=None),
        page(chosen={}, lines=None),
        page((row(title="纯棉 t恤", product="新货号"),), chosen={}),
        page((row(title=Unreadable("?", "cannot be read"), product="9"),), chosen={}),
    ],
)
def test_looks_like_ours(reading: Reading) -> None:
    assert looks_alike(reading, MEANT)


@pytest.mark.parametrize(
    "reading",
    [
        page(chosen={}, **BY_HAND, phone="13900139000", receiver_name="李四"),
        page((row(title="袜子", product="S-9"),), chosen={}),
        page(chosen={}, state="cancelled"),
        page(chosen={}, **BY_HAND, phone="13900139000", region="四川 成都 武侯区"),  # another of the same name
        page(chosen={}, receiver_name="李*", phone="139****9000", address="****"),
        page(chosen={}, receiver_name="张*", phone="139****9000", address="****"),  # half the country is called 张
    ],
)
def test_is_somebody_elses(reading: Reading) -> None:
    assert not looks_alike(reading, MEANT)


def test_a_row_of_the_list_cannot_rule_it_out_until_its_page_is_read() -> None:
    listed = {"supplier_order_number": "1", "reference": "", "state": "placed", "total": 100}
    assert looks_alike(listed, MEANT)
    assert not looks_alike({**listed, "state": "cancelled"}, MEANT)
    assert not looks_alike({**listed, "receiver_name": "李四"}, MEANT)
