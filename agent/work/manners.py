"""How gently a site is used: no visit in its quiet hours, no more pages an hour than it is asked for, and in a hurry only for a click.

Quiet hours and pages are looked at between orders.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from agent.errors import StaysAway, Where
from agent.sites.definition import Manners
from agent.words import _
from agent.work.run import Run

HOUR = timedelta(hours=1)
P = ParamSpec("P")
T = TypeVar("T")


def may_visit(run: Run, account: str) -> None:
    """Raise StaysAway while the site's manners ask to stay away; the next run goes on. A person who watches may go on."""
    if run.options.attended:
        return
    manners = run.config.accounts[account].manners or run.config.site_of(account).manners
    why = asks_to_stay_away(manners, run.now(), run.ledger.visits_since(account, run.now() - HOUR))
    if why:
        raise StaysAway(why, where=Where(account=account), todo=_("Nothing to do: a later run goes on by itself."))


def asks_to_stay_away(manners: Manners, now: datetime, visits: int) -> str:
    """Why the site is not visited now, or ""."""
    if manners.quiet and in_span(now.timetz().replace(tzinfo=None), *manners.quiet):
        return _("Quiet hours until {}").format(manners.quiet[1].strftime("%H:%M"))
    if manners.most_per_hour is not None and visits >= manners.most_per_hour:
        return _("{visits} pages opened within the hour, the site is asked for at most {most}").format(
            visits=visits, most=manners.most_per_hour
        )
    return ""


def in_span(now: time, begin: time, end: time) -> bool:
    """Whether `now` lies in begin-end, which may go over midnight."""
    return begin <= now < end if begin <= end else now >= begin or now < end


def hurried(look: Callable[Concatenate[Run, P], T]) -> Callable[Concatenate[Run, P], T]:
    """What this reads is for a click that comes right after: of the pauses of each site the shortest that it allows.

    As a person would, who goes on from what they have just seen. All other manners stay as they are.
    """

    @wraps(look)
    def in_a_hurry(run: Run, /, *told: P.args, **named: P.kwargs) -> T:
        for desk in run.desks.values():
            desk.hurried = True
        try:
            return look(run, *told, **named)
        finally:
            for desk in run.desks.values():
                desk.hurried = False

    return in_a_hurry


def note_visits(run: Run) -> None:
    """Put down the pages opened since this was last asked."""
    for account, desk in run.desks.items():
        if account in run.closed_accounts:
            continue
        pages = desk.counters()["pages"]
        new = pages - run.visited.get(account, 0)
        if new > 0:
            run.ledger.visited(account, new, run.now())
            run.visited[account] = pages
