"""The one message a run: what is news, what it says and never says, and that no address is told when it fails."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from filelock import FileLock

from agent.cli import running
from agent.config import can_be_told
from agent.errors import ClockBehind, ConfigError, MachineFailed, Paused, Where
from agent.ledger import EVERYWHERE, Ledger
from agent.models import SHANGHAI
from agent.work import notify as messages
from agent.work.groups import grouped
from agent.work.notify import due, notify, notify_failure
from tests.meta.test_cli import Terminal, agent_, ready, three_lines
from tests.work.runs import BEGAN, SHOP, Day

__all__ = ["agent_"]

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


# a run that did not go through


def test_a_run_that_did_not_go_through_is_told_once_a_day_for_each_cause_and_only_its_title(
    tmp_path: Path, post: tuple[str, list[dict[str, str]]]
) -> None:
    address, got = post
    state = tmp_path / "told.txt"

    def fails(error: Exception, *, days: int = 0) -> int:
        assert notify_failure([address], ["小林家居馆"], error, state, BEGAN + timedelta(days=days)) == []
        return len(got)

    behind = ClockBehind("it is 18:00, private 张三丰")
    assert fails(behind) == 1
    assert "小林家居馆" in got[0]["title"] and "clock is behind" in got[0]["message"] and "张三丰" not in str(got)
    assert fails(ClockBehind("it is 18:01")) == 1, "the same cause in other words"
    assert fails(MachineFailed("disk full", where=Where(file=tmp_path / "ledger.db"))) == 2
    assert fails(ConfigError("held", where=Where(file=tmp_path / "ledger.lock"))) == 3
    assert fails(ConfigError("a mistake", where=Where(file=tmp_path / "products.csv"))) == 4
    assert fails(KeyError("张三丰")) == 5 and "A fault of this program" in got[4]["message"] and "张三丰" not in str(got)
    assert fails(Paused("since then")) == 6 and "is paused" in got[5]["message"]
    assert fails(behind) == 6, "the others did not push it out"
    assert fails(behind, days=1) == 7


def test_without_its_file_a_failure_is_told_all_the_same(tmp_path: Path, post: tuple[str, list[dict[str, str]]]) -> None:
    address, got = post
    for times in (1, 2):
        assert notify_failure([address], [], ClockBehind("x"), tmp_path, BEGAN) == []  # a folder is none
        assert len(got) == times
    spoilt = tmp_path / "told.txt"
    spoilt.write_bytes(b"\xff\xfe\xff")
    assert notify_failure([address], [], ClockBehind("x"), spoilt, BEGAN) == [] and len(got) == 3
    assert notify_failure([address], [], ClockBehind("x"), spoilt, BEGAN) == [] and len(got) == 3


def test_a_failure_that_could_not_be_told_is_tried_again(tmp_path: Path, post: tuple[str, list[dict[str, str]]]) -> None:
    state, error = tmp_path / "told.txt", ClockBehind("x")
    (unsent,) = notify_failure(["json://127.0.0.1:9/token-4711"], [], error, state, BEGAN)
    assert "address 1" in unsent and "token" not in unsent
    assert notify_failure([], [], error, state, BEGAN) == [] and not state.exists()
    assert notify_failure([post[0]], [], error, state, BEGAN) == [] and len(post[1]) == 1


@contextmanager
def in_the_way(home: Path, what: str) -> Iterator[None]:
    """Something that keeps a run from beginning, or from going on."""
    if what == "config":
        with (home / "config.yaml").open("a", encoding="utf-8") as config:
            config.write("nothing_known: 1\n")
    elif what == "config that is no YAML":
        (home / "config.yaml").write_text("notify:\n- json://127.0.0.1:9/token-4711\n\nshops: [\n", encoding="utf-8")
    elif what == "config in GBK":
        told = (home / "config.yaml").read_text(encoding="utf-8") + "# 备注\n"
        (home / "config.yaml").write_bytes(told.encode("gbk", "replace"))
    elif what == "products":
        (home / "products.csv").write_text("SNK\n", encoding="utf-8-sig")
    elif what in ("clock", "paused"):
        with Ledger.open(home / "ledger.db") as ledger:
            if what == "clock":
                ledger.seen(datetime(2099, 1, 1, tzinfo=SHANGHAI))
            else:
                ledger.pause(EVERYWHERE, "person", "holiday", BEGAN)
    with FileLock(home / "ledger.lock") if what.startswith("lock") else nullcontext():
        if what.startswith("lock"):
            (home / "ledger.holder").write_text("process 1", encoding="utf-8")
        if what == "lock for hours":
            os.utime(home / "ledger.holder", (time.time() - 7300,) * 2)
        yield


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("config", "the settings"),
        ("config that is no YAML", "the settings"),
        ("config in GBK", "the settings"),
        ("products", "the settings"),
        ("clock", "clock is behind"),
        ("lock", ""),
        ("lock for hours", "for hours"),
        ("paused", "is paused"),
        ("fault", "A fault of this program"),
    ],
)
def test_a_run_that_cannot_start_is_in_the_log_and_told_once(
    agent_: Terminal, monkeypatch: pytest.MonkeyPatch, wrong: str, told: str
) -> None:
    ready(agent_)
    config = agent_.home / "config.yaml"
    config.write_text(
        config.read_text(encoding="utf-8").replace("notify: []", "notify: [json://127.0.0.1:9/token-4711]"), encoding="utf-8"
    )
    sent: list[str] = []
    monkeypatch.setattr(messages, "_send", lambda _at, _address, title, body: sent.append(f"{title}\n{body}") or "")
    if wrong == "fault":
        monkeypatch.setattr(running, "products_of", lambda _config: {}["SNK"])
    with in_the_way(agent_.home, wrong):
        for more in ([], ["--json"]):
            if wrong == "fault":
                with pytest.raises(KeyError):
                    agent_("run", "--once", *more)
            else:
                ended = agent_("run", "--once", *more)
                assert (ended.code, ended.out.count("{"), "Traceback" in ended.err) == (2, 0, False)
    log = (agent_.home / "logs" / "agent.log").read_text(encoding="utf-8")
    assert log.count(" ERROR ") == (0 if wrong == "lock" else 2) and "token-4711" not in log
    assert len(sent) == bool(told) and told in "".join(sent)
    assert not [private for private in ("SNK", "holiday", "token") if private in "".join(sent)]


def test_who_looks_on_gets_no_message_and_one_that_cannot_be_sent_is_in_the_log(
    agent_: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(agent_)
    agent_("pause")
    tried: list[str] = []

    def breaks(*_told: object) -> list[str]:
        tried.append("")
        raise OSError("json://127.0.0.1:9/token-4711")

    monkeypatch.setattr(running, "notify_failure", breaks)
    assert agent_("run", "--once", "--step").code == 2 and tried == []
    assert agent_("run", "--once").code == 2 and tried == [""]
    monkeypatch.setattr(running, "notify_failure", lambda *_told: ["not sent to address 1"])
    ended = agent_("run", "--once", "--json")
    assert ended.code == 2 and "not sent to address 1" in ended.err and "is paused by you" in ended.err
    log = (agent_.home / "logs" / "agent.log").read_text(encoding="utf-8")
    assert "no message could be sent: OSError" in log and "not sent to address 1" in log and "token-4711" not in log


def test_a_log_that_cannot_be_written_is_three_lines(agent_: Terminal) -> None:
    ready(agent_)
    (agent_.home / "logs" / "agent.log").mkdir(parents=True)
    ended = agent_("run", "--once")
    assert ended.code == 2 and "cannot be written" in three_lines(ended)[0]
