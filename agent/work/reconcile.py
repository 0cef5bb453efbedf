"""`agent reconcile`, and once a day at the end of a run: read both sides afresh, compare them, ask a person about each difference.

It only reads. The day's one opens the lists, and further pages only where a list is not enough; the command opens them all.
A difference is one inbox item, which closes by itself when a later comparison that saw all its sites does not find it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from loguru import logger

from agent.clock import told
from agent.errors import AgentError, MachineFailed
from agent.ledger import InboxItem, StoredOrder
from agent.words import _
from agent.work.books import KIND, Finding, compare
from agent.work.both_sides import Key, Sides, key_of, parcels_page, read_sides
from agent.work.closing import of_a_day_before, settle_by_itself
from agent.work.look import Listed, detail, listing
from agent.work.manners import may_visit, note_visits
from agent.work.payables import follow_listed
from agent.work.reference import reference
from agent.work.run import Run
from agent.work.world import RECORDED, Kept, World

DAYS = 30
STOPPED = "reconcile:fault"  # the cause of the item that tells of a fault of ours in it
OLD = "reconcile:old"  # and of the one that tells that nothing was compared whole for days
LONG = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Found:
    """A difference, and the inbox item that tells it."""

    item: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a comparison found. `left_out`: what could not be read, in words; `orders`: how many shop orders were compared."""

    found: tuple[Found, ...]
    accounts: tuple[str, ...]
    orders: int
    left_out: tuple[str, ...]


def reconcile_daily(run: Run) -> None:
    """Once a Shanghai day, at the end of a whole run; what fails in it but the machine is no reason for the run to end badly."""
    last = run.ledger.time_mark("reconciled_at")
    if run.options.dry_run or run.options.attended:
        return
    if last is not None and not of_a_day_before(last, run.now()):
        return
    if not run.options.is_whole:
        _ask_where_old(run, last, [_("it is done at the end of whole runs, and there was none")])
        return
    try:
        made = reconcile(run, DAYS, thorough=False)
        run.ledger.close_item(STOPPED, run.now())
        if made.left_out:
            _ask_where_old(run, last, made.left_out)
    except MachineFailed:
        raise
    except Exception as error:
        logger.exception("a programming error ended the comparison of the day")
        what = _("A fault of this program stopped the comparison with the sites: {}").format(type(error).__name__)
        todo = _("Report it with the last lines of the log; the other orders go on.")
        run.tell(what)
        run.ledger.ask("fault", STOPPED, what=what, todo=todo, reason="fault", at=run.now())


def _ask_where_old(run: Run, last: datetime | None, why: Sequence[str]) -> None:
    """What could not be compared for days is told: until then, the next run tries again without a word."""
    bought = (purchase.placed_at for purchase in run.ledger.purchases(*RECORDED) if purchase.placed_at)
    since = last or min(bought, default=run.now())
    if run.now() - since < LONG:
        return
    words = _("What was bought has not been compared whole with shop and suppliers since {since}: {why}")
    run.ledger.ask(
        "not_compared",
        OLD,
        what=words.format(since=told(since), why="; ".join(why)),
        todo=_("`agent reconcile` compares it now and names what it cannot read; this closes once nothing is left out."),
        at=run.now(),
    )


def reconcile(run: Run, days: int, *, thorough: bool) -> Reconciled:
    """Read what was taken in so many days, compare it, and ask; a failure of an account stays with that account."""
    run.progress(_("Comparing the shop, the suppliers and the ledger"))
    sides = _begin(run, days, thorough=thorough)
    read_sides(run, sides)
    follow_listed(run, sides.shown)
    recorded = tuple(run.ledger.purchases(*RECORDED))
    findings = compare(World(tuple(sides.kept), recorded, sides.shown, frozenset(sides.absent)), run.now())
    pictures = _pictures(run, findings)
    with run.ledger.atomic():
        found = _ask(run, findings, pictures)
        _close_gone(run, sides, {finding.cause for finding in findings})
        if not sides.left_out:
            run.ledger.put_mark("reconciled_at", run.now())
            run.ledger.close_item(OLD, run.now())
    return Reconciled(found, tuple(sorted(sides.accounts)), len(sides.kept), tuple(sides.left_out))


# ---- what is compared ---------------------------------------------------------------------------------------------------


def _begin(run: Run, days: int, *, thorough: bool) -> Sides:
    """Our orders of these days, and those that a difference was found for before."""
    since = run.now() - timedelta(days=days)
    doubted, asked = frozenset((item.shop, item.order_number) for item in _open_items(run)), _asked(run)
    orders = [order for order in run.ledger.orders("ours") if order.shop in run.config.shops]
    wanted = [order for order in orders if order.ordered_at >= since or key_of(order) in doubted]
    return Sides(thorough, [_of(run, order, asked.get(key_of(order), set())) for order in wanted], doubted, _passed(run))


def _of(run: Run, order: StoredOrder, asked: Iterable[str]) -> Kept:
    shop, number = key_of(order)
    purchases = tuple(run.ledger.purchases_of_order(shop, number))
    counters = range(1, run.ledger.next_counter(shop, number) + 1)
    names = (*(purchase.reference for purchase in purchases), *(reference(shop, number, counter) for counter in counters))
    return Kept(order, purchases, tuple(run.ledger.shipments(shop, number)), tuple(dict.fromkeys(names)), frozenset(asked))


def _asked(run: Run) -> Mapping[Key, set[str]]:
    """For what other reasons a person is asked now, by order."""
    made: dict[Key, set[str]] = defaultdict(set)
    for item in run.ledger.items():
        if item.kind != KIND:
            for key in ((item.shop, item.order_number), *run.ledger.waiting_orders(item.id)):
                made[key].add(item.reason)
    return made


def _passed(run: Run) -> Mapping[Key, str]:
    """The words of the questions about orders that look alike to which a person said: another buyer's."""
    made: dict[Key, str] = defaultdict(str)
    for item in run.ledger.items(open_only=False):
        if item.reason == "alike" and item.answer == "approve":
            made[item.shop, item.order_number] += f"{item.what}\n"
    return made


def _open_items(run: Run) -> list[InboxItem]:
    return [item for item in run.ledger.items() if item.kind == KIND]


# ---- telling ------------------------------------------------------------------------------------------------------------


def _pictures(run: Run, findings: Iterable[Finding]) -> dict[str, Path | None]:
    """By cause: the picture of the page that shows it; one that was taken when it was found first stays."""
    known = {item.cause: item.evidence for item in _open_items(run)}
    made = {finding.cause: known.get(finding.cause) or _picture(run, finding) for finding in findings}
    note_visits(run)
    return made


def _picture(run: Run, finding: Finding) -> Path | None:
    """What the page that shows it shows now; None where it does not come, or cannot be kept: it is told all the same."""
    where = finding.error.where
    account = run.config.shops[finding.shop].account if finding.seen_on == "shop" else where.account
    try:
        may_visit(run, account)
        if finding.seen_on == "shop":
            parcels_page(run, account, where.order)
        elif finding.seen_on == "list":
            listing(run, account)
        else:
            detail(run, account, Listed(finding.supplier_order_number, where.reference, None, None))
        return run.desk(account).picture(f"reconcile-{finding.error.reason}")
    except MachineFailed:
        raise
    except (AgentError, OSError) as error:
        logger.info("no picture of what differs: {}", error)
        return None


def _ask(run: Run, findings: Iterable[Finding], pictures: Mapping[str, Path | None]) -> tuple[Found, ...]:
    """One inbox item each, but for what a person said is right as it is."""
    made = []
    for finding in findings:
        if run.ledger.answered(finding.cause) == "approve":
            continue
        error, where = finding.error, finding.error.where
        item = run.ledger.ask(
            KIND,
            finding.cause,
            what=error.lines()[0],
            todo=error.todo,
            reason=error.reason,
            shop=finding.shop,
            order_number=where.order,
            reference=where.reference,
            account=where.account,
            evidence=pictures[finding.cause],
            at=run.now(),
        )
        made.append(Found(item, finding))
    return tuple(made)


def _close_gone(run: Run, sides: Sides, causes: set[str]) -> None:
    """What a comparison that saw all sites of an order did not find again is gone."""
    for item in _open_items(run):
        order = run.ledger.order(item.shop, item.order_number)
        if order is None or order.disposition != "ours":
            settle_by_itself(run, item, _("the order was left to a person"))
        elif item.cause not in causes and _saw_all(run, sides, item, order):
            settle_by_itself(run, item, _("compared again: both sides agree"))


def _saw_all(run: Run, sides: Sides, item: InboxItem, order: StoredOrder) -> bool:
    if key_of(order) in sides.unread or order.shop not in run.config.shops:
        return False
    bought = {purchase.account for purchase in run.ledger.purchases_of_order(order.shop, order.order_number)}
    return {item.account, run.config.shops[order.shop].account, *bought} <= sides.accounts
