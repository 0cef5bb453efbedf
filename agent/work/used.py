"""What of the seller's limits is used up now, counted from the ledger; an order that meets one waits, is not parked, and goes on by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from agent.clock import told
from agent.config import Config, Supplier
from agent.errors import LimitReached
from agent.ledger import Ledger, StoredOrder
from agent.models import Fen, PurchaseOrder
from agent.words import _
from agent.work.credit import wait_for_credit
from agent.work.limits import HOUR, DayTotals, Limits, check_limits, day_is_full, free_again, yuan
from agent.work.receivers import midnight_after
from agent.work.review import Waiting
from agent.work.run import Run


def limits_of(config: Config, supplier: Supplier) -> Limits:
    """The limits that bind one more order at this supplier."""
    day = config.limits
    return Limits(
        *(supplier.most_per_order, supplier.most_per_day, day.most_orders_per_day, day.most_money_per_day),
        most_orders_here=supplier.most_orders_per_day,
    )


def used_today(ledger: Ledger, supplier: str, now: datetime) -> DayTotals:
    """What was ordered since midnight in Shanghai, everywhere and at this supplier, clicks of unknown outcome included."""
    today = ledger.counted_since(now.replace(hour=0, minute=0, second=0, microsecond=0))
    here = [each for each in today if each.supplier == supplier]
    return DayTotals(
        orders=len(today),
        money=Fen(sum(each.amount for each in today)),
        supplier_money=Fen(sum(each.amount for each in here)),
        supplier_orders=len(here),
    )


def bought_within_the_hour(ledger: Ledger, supplier: str, product: str, now: datetime) -> list[datetime]:
    """When this product of the supplier was bought in the hour until now."""
    return [
        each.at
        for each in ledger.counted_since(now - HOUR)
        if each.supplier == supplier and product in ledger.products_of(each.reference)
    ]


def wait_for_limits(run: Run, order: StoredOrder, purchases: Sequence[PurchaseOrder]) -> Waiting | None:
    """What keeps the purchases of an order from being bought now: all of them have room, or none is begun."""
    for at, purchase in enumerate(purchases):
        waits = (
            wait_for_credit(run, order, run.supplier(purchase.supplier), _estimate(run, purchase))
            or _day_is_full(run, order, purchase, purchases[:at])
            or _hour_is_full(run, order, purchase)
        )
        if waits:
            return waits
    return None


def _day_is_full(run: Run, order: StoredOrder, purchase: PurchaseOrder, before: Sequence[PurchaseOrder]) -> Waiting | None:
    """One inbox item a supplier, however many orders wait; midnight or a higher limit lets them go on by themselves.

    `before`: what is bought first for the same order, at other suppliers.
    """
    supplier = run.supplier(purchase.supplier)
    used = used_today(run.ledger, supplier.name, run.now())
    used = replace(
        used, orders=used.orders + len(before), money=Fen(used.money + sum(_estimate(run, earlier) for earlier in before))
    )
    words = day_is_full(_estimate(run, purchase), limits_of(run.config, supplier), used)
    if not words:
        return None
    what = _("The day's limit for {supplier} is reached ({words}); {count} orders wait").format(
        supplier=supplier.name, words=words, count="{count}"
    )
    todo = _("Raise the limit in config.yaml; else it goes on by itself after midnight.")
    run.hold_up(cause_of_limit(supplier.name), order, what, todo, reason="day_limit", account=supplier.account)
    return Waiting(_("the day's limit is reached, goes on after {}").format(told(midnight_after(run.now()))))


def _estimate(run: Run, purchase: PurchaseOrder) -> Fen:
    """What a purchase is going to cost, as far as the products table knows."""
    cost = sum(line.product.cost * line.quantity for line in purchase.lines)
    return Fen(min(cost, run.supplier(purchase.supplier).most_per_order))


def _hour_is_full(run: Run, order: StoredOrder, purchase: PurchaseOrder) -> Waiting | None:
    """One inbox item a supplier's product, however many orders wait; they go on by themselves as the hour passes."""
    supplier = run.supplier(purchase.supplier)
    for product in sorted({line.product.product for line in purchase.lines}):
        again = hour_is_full(run, supplier, product)
        if again:
            what = _(
                "Product {product} of {supplier} was bought {most} times within the hour; {count} orders wait until {time}"
            )
            words = what.format(
                product=product,
                supplier=supplier.name,
                most=supplier.most_per_product_per_hour,
                count="{count}",
                time=told(again),
            )
            todo = _("Raise `most_per_product_per_hour` in config.yaml; else it goes on by itself then.")
            cause = cause_of_hour(supplier.name, product)
            run.hold_up(cause, order, words, todo, reason="hour_limit", account=supplier.account)
            return Waiting(_("bought too often within the hour, goes on after {}").format(told(again)))
    return None


def hour_is_full(run: Run, supplier: Supplier, product: str) -> datetime | None:
    """When this product may be bought again; None: now."""
    bought = bought_within_the_hour(run.ledger, supplier.name, product, run.now())
    return free_again(bought, supplier.most_per_product_per_hour, run.now())


def refuse_used_up(run: Run, supplier: Supplier, total: Fen, products: Sequence[str]) -> None:
    """Raise LimitReached where one more order of `total` with these products would pass a limit."""
    check_limits(total, limits_of(run.config, supplier), used_today(run.ledger, supplier.name, run.now()))
    for product in products:
        if again := hour_is_full(run, supplier, product):
            raise LimitReached(
                _("Product {product} of {supplier} was bought {most} times within the hour, room again at {time}").format(
                    product=product, supplier=supplier.name, most=supplier.most_per_product_per_hour, time=told(again)
                ),
                reason="hour_limit",
            )


def room_to_pay(config: Config, ledger: Ledger, supplier: Supplier, now: datetime) -> Fen:
    """How much more may be paid to this supplier today: payments whose end nobody knows count as made."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    here = supplier.most_per_day - ledger.sent_since(midnight, supplier.name)
    whole = config.limits.most_money_per_day - ledger.sent_since(midnight)
    return Fen(min(here, whole))


def uses(config: Config, ledger: Ledger, now: datetime) -> Iterator[tuple[str, str]]:
    """Every limit with what of it is used up now: what it is about, and the numbers."""
    day = config.limits
    whole = used_today(ledger, "", now)
    yield (
        _("limits today"),
        _("{orders} orders of {most_orders}, {money} yuan of {most_money}").format(
            orders=whole.orders,
            most_orders=day.most_orders_per_day,
            money=yuan(whole.money),
            most_money=yuan(day.most_money_per_day),
        ),
    )
    for supplier in config.suppliers.values():
        yield _("limits today of {}").format(supplier.name), _use_of(ledger, supplier, now)
    for account in config.accounts:
        counted = _("{count}, paused at {most}")
        yield (
            _("writes of unknown outcome at {}").format(account),
            counted.format(count=ledger.unknown_writes(account), most=day.stop_after_unknown),
        )
        yield (
            _("changed pages in a row at {}").format(account),
            counted.format(count=max(ledger.changed_pages(account).values(), default=0), most=day.stop_after_page_changed),
        )


def _use_of(ledger: Ledger, supplier: Supplier, now: datetime) -> str:
    used = used_today(ledger, supplier.name, now)
    hour = Counter(
        product
        for each in ledger.counted_since(now - HOUR)
        if each.supplier == supplier.name and each.at > now - HOUR
        for product in ledger.products_of(each.reference)
    )
    most = supplier.most_orders_per_day
    return _(
        "{orders} orders of {most_orders}, {money} yuan of {most_money}; one product within the hour {often} of {most}"
    ).format(
        orders=used.supplier_orders,
        most_orders=_("no limit of its own") if most is None else most,
        money=yuan(used.supplier_money),
        most_money=yuan(supplier.most_per_day),
        often=max(hour.values(), default=0),
        most=supplier.most_per_product_per_hour,
    )


def cause_of_limit(supplier: str) -> str:
    return f"limit:{supplier}"


def cause_of_hour(supplier: str, product: str) -> str:
    return f"hour:{supplier}:{product}"
