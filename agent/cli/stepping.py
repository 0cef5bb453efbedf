"""`agent step ACCOUNT FLOW`: one flow before somebody's eyes, as far as its commit."""

from __future__ import annotations

from agent.cli.begin import Start
from agent.cli.tell import say, table
from agent.errors import ConfigError, LeftByPerson
from agent.terms import FLOWS, VALUES, plain
from agent.words import _
from agent.work.day import sign_in
from agent.work.one_flow import look_at, refuse_unknown, refuse_unknown_order
from agent.work.run import Options


def step_through(start: Start, account: str, flow: str, order: str, *, headless: bool) -> int:
    """Sign in, play the flow step by step, and print what it read or what stands at its commit; 1 where it did not come so far."""
    config = start.config()
    refuse_unknown(config, account, flow)
    options = Options(accounts=(account,), attended=True, dry_run=True)
    with start.run(config, options, say, words=f"step {account} {flow}", headless=headless) as going:
        try:
            refuse_unknown_order(going, account, flow, order)
        except ConfigError:
            going.ledger.end_run(going.id, going.now())
            raise
        sign_in(going)
        if error := going.closed_accounts.get(account):
            raise error
        try:
            shown = look_at(going, account, flow, order)
        except LeftByPerson as left:
            say(left.what)
            return 1
        finally:
            going.ledger.end_run(going.id, going.now())
    table((_("what"), _("shown")), [(plain(VALUES, name), words) for name, words in shown.items()], title=plain(FLOWS, flow))
    return 0
