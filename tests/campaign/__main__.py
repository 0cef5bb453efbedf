"""The fault campaign: the real program, as processes, against stand-in sites where everything goes wrong that can.

    python scripts/fault_campaign.py [--quick [NAME …]] [--money] [--orders N] [--minutes N] [--seed N] [--json FILE] [--keep FOLDER]

Each order has faults of its own; what must come of each stands in ends.py, money_ends.py and marketplace_ends.py, and the sites'
own state decides.
Exit 0 only if nothing was bought or entered twice, wrong or lost, the ledger claims nothing that the sites deny, nothing ended
otherwise than the table says, and fewer than one in twenty that must end right was asked about; with --quick, none.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tests.campaign.ends import TABLE
from tests.campaign.judge import DEVIATIONS, NEVER, OUTCOMES, Outcome, Verdict, tally
from tests.campaign.marketplace_ends import MARKETPLACE_TABLE
from tests.campaign.marketplace_trials import QUICK_MARKETPLACE, marketplace_lists, quick_marketplace
from tests.campaign.money_ends import MONEY
from tests.campaign.money_trials import QUICK_MONEY, Charge, money_lists, never_paid_together, quick_money
from tests.campaign.parcel_trials import parcel_lists
from tests.campaign.run import Result, campaign
from tests.campaign.score import commit, save, saved, trials
from tests.campaign.trials import QUICK, WHOLE, Planned, lists, never_together, quick

OVER_HALTS = 20  # one in so many that must end right may be asked about at most
PER_LIST = 40  # orders at one market: each run has a start of its own, and looks at all of them once more
EVERY_QUICK = (*QUICK, *QUICK_MONEY, *QUICK_MARKETPLACE)


Lists = Sequence[Sequence[Planned] | Sequence[Charge]]


def told(result: Result, planned: Lists, console: Console) -> None:
    """One list, and what of it is not as the table says."""
    console.print(
        f"list {result.at + 1} of {len(planned)}: {len(planned[result.at])} orders, {result.runs} runs, {result.seconds:.0f} s"
        + ("" if result.rested else "  [red]did not come to rest[/red]")
        + (f" · {result.on}" if result.on else "")
    )
    if result.broke:
        console.print(f"  [red]broken off[/red] {escape(result.broke)}", highlight=False)
    for verdict in result.verdicts:
        if verdict.outcome in DEVIATIONS:
            console.print(f"  [red]{verdict.outcome}[/red] {escape(_said(verdict))}", highlight=False)


def _said(verdict: Verdict) -> str:
    return f"{verdict.order} {verdict.write} [{' + '.join(verdict.faults) or 'no fault'}]: {verdict.why}"


def show(verdicts: Sequence[Verdict], console: Console) -> None:
    table = Table(title="Trials", title_justify="left")
    table.add_column("write")
    for outcome in (*OUTCOMES, "trials"):
        table.add_column(outcome, justify="right")
    rows = tally(verdicts)
    rows["together"] = sum(rows.values(), Counter())
    for write, counts in rows.items():
        table.add_row(write, *(str(counts[outcome]) for outcome in OUTCOMES), str(trials(counts)))
    console.print(table)


def main(words: Sequence[str] | None = None) -> int:
    options = _options(words)
    console = Console(width=None if sys.stdout.isatty() else 200)
    short = options.quick is not None
    planned = _quick(options.quick) if short else _lists(options)
    orders = sum(map(len, planned))
    console.print(
        f"seed {options.seed}: {orders} orders in {len(planned)} lists, {len(TABLE) + len(MONEY)} rows in the table of ends"
    )
    folder = Path(options.keep or tempfile.mkdtemp(prefix="agent-faults-"))
    began = time.monotonic()
    file = Path(options.json) if options.json else None
    results = [one for one in saved(file, options.seed, options.orders) if one.verdicts] if file else []
    for result in results:
        told(result, planned, console)
    on = f"{date.today()} {commit()}"
    for result in campaign(planned, options.seed, folder, options.minutes, {result.at for result in results}):
        results.append(replace(result, on=on))
        told(results[-1], planned, console)
        if file:  # after each list: what ends early has its score too, and goes on from there
            save(file, options.seed, options.orders, results)
    seconds = time.monotonic() - began
    verdicts = [verdict for result in results for verdict in result.verdicts]
    show(verdicts, console)
    counts = Counter(verdict.outcome for verdict in verdicts)
    restless = sum(not result.rested for result in results)
    rights = sum(counts[outcome] for outcome in ("right", "over-halt"))
    console.print(
        f"{trials(counts)} trials, {seconds / 60:.1f} min now; over-halt {counts['over-halt']} of {rights} that must end right; "
        f"{_never_met([one for result in results for one in planned[result.at]])} pairs of faults never met in one order; "
        f"{len(_rows() - _struck(verdicts))} rows of the table never struck; {restless} lists did not come to rest; "
        f"{len(planned) - len(results)} lists not begun"
    )
    if not options.keep:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if restless or is_bad(counts, strictly=short) else 0


def _never_met(played: Sequence[Planned | Charge]) -> int:
    bought = [one for one in played if type(one) is Planned]  # at the mall, and sent as ordered
    return len(never_together(bought)) + len(never_paid_together(one for one in played if isinstance(one, Charge)))


def _rows() -> set[str]:
    return {cell.name for cell in (*TABLE, *MONEY, *MARKETPLACE_TABLE)}


def _struck(verdicts: Sequence[Verdict]) -> set[str]:
    """The rows of which a fault struck, by the names of their cells; a value, or a way to pay, stands behind it."""
    told = [fault for verdict in verdicts if verdict.outcome != "not met" for fault in verdict.faults]
    return {name for name in _rows() if any(fault == name or fault.startswith((f"{name} (", f"{name} [")) for fault in told)}


def is_bad(counts: Mapping[Outcome, int], *, strictly: bool) -> bool:
    """Whether these outcomes may not be: `strictly`, not one that the table does not say."""
    asked = counts.get("over-halt", 0)
    too_often = asked > 0 if strictly else asked * OVER_HALTS >= max(1, counts.get("right", 0) + asked)
    return too_often or any(counts.get(outcome, 0) for outcome in (*NEVER, "other end"))


def _lists(options: argparse.Namespace) -> Lists:
    if options.money:
        return money_lists(options.seed)
    bought = lists(options.seed, options.orders, PER_LIST)
    return [*bought, *money_lists(options.seed), *marketplace_lists(options.seed), *parcel_lists(options.seed)]


def _quick(names: Sequence[str]) -> Lists:
    """All, or those of these names: of buying and of money; of the marketplace by name only."""
    bought, money, there = ([name for name in names if name in each] for each in (QUICK, QUICK_MONEY, QUICK_MARKETPLACE))
    return [
        *(quick(bought) if bought or not names else []),
        *(quick_money(money) if money or not names else []),
        *quick_marketplace(there),
    ]


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/fault_campaign.py", description="Everything that can go wrong, and what came of it."
    )
    parser.add_argument(
        "--quick",
        nargs="*",
        choices=EVERY_QUICK,
        metavar="NAME",
        help=f"a few orders that meet every guard once, or only these: {', '.join(EVERY_QUICK)}",
    )
    parser.add_argument("--orders", type=int, default=WHOLE, metavar="N", help="how many orders; each makes up to four trials")
    parser.add_argument("--money", action="store_true", help="only paying and cancelling")
    parser.add_argument("--minutes", type=float, metavar="N", help="begin no further list after so many")
    parser.add_argument("--seed", type=int, default=1, help="of which faults meet which order, and of latency")
    parser.add_argument(
        "--json", metavar="FILE", help="write every verdict there; what it holds of the same campaign is not played again"
    )
    parser.add_argument("--keep", metavar="FOLDER", help="keep the data folders there")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
