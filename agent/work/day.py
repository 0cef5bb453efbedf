"""The order of a run: sign in, apply answers, settle what is open, read, buy, pay, read numbers, ship, compare the books, write the log."""

from __future__ import annotations

from collections.abc import Mapping

from agent.config import Shop
from agent.ledger import StoredOrder
from agent.words import _
from agent.work.away import ask_about_away, ask_about_gone
from agent.work.bill import bills_daily
from agent.work.buy import buy, reread
from agent.work.cancel import carry_out_said, follow_unwanted
from agent.work.closing import close_gone, let_the_day_go_on
from agent.work.credit import remind
from agent.work.follow import follow
from agent.work.left_over import is_left
from agent.work.manners import may_visit, note_visits
from agent.work.note import note_purchase, take_back
from agent.work.owed_back import remind_of_refunds
from agent.work.pay import pay_all
from agent.work.placed_orders import write_placed_orders
from agent.work.products import Products
from agent.work.read_orders import read_shop
from agent.work.receivers import scarce
from agent.work.reconcile import reconcile_daily
from agent.work.recover import apply_answers, recover
from agent.work.restored import ask_to_go_on, is_restored
from agent.work.run import Run, account_failures, keep_changed_pages, order_failures
from agent.work.states import OrderRow, rows_of
from agent.work.stops import leave_paused
from agent.work.to_pay import ask_for_strays
from agent.work.unmapped import ask_for_products
from agent.work.watch import follow_refunds

BUYABLE = ("", "intended")


def run_once(run: Run, products: Mapping[str, Products]) -> None:
    """Go through the whole day's work once. Failures stay with their order or account and are in the inbox afterwards."""
    leave_paused(run, "person")
    sign_in(run)
    note_visits(run)
    apply_answers(run)
    recover(run)
    remind(run)
    leave_paused(run, "program")  # only now: what made it pause is looked for all the same
    if "place" in run.options.parts:
        let_the_day_go_on(run)  # before the shops are read: what they show now may be against it
    for shop in run.config.shops.values():
        with account_failures(run, shop.account):
            run.progress(_("Reading the orders of {}").format(shop.name))
            orders = read_shop(run, shop)
            note(run, shop)
            if "place" in run.options.parts:
                place(run, shop, orders, products[shop.name])
    if "pay" in run.options.parts and not is_restored(run):
        pay_all(run)
    if "ship" in run.options.parts and not run.options.dry_run and not is_restored(run):
        follow(run)
        carry_out_said(run)
        follow_unwanted(run)
    if not run.options.dry_run:
        follow_refunds(run)
    remind_of_refunds(run)
    recover(run)
    if run.options.is_whole:
        ask_for_strays(run)
        ask_about_gone(run)
    reconcile_daily(run)
    bills_daily(run)
    ask_about_away(run)
    close_gone(run)
    ask_to_go_on(run)


def sign_in(run: Run) -> None:
    """Sign in everywhere at once; an account that cannot be signed in is closed for this run."""
    for name in run.desks:
        with account_failures(run, name):
            may_visit(run, name)
    welcome = {name: desk for name, desk in run.desks.items() if name not in run.closed_accounts}
    for name, desk in welcome.items():
        with account_failures(run, name):
            desk.start()
    for name, desk in welcome.items():
        run.progress(_("Signing in: {}").format(name))
        with account_failures(run, name):
            desk.finish()


def place(run: Run, shop: Shop, orders: list[StoredOrder], products: Products) -> None:
    """Buy what may be bought, soonest ship-by first."""
    for order in by_ship_by(run, shop, orders):
        if not to_be_bought(run, order) or shop.account in run.closed_accounts:
            continue
        run.progress(_("Buying order {}").format(order.order_number))
        with order_failures(run, order):
            may_visit(run, shop.account)
            waiting = buy(run, order, products)
            run.ledger.wait(order.shop, order.order_number, waiting.why if waiting else "")
            if waiting is None:
                run.ledger.close_items_of(order.shop, order.order_number, run.now())
        note(run, shop)
        note_visits(run)
    ours = [order for order in run.ledger.orders("ours") if order.shop == shop.name and to_be_bought(run, order)]
    ask_for_products(run, shop, ours, products)


def by_ship_by(run: Run, shop: Shop, orders: list[StoredOrder]) -> list[StoredOrder]:
    """Soonest ship-by first. Its own page alone shows that time, and is opened for it only where the reveals may not do for all."""
    if scarce(run, shop, sum(to_be_bought(run, order) for order in orders)):
        for order in orders:
            if order.ship_by is None and to_be_bought(run, order) and shop.account not in run.closed_accounts:
                with order_failures(run, order):
                    reread(run, shop, order)
    known = [run.ledger.order(order.shop, order.order_number) or order for order in orders]
    return sorted(known, key=lambda order: (order.ship_by or order.ordered_at, order.order_number))


def note(run: Run, shop: Shop) -> None:
    """Write the note of every proven purchase that has none yet; take the mark off what was begun and now rests."""
    if run.options.dry_run or is_restored(run):
        return
    for purchase in run.ledger.purchases("placed", "shipped", "done"):
        order = run.ledger.order(purchase.shop, purchase.order_number)
        if purchase.noted_at or purchase.shop != shop.name or order is None or not run.wants(order.order_number):
            continue
        if shop.account in run.closed_accounts:
            return
        with order_failures(run, order, stays=lambda _error: False):
            note_purchase(run, shop, purchase)
    for order in run.ledger.orders():
        if shop.account in run.closed_accounts:
            return
        if order.begun and order.shop == shop.name and run.wants(order.order_number) and rests(run, order):
            with order_failures(run, order, stays=lambda _error: False):
                take_back(run, shop, order)


def rests(run: Run, order: StoredOrder) -> bool:
    """Nothing more is going to be bought for it now, and nothing of it is open or still to be noted."""
    if not (order.parked or order.waits or order.disposition != "ours" or order.state != "to_ship"):
        return False
    made = run.ledger.purchases_of_order(order.shop, order.order_number)
    open_ones = any(purchase.write_state in ("committing", "unknown", "held") for purchase in made)
    return not open_ones and not any(
        purchase.supplier_order_number and not purchase.noted_at and purchase.state != "dead" for purchase in made
    )


def to_be_bought(run: Run, order: StoredOrder) -> bool:
    """Not parked, not yet shipped in the shop, no rest of it left to a person, no purchase open, and something not bought yet."""
    begun = order.state == "partly_shipped" and bool(run.ledger.shipments(order.shop, order.order_number, entered=True))
    if order.parked or not (order.state == "to_ship" or begun) or is_left(run, order):
        return False
    made = run.ledger.purchases_of_order(order.shop, order.order_number)
    if any(p.write_state not in BUYABLE for p in made if p.state == "planned"):
        return False
    bought = {line.line_number for p in made if p.state not in ("planned", "dead") for line in p.lines}
    return any(line.line_number not in bought for line in order.lines)


def close_run(run: Run) -> list[OrderRow]:
    """Write the local log, and return the row of every order ever read."""
    _write_log(run)
    keep_changed_pages(run)
    run.ledger.end_run(run.id, run.now())
    return rows_of(run.ledger)


def _write_log(run: Run) -> None:
    """What it would say stays in the ledger, so that it cannot be written is a person's matter and no end of the run."""
    path = run.config.path.parent / "placed_orders.csv"
    cause = f"unwritten:{path.name}"
    try:
        write_placed_orders(path, run.ledger.placed_rows())
        run.ledger.close_item(cause, run.now())
    except OSError as error:
        what = _("{name} could not be written: {why}").format(name=path.name, why=error.strerror)
        todo = _("Close it where it is open (Excel keeps it), or free space on that disk; the next run writes it whole.")
        run.tell(what, detail=str(path))
        run.ledger.ask("unwritten", cause, what=what, todo=todo, at=run.now())
