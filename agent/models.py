"""The nouns of the trade: frozen, typed, without behaviour that touches anything outside.

May be imported by every room and imports nothing of ours. Money is integer 分 (`Fen`), order numbers are
strings, times are aware. One word for one thing: the names here are the names in YAML, tables and messages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Literal, NewType
from zoneinfo import ZoneInfo

Fen = NewType("Fen", int)
SHANGHAI = ZoneInfo("Asia/Shanghai")

ShopOrderState = Literal["unpaid", "to_ship", "partly_shipped", "shipped", "completed", "cancelled", "under_review"]
AfterSalesState = Literal["none", "open", "refunded", "closed"]
SupplierOrderState = Literal["unpaid", "placed", "partly_shipped", "shipped", "picked_up", "completed", "cancelled"]
RefundState = Literal["none", "open", "refunded", "refused"]
PaymentState = Literal["waiting", "paid", "expired", "none"]  # of the newest code at a cashier
PayMethod = Literal["balance", "credit", "qr", "auto_debit", "outside"]
AddressChange = Literal["none", "asked"]
OrderKind = Literal["ordinary", "presale", "deposit", "sample", "lottery", "custom", "virtual", "instant"]
LineKind = Literal["ordinary", "gift", "bundle"]
Flag = Literal["grey", "purple", "cyan", "green", "orange", "red"]
Autonomy = Literal["show", "fill", "place", "place_and_pay"]
SightState = Literal["once", "none", "several", "no_row"]  # of one locator on one page
WriteState = Literal["intended", "committing", "confirmed", "held", "refused", "unknown"]
DueFrom = Literal["order", "receipt", "month_end", "next_month"]


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone number as couriers dial it: `main` digits, and the `extension` of a virtual number or "".

    抖店's virtual numbers read "18400913965-7576"; without the extension the parcel reaches nobody (DOMAIN 4.2).
    """

    main: str
    extension: str = ""

    def __str__(self) -> str:
        return f"{self.main}-{self.extension}" if self.extension else self.main


@dataclass(frozen=True, slots=True)
class Receiver:
    """To whom the parcel goes. `city` is "" or a 省直辖/市辖区 filler where the province has counties of its own."""

    name: str
    phone: Phone
    province: str
    city: str
    district: str
    town: str
    detail: str


@dataclass(frozen=True, slots=True)
class MaskedReceiver:
    """What the shop shows before a reveal: stars for name, phone and detail, the region levels plain."""

    name: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One product of a shop order; `line_number` is the shop's own number of it (子订单编号).

    `kind` is a `LineKind`, or the shop's own word where no table of the site file knows it. `price` is what the buyer paid
    for one piece, None where the shop does not show it.
    """

    line_number: str
    title: str
    specification: str
    merchant_code: str
    quantity: int
    after_sales: AfterSalesState
    kind: str
    product_id: str = ""
    price: Fen | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A shop order as the shop shows it, the receiver still masked.

    `kind` is an `OrderKind`, the shop's own word where no table of the site file knows it, or "" where it shows none.
    `source` is the shop's own word for where the order came from (直播, 商品卡, 达人), "" where it shows none.
    """

    shop: str
    order_number: str
    ordered_at: datetime
    ship_by: datetime | None
    state: ShopOrderState
    kind: str
    flag: Flag
    remark: str
    buyer_message: str
    address_change: AddressChange
    receiver: MaskedReceiver
    lines: tuple[OrderLine, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class SupplierProduct:
    """One row of the products table: what to buy, from whom, in the supplier's own words, for at most how much."""

    supplier: str
    product: str  # the supplier's number of it (货号)
    title: str
    specification: str
    pack: int  # how many of the supplier's pieces make one of the shop's
    cost: Fen  # the price last paid for one of the supplier's pieces
    ceiling: Fen  # the most one of the supplier's pieces may cost


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    """One line to buy: the supplier's product and specification, and `quantity` in the supplier's pieces."""

    line_number: str
    product: SupplierProduct
    quantity: int


@dataclass(frozen=True, slots=True)
class PurchaseOrder:
    """Our order at one supplier. `reference` is our name for it, the same from every ledger (work/reference.py)."""

    reference: str
    shop: str
    order_number: str
    counter: int
    supplier: str
    account: str
    lines: tuple[PurchaseLine, ...]


@dataclass(frozen=True, slots=True)
class DueRule:
    """When a purchase on credit terms (账期) is to be paid: so many days after `begins`, or on that day of the month after its order.

    30 days after `month_end` is what suppliers call 月结30天: what was ordered in May is due on June 30. A month that has no
    such day ends sooner: day 31 of February is its last.
    """

    begins: DueFrom
    number: int

    def __str__(self) -> str:
        if self.begins == "next_month":
            return f"day {self.number} of next month"
        return f"{self.number} days after {self.begins.replace('_', ' ')}"

    @classmethod
    def of(cls, words: str) -> DueRule | None:
        """The rule that a seller wrote so; None where it is none that can be computed."""
        told = " ".join(words.split())
        if found := re.fullmatch(r"day ([0-9]{1,2}) of next month", told):
            return cls("next_month", int(found[1])) if 1 <= int(found[1]) <= 31 else None
        found = re.fullmatch(r"([0-9]{1,3}) days? after (order|receipt|month end)", told)
        begins: Mapping[str, DueFrom] = {"order": "order", "receipt": "receipt", "month end": "month_end"}
        return cls(begins[found[2]], int(found[1])) if found and int(found[1]) <= 366 else None


@dataclass(frozen=True, slots=True)
class Percent:
    """A share of an amount, in millionths: 0.6% is 6000."""

    millionths: int

    def __str__(self) -> str:
        whole, rest = divmod(self.millionths, 10_000)
        return f"{whole}.{rest:04d}".rstrip("0").rstrip(".") + "%"

    def of(self, amount: Fen) -> Fen:
        """The share in 分, half a 分 up: 0.6% of 29.90 yuan is 18 分."""
        return Fen((amount * self.millionths + 500_000) // 1_000_000)


@dataclass(frozen=True, slots=True)
class Shipment:
    """One parcel of a shop order. `carrier` is the name the supplier gave; `ordinal` counts the order's parcels from 1."""

    shop: str
    order_number: str
    ordinal: int
    reference: str
    carrier: str
    tracking_number: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell whose words could not be understood: what stood there, and why it was not taken (already in the reader's language)."""

    raw: str
    why: str


Cell = str | int | datetime | date | Unreadable | None
Row = Mapping[str, Cell]
ReadValue = str | int | datetime | date | None | tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a flow read. `values` by contract word, parsed (money in 分, times aware, states in our words); `raw` as shown.

    `chosen` holds, by place, the words of the option that was chosen; `pictures` the evidence taken.
    """

    values: Mapping[str, ReadValue]
    raw: Mapping[str, str]
    chosen: Mapping[str, str]
    pictures: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Sight:
    """How often one locator of a site file hits on a page: `counts` is one number, or one a row of the list that it lies in.

    `place` as the file has it: `total`, `orders.state`, `orders.next_page`, `here_if`. `many`: more than one is as good.
    """

    page: str
    place: str
    locator: str
    line: int
    counts: tuple[int, ...]
    many: bool = False

    @property
    def state(self) -> SightState:
        """ "once" for what is wanted; "no_row" where no row stood there to look in."""
        if not self.counts:
            return "no_row"
        if not any(self.counts):
            return "none"
        return "once" if self.many or set(self.counts) == {1} else "several"


@dataclass(frozen=True, slots=True)
class RequestNote:
    """A request that left the browser after a commit click: no query, no body, so nothing private."""

    method: str
    host: str
    path: str


@dataclass(frozen=True, slots=True)
class CommitFacts:
    """What is known at the moment of the click, to be put on disk before it.

    `shown` is all that is compared, as words; `values` what of it was read by its contract words, parsed.
    """

    page_address: str
    flow_hash: str
    shown: Mapping[str, str]
    values: Mapping[str, ReadValue] = field(default_factory=dict)


CommitEnd = Literal["stopped", "expected", "refused", "unclear"]


@dataclass(frozen=True, slots=True)
class CommitOutcome:
    """How a commit click ended, as far as the page says. Never proof: the page that wrote is not believed.

    stopped: our listener caught a changed value and let nothing through · expected: what the flow expects came ·
    refused: the site's own words said no · unclear: anything else, any exception included. `requests` None: one may have left
    that nobody was told of.
    """

    end: CommitEnd
    words: str
    requests: tuple[RequestNote, ...] | None
    dialogs: tuple[str, ...]
    reading: Reading | None
    pictures: tuple[Path, ...] = ()
