"""What goes wrong on one order's road, as whole runs of the program, judged by what the shop and the supplier really hold.

Orders that do not touch each other share a day: three runs, each scenario a test of its own that looks at its order.
Connections are kept alive and Chromium's own repeats count, as at a real site.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
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

ALL = (EMOJI, REJECTED, DENIED, LOST, LATE, TWICE, LAGS, CONFIRM, SUBMIT, SLIDER, RERENDER, DEARER, DEARER_AFTER, CUT, RENAMED)
ALL += (SECOND, TWIN, BUYER, BUYER_AGAIN, HAND, UNKNOWN_GOODS, STRAY, CUT_OFF, NO_QUOTA)

SHIP_LOST, SHIP_LIED, SHIP_TAKEN, REFUNDED, SHIP_PLAIN = DENIED, LOST, CONFIRM, TWIN, BUYER


@dataclass
class Look:
    """What stood where after a run, for the tests of that moment."""

    bought: dict[str, int]
    submits: dict[str, int]
    state: dict[str, str]
    kinds: dict[str, list[str]]
    said: dict[str, str]
    parcels: dict[str, list[str]]
    end: Ended
    whole: str = ""


@dataclass
class Day:
    road: Road
    looks: list[Look] = field(default_factory=list)
    second: Ended | None = None

    def look(self, end: Ended) -> None:
        road = self.road
        shop = road.market.shop.orders
        self.looks.append(
            Look(
                bought={one.number: road.bought(one) for one in ALL},
                submits={one.number: road.submits(one) for one in ALL},
                state={one.number: road.write_state(one) for one in ALL},
                kinds={one.number: road.kinds(one) for one in ALL},
                said={one.number: road.said(one) for one in ALL},
                parcels={one.number: [parcel.tracking_number for parcel in shop[one.number].parcels] for one in ALL},
                end=end,
                whole=json.dumps(road.market.truth()["mall"]["orders"]),
            )
        )


@pytest.fixture(scope="module")
def day(make_road: MakeRoad) -> Day:
    """Three runs: buying with everything that can go wrong · the next day, with the number of some · once more."""
    road = make_road(31, keep_alive=True, wait="6 s")
    road.market.mall.takes_repeats = True
    road.market.faults.add("session_expires", point="form")
    day = Day(road)

    def start_a_second() -> None:
        day.second = road.run()

    road.put_up(*ALL)
    road.market.faults.add("kill_before", DENIED.reference, "confirm", call=start_a_second)
    day.look(road.run(env={"PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"}))
    _overnight(road)
    day.look(road.run())
    road.agent("resolve", REJECTED.reference, "--not-placed", "--on-my-word")
    day.look(road.run())
    return day


def _overnight(road: Road) -> None:
    """The late order lands, the lists come right; some were sent, one buyer wants the money back; people say what they know."""
    market, shop = road.market, road.market.shop
    assert market.faults.land(LATE.reference) == 1
    market.faults.release("list_lags")
    market.faults.release("stray_filter")
    shop.set_quota(10_000)
    road.ship(SHIP_LOST, SHIP_LIED, SHIP_TAKEN, REFUNDED, SHIP_PLAIN)
    market.faults.add("drop_after", SHIP_LOST.number, "ship")
    market.faults.add("success_shown_write_rejected", SHIP_LIED.number, "ship")
    taken = _number_sent(road, SHIP_TAKEN)
    other = shop.add_order(state="备货中", remark="不发")
    shop.write_parcel(other, "圆通速递", taken, [one.number for one in other.lines])
    shop.open_refund(REFUNDED.number)
    road.agent("resolve", HAND.reference, "--number", _by_hand_number(road))
    road.agent("resolve", REJECTED.reference, "--not-placed")
    road.agent("resolve", SUBMIT.reference, "--number", market.mall.known_order.number)
    road.agent("resolve", SLIDER.reference, "--number", market.mall.orders_with(EMOJI.reference)[0].number)


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
    look = day.looks[0]
    assert (look.bought[one.number], look.state[one.number], look.kinds[one.number]) == (1, "confirmed", [])


@_named((DENIED, LOST, TWICE, TWIN, REJECTED, LATE, LAGS))
def test_one_click_is_one_request(day: Day, one: DemoOrder) -> None:
    assert day.looks[0].submits[one.number] == 1


@_named((REJECTED, LATE, LAGS, STRAY, SUBMIT, SLIDER))
def test_an_outcome_that_nothing_proves_is_unknown(day: Day, one: DemoOrder) -> None:
    look = day.looks[0]
    assert (look.state[one.number], look.kinds[one.number]) == ("unknown", ["OutcomeUnknown"])


def test_written_twice_by_the_server_is_held_with_both_numbers(day: Day) -> None:
    numbers = [each.number for each in day.road.market.mall.orders_with(TWICE.reference)]
    look = day.looks[0]
    assert len(numbers) == 2
    assert look.state[TWICE.number] == "held"
    assert all(number in look.said[TWICE.number] for number in numbers)


def test_another_total_under_the_click_sends_nothing(day: Day) -> None:
    look = day.looks[0]
    assert (look.submits[RERENDER.number], look.state[RERENDER.number]) == (0, "intended")
    assert (day.looks[1].bought[RERENDER.number], day.looks[1].submits[RERENDER.number]) == (1, 1)


def test_dearer_after_the_confirm_page_is_held_with_its_number(day: Day) -> None:
    look = day.looks[0]
    (only,) = day.road.market.mall.orders_with(DEARER_AFTER.reference)
    assert (look.bought[DEARER_AFTER.number], look.state[DEARER_AFTER.number]) == (1, "held")
    assert only.number in look.said[DEARER_AFTER.number]


@pytest.mark.parametrize(
    ("one", "kind"),
    [
        pytest.param(one, kind, id=one.trap.replace(" ", "-"))
        for one, kind in (
            (DEARER, "LimitReached"),
            (CUT, "Mismatch"),
            (RENAMED, "PageChanged"),
            (SECOND, "PageChanged"),
            (HAND, "Mismatch"),
            (UNKNOWN_GOODS, "Mismatch"),
        )
    ],
)
def test_stops_before_the_click_and_asks(day: Day, one: DemoOrder, kind: str) -> None:
    look = day.looks[0]
    assert (look.submits[one.number], look.kinds[one.number]) == (0, [kind])


def test_bought_by_hand_is_named(day: Day) -> None:
    assert _by_hand_number(day.road) in day.looks[0].said[HAND.number]


def test_used_up_reveals_stop_before_the_form_and_park_nothing(day: Day) -> None:
    assert (day.looks[0].submits[NO_QUOTA.number], day.looks[0].state[NO_QUOTA.number]) == (0, "")
    assert day.looks[1].bought[NO_QUOTA.number] == 1


def test_a_second_process_ends_with_2_and_names_the_first(day: Day) -> None:
    assert day.second is not None
    assert day.second.code == 2
    holder = (day.road.home / "ledger.holder").read_text(encoding="utf-8")
    assert any(part.isdigit() for part in holder.split())
    assert day.second.code == 2 and "ledger.lock" in day.second.words


def test_a_gbk_console_prints_emoji_without_ending_the_run(day: Day) -> None:
    end = day.looks[0].end
    assert end.code == 1
    assert "香薰蜡烛" in end.out.decode("gbk")
    assert b"UnicodeEncodeError" not in end.err


# ---- the second run: recovery, answers, tracking numbers


@_named((LATE, LAGS, STRAY))
def test_found_by_the_next_run_it_is_bought_once(day: Day, one: DemoOrder) -> None:
    look = day.looks[1]
    assert (look.bought[one.number], look.submits[one.number]) == (1, 1)
    assert (look.state[one.number], look.kinds[one.number]) == ("confirmed", [])


@_named((SUBMIT, SLIDER))
def test_unknown_stays_unknown_and_is_not_clicked_again(day: Day, one: DemoOrder) -> None:
    for look in day.looks:
        assert (look.bought[one.number], look.submits[one.number], look.state[one.number]) == (0, 1, "unknown")


def test_resolve_with_the_number_of_the_order_bought_by_hand_takes_it(day: Day) -> None:
    known = day.road.purchase(HAND)
    assert known is not None
    assert (known.supplier_order_number, known.state) == (_by_hand_number(day.road), "placed")
    assert day.road.bought(HAND) == 0  # nothing with our reference: it was not bought again


@_named((SUBMIT, SLIDER))
def test_resolve_with_a_number_that_is_not_it_is_refused(day: Day, one: DemoOrder) -> None:
    known = day.road.purchase(one)
    assert known is not None
    assert (known.supplier_order_number, known.state) == ("", "planned")
    assert day.looks[1].kinds[one.number]


def test_not_placed_is_taken_on_a_persons_word_only(day: Day) -> None:
    assert (day.looks[1].state[REJECTED.number], day.looks[2].state[REJECTED.number]) == ("unknown", "refused")
    known = day.road.purchase(REJECTED)
    assert known is not None and known.state == "dead"
    assert day.road.submits(REJECTED) == 1, "a person's word does not make it buyable by itself"


def test_a_lost_answer_while_shipping_is_proven_in_the_shop(day: Day) -> None:
    assert day.looks[1].parcels[SHIP_LOST.number] == [_number_sent(day.road, SHIP_LOST)]
    assert day.looks[1].kinds[SHIP_LOST.number] == []


def test_a_number_the_shop_only_says_it_took_is_unknown(day: Day) -> None:
    assert day.looks[1].parcels[SHIP_LIED.number] == []
    assert day.looks[1].kinds[SHIP_LIED.number] == ["OutcomeUnknown"]


def test_a_number_the_shop_refuses_is_asked_about(day: Day) -> None:
    assert day.looks[1].parcels[SHIP_TAKEN.number] == []
    assert day.looks[1].kinds[SHIP_TAKEN.number]


def test_a_refund_opened_after_buying_stops_the_shipping(day: Day) -> None:
    assert day.looks[1].parcels[REFUNDED.number] == []
    assert day.looks[1].kinds[REFUNDED.number] == ["Mismatch"]


def test_an_ordinary_parcel_is_entered(day: Day) -> None:
    assert day.looks[1].parcels[SHIP_PLAIN.number] == [_number_sent(day.road, SHIP_PLAIN)]


# ---- the third run, and all of it


def test_one_more_run_changes_nothing_at_the_sites(day: Day) -> None:
    before, after = day.looks[1:]
    assert (before.whole, before.submits, before.parcels) == (after.whole, after.submits, after.parcels)


def test_the_whole_day_tells_no_lie(day: Day) -> None:
    assert day.road.lies([one for one in ALL if one not in (TWICE,)]) == []


# ---- what a person decides

ASKED, REFUSED, LEFT, RED, HIGH = (order(at) for at in (40, 41, 42, 43, 44))
RED = DemoOrder(RED.number, "flagged red", "shipped", receiver=RED.receiver, lines=RED.lines, more={"flag": "红"})


@pytest.fixture(scope="module")
def shown(make_road: MakeRoad) -> Road:
    road = make_road(32, autonomy="show")
    road.put_up(ASKED, REFUSED, LEFT, RED)
    return road


def test_show_asks_then_fill_fills_then_the_yes_buys_exactly_that(shown: Road) -> None:
    road = shown
    ran = road.run()
    assert (ran.code, {road.kinds(one)[0] for one in (ASKED, REFUSED, LEFT)}) == (1, {"review"})
    assert sum(road.market.shop.reveals(one.number) for one in (ASKED, REFUSED, LEFT, RED)) == 0, "nothing is revealed yet"
    assert road.kinds(RED) == []
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
    assert [road.bought(one) for one in (ASKED, REFUSED, LEFT, RED)] == [1, 0, 0, 1]
    assert road.market.shop.reveals(REFUSED.number) == 0
    assert road.kinds(LEFT) == ["review"] and road.kinds(REFUSED) == []


def test_an_emptied_ledger_buys_nothing_again(shown: Road) -> None:
    """Once with the notes in the shop, once without: what proves it is the reference at the supplier."""
    road = shown
    bought = [ASKED, RED]
    if not any(road.bought(one) for one in bought):
        pytest.skip("needs what the test before bought")
    before = len(road.market.mall.submits)
    road.config("autonomy: show", "autonomy: place")
    road.config("except_flags: [红]", "except_flags: []")
    road.market.shop.set_note(ASKED.number, flag="灰", remark="")
    for rest in ("", "-wal", "-shm"):
        (road.home / f"ledger.db{rest}").unlink(missing_ok=True)
    for other in (REFUSED, LEFT):
        road.market.shop.cancel(other.number)
    road.run()
    assert len(road.market.mall.submits) == before
    assert [road.write_state(one) for one in bought] == ["confirmed", "confirmed"]
    assert road.lies(bought) == []


def _answer(road: Road, verb: str, one: DemoOrder) -> None:
    (item,) = road.inbox(one.number)
    assert road.agent(verb, str(item.id)).code == 0


# ---- accounts


def test_an_account_that_cannot_go_on_stops_alone(make_road: MakeRoad) -> None:
    """A missing secret · a wrong password, and a kept sign-in of another shop · a slider before the confirm page."""
    road = make_road(33)
    one, two = order(50, happens=at_submit("captcha_before", "confirm")), order(51)
    road.put_up(one, two)
    secrets = road.home / "secrets.yaml"
    whole = secrets.read_text(encoding="utf-8")
    mall_secret = next(text for text in whole.splitlines(keepends=True) if text.startswith("mall-yiwu"))

    secrets.write_text(whole.replace(mall_secret, ""), encoding="utf-8")
    road.run()
    (item,) = road.inbox()
    assert (item.kind, item.account) == ("account", "mall-yiwu")
    assert "AGENT_SECRET_MALL_YIWU" in item.todo

    secrets.write_text(whole.replace(road.market.mall.password, "wrong"), encoding="utf-8")
    for session in road.market.shop.sessions.values():
        session.shop = road.market.shop.shops[1]
    road.run()
    assert {item.account for item in road.inbox()} == {"mall-yiwu", "shop-xiaolin"}
    assert (road.market.mall.submits, road.market.shop.reveal_log, road.market.shop.notes) == ([], [], [])

    secrets.write_text(whole, encoding="utf-8")
    road.market.shop.expire_sessions()
    road.run()
    assert road.market.mall.submits == []
    assert [item.account for item in road.inbox() if item.kind == "account"] == ["mall-yiwu"] or road.inbox(), "the slider"
    road.market.mall.solve_captchas()
    road.run()
    assert [road.bought(each) for each in (one, two)] == [1, 1]
    assert road.lies([one, two]) == []


def test_a_newer_ledger_is_left_alone(make_road: MakeRoad) -> None:
    road = make_road(34)
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
