"""The one message a run: what is news, what it says and never says, and that no address is told when it fails."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from agent.config import can_be_told
from agent.ledger import Ledger
from agent.work.groups import grouped
from agent.work.notify import due, notify
from tests.work.runs import BEGAN, SHOP, Day

NUMBER = "6920000000000000001"


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        made = Day(ledger)
        made.order(NUMBER)
        made.plan(NUMBER, "REF1")
        made.begin()
        yield made


@pytest.fixture
def post() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A letter box on this machine: its address, and what was put in."""
    got: list[dict[str, str]] = []

    class Box(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Box)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"json://127.0.0.1:{server.server_port}/token-4711", got
    server.shutdown()
    thread.join()
    server.server_close()


def test_news_is_told_once_and_once_more_when_time_runs_short(day: Day, post: tuple[str, list[dict[str, str]]]) -> None:
    address, got = post
    assert notify([address], ["小林家居馆"], day.ledger, BEGAN) == [] and got == [], "nothing waits"
    day.asked(NUMBER, "收件人张三丰 18400913965")
    for _again in range(2):
        assert notify([address], ["小林家居馆"], day.ledger, BEGAN) == []
    (sent,) = got
    assert "小林家居馆" in sent["title"] and "33.60 yuan" in sent["message"] and "30 h left" in sent["message"]
    assert not [private for private in (NUMBER, "张三丰", "18400913965", "收纳筐", "token") if private in str(sent)]
    notify([address], [], day.ledger, BEGAN + timedelta(hours=25))
    assert len(got) == 2
    notify([address], [], day.ledger, BEGAN + timedelta(hours=26))
    assert len(got) == 2
    day.ledger.close_items_of(SHOP, NUMBER, day.now)
    notify([address], [], day.ledger, BEGAN + timedelta(hours=26))
    assert len(got) == 2, "what was settled is no news"


def test_a_message_that_cannot_be_sent_is_told_without_its_address_and_tried_again(
    day: Day, post: tuple[str, list[dict[str, str]]], capfd: pytest.CaptureFixture[str]
) -> None:
    day.asked(NUMBER, "one")
    (failed,) = notify(["json://127.0.0.1:9/token-4711"], [], day.ledger, BEGAN)
    assert "address 1" in failed and "token" not in failed
    assert "token" not in "".join(capfd.readouterr())
    assert due(grouped(day.ledger), BEGAN), "it is still news"
    assert notify([post[0]], [], day.ledger, BEGAN) == []
    assert not due(grouped(day.ledger), BEGAN)


def test_which_addresses_can_be_read() -> None:
    assert can_be_told("json://127.0.0.1:8080")
    assert not can_be_told("nonsense")
    assert not can_be_told("nothing://known/4711")
