"""`agent site new`: a site taught with the mouse, or with what is written in the terminal where there is no screen."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import get_args

import click

from agent.browser.launch import find_browser, has_screen, this_machine
from agent.browser.lesson import Lesson
from agent.cli import keys
from agent.cli.begin import Start
from agent.cli.dry import show_dry
from agent.cli.guide import guide
from agent.cli.spoken import Command, option
from agent.cli.tell import say, say_error
from agent.config import all_sites, read_config
from agent.errors import ConfigError
from agent.sites.contract import SiteKind
from agent.sites.copies import may_be_named
from agent.sites.definition import Site
from agent.sites.document import read_document, text_of
from agent.sites.lesson import Draft, Question
from agent.sites.reader import read_site
from agent.terms import FLOWS, PLACES, VALUES, plain
from agent.words import _, later
from agent.work.pointing import Person
from agent.work.site_files import file_of
from agent.work.teaching import Sitting, Taught, finish, kept_draft, new_draft, site_by_now, teach

BASES: dict[SiteKind, str] = {"supplier": "_template", "shop": "_shop"}
MONEY = (
    ("submit", later("when the order is placed")),
    ("pay", later("when it is paid, later")),
    ("month_end", later("at the end of the month")),
)


class TerminalPerson:
    """Who answers in the terminal. A line ends with Enter; `q` alone stops."""

    def tell(self, words: str) -> None:
        say(f"  {words}")

    def line(self, question: str, hint: str, heard: Callable[[], str]) -> str:
        say(question)
        if hint:
            say(f"  {hint}")
        click.echo("  › ", nl=False)
        while not keys.line_comes(0.02):
            if told := heard():
                click.echo("")
                return told
        told = sys.stdin.readline()
        if not told or (told.strip() == "q" and hint):
            raise KeyboardInterrupt
        return told.strip()

    def choose(self, question: str, choices: tuple[str, ...]) -> int | None:
        for number, words in enumerate(choices, 1):
            say(f"  {number}  {words}")
        while True:
            told = self.line(question, _("A number, or Enter for none of them"), _nothing)
            if not told:
                return None
            if told.isdecimal() and 1 <= int(told) <= len(choices):
                return int(told) - 1

    def secret(self, question: str) -> str:
        try:
            return str(click.prompt(question, hide_input=True, default="", show_default=False))
        except click.exceptions.Abort:
            raise KeyboardInterrupt from None


def _nothing() -> str:
    keys.line_comes(0.1)
    return ""


@click.command(
    cls=Command, help=later("Teach a site with the mouse: its pages are asked for one by one, and its file is written.")
)
@click.argument("name", metavar="NEW")
@option("--kind", type=click.Choice(get_args(SiteKind)), help=later("shop or supplier. Default: it is asked."))
@option("--host", default="", metavar="ADDRESS", help=later("Where the site lies: https://…"))
@option(
    "--from", "base", default="", metavar="SITE", help=later("Begin from this site file. Default: the template of its kind.")
)
@option("--headless", is_flag=True, help=later("Without a window: addresses and locators are written."))
@click.pass_obj
def new(start: Start, name: str, kind: SiteKind | None, host: str, base: str, headless: bool) -> int:
    person = TerminalPerson()
    _refuse(start, name)
    draft = kept_draft(start.home.make(), name) or _begun(start, person, name, kind, base)
    draft.host = _host(host) if host else draft.host
    say(_("What you answer is kept; q or Ctrl-C stops, and `agent site new {}` goes on from there.").format(name))
    _ask_top(person, draft)
    text = text_of(file_of(start.home, draft.base))
    headed = not headless and has_screen(this_machine())
    site = site_by_now(start.home, draft, text)
    browser = find_browser(_browser_told(start))
    with closing(Lesson(site, browser=browser, headed=headed)) as lesson:
        sitting = Sitting(start.home, draft, text, lesson, person)
        sitting.keep()
        teach(sitting)
        taught = finish(sitting)
        whole = _written(draft, taught)
        if whole is None:
            return 1
        came = show_dry(sitting, whole)
    return max(_what_comes(start, draft), 0 if came else 1)


def _browser_told(start: Start) -> str | None:
    """The browser that config.yaml names, as far as it can be read already: it may speak of the site that is to be made."""
    try:
        return read_config(start.home).browser or None
    except ConfigError:
        return None


def _refuse(start: Start, name: str) -> None:
    """Raise ConfigError for a name that cannot be one, or is taken."""
    if not may_be_named(name):
        raise ConfigError(
            _("“{}” cannot be the name of a site file").format(name),
            todo=_("Small letters, digits, - and _; a letter or digit first."),
        )
    there = next((path for path in all_sites(start.home) if path.stem == name), None)
    if there:
        raise ConfigError(_("There is a file already: {}").format(there), todo=_("Choose another name, or change that file."))


def _begun(start: Start, person: Person, name: str, kind: SiteKind | None, base: str) -> Draft:
    if kind is None and base:
        kind = read_site(file_of(start.home, base)).kind
    while kind is None:
        at = person.choose(_("What is it?"), (_("a supplier"), _("a shop of yours")))
        kind = None if at is None else ("supplier", "shop")[at]
    path = file_of(start.home, base or BASES[kind])
    if read_site(path).kind != kind:
        raise ConfigError(_("“{}” is not the file of such a site").format(path.stem), todo=_("Leave out --from or --kind."))
    return new_draft(name, kind, path.stem, read_document(path))


def _ask_top(person: Person, draft: Draft) -> None:
    hint = _("q stops")
    while not draft.title:
        draft.title = person.line(_("The site's name, as you call it"), hint, _nothing)
    while not draft.host:
        try:
            draft.host = _host(person.line(_("Its address: https://…"), hint, _nothing))
        except ConfigError as error:
            person.tell(str(error))
    while draft.kind == "supplier" and not draft.money:
        at = person.choose(_("When does it take the money?"), tuple(_(words) for _money, words in MONEY))
        draft.money = "" if at is None else MONEY[at][0]


def _host(told: str) -> str:
    """Scheme and name of an address, what stands behind them left out. Raises ConfigError."""
    scheme, _colon, rest = told.partition("://")
    name = rest.split("/", 1)[0]
    if scheme not in ("http", "https") or not name or " " in name:
        raise ConfigError(_("“{}” is no address").format(told), todo=_("Write it as the browser shows it: https://…"))
    return f"{scheme}://{name}"


# ---- what came of it -------------------------------------------------------------------------------------------------


def _written(draft: Draft, taught: Taught) -> Site | None:
    """Say what is written, and what nobody has shown; the site, None where mistakes are left."""
    for question in taught.open:
        say(_("Not shown yet, a guess: {page} · {place}").format(page=question.page, place=_words(question)))
    if taught.problems is not None:
        say_error(taught.problems)
        say(_("Not whole yet. As far as it came: {}").format(taught.file))
        say(_("Go on: {}").format(f"agent site new {draft.name}"))
        return None
    say(_("Written: {}").format(taught.file))
    return taught.site


def _what_comes(start: Start, draft: Draft) -> int:
    """What is left to do: an account of it is looked at with the person at once; 0 where all of it was found, else 1."""
    account = _account_of(start, draft.name)
    code = guide(start, account) if account else 0
    for words in () if account else _next(draft):
        say(words)
    say(
        _("The first real order is placed before your eyes: `agent run --once --step --order NO` ({}).").format(
            plain(FLOWS, "submit_order" if draft.kind == "supplier" else "ship_order")
        )
    )
    return code


def _words(question: Question) -> str:
    return f"{plain(PLACES, question.name) if question.name in PLACES else plain(VALUES, question.name)} ({question.path})"


def _account_of(start: Start, name: str) -> str:
    if not start.home.config.exists():
        return ""
    config = read_config(start.home)
    return next((account.name for account in config.accounts.values() if account.site == name), "")


def _next(draft: Draft) -> Iterator[str]:
    name = draft.name
    yield _("Now put these lines into config.yaml:")
    yield f"  accounts:\n    {name}-1: {{site: {name}, shows: …}}"
    if draft.kind == "supplier":
        yield f"  suppliers:\n    {name}: {{account: {name}-1, autonomy: show, most_per_order: 300.00, most_per_day: 3000.00}}"
    else:
        yield f"  shops:\n    {name}: {{account: {name}-1, products: products.xlsx}}"
    yield _("`agent login {name}-1` signs in, `agent check {name}-1 --live --guide` looks at its pages with you.").format(
        name=name
    )
