"""The pages around an order: sign-in, the account, the orders' list with its filters, an order, the captcha."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.responses import RedirectResponse, Response

from .orders import STATE_WORDS, MallOrder
from .visit import Visit

PER_PAGE, UNPAID_PER_PAGE = 10, 30  # those to be paid stand on one page, to be ticked together


async def login(visit: Visit) -> Response:
    if visit.session.user:
        return RedirectResponse("/user.php", 302)
    return visit.page("login.html", error="", typed="")


async def act_login(visit: Visit) -> Response:
    typed = visit.field("username")
    if (typed, visit.field("password")) != (visit.mall.user_name, visit.mall.password):
        return visit.page("login.html", error="用户名或密码错误，请重新输入", typed=typed)
    visit.session.user = typed
    return RedirectResponse("/user.php", 302)


async def logout(visit: Visit) -> Response:
    visit.session.user = ""
    return RedirectResponse("/user.php?act=login", 302)


async def account(visit: Visit) -> Response:
    return visit.page("account.html", newest=visit.mall.newest_first()[:3])


async def order_list(visit: Visit) -> Response:
    _filter(visit)
    found = [order for order in visit.mall.newest_first() if _passes(visit, order)]
    session = visit.session
    many = UNPAID_PER_PAGE if session.state_filter == STATE_WORDS["unpaid"] else PER_PAGE
    last = max(1, -(-len(found) // many))
    number = min(max(1, int(visit.field("page") or 1)), last)
    shown = found[(number - 1) * many : number * many]
    return visit.page(
        "order_list.html", orders=shown, count=len(found), number=number, last=last, session=session, states=STATE_WORDS
    )


def _filter(visit: Visit) -> None:
    """What the address says is kept in the session; 全部订单 forgets all of it."""
    asked, session = visit.request.query_params, visit.session
    if "all" in asked:
        session.state_filter = session.number_filter = session.order_filter = ""
    if "outer_sn" in asked:
        session.number_filter = asked["outer_sn"].strip()
    if "order_sn" in asked:
        session.order_filter = asked["order_sn"].strip()
    if "status" in asked:
        session.state_filter = asked["status"]
    stray = visit.fires("stray_filter")
    if stray:
        session.state_filter = str(stray.value or STATE_WORDS["completed"])


def _passes(visit: Visit, order: MallOrder) -> bool:
    session = visit.session
    numbers = session.number_filter in ("", order.reference) and session.order_filter in ("", order.number)
    return numbers and session.state_filter in ("", order.state_word)


async def order_detail(visit: Visit) -> Response:
    found = next((order for order in visit.mall.newest_first() if str(order.key) == visit.field("order_id")), None)
    if found is None:
        return message(visit, "没有找到这个订单")
    return visit.page("order_detail.html", order=found)


def message(visit: Visit, words: str, *, status: int = 200) -> Response:
    """The mall's page for whatever it has to say."""
    return visit.page("message.html", words=words, status=status)


def captcha(visit: Visit, goes_on: Callable[[], Awaitable[Response]], *, sms: bool = False) -> Response:
    """A page that asks for a code (`sms`: of a text message); what was asked for goes on once a person has solved it."""
    visit.session.waiting = goes_on
    return visit.page("captcha.html", error="", sms=sms)


async def captcha_answered(visit: Visit) -> Response:
    sms = bool(visit.field("sms"))
    if visit.field("code") != (visit.mall.message_code if sms else visit.mall.captcha_code):
        return visit.page("captcha.html", error="验证码错误", sms=sms)
    waiting, visit.session.waiting = visit.session.waiting, None
    visit.session.captcha_solved = True
    return await waiting() if waiting else RedirectResponse("/user.php", 302)


async def product(visit: Visit) -> Response:
    """The page of one product, as anybody who is signed in sees it."""
    found = visit.mall.products.get(visit.field("id"))
    return visit.page("product.html", product=found) if found else message(visit, "没有找到该商品")
