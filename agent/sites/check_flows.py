"""What must hold of the flows: names and values exist, the contract is kept, a write is one click in its right place.

Pure: a `Site` and its document in, problems out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from agent.sites.check_reads import read_back_problems, reads_problems
from agent.sites.check_values import WITH_LINES, values_problems
from agent.sites.contract import (
    CONTRACTS,
    LACKED_FLOWS,
    LISTED_ORDERS,
    FlowContract,
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
    Tick,
    Visit,
    names_in,
    templates_in,
)
from agent.sites.document import Document, Problem, suggestion
from agent.words import _


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
    yield from values_problems(site, document, flow)
    yield from _order(document, flow, contract)
    yield from _commits(site, document, flow, contract)
    if not known:  # a misspelt name would be told again as a word not read
        yield from reads_problems(site, document, flow, contract)
        yield from read_back_problems(site, document, flow)


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
        if isinstance(step, ForEachLine) and (flow.name not in WITH_LINES or visit.nested):
            what = _("`for_each_line` stands in {} only, and not inside another step").format(", ".join(WITH_LINES))
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
