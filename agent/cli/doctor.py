"""`agent doctor`: what this machine has and lacks, each with the one thing to do."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from agent.browser.launch import chrome_of, command_to_install_chrome, find_browser, this_machine
from agent.browser.launch import examine as examine_browser
from agent.cli.tell import as_json, table
from agent.clock import SystemClock
from agent.config import Config, read_config
from agent.errors import AgentError, ConfigError
from agent.home import Home
from agent.ledger import Ledger, backups
from agent.secrets import Secrets
from agent.words import _
from agent.work.credit import credit_uses
from agent.work.start import products_of
from agent.work.to_pay import pay_uses
from agent.work.used import uses

ENOUGH = 500_000_000  # bytes free: a day's pictures and backups, and the room SQLite needs to write


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    well: bool
    told: str


def examine(home: Home, secrets: Secrets, json_: bool) -> int:
    """Print every finding; 0 when all is well, else 2."""
    findings = list(_findings(home, secrets))
    if json_:
        as_json("doctor", [asdict(finding) for finding in findings])
    else:
        table(
            (_("what"), _("state"), _("told")),
            [(f.what, _("well") if f.well else _("missing"), f.told) for f in findings],
            title=_("This machine"),
        )
    return 0 if all(finding.well for finding in findings) else 2


def _findings(home: Home, secrets: Secrets) -> Iterator[Finding]:
    yield from _folder(home.folder)
    config = None
    try:
        config = read_config(home)
        products_of(config)
        yield Finding("config.yaml", True, str(home.config))
        told = _("{} addresses are told when something waits").format(len(config.notify))
        yield Finding(_("messages"), True, told if config.notify else _("none: `notify:` of config.yaml is empty"))
    except AgentError as error:
        yield Finding("config.yaml", False, " · ".join(error.lines()))
    yield from _browser(config)
    yield from _ledger(home.ledger)
    yield from _backups(home)
    if home.ledger.exists():
        yield from _stops(home.ledger, config)
    if config:
        yield from _own_chromes(home, config)
        yield from _secrets(config, secrets)


def _browser(config: Config | None) -> Iterator[Finding]:
    try:
        choice = find_browser(config.browser or None if config else None)
        found = examine_browser(choice)
    except AgentError as error:
        yield Finding(_("browser"), False, " · ".join(error.lines()))
        return
    yield Finding(_("browser"), True, f"{choice.told} {found.version}")
    told = _("drawn") if found.draws_chinese else _("install a Chinese font, for example fonts-noto-cjk")
    yield Finding(_("Chinese letters"), found.draws_chinese, told)


def _own_chromes(home: Home, config: Config) -> Iterator[Finding]:
    chrome = _chrome(config)
    for account in filter(config.has_own_chrome, config.accounts):
        folder = home.profiles / account
        profile = (
            _("profile: {}").format(folder)
            if folder.is_dir()
            else _("no profile yet: `agent login {}` makes it").format(account)
        )
        told = " · ".join((profile, _("whether it is signed in was not tested"), chrome))
        yield Finding(_("own Chrome of {}").format(account), True, told)


def _chrome(config: Config) -> str:
    machine = this_machine()
    path = chrome_of(machine)
    if config.browser:
        return _("config.yaml names its browser: {}").format(config.browser)
    if path:
        return _("Google Chrome: {}").format(path)
    return _("Google Chrome is not installed, the browser named above is taken; to install it, type: {}").format(
        command_to_install_chrome(machine)
    )


def _folder(folder: Path) -> Iterator[Finding]:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"1")
        yield Finding(_("data folder"), True, str(folder))
    except OSError as error:
        yield Finding(_("data folder"), False, _("The data folder cannot be written: {}").format(error))
    free = shutil.disk_usage(folder).free
    told = _("{:.1f} GB free").format(free / 1e9)
    well = free >= ENOUGH
    yield Finding(_("disk"), well, told if well else _("{}: make room, a full disk ends every run").format(told))


def _ledger(path: Path) -> Iterator[Finding]:
    if not path.exists() and not backups.all_in(backups.folder_of(path)):
        yield Finding(_("ledger"), True, _("none yet: the first run makes {}").format(path))
        return
    try:
        with Ledger.open(path) as ledger:
            ledger.refuse_damaged()
            items = len(ledger.items(open_only=True))
            restored = ledger.mark("restored_from")
    except AgentError as error:
        yield Finding(_("ledger"), False, " · ".join(error.lines()))
        return
    yield Finding(_("ledger"), True, _("{path}, {count} inbox items open").format(path=path, count=items))
    if restored:
        told = _("put back from {}: `agent run --once` looks for what it does not know, then `agent approve ID` lets it go on")
        yield Finding(_("ledger put back"), False, told.format(restored))


def _backups(home: Home) -> Iterator[Finding]:
    there = backups.all_in(home.backups)
    if not there:
        if home.ledger.exists():
            yield Finding(_("last backup"), True, _("none yet: the next run makes one"))
        return
    wrong = backups.wrong_with(there[0])
    told = str(there[0])
    if wrong:
        good = backups.newest_good(home.backups) or _("there is none")
        told = _("{file} cannot be put back ({why}); the newest that can: {good}").format(file=told, why=wrong, good=good)
    yield Finding(_("last backup"), not wrong, told)


def _stops(path: Path, config: Config | None) -> Iterator[Finding]:
    """What is paused and why, and how much of each limit is used up."""
    try:
        ledger = Ledger.open(path)
    except AgentError:
        return  # told as the ledger's own finding
    with ledger:
        stops = ledger.stops()
        if not stops:
            yield Finding(_("paused"), True, _("nothing"))
        for stop in stops:
            ends = " ".join(("agent resume", stop.account)).strip()
            told = _("{stopped}; `{command}` lets it go on").format(stopped=stop.words, command=ends)
            yield Finding(_("{}: paused").format(stop.account or _("whole program")), stop.who == "person", told)
        if config:
            now = SystemClock().now()
            yield from (Finding(what, True, told) for what, told in uses(config, ledger, now))
            yield from (Finding(*finding) for finding in credit_uses(config, ledger, now))
            yield from (Finding(what, True, told) for what, told in pay_uses(config, ledger))


def _secrets(config: Config, secrets: Secrets) -> Iterator[Finding]:
    for account in config.accounts:
        for name in ("user_name", "password"):
            what = _("secret {name} of {account}").format(name=name, account=account)
            try:
                found = secrets.where(account, name)
            except ConfigError as error:
                yield Finding(what, False, " · ".join(error.lines()))
                continue
            by_hand = not found and config.has_own_chrome(account)
            told = _("neither in the environment, the keyring nor {}").format(secrets.file)
            if found:
                told = _("from: {}").format(found[0])
            elif by_hand:
                told = _("none: you sign in yourself with `agent login {}`").format(account)
            yield Finding(what, bool(found) or by_hand, told)
