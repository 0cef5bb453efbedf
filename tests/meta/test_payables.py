"""`agent payables` and what is below it, typed in a terminal."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from agent.cli import payables
from agent.clock import SystemClock
from agent.errors import ConfigError
from agent.ledger import Ledger, schema
from agent.models import Fen
from agent.work.due import day_of
from tests.meta.test_cli import Terminal, agent_, ready, three_lines
from tests.work.runs import Day

__all__ = ["agent_"]

SOON = day_of(SystemClock().now() + timedelta(days=5))
LATE = day_of(SystemClock().now() - timedelta(days=1))


@pytest.fixture
def owing(agent_: Terminal) -> Iterator[Terminal]:
    """Two orders of mall are due in five days, one of yiwu since yesterday."""
    agent_.home.mkdir()
    with agent_.ledger() as ledger:
        day = Day(ledger, SystemClock().now() - timedelta(days=20))
        day.begin()
        for n, (supplier, due, amount) in enumerate([("mall", SOON, 1_234), ("mall", SOON, 5), ("yiwu", LATE, 100_000)], 1):
            number, reference = f"69200000000000{n:05d}", f"REF{n:05d}"
            day.order(number)
            day.bought(number, reference, f"90000{n}", amount, supplier=supplier)
            ledger.book_payable(reference, Fen(amount), rule="45 days after order", ordered_at=day.now, due=due, at=day.now)
    yield agent_


def states(agent_: Terminal) -> list[str]:
    with agent_.ledger() as ledger:
        return [payable.state for payable in sorted(ledger.payables(), key=lambda each: each.reference)]


def test_what_is_owed_is_laid_out_by_day_and_supplier(owing: Terminal) -> None:
    ended = owing("payables")
    assert ended.code == 0
    rows = [line.split("│")[1:-1] for line in ended.out.splitlines() if line.count("│") > 2]
    assert [[cell.strip() for cell in row] for row in rows] == [
        [str(LATE), "1 days overdue", "yiwu", "1", "1000.00"],
        [str(SOON), "in 5 days", "mall", "2", "12.39"],
    ]
    assert "Together: 1012.39 yuan" in ended.out
    assert "Credit of" not in ended.out, "without a config.yaml"


def test_only_what_is_due_soon_or_to_one_supplier(owing: Terminal) -> None:
    assert [row["supplier"] for row in owing("payables", "--due", "4d", "--json").data("payables")] == ["yiwu"]
    assert [row["supplier"] for row in owing("payables", "--due", "5d", "--json").data("payables")] == ["yiwu", "mall"]
    assert [row["supplier"] for row in owing("payables", "--supplier", "mall", "--json").data("payables")] == ["mall"]
    nobody = owing("payables", "--supplier", "mal")
    assert nobody.code == 2 and "mall, yiwu" in three_lines(nobody)[2]
    wrong = owing("payables", "--due", "7")
    assert wrong.code == 2 and "--due 7d" in three_lines(wrong)[2]


def test_a_row_an_order(owing: Terminal) -> None:
    out = owing("payables", "--orders").out
    assert all(number in out for number in ("900001", "900002", "900003", "6920000000000000001"))


def test_json_holds_every_order_in_fen(owing: Terminal) -> None:
    _late, row = owing("payables", "--json").data("payables")
    assert (row["due"], row["days"], row["expected"], row["amount"]) == (str(SOON), 5, False, 1_239)
    assert [(one["supplier_order_numbers"], one["amount"]) for one in row["orders"]] == [(["900001"], 1_234), (["900002"], 5)]
    assert set(row["orders"][0]) == {
        *("reference", "supplier_order_numbers", "shop", "order_number", "amount", "proven", "back", "estimated", "rule"),
        *("ordered_at", "received_at"),
    }


def test_a_table_for_excel(owing: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "账期.csv"
    ended = owing("payables", "--supplier", "mall", "--csv", str(path), language="zh")
    assert ended.code == 0 and str(path) in ended.out
    first, *rows = csv.reader(path.read_bytes().decode("utf-8-sig").splitlines())
    assert first[:3] == ["到期日", "剩余天数", "供应商"]
    assert [row[first.index("供应商订单号")] for row in rows] == ["\t900001", "\t900002"]
    wrong = owing("payables", "--csv", str(tmp_path / "nowhere" / "x.csv"))
    assert wrong.code == 2 and "could not be written" in three_lines(wrong)[0]


def test_a_word_is_asked_for_and_without_a_person_there_is_none(owing: Terminal) -> None:
    ended = owing("payables", "paid", "mall", "--due", str(SOON))
    assert ended.code == 2
    assert "--on-my-word" in ended.err and states(owing) == ["open"] * 3
    assert "12.39 yuan to mall, 2 orders" in ended.out


@pytest.mark.parametrize(("said", "state"), [("yes", "paid"), (" YES ", "paid"), ("", "open"), ("no", "open"), ("y", "open")])
def test_only_yes_is_a_yes(owing: Terminal, monkeypatch: pytest.MonkeyPatch, said: str, state: str) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.prompt", lambda *_told, **_facts: said)
    ended = owing("payables", "paid", "mall", "--due", str(SOON))
    assert ended.code == (0 if state == "paid" else 1)
    assert states(owing) == [state, state, "open"]


def test_what_was_said_is_kept_with_who_and_how_and_not_taken_twice(owing: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "lin")
    ended = owing("payables", "paid", "mall", "--due", str(SOON), "--how", "支付宝 转账", "--on-my-word")
    assert (ended.code, "on the word of lin" in ended.out, states(owing)) == (0, True, ["paid", "paid", "open"])
    with owing.ledger() as ledger:
        one = ledger.payable("REF00001")
        assert one and (one.who, one.how) == ("lin", "支付宝 转账")
    assert "lin says that 12.34 yuan were repaid to mall" in owing("show", "6920000000000000001").out
    again = owing("payables", "paid", "mall", "--due", str(SOON), "--on-my-word")
    assert again.code == 2 and "settled already: lin said so" in three_lines(again)[0]


def test_single_orders_by_their_number(owing: Terminal) -> None:
    assert owing("payables", "paid", "mall", "--number", "900002", "--on-my-word").code == 0
    assert states(owing) == ["open", "paid", "open"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["mall"], "--due DATE or --number NO"),
        (["mall", "--due", str(SOON), "--number", "900001"], "--due DATE or --number NO"),
        (["mall", "--due", "25.12."], "2026-12-25"),
        (["mall", "--due", str(LATE)], str(SOON)),
        (["mal", "--due", str(SOON)], "mall, yiwu"),
    ],
)
def test_what_cannot_be_meant_is_told_with_what_can(owing: Terminal, typed: list[str], says: str) -> None:
    ended = owing("payables", "paid", *typed, "--on-my-word")
    assert ended.code == 2 and says in " ".join(three_lines(ended))
    assert states(owing) == ["open"] * 3


def test_doctor_shows_the_credit_of_a_supplier(owing: Terminal) -> None:
    def found() -> dict[str, Any]:
        return {finding["what"]: finding for finding in owing("doctor", "--json").data("doctor")}

    ready(owing)
    assert "credit of mall" not in found()
    config = owing.home / "config.yaml"
    told = config.read_text(encoding="utf-8")
    line = "    most_per_day: 3000.00\n"
    config.write_text(told.replace(line, f"{line}    credit: {{limit: 20.00, due: 45 days after order}}\n"), encoding="utf-8")
    assert owing("payables").out.splitlines()[-1] == "Credit of mall: 12.39 yuan owed of 20.00"
    assert "Credit of" not in owing("payables", "--supplier", "yiwu").out
    config.write_text(told + "\nwrong: yes\n", encoding="utf-8")
    assert "Together" in owing("payables").out
    config.write_text(told.replace(line, f"{line}    credit: {{limit: 20.00, due: 45 days after order}}\n"), encoding="utf-8")
    credit = found()["credit of mall"]
    assert credit["well"] and credit["told"] == f"12.39 yuan owed of 20.00 · 12.39 yuan due on {SOON}, in 5 days"


def test_the_templates_line_of_credit_terms_is_one(agent_: Terminal) -> None:
    ready(agent_)
    config = agent_.home / "config.yaml"
    told = config.read_text(encoding="utf-8")
    assert "    # credit: {" in told
    config.write_text(told.replace("    # credit: {", "    credit: {"), encoding="utf-8")
    assert agent_("check").code == 0


def test_an_older_ledger_gets_the_table(agent_: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    agent_.home.mkdir()
    with monkeypatch.context() as older:
        older.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:9])
        Ledger.open(agent_.home / "ledger.db").close()
    assert agent_("payables", "--json").data("payables") == []


# repaid: sum and evidence


@pytest.mark.parametrize(("amount", "code"), [("12.39", 0), ("¥１２．３９", 0), ("12.40", 2), ("1239", 2), ("0.05", 2)])
def test_the_sum_that_was_paid_must_be_that_of_the_orders(owing: Terminal, amount: str, code: int) -> None:
    ended = owing("payables", "paid", "mall", "--due", str(SOON), "--amount", amount, "--on-my-word")
    assert (ended.code, states(owing)[:2]) == (code, ["paid" if code == 0 else "open"] * 2)
    if code:
        assert "these 2 orders are 12.39 yuan together" in three_lines(ended)[0]


@pytest.mark.parametrize("amount", ["-12.39", "12.39 USD", "zwölf", "12.390"])
def test_a_sum_that_is_none_is_told(owing: Terminal, amount: str) -> None:
    ended = owing("payables", "paid", "mall", "--due", str(SOON), f"--amount={amount}", "--on-my-word")
    assert ended.code == 2 and "--amount" in three_lines(ended)[0] and states(owing) == ["open"] * 3


def test_evidence_is_copied_and_stands_in_the_story_of_each_order(owing: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "转账.jpg"
    path.write_bytes(b"\xff\xd8\xff one")
    ended = owing("payables", "paid", "mall", "--due", str(SOON), "--evidence", str(path), "--on-my-word", language="zh")
    assert ended.code == 0
    (kept,) = (owing.home / "evidence" / "repaid").iterdir()
    assert kept.read_bytes() == path.read_bytes() and kept.name.endswith("-mall-12_39.jpg") and str(kept) in ended.out
    with owing.ledger() as ledger:
        for n in (1, 2):
            order = ledger.find_order(f"69200000000000{n:05d}")[0]
            assert ledger.story(order.shop, order.order_number)[-1].picture == kept


def test_without_its_evidence_nothing_is_recorded_and_without_a_record_no_evidence_is_kept(
    owing: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = ("payables", "paid", "mall", "--due", str(SOON), "--on-my-word", "--evidence")
    ended = owing(*typed, str(tmp_path / "none.jpg"))
    assert ended.code == 2 and "none.jpg" in three_lines(ended)[0] and states(owing) == ["open"] * 3
    path = tmp_path / "one.pdf"
    path.write_bytes(b"%PDF-1.7")

    def refused(*_told: object, **_facts: object) -> None:
        raise ConfigError("another one was quicker")

    monkeypatch.setattr(payables, "repaid", refused)
    assert owing(*typed, str(path)).code == 2
    assert list((owing.home / "evidence" / "repaid").iterdir()) == []


def test_a_wrong_word_is_taken_back_with_why(owing: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "lin")
    assert owing("payables", "owed", "mall", "--number", "900001", "--why", "x").code == 2
    owing("payables", "paid", "mall", "--due", str(SOON), "--on-my-word")
    ended = owing("payables", "owed", "mall", "--number", "900001", "--why", "付错了供应商")
    assert (ended.code, states(owing)) == (0, ["open", "paid", "open"])
    assert "900001  12.34" in ended.out and "Owed again on the word of lin." in ended.out
    story = owing("show", "6920000000000000001").out
    assert "were repaid to mall" in " ".join(story.split()) and "付错了供应商" in story
    assert owing("payables", "owed", "mall", "--number", "900001").code == 2, "never without why"


# the supplier's bill


def bill(path: Path, *rows: tuple[object, ...]) -> str:
    made = Workbook()
    assert made.active is not None
    for row in (("订单号", "应付金额", "到期日"), *rows):
        made.active.append(row)
    made.save(path)
    return str(path)


@pytest.fixture
def billed(owing: Terminal) -> Terminal:
    ready(owing)
    return owing


def test_a_bill_that_agrees(billed: Terminal, tmp_path: Path) -> None:
    path = bill(tmp_path / "b.xlsx", ("900001", 12.34, SOON), ("900002", "0.05", str(SOON)))
    ended = billed("payables", "compare", "mall", "--file", path)
    assert ended.code == 0
    assert ended.out.splitlines() == ["Bill of mall: 2 lines, 12.39 yuan; owed by the ledger 12.39 yuan", "2 orders agree."]
    assert billed("inbox").code == 0


def test_what_differs_is_told_waits_in_the_inbox_and_changes_nothing(billed: Terminal, tmp_path: Path) -> None:
    path = bill(tmp_path / "b.xlsx", ("900001", "1,234", SOON), ("X9", 5), (1.23e15, 7))
    ended = billed("payables", "compare", "mall", "--file", path)
    told = " ".join(ended.out.split())
    assert ended.code == 1
    assert "900001: billed 1234.00 yuan, 12.34 yuan by the ledger: 1221.66 yuan too much (exactly 100 times" in told
    assert "X9: billed 5.00 yuan, no purchase of ours" in told
    assert "not read: Sheet “Sheet”, row 4, column A “订单号”" in told
    assert "Not on it yet, ordered after the newest on it: 1 orders, 0.05 yuan" in told
    waits = " ".join(billed("inbox").out.split())
    assert "A supplier's bill and the ledger differ" in waits and "X9: billed 5.00 yuan" in waits
    assert states(billed) == ["open"] * 3
    good = bill(tmp_path / "c.xlsx", ("900001", 12.34, SOON), ("900002", "0.05", str(SOON)))
    assert billed("payables", "compare", "mall", "--file", good).code == 0
    assert billed("inbox").code == 0


def test_its_json(billed: Terminal, tmp_path: Path) -> None:
    path = bill(tmp_path / "b.xlsx", ("900001", 12.35, SOON), ("900002", "?"))
    ended = billed("payables", "compare", "mall", "--file", path, "--json")
    told = ended.whole()
    assert (ended.code, told["version"], told["supplier"]) == (1, 1, "mall")
    assert (told["theirs"], told["ours"], told["agreed"], told["waiting"]) == (1_235, 1_239, 0, [])
    (row,) = told["bill"]
    assert (row["kind"], row["supplier_order_numbers"], row["theirs"], row["ours"]) == ("amount", ["900001"], 1_235, 1_234)
    assert (row["references"], row["due_theirs"], len(told["unread"])) == (["REF00001"], None, 1)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["mal", "--file", "b.xlsx"], "There are: mall"),
        (["mall", "--file", "none.xlsx"], "none.xlsx"),
        (["mall"], "agent payables compare mall --file FILE.xlsx"),
    ],
)
def test_a_bill_that_is_not_there_is_told_with_what_to_do(billed: Terminal, typed: list[str], says: str) -> None:
    ended = billed("payables", "compare", *typed)
    assert ended.code == 2 and says in " ".join(three_lines(ended))
