"""What stands in the two logs: everything that is needed, and no phone number."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from loguru import logger

from agent import log

NUMBER, STARRED = "13812345678", "138****5678"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    log.start(tmp_path, screen=False)
    yield tmp_path
    logger.remove()
    logger.configure(patcher=lambda _record: None)


def written(folder: Path) -> tuple[str, list[dict[str, object]]]:
    """The log for people, and the records of the one for machines."""
    logger.complete()
    lines = (folder / "agent.jsonl").read_text(encoding="utf-8").splitlines()
    return (folder / "agent.log").read_text(encoding="utf-8"), [json.loads(line)["record"] for line in lines]


def read_badly() -> None:
    try:
        int(f"no number: {NUMBER}")
    except ValueError as error:
        raise KeyError(f"receiver {NUMBER}") from error


def test_a_number_in_an_exception_is_starred_in_both(folder: Path) -> None:
    try:
        read_badly()
    except KeyError:
        logger.exception("a programming error parked order {}", "690")
    people, (machine,) = written(folder)
    for told in (people, str(machine["extra"])):
        assert NUMBER not in told and told.count(STARRED) == 2
        assert "KeyError" in told and "ValueError" in told and "in read_badly" in told
        assert "test_a_number_in_an_exception_is_starred_in_both" in told
    assert NUMBER not in json.dumps(machine) and machine["message"] == "a programming error parked order 690"
    assert people.splitlines()[0].endswith("a programming error parked order 690")


def test_a_line_without_an_exception_is_one_line(folder: Path) -> None:
    logger.bind(place=NUMBER).info("called {}, {{}}", NUMBER)
    people, (machine,) = written(folder)
    assert people.endswith(f" called {STARRED}, {{}}\n") and people.count("\n") == 1
    assert (machine["extra"], machine["message"]) == ({"place": STARRED}, f"called {STARRED}, {{}}")
