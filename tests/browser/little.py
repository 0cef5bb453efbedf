"""A small site on loopback for one test: pages by path, and what was posted, counted."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request: its path with the query, and the fields of its form or query."""

    method: str
    path: str
    fields: dict[str, str]
    cookie: str


@dataclass(frozen=True)
class Answer:
    body: str | bytes = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    bare: bool = False  # the body as it is, without the page around it
    owed: int = 0  # bytes that are promised and never sent
    hangs_up: bool = False  # where they are due; else it falls silent


Page = str | Answer | Callable[[Asked], "str | Answer"]


def goto(address: str) -> Answer:
    """303 See Other."""
    return Answer(status=303, headers=(("Location", address),))


def html(body: str) -> str:
    return f"<!doctype html><html lang=zh><meta charset=utf-8><title>小站</title><body>{body}</body></html>"


@dataclass
class Little:
    """The site: `pages` may be changed at any time; `asked` holds every request, `posts` those that write.

    `charset`: of its pages and of the forms that they send.
    """

    pages: dict[str, Page] = field(default_factory=dict)
    charset: str = "utf-8"
    asked: list[Asked] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)
    _server: ThreadingHTTPServer | None = None

    @property
    def address(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def posts(self) -> list[Asked]:
        return [one for one in self.asked if one.method == "POST"]

    def wait_for_posts(self, count: int, seconds: float = 10) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.posts) >= count, seconds), self.asked

    def start(self) -> Little:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def stop(self) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/favicon.ico":  # the browser's own wish, no page's
            return Answer("404", 404)
        with self.changed:
            self.asked.append(asked)
            self.changed.notify_all()
        page = self.pages.get(urlsplit(asked.path).path)
        if page is None:
            return Answer("404", 404)
        told = page(asked) if callable(page) else page
        return Answer(told) if isinstance(told, str) else told


def _bytes(answer: Answer, charset: str) -> bytes:
    if isinstance(answer.body, bytes):
        return answer.body
    return (answer.body if answer.bare else html(answer.body)).encode(charset, "xmlcharrefreplace")


def _handler(site: Little) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.headers.get("Upgrade") == "websocket":
                self._keep_socket()
                return
            self._answer("GET", urlsplit(self.path).query)

        def do_POST(self) -> None:
            self._answer("POST", self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode(site.charset))

        def _answer(self, method: str, told: str) -> None:
            fields = {key: values[0] for key, values in parse_qs(told, keep_blank_values=True, encoding=site.charset).items()}
            answer = site.answer(Asked(method, self.path, fields, self.headers.get("Cookie") or ""))
            body = _bytes(answer, site.charset)
            try:
                self.send_response(answer.status)
                for name, value in answer.headers:
                    self.send_header(name, value)
                if "Content-Type" not in dict(answer.headers):
                    self.send_header("Content-Type", f"text/html; charset={site.charset}")
                self.send_header("Content-Length", str(len(body) + answer.owed))
                self.end_headers()
                self.wfile.write(body)
                if answer.owed and not answer.hangs_up:
                    self.rfile.read(1)  # until the browser hangs up
                self.close_connection |= bool(answer.owed)
            except (BrokenPipeError, ConnectionResetError):  # the page was closed meanwhile
                self.close_connection = True

        def _keep_socket(self) -> None:
            """A web socket that listens and says nothing."""
            key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
            self.send_response(101)
            self.send_header("Upgrade", "websocket")
            self.send_header("Connection", "Upgrade")
            self.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode())
            self.end_headers()
            self.wfile.flush()
            while self.rfile.read(1):
                pass
            self.close_connection = True

        def log_message(self, *_told: object) -> None:
            return

    return Handler
