"""The small PHP mall as a web server: which address answers what, and where each fault of the market strikes.

Server-made pages, a session cookie, filters kept in the session. The form of an order is posted to the confirm page, the
confirm page is posted to the result page, and nothing is protected from being sent twice: to reload the result orders again.

A customer pays by the month, or (`settle_prepaid`) from a prepaid balance: 我的订单 → 付款 (one, or those ticked and 合并付款) →
/pay.php?act=checkout&sn=…&sn=… (收款方, table#pay_orders, 预存款余额, 应付总额, 确认支付) → 支付成功. /user.php?act=account_deposit
is the balance, act=account_detail its statement (table#account_log). Either may cancel what was not sent, at the order's page.

Points, for faults: login account list detail product form check regions spec confirm submit; pay pay_done balance statement
cancel. At pay, pay_done and cancel a fault may be bound to any of the orders, by number or reference. Faults of paying:
repriced and freight_changes and payee_changes (pay, pay_done), extra_payment and sms_before (pay), code_amount and
sms_after (pay_done); the pranks of the page at the write (double_click, late_post …) are at point "pay_done".
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from tests.market.faults import CutConnection, Faults, hindrance

from . import ordering, pages, paying
from .state import MallState, Session
from .visit import Visit

__all__ = ["MallState", "app"]

COOKIE = "ECS_ID"


@dataclass(frozen=True)
class Door:
    """One address: the point its faults are bound to, who answers, and whether one must be signed in."""

    point: str
    answer: Callable[[Visit], Awaitable[Response]]
    signed_in: bool = True
    hindered_itself: bool = False  # a write meets its faults around the write, not before it


# By path and `act`, as the mall's addresses are made.
DOORS: Mapping[tuple[str, str], Door] = {
    ("/user.php", "login"): Door("login", pages.login, signed_in=False),
    ("/user.php", "act_login"): Door("login", pages.act_login, signed_in=False),
    ("/user.php", "logout"): Door("account", pages.logout),
    ("/user.php", ""): Door("account", pages.account),
    ("/user.php", "order_list"): Door("list", pages.order_list),
    ("/user.php", "order_detail"): Door("detail", pages.order_detail),
    ("/daifa.php", "new"): Door("form", ordering.form),
    ("/daifa.php", "check_sn"): Door("check", ordering.check_number),
    ("/region.php", ""): Door("regions", ordering.regions),
    ("/goods.php", ""): Door("spec", ordering.specifications),
    ("/goods.php", "show"): Door("product", pages.product),
    ("/daifa.php", "confirm"): Door("confirm", ordering.confirm),
    ("/daifa.php", "done"): Door("submit", ordering.submit, hindered_itself=True),
    ("/pay.php", "checkout"): Door("pay", paying.checkout),
    ("/pay.php", "done"): Door("pay_done", paying.pay, hindered_itself=True),
    ("/user.php", "account_deposit"): Door("balance", paying.balance),
    ("/user.php", "account_detail"): Door("statement", paying.statement),
    ("/user.php", "cancel_order"): Door("cancel", paying.cancel, hindered_itself=True),
    ("/captcha.php", ""): Door("captcha", pages.captcha_answered, signed_in=False),
}


def app(mall: MallState) -> Starlette:
    """A mall as a Starlette application."""

    async def any_page(request: Request) -> Response:
        door = DOORS.get((request.url.path, request.query_params.get("act", "")))
        if door is None:
            return Response("404 Not Found", 404)
        key, session = _session_of(mall, request)
        visit = Visit(mall, request, session, await request.form() if request.method == "POST" else FormData(), door.point)
        if _sent_by_chromium_again(visit):
            return CutConnection()
        response = await _serve(visit, door, key)
        if isinstance(response, CutConnection):
            session.cut = visit.sent.multi_items()
        response.set_cookie(COOKIE, key, httponly=True)
        return response

    async def front(request: Request) -> Response:
        return RedirectResponse("/user.php", 302)

    routes = [Route(path, any_page, methods=["GET", "POST"]) for path in sorted({path for path, _ in DOORS})]
    static = Mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    return Starlette(routes=[Route("/", front), static, *routes])


def _session_of(mall: MallState, request: Request) -> tuple[str, Session]:
    key = request.cookies.get(COOKIE, "")
    return (key, mall.sessions[key]) if key in mall.sessions else mall.open_session()


def _sent_by_chromium_again(visit: Visit) -> bool:
    """Whether the browser, not the page, sends this: Chromium repeats a request, a POST too, whose connection was cut.

    It does so up to a fresh connection, with one click, one request in its log and, after `drop_after`, two orders. So
    that a cut counts once, repeats are cut too and do nothing, unless `mall.takes_repeats`.
    """
    cut, visit.session.cut = visit.session.cut, None
    if cut is None or cut != visit.sent.multi_items() or visit.request.method != "POST" or visit.mall.takes_repeats:
        return False
    visit.session.cut = cut
    visit.mall.repeats.append(visit.request.scope["market.record"])
    return True


async def _serve(visit: Visit, door: Door, key: str) -> Response:
    faults: Faults = visit.market.faults
    visit.request.scope["market.record"].order = visit.reference
    if faults.fires("session_expires", visit.point, visit.reference):
        visit.mall.sessions.pop(key, None)
        return RedirectResponse("/user.php?act=login", 302)
    if door.signed_in and not visit.session.user:
        return RedirectResponse("/user.php?act=login", 302)
    if not door.hindered_itself:
        hindered = await hindrance(faults, visit.point, visit.reference)
        if hindered:
            return hindered
    if not visit.session.captcha_solved and faults.fires("captcha_before", visit.point, visit.reference):
        return pages.captcha(visit, lambda: door.answer(visit))
    return await door.answer(visit)
