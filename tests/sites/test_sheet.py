"""A table that a site offers as a workbook: a number is read as Excel shows it, another currency's sign with it."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook

from agent.sites.sheet import cells_of, foreign_sign
from agent.sites.values import NotUnderstood, money_of


def told(value: object, form: str) -> str:
    book = Workbook()
    book.active["A1"], book.active["B1"] = "金额", value
    book.active["B1"].number_format = form
    raw = io.BytesIO()
    book.save(raw)
    ((_head, cell),) = cells_of(raw.getvalue())
    return cell


@pytest.mark.parametrize("form", ["General", "0.00", '"¥"#,##0.00', "[$¥-804]#,##0.00", "[$-804]0.00", '_ "¥"* #,##0.00_ '])
def test_an_amount_in_yuan(form: str) -> None:
    assert money_of(told(12.5, form)) == 1250
    assert foreign_sign(form) == ""


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("[$$-409]#,##0.00", "$12.5"),
        ('"$"#,##0.00', "$12.5"),
        ("[$€-2] #,##0.00", "€12.5"),
        ("[$¥-411]#,##0.00", "JPY12.5"),
        ("[$HKD] 0.00", "HKD12.5"),
        ("0.00%", "1250%"),
    ],
)
def test_what_excel_shows_as_another_currency_is_no_amount(form: str, shown: str) -> None:
    cell = told(12.5, form)
    assert cell == shown
    with pytest.raises(NotUnderstood):
        money_of(cell)


def test_a_text_stays_what_it_is_and_a_negative_number_is_none() -> None:
    assert told("1,234.50", "[$$-409]#,##0.00") == "1,234.50"
    with pytest.raises(NotUnderstood, match="below zero"):
        money_of(told(-12.5, "0.00"))
