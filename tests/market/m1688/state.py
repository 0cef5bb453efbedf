"""What the marketplace knows: offers, the cart, the address book, orders, sign-ins. Knows nothing of HTML or HTTP.

Tests and the demo change it by its methods; what the agent did to it is counted here, never read off a page.
"""

from __future__ import annotations

import random
import secrets
import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from . import ordering
from .goods import WHOLESALE, Address, CartItem, Checkout, Freight, Offer, Refusal, Sku, offer_truth
from .orders import Group, Line, Order, Parcel
from .payments import Payments

if TYPE_CHECKING:
    from tests.market.core import Market, RequestRecord

# Eleven digits and nothing else, as the address form takes them; a virtual number's extension is refused.
MOBILE = r"1[3-9]\d{9}"
# The same for tests of a form that takes the extension.
MOBILE_OR_EXTENSION = r"1[3-9]\d{9}(-\d{1,4})?"


@dataclass
class Session:
    """What a session cookie stands for, at every host of the site."""

    user: str = ""
    reference: str = ""  # the order being made, or made last, in this session
    checkout: str = ""  # the confirm page opened last
    status_filter: str = ""
    notice_seen: bool = False
    captcha_solved: bool = False
    cut: tuple[str, bytes] | None = None  # what was sent on a connection that was cut without an answer
    waiting: Callable[[], Awaitable[Response]] | None = None  # the write that goes on once the slider is solved


class M1688State:
    """The marketplace's books. Money in 分. Every public method may be called while the site is being served."""

    site = "m1688"

    def __init__(self, market: Market) -> None:
        self.market = market
        self.clock = market.clock
        self.rng = random.Random(f"1688 {market.seed}")
        self.lock = threading.Condition()
        self.addresses: Mapping[str, str] = {}  # host → where it listens, as the market started it
        self.user_name, self.password = "小林百货88", "1688-4711"
        self.phone_pattern = MOBILE_OR_EXTENSION
        self.longest_message = 500
        self.most_sellers = 24
        self.takes_repeats = False
        self.repeats: list[RequestRecord] = []
        self.offers: dict[str, Offer] = {}
        self.freight: dict[str, Freight] = {}
        self.cart: list[CartItem] = []
        self.book: list[Address] = []
        self.chosen = 1  # the key of the address that orders go to
        self.checkouts: dict[str, Checkout] = {}
        self.orders: list[Order] = []
        self.sessions: dict[str, Session] = {}
        self.payments = Payments(self)
        self.message_code = "482193"  # as the telephone of the account shows it
        self._keys = 0
        self._numbers = 2_860_000_000_000_000_000 + self.rng.randrange(10**15)
        self._open()

    def _open(self) -> None:
        """A shop that was used before: its own address, an order long done. The cart is filled by `put_into_cart`."""
        self.add_address("林晓", "13705791234", ("浙江省", "金华市", "义乌市", "稠城街道"), "福田街道银海路88号3楼")
        self.add_offer(
            "610001000001", "快递袋打包袋加厚防水服装包装袋", "义乌市顺达包装厂", [], {"白色28*42cm/100个": (1_280, 900)}
        )
        self.known_order = self.add_order(
            [("610001000001", "白色28*42cm/100个", 2)],
            name="林晓",
            phone="13705791234",
            region=("浙江省", "金华市", "义乌市", "稠城街道"),
            address="福田街道银海路88号3楼",
            message="",
            state="completed",
            at=self.clock() - timedelta(days=9, hours=3),
        )

    @property
    def sign_in(self) -> Mapping[str, str]:
        return {"user_name": self.user_name, "password": self.password, "shows": self.user_name}

    @property
    def deeds(self) -> Mapping[str, Callable[..., Any]]:
        """What a test may do as a seller, as the platform or as a person at the same account, by name."""
        names = "add_offer change_price set_stock set_freight take_offline put_into_cart add_address add_order ship pick_up"
        names += " complete close change_password expire_sessions solve_captchas show_all"
        return {name: getattr(self, name) for name in names.split()} | dict(self.payments.deeds)

    # what sellers offer

    def add_offer(
        self,
        number: str,
        title: str,
        seller: str,
        axes: Sequence[str],
        skus: Mapping[str, Sequence[int]],
        *,
        minimum: int = 1,
    ) -> Offer:
        """Puts an offer up. `skus` maps "黑色;L" (the values in the order of the axes) to (price, stock[, dropship price]).

        With one axis, or none named, the page shows rows only; with two, the first as buttons. `minimum` holds at the
        wholesale price alone.
        """
        offer = Offer(number, title, seller, tuple(axes), {name: Sku(*told) for name, told in skus.items()}, minimum)
        self.offers[number] = offer
        self.freight.setdefault(seller, Freight())
        return offer

    def change_price(self, number: str, price: int, sku: str | None = None) -> None:
        """Gives one specification of an offer, or all of them, a new price, for dropshippers too where they have their own."""
        for name, each in self.offers[number].skus.items():
            if sku in (None, name):
                each.price = price
                each.dropship = None if each.dropship is None else price

    def set_stock(self, number: str, sku: str, stock: int) -> None:
        self.offers[number].skus[sku].stock = stock

    def set_freight(self, seller: str, first: int, more: int, province: str = "") -> None:
        """What a seller takes for the first piece and each further one, everywhere or in one province."""
        freight = self.freight.setdefault(seller, Freight())
        if province:
            freight.rules[province] = (first, more)
        else:
            freight.default = (first, more)

    def take_offline(self, number: str) -> None:
        self.offers[number].online = False

    # what a person does at the same account

    def put_into_cart(
        self, offer: str, sku: str, quantity: int, *, ticked: bool = True, mode: str = WHOLESALE, by: str = "person"
    ) -> CartItem:
        """Puts goods into the cart; the same specification at the same price kind adds to what is there."""
        with self.lock:
            for item in self.cart:
                if (item.offer, item.sku, item.mode) == (offer, sku, mode):
                    item.quantity += quantity
                    return item
            item = CartItem(self.next_key(), offer, sku, quantity, mode, ticked, by)
            self.cart.append(item)
            return item

    def add_address(self, name: str, phone: str, region: Sequence[str], detail: str) -> Address:
        with self.lock:
            self.book.append(Address(self.next_key(), name, phone, tuple(region), detail))
            return self.book[-1]

    def save_address(self, address: Address) -> Address:
        """Keeps an entry of the address book as it was typed, over the old one of the same key."""
        with self.lock:
            self.book = [address if old.key == address.key else old for old in self.book]
            return address

    @property
    def receiver(self) -> Address:
        """The address that orders go to."""
        return next((one for one in self.book if one.key == self.chosen), self.book[0])

    def add_order(
        self,
        lines: Iterable[Sequence[Any]],
        *,
        name: str,
        phone: str,
        region: Sequence[str],
        address: str,
        message: str = "",
        state: str = "unpaid",
        at: datetime | None = None,
    ) -> Order:
        """Adds an order a person made by hand at one seller, of `(offer, specification, quantity)` lines; nothing is checked."""
        receiver = Address(0, name, phone, tuple(region), address)
        sold = tuple(self.line(offer, sku, quantity, WHOLESALE) for offer, sku, quantity in lines)
        seller = self.offers[sold[0].offer].seller
        group = Group(seller, sold, self.freight[seller].cost(receiver.region[0], sum(line.quantity for line in sold)))
        at = at or self.clock()
        order = self.book_order(group, receiver, message, at=at, by="person")
        order.state, order.paid_at = state, None if state in ("unpaid", "closed") else at
        return order

    def pay(self, order_number: str) -> Order:
        """A person pays an order, in the app."""
        return self.payments.pay(order_number)

    # what sellers and the platform do with orders

    def ship(self, order_number: str, carrier: str, tracking_number: str, lines: Sequence[int] | None = None) -> Order:
        """Sends a parcel with the lines at these positions (none named: all that have not left yet, else all of them)."""
        order = self.order(order_number)
        everything = set(range(len(order.group.lines)))
        left = everything - {line for parcel in order.parcels for line in parcel.lines}
        inside = tuple(sorted(lines if lines is not None else left or everything))
        order.parcels.append(Parcel(carrier, tracking_number, inside, self.clock()))
        order.state = "shipped" if not left - set(inside) else "partly_shipped"
        return order

    def pick_up(self, order_number: str, tracking_number: str = "") -> Order:
        """The carrier took one parcel, or all of them."""
        order = self.order(order_number)
        for parcel in order.parcels:
            parcel.picked_up = parcel.picked_up or tracking_number in ("", parcel.tracking_number)
        if order.state == "shipped" and all(parcel.picked_up for parcel in order.parcels):
            order.state = "picked_up"
        return order

    def complete(self, order_number: str) -> Order:
        order = self.order(order_number)
        order.state = "completed"
        return order

    def close(self, order_number: str) -> Order:
        """An order closes by itself when nobody pays, or when the seller or the buyer cancels; the stock comes back."""
        order = self.order(order_number)
        ordering.take_from_shelf(self, order.group.lines, -1)
        order.state = "closed"
        return order

    def refund(self, order_number: str, *, done: bool = False) -> Order:
        return self.payments.refund(order_number, done=done)

    def order(self, order_number: str) -> Order:
        found = self.find(order_number)
        if found is None:
            raise ValueError(f"no such order: {order_number}")
        return found

    def find(self, order_number: str) -> Order | None:
        return next((order for order in self.orders if order.number == order_number), None)

    def orders_with(self, reference: str) -> list[Order]:
        """The orders in the books with this reference in the buyer's message: what tests count."""
        return [order for order in self.orders if reference in order.message]

    def newest_first(self) -> list[Order]:
        """The orders the pages show, newest first. What `list_lags` stands for is in the books and not among them."""
        shown = [order for order in self.orders if not self._lags(order)]
        return sorted(shown, key=lambda order: (order.placed_at, order.number), reverse=True)

    def _lags(self, order: Order) -> bool:
        names = [*ordering.references(order.message), order.number]
        return order.by == "page" and any(self.market.faults.stands("list_lags", "list", name) for name in names)

    def show_all(self) -> None:
        """Ends every lag of the list."""
        self.market.faults.release("list_lags")

    def book_order(self, group: Group, receiver: Address, message: str, *, at: datetime, by: str, number: str = "") -> Order:
        with self.lock:
            order = Order(number or self.next_number(), group, receiver, message, "unpaid", at, by)
            self.orders.append(order)
            self.lock.notify_all()
            return order

    def line(self, offer_number: str, sku: str, quantity: int, mode: str) -> Line:
        offer = self.offers.get(offer_number)
        if offer is None or sku not in offer.skus:
            raise Refusal(f"商品已失效：{offer_number} {sku}")
        return Line(offer_number, offer.title, sku, offer.skus[sku].costs(mode), quantity)

    def wait_for(self, count: int, reference: str, seconds: float = 10) -> bool:
        """Waits until so many orders have this reference, in this thread; says whether they came."""
        with self.lock:
            return self.lock.wait_for(lambda: len(self.orders_with(reference)) >= count, seconds)

    def next_key(self) -> int:
        self._keys += 1
        return self._keys

    def next_number(self) -> str:
        """Nineteen digits that grow by uneven steps."""
        with self.lock:
            self._numbers += self.rng.randrange(10**6, 10**9)
            return str(self._numbers)

    # sign-ins

    def open_session(self) -> tuple[str, Session]:
        key = secrets.token_hex(16)
        self.sessions[key] = Session()
        return key, self.sessions[key]

    def change_password(self, password: str) -> None:
        self.password = password

    def expire_sessions(self) -> None:
        self.sessions.clear()

    def solve_captchas(self) -> None:
        """Lets everybody signed in pass the next slider without a question."""
        for session in self.sessions.values():
            session.captcha_solved = True

    # what tests ask

    @property
    def requests(self) -> list[RequestRecord]:
        return [request for request in self.market.requests if request.site == "m1688"]

    @property
    def submits(self) -> list[RequestRecord]:
        """Every POST of a page that asked for orders, whatever became of it; `repeats` are the browser's own."""
        asked = [request for request in self.requests if request.path == ordering.SUBMIT]
        return [request for request in asked if not any(request is repeat for repeat in self.repeats)]

    def truth(self) -> dict[str, Any]:
        """The whole state, JSON-able."""
        return {
            "orders": [order.truth() for order in self.orders],
            "submits": len(self.submits),
            "offers": {number: offer_truth(offer) for number, offer in self.offers.items()},
            "cart": [asdict(item) for item in self.cart],
            "addresses": [asdict(one) | {"chosen": one.key == self.receiver.key} for one in self.book],
            "sessions": sum(bool(session.user) for session in self.sessions.values()),
            **self.payments.truth(),
        }
