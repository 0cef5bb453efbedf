"""`agent check ACCOUNT --live --guide`: a tour of a live account that reads only; what is not found may be picked with the mouse."""

from __future__ import annotations

import click

from agent.cli.begin import Start
from agent.cli.tell import say, say_error, table
from agent.errors import ConfigError
from agent.terms import FLOWS, plain
from agent.words import _
from agent.work.day import sign_in
from agent.work.run import Options, Run
from agent.work.tour import Point, Tour, tour


def guide(start: Start, account: str | None) -> int:
    """Sign in, look for one thing after the other, and say what may be done there by now; 0 where all was found, else 1."""
    config = start.config()
    if account is None or account not in config.accounts:
        raise ConfigError(
            _("There is no account “{}”").format(account or ""), todo=_("Known are: {}").format(", ".join(config.accounts))
        )
    options = Options(accounts=(account,), attended=True, dry_run=True)
    with start.run(config, options, say, words=f"check {account} --guide", touring=True) as going:
        sign_in(going)
        if error := going.closed_accounts.get(account):
            raise error
        made = tour(
            going, account, lambda flow, points: _said(going, account, flow, points), lambda one: _mended(going, account, one)
        )
        going.ledger.end_run(going.id, going.now())
    _end(made)
    return 0 if made.found == len(made.points) else 1


def _said(going: Run, account: str, flow: str, points: list[Point]) -> None:
    rows = [(point.page, point.words, _("found") if point.found else _("not found")) for point in points]
    table((_("page"), _("place"), ""), rows, title=plain(FLOWS, flow))
    found = sum(point.found for point in points)
    missing = tuple(f"✗ {point.words}" for point in points if not point.found)
    title = _("{flow}: {found} of {all} found").format(flow=plain(FLOWS, flow), found=found, all=len(points))
    going.desk(account).point_out(title, missing[:6])


def _mended(going: Run, account: str, point: Point) -> bool:
    say(_("Not found: {page} · {place}").format(page=point.page, place=point.words))
    try:
        told = str(
            click.prompt(
                _("p picks it with the mouse, e writes how it is found, Enter leaves it"), default="", show_default=False
            )
        )
    except click.exceptions.Abort:
        raise KeyboardInterrupt from None
    going.desk(account).point_out("", ())
    if told.strip() not in ("p", "e"):
        return False
    return going.desk(account).mend(point.page, point.name, by_mouse=told.strip() == "p")


def _end(made: Tour) -> None:
    for failure in made.failures:
        say_error(failure)
    may = _("may read, may write") if made.refused is None else _("may read, may not write yet")
    if made.found < len(made.points):
        may = _("may not read all yet, may not write yet") if made.failures else may
    say(_("{found} of {all} found; {may}").format(found=made.found, all=len(made.points), may=may))
    if made.refused is not None:
        say_error(made.refused[1])
