"""`agent doctor`: what this machine has and lacks, each with the one thing to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from agent.browser.launch import examine as examine_browser
from agent.browser.launch import find_browser
from agent.cli.tell import as_json, table
from agent.config import Config, read_config
from agent.errors import AgentError
from agent.home import Home
from agent.ledger import Ledger
from agent.secrets import Secrets
from agent.words import _
from agent.work.start import products_of


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
    yield Finding(_("data folder"), True, str(home.folder))
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
    yield _ledger(home.ledger)
    if config:
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


def _ledger(path: Path) -> Finding:
    if not path.exists():
        return Finding(_("ledger"), True, _("none yet: the first run makes {}").format(path))
    try:
        ledger = Ledger.open(path)
        items = len(ledger.items(open_only=True))
        ledger.close()
    except AgentError as error:
        return Finding(_("ledger"), False, " · ".join(error.lines()))
    return Finding(_("ledger"), True, _("{path}, {count} inbox items open").format(path=path, count=items))


def _secrets(config: Config, secrets: Secrets) -> Iterator[Finding]:
    for account in config.accounts:
        for name in ("user_name", "password"):
            found = secrets.where(account, name)
            told = (
                _("from: {}").format(found[0])
                if found
                else _("neither in the environment, the keyring nor {}").format(secrets.file)
            )
            yield Finding(_("secret {name} of {account}").format(name=name, account=account), found is not None, told)
