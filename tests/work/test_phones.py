"""Phones: every writing of a virtual number keeps its extension; what is masked or cut is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import Mismatch
from agent.models import Phone
from agent.work.phones import is_masked, parse_phone

mains = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
extensions = st.from_regex(r"[0-9]{4}", fullmatch=True)


VIRTUAL = """
18400913965-7576|18400913965转7576|18400913965 转 7576|18400913965,7576|18400913965，7576|18400913965#7576|
18400913965（7576）|18400913965(7576)|18400913965[7576]|１８４００９１３９６５－７５７６|+86 18400913965-7576|184 0091 3965-7576
"""
NOT_DIALLED = """
138****1234|138＊＊＊＊1234|184****3965-****|18400913965-****|18400913965-7|18400913965-|1840091396|184009139650|12345678901|
18400913965 7576|18400913965 7576 9|18400913965/13800138000|无|-|١٣٨٠٠١٣٨٠٠٠|138001380\u200b00|\u202d13800138000\u202c|0371|
013800138000|110|010623456789|0106234567890|021623456|0106-2345678|(0106)2345678|0162345678|01162345678|05712345|1.38E+10|400-800-8000|18400913965-7576-7576
"""


@pytest.mark.parametrize("text", VIRTUAL.split("|"))
def test_virtual_numbers_keep_their_extension(text: str) -> None:
    assert parse_phone(text) == Phone("18400913965", "7576")


@pytest.mark.parametrize(
    "text, main, extension",
    [
        ("13800138000", "13800138000", ""),
        (" 138 0013 8000 ", "13800138000", ""),
        ("0571-1234567", "0571-1234567", ""),
        ("05711234567", "0571-1234567", ""),
        ("(0571)12345678", "0571-12345678", ""),
        ("010-12345678", "010-12345678", ""),
        ("021-12345678-801", "021-12345678", "801"),
        ("01062345678", "010-62345678", ""),
        ("02162345678", "021-62345678", ""),
        ("(010)62345678", "010-62345678", ""),
        ("02162345678转801", "021-62345678", "801"),
        ("057112345678", "0571-12345678", ""),
        ("0371-62345678", "0371-62345678", ""),
    ],
)
def test_ordinary_numbers(text: str, main: str, extension: str) -> None:
    assert parse_phone(text) == Phone(main, extension)


@pytest.mark.parametrize("text", NOT_DIALLED.split("|"))
def test_what_nobody_can_dial_is_refused(text: str) -> None:
    with pytest.raises(Mismatch):
        parse_phone(text)


def test_nothing_is_refused() -> None:
    with pytest.raises(Mismatch):
        parse_phone("")


@given(mains, extensions)
def test_written_and_read_again(main: str, extension: str) -> None:
    phone = Phone(main, extension)
    assert parse_phone(str(phone)) == phone
    assert parse_phone(f"{main}转{extension}") == phone


@given(mains, st.integers(0, 10))
def test_a_star_anywhere_is_refused(main: str, place: int) -> None:
    with pytest.raises(Mismatch):
        parse_phone(main[:place] + "*" + main[place + 1 :])


@pytest.mark.parametrize(
    "text, masked", [("张*", True), ("张＊", True), ("●●路", True), ("张三", False), ("买买提·吐尔逊", False), ("", False)]
)
def test_masked(text: str, masked: bool) -> None:
    assert is_masked(text) is masked
