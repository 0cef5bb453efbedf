"""Close the connections that lie idle, right before a commit: its request must go out on one of its own.

Chromium sends a request again, a POST too, when the connection it went out on had served before and is cut without an
answer (a keep-alive that the server just closed looks the same to it). On a fresh connection it does not (launch.py has
the other half). The browser's own page for its network is the one place where this can be asked for.
"""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import Error as PlaywrightError

ADDRESS = "chrome://net-internals/#sockets"
BUTTON = "#sockets-view-close-idle-button"
PATIENCE = 5000  # milliseconds


def close_idle(context: BrowserContext) -> bool:
    """Close all idle connections of this context. False where the browser has no such page; nothing is lost then but this guard."""
    page: Page | None = None
    try:
        page = context.new_page()
        page.goto(ADDRESS, timeout=PATIENCE)
        page.locator(BUTTON).click(timeout=PATIENCE)
        return True
    except PlaywrightError:  # another browser, or another version: the proof still counts what arrived
        return False
    finally:
        if page is not None:
            page.close()
