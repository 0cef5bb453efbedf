"""One run: what every job is handed, and the order in which the jobs are done.

An order's failure stays with that order, an account's with that account; a programming error keeps its traceback in the
log and parks the order it met, or closes the account. What fails of this machine (MachineFailed) is neither's: it ends the run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from loguru import logger

from agent.browser.desk import Desk
from agent.clock import Clock
from agent.config import Config, Shop, Supplier
from agent.errors import (
    AgentError,
    ConfigError,
    MachineFailed,
    OutcomeUnknown,
    PageChanged,
    PageLost,
    PersonNeeded,
    SiteUnavailable,
    Where,
)
from agent.ledger import Ledger, StoredOrder, StoredPurchase, paused
from agent.models import Order, Reading
from agent.words import _
from agent.work.autonomy import Rung, rung

Part = Literal["read", "place", "pay", "ship"]
PARTS: tuple[Part, ...] = ("read", "place", "pay", "ship")
MOST_LOST = 3  # pages in a row without an answer after which an account is left alone until the next run


# Asked before a commit that a person watches: a title, and rows of (word, meant, shown). Silence is no.
Confirm = Callable[[str, Sequence[tuple[str, str, str]]], bool]


def always(_title: str, _pairs: Sequence[tuple[str, str, str]]) -> bool:
    """Unattended: the seller's `autonomy` has said yes already."""
    return True


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked of this run. `parts` are done in their order, recovery always first."""

    dry_run: bool = False
    order: str = ""
    parts: tuple[Part, ...] = PARTS
    attended: bool = False  # a person watches every step
    accounts: tuple[str, ...] = ()  # only these; () is all
    supplier: str = ""  # only this one is paid; "" is all

    @property
    def is_whole(self) -> bool:
        """Nothing of the day's work is left out, and nobody watches: only then the comparisons of the day are made."""
        return not (self.dry_run or self.attended or self.order or self.accounts or self.parts != PARTS)


@dataclass
class Run:
    """What a job is handed. `closed_accounts` are those at which nothing more is tried in this run, and why."""

    id: int
    config: Config
    ledger: Ledger
    desks: dict[str, Desk]
    clock: Clock
    options: Options
    progress: Callable[[str], None]
    confirm: Confirm
    closed_accounts: dict[str, AgentError] = field(default_factory=dict)
    foreign: dict[tuple[str, str], Reading] = field(default_factory=dict)  # supplier orders that are none of ours
    proven: dict[tuple[str, str], Reading] = field(default_factory=dict)  # the supplier's pages of what was proven just now
    visited: dict[str, int] = field(default_factory=dict)  # pages already put down, by account
    stopped: set[tuple[str, str]] = field(default_factory=set)  # (shop, order number) of what met something in its way
    looked: set[tuple[str, str]] = field(default_factory=set)  # (account, flow) whose pages were looked at before writing
    followed: set[str] = field(default_factory=set)  # references whose parcels were read, and whose pages do not contradict
    listed: set[tuple[str, str]] = field(default_factory=set)  # (shop, order number) that the shops' lists showed in this run
    held_up: dict[str, list[tuple[str, str]]] = field(
        default_factory=dict
    )  # orders that wait for one cause, none of them its own

    def now(self) -> datetime:
        return self.clock.now()

    def desk(self, account: str) -> Desk:
        """The signed-in desk of an account; raises what closed it if it is closed for this run."""
        if account in self.closed_accounts:
            raise self.closed_accounts[account]
        return self.desks[account]

    def tell(self, what: str, **facts: str | Path | None) -> None:
        """Put a fact into the story of an order, and into the log."""
        self.ledger.tell(self.now(), what, run=self.id, **facts)  # type: ignore[arg-type]
        logger.bind(**{k: str(v) for k, v in facts.items() if v}).info("{} {}", facts.get("order_number", ""), what)

    def hold_up(self, cause: str, order: Order | StoredOrder, what: str, todo: str, *, reason: str, account: str) -> None:
        """One item for all orders that wait for the same cause; none of them is parked. `what` may say {count}."""
        waiting = self.held_up.setdefault(cause, [])
        waiting.append((order.shop, order.order_number))
        words = what.replace("{count}", str(len(waiting)))
        item = self.ledger.ask(
            reason, cause, what=words, todo=todo, reason=reason, shop=order.shop, account=account, at=self.now()
        )
        self.ledger.let_wait(item, waiting)

    def shop_of(self, order: StoredOrder) -> Shop:
        return self.config.shops[order.shop]

    def supplier(self, name: str) -> Supplier:
        return self.config.suppliers[name]

    def rung(self, supplier: str) -> Rung:
        """How far the program may go by itself at this supplier now."""
        told = self.supplier(supplier)
        return rung(
            told.autonomy,
            self.config.site_of(told.account).money_moves_at,
            unknown=self._unknown_since_before(supplier),
            dry_run=self.options.dry_run,
            attended=self.options.attended,
        )

    @property
    def began(self) -> datetime:
        this = self.ledger.run(self.id)
        return this.started_at if this else self.now()

    def _unknown_since_before(self, supplier: str) -> bool:
        """Whether an order, or a payment, was sent there by an earlier run, and nothing has proven since how that ended.

        A code that waits for a person is none: it is known what it waits for.
        """
        return any(
            attempt.kind in ("submit", "pay")
            and attempt.meant.get("method") != "qr"
            and attempt.committed_at
            and attempt.committed_at < self.began
            for attempt in self.ledger.open_attempts()
            if (purchase := self.ledger.purchase(attempt.reference)) and purchase.supplier == supplier
        )

    def visits(self, account: str) -> bool:
        """Whether this run works at an account: config.yaml names it, and nothing closed it."""
        return account in self.desks and account not in self.closed_accounts

    def wants(self, order_number: str) -> bool:
        return not self.options.order or self.options.order == order_number


@contextmanager
def account_failures(run: Run, account: str) -> Iterator[None]:
    """A failure in here closes the account for this run and asks a person; the other accounts go on."""
    try:
        yield
    except MachineFailed:
        raise
    except AgentError as error:
        close_account(run, account, error)
    except Exception as error:
        logger.exception("a programming error closed account {}", account)
        wrapped = AgentError(
            _("A fault of this program stopped the account: {}").format(first_line(error)),
            where=Where(account=account),
            todo=_("Report it with the last lines of the log; the other accounts go on."),
            reason="fault",
        )
        close_account(run, account, wrapped)


def first_line(error: Exception) -> str:
    """The class of a programming error and the first line of its words; what follows may quote a whole page."""
    words = str(error).strip()
    return f"{type(error).__name__}: {words.splitlines()[0]}" if words else type(error).__name__


def close_account(run: Run, account: str, error: AgentError) -> None:
    """Try nothing more at this account in this run, and ask a person unless the next run may just try again."""
    if account in run.closed_accounts:
        return
    error.at(account=account)
    run.closed_accounts[account] = error
    what, where, todo = error.lines()
    run.tell(what, account=account, detail=where, picture=error.where.evidence)
    run.progress(f"{account}: {what}")
    of_its_kind = isinstance(error, ConfigError) and error.reason == type(error).__name__  # Problems is one, too
    if not error.may_retry:
        run.ledger.ask(
            "account",
            f"account:{account}",
            what=what,
            todo=todo,
            reason="ConfigError" if of_its_kind else error.reason,
            account=account,
            evidence=error.where.evidence,
            at=run.now(),
        )


def mind(run: Run, account: str) -> None:
    """Pause an account at which too much went wrong, until a person lets it go on."""
    keep_changed_pages(run)
    why = too_much(run, account)
    if why and run.ledger.pause(account, "program", why, run.now()):
        ask_to_resume(run, account, why)
        if stop := run.ledger.stop_at(account):
            close_account(run, account, paused(stop, account))


def keep_changed_pages(run: Run) -> None:
    """Put down how often in a row pages were others than their file says: the next run counts on from there."""
    for account, desk in run.desks.items():
        if account not in run.closed_accounts:  # a person may have let it go on since
            run.ledger.keep_changed_pages(account, desk.changed)


def too_much(run: Run, account: str) -> str:
    """What went wrong at an account so often that nothing more is tried there, in words; or ""."""
    limits = run.config.limits
    unknown = run.ledger.unknown_writes(account)
    if unknown >= limits.stop_after_unknown:
        return _("{count} writes there have an unknown outcome").format(count=unknown)
    changed = max(run.desks[account].changed.values(), default=0) if account in run.desks else 0
    if changed >= limits.stop_after_page_changed:
        return _("a page there was another one {count} times in a row").format(count=changed)
    return ""


def ask_to_resume(run: Run, account: str, why: str, evidence: Path | None = None, todo: str = "") -> None:
    """The program put a stop to an account: only a person lets it go on. `todo` says what to look at before."""
    run.ledger.ask(
        "account",
        cause_of_stop(account),
        what=_("{account} is paused by the program: {why}").format(account=account, why=why),
        todo=todo
        or _("Look at the site what is right, then `agent resume {}`; until then nothing is sent there.").format(account),
        reason="paused",
        account=account,
        evidence=evidence,
        at=run.now(),
    )


def cause_of_stop(account: str) -> str:
    return f"paused:{account}"


@contextmanager
def order_failures(run: Run, order: StoredOrder, *, stays: Callable[[AgentError], bool] = lambda _e: True) -> Iterator[None]:
    """A failure in here parks this order with an inbox item; the other orders go on."""
    try:
        yield
    except MachineFailed:
        raise
    except AgentError as error:
        _park(run, order, error, stays(error))
    except Exception as error:
        logger.exception("a programming error parked order {}", order.order_number)
        wrapped = AgentError(
            _("A fault of this program stopped the order: {}").format(first_line(error)),
            where=Where(order=order.order_number),
            todo=_("Report it with the last lines of the log; the other orders go on."),
            reason="fault",
        )
        _park(run, order, wrapped, True)


@contextmanager
def shared_failures(run: Run, orders: Sequence[StoredOrder], *, stays: Callable[[AgentError], bool]) -> Iterator[None]:
    """A failure in here, of what is done for all of these orders at once, is asked about each of them by itself."""
    with order_failures(run, orders[0], stays=stays):
        try:
            yield
        except MachineFailed:
            raise
        except AgentError as error:
            one = is_of_the_account(error) or is_closed_by(run, error)  # one question for the account
            for other in [] if one else orders[1:]:
                told = copy(error)
                told.where = replace(error.where, order=other.order_number, reference="")
                run.stopped.add((other.shop, other.order_number))
                _leave(run, other, told, stays(told))
            raise


def _park(run: Run, order: StoredOrder, error: AgentError, stays: bool) -> None:
    run.stopped |= {(order.shop, order.order_number), *error.orders}
    if is_closed_by(run, error):  # what is asked is asked of the account: the order only waits for it
        run.tell(error.lines()[0], shop=order.shop, order_number=order.order_number, account=error.where.account)
        return
    error.at(order=order.order_number)
    _leave(run, order, error, stays)
    if isinstance(error, OutcomeUnknown | PageChanged):
        mind(run, error.where.account)


def _leave(run: Run, order: StoredOrder, error: AgentError, stays: bool) -> None:
    what, where, todo = error.lines()
    picture = error.where.evidence
    (shop, number), *others = error.orders or ((order.shop, order.order_number),)
    run.tell(what, shop=shop, order_number=number, account=error.where.account, detail=where, picture=picture)
    for shop_of_it, other in others:
        run.tell(what, shop=shop_of_it, order_number=other, account=error.where.account)
    if is_of_the_account(error) and error.where.account:
        if not may_answer_the_next(run, error):
            close_account(run, error.where.account, error)
        return
    if error.may_retry or error.reason == "restored":  # one question for the whole ledger, not one an order
        return
    if stays:
        run.ledger.park(order.shop, order.order_number, what)
    item = run.ledger.ask(
        type(error).__name__,
        cause_of(shop, number, error),
        what=what,
        todo=todo,
        reason=error.reason,
        shop=shop,
        order_number=number,
        reference=error.where.reference,
        account=error.where.account,
        evidence=picture,
        at=run.now(),
    )
    if error.orders:
        run.ledger.is_about(item, error.orders, error.where.reference)


def is_of_the_account(error: AgentError) -> bool:
    """Whether nothing more goes at its account, whichever order met it: nobody is signed in there, or nobody can be."""
    signs_in = error.where.flow == "log_in" or error.reason in ("secret", "wrong_account")
    return signs_in or isinstance(error, PersonNeeded | SiteUnavailable)


def is_closed_by(run: Run, error: AgentError) -> bool:
    """Whether this very error has closed an account before in this run."""
    return any(error is stored for stored in run.closed_accounts.values())


def may_answer_the_next(run: Run, error: AgentError) -> bool:
    """Whether only this order waits for the next run: a page got no answer, and not one after another."""
    desk = run.desks.get(error.where.account)
    return isinstance(error, PageLost) and desk is not None and desk.lost_in_a_row < MOST_LOST


def all_followed(run: Run, shop: str, order_number: str) -> bool:
    """Whether the parcels of all that was bought for an order, and may still change, were read in this run."""
    bought = run.ledger.purchase_of(shop, order_number)
    return {purchase.reference for purchase in bought if purchase.state in ("placed", "shipped")} <= run.followed


def ask_to_buy_again(run: Run, purchase: StoredPurchase, cause: str, what: str, *, reason: str) -> None:
    """A purchase came to nothing: its order rests until a person says whether it is bought again."""
    run.ledger.park(purchase.shop, purchase.order_number, what)
    run.ledger.ask(
        "purchase",
        cause,
        what=what,
        todo=_("`agent approve ID` buys it again, `agent reject ID` leaves it."),
        reason=reason,
        shop=purchase.shop,
        order_number=purchase.order_number,
        reference=purchase.reference,
        account=purchase.account,
        at=run.now(),
    )


@contextmanager
def carried_out(run: Run, item: int) -> Iterator[None]:
    """What a person said is done in here, once; it waits for the next run only where a site could not be asked now."""
    try:
        yield
    except MachineFailed:
        raise
    except Exception as error:
        if not (isinstance(error, AgentError) and (error.may_retry or is_of_the_account(error) or is_closed_by(run, error))):
            run.ledger.applied(item, run.now())
        raise
    run.ledger.applied(item, run.now())


def cause_of(shop: str, order_number: str, error: AgentError) -> str:
    """What makes two failures the same inbox item: the order and the very words, so that a changed cause is asked anew.

    That nobody knows how a write ended is one thing, whatever each look for it says.
    """
    if isinstance(error, OutcomeUnknown):
        return f"order:{shop}:{order_number}:unknown:{error.where.flow}"
    return f"order:{shop}:{order_number}:{error.what}"


def raise_unless_passed(run: Run, shop: str, order_number: str, error: AgentError) -> None:
    """Raise `error`, unless a person let pass this very thing, with these very numbers, for this order."""
    if run.ledger.answered(cause_of(shop, order_number, error)) != "approve":
        raise error
    run.tell(_("A person let it pass: {}").format(error.what), shop=shop, order_number=order_number)
