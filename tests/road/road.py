"""A road under test: one market, one data folder, the program as processes, and the judgement on the market's truth."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from agent.ledger import Attempt, InboxItem, Ledger, StoredPurchase, StoredShipment
from tests.market.core import Market
from tests.market.demo import judge, placed_by_page, write_home
from tests.market.demo_orders import PRODUCTS, SHOP, DemoOrder, line, to
from tests.market.seller import PACE, ROOT, write_secrets

LONGEST = 600.0  # seconds after which a process that hangs fails its test
MALL = "mall-yiwu"
KILLED = -signal.SIGKILL if hasattr(signal, "SIGKILL") else 1

GOODS = (("SNK", "米白/M"), ("SNK", "米白/L"), ("SNK", "米白/XL"), ("BLB", "透明 350ml"), ("BLB", "茶色 350ml"))
STREETS = (
    ("浙江省", "杭州市", "临平区", "南苑街道"),
    ("江苏省", "苏州市", "昆山市", "花桥镇"),
    ("北京市", "北京市", "朝阳区", "望京街道"),
    ("湖北省", "武汉市", "洪山区", "关山街道"),
    ("四川省", "成都市", "武侯区", "桂溪街道"),
    ("山东省", "青岛市", "市南区", "八大湖街道"),
)
NAMES = ("周雨桐", "李敏", "王建国", "陈秀英", "孙子涵", "吴伟", "郑小雅")


def order(at: int, *, goods: tuple[str, str] | None = None, quantity: int = 1, trap: str = "", **more: Any) -> DemoOrder:
    """The `at`-th ordinary order: like no other in number, receiver and phone."""
    code, specification = goods or GOODS[at % len(GOODS)]
    street = STREETS[at % len(STREETS)]
    receiver = to(NAMES[at % len(NAMES)], f"139{20_000_000 + at * 7_919:08d}", *street, f"解放路{at}号{at % 30 + 1}幢")
    told = {"receiver": receiver, "lines": (line(code, specification, quantity),), **more}
    return DemoOrder(f"69{20261122 * 10**9 + at * 7919:017d}", trap or f"order {at}", "shipped", **told)


@dataclass
class Road:
    """A market, a seller's data folder, and what the tests ask of both."""

    market: Market
    home: Path

    def set_up(self, *, autonomy: str = "place", wait: str = "8 s", settle: str = "2 s", browser: str | None = None) -> None:
        """Fill the shelves, write the data folder. Short waits: a page that does not come is what many faults are."""
        for product, (title, specs) in PRODUCTS.items():
            self.market.mall.add_product(
                product, title, {words: (price, 9_999 if stock > 5 else stock) for words, (price, stock) in specs.items()}
            )
        self.market.mall.set_credit_limit(10_000_000)
        self.market.shop.set_quota(10_000)
        assert self.market.addresses is not None
        write_home(self.home, self.market, self.market.addresses, settle=settle)
        self.config("limits: {settle: " + settle + "}", "limits: {wait_for_page: " + wait + ", settle: " + settle + "}")
        self.config("autonomy: place", f"autonomy: {autonomy}")
        self.config("most_per_day: 3000.00", "most_per_day: 90000.00")
        self.config(
            "{most_orders_per_day: 200, most_money_per_day: 15000.00,",
            "{most_orders_per_day: 2000, most_money_per_day: 90000.00,",
        )
        self.config("most_reveals_per_day: 100", "most_reveals_per_day: 2000")
        if browser:
            self.config("language: zh", f"language: zh\nbrowser: {browser}")

    def config(self, old: str, new: str) -> None:
        """Change the seller's config.yaml."""
        path = self.home / "config.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text, f"config.yaml does not hold {old!r}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def buys_at(self, site: str, file: str, account: Mapping[str, str], sign_in: Mapping[str, str]) -> None:
        """The seller's supplier is another from now on: its site file, the lines of its account, and how to sign in there."""
        folder = self.home / "selectors"
        folder.mkdir(exist_ok=True)
        (folder / f"{site}.yaml").write_text(file, encoding="utf-8")
        path = self.home / "config.yaml"
        head, _mall, rest = path.read_text(encoding="utf-8").partition(f"  {MALL}:")
        _account, shops, more = rest.partition("shops:")
        lines = {"site": site, "manners": PACE, **account}
        told = "".join(f"    {name}: {value}\n" for name, value in lines.items())
        path.write_text(f"{head}  {MALL}:\n{told}{shops}{more}", encoding="utf-8")
        write_secrets(self.home, {"shop-xiaolin": self.market.shop.sign_in, MALL: sign_in})

    def put_up(self, *orders: DemoOrder) -> None:
        """The buyers order, oldest first, and the traps are set."""
        oldest = self.market.clock().replace(microsecond=0) - timedelta(hours=20)
        for at, one in enumerate(orders, len(self.market.shop.orders)):
            self.market.shop.add_order(
                one.number,
                lines=one.lines,
                receiver=one.receiver,
                **{"ordered_at": oldest + timedelta(minutes=at), **one.more},
            )
            if one.happens:
                one.happens(self.market, one)

    # ---- the program

    def begin(
        self, *words: str, through: Sequence[str] = ("agent",), env: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start the program, or a wrapper of it, as a process of its own."""
        told = {**os.environ, "PYTHONUTF8": "1", "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", **(env or {})}
        return subprocess.Popen(
            [sys.executable, "-m", *through, "--home", str(self.home), *words],
            cwd=ROOT,
            env=told,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def agent(self, *words: str, through: Sequence[str] = ("agent",), env: Mapping[str, str] | None = None) -> Ended:
        """Run the program to its end."""
        return ended(self.begin(*words, through=through, env=env))

    def run(self, *words: str, **more: Any) -> Ended:
        return self.agent("run", "--once", *words, **more)

    # ---- what it says

    def ledger(self) -> closing[Ledger]:
        return closing(Ledger.open(self.home / "ledger.db"))

    def inbox(self, number: str | None = None) -> list[InboxItem]:
        """What waits for a person, at all or about one order."""
        with self.ledger() as ledger:
            return [
                item
                for item in ledger.items()
                if number in (None, item.order_number, *(waiting for _shop, waiting in ledger.waiting_orders(item.id)))
            ]

    def parked(self) -> list[str]:
        with self.ledger() as ledger:
            return [order.order_number for order in ledger.orders() if order.parked]

    def kinds(self, one: DemoOrder) -> list[str]:
        return [item.kind for item in self.inbox(one.number)]

    def said(self, one: DemoOrder) -> str:
        """All that the inbox says about an order."""
        return " ".join(item.what for item in self.inbox(one.number))

    def purchase(self, one: DemoOrder) -> StoredPurchase | None:
        with self.ledger() as ledger:
            return ledger.purchase(one.reference)

    def told(self) -> str:
        """The whole inbox in words, for the message of a test that failed."""
        return "\n".join(f"{item.order_number} {item.account} {item.kind}: {item.what}" for item in self.inbox())

    def write_state(self, one: DemoOrder) -> str:
        known = self.purchase(one)
        return known.write_state if known else ""

    # ---- what is true

    def bought(self, one: DemoOrder) -> int:
        """How many live orders stand at the supplier for it."""
        return sum(each.state not in ("cancelled", "void") for each in self.market.mall.orders_with(one.reference))

    def submits(self, one: DemoOrder) -> int:
        """How many requests to order it reached the supplier."""
        return sum(record.order == one.reference for record in self.market.mall.submits)

    def ship(self, *orders: DemoOrder) -> None:
        """The supplier sends what was bought, each with a number of its own."""
        numbers = {one.reference for one in orders}
        for each in placed_by_page(self.market):
            if each.state == "placed" and (not numbers or each.reference in numbers):
                self.market.mall.ship(each.number, "圆通", f"YT96930836{each.key:05d}"[:15])

    def wrong(self, orders: Sequence[DemoOrder], beside: Sequence[str] = ()) -> dict[str, str]:
        """The orders that are not bought exactly as meant, noted, and shipped with the supplier's number if there is one."""
        meant = [replace(one, reveals=self.market.shop.reveals(one.number)) for one in orders]
        return {verdict.order.number: verdict.why for verdict in judge(self.market, meant, [], beside=beside) if verdict.why}

    def lies(self, orders: Sequence[DemoOrder], beside: Sequence[str] = ()) -> list[str]:
        """What must never be: doubles, orders that are lost, and a ledger that states what the truth denies.

        `beside`: references of purchases that the test judges by itself.
        """
        return [*self._doubles(orders), *self._lost(orders, beside), *self.denied()]

    def _doubles(self, orders: Sequence[DemoOrder]) -> Iterator[str]:
        for one in orders:
            if self.bought(one) > 1:
                yield f"{one.number} was bought {self.bought(one)} times"
            parcels = self.market.shop.orders[one.number].parcels
            if len(parcels) > 1:
                yield f"{one.number} has {len(parcels)} tracking numbers"

    def _lost(self, orders: Sequence[DemoOrder], beside: Sequence[str]) -> Iterator[str]:
        for number, why in self.wrong(orders, beside).items():
            if not self.inbox(number):
                yield f"{number} is neither done as meant nor in the inbox: {why}"

    def denied(self) -> Iterator[str]:
        """What the ledger states and the sites deny, each beginning with its reference or order number."""
        books = {each.number: each for each in self.market.mall.orders}
        with self.ledger() as ledger:
            for purchase in ledger.purchases():
                yield from _purchase_denied(purchase, books, self.market)
            for shipment in ledger.shipments(entered=True):
                if any(one.kind == "change_number" and one.state in ("held", "unknown") for one in _attempts(ledger, shipment)):
                    continue  # it says itself that another number may stand there
                shown = [parcel.tracking_number for parcel in self.market.shop.orders[shipment.order_number].parcels]
                if shipment.tracking_number not in shown:
                    yield f"{shipment.order_number}: the ledger says {shipment.tracking_number}, the shop has {shown}"


def _attempts(ledger: Ledger, shipment: StoredShipment) -> list[Attempt]:
    made = ledger.attempts_of(shipment.reference)
    return [one for one in made if any(write.order_number == shipment.order_number for write in one.writes)]


@dataclass(frozen=True)
class Ended:
    """A process that ended."""

    code: int
    out: bytes
    err: bytes

    @property
    def words(self) -> str:
        return self.out.decode("utf-8", "replace") + self.err.decode("utf-8", "replace")


def ended(going: subprocess.Popen[bytes], seconds: float = LONGEST) -> Ended:
    """The end of a process; one that hangs so long is killed and fails the test."""
    try:
        out, err = going.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        going.kill()
        out, err = going.communicate()
        raise AssertionError(f"the process hung: {err.decode('utf-8', 'replace')[-2000:]}") from None
    return Ended(going.returncode, out, err)


def _purchase_denied(purchase: StoredPurchase, books: Mapping[str, Any], market: Market) -> Iterator[str]:
    there = [books[number] for number in purchase.supplier_order_numbers if number in books]
    if purchase.supplier_order_numbers:
        ours = all(each.reference == purchase.reference or each.by == "person" for each in there)
        missing = len(there) != len(purchase.supplier_order_numbers)
        if missing or not ours or sum(each.total for each in there) != purchase.total:
            told = purchase.supplier_order_number
            yield f"{purchase.reference}: the ledger says {told} for {purchase.total}, the supplier has {there}"
    elif purchase.write_state in ("", "intended", "refused") and market.mall.orders_with(purchase.reference):
        yield f"{purchase.reference} stands at the supplier, the ledger says {purchase.write_state or 'nothing sent'}"


__all__ = ["KILLED", "MALL", "SHOP", "Ended", "Road", "ended", "order"]
