"""Paying orders from the prepaid balance, its statement, and taking an order back: the pages, and the writes with all that can go wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import Response

from . import pages
from .orders import MallOrder, Refusal
from .visit import Visit

FALSE_REFUSAL = "系统繁忙，付款失败，请稍后再试"
LINES_PER_PAGE = 10


async def checkout(visit: Visit) -> Response:
    """The pay page of one order, or of those ticked in the list."""
    numbers = list(dict.fromkeys(visit.numbers))
    if not visit.session.captcha_solved and visit.fires("sms_before"):
        return pages.captcha(visit, lambda: checkout(visit), sms=True)
    extra = visit.fires("extra_payment")
    if extra:
        numbers += _stranger(visit, numbers, str(extra.value or ""))
    _change(visit, numbers)
    try:
        owed = visit.mall.balance.owed(numbers)
    except Refusal as refusal:
        return pages.message(visit, str(refusal))
    later = visit.market.faults.for_page("pay_done", visit.paid_at("pay_done"))
    return visit.page(
        "pay.html", owed=owed, total=sum(owed.values()), payee=_payee(visit), again=_rerendered(visit), pranks=later
    )


def _stranger(visit: Visit, numbers: list[str], number: str) -> list[str]:
    """One more order among those to be paid: the one that is named, else any unpaid one."""
    unpaid = [order.number for order in visit.mall.orders if order.state == "unpaid" and order.number not in numbers]
    return [number] if number else unpaid[:1]


def _rerendered(visit: Visit) -> int | None:
    """What the page shows as its sum from the moment the button is pressed, and sends as 付款保障 on top."""
    wanted = visit.fires("rerender_total")
    return int(float(wanted.value or 9_900)) if wanted else None


def _payee(visit: Visit) -> str:
    changed = visit.fires("payee_changes")
    return str(changed.value) if changed else visit.mall.balance.payee


def _change(visit: Visit, numbers: list[str]) -> None:
    """What the supplier does while somebody is paying: 改价, by so much; another freight."""
    orders = [order for order in visit.mall.orders if order.number in numbers and order.state == "unpaid"]
    named = [order for order in orders if visit.reference in (order.reference, order.number)]
    for order in (named or orders)[:1]:
        repriced = visit.fires("repriced")
        if repriced:
            visit.mall.balance.reprice(order.number, int(float(repriced.value or 100)))
        freight = visit.fires("freight_changes")
        if freight:
            order.quote = replace(order.quote, freight=int(float(freight.value or 0)))


async def pay(visit: Visit) -> Response:
    """确认支付."""
    if not visit.session.captcha_solved:
        for kind in ("captcha_after", "sms_after"):
            if visit.fires(kind):
                return pages.captcha(visit, lambda: _pay(visit), sms=kind == "sms_after")
    return await _pay(visit)


async def _pay(visit: Visit) -> Response:
    numbers = list(dict.fromkeys(visit.numbers))
    _change(visit, numbers)
    try:
        amounts = _amounts(visit, numbers)
    except Refusal as refusal:
        return pages.message(visit, str(refusal))
    payee, keys = _payee(visit), [visit.mall.balance.next_key()]
    shown = keys[0]
    lie = visit.market.faults.stands("write_done_error_shown", visit.point, visit.reference)
    denial = str(lie.value) if lie and lie.value else FALSE_REFUSAL

    def done(_: Any) -> Response:
        return visit.page("paid.html", key=shown, numbers=numbers, total=sum(amounts.values()))

    try:
        return await visit.carry_out(
            lambda: visit.mall.balance.take(amounts, "page", keys.pop() if keys else "", payee),
            done,
            lambda: pages.message(visit, denial),
        )
    except Refusal as refusal:
        return pages.message(visit, str(refusal))


def _amounts(visit: Visit, numbers: list[str]) -> dict[str, int]:
    """What is taken for each order: what it costs now, paid before or not; only what is gone or sent is refused."""
    found = [order for order in visit.mall.orders if order.number in numbers]
    if not found or any(order.state not in ("unpaid", "placed") or order.parcels for order in found):
        raise Refusal("订单已付款或已取消，无需付款")
    amounts = {order.number: order.total for order in found}
    first = next(iter(amounts))
    wanted, other = visit.field("insured"), visit.fires("code_amount")
    sum_wanted = int(float(other.value or 0)) if other else int(wanted or sum(amounts.values()))
    amounts[first] += sum_wanted - sum(amounts.values())
    return amounts


# the balance and its statement


async def balance(visit: Visit) -> Response:
    return visit.page("balance.html")


async def statement(visit: Visit) -> Response:
    lines = visit.mall.balance.lines[::-1]
    last = max(1, -(-len(lines) // LINES_PER_PAGE))
    number = min(max(1, int(visit.field("page") or 1)), last)
    shown = lines[(number - 1) * LINES_PER_PAGE : number * LINES_PER_PAGE]
    return visit.page("statement.html", lines=shown, count=len(lines), number=number, last=last)


# taking an order back


async def cancel(visit: Visit) -> Response:
    """取消订单, after the browser asked."""
    number = next(iter(visit.numbers), "")
    order = next((one for one in visit.mall.orders if one.number == number), None)
    if order is None:
        return pages.message(visit, "没有找到这个订单")
    paid = bool(visit.mall.balance.paid(number))

    def done(_: MallOrder | None) -> Response:
        words = "退款将退回预存款账户，请在资金明细中查看。" if paid else "如有疑问请联系客服。"
        return visit.page("cancelled.html", number=number, words=words)

    try:
        return await visit.carry_out(
            lambda: visit.mall.balance.cancel(number, "page"), done, lambda: pages.message(visit, "系统繁忙，请稍后再试")
        )
    except Refusal as refusal:
        return pages.message(visit, str(refusal))
