"""Due dates: a table worked out by hand on a calendar, never by the function; and which reminder stands when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.models import SHANGHAI, DueRule
from agent.work.due import Due, days_left, due, reminder

# rule, ordered, received ("" not yet), due. Times without a zone are Shanghai's; a date in brackets is only expected.
TABLE = """
day 25 of next month       | 2026-11-01 00:00:00        |                      | 2026-12-25
day 25 of next month       | 2026-11-22 18:00:00        |                      | 2026-12-25
day 25 of next month       | 2026-11-30 23:59:59        |                      | 2026-12-25
day 25 of next month       | 2026-12-01 00:00:00        |                      | 2027-01-25
day 25 of next month       | 2026-12-31 23:59:59        |                      | 2027-01-25
day 25 of next month       | 2026-11-30 15:59:59+00:00  |                      | 2026-12-25
day 25 of next month       | 2026-11-30 16:00:00+00:00  |                      | 2027-01-25
day 25 of next month       | 2026-12-31 16:00:00+00:00  |                      | 2027-02-25
day 25 of next month       | 2026-11-22 18:00:00        | 2026-12-02 09:00:00  | 2026-12-25
day 31 of next month       | 2026-11-15 12:00:00        |                      | 2026-12-31
day 31 of next month       | 2026-03-31 12:00:00        |                      | 2026-04-30
day 31 of next month       | 2027-01-31 12:00:00        |                      | 2027-02-28
day 31 of next month       | 2028-01-05 12:00:00        |                      | 2028-02-29
day 31 of next month       | 2100-01-15 12:00:00        |                      | 2100-02-28
day 30 of next month       | 2027-01-10 12:00:00        |                      | 2027-02-28
day 29 of next month       | 2027-01-10 12:00:00        |                      | 2027-02-28
day 29 of next month       | 2028-01-10 12:00:00        |                      | 2028-02-29
day 1 of next month        | 2026-11-30 12:00:00        |                      | 2026-12-01
day 1 of next month        | 2026-12-31 12:00:00        |                      | 2027-01-01
day 10 of next month       | 2028-02-29 12:00:00        |                      | 2028-03-10
30 days after month end    | 2026-05-15 12:00:00        |                      | 2026-06-30
30 days after month end    | 2026-05-01 00:00:00        |                      | 2026-06-30
30 days after month end    | 2026-05-31 23:59:59        |                      | 2026-06-30
30 days after month end    | 2026-06-01 00:00:00        |                      | 2026-07-30
30 days after month end    | 2026-01-20 12:00:00        |                      | 2026-03-02
30 days after month end    | 2028-01-20 12:00:00        |                      | 2028-03-01
30 days after month end    | 2027-02-10 12:00:00        |                      | 2027-03-30
30 days after month end    | 2028-02-10 12:00:00        |                      | 2028-03-30
30 days after month end    | 2026-11-22 12:00:00        |                      | 2026-12-30
30 days after month end    | 2026-12-22 12:00:00        |                      | 2027-01-30
60 days after month end    | 2026-11-22 12:00:00        |                      | 2027-01-29
90 days after month end    | 2026-11-22 12:00:00        |                      | 2027-02-28
0 days after month end     | 2026-11-22 12:00:00        |                      | 2026-11-30
0 days after month end     | 2028-02-01 12:00:00        |                      | 2028-02-29
45 days after order        | 2026-11-22 18:00:00        |                      | 2027-01-06
0 days after order         | 2026-11-22 18:00:00        |                      | 2026-11-22
1 day after order          | 2026-12-31 18:00:00        |                      | 2027-01-01
30 days after order        | 2027-01-30 18:00:00        |                      | 2027-03-01
30 days after order        | 2028-01-30 18:00:00        |                      | 2028-02-29
15 days after order        | 2026-02-20 18:00:00        |                      | 2026-03-07
366 days after order       | 2027-03-01 18:00:00        |                      | 2028-03-01
365 days after order       | 2027-03-01 18:00:00        |                      | 2028-02-29
7 days after order         | 2026-11-22 23:59:59        |                      | 2026-11-29
7 days after order         | 2026-11-22 16:00:00+00:00  |                      | 2026-11-30
30 days after receipt      | 2026-11-22 18:00:00        |                      | (2026-12-22)
30 days after receipt      | 2026-11-22 18:00:00        | 2026-11-26 10:00:00  | 2026-12-26
30 days after receipt      | 2026-11-22 18:00:00        | 2026-11-26 23:59:59  | 2026-12-26
30 days after receipt      | 2026-11-22 18:00:00        | 2026-11-27 00:00:00  | 2026-12-27
30 days after receipt      | 2026-11-22 18:00:00        | 2026-11-26 16:00:00+00:00 | 2026-12-27
0 days after receipt       | 2026-11-22 18:00:00        | 2026-11-26 10:00:00  | 2026-11-26
0 days after receipt       | 2026-11-22 18:00:00        |                      | (2026-11-22)
10 days after receipt      | 2028-02-20 18:00:00        | 2028-02-25 10:00:00  | 2028-03-06
10 days after receipt      | 2027-02-20 18:00:00        | 2027-02-25 10:00:00  | 2027-03-07
90 days after receipt      | 2026-11-22 18:00:00        | 2026-12-03 10:00:00  | 2027-03-03
"""
CASES = [tuple(cell.strip() for cell in line.split("|")) for line in TABLE.strip().splitlines()]


def at(words: str) -> datetime:
    told = datetime.fromisoformat(words)
    return told if told.tzinfo else told.replace(tzinfo=SHANGHAI)


def rule(words: str) -> DueRule:
    found = DueRule.of(words)
    assert found, words
    return found


@pytest.mark.parametrize(("words", "ordered", "received", "expected"), CASES, ids=[" ".join(case) for case in CASES])
def test_the_table(words: str, ordered: str, received: str, expected: str) -> None:
    found = due(rule(words), at(ordered), at(received) if received else None)
    assert found == Due(date.fromisoformat(expected.strip("()")), expected=expected.startswith("("))


def test_the_table_is_long_enough() -> None:
    assert len(set(CASES)) >= 40


def test_a_time_without_a_zone_is_no_time() -> None:
    with pytest.raises(ValueError, match="zone"):
        due(rule("1 day after order"), datetime(2026, 11, 22, 18, 0), None)


@pytest.mark.parametrize(
    "words",
    [
        *("", "monthly", "monthly 25", "30 days", "day 0 of next month", "day 32 of next month", "day 25 of this month"),
        *("-1 days after order", "367 days after order", "1000 days after order", "30 days after dispatch"),
        *("30.5 days after order", "30 days after", "day 25", "thirty days after order", "３０ days after order"),
    ],
)
def test_what_is_no_rule(words: str) -> None:
    assert DueRule.of(words) is None


@pytest.mark.parametrize("words", dict.fromkeys(case[0] for case in CASES))
def test_a_rule_is_kept_in_words_and_read_back(words: str) -> None:
    assert DueRule.of(str(rule(words))) == rule(words)


@given(
    st.sampled_from(["day 31 of next month", "30 days after month end", "0 days after month end"]),
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)),
)
def test_the_whole_month_is_due_on_one_day(words: str, ordered: datetime) -> None:
    ordered = ordered.replace(tzinfo=SHANGHAI)
    assert due(rule(words), ordered, None) == due(rule(words), ordered.replace(day=1), None)


@given(st.integers(0, 366), st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)), st.integers(0, 60))
def test_it_is_never_due_before_what_it_counts_from(days: int, ordered: datetime, later: int) -> None:
    ordered = ordered.replace(tzinfo=SHANGHAI)
    received = ordered + timedelta(days=later)
    waiting = due(DueRule("receipt", days), ordered, None)
    assert waiting.expected and waiting.on <= due(DueRule("receipt", days), ordered, received).on


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("2026-12-18 00:00:00", 7),
        ("2026-12-24 23:59:59", 1),
        ("2026-12-25 00:00:00", 0),
        ("2026-12-25 23:59:59", 0),
        ("2026-12-25 16:00:00+00:00", -1),
        ("2026-12-27 12:00:00", -2),
    ],
)
def test_days_are_counted_to_the_day(now: str, left: int) -> None:
    assert days_left(date(2026, 12, 25), at(now)) == left


@pytest.mark.parametrize(
    ("days", "stands"), [(9, None), (8, None), (7, 7), (6, 7), (4, 7), (3, 3), (2, 3), (1, 1), (0, 0), (-1, None)]
)
def test_which_reminder_stands(days: int, stands: int | None) -> None:
    assert reminder(days) == stands
