"""`agent reconcile`, and once a day at the end of a run: read both sides afresh, compare them, ask a person about each difference.

It only reads. The day's one opens the lists, and further pages only where a list is not enough; the command opens them all.
A difference is one inbox item, which closes by itself when a later comparison that saw all its sites does not find it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import cast

from loguru import logger

from agent.errors import AgentError, Mismatch, PersonNeeded, SiteUnavailable, Where
from agent.ledger import InboxItem, StoredOrder, StoredPurchase
from agent.models import Fen, Reading, Row, ShopOrderState, SupplierOrderState
from agent.words import _
from agent.work.books import KIND, OPEN_WRITES, RECORDED, Finding, Kept, Shown, World, compare
from agent.work.carriers import numbers_in
from agent.work.closing import of_a_day_before, settle_by_itself
from agent.work.compare import Meant, reference_shown, stand_for
from agent.work.goods import rows_of
from agent.work.look import CLOCKS_DIFFER, Listed, detail, find_supplier, foreign, listing
from agent.work.manners import may_visit, note_visits
from agent.work.parcels import parcels_of
from agent.work.reference import reference
from agent.work.run import PARTS, Run, account_failures
from agent.work.values import order_values

DAYS = 30
MOST_PAGES = 20  # at one account, of what is not ours, where it is the day's one


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


_Key = tuple[str, str]  # shop, order number


@dataclass
class _Reading:
    """What was read so far. `thorough`: every page is opened; `unread` are orders, `left_out` the words for a person.

    `doubted` are the orders for which a difference was found before; `passed` says of which supplier orders a person said
    that they are another buyer's.
    """

    thorough: bool
    kept: list[Kept]
    doubted: frozenset[_Key]
    passed: Mapping[_Key, str]
    shown: dict[str, dict[str, Shown]] = field(default_factory=dict)
    absent: set[tuple[str, str]] = field(default_factory=set)
    accounts: set[str] = field(default_factory=set)
    unread: set[_Key] = field(default_factory=set)
    left_out: list[str] = field(default_factory=list)


_How = Callable[[Run, _Reading, str], None]


def reconcile_daily(run: Run) -> None:
    """Once a Shanghai day, at the end of a whole run; never a reason for the run to end badly."""
    options, last = run.options, run.ledger.time_mark("reconciled_at")
    if options.dry_run or options.attended or options.order or options.accounts or options.parts != PARTS:
        return
    if last is not None and not of_a_day_before(last, run.now()):
        return
    try:
        reconcile(run, DAYS, thorough=False)
    except Exception as error:
        logger.exception("a programming error ended the comparison of the day")
        run.tell(_("A fault of this program stopped the comparison with the sites: {}").format(type(error).__name__))


def reconcile(run: Run, days: int, *, thorough: bool) -> Reconciled:
    """Read what was taken in so many days, compare it, and ask; a failure of an account stays with that account."""
    run.progress(_("Comparing the shop, the suppliers and the ledger"))
    read = _begin(run, days, thorough=thorough)
    for account in _supplier_accounts(run, read):
        _read_account(run, read, account, _read_supplier)
    for account in dict.fromkeys(shop.account for shop in run.config.shops.values()):
        _read_account(run, read, account, _read_shop)
    recorded = tuple(run.ledger.purchases(*RECORDED))
    findings = compare(World(tuple(read.kept), recorded, read.shown, frozenset(read.absent)), run.now())
    with run.ledger.atomic():
        found = _ask(run, findings)
        _close_gone(run, read, {finding.cause for finding in findings})
        if not read.left_out:
            run.ledger.put_mark("reconciled_at", run.now())
    return Reconciled(found, tuple(sorted(read.accounts)), len(read.kept), tuple(read.left_out))


# ---- what is compared ---------------------------------------------------------------------------------------------------


def _begin(run: Run, days: int, *, thorough: bool) -> _Reading:
    """Our orders of these days, and those that a difference was found for before."""
    since = run.now() - timedelta(days=days)
    doubted, asked = frozenset((item.shop, item.order_number) for item in _open_items(run)), _asked(run)
    orders = [order for order in run.ledger.orders("ours") if order.shop in run.config.shops]
    wanted = [order for order in orders if order.ordered_at >= since or _key(order) in doubted]
    return _Reading(thorough, [_of(run, order, asked.get(_key(order), set())) for order in wanted], doubted, _passed(run))


def _key(order: StoredOrder) -> _Key:
    return order.shop, order.order_number


def _of(run: Run, order: StoredOrder, asked: Iterable[str]) -> Kept:
    shop, number = _key(order)
    purchases = tuple(run.ledger.purchases_of_order(shop, number))
    counters = range(1, run.ledger.next_counter(shop, number) + 1)
    names = (*(purchase.reference for purchase in purchases), *(reference(shop, number, counter) for counter in counters))
    return Kept(order, purchases, tuple(run.ledger.shipments(shop, number)), tuple(dict.fromkeys(names)), frozenset(asked))


def _asked(run: Run) -> Mapping[_Key, set[str]]:
    """For what other reasons a person is asked now, by order."""
    made: dict[_Key, set[str]] = defaultdict(set)
    for item in run.ledger.items():
        if item.kind != KIND:
            for key in ((item.shop, item.order_number), *run.ledger.waiting_orders(item.id)):
                made[key].add(item.reason)
    return made


def _passed(run: Run) -> Mapping[_Key, str]:
    """The words of the questions about orders that look alike to which a person said: another buyer's."""
    made: dict[_Key, str] = defaultdict(str)
    for item in run.ledger.items(open_only=False):
        if item.reason == "alike" and item.answer == "approve":
            made[item.shop, item.order_number] += f"{item.what}\n"
    return made


def _open_items(run: Run) -> list[InboxItem]:
    return [item for item in run.ledger.items() if item.kind == KIND]


def _supplier_accounts(run: Run, read: _Reading) -> list[str]:
    """Those that show a list of orders; for the day's one, those at which something was to be bought."""
    used = {purchase.account for kept in read.kept for purchase in kept.purchases}
    known = dict.fromkeys(supplier.account for supplier in run.config.suppliers.values())
    listed = [account for account in known if "list_orders" in run.config.site_of(account).flows]
    return [account for account in listed if read.thorough or account in used]


# ---- reading ------------------------------------------------------------------------------------------------------------


def _read_account(run: Run, read: _Reading, account: str, how: _How) -> None:
    """Read one account, unless it is closed for this run; it counts as compared only where that went to its end."""
    why = run.closed_accounts.get(account) or _stays_away(run, account)
    if why is None:
        with account_failures(run, account):
            how(run, read, account)
            read.accounts.add(account)
        note_visits(run)
        why = run.closed_accounts.get(account)
    if why is not None:
        read.left_out.append(_("{account} was not compared: {why}").format(account=account, why=why.what))


def _stays_away(run: Run, account: str) -> AgentError | None:
    """Why the site is not visited now; nothing is wrong with the account."""
    try:
        may_visit(run, account)
    except SiteUnavailable as error:
        return error
    return None


@contextmanager
def _order_left_out(run: Run, read: _Reading, account: str, *orders: StoredOrder) -> Iterator[None]:
    """An order whose page cannot be read is left out and told; what is about the whole account goes on up."""
    try:
        may_visit(run, account)
        yield
    except (PersonNeeded, SiteUnavailable):
        raise
    except AgentError as error:
        for order in orders:
            read.unread.add(_key(order))
        what = error.at(account=account, order=orders[0].order_number if orders else "").lines()[0]
        read.left_out.append(_("Not compared: {}").format(what))
        logger.bind(account=account).info("not compared: {}", what)
    finally:
        note_visits(run)


# ---- the supplier's side ------------------------------------------------------------------------------------------------


def _read_supplier(run: Run, read: _Reading, account: str) -> None:
    rows = listing(run, account)
    read.shown[account] = {row.number: Shown(account, row.number, row.reference, row.state, row.total) for row in rows}
    _name_the_dead(read, account)
    _look_for_missing(run, read, account, rows)
    for kept in read.kept:
        for purchase in kept.recorded:
            if purchase.account == account:
                _open_where_needed(run, read, kept, purchase)
    _look_at_others(run, read, account, rows)


def _name_the_dead(read: _Reading, account: str) -> None:
    """What was given up keeps its supplier order's number: the list need not show its reference."""
    there = read.shown[account]
    for purchase in (purchase for kept in read.kept for purchase in kept.purchases if purchase.account == account):
        for number in purchase.supplier_order_numbers if purchase.state == "dead" else ():
            if number in there and not there[number].reference:
                there[number] = replace(there[number], reference=purchase.reference)


def _look_for_missing(run: Run, read: _Reading, account: str, rows: list[Listed]) -> None:
    """What the ledger has and the list does not show: believed absent only where list and search just showed another (N7)."""
    there = read.shown[account]
    for kept in read.kept:
        for purchase in kept.recorded:
            gone = [number for number in purchase.supplier_order_numbers if number not in there]
            if purchase.account == account and gone and not purchase.on_my_word:
                control = _control(run, account, rows, gone[0])
                if not _reaches_back_to(rows, purchase):
                    continue
                with _order_left_out(run, read, account, kept.order):
                    found = {row.number for row in find_supplier(run, account, purchase.reference, control)}
                    read.absent |= {(account, number) for number in gone if number not in found}


def _control(run: Run, account: str, rows: list[Listed], missing: str) -> tuple[str, str]:
    """(number, reference) of an order that the list shows and that is known to exist, one that the search can find first."""
    known = {*run.ledger.numbers_claimed(account), run.config.accounts[account].known_order}
    shown = sorted((row for row in rows if row.number in known), key=lambda row: not row.reference)
    if not shown:
        raise Mismatch(
            _(
                "The supplier's list does not show order {}, which is known to exist; nothing it does not show can be believed"
            ).format(missing),
            where=Where(account=account, flow="list_orders"),
            todo=_("Look whether the list keeps a filter, or correct `known_order` of the account in config.yaml."),
            reason="no_control",
        )
    return shown[0].number, shown[0].reference


def _reaches_back_to(rows: list[Listed], purchase: StoredPurchase) -> bool:
    """Whether the list shows something older: many sites keep only so many months."""
    return purchase.placed_at is not None and any(row.ordered_at and row.ordered_at < purchase.placed_at for row in rows)


def _open_where_needed(run: Run, read: _Reading, kept: Kept, purchase: StoredPurchase) -> None:
    there = read.shown[purchase.account]
    listed = [there[number] for number in purchase.supplier_order_numbers if number in there]
    if not (read.thorough or _key(kept.order) in read.doubted or _unlike(purchase, listed)):
        return
    _open(run, read, kept, purchase, listed)


def _open(run: Run, read: _Reading, kept: Kept, purchase: StoredPurchase, listed: Iterable[Shown]) -> None:
    """The supplier's own pages of these orders, where they were not opened yet."""
    for each in listed:
        if each.parcels is not None:
            continue
        with _order_left_out(run, read, purchase.account, kept.order):
            page = detail(run, purchase.account, Listed(each.number, purchase.reference, None, each.state))
            read.shown[purchase.account][each.number] = _shown_on(page, each)


def _unlike(purchase: StoredPurchase, listed: list[Shown]) -> bool:
    """Whether the list alone says something else than the ledger, or too little."""
    totals = [each.total for each in listed]
    if any(each.state in (None, "cancelled") or (each.state == "unpaid" and purchase.paid_at) for each in listed):
        return True
    return None in totals or sum(cast(list[Fen], totals)) != purchase.total


def _shown_on(page: Reading, each: Shown) -> Shown:
    """The order as its own page shows it."""
    rows, total = rows_of(page), page.values.get("total")
    return replace(
        each,
        reference=each.reference or reference_shown(page),
        state=cast(SupplierOrderState, page.values["state"]),
        total=Fen(total) if isinstance(total, int) else None,
        rows=rows or None,
        parcels=_parcels(page),
    )


def _parcels(page: Reading) -> frozenset[str] | None:
    """The tracking numbers on a supplier's page; None where a cell holds other words."""
    rows = cast(tuple[Row, ...], page.values["shipments"])
    try:
        return frozenset(number for row in rows for number in numbers_in(str(row["tracking_number"])))
    except Mismatch:
        return None


# ---- orders at the supplier that are in no purchase ---------------------------------------------------------------------


def _look_at_others(run: Run, read: _Reading, account: str, rows: list[Listed]) -> None:
    """Of the orders that no purchase has claimed: whose reference they carry where the list hides it, and whom they fit."""
    hidden = "listed_reference" in run.config.site_of(account).lacks
    since = min((kept.order.ordered_at for kept in read.kept), default=run.now()) - CLOCKS_DIFFER
    claimed = run.ledger.numbers_claimed(account)
    opened = 0
    for row in rows:
        if row.number in claimed or row.state == "cancelled" or (row.ordered_at and row.ordered_at < since):
            continue
        maybe = [] if _is_ours(run, read, row.reference) else _may_fit(read, account, row)
        known = (account, row.number) in run.foreign
        if not (hidden or maybe) or not (known or read.thorough or opened < MOST_PAGES):
            continue
        opened += not known
        with _order_left_out(run, read, account):
            page = foreign(run, account, row)
            named = row.reference or reference_shown(page)
            fits = "" if _is_ours(run, read, named) else _fitting(run, maybe, page)
            read.shown[account][row.number] = replace(read.shown[account][row.number], reference=named, fits=fits)


def _is_ours(run: Run, read: _Reading, name: str) -> bool:
    """Whether it is a reference of ours, be it of an order that is not compared."""
    return any(name in kept.references for kept in read.kept) or run.ledger.purchase(name) is not None


def _may_fit(read: _Reading, account: str, row: Listed) -> list[tuple[Kept, StoredPurchase]]:
    """The purchases that this order may be, as far as the list tells: what is not bought yet first."""
    pairs = [(kept, purchase) for kept in read.kept for purchase in kept.purchases if purchase.account == account]
    after = [(k, p) for k, p in pairs if row.ordered_at is None or row.ordered_at >= k.order.ordered_at - CLOCKS_DIFFER]
    waiting = [(k, p) for k, p in after if p.state == "planned" and p.write_state not in OPEN_WRITES and _still_open(k)]
    bought = [(k, p) for k, p in after if p.state in RECORDED and row.total in (None, p.total)]
    return [(k, p) for k, p in (*waiting, *bought) if row.number not in read.passed.get(_key(k.order), "")]


def _still_open(kept: Kept) -> bool:
    return kept.order.state in ("to_ship", "partly_shipped") and "alike" not in kept.asked


def _fitting(run: Run, pairs: Iterable[tuple[Kept, StoredPurchase]], page: Reading) -> str:
    """The reference of the first purchase for the same person with exactly these goods, or ""."""
    for kept, purchase in pairs:
        receiver = run.ledger.receiver(kept.order.shop, kept.order.order_number)
        if receiver is not None and stand_for([page], Meant(purchase.purchase, receiver, Fen(0))):
            return purchase.reference
    return ""


# ---- the shop's side ----------------------------------------------------------------------------------------------------


def _read_shop(run: Run, read: _Reading, account: str) -> None:
    """The numbers in the shop; where the supplier did not give one by what is known, its pages are opened too."""
    began = _began(run)
    for at, kept in enumerate(read.kept):
        if run.config.shops[kept.order.shop].account != account or not kept.recorded:
            continue
        if not (read.thorough or _key(kept.order) in read.doubted or _looks_odd(run, kept, began)):
            continue
        with _order_left_out(run, read, account, kept.order):
            read.kept[at] = _in_shop(run, account, kept)
            _open_for_numbers(run, read, read.kept[at])


def _began(run: Run) -> datetime:
    this = run.ledger.run(run.id)
    return this.started_at if this else run.now()


def _looks_odd(run: Run, kept: Kept, began: datetime) -> bool:
    """Whether the shop's list of this run, and the ledger, do not say the same of whether it was shipped."""
    entered = [each.entered_at for each in kept.shipments if each.entered_at]
    listed = any(shop == kept.order.shop for shop, _number in run.listed)
    if _key(kept.order) in run.listed:
        return kept.order.state == "to_ship" and any(at < began for at in entered)
    return listed and kept.order.state == "to_ship" and not entered


def _in_shop(run: Run, account: str, kept: Kept) -> Kept:
    number = kept.order.order_number
    page = run.desk(account).play("read_shipment", order_values(number))
    if page.values["order_number"] != number:
        raise Mismatch(_("The shop opened another order than the one asked for"), where=Where(order=number))
    numbers = frozenset(parcel.tracking_number for parcel in parcels_of(page))
    return replace(kept, in_shop=numbers, shop_state=cast(ShopOrderState, page.values["state"]))


def _open_for_numbers(run: Run, read: _Reading, kept: Kept) -> None:
    ours = {number for each in kept.shipments for number in (each.tracking_number, each.new_number)}
    if not (kept.in_shop or frozenset()) - ours:
        return
    for purchase in kept.recorded:
        if purchase.account in read.accounts:
            there = read.shown[purchase.account]
            _open(run, read, kept, purchase, [there[n] for n in purchase.supplier_order_numbers if n in there])


# ---- telling ------------------------------------------------------------------------------------------------------------


def _ask(run: Run, findings: Iterable[Finding]) -> tuple[Found, ...]:
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
            at=run.now(),
        )
        made.append(Found(item, finding))
    return tuple(made)


def _close_gone(run: Run, read: _Reading, causes: set[str]) -> None:
    """What a comparison that saw all sites of an order did not find again is gone."""
    for item in _open_items(run):
        order = run.ledger.order(item.shop, item.order_number)
        if order is None or order.disposition != "ours":
            settle_by_itself(run, item, _("the order was left to a person"))
        elif item.cause not in causes and _saw_all(run, read, item, order):
            settle_by_itself(run, item, _("compared again: both sides agree"))


def _saw_all(run: Run, read: _Reading, item: InboxItem, order: StoredOrder) -> bool:
    if _key(order) in read.unread or order.shop not in run.config.shops:
        return False
    bought = {purchase.account for purchase in run.ledger.purchases_of_order(order.shop, order.order_number)}
    return {item.account, run.config.shops[order.shop].account, *bought} <= read.accounts
