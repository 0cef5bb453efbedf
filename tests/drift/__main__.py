"""The drift benchmark: the program's own jobs at the stand-in sites, while one page after another is not what it was.

    python scripts/drift_benchmark.py [--quick] [--all] [--site mall|doudian|1688] [--seed N] [--json FILE]

Each trial changes one thing on one page as a release of a site might, and lets the program work. The sites' own books say
what came of it. Exit 0 only if nothing was ever acted on or read in place of what was meant.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from loguru import logger
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tests.campaign.score import commit
from tests.drift.judge import OUTCOMES, Verdict, tally
from tests.drift.kinds import KINDS, TOLD, counted, full, planned, quick
from tests.drift.places import SITES
from tests.drift.run import benchmark


def show(verdicts: Sequence[Verdict], console: Console) -> None:
    """Kind by kind, and all together."""
    table = Table(title="Drift", title_justify="left")
    table.add_column("what changed")
    for heading in ("trials", *OUTCOMES, "looked at before, and seen"):
        table.add_column(heading, justify="right")
    rows = tally(verdicts)
    ordered = {kind.name: rows[kind.name] for kind in KINDS if kind.name in rows}
    together = sum(ordered.values(), Counter())
    lying = {kind.name for kind in KINDS if kind.lies}
    for name, row in ordered.items():
        table.add_row(TOLD[name] + (" *" if name in lying else ""), *_counts(row))
    table.add_section()
    table.add_row("together", *_counts(together))
    console.print(table)
    console.print("* the page's own words say something else than what they stand for")
    if together["not met"]:
        console.print(f"{together['not met']} more whose change the program did not come to see")


def _counts(row: Counter[str]) -> list[str]:
    trials = sum(row[outcome] for outcome in OUTCOMES)
    seen = f"{row['seen']} of {row['looked']}" if row["looked"] else ""
    return [str(trials), *(str(row[outcome]) for outcome in OUTCOMES), seen]


def save(file: Path, seed: int, verdicts: Sequence[Verdict]) -> None:
    counts = Counter(one.outcome for one in verdicts)
    head = {"seed": seed, "on": f"{date.today()} {commit()}", "trials": len(verdicts) - counts["not met"], "counts": counts}
    lines = [json.dumps(asdict(one), ensure_ascii=False) for one in verdicts]
    file.write_text(json.dumps(head)[:-1] + ', "verdicts": [\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8")


def main(words: Sequence[str] | None = None) -> int:
    options = _options(words)
    logger.remove()
    console = Console(width=None if sys.stdout.isatty() else 160)
    plan = quick if options.quick else planned if options.all else full
    trials = plan(options.seed, options.site)
    console.print(f"seed {options.seed}: {counted(trials)}")
    folder = Path(options.keep or tempfile.mkdtemp(prefix="agent-drift-"))
    began, verdicts = time.monotonic(), []
    for verdict in benchmark(trials, options.seed, folder):
        verdicts.append(verdict)
        if verdict.outcome == "wrong" or options.told:
            console.print(f"[{verdict.outcome}] {verdict.trial}: {verdict.why}", markup=False, highlight=False)
        if options.json and (len(verdicts) % 10 == 0 or len(verdicts) == len(trials)):
            save(Path(options.json), options.seed, verdicts)
    show(verdicts, console)
    wrong = sum(one.outcome == "wrong" for one in verdicts)
    colour = "red" if wrong else "green"
    console.print(escape(f"{time.monotonic() - began:.0f} s · wrong: {wrong}"), style=colour)
    return 1 if wrong else 0


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/drift_benchmark.py", description="What the program does when a site's pages change, on stand-in sites."
    )
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="each kind of change once or twice")
    size.add_argument("--all", action="store_true", help="every kind of change at everything it can be done to; takes an hour")
    parser.add_argument("--site", choices=sorted(SITES), default="", help="one site alone")
    parser.add_argument("--seed", type=int, default=1, help="of what is changed, how, and where")
    parser.add_argument("--json", metavar="FILE", help="every trial with what came of it")
    parser.add_argument("--told", action="store_true", help="print every trial as it ends")
    parser.add_argument("--keep", metavar="FOLDER", help="the data folder of the trials; default: a new one")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
