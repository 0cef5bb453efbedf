"""`agent site show` and `agent site set`: what a site file says, in one screen or at one path, and one value of it changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from agent.cli.begin import Start
from agent.cli.edited import print_edited
from agent.cli.flow_told import plain_steps, told
from agent.cli.spoken import Command, option
from agent.cli.tell import as_json, paragraphs, say, table
from agent.clock import SystemClock
from agent.sites.definition import Commit, Flow, ListPlace, Page, Place, Read, Site
from agent.sites.document import document_of, text_of
from agent.sites.editor import Found, at
from agent.sites.reader import read_site
from agent.terms import FLOWS, plain
from agent.words import _, later
from agent.work.site_files import file_of, set_value

NOTHING = "[]"  # as in the file: the site has no word


@click.command(cls=Command, help=later("Show what a site file says: the whole in one screen, or what stands at one path."))
@click.argument("name", metavar="SITE")
@click.argument("path", required=False, metavar="[PATH]")
@option("--json", "json_", is_flag=True, help=later("Print it as JSON."))
@click.pass_obj
def show(start: Start, name: str, path: str | None, json_: bool) -> int:
    file = file_of(start.home, name)
    if not path:
        site = read_site(file)
        if json_:
            as_json("site", _plain_site(site))
        else:
            _print_site(site)
        return 0
    text = text_of(file)
    found = at(document_of(file, text), path)
    flow = read_site(file).flows[str(found.at[1])] if found.at[:1] == ("flows",) and len(found.at) == 2 else None
    lines = list(enumerate(text.replace("\r\n", "\n").split("\n"), 1))[found.line - 1 : found.last]
    if json_:
        facts = {"file": str(file), "line": found.line, "last_line": found.last, "value": found.value}
        as_json("site", facts | ({"steps": plain_steps(flow.steps)} if flow else {"lines": [line for _at, line in lines]}))
    elif flow:
        _print_flow(flow)
    else:
        say(_place_in_file(str(file), found))
        _print_lines(lines)
    return 0


@click.command(
    cls=Command,
    name="set",
    help=later("Change one value of a site file, and nothing else in it; several VALUES make a list."),
)
@click.argument("name", metavar="SITE")
@click.argument("path", metavar="PATH")
@click.argument("values", nargs=-1, required=True, metavar="VALUE...")
@option("--seen", is_flag=True, help=later("You have seen it on the page: takes `# guess` off."))
@click.pass_obj
def set_(start: Start, name: str, path: str, values: tuple[str, ...], seen: bool) -> int:
    told_values = () if values == (NOTHING,) else values
    print_edited(set_value(start.home, name, path, told_values, seen=seen, now=SystemClock().now()))
    return 0


def _place_in_file(file: str, found: Found) -> str:
    if found.last > found.line:
        return _("{file}, lines {line} to {last}").format(file=file, line=found.line, last=found.last)
    return _("{file}, line {line}").format(file=file, line=found.line)


def _print_lines(lines: list[tuple[int, str]]) -> None:
    width = len(str(lines[-1][0]))
    for number, line in lines:
        say(f"{number:>{width}}  {line}")


def _print_flow(flow: Flow) -> None:
    paragraphs([(0, "bold", f"{flow.name}  {plain(FLOWS, flow.name)}")])
    for right, line, words in told(flow.steps):
        paragraphs([(right + 2, "", _("{words}  (line {line})").format(words=words, line=line))])


def _print_site(site: Site) -> None:
    paragraphs(_head(site))
    headings = (_("page"), _("line"), _("opens at"), _("places"), _("guesses"))
    table(headings, [_page_cells(page) for page in site.pages.values()], title=_("Pages"))
    headings = (_("flow"), _("line"), _("what it does"), _("pages"), _("reads"))
    table(headings, [_flow_cells(site, flow) for flow in site.flows.values()], title=_("Flows"))
    paragraphs(
        [(0, "", _("One of them: `agent site show {site} flows.{flow}`").format(site=site.site, flow=next(iter(site.flows))))]
    )


def _head(site: Site) -> Iterator[tuple[int, str, str]]:
    yield 0, "bold", f"{site.site}  {site.name} · {site.kind}"
    yield 2, "", str(site.path)
    yield 2, "", " · ".join(f"{name}: {address}" for name, address in site.hosts.items())
    yield 2, "", _("{} guessed places").format(len(site.guesses()))


def _page_cells(page: Page) -> tuple[str, ...]:
    address = str(page.open_at) if page.open_at else ""
    places = ", ".join(_place(place) for place in page.places.values())
    return page.name, str(page.line), address, places, str(_guesses(page) or "")


def _guesses(page: Page) -> int:
    lines = {locator.line for locator in page.locators if locator.guess} | {page.guessed_address}
    return len(lines - {0})


def _place(place: Place | ListPlace) -> str:
    return f"{place.name} ({', '.join(place.places)})" if isinstance(place, ListPlace) else place.name


def _flow_cells(site: Site, flow: Flow) -> tuple[str, ...]:
    steps = [visit.step for visit in site.walk(flow.name)]
    commits = [_("writes: {}").format(step.place) for step in steps if isinstance(step, Commit)]
    does = " · ".join((*([plain(FLOWS, flow.name)] if plain(FLOWS, flow.name) != flow.name else []), *commits))
    pages = " → ".join(dict.fromkeys(page for visit in site.walk(flow.name) for page in visit.pages))
    reads = ", ".join(name for step in steps if isinstance(step, Read) for name in step.names)
    return flow.name, str(flow.line), does, pages, reads


def _plain_site(site: Site) -> dict[str, Any]:
    return {
        "site": site.site,
        "name": site.name,
        "kind": site.kind,
        "file": str(site.path),
        "hosts": dict(site.hosts),
        "guesses": list(site.guesses()),
        "pages": {name: _plain_page(page) for name, page in site.pages.items()},
        "flows": {name: {"line": flow.line, "steps": plain_steps(flow.steps)} for name, flow in site.flows.items()},
    }


def _plain_page(page: Page) -> dict[str, Any]:
    return {
        "line": page.line,
        "open_at": str(page.open_at) if page.open_at else "",
        "places": {name: _plain_place(place) for name, place in page.places.items()},
    }


def _plain_place(place: Place | ListPlace) -> dict[str, Any]:
    own = place.own_locators if isinstance(place, ListPlace) else place.locators
    facts: dict[str, Any] = {"line": place.line, "locators": [str(locator) for locator in own], "guess": place.guess}
    if isinstance(place, ListPlace):
        facts["places"] = {name: _plain_place(each) for name, each in place.places.items()}
    return facts
