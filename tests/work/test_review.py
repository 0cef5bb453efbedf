"""What is laid before a person, and how far a yes reaches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.ledger import Ledger
from agent.models import Fen, PurchaseLine
from agent.work.autonomy import Rung
from agent.work.review import HOLD, asked, review, review_filled
from agent.work.run import Run
from tests.ledger.goods import LATER, LINES, NOW, NUMBER, REFERENCE, SHOP, order, purchase


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.db") as opened:
        opened.save_order(order(), NOW, detail=True)
        opened.dispose(SHOP, NUMBER, "ours", "")
        opened.plan([purchase()], NOW)
        yield opened


def run(ledger: Ledger, *, autonomy: Any = "show", at: Any = NOW, why: str = "") -> Run:
    stands = Rung(autonomy, "after_a_yes" if autonomy == "fill" else "at_once", why)
    return cast(Run, SimpleNamespace(ledger=ledger, rung=lambda _name: stands, now=lambda: at))


def test_nothing_is_asked_of_a_supplier_that_may_go_ahead(ledger: Ledger) -> None:
    assert review(run(ledger, autonomy="place"), order(), purchase()) is None
    assert ledger.items() == []


def test_a_yes_holds_for_exactly_what_was_shown(ledger: Ledger) -> None:
    assert review(run(ledger), order(), purchase()) is not None
    (item,) = ledger.items()
    ledger.answer(item.id, "approve", NOW)
    assert review(run(ledger), order(), purchase()) is None

    first, *others = purchase().lines
    for changed in (
        replace(first, quantity=first.quantity + 1),
        replace(first, product=replace(first.product, cost=Fen(first.product.cost + 1))),
        replace(first, product=replace(first.product, specification="黑色")),
    ):
        assert review(run(ledger), order(), replace(purchase(), lines=(changed, *others))) is not None
        (again,) = ledger.items()
        assert again.id != item.id


def test_a_remark_without_a_rule_asks_whatever_the_autonomy_and_a_new_one_asks_again(ledger: Ledger) -> None:
    going = run(ledger, autonomy="place")
    assert review(going, order(), purchase(), ("送礼盒",)) is not None
    (item,) = ledger.items()
    assert (item.kind, item.reason) == ("review", "remark") and "送礼盒" in item.what
    ledger.answer(item.id, "approve", NOW)
    assert review(going, order(), purchase(), ("送礼盒",)) is None
    assert review(going, order(), purchase(), ("送礼盒", "改地址")) is not None
    assert [again.id for again in ledger.items()] != [item.id]
    assert review(going, order(), purchase()) is None and ledger.items() == [], "the remark is gone"


def test_a_question_about_what_is_bought_no_more_is_closed(ledger: Ledger) -> None:
    review(run(ledger), order(), purchase())
    review(run(ledger), order(), purchase(ceiling=1800))
    (only,) = ledger.items()
    assert only.reference == REFERENCE
    review(run(ledger, autonomy="place"), order(), purchase(ceiling=1800))
    assert ledger.items() == []


def test_held_until_its_time_and_asked_again_by_itself(ledger: Ledger) -> None:
    review(run(ledger), order(), purchase())
    (item,) = ledger.items()
    ledger.answer(item.id, f"{HOLD}{LATER.isoformat()}", NOW)
    waits = review(run(ledger), order(), purchase())
    assert waits is not None
    assert "18:05" in waits.why
    assert ledger.items() == []
    review(run(ledger, at=LATER), order(), purchase())
    assert len(ledger.items()) == 1


def test_ours_stands_beside_theirs_with_what_to_look_at(ledger: Ledger) -> None:
    review(run(ledger), order(), purchase())
    rows = asked(ledger, NOW + timedelta(hours=42))
    shown = [(row.title, row.specification, row.quantity, row.their_title, row.their_specification, row.pieces) for row in rows]
    assert shown == [
        ("不锈钢保温杯", "白色 500ml", 1, "保温杯", "白色/500毫升", pieces) for pieces in _quantities(purchase().lines)
    ]
    assert [row.cost for row in rows] == [1200 * quantity for quantity in _quantities(purchase().lines)]
    assert [(row.income, row.margin) for row in rows] == [
        (2990, 2990 - 1200 * pieces) for pieces in _quantities(purchase().lines)
    ]
    told = " ".join(rows[0].warnings)
    for words in ("read differently", "never bought", "2 pieces", "请尽快", "must be shipped"):
        assert words in told
    assert "must be shipped" not in " ".join(asked(ledger, NOW)[0].warnings)


def _quantities(lines: tuple[PurchaseLine, ...]) -> list[int]:
    assert [line.line_number for line in lines] == list(LINES)
    return [line.quantity for line in lines]


PICTURE = Path("filled.jpg")


def filled(ledger: Ledger, total: int, *, why: str = "") -> Any:
    return review_filled(run(ledger, autonomy="fill", why=why), order(), purchase(), Fen(total), PICTURE)


def test_a_filled_form_is_sent_after_a_yes_to_its_very_total(ledger: Ledger) -> None:
    assert review(run(ledger, autonomy="fill"), order(), purchase()) is None, "it is filled before anybody is asked"
    assert filled(ledger, 1980, why="something is unclear there") is not None
    (item,) = ledger.items()
    assert "19.80" in item.what and "something is unclear there" in item.what and item.evidence == PICTURE
    ledger.answer(item.id, "approve", NOW)
    assert filled(ledger, 1980) is None
    assert filled(ledger, 1981) is not None, "another total is another question"


def test_a_form_that_waits_for_its_yes_is_not_filled_again(ledger: Ledger) -> None:
    filled(ledger, 1980)
    assert review(run(ledger, autonomy="fill"), order(), purchase()) is not None
    (item,) = ledger.items()
    ledger.answer(item.id, f"{HOLD}{LATER.isoformat()}", NOW)
    assert review(run(ledger, autonomy="fill"), order(), purchase()) is not None
    assert review(run(ledger, autonomy="fill", at=LATER), order(), purchase()) is None


def test_only_the_newest_total_waits(ledger: Ledger) -> None:
    for total in (1980, 198, 19800):
        filled(ledger, total)
    (only,) = ledger.items()
    assert "198.00" in only.what


@pytest.mark.parametrize(
    "price, income, margin, warns", [(1200, 1200, -1200, True), (2400, 2400, 0, False), (None, None, None, False)]
)
def test_a_margin_below_zero_is_a_warning(
    ledger: Ledger, price: int | None, income: int | None, margin: int | None, warns: bool
) -> None:
    lines = tuple(replace(line, price=price) for line in order().lines)
    ledger.save_order(order(lines=lines), NOW, detail=True)
    review(run(ledger), order(), purchase())
    row = asked(ledger, NOW)[0]
    assert (row.income, row.margin) == (income, margin)
    assert ("costs more" in " ".join(row.warnings)) == warns
