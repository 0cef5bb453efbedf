"""Start a run: the lock, the ledger, the products, one desk per account; and end it, whatever happened."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout
from loguru import logger

from agent.browser.account import Folders
from agent.browser.desk import Desk
from agent.browser.launch import find_browser
from agent.browser.session import Session
from agent.browser.watching import Watcher
from agent.clock import Clock
from agent.config import Account, Config
from agent.errors import AtWork, MachineFailed, Where
from agent.home import Home
from agent.ledger import EVERYWHERE, Ledger
from agent.models import SHANGHAI
from agent.secrets import Secrets
from agent.sites.document import Problems
from agent.words import _
from agent.work.machine import back_up_daily
from agent.work.products import Products, read_products
from agent.work.run import Confirm, Options, Run


@contextmanager
def locked(home: Home) -> Iterator[None]:
    """Hold the ledger for this process alone. Raises AtWork naming who holds it."""
    lock = FileLock(home.lock)
    with folder_written(home):
        _acquire(lock, home)
    try:
        with folder_written(home):
            _holder_file(home).write_text(_this_process(), encoding="utf-8")
        yield
    finally:
        with suppress(OSError):  # else the next run's first moment looks like hours
            _holder_file(home).unlink(missing_ok=True)
        lock.release()


@contextmanager
def folder_written(home: Home) -> Iterator[None]:
    """What cannot be written in here is told as the data folder's; nothing was started."""
    try:
        yield
    except OSError as error:
        raise MachineFailed(
            _("The data folder cannot be written: {}").format(error.strerror),
            where=Where(file=home.folder),
            todo=_("Free space on its disk, or make it writable again; nothing was started."),
        ) from error


def _acquire(lock: FileLock, home: Home) -> None:
    try:
        lock.acquire(timeout=0)
    except Timeout as e:
        raise AtWork(
            _("Another run is at work on this ledger ({})").format(_holder(home)),
            since=_held_since(home),
            where=Where(file=home.lock),
            todo=_("Wait for it to end, or end it."),
        ) from e


def _this_process() -> str:
    return _("process {}").format(os.getpid())


def _held_since(home: Home) -> datetime | None:
    try:
        return datetime.fromtimestamp(_holder_file(home).stat().st_mtime, SHANGHAI)
    except OSError:
        return None


def _holder(home: Home) -> str:
    try:
        return _holder_file(home).read_text(encoding="utf-8")
    except OSError:  # it ends at this very moment, or it could not write its name
        return _("process unknown")


def _holder_file(home: Home) -> Path:
    return home.lock.with_suffix(".holder")


def products_of(config: Config) -> Mapping[str, Products]:
    """Each shop's products table, as it stands now: what is changed in it while a run goes on counts from the next run on.

    Raises Problems with every mistake of a table at once.
    """
    return {name: read_products(config.products_path(shop), frozenset(config.suppliers)) for name, shop in config.shops.items()}


def changed_since(config: Config, products: Mapping[str, Products]) -> list[str]:
    """What a person should know of tables that are not what the run read when it started, in words."""
    told = []
    for before in products.values():
        try:
            if read_products(before.path, frozenset(config.suppliers)) == before:
                continue
            words = _("{path} was changed during this run. What is new in it counts from the next run on.")
            told.append(words.format(path=before.path))
        except Problems as wrong:
            words = _(
                "{path} was changed during this run and has a mistake now: the next run does not start before it is mended."
            )
            told += [words.format(path=before.path), *(f"  {problem}" for problem in wrong.problems)]
    return list(dict.fromkeys(told))


@contextmanager
def running(
    home: Home,
    config: Config,
    secrets: Secrets,
    clock: Clock,
    options: Options,
    *,
    headed: bool | None,
    watch: Watcher,
    progress: Callable[[str], None],
    confirm: Confirm,
    words: str,
) -> Iterator[Run]:
    """A run with its desks started, the ledger open and locked; everything is closed again at the end.

    Raises Paused, with nothing begun, where the whole program is; a person's own visit to one account is none of a run.
    """
    with ExitStack() as stack:
        stack.enter_context(locked(home))
        ledger = Ledger.open(home.ledger)
        stack.callback(ledger.close)
        ledger.refuse_damaged()
        ledger.seen(clock.now())
        if not options.accounts:
            ledger.refuse_paused(EVERYWHERE)
        desks = _desks(home, config, secrets, ledger, headed=headed, watch=watch, stack=stack, only=options.accounts)
        run = Run(ledger.begin_run(clock.now(), words), config, ledger, desks, clock, options, progress, confirm)
        back_up_daily(run)
        try:
            yield run
        except MachineFailed as error:
            logger.error("the run ended: {} ({})", error.what, error.where.file)
            raise


def _desks(
    home: Home,
    config: Config,
    secrets: Secrets,
    ledger: Ledger,
    *,
    headed: bool | None,
    watch: Watcher,
    stack: ExitStack,
    only: tuple[str, ...],
) -> dict[str, Desk]:
    browser = find_browser(config.browser or None)
    folders = Folders(
        sign_ins=home.sign_ins, evidence=home.evidence, profiles=home.profiles, files=home.files, steps=home.steps
    )

    def desk(account: Account) -> Desk:
        return Desk(
            lambda watcher: Session(
                account,
                config.site_of(account.name),
                browser=browser,
                folder=folders,
                secret=lambda name: secrets.get(account.name, name),
                watch=watcher,
                headed=headed,
            ),
            watch,
            ledger.changed_pages(account.name),
        )

    desks = {name: desk(account) for name, account in config.accounts.items() if not only or name in only}
    for one in desks.values():
        stack.callback(one.close)
    return desks
