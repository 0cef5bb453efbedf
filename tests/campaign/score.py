"""What a campaign came to, list by list, in a file: one that was broken off goes on from there."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.campaign.judge import Verdict
from tests.campaign.run import Result
from tests.market.seller import ROOT


def trials(counts: Mapping[str, int]) -> int:
    """How many there were: one whose faults never struck shows nothing."""
    return sum(counts.values()) - counts.get("not met", 0)


def save(path: Path, seed: int, orders: int, results: Sequence[Result]) -> None:
    counts = Counter(verdict.outcome for result in results for verdict in result.verdicts)
    lists = [_line(asdict(result)) for result in sorted(results, key=lambda result: result.at)]
    head = json.dumps({"seed": seed, "orders": orders, "trials": trials(counts), "counts": counts})
    path.write_text(f'{head[:-1]}, "lists": [\n' + ",\n".join(lists) + "\n]}\n", encoding="utf-8")


def _line(facts: object) -> str:
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


def saved(path: Path, seed: int, orders: int) -> list[Result]:
    """The lists of this very campaign that the file holds; none where there is no file, or it is of another one."""
    if not path.exists():
        return []
    facts = json.loads(path.read_text(encoding="utf-8"))
    if (facts["seed"], facts["orders"]) != (seed, orders):
        return []
    return [
        Result(**{**one, "verdicts": [Verdict(**{**told, "faults": tuple(told["faults"])}) for told in one["verdicts"]]})
        for one in facts["lists"]
    ]


def commit() -> str:
    """What is played: the commit, and a + where files were changed since."""
    words = ["git", "describe", "--always", "--dirty=+", "--abbrev=9"]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    return ended.stdout.strip() or "no commit"
