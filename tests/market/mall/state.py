"""What the mall knows: shelves, orders, money, sign-ins. Knows nothing of HTML or HTTP.

Tests and the demo change it by its methods; what the agent did to it is counted here, never read off a page.
"""

from __future__ import annotations

import random
import re
import secrets
import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from .balance import Balance
from .orders import Draft, Freight, Line, MallOrder, Parcel, Product, Quote, Refusal, Spec, sold, together, wanted

if TYPE_CHECKING:
    from tests.market.core import Market, RequestRecord

# Mobile numbers with or without a virtual number's extension, and landlines.
PHONE = r"1[3-9]\d{9}(-\d{1,4})?|0\d{2,3}-\d{7,8}"
# The same for a mall that takes eleven digits and nothing else.
PHONE_WITHOUT_EXTENSION = r"1[3-9]\d{9}"


@dataclass
class Session:
    """What a session cookie stands for. The filters are kept here, as PHP malls keep them: the next list still has them."""

    user: str = ""
    state_filter: str = ""
    number_filter: str = ""
    order_filter: str = ""
    reference: str = ""  # the order being made, or made last, in this session
    notice_seen: bool = False
    captcha_solved: bool = False
    cut: list[tuple[str, Any]] | None = None  # what was sent on a connection that was cut without an answer
    waiting: Callable[[], Awaitable[Response]] | None = None  # what goes on once the captcha is solved


# By the name of a mall: what the market calls its requests and truth, its own name, and the seller's account there.
MALLS: Mapping[str, tuple[str, str, str, str]] = {
    "yiwu": ("mall", "义乌小商城", "xiaolin88", "mall-4711"),
    "hangzhou": ("hangzhou", "杭州百货汇", "linxiao_hz", "hz-mall-0815"),
}


class MallState:
    """A mall's books. Money in 分. Every public method may be called while the site is being served."""

    def __init__(self, market: Market, name: str = "yiwu") -> None:
        self.market = market
        self.clock = market.clock
        self.site, self.name, self.user_name, self.password = MALLS[name]
        self.rng = random.Random(f"{self.site} {market.seed}")
        self.lock = threading.Condition()
        self.credit_limit = 500_000
        self.phone_pattern = PHONE
        self.captcha_code = f"{self.rng.randrange(10_000):04}"
        self.alert_on_success = False
        self.takes_repeats = False
        self.repeats: list[RequestRecord] = []
        self.products: dict[str, Product] = {}
        self.own_prices: dict[tuple[str, str, str], int] = {}  # reference, product, specification: 分, for that order alone
        self.freight = Freight(rules={"新疆": (1_800, 900), "内蒙古": (900, 500), "浙江": (250, 80)})
        self.orders: list[MallOrder] = []
        self.sessions: dict[str, Session] = {}
        self._numbers = 20_000 + self.rng.randrange(60_000)
        self.balance = Balance(self)
        self.message_code = "482193"  # as the telephone of the account shows it
        self._open_with_a_known_order()

    def _open_with_a_known_order(self) -> None:
        self.add_product("YW1001", "亚克力桌面收纳盒", {"透明/小": (680, 500), "透明/大": (980, 500)})
        self.known_order = self.add_order(
            [("YW1001", "透明/小", 1)],
            name="林晓",
            phone="13705791234",
            region=("浙江", "金华", "义乌市"),
            address="福田街道银海路88号3楼",
            reference="样品自用",
            state="completed",
            at=self.clock() - timedelta(days=9, hours=3),
        )

    @property
    def sign_in(self) -> Mapping[str, str]:
        return {"user_name": self.user_name, "password": self.password, "shows": self.user_name}

    @property
    def deeds(self) -> Mapping[str, Callable[..., Any]]:
        """What a test may do as the supplier or as a person, by name."""
        names = "add_product change_price set_stock set_freight refuse_region set_credit_limit add_order put_in ship pick_up"
        names += " set_state change_password expire_sessions show_all solve_captchas"
        return {name: getattr(self, name) for name in names.split()} | dict(self.balance.deeds)

    # shelves and prices

    def add_product(self, number: str, title: str, specs: Mapping[str, Sequence[int]]) -> Product:
        """Puts a product on the shelf; `specs` maps the specification's words to (price in 分, stock)."""
        product = Product(number, title, {name: Spec(price, stock) for name, (price, stock) in specs.items()})
        self.products[number] = product
        return product

    def change_price(self, number: str, price: int, spec: str | None = None) -> None:
        """Gives one specification of a product, or all of them, a new price."""
        for name, each in self.products[number].specs.items():
            if spec in (None, name):
                each.price = price

    def set_stock(self, number: str, spec: str, stock: int) -> None:
        self.products[number].specs[spec].stock = stock

    def set_freight(self, province: str, first: int, more: int) -> None:
        """Sets a province's freight: for the first piece, for each further one."""
        self.freight.rules[province] = (first, more)

    def refuse_region(self, province: str) -> None:
        self.freight.refused.add(province)

    def set_credit_limit(self, limit: int) -> None:
        self.credit_limit = limit

    # orders made by others, and what the supplier does with them

    def add_order(
        self,
        lines: Iterable[Sequence[Any]],
        *,
        name: str,
        phone: str,
        region: Sequence[str],
        address: str,
        reference: str = "",
        note: str = "",
        state: str = "placed",
        at: datetime | None = None,
    ) -> MallOrder:
        """Adds an order a person made by hand, of `(product, specification, quantity)` lines; nothing is checked."""
        province, city, district = region
        draft = Draft(reference, name, phone, province, city, district, address, note, wanted(lines))
        at = at or self.clock()
        return self._book(draft, self.quote(draft), number=self.next_number(at), state=state, at=at, by="person")

    def put_in(self, order_number: str, lines: Iterable[Sequence[Any]]) -> MallOrder:
        """Puts `(product, specification, quantity)` goods into an order that stands, as nobody asked for."""
        order = self.order(order_number)
        self._fill_up(order, self.quote(replace(order.draft, lines=wanted(lines))))
        return order

    def ship(self, order_number: str, carrier: str, tracking_number: str, lines: Iterable[Sequence[Any]] = ()) -> MallOrder:
        """Sends a parcel; called again it sends another parcel of the same order.

        `lines`: the (product number, specification, pieces) that the page says are in it.
        """
        order = self.order(order_number)
        inside = tuple((self.products[one.product].title, one.spec, one.quantity) for one in wanted(lines))
        order.parcels.append(Parcel(carrier, tracking_number, self.clock(), inside))
        order.state = "shipped"
        return order

    def pick_up(self, order_number: str) -> MallOrder:
        return self.set_state(order_number, "picked_up")

    def cancel(self, order_number: str) -> MallOrder:
        """Cancels an order, as the supplier does when nothing is left: stock and credit come back."""
        return self.balance.cancel(order_number)

    def put_back(self, order: MallOrder) -> None:
        """The goods of an order are on the shelf again."""
        self._take_from_shelf(order.quote.lines, -1)

    def set_state(self, order_number: str, state: str) -> MallOrder:
        """Sets a state by our name of it (`orders.STATE_WORDS`)."""
        order = self.order(order_number)
        order.state = state
        return order

    def order(self, order_number: str) -> MallOrder:
        return next(order for order in self.orders if order.number == order_number)

    def orders_with(self, reference: str) -> list[MallOrder]:
        """The orders in the books with this reference, shown in the list or not: what tests count."""
        return [order for order in self.orders if order.reference == reference]

    def newest_first(self) -> list[MallOrder]:
        """The orders the pages show, newest first. What `list_lags` stands for is in the books and not among them."""
        empty = any(
            self.market.faults.stands("list_empty", "list", order.reference) for order in self.orders if order.reference
        )
        shown = [order for order in self.orders if not (empty or self._lags(order))]
        return sorted(shown, key=lambda order: (order.placed_at, order.key), reverse=True)

    def _lags(self, order: MallOrder) -> bool:
        return order.by == "page" and self.market.faults.stands("list_lags", "list", order.reference) is not None

    def show_all(self) -> None:
        """Ends every lag of the list."""
        self.market.faults.release("list_lags")

    # ordering

    @property
    def credit_used(self) -> int:
        return sum(order.total for order in self.orders if order.state not in ("cancelled", "void"))

    @property
    def credit_left(self) -> int:
        return self.credit_limit - self.credit_used

    def quote(self, draft: Draft) -> Quote:
        """Puts today's prices on a draft; Refusal for a product or specification the mall does not have."""
        lines = tuple(self._line(each.product, each.spec, each.quantity, draft.reference) for each in draft.lines)
        return Quote(lines, self.freight.cost(draft.province, sum(line.quantity for line in lines)), 0, draft.insurance)

    def _line(self, number: str, spec: str, quantity: int, reference: str) -> Line:
        product = self.products.get(number)
        if product is None or spec not in product.specs:
            raise Refusal(f"没有找到商品：{number} {spec}")
        price = self.own_prices.get((reference, number, spec), product.specs[spec].price)
        return Line(number, product.title, spec, price, quantity)

    def check(self, draft: Draft) -> Quote:
        """What the mall looks at before it takes an order; Refusal in its own words."""
        if not (draft.name and draft.address and draft.district):
            raise Refusal("请填写完整的收货信息")
        if not re.fullmatch(self.phone_pattern, draft.phone):
            raise Refusal("手机号码格式不正确")
        if draft.province in self.freight.refused:
            raise Refusal(f"{draft.province}不在配送范围")
        if not draft.lines or any(line.quantity < 1 for line in draft.lines):
            raise Refusal("请先添加商品")
        quote = self.quote(draft)
        self._check_stock(quote.lines)
        if quote.total > self.credit_left and not self.balance.prepaid:
            raise Refusal("账期额度不足，请联系业务员")
        return quote

    def _check_stock(self, lines: Sequence[Line]) -> None:
        for line in lines:
            together = sum(each.quantity for each in lines if (each.product, each.spec) == (line.product, line.spec))
            left = self.products[line.product].specs[line.spec].stock
            if together > left:
                raise Refusal(f"{line.title}（{line.spec}）库存不足，仅剩{left}件")

    def place(self, draft: Draft, number: str = "") -> MallOrder:
        """Books an order from the page. Nothing protects it from being sent twice, as in the real ones."""
        with self.lock:
            quote = self.check(draft)
            self._take_from_shelf(quote.lines, 1)
            at, state = self.clock(), "unpaid" if self.balance.prepaid else "placed"
            return self._book(draft, quote, number=number or self.next_number(at), state=state, at=at, by="page")

    def split(self, order: MallOrder) -> None:
        """Makes the last line an order of its own, the last piece where there is one line. The freight stays with the first."""
        *kept, last = order.quote.lines
        if not kept and last.quantity > 1:
            kept, last = [replace(last, quantity=last.quantity - 1)], replace(last, quantity=1)
        if not kept:
            return
        own = replace(order.draft, lines=sold([last]), insurance=0)
        self._book(
            own,
            Quote((last,), 0, 0, 0),
            number=self.next_number(order.placed_at),
            state=order.state,
            at=order.placed_at,
            by=order.by,
        )
        order.draft, order.quote = replace(order.draft, lines=sold(kept)), replace(order.quote, lines=tuple(kept))

    def open_order_for(self, draft: Draft) -> MallOrder | None:
        """The newest order of a page for the same receiver that nothing left of yet."""
        receiver = _receiver(draft)
        found = [order for order in self.orders if order.by == "page" and _receiver(order.draft) == receiver]
        return next((order for order in reversed(found) if order.state in ("unpaid", "placed") and not order.parcels), None)

    def merge(self, draft: Draft, order: MallOrder) -> MallOrder:
        """Puts a draft's goods into an order that stands. It keeps its reference, and the freight is one for all pieces."""
        with self.lock:
            quote = self.check(draft)
            self._take_from_shelf(quote.lines, 1)
            self._fill_up(order, quote)
            order.draft = replace(order.draft, note=f"{order.draft.note} {draft.note}".strip())
            order.merged.append(draft.reference)
            self.lock.notify_all()
            return order

    def _fill_up(self, order: MallOrder, more: Quote) -> None:
        lines = together((*order.quote.lines, *more.lines))
        freight = self.freight.cost(order.draft.province, sum(line.quantity for line in lines))
        order.quote = replace(order.quote, lines=lines, freight=freight, insurance=order.quote.insurance + more.insurance)
        order.draft = replace(order.draft, lines=sold(lines))

    def _take_from_shelf(self, lines: Sequence[Line], sign: int) -> None:
        for line in lines:
            self.products[line.product].specs[line.spec].stock -= sign * line.quantity

    def _book(self, draft: Draft, quote: Quote, *, number: str, state: str, at: datetime, by: str) -> MallOrder:
        with self.lock:
            order = MallOrder(len(self.orders) + 1, number, draft, quote, state, at, by)
            self.orders.append(order)
            self.lock.notify_all()
            return order

    def wait_for(self, count: int, reference: str, seconds: float = 10) -> bool:
        """Waits until so many orders have this reference, in this thread; says whether they came."""
        with self.lock:
            return self.lock.wait_for(lambda: len(self.orders_with(reference)) >= count, seconds)

    def next_number(self, at: datetime) -> str:
        """The day and five digits that grow by uneven steps, as ECShop-like malls number."""
        with self.lock:
            self._numbers += self.rng.randrange(1, 40)
            return f"{at:%Y%m%d}{self._numbers:05}"

    # sign-ins

    def open_session(self) -> tuple[str, Session]:
        key = secrets.token_hex(16)
        self.sessions[key] = Session()
        return key, self.sessions[key]

    def change_password(self, password: str) -> None:
        self.password = password

    def expire_sessions(self) -> None:
        """Signs everybody out, as the mall does each night."""
        self.sessions.clear()

    def solve_captchas(self) -> None:
        """Lets everybody signed in pass the next captcha without a question."""
        for session in self.sessions.values():
            session.captcha_solved = True

    # what tests ask

    @property
    def requests(self) -> list[RequestRecord]:
        """The requests that reached the mall, oldest first, with the order they were about."""
        return [request for request in self.market.requests if request.site == self.site]

    @property
    def submits(self) -> list[RequestRecord]:
        """Every POST of a page that asked for an order, whatever became of it; `repeats` are the browser's own."""
        asked = [request for request in self.requests if request.method == "POST" and "act=done" in request.query]
        return [request for request in asked if not any(request is repeat for repeat in self.repeats)]

    def truth(self) -> dict[str, Any]:
        """The whole state, JSON-able."""
        return {
            "orders": [order.truth() for order in self.orders],
            "submits": len(self.submits),
            "products": {number: asdict(product) for number, product in self.products.items()},
            "credit": {"limit": self.credit_limit, "used": self.credit_used},
            "sessions": sum(bool(session.user) for session in self.sessions.values()),
            **self.balance.truth(),
        }


def _receiver(draft: Draft) -> tuple[str, ...]:
    return draft.name, draft.phone, draft.province, draft.city, draft.district, draft.address
