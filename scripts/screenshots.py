"""Makes the pictures of the README: `.venv/bin/python -P scripts/screenshots.py`.

The stand-in market is filled with the demo's orders, the real program works through them twice, and what a seller would see is
photographed: the shop's order list, the supplier's confirm page as the program filled it (its own picture), the closing table.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.terminal_theme import MONOKAI

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from agent.browser.launch import find_browser, launch  # noqa: E402
from tests.market import demo  # noqa: E402
from tests.market.core import Market  # noqa: E402
from tests.market.demo_orders import ORDERS, DemoOrder, put_up  # noqa: E402

DOCS = ROOT / "docs"
FONTS = "<style>body { margin: 16px } pre, code { font: 15px/1.35 'Noto Sans Mono CJK SC', Consolas, Menlo, monospace !important }</style>"
TABLE_WIDTH = 190


def main() -> int:
    """Take the three pictures into docs/, and return the exit code."""
    DOCS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Market(latency=(0.0, 0.0), popups=False) as market:
        home = Path(folder)
        last = worked_through(home, market, orders := put_up(market, len(ORDERS)))
        with sync_playwright() as driver:
            browser = launch(driver, find_browser(None))
            page = browser.new_page(
                viewport={"width": 1360, "height": 860}, storage_state=home / "sign-ins" / "shop-xiaolin.json"
            )
            picture_of_shop(page, market)
            picture_of_confirm(page, home, orders[0])
            picture_of_table(page, market, orders, last)
            browser.close()
    return 0


def worked_through(home: Path, market: Market, orders: Sequence[DemoOrder]) -> dict[str, Any]:
    """What the demo does, without its third run; the closing table's rows."""
    if market.addresses is None:
        raise RuntimeError("the market has not started")
    demo.write_home(home, market, market.addresses)
    progress = Console(stderr=True)
    demo.shown_run(home, [], progress)
    demo.ship_everything(market)
    return demo.shown_run(home, [], progress)[1]


def picture_of_shop(page: Page, market: Market) -> None:
    page.goto(f"{market.addresses.shop}/ffa/morder/order/list" if market.addresses else "")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=DOCS / "shop.png")


def picture_of_confirm(page: Page, home: Path, order: DemoOrder) -> None:
    """The program's own picture, taken before its click; drawn once more so that all three are PNG."""
    kept = next((home / "evidence").rglob(f"*{order.reference}-filled*"))
    page.goto(kept.as_uri())
    page.locator("img").screenshot(path=DOCS / "confirm.png")


def picture_of_table(page: Page, market: Market, orders: Sequence[DemoOrder], last: dict[str, Any]) -> None:
    console = Console(record=True, width=TABLE_WIDTH, file=sys.stderr)
    verdicts = list(demo.judge(market, orders, last.get("inbox", [])))
    demo._closing_table(console, market, orders, last, verdicts)
    page.set_content(console.export_html(theme=MONOKAI) + FONTS)
    page.locator("pre").screenshot(path=DOCS / "demo.png")


if __name__ == "__main__":
    sys.exit(main())
