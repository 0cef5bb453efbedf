"""The command line as a person and a scheduler meet it: exit codes, three lines, the shapes of `--json`, what each answer writes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import agent
from agent import words
from agent.browser import launch
from agent.cli import doctor, tell
from agent.cli.main import cli, main
from agent.ledger import Ledger
from agent.models import SHANGHAI, Fen
from tests.ledger import goods

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=SHANGHAI)
LISTINGS = {
    "orders": list,
    "inbox": list,
    "review": list,
    "map": list,
    "payables": list,
    "refunds": list,
    "check": dict,
    "doctor": list,
}


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    def data(self, kind: str) -> Any:
        told = json.loads(self.out)
        assert list(told) == ["version", kind, *(["groups"] if kind == "inbox" else [])]
        assert told["version"] == 1
        return told[kind]

    def whole(self) -> Any:
        """All that was printed as JSON."""
        return json.loads(self.out)


class Terminal:
    """Types a command in an empty data folder, in this process."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self._monkeypatch, self._capsys = home, monkeypatch, capsys

    def __call__(self, *typed: str, language: str = "en") -> Ended:
        line = ["agent", "--home", str(self.home), "--language", language, *typed]
        self._monkeypatch.setattr(sys, "argv", line)
        with pytest.raises(SystemExit) as ended:
            main()
        read = self._capsys.readouterr()
        return Ended(int(ended.value.code or 0), read.out, read.err)

    def ledger(self) -> Ledger:
        return Ledger.open(self.home / "ledger.db")

    def asked(self) -> int:
        """An open inbox item, as a run leaves one."""
        self.home.mkdir(exist_ok=True)
        ledger = self.ledger()
        item = ledger.ask("Mismatch", "one", what="three is not four", todo="compare", shop="main", order_number="69", at=NOW)
        ledger.close()
        return item


@pytest.fixture
def agent_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Terminal]:
    monkeypatch.setenv("COLUMNS", "200")
    # No browser is needed to see what doctor says of it.
    monkeypatch.setattr(doctor, "examine_browser", lambda _choice: launch.Examined("1.2.3", draws_chinese=True))
    monkeypatch.setattr(doctor, "find_browser", lambda _told: launch.BrowserChoice("/chrome", None, (), "Browser: Chrome"))
    yield Terminal(tmp_path / "home", monkeypatch, capsys)
    words.use("en")


def three_lines(ended: Ended) -> list[str]:
    lines = ended.err.splitlines()
    assert len(lines) == 3 and lines[2].startswith("  → "), ended.err
    return lines


@pytest.mark.parametrize("kind", LISTINGS)
def test_a_listing_is_versioned_json(agent_: Terminal, kind: str) -> None:
    assert isinstance(agent_(kind, "--json").data(kind), LISTINGS[kind])


def test_every_command_that_lists_takes_json() -> None:
    with_json = {name for name, command in cli.commands.items() if any("--json" in param.opts for param in command.params)}
    assert with_json == {*LISTINGS, "show", "run", "pay", "report", "parcels", "reconcile"}


def test_an_empty_folder_lists_nothing_and_is_no_error(agent_: Terminal) -> None:
    assert agent_("orders").code == 0
    empty = agent_("inbox")
    assert (empty.code, empty.out) == (0, "Nothing waits for you.\n")


def test_an_open_item_is_exit_code_1_until_it_is_answered(agent_: Terminal) -> None:
    item = agent_.asked()
    listed = agent_("inbox", "--json")
    assert listed.code == 1
    (shown,) = listed.data("inbox")
    assert (shown["id"], shown["order_number"], shown["what"], shown["todo"]) == (item, "69", "three is not four", "compare")
    assert set(shown) == {
        "id",
        "kind",
        "reason",
        "shop",
        "order_number",
        "orders",
        "reference",
        "account",
        "what",
        "todo",
        "opened_at",
    }


@pytest.mark.parametrize("columns", ["40", "200"])
def test_every_word_of_an_order_that_could_not_be_read_is_shown(
    agent_: Terminal, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr(tell, "WIDTH_OF_A_FILE", 0)
    agent_.asked()
    shown = " ".join(agent_("orders").out.split())
    assert "69" in shown and "three is not four" in shown
    assert "the shop's page shows something unknown" in shown
    assert "supplier order" not in shown, "an empty column"


@pytest.mark.parametrize("answer", ["approve", "reject"])
def test_an_answer_is_written_once(agent_: Terminal, answer: str) -> None:
    item = agent_.asked()
    assert agent_(answer, str(item)).code == 0
    ledger = agent_.ledger()
    assert ledger.answered("one") == answer
    ledger.close()
    again = agent_(answer, str(item))
    assert again.code == 2
    assert f"{item} was answered already" in three_lines(again)[0]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["run", "--once"], "no config.yaml"),
        (["login", "mall-main"], "no config.yaml"),
        (["check", "malll"], "no site file “malll”"),
        (["take", "69"], "No order 69 was ever read"),
        (["show", "69"], "No order 69 was ever read"),
        (["approve", "7"], "no open inbox item 7"),
        (["pause", "mall-main"], "no config.yaml"),
        (["resume"], "whole program is not paused"),
        (["resume", "mall-main"], "mall-main is not paused"),
        (["reject", "7"], "no open inbox item 7"),
        (["resolve", "7K2M9QX4TB3D"], "either --number NO or --not-placed"),
        (["resolve", "7K2M9QX4TB3D", "--number", "1", "--not-placed"], "either --number NO or --not-placed"),
        (["resolve", "7K2M9QX4TB3D", "--not-placed"], "no purchase order 7K2M9QX4TB3D"),
        (["resolve", "7K2M9QX4TB3D", "--number", "", "--on-my-word"], "“” is no order number"),
        (["resolve", "7K2M9QX4TB3D", "--number", "not-placed"], "“not-placed” is no order number"),
        (["resolve", "7K2M9QX4TB3D", "--number", "9001 9002"], "“9001 9002” is no order number"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_start_is_three_lines_and_exit_2(agent_: Terminal, typed: list[str], says: str) -> None:
    ended = agent_(*typed)
    assert ended.code == 2
    assert says in three_lines(ended)[0]
    assert "Traceback" not in ended.err


def test_an_answer_that_the_ledger_contradicts_is_refused_at_once(agent_: Terminal) -> None:
    agent_("doctor", "--write-config")
    ledger = agent_.ledger()
    for number in ("1", "2", "3"):
        ledger.save_order(goods.order(number=number), NOW, detail=True)
        one = goods.purchase(reference=f"REF{number}", lines=goods.LINES[:1])
        ledger.plan([replace(one, order_number=number, account="mall-main")], NOW)
    ledger.placed("REF1", ("900100",), Fen(2400), Fen(0), NOW)
    ledger.buried_by_word("REF2", NOW)

    for typed, says in (
        (("REF1", "--not-placed"), "settled already: supplier order 900100"),
        (("REF1", "--number", "900200", "--on-my-word"), "settled already: supplier order 900100"),
        (("REF2", "--number", "900200", "--on-my-word"), "REF2 is settled already: it was given up"),
        (("REF3", "--number", "900100"), "900100 is another purchase's already: REF1, for order 1"),
        (("REF3", "--number", "900100", "--on-my-word"), "900100 is another purchase's already: REF1, for order 1"),
    ):
        ended = agent_("resolve", *typed)
        assert (ended.code, says in three_lines(ended)[0]) == (2, True), ended.err
    assert ledger.unapplied_answers() == [], "a refused answer leaves nothing behind"
    assert agent_("resolve", "REF3", "--number", "900200").code == 0
    ledger.close()


@pytest.mark.parametrize(
    "typed",
    [
        *(["run"], ["runn"], ["take"], ["approve", "one"], ["run", "--once", "--only", "pay"]),
        *([command, "9" * 20] for command in ("approve", "reject", "report", "parcels", "map", "inbox")),
    ],
    ids=" ".join,
)
def test_a_slip_in_the_command_line_is_exit_2(agent_: Terminal, typed: list[str]) -> None:
    ended = agent_(*typed)
    assert ended.code == 2
    assert ended.err and not ended.out


def test_the_person_is_spoken_to_in_chinese(agent_: Terminal) -> None:
    ended = agent_("approve", "7", language="zh")
    assert ended.code == 2
    assert "待处理" in ended.err
    assert "待处理" in agent_("--help", language="zh").out


def test_the_written_config_is_right_but_for_what_is_the_sellers(agent_: Terminal) -> None:
    first = agent_("doctor", "--write-config")
    assert first.code == 2  # no products yet, no secrets
    config = agent_.home / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    assert agent_("doctor", "--write-config").code == 2
    assert config.read_text(encoding="utf-8").endswith("# mine\n"), "the seller's own was written over"
    (agent_.home / "products.csv").write_text(
        "商家编码,店铺规格,供应商,货号,商品标题,规格,每份件数,进价,限价\nSNK,米白/L,mall,YW2001,收纳筐,米白/L,1,16.80,19.00\n",
        encoding="utf-8-sig",
    )
    (agent_.home / "secrets.yaml").write_text(
        "shop-main: {user_name: a, password: b}\nmall-main: {user_name: c, password: d}\n", encoding="utf-8"
    )
    ended = agent_("doctor", "--json")
    assert [finding for finding in ended.data("doctor") if not finding["well"]] == []
    assert ended.code == 0
    assert agent_("check").code == 0
    if os.name == "posix":
        assert (agent_.home / "secrets.yaml").stat().st_mode & 0o077 == 0


def test_doctor_says_what_an_accounts_own_chrome_has(agent_: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    agent_("doctor", "--write-config")
    config = agent_.home / "config.yaml"
    told = config.read_text(encoding="utf-8")
    config.write_text(told.replace("    site: mall\n", "    site: mall\n    browser: own_chrome\n"), encoding="utf-8")
    (agent_.home / "products.csv").write_text(
        "商家编码,店铺规格,供应商,货号,商品标题,规格,每份件数,进价,限价\n", encoding="utf-8-sig"
    )

    def findings() -> dict[str, dict[str, Any]]:
        return {finding["what"]: finding for finding in agent_("doctor", "--json").data("doctor")}

    monkeypatch.setattr(doctor, "chrome_of", lambda _machine: None)
    found = findings()
    assert "own Chrome of shop-main" not in found
    own = found["own Chrome of mall-main"]
    assert own["well"] and "agent login mall-main" in own["told"] and "not tested" in own["told"]
    assert doctor.command_to_install_chrome(doctor.this_machine()) in own["told"]
    assert found["secret password of mall-main"]["well"] and not found["secret password of shop-main"]["well"]
    (agent_.home / "profiles" / "mall-main").mkdir(parents=True)
    monkeypatch.setattr(doctor, "chrome_of", lambda _machine: "/usr/bin/google-chrome")
    own = findings()["own Chrome of mall-main"]
    assert str(agent_.home / "profiles" / "mall-main") in own["told"] and "/usr/bin/google-chrome" in own["told"]


def test_doctor_never_says_a_secret(agent_: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    agent_("doctor", "--write-config")
    monkeypatch.setenv("AGENT_SECRET_MALL_MAIN_PASSWORD", "opensesame")
    ended = agent_("doctor")
    assert "opensesame" not in ended.out + ended.err
    assert "environment" in ended.out


def test_check_tells_every_mistake_with_its_line(agent_: Terminal) -> None:
    agent_("doctor", "--write-config")
    config = agent_.home / "config.yaml"
    told = config.read_text(encoding="utf-8")
    config.write_text(
        told.replace("account: mall-main", "account: mall-mian").replace("most_per_day:", "most_per_dya:"), encoding="utf-8"
    )
    ended = agent_("check", "--json")
    assert ended.code == 2
    problems = ended.data("check")["problems"]
    assert {"file", "line", "what", "suggestion"} == set(problems[0])
    lines = config.read_text(encoding="utf-8").splitlines()
    assert any("most_per_dya" in lines[problem["line"] - 1] for problem in problems)
    assert all(problem["suggestion"] for problem in problems)


def test_check_counts_the_guesses_of_each_shipped_file(agent_: Terminal) -> None:
    guesses = agent_("check", "--json").data("check")["guesses"]
    assert set(guesses) == {"1688", "doudian", "mall"}
    assert all(isinstance(count, int) and count >= 0 for count in guesses.values())


def test_the_whole_program_is_paused_without_any_config_and_goes_on_after(agent_: Terminal) -> None:
    ended = agent_("pause", "--why", "holiday")
    assert ended.code == 0
    assert "whole program: paused by you since" in ended.out and "holiday" in ended.out and "`agent resume`" in ended.out
    again = agent_("pause", "--why", "something else")
    assert (again.code, "holiday" in again.out, "something else" in again.out) == (0, True, False)
    ended = agent_("resume")
    assert (ended.code, ended.out) == (0, "The program goes on with the next run.\n")
    assert agent_("resume").code == 2


def ready(agent_: Terminal) -> None:
    """A data folder in which a run could start."""
    agent_("doctor", "--write-config")
    (agent_.home / "products.csv").write_text(
        "商家编码,店铺规格,供应商,货号,商品标题,规格,每份件数,进价,限价\n", encoding="utf-8-sig"
    )


def test_a_run_while_the_whole_program_is_paused_says_so_and_does_nothing(agent_: Terminal) -> None:
    ready(agent_)
    agent_("pause", "--why", "holiday")
    ended = agent_("run", "--once")
    assert ended.code == 2
    assert "whole program is paused by you" in three_lines(ended)[0] and "holiday" in ended.err
    assert "`agent resume`" in three_lines(ended)[2]
    with agent_.ledger() as ledger:
        assert ledger.run() is None, "a run was begun"


def test_one_account_is_paused_and_its_item_closes_when_it_goes_on(agent_: Terminal) -> None:
    ready(agent_)
    wrong = agent_("pause", "mall-mian")
    assert wrong.code == 2
    assert "mall-main" in three_lines(wrong)[0]
    with agent_.ledger() as ledger:
        ledger.pause("mall-main", "program", "two of unknown outcome", NOW)
        ledger.ask("account", "paused:mall-main", what="w", todo="t", reason="paused", account="mall-main", at=NOW)
    shown = agent_("inbox")
    assert "agent resume mall-main" in shown.out
    found = {finding["what"]: finding for finding in agent_("doctor", "--json").data("doctor")}
    assert not found["mall-main: paused"]["well"] and "two of unknown outcome" in found["mall-main: paused"]["told"]
    assert agent_("pause").code == 0
    ended = agent_("resume", "mall-main")
    assert ended.code == 0
    assert "whole program: paused by you" in ended.out, "what still stands is said"
    assert agent_("inbox").code == 0


def test_doctor_shows_what_is_paused_and_what_of_each_limit_is_used(agent_: Terminal) -> None:
    ready(agent_)
    agent_("orders")
    found = {finding["what"]: finding["told"] for finding in agent_("doctor", "--json").data("doctor")}
    assert found["paused"] == "nothing"
    assert found["limits today"] == "0 orders of 200, 0.00 yuan of 15000.00"
    assert found["limits today of mall"] == "0 orders of 100, 0.00 yuan of 3000.00; one product within the hour 0 of 30"
    assert found["writes of unknown outcome at mall-main"] == "0, paused at 2"
    agent_("pause", "--why", "holiday")
    agent_("pause", "mall-main")
    found = {finding["what"]: finding["told"] for finding in agent_("doctor", "--json").data("doctor")}
    assert "holiday" in found["whole program: paused"] and "`agent resume`" in found["whole program: paused"]
    assert "`agent resume mall-main`" in found["mall-main: paused"]
    assert "paused" not in found


def test_it_is_started_as_a_module_of_any_folder(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "agent", "--version"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert agent.__version__ in done.stdout
