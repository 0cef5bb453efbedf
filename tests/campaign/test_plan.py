"""What a campaign plays: every row of the table of ends, no two trials alike; and the quick one, played."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from agent import words
from agent.work.reasons import REASONS
from tests.campaign.__main__ import main
from tests.campaign.ends import DROPPED, RIGHT, TABLE
from tests.campaign.judge import Verdict
from tests.campaign.marketplace_ends import MARKETPLACE_TABLE
from tests.campaign.marketplace_trials import (
    MARKETPLACE_PER_LIST,
    QUICK_MARKETPLACE,
    every_there,
    marketplace_lists,
    quick_marketplace,
)
from tests.campaign.money_ends import METHODS, MONEY, point
from tests.campaign.money_trials import QUICK_MONEY, every_charge, money_lists, never_paid_together, quick_money, ways
from tests.campaign.parcel_trials import PARCEL_SHAPES, parcel_lists
from tests.campaign.run import Result, play
from tests.campaign.score import save, saved
from tests.campaign.shown import Language, rows
from tests.campaign.trials import MOST_KILLS, QUICK, WHOLE, WRITES, every_pick, lists, never_together, quick
from tests.market.faults import KINDS
from tests.meta.source import READMES, ROOT


def test_the_table_names_faults_and_reasons_that_there_are() -> None:
    assert {cell.fault for cell in TABLE} <= set(KINDS)
    assert {cell.end for cell in TABLE} - {RIGHT, DROPPED} <= set(REASONS)
    told = [(cell.write, cell.where, cell.step, cell.fault, value) for cell in TABLE for value in cell.values]
    assert len(told) == len(set(told)), "an end is said once"


def test_a_full_campaign_plays_every_row_and_no_trial_twice() -> None:
    made = [one for each in lists(1, WHOLE, 40) for one in each]
    assert len({one.key for one in made}) == len(made) >= WHOLE
    assert sum(bool(one.at(write)) for one in made for write in WRITES) >= 2_000
    every = {pick for write in WRITES for alone in (False, True) for pick in every_pick(write, alone=alone)}
    assert {pick for one in made for pick in one.picks} == every
    assert never_together(made) == set()


def test_the_orders_of_a_list_are_all_others_and_few_are_killed() -> None:
    for each in lists(2, 200, 40):
        assert len({one.order.number for one in each}) == len({one.order.receiver["phone"] for one in each}) == len(each)
        assert sum(one.kills for one in each) <= MOST_KILLS


def test_a_seed_makes_the_same_trials_again_and_another_makes_others() -> None:
    def keys(seed: int) -> list[tuple[str, ...]]:
        return [one.key for each in lists(seed, 50, 40) for one in each]

    assert keys(3) == keys(3) != keys(4)


def test_what_ends_halfway_has_no_further_writes() -> None:
    for one in (one for each in [*lists(5, 300, 40), *quick()] for one in each):
        assert one.ends("submit") == {RIGHT} or not (one.at("note") or one.at("ship"))


def test_the_table_of_money_names_faults_reasons_and_steps_that_there_are() -> None:
    assert {cell.fault for cell in MONEY} <= set(KINDS)
    assert {cell.end for cell in MONEY} - {RIGHT, DROPPED} <= set(REASONS)
    told = [
        (cell.write, cell.where, cell.step, cell.fault, value, method)
        for cell in MONEY
        for value in cell.values
        for method in ways(cell)
    ]
    assert len(told) == len(set(told)), "an end is said once"
    assert all(point(cell, method) for cell in MONEY for method in ways(cell))


def test_a_full_campaign_pays_by_every_method_through_every_row() -> None:
    made = [one for each in money_lists(1) for one in each]
    assert {(one.method, pick) for one in made for pick in one.picks} == set(every_charge())
    assert len({one.key for one in made}) == len(made)
    assert never_paid_together(made) == set()
    assert {one.method for one in made if one.write == "pay"} == set(METHODS)
    for each in money_lists(1):
        assert sum(one.kills for one in each) <= MOST_KILLS
        numbers = [order.number for one in each for order in one.orders]
        assert len(numbers) == len(set(numbers))


def test_the_quick_campaign_pays_by_every_method_and_cancels() -> None:
    made = [one for each in quick_money() for one in each]
    assert len(made) >= 6
    assert len([one for each in quick_money([*QUICK_MONEY]) for one in each]) == len(QUICK_MONEY)
    assert {one.method for one in made} == set(METHODS) and {one.write for one in made} == {"pay", "cancel"}
    assert [one.key for each in quick_money(["taken twice"]) for one in each] == [one.key for one in made if one.has("twice")]


def test_the_table_of_the_marketplace_names_faults_and_reasons_that_there_are() -> None:
    assert {cell.fault for cell in MARKETPLACE_TABLE} <= set(KINDS)
    assert {cell.end for cell in MARKETPLACE_TABLE} - {RIGHT, DROPPED} <= set(REASONS)
    told = [(pick.cell.step, pick.cell.fault, pick.value) for pick in every_there()]
    assert len(told) == len(set(told)), "an end is said once"


def test_a_full_campaign_buys_at_the_marketplace_through_every_row() -> None:
    for seed in (1, 2):
        made = [one for each in marketplace_lists(seed) for one in each]
        assert {pick for one in made for pick in one.picks} == set(every_there())
        assert len({one.key for one in made}) == len(made)
        assert all(len(one.picks) == 2 or one.picks[0].cell.alone for one in made), "another fault meets it, too"
    for each in marketplace_lists(3):
        assert sum(one.kills for one in each) <= MOST_KILLS and len(each) <= MARKETPLACE_PER_LIST
        assert len({one.order.number for one in each}) == len({one.goods[0].offer for one in each}) == len(each)


def test_the_quick_campaign_buys_at_the_marketplace_by_name() -> None:
    assert quick_marketplace([]) == []
    (made,) = quick_marketplace([*QUICK_MARKETPLACE])
    assert len({one.key for one in made}) == len(QUICK_MARKETPLACE) and not {*QUICK, *QUICK_MONEY} & {*QUICK_MARKETPLACE}


def test_a_full_campaign_enters_two_parcels_and_shared_ones_through_every_row() -> None:
    made = [one for each in parcel_lists(1) for one in each]
    assert {(one.shape, one.picks[-1]) for one in made} == {
        (shape, pick) for shape in PARCEL_SHAPES for pick in every_pick("ship")
    }
    assert len({one.key for one in made}) == len(made)
    for each in parcel_lists(2):
        assert sum(one.kills for one in each) <= MOST_KILLS
        numbers = [order.number for one in each for order in one.orders]
        assert len(numbers) == len(set(numbers))
        assert all(one.beside is None or one.beside.receiver == one.order.receiver for one in each)


@pytest.mark.slow
def test_the_quick_campaign_finds_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick", "--keep", str(tmp_path)]) == 0, capsys.readouterr().out


@pytest.mark.parametrize(("readme", "language"), [(READMES[0], "en"), (READMES[1], "zh")])
def test_the_readme_shows_the_table_of_ends(readme: Path, language: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_current", words._current)  # spoken as before, afterwards
    assert "\n".join(rows(language)) in readme.read_text(encoding="utf-8"), f"python -m tests.campaign.shown {language}"


def test_a_list_that_cannot_be_played_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("a file where the folder should be", encoding="utf-8")
    result = play(1, 0, quick(["too dear"])[0], home)
    assert (result.verdicts, result.rested) == ([], False)
    assert "FileExistsError" in result.broke or "NotADirectoryError" in result.broke


def test_a_campaign_that_is_killed_leaves_nobody_playing() -> None:
    plays = (
        "import time; from tests.campaign.run import players\n"
        "with players() as pool: pool.submit(print, 'plays', flush=True), pool.submit(time.sleep, 900)"
    )
    with subprocess.Popen([sys.executable, "-c", plays], stdout=subprocess.PIPE, cwd=ROOT) as going:
        assert going.stdout is not None and going.stdout.readline() == b"plays\n"
        going.kill()
        going.communicate(timeout=60)  # until nobody has its output any more


def test_a_campaign_goes_on_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "score.json"
    verdicts = [Verdict("submit", "right", "6920", ("late", "twice")), Verdict("note", "not met", "6920", ())]
    results = [Result(3, verdicts, 7, True, 12.5, "", "2026-11-29 abc"), Result(1, [], 2, False, 1.0, "it broke")]
    assert saved(file, 1, 450) == []
    save(file, 1, 450, results)
    assert saved(file, 1, 450) == sorted(results, key=lambda one: one.at)
    assert saved(file, 2, 450) == saved(file, 1, 40) == []
    told = json.loads(file.read_text(encoding="utf-8"))
    assert (told["trials"], told["counts"]) == (1, {"right": 1, "not met": 1})
