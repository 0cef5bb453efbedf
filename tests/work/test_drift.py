"""What a form's page is held against before a run writes there: places that stood there once at every look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.browser.last_look import LastLook, Spot
from agent.browser.survey import Survey
from agent.clock import told
from agent.errors import AgentError, PageChanged, PageLost, Paused, PersonNeeded
from agent.home import SHIPPED_SITES
from agent.ledger import Ledger
from agent.models import Reading, Sight
from agent.sites.reader import read_site
from agent.work.drift import look_before
from tests.ledger.goods import ACCOUNT, NOW

MALL = read_site(SHIPPED_SITES / "mall.yaml")
EMPTY = Reading({}, {}, {})
SPOTS = {"reference": Spot(420, 310, 200, 32, "外部单号")}


def sight(place: str, *counts: int, locator: str = "") -> Sight:
    return Sight("order_form", place, locator or f"label={place}", 75, counts)


class Looks:
    """The desk of the supplier: what each look at the form shows, in turn; the last stays."""

    def __init__(self) -> None:
        self.shows: list[list[Sight] | AgentError] = []
        self.looks = 0
        self.kept: list[str] = []

    def survey(self, _flow: str, _values: Any, *, page: str) -> Survey:
        self.looks += 1
        shown = self.shows.pop(0) if len(self.shows) > 1 else self.shows[0]
        failure = shown if isinstance(shown, AgentError) else None
        return Survey(() if failure else tuple(cast(list[Sight], shown)), EMPTY, failure, {})

    def picture(self, name: str) -> Path:
        return Path(f"{name}.jpg")

    def keep_look(self, page: str) -> None:
        self.kept.append(page)

    def last_look(self, page: str) -> LastLook:
        return LastLook(Path(f"last-{page}.jpg"), SPOTS) if page in self.kept else LastLook()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.db") as opened:
        yield opened


@pytest.fixture
def looks() -> Looks:
    return Looks()


def run(ledger: Ledger, looks: Looks, *, attended: bool = False) -> Any:
    """A run of its own."""
    return SimpleNamespace(
        id=1,
        ledger=ledger,
        looked=set(),
        options=SimpleNamespace(attended=attended),
        config=SimpleNamespace(site_of=lambda _account: MALL),
        desk=lambda _account: looks,
        closed_accounts={},
        now=lambda: NOW,
        tell=lambda *_told, **_facts: None,
        progress=lambda _words: None,
    )


def look(ledger: Ledger, looks: Looks, *shown: list[Sight] | AgentError, **options: Any) -> None:
    looks.shows = list(shown)
    look_before(run(ledger, looks, **options), ACCOUNT, "fill_order", {})


WHOLE = [sight("reference", 1), sight("phone", 1), sight("captcha", 0)]


def test_a_place_that_is_gone_pauses_the_account_and_says_which(ledger: Ledger, looks: Looks) -> None:
    look(ledger, looks, WHOLE)
    with pytest.raises(Paused, match=r"order_form is not what it was: reference \(line 75\).*label=reference \(not there\)"):
        look(ledger, looks, [sight("reference", 0), sight("phone", 1)])
    (item,) = ledger.items()
    assert (item.reason, item.account, item.evidence) == ("paused", ACCOUNT, Path("order_form.jpg"))
    assert [stop.account for stop in ledger.stops()] == [ACCOUNT]
    ledger.resume(ACCOUNT, NOW)
    look(ledger, looks, [sight("reference", 0), sight("phone", 1)])  # a person let it go on as it is now
    assert ledger.stops() == []


def test_what_is_lost_is_told_with_where_it_was_last_and_by_what_and_how_the_page_looked(ledger: Ledger, looks: Looks) -> None:
    look(ledger, looks, WHOLE)
    with pytest.raises(Paused):
        look(ledger, looks, [sight("reference", 0), sight("reference", 2, locator="css=#ref"), sight("phone", 1)])
    (item,) = ledger.items()
    last = (
        f"stood there once before, last on {told(NOW)} by label=reference at 420 from the left and 310 from the top, 200 × 32"
    )
    assert f"reference (line 75) {last} (“外部单号”), and now: label=reference (not there) · css=#ref (2 times)" in item.what
    assert "How it looked before: last-order_form.jpg" in item.todo
    assert "there p picks the place with the mouse" in item.todo
    assert looks.kept == ["order_form"], "what is amiss does not take the place of the look before"


def test_without_a_look_that_was_kept_the_rest_is_told(ledger: Ledger, looks: Looks) -> None:
    look(ledger, looks, WHOLE)
    looks.kept.clear()
    with pytest.raises(Paused, match=r"by label=reference, and now: label=reference \(not there\)"):
        look(ledger, looks, [sight("reference", 0), sight("phone", 1)])
    assert "How it looked before" not in ledger.items()[0].todo


@pytest.mark.parametrize("shown", [[sight("phone", 2)], [sight("phone", 0)], PageChanged("nothing came")])
def test_what_is_there_twice_or_another_page_is_no_better(
    ledger: Ledger, looks: Looks, shown: list[Sight] | AgentError
) -> None:
    look(ledger, looks, WHOLE)
    with pytest.raises(Paused):
        look(ledger, looks, shown)


@pytest.mark.parametrize(
    "shown",
    [
        WHOLE,
        [sight("reference", 1), sight("phone", 1), sight("captcha", 1)],  # was not there before, so it may come and go
        [sight("reference", 0), sight("reference", 1, locator="css=#ref"), sight("phone", 1)],  # another spelling serves
        [sight("reference", 1), sight("phone", 1), sight("promotion", 3)],  # nothing that the flow acts on
    ],
)
def test_what_stops_nothing(ledger: Ledger, looks: Looks, shown: list[Sight]) -> None:
    look(ledger, looks, [*WHOLE, sight("promotion", 1)])
    look(ledger, looks, shown)
    assert ledger.stops() == []


@pytest.mark.parametrize("error", [PageLost("no answer"), PersonNeeded("a slider")])
def test_what_keeps_the_page_from_coming_is_raised_as_the_flow_would(ledger: Ledger, looks: Looks, error: AgentError) -> None:
    look(ledger, looks, WHOLE)
    with pytest.raises(type(error)):
        look(ledger, looks, error)
    assert ledger.stops() == []


def test_a_place_that_came_and_went_before_is_held_against_nothing(ledger: Ledger, looks: Looks) -> None:
    look(ledger, looks, WHOLE)
    look(ledger, looks, [sight("reference", 1)], [sight("reference", 1), sight("phone", 1)])
    ledger.keep_sights(ACCOUNT, "opened", [sight("phone", 0)], NOW)
    look(ledger, looks, [sight("reference", 1), sight("phone", 0)])
    assert ledger.stops() == []


def test_a_page_that_came_half_once_is_looked_at_again(ledger: Ledger, looks: Looks) -> None:
    look(ledger, looks, WHOLE)
    looks.looks = 0
    look(ledger, looks, [sight("reference", 0), sight("phone", 1)], WHOLE)
    assert (looks.looks, ledger.stops()) == (2, [])


def test_once_a_run_and_not_where_a_person_watches(ledger: Ledger, looks: Looks) -> None:
    looks.shows = [WHOLE]
    one = run(ledger, looks)
    for _again in range(2):
        look_before(one, ACCOUNT, "fill_order", {})
    look(ledger, looks, WHOLE, attended=True)
    assert looks.looks == 1


def test_a_page_whose_address_is_not_known_yet_is_left_out(ledger: Ledger, looks: Looks) -> None:
    looks.shows = [WHOLE]
    look_before(run(ledger, looks), ACCOUNT, "read_product", {})
    assert looks.looks == 0
    look_before(run(ledger, looks), ACCOUNT, "read_product", {"line.product": "YW2001"})
    assert looks.looks == 1
