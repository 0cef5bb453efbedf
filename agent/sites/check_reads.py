"""What a flow reads: all that the contract asks of it, nothing else, and each part of the receiver that it filled in. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from agent.sites.contract import (
    LACKED_WORDS,
    LEVELS,
    WORDS,
    FlowContract,
)
from agent.sites.definition import (
    Flow,
    ListPlace,
    Place,
    Read,
    Site,
    Visit,
    templates_in,
)
from agent.sites.document import Document, Problem, near, suggestion
from agent.words import _

# The words that show what became of a part of the receiver.
_SHOWN_IN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "name": ("receiver_name",),
        "name_with_extension": ("receiver_name",),
        "phone": ("phone",),
        "phone_main": ("phone",),
        "phone_extension": ("phone", "receiver_name", "address"),
        "province": ("region", "address", "province"),
        "city": ("region", "address", "city"),
        "district": ("region", "address", "district"),
        "town": ("region", "address"),
        "detail": ("address",),
        "detail_with_extension": ("address",),
        "address": ("address",),
    }
)
_RECEIVER_WORDS = ("receiver_name", "phone", "address", "region")


def reads_problems(site: Site, document: Document, flow: Flow, contract: FlowContract) -> Iterator[Problem]:
    lists: dict[str, ListPlace] = {}
    words: set[str] = set()
    for visit, place in _read_places(site, flow.name):
        if isinstance(place, ListPlace):
            lists[place.name] = place
            if place.name not in contract.lists:
                what = _("`{flow}` reads no list called `{name}`").format(flow=flow.name, name=place.name)
                yield Problem(document.path, visit.step.line, what, suggestion(place.name, contract.lists))
            continue
        words |= set(place.reads)
        misspelt = (place.parts or place.each_line) and not set(place.words_shown) <= set(WORDS)
        if misspelt or not place.locators:
            return  # it could not be read, and that has been told
        for word in place.words_shown:
            if word not in (*contract.words, *contract.allowed):
                what = _("`{word}` is nothing `{flow}` reads").format(word=word, flow=flow.name)
                yield Problem(document.path, visit.step.line, what, suggestion(word, (*contract.words, *contract.allowed)))
    yield from _missing(site, document, flow, contract, words, lists)


def _missing(
    site: Site, document: Document, flow: Flow, contract: FlowContract, words: set[str], lists: Mapping[str, ListPlace]
) -> Iterator[Problem]:
    lacked = _lacked(site, flow.name, words)
    missing = [word for word in (*contract.words, *contract.lists) if word not in (*words, *lists, *lacked)]
    if missing:
        what = _("`{flow}` does not read {words}").format(flow=flow.name, words=", ".join(missing))
        yield Problem(document.path, flow.line, what, _("Add them to its `read`, and their places to the page."))
    for name, rows in lists.items():
        instead = ("unit_price",) if "line_total" in rows.reads else ()
        short = [word for word in contract.lists.get(name, ()) if word not in (*rows.reads, *lacked, *instead)]
        if short and rows.locators:
            yield _short_list(document, flow, rows, short)


def _short_list(document: Document, flow: Flow, rows: ListPlace, short: list[str]) -> Problem:
    misspelt = near(short[0], [column for column in rows.places if column not in WORDS])
    if misspelt:
        what = _("`{}` is no word of the contract").format(misspelt)
        return Problem(document.path, rows.places[misspelt].line, what, suggestion(misspelt, short))
    what = _("the list `{rows}` lacks {words}, which `{flow}` needs")
    told = what.format(rows=rows.name, words=", ".join(short), flow=flow.name)
    return Problem(document.path, rows.line, told, _("Add them as places of the list."))


def _lacked(site: Site, flow: str, words: set[str]) -> tuple[str, ...]:
    """What this flow need not read. Where no list shows the reference, an order's page may show it in the note alone."""
    in_note = "listed_reference" in site.lacks and ("supplier_note" in words or flow in ("list_orders", "find_order"))
    reference = ("reference",) if in_note or "reference" in site.lacks else ()
    receiver = _RECEIVER_WORDS if "receiver" in site.lacks and flow == "read_order" else ()
    listed = ("state",) if "listed_state" in site.lacks and flow in ("list_orders", "find_order") else ()
    parcels = ("state", "shipments") if "parcels" in site.lacks and site.kind == "supplier" else ()
    region = ("region",) if words >= set(LEVELS) else ()
    others = (word for lack in site.lacks for word in LACKED_WORDS.get(lack, ()))
    return (*reference, *receiver, *listed, *parcels, *region, *others)


def does_read(site: Site, word: str, *flows: str) -> bool:
    """Whether one of these flows reads this word of the contract, once or with each row of a list."""
    return any(word in place.reads for flow in flows if flow in site.flows for _visit, place in _read_places(site, flow))


def shows_state(site: Site) -> bool:
    """Whether the page of an order tells what became of it: at a supplier that lacks `parcels` it may not."""
    return "parcels" not in site.lacks or does_read(site, "state", "read_order")


def _read_places(site: Site, flow: str) -> Iterator[tuple[Visit, Place | ListPlace]]:
    for visit in site.walk(flow):
        if isinstance(visit.step, Read):
            for name in visit.step.names:
                places = (site.pages[page].place(name) for page in visit.pages if page in site.pages)
                yield from ((visit, place) for place in places if place)


def read_back_problems(site: Site, document: Document, flow: Flow) -> Iterator[Problem]:
    """Each part of the receiver that was filled in is read on the last page, or still stands in its field there."""
    last = site.ends_on(flow.name)
    shown = {word for visit, place in _read_places(site, flow.name) if set(visit.pages) & set(last) for word in place.reads}
    for visit in site.walk(flow.name):
        if set(visit.pages) & set(last):
            continue
        for template in templates_in(visit.step):
            for name in template.names:
                part = name.removeprefix("receiver.")
                if part != name and not shown & set(_SHOWN_IN.get(part, WORDS)):
                    what = _("<{name}> is filled in, but never read back on the last page").format(name=name)
                    yield Problem(document.path, template.line, what, _("Read {} there.").format(_SHOWN_IN.get(part, ("",))[0]))
