"""The cashier: what is to be paid to whom, the write, the code for a telephone, and the cashier's own word about it afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from starlette.responses import RedirectResponse, Response

from . import signing
from .credit import sheet
from .goods import Refusal
from .orders import Order
from .payments import CODE_WORDS, METHODS, SCANNED, Code
from .picture import svg
from .visit import Visit, answer, refused

PATH = "/app/ctf-page/payment-cashier-pc-air/"
CASHIER, BATCH_CASHIER = PATH + "cashier.html", PATH + "batch-cashier.html"
CODE, SUCCESS = PATH + "qrcode.html", PATH + "success.html"
STATE, POLL, PICTURE = "/cashier/state", "/pay/state", "/pay/picture.svg"
BILL, EXPORT = "/app/ctf-page/credit-bill/index.html", "/bill/export.xlsx"
FALSE_REFUSAL = "系统繁忙，请稍后再试"
BILLS_PER_PAGE = 10


def address(visit: Visit, numbers: Sequence[str]) -> str:
    """Where just made orders are paid."""
    if len(numbers) == 1:
        asked = f"alipayAction=single_trade_payment&fromType=make_order&orderId={numbers[0]}&userType=buyer&tradeType=50060"
        return visit.address("air", f"{CASHIER}?{asked}")
    return visit.address("air", f"{BATCH_CASHIER}?fromType=make_order&cashierOrderNo={','.join(numbers)}")


async def page(visit: Visit) -> Response:
    numbers = [number for number in visit.numbers if number]
    later = visit.market.faults.for_page("pay", visit.order_at("pay"))
    made = visit.field("fromType") == "make_order"
    if not visit.session.captcha_solved and visit.fires("sms_before"):
        return signing.message_code(visit)
    return visit.page("cashier", "支付宝收银台 - 1688", numbers=numbers, made=made, tricks=later)


async def data(visit: Visit) -> Response:
    """Shown for numbers that are not in the books (yet), too: the page trusts its address."""
    numbers = visit.numbers
    extra = visit.fires("extra_payment")
    if extra:
        numbers += _stranger(visit, str(extra.value or ""))
    _change(visit)
    payments = visit.site.payments
    try:
        owed, words = payments.owed(numbers), ""
    except Refusal as refusal:
        owed, words = {}, str(refusal)
    return answer(
        rows=[_row(visit, number) for number in numbers],
        total=sum(owed.values()),
        payee=_payee(visit, numbers),
        methods=_methods(visit),
        refused=words,
    )


def _stranger(visit: Visit, number: str) -> list[str]:
    """One more order among those to be paid: the one that is named, else any unpaid one."""
    unpaid = [order.number for order in visit.site.orders if order.state == "unpaid" and order.number not in visit.numbers]
    return [number] if number else unpaid[:1]


def _row(visit: Visit, number: str) -> dict[str, Any]:
    order = visit.site.find(number)
    return {"number": number, "seller": order.group.seller if order else "", "total": order.total if order else 0}


def _payee(visit: Visit, numbers: Sequence[str]) -> str:
    changed = visit.fires("payee_changes")
    return str(changed.value) if changed else visit.site.payments.payee(numbers)


def _methods(visit: Visit) -> list[dict[str, str]]:
    payments = visit.site.payments
    hints = {"alipay": "打开支付宝扫一扫", "wechat": "打开微信扫一扫", "auto_debit": "已开通，无需输入密码"}
    hints["balance"] = f"可用余额 {_yuan(payments.balance or 0)} 元"
    hints["credit"] = payments.credit.words or f"可用额度 {_yuan(payments.credit.left)} 元"
    return [{"key": method, "words": METHODS[method], "hint": hints[method]} for method in payments.offered()]


def _yuan(fen: int) -> str:
    return f"{fen / 100:,.2f}"


def _change(visit: Visit) -> None:
    """What sellers do while somebody is at the cashier: 改价, by so much; another freight."""
    orders = [order for order in map(visit.site.find, visit.numbers) if order and order.state == "unpaid"]
    if not orders:
        return
    order = _meant(visit, orders)
    repriced = visit.fires("repriced")
    if repriced:
        visit.site.payments.reprice(order.number, int(float(repriced.value or 100)))
    freight = visit.fires("freight_changes")
    if freight:
        order.group = replace(order.group, freight=int(float(freight.value or 0)))


def _meant(visit: Visit, orders: Sequence[Order]) -> Order:
    """Of several orders the one that the fault names."""
    named = [order for order in orders if visit.order == order.number or visit.order in order.message]
    return (named or list(orders))[0]


# the write


async def pay(visit: Visit) -> Response:
    """立即付款. It brings up a code, or takes the money at once."""
    if not visit.session.captcha_solved:
        if visit.fires("captcha_after"):
            return signing.slider(visit, lambda: _pay(visit))
        if visit.fires("sms_after"):
            return signing.message_code(visit, lambda: _pay(visit))
    return await _pay(visit)


async def _pay(visit: Visit) -> Response:
    payments, method = visit.site.payments, visit.field("method")
    _change(visit)
    try:
        amounts = payments.owed(visit.numbers)
        first = next(iter(amounts), "")
        if not first:
            return refused("请选择要付款的订单")
        amounts[first] += int(visit.sent.get("extra") or 0)
        payments.check(sum(amounts.values()), method)
    except Refusal as refusal:
        return refused(str(refusal))
    dearer = _meant(visit, [visit.site.order(number) for number in amounts])
    other = visit.fires("code_amount")
    if other:
        amounts[dearer.number] += int(float(other.value or 0)) - sum(amounts.values())
    write, shown = _write(visit, amounts, method)
    lie = visit.market.faults.stands("write_done_error_shown", visit.point, visit.order)
    denial = str(lie.value) if lie and lie.value else FALSE_REFUSAL
    try:
        return await visit.carry_out(write, lambda _: answer(to=shown), lambda: refused(denial))
    except Refusal as refusal:
        return refused(str(refusal))


def _write(visit: Visit, amounts: dict[str, int], method: str) -> tuple[Callable[[], Any], str]:
    """What pays, and where the page goes then. Written twice, it is another payment with a number of its own."""
    payments = visit.site.payments
    payee = _payee(visit, list(amounts))
    keys = [payments.next_key()]
    shown = f"{CODE}?paymentId={keys[0]}&orderId={','.join(amounts)}"
    if method not in SCANNED:
        shown = f"{SUCCESS}?paymentId={keys[0]}&orderId={','.join(amounts)}&amount={sum(amounts.values())}"
    make = payments.open_code if method in SCANNED else payments.charge
    return lambda: make(keys.pop() if keys else payments.next_key(), amounts, method, payee), visit.address("air", shown)


async def success(visit: Visit) -> Response:
    """It trusts its address."""
    payment, amount = visit.field("paymentId"), visit.field("amount")
    return visit.page("success", "付款成功 - 1688", numbers=visit.numbers, paymentId=payment, amount=amount)


# the code and its state


async def code(visit: Visit) -> Response:
    return visit.page("code", "扫码支付 - 1688", payment=visit.field("paymentId"))


async def code_data(visit: Visit) -> Response:
    found = visit.site.payments.codes.get(visit.field("paymentId"))
    return answer(code=_shown(visit, found) if found else None)


def _shown(visit: Visit, found: Code) -> dict[str, Any]:
    changed = visit.fires("payee_changes")
    return {
        "payment": found.key,
        "numbers": list(found.amounts),
        "total": found.amount,
        "payee": str(changed.value) if changed else found.payee,
        "method": found.method,
        "expires_at": found.expires_at.strftime("%Y-%m-%d %H:%M:%S"),
        "state": CODE_WORDS[visit.site.payments.state_of(found)],
    }


async def picture(visit: Visit) -> Response:
    return Response(svg(visit.field("paymentId")), media_type="image/svg+xml")


async def poll(visit: Visit) -> Response:
    """Asked by the page of a code every few seconds."""
    found = visit.site.payments.codes.get(visit.field("paymentId"))
    return answer(state=CODE_WORDS[visit.site.payments.state_of(found)], shown=found is not None)


async def state(visit: Visit) -> Response:
    """The cashier's own word about the newest code of an order, by address."""
    return visit.page("pay_state", "付款状态 - 1688", number=visit.field("orderId"))


async def state_data(visit: Visit) -> Response:
    if visit.site.find(visit.field("orderId")) is None:
        return refused("订单不存在或无权查看")
    found = visit.site.payments.newest_code(visit.field("orderId"))
    word = CODE_WORDS[visit.site.payments.state_of(found)]
    return answer(state=word, code=_shown(visit, found) if found else None)


# 诚e赊


async def bill(visit: Visit) -> Response:
    """待还款 unless 全部账单 is asked for."""
    return visit.page("bill", "诚e赊账单 - 1688", tab=visit.field("tab") or "owed")


async def bill_data(visit: Visit) -> Response:
    credit = visit.site.payments.credit
    bills = [one for one in credit.newest_first() if visit.field("tab") == "all" or not one.repaid]
    last = max(1, -(-len(bills) // BILLS_PER_PAGE))
    number = min(max(1, int(visit.field("page") or 1)), last)
    shown = bills[(number - 1) * BILLS_PER_PAGE : number * BILLS_PER_PAGE]
    rows = [
        {"number": one.number, "amount": one.amount, "made_on": str(one.made_on), "due_on": str(one.due_on), "state": one.state}
        for one in shown
    ]
    own = {"limit": credit.limit, "used": credit.used, "left": credit.left, "words": credit.words}
    return answer(bills=rows, count=len(bills), page=number, last=last, **own)


async def export(visit: Visit) -> Response:
    if not visit.site.payments.credit.opened:
        return RedirectResponse(BILL, 302)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Response(
        sheet(visit.site.payments.credit), media_type=kind, headers={"content-disposition": 'attachment; filename="bill.xlsx"'}
    )
