"""The look before a commit: what already stands in the supplier's order list, and whether an order of ours, or one like it, is there.

"Not found" counts only from a look that proved it can find (N7): the same flow in the same session has to show an order
known to exist. An account that knows none yet gets its first order from a person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from agent.errors import Mismatch, PersonNeeded, Where
from agent.ledger import StoredPurchase
from agent.models import Fen, Order, Reading, Row, SupplierOrderState, Unreadable
from agent.words import _
from agent.work.compare import Meant, looks_alike, reference_shown
from agent.work.merged import nothing_came_in
from agent.work.run import Run, raise_unless_passed
from agent.work.values import purchase_values

CLOCKS_DIFFER = timedelta(minutes=10)  # the supplier's clock and the shop's need not agree


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the supplier's order list. `reference` is "" where the list shows none."""

    number: str
    reference: str
    ordered_at: datetime | None
    state: SupplierOrderState | None
    total: Fen | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What the look saw: every number listed (the baseline), and the details of those that carry our reference."""

    baseline: frozenset[str]
    ours: tuple[Reading, ...]


def look(run: Run, meant: Meant, order: Order) -> Seen:
    """Look whether somebody already bought this. Raises Mismatch for an order that looks like it, PersonNeeded without a control."""
    listed = with_references(run, meant.purchase.account, list_supplier(run, meant.purchase.account), order.ordered_at)
    reference = meant.purchase.reference
    ours = tuple(detail(run, meant.purchase.account, row) for row in listed if row.reference == reference)
    if not ours:
        _refuse_alike(run, meant, order, listed)
    return Seen(frozenset(row.number for row in listed), ours)


def list_supplier(run: Run, account: str) -> list[Listed]:
    """The supplier's order list, whole, with the control in it; PersonNeeded where no control is known or it is not found."""
    rows = listing(run, account)
    number, _reference = control(run, account)
    if number not in {row.number for row in rows}:
        raise Mismatch(
            _(
                "The supplier's list does not show order {}, which is known to exist; nothing it does not show can be believed"
            ).format(number),
            where=Where(account=account, flow="list_orders"),
            todo=_("Look whether the list keeps a filter, or correct `known_order` of the account in config.yaml."),
            reason="no_control",
        )
    return rows


def listing(run: Run, account: str) -> list[Listed]:
    """The supplier's order list as it is shown now: what it does not show is not known to be absent."""
    return _rows(run.desk(account).play("list_orders", {}))


def find_supplier(run: Run, account: str, reference: str, known: tuple[str, str] | None = None) -> list[Listed]:
    """What the supplier's search finds for a reference; [] where the site has no search.

    The search must first find the control: `known` (number, reference or ""), else the newest that is proven.
    """
    if "find_order" not in run.config.site_of(account).flows:
        return []
    number, known_reference = known or control(run, account)
    if known_reference:
        found = _rows(run.desk(account).play("find_order", purchase_values(known_reference)))
        if number not in {row.number for row in found}:
            raise Mismatch(
                _("The supplier's search does not find order {}, which is known to exist").format(number),
                where=Where(account=account, flow="find_order"),
            )
    return _rows(run.desk(account).play("find_order", purchase_values(reference)))


def control(run: Run, account: str) -> tuple[str, str]:
    """(number, reference or "") of an order known to exist at this account: our newest proven one, else the seller's `known_order`."""
    known = run.ledger.known_order(account)
    if known:
        return known
    told = run.config.accounts[account].known_order
    if told:
        return told, ""
    raise PersonNeeded(
        _("No order is known to exist at account {}, so “not found” would prove nothing").format(account),
        where=Where(account=account),
        todo=_("Place one order there by hand and write its number as `known_order` of the account in config.yaml."),
        reason="no_control",
    )


def detail(run: Run, account: str, row: Listed) -> Reading:
    """The supplier's own page of one listed order, opened anew."""
    reading = run.desk(account).play("read_order", purchase_values(row.reference, row.number))
    if reading.values["supplier_order_number"] != row.number:
        raise Mismatch(
            _("The supplier opened order {shown} instead of {meant}").format(
                shown=reading.values["supplier_order_number"], meant=row.number
            ),
            where=Where(account=account, flow="read_order"),
        )
    if "state" not in reading.values:  # a site that lacks `parcels`: it stands there, and what became of it nobody is shown
        return replace(reading, values={**reading.values, "state": "placed", "shipments": ()})
    return reading


def shows_money(reading: Reading) -> bool:
    """Whether the page of an order tells of money that went in for it, or that came back or is to; what of that cannot be read counts."""
    paid, refunded, refund = (reading.values.get(word) for word in ("paid", "refunded", "refund"))
    return not (paid in (None, 0) and refunded in (None, 0) and refund in (None, "none"))


def details_of(run: Run, purchase: StoredPurchase) -> list[Reading]:
    """The supplier's own pages of all its orders of a purchase; what was proven in this run is not read again."""
    rows = [Listed(number, purchase.reference, None, None) for number in purchase.supplier_order_numbers]
    return [run.proven.get((purchase.account, row.number)) or detail(run, purchase.account, row) for row in rows]


def foreign(run: Run, account: str, row: Listed) -> Reading:
    """The page of an order that is none of ours, opened once a run: to whom it goes and what it holds do not change."""
    key = (account, row.number)
    if key not in run.foreign:
        run.foreign[key] = detail(run, account, row)
    return run.foreign[key]


def with_references(run: Run, account: str, listed: list[Listed], ordered_at: datetime) -> list[Listed]:
    """The list with the references that it does not show, where it shows none: from the pages of the orders that may be ours."""
    if "listed_reference" not in run.config.site_of(account).lacks:
        return listed
    may_be = {row.number for row in _unclaimed(run, account, listed, ordered_at)}
    return [
        replace(row, reference=reference_shown(foreign(run, account, row))) if row.number in may_be else row for row in listed
    ]


def _unclaimed(run: Run, account: str, listed: list[Listed], ordered_at: datetime) -> list[Listed]:
    """The orders that no purchase of ours has claimed, and that are not older than the shop order."""
    claimed = run.ledger.numbers_claimed(account)
    since = ordered_at - CLOCKS_DIFFER
    return [row for row in listed if row.number not in claimed and (row.ordered_at is None or row.ordered_at >= since)]


def shared(run: Run, meant: Meant, listed: list[Listed]) -> list[tuple[Reading, list[StoredPurchase]]]:
    """The orders that this purchase may have been put into, where the site merges: their pages, and our others in them."""
    if not meant.merges:
        return []
    account = meant.purchase.account
    numbers = run.ledger.numbers_for(account, meant.receiver)
    rows = [row for row in listed if row.number in numbers and row.state != "cancelled"]
    return [(detail(run, account, row), live_in(run, account, row.number)) for row in rows]


def live_in(run: Run, account: str, *numbers: str) -> list[StoredPurchase]:
    """Our purchases under these supplier order numbers that are not dead."""
    return [purchase for purchase in run.ledger.purchases_in(account, *numbers) if purchase.state != "dead"]


def _refuse_alike(run: Run, meant: Meant, order: Order, listed: list[Listed]) -> None:
    alike = [
        row.number
        for row in _unclaimed(run, meant.purchase.account, listed, order.ordered_at)
        if row.state != "cancelled" and looks_alike(foreign(run, meant.purchase.account, row), meant)
    ]
    grown = [page for page, others in shared(run, meant, listed) if not nothing_came_in(page, others)]
    alike += [str(page.values["supplier_order_number"]) for page in grown]
    if not alike:
        return
    error = Mismatch(
        _("Somebody may already have bought this: supplier order {}").format(", ".join(alike)),
        where=Where(order=order.order_number, account=meant.purchase.account, reference=meant.purchase.reference),
        todo=_(
            "`agent resolve {reference} --number {number}` if that is it, `agent approve ID` if it is another buyer's."
        ).format(reference=meant.purchase.reference, number=alike[0]),
        reason="alike",
    )
    raise_unless_passed(run, order.shop, order.order_number, error)


def _rows(reading: Reading) -> list[Listed]:
    rows = cast(tuple[Row, ...], reading.values["orders"])
    return [
        Listed(
            number=str(row["supplier_order_number"]),
            reference=str(row.get("reference") or ""),
            ordered_at=cast(datetime | None, _or_none(row, "ordered_at")),
            state=cast(SupplierOrderState | None, _or_none(row, "state")),
            total=cast(Fen | None, _or_none(row, "total")),
        )
        for row in rows
    ]


def _or_none(row: Row, word: str) -> object:
    cell = row.get(word)
    return None if isinstance(cell, Unreadable) else cell
