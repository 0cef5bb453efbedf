"""Before the first write of a run at an account: the pages of its form are opened once, to see that they are what they were.

What the flow types into, chooses from, ticks or clicks there, and what stood there once at every earlier look, has to stand
there once now. Else the account is paused before money moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from agent.browser.last_look import Spot
from agent.browser.survey import Survey
from agent.clock import told
from agent.errors import PageChanged, Paused, SiteUnavailable, Where
from agent.ledger import StoredSight
from agent.models import Sight
from agent.sites.definition import Choose, Click, Fill, ForEachLine, Page, Site, Step, Tick, names_in
from agent.words import _
from agent.work.run import Run, ask_to_resume, close_account
from agent.work.sights import groups, hits, serving

Values = Mapping[str, Any]


def look_before(run: Run, account: str, flow: str, values: Values) -> None:
    """Look at the pages of a flow that writes, once a run; a person who watches sees them anyway. Raises Paused on drift."""
    if not is_looked_at(run, account, flow):
        return
    run.looked.add((account, flow))
    site = run.config.site_of(account)
    for page in opened(site, flow, values):
        amiss = drifted(run, account, site, flow, page, values)
        if amiss and (amiss := drifted(run, account, site, flow, page, values)):  # twice: a page may come half once
            raise _pause(run, account, flow, page, amiss)


def is_looked_at(run: Run, account: str, flow: str) -> bool:
    """Whether a look before this flow is still to come in this run."""
    return not run.options.attended and (account, flow) not in run.looked


def opened(site: Site, flow: str, values: Values) -> Iterator[Page]:
    """The pages a flow comes to that have an address of which everything is known."""
    for page in site.touches(flow):
        if page.open_at and not page.before_sign_in and all(values.get(name) for name in page.open_at.names):
            yield page


def drifted(run: Run, account: str, site: Site, flow: str, page: Page, values: Values) -> list[str]:
    """What stood there once at every look and does not now, in words. A look at which nothing is amiss is put down.

    Raises what kept the page from coming.
    """
    known = [one for one in run.ledger.sights(account, "opened") if one.sight.page == page.name]
    seen = run.desk(account).survey(flow, values, page=page.name)
    if isinstance(seen.failure, PageChanged):  # a page never looked at before may be as it is; the flow itself says so
        return [seen.failure.what] if known else []
    if seen.failure:  # a slider, no answer, a lost sign-in: what they mean here they mean for the flow
        raise seen.failure
    amiss = list(_amiss(known, seen, set(_used(page, site.flows[flow].steps))))
    if not amiss:
        run.ledger.keep_sights(account, "opened", seen.sights, run.now())
        run.desk(account).keep_look(page.name)
        return []
    spots = run.desk(account).last_look(page.name).spots
    return [_in_words(group, last, spots.get(group[0].place)) for group, last in amiss]


def _amiss(known: Sequence[StoredSight], seen: Survey, used: set[str]) -> Iterator[tuple[Sequence[Sight], StoredSight]]:
    """The places that are not there once any more, each with the last look at what always found it."""
    always = {(one.sight.place, one.sight.locator): one for one in known if one.always_once}
    for group in groups(seen.sights):
        last = [always[sight.place, sight.locator] for sight in group if (sight.place, sight.locator) in always]
        if last and group[0].place in used and serving(group) != "once":
            yield group, last[0]


def _in_words(group: Sequence[Sight], last: StoredSight, spot: Spot | None) -> str:
    now = " · ".join(f"{sight.locator} ({hits(sight)})" for sight in group)
    words = _("{place} (line {line}) stood there once before, last on {seen} by {locator}{spot}, and now: {now}")
    return words.format(
        place=group[0].place,
        line=group[0].line,
        seen=told(last.seen_at),
        locator=last.sight.locator,
        spot=_spot_in_words(spot),
        now=now,
    )


def _spot_in_words(spot: Spot | None) -> str:
    """Where it stood in the window, and the words there."""
    if spot is None:
        return ""
    where = _(" at {left} from the left and {top} from the top, {width} × {height}").format(
        left=spot.left, top=spot.top, width=spot.width, height=spot.height
    )
    return where + (_(" (“{}”)").format(spot.words) if spot.words else "")


def _used(page: Page, steps: Iterable[Step]) -> Iterator[str]:
    """The places of the page itself that these steps act on, whatever it shows: not those in an `if_present`."""
    for step in steps:
        if isinstance(step, ForEachLine):
            yield from _used(page, step.steps)
        elif isinstance(step, Fill | Choose | Tick | Click):
            yield from (name for name in names_in(step) if name in page.places)


def _pause(run: Run, account: str, flow: str, page: Page, amiss: Sequence[str]) -> Paused:
    """Pause the account; once a person lets it go on, the page as it is then is what it is held against."""
    why = _("the page {page} is not what it was: {amiss}").format(page=page.name, amiss="; ".join(amiss))
    picture = _picture(run, account, page)
    last = run.desk(account).last_look(page.name).picture
    before = _("How it looked before: {}. ").format(last) if last else ""
    todo = before + _(
        "`agent step {account} {flow} --order NO` shows it: there p picks the place with the mouse, e writes it. "
        "Then `agent resume {account}`; until then nothing is sent there."
    ).format(account=account, flow=flow)
    with run.ledger.atomic():
        run.ledger.pause(account, "program", why, run.now())
        run.ledger.forget_sights(account, page.name)
        ask_to_resume(run, account, why, picture, todo)
    error = Paused(why, where=Where(account=account), todo=_("`agent resume {}` lets it go on.").format(account))
    close_account(run, account, error)
    return error


def _picture(run: Run, account: str, page: Page) -> Path | None:
    try:
        return run.desk(account).picture(page.name)
    except (OSError, SiteUnavailable):  # without one it is paused all the same
        return None
