"""Masks: a value in part behind stars is compared on what it shows, and one that shows nothing says nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.work.texts import blank_free, exact, fits_mask

words = st.text("张三李四王五0123456789-号", min_size=2, max_size=12)


@pytest.mark.parametrize(
    "shown, meant",
    [
        ("张*", "张三"),
        ("张**", "张三丰"),
        ("*三", "张三"),
        ("138****1234", "13800001234"),
        ("138****1234-****", "13800001234-7576"),
        ("张三", "张三"),
    ],
)
def test_fits(shown: str, meant: str) -> None:
    assert fits_mask(shown, meant)


@pytest.mark.parametrize(
    "shown, meant",
    [
        ("张*", "张"),
        ("张*", "李三"),
        ("*", "张三"),
        ("****-****", "13800001234-7576"),
        ("138****1234", "13800001235"),
        ("", "张三"),
        ("张.", "张三"),
    ],
)
def test_does_not_fit(shown: str, meant: str) -> None:
    assert not fits_mask(shown, meant)


@given(words, st.integers(0, 11), st.integers(1, 12))
def test_hiding_a_part_fits_and_a_changed_sign_does_not(meant: str, start: int, length: int) -> None:
    start %= len(meant)
    shown = meant[:start] + "*" * min(length, len(meant) - start) + meant[start + length :]
    assert fits_mask(shown, meant) == any(letter.isalnum() for letter in shown)
    for place, letter in enumerate(shown):
        if letter != "*":
            assert not fits_mask(shown[:place] + "X" + shown[place + 1 :], meant)


@given(st.text())
def test_tidying_twice_changes_nothing(text: str) -> None:
    assert exact(exact(text)) == exact(text)


def test_case_is_kept_and_full_width_is_not() -> None:
    assert exact(" 黑色\u3000Ｘl ") == "黑色 Xl" and blank_free("Ａ 座\n１２") == "A座12"
