"""The shop's server: page shells, the JSON behind them, sign-in and its expiry. What is shown is decided here, drawn in static/.

Points for faults: login, pick, list, detail, reveal, note, ship_page, ship (in each of its forms), change.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from tests.market.doudian.carriers import CARRIERS
from tests.market.doudian.orders import TO_SHIP, Refused, ShopOrder
from tests.market.doudian.show import counts, list_entry, whole_order
from tests.market.doudian.state import FLAGS, LONGEST_REMARK, Session, ShopState
from tests.market.faults import carry_out, fields_of, hindrance

if TYPE_CHECKING:
    from tests.market.core import Market

__all__ = ["ShopState", "app"]

HERE = Path(__file__).parent
COOKIE = "sessionid"
LOGIN = "/login/common"
HOME = "/ffa/mshop/homepage/index"
SIGNED_OUT = {"code": 10008, "message": "登录已过期，请重新登录"}

Handler = Callable[["Market", Request, Session, dict[str, str]], Awaitable[Response]]


def app(market: Market) -> Starlette:
    """All addresses of the shop."""
    templates = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True)
    shell = functools.partial(_shell, market, templates)
    pages = {
        HOME: "home",
        "/ffa/morder/order/list": "list",
        "/ffa/morder/order/detail": "detail",
        "/ffa/morder/logistics/delivery": "ship",
        "/ffa/morder/logistics/pack": "pack",
    }
    calls: dict[str, tuple[str, str, Handler]] = {
        "/api/shop/info": ("GET", "", _info),
        "/api/shop/pick": ("POST", "pick", _pick),
        "/api/order/searchlist": ("GET", "list", _search),
        "/api/order/tabcnt": ("GET", "", _counts),
        "/api/order/detail": ("GET", "detail", _detail),
        "/api/order/receiveinfo": ("GET", "reveal", _reveal),
        "/api/order/addremark": ("POST", "note", _note),
        "/api/order/shipinfo": ("GET", "ship_page", _ship_page),
        "/api/order/logisticsadd": ("POST", "ship", _ship),
        "/api/order/packinfo": ("GET", "ship_page", _pack_page),
        "/api/order/packadd": ("POST", "ship", _pack),
        "/api/order/logisticsedit": ("POST", "change", _change),
    }
    return Starlette(
        routes=[
            Route("/", lambda _: RedirectResponse(HOME)),
            Route(LOGIN, functools.partial(_login_page, market, templates)),
            Route("/passport/web/email/login", functools.partial(_sign_in, market), methods=["POST"]),
            Route("/passport/web/logout", functools.partial(_sign_out, market), methods=["POST"]),
            *(Route(path, functools.partial(shell, name)) for path, name in pages.items()),
            *(Route(path, _guarded(market, point, call), methods=[method]) for path, (method, point, call) in calls.items()),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ]
    )


# pages


async def _shell(market: Market, templates: Environment, name: str, request: Request) -> Response:
    session = _session(market, request)
    if session is None or not session.shop:
        return RedirectResponse(LOGIN, 302)
    return _page(market, templates, name)


async def _login_page(market: Market, templates: Environment, request: Request) -> Response:
    hindered = await hindrance(market.faults, "login")
    session = _session(market, request)
    if hindered or (session and session.shop):
        return hindered or RedirectResponse(HOME, 302)
    return _page(market, templates, "login", faults=market.faults.for_page("login"))


def _page(market: Market, templates: Environment, name: str, **known: Any) -> Response:
    titles = {"login": "登录", "home": "首页", "list": "订单管理", "detail": "订单详情", "ship": "订单发货", "pack": "订单发货"}
    told = {"seed": market.seed, "flags": FLAGS, "carriers": CARRIERS, "faults": {}, **known}
    return HTMLResponse(templates.get_template("page.html").render(name=name, title=titles[name], told=told))


# sign-in


def _session(market: Market, request: Request) -> Session | None:
    return market.shop.sessions.get(request.cookies.get(COOKIE, ""))


async def _sign_in(market: Market, request: Request) -> Response:
    told = await fields_of(request)
    try:
        key = market.shop.sign(told.get("email", ""), told.get("password", ""))
    except Refused as no:
        return JSONResponse({"code": 1009, "message": str(no)})
    session = market.shop.sessions[key]
    reply = JSONResponse({"code": 0, "shops": [] if session.shop else market.shop.shops})
    reply.set_cookie(COOKIE, key, httponly=True, max_age=7 * 24 * 3600)
    return reply


async def _sign_out(market: Market, request: Request) -> Response:
    market.shop.sessions.pop(request.cookies.get(COOKIE, ""), None)
    return JSONResponse({"code": 0})


def _guarded(market: Market, point: str, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """A call that needs a session; a refusal becomes the page's toast."""

    async def call(request: Request) -> Response:
        told = {**request.query_params, **(await fields_of(request) if request.method == "POST" else {})}
        number = told.get("order_id", "")
        request.scope["market.record"].order = number
        if point and market.faults.fires("session_expires", point, number):
            market.shop.sessions.pop(request.cookies.get(COOKIE, ""), None)
        session = _session(market, request)
        if session is None:
            return JSONResponse(SIGNED_OUT)
        if point and market.faults.fires("captcha_after", point, number):
            return JSONResponse({"code": 1105, "message": "安全验证"})
        writes = point in ("note", "ship", "change")
        hindered = None if writes or not point else await hindrance(market.faults, point, number)
        try:
            return hindered or await handler(market, request, session, told)
        except Refused as no:
            return JSONResponse({"code": 4001, "message": str(no)})

    return call


async def _info(market: Market, request: Request, session: Session, told: dict[str, str]) -> Response:
    """Who is signed in, and which popup is due on this page: each once a session."""
    page = told.get("page", "")
    notice = page == "list" and session.notice_due
    guide = page == "detail" and session.guide_due
    session.notice_due, session.guide_due = session.notice_due and not notice, session.guide_due and not guide
    return JSONResponse({"code": 0, "shop": session.shop, "notice": notice, "guide": guide})


async def _pick(market: Market, request: Request, session: Session, told: dict[str, str]) -> Response:
    if told.get("shop") not in market.shop.shops:
        raise Refused("店铺不存在")
    session.shop = told["shop"]
    return JSONResponse({"code": 0})


# orders


def _order(market: Market, session: Session, told: dict[str, str]) -> ShopOrder:
    order = market.shop.orders.get(told.get("order_id", ""))
    if order is None or order.shop != session.shop:
        raise Refused("订单不存在")
    return order


async def _search(market: Market, request: Request, session: Session, told: dict[str, str]) -> Response:
    stray = market.faults.fires("stray_filter", "list", told.get("order_id", ""))
    if stray:
        session.tab_kept = str(stray.value or "已关闭")
    if told.get("tab", "kept") != "kept":  # a tab was clicked: that ends what the session kept
        session.tab_kept = ""
    tab = {"kept": session.tab_kept, "all": ""}.get(told.get("tab", "kept"), told.get("tab", ""))
    found = market.shop.found(session.shop, tab, told.get("order_id", ""))
    page, size = int(told.get("page", 0)), 20
    rows = [list_entry(order) for order in found[page * size : (page + 1) * size]]
    faults = market.faults.for_page("list")
    return JSONResponse(
        {"code": 0, "data": rows, "page": page, "size": size, "total": len(found), "tab": tab, "faults": faults}
    )


async def _counts(market: Market, request: Request, session: Session, told: dict[str, str]) -> Response:
    return JSONResponse({"code": 0, "data": counts(market.shop, session.shop)})


async def _detail(market: Market, request: Request, session: Session, told: dict[str, str]) -> Response:
    order = _order(market, session, told)
    faults = {
        kind: value
        for point in ("detail", "note", "change")
        for kind, value in market.faults.for_page(point, order.number).items()
    }
    return JSONResponse({"code": 0, "data": whole_order(order), "faults": faults})


async def _reveal(market: Market, request: Request, session: Session, told: dict[str, str]) -> Response:
    order = _order(market, session, told)
    market.shop.count_reveal(order)
    return JSONResponse({"code": 0, "data": {"receiver": order.receiver.shown(masked=False)}})


async def _ship_page(market: Market, request: Request, session: Session, told: dict[str, str]) -> Response:
    order = _order(market, session, told)
    if order.state not in TO_SHIP:
        raise Refused("订单状态已变更，请刷新后重试")
    return JSONResponse({"code": 0, "data": whole_order(order), "faults": market.faults.for_page("ship", order.number)})


# writes


async def _note(market: Market, request: Request, session: Session, told: dict[str, str]) -> Response:
    order = _order(market, session, told)
    if len(told["remark"]) > LONGEST_REMARK or told["flag"] not in FLAGS:
        raise Refused(f"备注不能超过{LONGEST_REMARK}字")
    kept = market.faults.cut({"flag": told["flag"], "remark": told["remark"]}, "note", order.number)
    return await carry_out(
        market.faults,
        "note",
        order.number,
        write=lambda: market.shop.write_note(order, kept["flag"] or "灰", kept["remark"]),
        done=lambda _: JSONResponse({"code": 0}),
        failed=_busy,
    )


async def _ship(market: Market, request: Request, session: Session, told: dict[str, str]) -> Response:
    order = _order(market, session, told)
    carrier, number, lines = told["carrier"], told["tracking_number"], [one for one in told["lines"].split(",") if one]
    market.shop.check_ship(order, carrier, number, lines)
    kept = market.faults.cut({"carrier": carrier, "tracking_number": number}, "ship", order.number)
    return await carry_out(
        market.faults,
        "ship",
        order.number,
        write=lambda: market.shop.write_parcel(order, kept["carrier"], kept["tracking_number"], lines),
        done=lambda _: JSONResponse({"code": 0}),
        failed=_busy,
    )


async def _pack_page(market: Market, request: Request, session: Session, told: dict[str, str]) -> Response:
    order = _order(market, session, told)
    if order.state not in TO_SHIP:
        raise Refused("订单状态已变更，请刷新后重试")
    orders = market.shop.mergeable(order) if told.get("merge") else [order]
    faults = market.faults.for_page("ship", order.number)
    return JSONResponse({"code": 0, "data": [whole_order(one) for one in orders], "faults": faults})


async def _pack(market: Market, request: Request, session: Session, told: dict[str, str]) -> Response:
    """`lines`: order:line:pieces behind one another, with commas between."""
    order = _order(market, session, told)
    pack: dict[str, dict[str, int]] = {}
    for one in filter(None, told["lines"].split(",")):
        number, line, pieces = one.split(":")
        pack.setdefault(_order(market, session, {"order_id": number}).number, {})[line] = int(pieces)
    if not pack:
        raise Refused("请选择包裹商品")
    market.shop.check_pack(pack, told["carrier"], told["tracking_number"])
    kept = market.faults.cut({"carrier": told["carrier"], "tracking_number": told["tracking_number"]}, "ship", order.number)
    return await carry_out(
        market.faults,
        "ship",
        order.number,
        write=lambda: market.shop.write_pack(pack, kept["carrier"], kept["tracking_number"]),
        done=lambda _: JSONResponse({"code": 0}),
        failed=_busy,
    )


async def _change(market: Market, request: Request, session: Session, told: dict[str, str]) -> Response:
    order, ordinal = _order(market, session, told), int(told["parcel"])
    market.shop.check_change(order, ordinal, told["carrier"], told["tracking_number"])
    kept = market.faults.cut({"carrier": told["carrier"], "tracking_number": told["tracking_number"]}, "change", order.number)
    return await carry_out(
        market.faults,
        "change",
        order.number,
        write=lambda: market.shop.write_change(order, ordinal, kept["carrier"], kept["tracking_number"]),
        done=lambda _: JSONResponse({"code": 0}),
        failed=_busy,
    )


def _busy() -> Response:
    return JSONResponse({"code": 5000, "message": "系统繁忙，请稍后再试"})
