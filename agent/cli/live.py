"""`agent check ACCOUNT --live`: what every locator of an account's site file hits on the pages as they are now."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from agent.cli.begin import Start
from agent.cli.tell import as_json, say, say_error, say_progress, table
from agent.clock import told as told_time
from agent.errors import ConfigError, Where
from agent.models import Sight
from agent.sites.definition import Site
from agent.terms import FLOWS, plain
from agent.words import _
from agent.work.day import sign_in
from agent.work.live import LiveCheck, check_live
from agent.work.run import Options
from agent.work.sights import groups, hits, serving
from agent.work.start import products_of


def check_account(start: Start, account: str | None, skeleton: Path | None, json_: bool) -> int:
    """Sign in, go over the pages and print what was found; 0 when nothing is wrong, else 1."""
    config = start.config()
    if account is None or account not in config.accounts:
        raise ConfigError(
            _("There is no account “{}”").format(account or ""), todo=_("Known are: {}").format(", ".join(config.accounts))
        )
    with start.look(config, Options(accounts=(account,)), f"check {account}", say_progress if json_ else say) as going:
        sign_in(going)
        if error := going.closed_accounts.get(account):
            raise error
        check = check_live(going, account, products_of(config).values(), skeletons=skeleton is not None)
        going.ledger.end_run(going.id, going.now())
    site = config.site_of(account)
    files = _kept(skeleton, account, check) if skeleton else []
    if json_:
        as_json("live", _plain(check), account=account, site=str(site.path), skeletons=[str(file) for file in files])
    else:
        _print(account, site, check, files)
    return 0 if check.is_right else 1


def _kept(folder: Path, account: str, check: LiveCheck) -> list[Path]:
    files = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for page, text in check.skeletons.items():
            files.append(folder / f"{account}-{page}.html")
            with os.fdopen(os.open(files[-1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                file.write(text)
    except OSError as error:
        raise ConfigError(
            _("The pages' skeletons cannot be written: {}").format(error.strerror),
            where=Where(file=folder),
            todo=_("Name a folder that can be written: --skeleton FOLDER"),
        ) from error
    return files


def _plain(check: LiveCheck) -> dict[str, Any]:
    return {
        "since": check.since,
        "sights": [_sight(sight) | {"serves": serves} for sight, serves in _with_serving(check.sights)],
        "changes": [_sight(change.sight) | {"before": list(change.before.counts)} for change in check.changes],
        "unseen": check.unseen,
        "whole": check.whole,
        "failures": [{"flow": flow, "lines": error.lines()} for flow, error in check.failures],
    }


def _sight(sight: Sight) -> dict[str, Any]:
    words = ("page", "place", "locator", "line", "state")
    return {**{word: getattr(sight, word) for word in words}, "counts": list(sight.counts)}


def _with_serving(sights: Iterable[Sight]) -> list[tuple[Sight, bool]]:
    """Each sight, and whether it is the one of its place that serves."""
    made = []
    for group in groups(sights):
        first = next((sight for sight in group if sight.state in ("once", "several")), None)
        made += [(sight, sight is first) for sight in group]
    return made


def _print(account: str, site: Site, check: LiveCheck, files: Sequence[Path]) -> None:
    before = {(one.sight.page, one.sight.place, one.sight.locator): one.before for one in check.changes}
    several = {(group[0].page, group[0].place) for group in groups(check.sights) if len(group) > 1}
    for page, sights in groupby(_with_serving(check.sights), key=lambda one: one[0].page):
        rows = []
        for sight, serves in sights:
            former = before.get((sight.page, sight.place, sight.locator))
            notes = (
                _("one is wanted") if serves and sight.state == "several" else "",
                _("this one serves") if serves and (sight.page, sight.place) in several else "",
                _("at the last check: {}").format(hits(former)) if former else "",
            )
            rows.append((str(sight.line), sight.place, sight.locator, hits(sight), " · ".join(filter(None, notes))))
        table((_("line"), _("place"), _("locator"), _("found"), ""), rows, title=page)
    _summary(account, site, check)
    for path in files:
        say(_("Skeleton: {}").format(path))


def _summary(account: str, site: Site, check: LiveCheck) -> None:
    states = [serving(group) for group in groups(check.sights)]
    say(
        _("{account}, {file}: {once} places found, {none} not seen, {several} found several times").format(
            account=account,
            file=site.path.name,
            once=states.count("once"),
            none=states.count("none") + states.count("no_row"),
            several=states.count("several"),
        )
    )
    if check.since:
        say(
            _("Since the check of {time}: {count} locators hit otherwise").format(
                time=told_time(check.since), count=len(check.changes)
            )
        )
    if check.unseen:
        say(_("Pages that no look comes to without writing: {}").format(", ".join(check.unseen)))
    if check.whole:
        say(_("Everything was found of: {}").format(", ".join(plain(FLOWS, flow) for flow in check.whole)))
    for flow, error in check.failures:
        say(_("Stopped on the way: {}").format(plain(FLOWS, flow)))
        say_error(error)
