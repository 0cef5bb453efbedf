"""`agent site`: what a site file must say, and a file to begin from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, get_args

import click

from agent.cli.begin import Start
from agent.cli.site_values import set_, show
from agent.cli.spoken import Command, Group, option
from agent.cli.teaching import new
from agent.cli.tell import as_json, paragraphs, say
from agent.errors import ConfigError
from agent.sites.check_values import given_to
from agent.sites.contract import CONTRACTS, STATE_TABLES, WORDS, FlowContract, SiteKind, WordType
from agent.sites.copies import copied, may_be_named
from agent.sites.schema import site_schema
from agent.terms import FLOWS, plain
from agent.words import _, later
from agent.work.site_files import file_of

TYPES: Mapping[WordType, str] = MappingProxyType(
    {
        "text": later("text"),
        "number_text": later("a number of letters, digits, - and _; never empty"),
        "name": later("a name"),
        "phone": later("a phone number"),
        "region": later("province, city and district"),
        "address": later("an address"),
        "quantity": later("a whole number from 1"),
        "count": later("a whole number from 0"),
        "stock": later("how many are left"),
        "money": later("yuan, at most two decimals"),
        "change": later("yuan, below zero where it went out"),
        "day": later("a date"),
        "picture": later("a picture, taken by `picture`"),
        "time": later("date and time"),
        "state": later("one of our words, by a table of `words`"),
        "kind": later("one of our words where a table of `words` knows it, else the site's own"),
    }
)


@click.group(cls=Group, help=later("What a site file must say, a file to begin from, and one of its values shown or changed."))
def site() -> None:
    """The commands below."""


site.add_command(show)
site.add_command(set_)
site.add_command(new)


@site.command(cls=Command, help=later("Print what the flows of a shop or a supplier must read, and what they are given."))
@click.argument("kind", type=click.Choice(get_args(SiteKind)), metavar="shop/supplier")
@option("--json", "json_", is_flag=True, help=later("Print it as JSON."))
def contract(kind: SiteKind, json_: bool) -> int:
    if json_:
        as_json("contract", {flow: _plain(kind, flow, told) for flow, told in CONTRACTS[kind].items()})
        return 0
    paragraphs(_told(kind))
    return 0


def _plain(kind: SiteKind, flow: str, told: FlowContract) -> dict[str, Any]:
    return {
        "commits": told.commits,
        "optional": told.optional,
        "continues": told.continues,
        "reads": {word: WORDS[word] for word in told.words},
        "may_read": {word: WORDS[word] for word in told.allowed},
        "lists": {name: {word: WORDS[word] for word in words} for name, words in told.lists.items()},
        "values": sorted(given_to(kind, flow)),
    }


def _told(kind: SiteKind) -> Iterator[tuple[int, str, str]]:
    """(columns to the right, style, text) each."""
    for flow, told in CONTRACTS[kind].items():
        yield 0, "bold", f"{flow}  {plain(FLOWS, flow)}" + (_(" (may be left out)") if told.optional else "")
        if told.continues:
            yield 2, "", _("goes on upon the page where `{}` ended").format(told.continues)
        if told.commits:
            yield 2, "", _("writes: one `commit`, `expect` behind it")
        yield from _read(_("must read"), told.words)
        for name, words in told.lists.items():
            yield from _read(_("must read the list `{}`, in each row").format(name), words)
        yield from _read(_("may read"), told.allowed)
        yield 2, "", _("is given: {}").format(" ".join(f"<{value}>" for value in sorted(given_to(kind, flow))))
    yield 0, "bold", _("Tables of `words`, ours; behind each the site's, `[]` where it has none")
    for table, ours in STATE_TABLES[kind].items():
        yield 2, "", f"{table}: {' · '.join(ours)}"


def _read(title: str, words: tuple[str, ...]) -> Iterator[tuple[int, str, str]]:
    if words:
        yield 2, "", f"{title}:"
        yield from ((4, "", f"{word}  {_(TYPES[WORDS[word]])}") for word in words)


@site.command(cls=Command, help=later("Print what editors go by when they offer the words of a site file: its JSON Schema."))
def schema() -> int:
    click.echo(json.dumps(site_schema(), ensure_ascii=False, indent=1))
    return 0


@site.command(cls=Command, help=later("Copy a site file, or the template, under a new name into your data folder."))
@click.argument("source", metavar="SITE")
@click.argument("name", metavar="NEW")
@click.pass_obj
def copy(start: Start, source: str, name: str) -> int:
    found = file_of(start.home, source)
    if not may_be_named(name):
        raise ConfigError(
            _("“{}” cannot be the name of a site file").format(name),
            todo=_("Small letters, digits, - and _; a letter or digit first."),
        )
    target = start.home.make().site_folders[0] / f"{name}.yaml"
    if target.exists():
        raise ConfigError(_("There is a file already: {}").format(target), todo=_("Choose another name, or change that file."))
    text = found.read_text(encoding="utf-8")
    target.parent.mkdir(mode=0o700, exist_ok=True)
    target.write_text(text if name == source else copied(text, name), encoding="utf-8")
    say(_("Written: {}").format(target))
    for at, todo in enumerate(_next(name), 1):
        say(f"{at}. {todo}")
    return 0


def _next(name: str) -> tuple[str, ...]:
    return (
        _("Write the site's name and hosts at its top, then line by line what its pages say; take `# guess` off what you saw."),
        _("`agent check {}` tells every mistake with its line.").format(name),
        _("In config.yaml an account with `site: {}`, and the supplier or shop that uses it.").format(name),
        _("`agent run --once --step` goes through it before your eyes."),
    )
