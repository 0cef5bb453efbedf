"""The program with guards taken away: `python -m tests.road.unguarded --without click,control -- ARGS`.

Patched in this very process only. What then goes wrong at the sites proves that the tests of the guards can fail.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from agent.browser import commit
from agent.browser.find import Finder
from agent.cli import main as agent_main
from agent.ledger import Ledger
from agent.work import buy, day, look, prove, stops


def without_click() -> None:
    """Nothing is compared inside the click."""
    real = Finder.hold

    def hold(self: Finder, tab: Any, verb: str, **request: Any) -> Any:
        if verb == "guard":
            request["expected"] = {"places": {}, "lists": {}, "held": {}}
        return real(self, tab, verb, **request)

    Finder.hold = hold  # type: ignore[method-assign]


def without_idle() -> None:
    """The commit goes out on whatever connection is open."""
    replace(commit, "close_idle", lambda _context: True)


def without_reread() -> None:
    """The order is not read again before the click."""
    replace(buy, "unchanged", lambda run, _shop, _before: run.now())


def without_baseline() -> None:
    """What stood at the supplier before the click is not remembered."""
    real = prove.begin
    replace(prove, "begin", lambda run, meant, _baseline, **more: real(run, meant, (), **more))


def without_control() -> None:
    """ "Not found" is believed from a list and a search that did not prove they can find."""

    def listed(run: Any, account: str) -> list[look.Listed]:
        return look._rows(run.desk(account).play("list_orders", {}))

    for module in (look, prove):
        replace(module, "list_supplier", listed)
        replace(module, "find_supplier", lambda _run, _account, _reference: [])


def without_unknown() -> None:
    """What was not found is taken as never sent."""

    def recover(run: Any) -> None:
        for attempt in run.ledger.open_attempts():
            run.ledger.release(attempt.shop, attempt.order_number)
        run.ledger._do("UPDATE writes SET state = 'intended' WHERE state = 'unknown'")

    replace(day, "recover", recover)


def without_stops() -> None:
    """Whether something is paused is not asked at the last moment."""
    replace(Ledger, "refuse_paused", lambda _ledger, _account: None)


def without_worth() -> None:
    """Freight and margin are not looked at."""
    for module in (buy, stops):
        replace(module, "not_worth", lambda *_told: ())


GUARDS: dict[str, Callable[[], None]] = {
    "click": without_click,
    "idle": without_idle,
    "reread": without_reread,
    "baseline": without_baseline,
    "control": without_control,
    "unknown": without_unknown,
    "stops": without_stops,
    "worth": without_worth,
}


def replace(module: Any, name: str, other: Any) -> None:
    """Put `other` in the place of a guard; a guard that is not there any more is an error."""
    getattr(module, name)
    setattr(module, name, other)


def main() -> None:
    flag, names, dashes, *words = sys.argv[1:]
    if (flag, dashes) != ("--without", "--"):
        raise SystemExit("python -m tests.road.unguarded --without NAME,… -- ARGS")
    for name in names.split(","):
        GUARDS[name]()
    sys.argv = ["agent", *words]
    agent_main()


if __name__ == "__main__":
    main()
