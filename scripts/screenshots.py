"""Makes the pictures of the README: `.venv/bin/python -P scripts/screenshots.py`.

The stand-in market is filled with the demo's orders, the real program works through them twice, and what a seller would see is
photographed: the shop's order list, the supplier's confirm page as the program filled it (its own picture), the closing table,
and a step that waits for a person.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.table import Table
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from agent import words  # noqa: E402
from agent.browser.account import Folders  # noqa: E402
from agent.browser.launch import find_browser, launch  # noqa: E402
from agent.browser.session import Session  # noqa: E402
from agent.browser.watching import Answer, NullWatcher, StepInfo  # noqa: E402
from agent.config import read_config  # noqa: E402
from agent.home import Home  # noqa: E402
from agent.ledger import Ledger  # noqa: E402
from agent.secrets import Secrets  # noqa: E402
from agent.work.values import values_for  # noqa: E402
from tests.market import demo  # noqa: E402
from tests.market.core import Market  # noqa: E402
from tests.market.demo_orders import ORDERS, DemoOrder, put_up  # noqa: E402

DOCS = ROOT / "docs"
LOOK = """<meta charset="utf-8"><style>
  body { margin: 0; width: 1360px; font: 13px/1.4 "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif }
  table { border-collapse: collapse; width: 100% } td, th { padding: 4px 8px; text-align: left; vertical-align: top }
  th { background: #f2f3f5 } tr + tr td { border-top: 1px solid #e5e6eb } td:last-child { color: #0a7d32 }
  td:nth-child(1), td:nth-child(3), td:nth-child(5), td:nth-child(6) { white-space: nowrap }
</style>"""


class Kept:
    """Takes the demo's closing table instead of a terminal, where Chinese letters stand as wide as the font happens to be."""

    def __init__(self) -> None:
        self.table = Table()

    def print(self, table: Table) -> None:
        self.table = table


def main() -> int:
    """Take the four pictures into docs/, and return the exit code."""
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
            picture_of_table(page, home, market, orders, last)
            browser.close()
        picture_of_step(home)
    return 0


def worked_through(home: Path, market: Market, orders: Sequence[DemoOrder]) -> dict[str, Any]:
    """What the demo does, without its third run; the closing table's rows."""
    if market.addresses is None:
        raise RuntimeError("the market has not started")
    demo.write_home(home, market, market.addresses)
    demo.let_it_pay(home, market, demo.BALANCE)
    progress = Console(stderr=True)
    demo.shown_run(home, [], progress)
    demo.ship_everything(market)
    return demo.shown_run(home, [], progress)[1]


def picture_of_shop(page: Page, market: Market) -> None:
    page.goto(f"{market.addresses.shop}/ffa/morder/order/list" if market.addresses else "")
    page.get_by_text("已发货").first.click()
    page.get_by_text("商家备注").first.wait_for()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=DOCS / "shop.png")


def picture_of_confirm(page: Page, home: Path, order: DemoOrder) -> None:
    """The program's own picture, taken before its click; drawn once more so that all three are PNG."""
    kept = next((home / "evidence").rglob(f"*{order.reference}-filled*"))
    page.goto(kept.as_uri())
    page.locator("img").screenshot(path=DOCS / "confirm.png")


def picture_of_table(page: Page, home: Path, market: Market, orders: Sequence[DemoOrder], last: dict[str, Any]) -> None:
    kept = Kept()
    verdicts = list(demo.judge(market, orders, last.get("inbox", [])))
    demo.closing_table(kept, last, verdicts)  # type: ignore[arg-type]
    printed = home / "printed.html"
    printed.write_text(LOOK + as_html(kept.table), encoding="utf-8")
    page.goto(printed.as_uri())
    page.locator("table").screenshot(path=DOCS / "demo.png")


def as_html(table: Table) -> str:
    columns = [[column.header, *column.cells] for column in table.columns]
    rows = [[escape(Text.from_markup(str(cell)).plain) for cell in row] for row in zip(*columns, strict=True)]
    heading, *others = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return f"<table><tr>{heading.replace('td>', 'th>')}</tr>" + "".join(f"<tr>{row}</tr>" for row in others) + "</table>"


@dataclass(frozen=True)
class Photographer(NullWatcher):
    """Looks on, and takes a picture of the page when the receiver is about to be written."""

    desk: list[Session] = field(default_factory=list)
    outlines: bool = True

    def step(self, info: StepInfo) -> bool:
        return any(touch.name == "receiver_name" and touch.text for touch in info.touches)

    def answer(self, pressed: str, seconds: float) -> Answer | None:
        self.desk[0].stage.here.screenshot(path=DOCS / "step.png")
        return "do"


def picture_of_step(home: Path) -> None:
    """The supplier's form in step-by-step mode: the box that is about to be filled is framed, the panel says with what."""
    words.use("zh")
    config = read_config(Home(home))
    name = next(name for name, account in config.accounts.items() if account.site == "mall")
    folders = Folders(*(home / folder for folder in ("sign-ins", "evidence", "profiles", "files", "steps")))
    watch = Photographer()
    session = Session(
        config.accounts[name],
        config.site_of(name),
        browser=find_browser(None),
        folder=folders,
        secret=lambda secret: Secrets(os.environ, home / "secrets.yaml").get(name, secret),
        watch=watch,
    )
    watch.desk.append(session)
    session.sign_in()
    session.stage.visible = True
    with closing(Ledger.open(home / "ledger.db")) as ledger:
        bought = ledger.purchases("placed", "shipped", "done", account=name)[0]
        receiver = ledger.receiver(bought.shop, bought.order_number)
    if receiver is not None:
        session.play("fill_order", values_for(bought.purchase, receiver, ""))
    session.close()


if __name__ == "__main__":
    sys.exit(main())
