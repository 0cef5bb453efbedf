"""What is in which parcel, and what of it the shop still waits for: out of what the pages of both sides show. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from agent.errors import Mismatch
from agent.ledger import StoredPurchase
from agent.models import OrderLine, PurchaseLine, Reading, Receiver, Row, WriteState
from agent.words import _
from agent.work.carriers import carrier_of, numbers_in
from agent.work.goods import is_whole, rows_of
from agent.work.texts import exact

Inside = Mapping[str, int]  # line number of the shop order → the shop's pieces
Form = Literal["ship_order", "ship_parcel", "ship_merged"]

SHIPPED = ("partly_shipped", "shipped", "picked_up", "completed")
PICKED_UP = ("picked_up", "completed")


@dataclass(frozen=True, slots=True)
class Sent:
    """A parcel on the supplier's pages. `goods` are its rows, None where the pages do not say what is in it.

    `last`: no other parcel of its order is still to come.
    """

    carrier: str
    tracking_number: str
    picked_up: bool
    last: bool
    goods: tuple[Row, ...] | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel as the shop shows it. `inside` is None where its page does not say."""

    carrier: str
    tracking_number: str
    inside: Inside | None = None


# ---- at the supplier -------------------------------------------------------------------------------------------------


def sent(readings: Sequence[Reading]) -> tuple[Sent, ...]:
    """The parcels that the supplier's pages of one purchase show, one for each number.

    Raises Mismatch for a number that is none, and for one under which they name two carriers.

    An order that has only one parcel holds in it what the order holds; of several, the rows must say what is in each.
    """
    found: dict[str, Sent] = {}
    for reading in readings:
        if reading.values["state"] not in SHIPPED:
            continue
        for parcel in _sent_of(reading, alone=len(readings) == 1):
            before = found.get(parcel.tracking_number)
            found[parcel.tracking_number] = _together(before, parcel) if before else parcel
    return tuple(found.values())


def _sent_of(reading: Reading, *, alone: bool) -> list[Sent]:
    rows = cast(tuple[Row, ...], reading.values["shipments"])
    cells = [(numbers_in(str(row["tracking_number"])), row) for row in rows]
    numbers = dict.fromkeys(number for told, _row in cells for number in told)
    picked_up, last = reading.values["state"] in PICKED_UP, reading.values["state"] != "partly_shipped"
    made = []
    for number in numbers:
        its = [row for told, row in cells if number in told]
        goods: tuple[Row, ...] | None = tuple(its)
        if not all(_says_goods(row) for row in its) or any(len(told) > 1 for told, _row in cells if number in told):
            whole = last and len(numbers) == 1 and all(is_whole(row) for row in rows_of(reading))
            goods = rows_of(reading) if whole and not alone else None
        made.append(Sent(_carrier_in(number, *(str(row["carrier"]) for row in its)), number, picked_up, last, goods))
    return made


def _says_goods(row: Row) -> bool:
    named = any(isinstance(row.get(word), str) and row.get(word) for word in ("title", "product"))
    return named and isinstance(row.get("quantity"), int)


def _together(one: Sent, other: Sent) -> Sent:
    """One number on two orders of the supplier is one parcel."""
    goods = None if one.goods is None or other.goods is None else (*one.goods, *other.goods)
    carrier = _carrier_in(one.tracking_number, one.carrier, other.carrier)
    both = one.picked_up and other.picked_up
    return replace(one, carrier=carrier, picked_up=both, last=one.last and other.last, goods=goods)


def _carrier_in(number: str, *told: str) -> str:
    """What is told first of who carries a parcel; Mismatch where another carrier is told after it."""
    if len({carrier_of(words) for words in told} - {None}) > 1:
        raise two_carriers(number)
    return told[0]


def two_carriers(number: str) -> Mismatch:
    """Pages that show one parcel name different carriers of it; the same words, and so one question, wherever that is noticed."""
    return Mismatch(
        _("The supplier's pages name more than one carrier for tracking number {}").format(number),
        todo=_("Ask the supplier who carries it. It goes on by itself when the pages agree, or enter it in the shop by hand."),
        reason="tracking",
    )


def insides(lines: Sequence[PurchaseLine], parcels: Sequence[Sent], *, orders: int = 1) -> list[Inside | None]:
    """What of a purchase's lines is in each of its parcels; None where nobody but a person can say.

    The only parcel of the only order (of `orders`) holds everything, unless its rows say less or more is to come.
    """
    if len(parcels) == 1 and orders == 1 and parcels[0].last and parcels[0].goods is None:
        return [{line.line_number: pieces(line) for line in lines}]
    left = {line.line_number: line.quantity for line in lines}
    return [_inside(lines, parcel.goods, left) for parcel in parcels]


def pieces(line: PurchaseLine) -> int:
    """How many of the shop's pieces a line buys."""
    return line.quantity // line.product.pack


def _inside(lines: Sequence[PurchaseLine], goods: Iterable[Row] | None, left: dict[str, int]) -> Inside | None:
    """Take these goods off what is `left` of the lines, in the supplier's pieces; None where they make no whole pieces of ours."""
    taken: Counter[str] = Counter()
    for row in goods or ():
        count = cast(int, row["quantity"])
        for line in lines:
            some = min(count, left[line.line_number]) if _same(line, row) else 0
            taken[line.line_number] += some
            left[line.line_number] -= some
            count -= some
    packs = {line.line_number: line.product.pack for line in lines}
    if not +taken or any(count % packs[line] for line, count in taken.items()):
        return None
    return {line: count // packs[line] for line, count in taken.items() if count}


def _same(line: PurchaseLine, row: Row) -> bool:
    """Whether a row of a parcel names what this line bought, in all the words that it shows."""
    product = line.product
    bought = {"product": product.product, "title": product.title, "specification": product.specification}
    return all(exact(str(row[word])) == exact(told) for word, told in bought.items() if row.get(word))


# ---- in the shop -----------------------------------------------------------------------------------------------------


def parcels_of(reading: Reading) -> list[Parcel]:
    """The parcels of the shop's page, which may list the products of each in rows of their own.

    A product that stands there twice under one number is a second parcel with it: something was entered twice.
    """
    times: Counter[tuple[str, ...]] = Counter()
    found: dict[tuple[str, str, int], list[Row]] = {}
    for row in cast(tuple[Row, ...], reading.values["shipments"]):
        carrier, number = str(row["carrier"]), str(row["tracking_number"])
        goods = (number, *(str(row.get(word, "")) for word in ("line_number", "title", "specification")))
        found.setdefault((carrier, number, times[goods]), []).append(row)
        times[goods] += 1
    return [Parcel(carrier, number, _lines(rows)) for (carrier, number, _time), rows in found.items()]


def _lines(rows: Iterable[Row]) -> Inside | None:
    told = {str(row.get("line_number") or ""): row.get("quantity") for row in rows}
    if "" in told or not all(isinstance(count, int) for count in told.values()):
        return None
    return cast(Inside, told)


def to_enter(lines: Sequence[OrderLine], inside: Inside, entered: Inside) -> tuple[Inside, bool]:
    """What of a parcel is entered in the shop, and whether that is all that the order still waits for and nothing went before.

    What was refunded is left out. Raises Mismatch where the buyer asks for something of it back, or more than is left is in it.
    """
    known = {line.line_number: line for line in lines}
    if strange := [number for number in inside if number not in known]:
        raise Mismatch(_("The shop does not show line {} of this order any more").format(", ".join(strange)), reason="changed")
    if asked := [known[number].title for number in inside if known[number].after_sales == "open"]:
        raise Mismatch(
            _("The buyer asks for a refund of {}; its parcel is not entered").format(", ".join(asked)),
            todo=_("Settle it in the shop; then it goes on by itself."),
            reason="changed",
        )
    going = {number: count for number, count in inside.items() if known[number].after_sales != "refunded"}
    rest = {number: line.quantity - entered.get(number, 0) for number, line in known.items()}
    if any(count > rest[number] for number, count in going.items()):
        raise Mismatch(
            _("There is more in the parcel than the order still waits for"),
            todo=_("`agent parcels ID` shows what is in which; say there what is right, or enter it in the shop by hand."),
            reason="tracking",
        )
    untouched = all(line.after_sales in ("none", "closed") for line in lines) and not entered
    return going, untouched and going == rest


def form_of(whole: Sequence[bool]) -> Form:
    """In which form of the shop a parcel is entered; `whole` says of each order that shares it whether it ships it all."""
    if len(whole) > 1:
        return "ship_merged"
    return "ship_order" if whole[0] else "ship_parcel"


def all_entered(purchase: StoredPurchase, lines: Sequence[OrderLine], entered: Inside) -> bool:
    """Whether every piece of a purchase stands in the shop with a number; what was refunded there needs none."""
    refunded = {line.line_number for line in lines if line.after_sales == "refunded"}
    return all(line.line_number in refunded or entered.get(line.line_number, 0) >= pieces(line) for line in purchase.lines)


def shown_state(meant: Parcel, shown: Sequence[Parcel], known: Collection[str]) -> WriteState | None:
    """What the parcels of an order prove about the write of one; None where it is not among them.

    `known` are the numbers that stood there before.
    """
    ours = [parcel for parcel in shown if parcel.tracking_number == meant.tracking_number]
    others = {parcel.tracking_number for parcel in shown} - {meant.tracking_number}
    if not others <= set(known):
        return "held"
    if not ours:
        return None
    return "confirmed" if len(ours) == 1 and _as_meant(meant, ours[0]) else "held"


def _as_meant(meant: Parcel, shown: Parcel) -> bool:
    carrier = carrier_of(meant.carrier)
    if carrier is None or carrier_of(shown.carrier) != carrier:
        return False
    return None in (meant.inside, shown.inside) or meant.inside == shown.inside


def changed_state(meant: Parcel, former: str, shown: Sequence[Parcel]) -> WriteState | None:
    """What the parcels of an order prove about the change of a number; None where the former one still stands there."""
    numbers = Counter(parcel.tracking_number for parcel in shown)
    if numbers[meant.tracking_number] == 1 and not numbers[former]:
        (ours,) = (parcel for parcel in shown if parcel.tracking_number == meant.tracking_number)
        return "confirmed" if _as_meant(meant, ours) else "held"
    return None if numbers[former] == 1 and not numbers[meant.tracking_number] else "held"


def same_receiver(one: Receiver | None, other: Receiver | None) -> bool:
    """Whether both parcels go to one person at one place. The shop gives each order a virtual number of its own (DOMAIN 4.2)."""
    if one is None or other is None:
        return False
    phones = one.phone == other.phone or bool(one.phone.extension or other.phone.extension)
    return phones and replace(one, phone=other.phone) == other
