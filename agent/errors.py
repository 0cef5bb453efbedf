"""Everything that can go wrong, by whose move it is.

AgentError                     what every refusal of ours is
├── ConfigError                the seller's files or command line: exit 2, nothing was started
│   ├── AtWork                 another run holds the ledger
│   └── MachineFailed          disk, ledger or clock of this machine: exit 2, a run ends at once, whatever order it met
│       ├── LedgerUnusable     what happened cannot be read or put down: nothing is clicked
│       └── ClockBehind        an earlier run has seen a later time: the day's limits would be counted for another day
├── SiteUnavailable            the site does not answer: the next run tries again
│   ├── PageLost               one page or request got no answer: that order waits, the account goes on
│   ├── StaysAway              the site's manners ask to leave it alone for now
│   └── Paused                 a person or the program put a stop there: on after `agent resume`
├── PageChanged                a place was found 0 or 2+ times: mend the site file
├── SiteRefused                the site said no in its own words: believed only with proof
├── PersonNeeded               captcha, code, QR, wrong password, terms: a person's move
├── Mismatch                   what is shown is not what was meant: both values are told
├── LimitReached               a ceiling, cap or quota of the seller's: a person decides
├── LeftByPerson               somebody who looks on left a step out or wants no click: the next run begins anew
└── OutcomeUnknown             a write left and nothing proves how it ended: never tried again

The names are also the meanings a site file's `messages:` may give. A programming error is none of these: the log has its
traceback. Each error prints as three lines: what and where · file and line, evidence · what to do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from agent.terms import FLOWS, plain
from agent.words import _


@dataclass(frozen=True, slots=True)
class Where:
    """Where it happened, as far as known. `step` and `steps` count from 1; `line` is a line of `file`."""

    account: str = ""
    order: str = ""
    flow: str = ""
    step: int = 0
    steps: int = 0
    file: Path | None = None
    line: int = 0
    evidence: Path | None = None
    reference: str = ""  # of the purchase it is about


class AgentError(Exception):
    """What went wrong, where, and what to do. `advice` of the class is used unless `todo` says it better.

    `orders`: (shop, order number) of all that it is about, where that may be several; one item is asked about them together.
    `reason` is the word under which a person is asked (work/reasons.py has them all); unless told, the name of the class.
    """

    may_retry: ClassVar[bool] = False
    exit_code: ClassVar[int] = 1

    def __init__(
        self,
        what: str,
        *,
        where: Where | None = None,
        todo: str = "",
        reason: str = "",
        orders: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where or Where()
        self.todo = todo
        self.orders = orders
        self.reason = reason or type(self).__name__

    @property
    def advice(self) -> str:
        return _("Run `agent inbox` to see what waits for you.")

    def at(self, **known: object) -> AgentError:
        """Fill in what was not yet known of the place; what is known stays."""
        missing = {k: v for k, v in known.items() if v and not getattr(self.where, k)}
        self.where = replace(self.where, **missing)  # type: ignore[arg-type]
        return self

    def lines(self) -> tuple[str, str, str]:
        """The three lines a person reads."""
        return (self._first(), self._second(), self.todo or self.advice)

    def _first(self) -> str:
        w = self.where
        spot = [w.account, w.order and _("order {}").format(w.order), plain(FLOWS, w.flow)]
        if w.step:
            spot.append(_("step {} of {}").format(w.step, w.steps))
        place = " · ".join(part for part in spot if part)
        return f"{self.what} ({place})" if place else self.what

    def _second(self) -> str:
        w = self.where
        parts = []
        if w.file:
            parts.append(_("{file}, line {line}").format(file=w.file, line=w.line) if w.line else str(w.file))
        if w.evidence:
            parts.append(_("picture: {}").format(w.evidence))
        return " · ".join(parts) or _("nothing was recorded on file")


class ConfigError(AgentError):
    exit_code = 2

    @property
    def advice(self) -> str:
        return _("Mend the file and run `agent check`.")


class AtWork(ConfigError):
    """Another run holds the ledger; `since` is when it took it, where that is known."""

    def __init__(self, what: str, *, since: datetime | None = None, where: Where | None = None, todo: str = "") -> None:
        super().__init__(what, where=where, todo=todo)
        self.since = since


class MachineFailed(ConfigError):
    """Never put down to an order or an account: everything that catches an AgentError in a run lets it pass."""

    @property
    def advice(self) -> str:
        return _("Mend it on this machine, then run again: what was open is settled first.")


class LedgerUnusable(MachineFailed):
    @property
    def advice(self) -> str:
        return _("See whether its disk is full, read-only or gone, then run again: what was open is settled first.")


class ClockBehind(MachineFailed):
    @property
    def advice(self) -> str:
        return _("Set this machine's clock. If it is right now and was wrong before: `agent run --once --clock-is-right`.")


class SiteUnavailable(AgentError):
    may_retry = True

    @property
    def advice(self) -> str:
        return _("Nothing was sent. The next run tries again.")


class PageLost(SiteUnavailable):
    """One page, or one request of it, got no answer; the site may well answer the next."""


class StaysAway(SiteUnavailable):
    """The site is left alone for now, as its manners ask; it may well answer."""


class Paused(SiteUnavailable):
    exit_code = 2

    @property
    def advice(self) -> str:
        return _("`agent resume` lets it go on.")


class PageChanged(AgentError):
    @property
    def advice(self) -> str:
        return _("Look at the page, mend that line of the site file, then run `agent check`.")


class SiteRefused(AgentError):
    @property
    def advice(self) -> str:
        return _("Decide with `agent inbox`, then `agent approve` or `agent reject`.")


class PersonNeeded(AgentError):
    @property
    def advice(self) -> str:
        return _("Sign in yourself with `agent login {}`; the next run goes on.").format(self.where.account or "ACCOUNT")


class Mismatch(AgentError):
    @property
    def advice(self) -> str:
        return _("Compare both values with `agent show`, mend the products table or the site file, then `agent approve`.")


class LimitReached(AgentError):
    @property
    def advice(self) -> str:
        return _("Raise the limit in config.yaml, or let this one pass with `agent approve`.")


class LeftByPerson(AgentError):
    """Somebody who looked on left a step out, or did not want the click that writes."""

    may_retry = True

    @property
    def advice(self) -> str:
        return _("Nothing was sent. The next run begins it anew.")


class OutcomeUnknown(AgentError):
    @property
    def advice(self) -> str:
        return _("Do not buy it again. Look at the supplier's order list, then `agent resolve {}`.").format(
            self.where.order or "REFERENCE"
        )


MEANINGS: dict[str, type[AgentError]] = {SiteUnavailable.__name__: PageLost} | {  # it said so to one request
    kind.__name__: kind for kind in (PageChanged, SiteRefused, PersonNeeded, Mismatch, LimitReached, OutcomeUnknown)
}
