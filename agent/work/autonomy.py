"""How far the program goes by itself at a supplier. One axis, one function that decides; pure.

show: each purchase is laid before a person first · fill: the form is filled and compared, then a person is asked, with its
total · place: the order is placed, a person pays · place_and_pay: paid too. A yes is needed on the first two rungs only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from agent.models import Autonomy
from agent.sites.definition import MoneyMoves
from agent.words import _

LADDER: tuple[Autonomy, ...] = get_args(Autonomy)

# What comes of a filled form: never sent (a trial) · watched (a person looks on and says yes there) · sent once a person
# said yes to it · sent.
Sends = Literal["never", "watched", "after_a_yes", "at_once"]


@dataclass(frozen=True, slots=True)
class Rung:
    """Where a supplier stands now. `why` says why that is less than the seller allows, "" where it is not."""

    may: Autonomy
    sends: Sends
    why: str = ""

    @property
    def asks_first(self) -> bool:
        """Whether a person is asked before anything is revealed or filled."""
        return self.may == "show"


def rung(allowed: Autonomy, money_moves_at: MoneyMoves | None, *, unknown: bool, dry_run: bool, attended: bool) -> Rung:
    """The rung that holds now. `unknown`: how an earlier order there ended is not known yet."""
    may, why = allowed, ""
    if unknown and may != LADDER[0]:
        may, why = LADDER[LADDER.index(may) - 1], _("nobody knows yet how an earlier order there ended")
    if money_moves_at == "submit" and may == "place":  # to order there is to pay
        may, why = "fill", why or _("ordering there pays at once, which only `autonomy: place_and_pay` allows")
    return Rung(may, _sends(may, dry_run=dry_run, attended=attended), why)


def _sends(may: Autonomy, *, dry_run: bool, attended: bool) -> Sends:
    if dry_run:
        return "never"
    if attended:
        return "watched"
    return "after_a_yes" if may == "fill" else "at_once"
