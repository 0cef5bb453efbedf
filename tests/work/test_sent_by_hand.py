"""What a person's hand made the page of a write send counts as its click: looked for, never sent by us as well."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from agent.browser.watching import SentByHand
from agent.ledger import Ledger
from agent.models import CommitFacts, RequestNote
from agent.work import prove
from agent.work.run import Run
from tests.ledger.goods import NOW, begin, intend, order, purchase

POST = RequestNote("POST", "mall.example", "/order")


def test_it_stands_in_the_ledger_as_a_click_of_unknown_end(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        ledger.save_order(order(), NOW, detail=True)
        ledger.plan([purchase()], NOW)
        attempt = begin(ledger, intend(ledger))
        clicked: list[CommitFacts] = []

        def commit(_record: Callable[[CommitFacts], None]) -> Any:
            raise SentByHand("the page sent POST /order", requests=(POST,))

        run = cast(Run, SimpleNamespace(ledger=ledger, now=lambda: NOW))
        outcome = prove.click(run, attempt, commit, clicked.append)
        known = ledger.attempt(attempt)
        assert (outcome.end, outcome.requests, clicked) == ("unclear", (POST,), [])
        assert (known.state, known.requests, known.requests_known) == ("committing", (POST,), True)
        assert prove.state_of_zero(known, outcome, NOW) == "unknown", "a count of zero does not undo it"
