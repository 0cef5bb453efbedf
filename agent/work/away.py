"""A site that does not answer is tried again by each run, without a word; where that goes on for hours, a person is told.

So is what is under way at an account that config.yaml does not have any more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from agent.errors import AgentError, Paused, SiteUnavailable, StaysAway
from agent.ledger import StoredPurchase
from agent.models import SHANGHAI
from agent.words import _
from agent.work.run import Run

LONG = timedelta(hours=2)  # a site under repair is back by then; of the 48 hours that 抖店 gives for a parcel little is lost

GONE = "account_gone:"  # how the cause begins of what is under way where config.yaml has no account any more
FEW = 3  # runs that could not: two with a night between them tell of two moments


def cause_of_away(account: str) -> str:
    return f"away:{account}"


def ask_about_away(run: Run) -> None:
    """At the end of a run: put down which accounts could not be used, and ask about those that could not for long."""
    for account in run.desks:
        error = run.closed_accounts.get(account)
        if isinstance(error, SiteUnavailable) and not isinstance(error, Paused | StaysAway):
            _is_away(run, account, error)
        elif was_used(run, account):
            run.ledger.is_back(account)
    for account in run.ledger.away():
        if account not in run.config.accounts:
            run.ledger.is_back(account)


def was_used(run: Run, account: str) -> bool:
    """Whether the site answered in this run: to all of it, or until it was left alone as its manners or a person asked."""
    error = run.closed_accounts.get(account)
    return not isinstance(error, SiteUnavailable) or bool(run.visited.get(account))


def _is_away(run: Run, account: str, error: AgentError) -> None:
    now = run.now()
    since, runs = run.ledger.is_away(account, now)
    if now - since < LONG or runs < FEW:
        return
    run.ledger.ask(
        "account",
        cause_of_away(account),
        what=_("Every run gave up at {account} since {since}: {why}").format(
            account=account, since=since.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"), why=error.what
        ),
        todo=_(
            "See in a browser whether the site answers, and whether this machine is online; each run tries again, and closes this."
        ),
        reason="away",
        account=account,
        evidence=error.where.evidence,
        at=now,
    )


def ask_about_gone(run: Run) -> None:
    """What was bought at an account that config.yaml does not have any more, and is not whole in its shop: one item an account."""
    gone: dict[str, list[StoredPurchase]] = {}
    for purchase in run.ledger.purchases("placed", "shipped"):
        order = run.ledger.order(purchase.shop, purchase.order_number)
        waits = order is not None and order.disposition == "ours" and order.state in ("to_ship", "partly_shipped")
        if purchase.account not in run.config.accounts and waits:
            gone.setdefault(purchase.account, []).append(purchase)
    todo = _("Write the account back into config.yaml, or enter their numbers in the shop by hand; it closes by itself.")
    ask_each(run, GONE, gone, _gone_words, todo)


def _gone_words(account: str, there: Sequence[StoredPurchase]) -> str:
    return _(
        "{count} orders under way were bought at {account}, which config.yaml does not have any more: "
        "their tracking numbers are not read"
    ).format(count=len(there), account=account)


def ask_each(
    run: Run,
    beginning: str,
    lost: Mapping[str, Sequence[StoredPurchase]],
    words: Callable[[str, Sequence[StoredPurchase]], str],
    todo: str,
) -> None:
    """One item for each name that config.yaml lost, with the orders that wait for it; those of names that are well are closed."""
    for name, there in lost.items():
        account = there[0].account
        item = run.ledger.ask(
            "ConfigError", beginning + name, what=words(name, there), todo=todo, account=account, at=run.now()
        )
        run.ledger.let_wait(item, dict.fromkeys((each.shop, each.order_number) for each in there))
    for asked in run.ledger.items():
        if asked.cause.startswith(beginning) and asked.cause.removeprefix(beginning) not in lost:
            run.ledger.close_item(asked.cause, run.now())
