"""Two logs of one fact: a line for people on the screen or in `agent.log`, a JSON line for machines in `agent.jsonl`.

Nothing private passes: phone numbers are starred here, whoever logs them, in the words of an exception as well.
"""

from __future__ import annotations

import re
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from loguru import logger

if TYPE_CHECKING:
    from loguru import Record, RecordException

PEOPLE = "{time:YYYY-MM-DD HH:mm:ss} {level: <7} {message}\n"
_PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?:-\d{1,6})?(?!\d)")


def starred(text: str) -> str:
    """`text` with every mobile number reduced to 138****1234."""
    return _PHONE.sub(r"\1****\2", text)


def _star(record: Record) -> None:
    """Star all texts. An exception becomes one of them, `extra.exception`: loguru would write it as it is."""
    if record["exception"] is not None:
        record["extra"]["exception"] = _told(record["exception"])
        record["exception"] = None
    record["message"] = starred(record["message"])
    for key, value in record["extra"].items():
        if isinstance(value, str):
            record["extra"][key] = starred(value)


def _told(exception: RecordException) -> str:
    """The traceback, below the calls that led to where it was caught."""
    kind, error, trace = exception
    outer = traceback.format_stack(trace.tb_frame.f_back) if trace else []
    return "".join((*outer, *traceback.format_exception(kind, error, trace))).rstrip("\n")


def _line(record: Record) -> str:
    """The form of a line for people."""
    return PEOPLE + ("{extra[exception]}\n" if "exception" in record["extra"] else "")


def start(folder: Path, *, screen: bool) -> None:
    """Send the log to `folder`, and to standard error when `screen`. Old files go after 30 days."""
    logger.remove()
    logger.configure(patcher=_star)
    logger.add(
        folder / "agent.log",
        format=_line,
        level="INFO",
        rotation="10 MB",
        retention="30 days",
        encoding="utf-8",
        diagnose=False,
    )
    logger.add(
        folder / "agent.jsonl",
        serialize=True,
        level="DEBUG",
        rotation="10 MB",
        retention="30 days",
        encoding="utf-8",
        diagnose=False,
    )
    if screen:
        logger.add(sys.stderr, format=_line, level="INFO", diagnose=False)
