"""What a campaign's judge calls right and what not, on states that a program without its guards would leave behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.models import SHANGHAI, RequestNote
from tests.campaign import judge, money_judge
from tests.campaign.__main__ import is_bad
from tests.campaign.ends import HELD, RIGHT, UNKNOWN
from tests.campaign.marketplace_ends import MARKETPLACE_TABLE
from tests.campaign.marketplace_play import IN_THE_CART, Marketplace
from tests.campaign.marketplace_trials import Ordered, numbered
from tests.campaign.play import Played
from tests.campaign.trials import Pick
from tests.market.faults import Fired
from tests.market.m1688.goods import Address, CartItem
from tests.market.m1688.orders import Group, Line
from tests.market.m1688.orders import Order as There
from tests.road.road import order

NOW = datetime(2026, 12, 1, 2, 33, 16, tzinfo=SHANGHAI)
POST = RequestNote("POST", "127.0.0.1", "/daifa.php")


def clicks(*requests: tuple[str, float], **attempt: Any) -> int:
    """Of an attempt of which nothing left, and of the sites' log with these requests: method and seconds after the click."""
    told = {"committed_at": NOW, "settled_at": NOW + timedelta(seconds=1), "state": "intended", "requests_known": True}
    one = SimpleNamespace(**told | {"requests": (), "writes": [SimpleNamespace(kind="submit", key="R1")]} | attempt)
    log = [SimpleNamespace(method=method, at=NOW + timedelta(seconds=after)) for method, after in requests]
    ledger = SimpleNamespace(attempts_of=lambda _reference: [one])

    class Opened:
        def __enter__(self) -> SimpleNamespace:
            return ledger

        def __exit__(self, *_told: object) -> None: ...

    order = object.__new__(judge._Order)
    order.reference = "R1"
    order.road = cast(Any, SimpleNamespace(ledger=Opened, market=SimpleNamespace(requests=log)))
    return order._clicks()


def test_what_was_stopped_with_nothing_sent_is_no_click() -> None:
    assert clicks() == clicks(("GET", 0.5), ("POST", -1), ("POST", 2)) == 0


@pytest.mark.parametrize(
    "attempt",
    [{"state": "held"}, {"state": "unknown"}, {"requests_known": False}, {"requests": (POST,)}, {"settled_at": None}],
    ids=str,
)
def test_what_may_have_left_is_one(attempt: dict[str, Any]) -> None:
    assert clicks(**attempt) == 1


def test_what_reached_a_site_is_one_whatever_the_ledger_says() -> None:
    assert clicks(("POST", 0.5)) == 1


# ---- numbers in the shop

SENT, OTHER = ("圆通速递", "YT9693083639795"), ("圆通速递", "YT9693083639999")


def entered(*shown: tuple[str, str], ends: str = RIGHT, asked: Sequence[str] = (), clicks: int = 1) -> str:
    """What is said of a parcel's number, sent as SENT, where the shop shows these."""
    order: Any = object.__new__(judge._Order)
    parcels = [SimpleNamespace(carrier=carrier, tracking_number=number) for carrier, number in shown]
    order.number, order.denied, order.state = "1", "", "confirmed"
    order.live = [SimpleNamespace(parcels=[SimpleNamespace(tracking_number=SENT[1])])]
    order.one = SimpleNamespace(ends=lambda _write: frozenset({ends}), order=None)
    shop = SimpleNamespace(orders={"1": SimpleNamespace(parcels=parcels)})
    order.road = SimpleNamespace(market=SimpleNamespace(shop=shop), said=lambda _order: "")
    order._clicked = lambda _kind: Counter({"parcel": clicks})
    return str(order._numbers("ship", asked)[0])


def test_a_number_that_was_entered_is_right_once_and_nothing_else_is() -> None:
    assert entered(SENT) == "right"
    assert entered() == "lost"
    assert entered(SENT, SENT) == entered(SENT, clicks=2) == "duplicate"
    assert entered(OTHER) == entered(SENT, OTHER) == "wrong"


def test_what_is_asked_excuses_only_what_the_table_says() -> None:
    assert entered(SENT, OTHER, ends="tracking", asked=["tracking"]) == "halted"
    assert entered(SENT, OTHER, ends="ship_unknown", asked=["tracking"]) == "wrong"
    assert entered(SENT, OTHER, asked=["tracking"]) == "wrong"
    assert entered(ends="ship_unknown", asked=["ship_unknown"]) == "halted"
    assert entered(asked=["ship_unknown"]) == "over-halt"


def test_a_number_entered_for_what_is_not_known_to_be_bought_is_wrong() -> None:
    order: Any = object.__new__(judge._Order)
    order.number, order.one = "1", SimpleNamespace(at=lambda _write: ())
    order._submit = lambda: ("halted", "")
    order._shown = lambda: [SENT]
    assert [verdict.outcome for verdict in order.verdicts()] == ["wrong"]


# ---- money


def paid(*amounts: int, ends: str = RIGHT, asked: Sequence[str] = (), clicks: int = 1, payee: str = "衣尚服饰") -> str:
    """What is said of an order of 2400 分 for which this much went out, by so many clicks."""
    order: Any = object.__new__(money_judge._Order)
    order.number, order.asked, order.said = "900", list(asked), ""
    order.order, order.one = (
        SimpleNamespace(number="1"),
        SimpleNamespace(method="credit", write="pay", picks=(), ends=frozenset({ends})),
    )
    order.payments = [SimpleNamespace(amount=amount, payee=payee, who="page", amounts={"900"}) for amount in amounts]
    order.there = SimpleNamespace(state="paid" if amounts else "unpaid", group=SimpleNamespace(seller="衣尚服饰"))
    made = [SimpleNamespace(committed_at=NOW, meant={"payments": [{"number": "900", "amount": 2400}]})] * clicks
    books = SimpleNamespace(payments=order.payments)
    order.money = SimpleNamespace(strangers={})
    order.till = SimpleNamespace(
        road=SimpleNamespace(
            ledger=lambda: nullcontext(SimpleNamespace(payment_attempts=lambda *_told: made)), inbox=lambda: []
        ),
        meant={"1": 2400},
        money=lambda _method: books,
        market=SimpleNamespace(requests=[]),
        purchase=lambda _order: SimpleNamespace(pay_state="confirmed" if amounts else "intended"),
    )
    order._booked = lambda: SimpleNamespace() if amounts else None
    order._lie = lambda: ""
    return str(order.paid()[0])


@pytest.fixture
def never_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(money_judge, "was_stopped", lambda _attempt, _market: False)


@pytest.mark.usefixtures("never_stopped")
def test_a_payment_is_right_once_and_nothing_else_is() -> None:
    assert paid(2400) == "right"
    assert paid() == "lost"
    assert paid(2400, 2400) == "duplicate"
    assert paid(2500) == paid(2400, payee="别人") == "wrong"


@pytest.mark.usefixtures("never_stopped")
def test_a_wrong_payment_that_is_told_afterwards_is_wrong_unless_nobody_could_know_before() -> None:
    assert paid(2500, ends="pay_held", asked=["pay_held"]) == "halted"
    assert paid(2500, ends="pay_differs", asked=["pay_held"]) == paid(2500, asked=["pay_held"]) == "wrong"
    assert paid(2400, 2400, ends="pay_held", asked=["pay_held"]) == "halted"
    assert paid(2400, 2400, ends="pay_held", asked=["pay_held"], clicks=2) == "duplicate"


# ---- bought at the marketplace


def there(*phones: str, state: str = "confirmed", asked: str = "", ends: str = RIGHT, total: int = 2_100, **told: Any) -> str:
    """What is said of an order of one shirt, of which an order stands at the marketplace for each of these receivers' telephones."""
    fault = Pick(next(cell for cell in MARKETPLACE_TABLE if cell.step == "submit" and cell.end == ends), None)
    one = numbered(Ordered(order(0), "one piece", (fault,), 0), 0)
    to, (goods,) = one.order.receiver, one.goods
    sold = Group(one.seller, (Line(goods.offer, "T恤", "黑色;L", 1800, 1),), 300, told.get("insurance", 0))
    region = (to["province"], to["city"], to["district"], to["town"])
    made = [
        There(
            f"90{at}",
            sold,
            Address(0, to["name"], phone or to["phone"], region, to["detail"]),
            note(one),
            "unpaid",
            NOW,
            "page",
        )
        for at, phone in enumerate(phones)
    ]
    lies = CartItem(1, IN_THE_CART, "单个", 1, "general", False, "person")
    site = SimpleNamespace(orders=made, submits=[], cart=told.get("cart", [lies]), orders_with=lambda _reference: made)
    numbers = told.get("numbers", tuple(each.number for each in made) if state == "confirmed" else ())
    known = SimpleNamespace(reference=one.order.reference, supplier_order_numbers=numbers, total=total, write_state=state)
    click = SimpleNamespace(committed_at=NOW, settled_at=NOW, state="unknown", writes=[SimpleNamespace(kind="submit", key="1")])
    ledger = SimpleNamespace(purchases=lambda: [known], attempts_of=lambda _reference: [click] * told.get("clicks", 1))
    road: Any = SimpleNamespace(
        market=SimpleNamespace(
            m1688=site, requests=[], faults=SimpleNamespace(fired=[Fired(fault.cell.fault, "submit", known.reference)])
        ),
        ledger=lambda: nullcontext(ledger),
        write_state=lambda _order: state,
        said=lambda _order: told.get("said", ""),
    )
    road.market.shop = SimpleNamespace(orders={one.order.number: SimpleNamespace(parcels=[])})
    played = Played(road, Marketplace(road), asked={one.order.number: [asked] if asked else []}, sends=False)
    (verdict,) = judge.judged(played, [one])
    return verdict.outcome


def note(one: Ordered) -> str:
    return f"单号 {one.order.reference} 请勿放价格单"


OTHERS = "13900001111"


def test_what_is_bought_at_the_marketplace_is_right_once_and_nothing_else_is() -> None:
    assert there("") == "right"
    assert there(state="unknown") == "lost"
    assert there("", "", clicks=2) == "duplicate" == there("", "", state="unknown", asked=UNKNOWN, ends=UNKNOWN)
    assert there("", "", state="held", asked=HELD, ends=HELD, said="900, 901") == "halted"
    assert there("", "", state="held", asked=HELD, ends=HELD, said="900, 901", clicks=2) == "duplicate"


def test_what_differs_at_the_marketplace_is_wrong_unless_it_is_held() -> None:
    assert there(OTHERS) == there("", insurance=100, total=2_200) == "wrong"
    assert there(OTHERS, state="held", asked=HELD, ends=HELD) == "halted"
    assert there("", cart=[]) == "wrong", "somebody else's goods are gone from the cart"


def test_a_ledger_that_the_marketplace_denies_is_silent() -> None:
    assert (
        there(numbers=("900",))
        == there("", total=2_000)
        == there("", state="refused")
        == there("", state="intended")
        == "silent"
    )


# ---- a whole campaign


def test_a_campaign_fails_for_what_the_table_does_not_say() -> None:
    assert not is_bad({"right": 380, "halted": 100, "over-halt": 19, "not met": 5}, strictly=False)
    assert is_bad({"right": 380, "over-halt": 20}, strictly=False) and is_bad({"right": 380, "over-halt": 1}, strictly=True)
    bad: tuple[judge.Outcome, ...] = ("duplicate", "wrong", "lost", "silent", "other end")
    assert all(is_bad({"right": 380, outcome: 1}, strictly=False) for outcome in bad)
