"""Asks a stand-in as its own page does, without a browser: for tests of what is booked, not of what is drawn."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen


class Cut(Exception):
    """The connection was cut without an answer, or the answer was a fault of the server's own."""


@dataclass(frozen=True)
class Asker:
    """One signed-in session at one host."""

    address: str
    cookie: str

    def get(self, path: str) -> str:
        return self._body(Request(self.address + path)).decode()

    def file(self, path: str) -> bytes:
        return self._body(Request(self.address + path))

    def ask(self, path: str, **sent: Any) -> dict[str, Any]:
        """JSON there and back; a GET where nothing is sent."""
        body = json.dumps(sent).encode() if sent else None
        answer: dict[str, Any] = json.loads(self._body(Request(self.address + path, body)))
        return answer

    def form(self, path: str, fields: Mapping[str, str | Sequence[str]]) -> str:
        return self._body(Request(self.address + path, urlencode(fields, doseq=True).encode())).decode()

    def _body(self, request: Request) -> bytes:
        request.add_header("Cookie", self.cookie)
        try:
            with urlopen(request, timeout=20) as answer:
                body: bytes = answer.read()
                return body
        except (HTTPError, URLError, HTTPException, ConnectionError) as error:
            raise Cut(str(error)) from error
