"""What the drift benchmark plays and how it judges; and the quick one, played."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.browser import find
from tests.drift.__main__ import main
from tests.drift.judge import Outcome, Played, judged, tally
from tests.drift.kinds import KINDS, TOLD, every, full, planned, quick
from tests.drift.places import SITES
from tests.drift.plays import PLAYS
from tests.drift.run import benchmark

DONE = Played({"total": 1250}, {"total": 1250}, (), (), clicked=True, why="", met=True, looked=None)
STOPPED = replace(DONE, told=None, why="PageChanged: two buttons", clicked=False)
TRIAL = planned(1)[0]


def test_every_kind_of_change_is_told_and_played() -> None:
    names = {kind.name for kind in KINDS}
    assert names == set(TOLD)
    for plan in (planned, full, quick):
        assert {trial.kind for trial in plan(1)} == names
    assert {scene.play for scene, _place, _kind in every()} <= set(PLAYS)


def test_every_neighbour_stands_on_the_same_page() -> None:
    for pages in SITES.values():
        for page in pages.values():
            names = [place.name for place in page.places]
            assert len(names) == len(set(names)), page.name
            assert {place.other for place in page.places if place.other} <= set(names)


def test_a_seed_makes_the_same_trials_again_and_another_makes_others() -> None:
    assert full(3) == full(3) != full(4)
    assert len(set(full(3))) == len(full(3)) >= 300
    assert {trial.scene.site for trial in full(1, "1688")} == {"1688"}


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({}, "found"),
        ({"told": None, "clicked": False, "why": "two of them"}, "stopped before"),
        ({"told": None, "why": "not in the list"}, "stopped after"),
        ({"met": False}, "not met"),
        ({"told": {"total": 1350}}, "wrong"),  # read from another element
        ({"amiss": ("name is '13911112222'",)}, "wrong"),  # typed into another box
        ({"touched": ("what=lookalike",)}, "wrong"),  # another button pressed
    ],
)
def test_the_books_of_the_sites_decide(changed: Mapping[str, Any], outcome: Outcome) -> None:
    assert judged(TRIAL, replace(DONE, **changed)).outcome == outcome


@pytest.mark.parametrize("changed", [{"amiss": ("insured",)}, {"touched": ("what=double",)}])
def test_to_have_stopped_makes_nothing_right_that_is_done(changed: Mapping[str, Any]) -> None:
    assert judged(TRIAL, replace(STOPPED, **changed)).outcome == "wrong"


def test_a_stop_needs_no_truth_and_the_look_before_is_counted_where_it_was_made() -> None:
    one = judged(TRIAL, replace(STOPPED, truth={"total": 9_900}, looked=True))
    other = judged(TRIAL, replace(STOPPED, looked=False))
    assert (one.outcome, one.why) == ("stopped before", "PageChanged: two buttons")
    row = tally([one, other, judged(TRIAL, DONE)])[TRIAL.kind]
    assert (row["stopped before"], row["found"], row["looked"], row["seen"]) == (2, 1, 2, 1)


def test_a_trial_tells_its_page_what_to_change() -> None:
    trial = next(one for one in planned(1) if (one.kind, one.place) == ("labels_swapped", "收货人"))
    assert '"kind": "labels_swapped"' in trial.script and "dl.pairs dt|手机" in trial.script
    assert not any(end in trial.script for end in ("</script", "</body"))


@pytest.mark.slow
def test_the_quick_benchmark_finds_nothing_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick"]) == 0, capsys.readouterr().out


FIRST_OF_TWO = {  # what others call healing: the first that fits is taken
    "found.length === 1 && !odd.length && !off(found[0])": "found.length >= 1 && !off(found[0])",
    ": hits.length !== 1) return { [place.name]": ": hits.length < 1) return { [place.name]",
    "hits.map((hit) => textOf(hit, place))": "hits.slice(0, 1).map((hit) => textOf(hit, place))",
}


@pytest.mark.slow
@pytest.mark.parametrize(("play", "kind", "place"), [("buy", "lookalike_other", "place"), ("order", "doubled", "quantity")])
def test_a_program_that_takes_the_first_of_two_is_found_out(
    play: str, kind: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    healing = find._script()
    for before, after in FIRST_OF_TWO.items():
        assert before in healing
        healing = healing.replace(before, after)
    made = next(one for one in planned(1) if (one.scene.play, one.kind, one.place) == (play, kind, place))
    trial = replace(made, seed=1)  # the stranger comes first
    (guarded,) = benchmark([trial], 1, tmp_path / "guarded")
    assert guarded.outcome == "stopped before", guarded.why
    monkeypatch.setattr(find, "_script", lambda: healing)
    (healed,) = benchmark([trial], 1, tmp_path / "healed")
    assert healed.outcome == "wrong", healed.why
