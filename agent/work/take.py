"""Which shop orders are ours to buy: a take rule, and what the order itself says.

A "no" is told with its reason. `again` says whether the same order may become ours later without anybody's doing
(unpaid, under review, an open refund); the others stay "not ours" until a person hands them over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from agent.ledger import StoredOrder
from agent.models import Flag, Order
from agent.terms import FLAGS, KINDS, plain
from agent.words import _
from agent.work.remarks import stop_word

# Mixed goods carry the shop's promise in an axis of the specification: 黑色/5天内发货 (DOMAIN 1.5). Two days are the ordinary promise.
_LATER = re.compile(
    r"预售|定金|(?P<days>[0-9]+|[三四五六七八九十]+)个?(?:天|日|工作日)[内后]?(?:发货|发出)"
    r"|(?P<hours>[0-9]+)个?小时[内后]?(?:发货|发出)|[0-9]+月[0-9]+[日号][前后起]?(?:开始)?(?:发货|发出)"
)
_ORDINARY_HOURS = 48


@dataclass(frozen=True, slots=True)
class TakeRule:
    """What the seller lets us take: made at or after `paid_after`, without these flags, and these words in no remark or message."""

    paid_after: datetime
    except_flags: tuple[Flag, ...] = ()
    except_remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """`rest`: nothing but a line that was refunded is against it, and others of it are still wanted."""

    take: bool
    reason: str = ""
    again: bool = False
    rest: bool = False


def _yes() -> Decision:
    return Decision(True, _("paid after the hand-over, no flag and no remark against it"))


def decide(order: Order, rule: TakeRule) -> Decision:
    """Whether the order is ours to buy now."""
    if order.ordered_at < rule.paid_after:
        return Decision(False, _("ordered before this shop was handed over to the program"))
    return left_out(order, rule) or by_kind(order) or still_wanted(order) or _yes()


def still_wanted(order: Order | StoredOrder, *, begun: bool = False) -> Decision | None:
    """Why nothing may be bought for this order now, as the shop shows it, or None. Asked again right before the click.

    `begun`: a parcel of it was entered by us, so it may well be shipped in part.
    """
    return _not_waiting(order, begun=begun) or _by_lines(order)


def may_ship(order: Order, *, begun: bool) -> Decision | None:
    """Why no tracking number may be entered for this order now, or None; what was asked back of its lines stops their parcels only."""
    return _not_waiting(order, begun=begun)


def _not_waiting(order: Order | StoredOrder, *, begun: bool) -> Decision | None:
    match order.state:
        case "to_ship":
            pass
        case "partly_shipped" if begun:
            pass
        case "unpaid":
            return Decision(False, _("the buyer has not paid yet"), again=True)
        case "under_review":
            return Decision(False, _("the platform is reviewing this order"), again=True)
        case _:
            return Decision(False, _("the shop order is not waiting for shipment any more"))
    if order.address_change != "none":
        return Decision(False, _("the buyer asked to change the address"), again=True)
    return None


def left_out(order: Order, rule: TakeRule, ours: Collection[str] = ()) -> Decision | None:
    """Why the seller's rule leaves this order out, or None. `ours` are the notes that we have written ourselves."""
    if order.flag in rule.except_flags:
        return Decision(False, _("the order carries a flag that the take rule leaves out: {}").format(plain(FLAGS, order.flag)))
    if words := stop_word([order.remark], rule.except_remarks, ours):
        return Decision(False, _("the remark says {}, which the take rule leaves out").format(words))
    if words := stop_word([order.buyer_message], rule.except_remarks):
        return Decision(False, _("the buyer writes {}, which the take rule leaves out").format(words))
    return None


def by_kind(order: Order) -> Decision | None:
    """Why an order of its kind is not taken by rule, or None."""
    strange = tuple(_strange_kinds(order))
    if not strange:
        return None
    if "" in strange:
        return Decision(False, _("the shop does not show which kind of order this is; `agent take` hands it over"))
    return Decision(
        False, _("not an ordinary order ({}); `agent take` hands it over").format(", ".join(dict.fromkeys(strange)))
    )


def _strange_kinds(order: Order) -> Iterator[str]:
    """What of the order is not known as ordinary: our word for it, or the shop's own; "" where it shows none."""
    if order.kind != "ordinary":
        yield plain(KINDS, order.kind)
    for line in order.lines:
        if order.kind and line.kind != "ordinary":
            yield plain(KINDS, line.kind)
        if _ships_later(line.specification):
            yield line.specification


def _ships_later(specification: str) -> bool:
    """Whether the specification promises shipping later than the ordinary two days."""
    found = _LATER.search("".join(unicodedata.normalize("NFKC", specification).split()))
    if found is None:
        return False
    days, hours = found["days"], found["hours"]
    if days and days.isdecimal():
        return int(days) * 24 > _ORDINARY_HOURS
    return int(hours) > _ORDINARY_HOURS if hours else True


def _by_lines(order: Order | StoredOrder) -> Decision | None:
    if not order.lines:
        return Decision(False, _("the shop shows no products in this order"), again=True)
    for line in order.lines:
        if line.after_sales == "open":
            return Decision(False, _("the buyer asks for a refund of {}").format(line.title), again=True)
    refunded = [line for line in order.lines if line.after_sales == "refunded"]
    if refunded:
        rest = len(refunded) < len(order.lines)
        return Decision(False, _("{} was refunded").format(refunded[0].title), rest=rest)
    return None
