"""Where the month passes: a market and a run with one clock, a signed-in browser an account, and one ledger."""

from __future__ import annotations

import shutil
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path

from agent.browser.account import Folders
from agent.browser.desk import Desk
from agent.browser.launch import find_browser
from agent.browser.session import Session
from agent.browser.watching import NullWatcher
from agent.config import Shop, read_config
from agent.errors import AgentError
from agent.home import Home
from agent.ledger import Ledger
from agent.work.run import Options, Run, always
from tests.drift.bench import AT, AT_1688, DOUDIAN, M1688, MALL, SHELL
from tests.market.core import Market
from tests.market.demo import write_home, write_prepaid_mall
from tests.market.demo_orders import PRODUCTS, SHOP
from tests.market.m1688.hand import POTTER, TAILOR, with_offers
from tests.month.clock import MonthClock

ACCOUNTS = (DOUDIAN, MALL, M1688)
CREDIT_DAYS = 5
SUPPLIERS = """\
suppliers:
  yiwu:
    account: {mall}
    payee: {payee}
    pay: [balance]
{all}
  tailor:
    account: {m1688}
    seller: {tailor}
    pay: [{tailor_pays}]
{all}
  potter:
    account: {m1688}
    seller: {potter}
    pay: [credit]
    credit: {{limit: 900000.00, due: {days} days after order}}
{all}
limits: {{most_orders_per_day: 2000, most_money_per_day: 900000.00, stop_after_unknown: 99, stop_after_page_changed: 99}}
"""
ALL = """\
    autonomy: place_and_pay
    cancel: refunded
    note: 单号 <reference> 请勿放价格单
    most_per_order: 900.00
    most_per_day: 900000.00"""
OPENING = 5_000  # 分 of balance at the mall: it is too low on the first days


class Bench:
    """`with Bench(seed, folder, begin) as bench:` signs in everywhere."""

    def __init__(self, seed: int, folder: Path, begin: datetime) -> None:
        self.clock = MonthClock(begin)
        self.market = Market(seed=seed, latency=(0.0, 0.0), popups=False, keep_alive=True, clock=self.clock.now)
        self.home = Home(folder)

    def __enter__(self) -> Bench:
        with ExitStack() as stack:
            stack.enter_context(self.market)
            self._open_the_sites()
            self.home.make()
            self._write(by_debit=False)
            self.ledger = Ledger.open(self.home.folder / "ledger.db")
            stack.callback(self.ledger.close)
            self.ledger.activate(SHOP, self.clock.now())
            self.desks = {name: self._desk(name) for name in ACCOUNTS}
            for desk in self.desks.values():
                stack.callback(desk.close)
                desk.start()
                desk.finish()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _open_the_sites(self) -> None:
        market = self.market
        for product, (title, specs) in PRODUCTS.items():
            market.mall.add_product(product, title, {words: (price, 9_999) for words, (price, _stock) in specs.items()})
        market.mall.balance.settle_prepaid(OPENING)
        with_offers(market)
        market.m1688.payments.credit.open_credit(10**8, days=CREDIT_DAYS)
        market.shop.set_quota(10**6)

    def _write(self, *, by_debit: bool) -> None:
        market, site = self.market, self.market.m1688
        assert market.addresses is not None
        write_home(self.home.folder, market, market.addresses)
        write_prepaid_mall(self.home.folder)
        head, _suppliers, _rest = self.home.config.read_text(encoding="utf-8").partition("suppliers:\n")
        at = AT_1688.format(**site.addresses, shows=site.user_name, known=site.known_order.number, wait="20 s")
        suppliers = SUPPLIERS.format(
            mall=MALL,
            m1688=M1688,
            payee=market.mall.balance.payee,
            tailor=TAILOR,
            potter=POTTER,
            tailor_pays="auto_debit, qr" if by_debit else "qr",
            days=CREDIT_DAYS,
            all=ALL,
        )
        self.home.config.write_text(head.replace("shops:\n", at, 1) + suppliers, encoding="utf-8")
        self.config = read_config(self.home)

    def enable_auto_debit(self) -> None:
        """A person allows the marketplace to debit, and says so in config.yaml."""
        self.market.m1688.payments.enable_auto_debit(10**7, 10**8)
        self._write(by_debit=True)

    def _desk(self, name: str) -> Desk:
        account, site, known = self.config.accounts[name], self.config.site_of(name), self.market.accounts()[AT[name]]
        browser = find_browser(shutil.which(SHELL))
        home = self.home
        folders = Folders(home.sign_ins, home.evidence, home.profiles, home.files, home.steps)

        def session(_watcher: object) -> Session:
            return Session(account, site, browser=browser, folder=folders, secret=lambda word: known[word], headed=False)

        return Desk(session, NullWatcher())

    @property
    def shop(self) -> Shop:
        return self.config.shops[SHOP]

    def begin(self) -> Run:
        """A new run over the same ledger."""
        number = self.ledger.begin_run(self.clock.now(), "month")
        return Run(number, self.config, self.ledger, dict(self.desks), self.clock, Options(), lambda _words: None, always)

    def rest(self, run: Run) -> None:
        """The run is over: no page of it stays open."""
        self.ledger.end_run(run.id, self.clock.now())
        for desk in self.desks.values():
            with suppress(AgentError):
                desk.close_pages()
