"""A live check: go over the pages of an account's site that only show something, and say what every locator of its file hits.

The flows that read are played with an order that stands there; pages of the other flows are only opened, where their address
is known. Nothing is typed into an order form, revealed or sent.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from agent.browser.survey import Survey, best
from agent.errors import AgentError
from agent.ledger import Moment, StoredSight
from agent.models import Cell, Sight
from agent.sites.contract import CONTRACTS
from agent.sites.definition import Flow, IfPresent, ListPlace, Open, Page, Site, Step, columns_in, names_in, templates_in
from agent.work.manners import may_visit, note_visits
from agent.work.products import Products
from agent.work.run import Run
from agent.work.sights import groups, serving
from agent.work.values import order_values, purchase_values

MOST_ORDERS = 3  # one a state: what an order's page shows depends on how far it has come

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """A locator that hits otherwise than at the last check."""

    sight: Sight
    before: Sight


@dataclass
class LiveCheck:
    """What was found. `failures`: (flow, what stopped it); `unseen`: pages that no walk comes to; `whole`: flows found whole."""

    sights: tuple[Sight, ...] = ()
    since: datetime | None = None
    changes: list[Change] = field(default_factory=list)
    failures: list[tuple[str, AgentError]] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)
    skeletons: dict[str, str] = field(default_factory=dict)

    @property
    def is_right(self) -> bool:
        """Nothing stopped it, and wherever something was found it was found once."""
        return not self.failures and all(serving(group) in ("once", "none", "no_row") for group in groups(self.sights))


def check_live(run: Run, account: str, products: Iterable[Products], *, skeletons: bool = False) -> LiveCheck:
    """Go over the pages, and keep in the ledger what was seen. Raises what keeps the account from being visited at all."""
    may_visit(run, account)
    site = run.config.site_of(account)
    check = LiveCheck()
    seen: dict[Moment, list[Sight]] = {"walked": [], "opened": []}
    product = _product(run, account, products)
    known: tuple[Values, ...] = (product,)
    for flow in _reading(site):
        for values in values_of(site, flow, known):
            found = run.desk(account).survey(flow.name, values, skeletons=skeletons)
            _note(check, seen["walked"], flow.name, found)
            if flow.name == "list_orders":
                known = tuple({**product, **order} for order in orders_in(site, found)) or known
    for page, values in _to_open(site, known, seen["walked"]):
        found = run.desk(account).survey(page.name, values, page=page.name, skeletons=skeletons)
        _note(check, seen["opened"], page.name, found)
    note_visits(run)
    check.sights = best([*seen["walked"], *seen["opened"]])
    check.unseen = [name for name in site.pages if name not in {sight.page for sight in check.sights}]
    _compare(run, account, check)
    _keep(run, account, site, check, seen)
    return check


def _note(check: LiveCheck, seen: list[Sight], name: str, found: Survey) -> None:
    seen += found.sights
    check.skeletons |= found.skeletons
    if found.failure and (name, found.failure.what) not in [(flow, error.what) for flow, error in check.failures]:
        check.failures.append((name, found.failure))


# ---- what is played and opened ---------------------------------------------------------------------------------------


def _reading(site: Site) -> Iterator[Flow]:
    """The flows that only show something, lists first. Not `fill_order`: it may put goods into a cart."""
    for name, contract in CONTRACTS[site.kind].items():
        if name in site.flows and not (contract.commits or contract.continues or name in ("log_in", "fill_order")):
            yield site.flows[name]


def _product(run: Run, account: str, products: Iterable[Products]) -> Values:
    """A product of this supplier, by the products tables."""
    suppliers = {supplier.name for supplier in run.config.suppliers.values() if supplier.account == account}
    known = [one for table in products for one in (*table.by_key.values(), *table.by_id.values()) if one.supplier in suppliers]
    return {"line.product": known[0].product, "line.title": known[0].title} if known else {}


def orders_in(site: Site, found: Survey) -> tuple[Values, ...]:
    """The values of an order a state, as the list that was found shows them."""
    rows = found.reading.values.get("order_lines" if site.kind == "shop" else "orders") or found.reading.values.get("orders")
    by_state: dict[Cell, Values] = {}
    for row in cast(tuple[Mapping[str, Cell], ...], rows or ()):
        number = row.get("order_number" if site.kind == "shop" else "supplier_order_number")
        if isinstance(number, str) and number:
            values = order_values(number) if site.kind == "shop" else purchase_values(str(row.get("reference") or ""), number)
            by_state.setdefault(row.get("state", ""), cast(Values, values))
    return tuple(by_state.values())[:MOST_ORDERS]


def values_of(site: Site, flow: Flow, known: tuple[Values, ...]) -> tuple[Values, ...]:
    """What the flow is played with: nothing, where it asks for nothing, else each order that says all it asks for."""
    asked = {name for visit in site.walk(flow.name) for template in templates_in(visit.step) for name in template.names}
    asked |= {name for visit in site.walk(flow.name) if isinstance(visit.step, Open) for name in _in_address(site, visit.step)}
    asked = {name for name in asked if not name.startswith(("secret.", "account."))}
    return tuple(values for values in known if all(values.get(name) for name in asked)) if asked else ({},)


def _in_address(site: Site, step: Open) -> tuple[str, ...]:
    address = site.pages[step.page].open_at
    return address.names if address else ()


def _to_open(site: Site, known: tuple[Values, ...], seen: list[Sight]) -> Iterator[tuple[Page, Values]]:
    """The pages no reading flow came to, that have an address of which everything is known."""
    there = {sight.page for sight in seen}
    for page in site.pages.values():
        if page.name in there or page.before_sign_in or page.open_at is None:
            continue
        fitting = [values for values in known if all(values.get(name) for name in page.open_at.names)]
        if fitting:
            yield page, fitting[0]


# ---- what it says ----------------------------------------------------------------------------------------------------


def _compare(run: Run, account: str, check: LiveCheck) -> None:
    before = {_key(one.sight): one for one in run.ledger.sights(account, "walked")}
    check.since = max((one.seen_at for one in before.values()), default=None)
    for sight in check.sights:
        former: StoredSight | None = before.get(_key(sight))
        if former and "no_row" not in (sight.state, former.sight.state) and sight.state != former.sight.state:
            check.changes.append(Change(sight, former.sight))


def _key(sight: Sight) -> tuple[str, str, str]:
    return sight.page, sight.place, sight.locator


def _keep(run: Run, account: str, site: Site, check: LiveCheck, seen: Mapping[Moment, list[Sight]]) -> None:
    with run.ledger.atomic():
        run.ledger.keep_sights(account, "walked", check.sights, run.now())
        run.ledger.keep_sights(account, "opened", seen["opened"], run.now())
        for flow in site.flows:
            if is_whole(site, flow, check.sights):
                check.whole.append(flow)
                run.ledger.flow_checked(account, flow, site.flow_hash(flow), run.now())


def is_whole(site: Site, flow: str, sights: Iterable[Sight]) -> bool:
    """Whether everything that a flow goes through was found, and found once; what it does only `if_present`, where that is there."""
    found = {(group[0].page, group[0].place): serving(group) for group in groups(sights)}
    return all(any(found.get((page, name)) == "once" for name in names) for page, names in _gone_through(site, flow, sights))


def read_there(site: Site, sights: Iterable[Sight]) -> set[tuple[str, str]]:
    """(page, name) of all that the flows that only show something go through, where what they are for is there."""
    sights = tuple(sights)
    needed = (each for flow in _reading(site) for each in _gone_through(site, flow.name, sights))
    return {(page, name) for page, names in needed for name in names}


def _gone_through(site: Site, flow: str, sights: Iterable[Sight]) -> set[tuple[str, tuple[str, ...]]]:
    once = [group[0] for group in groups(sights) if serving(group) == "once"]
    there = {name for sight in once for name in (sight.place, sight.page)}
    return set(_needed(site, flow, set(_left_out(site.flows[flow].steps, there))))


def _left_out(steps: Iterable[Step], there: Container[str]) -> Iterator[Step]:
    """The steps that are not done, because what they are for is not there."""
    for step in steps:
        if isinstance(step, IfPresent):
            absent = step.target not in there
            yield from (step, *step.steps) if absent else _left_out(step.steps, there)


def _needed(site: Site, flow: str, left_out: Container[Step]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(page, names) each: on that page one of these has to be found."""
    for page in site.touches(flow):
        yield page.name, ("here_if",)
    for visit in (visit for visit in site.walk(flow) if visit.step not in left_out):
        for page in (site.pages[name] for name in visit.pages if name in site.pages):
            for name in names_in(visit.step):
                for names in _parts(page, name, columns_in(visit.step)):
                    yield page.name, names


def _parts(page: Page, name: str, columns: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    place, around = page.place(name), page.list_of(name)
    if isinstance(place, ListPlace) and place.download:
        yield (f"{name}.download",)
    elif isinstance(place, ListPlace):
        yield f"{name}.rows", f"{name}.nothing_found"
        columns += tuple(place.columns)
        around = place
    elif place is not None:
        within = f"{around.name}.{name}" if around else name
        yield (within if place.find else f"{within}.options",)
    for column in columns:
        held = around.holding(column) if around else None
        if around and held and not held.in_footing:  # an order without a remark has no such row
            yield (f"{around.name}.{held.name}",)
