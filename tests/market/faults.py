"""Faults: what goes wrong, at which order and which request, and how often. Both stand-ins ask here; nothing else decides.

A fault is bound to an order (shop order number, or the supplier's reference) and to a point, the site's own word for a
request ("list", "ship", "submit" …); either left empty fits any. Several faults at one point act together: a write
that lands later and whose connection drops is `lands_later` and `drop_after`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

T = TypeVar("T")

# By the name of the fault: what it does, and what its value means.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "slow": "the answer waits `value` seconds",
        "error_500": "500 before anything is done",
        "drop_before": "the connection is cut before the write",
        "drop_after": "the connection is cut after the write, before the answer",
        "success_shown_write_rejected": "the page says done, nothing was written",
        "write_done_error_shown": "written, and the page says it failed",
        "lands_later": "answered at once, written `value` seconds later; without seconds when told (`land`)",
        "twice": "the server writes twice",
        "partial": "the field `value` is dropped; `field:5` cuts it to 5 characters",
        "list_lags": "the order is not in the list until released",
        "list_empty": "once the order stands in the books, the list shows no order at all until released",
        "stray_filter": "the session keeps a status filter, `value` is its words",
        "session_expires": "the session is gone when this request comes",
        "captcha_before": "a slider stands there before the page",
        "captcha_after": "a slider stands there instead of the write; the write comes once it is solved",
        "price_changes": "the price is `value` 分 from this request on; at the mall for this order alone",
        "rerender_total": "the page shows another total, `value`, right after it was drawn",
        "reference_cut": "the reference field keeps `value` characters",
        "renamed_label": "a label reads `value` (old=new) instead",
        "second_button": "a second visible button with the words of the writing one",
        "hidden_twin": "an invisible twin of the writing button stands before it",
        "popup": "a notice covers the page",
        "kill_before": "the process `value` is killed (or `call` is called) before the write",
        "kill_after": "the same after the write, before the answer",
        "buyer_cancels": "`call` is called, in which the buyer cancels in the shop",
        "paused": "somebody stops the account with this program when this request comes",
        "day_full": "the program may spend less in a day than this order costs",
        "second_run": "`call` is called, in which the program is started a second time",
        "lands_now": "`call` is called, in which a held write lands",
        "double_click": "the page's script sends the write a second time",
        "page_retry": "the page's script sends again when no answer came",
        "late_post": "the page's script sends the write `value` seconds after the click",
        "leaving_post": "the page's script sends the write when its page is left",
        "foreign_goods": "a person puts the offer `value` into the same cart, ticked, when the cart is opened",
        "extra_seller": "goods of one more seller, the offer `value`, stand on the confirm page",
        "garbled_address": "the site's own matching writes the town twice and loses the last number of the address",
        "stock_gone": "only `value` pieces are left from this request on",
        "order_splits": "the last line of the order becomes an order of its own",
        "order_merges": "the goods go into an order that stands for the same receiver, if there is one",
        "repriced": "the supplier changes what the order costs by `value` 分 while it is being paid (改价)",
        "freight_changes": "the freight of the order is `value` 分 while it is being paid",
        "payee_changes": "whoever gets the money reads `value`",
        "extra_payment": "the unpaid order `value`, else any, stands among those to be paid",
        "code_amount": "the code, or what is taken at once, is `value` 分, unlike what the cashier shows",
        "sms_before": "a code of a text message is asked for before the page",
        "sms_after": "a code of a text message is asked for instead of the write; the write comes once it is typed",
        "browser_asks": "the page raises an unexpected confirm() with the words `value`",
        "kill_in_proof": "`call` is called, in which the process is to be killed as soon as it looks afterwards",
        "paid_in_app": "`call` is called, in which a person pays the order elsewhere",
        "supplier_cancels": "`call` is called, in which the supplier cancels the order",
        "shipped_now": "`call` is called, in which the supplier sends the order",
        "wanted_again": "`call` is called, in which the buyer takes the refund back in the shop",
        "too_little": "the balance, the credit or what may be debited is less than the order costs",
        "code_expires": "nobody scans the code that is shown, and its time is over",
    }
)

# Played by the page's own script: handed to it when the page is drawn.
PAGE_KINDS = frozenset(
    {"captcha_before", "rerender_total", "renamed_label", "second_button", "hidden_twin", "popup"}
    | {"double_click", "page_retry", "late_post", "leaving_post", "browser_asks"}
)

# Somebody does something when the request comes: `call`.
CALLED = (
    *("kill_before", "kill_in_proof", "buyer_cancels", "paused", "second_run", "lands_now"),
    *("paid_in_app", "supplier_cancels", "shipped_now", "wanted_again"),
)


@dataclass
class Fault:
    """One fault; `times` is how often it still fires, None until released."""

    kind: str
    order: str = ""
    point: str = ""
    times: int | None = 1
    value: str | float | None = None
    call: Callable[[], object] | None = None

    def fits(self, kind: str, point: str, order: str) -> bool:
        return self.kind == kind and self.point in ("", point) and self.order in ("", order) and self.times != 0


@dataclass(frozen=True)
class Fired:
    """A fault that happened, for the truth."""

    kind: str
    point: str
    order: str


@dataclass
class Held:
    """A write that was answered but has not landed yet."""

    order: str
    write: Callable[[], object]
    landed: bool = False

    def land(self) -> None:
        if not self.landed:
            self.landed = True
            self.write()


@dataclass
class Faults:
    """The faults of one market: `add` before, `fires`/`stands` by the sites, `release` and `land` by the test."""

    standing: list[Fault] = field(default_factory=list)
    fired: list[Fired] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)

    def add(
        self,
        kind: str,
        order: str = "",
        point: str = "",
        *,
        times: int | None = 1,
        value: str | float | None = None,
        call: Callable[[], object] | None = None,
    ) -> Fault:
        if kind not in KINDS:
            raise ValueError(f"no such fault: {kind}; there are {', '.join(KINDS)}")
        fault = Fault(kind, order, point, times, value, call)
        self.standing.append(fault)
        return fault

    def stands(self, kind: str, point: str, order: str = "") -> Fault | None:
        """The fault that fits, left as it is."""
        return next((fault for fault in self.standing if fault.fits(kind, point, order)), None)

    def fires(self, kind: str, point: str, order: str = "") -> Fault | None:
        """The fault that fits, used up by one."""
        fault = self.stands(kind, point, order)
        if fault is None:
            return None
        if fault.times is not None:
            fault.times -= 1
        self.fired.append(Fired(kind, point, order))
        return fault

    def for_page(self, point: str, order: str = "") -> dict[str, str | float | None]:
        """The faults the page's own script is to play, used up by one; name → value."""
        found = {kind: self.fires(kind, point, order) for kind in sorted(PAGE_KINDS)}
        return {kind: fault.value for kind, fault in found.items() if fault}

    def release(self, kind: str = "", order: str = "") -> None:
        """End the faults that stand (all, of a kind, of an order)."""
        for fault in self.standing:
            if kind in ("", fault.kind) and order in ("", fault.order):
                fault.times = 0

    def land(self, order: str = "") -> int:
        """Let held writes land now; how many did."""
        waiting = [held for held in self.held if not held.landed and order in ("", held.order)]
        for held in waiting:
            held.land()
        return len(waiting)

    def hold(self, order: str, write: Callable[[], object], seconds: str | float | None, *, deed: bool = False) -> None:
        """Keep a write back; a `deed` of a test's own thread lands by a clock of its own, all else by the server's."""
        held = Held(order, write)
        self.held.append(held)
        if not isinstance(seconds, int | float):
            return
        if deed:
            timer = threading.Timer(seconds, held.land)
            timer.daemon = True
            timer.start()
        else:
            asyncio.get_running_loop().call_later(seconds, held.land)

    def cut(self, fields: Mapping[str, str], point: str, order: str) -> dict[str, str]:
        """The fields as the server keeps them: a `partial` fault drops or cuts one."""
        kept = dict(fields)
        fault = self.fires("partial", point, order)
        if fault:
            name, _, length = str(fault.value).partition(":")
            kept[name] = kept.get(name, "")[: int(length or 0)]
        return kept


class CutConnection(Response):
    """No answer at all: the connection is closed on the browser."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["market.cut"]()
        while (await receive())["type"] != "http.disconnect":
            pass


def broken() -> Response:
    return HTMLResponse("<html><head><title>500</title></head><body><h1>500 Internal Server Error</h1></body></html>", 500)


def strike(fault: Fault) -> None:
    """Kill what the test named."""
    if fault.call:
        fault.call()
    if fault.value is not None:
        os.kill(int(fault.value), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)


async def hindrance(faults: Faults, point: str, order: str = "") -> Response | None:
    """What keeps this request from being served: None, a 500, or a cut connection. Waits when it is to be slow."""
    slow = faults.fires("slow", point, order)
    if slow:
        await asyncio.sleep(float(slow.value or 1))
    for kind in CALLED:
        if struck := faults.fires(kind, point, order):
            strike(struck)
    if faults.fires("drop_before", point, order):
        return CutConnection()
    return broken() if faults.fires("error_500", point, order) else None


async def carry_out(
    faults: Faults,
    point: str,
    order: str,
    *,
    write: Callable[[], T],
    done: Callable[[T | None], Response],
    failed: Callable[[], Response],
) -> Response:
    """Do a write with whatever faults stand at it. `done` gets the write's result, None when nothing was written (yet)."""
    hindered = await hindrance(faults, point, order)
    if hindered:
        return hindered
    result = _write(faults, point, order, write)
    kill = faults.fires("kill_after", point, order)
    if kill:
        strike(kill)
    if faults.fires("drop_after", point, order):
        return CutConnection()
    return failed() if faults.fires("write_done_error_shown", point, order) else done(result)


def _write(faults: Faults, point: str, order: str, write: Callable[[], T]) -> T | None:
    if faults.fires("success_shown_write_rejected", point, order):
        return None
    later = faults.fires("lands_later", point, order)
    if later:
        faults.hold(order, write, later.value)
        return None
    result = write()
    if faults.fires("twice", point, order):
        write()
    return result


async def fields_of(request: Request) -> dict[str, str]:
    """The text fields of a form or JSON body; the last of equal names counts."""
    if request.headers.get("content-type", "").startswith("application/json"):
        return {str(k): str(v) for k, v in (await request.json()).items()}
    form = await request.form()
    return {name: str(form[name]) for name in form}
