"""What goes wrong on one order's road, as whole runs of the program, judged by what the shop and the supplier really hold.

Orders that do not touch each other share a day: three runs, each scenario a test of its own that looks at its order.
Connections are kept alive and Chromium's own repeats count, as at a real site.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.market.core import Market
from tests.market.demo_orders import DemoOrder, line
from tests.road.conftest import MakeRoad
from tests.road.road import Ended, Road, order


def at_submit(kind: str, point: str = "submit", **told: Any) -> Callable[[Market, DemoOrder], None]:
    """A fault at the supplier, bound to the order's reference."""
    return lambda market, one: market.faults.add(kind, one.reference, point, **told) and None


def by_hand(market: Market, one: DemoOrder) -> None:
    told = one.receiver
    market.mall.add_order(
        [("YW2001", "米白/L", 1)],
        name=told["name"],
        phone=told["phone"],
        region=("浙江", "杭州", "临平区"),
        address=told["town"] + told["detail"],
    )


def quota_gone(market: Market, one: DemoOrder) -> None:
    market.faults.add("kill_before", one.reference, "submit", call=lambda: market.shop.set_quota(0))


LANES = 2
L = ("SNK", "米白/L")

PLAIN = order(6, trap="a sign-in that ends at the form; an emoji in the name")
EMOJI = DemoOrder(PLAIN.number, PLAIN.trap, "shipped", receiver={**PLAIN.receiver, "name": "小林🌸"}, lines=PLAIN.lines)
REJECTED = order(7, happens=at_submit("success_shown_write_rejected"), trap="says done, writes nothing")
DENIED = order(8, happens=at_submit("write_done_error_shown"), trap="writes, says error")
LOST = order(9, happens=at_submit("drop_after"), trap="the answer is lost on a kept connection")
LATE = order(10, happens=at_submit("lands_later"), trap="lands after the proof")
TWICE = order(11, happens=at_submit("twice"), trap="the server writes twice")
LAGS = order(12, happens=at_submit("list_lags", "list"), trap="the list lags")
CONFIRM = order(13, happens=at_submit("session_expires", "confirm"), trap="the sign-in ends at the confirm page")
SUBMIT = order(14, happens=at_submit("session_expires"), trap="the sign-in ends at the click")
SLIDER = order(15, happens=at_submit("captcha_after"), trap="a code instead of the write")
RERENDER = order(16, happens=at_submit("rerender_total", "confirm", value=9900), trap="another total under the click")
DEARER = order(
    17,
    goods=("BLB", "透明 500ml"),
    happens=at_submit("price_changes", "confirm", value=1500),
    trap="dearer on the confirm page",
)
DEARER_AFTER = order(
    18, goods=("SNK", "藏青/L"), happens=at_submit("price_changes", value=1890), trap="dearer after the confirm page"
)
CUT = order(19, happens=at_submit("reference_cut", "check", value=8), trap="the reference is cut")
RENAMED = order(20, happens=at_submit("renamed_label", "confirm", value="应付总额=合计"), trap="a renamed label")
SECOND = order(21, happens=at_submit("second_button", "confirm"), trap="a second button")
TWIN = order(22, happens=at_submit("hidden_twin", "confirm"), trap="a hidden twin")
BUYER = order(23, goods=L, trap="the same buyer orders twice")
BUYER_AGAIN = DemoOrder(order(24).number, "the same again", "shipped", receiver=BUYER.receiver, lines=BUYER.lines)
HAND = order(30, goods=L, happens=by_hand, trap="bought by hand")
UNKNOWN_GOODS = order(31, trap="no product", lines=({**line("XZP", "茉莉"), "title": "香薰蜡烛🌸"},))
CUT_OFF = order(32, happens=quota_gone, trap="the last before the reveals are used up")
NO_QUOTA = order(33, trap="the reveals are used up")
STRAY = order(25, happens=at_submit("stray_filter", "list", times=None), trap="the list keeps a filter")

# Two sellers, so that two cores have something to do: one meets what is not known, the other what is.
UNSURE = (EMOJI, REJECTED, DENIED, LATE, LAGS, SUBMIT, SLIDER, HAND, CUT, UNKNOWN_GOODS, STRAY)
PLAIN_SPOKEN = (
    LOST,
    TWICE,
    CONFIRM,
    RERENDER,
    DEARER,
    DEARER_AFTER,
    RENAMED,
    SECOND,
    TWIN,
    BUYER,
    BUYER_AGAIN,
    CUT_OFF,
    NO_QUOTA,
)

SHIP_LOST, SHIP_LIED, SHIP_TAKEN, REFUNDED, SHIP_PLAIN = LOST, BUYER_AGAIN, CONFIRM, TWIN, BUYER


@dataclass(frozen=True)
class Look:
    """Where one order stood after a run."""

    bought: int
    submits: int
    state: str
    kinds: list[str]
    said: str
    parcels: list[str]


@dataclass
class Seller:
    """One seller's days: after each run, where each order stood and all that the supplier has."""

    road: Road
    orders: tuple[DemoOrder, ...]
    looks: list[dict[str, Look]] = field(default_factory=list)
    books: list[str] = field(default_factory=list)
    ends: list[Ended] = field(default_factory=list)
    second: Ended | None = None

    def run(self, **more: Any) -> None:
        end = self.road.run(**more)
        assert end.code in (0, 1), end.words[-2000:]
        self.ends.append(end)
        self.looks.append({one.number: self._look(one) for one in self.orders})
        self.books.append(json.dumps(self.road.market.truth()["mall"]["orders"]))

    def _look(self, one: DemoOrder) -> Look:
        road = self.road
        parcels = [parcel.tracking_number for parcel in road.market.shop.orders[one.number].parcels]
        return Look(road.bought(one), road.submits(one), road.write_state(one), road.kinds(one), road.said(one), parcels)


@dataclass
class Day:
    """Both sellers."""

    unsure: Seller
    plain: Seller

    def seller(self, one: DemoOrder) -> Seller:
        return self.unsure if one in UNSURE else self.plain

    def road(self, one: DemoOrder) -> Road:
        return self.seller(one).road

    def look(self, one: DemoOrder, run: int) -> Look:
        """Where an order stood after the first, second … run."""
        return self.seller(one).looks[run - 1][one.number]


@pytest.fixture(scope="module")
def going(make_road: MakeRoad) -> Iterator[dict[str, Future[Any]]]:
    """All of this file begins at once, as far as two cores go; each test waits for its own."""
    roads = {
        "unsure": make_road(31, keep_alive=True, wait="6 s"),
        "plain": make_road(32, keep_alive=True, wait="6 s"),
        "shown": make_road(33, autonomy="show"),
        "accounts": make_road(34),
    }
    works = {"unsure": unsure_days, "plain": plain_days, "shown": decided, "accounts": stopped}
    with ThreadPoolExecutor(LANES) as lanes:
        yield {name: lanes.submit(work, roads[name]) for name, work in works.items()}


@pytest.fixture(scope="module")
def day(going: dict[str, Future[Any]]) -> Day:
    return Day(going["unsure"].result(), going["plain"].result())


def unsure_days(road: Road) -> Seller:
    """Buying · the next day, when the late order lands and the lists come right, and people said what they know · once more."""
    seller, market = Seller(road, UNSURE), road.market
    market.mall.takes_repeats = True
    market.faults.add("session_expires", point="form")

    def start_a_second() -> None:
        seller.second = road.run()

    road.put_up(*UNSURE)
    market.faults.add("kill_before", DENIED.reference, "confirm", call=start_a_second)
    seller.run(env={"PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"})

    assert market.faults.land(LATE.reference) == 1
    market.faults.release("list_lags")
    market.faults.release("stray_filter")
    for one, told in (
        (HAND, ("--number", _by_hand_number(road))),
        (REJECTED, ("--not-placed",)),
        (SUBMIT, ("--number", market.mall.known_order.number)),
        (SLIDER, ("--number", market.mall.orders_with(EMOJI.reference)[0].number)),
        (CUT, ("--number", market.mall.known_order.number)),
    ):
        assert road.agent("resolve", one.reference, *told).code == 0
    seller.run()
    assert road.agent("resolve", REJECTED.reference, "--not-placed", "--on-my-word").code == 0
    seller.run()
    return seller


def plain_days(road: Road) -> Seller:
    """Buying · the next day, when some were sent, one buyer wants the money back, and the shop plays tricks."""
    seller, market, shop = Seller(road, PLAIN_SPOKEN), road.market, road.market.shop
    market.mall.takes_repeats = True
    road.put_up(*PLAIN_SPOKEN)
    seller.run()

    shop.set_quota(10_000)
    road.ship(SHIP_LOST, SHIP_LIED, SHIP_TAKEN, REFUNDED, SHIP_PLAIN)
    market.faults.add("drop_after", SHIP_LOST.number, "ship")
    market.faults.add("success_shown_write_rejected", SHIP_LIED.number, "ship")
    other = shop.add_order(state="备货中", remark="不发")
    shop.write_parcel(other, "圆通速递", _number_sent(road, SHIP_TAKEN), [one.number for one in other.lines])
    shop.open_refund(REFUNDED.number)
    seller.run()
    return seller


def _number_sent(road: Road, one: DemoOrder) -> str:
    return road.market.mall.orders_with(one.reference)[0].parcels[0].tracking_number


def _by_hand_number(road: Road) -> str:
    mall = road.market.mall
    return next(each.number for each in mall.orders if each.by == "person" and each is not mall.known_order)


def _named(orders: tuple[DemoOrder, ...]) -> Any:
    return pytest.mark.parametrize("one", [pytest.param(one, id=one.trap.replace(" ", "-")) for one in orders])


# ---- the first run


@_named((EMOJI, DENIED, LOST, CONFIRM, TWIN, BUYER, BUYER_AGAIN, CUT_OFF))
def test_is_bought_once_in_the_first_run(day: Day, one: DemoOrder) -> None:
    look = day.look(one, 1)
    assert (look.bought, look.state, look.said) == (1, "confirmed", "")


@_named((DENIED, LOST, TWICE, TWIN, REJECTED, LATE, LAGS))
def test_one_click_is_one_request(day: Day, one: DemoOrder) -> None:
    assert day.look(one, 1).submits == 1


@_named((REJECTED, LATE, LAGS, STRAY, SUBMIT, SLIDER))
def test_an_outcome_that_nothing_proves_is_unknown(day: Day, one: DemoOrder) -> None:
    look = day.look(one, 1)
    assert (look.state, look.kinds) == ("unknown", ["OutcomeUnknown"])


def test_written_twice_by_the_server_is_held_with_both_numbers(day: Day) -> None:
    numbers = [each.number for each in day.road(TWICE).market.mall.orders_with(TWICE.reference)]
    look = day.look(TWICE, 1)
    assert (len(numbers), look.state) == (2, "held")
    assert all(number in look.said for number in numbers)


def test_another_total_under_the_click_sends_nothing(day: Day) -> None:
    first, second = day.look(RERENDER, 1), day.look(RERENDER, 2)
    assert (first.submits, first.state) == (0, "intended")
    assert (second.bought, second.submits) == (1, 1)


def test_dearer_after_the_confirm_page_is_held_with_its_number(day: Day) -> None:
    look = day.look(DEARER_AFTER, 1)
    (only,) = day.road(DEARER_AFTER).market.mall.orders_with(DEARER_AFTER.reference)
    assert (look.bought, look.state) == (1, "held")
    assert only.number in look.said


STOPPED = (DEARER, CUT, RENAMED, SECOND, HAND, UNKNOWN_GOODS)
KINDS = dict(
    zip((one.number for one in STOPPED), "LimitReached Mismatch PageChanged PageChanged Mismatch Mismatch".split(), strict=True)
)


@_named(STOPPED)
def test_stops_before_the_click_and_asks(day: Day, one: DemoOrder) -> None:
    look = day.look(one, 1)
    assert (look.submits, look.kinds) == (0, [KINDS[one.number]])


def test_bought_by_hand_is_named(day: Day) -> None:
    assert _by_hand_number(day.road(HAND)) in day.look(HAND, 1).said


def test_used_up_reveals_stop_before_the_form_and_park_nothing(day: Day) -> None:
    first, second = day.look(NO_QUOTA, 1), day.look(NO_QUOTA, 2)
    assert (first.submits, first.state, second.bought) == (0, "", 1)


def test_a_second_process_ends_with_2_and_names_the_first(day: Day) -> None:
    second = day.unsure.second
    assert second is not None
    assert second.code == 2
    assert re.search(r"\d{2,}", second.words.split("ledger.lock")[0]), second.words


def test_a_gbk_console_prints_emoji_without_ending_the_run(day: Day) -> None:
    end = day.unsure.ends[0]
    assert end.code == 1
    assert "香薰蜡烛" in end.out.decode("gbk")
    assert b"UnicodeEncodeError" not in end.err


# ---- the second run: recovery, answers, tracking numbers


@_named((LATE, LAGS, STRAY))
def test_found_by_the_next_run_it_is_bought_once(day: Day, one: DemoOrder) -> None:
    look = day.look(one, 2)
    assert (look.bought, look.submits, look.state, look.said) == (1, 1, "confirmed", "")


@_named((SUBMIT, SLIDER))
def test_unknown_stays_unknown_and_is_not_clicked_again(day: Day, one: DemoOrder) -> None:
    looks = [day.look(one, run) for run in (1, 2, 3)]
    assert [(look.bought, look.submits, look.state) for look in looks] == [(0, 1, "unknown")] * 3


def test_resolve_with_the_number_of_the_order_bought_by_hand_takes_it(day: Day) -> None:
    known = day.road(HAND).purchase(HAND)
    assert known is not None
    assert (known.supplier_order_number, known.state) == (_by_hand_number(day.road(HAND)), "placed")
    assert day.road(HAND).bought(HAND) == 0, "nothing with our reference: it was not bought again"


@_named((SUBMIT, SLIDER, CUT))
def test_resolve_with_a_number_that_is_not_it_is_refused(day: Day, one: DemoOrder) -> None:
    known = day.road(one).purchase(one)
    assert known is not None
    assert (known.supplier_order_number, known.state) == ("", "planned")
    assert day.look(one, 2).kinds


def test_not_placed_is_taken_on_a_persons_word_only_and_buys_nothing_again(day: Day) -> None:
    road = day.road(REJECTED)
    assert (day.look(REJECTED, 2).state, day.look(REJECTED, 3).state) == ("unknown", "refused")
    known = road.purchase(REJECTED)
    assert known is not None and known.state == "dead"
    phone = REJECTED.receiver["phone"]
    assert [each for each in road.market.mall.orders if each.draft.phone == phone] == []
    assert day.look(REJECTED, 3).kinds, "a person is asked whether to buy it again"


def test_a_lost_answer_while_shipping_is_proven_in_the_shop(day: Day) -> None:
    look = day.look(SHIP_LOST, 2)
    assert (look.parcels, look.said) == ([_number_sent(day.plain.road, SHIP_LOST)], "")


def test_a_number_the_shop_only_says_it_took_is_unknown(day: Day) -> None:
    look = day.look(SHIP_LIED, 2)
    assert (look.parcels, look.kinds) == ([], ["OutcomeUnknown"])


def test_a_number_the_shop_refuses_is_asked_about(day: Day) -> None:
    look = day.look(SHIP_TAKEN, 2)
    assert (look.parcels, len(look.kinds)) == ([], 1)


def test_a_refund_opened_after_buying_stops_the_shipping(day: Day) -> None:
    look = day.look(REFUNDED, 2)
    assert (look.parcels, look.kinds) == ([], ["Mismatch"])


def test_an_ordinary_parcel_is_entered(day: Day) -> None:
    assert day.look(SHIP_PLAIN, 2).parcels == [_number_sent(day.plain.road, SHIP_PLAIN)]


# ---- all of it


def test_one_more_run_changes_nothing_at_the_sites(day: Day) -> None:
    seller = day.unsure
    sent = [[(look.submits, look.parcels) for look in looks.values()] for looks in seller.looks]
    assert (seller.books[1], sent[1]) == (seller.books[2], sent[2])


def test_the_days_tell_no_lie(day: Day) -> None:
    assert day.unsure.road.lies([one for one in UNSURE if one is not HAND]) == []
    assert day.plain.road.lies([one for one in PLAIN_SPOKEN if one is not TWICE]) == []


# ---- what a person decides

ASKED, REFUSED, LEFT, RED = (order(at) for at in (40, 41, 42, 43))
RED = DemoOrder(RED.number, "flagged red", "shipped", receiver=RED.receiver, lines=RED.lines, more={"flag": "红"})


def test_a_person_decides_and_an_emptied_ledger_buys_nothing_again(going: dict[str, Future[Any]]) -> None:
    going["shown"].result()


def decided(road: Road) -> None:
    """show asks · --dry-run and fill send nothing · the yes buys exactly that · all of it found again by an empty ledger."""
    road.put_up(ASKED, REFUSED, LEFT, RED)
    ran = road.run()
    assert (ran.code, [road.kinds(one) for one in (ASKED, REFUSED, LEFT)]) == (1, [["review"]] * 3)
    assert (road.market.shop.reveal_log, road.kinds(RED)) == ([], []), "nothing is revealed yet"
    _answer(road, "approve", ASKED)
    _answer(road, "reject", REFUSED)
    assert road.agent("take", RED.number).code == 0

    road.run("--dry-run")
    assert (road.market.mall.submits, road.market.shop.reveals(ASKED.number)) == ([], 1)
    assert road.kinds(RED) == ["review"], "what was handed over goes the same way as the others"
    _answer(road, "approve", RED)
    road.config("autonomy: show", "autonomy: fill")
    road.run("--order", ASKED.number)
    assert road.market.mall.submits == []
    road.config("autonomy: fill", "autonomy: show")

    road.run()
    assert [road.bought(one) for one in (ASKED, REFUSED, LEFT, RED)] == [1, 0, 0, 1], road.told()
    assert road.market.shop.reveals(REFUSED.number) == 0
    assert road.kinds(LEFT) == ["review"] and road.kinds(REFUSED) == []
    _emptied(road, ASKED, RED, others=(REFUSED, LEFT))


def _emptied(road: Road, *bought: DemoOrder, others: tuple[DemoOrder, ...]) -> None:
    """One of the notes in the shop is gone too: what proves it is the reference at the supplier."""
    before = len(road.market.mall.submits)
    road.config("autonomy: show", "autonomy: place")
    road.config("except_flags: [红]", "except_flags: []")
    road.market.shop.set_note(bought[0].number, flag="灰", remark="")
    for rest in ("", "-wal", "-shm"):
        (road.home / f"ledger.db{rest}").unlink(missing_ok=True)
    for other in others:
        road.market.shop.cancel(other.number)
    road.run()
    assert len(road.market.mall.submits) == before
    assert [road.write_state(one) for one in bought] == ["confirmed"] * len(bought), road.told()
    assert road.lies(bought) == []


def _answer(road: Road, verb: str, one: DemoOrder) -> None:
    (item,) = road.inbox(one.number)
    assert road.agent(verb, str(item.id)).code == 0


# ---- accounts


def test_an_account_that_cannot_go_on_stops_alone(going: dict[str, Future[Any]]) -> None:
    going["accounts"].result()


def stopped(road: Road) -> None:
    """A missing secret · a wrong password, and a kept sign-in of another shop · a code before the confirm page."""
    one, two = order(50, happens=at_submit("captcha_before", "confirm")), order(51)
    road.put_up(one, two)
    secrets, market = road.home / "secrets.yaml", road.market
    whole = secrets.read_text(encoding="utf-8")
    of_the_mall = next(text for text in whole.splitlines(keepends=True) if text.startswith("mall-yiwu"))

    secrets.write_text(whole.replace(of_the_mall, ""), encoding="utf-8")
    road.run()
    (item,) = road.inbox()
    assert (item.kind, item.account) == ("account", "mall-yiwu")
    assert "AGENT_SECRET_MALL_YIWU" in item.todo

    secrets.write_text(whole.replace(market.mall.password, "wrong"), encoding="utf-8")
    for session in market.shop.sessions.values():
        session.shop = market.shop.shops[1]
    road.run()
    assert {item.account for item in road.inbox()} == {"mall-yiwu", "shop-xiaolin"}
    assert (market.mall.submits, market.shop.reveal_log, market.shop.notes) == ([], [], [])

    secrets.write_text(whole, encoding="utf-8")
    market.shop.expire_sessions()
    road.run()
    assert market.mall.submits == []
    assert any(item.account == "mall-yiwu" for item in road.inbox()), road.told()
    market.mall.solve_captchas()
    road.run()
    assert [road.bought(each) for each in (one, two)] == [1, 1], road.told()
    assert road.lies([one, two]) == []


def test_a_newer_ledger_is_left_alone(make_road: MakeRoad) -> None:
    road = make_road(35)
    with road.ledger():
        pass
    path = road.home / "ledger.db"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 999")
    db.close()
    before = os.stat(path).st_size
    end = road.run()
    assert end.code == 2
    assert "999" in end.words
    assert os.stat(path).st_size == before
    assert road.market.requests == []
