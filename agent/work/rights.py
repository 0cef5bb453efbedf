"""Whether a write flow may run with nobody watching: not through a guessed locator, and not where the site cannot show the proof."""

from __future__ import annotations

from agent.browser.gate import on_loopback
from agent.config import Config
from agent.errors import PersonNeeded, Where
from agent.terms import VALUES, plain
from agent.words import _

PROVES = ("reference", "receiver", "order_list")  # what a site may not lack where nobody watches: the proof is made of it


def may_write_unattended(config: Config, account: str, flow: str) -> None:
    """Raise PersonNeeded where a person has to watch this flow. On loopback there is nothing real to spend."""
    site = config.site_of(account)
    hosts = {**site.hosts, **config.accounts[account].hosts}
    if all(on_loopback(address) for address in hosts.values()):
        return
    guesses = site.guesses(flow)
    if guesses:
        raise PersonNeeded(
            _("{flow} goes through {count} guessed places that nobody has confirmed").format(flow=flow, count=len(guesses)),
            where=Where(account=account, flow=flow, file=site.path, line=guesses[0]),
            todo=_("Watch it once with `agent run --once --step --headed`, and take `# guess` off the lines that are right."),
            reason="unwatched",
        )
    hidden = [word for word in site.lacks if word in PROVES]
    if hidden:
        raise PersonNeeded(
            _("The site cannot show: {}; its orders need a person").format(", ".join(plain(VALUES, word) for word in hidden)),
            where=Where(account=account, flow=flow, file=site.path),
            todo=_("Run it with `agent run --once --step --headed`."),
            reason="unwatched",
        )
