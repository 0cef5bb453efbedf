"""A yes to a purchase holds for exactly what was shown: what the form shows otherwise afterwards is asked anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.models import Fen
from agent.work import buy, watched
from agent.work.buy import Filled
from agent.work.review import Waiting
from tests.work.given import MEANT, page


def form(total: str) -> Filled:
    return Filled(replace(page(), raw={"total": total}), Fen(100), Fen(0), None)


@pytest.mark.parametrize(
    ("totals", "answers", "sent"),
    [
        (["19.80", "19.80"], [True], True),
        (["19.80", "21.80", "21.80"], [True, True], True),
        (["19.80", "21.80"], [True, False], False),
        (["19.80"], [False], False),
    ],
)
def test_a_form_that_shows_something_else_after_the_yes_is_asked_about_anew(
    monkeypatch: pytest.MonkeyPatch, totals: list[str], answers: list[bool], sent: bool
) -> None:
    forms, said, asked = iter([form(total) for total in totals]), iter(answers), []
    submitted: list[object] = []

    def confirm(_title: str, pairs: Any) -> bool:
        asked.append(pairs[-1][-1])
        return next(said)

    monkeypatch.setattr(buy, "fill", lambda *_facts: next(forms))
    monkeypatch.setattr(buy, "look", lambda *_facts: SimpleNamespace(ours=()))
    monkeypatch.setattr(buy, "unchanged", lambda run, *_facts: run.now())
    monkeypatch.setattr(buy, "wait_for_credit", lambda *_facts: None)
    monkeypatch.setattr(buy.prove, "submit", lambda *facts: submitted.append(facts))
    run = SimpleNamespace(supplier=lambda _name: SimpleNamespace(), confirm=confirm, now=lambda: datetime(2026, 11, 29))
    ended = buy._fill_and_send(cast(Any, run), cast(Any, None), cast(Any, None), MEANT, cast(Any, None), "watched")
    assert (bool(submitted), isinstance(ended, Waiting)) == (sent, not sent)
    assert asked == totals[: len(answers)]


def test_what_the_page_does_not_show_is_not_shown_as_ours() -> None:
    pairs = watched.of_purchase(MEANT, replace(page(), raw={}))
    assert {what: shown for what, _meant, shown in pairs if shown and not what.startswith("product")} == {}
