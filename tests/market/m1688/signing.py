"""Signing in, and the slider: pages of every host, and of the login host with the form in a frame of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.responses import JSONResponse, RedirectResponse, Response

from .visit import MESSAGE_CODE, PUNISH, SIGN_IN, Visit, answer, refused

HOME = "/app/buyer-home.htm"


async def page(visit: Visit) -> Response:
    """Nobody who is signed in sees it."""
    if visit.session.user:
        return RedirectResponse(_home(visit), 302)
    return visit.page("login", "1688登录", template="login.html", done=visit.field("Done") or _home(visit))


async def frame(visit: Visit) -> Response:
    return visit.page("mini_login", "登录", template="mini_login.html", done=visit.field("Done") or _home(visit))


async def log_in(visit: Visit) -> Response:
    typed = visit.field("loginId")
    if (typed, visit.field("password")) != (visit.site.user_name, visit.site.password):
        return JSONResponse({"ret": "FAIL_BIZ", "message": "账号名或登录密码不正确"})
    visit.session.user = typed
    return answer(to=visit.field("Done") or _home(visit))


async def log_out(visit: Visit) -> Response:
    visit.session.user = ""
    return RedirectResponse(SIGN_IN, 302)


async def home(visit: Visit) -> Response:
    return visit.page("home", "买家工作台 - 阿里巴巴")


def _home(visit: Visit) -> str:
    return visit.address("air", HOME)


def slider(visit: Visit, goes_on: Callable[[], Awaitable[Response]] | None = None) -> Response:
    """The slider instead of what was asked for. A write goes on once it is solved; a page is asked for anew."""
    return _asked(visit, PUNISH, goes_on)


def message_code(visit: Visit, goes_on: Callable[[], Awaitable[Response]] | None = None) -> Response:
    """The same with a code that was sent to the account's telephone."""
    return _asked(visit, MESSAGE_CODE, goes_on)


def _asked(visit: Visit, path: str, goes_on: Callable[[], Awaitable[Response]] | None) -> Response:
    visit.session.waiting = goes_on
    if visit.is_script:
        return JSONResponse({"ret": "FAIL_SYS_USER_VALIDATE", "to": path + "?x5step=2"})
    back = f"{visit.request.url.path}?{visit.request.url.query}"
    return RedirectResponse(f"{path}?x5step=1&url={quote(back, safe='')}", 302)


async def punish(visit: Visit) -> Response:
    return visit.page("punish", "验证码拦截", template="punish.html", back=visit.field("url"))


async def slid(visit: Visit) -> Response:
    """The slider was drawn to its end."""
    waiting, visit.session.waiting = visit.session.waiting, None
    visit.session.captcha_solved = True
    return await waiting() if waiting else answer(to=visit.field("url") or _home(visit))


async def message_page(visit: Visit) -> Response:
    return visit.page("sms", "安全验证", template="sms.html", back=visit.field("url"))


async def typed(visit: Visit) -> Response:
    """The code of the text message was typed."""
    if visit.field("code") != visit.site.message_code:
        return refused("验证码错误，请重新输入")
    return await slid(visit)
