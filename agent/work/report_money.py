"""The money on the page of a run: margin by day until its end, and what falls due in the days after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from agent.ledger import Ledger, StoredPayable
from agent.models import Fen
from agent.work.due import day_of
from agent.work.money import FeesOf, Sums, by_day, chosen, entries_of, no_fees, together
from agent.work.payables import total_of

DAYS = 30


@dataclass(frozen=True, slots=True)
class DayMoney:
    """`money` is what is known of a day; `not_known` more amounts belong to it."""

    day: date
    money: Fen
    estimated: bool = False
    not_known: int = 0


@dataclass(frozen=True, slots=True)
class MoneyDays:
    """`margin`: the days with purchases among the `DAYS` that end with `today`, and together; `due`: the days on which
    something falls due among the `DAYS` that begin with it. `overdue` was due before; `later` is due after them, or after a
    receipt that is still to come.
    """

    today: date
    margin: tuple[DayMoney, ...]
    together: DayMoney
    due: tuple[DayMoney, ...]
    overdue: Fen
    later: Fen

    @property
    def falls_due(self) -> Fen:
        return Fen(sum(each.money for each in self.due))


def money_days(ledger: Ledger, until: datetime, fees_of: FeesOf = no_fees) -> MoneyDays:
    """As the ledger knows it now, of the purchases and payables that were there at `until`."""
    today, days = day_of(until), timedelta(days=DAYS)
    there = [purchase for purchase in ledger.money() if purchase.proven_at <= until]
    entries = chosen(entries_of(there, fees_of), today - days + timedelta(days=1), today)
    owed = [payable for payable in ledger.payables() if _open_at(payable, until)]
    dated = [(payable.due, payable) for payable in owed if payable.due is not None]
    soon = [(day, payable) for day, payable in dated if today <= day < today + days]
    overdue = total_of(payable for day, payable in dated if day < today)
    return MoneyDays(
        today=today,
        margin=tuple(_margin(group.key, group.sums) for group in by_day(entries)),
        together=_margin(today, together(entries)),
        due=tuple(_due(on, [payable for day, payable in soon if day == on]) for on in sorted({day for day, _each in soon})),
        overdue=overdue,
        later=Fen(total_of(owed) - overdue - total_of(payable for _day, payable in soon)),
    )


def _margin(day: date, sums: Sums) -> DayMoney:
    margin = sums.margin
    return DayMoney(day, Fen(margin.fen), margin.estimated, margin.unknown)


def _due(day: date, payables: list[StoredPayable]) -> DayMoney:
    return DayMoney(day, total_of(payables), any(payable.estimated for payable in payables))


def _open_at(payable: StoredPayable, until: datetime) -> bool:
    return payable.booked_at <= until and (payable.settled_at is None or payable.settled_at > until)
