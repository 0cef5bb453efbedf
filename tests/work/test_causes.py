"""What makes two failures one inbox item."""

from __future__ import annotations

from agent.errors import Mismatch, OutcomeUnknown, Where
from agent.work.run import cause_of


def test_a_changed_cause_is_asked_anew() -> None:
    assert cause_of("s", "69", Mismatch("three is not four")) == cause_of("s", "69", Mismatch("three is not four"))
    assert cause_of("s", "69", Mismatch("three is not four")) != cause_of("s", "69", Mismatch("three is not five"))
    assert cause_of("s", "69", Mismatch("three")) != cause_of("s", "70", Mismatch("three"))


def test_an_unknown_outcome_is_one_cause_whatever_each_look_says_and_each_write_has_its_own() -> None:
    submit, ship = Where(flow="submit_order"), Where(flow="ship_order")
    first = cause_of("s", "69", OutcomeUnknown("no answer came", where=submit))
    assert cause_of("s", "69", OutcomeUnknown("the look for it failed", where=submit)) == first
    assert cause_of("s", "69", OutcomeUnknown("no answer came", where=ship)) != first
