"""How durations and times of day are written in our YAML files, as pydantic types for closed models.

`20 s`, `3-10 s`, `00:00-06:00`. Each turns the text as typed into what the code uses, or says how to write it.
"""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated

from pydantic import BeforeValidator

from agent.words import _

_UNITS = {"s": 1, "min": 60, "h": 3600}
_NUMBER = r"\d+(?:\.\d+)?"


def seconds(text: object) -> object:
    """`20 s`, `30 min`, `2 h` as seconds; what is no text any more is let through, as by all of these."""
    if not isinstance(text, str):
        return text
    match = re.fullmatch(rf"({_NUMBER})\s*(s|min|h)", text.strip())
    if not match:
        raise ValueError(_("`{}` is no duration: write it like 20 s, 30 min or 2 h").format(text))
    return float(match[1]) * _UNITS[match[2]]


def seconds_range(text: object) -> object:
    """`3-10 s` as (3.0, 10.0)."""
    if not isinstance(text, str):
        return text
    match = re.fullmatch(rf"({_NUMBER})\s*-\s*({_NUMBER})\s*(s|min|h)", text.strip())
    if not match or float(match[1]) > float(match[2]):
        raise ValueError(_("`{}` is no span of time: write it like 3-10 s").format(text))
    unit = _UNITS[match[3]]
    return float(match[1]) * unit, float(match[2]) * unit


def clock(text: str) -> time:
    """`16:00` as a time of day."""
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text.strip())
    if not match:
        raise ValueError(_("`{}` is no time of day: write it like 16:00").format(text))
    return time(int(match[1]), int(match[2]))


def clock_range(text: object) -> object:
    """`22:00-06:00` as two times of day; it may go over midnight."""
    if not isinstance(text, str):
        return text
    first, dash, last = text.partition("-")
    if not dash:
        raise ValueError(_("`{}` is no span of the day: write it like 00:00-06:00").format(text))
    return clock(first), clock(last)


def one_or_more(value: object) -> object:
    """A single word where a list may stand."""
    return (value,) if isinstance(value, str) else value


Seconds = Annotated[float, BeforeValidator(seconds)]
SecondsRange = Annotated[tuple[float, float], BeforeValidator(seconds_range)]
ClockRange = Annotated[tuple[time, time], BeforeValidator(clock_range)]
OneOrMore = Annotated[tuple[str, ...], BeforeValidator(one_or_more)]
