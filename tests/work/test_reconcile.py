"""The reading for the books: what is opened when, what absence needs to be believed, and whose failure stays whose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.errors import AgentError, MachineFailed, PageChanged, SiteUnavailable
from agent.ledger import Ledger
from agent.models import Fen, Phone, Reading, Receiver, Row
from agent.sites.definition import Manners
from agent.work.reconcile import DAYS, Reconciled, reconcile, reconcile_daily
from agent.work.recover import apply_answers
from agent.work.reference import reference
from agent.work.run import Options, Run, always
from tests.work.runs import BEGAN, RECEIVER, SHOP, Day

ONE, TWO = "6920000000000000001", "6920000000000000002"
REF, NEXT, OTHER = reference(SHOP, ONE, 1), reference(SHOP, ONE, 2), reference(SHOP, TWO, 1)
MALL, DESK = "mall-yiwu", "shop-main"
NUMBER, KNOWN = "900100", "900001"
STRANGER = Receiver("林晓", Phone("13705791234"), "浙江省", "金华市", "义乌市", "福田街道", "银海路88号3楼")
TRACKING = "YT8800000000001"
GOODS = {"product": "YW2001", "title": "日式棉麻收纳筐", "specification": "米白/L", "unit_price": 1680, "quantity": 2}


@dataclass
class There:
    """An order in the supplier's books."""

    number: str
    reference: str = ""
    state: str = "placed"
    total: int = 3960
    ordered_at: datetime = BEGAN
    rows: tuple[Row, ...] = (GOODS,)
    parcels: tuple[str, ...] = ()
    receiver: Receiver = RECEIVER
    listed: bool = True
    found: bool = True

    @property
    def row(self) -> Row:
        told = {"supplier_order_number": self.number, "reference": self.reference, "ordered_at": self.ordered_at}
        return {**told, "state": self.state, "total": self.total}

    @property
    def page(self) -> Reading:
        told = self.receiver
        words = {"receiver_name": told.name, "phone": str(told.phone), "region": f"{told.province} {told.city} {told.district}"}
        whom = {**words, "address": told.town + told.detail}
        parcels = tuple({"carrier": "圆通速递", "tracking_number": number} for number in self.parcels)
        values = {**self.row, **whom, "lines": self.rows, "freight": 600, "shipments": parcels}
        return Reading(cast(Any, values), {}, {})


@dataclass
class Sites:
    """Both sites: what stands there, what was played, and what breaks."""

    orders: dict[str, There] = field(default_factory=dict)
    in_shop: dict[str, tuple[str, ...]] = field(default_factory=dict)
    played: list[str] = field(default_factory=list)
    broken: dict[str, AgentError] = field(default_factory=dict)  # flows, or "picture"

    def put(self, *orders: There) -> None:
        self.orders |= {one.number: one for one in orders}

    def play(self, flow: str, values: Mapping[str, str]) -> Reading:
        self.played.append(flow)
        if flow in self.broken:
            raise self.broken[flow]
        return cast(Reading, getattr(self, flow)(values))

    def list_orders(self, _values: Mapping[str, str]) -> Reading:
        return Reading({"orders": tuple(one.row for one in self.orders.values() if one.listed)}, {}, {})

    def find_order(self, values: Mapping[str, str]) -> Reading:
        found = [one for one in self.orders.values() if one.found and one.reference == values["purchase_order.reference"]]
        return Reading({"orders": tuple(one.row for one in found)}, {}, {})

    def read_order(self, values: Mapping[str, str]) -> Reading:
        return self.orders[values["purchase_order.supplier_order_number"]].page

    def read_shipment(self, values: Mapping[str, str]) -> Reading:
        number = values["order.order_number"]
        rows = tuple({"carrier": "圆通速递", "tracking_number": each} for each in self.in_shop.get(number, ()))
        return Reading({"order_number": number, "state": "shipped", "shipments": rows}, {}, {})

    def counters(self) -> Mapping[str, int]:
        return {"pages": len(self.played)}

    def picture(self, name: str) -> Path:
        """Where a picture of what was opened last would be."""
        if "picture" in self.broken:
            raise OSError("no room")
        return Path(f"{self.played[-1]}-{name}.jpg")


@dataclass
class Given:
    day: Day
    sites: Sites
    now: datetime = BEGAN + timedelta(hours=2)
    manners: Manners = field(default_factory=Manners)

    def run(self, **told: Any) -> Run:
        account = SimpleNamespace(known_order=told.pop("known_order", ""), manners=self.manners)
        site = SimpleNamespace(
            flows={"list_orders": (), "read_order": (), **told.pop("flows", {"find_order": ()})},
            lacks=told.pop("lacks", ()),
            manners=self.manners,
            money_moves_at="pay",
        )
        config = SimpleNamespace(
            shops={SHOP: SimpleNamespace(name=SHOP, account=DESK)},
            suppliers={"yiwu": SimpleNamespace(account=MALL)},
            accounts={MALL: account, DESK: account},
            site_of=lambda _name: site,
        )
        clock = SimpleNamespace(now=lambda: self.now, wait=lambda _seconds: None)
        desks = cast(Any, {MALL: self.sites, DESK: self.sites})
        options = told.pop("options", Options())
        made = Run(self.day.run, cast(Any, config), self.day.ledger, desks, clock, options, lambda _words: None, always)
        for word, value in told.items():
            setattr(made, word, value)
        return made

    def compare(self, *, thorough: bool = True, **told: Any) -> Reconciled:
        return reconcile(self.run(**told), DAYS, thorough=thorough)

    def asked(self) -> list[tuple[str, str]]:
        return [(item.reason, item.order_number) for item in self.day.ledger.items()]

    def mark(self) -> datetime | None:
        return self.day.ledger.time_mark("reconciled_at")


@pytest.fixture
def given(tmp_path: Path) -> Iterator[Given]:
    """Two orders of ours: the first bought, sent and entered, the second not bought; and one that the seller made by hand."""
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        day, sites = Day(ledger), Sites()
        for number in (ONE, TWO):
            day.order(number)
            ledger.dispose(SHOP, number, "ours", "")
        day.begin()
        day.bought(ONE, REF, NUMBER)
        day.parcel(ONE, REF, TRACKING)
        day.entered(ONE, REF)
        day.plan(TWO, OTHER)
        sites.put(There(NUMBER, REF, state="shipped", parcels=(TRACKING,)))
        sites.put(There(KNOWN, "样品自用", receiver=STRANGER, total=880, ordered_at=BEGAN - timedelta(days=9)))
        sites.in_shop = {ONE: (TRACKING,)}
        yield Given(day, sites)


def test_a_world_that_agrees_asks_nobody_and_is_marked(given: Given) -> None:
    made = given.compare()
    assert (made.found, made.left_out, made.accounts, made.orders) == ((), (), (MALL, DESK), 2)
    assert (given.asked(), given.mark()) == ([], given.now)


def test_the_days_one_opens_the_list_and_nothing_else_where_all_agrees(given: Given) -> None:
    given.compare(thorough=False)
    assert given.sites.played == ["list_orders"]
    given.sites.orders[NUMBER].total = 3000
    given.compare(thorough=False)
    assert given.sites.played[1:] == ["list_orders", "read_order", "read_order"], "the list alone does not tell why; a picture"
    assert given.asked() == [("order_differs", ONE)]


@pytest.mark.parametrize("thorough", [True, False])
def test_a_difference_closes_itself_when_it_is_gone_and_is_one_item_until_then(given: Given, thorough: bool) -> None:
    given.sites.put(There("900777", REF))
    for _time in range(2):
        (found,) = given.compare(thorough=thorough).found
        assert given.asked() == [("bought_twice", ONE)] and "900777" in found.finding.error.what
    given.sites.orders["900777"].state = "cancelled"
    given.compare(thorough=thorough)
    assert given.asked() == []
    assert any("both sides agree" in event.what for event in given.day.ledger.story(SHOP, ONE))


def test_what_the_command_found_the_days_one_looks_at_again(given: Given) -> None:
    given.sites.in_shop = {ONE: ("SF1234567890123",)}
    given.compare()
    assert given.asked() == [("strange_number", ONE)]
    given.compare(thorough=False)
    assert given.asked() == [("strange_number", ONE)], "it still stands there"
    given.sites.in_shop = {ONE: (TRACKING,)}
    given.compare(thorough=False)
    assert given.asked() == []


def test_an_order_older_than_asked_for_is_compared_as_long_as_it_is_asked_about(given: Given) -> None:
    given.sites.put(There("900777", REF))
    given.compare()
    given.now += timedelta(days=DAYS + 1)
    assert given.compare().orders == 1 and given.asked() == [("bought_twice", ONE)]
    given.sites.orders.pop("900777")
    given.compare()
    assert given.compare().orders == 0 and given.asked() == []


def test_a_total_of_the_list_alone_is_no_difference(given: Given) -> None:
    rows = given.sites.list_orders
    given.sites.list_orders = lambda values: Reading(  # type: ignore[method-assign]
        {"orders": tuple({**row, "total": 3360} for row in cast(Any, rows(values).values["orders"]))}, {}, {}
    )
    for thorough in (True, False):
        assert given.compare(thorough=thorough).found == (), "it leaves out the freight; the order's own page does not"
    given.sites.broken["read_order"] = SiteUnavailable("down")
    assert given.compare(thorough=False).found == ()


# ---- evidence


def test_each_difference_has_a_picture_of_the_page_that_shows_it_taken_once(given: Given) -> None:
    given.sites.put(There("900777", OTHER))
    given.sites.orders.pop(NUMBER)
    given.sites.in_shop = {ONE: ("SF1234567890123",)}
    given.compare(known_order=KNOWN)
    pictures = {item.reason: str(item.evidence) for item in given.day.ledger.items()}
    assert pictures == {
        "not_recorded": "read_order-reconcile-not_recorded.jpg",
        "not_at_supplier": "list_orders-reconcile-not_at_supplier.jpg",
    }
    given.sites.broken["picture"] = SiteUnavailable("not to be asked again")
    given.compare(known_order=KNOWN)
    assert {item.reason: str(item.evidence) for item in given.day.ledger.items()} == pictures


def test_a_number_is_shown_on_the_shop_s_page(given: Given) -> None:
    given.sites.in_shop = {ONE: ("SF1234567890123",)}
    given.compare()
    assert [str(item.evidence) for item in given.day.ledger.items()] == ["read_shipment-reconcile-strange_number.jpg"]


@pytest.mark.parametrize("broken", ["picture", "read_order"])
def test_what_cannot_be_pictured_is_told_all_the_same(given: Given, broken: str) -> None:
    given.sites.put(There("900777", OTHER))
    given.sites.broken[broken] = PageChanged("another page")
    given.compare(thorough=False)
    assert [(item.reason, item.evidence) for item in given.day.ledger.items()] == [("not_recorded", None)]


# ---- absence


def test_absence_is_believed_where_list_and_search_showed_another(given: Given) -> None:
    given.sites.orders.pop(NUMBER)
    given.compare(known_order=KNOWN)
    assert given.asked() == [("not_at_supplier", ONE)]
    given.sites.put(There(NUMBER, REF, state="shipped", parcels=(TRACKING,)))
    given.compare(known_order=KNOWN)
    assert given.asked() == []


def test_a_list_that_shows_nothing_known_proves_nothing(given: Given) -> None:
    given.sites.orders[NUMBER].listed = given.sites.orders[KNOWN].listed = False
    made = given.compare(known_order=KNOWN)
    assert made.found == () and len(made.left_out) == 1
    assert given.asked() == [("no_control", "")] and given.mark() is None


def test_what_the_search_still_finds_is_there(given: Given) -> None:
    given.sites.orders[NUMBER].listed = False
    given.compare(known_order=KNOWN)
    assert given.asked() == []


def test_a_search_that_does_not_find_what_the_list_shows_proves_nothing(given: Given) -> None:
    given.sites.orders.pop(NUMBER)
    given.sites.orders[KNOWN].found = False
    made = given.compare(known_order=KNOWN)
    assert made.found == () and len(made.left_out) == 1 and given.mark() is None


def test_a_list_that_does_not_reach_back_proves_nothing(given: Given) -> None:
    given.sites.orders.pop(NUMBER)
    given.sites.orders[KNOWN].ordered_at = given.now
    assert given.compare(known_order=KNOWN).found == ()


# ---- orders in no purchase


def test_an_order_made_by_hand_for_the_same_buyer_and_goods_is_asked_about_once(given: Given) -> None:
    given.sites.put(There("900888", "手工单", ordered_at=given.now))
    given.compare()
    assert given.asked() == [("not_recorded", TWO)], "what is not bought yet comes first"
    given.day.ledger.db.execute("UPDATE orders SET state = 'shipped' WHERE order_number = ?", [TWO])
    given.compare()
    assert given.asked() == [("bought_twice", ONE)]


@pytest.mark.parametrize(
    "changed",
    [
        {"receiver": STRANGER},
        {"rows": ({**GOODS, "quantity": 1},)},
        {"ordered_at": BEGAN - timedelta(days=2)},
    ],
    ids=["buyer", "goods", "before"],
)
def test_an_order_for_another_buyer_other_goods_or_of_before_is_nobodys_business(given: Given, changed: Any) -> None:
    given.sites.put(There("900888", **{"ordered_at": given.now, **changed}))
    assert given.compare().found == ()


def test_what_a_person_said_is_another_buyers_is_not_asked_about(given: Given) -> None:
    given.sites.put(There("900888", ordered_at=given.now))
    for number in (ONE, TWO):
        facts = {"what": "Somebody may already have bought this: supplier order 900888", "todo": "", "reason": "alike"}
        item = given.day.ledger.ask("Mismatch", f"alike {number}", shop=SHOP, order_number=number, at=BEGAN, **facts)
        given.day.ledger.answer(item, "approve", BEGAN)
    assert given.compare().found == ()


def test_where_the_list_hides_the_reference_the_pages_say_it(given: Given) -> None:
    hidden = There("900777", OTHER, ordered_at=given.now, total=1)
    given.sites.put(hidden)
    rows = given.sites.list_orders
    given.sites.list_orders = lambda values: Reading(  # type: ignore[method-assign]
        {"orders": tuple({**row, "reference": ""} for row in cast(Any, rows(values).values["orders"]))}, {}, {}
    )
    given.compare(lacks=("listed_reference",), thorough=False)
    assert given.asked() == [("not_recorded", TWO)]


def test_the_days_one_opens_only_so_many_pages_that_are_not_ours(given: Given) -> None:
    given.sites.put(*(There(f"9008{at:02}", receiver=STRANGER, ordered_at=given.now) for at in range(40)))
    given.compare(thorough=False)
    assert given.sites.played.count("read_order") == 20
    given.compare(thorough=True)
    assert given.sites.played.count("read_order") == 20 + 40 + 1


# ---- failures


@pytest.mark.parametrize("error", [SiteUnavailable("down"), PageChanged("another page")], ids=["down", "changed"])
def test_an_account_that_cannot_be_read_leaves_its_items_open_and_the_day_unmarked(given: Given, error: AgentError) -> None:
    given.sites.put(There("900777", REF))
    given.compare()
    given.day.ledger.drop_mark("reconciled_at")
    given.sites.orders.pop("900777")
    given.sites.broken["list_orders"] = error
    made = given.compare()
    assert made.accounts == (DESK,) and len(made.left_out) == 1 and MALL in made.left_out[0]
    assert ("bought_twice", ONE) in given.asked() and given.mark() is None


def test_an_account_closed_for_this_run_is_not_visited(given: Given) -> None:
    made = given.compare(closed_accounts={MALL: SiteUnavailable("down"), DESK: SiteUnavailable("down")})
    assert (given.sites.played, len(made.left_out), given.mark(), given.asked()) == ([], 2, None, [])


def test_a_site_that_asks_to_be_left_alone_is(given: Given) -> None:
    given.manners = Manners(most_per_hour=0)
    run = given.run()
    made = reconcile(run, DAYS, thorough=False)
    assert (given.sites.played, len(made.left_out), given.mark()) == ([], 2, None)
    assert (run.closed_accounts, given.asked()) == ({}, []), "nothing is wrong with it"


def test_one_order_that_cannot_be_read_stays_alone(given: Given) -> None:
    given.sites.put(There("900777", OTHER))
    given.sites.broken["read_shipment"] = PageChanged("no such row")
    made = given.compare()
    assert given.asked() == [("not_recorded", TWO)]
    assert len(made.left_out) == 1 and ONE in made.left_out[0] and given.mark() is None


# ---- once a day, and a person's word


@pytest.mark.parametrize(
    "options",
    [Options(dry_run=True), Options(order=ONE), Options(parts=("read", "ship")), Options(attended=True)],
    ids=["dry run", "one order", "only a part", "watched"],
)
def test_only_a_whole_run_compares(given: Given, options: Options) -> None:
    reconcile_daily(given.run(options=options))
    assert (given.sites.played, given.mark()) == ([], None)


def test_it_is_once_a_day_in_shanghai(given: Given) -> None:
    for now, times in ((0, 1), (3, 1), (5, 2)):
        given.now = BEGAN + timedelta(hours=1 + now)
        reconcile_daily(given.run())
        assert given.sites.played.count("list_orders") == times, f"{given.now}"


def old(given: Given) -> list[str]:
    return [item.what for item in given.day.ledger.items() if item.reason == "not_compared"]


def test_what_cannot_be_compared_for_three_days_is_told_until_it_was(given: Given) -> None:
    reconcile_daily(given.run())
    given.sites.broken["read_order"] = PageChanged("no such row")
    given.sites.orders[NUMBER].total = 3000
    for hours, asked in ((30, 0), (71, 0), (72, 1), (96, 1)):
        given.now = BEGAN + timedelta(hours=2 + hours)
        reconcile_daily(given.run())
        assert len(old(given)) == asked, f"{hours}"
    assert "no such row" in old(given)[0] and "11-22" in old(given)[0]
    given.sites.broken.clear()
    given.compare()
    assert old(given) == []


@pytest.mark.parametrize(("options", "asked"), [(Options(parts=("read", "ship")), 1), (Options(dry_run=True), 0)])
def test_without_a_whole_run_for_three_days_it_is_told(given: Given, options: Options, asked: int) -> None:
    """What was bought first was bought three days ago, and nothing was ever compared."""
    given.now = BEGAN + timedelta(days=3, hours=1)
    reconcile_daily(given.run(options=options))
    assert (len(old(given)), given.sites.played) == (asked, [])


def test_a_fault_of_the_comparison_does_not_end_the_run(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.work.reconcile.compare", lambda *_told: 1 / 0)
    for _twice in range(2):
        reconcile_daily(given.run())
    assert given.mark() is None
    assert [(item.reason, item.cause) for item in given.day.ledger.items()] == [("fault", "reconcile:fault")]
    monkeypatch.undo()
    reconcile_daily(given.run())
    assert given.mark() is not None and given.day.ledger.items() == []


def test_a_full_disk_in_the_comparison_is_no_fault_of_ours(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_told: object) -> None:
        raise MachineFailed("the disk is full")

    monkeypatch.setattr("agent.work.reconcile.compare", full)
    with pytest.raises(MachineFailed):
        reconcile_daily(given.run())
    assert given.day.ledger.items() == []


def test_what_a_person_says_is_right_is_not_asked_again_and_releases_nothing(given: Given) -> None:
    given.sites.put(There("900777", REF))
    given.compare()
    (item,) = given.day.ledger.items()
    given.day.ledger.park(SHOP, ONE, "another reason")
    given.day.ledger.answer(item.id, "approve", BEGAN)
    apply_answers(given.run())
    order = given.day.ledger.order(SHOP, ONE)
    assert order is not None and order.parked == "another reason"
    assert given.compare().found == () and given.asked() == []
    given.sites.put(There("900778", REF))
    given.compare()
    assert given.asked() == [("bought_twice", ONE)], "one more is another question"


def test_an_order_left_to_a_person_is_asked_about_no_longer(given: Given) -> None:
    given.sites.put(There("900777", REF))
    given.compare()
    given.day.ledger.dispose(SHOP, ONE, "not_ours", "")
    given.compare()
    assert given.asked() == []


def test_what_went_on_well_does_not_close_it(given: Given) -> None:
    given.sites.put(There("900777", REF))
    given.compare()
    given.day.ledger.close_items_of(SHOP, ONE, given.now)
    assert given.asked() == [("bought_twice", ONE)]
    assert given.day.ledger.purchase(REF).total == Fen(3960)  # type: ignore[union-attr]
