"""Every control that a back office made of a component library has, driven by YAML alone."""

from __future__ import annotations

import pytest

from agent.errors import Mismatch, PageChanged
from agent.models import Reading
from tests.components.conftest import LOADED, Kit
from tests.components.libraries import LIBRARIES

pytestmark = pytest.mark.slow
LACKS = {  # library → the cases for which it has no control
    "antd-4": ("opened_date", "virtual", "endless"),
    "antd-6": ("opened_date", "endless"),
    "element-plus": ("opened_date",),
    "fusion": ("segments", "facts", "endless"),
    "layui": ("remote", "cascader", "segments", "suggestions", "opened_date", "virtual"),
}


def having(case: str) -> pytest.MarkDecorator:
    """Of the libraries, those that have a control for the case."""
    libraries = [one for one in LIBRARIES if case not in LACKS.get(one.name, ())]
    return pytest.mark.parametrize("kit", libraries, ids=lambda one: one.name, indirect=True)


SELECTS = [
    ("快递公司", "carrier"),
    ("可搜索", "searched"),
    ("按编号搜", "numbered"),
    ("全部画出", "drawn"),
    ("已选", "changed"),
]


@pytest.mark.parametrize(("place", "name"), SELECTS)
def test_one_of_three_hundred_options_of_which_few_are_drawn(kit: Kit, place: str, name: str) -> None:
    places = f"    carrier: label={place}\n"
    reading = kit.play("select", places, "    - choose: {carrier: <shipment.carrier>}\n", {"shipment.carrier": "圆通速递"})
    assert reading.chosen == {"carrier": "圆通速递"}
    assert kit.told(1) == {name: "圆通速递" if name == "numbered" else "v-圆通速递"}


@having("remote")
def test_options_that_come_only_of_what_is_typed(kit: Kit) -> None:
    values = {"shipment.carrier": ("圆通", "圆通速递")}
    reading = kit.play("remote", "    carrier: label=快递公司\n", "    - choose: {carrier: <shipment.carrier>}\n", values)
    assert reading.chosen == {"carrier": "圆通速递"}
    assert kit.told(1) == {"carrier": "v-圆通速递"}


def test_an_option_that_is_not_there_is_told_with_what_is(kit: Kit) -> None:
    with pytest.raises(Mismatch, match="No option says “顺丰”; offered are: 快递公司"):
        kit.play_hurried(
            "select",
            "    carrier: label=可搜索\n",
            "    - choose: {carrier: <shipment.carrier>}\n",
            {"shipment.carrier": "顺丰"},
        )
    assert kit.told() == {}


def test_options_that_never_load(kit: Kit) -> None:
    with pytest.raises(Mismatch, match="offered are: nothing") as failed:
        kit.play_hurried(
            "lost",
            "    carrier: label=快递公司\n",
            "    - choose: {carrier: <shipment.carrier>}\n",
            {"shipment.carrier": "圆通"},
        )
    assert failed.value.where.line


def test_two_options_with_the_same_words(kit: Kit) -> None:
    with pytest.raises(PageChanged, match="2 options"):
        kit.play_hurried(
            "doubled",
            "    carrier: label=快递公司\n",
            "    - choose: {carrier: <shipment.carrier>}\n",
            {"shipment.carrier": "圆通速递"},
        )
    assert kit.told() == {}


def three(kit: Kit, case: str, words: str) -> list[str]:
    """What was told of three boxes, one filled right after the other."""
    places = "    from: label=发货地\n    to: label=收货地\n    back: label=退货地\n"
    steps = "".join(f"    - choose: {{{place}: {words}}}\n" for place in ("from", "to", "back"))
    kit.play(case, places, steps, {"receiver.province": "浙江省", "receiver.city": "杭州市", "receiver.district": "临平区"})
    told = kit.told(3)
    return [told[name] for name in ("place0", "place1", "place2")]


def test_lists_with_the_same_words_one_right_after_the_other(kit: Kit) -> None:
    assert three(kit, "alike", "<receiver.province>") == ["v-浙江省"] * 3


@having("cascader")
def test_regions_with_the_same_words_one_right_after_the_other(kit: Kit) -> None:
    assert three(kit, "regions", "<receiver.province>/<receiver.city>/<receiver.district>") == ["浙江省/杭州市/临平区"] * 3


def test_selects_that_depend_on_each_other(kit: Kit) -> None:
    places = "    province: label=省份\n    city: label=城市\n"
    steps = "    - choose: {province: <receiver.province>}\n    - choose: {city: <receiver.city>}\n"
    reading = kit.play("linked", places, steps, {"receiver.province": ("浙江", "浙江省"), "receiver.city": "杭州市"})
    assert reading.chosen == {"province": "浙江省", "city": "杭州市"}
    assert kit.told(2) == {"province": "v-浙江省", "city": "v-杭州市"}


REGION = "    - choose: {region: <receiver.province>/<receiver.city>/<receiver.district>}\n"


@having("cascader")
@pytest.mark.parametrize("case", ["cascader", "lazy"])
@pytest.mark.parametrize(
    ("levels", "path"),
    [
        ((("浙江", "浙江省"), "杭州市", "临平区"), "浙江省/杭州市/临平区"),
        (("北京市", ("北京市", "市辖区"), "西城区"), "北京市/市辖区/西城区"),
        (("海南省", ("省直辖县级行政区划", "琼海市"), "琼海市"), "海南省/省直辖县级行政区划/琼海市"),
    ],
    ids=["a province", "a municipality", "below the province"],
)
def test_a_region_level_by_level(kit: Kit, case: str, levels: tuple[object, ...], path: str) -> None:
    values = dict(zip(("receiver.province", "receiver.city", "receiver.district"), levels, strict=True))
    reading = kit.play(case, "    region: label=所在地区\n", REGION, values)
    assert reading.chosen == {"region": path.replace("/", " / ")}
    each = case == "lazy" and kit.library.page == "antd.js"  # it tells every level on the way
    assert kit.told(3 if each else 1) == {"region": path}


@having("cascader")
@pytest.mark.parametrize("case", ["hovered", "searchable", "strict"])
def test_a_region_in_a_box_of_another_manner(kit: Kit, case: str) -> None:
    values = {"receiver.province": ("浙江", "浙江省"), "receiver.city": "杭州市", "receiver.district": "临平区"}
    reading = kit.play(case, "    region: label=所在地区\n", REGION, values)
    assert reading.chosen == {"region": "浙江省 / 杭州市 / 临平区"}
    each = case == "strict" and kit.library.page == "antd.js"
    assert kit.told(3 if each else 1) == {"region": "浙江省/杭州市/临平区"}


@having("cascader")
def test_a_level_that_is_not_there_is_told_with_what_is(kit: Kit) -> None:
    values = {"receiver.province": "浙江省", "receiver.city": "温州市", "receiver.district": "鹿城区"}
    with pytest.raises(Mismatch, match="No option says “温州市”; offered are: 杭州市, 宁波市"):
        kit.play_hurried("cascader", "    region: label=所在地区\n", REGION, values)
    assert kit.told() == {}


TICKS = """\
    agreed: label=同意代发协议
    insured: label=运费险
    size:
      options: css=label[class*=radio-button], [class*=radio-button] > label, [class*=form-radio]
"""


def test_ticks_switches_and_sizes_come_to_the_wanted_state_and_stay_there(kit: Kit) -> None:
    steps = "    - tick: agreed\n    - tick: agreed\n    - tick: {insured: no}\n    - choose: {size: <line.specification>}\n"
    kit.play("ticks", TICKS, steps, {"line.specification": "L"})
    assert kit.told(3) == {"agreed": "true", "insured": "false", "size": "L"}


GROUPS = """\
    unpaid: tab=待付款
    orders: text=待付款的订单
    pay:
      options: css=label[class*=radio], [class*=form-radio]
    returned: label=七天退换
    broken: label=破损包赔
"""


def test_tabs_and_groups_of_one_or_of_many(kit: Kit) -> None:
    steps = (
        "    - click: unpaid\n    - expect: orders\n    - choose: {pay: 支付宝}\n"
        "    - tick: broken\n    - tick: {returned: no}\n"
    )
    reading = kit.play("groups", GROUPS, steps)
    assert reading.chosen == {"pay": "支付宝"}
    assert kit.told(4) == {"tab": "待付款", "pay": "支付宝", "services": "破损包赔"}


@having("segments")
def test_one_of_two_segments(kit: Kit) -> None:
    places = "    speed:\n      options: css=label[class*=segmented]\n"
    reading = kit.play("segments", places, "    - choose: {speed: 特快}\n")
    assert reading.chosen == {"speed": "特快"}
    assert kit.told(1) == {"speed": "特快"}


def test_a_stepper_and_a_box_that_cuts(kit: Kit) -> None:
    places = "    quantity: label=数量\n    remark: label=备注\n"
    agent = kit.agent("numbers", places, "    - fill: {quantity: <line.quantity>}\n    - press: Tab\n")
    agent.play("f", {"line.quantity": "12"})
    assert kit.told(1) == {"quantity": "12"}
    with pytest.raises(Mismatch, match="单号R23"):
        kit.play("numbers", places, "    - fill: {remark: <purchase_order.note>}\n", {"purchase_order.note": "单号R2345"})


@having("suggestions")
def test_a_box_with_suggestions_keeps_what_was_typed(kit: Kit) -> None:
    kit.play("suggestions", "    town: label=街道\n", "    - fill: {town: <receiver.town>}\n", {"receiver.town": "乔司街道"})
    assert kit.told(1) == {"town": "乔司街道"}


@pytest.mark.parametrize(
    ("label", "name", "value"), [("发货日期", "date", "2026-11-25"), ("预约时间", "time", "2026-11-25 10:30:00")]
)
def test_a_date_typed_into_its_box(kit: Kit, label: str, name: str, value: str) -> None:
    steps = "    - fill: {at: <purchase_order.note>}\n    - press: Enter\n"
    kit.play("dates", f"    at: label={label}\n", steps, {"purchase_order.note": value})
    assert kit.told(1) == {name: value}


@having("opened_date")
def test_a_date_typed_into_the_box_that_its_box_opens(kit: Kit) -> None:
    places = "    at: label=发货日期\n    send: button=提交\n    sent: text=下单成功\n"
    steps = "    - fill: {at: 2026-11-25}\n    - press: Enter\n  g:\n    - fill: {at: 2026-11-31}\n    - commit: send\n    - expect: sent\n"
    agent = kit.agent("opened_date", places, steps)
    agent.play("f")
    assert kit.told(1) == {"date": "2026-11-25"}
    with pytest.raises(Mismatch, match="at does not show any more what was put there"):
        agent.commit("g")
    assert kit.orders == 0


def test_the_two_dates_of_a_range_typed_into_their_boxes(kit: Kit) -> None:
    places = "    begin: placeholder=开始日期\n    end: placeholder=结束日期\n"
    steps = "    - fill: {begin: 2026-11-25}\n    - press: Enter\n    - fill: {end: 2026-12-03}\n    - press: Enter\n"
    kit.play("dates", places, steps)
    assert kit.told(1) == {"range": "2026-11-25/2026-12-03"}


@pytest.mark.parametrize("key", ["Enter", "Tab", "End"])
def test_a_date_that_its_box_drops_or_turns_into_another_stops_the_order(kit: Kit, key: str) -> None:
    """Some do so at once, some only when the box is left."""
    agent = kit.agent(
        "dropped_date",
        "    at: label=发货日期\n    send: button=提交\n    sent: text=下单成功\n",
        f"    - fill: {{at: 2026-11-31}}\n    - press: {key}\n  g:\n    - commit: send\n    - expect: sent\n",
    )
    agent.play("f")
    with pytest.raises(Mismatch, match="at does not show any more what was put there"):
        agent.commit("g")
    assert kit.orders == 0


LIST = """\
    orders:
      rows:
        - css=tbody tr[data-row-key]
        - css=tbody tr[class*=table__row]
        - css=tbody tr[class*=table-row]:not([aria-hidden] tr)
        - css=[class*=table-main] tbody tr
      next_page:
        - css=li[class*=pagination-next]:not([aria-disabled=true]) button
        - css=button[class*=-next]:not([disabled])
        - css=a[class*=-next]:not([class*=disabled])
      row_count:
        find: css=[class*=pagination-total], [class*=pagination__total], [class*=page-count]
        part: "共 {} 条"
      supplier_order_number: column=订单号
      title: column=商品
      quantity: column=数量
      details: link=详情
"""


def test_every_page_of_a_table_with_columns_that_stand_still(kit: Kit) -> None:
    reading = kit.play("table", LIST, "    - read: [orders]\n")
    rows = reading.values["orders"]
    assert [row["supplier_order_number"] for row in rows] == [f"S{1000 + at}" for at in range(23)]
    assert (rows[1]["title"], rows[2]["quantity"]) == ("收纳筐 X", 3)


def test_the_link_of_one_row(kit: Kit) -> None:
    steps = "    - click: details\n      where: {supplier_order_number: <purchase_order.supplier_order_number>}\n"
    kit.play("table", LIST, steps, {"purchase_order.supplier_order_number": "S1004"})
    assert kit.told(1) == {"opened": "S1004"}


MANY = """\
    orders:
      rows: css=[class*=table-row], [class*=table-v2__row][role=row]
      supplier_order_number: column=订单号
      title: column=商品
      quantity: column=数量
      details: link=详情
"""
TOTAL = '      row_count:\n        find: text=共*条\n        part: "共 {} 条"\n'


def all_of_many(reading: Reading) -> bool:
    told = [(row["supplier_order_number"], row["title"], row["quantity"]) for row in reading.values["orders"]]
    return told == [(f"S{1000 + at}", "收纳筐 " + "LX"[at % 2], at % 3 + 1) for at in range(310)]


@having("virtual")
@pytest.mark.parametrize("total", [TOTAL, ""], ids=["its own total", "no total"])
def test_every_row_of_a_table_that_draws_few_at_a_time(kit: Kit, total: str) -> None:
    places = MANY.replace("      supplier", total + "      supplier", 1)
    agent = kit.agent("virtual", places, "    - read: [orders]\n")
    assert all_of_many(agent.play("f"))
    assert agent.stage.here.get_by_text("S1309").count() == 0, "the page has them no more at once than before"


@having("virtual")
@pytest.mark.parametrize("number", ["S1003", "S1250"])
def test_the_link_of_a_row_that_is_drawn_only_in_view(kit: Kit, number: str) -> None:
    steps = "    - read: [orders]\n    - click: details\n      where: {supplier_order_number: <purchase_order.supplier_order_number>}\n"
    kit.play("virtual", MANY, steps, {"purchase_order.supplier_order_number": number})
    assert kit.told(1) == {"opened": number}


@having("endless")
def test_every_row_of_a_list_that_grows_when_it_is_scrolled(kit: Kit) -> None:
    assert all_of_many(kit.play("endless", MANY, "    - read: [orders]\n"))


BASKET = """\
    goods:
      rows:
        - css=tbody tr[data-row-key]
        - css=tbody tr[class*=table__row]
        - css=tbody tr[class*=table-row]:not([aria-hidden] tr)
        - css=[class*=table-main] tbody tr
      title: column=商品
      taken: css=input[type=checkbox]
      pieces: css=input:not([type=checkbox])
"""


def test_boxes_and_ticks_in_the_rows_of_a_table(kit: Kit) -> None:
    where = "      where: {title: <line.title>}\n"
    steps = f"    - tick: taken\n{where}    - fill: {{pieces: <line.quantity>}}\n{where}    - press: Tab\n"
    kit.play("basket", BASKET, steps, {"line.title": "收纳筐 L", "line.quantity": "12"})
    assert kit.told(2) == {"收纳筐 L taken": "true", "收纳筐 L": "12"}


@having("facts")
def test_words_and_what_stands_beside_them(kit: Kit) -> None:
    places = (
        "    supplier_order_number: beside=订单号\n    tracking_number: beside=快递单号\n    receiver_name: beside=收货人\n"
    )
    values = kit.play("facts", places, "    - read: [supplier_order_number, tracking_number, receiver_name]\n").values
    assert values == {"supplier_order_number": "S1001", "tracking_number": "YT123456789012", "receiver_name": "张三"}


ASKS = """\
  asked:
    inside: dialog=提交前确认
    here_if: text=确定现在下单吗
    sure: button=确定
  thank_you:
    here_if: heading=下单成功
"""


def test_a_dialog_that_asks_before_the_order(kit: Kit) -> None:
    """The button of the page opens a question; the one click that writes is the dialog's."""
    agent = kit.agent(
        "confirm",
        "    total: beside=应付总额\n    send: button=提交\n",
        "    - read: [total]\n    - click: send\n    - expect: asked\n  g:\n    - commit: sure\n    - expect: thank_you\n",
        more=ASKS,
    )
    assert agent.play("f").values == {"total": 1000}
    assert kit.orders == 0
    outcome = agent.commit("g")
    assert (outcome.end, kit.orders) == ("expected", 1)


@pytest.mark.parametrize("title", ["修改地址", "修改快递"])
def test_a_form_in_a_dialog_or_drawer(kit: Kit, title: str) -> None:
    """Behind it stands a box with the same words."""
    layer = (
        f"  layer:\n    inside: dialog={title}\n    here_if: label=收货人\n    receiver: label=收货人\n"
        "    carrier: label=快递公司\n    save: button=保存\n"
    )
    steps = (
        "    - click: change\n    - expect: layer\n    - fill: {receiver: <receiver.name>}\n"
        "    - choose: {carrier: <shipment.carrier>}\n    - click: save\n    - expect_gone: layer\n"
    )
    values = {"receiver.name": "张三", "shipment.carrier": "圆通速递"}
    kit.play("layers", f"    change: button={title}\n", steps, values, more=layer)
    assert kit.told(2) == {"receiver": "张三", "carrier": "v-圆通速递"}


def test_what_the_form_says_beside_a_field_ends_the_wait(kit: Kit) -> None:
    places = "    phone: label=手机号\n    save: button=保存\n    saved: text=已保存\n"
    steps = "    - fill: {phone: <receiver.phone>}\n    - click: save\n    - expect: saved\n"
    agent = kit.make(
        "messages:\n  手机号格式不正确: Mismatch\npages:\n  page:\n    open_at: /?case=refused\n    here_if: heading=页面\n"
        f"{places}flows:\n  f:\n    - open: page\n{steps}",
        wait_for_page=LOADED,
    )
    with pytest.raises(Mismatch, match="手机号格式不正确"):
        agent.play("f", {"receiver.phone": "123"})
    assert kit.told() == {}
