"""No page goes to a host that is not the site's. What a page loads from elsewhere (pictures, scripts, frames) is its own affair.

Asked through the browser's own protocol and for documents only: Playwright's `route` would stop every request there is,
and the browser would keep no copy of a script from one page to the next.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import CDPSession, Page
from playwright.sync_api import Error as PlaywrightError

from agent.browser.traffic import Traffic

PORTS = {"http": 80, "https": 443}  # where an address names none
DOCUMENTS = {"patterns": [{"urlPattern": "http*", "resourceType": "Document"}]}


@dataclass  # not frozen: Playwright leaves a mark on who listens
class Gate:
    """Lets the tabs of one account go to the hosts of its site only; where else one wanted to go is noted in the traffic."""

    hosts: Mapping[str, str]
    traffic: Traffic

    def keep(self, tab: Page) -> None:
        """From here on this tab stays at home: a document from another host never starts, redirects included."""
        protocol = tab.context.new_cdp_session(tab)
        main = protocol.send("Target.getTargetInfo")["targetInfo"]["targetId"]  # also the name of the tab's main frame
        protocol.on("Fetch.requestPaused", lambda paused: self._decide(protocol, main, paused))
        protocol.send("Fetch.enable", DOCUMENTS)

    def keep_opened(self, tab: Page) -> None:
        """The same for a tab that a page opened. Its first request may have left already; `Stage.use` looks where it led."""
        with suppress(PlaywrightError):  # it closed itself at once
            if tab.opener() is not None:
                self.keep(tab)

    def own(self, address: str) -> bool:
        """Whether an address lies on one of the site's hosts, port included."""
        return _origin(address) in {_origin(host) for host in self.hosts.values()}

    def _decide(self, protocol: CDPSession, main: str, paused: Mapping[str, Any]) -> None:
        address = paused["request"]["url"]
        told = {"requestId": paused["requestId"]}
        with suppress(PlaywrightError):  # the tab is gone, and its request with it
            if paused["frameId"] != main or self.own(address):
                protocol.send("Fetch.continueRequest", told)
                return
            self.traffic.refused.append(urlsplit(address).netloc)
            protocol.send("Fetch.failRequest", {**told, "errorReason": "Aborted"})  # the page stays where it is


def _origin(address: str) -> tuple[str, str, int]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)


def on_loopback(address: str) -> bool:
    """Whether an address is on this very machine."""
    host = urlsplit(address).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
