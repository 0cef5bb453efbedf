"""Cancelled at the supplier once, never what was sent or holds more, and only what the shop still says is unwanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.ledger import Ledger, StoredPurchase
from agent.models import CommitFacts, CommitOutcome, Fen, Order, Reading
from agent.work.cancel import carry_out_said, follow_unwanted
from agent.work.cancelled import SAID
from agent.work.recover import apply_answers, recover
from agent.work.run import Options, Run
from agent.work.unwanted import why_unwanted
from agent.work.watch import watch
from tests.ledger.goods import ACCOUNT, LATER, LINES, NOW, NUMBER, POST, REFERENCE, SHOP, order, order_line, parcel, purchase

ROW = {"product": "H-778", "title": "保温杯", "specification": "白色/500毫升", "quantity": 4, "unit_price": 1200}
WORDS = {"placed": ("待发货",), "unpaid": ("待付款",), "shipped": ("已发货",), "cancelled": ("已取消",)}


@dataclass
class Supplier:
    """The supplier: what its page of order 900100 shows, and how often its button was clicked."""

    state: str = "placed"
    more: dict[str, object] = field(default_factory=dict)
    clicks: int = 0
    after: str = "cancelled"  # what becomes of the order by the click
    ends: str = "expected"
    opens: str = "900100"
    shows: str = ""  # the state that its form shows, where that is another one
    dies: bool = False
    left: tuple[Any, ...] = (POST,)
    changed_in_a_row: int = 0
    meanwhile: Callable[[], None] = lambda: None

    def play(self, _flow: str, _values: object) -> Reading:
        values = {"supplier_order_number": "900100", "state": self.state, "lines": (ROW,), "shipments": (), **self.more}
        return Reading(values, {"state": WORDS[self.state][0]}, {})  # type: ignore[arg-type]

    def commit(self, _flow: str, values: Mapping[str, Any], record: Callable[[CommitFacts], None]) -> CommitOutcome:
        self.meanwhile()
        shown = {"supplier_order_number": self.opens, "state": self.shows or WORDS[self.state][0]}
        record(CommitFacts("", "", shown))
        assert values["purchase_order.supplier_order_number"] == "900100"
        self.clicks += 1
        self.state = self.after
        if self.dies:
            raise KeyboardInterrupt
        return CommitOutcome(cast(Any, self.ends), "订单不能取消" if self.ends == "refused" else "", self.left, (), None)

    def survey(self, *_told: object, **_more: object) -> None:
        raise AssertionError("no page of the form has an address")


@dataclass
class Shop:
    """The shop: what its page of the order shows."""

    shown: Order

    def play(self, _flow: str, _values: object) -> Reading:
        lines = tuple(
            {word: getattr(line, word) for word in ("line_number", "title", "specification", "quantity", "after_sales")}
            | {"merchant_code": ""}
            for line in self.shown.lines
        )
        words = ("order_number", "ordered_at", "ship_by", "state", "flag", "remark", "buyer_message", "address_change")
        values = {word: getattr(self.shown, word) for word in words} | {"order_kind": "ordinary", "lines": lines}
        return Reading(values, {"receiver_name": "", "phone": "", "address": ""}, {})


@dataclass
class Given:
    ledger: Ledger
    supplier: Supplier
    shop: Shop
    run: Run
    rule: SimpleNamespace
    clock: SimpleNamespace

    def shows(self, order_: Order) -> None:
        """The shop shows this, in its list and on the order's page."""
        self.shop.shown = order_
        self.ledger.save_order(order_, NOW, detail=True)

    def say(self) -> None:
        self.ledger.answer_purchase(SHOP, NUMBER, REFERENCE, SAID, LATER)

    def go(self) -> None:
        """What a run does about it."""
        apply_answers(self.run)
        if all(attempt.kind == "cancel" for attempt in self.ledger.open_attempts()):
            recover(self.run)
        carry_out_said(self.run)
        follow_unwanted(self.run)

    def later(self) -> None:
        """Another run, long after."""
        self.clock.at = self.clock.at.replace(day=self.clock.at.day + 1)
        self.run.id = self.ledger.begin_run(self.clock.at, "")
        self.run.stopped.clear()
        self.go()

    def kept(self) -> StoredPurchase:
        return cast(StoredPurchase, self.ledger.purchase(REFERENCE))

    def reasons(self) -> list[str]:
        return [item.reason for item in self.ledger.items()]

    def write(self) -> str:
        known = self.ledger.write("cancel", f"{ACCOUNT} 900100")
        return known.state if known else ""


def refunded(*states: str, **more: object) -> Order:
    lines = tuple(replace(order_line(line), after_sales=state) for line, state in zip(LINES, states, strict=True))
    return order(lines=lines, **more)


GONE = refunded("refunded", "refunded")


@pytest.fixture
def given(tmp_path: Path) -> Iterator[Given]:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        ledger.save_order(order(), NOW, detail=True)
        ledger.dispose(SHOP, NUMBER, "ours", "")
        ledger.plan([purchase()], NOW)
        facts = {"shop": SHOP, "order_number": NUMBER, "reference": REFERENCE, "account": ACCOUNT}
        ledger.found_done("submit", REFERENCE, **facts, at=NOW)
        ledger.placed(REFERENCE, ("900100",), Fen(4800), Fen(0), LATER)
        yield _given(ledger)


def _given(ledger: Ledger) -> Given:
    supplier, shop, clock = Supplier(), Shop(order()), SimpleNamespace(at=LATER, wait=lambda _seconds: None)
    clock.now = lambda: clock.at
    rule = SimpleNamespace(name="yiwu", account=ACCOUNT, cancel="ask", buy_again="always", credit=None)
    site = SimpleNamespace(
        hosts={},
        flows={"cancel_order": SimpleNamespace(steps=())},
        limits=SimpleNamespace(settle=0),
        lacks=(),
        words={"order_states": WORDS},
        money_moves_at="pay",
        touches=lambda _flow: (),
        guesses=lambda _flow: [],
    )
    account = SimpleNamespace(hosts={}, limits=SimpleNamespace(settle=None))
    config = SimpleNamespace(
        shops={SHOP: SimpleNamespace(name=SHOP, account="shop-main")},
        suppliers={"yiwu": rule},
        accounts={"shop-main": account, ACCOUNT: account},
        site_of=lambda _account: site,
        limits=SimpleNamespace(stop_after_unknown=2, stop_after_page_changed=3),
    )
    desks = cast(Any, {"shop-main": shop, ACCOUNT: supplier})
    number = ledger.begin_run(NOW, "")
    run = Run(number, cast(Any, config), ledger, desks, cast(Any, clock), Options(), print, cast(Any, None))
    return Given(ledger, supplier, shop, run, rule, clock)


def test_a_refund_after_buying_is_asked_about_and_nothing_is_clicked(given: Given) -> None:
    given.shows(GONE)
    given.go()
    (item,) = given.ledger.items()
    assert (item.reason, given.supplier.clicks, given.write()) == ("unwanted", 0, "")
    assert "48.00" in item.what and "900100" in item.what and REFERENCE in item.todo


def test_the_question_goes_when_the_buyer_wants_it_again_or_the_seller_lets_it_stand(given: Given) -> None:
    given.shows(refunded("open", "none"))
    given.go()
    assert given.reasons() == ["unwanted"]
    given.shows(order())
    given.go()
    assert given.reasons() == []
    given.shows(GONE)
    given.go()
    given.ledger.answer(given.ledger.items()[0].id, "approve", LATER)
    given.go()
    assert (given.reasons(), given.supplier.clicks) == ([], 0)


def test_a_persons_word_cancels_it_once_and_nothing_is_bought_again(given: Given) -> None:
    given.shows(GONE)
    given.say()
    given.go()
    assert (given.supplier.clicks, given.write(), given.kept().state) == (1, "confirmed", "dead")
    assert given.kept().refund == "open", "the page had shown it paid"
    known = given.ledger.order(SHOP, NUMBER)
    assert known is not None and known.parked and given.reasons() == []
    given.later()
    assert given.supplier.clicks == 1
    known = given.ledger.order(SHOP, NUMBER)
    assert known is not None and known.parked


def test_once_it_is_cancelled_nobody_is_asked_why_it_was_not_paid(given: Given) -> None:
    given.shows(GONE)
    given.supplier.state = "unpaid"
    words = {"what": "stopped: refunded", "todo": "", "reason": "changed", "shop": SHOP, "order_number": NUMBER, "at": LATER}
    given.ledger.ask("Mismatch", f"order:{SHOP}:{NUMBER}", **words)  # type: ignore[arg-type]
    given.say()
    given.go()
    assert (given.kept().state, given.reasons()) == ("dead", [])


def test_of_an_order_still_wanted_in_part_a_person_says_whether_it_is_bought_again(given: Given) -> None:
    given.shows(refunded("refunded", "none"))
    given.say()
    given.go()
    assert (given.kept().state, given.reasons()) == ("dead", ["cancelled"])


def test_what_was_never_paid_is_owed_by_nobody(given: Given) -> None:
    given.supplier.state = "unpaid"
    given.shows(order(state="cancelled"))
    given.say()
    given.go()
    assert (given.kept().state, given.kept().refund) == ("dead", "none")


@pytest.mark.parametrize(
    ("shown", "rule", "clicks"),
    [
        (GONE, "refunded", 1),
        (order(state="cancelled"), "refunded", 1),
        (refunded("refunded", "open"), "refunded", 0),
        (refunded("refunded", "none"), "refunded", 0),
        (order(address_change="asked"), "refunded", 0),
        (order(), "refunded", 0),
        (GONE, "ask", 0),
        (GONE, "never", 0),
    ],
)
def test_by_itself_only_by_rule_and_only_what_was_refunded_whole(given: Given, shown: Order, rule: str, clicks: int) -> None:
    given.rule.cancel = rule
    given.shows(shown)
    given.go()
    given.later()
    wanted = clicks == 1 or shown == order()
    asked = [] if wanted else ["unwanted_by_hand" if rule == "never" else "unwanted"]
    assert (given.supplier.clicks, given.reasons()) == (clicks, asked)


def test_by_itself_it_is_not_cancelled_where_the_shop_takes_the_refund_back_in_part(given: Given) -> None:
    given.rule.cancel = "refunded"
    given.shows(GONE)
    given.shop.shown = refunded("refunded", "open")
    given.go()
    assert given.supplier.clicks == 0 and given.reasons() == ["not_cancelled"]


def test_an_order_of_two_purchases_is_named_to_a_person_and_not_even_opened(given: Given) -> None:
    merged(given)
    given.shows(GONE)
    given.supplier.state = "nothing was read"
    given.say()
    given.go()
    said = [item.what for item in given.ledger.items() if item.reason == "not_cancelled"]
    assert len(said) == 1 and "SECOND" in said[0]


def test_seen_cancelled_elsewhere_first_what_we_cancelled_is_not_bought_again(given: Given) -> None:
    given.supplier.after = "placed"
    given.shows(GONE)
    given.say()
    given.go()
    assert given.write() == "unknown"
    given.supplier.state = "cancelled"
    watch(given.run, given.kept(), [given.supplier.play("", {})])
    known = given.ledger.order(SHOP, NUMBER)
    assert known is not None and known.parked
    recover(given.run)
    assert (given.write(), given.supplier.clicks) == ("confirmed", 1)


@pytest.mark.parametrize("rule", ["never", "no flow"])
def test_where_it_may_not_be_done_a_person_does_it_by_hand(given: Given, rule: str) -> None:
    given.rule.cancel = "never" if rule == "never" else "refunded"
    if rule == "no flow":
        del given.run.config.site_of(ACCOUNT).flows["cancel_order"]  # type: ignore[attr-defined]
        given.rule.cancel = "ask"
    given.shows(GONE)
    given.go()
    assert given.reasons() == ["unwanted_by_hand"]
    given.say()
    given.go()
    assert given.supplier.clicks == 0 and "not_cancelled" in given.reasons()


def sent(given: Given) -> None:
    given.supplier.state = "shipped"


def sent_with_a_parcel(given: Given) -> None:
    given.supplier.more = {"shipments": ({"carrier": "圆通", "tracking_number": "YT1"},)}


def merged(given: Given) -> None:
    given.ledger.save_order(order(number="2"), NOW, detail=True)
    lines = tuple(replace(line, quantity=2) for line in purchase(lines=LINES[:1]).lines)
    given.ledger.plan([replace(purchase(reference="SECOND"), order_number="2", lines=lines)], NOW)
    given.ledger.placed("SECOND", ("900100",), Fen(2400), Fen(0), LATER, merges=True)


def more_in_it(given: Given) -> None:
    given.supplier.more = {"lines": (ROW, {**ROW, "title": "毛巾"})}


def wanted_again(given: Given) -> None:
    given.shop.shown = order()


def another_opened(given: Given) -> None:
    given.supplier.opens = "900101"


def sent_on_the_form(given: Given) -> None:
    given.supplier.shows = "已发货"


def too_late(given: Given) -> None:
    given.supplier.meanwhile = lambda: setattr(given.clock, "at", given.clock.at.replace(minute=59))


def pause(given: Given) -> None:
    given.ledger.pause(ACCOUNT, "person", "", LATER)


def being_paid(given: Given) -> None:
    facts = {"shop": SHOP, "order_number": NUMBER, "reference": REFERENCE, "account": ACCOUNT}
    write = given.ledger.intend("pay", f"{ACCOUNT} 900100 1", at=LATER, **facts)
    attempt = given.ledger.begin_attempt([write], account=ACCOUNT, flow="pay_by_qr", baseline=[], meant={}, at=LATER)
    given.ledger.committing(attempt, CommitFacts("", "", {}), LATER)


def no_state(given: Given) -> None:
    given.run.config.site_of(ACCOUNT).lacks = ("parcels",)  # type: ignore[misc]


AGAINST = [
    sent,
    sent_with_a_parcel,
    merged,
    more_in_it,
    wanted_again,
    another_opened,
    sent_on_the_form,
    too_late,
    pause,
    being_paid,
    no_state,
]


@pytest.mark.parametrize("rule", ["ask", "refunded"])
@pytest.mark.parametrize("against", AGAINST)
def test_it_is_not_clicked_where_anything_is_against_it(given: Given, against: Callable[[Given], None], rule: str) -> None:
    given.rule.cancel = rule
    given.shows(GONE)
    against(given)
    if rule == "ask":
        given.say()
    given.go()
    assert given.supplier.clicks == 0
    assert given.write() in ("", "intended")
    assert given.kept().state == "placed"


def test_what_was_sent_meanwhile_is_to_be_stopped(given: Given) -> None:
    given.shows(GONE)
    given.say()
    sent(given)
    given.go()
    assert given.reasons()[0] == "intercept" and "48.00" in given.ledger.items()[0].what


def test_what_was_sent_before_the_first_look_is_to_be_stopped_and_asked_once(given: Given) -> None:
    given.ledger.watched(REFERENCE, "shipped", None)
    given.go()
    assert given.reasons() == []
    given.shows(GONE)
    given.go()
    given.later()
    assert (given.reasons(), given.supplier.clicks) == (["intercept"], 0)
    assert "48.00" in given.ledger.items()[0].what
    given.shows(order())
    given.go()
    assert given.reasons() == [], "the buyer wants it again"
    given.shows(GONE)
    given.go()
    given.ledger.answer(given.ledger.items()[0].id, "approve", LATER)
    given.later()
    assert given.reasons() == []


def test_paused_it_waits_and_is_done_when_it_may_go_on(given: Given) -> None:
    given.shows(GONE)
    given.say()
    pause(given)
    given.go()
    given.run.closed_accounts.clear()
    given.ledger.resume(ACCOUNT, LATER)
    given.go()
    assert given.supplier.clicks == 1


def test_sent_at_the_very_click_is_held(given: Given) -> None:
    given.supplier.after = "shipped"
    given.shows(GONE)
    given.say()
    given.go()
    assert (given.supplier.clicks, given.write(), given.kept().state) == (1, "held", "placed")
    assert "intercept" in given.reasons()


def test_killed_between_click_and_proof_it_is_found_cancelled_by_the_next_run(given: Given) -> None:
    given.supplier.dies = True
    given.shows(GONE)
    given.say()
    with pytest.raises(KeyboardInterrupt):
        given.go()
    assert given.write() == "committing"
    given.later()
    assert (given.supplier.clicks, given.write(), given.kept().state) == (1, "confirmed", "dead")
    assert given.ledger.unapplied_answers() == []
    known = given.ledger.order(SHOP, NUMBER)
    assert known is not None and known.parked


def test_still_there_after_the_click_it_is_unknown_and_never_clicked_again(given: Given) -> None:
    given.rule.cancel = "refunded"
    given.supplier.after = "placed"
    given.shows(GONE)
    given.go()
    given.later()
    given.say()
    given.later()
    assert (given.supplier.clicks, given.write()) == (1, "unknown")
    assert given.reasons().count("cancel_unknown") == 1
    given.supplier.state = "cancelled"
    given.later()
    assert (given.write(), given.kept().state, given.reasons()) == ("confirmed", "dead", [])


def test_the_sites_no_is_believed_only_twice(given: Given) -> None:
    given.supplier.after, given.supplier.ends = "placed", "refused"
    given.shows(GONE)
    given.say()
    given.go()
    assert given.write() == "unknown"
    given.later()
    assert (given.write(), given.supplier.clicks) == ("refused", 1)
    assert "cancel_refused" in given.reasons() and "cancel_unknown" not in given.reasons()
    given.later()
    assert given.supplier.clicks == 1 and given.reasons() == ["cancel_refused"]
    given.supplier.state = "cancelled"
    watch(given.run, given.kept(), [given.supplier.play("", {})])
    given.later()
    assert given.reasons() == [], "cancelled there by hand, and nobody wants it"


def test_what_was_not_done_is_asked_once_and_let_be_for_good(given: Given) -> None:
    given.rule.cancel = "refunded"
    given.shows(GONE)
    another_opened(given)
    given.go()
    given.later()
    assert given.reasons() == ["not_cancelled"]
    given.ledger.answer(given.ledger.items()[0].id, "approve", LATER)
    given.supplier.opens = "900100"
    given.later()
    assert (given.reasons(), given.supplier.clicks) == ([], 0)


def test_nothing_left_and_nothing_done_is_tried_again_twice_at_most(given: Given) -> None:
    given.supplier.after, given.supplier.left = "placed", ()
    given.shows(GONE)
    given.say()
    for _run in range(4):
        given.later()
    assert (given.supplier.clicks, given.write()) == (2, "intended")
    assert given.ledger.unapplied_answers() == []


def test_cancelled_there_already_it_is_not_clicked(given: Given) -> None:
    given.supplier.state = "cancelled"
    given.shows(GONE)
    given.say()
    given.go()
    assert (given.supplier.clicks, given.write(), given.kept().state) == (0, "confirmed", "dead")


def test_a_parcel_that_is_known_makes_a_cancelled_page_a_persons(given: Given) -> None:
    given.supplier.dies = True
    given.shows(GONE)
    given.say()
    with pytest.raises(KeyboardInterrupt):
        given.go()
    given.ledger.save_shipment(parcel(), {}, LATER)
    given.later()
    assert (given.write(), given.kept().state) == ("held", "placed")


def test_who_looks_on_is_asked_and_may_say_no(given: Given) -> None:
    told: list[tuple[str, list[tuple[str, str, str]]]] = []

    def no(title: str, pairs: Any) -> bool:
        told.append((title, list(pairs)))
        return False

    given.run.options = Options(attended=True)
    given.run.confirm = no
    given.supplier.rehearse = lambda _flow, _values: {"supplier_order_number": "900100", "state": "待发货"}  # type: ignore[attr-defined]
    given.shows(GONE)
    given.say()
    given.go()
    assert given.supplier.clicks == 0
    assert [pair[1:] for pair in told[0][1]] == [("900100", "900100"), ("待发货", "待发货")]
    given.run.confirm = lambda _title, _pairs: True
    given.go()
    assert given.supplier.clicks == 1


@pytest.mark.parametrize(
    ("shown", "why"),
    [
        (order(), None),
        (GONE, "refunded"),
        (order(state="cancelled"), "cancelled"),
        (refunded("open", "none", state="cancelled"), None),
        (refunded("refunded", "open"), "asked"),
        (refunded("closed", "none"), None),
        (order(address_change="asked"), "address"),
        (order(lines=(replace(order_line(), after_sales="refunded"),)), "asked"),
    ],
)
def test_why_it_is_unwanted(shown: Order, why: str | None) -> None:
    assert why_unwanted(shown, LINES) == why


def test_another_lines_refund_is_no_reason() -> None:
    assert why_unwanted(refunded("none", "refunded"), LINES[:1]) is None
