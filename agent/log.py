"""Two logs of one fact: a line for people on the screen or in `agent.log`, a JSON line for machines in `agent.jsonl`.

Nothing private passes: phone numbers and what stands in secrets are starred here, whoever logs them.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from loguru import logger

if TYPE_CHECKING:
    from loguru import Record

_PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?:-\d{1,6})?(?!\d)")


def starred(text: str) -> str:
    """`text` with every mobile number reduced to 138****1234."""
    return _PHONE.sub(r"\1****\2", text)


def _star(record: Record) -> None:
    record["message"] = starred(record["message"])
    for key, value in record["extra"].items():
        if isinstance(value, str):
            record["extra"][key] = starred(value)


def start(folder: Path, *, screen: bool) -> None:
    """Send the log to `folder`, and to standard error when `screen`. Old files go after 30 days."""
    logger.remove()
    logger.configure(patcher=_star)
    people = "{time:YYYY-MM-DD HH:mm:ss} {level: <7} {message}"
    logger.add(
        folder / "agent.log",
        format=people,
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
        logger.add(sys.stderr, format=people, level="INFO", diagnose=False)
