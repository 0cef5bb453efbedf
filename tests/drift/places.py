"""What stands on the pages of the stand-in sites, written by hand from their own templates: a drift changes one of these.

Nothing here is read from a site file: which place of the file means which of these is what the drift is to put to the test.
A part is told as "css", or "css|its words"; "+" is what stands behind the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Nature = Literal["box", "hint", "button", "pair", "cell", "column", "page"]
Site = Literal["mall", "doudian", "1688"]


@dataclass(frozen=True)
class Place:
    """One thing on a page. `other` is the neighbour that may change places or words with it; `aside`: it is only ever that."""

    name: str
    nature: Nature
    words: str = ""
    value: str = ""
    row: str = ""
    table: str = ""
    column: str = ""
    other: str = ""
    aside: bool = False


@dataclass(frozen=True)
class PageOf:
    """A page of a site: the pattern of its address, and what stands on it. `posted`: it is the answer to a form."""

    name: str
    path: str
    places: tuple[Place, ...]
    posted: bool = False

    def place(self, name: str) -> Place:
        return next(one for one in self.places if one.name == name)


def boxes(row: str, **told: str) -> tuple[Place, ...]:
    """Boxes with a label each, by id; each has the next one for its neighbour, the last the one before."""
    names = list(told)
    other = dict(zip(names, [*names[1:], names[-2]], strict=True))
    return tuple(Place(name, "box", f"label[for={told[name]}]", f"#{told[name]}", row, other=other[name]) for name in names)


def pairs(mark: str, *words: str, value: str = "+", row: str = "") -> tuple[Place, ...]:
    """Words with a value behind each."""
    other = dict(zip(words, [*words[1:], words[-2]], strict=True))
    return tuple(Place(one, "pair", f"{mark}|{one}", value, row, other=other[one]) for one in words)


def columns(table: str, *words: str) -> tuple[Place, ...]:
    """Columns of a table by their headers."""
    other = dict(zip(words, [*words[1:], words[-2]], strict=True))
    return tuple(Place(f"column {one}", "column", table=table, column=one, other=f"column {other[one]}") for one in words)


def cells(**told: str) -> tuple[Place, ...]:
    """Values that have no words of their own."""
    return tuple(Place(name, "cell", value=css) for name, css in told.items())


def button(name: str, css: str, other: str = "", *, aside: bool = False) -> Place:
    return Place(name, "button", css, css, other=other, aside=aside)


WHOLE = Place("the page", "page")

RECEIVER = ("收货人", "手机", "所在地区", "详细地址", "备注")
FEES = ("商品总价", "运费", "优惠", "应付总额")

MALL: Mapping[str, PageOf] = {
    "form": PageOf(
        "form",
        r"^/daifa\.php\?act=new",
        (
            *boxes("tr", reference="outer_sn", receiver_name="consignee", phone="mobile"),
            *boxes("tr", address="address", note="postscript"),
            *boxes("tr", product="goods_sn", quantity="goods_number"),
            *cells(province="#selProvinces_0", city="#selCities_0", district="#selDistricts_0"),
            button("add", "#add_goods"),
            button("next", "#daifa .actions button.main"),
            *columns("#basket", "货号", "商品", "规格", "数量"),
            WHOLE,
        ),
    ),
    "confirm": PageOf(
        "confirm",
        r"^/daifa\.php\?act=confirm",
        (
            *pairs("dl.pairs dt", "外部单号", *RECEIVER),
            *pairs("#fees dt", *FEES),
            *columns("table.goods", "商品", "货号", "规格", "单价", "数量", "小计"),
            button("place", "#place", other="back"),
            button("back", ".actions a", aside=True),
            WHOLE,
        ),
        posted=True,
    ),
    "done": PageOf("done", r"^/daifa\.php\?act=done", (*pairs(".done dt", "订单号", "订单金额"),), posted=True),
    "list": PageOf(
        "list",
        r"^/user\.php\?.*act=order_list",
        (
            *(
                Place(n, "box", f"label[for={i}]", f"#{i}", other=o)
                for n, i, o in (
                    ("reference searched", "outer_sn", "number searched"),
                    ("number searched", "order_sn", "reference searched"),
                )
            ),
            button("search", "form.search button"),
            button("all", ".tabs a|全部订单", other="unpaid"),
            button("unpaid", ".tabs a|待付款", aside=True),
            *cells(pager="#pager"),
            *columns("#orders", "订单号", "外部单号", "下单时间", "订单总金额", "订单状态"),
            WHOLE,
        ),
    ),
    "detail": PageOf(
        "detail",
        r"^/user\.php\?.*act=order_detail",
        (
            *pairs("table.info th", "订单号", "外部单号", "下单时间", "订单状态"),
            *pairs("table.info th", *RECEIVER),
            *pairs("table.info th", *FEES),
            *columns("table.goods", "商品", "货号", "规格", "单价", "数量", "小计"),
            *columns("#parcels", "快递公司", "快递单号", "包裹商品", "包裹规格", "件数"),
            WHOLE,
        ),
    ),
    "product": PageOf(
        "product",
        r"^/goods\.php\?.*act=show",
        (
            *pairs("table.info th", "货号", "一件代发"),
            *cells(title="h1.goods_name"),
            *columns("#goods_spec", "规格", "代发价", "库存"),
            WHOLE,
        ),
    ),
}

DOUDIAN: Mapping[str, PageOf] = {
    "list": PageOf(
        "list",
        "^/ffa/morder/order/list",
        (
            *boxes(".auxo-form-item", number_searched="order_id", product="product"),
            button("search", ".auxo-form-buttons .auxo-btn-primary", other="reset"),
            button("reset", ".auxo-form-buttons .auxo-btn-default", aside=True),
            *cells(
                order_number="[class*=orderNumber]",
                title="[class*=productName]",
                specification="[class*=productSpec]",
                merchant_code="[class*=merchantCode]",
                quantity="[class*=productCount]",
                flag="[class*=flagIcon]",
                remark="[class*=sellerRemark]",
                count=".auxo-pagination-total-text",
            ),
            Place("details", "button", ".orderLinks a|订单详情", ".orderLinks a|订单详情"),
            *columns("table.orders", "商品信息", "单价/数量", "售后", "订单状态", "实收款"),
            WHOLE,
        ),
    ),
    "detail": PageOf(
        "detail",
        "^/ffa/morder/order/detail",
        (
            *pairs(
                ".auxo-descriptions-item-label",
                "订单编号",
                "订单状态",
                "订单类型",
                "下单时间",
                "最晚发货时间",
                "地址变更",
                "买家留言",
            ),
            *cells(
                receiver="[class*=receiverInfo]",
                remark="#seller_words",
                flag="[class*=sellerFlag]",
                title="[class*=productName]",
                specification="[class*=productSpec]",
                quantity="[class*=productCount]",
                carrier="[class*=carrierName]",
                tracking_number="[class*=trackingNumber]",
            ),
            *columns("table.auxo-table", "商品信息", "单价/数量", "售后", "商品状态"),
            WHOLE,
        ),
    ),
    "note": PageOf(
        "note",
        "^/ffa/morder/order/detail",
        (
            button("edit", ".noteBlock button"),
            Place("new remark", "hint", value=".noteForm textarea"),
            button("save", ".auxo-modal-footer .auxo-btn-primary", other="cancel"),
            button("cancel", ".auxo-modal-footer .auxo-btn-default", aside=True),
        ),
    ),
    "ship": PageOf(
        "ship",
        "^/ffa/morder/logistics/delivery",
        (
            *pairs(".auxo-descriptions-item-label", "订单编号", "收货信息"),
            Place("carrier", "cell", value=".shipControl .auxo-select"),
            Place(
                "tracking number", "hint", words=".shipLabel|快递单号", value=".shipControl input.auxo-input", row=".shipRow"
            ),
            button("confirm", ".shipButtons button"),
            WHOLE,
        ),
    ),
}

M1688: Mapping[str, PageOf] = {
    "confirm": PageOf(
        "confirm",
        r"^/order/confirm\.htm",
        (
            *cells(
                name=".address-name",
                phone=".address-phone",
                region=".address-place",
                seller=".shop-title .shop-link",
                specification=".cargo-spec",
                price=".cargo-price",
                quantity=".cargo-quantity",
            ),
            *pairs(".order-summary .fee-label", "货品总价", "运费合计", "应付总额"),
            button("change address", ".address-action"),
            button("place", ".submit-wrap q-button"),
        ),
    ),
    "address": PageOf(
        "address",
        r"^/order/confirm\.htm",
        (
            *boxes(".ant-form-item", name="fullName", mobile="mobile"),
            Place("street", "box", "label[for=address]", "textarea#address", ".ant-form-item", other="mobile"),
            Place("paste", "cell", value="#addressPaste"),
            button("match", ".paste-match"),
        ),
    ),
    "detail": PageOf(
        "detail",
        r"^/app/ctf-page/trade-order-detail/",
        (
            *pairs("dl.order-info dt", "订单编号", "下单时间", "卖家"),
            *pairs("dl.receiver-info dt", "收货人", "手机", "收货地址", "买家留言"),
            *pairs("dl.amounts dt", "货品总价", "运费", "涨价或折扣", "实付款"),
            *cells(state=".order-status"),
            *columns("table.detail-goods", "货品", "规格", "单价(元)", "数量", "金额(元)"),
            WHOLE,
        ),
    ),
    "list": PageOf(
        "list",
        r"^/app/ctf-page/trade-order-list/",
        (
            *cells(
                state=".order-status", total=".total-price", seller=".company-name", time=".order-time", count=".order-count"
            ),
            button("all", ".tab-item|所有订单"),
            WHOLE,
        ),
    ),
}

SITES: Mapping[Site, Mapping[str, PageOf]] = MappingProxyType({"mall": MALL, "doudian": DOUDIAN, "1688": M1688})
