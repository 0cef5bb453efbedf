"""The market: the stand-in shop and suppliers as real servers on loopback, one process, and the truth on a port of its own.

The sites know their own state and pages. This file only starts and stops them, gives each request its latency, keeps
the log of requests, and answers the truth port, which only tests and the demo may ask (header X-Token).

Each site is a module with an application for each of its hosts, and a state class built with the market, which has
`site` (its name here), `truth() -> dict` (JSON), `deeds` (name → method, what a test may do as buyer, supplier or
platform) and `sign_in` (what a user must know: user_name, password, shows).
"""

from __future__ import annotations

import asyncio
import json
import random
import secrets
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, is_dataclass
from datetime import datetime
from typing import Any, Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.models import SHANGHAI
from tests.market.doudian.site import ShopState
from tests.market.doudian.site import app as shop_app
from tests.market.faults import Faults
from tests.market.m1688.site import HOSTS as HOSTS_OF_1688
from tests.market.m1688.site import M1688State
from tests.market.m1688.site import app as m1688_app
from tests.market.mall.site import MallState
from tests.market.mall.site import app as mall_app

STATIC = "/static/"


@dataclass(frozen=True)
class Addresses:
    """Where the servers listen, and the token of the truth port. `hosts`: every site's, by its name for each of them."""

    shop: str
    mall: str
    truth: str
    token: str
    hosts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass
class RequestRecord:
    """A request that reached a site. `order` is filled in by the site where it knows it; `status` 0 = never answered."""

    at: datetime
    site: str
    method: str
    path: str
    query: str
    order: str = ""
    status: int = 0


class SiteState(Protocol):
    """What the market needs of a site."""

    site: str

    @property
    def deeds(self) -> Mapping[str, Callable[..., Any]]: ...

    @property
    def sign_in(self) -> Mapping[str, str]: ...

    def truth(self) -> dict[str, Any]: ...


class Market:
    """All sites with one seed, one clock, one set of faults. `with Market(seed=1) as market:` starts and stops it.

    `malls` are suppliers of one kind, each with goods, prices and numbers of its own; the first is `mall`.

    Connections are not kept alive unless told: Chromium sends a request again by itself, a POST too, when a connection
    it had used before is cut without an answer, and a `drop_after` would then be two writes from one click.
    """

    def __init__(
        self,
        seed: int = 1,
        *,
        latency: tuple[float, float] = (0.0, 0.3),
        popups: bool = True,
        keep_alive: bool = False,
        malls: Sequence[str] = ("yiwu",),
        clock: Callable[[], datetime] = lambda: datetime.now(SHANGHAI),
    ) -> None:
        self.seed = seed
        self.latency = latency
        self.popups = popups
        self.keep_alive = keep_alive
        self.clock = clock
        self.random = random.Random(f"latency {seed}")
        self.faults = Faults()
        self.requests: list[RequestRecord] = []
        self.script = (
            ""  # JavaScript that every page runs behind its own elements: a release of the site that changed something
        )
        self.shop = ShopState(self)
        self.malls = {name: MallState(self, name) for name in malls}
        self.mall = next(iter(self.malls.values()))
        self.m1688 = M1688State(self)
        self._servers: list[uvicorn.Server] = []
        self._thread: threading.Thread | None = None
        self.addresses: Addresses | None = None

    def __enter__(self) -> Market:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> Addresses:
        token = secrets.token_hex(16)
        doors = {(site, host): Door(app, self, site) for site, hosts in self._apps().items() for host, app in hosts.items()}
        apps: list[ASGIApp] = [*doors.values(), truth_app(self, token)]
        sockets = [_listening() for _ in apps]
        self._servers = [uvicorn.Server(_config(app)) for app in apps]
        self._thread = threading.Thread(target=self._serve, args=(sockets,), name="market", daemon=True)
        self._thread.start()
        *found, truth = (f"http://127.0.0.1:{s.getsockname()[1]}" for s in sockets)
        hosts: dict[str, dict[str, str]] = {}
        for (site, host), address in zip(doors, found, strict=True):
            hosts.setdefault(site, {})[host] = address
        self.m1688.addresses = hosts["m1688"]
        self.addresses = Addresses(hosts["shop"]["main"], hosts[self.mall.site]["main"], truth, token, hosts)
        return self.addresses

    def _apps(self) -> Mapping[str, Mapping[str, ASGIApp]]:
        """The applications of each site, by its name for each of its hosts."""
        malls = {mall.site: {"main": mall_app(mall)} for mall in self.malls.values()}
        return {"shop": {"main": shop_app(self)}, **malls, "m1688": dict.fromkeys(HOSTS_OF_1688, m1688_app(self))}

    def stop(self) -> None:
        for server in self._servers:
            server.should_exit = True
            server.force_exit = True
        if self._thread:
            self._thread.join()
        self._thread = None

    def _serve(self, sockets: list[socket.socket]) -> None:
        async def all_of_them() -> None:
            await asyncio.gather(*(server.serve([one]) for server, one in zip(self._servers, sockets, strict=True)))

        try:
            asyncio.run(all_of_them())
        finally:
            for one in sockets:
                one.close()

    @property
    def sites(self) -> Mapping[str, SiteState]:
        """Every site's state by its name."""
        return {state.site: state for state in (self.shop, *self.malls.values(), self.m1688)}

    def accounts(self) -> dict[str, Mapping[str, str]]:
        """What a user of each site must know to sign in."""
        return {name: state.sign_in for name, state in self.sites.items()}

    def truth(self) -> dict[str, Any]:
        """Everything as it really is, for JSON."""
        return {
            **{name: state.truth() for name, state in self.sites.items()},
            "faults": {"standing": [_fault(f) for f in self.faults.standing], "fired": [asdict(f) for f in self.faults.fired]},
            "requests": [plain(asdict(record)) for record in self.requests],
        }

    def do(self, what: str, **told: Any) -> Any:
        """What a test does from outside: "shop.open_refund", "mall.ship", "faults.add", "faults.land" …"""
        who, _, name = what.partition(".")
        deeds: Mapping[str, Mapping[str, Callable[..., Any]]] = {
            **{name: state.deeds for name, state in self.sites.items()},
            "faults": {"add": self.faults.add, "release": self.faults.release, "land": self.faults.land},
        }
        deed = deeds.get(who, {}).get(name)
        if deed is None:
            known = sorted(f"{site}.{one}" for site, names in deeds.items() for one in names)
            raise ValueError(f"no such deed: {what}; there are {', '.join(known)}")
        return deed(**told)


class Door:
    """In front of a site: logs each request, waits its latency, and can cut the connection."""

    def __init__(self, app: ASGIApp, market: Market, site: str) -> None:
        self.app = app
        self.market = market
        self.site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["market.cut"] = send.__self__.transport.abort  # type: ignore[attr-defined]  # uvicorn's: to hang up without a word
        record = self._record(scope)
        scope["market.record"] = record

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                record.status = message["status"]
                if not self.market.keep_alive:
                    message["headers"] = [*message["headers"], (b"connection", b"close")]
            await send(message)

        answered = Scripted(noted, self.market.script) if self.market.script else noted
        if not record.path.startswith(STATIC):
            self.market.requests.append(record)
            await asyncio.sleep(self.market.random.uniform(*self.market.latency))
        await self.app(scope, receive, answered)

    def _record(self, scope: Scope) -> RequestRecord:
        query = scope["query_string"].decode()
        return RequestRecord(self.market.clock(), self.site, scope["method"], scope["path"], query)


class Scripted:
    """Sends on what a site answers, with a script at the end of each HTML page."""

    def __init__(self, send: Send, script: str) -> None:
        self.send = send
        self.script = script
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self.start = message
        elif self.start is None:
            await self.send(message)
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                await self._whole(self.start)

    async def _whole(self, start: Message) -> None:
        page = self.body.replace(b"</body>", f"<script>{self.script}</script></body>".encode(), 1)
        kept = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
        await self.send({**start, "headers": [*kept, (b"content-length", str(len(page)).encode())]})
        await self.send({"type": "http.response.body", "body": page})


def _is_html(message: Message) -> bool:
    return any(name.lower() == b"content-type" and b"text/html" in value for name, value in message["headers"])


def truth_app(market: Market, token: str) -> Starlette:
    async def truth(request: Request) -> Response:
        if not _allowed(request, token):
            return JSONResponse({"error": "token"}, 403)
        return JSONResponse(market.truth())

    async def do(request: Request) -> Response:
        if not _allowed(request, token):
            return JSONResponse({"error": "token"}, 403)
        told = await request.json()
        try:
            return JSONResponse({"result": plain(market.do(told.pop("what"), **told))})
        except (ValueError, TypeError, KeyError) as error:
            return JSONResponse({"error": str(error)}, 400)

    return Starlette(routes=[Route("/truth", truth), Route("/do", do, methods=["POST"])])


def plain(value: Any) -> Any:
    """As JSON can hold it: times in ISO 8601, dataclasses as objects, what else is not JSON by its words."""
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    return json.loads(
        json.dumps(value, ensure_ascii=False, default=lambda x: x.isoformat() if isinstance(x, datetime) else str(x))
    )


def _fault(fault: Any) -> dict[str, Any]:
    return {"kind": fault.kind, "order": fault.order, "point": fault.point, "times": fault.times, "value": fault.value}


def _allowed(request: Request, token: str) -> bool:
    return secrets.compare_digest(request.headers.get("X-Token", ""), token)


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        lifespan="off",
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        timeout_keep_alive=75,  # seconds, as nginx has it; uvicorn's own 5 are over before a slow machine comes to its click
        timeout_graceful_shutdown=1,
    )


def _listening() -> socket.socket:
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)
    listening.setblocking(False)
    return listening
