"""What must hold of the flows: names and values exist, the contract is kept, a write is one click in its right place.

Pure: a `Site` and its document in, problems out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

from agent.sites.contract import (
    CONTRACTS,
    LACKED_FLOWS,
    LACKED_WORDS,
    LEVELS,
    LISTED_ORDERS,
    PAY_FLOWS,
    VALUES,
    WORDS,
    FlowContract,
    SiteKind,
)
from agent.sites.definition import (
    Choose,
    Clear,
    Click,
    Commit,
    DoneIf,
    Expect,
    Fill,
    Flow,
    ForEachLine,
    IfPresent,
    InRow,
    ListPlace,
    Open,
    Page,
    Picture,
    Place,
    Read,
    Site,
    Step,
    Tick,
    Visit,
    names_in,
    templates_in,
)
from agent.sites.document import Document, Problem, near, suggestion
from agent.words import _

# Who gives values to a flow; the first is for the flows not named.
_GIVERS: Mapping[SiteKind, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "shop": {
            "": ("account", "order"),
            "log_in": ("account", "secret"),
            "list_orders": ("account",),
            "ship_order": ("account", "order", "shipment"),
            "ship_parcel": ("account", "order", "shipment", "line"),
            "ship_merged": ("account", "order", "shipment", "line"),
            "change_number": ("account", "order", "shipment"),
            "mark_shipped": ("account", "order"),
        },
        "supplier": {
            "": ("account", "purchase_order"),
            "log_in": ("account", "secret"),
            "list_orders": ("account",),
            "fill_order": ("account", "supplier", "purchase_order", "receiver", "line"),
            "read_product": ("account", "line"),
            **dict.fromkeys(PAY_FLOWS.values(), ("account", "purchase_order", "line")),
            **dict.fromkeys(("read_balance", "read_statement", "read_bill"), ("account",)),
        },
    }
)
_PACKING = ("ship_parcel", "ship_merged")  # put lines one by one into a parcel
_PAYING = tuple(PAY_FLOWS.values())  # tick orders one by one, where several are paid as one
_WITH_LINES = ("fill_order", *_PACKING, *_PAYING)
# Values a giver has only in some flows.
_ONLY_IN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "order.flag": ("write_note",),
        "order.remark": ("write_note",),
        "purchase_order.supplier_order_number": ("read_order", "read_payment", "cancel_order", *_PAYING),
        "line.supplier_order_number": _PAYING,
        "line.product": ("fill_order", "read_product"),
        **dict.fromkeys(
            ("line.title", "line.specification", *(f"line.specification.{part}" for part in ("1", "2", "last"))),
            ("fill_order",),
        ),
        "line.quantity": ("fill_order", *_PACKING),
        "line.line_number": _PACKING,
        "shipment.former_number": ("change_number",),
    }
)
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


def check_flows(site: Site, document: Document, unread: Collection[str]) -> Iterator[Problem]:
    """Every mistake of the flows that could be read."""
    contracts = _contracts(site)
    lacking = {LACKED_FLOWS[lack] for lack in site.lacks if lack in LACKED_FLOWS}
    if "ship_parcel" in site.flows or "flows.ship_parcel" in unread:
        lacking.add("ship_order")
    for name, contract in contracts.items():
        lacked = name in lacking
        if name not in site.flows and f"flows.{name}" not in unread and not (contract.optional or lacked):
            advice = _("A {} needs: {}.").format(site.kind, ", ".join(contracts))
            yield document.problem(("flows",), _("the flow `{}` is missing").format(name), advice)
    for name, flow in site.flows.items():
        if name not in contracts:
            what = _("`{name}` is no flow of a {kind}").format(name=name, kind=site.kind)
            yield document.problem(("flows", name), what, suggestion(name, contracts))
            continue
        if f"flows.{contracts[name].continues}" not in unread:
            yield from _flow(site, document, flow, contracts[name])


def _contracts(site: Site) -> Mapping[str, FlowContract]:
    """The flows of its kind; the list of a shop may show its orders only."""
    known = CONTRACTS[site.kind]
    return {**known, "list_orders": LISTED_ORDERS} if site.kind == "shop" and "listed_lines" in site.lacks else known


def _flow(site: Site, document: Document, flow: Flow, contract: FlowContract) -> Iterator[Problem]:
    known = list(_names(site, document, flow))
    yield from known
    yield from _values(site, document, flow)
    yield from _order(document, flow, contract)
    yield from _commits(site, document, flow, contract)
    if not known:  # a misspelt name would be told again as a word not read
        yield from _reads(site, document, flow, contract)
        yield from _read_back(site, document, flow)


def _names(site: Site, document: Document, flow: Flow) -> Iterator[Problem]:
    for visit in site.walk(flow.name):
        step, line = visit.step, visit.step.line
        if isinstance(step, Open):
            yield from _opened(site, document, step)
            continue
        may_be_page = isinstance(step, Expect | IfPresent | DoneIf)
        for name in names_in(step):
            if not (may_be_page and name in site.pages):
                yield from _named(site, document, visit, name, site.pages if may_be_page else ())
        yield from _columns(site, document, visit)
        if isinstance(step, ForEachLine) and (flow.name not in _WITH_LINES or visit.nested):
            what = _("`for_each_line` stands in {} only, and not inside another step").format(", ".join(_WITH_LINES))
            yield Problem(document.path, line, what, _("Take it out."))
        if isinstance(step, Clear):
            yield from _cleared(site, document, flow, visit, step)


def _cleared(site: Site, document: Document, flow: Flow, visit: Visit, step: Clear) -> Iterator[Problem]:
    """What is taken out is ours for sure: only where we fill, only in the rows that a line of ours names."""
    if flow.name != "fill_order" or visit.nested:
        what = _("`clear` stands in `fill_order` only, and not inside another step")
        yield Problem(document.path, step.line, what, _("Take it out."))
    if not any(name.startswith("line.") for template in templates_in(step) for name in template.names):
        what = _("nothing says which rows of `{}` are ours").format(step.rows)
        yield Problem(document.path, step.line, what, _("Add below it, in the same column: where: {title: <line.title>}"))
    for place in (site.pages[page].place(step.rows) for page in visit.pages if page in site.pages):
        if isinstance(place, Place):
            yield Problem(document.path, step.line, _("`{}` is no list").format(step.rows), _("Name a list."))
        if isinstance(place, ListPlace) and not place.remove:
            what = _("nothing says how a row of `{}` is taken out").format(step.rows)
            yield Problem(document.path, place.line, what, _("Add remove: and the button or link that does it."))
        if isinstance(place, ListPlace) and place.next_page:
            what = _("`clear` sees one page of `{}` only, and it has more").format(step.rows)
            yield Problem(document.path, step.line, what, _("Take it out."))


def _opened(site: Site, document: Document, step: Open) -> Iterator[Problem]:
    if step.page not in site.pages:
        what = _("there is no page `{}`").format(step.page)
        yield Problem(document.path, step.line, what, suggestion(step.page, site.pages))
    elif not site.pages[step.page].open_at:
        what = _("the page `{}` has no address to open").format(step.page)
        yield Problem(document.path, step.line, what, _("Give it open_at:, or reach it by a click and expect it."))


def _named(site: Site, document: Document, visit: Visit, name: str, or_pages: Collection[str]) -> Iterator[Problem]:
    pages = [site.pages[page] for page in visit.pages if page in site.pages]
    if not pages or any(page.place(name) for page in pages):
        yield from _kind_of(site, document, visit, name)
        return
    line, here = visit.step.line, ", ".join(page.name for page in pages)
    if any(len(page.lists_with(name)) > 1 for page in pages):
        what = _("two lists of the page `{page}` have a `{name}`").format(page=here, name=name)
        yield Problem(document.path, line, what, _("Rename one of them."))
        return
    known = [*(place for page in pages for place in page.places), *or_pages]
    known += [
        column for page in pages for rows in page.places.values() if isinstance(rows, ListPlace) for column in rows.places
    ]
    what = _("`{name}` is no place of the page `{page}`").format(name=name, page=here)
    yield Problem(document.path, line, what, suggestion(name, known))


def _kind_of(site: Site, document: Document, visit: Visit, name: str) -> Iterator[Problem]:
    """A list is read and expected, never filled or clicked; something inside a list is clicked in the row `where` names."""
    for page in (site.pages[page] for page in visit.pages if page in site.pages):
        place, around = page.place(name), page.list_of(name)
        if any(isinstance(one, ListPlace) and one.download for one in (place, around)) and not isinstance(visit.step, Read):
            what = _("`{}` is a file, and a file can only be read").format(name)
            yield Problem(document.path, visit.step.line, what, _("Write read: [{}].").format(around.name if around else name))
            continue
        if isinstance(place, ListPlace) and isinstance(visit.step, Fill | Choose | Tick | Click | Commit):
            what = _("`{}` is a list").format(name)
            yield Problem(document.path, visit.step.line, what, _("Name a place of it."))
        if (
            isinstance(place, Place)
            and place.options
            and not place.find
            and not isinstance(visit.step, Choose | Expect | IfPresent)
        ):
            what = _("`{}` has only options, so it can only be chosen from").format(name)
            yield Problem(document.path, visit.step.line, what, _("Give it find:, or write choose."))
        if around and isinstance(visit.step, Choose | Commit | Read):
            what = _("`{name}` stands in each row of `{rows}`").format(name=name, rows=around.name)
            yield Problem(document.path, visit.step.line, what, _("Name the list, or a place beside it."))
        if around and isinstance(visit.step, Fill | Tick | Click) and not visit.step.where:
            what = _("`{name}` stands in each row of `{rows}`, and nothing says in which").format(name=name, rows=around.name)
            yield Problem(document.path, visit.step.line, what, _("Add below it, in the same column: where: {column: <value>}"))


def _columns(site: Site, document: Document, visit: Visit) -> Iterator[Problem]:
    step = visit.step
    if not isinstance(step, InRow) or not step.where:
        return
    pages = [site.pages[page] for page in visit.pages if page in site.pages]
    for target in names_in(step):
        yield from _columns_at(site, document, step, pages, target)


def _columns_at(site: Site, document: Document, step: InRow, pages: list[Page], target: str) -> Iterator[Problem]:
    lists = [page.list_of(target) or page.place(target) for page in pages]
    rows = [thing for thing in lists if isinstance(thing, ListPlace)]
    if not rows:
        if target in site.pages or any(lists):
            what = _("`where` chooses a row, but `{}` is in no list").format(target)
            yield Problem(document.path, step.line, what, _("Take `where` out."))
        return
    for column, template in step.where:
        if not any(thing.holding(column) for thing in rows):
            what = _("`{column}` is no place of the list `{rows}`").format(column=column, rows=rows[0].name)
            yield Problem(document.path, template.line, what, suggestion(column, rows[0].places))


def given_to(kind: SiteKind, flow: str) -> frozenset[str]:
    """The names of the values that a flow may write."""
    givers = _GIVERS[kind].get(flow, _GIVERS[kind][""])
    return frozenset(name for name in VALUES if name.split(".")[0] in givers and flow in _ONLY_IN.get(name, (flow,)))


def _values(site: Site, document: Document, flow: Flow) -> Iterator[Problem]:
    given = given_to(site.kind, flow.name)
    for visit in site.walk(flow.name):
        for line, name in _written(site, visit.step):
            if name not in VALUES:
                yield Problem(document.path, line, _("there is no value <{}>").format(name), suggestion(name, given))
            elif name not in given:
                what = _("the value <{name}> is not given to `{flow}`").format(name=name, flow=flow.name)
                yield Problem(document.path, line, what, _("Known here: {}.").format(", ".join(sorted(given))))
            elif name.startswith("line.") and not (
                visit.in_lines or isinstance(visit.step, Clear) or flow.name == "read_product"
            ):
                what = _("<{}> stands outside `for_each_line`").format(name)
                yield Problem(document.path, line, what, _("Put the step below for_each_line."))


def _written(site: Site, step: Step) -> Iterator[tuple[int, str]]:
    """The values a step needs, each with the line to look at; those unknown in an address are told of its page."""
    if isinstance(step, Open):
        address = site.pages[step.page].open_at if step.page in site.pages else None
        yield from ((step.line, name) for name in (address.names if address else ()) if name in VALUES)
        return
    yield from ((template.line, name) for template in templates_in(step) for name in template.names)


def _order(document: Document, flow: Flow, contract: FlowContract) -> Iterator[Problem]:
    first = flow.steps[0]
    if contract.continues and isinstance(first, Open):
        what = _("`{flow}` goes on upon the page where `{before}` ended")
        what = what.format(flow=flow.name, before=contract.continues)
        yield Problem(document.path, first.line, what, _("Take this - open: out."))
    if not contract.continues and not isinstance(first, Open):
        what = _("`{}` does not begin with `open`").format(flow.name)
        yield Problem(document.path, first.line, what, _("Begin with - open: and a page that has open_at."))


def _commits(site: Site, document: Document, flow: Flow, contract: FlowContract) -> Iterator[Problem]:
    visits = site.walk(flow.name)
    found = [number for number, visit in enumerate(visits) if isinstance(visit.step, Commit)]
    if contract.commits and not found:
        what = _("`{}` writes, but has no `commit`").format(flow.name)
        yield Problem(document.path, flow.line, what, _("Make the click that writes a - commit:"))
    for number in found[1:] if contract.commits else found:
        what = _("a second `commit` stands in `{}`") if contract.commits else _("`{}` only reads: no `commit` may stand in it")
        line = visits[number].step.line
        yield Problem(document.path, line, what.format(flow.name), _("A click that writes nothing is - click:"))
    if contract.commits and found:
        yield from _after_commit(document, visits, found[0])


def _after_commit(document: Document, visits: tuple[Visit, ...], at: int) -> Iterator[Problem]:
    commit, after = visits[at], [visit.step for visit in visits[at + 1 :]]
    if commit.nested:
        what = _("a `commit` stands inside another step")
        yield Problem(document.path, commit.step.line, what, _("Put it in the flow itself, once."))
    if not after or not isinstance(after[0], Expect):
        what = _("nothing says what shows that the `commit` went through")
        yield Problem(document.path, commit.step.line, what, _("Write - expect: below it."))
        return
    for target in after[0].targets:
        if target in commit.pages:
            what = _("`{}` is already here before the `commit`, so it shows nothing").format(target)
            yield Problem(document.path, after[0].line, what, _("Expect something that only comes after it."))
    for step in after[1:]:
        if not isinstance(step, Expect | Read | Picture):
            what = _("after a `commit` there is only `expect`, `read` and `picture`")
            yield Problem(document.path, step.line, what, _("Take this step out."))


def _reads(site: Site, document: Document, flow: Flow, contract: FlowContract) -> Iterator[Problem]:
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


def _read_places(site: Site, flow: str) -> Iterator[tuple[Visit, Place | ListPlace]]:
    for visit in site.walk(flow):
        if isinstance(visit.step, Read):
            for name in visit.step.names:
                places = (site.pages[page].place(name) for page in visit.pages if page in site.pages)
                yield from ((visit, place) for place in places if place)


def _read_back(site: Site, document: Document, flow: Flow) -> Iterator[Problem]:
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
