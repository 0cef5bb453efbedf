"""First contact with a live account: what a reading of it goes through, looked for one thing after the other. Writes nothing there.

Signed in, under the right name, the list of orders, its columns, and the page of one order, whose receiver stays as it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from agent.browser.survey import Survey
from agent.errors import AgentError, PersonNeeded
from agent.sites.definition import Site
from agent.terms import FLOWS, PLACES, VALUES, plain
from agent.words import _
from agent.work.live import Values, orders_in, read_there, values_of
from agent.work.rights import JOURNALLED, may_write_unattended
from agent.work.run import Run
from agent.work.sights import groups, serving

WALKED = ("list_orders", "read_order")
MAY_MISS = (".nothing_found", ".next_page", ".skip_rows", ".row_count", ".heading_rows", ".footing_rows", ".inside")


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that was looked for: in which flow, on which page, by which name, and whether it was found once."""

    flow: str
    page: str
    name: str
    found: bool

    @property
    def words(self) -> str:
        name = self.name.removesuffix(".rows").rsplit(".", 1)[-1]
        if name == "here_if":
            return _("the page itself")
        return plain(PLACES, name) if name in PLACES else plain(VALUES, name)


@dataclass
class Tour:
    """What was found. `refused`: the writing flow that may not run with nobody watching yet, and why; None where all may."""

    points: list[Point] = field(default_factory=list)
    failures: list[AgentError] = field(default_factory=list)
    refused: tuple[str, AgentError] | None = None

    @property
    def found(self) -> int:
        return sum(point.found for point in self.points)


Mend = Callable[[Point], bool]  # has a person give another locator; whether there is one now


def tour(run: Run, account: str, said: Callable[[str, list[Point]], None], mend: Mend) -> Tour:
    """Go over the list and one order. `said` is told each flow's points; what was not found may be mended, and is looked for again."""
    made = Tour([Point("log_in", "", "signed_in", True)])
    if name := run.config.accounts[account].shows:
        made.points.append(Point("log_in", "", "right_name", bool(name)))  # a sign-in under another name was refused
    site = run.config.site_of(account)
    known: Values = {}
    for flow in (one for one in WALKED if one in site.flows):
        found = _walked(run, account, flow, known)
        if found is None:
            continue
        points = _points(site, flow, found, made.points)
        said(flow, points)
        if any([mend(point) for point in points if not point.found]):
            found = _walked(run, account, flow, known) or found
            points = _points(site, flow, found, made.points)
            said(flow, points)
        made.points += points
        made.failures += [found.failure] if found.failure else []
        known = next(iter(orders_in(site, found)), {}) or known
    made.refused = _refused(run, account)
    return made


def _walked(run: Run, account: str, flow: str, known: Values) -> Survey | None:
    """What a walk through the flow saw; None where it asks for an order and none is known."""
    site: Site = run.config.site_of(account)
    values = values_of(site, site.flows[flow], (known,))
    if not values:
        run.progress(_("“{}” is not looked at: no order is known here.").format(plain(FLOWS, flow)))
        return None
    return run.desk(account).survey(flow, values[0])


def _points(site: Site, flow: str, found: Survey, before: list[Point]) -> list[Point]:
    """What was looked for on the pages that this flow is the first to come to."""
    known = {point.page for point in before}
    return [point for point in _every_point(site, flow, found) if point.page not in known]


def _every_point(site: Site, flow: str, found: Survey) -> Iterator[Point]:
    """Of what the pages should have, all that is read there; what only a write goes through may stand there on some days alone."""
    asked = read_there(site, found.sights)
    seen = {(group[0].page, group[0].place): serving(group) for group in groups(found.sights)}
    for (page, name), state in seen.items():
        if (page, name) not in asked or state == "no_row" or name.endswith(MAY_MISS):
            continue
        empty = name.endswith(".rows") and seen.get((page, name.replace(".rows", ".nothing_found"))) in ("once", "several")
        yield Point(flow, page, name, state == "once" or empty)


def _refused(run: Run, account: str) -> tuple[str, AgentError] | None:
    for flow in (flow for flow in JOURNALLED if flow in run.config.site_of(account).flows):
        try:
            may_write_unattended(run.config, run.ledger, account, flow)
        except PersonNeeded as error:
            return flow, error
    return None
