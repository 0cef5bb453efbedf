"""Both sides, read afresh for the books: the suppliers' lists and pages, and the tracking numbers in the shop. Nothing is written.

`thorough` opens every page; else the lists, and further pages only where a list is not enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

from loguru import logger

from agent.errors import AgentError, MachineFailed, Mismatch, PersonNeeded, SiteUnavailable, Where
from agent.ledger import StoredOrder, StoredPurchase
from agent.models import Fen, Reading, Row, ShopOrderState, SupplierOrderState
from agent.words import _
from agent.work.carriers import numbers_in
from agent.work.compare import Meant, reference_shown, stand_for
from agent.work.goods import rows_of
from agent.work.look import CLOCKS_DIFFER, Listed, detail, find_supplier, foreign, listing
from agent.work.manners import may_visit, note_visits
from agent.work.parcels import parcels_of
from agent.work.run import Run, account_failures
from agent.work.values import order_values
from agent.work.world import OPEN_WRITES, RECORDED, Kept, Shown

MOST_PAGES = 20  # at one account, of what is not ours, unless thorough

Key = tuple[str, str]  # shop, order number


@dataclass
class Sides:
    """What was read so far. `thorough`: every page is opened; `unread` are orders, `left_out` the words for a person.

    `doubted` are the orders for which a difference was found before; `passed` says of which supplier orders a person said
    that they are another buyer's.
    """

    thorough: bool
    kept: list[Kept]
    doubted: frozenset[Key]
    passed: Mapping[Key, str]
    shown: dict[str, dict[str, Shown]] = field(default_factory=dict)
    absent: set[tuple[str, str]] = field(default_factory=set)
    accounts: set[str] = field(default_factory=set)
    unread: set[Key] = field(default_factory=set)
    left_out: list[str] = field(default_factory=list)


_How = Callable[[Run, Sides, str], None]


def key_of(order: StoredOrder) -> Key:
    return order.shop, order.order_number


def read_sides(run: Run, sides: Sides) -> None:
    """Read every account that is compared; what could not be read is in `left_out`."""
    for account in _supplier_accounts(run, sides):
        _read_account(run, sides, account, _read_supplier)
    for account in dict.fromkeys(shop.account for shop in run.config.shops.values()):
        _read_account(run, sides, account, _read_shop)


def _supplier_accounts(run: Run, sides: Sides) -> list[str]:
    """Those that show a list of orders; for the day's one, those at which something was to be bought."""
    used = {purchase.account for kept in sides.kept for purchase in kept.purchases}
    known = dict.fromkeys(supplier.account for supplier in run.config.suppliers.values())
    listed = [account for account in known if "list_orders" in run.config.site_of(account).flows]
    return [account for account in listed if sides.thorough or account in used]


def _read_account(run: Run, sides: Sides, account: str, how: _How) -> None:
    """Read one account, unless it is closed for this run; it counts as compared only where that went to its end."""
    why = run.closed_accounts.get(account) or _stays_away(run, account)
    if why is None:
        with account_failures(run, account):
            how(run, sides, account)
            sides.accounts.add(account)
        note_visits(run)
        why = run.closed_accounts.get(account)
    if why is not None:
        sides.left_out.append(_("{account} was not compared: {why}").format(account=account, why=why.what))


def _stays_away(run: Run, account: str) -> AgentError | None:
    """Why the site is not visited now; nothing is wrong with the account."""
    try:
        may_visit(run, account)
    except SiteUnavailable as error:
        return error
    return None


@contextmanager
def _order_left_out(run: Run, sides: Sides, account: str, *orders: StoredOrder) -> Iterator[None]:
    """An order whose page cannot be read is left out and told; what is about the whole account goes on up."""
    try:
        may_visit(run, account)
        yield
    except MachineFailed:
        raise
    except (PersonNeeded, SiteUnavailable):
        raise
    except AgentError as error:
        for order in orders:
            sides.unread.add(key_of(order))
        what = error.at(account=account, order=orders[0].order_number if orders else "").lines()[0]
        sides.left_out.append(_("Not compared: {}").format(what))
        logger.bind(account=account).info("not compared: {}", what)
    finally:
        note_visits(run)


# ---- the supplier's side ------------------------------------------------------------------------------------------------


def _read_supplier(run: Run, sides: Sides, account: str) -> None:
    rows = listing(run, account)
    sides.shown[account] = {row.number: Shown(account, row.number, row.reference, row.state) for row in rows}
    _name_the_dead(sides, account)
    _look_for_missing(run, sides, account, rows)
    for kept in sides.kept:
        for purchase in kept.recorded:
            if purchase.account == account:
                _open_where_needed(run, sides, kept, purchase, rows)
    _look_at_others(run, sides, account, rows)


def _name_the_dead(sides: Sides, account: str) -> None:
    """What was given up keeps its supplier order's number: the list need not show its reference."""
    there = sides.shown[account]
    for purchase in (purchase for kept in sides.kept for purchase in kept.purchases if purchase.account == account):
        for number in purchase.supplier_order_numbers if purchase.state == "dead" else ():
            if number in there and not there[number].reference:
                there[number] = replace(there[number], reference=purchase.reference)


def _look_for_missing(run: Run, sides: Sides, account: str, rows: list[Listed]) -> None:
    """What the ledger has and the list does not show: believed absent only where list and search just showed another (N7)."""
    there = sides.shown[account]
    for kept in sides.kept:
        for purchase in kept.recorded:
            gone = [number for number in purchase.supplier_order_numbers if number not in there]
            if purchase.account == account and gone and not purchase.on_my_word:
                control = _control(run, account, rows, gone[0])
                if not _reaches_back_to(rows, purchase):
                    continue
                with _order_left_out(run, sides, account, kept.order):
                    found = {row.number for row in find_supplier(run, account, purchase.reference, control)}
                    sides.absent |= {(account, number) for number in gone if number not in found}


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


def _open_where_needed(run: Run, sides: Sides, kept: Kept, purchase: StoredPurchase, rows: list[Listed]) -> None:
    own = [row for row in rows if row.number in purchase.supplier_order_numbers]
    if sides.thorough or key_of(kept.order) in sides.doubted or _unlike(purchase, own):
        _open(run, sides, kept, purchase)


def _open(run: Run, sides: Sides, kept: Kept, purchase: StoredPurchase) -> None:
    """The supplier's own pages of a purchase, those of its orders that the list shows and that were not opened yet."""
    there = sides.shown[purchase.account]
    for number in purchase.supplier_order_numbers:
        if number in there and not there[number].opened:
            with _order_left_out(run, sides, purchase.account, kept.order):
                page = detail(run, purchase.account, Listed(number, purchase.reference, None, None))
                there[number] = _shown_on(page, there[number])


def _unlike(purchase: StoredPurchase, listed: list[Listed]) -> bool:
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
        opened=True,
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


def _look_at_others(run: Run, sides: Sides, account: str, rows: list[Listed]) -> None:
    """Of the orders that no purchase has claimed: whose reference they carry where the list hides it, and whom they fit."""
    hidden = "listed_reference" in run.config.site_of(account).lacks
    since = min((kept.order.ordered_at for kept in sides.kept), default=run.now()) - CLOCKS_DIFFER
    claimed = run.ledger.numbers_claimed(account)
    opened = 0
    for row in rows:
        if row.number in claimed or row.state == "cancelled" or (row.ordered_at and row.ordered_at < since):
            continue
        maybe = [] if _is_ours(run, sides, row.reference) else _may_fit(sides, account, row)
        known = (account, row.number) in run.foreign
        if not (hidden or maybe) or not (known or sides.thorough or opened < MOST_PAGES):
            continue
        opened += not known
        with _order_left_out(run, sides, account):
            page = foreign(run, account, row)
            named = row.reference or reference_shown(page)
            fits = "" if _is_ours(run, sides, named) else _fitting(run, maybe, page)
            sides.shown[account][row.number] = replace(sides.shown[account][row.number], reference=named, fits=fits)


def _is_ours(run: Run, sides: Sides, name: str) -> bool:
    """Whether it is a reference of ours, be it of an order that is not compared."""
    return any(name in kept.references for kept in sides.kept) or run.ledger.purchase(name) is not None


def _may_fit(sides: Sides, account: str, row: Listed) -> list[tuple[Kept, StoredPurchase]]:
    """The purchases that this order may be, as far as the list tells: what is not bought yet first."""
    pairs = [(kept, purchase) for kept in sides.kept for purchase in kept.purchases if purchase.account == account]
    after = [(k, p) for k, p in pairs if row.ordered_at is None or row.ordered_at >= k.order.ordered_at - CLOCKS_DIFFER]
    waiting = [(k, p) for k, p in after if p.state == "planned" and p.write_state not in OPEN_WRITES and _still_open(k)]
    bought = [(k, p) for k, p in after if p.state in RECORDED and row.total in (None, p.total)]
    return [(k, p) for k, p in (*waiting, *bought) if row.number not in sides.passed.get(key_of(k.order), "")]


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


def _read_shop(run: Run, sides: Sides, account: str) -> None:
    """The numbers in the shop; where the supplier did not give one by what is known, its pages are opened too."""
    began = _began(run)
    for at, kept in enumerate(sides.kept):
        if run.config.shops[kept.order.shop].account != account or not kept.recorded:
            continue
        if not (sides.thorough or key_of(kept.order) in sides.doubted or _looks_odd(run, kept, began)):
            continue
        with _order_left_out(run, sides, account, kept.order):
            sides.kept[at] = _in_shop(run, account, kept)
            _open_for_numbers(run, sides, sides.kept[at])


def _began(run: Run) -> datetime:
    this = run.ledger.run(run.id)
    return this.started_at if this else run.now()


def _looks_odd(run: Run, kept: Kept, began: datetime) -> bool:
    """Whether the shop's list of this run, and the ledger, do not say the same of whether it was shipped."""
    entered = [each.entered_at for each in kept.shipments if each.entered_at]
    listed = any(shop == kept.order.shop for shop, _number in run.listed)
    if key_of(kept.order) in run.listed:
        return kept.order.state == "to_ship" and any(at < began for at in entered)
    return listed and kept.order.state == "to_ship" and not entered


def parcels_page(run: Run, account: str, number: str) -> Reading:
    """The shop's page of an order's parcels."""
    page = run.desk(account).play("read_shipment", order_values(number))
    if page.values["order_number"] != number:
        raise Mismatch(_("The shop opened another order than the one asked for"), where=Where(order=number))
    return page


def _in_shop(run: Run, account: str, kept: Kept) -> Kept:
    page = parcels_page(run, account, kept.order.order_number)
    numbers = frozenset(parcel.tracking_number for parcel in parcels_of(page))
    return replace(kept, in_shop=numbers, shop_state=cast(ShopOrderState, page.values["state"]))


def _open_for_numbers(run: Run, sides: Sides, kept: Kept) -> None:
    ours = {number for each in kept.shipments for number in (each.tracking_number, each.new_number)}
    if not (kept.in_shop or frozenset()) - ours:
        return
    for purchase in kept.recorded:
        if purchase.account in sides.accounts:
            _open(run, sides, kept, purchase)
