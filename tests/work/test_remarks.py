"""Remarks and messages: which words leave an order, which mean nothing, and what is left for a person to look at."""

from __future__ import annotations

import pytest

from agent.work.remarks import stop_word, without_rule


@pytest.mark.parametrize(
    "text, told",
    [
        ("客服：先不发", "不发"),
        ("不 发", "不发"),
        ("请勿发货不发", "不发"),
        ("已拍 1688", "已拍"),
        ("已拍 900100", ""),  # our own note
        ("已拍 900100 客服已拍", "已拍"),
        ("发顺丰", ""),
        ("", ""),
    ],
)
def test_stop_words(text: str, told: str) -> None:
    assert stop_word([text], ["", "已拍", "不发"], ["已拍 900100"]) == told


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "尽快发货",
        "尽 快发货！！",
        "谢谢，尽快发货🌹",
        "处理中",
        "已拍 900100",
        "处理中 谢谢 已拍 900100",
    ],
)
def test_nothing_is_left(text: str) -> None:
    assert without_rule([text], ["尽快发货", "谢谢", ""], ["处理中", "已拍 900100"]) == ()


@pytest.mark.parametrize("text", ["不要尽快发货", "送礼盒", "已拍 900101", "谢谢老板", "1", "处理中的单"])
def test_what_is_left_is_shown_whole(text: str) -> None:
    assert without_rule(["谢谢", text], ["尽快发货", "谢谢"], ["处理中", "已拍 900100"]) == (text,)
