"""What was bought: the list, which shows neither a receiver nor the words to the seller, and an order's own page, which does."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from starlette.responses import Response

from .goods import Refusal
from .orders import REFUND_WORDS, STATE_WORDS, Order
from .payments import METHODS
from .visit import Visit, answer, refused

PER_PAGE, UNPAID_PER_PAGE = 10, 30  # those to be paid stand on one page, to be ticked together
# The tabs above the list, and the states behind each.
TABS = {
    "": "所有订单",
    "unpaid": "待付款",
    "placed partly_shipped": "待发货",
    "shipped picked_up": "待收货",
    "completed": "交易成功",
    "closed": "交易关闭",
}
DAYS = {"": 0, "最近一周": 7, "最近一个月": 30, "最近三个月": 90}


async def order_list(visit: Visit) -> Response:
    stray = visit.fires("stray_filter")
    if stray:
        visit.session.status_filter = next(states for states, words in TABS.items() if words == str(stray.value or "交易成功"))
    return visit.page("order_list", "已买到的货品 - 1688")


async def list_data(visit: Visit) -> Response:
    """A page of the list. The tab is kept by the session; 所有订单 is the empty one."""
    asked = visit.request.query_params
    if "tab" in asked:
        visit.session.status_filter = asked["tab"]
    found = [order for order in visit.site.newest_first() if _passes(visit, order)]
    many = UNPAID_PER_PAGE if visit.session.status_filter == "unpaid" else PER_PAGE
    last = max(1, -(-len(found) // many))
    number = min(max(1, int(visit.field("page") or 1)), last)
    shown = found[(number - 1) * many : number * many]
    tabs = [{"states": states, "words": words} for states, words in TABS.items()]
    rows = [_row(order) for order in shown]
    return answer(orders=rows, count=len(found), page=number, last=last, tabs=tabs, tab=visit.session.status_filter)


def _passes(visit: Visit, order: Order) -> bool:
    days, words = DAYS.get(visit.field("time"), 0), visit.field("keyword")
    young = not days or order.placed_at >= visit.site.clock() - timedelta(days=days)
    said = not words or words == order.number or any(words in line.title for line in order.group.lines)
    return young and said and order.state in (visit.session.status_filter.split() or STATE_WORDS)


def _row(order: Order) -> dict[str, Any]:
    group = order.group
    return {
        "number": order.number,
        "ordered_at": _time(order.placed_at),
        "state": order.state_word,
        "seller": group.seller,
        "total": order.total,
        "freight": group.freight,
        "lines": [_line(order, at) for at in range(len(group.lines))],
        "unpaid": order.state == "unpaid",
    }


def _line(order: Order, at: int) -> dict[str, Any]:
    line = order.group.lines[at]
    return {**asdict(line), "amount": line.amount, "refund": REFUND_WORDS.get(order.refund, "")}


async def detail(visit: Visit) -> Response:
    later = visit.market.faults.for_page("cancel", visit.order_at("cancel"))
    return visit.page("order_detail", "订单详情 - 1688", number=visit.field("orderId"), tricks=later)


async def detail_data(visit: Visit) -> Response:
    order = next((one for one in visit.site.newest_first() if one.number == visit.field("orderId")), None)
    if order is None:
        return refused("订单不存在或无权查看")
    receiver = order.receiver
    own = {
        "goods_total": order.group.goods_total,
        "adjustment": order.group.adjustment,
        "state": STATE_WORDS[order.state],
        "refund": REFUND_WORDS.get(order.refund, ""),
        "paid_at": _time(order.paid_at),
        "message": order.message,
        "name": receiver.name,
        "phone": receiver.phone,
        "place": receiver.place,
        "parcels": [_parcel(order, at) for at in range(len(order.parcels))],
        "cancellable": order.state in ("unpaid", "placed") and not order.parcels and order.refund != "open",
    }
    return answer(order=_row(order) | own | _money(visit, order))


def _money(visit: Visit, order: Order) -> dict[str, Any]:
    payments = visit.site.payments
    paid = [
        {"id": one.key, "method": METHODS[one.method], "amount": one.amounts[order.number], "at": _time(one.at)}
        for one in payments.of(order.number)
    ]
    return {"paid": payments.paid(order.number), "refunded": payments.refunded(order.number), "payments": paid}


async def cancel(visit: Visit) -> Response:
    """取消订单, after the page asked: unpaid it closes, paid it is asked for the money back, shipped it is refused."""
    number = visit.field("orderId")
    if visit.site.find(number) is None:
        return refused("订单不存在或无权查看")

    def done(order: Order | None) -> Response:
        return answer(message="退款申请已提交" if order and order.refund else "订单取消成功")

    try:
        return await visit.carry_out(lambda: visit.site.payments.cancel(number, "page"), done)
    except Refusal as refusal:
        return refused(str(refusal))


def _parcel(order: Order, at: int) -> dict[str, Any]:
    parcel = order.parcels[at]
    return {
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "sent_at": _time(parcel.sent_at),
        "trace": "已揽收" if parcel.picked_up else "待揽收",
        "goods": [_line(order, line) for line in parcel.lines],
    }


def _time(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S") if at else ""
