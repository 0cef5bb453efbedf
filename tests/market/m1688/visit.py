"""One request being answered: who asks, about which order, and how a page's shell is drawn with the pranks its script plays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from tests.market.faults import carry_out
from tests.market.money import bound

from .goods import Checkout
from .ordering import references
from .state import M1688State, Session

if TYPE_CHECKING:
    from tests.market.core import Market

T = TypeVar("T")

TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)
SIGN_IN = "/member/signin.htm"
PUNISH = "/_____tmd_____/punish"
MESSAGE_CODE = "/_____tmd_____/sms"
# The points that are about orders in the books: a fault is bound there to any of those shown or paid together, by number or reference.
STANDING = frozenset(
    {"cashier", "cashier_data", "pay", "paid", "code", "code_data", "pay_state", "state", "state_data"}
    | {"detail", "detail_data", "cancel"}
)
ADDRESS = frozenset({"address", "address_data"})  # asked for over the confirm page, without saying for which order


@dataclass
class Visit:
    """A request with everything its answer needs. `host` is one of site.HOSTS."""

    market: Market
    request: Request
    session: Session
    sent: Mapping[str, Any]
    host: str
    point: str

    @property
    def site(self) -> M1688State:
        return self.market.m1688

    def field(self, name: str) -> str:
        """A field of what was sent, else of the address."""
        return str(self.sent.get(name, self.request.query_params.get(name, ""))).strip()

    @property
    def checkout(self) -> Checkout | None:
        key = self.session.checkout if self.point in ADDRESS else self.field("key")
        return self.site.checkouts.get(key)

    @property
    def order(self) -> str:
        """The order this request is about: of all its names the one a fault is bound to, else the first of them."""
        return self.order_at(self.point)

    def order_at(self, point: str) -> str:
        return bound(self.market.faults, self._names(point), point)

    @property
    def numbers(self) -> list[str]:
        """The numbers of the orders that are to be paid, were paid, or are asked about."""
        sent = self.sent.get("numbers")
        told = sent if isinstance(sent, list) else (self.field("orderId") or self.field("cashierOrderNo")).split(",")
        return [str(number) for number in told]

    def _names(self, point: str) -> list[str]:
        """The reference in a message, the order number, the offers: whatever the request says of itself, or lies in the cart it is for."""
        names = [name for text in map(str, self.sent.values()) for name in references(text)]
        names += self._bought() if point in STANDING else [self.field("offer") or self.request.path_params.get("number", "")]
        if self.host == "cart":
            names += [item.offer for item in self.site.cart if item.by == "page"]
        checkout = self.checkout
        if checkout:
            names += [name for message in checkout.messages.values() for name in references(message)]
            names += [one.offer for one in checkout.picked]
        known = [name for name in names if name]
        return list(dict.fromkeys(known)) or [self.session.reference]

    def _bought(self) -> list[str]:
        """The orders that are shown, or that money is asked for, by their numbers and by the references in their messages."""
        code = self.site.payments.codes.get(self.field("paymentId"))
        numbers = list(code.amounts) if code else self.numbers
        messages = [order.message for order in map(self.site.find, numbers) if order]
        return [*numbers, *(name for message in messages for name in references(message))]

    def fires(self, kind: str, point: str = "") -> Any:
        return self.market.faults.fires(kind, point or self.point, self.order)

    async def carry_out(
        self, write: Callable[[], T], done: Callable[[T | None], Response], failed: Callable[[], Response] | None = None
    ) -> Response:
        """Do a write with whatever faults stand at it."""
        hang = failed or (lambda: refused("系统繁忙，请稍后再试"))
        return await carry_out(self.market.faults, self.point, self.order, write=write, done=done, failed=hang)

    def address(self, host: str, path: str = "") -> str:
        return self.site.addresses[host] + path

    def page(self, name: str, title: str, *, status: int = 200, template: str = "page.html", **values: Any) -> Response:
        """The shell of a page; static/<name>.js draws it. The faults the script plays are used up by it."""
        tricks = self.market.faults.for_page(self.point, self.order)
        shared = {
            "name": name,
            "title": title,
            "user": self.session.user,
            "hosts": self.site.addresses,
            "seed": self.market.seed,
            "tricks": tricks,
            "notice": self._notice(tricks),
            "values": values,
        }
        html = TEMPLATES.get_template(template).render(**shared)
        return HTMLResponse(html, status)

    def _notice(self, tricks: Mapping[str, Any]) -> int | None:
        """After how many milliseconds the notice covers this page: once a session, and wherever `popup` says."""
        if "popup" in tricks:
            return int(float(tricks["popup"] or 0) * 1000)
        if not self.market.popups or not self.session.user or self.session.notice_seen:
            return None
        self.session.notice_seen = True
        return self.site.rng.randrange(600)

    def to_sign_in(self) -> Response:
        """To the sign-in page; a script is told to go there."""
        back = f"{self.site.addresses[self.host]}{self.request.url.path}"
        back += f"?{self.request.url.query}" if self.request.url.query else ""
        if self.is_script:
            return JSONResponse({"ret": "FAIL_SYS_SESSION_EXPIRED", "to": self.address("login", SIGN_IN)})
        return RedirectResponse(f"{self.address('login', SIGN_IN)}?Done={quote(back, safe='')}", 302)

    @property
    def is_script(self) -> bool:
        return "/ajax/" in self.request.url.path or self.request.url.path == "/pay/state"


def answer(**values: Any) -> Response:
    """What a page's script is told when all went well."""
    return JSONResponse({"ret": "SUCCESS", **values})


def refused(words: str) -> Response:
    return JSONResponse({"ret": "FAIL_BIZ", "message": words})
