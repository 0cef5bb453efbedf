"""What a cashier may be clicked at, which way of paying is taken, and when: pure decisions over money.

A cashier must name the seller's payee, and hold exactly the orders that are meant, each for exactly what was proven; one fen
more anywhere, and nothing is clicked. Less everywhere (改价) is told apart: the supplier's order has to say so too first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from agent.ledger import StatementLine
from agent.models import Autonomy, Fen, PayMethod, ReadValue, Row, SupplierOrderState
from agent.sites.contract import PAY_FLOWS
from agent.words import _
from agent.work.limits import yuan
from agent.work.texts import exact


@dataclass(frozen=True, slots=True)
class Bill:
    """What is meant to be paid with one click: to whom, and each supplier order's amount."""

    payee: str
    amounts: Mapping[str, Fen]

    @property
    def total(self) -> Fen:
        return Fen(sum(self.amounts.values()))


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a cashier may not be clicked, in words with both values. `cheaper`: all that is wrong is that it asks for less."""

    words: str
    cheaper: bool = False


def wrong_with(bill: Bill, shown: Mapping[str, ReadValue]) -> Wrong | None:
    """What of a cashier is not the bill; None where all of it is, to the 分. A value that is not there, or unreadable, is wrong."""
    if not bill.amounts or not bill.payee or any(amount <= 0 for amount in bill.amounts.values()):
        return Wrong(_("nothing is known to be paid"))
    found = [*_payee(bill, shown), *_orders(bill, shown)]
    if found:
        return Wrong("; ".join(found))
    amounts = _amounts(shown)
    total = shown.get("total")
    found = [
        _("order {number}: meant {meant} yuan, shown {shown} yuan").format(
            number=number, meant=yuan(meant), shown=yuan(amounts[number])
        )
        for number, meant in bill.amounts.items()
        if amounts[number] != meant
    ]
    if total != sum(amounts.values()):
        found.append(
            _("total: {shown} yuan, but the orders together are {sum} yuan").format(
                shown=_money(total), sum=yuan(sum(amounts.values()))
            )
        )
        return Wrong("; ".join(found))
    if not found:
        return None
    cheaper = all(0 < amounts[number] <= meant for number, meant in bill.amounts.items())
    return Wrong("; ".join(found), cheaper)


def wrong_with_code(bill: Bill, shown: Mapping[str, ReadValue], now: datetime) -> str:
    """Why a code to scan may be shown to nobody, or "": it names the payee and the total, and is not over yet."""
    if not isinstance(shown.get("code"), str) or not shown.get("code"):
        return _("no picture of the code could be taken")
    if found := _payee(bill, shown):
        return found[0]
    if shown.get("total") != bill.total:
        return _("total: meant {meant} yuan, shown {shown} yuan").format(
            meant=yuan(bill.total), shown=_money(shown.get("total"))
        )
    ends = shown.get("expires_at")
    return _("it has expired already") if isinstance(ends, datetime) and ends <= now else ""


def _payee(bill: Bill, shown: Mapping[str, ReadValue]) -> list[str]:
    payee = shown.get("payee")
    if isinstance(payee, str) and exact(payee) == exact(bill.payee):
        return []
    return [
        _("payee: meant “{meant}”, shown “{shown}”").format(meant=bill.payee, shown=payee if isinstance(payee, str) else "")
    ]


def _orders(bill: Bill, shown: Mapping[str, ReadValue]) -> list[str]:
    rows = _rows(shown)
    if not rows:
        return [_("which orders are paid there cannot be read")]
    numbers = [str(row.get("supplier_order_number") or "") for row in rows]
    if sorted(numbers) != sorted(bill.amounts):
        return [
            _("orders: meant {meant}, shown {shown}").format(
                meant=", ".join(sorted(bill.amounts)), shown=", ".join(sorted(numbers))
            )
        ]
    unread = [str(row["supplier_order_number"]) for row in rows if type(row.get("total")) is not int]
    return [_("order {}: its amount cannot be read").format(number) for number in unread]


def _amounts(shown: Mapping[str, ReadValue]) -> dict[str, int]:
    return {str(row["supplier_order_number"]): int(str(row["total"])) for row in _rows(shown)}


def _rows(shown: Mapping[str, ReadValue]) -> tuple[Row, ...]:
    rows = shown.get("payments")
    return rows if isinstance(rows, tuple) else ()


def _money(value: object) -> str:
    return yuan(value) if isinstance(value, int) else "?"


# ---- which way, and when


def method_of(wanted: Sequence[PayMethod], flows: Collection[str], may: Autonomy) -> PayMethod | None:
    """The first of the seller's ways that the site has a flow for and that may be gone by itself. None: a person sees to it.

    Below `place_and_pay` money moves by a person's hand only: by scanning a code, or in an app of theirs.
    """
    for method in wanted:
        by_hand = method in ("qr", "outside")
        if (method == "outside" or PAY_FLOWS[method] in flows) and (by_hand or may == "place_and_pay"):
            return method
    return None


def round_due(times: Sequence[time], last: datetime | None, now: datetime) -> bool:
    """Whether a round of payments is due: with no times always, else once after each of them. Times are of `now`'s clock.

    `last`: when the last round was, before the first one since when something waits for it. None: nothing is known to wait.
    """
    if not times:
        return True
    today = now.date()
    passed = max(at for day in (today - timedelta(days=1), today) for at in _moments(times, day, now) if at <= now)
    return passed.date() == today if last is None else last < passed


def _moments(times: Sequence[time], day: date, now: datetime) -> list[datetime]:
    return [datetime.combine(day, at, tzinfo=now.tzinfo) for at in times]


def that_fit(amounts: Sequence[Fen], room: int) -> int:
    """How many of these, from the first on, fit into so much money: none is left out for a later one."""
    for count, _amount in enumerate(amounts):
        if sum(amounts[: count + 1]) > room:
            return count
    return len(amounts)


# ---- what proves a payment

Ended = Literal["paid", "unpaid", "closed", "waits", "differs", "twice"]


@dataclass(frozen=True, slots=True)
class Looked:
    """A supplier order as its own page shows it now. `paid` None: the page does not say how much.

    `moved`: it tells of money that went in for it, or that came back or is to; what of that cannot be read counts.
    """

    number: str
    state: SupplierOrderState
    total: Fen | None = None
    paid: Fen | None = None
    paid_at: datetime | None = None
    moved: bool = False


def ended(amount: Fen, look: Looked, lines: Sequence[StatementLine] | None) -> Ended:
    """What the supplier's order, and the account's new statement lines for it, say of one payment. `lines` None: none are read.

    unpaid: no sign of it · closed: none, and the order is cancelled · waits: the two do not agree yet · differs, twice: a person
    has to look.
    """
    went_out = [line for line in lines or () if line.amount < 0]
    if len(went_out) > 1:
        return "twice"
    if any(line.amount != -amount for line in went_out):
        return "differs"
    if look.state == "cancelled":
        return "differs" if went_out or look.moved else "closed"
    if look.state == "unpaid":
        return "waits" if went_out else "unpaid"
    if look.paid is not None and look.paid != amount:
        return "differs"
    return "waits" if lines is not None and not went_out else "paid"
