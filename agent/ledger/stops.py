"""Stops: where nothing is written for now, since when, by whose word and why. The account "" is the whole program.

Each is asked for anew before every click, so one that another process makes holds from the next click on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from agent.errors import Paused, Where
from agent.ledger.file import LedgerFile, known_time_of, text_of, time_of
from agent.words import _

Who = Literal["person", "program"]

EVERYWHERE = ""


@dataclass(frozen=True, slots=True)
class Stop:
    account: str
    who: Who
    why: str
    begun_at: datetime

    @property
    def words(self) -> str:
        """Whose word it is, since when and why, in one line."""
        head = _("paused by you since {time}") if self.who == "person" else _("paused by the program since {time}")
        words = head.format(time=f"{self.begun_at:%m-%d %H:%M}")
        return _("{stopped}: {why}").format(stopped=words, why=self.why) if self.why else words


class Stops(LedgerFile):
    def pause(self, account: str, who: Who, why: str, at: datetime) -> bool:
        """Nothing is written there from now on. False: it was paused already, and stays so for the first reason."""
        with self.atomic():
            if self._own(account):
                return False
            self._do("INSERT INTO stops (account, who, why, begun_at) VALUES (?, ?, ?, ?)", account, who, why, text_of(at))
        return True

    def resume(self, account: str, at: datetime) -> bool:
        """It goes on there, as far as the whole program does; pages that were not as their file says are counted anew.

        False: it was not paused.
        """
        with self.atomic():
            found = self._own(account)
            self._do("DELETE FROM marks WHERE name = ?", f"changed:{account}")
            self._do("UPDATE stops SET ended_at = ? WHERE account = ? AND ended_at IS NULL", text_of(at), account)
        return found is not None

    def stops(self) -> list[Stop]:
        """What is paused now, the whole program first."""
        rows = self._rows("SELECT account, who, why, begun_at FROM stops WHERE ended_at IS NULL ORDER BY account")
        return [Stop(**row | {"begun_at": known_time_of(row["begun_at"])}) for row in rows]

    def stop_at(self, account: str) -> Stop | None:
        """What keeps this account from being written to: a stop of its own, or the whole program's."""
        return self._own(EVERYWHERE) or self._own(account)

    def refuse_paused(self, account: str) -> None:
        """Raise Paused while nothing may be written there."""
        stop = self.stop_at(account)
        if stop is not None:
            raise paused(stop, account)

    def resumed_at(self, account: str) -> datetime | None:
        """When a person last let the account go on."""
        return time_of(self._value("SELECT max(ended_at) FROM stops WHERE account = ?", account))

    def _own(self, account: str) -> Stop | None:
        return next((stop for stop in self.stops() if stop.account == account), None)


def paused(stop: Stop, account: str) -> Paused:
    """The stop as what is raised where it stands in the way."""
    if stop.account == EVERYWHERE:
        what, todo = _("The whole program is {stopped}; nothing is sent"), _("`agent resume` lets it go on.")
    else:
        what = _("The account is {stopped}; nothing is sent there")
        todo = _("`agent resume {}` lets it go on.").format(account)
    return Paused(what.format(stopped=stop.words), where=Where(account=account), todo=todo)
