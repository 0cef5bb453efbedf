"""A site file, read into a `Site`: every mistake at once, with its line.

What is malformed is told, and known to the checks as unread, so that they do not complain of it a second time. Pages are
read in places.py, flows in steps.py, single values in grammar.py; check.py holds the promises between the parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from agent.sites import places, steps
from agent.sites.check import check_site
from agent.sites.contract import SiteKind
from agent.sites.definition import BrowserKind, Limits, Manners, MoneyMoves, Site
from agent.sites.document import Closed, Collector, Document, Problems, build, first_said, read_document
from agent.sites.written import ClockRange, OneOrMore, Seconds, SecondsRange, seconds

__all__ = ["manners_of", "read_site", "seconds", "site_of"]


class LimitsForm(Closed):
    wait_for_page: Seconds
    settle: Seconds


class MannersForm(Closed):
    pause: SecondsRange = (0.0, 0.0)
    quiet: ClockRange | None = None
    most_per_hour: int | None = Field(default=None, ge=1)


class SiteForm(Closed):
    """The top of a site file. Pages, flows and locators are read by hand, because names are free there."""

    site_version: Literal["1"]
    site: str
    name: str
    kind: SiteKind
    hosts: dict[str, str] = Field(min_length=1)
    signed_in_as: Any = None
    money_moves_at: MoneyMoves | None = None
    lacks: tuple[str, ...] = ()
    merges_orders: bool = False
    notes: str = ""
    limits: LimitsForm
    manners: MannersForm = MannersForm()
    browser: BrowserKind = "shared"
    words: dict[str, dict[str, OneOrMore]] = Field(default_factory=dict)
    messages: dict[str, str] = Field(default_factory=dict)
    busy: Any = None
    in_the_way: Any = None
    pages: dict[str, Any] = Field(min_length=1)
    flows: dict[str, Any] = Field(min_length=1)


# What stands in for a part of the top that could not be read, so that the rest can still be looked at.
_STAND_INS: dict[str, Any] = {
    "site_version": "1",
    "site": "",
    "name": "",
    "kind": "supplier",
    "hosts": {"": ""},
    "limits": {"wait_for_page": "1 s", "settle": "1 s"},
    "pages": {"": {}},
    "flows": {"": []},
}


def read_site(path: Path) -> Site:
    """Read and check a site file. Raises Problems with every mistake in it."""
    return site_of(read_document(path))


def site_of(document: Document) -> Site:
    """The site that a document says, checked. Raises Problems with every mistake in it."""
    seen = Collector(document)
    form, unread = _top(seen)
    site = _site(seen, form, unread)
    seen.problems += check_site(site, document, unread)
    if seen.problems:
        raise Problems(seen.problems)
    return site


def manners_of(told: Mapping[str, object]) -> Manners:
    """Manners as config.yaml may override them for an account. Raises ValueError."""
    try:
        form = MannersForm.model_validate(told)
    except ValidationError as error:
        raise ValueError(first_said(MannersForm, error)) from error
    return Manners(form.pause, form.quiet, form.most_per_hour)


def _top(seen: Collector) -> tuple[SiteForm, set[str]]:
    """The top of the file, and the names in it that could not be read and are stood in for."""
    try:
        return build(SiteForm, seen.document), set()
    except Problems as problems:
        seen.problems += problems.problems
        cause = problems.__cause__
    wrong = {str(error["loc"][0]) for error in cause.errors()} if isinstance(cause, ValidationError) else set()
    data = seen.document.data if isinstance(seen.document.data, dict) else {}
    good = {name: value for name, value in data.items() if name in SiteForm.model_fields and name not in wrong}
    return SiteForm.model_validate(_STAND_INS | good), wrong


def _site(seen: Collector, form: SiteForm, unread: set[str]) -> Site:
    """The whole site. Flows with a step that could not be read are added to `unread`."""
    document = seen.document
    pages = {} if "pages" in unread else {name: places.page(seen, name, ("pages", name)) for name in form.pages}
    flows = {} if "flows" in unread else {name: steps.flow(seen, name, ("flows", name)) for name in form.flows}
    unread |= {f"flows.{name}" for name, flow in flows.items() if flow is None}
    return Site(
        path=document.path,
        site_version=int(form.site_version),
        site=form.site,
        name=form.name,
        kind=form.kind,
        hosts=form.hosts,
        signed_in_as=places.place(seen, "signed_in_as", ("signed_in_as",)) if form.signed_in_as is not None else None,
        money_moves_at=form.money_moves_at,
        lacks=form.lacks,
        merges_orders=form.merges_orders,
        notes=form.notes,
        limits=Limits(form.limits.wait_for_page, form.limits.settle),
        manners=Manners(form.manners.pause, form.manners.quiet, form.manners.most_per_hour),
        browser=form.browser,
        words=form.words,
        messages=form.messages,
        busy=places.locators(seen, ("busy",)),
        in_the_way=places.locators(seen, ("in_the_way",)),
        pages=pages,
        flows={name: flow for name, flow in flows.items() if flow},
    )
