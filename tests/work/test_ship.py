"""Numbers entered in the shop by what it shows: in the form that fits, once, never a foreign one; and settled out of the ledger alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.ledger import Ledger, StoredShipment
from agent.models import CommitFacts, CommitOutcome, Fen, OrderLine, PurchaseOrder, Reading, Receiver, Shipment
from agent.work.change_number import ask_to_change, change_numbers
from agent.work.closing import parcels_went_on
from agent.work.recover import recover
from agent.work.run import Options, Run
from agent.work.ship import enter_all
from tests.ledger.goods import ACCOUNT, LATER, NOW, POST, RECEIVER, SHOP, order, order_line, purchase

A, B = "6920000000000000001", "6920000000000000002"
ONE, TWO, NEW = "YT9693083639795", "YT9693083639796", "YT9693083639797"
Told = list[tuple[str, dict[str, int]]]


@dataclass
class Shop:
    """The shop's back office: what its pages show of each order, and what its forms do. `after` happens at the click."""

    lines: dict[str, tuple[OrderLine, ...]]
    state: dict[str, str] = field(default_factory=dict)
    parcels: dict[str, list[tuple[str, str, dict[str, int]]]] = field(default_factory=dict)
    commits: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    after: Callable[[], None] = lambda: None
    lies: bool = False  # the form says done and keeps nothing
    shows: dict[str, str] = field(default_factory=dict)  # what the form shows otherwise than it was told

    def play(self, flow: str, values: Mapping[str, str]) -> Reading:
        number = values["order.order_number"]
        if flow == "read_shipment":
            rows = [
                {"carrier": carrier, "tracking_number": tracking, "line_number": line, "quantity": pieces}
                for carrier, tracking, inside in self.parcels.get(number, [])
                for line, pieces in inside.items()
            ]
            return Reading({"order_number": number, "state": "to_ship", "shipments": tuple(rows)}, {}, {})
        words = {
            "ordered_at": NOW,
            "ship_by": LATER,
            "flag": "grey",
            "remark": "",
            "buyer_message": "",
            "address_change": "none",
        }
        goods = tuple(
            {word: getattr(line, word) for word in ("line_number", "title", "specification", "quantity", "after_sales")}
            | {"merchant_code": ""}
            for line in self.lines[number]
        )
        words |= {"order_number": number, "order_kind": "ordinary", "state": self.state.get(number, "to_ship"), "lines": goods}
        return Reading(words, {"receiver_name": "", "phone": "", "address": ""}, {})  # type: ignore[arg-type]

    changed: dict[str, int] = field(default_factory=dict)

    def commit(self, flow: str, values: Mapping[str, Any], record: Callable[[CommitFacts], None]) -> CommitOutcome:
        number, carrier, tracking = (
            values["order.order_number"],
            values["shipment.carrier"][0],
            values["shipment.tracking_number"],
        )
        packed = [(line["line.line_number"], int(line["line.quantity"])) for line in values["lines"]]
        shown = {"order_number": number, "carrier": carrier, "tracking_number": tracking}
        for at, (line, pieces) in enumerate(packed, 1):
            shown |= {f"lines.{at}.line_number": line, f"lines.{at}.quantity": str(pieces)}
            shown |= {f"lines.{at}.order_number": self._order_of(line)} if flow == "ship_merged" else {}
        record(CommitFacts("", "", shown | self.shows))
        self.commits.append((flow, values))
        self.after()
        if not self.lies:
            self._keep(flow, number, (carrier, tracking), values["shipment.former_number"], packed)
        return CommitOutcome("expected", "", (POST,), (), None)

    def _order_of(self, line: str) -> str:
        return next(number for number, lines in self.lines.items() if line in {each.line_number for each in lines})

    def _keep(self, flow: str, number: str, told: tuple[str, str], former: str, packed: list[tuple[str, int]]) -> None:
        if flow == "change_number":
            kept = self.parcels[number]
            self.parcels[number] = [
                (*told, inside) if tracking == former else (c, tracking, inside) for c, tracking, inside in kept
            ]
            return
        packed = packed or [(line.line_number, line.quantity) for line in self.lines[number]]
        for order_number in dict.fromkeys(self._order_of(line) for line, _pieces in packed):
            inside = {line: pieces for line, pieces in packed if self._order_of(line) == order_number}
            self.parcels.setdefault(order_number, []).append((*told, inside))


@dataclass
class Looked:
    """What the shop's site file is asked for before a form is written into: each flow, and how much was sent by then."""

    shop: Shop
    before: list[tuple[str, int]] = field(default_factory=list)

    def __call__(self, flow: str) -> tuple[()]:
        self.before.append((flow, len(self.shop.commits)))
        return ()


@dataclass
class Given:
    """Two orders of two lines each, bought; the run, and the shop it works in."""

    ledger: Ledger
    shop: Shop
    run: Run

    def parcel(self, number: str, tracking: str, *lines: str, ordinal: int = 1) -> StoredShipment:
        shipment = Shipment(SHOP, number, ordinal, f"REF{number[-1]}", "圆通速递", tracking)
        self.ledger.save_shipment(shipment, dict.fromkeys((number + line for line in lines), 1), NOW)
        return self.ledger.shipments(SHOP, number)[-1]

    def enter(self, *shipments: StoredShipment) -> None:
        enter_all(self.run, self.run.config.shops[SHOP], shipments)

    def shown(self, number: str) -> Told:
        return [(tracking, inside) for _carrier, tracking, inside in self.shop.parcels.get(number, [])]

    def flows(self) -> list[str]:
        return [flow for flow, _values in self.shop.commits]

    @property
    def looked(self) -> list[tuple[str, int]]:
        return self.run.config.site_of("shop-main").touches.before  # type: ignore[no-any-return,attr-defined]

    def reasons(self) -> list[str]:
        return [item.reason for item in self.ledger.items()]

    def states(self) -> list[str]:
        return [each.state for each in self.ledger.purchases()]

    def also(self, number: str, receiver: Receiver) -> None:
        self.ledger.save_receiver(SHOP, number, receiver, NOW)


@pytest.fixture
def given(tmp_path: Path) -> Iterator[Given]:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        lines = {number: tuple(order_line(number + line) for line in "xy") for number in (A, B)}
        for number in (A, B):
            ledger.save_order(order(number=number, lines=lines[number]), NOW, detail=True)
            ledger.dispose(SHOP, number, "ours", "")
            ledger.save_receiver(SHOP, number, RECEIVER, NOW)
            reference = f"REF{number[-1]}"
            bought = tuple(replace(each, line_number=number + line) for line, each in zip("xy", purchase().lines, strict=True))
            ledger.plan([PurchaseOrder(reference, SHOP, number, 1, "yiwu", ACCOUNT, bought)], NOW)
            facts = {"shop": SHOP, "order_number": number, "reference": reference, "account": ACCOUNT}
            ledger.found_done("submit", reference, **facts, at=NOW)
            ledger.placed(reference, (f"9001{number[-1]}",), Fen(4800), Fen(0), NOW)
        shop = Shop(lines)
        yield Given(ledger, shop, _run(ledger, shop))


def _run(ledger: Ledger, shop: Shop) -> Run:
    flows = {"ship_order": 1, "ship_parcel": 1, "ship_merged": 1, "change_number": 1}
    asked = {"guesses": lambda _flow: [], "touches": Looked(shop)}
    site = SimpleNamespace(hosts={}, flows=flows, limits=SimpleNamespace(settle=0), lacks=(), **asked)
    limits = SimpleNamespace(settle=None)
    config = SimpleNamespace(
        shops={SHOP: SimpleNamespace(name=SHOP, account="shop-main")},
        site_of=lambda _account: site,
        accounts={"shop-main": SimpleNamespace(hosts={}, limits=limits)},
        limits=SimpleNamespace(stop_after_unknown=9, stop_after_page_changed=3),
    )
    clock = SimpleNamespace(now=lambda: LATER)
    run = Run(1, cast(Any, config), ledger, cast(Any, {"shop-main": shop}), cast(Any, clock), Options(), print, cast(Any, None))
    ledger.begin_run(NOW, "")
    return run


def test_all_that_the_order_waits_for_goes_in_the_ordinary_form(given: Given) -> None:
    given.enter(given.parcel(A, ONE, "x", "y"))
    assert (given.flows(), given.shown(A), given.states()) == (
        ["ship_order"],
        [(ONE, {A + "x": 1, A + "y": 1})],
        ["done", "placed"],
    )


def test_the_pages_of_a_form_are_looked_at_once_a_run_before_it_is_sent(given: Given) -> None:
    given.enter(given.parcel(A, ONE, "x", "y"))
    given.enter(given.parcel(B, TWO, "x"))
    given.enter(given.parcel(B, NEW, "y", ordinal=2))
    assert (given.looked, len(given.shop.commits)) == ([("ship_order", 0), ("ship_parcel", 1)], 3)


def test_a_shop_that_asks_of_every_parcel_what_is_in_it_is_told(given: Given) -> None:
    del given.run.config.site_of("shop-main").flows["ship_order"]  # type: ignore[attr-defined]
    given.enter(given.parcel(A, ONE, "x", "y"))
    assert (given.flows(), given.shown(A)) == (["ship_parcel"], [(ONE, {A + "x": 1, A + "y": 1})])
    assert given.states() == ["done", "placed"]


def test_a_part_goes_as_a_parcel_of_its_own_and_the_purchase_is_done_with_the_last(given: Given) -> None:
    first, second = given.parcel(A, ONE, "x"), given.parcel(A, TWO, "y", ordinal=2)
    given.enter(first)
    assert (given.flows(), given.states()[0]) == (["ship_parcel"], "shipped")
    given.shop.state[A] = "partly_shipped"
    given.enter(second)
    assert (given.shown(A), given.states()[0]) == ([(ONE, {A + "x": 1}), (TWO, {A + "y": 1})], "done")
    given.enter(*given.ledger.shipments(entered=False))
    assert len(given.shop.commits) == 2


def test_one_number_of_one_receiver_is_entered_once_for_both_orders(given: Given) -> None:
    given.enter(given.parcel(A, ONE, "x", "y"), given.parcel(B, ONE, "x"))
    assert given.flows() == ["ship_merged"]
    assert (given.shown(A), given.shown(B)) == ([(ONE, {A + "x": 1, A + "y": 1})], [(ONE, {B + "x": 1})])
    assert given.states() == ["done", "shipped"]


def test_what_stops_a_shared_parcel_is_asked_about_each_order_until_it_goes(given: Given) -> None:
    parcels = [given.parcel(A, ONE, "x", "y"), given.parcel(B, ONE, "x", "y")]
    given.shop.shows = {"tracking_number": TWO}
    given.enter(*parcels)
    asked = given.ledger.items()
    assert [(item.reason, item.order_number) for item in asked] == [("tracking", B), ("tracking", A)]
    assert all(item.order_number in item.what for item in asked) and given.shown(A) == given.shown(B) == []
    given.shop.shows = {}
    given.run.stopped.clear()
    given.enter(*parcels)
    parcels_went_on(given.run, {(SHOP, A), (SHOP, B)}, ())
    assert given.flows() == ["ship_merged"] and given.reasons() == []


def test_what_waits_under_the_same_number_goes_along_and_what_a_person_took_over_does_not(given: Given) -> None:
    first, _second = given.parcel(A, ONE, "x", "y"), given.parcel(B, ONE, "x", "y")
    given.ledger.dispose(SHOP, B, "not_ours", "a person rejected it")
    given.enter(first)
    assert (given.flows(), given.shown(B)) == (["ship_order"], [])


def test_one_number_at_two_buyers_is_not_entered_at_all(given: Given) -> None:
    given.also(B, replace(RECEIVER, name="李四"))
    given.enter(given.parcel(A, ONE, "x", "y"), given.parcel(B, ONE, "x", "y"))
    assert (given.flows(), given.reasons()) == ([], ["foreign_number"] * 2)


@pytest.mark.parametrize(
    ("parcel", "reasons"),
    [
        (("圆通速递", ONE, {A + "x": 1, A + "y": 1}), []),
        (("圆通速递", TWO, {A + "x": 1}), ["tracking"]),
        (("申通快递", ONE, {A + "x": 1, A + "y": 1}), ["tracking"]),
    ],
)
def test_what_stands_in_the_shop_already_is_never_entered_again(
    given: Given, parcel: tuple[str, str, dict[str, int]], reasons: list[str]
) -> None:
    given.shop.parcels[A] = [parcel]
    given.enter(given.parcel(A, ONE, "x", "y"))
    assert (given.flows(), given.reasons()) == ([], reasons)
    assert given.states()[0] == ("placed" if reasons else "done")


def test_what_the_buyer_asks_back_stops_its_own_parcel_only(given: Given) -> None:
    given.shop.lines[A] = (order_line(A + "x"), replace(order_line(A + "y"), after_sales="open"))
    given.enter(given.parcel(A, ONE, "x"), given.parcel(A, TWO, "y", ordinal=2))
    assert (given.shown(A), given.reasons()) == ([(ONE, {A + "x": 1})], ["changed"])
    given.shop.lines[A] = (order_line(A + "x"), replace(order_line(A + "y"), after_sales="refunded"))
    given.shop.state[A] = "partly_shipped"
    given.enter(*given.ledger.shipments(SHOP, A, entered=False))
    assert ([each.contents for each in given.ledger.shipments(SHOP, A)], len(given.shop.commits)) == (["page", "nothing"], 1)


@pytest.mark.parametrize("state", ["cancelled", "shipped", "under_review"])
def test_an_order_that_waits_for_no_parcel_gets_none(given: Given, state: str) -> None:
    given.shop.state[A] = state
    given.enter(given.parcel(A, ONE, "x", "y"))
    assert (given.flows(), given.reasons()) == ([], ["changed"])


@pytest.mark.parametrize(
    "shows",
    [
        {"tracking_number": TWO},
        {"carrier": "申通快递"},
        {"order_number": B},
        {"lines.1.quantity": "2"},
        {"lines.1.line_number": A + "y"},
        {"lines.2.line_number": A + "y", "lines.2.quantity": "1"},
        {"lines.1.quantity": ""},
    ],
)
def test_a_form_that_shows_another_parcel_is_not_sent(given: Given, shows: dict[str, str]) -> None:
    given.shop.shows = shows
    given.enter(given.parcel(A, ONE, "x"))
    assert (given.flows(), given.reasons(), given.ledger.open_attempts()) == ([], ["tracking"], [])


def test_a_form_that_keeps_nothing_is_not_believed_and_not_sent_again(given: Given) -> None:
    given.shop.lies = True
    given.enter(given.parcel(A, ONE, "x", "y"))
    given.enter(*given.ledger.shipments(entered=False))
    assert (given.flows(), given.states()[0]) == (["ship_order"], "placed")
    assert given.reasons() == ["ship_unknown"] and given.ledger.open_attempts()


def test_killed_at_the_click_the_next_run_settles_both_orders_by_what_the_shop_shows(given: Given) -> None:
    def killed() -> None:
        raise KeyboardInterrupt

    given.shop.after = killed
    with pytest.raises(KeyboardInterrupt):
        given.enter(given.parcel(A, ONE, "x", "y"), given.parcel(B, ONE, "x", "y"))
    for number in (A, B):
        given.shop.parcels[number] = [("圆通速递", ONE, {number + "x": 1, number + "y": 1})]
    recover(given.run)
    assert (given.states(), given.ledger.open_attempts()) == (["done", "done"], [])
    assert [each.entered_at for each in given.ledger.shipments()] == [LATER, LATER]


def test_killed_at_the_click_of_which_the_shop_shows_nothing_both_orders_are_asked_about_until_it_does(given: Given) -> None:
    def killed() -> None:
        raise KeyboardInterrupt

    given.shop.after = killed
    with pytest.raises(KeyboardInterrupt):
        given.enter(given.parcel(A, ONE, "x", "y"), given.parcel(B, ONE, "x", "y"))
    recover(given.run)
    assert [(item.reason, item.order_number) for item in given.ledger.items()] == [("ship_unknown", B), ("ship_unknown", A)]
    for number in (A, B):
        given.shop.parcels[number] = [("圆通速递", ONE, {number + "x": 1, number + "y": 1})]
    recover(given.run)
    assert (given.states(), given.reasons()) == (["done", "done"], [])


def test_one_of_two_orders_shows_it_is_a_matter_for_a_person(given: Given) -> None:
    given.shop.after = lambda: given.shop.parcels.update({A: [("圆通速递", ONE, {A + "x": 1, A + "y": 1})]})
    given.shop.lies = True
    given.enter(given.parcel(A, ONE, "x", "y"), given.parcel(B, ONE, "x", "y"))
    write = given.ledger.write("ship", f"{SHOP}:{B}:1")
    assert write is not None and (write.state, given.reasons()) == ("held", ["tracking"] * 2)


class TestAChangedNumber:
    @pytest.fixture
    def entered(self, given: Given) -> StoredShipment:
        given.enter(given.parcel(A, ONE, "x", "y"))
        (kept,) = given.ledger.shipments()
        given.ledger.number_changes(kept.shipment, "圆通速递", NEW)
        return kept

    def change(self, given: Given, answer: str = "approve") -> None:
        shop = given.run.config.shops[SHOP]
        ask_to_change(given.run, shop)
        if answer:
            given.ledger.answer(given.ledger.items()[0].id, answer, LATER)
        change_numbers(given.run, shop)

    def test_after_a_yes_it_is_changed_once_and_read_back(self, given: Given, entered: StoredShipment) -> None:
        self.change(given, "")
        assert given.shown(A)[0][0] == ONE and given.reasons() == ["number_changed"]
        self.change(given)
        assert given.shown(A) == [(NEW, dict(entered.lines))] and given.flows() == ["ship_order", "change_number"]
        assert given.looked == [("ship_order", 0), ("change_number", 1)]
        (kept,) = given.ledger.shipments()
        assert (kept.tracking_number, kept.new_number) == (NEW, "")
        change_numbers(given.run, given.run.config.shops[SHOP])
        assert len(given.shop.commits) == 2

    def test_after_a_no_it_stays(self, given: Given, entered: StoredShipment) -> None:
        self.change(given, "reject")
        assert (
            given.shown(A)[0][0] == entered.tracking_number
            and ask_to_change(given.run, given.run.config.shops[SHOP]) == frozenset()
        )

    def test_a_change_that_the_shop_does_not_show_is_not_believed(self, given: Given, entered: StoredShipment) -> None:
        given.shop.lies = True
        self.change(given)
        assert given.shown(A)[0][0] == entered.tracking_number and given.reasons() == ["ship_unknown"]
        assert given.ledger.shipments()[0].new_number == NEW

    def test_a_number_that_is_another_buyers_is_not_taken_over(self, given: Given, entered: StoredShipment) -> None:
        given.also(B, replace(RECEIVER, name="李四"))
        given.parcel(B, NEW, "x", "y")
        self.change(given)
        assert given.flows() == ["ship_order"] and "foreign_number" in given.reasons()
        assert entered.tracking_number == given.shown(A)[0][0]

    def test_changed_by_hand_it_is_taken_as_it_stands(self, given: Given, entered: StoredShipment) -> None:
        given.shop.parcels[A] = [("圆通速递", NEW, dict(entered.lines))]
        self.change(given)
        assert given.flows() == ["ship_order"] and given.ledger.shipments()[0].tracking_number == NEW
