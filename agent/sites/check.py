"""What must hold between the parts of a site file: hosts, words, messages, places. The flows are check_flows.py's.

`unread` names what could not be read at all (a word of the top, or `flows.<name>`); nothing is said about it twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

from agent.errors import MEANINGS
from agent.sites import grammar
from agent.sites.check_flows import check_flows
from agent.sites.contract import LACKS, STATE_TABLES, VALUES, WORDS
from agent.sites.definition import (
    MAIN,
    ListPlace,
    Locators,
    Page,
    Place,
    Site,
    all_places,
    columns_in,
    names_in,
    words_of_line,
)
from agent.sites.document import At, Document, Problem, near, suggestion
from agent.sites.values import squeeze
from agent.words import _

# The table each state word of the contract goes through.
TABLE_OF: Mapping[str, str] = MappingProxyType(
    {
        "state": "order_states",
        "refund": "refund_states",
        "order_kind": "order_kinds",
        "line_kind": "line_kinds",
        "after_sales": "after_sales_states",
        "address_change": "address_changes",
        "flag": "flags",
    }
)
NEVER_IN_ADDRESSES = ("receiver.", "secret.")
_BETWEEN = re.compile("[,，、;；]")
_ORIGIN = re.compile(r"https://[\w.-]+(?::\d+)?|http://(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?")


def check_site(site: Site, document: Document, unread: Collection[str]) -> Iterator[Problem]:
    """Every mistake that shows only when the parts are held against each other."""
    yield from _top(site, document, unread)
    if "words" not in unread and "kind" not in unread:
        yield from _tables(site, document)
    if "pages" in unread:
        return
    for page in site.pages.values():
        yield from _page(site, document, page)
        yield from _address(document, page, site.hosts if "hosts" not in unread else (page.host,))
    if "flows" in unread or "kind" in unread:
        return
    wrong = list(check_flows(site, document, unread))
    yield from wrong
    if not wrong and not any(name.startswith("flows.") for name in unread):
        yield from _unused(site, document)  # with a flow wrong, what nobody uses is only its other half


def _top(site: Site, document: Document, unread: Collection[str]) -> Iterator[Problem]:
    if "site" not in unread and site.site != site.path.stem:
        what = _("`site: {name}` stands in a file called {file}").format(name=site.site, file=site.path.name)
        yield document.problem(("site",), what, _("Write `site: {}`, or rename the file.").format(site.path.stem))
    if "hosts" not in unread:
        yield from _hosts(site, document)
    for number, lack in enumerate(site.lacks):
        if lack not in LACKS:
            what = _("`{}` is nothing a site may lack").format(lack)
            yield document.problem(("lacks", number), what, suggestion(lack, LACKS))
    if "address_change" in site.lacks and "mask" not in site.lacks:
        what = _("a changed address would show nowhere: `address_change` is lacking, and the receiver is masked")
        yield document.problem(
            ("lacks",), what, _("Read `address_change`, or write `mask` too if the receiver is shown whole.")
        )
    if site.signed_in_as:
        yield from _one_part(document, ("signed_in_as",), site.signed_in_as)
    if "kind" not in unread and site.kind == "shop" and site.merges_orders:
        yield document.problem(("merges_orders",), _("only a supplier merges our orders"), _("Delete this line."))
    for words, meaning in site.messages.items():
        if meaning not in MEANINGS:
            what = _("`{}` is no meaning of a message").format(meaning)
            yield document.problem(("messages", words), what, suggestion(meaning, MEANINGS))
    if not {"kind", "money_moves_at"} & set(unread):
        yield from _money(site, document)


def _hosts(site: Site, document: Document) -> Iterator[Problem]:
    if MAIN not in site.hosts:
        yield document.problem(("hosts",), _("`main` is missing in `hosts`"), _("Write hosts: {main: https://…}"))
    for name, address in site.hosts.items():
        if not _ORIGIN.fullmatch(address):
            what = _("`{}` is no address of a site").format(address)
            yield document.problem(("hosts", name), what, _("Write https:// and the name, nothing behind it."))


def _money(site: Site, document: Document) -> Iterator[Problem]:
    if site.kind == "supplier" and site.money_moves_at is None:
        advice = _("Write submit, pay or month_end: when a supplier takes the money.")
        yield document.problem((), _("`{}` is missing").format("money_moves_at"), advice)
    if site.kind == "shop" and site.money_moves_at is not None:
        yield document.problem(("money_moves_at",), _("a shop takes no money from us"), _("Delete this line."))


def _tables(site: Site, document: Document) -> Iterator[Problem]:
    known = STATE_TABLES[site.kind]
    used = {place.words for page in site.pages.values() for place in all_places(page)}
    for table, words in site.words.items():
        at = ("words", table)
        if table in known:
            yield from _states(document, at, words, known[table])
        elif table not in used:
            yield document.problem(at, _("no place uses the words `{}`").format(table), suggestion(table, known))
        yield from _run_together(document, at, words)
        squeezed = Counter(squeeze(word) for theirs in words.values() for word in set(theirs))
        for ours, theirs in words.items():
            for word in theirs:
                if squeezed[squeeze(word)] > 1:
                    what = _("`{}` stands for more than one of our words").format(word)
                    yield document.problem((*at, ours), what, _("Keep it once."))


def _run_together(document: Document, at: At, words: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    """Several words written as one: without brackets, or with another sign than a comma between them."""
    for ours, theirs in words.items():
        for number, word in enumerate(theirs):
            path = (*at, ours, number) if (*at, ours, number) in document.lines else (*at, ours)
            if document.styles[path] != "plain" or not _BETWEEN.search(word):
                continue
            several = ", ".join(one.strip() for one in _BETWEEN.split(word) if one.strip())
            advice = _("Write [{}], or each after a dash; one word that holds such a sign stands in quotes.").format(several)
            yield document.problem(path, _("`{}` is taken as one word").format(word), advice)


def _states(document: Document, at: At, words: Mapping[str, tuple[str, ...]], known: tuple[str, ...]) -> Iterator[Problem]:
    for ours in words:
        if ours not in known:
            yield document.problem((*at, ours), _("`{}` is not a word known here").format(ours), suggestion(ours, known))
    misspelt = {near(ours, known) for ours in words if ours not in known}
    for ours in known:
        if ours not in words and ours not in misspelt:
            what = _("`{word}` is missing in `{table}`").format(word=ours, table=at[-1])
            yield document.problem(at, what, _("Write the site's word for it, or {}: [] if it has none.").format(ours))


def _page(site: Site, document: Document, page: Page) -> Iterator[Problem]:
    at: At = ("pages", page.name)
    if (*at, "here_if") not in document.lines and page.places and not near("here_if", list(page.places)):
        what = _("nothing tells when the page `{}` is here").format(page.name)
        yield document.problem(at, what, _("Add here_if: and something only this page shows."))
    for locator in (*page.here_if, *page.inside):
        if locator.way in ("row", "column"):
            yield _outside_a_list(document, str(locator), locator.line)
    for name, thing in page.places.items():
        if name in site.pages:
            what = _("`{}` is the name of a page and of a place").format(name)
            yield document.problem((*at, name), what, _("Rename one of them."))
        if isinstance(thing, ListPlace):
            yield from _list(site, document, (*at, name), thing)
            yield from _for_each(document, (*at, name, "for_each"), thing, page)
        else:
            yield from _place(site, document, (*at, name), thing, None)


def _address(document: Document, page: Page, hosts: Collection[str]) -> Iterator[Problem]:
    at: At = ("pages", page.name)
    if page.host not in hosts and page.host != MAIN:  # a main host that is missing is told of the hosts
        what = _("`{}` is none of the `hosts`").format(page.host)
        yield document.problem((*at, "host"), what, suggestion(page.host, hosts))
    if page.open_at is None:
        return
    for name in page.open_at.names:
        if name not in VALUES:
            yield document.problem((*at, "open_at"), _("there is no value <{}>").format(name), suggestion(name, VALUES))
        elif name.startswith(NEVER_IN_ADDRESSES):
            what = _("<{}> never stands in an address: those are noted and kept").format(name)
            yield document.problem((*at, "open_at"), what, _("Open a page without it, and fill it in there."))


def _list(site: Site, document: Document, at: At, rows: ListPlace) -> Iterator[Problem]:
    if rows.counted_by and rows.counted_by not in rows.places:
        what = _("`{}` is no place of this list").format(rows.counted_by)
        yield document.problem((*at, "counted_by"), what, suggestion(rows.counted_by, rows.places))
    if rows.counted_by and rows.row_count is None:
        advice = _("Add row_count: the place of the page's own total.")
        yield document.problem((*at, "counted_by"), _("`counted_by` needs `row_count`"), advice)
    if rows.row_count:
        yield from _one_part(document, (*at, "row_count"), rows.row_count)
    if rows.download:
        yield from _file(document, at, rows)
    for name, place in rows.places.items():
        yield from _place(site, document, (*at, name), place, rows)


def _file(document: Document, at: At, rows: ListPlace) -> Iterator[Problem]:
    """A list that comes as a file has columns under headings, and nothing else of a page's lists."""
    for word in grammar.LIST_WORDS:
        if word not in ("download", "skip_rows") and (*at, word) in document.lines:
            what = _("`{}` means nothing beside `download`: the list is a file").format(word)
            yield document.problem((*at, word), what, _("Delete it, or delete `download`."))
    for place in rows.places.values():
        if place.inside or place.options or place.attribute or any(one.way != "column" for one in place.find):
            what = _("`{}` is no column of a file").format(place.name)
            yield document.problem((*at, place.name), what, _("Write column=… with the words at the top of the file's column."))


def _one_part(document: Document, at: At, place: Place) -> Iterator[Problem]:
    if place.parts:
        yield document.problem((*at, "part"), _("one thing is read here, not several"), _("Write {} for it, without a word."))


def _for_each(document: Document, at: At, rows: ListPlace, page: Page) -> Iterator[Problem]:
    if not rows.for_each:
        return
    axis = page.places.get(rows.for_each)
    if not isinstance(axis, Place) or axis.options is None:
        known = [name for name, place in page.places.items() if isinstance(place, Place) and place.options]
        what = _("`{}` is no place of this page with `options`").format(rows.for_each)
        yield document.problem(at, what, suggestion(rows.for_each, known))
    if "specification" not in rows.places:
        what, advice = _("`for_each` needs a `specification` in the list"), _("The option's words are put before it.")
        yield document.problem(at, what, advice)


def _place(site: Site, document: Document, at: At, place: Place, rows: ListPlace | None) -> Iterator[Problem]:
    yield from _words_of(site, document, at, place)
    for number, line in enumerate(place.each_line):
        for word in words_of_line(line):
            if word not in WORDS:
                what = _("`{}` is no word of the contract").format(word)
                yield document.problem((*at, "each_line", number), what, suggestion(word, WORDS))
    for word in place.parts:
        if word not in WORDS and not word.startswith("specification."):
            what = _("`{}` is no word of the contract").format(word)
            yield document.problem((*at, "part"), what, suggestion(word, WORDS))
    for flag, around in (("in_heading", rows and rows.heading_rows), ("in_footing", rows and rows.footing_rows)):
        if getattr(place, flag) and not around:
            what = _("`{flag}` needs `{rows}` in the list").format(flag=flag, rows=flag.removeprefix("in_") + "_rows")
            yield document.problem((*at, flag), what, _("Say there which rows these are."))
    if rows is None:
        yield from (_outside_a_list(document, str(hit), hit.line) for hit in _of_rows(place.locators))


def _words_of(site: Site, document: Document, at: At, place: Place) -> Iterator[Problem]:
    if place.words and place.words not in site.words:
        what = _("there are no words called `{}`").format(place.words)
        yield document.problem((*at, "words"), what, suggestion(place.words, site.words))
        return
    table = TABLE_OF.get(place.name, place.words)
    if not place.locators or place.words == table:
        return
    what = _("`{name}` is one of our words, so it needs `words: {table}`").format(name=place.name, table=table)
    yield document.problem(at, what, _("Write find: and words: below it, one a line."))


def _of_rows(locators: Locators) -> Locators:
    return tuple(locator for locator in locators if locator.way == "column" or (locator.way == "row" and not locator.words))


def _outside_a_list(document: Document, locator: str, line: int) -> Problem:
    what = _("`{}` means something only inside a list").format(locator)
    return Problem(document.path, line, what, _("Is it indented below a place that has rows?"))


def _unused(site: Site, document: Document) -> Iterator[Problem]:
    """A name that no step speaks of and the contract does not know is most likely a word mistyped."""
    touched = {page.name for flow in site.flows for page in site.touches(flow)}
    steps = [visit.step for flow in site.flows for visit in site.walk(flow)]
    spoken = {name for step in steps for name in (*names_in(step), *columns_in(step))}
    spoken |= {one.for_each for page in site.pages.values() for one in page.places.values() if isinstance(one, ListPlace)}
    for page in site.pages.values():
        at: At = ("pages", page.name)
        if page.name not in touched:
            yield document.problem(at, _("no flow comes to the page `{}`").format(page.name), _("Delete it, or mend the flow."))
            continue
        for name, place in page.places.items():
            yield from _unused_name(document, (*at, name), spoken, grammar.PAGE_WORDS)
            if isinstance(place, ListPlace):
                for column, cell in place.places.items():
                    if column != place.counted_by and not cell.reads:
                        yield from _unused_name(document, (*at, name, column), spoken, grammar.LIST_WORDS)


def _unused_name(document: Document, at: At, spoken: set[str], ours: tuple[str, ...]) -> Iterator[Problem]:
    name = str(at[-1])
    if name not in spoken and name not in WORDS:
        what = _("`{}` is used by no flow and is no word of the contract").format(name)
        yield document.problem(at, what, suggestion(name, (*ours, *WORDS, *spoken)))
