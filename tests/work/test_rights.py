"""Who may write with nobody watching: a shipped flow as it is, an edited one only after a write of it was proven at that account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.errors import PersonNeeded
from agent.home import SHIPPED_SITES
from agent.ledger import Ledger
from agent.models import CommitFacts
from agent.sites.contract import CONTRACTS
from agent.sites.definition import Site
from agent.sites.reader import read_site
from agent.work.rights import JOURNALLED, may_write_unattended
from tests.work.runs import SHOP, Day

MALL = "mall-yiwu"
SEEN = (SHIPPED_SITES / "mall.yaml").read_text(encoding="utf-8").replace("# guess", "# seen")
Allowed = Callable[..., bool]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        yield ledger


@pytest.fixture
def site(tmp_path: Path) -> Callable[..., Site]:
    """The mall's file with every guess confirmed, and edits in it."""

    def make(*edits: tuple[str, str], name: str = "mall") -> Site:
        text = SEEN.replace("site: mall", f"site: {name}")
        for old, new in edits:
            assert text.count(old) >= 1
            text = text.replace(old, new)
        path = tmp_path / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return read_site(path)

    return make


def refusal(ledger: Ledger, site: Site, flow: str = "submit_order", hosts: dict[str, str] | None = None) -> PersonNeeded | None:
    config = SimpleNamespace(site_of=lambda _account: site, accounts={MALL: SimpleNamespace(hosts=hosts or {})})
    try:
        may_write_unattended(cast(Any, config), ledger, MALL, flow)
    except PersonNeeded as error:
        return error
    return None


def proven(ledger: Ledger, site: Site, account: str = MALL, state: Any = "confirmed") -> None:
    """A purchase of before, through this site's flows."""
    day = Day(ledger)
    number, reference = "6920000000000000001", "REF00001"
    day.order(number)
    day.plan(number, reference)
    facts = {"shop": SHOP, "order_number": number, "reference": reference, "account": account}
    write = ledger.intend("submit", reference, **facts, at=day.now)
    attempt = ledger.begin_attempt([write], account=account, flow="submit_order", baseline=[], meant={"total": 1}, at=day.now)
    ledger.committing(attempt, CommitFacts("https://mall.example/", site.flow_hash("submit_order"), {}), day.now)
    day.settle(attempt, state)


def test_a_shipped_flow_may_write_as_it_is(ledger: Ledger, site: Callable[..., Site]) -> None:
    assert refusal(ledger, site()) is None


@pytest.mark.parametrize(
    "edit",
    [
        ("button=提交订单", "button=确认提交"),
        ("label=外部单号", "label=外部订单号"),
        ("address: <receiver.town><receiver.detail>", "address: <receiver.detail>"),
    ],
    ids=["the button", "a place of the form", "a step of the form"],
)
def test_an_edited_flow_is_watched_once_and_goes_on_alone_after_a_proven_write(
    ledger: Ledger, site: Callable[..., Site], edit: tuple[str, str]
) -> None:
    """What fills the form belongs to the write: the click goes on from it."""
    edited = site(edit)
    told = refusal(ledger, edited)
    assert told is not None and told.reason == "unwatched" and told.where.line == edited.flows["submit_order"].line
    proven(ledger, edited)
    assert refusal(ledger, edited) is None
    assert refusal(ledger, site(edit, ("button=下一步", "button=继续"))) is not None, "edited once more"


def test_a_proof_at_another_account_or_none_at_all_lets_nothing_pass(ledger: Ledger, site: Callable[..., Site]) -> None:
    edited = site(("button=提交订单", "button=确认提交"))
    proven(ledger, edited, account="mall-other")
    assert refusal(ledger, edited) is not None


@pytest.mark.parametrize("state", ["held", "unknown"])
def test_a_write_that_was_not_proven_proves_nothing(ledger: Ledger, site: Callable[..., Site], state: str) -> None:
    edited = site(("button=提交订单", "button=确认提交"))
    proven(ledger, edited, state=state)
    assert refusal(ledger, edited) is not None


def test_a_site_that_cannot_show_what_it_took_is_watched_each_time(ledger: Ledger, site: Callable[..., Site]) -> None:
    blind = site(("lacks: []", "lacks: [reference]"))
    proven(ledger, blind)
    told = refusal(ledger, blind)
    assert told is not None and "cannot show" in told.what


def test_an_edit_elsewhere_is_none(ledger: Ledger, site: Callable[..., Site]) -> None:
    assert refusal(ledger, site(("all_orders: link=全部订单", "all_orders: link=所有订单"))) is None


def test_a_file_of_the_sellers_own_is_watched_once(ledger: Ledger, site: Callable[..., Site]) -> None:
    own = site(name="own")
    assert refusal(ledger, own) is not None
    proven(ledger, own)
    assert refusal(ledger, own) is None


def test_a_guess_is_asked_about_before_anything_else(ledger: Ledger, site: Callable[..., Site]) -> None:
    told = refusal(ledger, site(("place_order: button=提交订单", "place_order: button=提交订单  # guess")))
    assert told is not None and "guess" in told.what


def test_on_loopback_there_is_nothing_to_spend(ledger: Ledger, site: Callable[..., Site]) -> None:
    assert refusal(ledger, site(name="own"), hosts={"main": "http://127.0.0.1:8000"}) is None


def test_every_journalled_flow_is_one_of_the_contract() -> None:
    commits = {name for flows in CONTRACTS.values() for name, flow in flows.items() if flow.commits}
    assert set(JOURNALLED) == commits - {"write_note"}
