"""One request being answered: who asks, about which order, and how a page is drawn with the faults its script is to play."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import jinja2
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tests.market.faults import carry_out
from tests.market.money import bound

from .state import MallState, Session

if TYPE_CHECKING:
    from tests.market.core import Market

T = TypeVar("T")

# The points that are about money: a fault is bound there to any of the orders that are paid together, by number or reference.
MONEY = frozenset({"pay", "pay_done", "cancel"})

TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)


def money(fen: int) -> str:
    """¥1,234.50, with the sign before the currency as shops print it."""
    return f"{'-' if fen < 0 else ''}¥{abs(fen) // 100:,}.{abs(fen) % 100:02}"


TEMPLATES.filters["money"] = money


@dataclass
class Visit:
    """A request with everything its answer needs."""

    mall: MallState
    request: Request
    session: Session
    sent: FormData
    point: str

    @property
    def market(self) -> Market:
        return self.mall.market

    @property
    def reference(self) -> str:
        """The order this request is about: the one it names, else the one its session made last."""
        if self.point not in MONEY:
            return self.field("outer_sn") or self.session.reference
        return self.paid_at(self.point)

    def paid_at(self, point: str) -> str:
        """Of the orders that are paid together the one a fault at this point is bound to, by number or reference."""
        named = {order.number: order.reference for order in self.mall.orders}
        return bound(self.market.faults, [name for sn in self.numbers for name in (sn, named.get(sn, ""))], point)

    @property
    def numbers(self) -> list[str]:
        """The numbers of the orders that are to be paid together, or of the one to be cancelled."""
        return self.fields("sn") or self.request.query_params.getlist("sn")

    def field(self, name: str) -> str:
        """A field of the form, else of the address."""
        return str(self.sent.get(name, self.request.query_params.get(name, ""))).strip()

    def fields(self, name: str) -> list[str]:
        return [str(value).strip() for value in self.sent.getlist(name)]

    def fires(self, kind: str) -> Any:
        return self.market.faults.fires(kind, self.point, self.reference)

    async def carry_out(
        self, write: Callable[[], T], done: Callable[[T | None], Response], failed: Callable[[], Response]
    ) -> Response:
        """Do a write with whatever faults stand at it."""
        return await carry_out(self.market.faults, self.point, self.reference, write=write, done=done, failed=failed)

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """A page of the mall; the faults its script plays are used up by it."""
        tricks = self.market.faults.for_page(self.point, self.reference)
        shared = {"mall": self.mall, "user": self.session.user, "tricks": tricks, "notice": self._notice(tricks)}
        html = TEMPLATES.get_template(template).render(**shared, **values)
        if "renamed_label" in tricks:
            html = renamed(html, str(tricks["renamed_label"]))
        return HTMLResponse(html, status)

    def _notice(self, tricks: Mapping[str, Any]) -> int | None:
        """After how many milliseconds the notice covers this page: once a session, and wherever `popup` says."""
        if "popup" in tricks:
            return int(float(tricks["popup"] or 0) * 1000)
        if not self.market.popups or not self.session.user or self.session.notice_seen:
            return None
        self.session.notice_seen = True
        return self.mall.rng.randrange(600)


def renamed(html: str, change: str) -> str:
    """The page with one text, "old=new", standing alone between two tags, reading new."""
    old, _, new = change.partition("=")
    return re.sub(rf">(\s*){re.escape(old)}([：:]?\s*)<", rf">\g<1>{new}\g<2><", html)
