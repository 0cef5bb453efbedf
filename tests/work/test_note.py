"""The notes for the colleagues: what they wrote is kept, a mark of ours is known as ours, and comes off when nothing was sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.config import Note
from agent.errors import LeftByPerson, Mismatch
from agent.ledger import Ledger, StoredOrder
from agent.models import Order, Reading
from agent.work import buy, note
from agent.work.day import rests
from agent.work.run import Run
from tests.ledger.goods import LATER, NOW, NUMBER, REFERENCE, SHOP, begin, clicked, intend, order, purchase

THEIRS = "老客户 送礼盒"


@dataclass
class Desk:
    """A shop with one order, its remark as colleagues and we write it."""

    shown: Order
    writes: list[str] = field(default_factory=list)
    drops: bool = False

    def play(self, _flow: str, _values: object) -> Reading:
        seen = self.shown
        words = ("order_number", "ordered_at", "ship_by", "state", "flag", "remark", "buyer_message", "address_change")
        values = {word: getattr(seen, word) for word in words} | {"order_kind": seen.kind, "lines": ()}
        return Reading(values, {"receiver_name": "", "phone": "", "address": ""}, {})

    def rehearse(self, _flow: str, values: Mapping[str, Any]) -> Mapping[str, str]:
        return {"remark": values["order.remark"], "flag": values["order.flag"]}

    def commit(self, _flow: str, values: Mapping[str, Any], _before: object) -> None:
        self.writes.append(values["order.remark"])
        if not self.drops:
            self.shown = replace(self.shown, remark=values["order.remark"], flag=values["order.flag"])


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.db") as opened:
        opened.save_order(order(remark=THEIRS), NOW, detail=True)
        opened.dispose(SHOP, NUMBER, "ours", "")
        yield opened


@pytest.fixture
def desk() -> Desk:
    return Desk(order(remark=THEIRS, lines=()))


SELLER = cast(Any, SimpleNamespace(name=SHOP, account="shop", note=Note(flag=None, begun="处理中")))


def yes(_title: str, pairs: Any) -> bool:
    return all(meant == shown for _what, meant, shown in pairs)


def run(ledger: Ledger, desk: Desk, says: Any = yes, *, attended: bool = True) -> Run:
    told = {"ledger": ledger, "desk": lambda _name: desk, "now": lambda: NOW, "tell": lambda what, **_facts: TOLD.append(what)}
    told |= {"shop_of": lambda _order: SELLER, "supplier": lambda name: SimpleNamespace(name=name)}
    told |= {"rung": lambda _supplier: SimpleNamespace(sends="at_once")}
    config = SimpleNamespace(site_of=lambda _account: SimpleNamespace(flows={"write_note": None}))
    return cast(Run, SimpleNamespace(options=SimpleNamespace(attended=attended), config=config, confirm=says, **told))


TOLD: list[str] = []


def known(ledger: Ledger) -> StoredOrder:
    found = ledger.order(SHOP, NUMBER)
    assert found is not None
    return found


def placed(ledger: Ledger) -> Any:
    ledger.plan([purchase()], NOW)
    ledger.placed(REFERENCE, ("900100",), None, None, NOW)
    return ledger.purchase(REFERENCE)


def test_the_mark_stands_while_it_is_bought_and_gives_way_to_the_note(ledger: Ledger, desk: Desk) -> None:
    going = run(ledger, desk)
    assert note.begin(going, SELLER, desk.shown) == replace(desk.shown, remark=f"{THEIRS} 处理中")
    assert note.own_notes(going, SELLER, NUMBER) == ("处理中",)
    desk.shown = replace(desk.shown, remark=f"{THEIRS} 处理中 加急")  # a colleague writes behind it
    note.note_purchase(going, SELLER, placed(ledger))
    assert desk.writes == [f"{THEIRS} 处理中", f"{THEIRS} 加急 已拍 900100"]
    assert note.own_notes(going, SELLER, NUMBER) == ("已拍 900100",)
    note.note_purchase(going, SELLER, placed(ledger))
    assert len(desk.writes) == 2, "written once"


def test_a_note_that_somebody_who_looks_on_does_not_want_is_not_written(ledger: Ledger, desk: Desk) -> None:
    with pytest.raises(LeftByPerson, match="no"):
        note.note_purchase(run(ledger, desk, says=lambda _title, _pairs: False), SELLER, placed(ledger))
    assert desk.writes == []


def test_a_note_that_changes_while_somebody_is_asked_is_not_written_over(ledger: Ledger, desk: Desk) -> None:
    def asked(_title: str, _pairs: object) -> bool:
        desk.shown = replace(desk.shown, remark=f"{THEIRS} 加急")
        return True

    with pytest.raises(Mismatch, match="meanwhile"):
        note.note_purchase(run(ledger, desk, says=asked), SELLER, placed(ledger))
    assert desk.writes == []


@pytest.mark.parametrize("theirs", [{"remark": f"{THEIRS} 不发"}, {"flag": "red"}], ids=["a remark", "a flag"])
@pytest.mark.parametrize("attended", [False, True])
def test_what_a_colleague_wrote_since_the_order_was_read_is_not_written_over(
    ledger: Ledger, desk: Desk, monkeypatch: pytest.MonkeyPatch, theirs: dict[str, Any], attended: bool
) -> None:
    monkeypatch.setattr(note, "may_write_unattended", lambda *_told: None)
    before = desk.shown
    desk.shown = replace(before, **theirs)
    with pytest.raises(Mismatch, match="meanwhile") as stopped:
        note.begin(run(ledger, desk, attended=attended), SELLER, before)
    assert stopped.value.reason == "changed"
    assert (desk.writes, known(ledger).begun) == ([], "")


@pytest.mark.parametrize("attended", [False, True])
def test_a_second_purchase_of_the_order_goes_on_from_the_mark_of_the_first(
    ledger: Ledger, desk: Desk, monkeypatch: pytest.MonkeyPatch, attended: bool
) -> None:
    filled: list[str] = []
    nothing = ("unmatched", "_too_early", "_may_go_on_here", "wait_for_limits", "is_restored", "_left_out", "not_settled")
    for step in (*nothing, "_without_rule", "_put_down", "review", "known_receiver", "_delivers_to", "meant_now"):
        monkeypatch.setattr(buy, step, lambda *_told: None)
    monkeypatch.setattr(buy, "plan", lambda *_told: [purchase(), purchase(2, reference="SECOND")])
    monkeypatch.setattr(buy, "reread", lambda *_told: desk.shown)
    monkeypatch.setattr(buy, "look", lambda *_told: SimpleNamespace(ours=()))
    monkeypatch.setattr(buy, "_fill_and_send", lambda _run, _shop, order, *_told: filled.append(order.remark))
    monkeypatch.setattr(note, "may_write_unattended", lambda *_told: None)
    buy.buy(run(ledger, desk, attended=attended), known(ledger), cast(Any, None))
    assert filled == [f"{THEIRS} 处理中"] * 2 and desk.writes == [f"{THEIRS} 处理中"]


def test_what_was_asked_of_a_note_that_was_not_kept_is_gone_once_it_is(ledger: Ledger, desk: Desk) -> None:
    bought, going = placed(ledger), run(ledger, desk)
    desk.drops = True
    with pytest.raises(Mismatch) as stopped:
        note.note_purchase(going, SELLER, bought)
    about: dict[str, Any] = {"shop": SHOP, "order_number": NUMBER, "at": NOW}
    ledger.ask("Mismatch", "kept", what=stopped.value.what, todo="", reason=stopped.value.reason, **about)
    ledger.ask("Mismatch", "mark", what="the mark of another purchase", todo="", reason="note", **about)
    ledger.park(SHOP, NUMBER, "the mark of another purchase")
    desk.drops = False
    note.note_purchase(going, SELLER, bought)
    assert [item.cause for item in ledger.items()] == ["mark"], "for that the order rests"


def test_a_mark_killed_on_its_way_is_ours_and_put_once(ledger: Ledger, desk: Desk) -> None:
    """Killed between the ledger and the shop, or between the shop and the form: the next run goes on."""
    ledger.begin_note(SHOP, NUMBER, "处理中")
    going = run(ledger, desk)
    first = note.begin(going, SELLER, desk.shown)
    assert note.begin(going, SELLER, first) == first and desk.writes == [f"{THEIRS} 处理中"]


def test_a_colleagues_mark_is_not_ours(ledger: Ledger, desk: Desk) -> None:
    desk.shown = replace(desk.shown, remark="小王处理中")
    note.begin(run(ledger, desk), SELLER, desk.shown)
    assert desk.writes == [] and known(ledger).begun == ""


def test_a_mark_that_the_shop_did_not_keep(ledger: Ledger, desk: Desk) -> None:
    desk.drops = True
    with pytest.raises(Mismatch, match="处理中"):
        note.begin(run(ledger, desk), SELLER, desk.shown)
    assert known(ledger).begun == "处理中", "it may stand there later"


def test_a_full_remark_is_kept_and_said_so(ledger: Ledger, desk: Desk) -> None:
    desk.shown = replace(desk.shown, remark="备" * 58)
    TOLD.clear()
    going = run(ledger, desk)
    assert note.begin(going, SELLER, desk.shown).remark == "备" * 58
    note.note_purchase(going, SELLER, placed(ledger))
    assert desk.writes == [] and len([what for what in TOLD if "full" in what]) == 2


def test_the_mark_comes_off_when_the_order_rests_with_nothing_sent(ledger: Ledger, desk: Desk) -> None:
    going = run(ledger, desk)
    note.begin(going, SELLER, desk.shown)
    assert not rests(going, known(ledger)), "killed here, the next run goes on"
    ledger.park(SHOP, NUMBER, "out of stock")
    assert rests(going, known(ledger))
    note.take_back(going, SELLER, known(ledger))
    assert desk.writes[-1] == THEIRS and known(ledger).begun == ""


def test_an_open_or_unknown_attempt_keeps_the_mark(ledger: Ledger, desk: Desk) -> None:
    going = run(ledger, desk)
    note.begin(going, SELLER, desk.shown)
    attempt = clicked(ledger)
    ledger.park(SHOP, NUMBER, "unknown")
    assert not rests(going, known(ledger))
    ledger.settle(attempt, "unknown", words="", requests=None, pictures=(), at=LATER)
    assert not rests(going, known(ledger))


def test_an_attempt_that_sent_nothing_does_not(ledger: Ledger, desk: Desk) -> None:
    ledger.plan([purchase()], NOW)
    begin(ledger, intend(ledger))
    ledger.park(SHOP, NUMBER, "price went up")
    assert rests(run(ledger, desk), known(ledger))


@pytest.mark.parametrize(
    "remark, left",
    [("处理中", ""), ("a 处理中", "a"), ("处理中 a", "a"), ("a 处理中 b", "a b"), ("a处理中b", "ab"), ("a", "a")],
)
def test_taking_a_mark_off(remark: str, left: str) -> None:
    assert note.without(remark, "处理中") == left
