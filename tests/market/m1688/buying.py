"""From the offer to the cart to 结算: what these pages are told and what their buttons do."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from starlette.responses import RedirectResponse, Response

from .goods import DROPSHIP, JOIN, WHOLESALE, CartItem, Checkout, Offer, Picked, Refusal
from .visit import Visit, answer, refused

CONFIRM = "/order/confirm.htm"


async def offer(visit: Visit) -> Response:
    number = visit.request.path_params["number"]
    found = visit.site.offers.get(number)
    if found is None:
        return RedirectResponse("/wrongpage.html", 302)
    return visit.page("offer", f"{found.title}-阿里巴巴", offer=number)


async def wrong(visit: Visit) -> Response:
    return visit.page("wrongpage", "页面不存在", status=404)


async def offer_data(visit: Visit) -> Response:
    found = visit.site.offers[visit.field("offer")]
    _change_price(visit, [found.number])
    return answer(offer=_shown(visit, found))


def _shown(visit: Visit, offer: Offer) -> dict[str, Any]:
    axes: list[list[str]] = [[] for _ in (offer.axes or ("规格",))]
    for sku in offer.skus:
        for values, value in zip(axes, _split(offer, sku), strict=True):
            values.extend([value] if value not in values else [])
    return {
        "number": offer.number,
        "title": offer.title,
        "seller": offer.seller,
        "online": offer.online,
        "minimum": offer.minimum,
        "dropships": offer.dropships,
        "axes": [{"name": name, "values": values} for name, values in zip(offer.axes or ("规格",), axes, strict=True)],
        "skus": {
            JOIN.join(_split(offer, name)): {
                "name": name,
                "stock": sku.stock,
                WHOLESALE: sku.costs(WHOLESALE),
                DROPSHIP: sku.costs(DROPSHIP),
            }
            for name, sku in offer.skus.items()
        },
        "freight": visit.site.freight[offer.seller].default,
    }


def _split(offer: Offer, sku: str) -> list[str]:
    return sku.split(JOIN) if len(offer.axes) > 1 else [sku]


def _change_price(visit: Visit, offers: Iterable[str]) -> None:
    for number in offers:
        change = visit.market.faults.fires("price_changes", visit.point, number)
        if change:
            visit.site.change_price(number, int(float(change.value)))


async def add(visit: Visit) -> Response:
    """加采购车: all rows with a quantity, of every first axis."""
    try:
        picked = _rows(visit)
    except Refusal as refusal:
        return refused(str(refusal))

    def write() -> list[CartItem]:
        return [
            visit.site.put_into_cart(one.offer, one.sku, one.quantity, ticked=False, mode=one.mode, by="page") for one in picked
        ]

    return await visit.carry_out(write, lambda _: answer(message="加购成功"))


async def buy(visit: Visit) -> Response:
    """立即订购: to the confirm page without the cart."""
    try:
        picked = _rows(visit)
    except Refusal as refusal:
        return refused(str(refusal))
    return _to_confirm(visit, picked)


def _rows(visit: Visit) -> list[Picked]:
    number, mode = visit.field("offer"), visit.field("mode") or WHOLESALE
    found = visit.site.offers[number]
    picked = [Picked(number, name, int(quantity), mode, None) for name, quantity in visit.sent["rows"] if int(quantity) > 0]
    if not picked:
        raise Refusal("请选择货品规格和数量")
    if not found.online:
        raise Refusal("该商品已下架")
    if mode == WHOLESALE and sum(one.quantity for one in picked) < found.minimum:
        raise Refusal(f"{found.minimum}件起批，请修改数量")
    for one in picked:
        if one.quantity > found.skus[one.sku].stock:
            raise Refusal("库存不足")
    return picked


def _to_confirm(visit: Visit, picked: list[Picked]) -> Response:
    key = secrets.token_hex(8)
    visit.site.checkouts[key] = Checkout(key, picked)
    visit.session.reference, visit.session.checkout = "", key
    return answer(to=visit.address("order", f"{CONFIRM}?receiptId={key}&flow={picked[0].mode}&key={key}"))


async def cart(visit: Visit) -> Response:
    stray = visit.fires("foreign_goods")
    if stray:
        _stray_goods(visit, str(stray.value or ""))
    return visit.page("cart", "阿里巴巴采购车")


def _stray_goods(visit: Visit, offer: str) -> None:
    """Somebody else at this account puts goods into the cart, ticked, while the agent looks elsewhere."""
    found = visit.site.offers[offer or next(iter(visit.site.offers))]
    visit.site.put_into_cart(found.number, next(iter(found.skus)), max(1, found.minimum))


async def cart_data(visit: Visit) -> Response:
    sellers: dict[str, list[dict[str, Any]]] = {}
    for item in reversed(visit.site.cart):
        sellers.setdefault(visit.site.offers[item.offer].seller, []).append(_cart_row(visit, item))
    return answer(groups=[{"seller": seller, "items": items} for seller, items in sellers.items()])


def _cart_row(visit: Visit, item: CartItem) -> dict[str, Any]:
    found = visit.site.offers[item.offer]
    sku = found.skus[item.sku]
    return {
        "key": item.key,
        "offer": item.offer,
        "title": found.title,
        "sku": item.sku,
        "mode": item.mode,
        "price": sku.costs(item.mode),
        "quantity": item.quantity,
        "ticked": item.ticked,
        "stock": sku.stock,
        "gone": not found.online,
    }


async def tick(visit: Visit) -> Response:
    keys = set(visit.sent["keys"])

    def write() -> None:
        for item in visit.site.cart:
            if item.key in keys:
                item.ticked = bool(visit.sent["ticked"])

    return await visit.carry_out(write, lambda _: answer())


async def change_quantity(visit: Visit) -> Response:
    item = next((one for one in visit.site.cart if one.key == visit.sent["item"]), None)
    if item is None:
        return refused("货品已不在采购车中")
    item.quantity = max(1, min(int(visit.sent["quantity"]), visit.site.offers[item.offer].skus[item.sku].stock))
    return answer(quantity=item.quantity)


async def delete(visit: Visit) -> Response:
    keys = set(visit.sent["keys"])

    def write() -> None:
        visit.site.cart = [item for item in visit.site.cart if item.key not in keys]

    return await visit.carry_out(write, lambda _: answer())


async def settle(visit: Visit) -> Response:
    """结算: everything the server has as ticked, whatever the page shows."""
    ticked = [item for item in visit.site.cart if item.ticked]
    picked = [Picked(item.offer, item.sku, item.quantity, item.mode, item.key) for item in ticked]
    sellers = {visit.site.offers[one.offer].seller for one in picked}
    if not picked:
        return refused("请先选择货品")
    if len(sellers) > visit.site.most_sellers:
        return refused(f"一次最多结算{visit.site.most_sellers}个卖家的货品")
    if any(not visit.site.offers[one.offer].online for one in picked):
        return refused("含有失效货品，请删除后再结算")
    return _to_confirm(visit, picked)
