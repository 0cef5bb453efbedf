"""Whether a write flow may run with nobody watching.

Not through a guessed locator, not where the site cannot show the proof, and not as somebody has changed it until a write of it
was proven or a live check found all of it. A shipped site file counts as proven where nobody changed it: its guesses are marked.
"""

from __future__ import annotations

from functools import cache

from agent.browser.gate import on_loopback
from agent.config import Config
from agent.errors import PersonNeeded, Where
from agent.home import EXAMPLES, SHIPPED_SITES
from agent.ledger import Ledger
from agent.sites.definition import Site
from agent.sites.reader import read_site
from agent.terms import FLOWS, VALUES, plain
from agent.words import _

PROVES = ("reference", "receiver", "order_list")  # what a site may not lack where nobody watches: the proof is made of it
JOURNALLED = (
    "submit_order",
    "ship_order",
    "ship_parcel",
    "ship_merged",
    "change_number",
    "mark_shipped",
    "cancel_order",
)  # each has a proof of its own


def may_write_unattended(config: Config, ledger: Ledger, account: str, flow: str) -> None:
    """Raise PersonNeeded where a person has to watch this flow. On loopback there is nothing real to spend."""
    site = config.site_of(account)
    hosts = {**site.hosts, **config.accounts[account].hosts}
    if all(on_loopback(address) for address in hosts.values()):
        return
    _refuse_guesses(site, account, flow)
    _refuse_without_proof(site, account, flow)
    if flow in JOURNALLED:
        _refuse_changed(site, ledger, account, flow)


def _refuse_guesses(site: Site, account: str, flow: str) -> None:
    guesses = site.guesses(flow)
    if guesses:
        raise PersonNeeded(
            _("{flow} goes through {count} guessed places that nobody has confirmed").format(flow=flow, count=len(guesses)),
            where=Where(account=account, flow=flow, file=site.path, line=guesses[0]),
            todo=_("Watch it once with `agent run --once --step --headed`, and take `# guess` off the lines that are right."),
            reason="unwatched",
        )


def _refuse_without_proof(site: Site, account: str, flow: str) -> None:
    hidden = [word for word in site.lacks if word in PROVES]
    if hidden:
        raise PersonNeeded(
            _("The site cannot show: {}; its orders need a person").format(", ".join(plain(VALUES, word) for word in hidden)),
            where=Where(account=account, flow=flow, file=site.path),
            todo=_("Run it with `agent run --once --step --headed`."),
            reason="unwatched",
        )


def _refuse_changed(site: Site, ledger: Ledger, account: str, flow: str) -> None:
    known = site.flow_hash(flow)
    if ledger.went_well(account, flow, known) or ledger.was_checked(account, flow, known):
        return
    if known in _shipped(site.path.stem, flow):
        return
    raise PersonNeeded(
        _("“{}” is new or changed in the site file and has not been proven here yet").format(plain(FLOWS, flow)),
        where=Where(account=account, flow=flow, file=site.path, line=site.flows[flow].line),
        todo=_("Watch it once with `agent run --once --step --headed`; once a write of it is proven it goes on alone."),
        reason="unwatched",
    )


@cache
def _shipped(name: str, flow: str) -> frozenset[str]:
    """The hashes of this flow in the site files of this name that come with the program."""
    paths = (SHIPPED_SITES / f"{name}.yaml", EXAMPLES / f"{name}.yaml")
    sites = [read_site(path) for path in paths if path.exists()]
    return frozenset(site.flow_hash(flow) for site in sites if flow in site.flows)
