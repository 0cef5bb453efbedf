"""`config.yaml` in the seller's words: accounts, shops, suppliers, limits. Closed: an unknown word is an error with its line.

Read by the same reader as the site files (agent/sites/document.py), so its mistakes are told in the same way, all at once.
"""

from __future__ import annotations

import importlib
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator

from agent.config_checks import problems_of, unknown_name
from agent.config_rates import Commission, Rate, rate_for
from agent.errors import ConfigError, Where
from agent.home import EXAMPLES, Home
from agent.models import Autonomy, DueRule, Fen, Flag, PayMethod, Percent
from agent.sites.definition import BrowserKind, Manners, Site
from agent.sites.document import Document, Problem, Problems, build, loosely, read_document
from agent.sites.reader import manners_of, read_site, seconds
from agent.sites.values import money_of, percent_of, squeeze, time_of
from agent.words import _, of_the_system

FLAGS: Mapping[str, Flag] = {"灰": "grey", "紫": "purple", "青": "cyan", "绿": "green", "橙": "orange", "红": "red"}
WEEKDAYS: Mapping[str, int] = {"周一": 0, "周二": 1, "周三": 2, "周四": 3, "周五": 4, "周六": 5, "周日": 6, "周天": 6}


def _yuan(told: object) -> object:
    return money_of(told) if isinstance(told, str) else told


def _flag(told: object) -> object:
    return FLAGS.get(told, told) if isinstance(told, str) else told


def _paid_after(told: object) -> object:
    return None if told == "activation" else time_of(told) if isinstance(told, str) else told


def _duration(told: object) -> object:
    return seconds(told) if isinstance(told, str) else told


def _manners(told: object) -> object:
    return manners_of(told) if isinstance(told, Mapping) else told


def _clock(told: object) -> object:
    found = re.fullmatch(r"([01]?[0-9]|2[0-3])[:：]([0-5][0-9])", told) if isinstance(told, str) else None
    if found is None:
        raise ValueError(_("`{}` is no time of day; write it as 16:00").format(told))
    return time(int(found[1]), int(found[2]))


def _closed_day(told: object) -> object:
    if isinstance(told, str) and told in WEEKDAYS:
        return WEEKDAYS[told]
    try:
        return datetime.strptime(str(told), "%Y-%m-%d").date()
    except ValueError as error:
        raise ValueError(_("`{}` is no day; write 周日, or a date as 2027-02-16").format(told)) from error


def _pay_at(told: object) -> object:
    return () if told == "now" else told


def _amount_or_percent(told: object) -> object:
    if isinstance(told, str):
        return percent_of(told) if "%" in squeeze(told) else money_of(told)
    if isinstance(told, int | Percent):
        return told
    raise ValueError(_("`{}` is neither an amount nor a percentage").format(told))


def _due(told: object) -> object:
    rule = DueRule.of(told) if isinstance(told, str) else told
    if not isinstance(rule, DueRule):
        ways = "`day 25 of next month`, `30 days after month end`, `30 days after receipt`, `45 days after order`"
        raise ValueError(
            _("no due date can be computed from `{told}`; write it as one of: {ways}").format(told=told, ways=ways)
        )
    return rule


Yuan = Annotated[Fen, BeforeValidator(_yuan)]
YuanOrRate = Annotated[Fen | Percent, PlainValidator(_amount_or_percent)]
FlagWord = Annotated[Flag, BeforeValidator(_flag)]
Seconds = Annotated[float, BeforeValidator(_duration)]
Clock = Annotated[time, PlainValidator(_clock)]
ClosedDay = Annotated[int | date, PlainValidator(_closed_day)]  # a weekday, 0 is Monday, or one date


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class AccountLimits(_Closed):
    """Overrides of the site's own limits, for a slow line or a test."""

    wait_for_page: Seconds | None = None
    settle: Seconds | None = None


class Account(_Closed):
    """One sign-in at one site: the unit of locking, pace, counting. `known_order` is an order that exists there already.

    `browser` overrides the site's: shared, or own_chrome with a profile kept for this account alone.
    """

    name: str = ""
    site: str
    shows: str = ""
    hosts: Mapping[str, str] = Field(default_factory=dict)
    known_order: str = ""
    manners: Annotated[Manners | None, BeforeValidator(_manners)] = None
    browser: BrowserKind | None = None
    limits: AccountLimits = AccountLimits()


class Take(_Closed):
    """Which orders are ours. `paid_after: activation` (None) leaves the backlog of the first day alone.

    `except_remarks` are stop words, `ignore_remarks` words that mean nothing: any other remark needs a person's yes.
    """

    paid_after: Annotated[datetime | None, BeforeValidator(_paid_after)] = None
    except_flags: tuple[FlagWord, ...] = ()
    except_remarks: tuple[str, ...] = ()
    ignore_remarks: tuple[str, ...] = ()


class Note(_Closed):
    """What colleagues see in the shop after a purchase is proven; `begun` before anything is typed at the supplier, "" nothing."""

    flag: FlagWord | None = None
    words: str = "已拍 <supplier_order_number>"
    begun: str = ""


class Fees(_Closed):
    """What the platform takes of an order: shares of what the buyer paid, and amounts an order.

    `commission` is one rate, or one for each word by which the shop says where an order came from; `other` is any other word.
    """

    service: Rate = Percent(0)
    commission: Commission = Percent(0)
    insurance: Yuan = Fen(0)
    fixed: Yuan = Fen(0)

    def commission_of(self, source: str) -> Percent | None:
        """The commission of an order that came from there; None: it depends on that, and nothing says what it is."""
        return self.commission if isinstance(self.commission, Percent) else rate_for(source, self.commission)


class Shop(_Closed):
    """`least_margin`: what an order must leave at least, in yuan or as a share of what the buyer paid; None: nothing is asked."""

    name: str = ""
    account: str
    products: str
    take: Take = Take()
    wait_before_buying: Seconds = 1800.0
    note: Note = Note()
    ship_when: Literal["picked_up", "number_known"] = "picked_up"
    ask_before_ship_by: Seconds = 21600.0
    most_reveals_per_day: int = Field(default=200, ge=0)
    fees: Fees = Fees()
    least_margin: YuanOrRate | None = None


class Credit(_Closed):
    """Credit terms (账期): the most that may be owed at once, and when a purchase is due."""

    limit: Yuan
    due: Annotated[DueRule, PlainValidator(_due)]


class Supplier(_Closed):
    """Whom we buy from. `seller`: at a marketplace, the seller's own name there.

    `buy_again`: what the supplier closed or cancelled is bought again without asking, never, only what was not paid, or always.
    `most_per_product_per_hour`: purchases of one product of theirs within any hour.
    `price_tolerance`: how far the price of a piece may be from what it last cost; None: only its ceiling counts.
    `most_freight`: the most that the freight of one order may be, `freight_by_region` for provinces that begin so.
    `cancel`: what is unwanted by now and was not sent is cancelled there never, on a person's word, or by itself where refunded.
    `pay`: how its orders are paid, best first; empty leaves it all to a person. `pay_at`: when, empty is in every run.
    `payee`: the name its cashier shows, where that is not `seller`.
    """

    name: str = ""
    account: str
    autonomy: Autonomy = "show"
    cut_off: Clock | None = None
    closed_days: tuple[ClosedDay, ...] = ()
    regions_refused: tuple[str, ...] = ()
    note: str = ""
    seller: str = ""
    buy_again: Literal["never", "closed_unpaid", "always"] = "never"
    cancel: Literal["never", "ask", "refunded"] = "ask"
    most_per_order: Yuan
    most_per_day: Yuan
    most_orders_per_day: int | None = Field(default=None, ge=0)
    most_per_product_per_hour: int = Field(default=30, ge=1)
    price_tolerance: YuanOrRate | None = None
    most_freight: Yuan | None = None
    freight_by_region: Mapping[str, Yuan] = Field(default_factory=dict)
    credit: Credit | None = None
    pay: tuple[PayMethod, ...] = ()
    pay_at: Annotated[tuple[Clock, ...], BeforeValidator(_pay_at)] = ()
    payee: str = ""

    @property
    def paid_to(self) -> str:
        """The name that a cashier must show before anything is paid there."""
        return self.payee or self.seller


class DayLimits(_Closed):
    """`stop_after_…`: an account is paused, until a person lets it go on, after so many writes of unknown outcome there,
    or after so many pages in a row that are not as its site file says.
    """

    most_orders_per_day: int = Field(ge=0)
    most_money_per_day: Yuan
    stop_after_unknown: int = Field(default=2, ge=1)
    stop_after_page_changed: int = Field(default=3, ge=1)


def _addresses(told: object) -> object:
    if isinstance(told, list | tuple):
        for number, address in enumerate(told, 1):
            if not can_be_told(str(address)):
                # An address holds a token, so it is not quoted.
                raise ValueError(_("address {} of `notify:` is none that apprise can read").format(number))
    return told


def can_be_told(address: str) -> bool:
    """Whether messages can be sent to an address."""
    apprise = importlib.import_module("apprise")  # slow to import, and most sellers have none
    logging.getLogger("apprise").disabled = True  # it would print the address
    return apprise.Apprise.instantiate(address) is not None


class ConfigFile(_Closed):
    language: Literal["zh", "en", ""] = ""
    browser: str = ""
    notify: Annotated[tuple[str, ...], BeforeValidator(_addresses)] = ()
    accounts: dict[str, Account]
    shops: dict[str, Shop]
    suppliers: dict[str, Supplier]
    limits: DayLimits


@dataclass(frozen=True)
class Config:
    """The whole of it, with the site files that its accounts name."""

    path: Path
    language: str
    browser: str
    accounts: Mapping[str, Account]
    shops: Mapping[str, Shop]
    suppliers: Mapping[str, Supplier]
    limits: DayLimits
    sites: Mapping[str, Site]
    notify: tuple[str, ...] = ()

    def site_of(self, account: str) -> Site:
        return self.sites[self.accounts[account].site]

    def supplier(self, name: str) -> Supplier:
        """The supplier of this name. Raises ConfigError where there is none."""
        if name not in self.suppliers:
            what = _("There is no supplier “{}” in config.yaml").format(name)
            raise ConfigError(what, todo=_("There are: {}").format(", ".join(self.suppliers) or _("none")))
        return self.suppliers[name]

    def has_own_chrome(self, account: str) -> bool:
        """Whether the account runs in a Chrome of its own, with a kept profile."""
        return (self.accounts[account].browser or self.site_of(account).browser) == "own_chrome"

    def products_path(self, shop: Shop) -> Path:
        return self.path.parent / shop.products


def read_config(home: Home) -> Config:
    """Read config.yaml and every site file it needs. Raises ConfigError, Problems with all mistakes of all files at once."""
    if not home.config.exists():
        raise ConfigError(
            _("There is no config.yaml in the data folder yet"),
            where=Where(file=home.config),
            todo=_("Run `agent doctor --write-config`, then edit that file."),
        )
    document = read_document(home.config)
    file = build(ConfigFile, document)
    problems = list(_missing_sites(home, document, file))
    sites: dict[str, Site] = {}
    for site in sorted({account.site for account in file.accounts.values()}):
        path = find_site(home, site)
        if path is None:
            continue  # told by _missing_sites
        try:
            sites[site] = read_site(path)
        except Problems as more:
            problems += more.problems
    problems += problems_of(document, file, sites)
    if problems:
        raise Problems(tuple(problems))
    return Config(
        path=home.config,
        language=file.language or of_the_system(),
        browser=file.browser,
        accounts={n: a.model_copy(update={"name": n}) for n, a in file.accounts.items()},
        shops={n: s.model_copy(update={"name": n}) for n, s in file.shops.items()},
        suppliers={n: s.model_copy(update={"name": n}) for n, s in file.suppliers.items()},
        limits=file.limits,
        sites=sites,
        notify=file.notify,
    )


def notify_told(home: Home) -> tuple[str, ...]:
    """The `notify:` of a config.yaml that has mistakes elsewhere: they are what is to be told; () where it cannot be read."""
    try:
        text = home.config.read_text(encoding="utf-8-sig", errors="replace")  # of a file in GBK the addresses can be read
        found = re.search(r"^notify:.*(\n([ \t\]#-].*)?)*", text, re.MULTILINE)
        told = loosely(found[0]).get("notify") if found else ()
    except OSError:
        return ()
    return tuple(address for address in told if can_be_told(address)) if isinstance(told, list) else ()


def language_told(home: Home) -> str:
    """The `language:` of config.yaml, of one with mistakes too, or "": it is needed before anything is said."""
    try:
        text = home.config.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""
    found = re.search(r"^language:\s*[\"']?(zh|en)\b", text, re.MULTILINE)
    return found[1] if found else ""


def find_site(home: Home, site: str) -> Path | None:
    """The site's file: the seller's own in the data folder, else the shipped one."""
    for folder in home.site_folders:
        path = folder / f"{site}.yaml"
        if path.exists():
            return path
    return None


def all_sites(home: Home, *, templates: bool = False) -> list[Path]:
    """Every site file that can be used, the seller's own before a shipped one of the same name.

    `templates`: those too that are there to be copied: the examples, and what begins with `_`.
    """
    found: dict[str, Path] = {}
    for folder in (*home.site_folders, *([EXAMPLES] if templates else [])):
        for path in sorted(folder.glob("*.yaml")):
            if templates or not path.name.startswith("_"):
                found.setdefault(path.stem, path)
    return list(found.values())


def _missing_sites(home: Home, document: Document, file: ConfigFile) -> list[Problem]:
    return [
        unknown_name(
            document,
            ("accounts", name, "site"),
            _("There is no site file “{}.yaml”").format(account.site),
            ", ".join(path.stem for path in all_sites(home)),
        )
        for name, account in file.accounts.items()
        if find_site(home, account.site) is None
    ]
