"""Where a trial is played: one market, one signed-in browser an account, and for each trial a ledger of its own that knows the pages.

The program's own jobs are called here with a run of their own; what the sites hold is set back before each trial.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from agent.browser.account import Folders
from agent.browser.desk import Desk
from agent.browser.launch import find_browser
from agent.browser.session import Session
from agent.browser.watching import NullWatcher
from agent.clock import SystemClock
from agent.config import Shop, read_config
from agent.errors import AgentError
from agent.home import Home
from agent.ledger import Ledger
from agent.models import CommitFacts, CommitOutcome
from agent.work.run import Options, Run, always
from tests.market.core import Market
from tests.market.demo import write_home
from tests.market.demo_orders import PRODUCTS, SHOP
from tests.market.m1688.hand import TAILOR, with_offers

SHELL = "chromium-headless-shell"
MALL, DOUDIAN, M1688 = "mall-yiwu", "shop-xiaolin", "all-1688"
AT = {MALL: "mall", DOUDIAN: "shop", M1688: "m1688"}  # what the market calls the site of each account
WAIT = "4 s"  # a place that is gone costs as much
PATIENCE = f"limits: {{wait_for_page: {WAIT}, settle: 2 s}}"
AT_1688 = """\
  all-1688:
    site: "1688"
    shows: {shows}
    hosts: {{main: "{air}", login: "{login}", detail: "{detail}", cart: "{cart}", order: "{order}"}}
    manners: {{pause: 0-0 s}}
    limits: {{wait_for_page: {wait}, settle: 2 s}}
    known_order: "{known}"
shops:
"""
SUPPLIER = """\
suppliers:
  tailor:
    account: all-1688
    seller: {seller}
    autonomy: place
    note: 单号 <reference> 请勿放价格单
    most_per_order: 300.00
    most_per_day: 90000.00
"""


class Noting(Desk):
    """A desk that knows whether its commit was clicked: the attempt was on disk."""

    clicked = False

    def commit(self, flow: str, values: Mapping[str, Any], record: Callable[[CommitFacts], None]) -> CommitOutcome:
        def noted(facts: CommitFacts) -> None:
            record(facts)
            self.clicked = True

        return super().commit(flow, values, noted)


class Bench:
    """`with Bench(seed, folder, sites) as bench:` signs in; `with bench.trial(script) as run:` is one trial."""

    def __init__(self, seed: int, folder: Path, accounts: Sequence[str]) -> None:
        self.market = Market(seed=seed, latency=(0.0, 0.0), popups=False)
        self.folder, self.accounts = folder, tuple(accounts)
        self.home = Home(folder / "home")
        self.clock = SystemClock()
        self.at = 0  # orders made so far: no two are alike

    def __enter__(self) -> Bench:
        with ExitStack() as stack:
            stack.enter_context(self.market)
            self._fill()
            self._write()
            self.home.make()
            self.config = read_config(self.home)
            self.desks = {name: self._desk(name) for name in self.accounts}
            for one in self.desks.values():
                stack.callback(one.close)
                one.start()
                one.finish()
            with Ledger.open(self._known) as ledger:
                ledger.activate(SHOP, self.clock.now())
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _desk(self, name: str) -> Noting:
        account, site, known = self.config.accounts[name], self.config.site_of(name), self.market.accounts()[AT[name]]
        browser = find_browser(shutil.which(SHELL))
        folders = Folders(self.home.sign_ins, self.home.evidence, self.home.profiles, self.home.files, self.home.steps)

        def session(_watcher: object) -> Session:
            return Session(account, site, browser=browser, folder=folders, secret=lambda word: known[word], headed=False)

        return Noting(session, NullWatcher())

    @property
    def _known(self) -> Path:
        """The ledger that each trial begins with."""
        return self.folder / "known.db"

    @property
    def shop(self) -> Shop:
        return self.config.shops[SHOP]

    def _fill(self) -> None:
        market = self.market
        for product, (title, specs) in PRODUCTS.items():
            market.mall.add_product(product, title, {words: (price, 9_999) for words, (price, _stock) in specs.items()})
        market.mall.set_credit_limit(10**9)
        market.shop.set_quota(10**6)
        with_offers(market)

    def _write(self) -> None:
        market, site = self.market, self.market.m1688
        assert market.addresses is not None
        write_home(self.home.folder, market, market.addresses)
        path = self.home.config
        text = path.read_text(encoding="utf-8").replace("limits: {settle: 3 s}", PATIENCE)
        at = AT_1688.format(**site.addresses, shows=site.user_name, known=site.known_order.number, wait=WAIT)
        text = text.replace("shops:\n", at, 1).replace("suppliers:\n", SUPPLIER.format(seller=TAILOR))
        text = text.replace("most_per_day: 3000.00", "most_per_day: 90000.00")
        path.write_text(text.replace("most_money_per_day: 15000.00", "most_money_per_day: 90000.00"), encoding="utf-8")

    @contextmanager
    def learning(self) -> Iterator[Run]:
        """A run at pages that are as they were; what its ledger knows then stands in that of every later trial."""
        with self.trial("") as run:
            yield run
        shutil.copy(self._going, self._known)

    @property
    def _going(self) -> Path:
        return self.folder / "ledger.db"

    @contextmanager
    def trial(self, script: str) -> Iterator[Run]:
        """A run at sites that are as they were, but for what `script` makes of their pages."""
        self._set_back()
        for name in (self._going, Path(f"{self._going}-wal"), Path(f"{self._going}-shm")):
            name.unlink(missing_ok=True)
        shutil.copy(self._known, self._going)
        ledger = Ledger.open(self._going)
        try:
            number = ledger.begin_run(self.clock.now(), "drift")
            self.market.script = script
            yield Run(number, self.config, ledger, dict(self.desks), self.clock, Options(), lambda _words: None, always)
        finally:
            self.market.script = ""
            ledger.close()
            for desk in self.desks.values():
                with suppress(AgentError):
                    desk.close_pages()

    def _set_back(self) -> None:
        market = self.market
        market.requests.clear()
        market.mall.orders[:] = [market.mall.known_order]
        market.shop.orders.clear()
        market.shop.shipments.clear()
        market.shop.notes.clear()
        market.m1688.orders[:] = [market.m1688.known_order]
        market.m1688.cart.clear()
        for desk in self.desks.values():
            desk.clicked = False
        for session in market.mall.sessions.values():  # a filter that a search left is no drift
            session.state_filter = session.number_filter = session.order_filter = ""

    @property
    def clicked(self) -> bool:
        return any(desk.clicked for desk in self.desks.values())

    @property
    def touched(self) -> list[str]:
        """What of a change's own buttons was pressed."""
        return [record.query for record in self.market.requests if record.path == "/drift/touched"]

    @property
    def met(self) -> bool:
        """Whether the change was made on a page at all."""
        return any(record.path == "/drift/changed" for record in self.market.requests)
