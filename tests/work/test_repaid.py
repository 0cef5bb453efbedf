"""That something was repaid: a sum that must fit, evidence that is kept, the story of each order, and a word that is taken back."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from agent.errors import ConfigError, MachineFailed
from agent.ledger import Ledger
from agent.models import SHANGHAI, Fen
from agent.work.credit import remind
from agent.work.kept_evidence import FOLDER, MOST, content_of, keep
from agent.work.owed import owed_again, refuse_other_sum, repaid
from tests.work.owing import OnCredit
from tests.work.runs import SHOP, Day

NOW = datetime(2026, 12, 25, 9, 0, tzinfo=SHANGHAI)
JPG = b"\xff\xd8\xff\xe0 picture"


@pytest.fixture
def given(tmp_path: Path) -> Iterator[OnCredit]:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        yield OnCredit(Day(ledger))


# the sum


def test_the_sum_must_fit_to_the_fen(given: OnCredit) -> None:
    payables = [given.owe(1, 3_960), given.owe(2, 40)]
    refuse_other_sum(payables, Fen(4_000))
    for amount, words in (
        (3_999, "39.99 yuan, these 2 orders are 40.00 yuan together: 0.01 yuan too little"),
        (4_100, "1.00 yuan too much"),
    ):
        with pytest.raises(ConfigError) as told:
            refuse_other_sum(payables, Fen(amount))
        assert words in told.value.lines()[0] and "Nothing was recorded" in told.value.lines()[2]


# the story


def test_each_order_tells_who_paid_how_and_what_together_with_the_evidence(given: OnCredit, tmp_path: Path) -> None:
    payables = [given.owe(1, 3_960), given.owe(2, 40)]
    repaid(given.ledger, payables, how="支付宝", who="lin", at=NOW, evidence=tmp_path / "one.jpg")
    for n, amount in ((1, "39.60"), (2, "0.40")):
        event = given.ledger.story(SHOP, given.names(n)[0])[-1]
        assert event.what == f"lin says that {amount} yuan were repaid to yiwu (支付宝), of 40.00 yuan for 2 orders together"
        assert (event.picture, event.at, event.reference) == (tmp_path / "one.jpg", NOW, given.names(n)[1])


# taken back


def test_a_wrong_word_is_taken_back_with_both_words_in_the_story(given: OnCredit) -> None:
    given.owe(1)
    given.owe(2, 40)
    given.repaid(1, 2)
    number = given.payable(1).supplier_order_number
    (one,) = owed_again(given.ledger, "yiwu", [number, number], why="wrong supplier", who="wang", at=NOW)
    assert (one.reference, given.payable(1).state, given.payable(2).state) == (given.names(1)[1], "open", "paid")
    assert given.open_sum() == 3_960
    assert "lin says that 39.60 yuan were repaid to yiwu (bank)" in given.story(1)
    last = given.ledger.story(SHOP, given.names(1)[0])[-1].what
    assert (
        last.startswith("wang says that 39.60 yuan are still owed to yiwu: wrong supplier. Before: ") and "lin said so" in last
    )


def test_a_person_is_reminded_again_of_what_is_owed_again(given: OnCredit) -> None:
    given.owe(1)
    given.at(25)
    remind(given.run)
    given.repaid(1)
    assert given.asked() == []
    owed_again(given.ledger, "yiwu", [given.payable(1).supplier_order_number], why="typo", who="lin", at=NOW)
    remind(given.begin())
    assert [item.reason for item in given.ledger.items()] == ["payable_due"]


def test_what_is_open_cancelled_or_unknown_cannot_be_taken_back(given: OnCredit) -> None:
    for n in (1, 2):
        given.owe(n)
    number = given.payable(1).supplier_order_number
    with pytest.raises(ConfigError, match="owed already"):
        owed_again(given.ledger, "yiwu", [number], why="x", who="lin", at=NOW)
    with pytest.raises(ConfigError, match="never owed"):
        owed_again(given.ledger, "yiwu", ["12"], why="x", who="lin", at=NOW)
    given.ledger.closed_by_supplier(given.names(1)[1], NOW, paid=False)
    with pytest.raises(ConfigError, match="cancelled"):
        owed_again(given.ledger, "yiwu", [number], why="x", who="lin", at=NOW)


def test_what_was_repaid_and_then_cancelled_is_not_owed_again(given: OnCredit) -> None:
    given.owe(1)
    given.repaid(1)
    given.ledger.closed_by_supplier(given.names(1)[1], NOW, paid=True)
    with pytest.raises(ConfigError, match="cancelled"):
        owed_again(given.ledger, "yiwu", [given.payable(1).supplier_order_number], why="x", who="lin", at=NOW)
    assert given.payable(1).state == "paid"


def test_of_several_all_are_taken_back_or_none(given: OnCredit) -> None:
    for n in (1, 2):
        given.owe(n)
    given.repaid(1)
    numbers = [given.payable(n).supplier_order_number for n in (1, 2)]
    with pytest.raises(ConfigError, match="owed already"):
        owed_again(given.ledger, "yiwu", numbers, why="x", who="lin", at=NOW)
    assert given.payable(1).state == "paid"


# evidence


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (JPG, "jpg"),
        (b"\x89PNG\r\n\x1a\n...", "png"),
        (b"RIFF\x00\x01\x02\x03WEBPVP8 ", "webp"),
        (b"\x00\x00\x00\x18ftypheic...", "heic"),
        (b"%PDF-1.7 ...", "pdf"),
    ],
)
def test_it_is_known_by_its_content_and_gets_a_plain_name(tmp_path: Path, content: bytes, kind: str) -> None:
    path = tmp_path / "../转账 截图.exe".replace("../", "")
    path.write_bytes(content)
    assert content_of(path) == (content, kind)
    kept = keep(*content_of(path), tmp_path / "evidence", "义乌/../yiwu $1 40.00", NOW)
    assert kept == tmp_path / "evidence" / FOLDER / f"20261225-090000-000000-yiwu_1_40_00.{kind}"
    assert kept.read_bytes() == content and path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    kept = keep(JPG, "jpg", tmp_path, "yiwu", NOW)
    assert [stat.S_IMODE(each.stat().st_mode) for each in (kept, kept.parent)] == [0o600, 0o700]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00", "neither a picture"),
        ("付款成功".encode(), "neither"),
        (JPG + b"0" * MOST, "larger than 20 MB"),
    ],
)
def test_what_is_no_evidence_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "one.jpg"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=why):
        content_of(path)
    for other in (tmp_path / "none.jpg", tmp_path):
        with pytest.raises(ConfigError, match="cannot be taken"):
            content_of(other)


def test_a_folder_that_cannot_be_written_is_this_machines_matter(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("in the way")
    with pytest.raises(MachineFailed, match="could not be kept"):
        keep(JPG, "jpg", tmp_path, "yiwu", NOW)
