"""References: the same from every ledger, safe in a spreadsheet, and every single slip shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.work.reference import ALPHABET, LENGTH, reference, valid

shops = st.text(min_size=1, max_size=12)
numbers = st.text("0123456789", min_size=1, max_size=20)
references = st.builds(reference, shops, numbers, st.integers(1, 50))
places = st.integers(0, LENGTH - 1)


def test_the_rule_never_changes() -> None:
    """A restored ledger must find the orders of the lost one: this value may never be edited."""
    assert reference("xiaolin", "6920000000000000001", 1) == "PPX2HTAT1YCW"


@given(references)
def test_it_is_short_plain_and_no_number_to_a_spreadsheet(made: str) -> None:
    assert len(made) == LENGTH and set(made) <= set(ALPHABET) and made[0].isalpha() and valid(made)


@given(references, places, st.sampled_from(ALPHABET))
def test_one_wrong_letter_shows(made: str, place: int, letter: str) -> None:
    wrong = made[:place] + letter + made[place + 1 :]
    assert valid(wrong) == (wrong == made)


@given(references, st.integers(0, LENGTH - 2))
def test_two_swapped_neighbours_show(made: str, place: int) -> None:
    swapped = made[:place] + made[place + 1] + made[place] + made[place + 2 :]
    assert valid(swapped) == (swapped == made)


@given(references, st.integers(0, LENGTH - 1))
def test_a_cut_one_is_none(made: str, kept: int) -> None:
    assert not valid(made[:kept]) and not valid(made + made[:1])


@pytest.mark.parametrize("text", ["", "ppx2htat1ycw", "ＰPX2HTAT1YCW", " PX2HTAT1YCW", "PPX2HTAT1YCL", "000000000000"])
def test_other_words_are_none(text: str) -> None:
    assert not valid(text)


def test_shop_number_and_counter_all_count() -> None:
    made = {
        reference(shop, number, counter) for shop in ("a", "b", "a1") for number in ("1", "11", "2") for counter in (1, 2, 11)
    }
    assert len(made) == 27


@pytest.mark.parametrize("shop, number, counter", [("", "1", 1), ("a", "", 1), ("a", "1", 0)])
def test_nothing_is_made_of_nothing(shop: str, number: str, counter: int) -> None:
    with pytest.raises(ValueError):
        reference(shop, number, counter)
