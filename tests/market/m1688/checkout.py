"""The confirm page: whom it goes to, what is bought of whom, the words to each seller, and the write with all that can go wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from starlette.responses import RedirectResponse, Response

from . import cashier, ordering, places, signing
from .goods import DROPSHIP, Address, Picked, Refusal
from .orders import Group, Order
from .visit import Visit, answer, refused

# What the page says when the write was done and it claims the contrary, unless the fault has its own words.
FALSE_REFUSAL = "系统繁忙，请稍后再试"


async def page(visit: Visit) -> Response:
    checkout = visit.checkout
    if checkout is None:
        return RedirectResponse(visit.address("cart", "/cart.htm"), 302)
    extra = visit.fires("extra_seller")
    if extra:
        checkout.picked.append(_extra(visit, str(extra.value or "")))
    # the pranks played when the button is pressed, as far as the order is known now; the rest comes with the message
    later = visit.market.faults.for_page("submit", visit.order)
    return visit.page("confirm", "确认订单", key=checkout.key, tricks=later)


def _extra(visit: Visit, offer: str) -> Picked:
    """Goods of one more seller on the page: somebody ticked them in the cart while this page was coming."""
    here = {visit.site.offers[one.offer].seller for one in (visit.checkout.picked if visit.checkout else [])}
    others = [one for one in visit.site.offers.values() if one.seller not in here]
    found = visit.site.offers[offer] if offer else others[0]
    return Picked(found.number, next(iter(found.skus)), found.minimum, DROPSHIP, None)


async def data(visit: Visit) -> Response:
    checkout = visit.checkout
    assert checkout is not None
    _change_price(visit, checkout.picked)
    try:
        groups = ordering.groups(visit.site, checkout.picked, visit.site.receiver)
    except Refusal as refusal:
        return refused(str(refusal))
    return answer(
        groups=[_shown(group, checkout.messages.get(group.seller, "")) for group in groups],
        receiver=_address(visit.site.receiver),
        longest=_longest(visit),
        total=sum(group.total for group in groups),
    )


def _shown(group: Group, message: str) -> dict[str, Any]:
    lines = [{**vars(line), "amount": line.amount} for line in group.lines]
    amounts = {"goods_total": group.goods_total, "freight": group.freight, "total": group.total}
    return {"seller": group.seller, "lines": lines, "message": message, **amounts}


def _address(one: Address) -> dict[str, Any]:
    own = {"key": one.key, "name": one.name, "phone": one.phone, "region": list(one.region)}
    return own | {"detail": one.detail, "place": one.place}


def _longest(visit: Visit) -> int:
    cut = visit.market.faults.stands("reference_cut", "message", visit.order)
    return int(float(cut.value or 8)) if cut else visit.site.longest_message


def _change_price(visit: Visit, picked: list[Picked]) -> None:
    change = visit.fires("price_changes")
    if change:
        visit.site.change_price(picked[0].offer, int(float(change.value)), picked[0].sku)
    gone = visit.fires("stock_gone")
    if gone:
        visit.site.set_stock(picked[0].offer, picked[0].sku, int(float(gone.value or 0)))


# the address book


async def book(visit: Visit) -> Response:
    return answer(book=[_address(one) for one in visit.site.book], chosen=visit.site.receiver.key)


async def regions(visit: Visit) -> Response:
    return answer(below=places.below(tuple(level for level in visit.field("path").split("/") if level)))


async def parse(visit: Visit) -> Response:
    """智能识别 of a pasted address. It likes to garble the detail line, and then always in the same way."""
    name, phone, region, detail = places.parsed(visit.field("text"))
    if visit.fires("garbled_address"):
        detail = _garbled(region, detail)
    return answer(name=name, phone=phone, region=list(region), detail=detail)


def _garbled(region: tuple[str, ...], detail: str) -> str:
    """The town once more in front, and what stands behind the last number lost: 1号2幢301 → 1号2幢."""
    return (region[-1] if region else "") + re.sub(r"\d+\D*$", "", detail)


async def save_address(visit: Visit) -> Response:
    sent = {name: visit.field(name) for name in ("name", "phone", "detail")}
    region = tuple(visit.sent.get("region", ()))
    wrong = _wrong(visit, sent, region)
    if wrong:
        return refused(wrong)
    kept = visit.market.faults.cut(sent, visit.point, visit.order)
    if visit.fires("garbled_address"):
        kept["detail"] = _garbled(region, kept["detail"])
    key = int(visit.sent.get("address") or 0)

    def write() -> Address:
        if key:
            return visit.site.save_address(Address(key, kept["name"], kept["phone"], region, kept["detail"]))
        return visit.site.add_address(kept["name"], kept["phone"], region, kept["detail"])

    return await visit.carry_out(write, lambda one: answer(address=one.key if one else key))


def _wrong(visit: Visit, sent: dict[str, str], region: tuple[str, ...]) -> str:
    if len(sent["name"]) < 2:
        return "收货人姓名至少2个字"
    if not re.fullmatch(visit.site.phone_pattern, sent["phone"]):
        return "请输入正确的手机号码"
    if not places.known(region):
        return "请选择所在地区"
    if not 4 <= len(sent["detail"]) <= 120:
        return "详细地址长度需要在4-120个字之间"
    return ""


async def choose_address(visit: Visit) -> Response:
    visit.site.chosen = int(visit.field("address"))
    return answer()


async def message(visit: Visit) -> Response:
    """Sent with every letter typed; from here on the page knows which order it is about, and what is played with it."""
    checkout = visit.checkout
    assert checkout is not None
    text = visit.field("message")
    checkout.messages[visit.field("seller")] = text
    known = ordering.references(text)
    if not known:
        return answer(tricks={}, longest=_longest(visit))
    visit.session.reference = known[0]
    cut = visit.fires("reference_cut")
    longest = int(float(cut.value or 8)) if cut else visit.site.longest_message
    checkout.messages[visit.field("seller")] = text[:longest]
    return answer(tricks=visit.market.faults.for_page("submit", visit.order), longest=longest)


# the write


async def submit(visit: Visit) -> Response:
    if not visit.session.captcha_solved and visit.fires("captcha_after"):
        return signing.slider(visit, lambda: _order(visit))
    return await _order(visit)


async def _order(visit: Visit) -> Response:
    checkout = visit.checkout
    assert checkout is not None
    _change_price(visit, checkout.picked)
    receiver, picked, messages = _as_kept(visit, checkout.picked)
    try:
        parts = ordering.groups(visit.site, picked, receiver)
        ordering.check(visit.site, picked, receiver)
    except Refusal as refusal:
        return refused(str(refusal))
    numbers = [visit.site.next_number() for _ in parts]
    shown = tuple(numbers)
    lie = visit.market.faults.stands("write_done_error_shown", visit.point, visit.order)
    denial = str(lie.value) if lie and lie.value else FALSE_REFUSAL

    def write() -> list[Order]:
        made = ordering.place(visit.site, picked, receiver, messages, numbers, extra=int(visit.sent.get("insurance") or 0))
        return _split(visit, made)

    try:
        return await visit.carry_out(write, lambda _: answer(to=cashier.address(visit, shown)), lambda: refused(denial))
    except Refusal as refusal:
        return refused(str(refusal))


def _as_kept(visit: Visit, picked: list[Picked]) -> tuple[Address, list[Picked], dict[str, str]]:
    """What the server keeps of it: `partial` drops or cuts the message, a field of the address, a line, a quantity."""
    receiver = visit.site.receiver
    messages = {str(seller): str(text)[: visit.site.longest_message] for seller, text in visit.sent.get("messages", {}).items()}
    first = next(iter(messages), "")
    own = {"note": messages.get(first, ""), "name": receiver.name, "phone": receiver.phone, "address": receiver.detail}
    own |= {"quantity": str(picked[0].quantity), "line": picked[-1].sku}
    kept = visit.market.faults.cut(own, visit.point, visit.order)
    receiver = replace(receiver, name=kept["name"], phone=kept["phone"], detail=kept["address"])
    lines = [replace(picked[0], quantity=int(kept["quantity"] or 1)), *picked[1:]]
    return receiver, lines if kept["line"] else lines[:-1], messages | ({first: kept["note"]} if first else {})


def _split(visit: Visit, made: list[Order]) -> list[Order]:
    """A seller sends from two stores: the last line of the first order becomes an order of its own, with the same message."""
    first = made[0]
    if len(first.group.lines) < 2 or not visit.fires("order_splits"):
        return made
    rest = replace(first.group, lines=first.group.lines[-1:], freight=0, adjustment=0)
    first.group = replace(first.group, lines=first.group.lines[:-1])
    return [*made, visit.site.book_order(rest, first.receiver, first.message, at=first.placed_at, by="page")]
