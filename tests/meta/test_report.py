"""The page of a run and `agent report`: what it says, that nothing on it runs or comes from outside, its pictures, its files."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest

from agent import words
from agent.cli import report as command
from agent.cli.report_page import coded, page
from agent.cli.report_pictures import shown
from agent.home import Home
from agent.ledger import Ledger
from agent.work.report import Report, gather
from tests.meta.test_cli import Terminal, agent_, three_lines
from tests.work.runs import BEGAN, RECEIVER, SHOP, Day

__all__ = ["agent_"]
FIRST, SECOND = "6920000000000000001", "6920000000000000002"
JPEG = b"\xff\xd8\xff\xe0" + bytes(300)
HOSTILE = '<script>alert("1")</script>\'"><img src=x onerror=alert(2)> {{ 7 * 7 }} & </td>'
EMPTY = {"meta", "img", "br", "link", "hr"}


class Seen(HTMLParser):
    """A page's tags and its visible words; what is opened must be closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(text)
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open += [] if tag in EMPTY else [tag]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").make()


@pytest.fixture
def day(home: Home) -> Iterator[Day]:
    """A run with a purchase, a tracking number, something that waits; its end is not written yet."""
    with Ledger.open(home.ledger) as ledger:
        made = Day(ledger)
        made.order(FIRST)
        made.order(SECOND)
        made.begin()
        yield made


def picture(home: Home, name: str, content: bytes = JPEG) -> Path:
    path = home.evidence / "mall-yiwu" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def report(day: Day) -> Report:
    run = day.ledger.run()
    assert run is not None
    return gather(day.ledger, run, day.now)


def written(home: Home, day: Day, *, pictures: bool = True) -> str:
    return command.write_page(home, report(day), pictures=pictures).read_text(encoding="utf-8")


def test_it_says_what_was_spent_bought_shipped_and_what_waits(home: Home, day: Day) -> None:
    day.bought(FIRST, "REF1", "900001", 3960)
    day.parcel(FIRST, "REF1", "YT8800000000001")
    day.entered(FIRST, "REF1")
    item = day.asked(SECOND, "two is not three", "`agent approve ID` buys it, or wait")
    day.unknown(SECOND, "REF2", 2400)
    day.end()
    text = written(home, day)
    seen = " ".join(Seen(text).words.split())
    for told in (
        "39.60",
        "not certain yet: 24.00 yuan more (1)",
        FIRST,
        "900001",
        "圆通速递 YT8800000000001",
        "two is not three",
    ):
        assert told in seen
    for told in (
        f"agent approve {item} buys it",
        "ship by 11-24 00:00, 29 h left",
        "assumed",
        "1 × 4 min",
        "1 × 1 min",
        "5 min",
    ):
        assert told in seen
    assert "<code>agent approve" in text
    first_words = seen.index("Spent in this run"), seen.index("Purchases in this run"), seen.index("Needs you")
    assert first_words == tuple(sorted(first_words)) and first_words[-1] < seen.index(FIRST)


def test_a_run_without_orders_has_a_page_too(home: Home, day: Day) -> None:
    day.end()
    seen = Seen(written(home, day))
    for told in ("0.00", "Nothing waits for you.", "Nothing was bought in this run.", "No tracking number was entered"):
        assert told in seen.words
    assert not seen.all("table") and not seen.all("details")
    assert "buyers' data" not in seen.words


def test_nothing_runs_and_nothing_comes_from_outside(home: Home, day: Day) -> None:
    day.told(FIRST, picture=picture(home, "a.jpg"))
    day.bought(FIRST, "REF1", "900001")
    day.end()
    text = written(home, day)
    seen = Seen(text)
    assert not [tag for tag, _attributes in seen.tags if tag in ("script", "link", "iframe", "form", "object", "base")]
    assert not [name for _tag, attributes in seen.tags for name in attributes if name.startswith("on") or name == "style"]
    addresses = [a for _tag, attributes in seen.tags for name, a in attributes.items() if name in ("src", "href")]
    assert all(address and address.startswith(("data:image/jpeg;base64,", "#")) for address in addresses)
    assert "://" not in text and "url(" not in text and "@import" not in text
    policy = next(meta["content"] or "" for meta in seen.all("meta") if meta.get("http-equiv"))
    assert "default-src 'none'" in policy and "script-src" not in policy
    ids = {attributes["id"] for _tag, attributes in seen.tags if "id" in attributes}
    assert {str(link["href"])[1:] for link in seen.all("a")} <= ids


def test_hostile_words_stay_words(home: Home, day: Day) -> None:
    day.plan(FIRST, "REF1", title=HOSTILE, supplier=HOSTILE)
    day.settle(day.click("submit", "REF1", FIRST, "REF1", 100), "confirmed")
    day.ledger.placed("REF1", (HOSTILE,), None, None, day.now)
    day.parcel(FIRST, "REF1", HOSTILE, carrier=HOSTILE)
    day.entered(FIRST, "REF1")
    day.order(SECOND, title=HOSTILE)
    day.asked(SECOND, HOSTILE, f"`{HOSTILE}` {HOSTILE}")
    day.told("", HOSTILE, account=HOSTILE, detail="x")
    day.end()
    seen = Seen(written(home, day))
    assert not seen.all("script") and not seen.all("img")
    assert seen.words.count(HOSTILE) == 14, "bought 5, shipped 3, waits 4, not done 1, money 1"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_written_in_the_persons_language(home: Home, day: Day, language: str) -> None:
    day.bought(FIRST, "REF1", "900001")
    day.end()
    words.use(language)
    try:
        seen = Seen(written(home, day))
    finally:
        words.use("en")
    assert seen.all("html") == [{"lang": {"en": "en", "zh": "zh-CN"}[language]}]
    assert ("本轮花费" in seen.words, "Spent" in seen.words) == (language == "zh", language == "en")


def test_no_buyer_is_on_it(home: Home, day: Day) -> None:
    day.told(FIRST, picture=picture(home, "a.jpg"))
    day.asked(FIRST, f"{RECEIVER.name} {RECEIVER.phone} {RECEIVER.detail}", f"{RECEIVER.name}")
    day.end()
    text = written(home, day)
    assert not [private for private in (RECEIVER.name, RECEIVER.phone.main, "秀水路") if private in text]
    assert "张** 184****3965 ****" in text


class TestPictures:
    def test_each_is_inside_a_closed_fold_and_the_top_warns(self, home: Home, day: Day) -> None:
        day.told(FIRST, picture=picture(home, "a.jpg"))
        day.bought(FIRST, "REF1", "900001")
        day.asked(SECOND, "two", picture=picture(home, "b.jpg"))
        day.end()
        seen = Seen(written(home, day))
        assert seen.all("details") == [{}, {}]
        made = f"data:image/jpeg;base64,{base64.b64encode(JPEG).decode()}"
        assert [img["src"] for img in seen.all("img")] == [made, made]
        warned = seen.words.index("The pictures show buyers' data")
        assert warned < seen.words.index("Spent in this run")
        assert f"agent report {day.run} --no-pictures" in seen.words

    def test_a_page_to_pass_on_has_none_and_does_not_name_them(self, home: Home, day: Day) -> None:
        day.told(FIRST, picture=picture(home, "a.jpg"))
        day.bought(FIRST, "REF1", "900001")
        day.end()
        text = written(home, day, pictures=False)
        assert not Seen(text).all("img") and "a.jpg" not in text and str(home.folder) not in text
        assert "Written without pictures" in text

    def test_what_has_no_room_is_a_link(self, home: Home) -> None:
        small, large = picture(home, "small.jpg"), picture(home, "large #1%.jpg", JPEG + bytes(2000))
        made = shown([small, large, small], evidence=home.evidence, beside=home.reports, room=1000)
        assert made[small].startswith("data:image/jpeg;base64,")
        assert made[large] == "../evidence/mall-yiwu/large%20%231%25.jpg"

    def test_the_whole_page_stays_below_its_limit(self, home: Home, day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(command, "MOST_BYTES", 40_000)
        for at in range(20):
            day.order(f"69{at}")
            day.asked(f"69{at}", str(at), picture=picture(home, f"{at}.jpg", JPEG + bytes(3000)))
        day.end()
        text = written(home, day)
        assert len(text.encode()) <= 40_000
        assert 0 < len(Seen(text).all("img")) < 20
        assert "picture, in a file of its own" in text

    def test_only_pictures_of_ours_are_put_on_it(self, home: Home, tmp_path: Path) -> None:
        outside, secret = tmp_path / "x.jpg", picture(home, "secret.jpg", b"mall-main: {password: x}")
        outside.write_bytes(JPEG)
        around = home.evidence / ".." / ".." / "x.jpg"
        gone = home.evidence / "gone.jpg"
        made = shown([outside, around, secret, gone], evidence=home.evidence, beside=home.reports, room=10_000)
        assert set(made.values()) == {""}

    def test_one_that_is_gone_is_told(self, home: Home, day: Day) -> None:
        day.asked(SECOND, "two", picture=home.evidence / "gone.jpg")
        day.end()
        assert "the picture is not there any more" in written(home, day)


def test_the_file_is_private_and_the_newest_are_kept(home: Home, day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "MOST_PAGES", 3)
    home.reports.mkdir()
    mine = home.reports / "notes.html"
    mine.write_text("mine", encoding="utf-8")
    for number in range(1, 6):
        old = home.reports / f"{100 + number}.html"
        old.write_text("old", encoding="utf-8")
        os.utime(old, (number, number))
    day.end()
    path = command.write_page(home, report(day), pictures=True)
    assert sorted(kept.name for kept in home.reports.iterdir()) == ["1.html", "104.html", "105.html", "notes.html"]
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_page_that_cannot_be_written_does_not_stop_the_run(home: Home, day: Day) -> None:
    day.end()
    home.reports.write_text("in the way", encoding="utf-8")
    assert command.page_of_run(home, day.ledger, day.run) is None
    home.reports.unlink()
    assert command.page_of_run(home, day.ledger, day.run) == home.reports / f"{day.run}.html"


def test_between_backticks_is_code_and_its_id_is_the_items() -> None:
    assert coded("`agent approve ID` <b>", 7) == "<code>agent approve 7</code> &lt;b&gt;"
    assert coded("let it pass with `agent approve`.", 7) == "let it pass with <code>agent approve 7</code>."
    assert coded("`agent approve ID`") == "<code>agent approve ID</code>"
    words.use("zh")
    try:
        assert coded("`agent hold 编号 --until 18:00`", 7) == "<code>agent hold 7 --until 18:00</code>"
    finally:
        words.use("en")
    assert coded("one ` alone <") == "one ` alone &lt;"


def test_the_same_report_is_the_same_page(home: Home, day: Day) -> None:
    day.bought(FIRST, "REF1", "900001")
    day.end()
    assert page(report(day), None) == page(report(day), None)


class TestCommand:
    @pytest.fixture
    def runs(self, agent_: Terminal) -> list[int]:
        agent_.home.mkdir()
        with agent_.ledger() as ledger:
            day = Day(ledger)
            day.order(FIRST)
            made = [day.begin()]
            day.bought(FIRST, "REF1", "900001", 3960)
            day.end()
            made.append(day.begin())
            day.end()
        return made

    def test_the_newest_run_is_the_default(self, agent_: Terminal, runs: list[int]) -> None:
        newest, first = agent_("report"), agent_("report", str(runs[0]), "--no-pictures")
        assert (newest.code, newest.out) == (0, f"{agent_.home / 'reports' / f'{runs[1]}.html'}\n")
        assert (first.code, first.out) == (0, f"{agent_.home / 'reports' / f'{runs[0]}-no-pictures.html'}\n")
        assert "39.60" in Path(first.out.strip()).read_text(encoding="utf-8")

    def test_json_holds_the_same(self, agent_: Terminal, runs: list[int]) -> None:
        told = agent_("report", str(runs[0]), "--json").data("report")
        assert (told["run"], told["started_at"], told["shops"]) == (runs[0], BEGAN.isoformat(), [SHOP])
        assert told["run_total"] == {"purchases": 1, "money": 3960, "without_amount": 0}
        (row,) = told["bought"]
        assert (row["order_number"], row["supplier_order_number"], row["amount"]) == (FIRST, "900001", 3960)
        assert re.fullmatch(r"2026-11-22T18:\d\d:00\+08:00", row["at"])
        assert Path(told["page"]).is_file()

    @pytest.mark.parametrize(("typed", "says"), [(["99"], "There is no run 99"), (["0"], "There is no run 0")])
    def test_an_unknown_run_is_exit_2(self, agent_: Terminal, runs: list[int], typed: list[str], says: str) -> None:
        ended = agent_("report", *typed)
        assert (ended.code, ended.out) == (2, "")
        assert three_lines(ended)[0] == says
        assert not (agent_.home / "reports").exists()

    def test_an_empty_ledger_has_no_run(self, agent_: Terminal) -> None:
        ended = agent_("report")
        assert ended.code == 2
        assert three_lines(ended)[0] == "No run is in the ledger yet"

    @pytest.mark.parametrize("typed", [["one"], ["1", "2"], ["--pictures"]], ids=" ".join)
    def test_a_slip_in_the_command_line_is_exit_2(self, agent_: Terminal, typed: list[str]) -> None:
        assert agent_("report", *typed).code == 2

    def test_its_help_is_in_the_persons_language(self, agent_: Terminal) -> None:
        assert "写一份运行报告页" in agent_("report", "--help", language="zh").out


class TestRun:
    @pytest.fixture
    def run(self, agent_: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
        """`agent run` without its work: it begins a run, asks one thing, and ends it."""
        agent_("doctor", "--write-config")
        table = "商家编码,店铺规格,供应商,货号,商品标题,规格,每份件数,进价,限价\nSNK,米白/L,mall,YW2001,收纳筐,米白/L,1,16.80,19.00\n"
        (agent_.home / "products.csv").write_text(table, encoding="utf-8-sig")

        @contextmanager
        def running(_home: object, config: object, *_facts: object, **_more: object) -> Iterator[SimpleNamespace]:
            with agent_.ledger() as ledger:
                day = Day(ledger)
                day.order(FIRST)
                yield SimpleNamespace(id=day.begin(), config=config, ledger=ledger, day=day, desks={})

        def close_run(going: SimpleNamespace) -> list[object]:
            going.day.asked(FIRST, "one is not two")
            going.day.end()
            return []

        monkeypatch.setattr("agent.cli.begin.running", running)
        monkeypatch.setattr("agent.cli.running.run_once", lambda *_facts: None)
        monkeypatch.setattr("agent.cli.running.close_run", close_run)
        return agent_

    def test_its_last_line_names_its_page(self, run: Terminal) -> None:
        ended = run("run", "--once")
        path = run.home / "reports" / "1.html"
        assert (ended.code, ended.out.splitlines()[-1]) == (1, f"Report: {path}")
        assert "one is not two" in path.read_text(encoding="utf-8")

    def test_json_stays_json(self, run: Terminal) -> None:
        assert run("run", "--once", "--json").data("run")["inbox"]
        assert (run.home / "reports" / "1.html").is_file()

    def test_no_page_is_no_other_end(self, run: Terminal) -> None:
        (run.home / "reports").write_text("in the way", encoding="utf-8")
        ended = run("run", "--once")
        assert ended.code == 1 and "Report:" not in ended.out and "Traceback" not in ended.err
        assert "the report of run 1 was not written" in (run.home / "logs" / "agent.log").read_text(encoding="utf-8")


def test_orders_that_go_on_by_themselves_stand_in_a_table_of_their_own(home: Home, day: Day) -> None:
    day.ledger.dispose(SHOP, FIRST, "ours", "")
    day.ledger.wait(SHOP, FIRST, HOSTILE)
    day.end()
    seen = Seen(written(home, day))
    assert "Not bought yet; goes on by itself" in seen.words and HOSTILE in seen.words
    assert not seen.all("script")
