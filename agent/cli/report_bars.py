"""Pictures of money by day on the page of a run: bars from a line at zero, laid out in whole units for the page's own SVG.

No script, no style of their own: the page's classes colour them, light and dark. What a bar says stands in its words, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from agent.words import _
from agent.work.limits import yuan
from agent.work.report_money import DAYS, DayMoney, MoneyDays

WIDTH, HEIGHT = 480, 202  # of the whole picture
TOP, FLOOR = 26, 158  # between them stand the bars
SLOT, BAR, LEFT = 15, 10, 16
EVERY = 7  # days between two dates below


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle, or for `nobody-knows` a question mark at its foot. `kind` is its class."""

    x: int
    y: int
    height: int
    kind: str
    words: str

    @property
    def known(self) -> bool:
        return not self.kind.startswith("nobody-knows")


@dataclass(frozen=True, slots=True)
class Mark:
    """Words beside a line, or below a day."""

    x: int
    y: int
    words: str


@dataclass(frozen=True, slots=True)
class Bars:
    title: str
    told: str  # what the whole of it says
    careful: str
    zero: int
    bars: tuple[Bar, ...]
    lines: tuple[Mark, ...]
    days: tuple[Mark, ...]


def bars_of(money: MoneyDays) -> list[Bars]:
    """The pictures that have something to show."""
    made = []
    if money.margin:
        first = money.today - timedelta(days=DAYS - 1)
        told = _("together {} yuan").format(yuan(money.together.money)) + _pale(money.margin)
        made.append(_bars(_("Margin by day"), first, money.margin, told, _left_out(money)))
    if money.due or money.overdue or money.later:
        title = _("What falls due in {} days").format(DAYS)
        told = _("together {} yuan").format(yuan(money.falls_due))
        told += _(", {} yuan later or after receipt").format(yuan(money.later)) if money.later else ""
        told += _pale(money.due)
        careful = _("{} yuan are overdue").format(yuan(money.overdue)) if money.overdue else ""
        made.append(_bars(title, money.today, money.due, told, careful, above="due"))
    return made


def _pale(days: Sequence[DayMoney]) -> str:
    return _(", pale: estimated") if any(each.estimated for each in days) else ""


def _left_out(money: MoneyDays) -> str:
    count = money.together.not_known
    return _("Of {} purchases the margin is not known; it is not in the picture.").format(count) if count else ""


def _bars(title: str, first: date, days: Sequence[DayMoney], told: str, careful: str, *, above: str = "above") -> Bars:
    amounts = [0, *(each.money for each in days)]
    scale = _Scale(max(amounts), min(amounts))
    lines = [Mark(0, scale.y(fen) + (-4 if fen > 0 else 13), yuan(fen)) for fen in (scale.most, scale.least) if fen]
    below = [first + timedelta(days=at) for at in range(0, DAYS, EVERY)]
    return Bars(
        title,
        told,
        careful,
        scale.y(0),
        tuple(_bar(each, _left(first, each.day), scale, above) for each in days),
        tuple(lines),
        tuple(Mark(_left(first, day) + BAR // 2, HEIGHT - 4, f"{day:%m-%d}") for day in below),
    )


def _left(first: date, day: date) -> int:
    return LEFT + SLOT * (day - first).days


@dataclass(frozen=True, slots=True)
class _Scale:
    """From the least, 0 or below, at the floor to the most, 0 or above, at the top."""

    most: int
    least: int

    def y(self, fen: int) -> int:
        return FLOOR - (fen - self.least) * (FLOOR - TOP) // ((self.most - self.least) or 1)


def _bar(day: DayMoney, x: int, scale: _Scale, above: str) -> Bar:
    zero, end = scale.y(0), scale.y(day.money)
    kind = "below" if day.money < 0 else above
    if day.not_known and not day.money:
        kind = "nobody-knows"
    words = f"{day.day:%m-%d}  {yuan(day.money)}" + (_(", estimated") if day.estimated else "")
    words += _(", {} not known").format(day.not_known) if day.not_known else ""
    return Bar(x, min(zero, end), max(1, abs(zero - end)), f"{kind} guessed" if day.estimated else kind, words)


def sizes() -> Mapping[str, int]:
    """What the template needs to know of the layout."""
    return {"width": WIDTH, "height": HEIGHT, "bar": BAR}
