"""The receiver revealed once: kept as long as the shop's page may still be showing it, never used for a click afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import Mismatch
from agent.ledger import Ledger
from agent.models import Fen, MaskedReceiver, Order, Phone, Reading, Receiver, WriteState
from agent.work.buy import reread, unchanged
from agent.work.receiver_shown import may_be_shown
from agent.work.receivers import known_receiver
from agent.work.regions import whole_address
from agent.work.review import Waiting
from agent.work.run import Options, Run, always
from tests.ledger.goods import FACTS, LINES, NOW, NUMBER, RECEIVER, SHOP, begin, intend, order, purchase, settle

LEVELS = "浙江省 杭州市 临平区 南苑街道"
MASKED = order().receiver
NEW = Receiver("李敏", Phone("18400913966", "1234"), "江苏省", "苏州市", "昆山市", "花桥镇", "光明路1号")
NEW_MASKED = MaskedReceiver("李*", "184****3966-****", "江苏省 苏州市 昆山市 花桥镇 ****")
NEXT_DOOR = replace(RECEIVER, detail="秀水路9号")  # of the same town: stars hide it


@dataclass
class Desk:
    """The shop: what its page of the order shows masked, what a reveal shows, and how often one was made."""

    truth: Receiver = RECEIVER
    shown: MaskedReceiver = MASKED
    change: str = "none"
    reveals: int = 0
    lost_in_a_row: int = 0

    def play(self, flow: str, _values: object) -> Reading:
        if flow == "reveal_receiver":
            self.reveals += 1
            one = self.truth
            where = f"{one.province} {one.city} {one.district} {one.town} {one.detail}"
            return Reading({"order_number": NUMBER}, _three(MaskedReceiver(one.name, str(one.phone), where)), {})
        known = order()
        words = ("order_number", "ordered_at", "ship_by", "state", "flag", "remark", "buyer_message")
        parts = ("line_number", "title", "specification", "merchant_code", "quantity", "after_sales", "product_id", "price")
        lines = [{word: getattr(line, word) for word in parts} | {"line_kind": line.kind} for line in known.lines]
        values = {word: getattr(known, word) for word in words} | {"order_kind": known.kind, "lines": tuple(lines)}
        return Reading({**values, "address_change": self.change}, _three(self.shown), {})  # type: ignore[arg-type]


def _three(shown: MaskedReceiver) -> dict[str, str]:
    return {"receiver_name": shown.name, "phone": shown.phone, "address": shown.address}


@dataclass
class Given:
    """One order whose receiver a run before has revealed."""

    ledger: Ledger
    desk: Desk = field(default_factory=Desk)
    lacks: tuple[str, ...] = ()
    most: int = 5

    def __post_init__(self) -> None:
        self.shop = cast(Any, SimpleNamespace(name=SHOP, account="shop-main", most_reveals_per_day=self.most))
        config = SimpleNamespace(site_of=lambda _account: SimpleNamespace(lacks=self.lacks), shops={SHOP: self.shop})
        desks, clock = {"shop-main": self.desk}, SimpleNamespace(now=lambda: NOW)
        number = self.ledger.begin_run(NOW, "run --once")
        self.run = Run(number, cast(Any, config), self.ledger, cast(Any, desks), cast(Any, clock), Options(), print, always)
        self.known()

    def read(self) -> Order:
        stored = self.ledger.order(SHOP, NUMBER)
        assert stored is not None
        return reread(self.run, self.shop, stored)

    def known(self) -> Receiver | Waiting:
        """The receiver for whom the next form is filled."""
        return known_receiver(self.run, self.shop, self.read())

    @property
    def kept(self) -> Receiver | None:
        return self.ledger.receiver(SHOP, NUMBER)

    def moved(self, to: Receiver = NEW, shown: MaskedReceiver = NEW_MASKED) -> None:
        """The platform lets the buyer have another address; the page shows nothing of a change."""
        self.desk.truth, self.desk.shown = to, shown

    def sent(self, *lines: str, end: WriteState = "confirmed", counter: int = 1) -> None:
        """One click for these lines, all where none is named, and how it ended."""
        reference = f"REF{counter}"
        self.ledger.plan([purchase(counter, reference=reference, lines=lines or LINES)], NOW)
        attempt = begin(self.ledger, intend(self.ledger, key=reference, reference=reference))
        self.ledger.committing(attempt, FACTS, NOW)
        if end != "committing":
            settle(self.ledger, attempt, end)
        if end == "confirmed":
            self.ledger.placed(reference, (f"90010{counter}",), Fen(4800), Fen(0), NOW)

    def closed(self) -> None:
        """The supplier closed what was bought before anything left."""
        self.ledger.closed_by_supplier("REF1", NOW, paid=False)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Given]:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        ledger.save_order(order(), NOW, detail=True)
        yield Given(ledger)


# --- what the page may be showing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, address",
    [
        ("张**", f"{LEVELS} ****"),
        ("张*", f"{LEVELS} 秀水路****"),  # the stars count nothing
        ("*三丰", f"{LEVELS} ****2幢"),
        ("***", f"{LEVELS}****"),
        ("＊＊＊", "浙江省 杭州市 临平区 ****"),
        ("张三丰*", f"{LEVELS} 秀水路8号2幢**"),  # they hide nothing
        ("张三丰", f"{LEVELS} 秀水路8号 2幢"),  # whole, as it may stay after a reveal
        ("张三丰[7576]", f"{LEVELS} 秀水路8号2幢【7576】"),
        ("张*[1234]", f"{LEVELS} ****[1234]"),
        ("张*", "********"),
        ("", ""),
    ],
)
def test_a_mask_that_hides_another_part_is_no_change(shop: Given, name: str, address: str) -> None:
    shop.moved(RECEIVER, MaskedReceiver(name, "184****0000-****", address))
    assert (shop.known(), shop.desk.reveals) == (RECEIVER, 1)
    before = shop.read()
    shop.desk.shown = MASKED
    unchanged(shop.run, shop.shop, before)
    assert shop.kept == RECEIVER


OTHERS = [
    ("张*", "浙江省 杭州市 临平区 乔司街道 ****"),
    ("张*", "浙江省 杭州市 余杭区 南苑街道 ****"),
    ("张*", "江苏省 苏州市 昆山市 花桥镇 ****"),
    ("李*", f"{LEVELS} ****"),
    ("*三", f"{LEVELS} ****"),
    ("张*", f"{LEVELS} 秀水路9****"),
    ("张*", f"{LEVELS} ****3幢"),
    ("张*", f"{LEVELS} 新秀水路****"),
    ("张三丰", f"{LEVELS} 秀水路9号2幢"),
    ("张三", f"{LEVELS} 秀水路8号2幢"),
]


@pytest.mark.parametrize("name, address", OTHERS)
def test_another_one_is_revealed_anew_and_counted(shop: Given, name: str, address: str) -> None:
    shop.moved(NEXT_DOOR, MaskedReceiver(name, "184****3965-****", address))
    seen = shop.read()
    assert shop.kept is None
    shop.moved(NEXT_DOOR, MASKED)
    assert known_receiver(shop.run, shop.shop, replace(seen, receiver=MASKED)) == NEXT_DOOR
    assert (shop.desk.reveals, shop.ledger.reveals_on(SHOP, NOW.date()), shop.kept) == (2, 2, NEXT_DOOR)


hidden = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 6))


def _masked(text: str, cut: tuple[int, int, int]) -> str:
    at, length, stars = cut
    at %= len(text)
    return text[:at] + "*" * max(1, stars) + text[at + length :]


@given(hidden, hidden)
def test_any_part_may_be_hidden_behind_any_count_of_stars(
    of_name: tuple[int, int, int], of_address: tuple[int, int, int]
) -> None:
    address = f"{LEVELS} {RECEIVER.detail}"
    assert may_be_shown(MaskedReceiver(_masked(RECEIVER.name, of_name), "", _masked(address, of_address)), RECEIVER)


@given(hidden, st.integers(0, 40))
def test_a_sign_that_shows_and_is_another_is_a_change(cut: tuple[int, int, int], place: int) -> None:
    shown = _masked(whole_address(RECEIVER), cut)
    place %= len(shown)
    other = shown[:place] + "X" + shown[place + 1 :]
    star = shown[place] == "*"
    assert star or not may_be_shown(MaskedReceiver("张*", "", other), RECEIVER)


# --- the address changes before anything is sent --------------------------------------------------------------------------


def test_moved_by_the_platform_between_two_runs_it_is_bought_for_the_new_one(shop: Given) -> None:
    shop.moved()
    assert (shop.known(), shop.kept, shop.desk.reveals) == (NEW, NEW, 2)


def test_moved_while_the_form_is_filled_nothing_is_clicked(shop: Given) -> None:
    before = shop.read()
    shop.moved()
    with pytest.raises(Mismatch) as stopped:
        unchanged(shop.run, shop.shop, before)
    assert (stopped.value.reason, shop.kept) == ("changed", None)
    assert shop.known() == NEW


def test_what_was_seen_to_be_another_is_not_used_when_a_later_mask_hides_it(shop: Given) -> None:
    shop.shop.most_reveals_per_day = 1
    shop.moved(NEXT_DOOR, MaskedReceiver("张*", "", f"{LEVELS} 秀水路9****"))
    assert isinstance(shop.known(), Waiting)
    shop.run.held_up.clear()  # as in the next run
    shop.moved(NEXT_DOOR, MASKED)
    assert isinstance(shop.known(), Waiting)
    shop.run.held_up.clear()
    shop.shop.most_reveals_per_day = 2
    assert shop.known() == NEXT_DOOR


def test_asked_for_and_granted_within_one_town_it_is_revealed_anew(shop: Given) -> None:
    shop.desk.change = "asked"
    with pytest.raises(Mismatch):
        shop.read()
    assert shop.kept is None
    shop.desk.change = "none"
    shop.moved(NEXT_DOOR, MASKED)
    assert (shop.known(), shop.desk.reveals) == (NEXT_DOOR, 2)


def test_asked_for_in_another_reading_it_is_revealed_anew(shop: Given) -> None:
    """The order was bought and cancelled at the supplier while the buyer asked for another address; now it is bought again."""
    shop.sent()
    shop.desk.change = "asked"
    with pytest.raises(Mismatch):
        shop.read()
    assert shop.kept == RECEIVER, "what was sent is compared with it"
    shop.closed()
    shop.desk.change = "none"
    shop.moved(NEXT_DOOR, MASKED)
    assert shop.known() == NEXT_DOOR


# --- something was sent already --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["committing", "unknown", "held", "confirmed"])
def test_moved_after_something_was_sent_a_person_is_asked_and_it_is_kept(shop: Given, how: WriteState) -> None:
    shop.sent(end=how)
    shop.moved()
    for _each in range(2):
        with pytest.raises(Mismatch, match="after something was bought") as stopped:
            shop.read()
        assert stopped.value.reason == "changed" and "supplier" in stopped.value.todo
    assert (shop.kept, shop.desk.reveals) == (RECEIVER, 1)


def test_what_was_refused_was_not_sent(shop: Given) -> None:
    shop.sent(end="refused")
    shop.moved()
    assert shop.known() == NEW


def test_what_the_supplier_closed_does_not_count_as_sent(shop: Given) -> None:
    shop.sent()
    shop.closed()
    shop.moved()
    assert shop.known() == NEW


def test_a_mask_after_something_was_sent_stops_nothing(shop: Given) -> None:
    shop.sent()
    shop.moved(RECEIVER, MaskedReceiver("**丰", "*", "浙江省 杭州市 临平区 ****2幢"))
    shop.read()


def test_the_rest_of_an_order_goes_to_the_new_receiver_once_a_person_let_it_pass(shop: Given) -> None:
    shop.sent(LINES[0])
    shop.moved()
    lets_pass(shop)
    assert shop.known() == NEW


def test_a_yes_to_one_receiver_is_none_to_the_next(shop: Given) -> None:
    shop.sent(LINES[0])
    shop.moved()
    lets_pass(shop)
    shop.desk.shown = MaskedReceiver("李**", "184****0000", f"{NEW_MASKED.address}**[1234]")
    shop.read()
    for other in (replace(NEW_MASKED, name="王*"), replace(NEW_MASKED, address="江苏省 苏州市 昆山市 玉山镇 ****")):
        shop.desk.shown = other
        lets_pass(shop)


def lets_pass(shop: Given) -> None:
    """A person is asked about what the page shows now, and says yes."""
    with pytest.raises(Mismatch, match="after something was bought") as stopped:
        shop.read()
    shop.ledger.ask("Mismatch", f"order:{SHOP}:{NUMBER}:{stopped.value.what}", what="", todo="", at=NOW)
    shop.ledger.answer(shop.ledger.items()[0].id, "approve", NOW)
    shop.read()


@pytest.mark.parametrize("lines, kept", [(LINES[:1], None), (LINES, RECEIVER)])
def test_asked_for_after_a_part_was_sent_the_rest_is_revealed_anew(
    shop: Given, lines: tuple[str, ...], kept: Receiver | None
) -> None:
    shop.sent(*lines)
    shop.desk.change = "asked"
    with pytest.raises(Mismatch, match="asked to change the address"):
        shop.read()
    assert shop.kept == kept


def test_asked_for_while_a_click_is_open_its_proof_still_knows_whom_it_was_for(shop: Given) -> None:
    shop.sent(LINES[0], end="unknown")
    shop.desk.change = "asked"
    with pytest.raises(Mismatch):
        shop.read()
    assert shop.kept == RECEIVER


# --- a shop that hides nothing ---------------------------------------------------------------------------------------------


def test_a_shop_that_hides_nothing_is_read_as_it_stands(tmp_path: Path) -> None:
    here = replace(RECEIVER, town="", detail="南苑街道秀水路8号2幢")
    there = replace(here, detail="南苑街道秀水路9号")
    desk = Desk(shown=_whole(here))
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        ledger.save_order(order(), NOW, detail=True)
        shop = Given(ledger, desk, lacks=("mask",))
        assert shop.kept == here
        before = shop.read()
        desk.shown = _whole(there)
        with pytest.raises(Mismatch):
            unchanged(shop.run, shop.shop, before)
        assert (shop.known(), desk.reveals) == (there, 0)
        shop.sent()
        desk.shown = _whole(here)
        with pytest.raises(Mismatch, match="after something was bought"):
            shop.read()


def _whole(one: Receiver) -> MaskedReceiver:
    return MaskedReceiver(one.name, str(one.phone), f"{one.province} {one.city} {one.district} {one.detail}")
